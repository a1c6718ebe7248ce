"""What screening looks at of many orders, in a handful of queries (the sealed part is opened by the caller)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from daifa.base import bulk
from daifa.kit.values import dataclass

ORDERS = """
SELECT o.id, o.external_id, o.shop_id, o.platform, o.state, o.refund, o.waits, o.ship_not_before, o.ship_by, o.due_by,
       o.paid_at, o.ordered_at, o.cash_on_delivery, o.lines_missing, o.recipient_state,
       coalesce(nullif(o.recipient_path, ''), s.recipient_path), o.person_hash, o.province, o.city, o.district,
       o.consolidation, o.courier_demand, o.has_note, o.has_memo, o.amount_fen, o.freight_fen, o.paid_fen,
       o.receivable_fen, o.refunded_fen, o.commission_fen, o.platform_fee_fen, o.insurance_fen, o.quantity,
       o.version, o.flag, o.tags, CASE WHEN o.merge -> 'o' -> 'region' IS NOT NULL THEN o.merge::text END
FROM orders_order o JOIN accounts_shop s ON s.tenant_id = {tenant} AND s.id = o.shop_id
WHERE o.tenant_id = {tenant} AND o.id = ANY(%s::uuid[]) ORDER BY o.id
"""
LINES = """
SELECT l.order_id, l.id, l.title, l.spec, l.quantity, l.match, l.unit_price_fen, l.amount_fen, l.paid_fen,
       l.receivable_fen, l.refunded_fen, l.refund, l.listing_key, l.merchant_code, l.is_gift
FROM orders_line l JOIN orders_order o ON o.tenant_id = {tenant} AND o.id = l.order_id
WHERE l.tenant_id = {tenant} AND l.order_id = ANY(%s::uuid[])
AND NOT (l.state = 'cancelled' AND l.refund <> 'full' AND o.state <> 'cancelled' AND NOT EXISTS (
  SELECT 1 FROM orders_demand d WHERE d.tenant_id = {tenant} AND d.line_id = l.id AND d.assigned_qty > 0))
ORDER BY l.order_id, l.n, l.id
"""
# Goods are our SKUs where lines are matched: two listings, or two shops, sell the same thing.
TWINS = """
WITH mine AS (
  SELECT id, person_hash, coalesce(paid_at, ordered_at) AS at FROM orders_order
  WHERE tenant_id = {tenant} AND id = ANY(%s::uuid[]) AND person_hash <> ''
), pairs AS (
  SELECT m.id, t.id AS twin, t.external_id, coalesce(t.paid_at, t.ordered_at) AS at
  FROM mine m JOIN orders_order t ON t.tenant_id = {tenant} AND t.person_hash = m.person_hash AND t.id <> m.id
  AND t.person_hash <> ''
  WHERE t.state <> 'cancelled' AND t.refund <> 'full'
  AND coalesce(t.paid_at, t.ordered_at) BETWEEN m.at - %s AND m.at + %s
), ids AS (
  SELECT id FROM pairs UNION SELECT twin FROM pairs
), goods AS (
  SELECT order_id, string_agg(what, ',' ORDER BY what) AS what FROM (
    SELECT order_id, 'sku ' || sku_id || '*' || sum(qty) AS what FROM orders_demand
    WHERE tenant_id = {tenant} AND cause = 'line' AND order_id IN (SELECT id FROM ids) GROUP BY order_id, sku_id
    UNION ALL
    SELECT order_id, 'listing ' || listing_key || '*' || sum(quantity) FROM orders_line
    WHERE tenant_id = {tenant} AND match = 'none' AND order_id IN (SELECT id FROM ids) GROUP BY order_id, listing_key
  ) x GROUP BY order_id
)
SELECT p.id, p.external_id, p.at, p.twin FROM pairs p
JOIN goods a ON a.order_id = p.id JOIN goods b ON b.order_id = p.twin
WHERE a.what = b.what ORDER BY p.id, p.at
"""
# Orders of the same receiver, near in time, about which something can still be decided.
NEAR = """
SELECT DISTINCT t.id FROM orders_order m
JOIN orders_order t ON t.tenant_id = {tenant} AND t.person_hash = m.person_hash AND t.id <> m.id
AND t.person_hash <> ''
WHERE m.tenant_id = {tenant} AND m.id = ANY(%s::uuid[]) AND m.person_hash <> ''
AND t.tab IN ('match', 'hold', 'dispatch')
AND coalesce(t.paid_at, t.ordered_at) BETWEEN coalesce(m.paid_at, m.ordered_at) - %s
    AND coalesce(m.paid_at, m.ordered_at) + %s
