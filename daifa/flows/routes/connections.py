"""授权与运行状态: applications, authorising, how each connection fares, what waits for a person, and the proof."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Router, Schema

from daifa.areas.accounts.services import applications
from daifa.areas.accounts.services.connections import Home
from daifa.areas.accounts.types import CONNECTION
from daifa.base.web import REFUSALS, Given, May, actor_of
from daifa.connectors import registry
from daifa.flows import authorizing, comparing, deciding
from daifa.kit import clock
from daifa.ports.card import Card
from daifa.ports.transport import Granted
from daifa.reads import connection_desk
from daifa.reads.connection_desk import ConnectionRow

router = Router(tags=["connections"])
VIEW, EDIT = May("connections.view"), May("connections.edit")


class CredentialFieldOut(Schema):
    """One thing to fill in."""

    key: str
    label: str
    secret: bool
    help: str


class AddressOut(Schema):
    """One base address, with its usual value."""

    key: str
    label: str
    default: str


class DocLinkOut(Schema):
    """Where the company explains itself."""

    label: str
    url: str


class ApiCardOut(Schema):
    """A company that can be connected by API: what to fill in, what it can do, and what only its own cloud may."""

    key: str
    name: str
    kind: str
    fields: list[CredentialFieldOut]
    addresses: list[AddressOut]
    calls_per_second: float | None
    capabilities: list[str]
    needs_cloud: list[str]
    links: list[DocLinkOut]
    begin: list[str]
    verified: bool
    push_path: str


class ApplicationOut(Schema):
    """An application, without its secret."""

    id: UUID
    platform: str
    app_key: str
    label: str
    urls: dict[str, str]
    calls_per_second: int | None
    origin: str
    active: bool
    version: int


class FeedOut(Schema):
    """How far a feed was read."""

    feed: str
    watermark: datetime | None
    read_at: datetime | None
    problem: str


class ConnectionOut(Schema):
    """A connection and how it fares: ``errors`` are the failed calls of the last hour, ages and pauses in seconds."""

    id: UUID
    platform: str
    application_id: UUID
    application: str
    shop_id: UUID | None
    name: str
    account: str
    account_name: str
    state: str
    state_label: str
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
    feeds: list[FeedOut]
    unread: int
    parked: int
    waiting: int
    doing: int
    stuck: int
    errors: int
    ok_seconds: float | None
    error_seconds: float | None
    pause_seconds: float | None
    failing: bool


class ConnectionsOut(Schema):
    """Everything of the connections screen."""

    cards: list[ApiCardOut]
    applications: list[ApplicationOut]
    connections: list[ConnectionOut]


def _card(card: Card) -> dict[str, Any]:
    assert card.api is not None
    return {
        "key": card.key,
        "name": card.label,
        "kind": card.kind.value,
        "fields": [{"key": f.key, "label": f.label, "secret": f.secret, "help": f.help} for f in card.credentials],
        "addresses": [{"key": a.key, "label": a.label, "default": a.default} for a in card.api.addresses],
        "calls_per_second": next((x.per_second for x in card.api.limits if not x.calls), None),
        "capabilities": sorted(c.value for c in card.capabilities),
        "needs_cloud": list(card.api.needs_cloud),
        "links": [{"label": x.label, "url": x.url} for x in card.links],
        "begin": list(card.begin),
        "verified": card.verified,
        "push_path": f"/api/push/{card.key}/",
    }


@router.get("/connections", response={200: ConnectionsOut, **REFUSALS}, auth=VIEW)
def list_connections(request: HttpRequest) -> Any:
    """What can be connected, with which applications, and how every connection fares."""
    applications.adopt_installation()
    return {
        "cards": [_card(c) for c in registry.cards() if c.api is not None],
        "applications": applications.list_applications(),
        "connections": [_connection(r) for r in connection_desk.connections(actor_of(request))],
    }


def _connection(row: ConnectionRow) -> dict[str, Any]:
    figures = connection_desk.fares(row, now=clock.now(), wall=clock.wall())
    return {
        **{f: getattr(row, f) for f in row.__slots__},
        "feeds": row.feeds or [],
        "state_label": CONNECTION.labels[row.state],
        **{f: getattr(figures, f) for f in ("ok_seconds", "error_seconds", "pause_seconds", "failing")},
    }


class ApplicationChange(Given):
    """What may be changed of an application: its secrets by field, addresses, label, rate (calls a second).

    ``version``: of the application as it was shown. Secrets that are not given stay.
    """

    version: int
    secrets: dict[str, str] = {}
    urls: dict[str, str] = {}
    label: str = ""
    calls_per_second: int | None = None


class ApplicationIn(Given):
    """A new application: its key, its secrets by field, addresses, rate."""

    platform: str
    app_key: str
    secrets: dict[str, str]
    urls: dict[str, str] = {}
    label: str = ""
    calls_per_second: int | None = None


@router.post("/applications", response={200: ApplicationOut, **REFUSALS}, auth=EDIT)
def add_application(request: HttpRequest, body: ApplicationIn) -> Any:
    """Add an application; an app key that is there already is refused with ``data.application_id``."""
    urls = authorizing.addresses(body.platform, body.urls)
    return applications.add(by=actor_of(request), **{**body.dict(), "urls": urls})


@router.put("/applications/{application_id}", response={200: ApplicationOut, **REFUSALS}, auth=EDIT)
def change_application(request: HttpRequest, application_id: UUID, body: ApplicationChange) -> Any:
    """Change an application; its app key stays."""
    platform = applications.get(application_id).platform
    urls = authorizing.addresses(platform, body.urls)
    return applications.change(by=actor_of(request), application_id=application_id, **{**body.dict(), "urls": urls})


class AuthorizeIn(Given):
    """Whose account is to be authorised: a shop's, or (no shop) our own at a supplier platform."""

    application_id: UUID
    shop_id: UUID | None = None


