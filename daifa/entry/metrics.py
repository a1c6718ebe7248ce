"""``/metrics``: the facts of the status page for Prometheus. Companies, connections and platforms by number and key;
never a name, an account or an order.

Answered to the machine itself, or to whoever brings ``DAIFA_METRICS_TOKEN`` as a bearer token.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from ipaddress import ip_address
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily, SummaryMetricFamily
from prometheus_client.registry import Collector

from daifa.areas.accounts.services import people
from daifa.areas.accounts.services.actors import client_address
from daifa.base.actor import SYSTEM
from daifa.base.tenancy import tenant
from daifa.kit import clock
from daifa.reads import connection_desk, status_desk, status_facts
from daifa.reads.connection_desk import ConnectionRow, Fares
from daifa.reads.status_desk import DOUBTFUL, STUCK, Queues

CALLS_OF = timedelta(minutes=5)
BROKEN = frozenset({"expired", "revoked"})
_OURS = ("tenant",)
_LINE = ("tenant", "connection", "platform")

# Name: (what it is, its labels).
GAUGES: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "connection_working": ("1 while the connection may be used", (*_LINE, "state")),
    "connection_success_age_seconds": ("since the last call that went well", _LINE),
    "connection_error_age_seconds": ("since the last call that failed", _LINE),
    "connection_errors": ("failed calls of the last hour", _LINE),
    "connection_failures": ("failed calls in a row", _LINE),
    "connection_breaker_open": ("1 while calls pause because the company failed several times", _LINE),
    "connection_token_days": ("until the authorisation ends", (*_LINE, "token")),
    "connection_quota_left": ("what the company said is left of a quota", (*_LINE, "quota")),
    "feed_lag_seconds": ("how far behind a feed is read, in the platform's clock", (*_LINE, "feed")),
    "feed_failing": ("1 while the last reading of a feed failed", (*_LINE, "feed")),
    "comparison_differs": ("order numbers on one side only, by the last comparison", (*_LINE, "side")),
    "jobs_waiting": ("jobs that wait", _OURS),
    "jobs_oldest_seconds": ("age of the oldest waiting job", _OURS),
    "inbox_items": ("what arrived and is new or parked", (*_OURS, "state")),
    "outbox_items": ("what is to be done outside, by state; unknown and person want a look", (*_OURS, "state")),
    "outbox_oldest_seconds": ("age of the oldest deed that is not done", _OURS),
    "purchases": ("the proof: placements, unknown, duplicates (always 0), waiting_payment", (*_OURS, "what")),
    "call_seconds_max": ("the longest call of the last minutes", ("tenant", "platform", "outcome")),
}


def allowed(request: HttpRequest) -> bool:
    """Whether this request may see figures: it comes from this machine, or brings the token."""
    given = request.headers.get("Authorization", "").removeprefix("Bearer ").strip()
    token = str(settings.METRICS_TOKEN)
    if token and secrets.compare_digest(given.encode(), token.encode()):
        return True
    # A proxy that the settings do not know makes everybody look like this machine.
    if "X-Forwarded-For" in request.headers and int(settings.PROXY_HOPS) < 1:
        return False
    try:
        return ip_address(client_address(request)).is_loopback
    except ValueError:
        return False


def metrics(request: HttpRequest) -> HttpResponse:
    """Everything, in Prometheus' text."""
    if not allowed(request):
        return HttpResponse("loopback or DAIFA_METRICS_TOKEN only\n", status=403, content_type="text/plain")
    registry = CollectorRegistry(auto_describe=False)
    registry.register(_Figures())
    return HttpResponse(generate_latest(registry), content_type=CONTENT_TYPE_LATEST)


