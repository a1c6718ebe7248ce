"""The list of open after-sale steps: the most urgent first, counted by tab."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from daifa.base import bulk
from daifa.base.actor import Actor
from daifa.kit import clock, paging
from daifa.kit.errors import NotFound
from daifa.kit.values import dataclass

# By what a person has to do: tell the supplier, wait for a word, get money back, answer the buyer.
TABS: Mapping[str, tuple[str, ...]] = {
    "all": (
        "withdraw", "undo", "recall", "intercept", "resume", "undo_result", "recall_answer", "intercept_answer",
        "return_parcel", "claim", "ask_money", "supplier_refund", "answer_buyer",
    ),
    "tell": ("withdraw", "undo", "recall", "intercept", "resume"),
    "wait": ("undo_result", "recall_answer", "intercept_answer", "return_parcel"),
    "money": ("claim", "ask_money", "supplier_refund"),
    "buyer": ("answer_buyer",),
}  # fmt: skip
FROM = (
    " FROM support_casestep s"
    " JOIN orders_order o ON o.tenant_id = {tenant} AND o.id = s.order_id"
    " JOIN accounts_shop h ON h.tenant_id = {tenant} AND h.id = o.shop_id"
    " LEFT JOIN purchasing_purchaseorder p ON p.tenant_id = {tenant} AND p.id = s.purchase_id"
    " LEFT JOIN purchasing_supplier v ON v.tenant_id = {tenant} AND v.id = p.supplier_id"
    " WHERE s.tenant_id = {tenant} AND s.state = 'open'"
)


@dataclass(frozen=True, slots=True)
class StepRow:
    """One open step. ``amount_fen`` is the money that is out, None when unknown."""

    id: UUID
    order_id: UUID
    order_number: str
    platform: str
    shop_name: str
    purchase_id: UUID | None
    purchase_number: str
    supplier: str
    kind: str
    text: str
    owner: str
    due_by: datetime | None
    amount_fen: int | None
    created_at: datetime


@dataclass(frozen=True, slots=True)
class StepFilter:
    """What a person asked for; empty fields ask nothing."""

    numbers: Sequence[str] = ()
    shop: Sequence[UUID] = ()
    supplier: Sequence[UUID] = ()


def _where(asked: StepFilter, actor: Actor) -> tuple[str, dict[str, Any]]:
    clauses: list[str] = [""]
    params: dict[str, Any] = {}
    if asked.numbers:
        clauses.append("(o.external_id = ANY(%(numbers)s::text[]) OR p.number = ANY(%(numbers)s::text[]))")
        params["numbers"] = list(asked.numbers)
    for name, column, wanted, scope in (
        ("shop", "o.shop_id", asked.shop, actor.shops),
        ("supplier", "p.supplier_id", asked.supplier, actor.suppliers),
    ):
        if wanted:
            clauses.append(f"{column} = ANY(%({name})s::uuid[])")
            params[name] = list(wanted)
        if scope is not None:
            clauses.append(f"{column} = ANY(%({name}_scope)s::uuid[])")
            params[f"{name}_scope"] = list(scope)
    return " AND ".join(clauses), params


def page(
    asked: StepFilter, actor: Actor, *, tab: str = "all", cursor: str = "", limit: int | None = None
) -> paging.Page[StepRow]:
    """One page, the earliest deadline first. Raises Invalid for a bad cursor."""
    where, params = _where(asked, actor)
    params["kinds"] = list(TABS.get(tab, TABS["all"]))
    where += " AND s.kind = ANY(%(kinds)s::text[])"
    if cursor:
        due, last = paging.decode(cursor, 2)
        where += " AND (coalesce(s.due_by, s.created_at), s.id) > (%(c0)s::timestamptz, %(c1)s::uuid)"
        params |= {"c0": due, "c1": last}
    count = paging.limit_of(limit)
    found = bulk.select_named(
        "SELECT s.id, s.order_id, o.external_id, h.platform, h.name, s.purchase_id, coalesce(p.number, ''),"
        " coalesce(v.name, ''), s.kind, s.text, s.owner, s.due_by, s.amount_fen, s.created_at"
        f"{FROM}{where} ORDER BY coalesce(s.due_by, s.created_at), s.id LIMIT {count + 1}",
        params,
    )
    rows = [StepRow(*r) for r in found[:count]]
    more = rows[-1] if len(found) > count else None
    following = paging.encode([(more.due_by or more.created_at).isoformat(), str(more.id)]) if more else ""
    return paging.Page(rows, following)


def counts(asked: StepFilter, actor: Actor) -> dict[str, int]:
    """How many open steps each tab holds."""
    where, params = _where(asked, actor)
    found = dict(bulk.select_named(f"SELECT s.kind, count(*)::int{FROM}{where} GROUP BY s.kind", params))
    return {tab: sum(found.get(k, 0) for k in kinds) for tab, kinds in TABS.items()}


@dataclass(frozen=True, slots=True)
class Outstanding:
    """What suppliers still have of our money because of refunds; ``unknown`` purchases whose cost nobody knows, and
    ``late`` steps whose deadline has passed."""

    fen: int
    unknown: int
    late: int


def outstanding(asked: StepFilter, actor: Actor) -> Outstanding:
    """The sums of the open steps; a purchase has one step at a time."""
    where, params = _where(asked, actor)
    params["now"] = clock.now()
    found = bulk.select_named(
        "SELECT coalesce(sum(s.amount_fen) FILTER (WHERE s.purchase_id IS NOT NULL), 0)::bigint,"
        " count(*) FILTER (WHERE s.purchase_id IS NOT NULL AND s.amount_fen IS NULL)::int,"
        f" count(*) FILTER (WHERE s.due_by < %(now)s)::int{FROM}{where}",
        params,
    )
    return Outstanding(*found[0])


def order_number(case_id: UUID) -> str:
    """The platform's number of a case's order; "" while it has none."""
    found = bulk.select(
        "SELECT o.external_id FROM support_case c JOIN orders_order o ON o.tenant_id = {tenant} AND o.id = c.order_id"
        " WHERE c.tenant_id = {tenant} AND c.id = %s",
        [case_id],
    )
    return str(found[0][0]) if found else ""


def last_return_address(connection_id: UUID) -> str:
    """The return address that was named last on this shop; "" before the first."""
    found = bulk.select(
        "SELECT data->'details'->>'return_address_id' FROM mailroom_outbox WHERE tenant_id = {tenant}"
        " AND connection_id = %s AND kind = 'answer_case' AND state = 'confirmed'"
        " AND data->'details'->>'return_address_id' <> '' ORDER BY created_at DESC LIMIT 1",
        [connection_id],
    )
    return str(found[0][0]) if found else ""


def shop_of(order_id: UUID) -> UUID:
    """Whose order it is. Raises NotFound."""
    found = bulk.select("SELECT shop_id FROM orders_order WHERE tenant_id = {tenant} AND id = %s", [order_id])
    if not found:
        raise NotFound("no_such_order", "没有这个订单。")
    return UUID(str(found[0][0]))
