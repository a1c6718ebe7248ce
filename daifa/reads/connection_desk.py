"""The connections screen: every connection with its health, how far it read, what waits; pulls, calls, parked items."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from daifa.base import bulk
from daifa.base.actor import Actor
from daifa.kit import clock

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
       (SELECT count(*) FROM mailroom_inbox i WHERE i.tenant_id = {tenant} AND i.connection_id = c.id
          AND i.state = 'parked'),
       (SELECT count(*) FROM mailroom_outbox o WHERE o.tenant_id = {tenant} AND o.connection_id = c.id
          AND o.state = 'ready'),
       (SELECT count(*) FROM mailroom_outbox o WHERE o.tenant_id = {tenant} AND o.connection_id = c.id
          AND o.state IN ('unknown', 'calling')),
       (SELECT count(*) FROM mailroom_outbox o WHERE o.tenant_id = {tenant} AND o.connection_id = c.id
          AND o.state IN ('person', 'held', 'refused')),
       (SELECT count(*) FROM mailroom_call k WHERE k.tenant_id = {tenant} AND k.connection_id = c.id
          AND k.at >= %s AND k.outcome NOT IN ('ok', 'not_there'))
FROM accounts_connection c
JOIN accounts_application a ON a.tenant_id = {tenant} AND a.id = c.application_id
LEFT JOIN accounts_shop s ON s.tenant_id = {tenant} AND s.id = c.shop_id
LEFT JOIN accounts_connectionhealth h ON h.tenant_id = {tenant} AND h.connection_id = c.id
WHERE c.tenant_id = {tenant} AND c.live ORDER BY c.platform, c.created_at
"""


@dataclass(frozen=True, slots=True)
class ConnectionRow:
    """One connection as the screens show it. Times UTC: ``ok_at``, ``error_at`` and ``open_until`` are real time, the
    rest the world's. ``waiting``/``doing``/``stuck`` count outbox rows, ``errors`` the failed calls of the last hour.
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
    parked: int
    waiting: int
    doing: int
    stuck: int
    errors: int


def connections(by: Actor) -> list[ConnectionRow]:
    """Every live connection within the actor's scope."""
    rows = [ConnectionRow(*row) for row in bulk.select(CONNECTIONS, [clock.now() - ERRORS_OF])]
    return [r for r in rows if r.shop_id is None or by.shops is None or r.shop_id in by.shops]


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


def age(since: datetime | None, now: datetime) -> float | None:
    """Seconds since a moment of the same clock."""
    return None if since is None else max((now - since).total_seconds(), 0.0)


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


def calls(connection_id: UUID, *, limit: int = 100, failed: bool = False) -> list[CallRow]:
    """The newest calls of a connection; with ``failed`` those that did not go well."""
    rows = bulk.select(
        "SELECT id, name, at, ms, status, outcome, code, said, attempt, trace, outbox_id FROM mailroom_call"
        " WHERE tenant_id = {tenant} AND connection_id = %s AND (%s OR outcome <> 'ok') ORDER BY at DESC LIMIT %s",
        [connection_id, not failed, limit],
    )
    return [CallRow(*row) for row in rows]


@dataclass(frozen=True, slots=True)
class ParkedRow:
    """One thing that arrived and could not be read."""

    id: UUID
    connection_id: UUID
    feed: str
    object_id: str
    reason: str
    attempts: int
    created_at: datetime


def parked(limit: int = 200) -> list[ParkedRow]:
    """What was put aside, newest first."""
    rows = bulk.select(
        "SELECT id, connection_id, feed, object_id, reason, attempts, created_at FROM mailroom_inbox"
        " WHERE tenant_id = {tenant} AND state = 'parked' ORDER BY id DESC LIMIT %s",
        [limit],
    )
    return [ParkedRow(*row) for row in rows]


@dataclass(frozen=True, slots=True)
class DeedRow:
    """One thing to be done outside that is not done yet, with the purchase or order it is about."""

    id: UUID
    key: str
    kind: str
    connection_id: UUID
    name: str
    reference: str
    state: str
    reason: str
    tries: int
    asks: int
    due_at: datetime
    called_at: datetime | None
    created_at: datetime
    order_id: UUID | None
    order_number: str | None
    purchase_id: UUID | None
    purchase_number: str | None
    result: dict[str, Any]


DEEDS = """
SELECT b.id, b.key, b.kind, b.connection_id, coalesce(s.name, q.name, nullif(c.account_name, ''), c.account),
       b.reference, b.state, b.reason, b.tries, b.asks,
       b.due_at, b.called_at, b.created_at, o.id, o.external_id, p.id, p.number, b.result::json
FROM mailroom_outbox b
JOIN accounts_connection c ON c.tenant_id = {tenant} AND c.id = b.connection_id
LEFT JOIN accounts_shop s ON s.tenant_id = {tenant} AND s.id = c.shop_id
LEFT JOIN purchasing_purchaseorder p ON p.tenant_id = {tenant} AND p.id = b.subject_id
LEFT JOIN purchasing_supplier q ON q.tenant_id = {tenant} AND q.id = p.supplier_id
LEFT JOIN orders_order o ON o.tenant_id = {tenant} AND o.id = coalesce(b.order_id, p.order_id)
WHERE b.tenant_id = {tenant} AND b.state = ANY(%s) ORDER BY b.due_at, b.id LIMIT %s
"""


def deeds(states: Sequence[str], limit: int = 200) -> list[DeedRow]:
    """Outbox rows in these states, the longest due first."""
    return [DeedRow(*row) for row in bulk.select(DEEDS, [list(states), limit])]


@dataclass(frozen=True, slots=True)
class Queues:
    """How deep the queues are, and how old the oldest is (seconds; None: empty).

    What waits outside ages in the world's time, jobs in real time: each in the time that it was written with.
    """

    jobs_waiting: int
    jobs_oldest_seconds: float | None
    inbox_new: int
    inbox_parked: int
    outbox: dict[str, int]
    outbox_oldest_seconds: float | None


def queues() -> Queues:
    """Depth and age of what waits in this company."""
    inbox = dict(
        bulk.select(
            "SELECT state, count(*) FROM mailroom_inbox WHERE tenant_id = {tenant} AND state IN ('new', 'parked')"
            " GROUP BY state"
        )
    )
    outbox = dict(
        bulk.select(
            "SELECT state, count(*) FROM mailroom_outbox WHERE tenant_id = {tenant} AND state IN"
            " ('ready', 'calling', 'unknown', 'person', 'held', 'refused') GROUP BY state"
        )
    )
    [(oldest,)] = bulk.select(
        "SELECT min(created_at) FROM mailroom_outbox WHERE tenant_id = {tenant}"
        " AND state IN ('ready', 'calling', 'unknown')"
    )
    [(waiting, waited)] = bulk.select(
        "SELECT count(*), extract(epoch FROM max(clock_timestamp() - e.at)) FROM procrastinate_jobs j"
        " LEFT JOIN procrastinate_events e ON e.job_id = j.id AND e.type = 'deferred'"
        " WHERE j.status = 'todo' AND (j.args ->> 'tenant_id')::int = {tenant}"
    )
    return Queues(
        jobs_waiting=int(waiting),
        jobs_oldest_seconds=None if waited is None else max(float(waited), 0.0),
        inbox_new=int(inbox.get("new", 0)),
        inbox_parked=int(inbox.get("parked", 0)),
        outbox={str(k): int(v) for k, v in outbox.items()},
        outbox_oldest_seconds=age(oldest, clock.now()),
    )
