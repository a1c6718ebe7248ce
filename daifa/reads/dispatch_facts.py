"""What a sending to a supplier is made of: purchases with their lines, goods, platform numbers, and what stops them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import field
from datetime import datetime
from uuid import UUID

from daifa.base import bulk
from daifa.kit.values import dataclass

PURCHASES = """
SELECT p.id, p.number, p.state, p.handover, p.note, p.due_by, p.order_id, s.name, s.platform,
       coalesce(string_agg(a.text, '；' ORDER BY a.n) FILTER (WHERE a.kind <> 'recall'), '')
FROM purchasing_purchaseorder p
JOIN accounts_shop s ON s.tenant_id = {tenant} AND s.id = p.shop_id
LEFT JOIN purchasing_amendment a ON a.tenant_id = {tenant} AND a.purchase_id = p.id AND a.state IN ('created', 'sent')
WHERE p.tenant_id = {tenant} AND p.id = ANY(%s::uuid[])
GROUP BY p.id, p.number, p.state, p.handover, p.note, p.due_by, p.order_id, s.name, s.platform, p.day, p.counter
ORDER BY p.day, p.counter, p.number
"""
LINES = """
SELECT l.purchase_id, l.id, t.title, k.spec, k.code, coalesce(c.supplier_sku, ''), l.qty, l.unit_fen, l.goods_fen,
       l.state
FROM purchasing_purchaseline l
JOIN catalog_sku k ON k.tenant_id = {tenant} AND k.id = l.sku_id
JOIN catalog_product t ON t.tenant_id = {tenant} AND t.id = k.product_id
JOIN purchasing_assignment a ON a.tenant_id = {tenant} AND a.id = l.assignment_id
LEFT JOIN purchasing_supplylink c ON c.tenant_id = {tenant} AND c.id = a.supply_link_id
WHERE l.tenant_id = {tenant} AND l.purchase_id = ANY(%s::uuid[]) AND l.live ORDER BY l.purchase_id, l.id
"""
ORDERS = """
SELECT DISTINCT l.purchase_id, o.id, o.external_id, o.ordered_at, o.paid_at, o.courier_demand, o.step, o.step_reason
FROM purchasing_purchaseline l
JOIN orders_order o ON o.tenant_id = {tenant} AND o.id = l.order_id
WHERE l.tenant_id = {tenant} AND l.purchase_id = ANY(%s::uuid[]) AND l.live ORDER BY l.purchase_id, o.external_id
"""


@dataclass(frozen=True, slots=True)
class SentLine:
    """One line with its goods. Money in fen."""

    id: UUID
    title: str
    spec: str
    our_code: str
    supplier_code: str
    quantity: int
    unit_fen: int | None
    goods_fen: int | None
    state: str


@dataclass(frozen=True, slots=True)
class SentOrder:
    """One platform order inside a purchase; ``step`` is where it stands now."""

    id: UUID
    number: str
    ordered_at: datetime | None
    paid_at: datetime | None
    courier: str
    step: str
    reason: str


@dataclass(frozen=True, slots=True)
class SentPurchase:
    """One purchase as a sending needs it; ``change`` says what an open amendment changed."""

    id: UUID
    number: str
    state: str
    handover: bool
    note: str
    due_by: datetime | None
    order_id: UUID
    shop: str
    platform: str
    change: str
    lines: list[SentLine] = field(default_factory=list)
    orders: list[SentOrder] = field(default_factory=list)


def load(purchase_ids: Sequence[UUID]) -> list[SentPurchase]:
    """These purchases by number, with their live lines and the orders they belong to."""
    ids = list(purchase_ids)
    lines: dict[UUID, list[SentLine]] = defaultdict(list)
    for purchase, *rest in bulk.select(LINES, [ids]):
        lines[purchase].append(SentLine(*rest))
    orders: dict[UUID, list[SentOrder]] = defaultdict(list)
    for purchase, *rest in bulk.select(ORDERS, [ids]):
        orders[purchase].append(SentOrder(*rest))
    return [SentPurchase(*(*r, lines[r[0]], orders[r[0]])) for r in bulk.select(PURCHASES, [ids])]
