"""What placing a purchase by API needs to know: the purchase, its lines with their offers, its orders as they stand."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

from daifa.areas.orders.types import HoldKind, blocks
from daifa.base import bulk
from daifa.kit.values import dataclass

# Goes out by API: a factory's on the shop's own platform, else the supplier's, but for what the shop hands over itself
# and what a person sends by sheet.
BY_SUPPLIER_API = "(s.channel = 'api' AND NOT p.handover AND NOT p.by_hand)"
BY_API = f"(p.factory <> '' OR {BY_SUPPLIER_API})"


def goes_by_api(channel: str, *, handover: bool, factory: str) -> bool:
    """``BY_API`` of a purchase that is not made yet: nobody can have sent it by sheet."""
    return bool(factory) or (channel == "api" and not handover)


PURCHASES = """
SELECT p.id, p.number, p.plain_number, p.supplier_id, s.name, p.shop_id, p.state, p.sent_at IS NOT NULL, p.handover,
       p.goods_fen, p.freight_fen, p.note, p.order_id, p.due_by,
       CASE WHEN p.factory <> '' THEN c.id WHEN {by_supplier_api} THEN s.connection_id END, p.factory
FROM purchasing_purchaseorder p JOIN purchasing_supplier s ON s.tenant_id = {tenant} AND s.id = p.supplier_id
LEFT JOIN accounts_connection c ON c.tenant_id = {tenant} AND c.shop_id = p.shop_id AND c.kind = 'api' AND c.live
WHERE p.tenant_id = {tenant} AND p.id = ANY(%s::uuid[]) ORDER BY p.id
""".replace("{by_supplier_api}", BY_SUPPLIER_API)
LINES = """
SELECT l.purchase_id, l.id, l.assignment_id, a.demand_id, l.order_id, l.sku_id, l.qty, l.goods_fen, l.state,
       k.offer_ref, k.spec_ref, k.frozen IS NOT NULL, coalesce(k.supplier_sku, ''), l.shipped_qty, l.live,
       coalesce(x.external_id, ''), coalesce(x.sku_id, ''),
       (SELECT coalesce(sum(y.qty), 0)::int FROM orders_demand y
        WHERE y.tenant_id = {tenant} AND y.line_id = d.line_id AND y.closed_cause = '')
FROM purchasing_purchaseline l
JOIN purchasing_assignment a ON a.tenant_id = {tenant} AND a.id = l.assignment_id
JOIN orders_demand d ON d.tenant_id = {tenant} AND d.id = a.demand_id
LEFT JOIN orders_line x ON x.tenant_id = {tenant} AND x.id = d.line_id
LEFT JOIN purchasing_supplylink k ON k.tenant_id = {tenant} AND k.id = a.supply_link_id
WHERE l.tenant_id = {tenant} AND l.purchase_id = ANY(%s::uuid[]) ORDER BY l.purchase_id, l.id
"""
ORDERS = """
SELECT o.id, o.external_id, o.shop_id, o.platform, o.state, o.refund, o.recipient_state, o.step, o.step_reason,
       coalesce(o.receivable_fen, o.paid_fen), o.margin_fen, o.cost_fen, o.province,
       (SELECT array_agg(h.kind || '|' || h.reason ORDER BY h.kind) FROM orders_hold h
         WHERE h.tenant_id = {tenant} AND h.order_id = o.id AND h.state = 'open'),
       s.name, s.external_id, o.courier_demand
