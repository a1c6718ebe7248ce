"""What routing needs to know of orders, in one query."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import field
from datetime import datetime
from uuid import UUID

from daifa.base import bulk
from daifa.kit.values import dataclass

SQL = """
SELECT o.id, o.external_id, o.shop_id, o.step, o.step_reason, o.province, o.city, o.district, o.due_by, o.risk_fen,
       o.person_hash, o.courier_demand,
       coalesce(nullif(o.recipient_path, ''), s.recipient_path) = 'handover', o.recipient_state,
       o.ruled ->> 'supplier'
FROM orders_order o JOIN accounts_shop s ON s.tenant_id = {tenant} AND s.id = o.shop_id
WHERE o.tenant_id = {tenant} AND o.id = ANY(%s::uuid[]) ORDER BY o.id
"""
# Who refused may take it after all once the receiver was changed: the address may have been the reason.
REFUSED = """
SELECT DISTINCT l.order_id, p.supplier_id, l.state, l.answer
FROM purchasing_purchaseline l
JOIN purchasing_purchaseorder p ON p.tenant_id = {tenant} AND p.id = l.purchase_id
WHERE l.tenant_id = {tenant} AND l.order_id = ANY(%s::uuid[]) AND l.state IN ('refused', 'out_of_stock')
  AND NOT (l.state = 'refused' AND EXISTS (
    SELECT 1 FROM orders_history h
    WHERE h.tenant_id = {tenant} AND h.order_id = l.order_id AND h.kind IN ('changed', 'edited')
    AND (h.data -> 'fields') ? 'recipient' AND h.at > (
      SELECT max(a.at) FROM orders_history a
      WHERE a.tenant_id = {tenant} AND a.order_id = l.order_id AND a.kind = 'answered')))
"""
WORDS = {"refused": "已拒单", "out_of_stock": "说缺货"}


@dataclass(frozen=True, slots=True)
class RoutingRow:
    """One order as routing sees it; ``person_hash`` "" without a plain recipient.

    ``ruled`` is the supplier whom an operator's rule names for it.
    """

    id: UUID
    number: str
    shop_id: UUID
    step: str
    why_not: str
    province: str
    city: str
    district: str
    due_by: datetime | None
    risk_fen: int
    person_hash: str
    courier_demand: str
    handover: bool
    recipient: str = "plain"
    excluded: dict[UUID, str] = field(default_factory=dict)
    ruled: UUID | None = None

    @property
    def cipher(self) -> bool:
        """Whether only the shop's platform can read the recipient."""
        return self.recipient == "cipher"

    @property
    def closed(self) -> bool:
        """Whether we have no recipient that we can read."""
        return self.recipient != "plain"


def load(order_ids: Sequence[UUID]) -> list[RoutingRow]:
    """The facts of these orders, with the suppliers that already said no to them."""
    if not order_ids:
        return []
    said_no = refused(order_ids)
    rows = []
    for r in bulk.select(SQL, [list(order_ids)]):
        *facts, person, courier, handover, recipient, ruled = r
        i, number, shop, step, why, province, city, district, due, risk = facts
        rows.append(
            RoutingRow(
                i, number, shop, step, why, province, city, district, due, risk, bytes(person).hex(), courier, handover,
                recipient, said_no.get(i, {}), UUID(ruled) if ruled else None,
            )
        )  # fmt: skip
    return rows


def refused(order_ids: Sequence[UUID]) -> dict[UUID, dict[UUID, str]]:
    """By order the suppliers that already said no to it, with their words."""
    found: dict[UUID, dict[UUID, str]] = {}
    for order, supplier, state, answer in bulk.select(REFUSED, [list(order_ids)]):
        found.setdefault(order, {})[supplier] = WORDS[state] + (f"：{answer}" if answer else "")
    return found


def open_skus(order_ids: Sequence[UUID]) -> list[UUID]:
    """SKUs of which these orders have pieces that nobody was asked to ship."""
    found = bulk.select(
        "SELECT DISTINCT sku_id FROM orders_demand WHERE tenant_id = {tenant} AND order_id = ANY(%s::uuid[])"
        " AND closed_cause = '' AND assigned_qty < qty",
        [list(order_ids)],
    )
    return sorted(i for (i,) in found)
