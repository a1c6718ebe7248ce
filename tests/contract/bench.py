"""A world with one company in this process, our connector against it, and a wire that can be made to fail."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from html.parser import HTMLParser
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import httpx

from daifa.connectors import registry
from daifa.ports.card import Connector
from daifa.ports.errors import (
    LoginExpired,
    NotGranted,
    OutcomeUnknown,
    RateLimited,
    RemoteError,
    Unavailable,
)
from daifa.ports.transport import Credentials, Reply, Request
from daifa.ports.world import Outgoing
from daifa.simulator.living.http import CompanyApp
from daifa.simulator.living.world import Living

START = datetime(2026, 9, 1, 2, 0, tzinfo=UTC)

# What strikes, and what a reading or a write must then be told. Before: nothing was done; after: everything was.
READING: Mapping[str, tuple[type[RemoteError], ...]] = {
    "timeout_before": (Unavailable,),
    "timeout_after": (Unavailable,),
    "http_5xx": (Unavailable,),
    "http_5xx_after": (Unavailable,),
    "html": (Unavailable,),
    "half_body": (Unavailable,),
    "company_down": (Unavailable,),
    "unavailable": (Unavailable,),
    "rate_limit": (RateLimited,),
    "token_expired": (LoginExpired,),
    "token_revoked": (LoginExpired, NotGranted),
}
WRITING: Mapping[str, tuple[type[RemoteError], ...]] = {
    "timeout_before": (OutcomeUnknown,),
    "timeout_after": (OutcomeUnknown,),
    "http_5xx": (OutcomeUnknown,),
    "http_5xx_after": (OutcomeUnknown,),
    "html": (OutcomeUnknown,),
    "half_body": (OutcomeUnknown,),
    "company_down": (OutcomeUnknown,),
    "unavailable": (Unavailable, OutcomeUnknown),
    "rate_limit": (RateLimited,),
    "token_expired": (LoginExpired,),
    "token_revoked": (LoginExpired, NotGranted),
}
AFTERWARDS = frozenset({"timeout_after", "http_5xx_after", "html", "half_body"})


@dataclass(slots=True)
class Wire:
    """Our transport over the company's own door. ``before_write`` strikes just before the first changing request."""

    app: CompanyApp
    base: str
    moment: Callable[[], datetime]
    before_write: Callable[[], None] | None = None
    sent: list[Request] = field(default_factory=list)

    def turn(self, name: str) -> datetime:
        return self.moment()

    def send(self, request: Request) -> Reply:
        self.sent.append(request)
        if request.write and self.before_write is not None:
            strike, self.before_write = self.before_write, None
            strike()
        try:
            got = self.raw(
                request.method, request.url, params=list(request.query) or None, content=request.body or None,
                headers=list(request.headers),
            )  # fmt: skip
        except (ConnectionResetError, httpx.HTTPError) as lost:
            raise OutcomeUnknown("对方没有应答", code=type(lost).__name__) from lost
        return Reply(got.status_code, got.content, dict(got.headers))

    def raw(self, method: str, url: str, **how: Any) -> httpx.Response:
        """One request as a browser or a server makes it."""

        async def once() -> httpx.Response:
            async with httpx.AsyncClient(transport=httpx.ASGITransport(self.app), base_url=self.base) as client:
                return await client.request(method, url, **how)

        return asyncio.run(once())