FROM orders_order o JOIN accounts_shop s ON s.tenant_id = {tenant} AND s.id = o.shop_id
WHERE o.tenant_id = {tenant} AND o.id = ANY(%s::uuid[]) ORDER BY o.id
"""


@dataclass(frozen=True, slots=True)
class BuyLine:
    """One line of a purchase, with the offer and option that supply it ("" where the link names none).

    Where a factory on the shop's platform supplies it, those are the shop's own line and its SKU. ``shop_line`` "" for
    what no line asks for; ``shop_pieces``: all that the line asks for, over all suppliers.
    """

    purchase_id: UUID
    id: UUID
    assignment_id: UUID
    demand_id: UUID
    order_id: UUID
    sku_id: UUID
    qty: int
    goods_fen: int | None
    state: str
    offer_ref: str
    spec_ref: str
    frozen: bool
    supplier_sku: str
    shipped_qty: int
    live: bool
    shop_line: str
    shop_sku: str
    shop_pieces: int


@dataclass(frozen=True, slots=True)
class BuyOrder:
    """One order behind a purchase. ``holds``: the reasons that stop it, in Chinese."""

    id: UUID
    number: str
    shop_id: UUID
    platform: str
    state: str
    refund: str
    recipient_state: str
    step: str
    step_reason: str
    income_fen: int | None
    margin_fen: int | None
    cost_fen: int | None
    province: str
    holds: tuple[str, ...]
    shop_name: str
    shop_external_id: str
    courier_demand: str


@dataclass(frozen=True, slots=True)
class BuyPurchase:
    """One purchase with its living lines and its orders. ``factory``: it is handed to this one by API, "" it is not."""

    id: UUID
    number: str
    plain_number: str
    supplier_id: UUID
    supplier: str
    shop_id: UUID
    state: str
    sent: bool
    handover: bool
    goods_fen: int | None
    freight_fen: int | None
    note: str
    order_id: UUID
    due_by: datetime | None
    connection_id: UUID | None
    factory: str
    lines: tuple[BuyLine, ...]
    orders: tuple[BuyOrder, ...]

    @property
    def planned_fen(self) -> int | None:
        """Goods and freight as planned; None where either is not known."""
        return None if self.goods_fen is None or self.freight_fen is None else self.goods_fen + self.freight_fen


def load(purchase_ids: Collection[UUID]) -> list[BuyPurchase]:
    """These purchases as they stand now."""
    if not purchase_ids:
        return []
    lines: dict[UUID, list[BuyLine]] = {}
    for row in bulk.select(LINES, [list(purchase_ids)]):
        lines.setdefault(row[0], []).append(BuyLine(*row))
    orders = {o.id: o for o in _orders(sorted({x.order_id for listed in lines.values() for x in listed}))}
    found = []
    for row in bulk.select(PURCHASES, [list(purchase_ids)]):
        mine = tuple(lines.get(row[0], ()))
        living = tuple(x for x in mine if x.live)
        named = dict.fromkeys(x.order_id for x in (living or mine))
        if row[-1]:
            living = tuple(replace(x, offer_ref=x.shop_line, spec_ref=x.shop_sku, frozen=False) for x in living)
        values: list[Any] = [*row, living, tuple(orders[i] for i in named)]
        found.append(BuyPurchase(*values))
    return found


def _orders(order_ids: Sequence[UUID]) -> list[BuyOrder]:
    return [_order(r) for r in bulk.select(ORDERS, [list(order_ids)])]


def _order(row: tuple[Any, ...]) -> BuyOrder:
    (*facts, holds, shop_name, shop_external, demand) = row
    pairs = [str(h).split("|", 1) for h in holds or ()]
    stopping = tuple(reason for kind, reason in pairs if blocks(HoldKind(kind)))
    values: list[Any] = [*facts, stopping, shop_name, shop_external, demand]
    return BuyOrder(*values)


def drafts_by_api(limit: int = 500) -> list[UUID]:
    """Draft purchases of suppliers that take orders by API and that nobody has queued yet."""
    found = bulk.select(
        "SELECT p.id FROM purchasing_purchaseorder p"
        " JOIN purchasing_supplier s ON s.tenant_id = {tenant} AND s.id = p.supplier_id"
        f" AND {BY_API}"
        " WHERE p.tenant_id = {tenant} AND p.state = 'draft' AND NOT EXISTS (SELECT 1 FROM mailroom_outbox b"
        " WHERE b.tenant_id = {tenant} AND b.subject_id = p.id AND b.kind = 'buy' AND b.state <> 'void')"
        " ORDER BY p.id LIMIT %s",
        [limit],
    )
    return [i for (i,) in found]


def spent_today(day_start: datetime, supplier_id: UUID | None = None) -> int:
    """What was placed by API since then, fen: all suppliers, or one."""
    found = bulk.select(
        "SELECT coalesce(sum(coalesce(x.total_fen, x.quoted_fen)), 0) FROM purchasing_placement x"
        " JOIN purchasing_purchaseorder p ON p.tenant_id = {tenant} AND p.id = x.purchase_id"
        " WHERE x.tenant_id = {tenant} AND x.created_at >= %s AND x.state NOT IN ('refused', 'closed')"
        " AND (%s::uuid IS NULL OR p.supplier_id = %s::uuid)",
        [day_start, supplier_id, supplier_id],
    )
    return int(found[0][0])
