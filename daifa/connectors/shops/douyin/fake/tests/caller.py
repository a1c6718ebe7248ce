"""A client of the gateway for these tests: it signs and posts as the documents say, in-process."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import httpx
import orjson

from daifa.connectors.shops.douyin.fake import FAKE, oauth, signing
from daifa.kit.clock import BEIJING
from daifa.ports.books import BuyerOrder
from daifa.ports.world import Outgoing
from daifa.simulator.living.http import CompanyApp
from daifa.simulator.living.world import Living

START = datetime(2026, 9, 1, 2, 0, tzinfo=UTC)
SHOP = "21830476"


class Caller:
    """One world with Douyin alone, one authorised shop, and a push address that keeps what comes."""

    def __init__(self, home: Path | None = None, **settings: Any) -> None:
        self.world = Living([FAKE], start=START, speed=0, home=home, settings={"auto": False, **settings})
        told = self.world.companies["douyin"].describe("http://douyin")
        self.secret = told["secrets"]["app_secret"]
        self.shop = told["shops"][0]
        self.factories = told["factories"]
        self.token = self.shop["access_token"]
        self.pushed: list[Outgoing] = []
        self.ack: tuple[int, bytes] = (200, b'{"code":0,"msg":"success"}')

    def authorise(self) -> None:
        """Fresh tokens, after a long time."""
        self.token = self.world.companies["douyin"].describe("http://douyin")["shops"][0]["access_token"]

    def url(self, method: str, text: str, *, token: str | None = None, stamp: str = "", how: str = "hmac-sha256",
            sign: str = "", **query: str) -> str:  # fmt: skip
        stamp = stamp or str(int(self.world.clock.seconds()))
        said = {
            "app_key": oauth.APP_KEY, "method": method, "timestamp": stamp, "v": "2", "sign_method": how,
            "access_token": self.token if token is None else token, **query,
        }  # fmt: skip
        said["sign"] = sign or signing.sign(self.secret, oauth.APP_KEY, method, text, stamp, how)
        return f"/{method.replace('.', '/')}?{urlencode({k: v for k, v in said.items() if v})}"

    def send(self, url: str, body: str | bytes = b"", verb: str = "POST", **headers: str) -> httpx.Response:
        async def once() -> httpx.Response:
            transport = httpx.ASGITransport(CompanyApp(self.world, "douyin"))
            async with httpx.AsyncClient(transport=transport, base_url="http://douyin") as client:
                named = {k.replace("_", "-"): v for k, v in headers.items()}
                return await client.request(verb, url, content=body, headers=named)

        return asyncio.run(once())

    def raw(self, method: str, params: dict[str, Any] | None = None, **how: Any) -> dict[str, Any]:
        """The whole envelope."""
        text = signing.canonical(params or {})
        found: dict[str, Any] = self.send(self.url(method, text, **how), text).json()
        return found

    def call(self, method: str, params: dict[str, Any] | None = None, **how: Any) -> Any:
        """The data of a success."""
        found = self.raw(method, params, **how)
        assert found["code"] == 10000, found
        return found["data"]

    def refused(self, method: str, params: dict[str, Any] | None = None, **how: Any) -> str:
        """The sub_code of a refusal."""
        found = self.raw(method, params, **how)
        assert found["code"] != 10000, found
        return str(found["sub_code"])

    def number(self, method: str, params: dict[str, Any] | None = None, **how: Any) -> str:
        """The business number of a refusal."""
        return self.refused(method, params, **how).rsplit(":", 1)[1]

    def switch(self, **said: Any) -> None:
        self.world.switches.setdefault("douyin", {}).update(said)

    def order(self, *, pieces: tuple[int, ...] = (1,), waits: str = "") -> BuyerOrder:
        """A calm paid order with a line of so many pieces each."""
        shelf = [x for x in self.world.books.listings("douyin", SHOP) if x.kind == "single"]
        lines = [(shelf[n * 3].sku_no, count) for n, count in enumerate(pieces)]
        made = self.world.buyers.make("douyin", SHOP, lines=lines, calm=True, waits=waits)
        assert made is not None
        return made

    def pass_time(self, seconds: float) -> None:
        asyncio.run(self.world.advance(seconds, self._receive))

    def listen(self) -> None:
        self.world.set_push_target("douyin", "http://us/push")
        self.pass_time(1)
        self.pushed.clear()

    async def _receive(self, target: str, outgoing: Outgoing, timeout: float) -> tuple[int, bytes]:
        self.pushed.append(outgoing)
        return self.ack

    def messages(self) -> list[dict[str, Any]]:
        return [m for o in self.pushed for m in orjson.loads(o.body)]

    def tags(self) -> list[str]:
        return [m["tag"] for m in self.messages()]


def beijing_text(at: datetime) -> str:
    return at.astimezone(BEIJING).strftime("%Y-%m-%d %H:%M:%S")
