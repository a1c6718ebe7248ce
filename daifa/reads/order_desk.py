"""The order desk: the filtered, sorted, counted list of orders."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from daifa.areas.logistics.rules.couriers import courier_name
from daifa.areas.orders.rules.steps import STEP_LABELS, Step
from daifa.areas.orders.types import HOLDS, REMEDIES, HoldKind
from daifa.base import bulk
from daifa.base.actor import Actor
from daifa.kit import clock, paging
from daifa.kit.errors import Invalid, NotAllowed, NotFound
from daifa.kit.values import dataclass
from daifa.reads import scope, telling
from daifa.reads.order_filters import BY_NUMBER, OWN_FLAG, WAITS_FOR_BUYER, OrderFilter, Where, where
from daifa.reads.order_stopped import OrderStopped, stopped_of

MONEY = "finance.view"
HIDDEN = "没有看毛利的权限"
COUNTED = 20_000
_READING = {kind.value: n for n, kind in enumerate(HoldKind)}


@dataclass(frozen=True, slots=True)
class Sort:
    """One way to sort: the column and its type, which end first, and how ids go on within one value.

    ``ids_down`` follows the index that serves the sort. Unknown values stand where the database has them: last when
    the least comes first, first when the greatest does.
    """

    column: str
    kind: str
    down: bool
    ids_down: bool

    @property
    def order(self) -> str:
        """ORDER BY."""
        return f"o.{self.column}{' DESC' if self.down else ''}, o.id{' DESC' if self.ids_down else ''}"

    def after(self, known: bool) -> str:
        """The condition of rows after (%(c0)s, %(c1)s); ``known`` false: the last row's value was NULL."""
        ids = f"o.id {'<' if self.ids_down else '>'} %(c1)s::uuid"
        value, column = f"%(c0)s::{self.kind}", f"o.{self.column}"
        if not known:
            rest = f" OR {column} IS NOT NULL" if self.down else ""
            return f"(({column} IS NULL AND {ids}){rest})"
        sign = "<" if self.down else ">"
        rest = "" if self.down else f" OR {column} IS NULL"
        # The first half alone can use the index.
        return f"(({column} {sign}= {value} AND ({column} {sign} {value} OR {ids})){rest})"


SORTS: dict[str, Sort] = {
    "due": Sort("due_by", "timestamptz", False, False),
    "-due": Sort("due_by", "timestamptz", True, True),
    "-ordered": Sort("ordered_at", "timestamptz", True, False),
    "ordered": Sort("ordered_at", "timestamptz", False, True),
    "-risk": Sort("risk_fen", "bigint", True, True),
    "risk": Sort("risk_fen", "bigint", False, False),
    "-paid": Sort("paid_fen", "bigint", True, True),
    "paid": Sort("paid_fen", "bigint", False, False),
    "-margin": Sort("margin_fen", "bigint", True, True),
    "margin": Sort("margin_fen", "bigint", False, False),
}
COLUMNS = (
    "o.id, o.external_id, o.platform, o.shop_id, s.name, o.state, o.refund, o.step, o.tab, o.step_reason, o.paid_at,"
    " o.ordered_at, o.due_by, o.due_source, o.risk_fen, o.paid_fen, o.receivable_fen, o.refunded_fen, o.margin_fen,"
    " o.margin_note, o.quantity, o.recipient_state, o.recipient_masked, o.province, o.city, o.district,"
    f" {OWN_FLAG}, o.has_note, o.has_memo, o.tags, o.remark, o.waits, o.parcels, o.version, o.priority,"
    f" o.recipient_path, {WAITS_FOR_BUYER}"
)


@dataclass(frozen=True, slots=True)
class OrderLineBrief:
    """One line in a list row."""

    title: str
    spec: str
    quantity: int
    image_url: str
    matched: bool
    gift: bool


@dataclass(frozen=True, slots=True)
class OrderHoldBrief:
    """One open hold as a chip."""

    id: UUID
    kind: str
    label: str
    reason: str
    remedy: str
    remedy_label: str
    clearable: bool
    blocks: bool
    waits_for: str


@dataclass(frozen=True, slots=True)
class OrderPurchaseBrief:
    """One purchase of an order."""

    id: UUID
    number: str
    supplier: str
    state: str


@dataclass(frozen=True, slots=True)
class OrderParcelBrief:
    """One parcel of an order; ``courier`` by name."""

    courier: str
    number: str
    state: str
    report: str


