"""How purchases placed by API stand at the supplier's platform, for taking them back: latest attempt, orders, deeds."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from daifa.base import bulk
from daifa.kit.values import dataclass

# A line is wanted back by its own refund; the order's word counts where none of its lines has one.
ATTEMPTS = """
SELECT DISTINCT ON (x.purchase_id) x.purchase_id, x.connection_id, x.reference, x.state, x.pay_state = 'paid',
  EXISTS (SELECT 1 FROM mailroom_outbox b WHERE b.tenant_id = {tenant} AND b.subject_id = x.purchase_id
          AND b.kind = 'pay' AND b.reference = x.reference AND b.state IN ('calling', 'unknown')),
  w.whole, w.wanted, h.dial = 'automatic', p.factory <> ''
FROM purchasing_placement x
JOIN purchasing_purchaseorder p ON p.tenant_id = {tenant} AND p.id = x.purchase_id
JOIN accounts_shop h ON h.tenant_id = {tenant} AND h.id = p.shop_id
CROSS JOIN LATERAL (
  SELECT coalesce(bool_and(z.back) FILTER (WHERE z.live), true) AS whole, coalesce(bool_or(z.back), false) AS wanted
  FROM (
    SELECT y.live, (o.state = 'cancelled' OR o.refund = 'full'
        OR coalesce(l.state = 'cancelled' OR l.refund IN ('applied', 'full'), false)
        OR ((o.refund = 'applied' OR (o.refund = 'none' AND EXISTS (
               SELECT 1 FROM support_case c WHERE c.tenant_id = {tenant} AND c.order_id = o.id
               AND c.state = 'applied')))
            AND NOT EXISTS (SELECT 1 FROM orders_line k WHERE k.tenant_id = {tenant} AND k.order_id = o.id
                            AND k.refund IN ('applied', 'full')))) AS back
    FROM purchasing_purchaseline y
    JOIN orders_order o ON o.tenant_id = {tenant} AND o.id = y.order_id
    JOIN purchasing_assignment a ON a.tenant_id = {tenant} AND a.id = y.assignment_id
    JOIN orders_demand d ON d.tenant_id = {tenant} AND d.id = a.demand_id
    LEFT JOIN orders_line l ON l.tenant_id = {tenant} AND l.id = d.line_id
    WHERE y.tenant_id = {tenant} AND y.purchase_id = x.purchase_id) AS z) AS w
WHERE x.tenant_id = {tenant} AND x.purchase_id = ANY(%(ids)s::uuid[])
ORDER BY x.purchase_id, x.attempt DESC
"""
ORDERS = """
SELECT x.purchase_id, e.external_id, e.state, e.refund_state, e.refund_ref, e.total_fen, coalesce(e.refunded_fen, 0),
  coalesce((SELECT b.state FROM mailroom_outbox b WHERE b.tenant_id = {tenant} AND b.subject_id = x.purchase_id
    AND b.kind IN ('cancel', 'refund') AND b.reference = e.external_id AND coalesce(b.data->>'back', '') = ''
    AND b.state <> 'void' ORDER BY b.created_at DESC, b.id DESC LIMIT 1), ''),
  coalesce((SELECT b.state FROM mailroom_outbox b WHERE b.tenant_id = {tenant} AND b.subject_id = x.purchase_id
    AND b.kind = 'refund' AND b.reference = e.external_id AND coalesce(b.data->>'back', '') <> ''
    AND b.state <> 'void' ORDER BY b.created_at DESC, b.id DESC LIMIT 1), '')
FROM purchasing_placement x
JOIN purchasing_placementorder e ON e.tenant_id = {tenant} AND e.placement_id = x.id
WHERE x.tenant_id = {tenant} AND x.reference = ANY(%(references)s::text[]) ORDER BY x.purchase_id, e.external_id
"""


@dataclass(frozen=True, slots=True)
class OrderThere:
    """One order at the supplier's platform; ``deed`` and ``back``: states of our attempts to take it back ("" none)."""

    purchase_id: UUID
    external_id: str
    state: str
    refund: str
    refund_ref: str
    total_fen: int | None
    refunded_fen: int
    deed: str
    back: str


@dataclass(frozen=True, slots=True)
class Attempt:
    """The latest attempt of one purchase. ``whole``: everything it buys is wanted back, ``wanted``: any of it;
    ``automatic``: the shop's dial; ``handed``: to a factory on the shop's platform."""

    purchase_id: UUID
    connection_id: UUID
    reference: str
    state: str
    paid: bool
    paying: bool
    whole: bool
    wanted: bool
    automatic: bool
    handed: bool
    orders: tuple[OrderThere, ...] = ()


def load(purchase_ids: Sequence[UUID]) -> dict[UUID, Attempt]:
    """Those of these purchases that were placed by API."""
    if not purchase_ids:
        return {}
    rows = bulk.select_named(ATTEMPTS, {"ids": sorted(set(purchase_ids))})
    orders: dict[UUID, list[OrderThere]] = {}
    for told in bulk.select_named(ORDERS, {"references": [r[2] for r in rows]}) if rows else ():
        orders.setdefault(told[0], []).append(OrderThere(*told))
    found: dict[UUID, Attempt] = {}
    for row in rows:
        values: list[Any] = [*row, tuple(orders.get(row[0], ()))]
        found[row[0]] = Attempt(*values)
    return found
