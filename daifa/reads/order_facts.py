"""The facts of many orders for ``next_step``, in one query."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from daifa.base import bulk
from daifa.kit.values import dataclass
from daifa.reads.buy_facts import BY_API

SQL = """
WITH o AS (
  SELECT x.id, x.state, x.refund, x.cash_on_delivery, x.lines_missing, x.platform, x.shop_id, x.paid_at, x.ordered_at,
         x.ship_by, x.ship_not_before, x.paid_fen, x.receivable_fen, x.province, x.unrouted,
         'presale' = ANY(string_to_array(x.waits, ',')) AS presale,
         coalesce(nullif(x.recipient_path, ''), s.recipient_path) = 'handover' AS handover,
         s.dial = 'automatic' AS automatic
  FROM orders_order x JOIN accounts_shop s ON s.tenant_id = {tenant} AND s.id = x.shop_id
  WHERE x.tenant_id = {tenant} AND x.id = ANY(%(ids)s::uuid[])
), l AS (
  SELECT order_id, count(*) AS lines,
         count(*) FILTER (WHERE match = 'none' AND refund <> 'full' AND state <> 'cancelled') AS unmatched
  FROM orders_line WHERE tenant_id = {tenant} AND order_id = ANY(%(ids)s::uuid[]) GROUP BY order_id
), d AS (
  SELECT order_id, sum(qty) FILTER (WHERE closed_cause = '') AS demanded,
         sum(qty - assigned_qty) FILTER (WHERE closed_cause = '') AS open_pieces,
         sum(qty) FILTER (WHERE closed_cause <> '') AS closed_elsewhere
  FROM orders_demand WHERE tenant_id = {tenant} AND order_id = ANY(%(ids)s::uuid[]) GROUP BY order_id
), h AS (
  SELECT order_id, array_agg(kind ORDER BY kind) AS kinds, array_agg(reason ORDER BY kind) AS reasons
  FROM orders_hold WHERE tenant_id = {tenant} AND state = 'open' AND order_id = ANY(%(ids)s::uuid[]) GROUP BY order_id
), p AS (
  SELECT x.order_id,
         sum(x.qty) FILTER (WHERE p.sent_at IS NULL) AS unsent,
         sum(x.qty - x.shipped_qty) FILTER (WHERE p.sent_at IS NOT NULL) AS waiting,
         sum(x.shipped_qty) AS shipped,
         bool_and({by_api}) FILTER (WHERE p.sent_at IS NULL) AS by_api,
         bool_and(p.factory <> '') AS handed
  FROM purchasing_purchaseline x
  JOIN purchasing_purchaseorder p ON p.tenant_id = {tenant} AND p.id = x.purchase_id
  JOIN purchasing_supplier s ON s.tenant_id = {tenant} AND s.id = p.supplier_id
  WHERE x.tenant_id = {tenant} AND x.live AND x.order_id = ANY(%(ids)s::uuid[]) GROUP BY x.order_id
), r AS (
  SELECT order_id, count(*) FILTER (WHERE state = 'waiting') AS fresh,
         count(*) FILTER (WHERE state IN ('in_file', 'calling')) AS in_file,
         count(*) FILTER (WHERE state = 'uploaded') AS told,
         count(*) FILTER (WHERE state = 'confirmed') AS confirmed,
         count(*) FILTER (WHERE state = 'refused' AND NOT EXISTS (SELECT 1 FROM logistics_shipmentreport n
           WHERE n.tenant_id = {tenant} AND n.parcel_id = x.parcel_id AND n.order_id = x.order_id
           AND n.version > x.version)) AS refused
  FROM logistics_shipmentreport x WHERE tenant_id = {tenant} AND order_id = ANY(%(ids)s::uuid[]) GROUP BY order_id
), q AS (
  SELECT DISTINCT ON (order_id) order_id, reason AS stuck,
         state = 'held' AND coalesce(result ->> 'mend', '') <> '' AS mended
  FROM mailroom_outbox
  WHERE tenant_id = {tenant} AND order_id = ANY(%(ids)s::uuid[]) AND kind = 'buy' AND state IN ('held', 'person')
  ORDER BY order_id, reason
), s AS (
  SELECT order_id, count(*) AS steps FROM support_casestep
  WHERE tenant_id = {tenant} AND state = 'open' AND order_id = ANY(%(ids)s::uuid[]) GROUP BY order_id
)
SELECT o.id, o.state, o.refund, o.cash_on_delivery, o.lines_missing, coalesce(l.lines, 0), coalesce(l.unmatched, 0),
       h.kinds, h.reasons, coalesce(d.demanded, 0), coalesce(d.open_pieces, 0), coalesce(d.closed_elsewhere, 0),
       coalesce(p.unsent, 0), coalesce(p.waiting, 0), coalesce(p.shipped, 0), coalesce(r.fresh, 0),
       coalesce(r.in_file, 0), coalesce(r.told, 0), coalesce(r.confirmed, 0), coalesce(s.steps, 0),
       o.platform, o.shop_id, o.paid_at, o.ordered_at, o.ship_by, o.ship_not_before, o.paid_fen, o.receivable_fen,
       o.province, o.handover, o.automatic, o.unrouted, coalesce(p.by_api, false), coalesce(q.stuck, ''),
       coalesce(p.handed, false), coalesce(r.refused, 0), o.presale, coalesce(q.mended, false)
FROM o LEFT JOIN l ON l.order_id = o.id LEFT JOIN d ON d.order_id = o.id LEFT JOIN h ON h.order_id = o.id
LEFT JOIN p ON p.order_id = o.id LEFT JOIN r ON r.order_id = o.id LEFT JOIN s ON s.order_id = o.id
LEFT JOIN q ON q.order_id = o.id
""".replace("{by_api}", BY_API)


@dataclass(frozen=True, slots=True)
class Row:
    """One order's facts as the database counts them."""

    id: UUID
    state: str
    refund: str
    cash_on_delivery: bool
    lines_missing: bool
    lines: int
    unmatched: int
    hold_kinds: Sequence[str] | None
    hold_reasons: Sequence[str] | None
    demanded: int
    open_pieces: int
    closed_elsewhere: int
    unsent: int
    waiting: int
    shipped: int
    reports_new: int
    reports_in_file: int
    reports_told: int
    reports_confirmed: int
    after_sale_steps: int
    platform: str
    shop_id: UUID
    paid_at: datetime | None
    ordered_at: datetime | None
    ship_by: datetime | None
    ship_not_before: datetime | None
    paid_fen: int | None
    receivable_fen: int | None
    province: str
    handover: bool
    automatic: bool
    unrouted: str
    by_api: bool
    stuck: str
    handed: bool
    reports_refused: int
    presale: bool
    mended: bool


def load(order_ids: Sequence[UUID]) -> list[Row]:
    """The facts of these orders."""
    if not order_ids:
        return []
    return [Row(*r) for r in bulk.select_named(SQL, {"ids": list(order_ids)})]
