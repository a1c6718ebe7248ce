"""What judging a buyer's wish to move looks at: the shop's dial, how far the order is bought, what suppliers said."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from daifa.base import bulk
from daifa.base.actor import Actor
from daifa.kit.values import dataclass
from daifa.reads import scope

FACTS = """
SELECT o.shop_id, o.external_id, o.state, o.refund, s.dial = 'automatic',
       coalesce(sum(l.qty) FILTER (WHERE p.sent_at IS NULL), 0),
       coalesce(sum(l.qty - l.shipped_qty) FILTER (WHERE p.sent_at IS NOT NULL), 0),
       coalesce(sum(l.shipped_qty), 0)
FROM orders_order o
JOIN accounts_shop s ON s.tenant_id = {tenant} AND s.id = o.shop_id
LEFT JOIN purchasing_purchaseline l ON l.tenant_id = {tenant} AND l.order_id = o.id AND l.live
LEFT JOIN purchasing_purchaseorder p ON p.tenant_id = {tenant} AND p.id = l.purchase_id
WHERE o.tenant_id = {tenant} AND o.id = %s GROUP BY o.id, o.shop_id, o.external_id, o.state, o.refund, s.dial
"""
ANSWERS = """
SELECT DISTINCT ON (a.purchase_id) a.purchase_id, a.state FROM purchasing_amendment a
WHERE a.tenant_id = {tenant} AND a.kind = 'address' AND a.created_at >= %s AND a.purchase_id = ANY(%s::uuid[])
ORDER BY a.purchase_id, a.n DESC
"""
OPEN = """
SELECT w.id FROM orders_addresswish w JOIN orders_order o ON o.tenant_id = {tenant} AND o.id = w.order_id
WHERE w.tenant_id = {tenant} AND w.state = 'open'
"""


@dataclass(frozen=True, slots=True)
class WishOrder:
    """An order as far as a wish concerns it. ``drafted``, ``sent`` (not shipped yet) and ``shipped`` count pieces."""

    shop_id: UUID
    number: str
    state: str
    refund: str
    automatic: bool
    drafted: int
    sent: int
    shipped: int


def of_order(order_id: UUID) -> WishOrder | None:
    """The facts of one order."""
    found = bulk.select(FACTS, [order_id])
    return WishOrder(*found[0][:5], *(int(n) for n in found[0][5:])) if found else None


def answers(purchase_ids: list[UUID], since: datetime) -> dict[UUID, str]:
    """State of the newest change of address of these purchases since a moment."""
    return dict(bulk.select(ANSWERS, [since, purchase_ids]))


def waiting(by: Actor, limit: int = 500) -> list[UUID]:
    """Wishes within somebody's scope that wait for an answer."""
    mine, params = scope.orders(by)
    found = bulk.select_named(f"{OPEN}{mine} ORDER BY w.id LIMIT %(limit)s", {"limit": limit, **params})
    return [i for (i,) in found]
