"""The server: checks who asks, finds what is asked for, words the answer."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any
from urllib.parse import unquote, urlsplit

import orjson

from daifa.connectors.suppliers.httpapi.fake import orders, signing, stock
from daifa.connectors.suppliers.httpapi.fake.words import KEY, Ask, No
from daifa.ports.books import Entity, Message, Parcel, SupplierOrder
from daifa.ports.world import Outgoing, Reply, Request, What, World

# (method, pattern of the path, name, who answers). The names are those of the OpenAPI document.
ROUTES: Sequence[tuple[str, str, str, Callable[[Ask], tuple[int, Any]]]] = (
    ("POST", r"/v1/orders", "placeOrder", orders.place),
    ("GET", r"/v1/orders", "listOrders", orders.changed),
    ("GET", r"/v1/orders/([^/]+)", "getOrder", orders.one),
    ("POST", r"/v1/orders/([^/]+)/cancel", "cancelOrder", orders.cancel),
    ("GET", r"/v1/orders/([^/]+)/tracking", "getTracking", orders.tracking),
    ("GET", r"/v1/stock", "getStock", stock.stock),
    ("POST", r"/v1/quote", "quote", stock.quote),
)
EVENTS = {
    What.SUPPLY_PAID: "order.accepted",
    What.SUPPLY_SHIPPED: "order.shipped",
    What.NUMBER_CHANGED: "order.parcel_changed",
    What.SUPPLY_CLOSED: "order.cancelled",
}


class HttpSupplier:
    """A supplier with a programmer."""

    def __init__(self, world: World) -> None:
        self.world = world

    @property
    def key_id(self) -> str:
        """The merchant's key with this supplier."""
        return f"mk_{self._digest('key')[:12]}"

    @property
    def secret(self) -> str:
        """Its secret."""
        return f"sk_{self._digest('secret')}"

    def _digest(self, what: str) -> str:
        return hashlib.sha256(f"{self.world.seed}|{KEY}|{what}".encode()).hexdigest()[:40]

    def _route(self, request: Request) -> tuple[str, Callable[[Ask], tuple[int, Any]], str] | None:
        for method, pattern, name, answer in ROUTES:
            found = re.fullmatch(pattern, request.path)
            if found is not None and method == request.method:
                return name, answer, unquote(found[1]) if found.groups() else ""
        return None

    def method(self, request: Request) -> str:
        """The operation's name."""
        route = self._route(request)
        return route[0] if route else request.path.strip("/") or "root"

    def handle(self, request: Request) -> Reply:
        """One request."""
        if request.path in ("", "/"):
            return Reply(200, b"{}")
        try:
            self._verify(request)
            self._throttle()
            route = self._route(request)
            if route is None:
                raise No(404, "unknown_path", "没有这个接口")
            status, answer = route[1](Ask(self.world, request, route[2]))
            return Reply(status, orjson.dumps(answer))
        except No as no:
            return _refused(no)

    def _verify(self, request: Request) -> None:
        headers = request.headers
        if headers.get(signing.KEY_HEADER) != self.key_id:
            raise No(401, "unknown_key", "密钥编号不存在")
        stamp = headers.get(signing.TIME_HEADER, "")
        now = self.world.now().timestamp() + (self.world.fault(KEY, "clock_skew") or 0.0)
        if not stamp.isdigit() or abs(int(stamp) - now) > signing.SKEW:
            raise No(401, "stale_timestamp", "时间戳与服务器时间相差超过 5 分钟", now=int(now))
        target = f"{request.path}?{request.query}" if request.query else request.path
        ours = signing.sign(self.secret, request.method, target, stamp, request.body)
        if not signing.same(ours, headers.get(signing.SIGNATURE_HEADER, "")):
            raise No(401, "bad_signature", "签名不正确")

    def _throttle(self) -> None:
        most = int(self.world.switch(KEY, "calls_per_second"))
        if most <= 0:
            return
        second = int(self.world.now().timestamp())
        kept = self.world.books.doc(KEY, "rate", "key") or {}
        count = int(kept.get("count", 0)) + 1 if kept.get("second") == second else 1
        self.world.books.put_doc(KEY, "rate", "key", {"second": second, "count": count})
        if count > most:
            raise No(429, "too_fast", "请求过于频繁，请稍后再试")

    def trouble(self, name: str, request: Request) -> Reply | None:
        """The world's faults in the protocol's words; there are no tokens that could expire."""
        if name == "rate_limit":
            return _refused(No(429, "too_fast", "请求过于频繁，请稍后再试"))
        if name == "unavailable":
            return _refused(No(503, "unavailable", "系统维护中，本次请求没有办理"))
        if name == "token_revoked":
            return _refused(No(401, "unknown_key", "密钥已停用"))
        return None

    def happened(self, what: What, entity: Entity, more: Mapping[str, Any]) -> None:
        """A webhook says that something changed; what it is, the merchant asks."""
        if isinstance(entity, SupplierOrder) and entity.company == KEY and what in EVENTS:
            self._push(EVENTS[what], entity)
        elif isinstance(entity, Parcel) and what is What.PARCEL_SCANNED:
            company, _, number = entity.supplier_order.partition("/")
            order = self.world.books.supply(KEY, number) if company == KEY else None
            if order is not None:
                self._push("order.tracking", order)

    def _push(self, kind: str, order: SupplierOrder) -> None:
        data = {"type": kind, "reference": order.reference, "at": self.world.now().isoformat(timespec="seconds")}
        self.world.push(KEY, order.seller, kind, data)

    def timer(self, name: str, data: Mapping[str, Any]) -> None:
        """Nothing is put off."""

    def outgoing(self, messages: Sequence[Message], *, forged: bool = False) -> Outgoing:
        """One event, signed as requests are, over the webhook's own path."""
        body = orjson.dumps({"id": messages[0].id, **messages[0].data})
        parts = urlsplit(self.world.push_target(KEY))
        target = f"{parts.path or '/'}?{parts.query}" if parts.query else parts.path or "/"
        stamp = str(int(self.world.now().timestamp()))
        signature = signing.sign("wrong" if forged else self.secret, "POST", target, stamp, body)
        names = (signing.KEY_HEADER, signing.TIME_HEADER, signing.SIGNATURE_HEADER)
        return Outgoing(body, dict(zip(names, (self.key_id, stamp, signature), strict=True)))

    def accepted(self, status: int, body: bytes) -> bool:
        """Any 2xx."""
        return 200 <= status < 300

    def describe(self, base_url: str) -> Mapping[str, Any]:
        """Address, key, and the supplier behind it."""
        seller = self.world.sellers.profile(str(self.world.switch(KEY, "seller")))
        return {
            "urls": {"gateway": base_url, "push": None},
            "secrets": {"app_key": self.key_id, "app_secret": self.secret},
            "accounts": [{"name": seller.name, "id": seller.code}],
        }


def _refused(no: No) -> Reply:
    headers = {"Retry-After": "1"} if no.status in (429, 503) else {}
    body = orjson.dumps({"error": {"code": no.code, "message": no.message, **no.more}})
    return Reply(no.status, body, headers=headers)
