"""What of orders has no number yet: which goods, of which supplier."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from uuid import UUID

from daifa.base import bulk

# What is with suppliers, then what nobody was asked for.
MISSING = """
SELECT l.order_id, s.name, trim(g.title || ' ' || k.spec), sum(l.qty - l.shipped_qty)::int
FROM purchasing_purchaseline l
JOIN purchasing_purchaseorder p ON p.tenant_id = {tenant} AND p.id = l.purchase_id
JOIN purchasing_supplier s ON s.tenant_id = {tenant} AND s.id = p.supplier_id
JOIN catalog_sku k ON k.tenant_id = {tenant} AND k.id = l.sku_id
JOIN catalog_product g ON g.tenant_id = {tenant} AND g.id = k.product_id
WHERE l.tenant_id = {tenant} AND l.order_id = ANY(%s::uuid[]) AND l.live AND l.shipped_qty < l.qty
GROUP BY 1, 2, 3
UNION ALL
SELECT d.order_id, '', trim(g.title || ' ' || k.spec), sum(d.qty - d.assigned_qty)::int
FROM orders_demand d
JOIN catalog_sku k ON k.tenant_id = {tenant} AND k.id = d.sku_id
JOIN catalog_product g ON g.tenant_id = {tenant} AND g.id = k.product_id
WHERE d.tenant_id = {tenant} AND d.order_id = ANY(%s::uuid[]) AND d.closed_cause = '' AND d.assigned_qty < d.qty
GROUP BY 1, 2, 3 ORDER BY 1, 2 DESC, 3
"""


def of(order_ids: Collection[UUID]) -> dict[UUID, str]:
    """By order, e.g. ``高阳县棉语毛巾厂 的 北欧毛巾 混色 ×1``."""
    found: dict[UUID, list[str]] = defaultdict(list)
    for order, supplier, goods, pieces in bulk.select(MISSING, [list(order_ids)] * 2):
        found[order].append(f"{supplier} 的 {goods} ×{pieces}" if supplier else f"{goods} ×{pieces}（还没派单）")
    return {order: "、".join(said) for order, said in found.items()}
