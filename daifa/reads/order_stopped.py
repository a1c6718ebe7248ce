"""Purchases by API that stopped until a person mends something: of many orders at once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from daifa.base import bulk


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
        "SELECT b.order_id, b.id, s.id, s.name, b.reason,"
        " CASE WHEN b.state = 'held' THEN coalesce(b.result ->> 'mend', '') ELSE '' END,"
        " coalesce(b.result -> 'things', '[]')::json FROM mailroom_outbox b"
        " JOIN purchasing_purchaseorder p ON p.tenant_id = {tenant} AND p.id = b.subject_id"
        " JOIN purchasing_supplier s ON s.tenant_id = {tenant} AND s.id = p.supplier_id"
        " WHERE b.tenant_id = {tenant} AND b.order_id = ANY(%s::uuid[]) AND b.kind = 'buy'"
        " AND b.state IN ('held', 'person') ORDER BY b.order_id, b.reason, b.id",
        [list(order_ids)],
    ):
        grouped[order].append(OrderStopped(*r))
    return grouped
