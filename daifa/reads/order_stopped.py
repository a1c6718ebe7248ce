"""Purchases by API that stopped until a person mends something: of many orders at once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from uuid import UUID

from daifa.base import bulk
from daifa.base.actor import Actor
from daifa.kit.values import dataclass
from daifa.reads.order_filters import DECIDE, MENDED, STOPPED, OrderFilter, where


@dataclass(frozen=True, slots=True)
class OrderStopped:
    """A purchase by API that waits for a person. ``mend``: where, ``things``: what for.

    ``link``: SKUs (by code) that no offer of the supplier's platform is linked to; ``compare``: offers (by number) that
    changed; "": a decision about the order's deed.
    """

    id: UUID
    supplier_id: UUID
    supplier: str
    reason: str
    mend: str
    things: list[str]


def stopped_of(order_ids: Sequence[object]) -> dict[object, list[OrderStopped]]:
    """By order, its purchases by API that stopped. The caller has checked the scope."""
    grouped: dict[object, list[OrderStopped]] = defaultdict(list)
    for order, *r in bulk.select(
        f"SELECT b.order_id, b.id, s.id, s.name, b.reason, {MENDED},"
        " coalesce(b.result -> 'things', '[]')::json FROM mailroom_outbox b"
        " JOIN purchasing_purchaseorder p ON p.tenant_id = {tenant} AND p.id = b.subject_id"
        " JOIN purchasing_supplier s ON s.tenant_id = {tenant} AND s.id = p.supplier_id"
        f" WHERE {STOPPED} AND b.order_id = ANY(%s::uuid[]) ORDER BY b.order_id, b.reason, b.id",
        [list(order_ids)],
    ):
        grouped[order].append(OrderStopped(*r))
    return grouped


@dataclass(frozen=True, slots=True)
class OrderStops:
    """How many orders have a stopped purchase that goes on in one place (``mend``), and the ids of those deeds."""

    mend: str
    orders: int
    ids: list[UUID]


def stops(asked: OrderFilter, actor: Actor) -> list[OrderStops]:
    """The orders of a filter whose purchases by API stopped, by where they go on, most first."""
    condition = where(asked, actor)
    found = bulk.select_named(
        f"SELECT coalesce(nullif({MENDED}, ''), '{DECIDE}'), count(DISTINCT o.id), array_agg(b.id ORDER BY b.id)"
        " FROM mailroom_outbox b JOIN orders_order o ON o.tenant_id = {tenant} AND o.id = b.order_id"
        f" WHERE {STOPPED} AND {condition.sql} GROUP BY 1 ORDER BY 2 DESC, 1",
        condition.params,
    )
    return [OrderStops(str(mend), int(n), list(ids)) for mend, n, ids in found]