@dataclass(frozen=True, slots=True)
class OrderRow:
    """One row of the order desk. Money in fen; None is unknown, never zero."""

    id: UUID
    number: str
    platform: str
    shop_id: UUID
    shop_name: str
    state: str
    refund: str
    step: str
    step_label: str
    tab: str
    reason: str
    paid_at: datetime | None
    ordered_at: datetime | None
    due_by: datetime | None
    due_source: str
    risk_fen: int
    paid_fen: int | None
    receivable_fen: int | None
    refunded_fen: int | None
    margin_fen: int | None
    margin_note: str
    quantity: int
    recipient_state: str
    recipient: str
    region: str
    flag: str
    has_note: bool
    has_memo: bool
    tags: list[str]
    remark: str
    waits: list[str]
    platform_parcels: list[str]
    version: int
    priority: int
    recipient_path: str
    asked: bool
    lines: list[OrderLineBrief]
    holds: list[OrderHoldBrief]
    stopped: list[OrderStopped]
    purchases: list[OrderPurchaseBrief]
    parcels: list[OrderParcelBrief]


def page(
    asked: OrderFilter, actor: Actor, *, tab: str = "all", sort: str = "", cursor: str = "", limit: int | None = None
) -> tuple[list[OrderRow], str]:
    """One page of orders and the cursor of the next. Raises Invalid for an unknown sort, NotAllowed for sorting by
    what this person may not see."""
    name = sort or ("due" if tab in {"match", "hold", "dispatch", "supplier", "report"} else "-ordered")
    if name not in SORTS:
        raise Invalid("unknown_sort", f"不能按“{sort}”排序。")
    if "margin" in name or asked.losing:
        actor.need(MONEY)
    by = SORTS[name]
    condition = where(asked, actor)
    _tab(condition, tab)
    if cursor:
        value, last = paging.decode(cursor, 2)
        condition.add(by.after(value is not None), c0=value, c1=last)
    count = paging.limit_of(limit)
    wanted = f"SELECT o.id, o.{by.column} FROM orders_order o WHERE {condition.sql}"
    if asked.paid_to is not None and asked.paid_to < clock.business_day(clock.now()):
        # Past days are found by their own index, then sorted. Left to itself the database walks the index of the sort
        # through everything newer: it does not know that days and order times go together.
        wanted = f"WITH days AS MATERIALIZED ({wanted}) SELECT o.id, o.{by.column} FROM days o"
    found = bulk.select_named(
        f"SELECT o.id, o.{by.column}::text FROM ({wanted}) o ORDER BY {by.order} LIMIT {count + 1}", condition.params
    )
    following = paging.encode([found[count - 1][1], str(found[count - 1][0])]) if len(found) > count else ""
    return by_ids([i for i, _ in found[:count]], actor), following


def missing(numbers: Sequence[str], actor: Actor) -> list[str]:
    """Those of these numbers that belong to no order within the person's scope, in the order they were asked."""
    if not numbers:
        return []
    mine, params = scope.orders(actor)
    found = bulk.select_named(
        f"SELECT DISTINCT f.number FROM ({BY_NUMBER}) f JOIN orders_order o ON o.tenant_id = {{tenant}}"
        f" AND o.id = f.order_id WHERE true{mine}",
        {"numbers": list(numbers), **params},
    )
    known = {n for (n,) in found}
    return [n for n in numbers if n not in known]


def _tab(condition: Where, tab: str) -> None:
    if tab not in ("", "all"):
        condition.add("o.tab = %(tab)s", tab=tab)


def counts(asked: OrderFilter, actor: Actor) -> dict[str, int]:
    """How many orders each tab holds under a filter, and ``all``."""
    condition = where(asked, actor)
    found = bulk.select_named(
        f"SELECT o.tab, count(*) FROM orders_order o WHERE {condition.sql} GROUP BY o.tab", condition.params
    )
    by_tab = {str(tab): int(n) for tab, n in found}
    return {"all": sum(by_tab.values()), **by_tab}


