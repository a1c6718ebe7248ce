"""What a supplier sees behind their link: their own lines that were sent, nothing of anybody else."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from daifa.base import bulk
from daifa.kit import clock
from daifa.kit.values import dataclass

DAYS = 14
SQL = """
SELECT l.id, p.id, p.number, p.order_id, p.handover, o.external_id, t.title, k.spec, coalesce(c.supplier_sku, ''),
       l.qty, l.shipped_qty, l.unit_fen, l.state, l.answer, p.state, p.due_by, p.sent_at, o.courier_demand,
       coalesce((SELECT bool_or(x.resend) FROM purchasing_dispatchline x
        WHERE x.tenant_id = {tenant} AND x.purchase_line_id = l.id AND x.live), false),
       coalesce((SELECT string_agg(a.text, '；' ORDER BY a.n) FROM purchasing_amendment a
        WHERE a.tenant_id = {tenant} AND a.purchase_id = p.id AND a.state IN ('created', 'sent')), '')
FROM purchasing_purchaseorder p
JOIN purchasing_purchaseline l ON l.tenant_id = {tenant} AND l.purchase_id = p.id
JOIN orders_order o ON o.tenant_id = {tenant} AND o.id = l.order_id
JOIN catalog_sku k ON k.tenant_id = {tenant} AND k.id = l.sku_id
JOIN catalog_product t ON t.tenant_id = {tenant} AND t.id = k.product_id
JOIN purchasing_assignment a ON a.tenant_id = {tenant} AND a.id = l.assignment_id
LEFT JOIN purchasing_supplylink c ON c.tenant_id = {tenant} AND c.id = a.supply_link_id
WHERE p.tenant_id = {tenant} AND p.supplier_id = %(supplier)s AND p.sent_at IS NOT NULL
  AND (l.state IN ('open', 'accepted', 'part_shipped') OR p.sent_at > %(since)s)
  AND (p.state IN ('sent', 'accepted', 'part_shipped', 'recalling') OR p.sent_at > %(since)s)
  AND l.state NOT IN ('cancelled') AND p.sent_at > %(oldest)s
ORDER BY p.due_by NULLS LAST, p.day, p.counter, l.id LIMIT 2000
"""


@dataclass(frozen=True, slots=True)
class PortalLine:
    """One line of the supplier's list. ``unit_fen`` is their own price; ``change`` what changed after sending."""

    id: UUID
    purchase_id: UUID
    number: str
    order_id: UUID
    handover: bool
    order_number: str
    title: str
    spec: str
    code: str
    quantity: int
    shipped: int
    unit_fen: int | None
    state: str
    answer: str
    purchase_state: str
    due_by: datetime | None
    sent_at: datetime
    courier: str
    resend: bool
    change: str


def lines(supplier_id: UUID) -> list[PortalLine]:
    """Lines still to ship, and what was sent today, the nearest deadline first."""
    now = clock.now()
    params = {
        "supplier": supplier_id,
        "since": clock.day_start(clock.business_day(now)),
        "oldest": now - timedelta(days=DAYS),
    }
    return [PortalLine(*row) for row in bulk.select_named(SQL, params)]


def owned(line_ids: Sequence[UUID], supplier_id: UUID) -> set[UUID]:
    """Which of these lines are this supplier's and were sent."""
    found = bulk.select(
        "SELECT l.id FROM purchasing_purchaseline l"
        " JOIN purchasing_purchaseorder p ON p.tenant_id = {tenant} AND p.id = l.purchase_id"
        " WHERE l.tenant_id = {tenant} AND l.id = ANY(%s::uuid[]) AND p.supplier_id = %s AND p.sent_at IS NOT NULL",
        [list(line_ids), supplier_id],
    )
    return {i for (i,) in found}
