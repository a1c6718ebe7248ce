"""运行状态: what was put aside, what is to be done outside and is not, how deep the queues are, and the proof.

Everything within the scope of who asks.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from daifa.areas.purchasing.services import placements
from daifa.base import bulk
from daifa.base.actor import Actor
from daifa.kit import clock
from daifa.kit.values import dataclass
from daifa.reads import scope

# Deeds outside whose outcome nobody knows yet, and those that wait for a person.
DOUBTFUL = ("calling", "unknown")
STUCK = ("person", "held", "refused")
# What a deed outside is about, and where it is done.
_ABOUT = """
JOIN accounts_connection c ON c.tenant_id = {tenant} AND c.id = b.connection_id
LEFT JOIN purchasing_purchaseorder p ON p.tenant_id = {tenant} AND p.id = b.subject_id
LEFT JOIN orders_order o ON o.tenant_id = {tenant} AND o.id = coalesce(b.order_id, p.order_id)
"""


def age(since: datetime | None, now: datetime) -> float | None:
    """Seconds since a moment of the same clock."""
    return None if since is None else max((now - since).total_seconds(), 0.0)


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


def parked(by: Actor, *, ids: Sequence[UUID] | None = None, limit: int = 200) -> list[ParkedRow]:
    """What was put aside within somebody's scope, newest first; with ``ids`` of these only."""
    mine, params = scope.arrivals(by)
    rows = bulk.select_named(
        "SELECT i.id, i.connection_id, i.feed, i.object_id, i.reason, i.attempts, i.created_at FROM mailroom_inbox i"
        " JOIN accounts_connection c ON c.tenant_id = {tenant} AND c.id = i.connection_id"
        " WHERE i.tenant_id = {tenant} AND i.state = 'parked' AND (%(ids)s::uuid[] IS NULL OR i.id = ANY(%(ids)s))"
        f"{mine} ORDER BY i.id DESC LIMIT %(limit)s",
        {"ids": None if ids is None else list(ids), "limit": limit, **params},
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
    visible_at: datetime | None
    created_at: datetime
    order_id: UUID | None
    order_number: str | None
    purchase_id: UUID | None
    purchase_number: str | None
    supplier_id: UUID | None
    result: dict[str, Any]


DEEDS = f"""
SELECT b.id, b.key, b.kind, b.connection_id, coalesce(s.name, q.name, nullif(c.account_name, ''), c.account),
       b.reference, b.state, b.reason, b.tries, b.asks,
       b.due_at, b.called_at, b.visible_at, b.created_at, o.id, o.external_id, p.id, p.number, p.supplier_id,
       b.result::json
FROM mailroom_outbox b{_ABOUT}
LEFT JOIN accounts_shop s ON s.tenant_id = {{tenant}} AND s.id = c.shop_id
LEFT JOIN purchasing_supplier q ON q.tenant_id = {{tenant}} AND q.id = p.supplier_id
WHERE b.tenant_id = {{tenant}} AND b.state = ANY(%(states)s::text[])
"""


def deeds(by: Actor, states: Sequence[str], *, order: UUID | None = None, limit: int = 200) -> list[DeedRow]:
    """Outbox rows in these states within somebody's scope, the longest due first; with ``order`` those about it."""
    mine, params = scope.deeds(by)
    asked: dict[str, object] = {"states": list(states), "limit": limit, **params}
    if order is not None:
        mine, asked["order"] = f"{mine} AND o.id = %(order)s", order
    return [DeedRow(*r) for r in bulk.select_named(f"{DEEDS}{mine} ORDER BY b.due_at, b.id LIMIT %(limit)s", asked)]


def may_decide(by: Actor, outbox_id: UUID) -> bool:
    """Whether a deed outside is within somebody's scope."""
    mine, params = scope.deeds(by)
    sql = f"SELECT 1 FROM mailroom_outbox b{_ABOUT} WHERE b.tenant_id = {{tenant}} AND b.id = %(id)s{mine}"
    return bool(bulk.select_named(sql, {"id": outbox_id, **params}))


def parked_of(by: Actor) -> dict[UUID, int]:
    """By connection, how much was put aside within somebody's scope."""
    mine, params = scope.arrivals(by)
    return dict(
        bulk.select_named(
            "SELECT i.connection_id, count(*) FROM mailroom_inbox i"
            " JOIN accounts_connection c ON c.tenant_id = {tenant}"
            f" AND c.id = i.connection_id WHERE i.tenant_id = {{tenant}} AND i.state = 'parked'{mine} GROUP BY 1",
            params,
        )
    )


def todo_of(by: Actor) -> dict[UUID, dict[str, int]]:
    """By connection and state, what is to be done outside within somebody's scope."""
    mine, params = scope.deeds(by)
    found: dict[UUID, dict[str, int]] = {}
    for i, state, n in bulk.select_named(
        f"SELECT b.connection_id, b.state, count(*)::int FROM mailroom_outbox b{_ABOUT}"
        f" WHERE b.tenant_id = {{tenant}} AND b.state = ANY(%(states)s::text[]){mine} GROUP BY 1, 2",
        {"states": ["ready", *DOUBTFUL, *STUCK], **params},
    ):
        found.setdefault(i, {})[str(state)] = n
    return found


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


def queues(by: Actor) -> Queues:
    """Depth and age of what waits: inbox and outbox within somebody's scope, jobs of the whole company."""
    arrived, params = scope.arrivals(by)
    inbox = dict(
        bulk.select_named(
            "SELECT i.state, count(*) FROM mailroom_inbox i JOIN accounts_connection c ON c.tenant_id = {tenant}"
            " AND c.id = i.connection_id WHERE i.tenant_id = {tenant} AND i.state IN ('new', 'parked')"
            f"{arrived} GROUP BY i.state",
            params,
        )
    )
    mine, params = scope.deeds(by)
    todo = {
        str(state): (int(n), oldest)
        for state, n, oldest in bulk.select_named(
            f"SELECT b.state, count(*), min(b.created_at) FROM mailroom_outbox b{_ABOUT}"
            f" WHERE b.tenant_id = {{tenant}} AND b.state = ANY(%(states)s::text[]){mine} GROUP BY b.state",
            {"states": ["ready", *DOUBTFUL, *STUCK], **params},
        )
    }
    oldest = min((at for state, (_, at) in todo.items() if state not in STUCK), default=None)
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
        outbox={state: n for state, (n, _) in todo.items()},
        outbox_oldest_seconds=age(oldest, clock.now()),
    )


def proof(by: Actor) -> dict[str, int]:
    """The figures that prove it, of purchases in scope: attempts, unknowns, more than one live attempt, unpaid."""
    mine, params = scope.purchases(by)
    [(made, unknown, live, bought, unpaid)] = bulk.select_named(
        "SELECT count(*) FILTER (WHERE a.state NOT IN ('intended', 'refused')),"
        " count(*) FILTER (WHERE a.state = 'unknown'), count(*) FILTER (WHERE a.state = ANY(%(live)s::text[])),"
        " count(DISTINCT a.purchase_id) FILTER (WHERE a.state = ANY(%(live)s::text[])),"
        " count(*) FILTER (WHERE a.state = 'placed' AND a.pay_state IN ('due', 'paying'))"
        " FROM purchasing_placement a"
        " JOIN purchasing_purchaseorder p ON p.tenant_id = {tenant} AND p.id = a.purchase_id"
        f" WHERE a.tenant_id = {{tenant}}{mine}",
        {"live": list(placements.LIVE), **params},
    )
    return {
        "placements": int(made),
        "unknown": int(unknown),
        "duplicates": int(live) - int(bought),
        "waiting_payment": int(unpaid),
    }