"""
# An entry ``b`` of the blocklist hits the person ``s`` of an order.
BLOCKED_BY = """
((b.kind = 'phone' AND b.value_hash = s.phone_hash) OR (b.kind = 'name' AND b.value_hash = s.name_hash)
 OR (b.kind = 'person' AND b.value_hash = s.person_hash))
"""
BLOCKED = f"""
SELECT s.order_id, b.kind, b.reason FROM orders_orderperson s
JOIN compliance_blocked b ON b.tenant_id = {{tenant}} AND {BLOCKED_BY}
WHERE s.tenant_id = {{tenant}} AND s.order_id = ANY(%s::uuid[]) AND b.value_hash <> ''
"""
# Of the newest orders only: what is read for one order may not grow with the shop.
HABIT = """
WITH x AS (
  SELECT h.shop_id, o.amount, o.quantity FROM unnest(%s::uuid[]) AS h(shop_id) CROSS JOIN LATERAL (
    SELECT paid_fen AS amount, quantity FROM orders_order
    WHERE tenant_id = {tenant} AND shop_id = h.shop_id AND paid_at > %s AND state <> 'unpaid' AND paid_fen IS NOT NULL
    ORDER BY paid_at DESC LIMIT %s) o
), m AS (
  SELECT shop_id, count(*) AS n, percentile_disc(0.5) WITHIN GROUP (ORDER BY amount) AS amount,
         percentile_disc(0.5) WITHIN GROUP (ORDER BY quantity) AS quantity
  FROM x GROUP BY shop_id
)
SELECT m.shop_id, m.n, m.amount, percentile_disc(0.5) WITHIN GROUP (ORDER BY abs(x.amount - m.amount)),
       m.quantity, percentile_disc(0.5) WITHIN GROUP (ORDER BY abs(x.quantity - m.quantity))
FROM m JOIN x ON x.shop_id = m.shop_id GROUP BY m.shop_id, m.n, m.amount, m.quantity
"""
HABIT_DAYS = timedelta(days=30)
HABIT_ORDERS = 1000
STANDING = """
SELECT order_id, id, kind, line_id, fingerprint, reason, raised_by, state FROM orders_hold
WHERE tenant_id = {tenant} AND order_id = ANY(%s::uuid[]) AND state IN ('open', 'cleared')
"""
# LATERAL … OFFSET 0 as in ``money_facts``: by index whatever the statistics say of a company's first big file.
BOUGHT = """
SELECT d.order_id, sum(d.qty - d.assigned_qty) FILTER (WHERE d.closed_cause = ''),
       count(b.id) FILTER (WHERE b.sent_at IS NULL), coalesce(bool_and(b.factory <> ''), true),
       bool_and(b.shipped_qty >= b.qty)
FROM orders_demand d
LEFT JOIN LATERAL (
  SELECT l.id, l.qty, l.shipped_qty, p.sent_at, p.factory FROM purchasing_purchaseline l CROSS JOIN LATERAL (
    SELECT x.sent_at, x.factory FROM purchasing_purchaseorder x
    WHERE x.tenant_id = {tenant} AND x.id = l.purchase_id OFFSET 0) p
  WHERE l.tenant_id = {tenant} AND l.order_id = d.order_id AND l.live OFFSET 0) b ON true