def hold_counts(asked: OrderFilter, actor: Actor) -> dict[str, int]:
    """How many orders each kind of hold stops, under a filter."""
    condition = where(asked, actor)
    found = bulk.select_named(
        "SELECT h.kind, count(DISTINCT h.order_id) FROM orders_hold h"
        " JOIN orders_order o ON o.tenant_id = {tenant} AND o.id = h.order_id"
        f" WHERE h.tenant_id = {{tenant}} AND h.state = 'open' AND {condition.sql} GROUP BY h.kind",
        condition.params,
    )
    return {str(kind): int(n) for kind, n in found}


def ids(asked: OrderFilter, actor: Actor, *, tab: str = "all", limit: int = 100_000) -> list[UUID]:
    """Every order of a filter ("选中全部 N 条"), the nearest deadline first."""
    condition = where(asked, actor)
    _tab(condition, tab)
    found = bulk.select_named(
        f"SELECT o.id FROM orders_order o WHERE {condition.sql} ORDER BY o.due_by, o.id LIMIT {int(limit)}",
        condition.params,
    )
    return [i for (i,) in found]


def by_ids(order_ids: Sequence[UUID], actor: Actor) -> list[OrderRow]:
    """The rows of these orders, in this order; unknown ones are left out. The caller has checked the scope."""
    found = bulk.select(
        f"SELECT {COLUMNS} FROM orders_order o JOIN accounts_shop s ON s.tenant_id = {{tenant}} AND s.id = o.shop_id"
        " WHERE o.tenant_id = {tenant} AND o.id = ANY(%s::uuid[])",
        [list(order_ids)],
    )
    known = {row.id: row for row in rows(found, money=actor.may(MONEY))}
    return [known[i] for i in order_ids if i in known]


def tags() -> list[str]:
    """The tags in use on orders that still move, in alphabetical order."""
    found = bulk.select(
        "SELECT DISTINCT o.tags FROM orders_order o WHERE o.tenant_id = {tenant} AND o.tags <> ''"
        " AND o.tab = ANY(%s) LIMIT 500",
        [["match", "hold", "dispatch", "supplier", "report", "aftersale"]],
    )
    return sorted({tag for (text,) in found for tag in _split(text)})


def one(order_id: UUID, actor: Actor) -> OrderRow:
    """One order's row. Raises NotFound, NotAllowed outside the scope."""
    found = by_ids([order_id], actor)
    if not found:
        raise NotFound("no_such_order", "没有这个订单。")
    in_scope([order_id], actor)
    return found[0]


def total(asked: OrderFilter, actor: Actor, *, tab: str = "all") -> int | None:
    """How many orders a filter finds; None beyond what is worth counting while somebody waits."""
    condition = where(asked, actor)
    _tab(condition, tab)
    [(n,)] = bulk.select_named(
        f"SELECT count(*) FROM (SELECT 1 FROM orders_order o WHERE {condition.sql} LIMIT {COUNTED + 1}) AS few",
        condition.params,
    )
    return None if n > COUNTED else int(n)


def in_scope(order_ids: Sequence[UUID], actor: Actor) -> list[UUID]:
    """Those of these orders that exist, nearest deadline first. Raises NotAllowed when one is out of the scope."""
    found = bulk.select(
        "SELECT id, shop_id FROM orders_order WHERE tenant_id = {tenant} AND id = ANY(%s::uuid[]) ORDER BY due_by, id",
        [list(order_ids)],
    )
    for shop_id in {shop for _, shop in found}:
        actor.need_shop(shop_id)
    if actor.suppliers is not None:
        mine, params = scope.orders(actor)
        sql = "SELECT count(*) FROM orders_order o WHERE o.tenant_id = {tenant} AND o.id = ANY(%(ids)s::uuid[])"
        if bulk.select_named(sql + mine, {"ids": [i for i, _ in found], **params})[0][0] < len(found):
            raise NotAllowed("order_out_of_scope", "有订单不是您的供应商在发，不在您的数据范围内。")
    return [i for i, _ in found]


