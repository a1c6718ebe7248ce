"""Calling another company: the shared limiter, the circuit breaker, one HTTP request, and a record of both sides.

``Caller`` is the transport that connectors get. It never decides what a body means: connectors raise typed errors,
``watched`` notes how the call went and keeps the connection's health.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from fnmatch import fnmatchcase
from uuid import UUID

import httpx

from daifa.areas.accounts.services import connections, limiter
from daifa.areas.accounts.services.limiter import Rate
from daifa.areas.accounts.types import HealthView
from daifa.areas.mailroom.services import calls
from daifa.areas.mailroom.services.calls import Made
from daifa.base import lanes
from daifa.base.tenancy import tenant
from daifa.kit import clock, log
from daifa.ports.card import ApiTerms, Limit
from daifa.ports.errors import NotThere, OutcomeUnknown, RateLimited, RemoteError, Unavailable
from daifa.ports.transport import Reply, Request

# Waiting longer than this for a slot is the job's business, not a thread's.
LONGEST_WAIT = 5.0
_log = log.get("daifa.calling")
_client: httpx.Client | None = None


def client() -> httpx.Client:
    """The process's one HTTP client; connections to companies are kept."""
    global _client
    if _client is None:
        limits = httpx.Limits(max_connections=64, max_keepalive_connections=32, keepalive_expiry=30)
        _client = httpx.Client(limits=limits, follow_redirects=False, trust_env=False)
    return _client


@dataclass(slots=True)
class Exchange:
    """One request and what came back, until it is known what it meant."""

    request: Request
    at: datetime
    ms: int
    reply: Reply | None
    error: RemoteError | None


@dataclass(slots=True)
class Caller:
    """The transport of one connection for one piece of work. Call it outside any transaction.

    ``health``: how the connection fared when it was opened; None: nothing is known against it.
    """

    tenant_id: int
    connection_id: UUID | None
    application: str
    platform: str
    terms: ApiTerms
    outbox_id: UUID | None = None
    attempt: int = 1
    health: HealthView | None = None
    sleep: Callable[[float], None] = time.sleep
    pending: list[Exchange] = field(default_factory=list)
    taken: str = ""

    def turn(self, name: str) -> datetime:
        """Wait for this call's turn; the moment to sign it with. Raises RateLimited."""
        self.flush("ok")
        self._wait(name)
        self.taken = name
        return clock.now()

    def send(self, request: Request) -> Reply:
        """Send one request. Raises Unavailable (surely not sent), OutcomeUnknown (sent, no answer), RateLimited."""
        if self.taken != request.name:
            self.turn(request.name)
        self.taken = ""
        began, at = time.perf_counter(), clock.now()
        reply: Reply | None = None
        error: RemoteError | None = None
        try:
            reply = self._send(request)
        except RemoteError as failed:
            error = failed
        ms = round((time.perf_counter() - began) * 1000)
        self.pending.append(Exchange(request, at, ms, reply, error))
        if error is not None:
            raise error
        assert reply is not None
        return reply

    def _send(self, request: Request) -> Reply:
        lanes.release()
        timeout = httpx.Timeout(self.terms.timeout, connect=5)
        try:
            got = client().request(
                request.method, request.url, params=list(request.query) or None, content=request.body or None,
                headers=list(request.headers), timeout=timeout,
            )  # fmt: skip
        except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.UnsupportedProtocol) as failed:
            raise Unavailable("连不上对方服务器", code=type(failed).__name__, fix="系统会自动重试") from failed
        except httpx.HTTPError as failed:
            # Sent, or perhaps sent: the answer is missing or broken.
            raise OutcomeUnknown("对方没有应答", code=type(failed).__name__) from failed
        return Reply(got.status_code, got.content, {k.lower(): v for k, v in got.headers.items()})

    def _wait(self, name: str) -> None:
        rates = [self._rate(x) for x in self.terms.limits if not x.calls or fnmatchcase(name, x.calls)]
        with tenant(self.tenant_id):
            wait = limiter.take(rates)
            if wait > LONGEST_WAIT:
                limiter.give_back([r.key for r in rates])
        if wait > LONGEST_WAIT:
            raise RateLimited("调用太频繁，稍后自动继续", code="ours", after=wait)
        if wait > 0:
            lanes.release()
            self.sleep(wait)

    def _rate(self, limit: Limit) -> Rate:
        whose = self.application if limit.scope == "application" else str(self.connection_id)
        return Rate(f"{whose}:{limit.calls}", limit.per_second, limit.burst)

    def flush(self, outcome: str, code: str = "", said: str = "") -> None:
        """Write down the exchanges that are still open; the last one ended like this."""
        if not self.pending:
            return
        pending, self.pending = self.pending, []
        with tenant(self.tenant_id):
            for n, one in enumerate(pending):
                last = n == len(pending) - 1
                failed = one.error
                calls.record(
                    Made(
                        connection_id=self.connection_id,
                        platform=self.platform,
                        name=one.request.name,
                        at=one.at,
                        ms=one.ms,
                        outcome=_word(failed) if failed else (outcome if last else "ok"),
                        status=one.reply.status if one.reply else 0,
                        code=failed.code if failed else (code if last else ""),
                        said=failed.said if failed else (said if last else ""),
                        attempt=self.attempt,
                        trace=log.trace(),
                        outbox_id=self.outbox_id,
                        sent=_sent(one.request),
                        got=one.reply.body if one.reply else b"",
                    )
                )