WHERE d.tenant_id = {tenant} AND d.order_id = ANY(%s::uuid[]) GROUP BY d.order_id
"""
# Whether the platform knows every number that it is to be told.
TOLD = """
SELECT x.order_id, bool_and(x.state IN ('uploaded', 'confirmed')) FROM logistics_shipmentreport x
WHERE x.tenant_id = {tenant} AND x.order_id = ANY(%s::uuid[])
AND (x.state IN ('waiting', 'in_file', 'calling', 'uploaded', 'confirmed')
  OR (x.state = 'refused' AND NOT EXISTS (SELECT 1 FROM logistics_shipmentreport n WHERE n.tenant_id = {tenant}
    AND n.parcel_id = x.parcel_id AND n.order_id = x.order_id AND n.version > x.version)))
GROUP BY x.order_id
"""
REFUNDS = """
SELECT order_id, array_agg(external_id ORDER BY external_id) FROM support_case
WHERE tenant_id = {tenant} AND order_id = ANY(%s::uuid[]) AND state IN ('applied', 'partly') GROUP BY order_id
"""
# Rows of another shop's files that were refused because their number is this order's.
CONFLICTS = """
SELECT o.id, string_agg(DISTINCT s.name, '、') FROM orders_order o
CROSS JOIN LATERAL (
  SELECT x.imported_id FROM mailroom_importrow x
  WHERE x.tenant_id = {tenant} AND x.object_id = o.id AND x.outcome = 'rejected' OFFSET 0) r
JOIN mailroom_import i ON i.tenant_id = {tenant} AND i.id = r.imported_id
JOIN accounts_shop s ON s.tenant_id = {tenant} AND s.id = i.shop_id
WHERE o.tenant_id = {tenant} AND o.id = ANY(%s::uuid[]) AND i.shop_id <> o.shop_id
AND i.kind = 'orders' AND i.state IN ('running', 'done', 'cancelled')
GROUP BY o.id
"""


WISHES = """
SELECT order_id, id, province || city || district FROM orders_addresswish
WHERE tenant_id = {tenant} AND order_id = ANY(%s::uuid[]) AND state = 'open'
"""
BLOCKING = """
SELECT kind, reason FROM compliance_blocked WHERE tenant_id = {tenant} AND value_hash <> ''
AND (kind, value_hash) IN (('phone', %s), ('name', %s), ('person', %s))
"""


@dataclass(frozen=True, slots=True)
class OrderFact:
    """One order's own columns; ``merge`` is the JSON of the merge rule where it holds a region of its own."""

    id: UUID
    number: str
    shop_id: UUID
    platform: str
    state: str
    refund: str
    waits: str
    ship_not_before: datetime | None
    ship_by: datetime | None
    due_by: datetime | None
    paid_at: datetime | None
    ordered_at: datetime | None
    cash_on_delivery: bool
    lines_missing: bool
    recipient_state: str
    recipient_path: str
    person_hash: bytes
    province: str
    city: str
    district: str
    consolidation: str
    courier_demand: str
    has_note: bool
    has_memo: bool
    amount_fen: int | None
    freight_fen: int | None
    paid_fen: int | None
    receivable_fen: int | None
    refunded_fen: int | None
    commission_fen: int | None
    platform_fee_fen: int | None
    insurance_fen: int | None
    quantity: int
    version: int
    flag: str
    tags: str
    merge: str | None


@dataclass(frozen=True, slots=True)
class LineFact:
    """One line's own columns."""

    id: UUID
    title: str
    spec: str
    quantity: int
    match: str
    unit_price_fen: int | None
    amount_fen: int | None
    paid_fen: int | None
    receivable_fen: int | None
    refunded_fen: int | None
    refund: str
    listing_key: str
    merchant_code: str
    is_gift: bool


@dataclass(frozen=True, slots=True)
class HoldFact:
    """One open or cleared hold."""

    id: UUID
    kind: str
    line_id: UUID | None
    fingerprint: str
    reason: str
    raised_by: str
    state: str


@dataclass(frozen=True, slots=True)
class HabitFact:
    """What a shop's orders usually are."""

    orders: int
    amount_median_fen: int
    amount_mad_fen: int
    quantity_median: int
    quantity_mad: int


