"""The gateway: checks the call in the documented order, dispatches it, wraps the answer."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import orjson

from daifa.connectors.shops.douyin.fake import (
    aftersales,
    factory,
    finance,
    goods,
    oauth,
    orders,
    pushing,
    receivers,
    shipping,
    signing,
    waybills,
)
from daifa.connectors.shops.douyin.fake.call import KEY, Call, Fail, Method
from daifa.kit.clock import BEIJING
from daifa.ports.books import Entity, Message
from daifa.ports.world import Outgoing, Reply, Request, What, World

METHODS: Mapping[str, Method] = {
    **orders.METHODS, **receivers.METHODS, **shipping.METHODS, **aftersales.METHODS, **goods.METHODS,
    **waybills.METHODS, **factory.METHODS, **finance.METHODS,
}  # fmt: skip


class Douyin:
    """The company in the running world; everything it remembers is in the books."""

    def __init__(self, world: World) -> None:
        self.world = world

    def method(self, request: Request) -> str:
        """``/order/searchList`` is ``order.searchList``."""
        return request.path.strip("/").replace("/", ".")

    def handle(self, request: Request) -> Reply:
        """One request."""
        if request.path == "/authorize":
            return oauth.page(self.world, request)
        if request.path in ("/", "") or request.method == "HEAD":
            return Reply(200, b"{}")
        method = self.method(request)
        try:
            app_key, params = self._verified(request, method)
            if method in oauth.METHODS:
                return self._wrap(request, method, oauth.METHODS[method](self.world, app_key, params))
            if method not in METHODS:
                raise Fail(70000, "isp.api-service-off", "接口不存在或已下线")
            shop = oauth.shop_of(self.world, app_key, request.pairs.get("access_token", ""))
            self._throttle(app_key, method)
            return self._wrap(request, method, METHODS[method](Call(self.world, method, params, app_key, shop)))
        except Fail as fail:
            return self._refuse(request, fail)

    def _verified(self, request: Request, method: str) -> tuple[str, dict[str, Any]]:
        query = request.pairs
        for name, sub_code in (("app_key", "isv.app-id-missing"), ("sign", "isv.signature-missing"),
                               ("timestamp", "isv.timestamp-missing")):  # fmt: skip
            if not query.get(name):
                raise Fail(40001, sub_code)
        app_key, timestamp = query["app_key"], query["timestamp"]
        secret = oauth.app_secret(self.world, app_key)
        self._timely(timestamp, method)
        if query.get("method", method) != method:
            raise Fail(40003, "isv.parameter-format-invalid", "method 与路径不一致")
        # Some clients send the parameters in the query, some in both places: what was signed is what counts.
        body = request.body.decode("utf-8", "replace")
        texts = [t for t in (body, query.get("param_json", "")) if t] or ["{}"]
        how = query.get("sign_method", "md5")
        for text in texts:
            if signing.sign(secret, app_key, method, text, timestamp, how) == query["sign"].lower():
                return app_key, self._read(text)
        raise Fail(40003, "isv.signature-invalid", "签名校验失败")

    def _read(self, text: str) -> dict[str, Any]:
        try:
            params = orjson.loads(text)
        except orjson.JSONDecodeError:
            raise Fail(40003, "isv.parameter-format-invalid", "参数不是 JSON") from None
        if not isinstance(params, dict):
            raise Fail(40003, "isv.parameter-format-invalid", "参数不是对象")
        if self.world.switch(KEY, "strict") and signing.canonical(params) != text:
            raise Fail(40003, "isv.signature-invalid", "参数不是规范形式")
        return params

    def _timely(self, timestamp: str, method: str) -> None:
        try:
            if timestamp.isdigit():
                at = datetime.fromtimestamp(int(timestamp), UTC)
            else:
                at = datetime.strptime(timestamp, "%Y-%m-%d %H:%M:%S").replace(tzinfo=BEIJING)
        except (ValueError, OverflowError, OSError):
            raise Fail(40003, "isv.timestamp-format-error", "时间戳格式错误") from None
        now = self.world.now() + timedelta(seconds=self.world.fault(KEY, "clock_skew", method) or 0)
        if abs((now - at).total_seconds()) > self.world.switch(KEY, "timestamp_skew"):
            raise Fail(40003, "isv.timestamp-invalid", "时间戳已过期")

    def _throttle(self, app_key: str, method: str) -> None:
        most, second = self.world.switch(KEY, "throttle_calls"), int(self.world.now().timestamp())
        if not most:
            return
        seen = self.world.books.doc(KEY, "throttle", f"{app_key}:{method}") or {}
        count = int(seen.get("count", 0)) + 1 if seen.get("second") == second else 1
        self.world.books.put_doc(KEY, "throttle", f"{app_key}:{method}", {"second": second, "count": count})
        if count > most:
            raise Fail(60000, "isv.request-limit", "触发限流，请稍后重试")

    def _log_id(self) -> str:
        n = self.world.number("douyin_log")
        stamp = self.world.now().astimezone(BEIJING).strftime("%Y%m%d%H%M%S")
        return f"{stamp}{hashlib.sha256(f'{self.world.seed}:{n}'.encode()).hexdigest()[:18].upper()}"

    def _wrap(self, request: Request, method: str, data: Any) -> Reply:
        if method.startswith("iop.") and self.world.switch(KEY, "iop_old_envelope"):
            return _json({"err_no": 0, "message": "success", "log_id": self._log_id(), "data": data})
        told = {"code": 10000, "msg": "success", "sub_code": "", "sub_msg": "", "log_id": self._log_id(), "data": data}
        if request.headers.get("x-open-no-old-err-code") != "1":
            told |= {"err_no": 0, "message": "success"}
        return _json(told)

    def _refuse(self, request: Request, fail: Fail) -> Reply:
        # Sometimes null, sometimes an empty object: real clients must bear both.
        nothing: dict[str, Any] | None = None if self.world.number("douyin_refusal") % 2 else {}
        told = {
            "code": fail.code, "msg": fail.msg, "sub_code": fail.sub_code, "sub_msg": fail.sub_msg,
            "log_id": self._log_id(), "data": nothing if fail.data is None else fail.data,
        }  # fmt: skip
        if request.headers.get("x-open-no-old-err-code") != "1":
            told |= {"err_no": fail.code, "message": fail.sub_msg}
        return _json(told)

    def trouble(self, name: str, request: Request) -> Reply | None:
        """Faults in Douyin's words."""
        words = {
            "rate_limit": Fail(60000, "isv.request-limit", "触发限流，请稍后重试"),
            "unavailable": Fail(20000, "isp.service-error:20000", "服务暂不可用"),
            "token_expired": Fail(40003, "isv.access-token-expired", "access_token已过期"),
            "token_revoked": Fail(30001, "dop.authorization-closed", "商家已关闭授权"),
        }
        off_gateway = request.path in ("/authorize", "/", "") or request.method == "HEAD"
        token_call = self.method(request) in oauth.METHODS
        if name not in words or off_gateway or (token_call and name.startswith("token")):
            return None
        return self._refuse(request, words[name])

    def happened(self, what: What, entity: Entity, more: Mapping[str, Any]) -> None:
        """Something happened: perhaps a push, perhaps the factories' business."""
        pushing.happened(self.world, what, entity, more)
        factory.happened(self.world, what, entity)

    def timer(self, name: str, data: Mapping[str, Any]) -> None:
        """Timed events of the company."""
        if name == "subscribed":
            self.world.push(KEY, "", "0", {"msg": "check"})
        elif name == "factory":
            factory.work(self.world, str(data["distr"]))
        elif name == "reviewed":
            goods.reviewed(self.world, str(data["shop"]), str(data["item"]))

    def outgoing(self, messages: Sequence[Message], *, forged: bool = False) -> Outgoing:
        """An array of messages with its sign."""
        body = pushing.body(self.world, messages)
        app_key, secret = oauth.APP_KEY, oauth.app_secret(self.world, oauth.APP_KEY)
        if forged:
            secret = f"{secret}?"
        headers = {
            "app-id": app_key,
            "event-sign": signing.event_sign(secret, app_key, body),
            "event-sign-v2": signing.event_sign_v2(secret, app_key, body),
        }
        return Outgoing(body, headers)

    def accepted(self, status: int, body: bytes) -> bool:
        """HTTP 200 with code 0; nothing else counts."""
        try:
            said = orjson.loads(body)
        except orjson.JSONDecodeError:
            return False
        return status == 200 and isinstance(said, dict) and str(said.get("code")) == "0"

    def describe(self, base_url: str) -> Mapping[str, Any]:
        """Where it is and what opens it."""
        return {
            "urls": {"gateway": base_url, "oauth": f"{base_url}/authorize", "push": None},
            "secrets": {
                "app_key": oauth.APP_KEY,
                "app_secret": oauth.app_secret(self.world, oauth.APP_KEY),
                "service_id": oauth.SERVICE_ID,
            },
            "shops": [oauth.granted(self.world, s) for s in self.world.shops(KEY)],
            "factories": [oauth.granted(self.world, s) for s in factory.shops(self.world)],
        }


def _json(told: dict[str, Any]) -> Reply:
    return Reply(200, orjson.dumps(told))