class _Figures(Collector):
    """The figures of every company, read when asked for."""

    def __init__(self) -> None:
        self._gauges = {n: GaugeMetricFamily(f"daifa_{n}", what, labels=of) for n, (what, of) in GAUGES.items()}
        self._calls = SummaryMetricFamily(
            "daifa_call_seconds", "calls of the last five minutes", labels=("tenant", "platform", "outcome")
        )
        self._typical = GaugeMetricFamily(
            "daifa_call_seconds_quantile", "how long calls of the last five minutes took",
            labels=("tenant", "platform", "outcome", "quantile"),
        )  # fmt: skip

    def collect(self) -> Iterator[GaugeMetricFamily | SummaryMetricFamily]:
        """Every family with the values of every company."""
        for number, _ in people.list_companies():
            with tenant(number):
                self._company(str(number))
        yield from self._gauges.values()
        yield from (self._calls, self._typical)

    def _set(self, name: str, labels: Sequence[str], value: float | None) -> None:
        if value is not None:
            self._gauges[name].add_metric(labels, value)

    def _company(self, number: str) -> None:
        lines: dict[object, tuple[str, ...]] = {}
        for row in connection_desk.connections(SYSTEM):
            lines[row.id] = (number, str(row.id), row.platform)
            self._connection(lines[row.id], row)
        for c in status_facts.comparisons():
            if (line := lines.get(c.connection_id)) is not None:
                self._set("comparison_differs", (*line, "platform"), len(c.left))
                self._set("comparison_differs", (*line, "ours"), len(c.strange))
        self._queues(number, status_desk.queues(SYSTEM))
        for what, n in status_desk.proof(SYSTEM).items():
            self._set("purchases", (number, what), n)
        for call in status_facts.calls(clock.now() - CALLS_OF):
            of = (number, call.platform, call.outcome)
            self._calls.add_metric(of, call.count, call.total)
            self._typical.add_metric((*of, "0.5"), call.p50)
            self._typical.add_metric((*of, "0.95"), call.p95)
            self._set("call_seconds_max", of, call.longest)

    def _connection(self, line: tuple[str, ...], row: ConnectionRow) -> None:
        found = connection_desk.fares(row, now=clock.now(), wall=clock.wall())
        self._set("connection_working", (*line, row.state), float(row.state == "working"))
        self._set("connection_success_age_seconds", line, found.ok_seconds)
        self._set("connection_error_age_seconds", line, found.error_seconds)
        self._set("connection_errors", line, row.errors)
        self._set("connection_failures", line, row.failures or 0)
        self._set("connection_breaker_open", line, float(found.pause_seconds is not None))
        self._set("connection_token_days", (*line, "access"), found.token_days)
        self._set("connection_token_days", (*line, "refresh"), found.renewal_days)
        for quota, said in (row.quota or {}).items():
            self._set("connection_quota_left", (*line, quota), _left(said))
        for name, lag in found.lags.items():
            self._set("feed_lag_seconds", (*line, name), lag)
        for feed in row.feeds or ():
            self._set("feed_failing", (*line, feed["feed"]), float(bool(feed["problem"])))

    def _queues(self, number: str, q: Queues) -> None:
        self._set("jobs_waiting", (number,), q.jobs_waiting)
        self._set("jobs_oldest_seconds", (number,), q.jobs_oldest_seconds or 0)
        self._set("inbox_items", (number, "new"), q.inbox_new)
        self._set("inbox_items", (number, "parked"), q.inbox_parked)
        for state in ("ready", *DOUBTFUL, *STUCK):
            self._set("outbox_items", (number, state), q.outbox.get(state, 0))
        self._set("outbox_oldest_seconds", (number,), q.outbox_oldest_seconds or 0)


def _left(said: Any) -> float | None:
    """What a quota's entry says is left: a number, or under "left"."""
    value = said.get("left") if isinstance(said, Mapping) else said
    return float(value) if isinstance(value, (int, float)) and not isinstance(value, bool) else None


def essentials() -> dict[str, Any]:
    """What matters most, over all companies, for ``/healthz``: counts, the oldest waiting, the largest lag of each
    feed, and each connection that is in trouble, by number and platform, with why."""
    found: dict[str, Any] = dict.fromkeys(
        ("connections", "broken", "failing", "breakers_open", "errors_last_hour", "jobs_waiting", "unknown",
         "waiting_for_person", "parked"), 0
    )  # fmt: skip
    oldest, lags = {"jobs_oldest_seconds": 0.0, "outbox_oldest_seconds": 0.0}, dict[str, float]()
    troubles = []
    for number, _ in people.list_companies():
        with tenant(number):
            rows, q = connection_desk.connections(SYSTEM), status_desk.queues(SYSTEM)
        figures = [(r, connection_desk.fares(r, now=clock.now(), wall=clock.wall())) for r in rows]
        found["connections"] += len(rows)
        found["broken"] += sum(r.state in BROKEN for r in rows)
        found["failing"] += sum(f.failing for _, f in figures)
        found["breakers_open"] += sum(f.pause_seconds is not None for _, f in figures)
        found["errors_last_hour"] += sum(r.errors for r in rows)
        found["jobs_waiting"] += q.jobs_waiting
        found["unknown"] += sum(q.outbox.get(s, 0) for s in DOUBTFUL)
        found["waiting_for_person"] += sum(q.outbox.get(s, 0) for s in STUCK)
        found["parked"] += q.inbox_parked
        troubles += [
            {"tenant": number, "connection": str(r.id), "platform": r.platform, "why": why}
            for r, f in figures if (why := _trouble(r, f))
        ]  # fmt: skip
        for feed, lag in ((n, x) for r, f in figures if r.state == "working" for n, x in f.lags.items() if x):
            lags[feed] = max(lags.get(feed, 0.0), round(lag, 1))
        for name, seconds in (("jobs_oldest_seconds", q.jobs_oldest_seconds),
                              ("outbox_oldest_seconds", q.outbox_oldest_seconds)):  # fmt: skip
            oldest[name] = max(oldest[name], round(seconds or 0, 1))
    return {**found, **oldest, "lag_seconds": lags, "troubles": troubles}


def _trouble(row: ConnectionRow, figures: Fares) -> str:
    """Why a connection wants a look; "" when it does not."""
    if row.state in BROKEN:
        return str(row.state)
    if row.state == "working" and figures.pause_seconds is not None:
        return "breaker open"
    return "failing" if row.state == "working" and figures.failing else ""
