"""The list of purchases: filtered, counted by tab, and one purchase opened."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import field
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from daifa.areas.purchasing.rules.lifecycles import LINE, PURCHASE
from daifa.base import bulk
from daifa.base.actor import Actor
from daifa.kit import clock, paging
from daifa.kit.values import dataclass
from daifa.reads import scope

TABS: Mapping[str, tuple[str, ...]] = {
    "all": PURCHASE.states,
    "draft": ("draft",),
    "sent": ("sent",),
    "accepted": ("accepted",),
    "part_shipped": ("part_shipped",),
    "shipped": ("shipped",),
    "recalling": ("recalling",),
    "refused": ("refused",),
    "over": ("closed", "recalled", "cancelled"),
}
COLUMNS = (
    "p.id, p.number, p.supplier_id, s.name, p.shop_id, h.name, h.platform, p.state, p.handover, p.quantity,"
    " p.goods_fen, p.freight_fen, p.due_by, p.created_at, p.sent_at, p.answered_at, p.shipped_at, p.note, p.version,"
    " p.factory"
)
FROM = (
    " FROM purchasing_purchaseorder p"
    " JOIN purchasing_supplier s ON s.tenant_id = {tenant} AND s.id = p.supplier_id"
    " JOIN accounts_shop h ON h.tenant_id = {tenant} AND h.id = p.shop_id"
)


@dataclass(frozen=True, slots=True)
class PurchaseFilter:
    """What a person asked for; empty fields ask nothing. ``owing``: the supplier still owes a number of it."""

    numbers: Sequence[str] = ()
    supplier: Sequence[UUID] = ()
    shop: Sequence[UUID] = ()
    day_from: date | None = None
    day_to: date | None = None
    shipped_from: date | None = None
    shipped_to: date | None = None
    late: bool = False
    owing: bool = False


@dataclass(frozen=True, slots=True)
class PurchaseLineRow:
    """One line: goods, pieces, the supplier's answer. Money in fen."""

    id: UUID
    order_id: UUID
    order_number: str
    title: str
    spec: str
    code: str
    supplier_code: str
    quantity: int
    shipped: int
    unit_fen: int | None
    goods_fen: int | None
    state: str
    state_label: str
    answer: str
    live: bool


@dataclass(frozen=True, slots=True)
class PurchaseRow:
    """One purchase of the list. Money in fen, None when unknown."""

    id: UUID
    number: str
    supplier_id: UUID
    supplier: str
    shop_id: UUID
    shop_name: str
    platform: str
    state: str
    handover: bool
    quantity: int
    goods_fen: int | None
    freight_fen: int | None
    due_by: datetime | None
    created_at: datetime
    sent_at: datetime | None
    answered_at: datetime | None
    shipped_at: datetime | None
    note: str
    version: int
    factory: str
    state_label: str
    changes: int
    lines: list[PurchaseLineRow] = field(default_factory=list)


def _where(asked: PurchaseFilter, actor: Actor) -> tuple[str, dict[str, Any]]:
    clauses = ["p.tenant_id = {tenant}"]
    params: dict[str, Any] = {}

    def add(clause: str, **values: Any) -> None:
        clauses.append(clause)
        params.update(values)

    mine, own = scope.purchases(actor)
    if mine:
        add(mine.removeprefix(" AND "), **own)
    if asked.supplier:
        add("p.supplier_id = ANY(%(supplier)s::uuid[])", supplier=list(asked.supplier))
    if asked.shop:
        add("p.shop_id = ANY(%(shop)s::uuid[])", shop=list(asked.shop))
    if asked.day_from is not None:
        add("p.day >= %(day_from)s", day_from=asked.day_from)
    if asked.day_to is not None:
        add("p.day <= %(day_to)s", day_to=asked.day_to)
    if asked.shipped_from is not None:
        add("p.shipped_at >= %(shipped_from)s", shipped_from=clock.day_start(asked.shipped_from))
    if asked.shipped_to is not None:
        add("p.shipped_at < %(shipped_to)s", shipped_to=clock.day_start(asked.shipped_to + timedelta(days=1)))
    if asked.late:
        add("p.due_by < %(now)s AND p.state IN ('draft', 'sent', 'accepted', 'part_shipped')", now=clock.now())
    if asked.owing:
        add(
            "p.state IN ('sent', 'accepted', 'part_shipped') AND EXISTS (SELECT 1 FROM purchasing_purchaseline l"
            " WHERE l.tenant_id = {tenant} AND l.purchase_id = p.id AND l.live AND l.shipped_qty < l.qty)"
        )
    if asked.numbers:
        add(
            "(p.number = ANY(%(numbers)s::text[]) OR p.plain_number = ANY(%(numbers)s::text[]) OR p.id IN"
            " (SELECT l.purchase_id FROM purchasing_purchaseline l"
            " JOIN orders_order o ON o.tenant_id = {tenant} AND o.id = l.order_id"
            " WHERE l.tenant_id = {tenant} AND o.external_id = ANY(%(numbers)s::text[])))",
            numbers=list(asked.numbers),
        )
    return " AND ".join(clauses), params


