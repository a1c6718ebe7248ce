"""What operators' rules look at of many orders, in one query; the sealed part is opened by the caller."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import fields
from datetime import datetime
from uuid import UUID

import orjson

from daifa.base import bulk
from daifa.kit.values import dataclass

SQL = """
WITH l AS (
  SELECT order_id, array_agg(title ORDER BY n, id) AS titles FROM orders_line
  WHERE tenant_id = {tenant} AND order_id = ANY(%(ids)s::uuid[]) GROUP BY order_id
), d AS (
  SELECT d.order_id, array_agg(DISTINCT s.code) AS codes FROM orders_demand d
  JOIN catalog_sku s ON s.tenant_id = {tenant} AND s.id = d.sku_id
  WHERE d.tenant_id = {tenant} AND d.order_id = ANY(%(ids)s::uuid[]) GROUP BY d.order_id
), a AS (
  SELECT order_id, array_agg(DISTINCT supplier_id) AS suppliers FROM purchasing_assignment
  WHERE tenant_id = {tenant} AND live AND order_id = ANY(%(ids)s::uuid[]) GROUP BY order_id
)
SELECT o.id, o.external_id, o.platform, o.shop_id, o.state, o.province, o.city, o.amount_fen, o.paid_fen,
       o.receivable_fen, o.margin_fen, o.quantity, o.flag, o.paid_at, o.tags, o.priority, o.cash_on_delivery, o.refund,
       o.ruled, o.has_note, o.has_memo, l.titles, d.codes, a.suppliers
FROM orders_order o LEFT JOIN l ON l.order_id = o.id LEFT JOIN d ON d.order_id = o.id LEFT JOIN a ON a.order_id = o.id
WHERE o.tenant_id = {tenant} AND o.id = ANY(%(ids)s::uuid[]) ORDER BY o.id
"""
PAST = """
SELECT id FROM orders_order
WHERE tenant_id = {tenant} AND paid_at >= %(since)s AND shop_id = ANY(%(shops)s::uuid[])
ORDER BY paid_at DESC, id LIMIT %(most)s
"""
PAST_ALL = """
SELECT id FROM orders_order WHERE tenant_id = {tenant} AND paid_at >= %(since)s
ORDER BY paid_at DESC, id LIMIT %(most)s
"""
MARKED = """
SELECT EXISTS (SELECT 1 FROM orders_order WHERE tenant_id = {tenant} AND id = ANY(%s::uuid[]) AND ruled <> '{}')
"""


@dataclass(frozen=True, slots=True)
class RuleOrder:
    """One order as rules see it, with its marks; ``margin_fen`` as it was last stored."""

    id: UUID
    number: str
    platform: str
    shop_id: UUID
    state: str
    province: str
    city: str
    amount_fen: int | None
    paid_fen: int | None
    receivable_fen: int | None
    margin_fen: int | None
    quantity: int
    flag: str
    paid_at: datetime | None
    tags: str
    priority: int
    cash_on_delivery: bool
    refund: str
    ruled: Mapping[str, object]
    has_note: bool
    has_memo: bool
    titles: Sequence[str] | None
    sku_codes: Sequence[str] | None
    suppliers: Sequence[UUID] | None


RULED = [f.name for f in fields(RuleOrder)].index("ruled")


def load(order_ids: Sequence[UUID]) -> list[RuleOrder]:
    """The facts of these orders, by id."""
    if not order_ids:
        return []
    made = []
    for row in bulk.select_named(SQL, {"ids": list(order_ids)}):
        values = list(row)
        # Django hands JSON of hand-written statements over as text.
        values[RULED] = orjson.loads(values[RULED]) if isinstance(values[RULED], str) else values[RULED]
        made.append(RuleOrder(*values))
    return made


def past(since: datetime, *, shops: Sequence[UUID] | None, most: int) -> list[UUID]:
    """Orders paid since then (of these shops), the latest first, at most ``most``."""
    if shops is None:
        return [i for (i,) in bulk.select_named(PAST_ALL, {"since": since, "most": most})]
    return [i for (i,) in bulk.select_named(PAST, {"since": since, "most": most, "shops": list(shops)})]


def any_marked(order_ids: Sequence[UUID]) -> bool:
    """Whether rules have put a mark on one of these orders."""
    [(found,)] = bulk.select(MARKED, [list(order_ids)])
    return bool(found)
