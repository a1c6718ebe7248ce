"""What alarms and metrics know besides the status page: last comparisons, orders left to route, how calls went."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from daifa.base import bulk
from daifa.base.actor import Actor
from daifa.kit.values import dataclass
from daifa.reads import scope


@dataclass(frozen=True, slots=True)
class LastComparison:
    """The newest comparison of one live connection: numbers that only the platform has, and only we."""

    connection_id: UUID
    day: date
    outcome: str
    left: tuple[str, ...]
    strange: tuple[str, ...]


def comparisons() -> list[LastComparison]:
    """The newest comparison of every live connection."""
    rows = bulk.select(
        'SELECT DISTINCT ON (m.connection_id) m.connection_id, m.day, m.outcome, m."left"::json, m.strange::json'
        " FROM mailroom_comparison m JOIN accounts_connection c ON c.tenant_id = {tenant} AND c.id = m.connection_id"
        " AND c.live WHERE m.tenant_id = {tenant} ORDER BY m.connection_id, m.day DESC"
    )
    return [LastComparison(i, day, how, tuple(sorted(left)), tuple(strange)) for i, day, how, left, strange in rows]


def unrouted(by: Actor, before: datetime, limit: int = 500) -> list[UUID]:
    """Orders within scope that the machine found no way for, and those it has not come to since this moment.

    Not those that a person took back from it.
    """
    mine, params = scope.orders(by)
    rows = bulk.select_named(
        "SELECT o.id FROM orders_order o JOIN accounts_shop s ON s.tenant_id = {tenant} AND s.id = o.shop_id"
        " WHERE o.tenant_id = {tenant} AND o.tab = 'dispatch' AND s.dial = 'automatic'"
        " AND (o.unrouted <> '' AND o.unrouted_at IS NOT NULL"
        " OR o.unrouted = '' AND o.step = 'route' AND o.updated_at < %(before)s)"
        f"{mine} ORDER BY o.id LIMIT %(limit)s",
        {"before": before, "limit": limit, **params},
    )
    return [i for (i,) in rows]


@dataclass(frozen=True, slots=True)
class CallFigures:
    """How calls to one company ended one way: how many, and how long they took (seconds)."""

    platform: str
    outcome: str
    count: int
    total: float
    p50: float
    p95: float
    longest: float


def calls(since: datetime) -> list[CallFigures]:
    """Calls since this moment, by company and outcome."""
    rows = bulk.select(
        "SELECT platform, outcome, count(*), sum(ms), percentile_disc(0.5) WITHIN GROUP (ORDER BY ms),"
        " percentile_disc(0.95) WITHIN GROUP (ORDER BY ms), max(ms) FROM mailroom_call"
        " WHERE tenant_id = {tenant} AND at >= %s GROUP BY platform, outcome ORDER BY platform, outcome",
        [since],
    )
    return [
        CallFigures(platform, outcome, n, *(float(ms) / 1000 for ms in figures))
        for platform, outcome, n, *figures in rows
    ]
