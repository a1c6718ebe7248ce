"""The gateway: checks sign and token, answers from the books, words what goes wrong."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import orjson

from daifa.ports.books import Entity, Message
from daifa.ports.world import Outgoing, Reply, Request, What, World

from . import desk, doors
from .doors import KEY, Fail

CALLS: Mapping[str, Callable[[World, str, Mapping[str, Any]], dict[str, Any]]] = {
    "/v1/orders/changed": desk.orders_changed,
    "/v1/orders/one": desk.one_order,
    "/v1/refunds/changed": desk.refunds_changed,
    "/v1/refunds/one": desk.one_refund,
    "/v1/refunds/answer": desk.answer,
    "/v1/parcels/add": desk.add_parcel,
    "/v1/parcels/renumber": desk.renumber,
}
_TROUBLE = {
    "rate_limit": "TOO_FAST", "unavailable": "BUSY", "token_expired": "TOKEN_OLD", "token_revoked": "STORE_LEFT",
}  # fmt: skip


class Meiri:
    """The company in the running world."""

    def __init__(self, world: World) -> None:
        self.world = world

    def method(self, request: Request) -> str:
        """``/v1/orders/one`` is ``v1.orders.one``."""
        return request.path.strip("/").replace("/", ".")

    def handle(self, request: Request) -> Reply:
        """One request."""
        if request.path == "/consent":
            return doors.page(self.world, request)
        try:
            said = self._verified(request)
            if request.path == "/v1/token":
                return _json({"ok": True, "result": doors.token(self.world, said)})
            if request.path not in CALLS:
                raise Fail("NO_SUCH", "no such call")
            store = doors.store_of(self.world, request.headers.get("x-meiri-token", ""))
            return _json({"ok": True, "result": CALLS[request.path](self.world, store, said)})
        except Fail as fail:
            return _json({"ok": False, "error": {"code": fail.code, "text": fail.text}})

    def _verified(self, request: Request) -> dict[str, Any]:
        head = request.headers
        app, stamp, token = (head.get(f"x-meiri-{n}", "") for n in ("app", "time", "token"))
        if app != doors.APP:
            raise Fail("APP_WRONG", "app")
        text = f"{request.path}\n{stamp}\n{token}\n".encode() + request.body
        wanted = hmac.new(doors.secret(self.world).encode(), text, hashlib.sha256).hexdigest()
        late = abs(self.world.now().timestamp() - int(stamp or 0)) > 600
        if late or not hmac.compare_digest(wanted, head.get("x-meiri-sign", "")):
            raise Fail("APP_WRONG", "sign")
        said: dict[str, Any] = orjson.loads(request.body or b"{}")
        return said

    def trouble(self, name: str, request: Request) -> Reply | None:
        """Faults in Meiri's words."""
        if name not in _TROUBLE or not request.path.startswith("/v1/"):
            return None
        return _json({"ok": False, "error": {"code": _TROUBLE[name], "text": name}})

    def happened(self, what: What, entity: Entity, more: Mapping[str, Any]) -> None:
        """It does not push."""

    def timer(self, name: str, data: Mapping[str, Any]) -> None:
        """It sets no timers."""

    def outgoing(self, messages: Sequence[Message], *, forged: bool = False) -> Outgoing:
        """It does not push."""
        return Outgoing(b"", {})

    def accepted(self, status: int, body: bytes) -> bool:
        """It does not push."""
        return status == 200

    def describe(self, base_url: str) -> Mapping[str, Any]:
        """Where it is and what opens it."""
        return {
            "urls": {"gateway": base_url, "oauth": f"{base_url}/consent"},
            "secrets": {"app_key": doors.APP, "app_secret": doors.secret(self.world)},
            "shops": [
                {"name": s.name, "id": s.id, "access_token": t["access"], "refresh_token": t["refresh"]}
                for s in self.world.shops(KEY)
                for t in (doors.pair(self.world, s.id),)
            ],
        }


def _json(told: Mapping[str, Any]) -> Reply:
    return Reply(200, orjson.dumps(told))
