"""From a connection to a connector that is ready to use: credentials opened, transport with limiter, breaker, record.

``use`` is the one door: it is entered outside of any transaction, refreshes an expired token once, and turns a token
that is gone for good into a state of the connection that every screen shows.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import lru_cache
from typing import Protocol
from uuid import UUID

from daifa.areas.accounts.services import connections
from daifa.areas.accounts.types import ConnectionView
from daifa.base.jobs import tenant_task
from daifa.base.tenancy import current_tenant, tenant
from daifa.connectors import registry
from daifa.flows.calling import Caller, watched
from daifa.flows.factory_supplier import FactorySupplier, Handed, Words
from daifa.kit import clock
from daifa.kit.errors import Conflict, Invalid
from daifa.kit.values import dataclass
from daifa.ports.card import ApiTerms, Connector
from daifa.ports.errors import (
    LoginExpired,
    NotGranted,
    NotSupported,
    RateLimited,
    RemoteError,
    Unavailable,
    Withdrawn,
)
from daifa.ports.factory_api import FactoryApi
from daifa.ports.shop_api import FeedTerms, Item, ShopApi, ShopDialect
from daifa.ports.supplier_api import PlacingTerms, SupplierApi, SupplierDialect, SupplierOrder
from daifa.ports.transport import Credentials, Granted


class Buying(Protocol):
    """What following a purchase needs to know of a platform."""

    @property
    def terms(self) -> PlacingTerms: ...

    @property
    def feed(self) -> FeedTerms: ...

    def order(self, item: Item) -> SupplierOrder: ...


@dataclass(frozen=True, slots=True)
class Line:
    """An open line to a company for one piece of work."""

    connection: ConnectionView
    connector: Connector
    terms: ApiTerms
    credentials: Credentials
    caller: Caller

    def shop(self) -> ShopApi:
        """The shop's API."""
        assert self.connector.shop_api is not None
        return self.connector.shop_api(self.credentials, self.caller, clock.now())

    def factories(self) -> FactoryApi:
        """The factories bound to the shop. Raises NotSupported."""
        if self.connector.factory_api is None:
            raise NotSupported("这个平台没有厂商代发的接口", code="factory")
        return self.connector.factory_api(self.credentials, self.caller, clock.now())

    def supplier(self, handed: Handed | None = None) -> SupplierApi:
        """The supplier's API; under a shop's connection the factories bound to the shop."""
        if self.connection.shop_id is not None:
            return FactorySupplier(self.factories(), handed)
        assert self.connector.supplier_api is not None
        return self.connector.supplier_api(self.credentials, self.caller, clock.now())


def terms_of(platform: str) -> ApiTerms:
    """The terms of a platform's API. Raises Invalid when it has none."""
    connector = registry.connectors().get(platform)
    if connector is None or connector.card.api is None:
        raise Invalid("no_api", f"“{platform}”还没有接口连接，请用文件导入。")
    return connector.card.api


def platform_of(connection_id: UUID, tenant_id: int = 0) -> str:
    """Which company a connection speaks to (it never changes, so it is looked up once); without ``tenant_id`` of the
    current tenant. Raises NotFound."""
    return _platform(tenant_id or current_tenant(), connection_id)


@lru_cache(maxsize=4096)
def _platform(tenant_id: int, connection_id: UUID) -> str:
    with tenant(tenant_id):
        return connections.get(connection_id).platform


def shop_dialect(platform: str) -> ShopDialect:
    """How a shop platform speaks."""
    found = registry.connector(platform).shop
    assert found is not None, platform
    return found


def supplier_dialect(platform: str) -> SupplierDialect:
    """How a supplier platform speaks."""
    found = registry.connector(platform).supplier
    assert found is not None, platform
    return found


def buying(platform: str) -> Buying:
    """How far placing may be trusted there and how what was placed is followed: suppliers', and shops' factories."""
    connector = registry.connector(platform)
    if connector.factory is not None:
        return Words(connector.factory)
    return supplier_dialect(platform)


def open_line(tenant_id: int, connection_id: UUID, *, outbox_id: UUID | None = None, attempt: int = 1) -> Line:
    """Open a line. Raises Conflict when the connection does not work (expired, revoked, paused, removed)."""
    with tenant(tenant_id):
        found = connections.for_use(connection_id)
    held, credentials = found.view, found.credentials
    connector = registry.connector(held.platform)
    terms = terms_of(held.platform).paced(credentials.calls_per_second)
    caller = Caller(
        tenant_id=tenant_id,
        connection_id=connection_id,
        application=f"{held.platform}:{credentials.app_key}",
        platform=held.platform,
        terms=terms,
        outbox_id=outbox_id,
        attempt=attempt,
        health=found.health,
    )
    return Line(held, connector, terms, credentials, caller)


@contextmanager
def use(tenant_id: int, connection_id: UUID, *, outbox_id: UUID | None = None, attempt: int = 1) -> Iterator[Line]:
    """An open line; every exchange is recorded, a login that is over becomes the connection's state."""
    line = open_line(tenant_id, connection_id, outbox_id=outbox_id, attempt=attempt)
    try:
        with watched(line.caller):
            yield line
    except LoginExpired as error:
        _lost(tenant_id, line, error)
        raise
    except Withdrawn as error:
        _end(tenant_id, connection_id, "revoked", error.text)
        raise


def ask[T](tenant_id: int, connection_id: UUID, question: Callable[[Line], T]) -> T:
    """Ask something that changes nothing; with a token that just ended it is refreshed and asked once more."""
    try:
        with use(tenant_id, connection_id) as line:
            return question(line)
    except LoginExpired:
        with use(tenant_id, connection_id) as line:
            return question(line)


def _lost(tenant_id: int, line: Line, error: LoginExpired) -> None:
    """The token is not good (any more): refresh it; if that fails too, only the account's owner can help."""
    try:
        refresh(tenant_id, line.connection.id)
    except (RateLimited, Unavailable):
        return
    except (RemoteError, Conflict):
        _end(tenant_id, line.connection.id, "expired", f"授权已失效：{error.said}。请重新授权")


def _end(tenant_id: int, connection_id: UUID, state: str, reason: str) -> None:
    with tenant(tenant_id):
        if connections.get(connection_id).state == "working":
            connections.move(connection_id, state, reason)


def refresh(tenant_id: int, connection_id: UUID) -> Granted:
    """New tokens for old, stored. Raises RemoteError when the company refuses."""
    line = open_line(tenant_id, connection_id)
    with watched(line.caller):
        granted = line.shop().refresh() if line.connection.shop_id else line.supplier().refresh()
    with tenant(tenant_id):
        connections.keep(connection_id, granted)
    return granted


@tenant_task("connect.refresh")
def refresh_one(*, tenant_id: int, connection_id: str) -> None:
    """Refresh one connection's token; a refusal ends the connection, anything else is tried again later."""
    try:
        refresh(tenant_id, UUID(connection_id))
    except (LoginExpired, NotGranted) as error:
        _end(tenant_id, UUID(connection_id), "expired", f"授权不能续期：{error.said}。请重新授权")
    except (RemoteError, Conflict):
        return


def watch_tokens() -> int:
    """Queue a refresh for every token of the tenant that ends soon; returns how many."""
    now = clock.now()
    ahead = {
        key: c.card.api.refresh_ahead for key, c in registry.connectors().items() if c.card.api is not None
    }  # fmt: skip
    found = connections.to_refresh(now, ahead)
    for connection_id in found:
        refresh_one.nudge(f"refresh:{connection_id}", connection_id=str(connection_id))
    return len(found)
