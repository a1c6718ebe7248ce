"""Orders whose clock moved them, and what has outlived its time: what the periodic sweep has to look at."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from daifa.base import bulk
from daifa.ports.shop import OVER
from daifa.reads.order_filters import MOVING

OPEN_TABS = ("match", "hold", "dispatch", "supplier", "report", "aftersale")
# Told by what stands, not by when somebody last looked: a worker that slept for hours misses nothing.
MOVED = """
SELECT o.id FROM orders_order o WHERE o.tenant_id = {tenant} AND o.tab = ANY(%(moving)s::text[])
AND o.step <> 'confirm' AND o.state <> ALL(%(over)s::text[]) AND o.due_by <= %(near)s
AND NOT EXISTS (SELECT 1 FROM orders_hold h WHERE h.tenant_id = {tenant} AND h.order_id = o.id
  AND h.kind IN ('deadline_near', 'overdue'))
UNION
SELECT o.id FROM orders_order o JOIN orders_hold h ON h.tenant_id = {tenant} AND h.order_id = o.id
WHERE o.tenant_id = {tenant} AND h.state = 'open' AND ((h.kind = 'deadline_near' AND o.due_by < %(now)s)
  OR (h.kind IN ('deadline_near', 'overdue') AND (o.tab = 'shipped' OR o.step = 'confirm')))
UNION
SELECT o.id FROM orders_order o JOIN orders_hold h ON h.tenant_id = {tenant} AND h.order_id = o.id
WHERE o.tenant_id = {tenant} AND h.state = 'open'
AND ((h.kind = 'not_to_ship_yet' AND o.ship_not_before <= %(now)s)
  OR (h.kind = 'no_supply' AND EXISTS (SELECT 1 FROM orders_demand d JOIN purchasing_supplylink l
    ON l.tenant_id = {tenant} AND l.sku_id = d.sku_id AND l.live
    WHERE d.tenant_id = {tenant} AND d.order_id = o.id AND d.closed_cause = '')))
"""
UNFINISHED = """
SELECT id FROM orders_order WHERE tenant_id = {tenant} AND tab = ANY(%(tabs)s::text[]) AND id > %(after)s
ORDER BY id LIMIT %(most)s
"""
OLD_PERSONS = """
SELECT s.id, s.order_id FROM orders_orderperson s
JOIN orders_order o ON o.tenant_id = {tenant} AND o.id = s.order_id
WHERE s.tenant_id = {tenant} AND s.sealed <> '' AND o.tab IN ('done', 'closed', 'shipped')
AND o.updated_at < %(before)s AND coalesce(o.finished_at, o.shipped_at, o.paid_at, o.updated_at) < %(before)s
ORDER BY s.id LIMIT %(most)s
"""
START = UUID(int=0)


def moved(now: datetime, near: datetime) -> list[UUID]:
    """Orders that time alone has moved: their day has come, their deadline is nearer than ``near`` and not told, or is
    over, or told of though they have left, or nobody who offers them could supply them (stock comes back, and a report
    of none grows too old to be believed)."""
    given = {"moving": list(MOVING), "over": [s.value for s in OVER], "now": now, "near": near}
    return sorted(i for (i,) in bulk.select_named(MOVED, given))


def unfinished(after: UUID, most: int) -> list[UUID]:
    """Open orders in id order, after the given one."""
    given = {"tabs": list(OPEN_TABS), "after": after, "most": most}
    return [i for (i,) in bulk.select_named(UNFINISHED, given)]


def old_persons(before: datetime, most: int) -> Sequence[tuple[UUID, UUID]]:
    """(person, order) of orders that were over and untouched since before then, still sealed."""
    return [(p, o) for p, o in bulk.select_named(OLD_PERSONS, {"before": before, "most": most})]