@dataclass(frozen=True, slots=True)
class Loaded:
    """Everything of these orders, by order (habits by shop).

    ``handed``: what is bought already goes to factories by API, all of it; absent where nothing is demanded.
    ``shipped``: all that is bought is shipped; absent where nothing is. ``told``: the platform knows of every parcel;
    absent where it is to be told of none.
    """

    orders: Sequence[OrderFact]
    lines: Mapping[UUID, list[LineFact]]
    twins: Mapping[UUID, list[tuple[str, datetime]]]
    blocked: Mapping[UUID, list[tuple[str, str]]]
    habits: Mapping[UUID, HabitFact]
    holds: Mapping[UUID, list[HoldFact]]
    open_pieces: Mapping[UUID, int]
    unsent: Mapping[UUID, int]
    handed: Mapping[UUID, bool]
    shipped: Mapping[UUID, bool]
    told: Mapping[UUID, bool]
    refunds: Mapping[UUID, list[str]]
    conflicts: Mapping[UUID, str]
    wishes: Mapping[UUID, tuple[str, str]]


def load(order_ids: Sequence[UUID], *, now: datetime, duplicate_hours: int) -> Loaded:
    """The facts of these orders."""
    ids = list(order_ids)
    orders = [OrderFact(*r) for r in bulk.select(ORDERS, [ids])]
    span = timedelta(hours=duplicate_hours)
    bought = bulk.select(BOUGHT, [ids])
    shops = sorted({o.shop_id for o in orders})
    habits = bulk.select(HABIT, [shops, now - HABIT_DAYS, HABIT_ORDERS])
    return Loaded(
        orders=orders,
        lines=lines(ids),
        twins=_grouped([(i, (number, at)) for i, number, at, _ in bulk.select(TWINS, [ids, span, span])]),
        blocked=_grouped([(i, (kind, reason)) for i, kind, reason in bulk.select(BLOCKED, [ids])]),
        habits={shop: HabitFact(*rest) for shop, *rest in habits},
        holds=_grouped([(i, HoldFact(*rest)) for i, *rest in bulk.select(STANDING, [ids])]),
        open_pieces={i: int(pieces or 0) for i, pieces, *_ in bought},
        unsent={i: int(unsent) for i, _, unsent, *_ in bought},
        handed={i: handed for i, _, _, handed, _ in bought},
        shipped={i: shipped for i, *_, shipped in bought if shipped is not None},
        told=dict(bulk.select(TOLD, [ids])),
        refunds={i: list(numbers) for i, numbers in bulk.select(REFUNDS, [ids])},
        conflicts=dict(bulk.select(CONFLICTS, [ids])),
        wishes={i: (str(wish), place) for i, wish, place in bulk.select(WISHES, [ids])},
    )


def blocked_by(phone: bytes, name: bytes, person: bytes) -> list[tuple[str, str]]:
    """Entries of the blocklist, kind and reason, that these keyed hashes hit."""
    return [(kind, reason) for kind, reason in bulk.select(BLOCKING, [phone, name, person])]


def twins(order_id: UUID, *, hours: int) -> list[UUID]:
    """Living orders of the same receiver and the same goods within so many hours, the earliest first."""
    span = timedelta(hours=hours)
    return [twin for *_, twin in bulk.select(TWINS, [[order_id], span, span])]


def near(order_ids: Sequence[UUID], *, hours: int) -> list[UUID]:
    """Other orders of the same receivers within so many hours: what is found of these changes what is found of them."""
    span = timedelta(hours=hours)
    return [i for (i,) in bulk.select(NEAR, [list(order_ids), span, span])] if order_ids and hours else []


def lines(order_ids: Sequence[UUID]) -> dict[UUID, list[LineFact]]:
    """The lines of these orders, in their order; not those that left an order that goes on, with nothing bought."""
    return _grouped([(i, LineFact(*rest)) for i, *rest in bulk.select(LINES, [list(order_ids)])])


def _grouped[V](pairs: Sequence[tuple[UUID, V]]) -> dict[UUID, list[V]]:
    found: dict[UUID, list[V]] = defaultdict(list)
    for key, value in pairs:
        found[key].append(value)
    return found
