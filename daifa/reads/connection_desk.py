"""The connections screen: every connection with its health, how far it read, what waits; its pulls and calls."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from daifa.base import bulk
from daifa.base.actor import Actor
from daifa.kit import clock
from daifa.kit.values import dataclass
from daifa.reads import scope, status_desk
from daifa.reads.status_desk import DOUBTFUL, STUCK, age

# Failed calls are counted so far back. That an asked-for thing is not there is an answer, no failure.
ERRORS_OF = timedelta(hours=1)

CONNECTIONS = """
SELECT c.id, c.platform, c.application_id, a.label, c.shop_id, coalesce(s.name, nullif(c.account_name, ''), c.account),
       c.account,
       c.account_name, c.state, c.state_reason, c.expires_at, c.refresh_expires_at, c.refreshed_at, s.dial,
       h.ok_at, h.error_at, h.error, h.failures, h.open_until, h.quota::json, c.version,
       (SELECT json_agg(json_build_object('feed', y.feed, 'watermark', y.watermark, 'read_at', y.read_at,
               'problem', y.problem) ORDER BY y.feed)
        FROM accounts_syncposition y WHERE y.tenant_id = {tenant} AND y.connection_id = c.id),
       (SELECT count(*) FROM mailroom_inbox i WHERE i.tenant_id = {tenant} AND i.connection_id = c.id
          AND i.state = 'new'),
       (SELECT count(*) FROM mailroom_call k WHERE k.tenant_id = {tenant} AND k.connection_id = c.id
          AND k.at >= %(since)s AND k.outcome NOT IN ('ok', 'not_there'))
FROM accounts_connection c
JOIN accounts_application a ON a.tenant_id = {tenant} AND a.id = c.application_id
LEFT JOIN accounts_shop s ON s.tenant_id = {tenant} AND s.id = c.shop_id
LEFT JOIN accounts_connectionhealth h ON h.tenant_id = {tenant} AND h.connection_id = c.id
WHERE c.tenant_id = {tenant} AND c.live{mine} ORDER BY c.platform, c.created_at
"""


@dataclass(frozen=True, slots=True)
class ConnectionRow:
    """One connection as the screens show it. Times UTC: ``ok_at``, ``error_at`` and ``open_until`` are real time, the
    rest the world's. ``errors``: the failed calls of the last hour. ``parked`` and, of outbox rows,
    ``waiting``/``doing``/``stuck`` count what the actor may see, everything else is the connection's own.
    """

    id: UUID
    platform: str
    application_id: UUID
    application: str
    shop_id: UUID | None
    name: str
    account: str
    account_name: str
    state: str
    state_reason: str
    expires_at: datetime | None
    refresh_expires_at: datetime | None
    refreshed_at: datetime | None
    dial: str | None
    ok_at: datetime | None
    error_at: datetime | None
    error: str | None
    failures: int | None
    open_until: datetime | None
    quota: dict[str, Any] | None
    version: int
    feeds: list[dict[str, Any]] | None
    unread: int
    errors: int
    parked: int
    waiting: int
    doing: int
    stuck: int


def connections(by: Actor) -> list[ConnectionRow]:
    """Every live connection within the actor's scope."""
    mine, params = scope.connections(by)
    rows = bulk.select_named(CONNECTIONS.replace("{mine}", mine), {"since": clock.now() - ERRORS_OF, **params})
    put_aside, todo = status_desk.parked_of(by), status_desk.todo_of(by)
    found = []
    for row in rows:
        states = todo.get(row[0], {})
        waiting, doing, stuck = (sum(states.get(s, 0) for s in group) for group in (("ready",), DOUBTFUL, STUCK))
        found.append(ConnectionRow(*(*row, put_aside.get(row[0], 0), waiting, doing, stuck)))
    return found


def may_see(by: Actor, connection_id: UUID) -> bool:
    """Whether a live connection is within somebody's scope."""
    mine, params = scope.connections(by)
    sql = f"SELECT 1 FROM accounts_connection c WHERE c.tenant_id = {{tenant}} AND c.id = %(id)s{mine}"
    return bool(bulk.select_named(sql, {"id": connection_id, **params}))


@dataclass(frozen=True, slots=True)
class Fares:
    """How a connection fares in figures (seconds, days; None: never, not known), each by the clock of its moment.

    ``pause_seconds``: how long calls still pause, None while they do not. ``lags`` by feed; a world's clock may jump
    back, an age is never below nought.
    """

    ok_seconds: float | None
    error_seconds: float | None
    pause_seconds: float | None
    token_days: float | None
    renewal_days: float | None
    lags: dict[str, float | None]

    @property
    def failing(self) -> bool:
        """Whether the last call failed, or calls pause."""
        behind = self.ok_seconds is None or (self.error_seconds is not None and self.error_seconds < self.ok_seconds)
        return self.pause_seconds is not None or (self.error_seconds is not None and behind)


