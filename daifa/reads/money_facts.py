"""What the clock and the margin of orders need: their money, what was bought for them, where they go."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from daifa.base import bulk
from daifa.kit.values import dataclass

SQL = """
WITH b AS (
  SELECT order_id, sum(goods_fen)::bigint AS goods, sum(freight_fen)::bigint AS freight, count(*) AS lines,
         count(*) FILTER (WHERE goods_fen IS NULL) AS unknown_goods,
         count(*) FILTER (WHERE freight_fen IS NULL) AS unknown_freight
  FROM purchasing_purchaseline
  WHERE tenant_id = {tenant} AND live AND order_id = ANY(%(ids)s::uuid[]) GROUP BY order_id
)
SELECT o.id, o.platform, o.shop_id, o.state, o.refund, o.paid_at, o.ordered_at, o.ship_by, o.ship_not_before,
       o.cash_on_delivery, o.province, o.city, o.district, o.amount_fen, o.freight_fen, o.paid_fen, o.receivable_fen,
       o.refunded_fen, o.commission_fen, o.platform_fee_fen, o.insurance_fen, o.promoted,
       b.goods, b.freight,
       coalesce(b.lines, 0), coalesce(b.unknown_goods, 0), coalesce(b.unknown_freight, 0)
FROM orders_order o LEFT JOIN b ON b.order_id = o.id
WHERE o.tenant_id = {tenant} AND o.id = ANY(%(ids)s::uuid[]) ORDER BY o.id
"""


# LATERAL … OFFSET 0: one look-up in an index per demand, whatever the statistics believe. Of a company whose first
# purchases are in this very transaction they believe that there are none, and plain joins read all for each.
BY_LINE = """
SELECT d.order_id, d.line_id, sum(b.goods_fen)::bigint, count(b.id), count(b.id) FILTER (WHERE b.goods_fen IS NULL),
       bool_or(d.closed_cause <> '')
FROM orders_demand d
LEFT JOIN LATERAL (
  SELECT l.id, l.goods_fen FROM purchasing_assignment a CROSS JOIN LATERAL (
    SELECT x.id, x.goods_fen FROM purchasing_purchaseline x
    WHERE x.tenant_id = {tenant} AND x.assignment_id = a.id AND x.live OFFSET 0) l
  WHERE a.tenant_id = {tenant} AND a.demand_id = d.id AND a.live OFFSET 0) b ON true
WHERE d.tenant_id = {tenant} AND d.order_id = ANY(%s::uuid[]) GROUP BY d.order_id, d.line_id
"""


@dataclass(frozen=True, slots=True)
class LineCost:
    """What was bought for one line: goods in fen over its live purchase lines, how many, how many without price."""

    goods_fen: int | None
    bought: int
    unknown: int
    closed: bool


def line_costs(order_ids: Sequence[UUID]) -> dict[UUID, LineCost]:
    """What was bought for each line that demands something, by line."""
    found = bulk.select(BY_LINE, [list(order_ids)])
    return {line: LineCost(goods, bought, unknown, closed) for _, line, goods, bought, unknown, closed in found if line}


@dataclass(frozen=True, slots=True)
class MoneyRow:
    """One order's money and place; goods and freight are sums over its live purchase lines."""

    id: UUID
    platform: str
    shop_id: UUID
    state: str
    refund: str
    paid_at: datetime | None
    ordered_at: datetime | None
    ship_by: datetime | None
    ship_not_before: datetime | None
    cash_on_delivery: bool
    province: str
    city: str
    district: str
    amount_fen: int | None
    freight_fen: int | None
    paid_fen: int | None
    receivable_fen: int | None
    refunded_fen: int | None
    commission_fen: int | None
    platform_fee_fen: int | None
    insurance_fen: int | None
    promoted: bool | None
    goods_fen: int | None
    bought_freight_fen: int | None
    bought_lines: int
    unknown_goods: int
    unknown_freight: int


def load(order_ids: Sequence[UUID]) -> list[MoneyRow]:
    """The money facts of these orders."""
    return [MoneyRow(*r) for r in bulk.select_named(SQL, {"ids": list(order_ids)})] if order_ids else []