def rows(found: Sequence[tuple[Any, ...]], *, money: bool = True) -> list[OrderRow]:
    """The rows with their lines, holds, purchases and parcels, loaded once for all; no margin without ``money``."""
    order_ids = [r[0] for r in found]
    lines, holds = _lines(order_ids), _holds(order_ids)
    stopped, bought, parcels = stopped_of(order_ids), _purchases(order_ids), _parcels(order_ids)
    rest = telling.waiting_for_rest([r[0] for r in found if r[7] == Step.REPORT])
    made = []
    for *r, asked in found:
        (
            i, number, platform, shop, shop_name, state, refund, step, tab, reason, paid_at, ordered_at, due_by,
            due_source, risk, paid, receivable, refunded, margin, margin_note, quantity, recipient_state, masked,
            province, city, district, flag, note, memo, tags, remark, waits, boxes, version, priority, path,
        ) = r  # fmt: skip
        region = " ".join(p for p in (province, city, district) if p)
        margin, margin_note = (margin, margin_note) if money else (None, HIDDEN)
        label, reason = telling.REST_WORDS if i in rest else (STEP_LABELS[Step(str(step))], reason)
        made.append(
            OrderRow(
                i, number, platform, shop, shop_name, state, refund, step, label, tab, reason, paid_at, ordered_at,
                due_by, due_source, risk, paid, receivable, refunded, margin, margin_note, quantity, recipient_state,
                masked, region, flag, note, memo, _split(tags), remark, _split(waits), str(boxes).splitlines(),
                version, priority, path, asked, lines[i], holds[i], stopped[i], bought[i], parcels[i],
            )
        )  # fmt: skip
    return made


def _split(text: object) -> list[str]:
    return [t for t in str(text or "").split(",") if t]


def _lines(order_ids: Sequence[object]) -> dict[object, list[OrderLineBrief]]:
    grouped: dict[object, list[OrderLineBrief]] = defaultdict(list)
    for order, *r in bulk.select(
        "SELECT order_id, title, spec, quantity, image_url, match <> 'none', is_gift FROM orders_line"
        " WHERE tenant_id = {tenant} AND order_id = ANY(%s::uuid[]) ORDER BY order_id, n, id",
        [list(order_ids)],
    ):
        grouped[order].append(OrderLineBrief(*r))
    return grouped


def _holds(order_ids: Sequence[object]) -> dict[object, list[OrderHoldBrief]]:
    grouped: dict[object, list[OrderHoldBrief]] = defaultdict(list)
    for order, *r in bulk.select(
        "SELECT order_id, id, kind, reason, remedy FROM orders_hold"
        " WHERE tenant_id = {tenant} AND state = 'open' AND order_id = ANY(%s::uuid[]) ORDER BY order_id, id",
        [list(order_ids)],
    ):
        grouped[order].append(hold_brief(*r))
    for found in grouped.values():
        found.sort(key=lambda h: _READING[h.kind])
    return grouped


def hold_brief(i: UUID, kind: str, reason: str, remedy: str) -> OrderHoldBrief:
    """A hold with its words."""
    info = HOLDS[HoldKind(kind)]
    return OrderHoldBrief(
        i, kind, info.label, reason, remedy, REMEDIES.get(remedy or info.remedy, "查看"), info.clearable, info.blocks,
        info.waits_for,
    )  # fmt: skip


def _purchases(order_ids: Sequence[object]) -> dict[object, list[OrderPurchaseBrief]]:
    grouped: dict[object, list[OrderPurchaseBrief]] = defaultdict(list)
    for order, *r in bulk.select(
        "SELECT DISTINCT l.order_id, p.id, p.number, s.name, p.state FROM purchasing_purchaseline l"
        " JOIN purchasing_purchaseorder p ON p.tenant_id = {tenant} AND p.id = l.purchase_id"
        " JOIN purchasing_supplier s ON s.tenant_id = {tenant} AND s.id = p.supplier_id"
        " WHERE l.tenant_id = {tenant} AND l.order_id = ANY(%s::uuid[]) AND l.live ORDER BY l.order_id, p.number",
        [list(order_ids)],
    ):
        grouped[order].append(OrderPurchaseBrief(*r))
    return grouped


def _parcels(order_ids: Sequence[object]) -> dict[object, list[OrderParcelBrief]]:
    grouped: dict[object, list[OrderParcelBrief]] = defaultdict(list)
    for order, courier, *r in bulk.select(
        "SELECT r.order_id, r.courier, r.tracking_number, p.state, r.state FROM logistics_shipmentreport r"
        " JOIN logistics_parcel p ON p.tenant_id = {tenant} AND p.id = r.parcel_id"
        " WHERE r.tenant_id = {tenant} AND r.order_id = ANY(%s::uuid[]) AND r.state <> 'void'"
        " ORDER BY r.order_id, r.created_at",
        [list(order_ids)],
    ):
        grouped[order].append(OrderParcelBrief(courier_name(courier), *r))
    return grouped