def fares(row: ConnectionRow, *, now: datetime, wall: datetime) -> Fares:
    """The figures of a connection at this moment of the world (``now``) and of the computer (``wall``)."""
    pause = None if row.open_until is None else (row.open_until - wall).total_seconds()
    marks = {f["feed"]: datetime.fromisoformat(f["watermark"]) if f["watermark"] else None for f in row.feeds or ()}
    return Fares(
        ok_seconds=age(row.ok_at, wall),
        error_seconds=age(row.error_at, wall),
        pause_seconds=pause if pause is not None and pause > 0 else None,
        token_days=_days(row.expires_at, now),
        renewal_days=_days(row.refresh_expires_at, now),
        lags={feed: age(mark, now) for feed, mark in marks.items()},
    )


def _days(until: datetime | None, now: datetime) -> float | None:
    return None if until is None else (until - now).total_seconds() / 86400


@dataclass(frozen=True, slots=True)
class PullRow:
    """One line of the pull log."""

    id: UUID
    connection_id: UUID
    feed: str
    via: str
    start: datetime | None
    end: datetime | None
    pages: int
    items: int
    fresh: int
    ms: int
    outcome: str
    said: str
    created_at: datetime


def pulls(connection_id: UUID, *, limit: int = 100) -> list[PullRow]:
    """The newest readings of a connection."""
    return [
        PullRow(*row)
        for row in bulk.select(
            'SELECT id, connection_id, feed, via, start, "end", pages, items, fresh, ms, outcome, said, created_at'
            " FROM mailroom_pull WHERE tenant_id = {tenant} AND connection_id = %s ORDER BY created_at DESC, id DESC"
            " LIMIT %s",
            [connection_id, limit],
        )
    ]


@dataclass(frozen=True, slots=True)
class ComparisonRow:
    """One comparison of order numbers: both counts before anything was filled in, and the numbers that differed."""

    day: date
    start: datetime | None
    end: datetime | None
    theirs: int
    ours: int
    missing: list[str]
    left: dict[str, str]
    strange: list[str]
    outcome: str
    said: str
    tries: int
    finished_at: datetime

    @property
    def filled(self) -> int:
        """How many that we had missed are here now."""
        return len(self.missing) - len(self.left)


def comparisons(connection_id: UUID, *, limit: int = 14) -> list[ComparisonRow]:
    """The newest comparisons of a connection."""
    return [
        ComparisonRow(*row)
        for row in bulk.select(
            'SELECT day, start, "end", theirs, ours, missing::json, "left"::json, strange::json, outcome, said, tries,'
            " finished_at FROM mailroom_comparison WHERE tenant_id = {tenant} AND connection_id = %s"
            " ORDER BY day DESC LIMIT %s",
            [connection_id, limit],
        )
    ]


@dataclass(frozen=True, slots=True)
class CallRow:
    """One call of ours, without what was in it."""

    id: UUID
    name: str
    at: datetime
    ms: int
    status: int
    outcome: str
    code: str
    said: str
    attempt: int
    trace: str
    outbox_id: UUID | None


def calls(by: Actor, connection_id: UUID, *, limit: int = 100, failed: bool = False) -> list[CallRow]:
    """The newest calls of a connection; with ``failed`` those that did not go well.

    At a supplier platform, where one account buys for all, a bound person sees the calls for what is in their scope.
    """
    mine, params = scope.deeds(by)
    own = f" AND (c.shop_id IS NOT NULL OR b.id IS NOT NULL{mine})" if mine else ""
    rows = bulk.select_named(
        "SELECT k.id, k.name, k.at, k.ms, k.status, k.outcome, k.code, k.said, k.attempt, k.trace, k.outbox_id"
        " FROM mailroom_call k JOIN accounts_connection c ON c.tenant_id = {tenant} AND c.id = k.connection_id"
        " LEFT JOIN mailroom_outbox b ON b.tenant_id = {tenant} AND b.id = k.outbox_id"
        " LEFT JOIN purchasing_purchaseorder p ON p.tenant_id = {tenant} AND p.id = b.subject_id"
        " LEFT JOIN orders_order o ON o.tenant_id = {tenant} AND o.id = coalesce(b.order_id, p.order_id)"
        " WHERE k.tenant_id = {tenant} AND k.connection_id = %(id)s AND (%(all)s OR k.outcome <> 'ok')"
        f"{own} ORDER BY k.at DESC LIMIT %(limit)s",
        {"id": connection_id, "all": not failed, "limit": limit, **params},
    )
    return [CallRow(*row) for row in rows]
