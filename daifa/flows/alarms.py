"""Alarms of a person: the facts within their scope, judged by the rule, and which of them they know already."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from daifa.areas.accounts.services import settings
from daifa.areas.mailroom.services import tasks
from daifa.base.actor import Actor
from daifa.connectors import registry
from daifa.flows.alarm_rules import Alarm, Differs, Facts, Line, Terms, alarms
from daifa.kit import clock
from daifa.reads import connection_desk, order_desk, status_desk, status_facts, wish_facts
from daifa.reads.connection_desk import ConnectionRow
from daifa.reads.order_filters import OrderFilter
from daifa.reads.status_desk import DOUBTFUL, STUCK

SEEN = "alarms"
# The machine routes an order within seconds; one that waits longer is left over.
LEFT_OVER = timedelta(minutes=10)


def current(by: Actor) -> list[tuple[Alarm, bool]]:
    """Every alarm within somebody's scope, and whether they said that they know."""
    told = alarms(_facts(by), _terms())
    seen = _seen(by)
    return [(a, seen.get(a.key) == a.facts) for a in told]


def know(*, by: Actor, keys: Mapping[str, str]) -> None:
    """This person knows these alarms (key → facts as shown); what is no alarm any more is forgotten."""
    now = {a.key: a.facts for a, _ in current(by)}
    settings.prefer(by, SEEN, {k: f for k, f in {**_seen(by), **keys}.items() if k in now})


def _seen(by: Actor) -> Mapping[str, object]:
    kept = settings.preference(by, SEEN)
    return kept if isinstance(kept, dict) else {}


def _terms() -> Terms:
    return Terms(
        silent=timedelta(minutes=settings.number("silent_minutes")),
        token=timedelta(days=settings.number("token_days")),
        unknown=timedelta(minutes=settings.number("unknown_minutes")),
    )


def _facts(by: Actor) -> Facts:
    now = clock.now()
    rows = connection_desk.connections(by)
    return Facts(
        now=now,
        wall=clock.wall(),
        lines=[_line(r) for r in rows],
        waiting=[str(d.id) for d in status_desk.deeds(by, STUCK)],
        doubtful=[(str(d.id), d.called_at) for d in status_desk.deeds(by, DOUBTFUL) if d.called_at],
        parked=[str(p.id) for p in status_desk.parked(by)],
        differs=[Differs(str(c.connection_id), c.left, c.strange) for c in status_facts.comparisons()],
        wishes=[str(i) for i in wish_facts.waiting(by)],
        still=[str(i) for i in tasks.still(by)],
        overdue=[str(i) for i in order_desk.ids(OrderFilter(late=True), by)],
        unrouted=[str(i) for i in status_facts.unrouted(by, now - LEFT_OVER)],
    )


def _line(row: ConnectionRow) -> Line:
    connector = registry.connectors().get(row.platform)
    api = connector.card.api if connector else None
    return Line(
        id=str(row.id), name=row.name, state=row.state, reason=row.state_reason, version=row.version, ok_at=row.ok_at,
        error_at=row.error_at, open_until=row.open_until, expires_at=row.expires_at,
        refresh_expires_at=row.refresh_expires_at, prolongs=api.prolongs if api else True,
        ahead=api.refresh_ahead if api else timedelta(minutes=50), sells=row.shop_id is not None,
    )  # fmt: skip