class AuthorizeOut(Schema):
    """Where to go."""

    url: str


@router.post("/connections/authorize", response={200: AuthorizeOut, **REFUSALS}, auth=EDIT)
def authorize(request: HttpRequest, body: AuthorizeIn) -> Any:
    """Begin an authorisation: the address at the other company."""
    home = Home(body.shop_id)
    back = request.build_absolute_uri("/api/authorized")
    return {"url": authorizing.begin(by=actor_of(request), application_id=body.application_id, home=home, back=back)}


class PastedToken(AuthorizeIn):
    """A token pasted by hand."""

    access_token: str
    refresh_token: str = ""
    account: str
    account_name: str = ""
    expires_at: datetime | None = None


class ConnectionSaid(Schema):
    """What a deed says."""

    message: str


@router.post("/connections/token", response={200: ConnectionSaid, **REFUSALS}, auth=EDIT)
def paste_token(request: HttpRequest, body: PastedToken) -> Any:
    """Connect with a pasted token."""
    granted = Granted(
        body.access_token.strip(), body.refresh_token.strip(), body.expires_at, None, body.account.strip(),
        body.account_name.strip(),
    )  # fmt: skip
    home = Home(body.shop_id)
    held = authorizing.by_token(
        by=actor_of(request), application_id=body.application_id, home=home, granted=granted
    )  # fmt: skip
    return {"message": f"已保存 {held.account_name or held.account} 的授权，正在试读。"}


class StateIn(Given):
    """The state a person brings a connection to: paused, working (again) or removed."""

    state: str


@router.post("/connections/{connection_id}/state", response={200: ConnectionSaid, **REFUSALS}, auth=EDIT)
def set_state(request: HttpRequest, connection_id: UUID, body: StateIn) -> Any:
    """Pause, resume or remove a connection."""
    return {"message": deciding.set_connection(by=actor_of(request), connection_id=connection_id, state=body.state)}


class ReadSaid(ConnectionSaid):
    """What is being read; ``task_id``: the task whose result tells what became of one order."""

    task_id: UUID | None


class ReadIn(Given):
    """What to read now: one order by its number, or everything that changed when it is empty."""

    number: str = ""


@router.post("/connections/{connection_id}/read", response={200: ReadSaid, **REFUSALS}, auth=VIEW)
def read_now(request: HttpRequest, connection_id: UUID, body: ReadIn) -> Any:
    """Read now: one order, or the feeds."""
    said, task = deciding.read_now(by=actor_of(request), connection_id=connection_id, number=body.number)
    return {"message": said, "task_id": task}


class SpanIn(Given):
    """The days to read again, both included, as the shop counts days (Asia/Shanghai)."""

    since: date
    until: date


@router.post("/connections/{connection_id}/read-span", response={200: ReadSaid, **REFUSALS}, auth=VIEW)
def read_span(request: HttpRequest, connection_id: UUID, body: SpanIn) -> Any:
    """Read everything again that changed at a shop within these days."""
    said, task = deciding.read_span(
        by=actor_of(request), connection_id=connection_id, since=body.since, until=body.until
    )
    return {"message": said, "task_id": task}


@router.post("/connections/{connection_id}/read-goods", response={200: ConnectionSaid, **REFUSALS}, auth=VIEW)
def read_goods(request: HttpRequest, connection_id: UUID) -> Any:
    """Read all goods of a shop now."""
    return {"message": deciding.read_goods(by=actor_of(request), connection_id=connection_id)}


class PullOut(Schema):
    """One line of the pull log."""

    id: UUID
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


@router.get("/connections/{connection_id}/pulls", response={200: list[PullOut], **REFUSALS}, auth=VIEW)
def list_pulls(request: HttpRequest, connection_id: UUID) -> Any:
    """The pull log of a connection, newest first."""
    deciding.in_scope(actor_of(request), connection_id)
    return connection_desk.pulls(connection_id)


class ComparisonOut(Schema):
    """One comparison of order numbers with the platform: counts before filling in, what was filled, what differs.

    ``left``: numbers that only the platform has, each with why; ``strange``: numbers that only we have.
    """

    day: date
    start: datetime | None
    end: datetime | None
    theirs: int
    ours: int
    filled: int
    missing: list[str]
    left: dict[str, str]
    strange: list[str]
    outcome: str
    said: str
    tries: int
    finished_at: datetime


@router.get("/connections/{connection_id}/comparisons", response={200: list[ComparisonOut], **REFUSALS}, auth=VIEW)
def list_comparisons(request: HttpRequest, connection_id: UUID) -> Any:
    """The nightly comparisons of a shop's order numbers, newest first."""
    deciding.in_scope(actor_of(request), connection_id)
    return connection_desk.comparisons(connection_id)


@router.post("/connections/{connection_id}/compare", response={200: ConnectionSaid, **REFUSALS}, auth=VIEW)
def compare_now(request: HttpRequest, connection_id: UUID) -> Any:
    """Compare a shop's order numbers with the platform's now."""
    return {"message": comparing.compare_now(by=actor_of(request), connection_id=connection_id)}


class CallOut(Schema):
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


@router.get("/connections/{connection_id}/calls", response={200: list[CallOut], **REFUSALS}, auth=VIEW)
def list_calls(request: HttpRequest, connection_id: UUID, failed: bool = False) -> Any:
    """The newest calls of a connection."""
    deciding.in_scope(actor_of(request), connection_id)
    return connection_desk.calls(actor_of(request), connection_id, failed=failed)
