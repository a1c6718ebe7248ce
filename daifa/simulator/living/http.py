"""A company on the wire: reads the request, lets the faults strike, serves it from the world, answers."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from daifa.ports.world import Reply, Request
from daifa.simulator.living.world import Living

log = logging.getLogger(__name__)
type Scope = MutableMapping[str, Any]
type Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
type Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
_PAGE = "<!DOCTYPE html><html><head><title>502 Bad Gateway</title></head><body><h1>502 Bad Gateway</h1></body></html>"


class CutOff(ConnectionResetError):
    """The connection is broken off in the middle of the answer, on purpose."""


class CompanyApp:
    """ASGI: one company at its own root path."""

    def __init__(self, world: Living, key: str) -> None:
        self._world, self._key = world, key

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return
        request = await _read(scope, receive)
        method = self._world.companies[self._key].method(request)
        before = await self._before(request, method, send)
        if before is not None:
            await _answer(send, before, request)
            return
        try:
            reply = self._world.serve(self._key, request)
        except Exception:
            # A mistake of the fake itself must look like one, and leave its trace.
            log.exception("fake.%s.failed %s", self._key, method)
            self._world.note(f"假平台出错：{self._key} {method}")
            reply = Reply(500, b"internal error of the fake", "text/plain")
        if reply.wait:
            await asyncio.sleep(reply.wait)
        await self._after(reply, request, method, send)

    def _draw(self, name: str, method: str) -> float | None:
        return self._world.faults.draw(name, self._key, method)

    async def _before(self, request: Request, method: str, send: Send) -> Reply | None:
        """What strikes before anything is done; None lets the request pass."""
        world = self._world
        if self._draw("company_down", method) is not None:
            return Reply(503, b"upstream connect error", "text/plain")
        if (seconds := self._draw("slow", method)) is not None:
            await asyncio.sleep(seconds)
        if (seconds := self._draw("timeout_before", method)) is not None:
            await _hang(send, seconds)
        if self._draw("http_5xx", method) is not None:
            return Reply(502, _PAGE.encode(), "text/html")
        for name in ("rate_limit", "unavailable", "token_expired", "token_revoked"):
            if self._draw(name, method) is not None:
                reply = world.companies[self._key].trouble(name, request)
                world.commit()
                if reply is not None:
                    return reply
        if self._draw("pages_shift", method) is not None:
            for shop in world.shops(self._key):
                world.buyers.make(self._key, shop.id, calm=True)
        return None

    async def _after(self, reply: Reply, request: Request, method: str, send: Send) -> None:
        """What strikes after everything was done and committed."""
        if (seconds := self._draw("timeout_after", method)) is not None:
            await _hang(send, seconds)
        if self._draw("http_5xx_after", method) is not None:
            reply = Reply(504, _PAGE.encode(), "text/html")
        elif self._draw("html", method) is not None:
            reply = Reply(200, _PAGE.encode(), "text/html")
        elif self._draw("half_body", method) is not None:
            await _start(send, reply)
            await send({"type": "http.response.body", "body": reply.body[: len(reply.body) // 2], "more_body": True})
            raise CutOff("half a body")
        await _answer(send, reply, request)


async def _read(scope: Scope, receive: Receive) -> Request:
    body = b""
    while True:
        message = await receive()
        body += message.get("body", b"")
        if message["type"] == "http.disconnect" or not message.get("more_body"):
            break
    headers = {k.decode("latin-1").lower(): v.decode("latin-1") for k, v in scope["headers"]}
    base = f"{scope.get('scheme', 'http')}://{headers.get('host', 'localhost')}"
    return Request(scope["method"], scope["path"], scope["query_string"].decode("latin-1"), headers, body, base)


async def _start(send: Send, reply: Reply) -> None:
    headers = [("content-type", reply.content_type), ("content-length", str(len(reply.body))), *reply.headers.items()]
    lines = [(k.lower().encode("latin-1"), v.encode("latin-1")) for k, v in headers]
    await send({"type": "http.response.start", "status": reply.status, "headers": lines})


async def _answer(send: Send, reply: Reply, request: Request) -> None:
    await _start(send, reply)
    await send({"type": "http.response.body", "body": b"" if request.method == "HEAD" else reply.body})


async def _hang(send: Send, seconds: float) -> None:
    """No answer for so long, and then none at all."""
    await asyncio.sleep(seconds)
    await _start(send, Reply(200, b" " * 64))
    raise CutOff("no answer")
