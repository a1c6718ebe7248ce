"""The seven calls of our supplier protocol: sign, send, read status and body, raise typed errors.

A refusal (4xx, or 503 with an error body) changed nothing; any other 5xx, or no answer, leaves a write unknown
(docs/supplier-protocol.md, contract 4). Money in fen, moments ISO 8601 with a zone.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

import orjson

from daifa.connectors.suppliers.httpapi import signing
from daifa.ports.errors import (
    BadReply,
    NotGranted,
    NotThere,
    OutcomeUnknown,
    RateLimited,
    Refused,
    RemoteError,
    Unavailable,
)
from daifa.ports.transport import Credentials, Reply, Request, Transport

PAGE = 50
_PERSON = frozenset({"receiver", "note"})
# Code: (our words, what to do); the supplier's own sentence stands beside them.
_NO: Mapping[str, tuple[str, str]] = {
    "malformed": ("供应商说请求内容不对", "请联系技术支持"),
    "already_shipped": ("供应商已发货，不能取消", "请联系供应商拦截"),
    "unknown_sku": ("供应商没有这个商品编码", "请检查货源关联"),
    "off_sale": ("供应商停售了这个商品", "换供应商"),
    "out_of_stock": ("供应商库存不足", "换供应商，或等补货"),
    "not_served": ("供应商不发这个地区", "换供应商"),
    "price_above_limit": ("供应商的价格超过限额", "核对价格后再下单"),
}
type Json = dict[str, Any]


class Client:
    """One key at one supplier."""

    def __init__(self, credentials: Credentials, transport: Transport) -> None:
        self._is, self._transport = credentials, transport

    def place(self, order: Mapping[str, object]) -> Json:
        """POST /v1/orders: 201 made now, 200 was there already; the same reference is the same order for ever."""
        return self._call("placeOrder", "POST", "/v1/orders", body=order, write=True)

    def order(self, reference: str) -> Json:
        """GET /v1/orders/{reference}. Raises NotThere: it was never made."""
        return self._call("getOrder", "GET", f"/v1/orders/{quote(reference, safe='')}")

    def cancel(self, reference: str) -> Json:
        """POST /v1/orders/{reference}/cancel; again gives the same answer."""
        return self._call("cancelOrder", "POST", f"/v1/orders/{quote(reference, safe='')}/cancel", write=True)

    def changed(self, since: str, after: str) -> Json:
        """GET /v1/orders: what changed, oldest change first."""
        query = [("changed_since", since), *([("after", after)] if after else []), ("limit", str(PAGE))]
        return self._call("listOrders", "GET", "/v1/orders", query)

    def stock(self, codes: Sequence[str]) -> Json:
        """GET /v1/stock for up to 100 codes; an unknown one is not in the answer."""
        return self._call("getStock", "GET", "/v1/stock", [("sku", c) for c in codes])

    def quote(self, province: str, lines: Sequence[Mapping[str, object]]) -> Json:
        """POST /v1/quote: a reading, although it is a POST."""
        return self._call("quote", "POST", "/v1/quote", body={"province": province, "lines": list(lines)})

    def _call(
        self,
        name: str,
        method: str,
        path: str,
        query: Sequence[tuple[str, str]] = (),
        *,
        body: Mapping[str, object] | None = None,
        write: bool = False,
    ) -> Json:
        url = self._is.urls["gateway"].rstrip("/") + path + (f"?{urlencode(query)}" if query else "")
        parts = urlsplit(url)
        target = f"{parts.path}?{parts.query}" if parts.query else parts.path
        sent = orjson.dumps(body) if body is not None else b""
        stamp = str(int(self._transport.turn(name).timestamp()))
        headers = (
            ("Content-Type", "application/json"),
            (signing.KEY, self._is.app_key),
            (signing.TIMESTAMP, stamp),
            (signing.SIGNATURE, signing.sign(self._is.app_secret, method, target, stamp, sent)),
        )
        try:
            reply = self._transport.send(Request(name, url, method, (), headers, sent, write, _PERSON))
        except OutcomeUnknown as lost:
            raise _doubt("供应商没有应答", lost.code, write=write) from lost
        return self._read(reply, write=write)

    def _read(self, reply: Reply, *, write: bool) -> Json:
        try:
            told = orjson.loads(reply.body)
        except orjson.JSONDecodeError:
            told = None
        error = told.get("error") if isinstance(told, dict) else None
        if reply.status in {200, 201} and isinstance(told, dict) and error is None:
            return told
        if isinstance(error, dict) and error.get("code") and (400 <= reply.status < 500 or reply.status == 503):
            raise self._refusal(reply, str(error["code"]), str(error.get("message") or ""), write=write)
        raise _doubt("供应商的回答看不懂", f"http-{reply.status}", write=write)

    def _refusal(self, reply: Reply, code: str, said: str, *, write: bool) -> RemoteError:
        said = said.replace(self._is.app_secret, "•••")[:200] if len(self._is.app_secret) > 3 else said[:200]
        wait = reply.headers.get("retry-after", "")
        after = float(wait) if wait.isdigit() else 0.0
        if reply.status == 429:
            return RateLimited("供应商接口限流", code=code, fix="系统会自动重试", after=after)
        if reply.status == 503:
            return Unavailable(said or "供应商系统暂停服务", code=code, fix="系统会自动重试", after=after)
        if code == "stale_timestamp":
            return Unavailable("和供应商的时间相差超过 5 分钟", code=code, fix="请校准服务器时间")
        if reply.status == 401:
            return NotGranted("供应商不认这个密钥", code=code, fix="请向供应商要新的密钥编号和密钥")
        if reply.status == 404:
            return NotThere(said or "供应商没有这个订单", code=code)
        if code == "reference_conflict":
            # Something stands under our reference: what it is must be looked at, nothing may be bought instead.
            return _doubt("供应商已有同一编号、内容不同的订单", code, write=write)
        if code in _NO:
            words, fix = _NO[code]
            return Refused(f"{words}（{said}）" if said else words, code=code, fix=fix)
        return Refused(f"供应商拒绝：{said or code}", code=code)


def _doubt(said: str, code: str, *, write: bool) -> RemoteError:
    if write:
        return OutcomeUnknown(f"{said}，不知道办没办成", code=code)
    return Unavailable(said, code=code, fix="系统会自动重试")


def need(row: Mapping[str, Any], name: str) -> Any:
    """A value that the protocol demands. Raises BadReply."""
    found = row.get(name)
    if found is None:
        raise BadReply(f"供应商的回答缺少 {name}", code=name)
    return found
