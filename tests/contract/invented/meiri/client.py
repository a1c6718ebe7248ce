"""Meiri's gateway: every call is a signed POST of JSON; the answer is ``{ok, result}`` or ``{ok, error}``."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping
from typing import Any

import orjson

from daifa.ports.errors import BadReply, OutcomeUnknown, Unavailable
from daifa.ports.transport import Credentials, Request, Transport

from . import errors

type Json = dict[str, Any]
_PERSON = frozenset({"name", "mobile", "address", "note"})
_AGAIN = "系统会自动重试"


def sign(secret: str, path: str, stamp: str, token: str, body: bytes) -> str:
    """The sign of a call: HMAC-SHA256 over four lines."""
    text = b"\n".join((path.encode(), stamp.encode(), token.encode(), body))
    return hmac.new(secret.encode(), text, hashlib.sha256).hexdigest()


class Client:
    """One store through one application."""

    def __init__(self, credentials: Credentials, transport: Transport) -> None:
        self._is, self._transport = credentials, transport

    def call(self, path: str, said: Mapping[str, Any], *, write: bool = False, token: bool = True) -> Json:
        """One call; ``write``: it changes something there. Raises RemoteError."""
        keys, body = self._is, orjson.dumps(said)
        name = path.strip("/").replace("/", ".")
        stamp = str(int(self._transport.turn(name).timestamp()))
        bearer = keys.access_token if token else ""
        headers = (
            ("Content-Type", "application/json"), ("X-Meiri-App", keys.app_key), ("X-Meiri-Token", bearer),
            ("X-Meiri-Time", stamp), ("X-Meiri-Sign", sign(keys.app_secret, path, stamp, bearer, body)),
        )  # fmt: skip
        url = f"{keys.urls['gateway'].rstrip('/')}{path}"
        request = Request(name, url, "POST", (), headers, body, write, _PERSON)
        try:
            reply = self._transport.send(request)
        except OutcomeUnknown as lost:
            if write:
                raise
            raise Unavailable("平台没有应答", code=lost.code, fix=_AGAIN) from lost
        try:
            told = orjson.loads(reply.body)
        except orjson.JSONDecodeError:
            told = None
        if not isinstance(told, dict) or "ok" not in told:
            what = f"http-{reply.status}"
            if write:
                raise OutcomeUnknown("平台的回答看不懂，不知道办没办成", code=what)
            raise Unavailable("平台的回答看不懂", code=what, fix=_AGAIN)
        if not told["ok"]:
            error = told.get("error") or {}
            raise errors.problem(str(error.get("code", "")), str(error.get("text", "")), write=write)
        if not isinstance(told.get("result"), dict):
            raise BadReply("平台的回答里没有内容", code="result")
        found: Json = told["result"]
        return found