def page(
    asked: PurchaseFilter, actor: Actor, *, tab: str = "all", cursor: str = "", limit: int | None = None
) -> paging.Page[PurchaseRow]:
    """One page, the newest first. Raises Invalid for a bad cursor."""
    where, params = _where(asked, actor)
    params["states"] = list(TABS.get(tab, PURCHASE.states))
    if cursor:
        at, last = paging.decode(cursor, 2)
        where += " AND (p.created_at, p.id) < (%(c0)s::timestamptz, %(c1)s::uuid)"
        params |= {"c0": at, "c1": last}
    count = paging.limit_of(limit)
    found = bulk.select_named(
        f"SELECT {COLUMNS}{FROM} WHERE {where} AND p.state = ANY(%(states)s::text[])"
        f" ORDER BY p.created_at DESC, p.id DESC LIMIT {count + 1}",
        params,
    )
    last_row = found[count - 1] if len(found) > count else None
    following = paging.encode([last_row[13].isoformat(), str(last_row[0])]) if last_row else ""
    return paging.Page(_rows(found[:count]), following)


def counts(asked: PurchaseFilter, actor: Actor) -> dict[str, int]:
    """How many purchases each tab holds."""
    where, params = _where(asked, actor)
    found = dict(bulk.select_named(f"SELECT p.state, count(*)::int{FROM} WHERE {where} GROUP BY p.state", params))
    return {tab: sum(found.get(s, 0) for s in states) for tab, states in TABS.items()}


def one(purchase_id: UUID, actor: Actor) -> PurchaseRow | None:
    """One purchase with its lines; None when it is not there or out of scope."""
    where, params = _where(PurchaseFilter(), actor)
    found = bulk.select_named(f"SELECT {COLUMNS}{FROM} WHERE {where} AND p.id = %(id)s", {**params, "id": purchase_id})
    return _rows(found)[0] if found else None


def _rows(found: Sequence[tuple[Any, ...]]) -> list[PurchaseRow]:
    ids = [r[0] for r in found]
    lines, changes = _lines(ids), _changes(ids)
    return [PurchaseRow(*(*r, PURCHASE.labels[r[7]], changes.get(r[0], 0), lines[r[0]])) for r in found]


def _changes(ids: Sequence[UUID]) -> dict[UUID, int]:
    return dict(
        bulk.select(
            "SELECT purchase_id, count(*)::int FROM purchasing_amendment WHERE tenant_id = {tenant}"
            " AND purchase_id = ANY(%s::uuid[]) AND state IN ('created', 'sent') GROUP BY purchase_id",
            [list(ids)],
        )
    )


def _lines(ids: Sequence[UUID]) -> dict[UUID, list[PurchaseLineRow]]:
    grouped: dict[UUID, list[PurchaseLineRow]] = defaultdict(list)
    for purchase, *r in bulk.select(
        "SELECT l.purchase_id, l.id, l.order_id, o.external_id, t.title, k.spec, k.code, coalesce(c.supplier_sku, ''),"
        " l.qty, l.shipped_qty, l.unit_fen, l.goods_fen, l.state, l.answer, l.live FROM purchasing_purchaseline l"
        " JOIN orders_order o ON o.tenant_id = {tenant} AND o.id = l.order_id"
        " JOIN catalog_sku k ON k.tenant_id = {tenant} AND k.id = l.sku_id"
        " JOIN catalog_product t ON t.tenant_id = {tenant} AND t.id = k.product_id"
        " JOIN purchasing_assignment a ON a.tenant_id = {tenant} AND a.id = l.assignment_id"
        " LEFT JOIN purchasing_supplylink c ON c.tenant_id = {tenant} AND c.id = a.supply_link_id"
        " WHERE l.tenant_id = {tenant} AND l.purchase_id = ANY(%s::uuid[]) ORDER BY l.purchase_id, l.id",
        [list(ids)],
    ):
        *head, state, answer, live = r
        grouped[purchase].append(PurchaseLineRow(*(*head, state, LINE.labels[state], answer, live)))
    return grouped
