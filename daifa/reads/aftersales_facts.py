"""The facts of refunds that met a purchase, for ``aftersales_policy``: a cheap look first, then set-based."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from daifa.base import bulk
from daifa.kit.values import dataclass

# A draft alone concerns nobody while the refund is only asked for: a hold keeps it from being sent.
CONCERNED = """
SELECT o.id FROM orders_order o
WHERE o.tenant_id = {tenant} AND o.id = ANY(%(ids)s::uuid[]) AND (
  EXISTS (SELECT 1 FROM support_casestep s
          WHERE s.tenant_id = {tenant} AND s.order_id = o.id AND s.state = 'open')
  OR ((o.state = 'cancelled' OR o.refund IN ('applied', 'partly', 'full')
       OR EXISTS (SELECT 1 FROM orders_line l WHERE l.tenant_id = {tenant} AND l.order_id = o.id
                  AND (l.refund IN ('applied', 'partly', 'full') OR l.state = 'cancelled'))
       OR EXISTS (SELECT 1 FROM support_case c
                  WHERE c.tenant_id = {tenant} AND c.order_id = o.id AND c.state = 'applied'))
      AND EXISTS (
        SELECT 1 FROM purchasing_purchaseline x
        JOIN purchasing_purchaseorder p ON p.tenant_id = {tenant} AND p.id = x.purchase_id
        WHERE x.tenant_id = {tenant} AND x.order_id = o.id AND (x.live OR x.state = 'recalled')
          AND (p.sent_at IS NOT NULL OR o.state = 'cancelled' OR o.refund = 'full'
               OR EXISTS (SELECT 1 FROM orders_line l WHERE l.tenant_id = {tenant} AND l.order_id = o.id
                          AND (l.refund = 'full' OR l.state = 'cancelled'))))))
"""
CASES = """
WITH c AS (
  SELECT DISTINCT ON (order_id) order_id, state, needs_return, amount_fen, answer_by FROM support_case
  WHERE tenant_id = {tenant} AND order_id = ANY(%(ids)s::uuid[])
  ORDER BY order_id, (state = 'applied') DESC, applied_at DESC NULLS LAST, id DESC
)
SELECT o.id, o.state, o.refund, coalesce(c.state, ''), c.needs_return, c.amount_fen,
       CASE WHEN c.state = 'applied' THEN c.answer_by END
FROM orders_order o LEFT JOIN c ON c.order_id = o.id
WHERE o.tenant_id = {tenant} AND o.id = ANY(%(ids)s::uuid[]) ORDER BY o.id
"""
PURCHASES = """
WITH x AS (
  SELECT x.order_id, x.purchase_id, x.live, x.shipped_qty, x.goods_fen, x.freight_fen, x.state, x.assignment_id,
         CASE WHEN l.state = 'cancelled' THEN 'full' ELSE coalesce(l.refund, 'none') END AS refund
  FROM purchasing_purchaseline x
  JOIN purchasing_assignment a ON a.tenant_id = {tenant} AND a.id = x.assignment_id
  JOIN orders_demand d ON d.tenant_id = {tenant} AND d.id = a.demand_id
  LEFT JOIN orders_line l ON l.tenant_id = {tenant} AND l.id = d.line_id
  WHERE x.tenant_id = {tenant} AND x.order_id = ANY(%(ids)s::uuid[]) AND (x.live OR x.state = 'recalled')
), b AS (
  SELECT y.order_id, y.assignment_id, bool_or(b.state = 'delivered') AS delivered,
         bool_or(b.state = 'returned') AS returned
  FROM logistics_parcelline y JOIN logistics_parcel b ON b.tenant_id = {tenant} AND b.id = y.parcel_id AND b.live
  WHERE y.tenant_id = {tenant} AND y.order_id = ANY(%(ids)s::uuid[]) GROUP BY y.order_id, y.assignment_id
), g AS (
  SELECT x.order_id, x.purchase_id, array_agg(DISTINCT x.refund) AS refunds, sum(x.shipped_qty) > 0 AS shipped,
         coalesce(bool_or(b.delivered), false) AS delivered, coalesce(bool_or(b.returned), false) AS returned,
         CASE WHEN count(*) = count(x.goods_fen + x.freight_fen) THEN sum(x.goods_fen + x.freight_fen)::bigint END
         AS owed
  FROM x LEFT JOIN b ON b.order_id = x.order_id AND b.assignment_id = x.assignment_id
  GROUP BY x.order_id, x.purchase_id
), r AS (
  SELECT DISTINCT ON (m.purchase_id) m.purchase_id, m.state, m.created_at
  FROM purchasing_amendment m JOIN g ON g.purchase_id = m.purchase_id
  WHERE m.tenant_id = {tenant} AND m.kind = 'recall' ORDER BY m.purchase_id, m.n DESC
), h AS (
  SELECT order_id, (data->>'purchase')::uuid AS purchase_id, sum((data->>'refunded_fen')::bigint)::bigint AS fen
  FROM orders_history
  WHERE tenant_id = {tenant} AND order_id = ANY(%(ids)s::uuid[]) AND kind = 'supplier_refund' GROUP BY 1, 2
)
SELECT g.order_id, g.purchase_id, p.number, p.supplier_id, s.name, p.state, g.refunds, g.shipped, g.delivered,
       g.returned, g.owed, coalesce(h.fen, 0), coalesce(r.state, ''), r.created_at
FROM g JOIN purchasing_purchaseorder p ON p.tenant_id = {tenant} AND p.id = g.purchase_id
JOIN purchasing_supplier s ON s.tenant_id = {tenant} AND s.id = p.supplier_id
LEFT JOIN r ON r.purchase_id = g.purchase_id
LEFT JOIN h ON h.order_id = g.order_id AND h.purchase_id = g.purchase_id
ORDER BY g.order_id, p.number
"""


@dataclass(frozen=True, slots=True)
class CaseRow:
    """One order's side. ``case_state`` "" without a case; ``asked_fen`` what the buyer asks back,
    ``answer_by`` when the platform answers by itself."""

    order_id: UUID
    state: str
    refund: str
    case_state: str
    needs_return: bool | None
    asked_fen: int | None
    answer_by: datetime | None = None


@dataclass(frozen=True, slots=True)
class BoughtRow:
    """What one purchase buys for one order. ``owed_fen``: goods and freight of those lines, None when unknown;
    ``recall`` is the state of the latest recall, "" without one."""

    order_id: UUID
    purchase_id: UUID
    number: str
    supplier_id: UUID
    supplier: str
    state: str
    line_refunds: list[str]
    shipped: bool
    delivered: bool
    returned: bool
    owed_fen: int | None
    refunded_fen: int
    recall: str
    recalled_at: datetime | None


def concerned(order_ids: Sequence[UUID]) -> list[UUID]:
    """Those of these orders whose refund or cancel meets a purchase, or that still have steps; one statement."""
    if not order_ids:
        return []
    return sorted(i for (i,) in bulk.select_named(CONCERNED, {"ids": list(order_ids)}))


def cases(order_ids: Sequence[UUID]) -> list[CaseRow]:
    """The orders' sides."""
    return [CaseRow(*r) for r in bulk.select_named(CASES, {"ids": list(order_ids)})]


def bought(order_ids: Sequence[UUID]) -> list[BoughtRow]:
    """What was bought for them and still counts: lines that live, and recalled ones whose money is out."""
    return [BoughtRow(*r) for r in bulk.select_named(PURCHASES, {"ids": list(order_ids)})]