class Bench:
    """One connector and its company."""

    def __init__(self, key: str, *, beside: tuple[str, ...] = (), **settings: Any) -> None:
        self.key = key
        self.connector: Connector = registry.connector(key)
        fakes = [registry.fakes()[k] for k in (key, *beside)]
        calm = {"auto": False, "split": 0.0, "renumber": 0.0, "raise": 0.0, "ship_wrong": 0.0}
        self.world = Living(fakes, start=START, speed=0, settings={**calm, **settings})
        self.base = f"http://{key}.example"
        told = self.world.companies[key].describe(self.base)
        self.told = told
        self.wire = Wire(CompanyApp(self.world, key), self.base, self.world.now)
        self.account: Mapping[str, Any] = self._accounts()[0]
        self.credentials = self.made(self.account)
        # What a supplier suite found to buy.
        self.shelf: list[Any] = []

    def _accounts(self) -> list[Mapping[str, Any]]:
        told = self.world.companies[self.key].describe(self.base)
        return list(told.get("shops") or told.get("accounts") or [{}])

    def made(self, account: Mapping[str, Any], **more: Any) -> Credentials:
        """Credentials of an account of the company; what else its application has are settings, as in the product."""
        secrets = {k: str(v) for k, v in self.told["secrets"].items()}
        keys = {"app_key", "key_id", "app_secret", "secret"}
        return Credentials(
            app_key=secrets.get("app_key") or secrets.get("key_id", ""),
            app_secret=secrets.get("app_secret") or secrets.get("secret", ""),
            urls={k: v for k, v in self.told["urls"].items() if v},
            access_token=str(account.get("access_token", "")),
            refresh_token=str(account.get("refresh_token", "")),
            account=str(account.get("id", "")),
            settings={k: v for k, v in secrets.items() if k not in keys},
            **more,
        )

    @property
    def secrets(self) -> list[str]:
        """What may stand in no error text."""
        c = self.credentials
        return [s for s in (c.app_secret, c.access_token, c.refresh_token) if s]

    def pass_time(self, seconds: float, send: Callable[..., Awaitable[tuple[int, bytes]]] | None = None) -> None:
        """Time of the world goes by."""

        async def nowhere(target: str, outgoing: Outgoing, timeout: float) -> tuple[int, bytes]:
            return 200, b""

        asyncio.run(self.world.advance(seconds, send or nowhere))
        if seconds > 3600:
            # Tokens ended meanwhile.
            self.account = self._accounts()[0]
            self.credentials = self.made(self.account)

    def pushed(self, what: Callable[[], object], seconds: float = 5) -> list[Outgoing]:
        """What the company pushes because of something that happens."""
        found: list[Outgoing] = []

        async def keep(target: str, outgoing: Outgoing, timeout: float) -> tuple[int, bytes]:
            found.append(outgoing)
            dialect = self.connector.shop or self.connector.supplier
            assert dialect is not None
            return 200, dialect.receipt()[0]

        self.world.set_push_target(self.key, "http://us.example/push")
        self.pass_time(1, keep)
        what()
        self.pass_time(seconds, keep)
        return found

    def switch(self, **said: Any) -> None:
        """Assumptions of the world about the company."""
        self.world.switches.setdefault(self.key, {}).update(said)

    def strike(self, name: str, method: str = "*") -> None:
        """Something goes wrong at the next call, without real waiting."""
        how = {"until": self.world.clock.seconds() + 3600} if name == "company_down" else {"count": 1}
        self.world.faults.add(name, company=self.key, method=method, seconds=0, **how)

    def press_yes(self, url: str) -> dict[str, str]:
        """What the owner's browser brings back from the consent page."""
        page = self.wire.raw("GET", url)
        assert page.status_code == 200, page.text
        form = _Form()
        form.feed(page.text)
        target = httpx.URL(url).join(form.action) if form.action else httpx.URL(url)
        got = self.wire.raw("POST", str(target), data=form.fields)
        assert got.status_code in {302, 303}, got.text
        return dict(parse_qsl(urlsplit(got.headers["location"]).query))


class _Form(HTMLParser):
    """The first form of a page, filled in as it stands, its button pressed."""

    def __init__(self) -> None:
        super().__init__()
        self.action, self.fields = "", dict[str, str]()
        self._select = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = {k: v or "" for k, v in attrs}
        if tag == "form":
            self.action = said.get("action", "")
        elif tag in {"input", "button"} and said.get("name"):
            self.fields.setdefault(said["name"], said.get("value", ""))
        elif tag == "select":
            self._select = said.get("name", "")
        elif tag == "option" and self._select and ("selected" in said or self._select not in self.fields):
            self.fields[self._select] = said.get("value", "")


def silent(bench: Bench, error: RemoteError) -> None:
    """An error's words hold no secret."""
    told = f"{error} {error.text} {error.code} {error!r}"
    assert not [s for s in bench.secrets if s in told]