def _sent(request: Request) -> bytes:
    query = "&".join(f"{k}={v}" for k, v in request.query if k not in _SECRET)
    return f"{request.method} {request.url.split('?', 1)[0]} {query}\n".encode() + request.body


_SECRET = frozenset({"access_token", "refresh_token", "client_secret", "app_secret", "sign"})


def _word(error: RemoteError) -> str:
    out = ""
    for letter in type(error).__name__:
        out += f"_{letter.lower()}" if letter.isupper() and out else letter.lower()
    return out


class Paused(Unavailable):
    """Our own breaker: the company failed several times in a row, calls wait."""


@contextmanager
def watched(caller: Caller) -> Iterator[None]:
    """Around the use of a connector: checks the breaker first, records every exchange, keeps the health.

    Lines that are logged within say which connection, and of a deed which attempt.
    """
    with log.about(
        connection=str(caller.connection_id or ""), platform=caller.platform, outbox=str(caller.outbox_id or ""),
        attempt=caller.attempt if caller.outbox_id else None,
    ):  # fmt: skip
        _closed(caller)
        with _kept(caller):
            yield


@contextmanager
def _kept(caller: Caller) -> Iterator[None]:
    try:
        yield
    except RemoteError as error:
        caller.flush(_word(error), error.code, error.said)
        _note(caller, error)
        raise
    except Exception as error:
        caller.flush("broken", type(error).__name__)
        raise
    else:
        with tenant(caller.tenant_id):
            caller.flush("ok")
            if caller.connection_id is not None:
                connections.note_ok(caller.connection_id)


def _closed(caller: Caller) -> None:
    health = caller.health
    if health and health.open_until and health.open_until > clock.wall():
        left = (health.open_until - clock.wall()).total_seconds()
        raise Paused(f"对方连续 {health.failures} 次出错，{left:.0f} 秒后再试", code="breaker", after=left)


def _note(caller: Caller, error: RemoteError) -> None:
    if caller.connection_id is None or isinstance(error, Paused) or error.code == "ours":
        return
    with tenant(caller.tenant_id):
        if isinstance(error, NotThere):
            # The company answered; that it has no such thing says nothing against the connection.
            connections.note_ok(caller.connection_id)
            return
        if isinstance(error, RateLimited):
            for limit in caller.terms.limits:
                limiter.hold(caller._rate(limit).key, error.after or 2.0)
        counts = isinstance(error, (Unavailable, OutcomeUnknown))
        connections.note_failure(caller.connection_id, error.code, error.said, counts=counts)
    _log.info("calling.failed", code=error.code)


def first_failure(errors: Sequence[RemoteError]) -> RemoteError | None:
    """The one of several that a person should see."""
    return min(errors, key=lambda e: ("owner", "operator", "engineer", "machine").index(e.who), default=None)
