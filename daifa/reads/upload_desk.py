"""The screen 上传平台: numbers that were told and are not confirmed, refused ones, and counts per shop."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta
from uuid import UUID

from daifa.areas.logistics.rules.confirming import other_number, platform_numbers
from daifa.base import bulk
from daifa.kit.values import dataclass

OPEN = """
SELECT r.id, r.order_id, r.shop_id, sh.name, sh.platform, o.external_id, r.courier, r.tracking_number, r.state,
       r.refusal, coalesce(r.told_at, f.downloaded_at), f.name, o.state, o.parcels, o.due_by, o.risk_fen
FROM logistics_shipmentreport r
JOIN orders_order o ON o.tenant_id = {tenant} AND o.id = r.order_id
JOIN accounts_shop sh ON sh.tenant_id = {tenant} AND sh.id = r.shop_id
LEFT JOIN logistics_shipfile f ON f.tenant_id = {tenant} AND f.id = r.ship_file_id
WHERE r.tenant_id = {tenant} AND r.shop_id = ANY(%(shops)s::uuid[])
AND (r.state = 'uploaded' OR (r.state = 'in_file' AND f.downloaded_at IS NOT NULL)
     OR (r.state = 'refused' AND NOT EXISTS (SELECT 1 FROM logistics_shipmentreport n WHERE n.tenant_id = {tenant}
         AND n.parcel_id = r.parcel_id AND n.order_id = r.order_id AND n.version > r.version)))
ORDER BY o.due_by NULLS LAST, r.id LIMIT %(limit)s
"""
COUNTS = """
SELECT r.shop_id, r.state, count(*) FILTER (WHERE coalesce(r.told_at, f.downloaded_at) < %(late)s), count(*)
FROM logistics_shipmentreport r
LEFT JOIN logistics_shipfile f ON f.tenant_id = {tenant} AND f.id = r.ship_file_id
WHERE r.tenant_id = {tenant} AND r.shop_id = ANY(%(shops)s::uuid[]) AND r.state IN ('waiting', 'in_file', 'uploaded')
GROUP BY r.shop_id, r.state
"""
TELLING = """
SELECT connection_id, count(*) FILTER (WHERE state = 'ready'), count(*) FILTER (WHERE state IN ('calling', 'unknown')),
       count(*) FILTER (WHERE state IN ('person', 'held', 'refused')),
       count(*) FILTER (WHERE state = 'confirmed' AND answered_at >= %(since)s)
FROM mailroom_outbox WHERE tenant_id = {tenant} AND kind = 'ship' AND connection_id = ANY(%(lines)s::uuid[])
GROUP BY connection_id
"""
AT_SUPPLIERS = """
SELECT o.shop_id, count(*)::int FROM orders_order o
WHERE o.tenant_id = {tenant} AND o.tab = 'supplier' AND o.step = 'tracking' AND o.shop_id = ANY(%(shops)s::uuid[])
GROUP BY o.shop_id
"""
MOST = 2000


@dataclass(frozen=True, slots=True)
class OpenReport:
    """A number that a shop was told. ``late``: longer ago than the setting allows; ``note``: what is strange."""

    id: UUID
    order_id: UUID
    shop_id: UUID
    shop: str
    platform: str
    order_no: str
    courier: str
    tracking_number: str
    state: str
    refusal: str
    told_at: datetime | None
    file: str
    due_by: datetime | None
    risk_fen: int
    late: bool
    note: str


@dataclass(frozen=True, slots=True)
class ShopCounts:
    """Reports of one shop: in no file, in a file, uploaded, and those told too long ago."""

    waiting: int = 0
    in_file: int = 0
    uploaded: int = 0
    late: int = 0


@dataclass(frozen=True, slots=True)
class Telling:
    """Boxes that are told by API: to be told, being asked after, waiting for a person, told and confirmed lately."""

    waiting: int = 0
    asking: int = 0
    stuck: int = 0
    told: int = 0


def telling(connection_ids: Collection[UUID], *, since: datetime) -> dict[UUID, Telling]:
    """How the telling by API stands on each of these connections; ``told`` since that moment."""
    rows = bulk.select_named(TELLING, {"lines": sorted(connection_ids), "since": since})
    return {line: Telling(*numbers) for line, *numbers in rows}


def at_suppliers(shop_ids: Collection[UUID]) -> dict[UUID, int]:
    """How many orders of each shop wait for their suppliers' numbers."""
    return dict(bulk.select_named(AT_SUPPLIERS, {"shops": sorted(shop_ids)}))


def open_reports(shop_ids: Collection[UUID], *, hours: int, now: datetime) -> list[OpenReport]:
    """Told and not settled, the nearest deadline first; late after ``hours``."""
    rows = bulk.select_named(OPEN, {"shops": sorted(shop_ids), "limit": MOST})
    found = []
    for row in rows:
        *first, told, file, order_state, on_platform, due, risk = row
        late = told is not None and told < now - timedelta(hours=hours) and first[8] != "refused"
        note = other_number(order_state, platform_numbers(on_platform), first[7])
        found.append(OpenReport(*(*first, told, file or "", due, risk, late, note)))
    return found


def counts(shop_ids: Collection[UUID], *, hours: int, now: datetime) -> dict[UUID, ShopCounts]:
    """How the reports of each shop stand."""
    found: dict[UUID, dict[str, int]] = {}
    late = now - timedelta(hours=hours)
    for shop, state, overdue, n in bulk.select_named(COUNTS, {"shops": sorted(shop_ids), "late": late}):
        mine = found.setdefault(shop, {"late": 0})
        mine[state] = n
        mine["late"] += overdue if state != "waiting" else 0
    return {shop: ShopCounts(**values) for shop, values in found.items()}
