"""What suppliers were sent and have not shipped: what a supplier's own list would say."""

from __future__ import annotations

from datetime import datetime

from daifa.base import bulk
from daifa.kit.values import dataclass

SQL = """
SELECT s.name, p.number, o.external_id, k.code, d.title, k.spec, l.qty - l.shipped_qty, p.sent_at
FROM purchasing_purchaseline l
JOIN purchasing_purchaseorder p ON p.tenant_id = {tenant} AND p.id = l.purchase_id
JOIN purchasing_supplier s ON s.tenant_id = {tenant} AND s.id = p.supplier_id
JOIN orders_order o ON o.tenant_id = {tenant} AND o.id = l.order_id
JOIN catalog_sku k ON k.tenant_id = {tenant} AND k.id = l.sku_id
JOIN catalog_product d ON d.tenant_id = {tenant} AND d.id = k.product_id
WHERE l.tenant_id = {tenant} AND l.live AND p.sent_at IS NOT NULL AND l.shipped_qty < l.qty
ORDER BY s.name, p.number, l.id
"""


@dataclass(frozen=True, slots=True)
class SentLine:
    """One line that waits at a supplier."""

    supplier: str
    number: str
    order_no: str
    sku_code: str
    title: str
    spec: str
    quantity: int
    sent_at: datetime


def load() -> list[SentLine]:
    """Every line that waits at a supplier."""
    return [SentLine(*r) for r in bulk.select(SQL)]


TOLD = """
SELECT o.external_id, c.name, r.tracking_number FROM logistics_shipmentreport r
JOIN orders_order o ON o.tenant_id = {tenant} AND o.id = r.order_id
JOIN logistics_courier c ON c.code = r.courier
WHERE r.tenant_id = {tenant} AND r.state = 'uploaded' ORDER BY o.external_id, r.id
"""


def told() -> list[tuple[str, str, str]]:
    """(order number, courier, tracking number) of everything uploaded and not yet confirmed."""
    return [(number, courier, tracking) for number, courier, tracking in bulk.select(TOLD)]
