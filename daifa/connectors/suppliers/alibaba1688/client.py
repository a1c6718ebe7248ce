"""One method per remote call of 1688: sign, send, read the body, unwrap whatever envelope it has, raise typed errors.

HTTP 200 proves nothing and business envelopes are not uniform (sheet §1.2): an answer is an error when success is
false or an error code is there, and no result came with it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

import orjson

from daifa.connectors.suppliers.alibaba1688 import errors
from daifa.connectors.suppliers.alibaba1688.signing import SIGNATURE, sign
from daifa.ports.errors import (
    BadReply,
    LoginExpired,
    NotGranted,
    OutcomeUnknown,
    RateLimited,
    RemoteError,
    Unavailable,
)
from daifa.ports.transport import Credentials, Reply, Request, Transport

TRADE, LOGISTICS, FENXIAO = "com.alibaba.trade", "com.alibaba.logistics", "com.alibaba.fenxiao"
GATEWAY = "https://gw.open.1688.com"
AUTH = "https://auth.1688.com"
_FORM = (("Content-Type", "application/x-www-form-urlencoded; charset=UTF-8"),)
_PERSON = frozenset({"addressParam", "encryptOutOrderInfo", "message", "remark", "description", "receiverInfo"})
_SECRET = frozenset({"client_secret", "refresh_token", "code"})
_CODES = ("errorCode", "error_code", "code")
_WORDS = ("errorMessage", "errorMsg", "erroMsg", "error_message", "message", "errorInfo")


def _plain(value: object) -> str:
    return value if isinstance(value, str) else orjson.dumps(value).decode()


class Client:
    """The gateway for one buyer's token."""

    def __init__(self, credentials: Credentials, transport: Transport) -> None:
        self._who, self._transport = credentials, transport
        self._base = (credentials.urls.get("gateway") or GATEWAY).rstrip("/")

    def call(self, namespace: str, name: str, given: Mapping[str, object], *, write: bool = False) -> dict[str, Any]:
        """Call one API; returns its answer as it is. Raises RemoteError."""
        path = f"param2/1/{namespace}/{name}/{self._who.app_key}"
        form = {k: _plain(v) for k, v in given.items() if v is not None}
        form["access_token"] = self._who.access_token
        form["_aop_timestamp"] = str(int(self._transport.turn(name).timestamp() * 1000))
        form[SIGNATURE] = sign(self._who.app_secret, path, form)
        request = Request(
            name=name,
            url=f"{self._base}/openapi/{path}",
            headers=_FORM,
            body=urlencode(form).encode(),
            write=write,
            private=_PERSON,
        )
        return self._read(self._send(request), write=write)

    def _send(self, request: Request) -> Reply:
        try:
            return self._transport.send(request)
        except OutcomeUnknown as lost:
            raise _kept(lost, write=request.write) from lost

    def _read(self, reply: Reply, *, write: bool) -> dict[str, Any]:
        found = _json(reply, write=write)
        code = str(found.get("error_code") or "")
        if not code and reply.status >= 400:
            code = str(found.get("errorCode") or "")
        if code or reply.status >= 400:
            said = self._clean(str(found.get("error_message") or found.get("errorMessage") or ""))
            raise _kept(errors.gateway(reply.status, code, said), write=write)
        return found

    def _clean(self, said: str) -> str:
        """Their words without our secrets."""
        for secret in (self._who.app_secret, self._who.access_token, self._who.refresh_token):
            if len(secret) > 3:
                said = said.replace(secret, "•••")
        return said[:200]

    def token(self, given: Mapping[str, str]) -> dict[str, Any]:
        """``getToken``: a code or a refresh token becomes an access token. Raises LoginExpired for a no."""
        form = {"client_id": self._who.app_key, "client_secret": self._who.app_secret, **given}
        # A code is used up by the first call that arrives; a refresh may be repeated.
        write = given.get("grant_type") == "authorization_code"
        request = Request(
            name="getToken",
            url=f"{self._base}/openapi/http/1/system.oauth2/getToken/{self._who.app_key}",
            headers=_FORM,
            body=urlencode(form).encode(),
            write=write,
            private=_SECRET,
        )
        reply = self._send(request)
        found = _json(reply, write=write)
        if found.get("error"):
            code, said = str(found["error"]), self._clean(str(found.get("error_description") or found["error"]))
            if code == "invalid_client":
                raise NotGranted("1688 的 App Key 或 App Secret 不对", code=code, fix="请核对应用的密钥")
            raise LoginExpired(f"1688 不接受授权：{said}", code=code, fix="请重新授权")
        if found.get("error_code") or not found.get("access_token"):
            raise _kept(errors.gateway(reply.status, str(found.get("error_code") or "no-token"), ""), write=write)
        return found


def _json(reply: Reply, *, write: bool) -> dict[str, Any]:
    if reply.status == 429:
        raise RateLimited("1688 限制了调用频率", code="429", fix="系统会自动放慢", after=10)
    try:
        found = orjson.loads(reply.body)
    except orjson.JSONDecodeError as error:
        if write:
            raise OutcomeUnknown("1688 的应答读不懂", code=str(reply.status)) from error
        raise Unavailable("1688 的应答读不懂", code=str(reply.status), fix="系统会自动重试") from error
    if not isinstance(found, dict):
        raise BadReply("1688 的应答不是预期的格式", code=str(reply.status))
    return found


def _kept(error: RemoteError, *, write: bool) -> RemoteError:
    """A read that broke did nothing, whatever broke."""
    if isinstance(error, OutcomeUnknown) and not write:
        return Unavailable(error.said, code=error.code, fix="系统会自动重试")
    return error


def unwrapped(answer: Mapping[str, Any], *names: str, write: bool = False) -> Any:
    """What a business answer holds under the first of these names; some answers nest a second envelope.

    Raises RemoteError for a no: an error code, or success false, without a result.
    """
    inner = answer.get("result")
    if isinstance(inner, dict) and "success" in inner and not any(n in answer for n in names if n != "result"):
        return unwrapped(inner, *names, write=write)
    found = next((answer[n] for n in names if answer.get(n) not in (None, "")), None)
    code = next((str(answer[c]) for c in _CODES if answer.get(c) not in (None, "", 0, "0")), "")
    said = next((str(answer[w]) for w in _WORDS if answer.get(w)), "")
    no = str(answer.get("success", True)).lower() == "false"
    # A documented sample shows success false on a good creation: with a result and no code it is one.
    if (found is None and (code or no)) or (code and no):
        raise _kept(errors.business(code, said), write=write)
    return found
