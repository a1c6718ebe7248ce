"""Douyin's pushes: signature checked, each message named. A push is a hint to fetch,
never data; only a buyer's wish to move (111) stands nowhere else.

The sign is over the raw body (two public SDKs), or over the body without blanks (a third): both are accepted. Messages
come as an array; ``data`` is JSON text or an object, the id is spelt ``msg_id`` or ``msgId``. Tag "0" is the check of
the address. No time is signed, so age cannot be judged: a repeated message is known by its id.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import orjson

from daifa.connectors.shops.douyin import api_wishes, signing
from daifa.connectors.shops.douyin.api_mapping import text
from daifa.ports.errors import BadReply
from daifa.ports.factory_api import FEED as FACTORY_FEED
from daifa.ports.shop_api import Feed
from daifa.ports.transport import BadSignature, Credentials, Event

RECEIPT = (b'{"code":0,"msg":"success"}', "application/json")
CHECK = "0"
_ORDERS = frozenset("100 101 102 103 104 105 106 108 109 110 111 113 126".split())
# 500 memo, 501 assigned, 504 address, 505 returned; 502 or 503 taken back (inferred: the number was never seen).
_FACTORY = frozenset("500 501 502 503 504 505".split())
_BLANK = b" \t\r\n"


def events(headers: Mapping[str, str], body: bytes, credentials: Credentials) -> list[Event]:
    """What a push tells, one event per message. Raises BadSignature, BadReply."""
    verify(headers, body, credentials)
    try:
        told = orjson.loads(body)
    except orjson.JSONDecodeError:
        raise BadReply("推送内容不是 JSON", code="push") from None
    if isinstance(told, dict):
        told = [told]
    if not isinstance(told, list):
        raise BadReply("推送内容不是消息数组", code="push")
    return [_event(m) for m in told if isinstance(m, dict)]


def verify(headers: Mapping[str, str], body: bytes, credentials: Credentials) -> None:
    """Raises BadSignature unless the push is from the platform and for this application."""
    said = {k.lower(): v for k, v in headers.items()}
    app, given = said.get("app-id", credentials.app_key), said.get("event-sign", "").lower()
    if app != credentials.app_key:
        raise BadSignature("app-id")
    for text_ in (body, body.translate(None, _BLANK)):
        if hmac.compare_digest(signing.event_sign(credentials.app_secret, app, text_).encode(), given.encode()):
            return
    raise BadSignature("event-sign")


def _event(message: Mapping[str, Any]) -> Event:
    topic = text(message.get("tag"))
    data = _data(message.get("data"))
    key = text(message.get("msg_id")) or text(message.get("msgId"))
    feed, object_id = _about(topic, data)
    return Event(
        key=key or hashlib.sha256(orjson.dumps(message)).hexdigest(),
        # In messages of factories ``shop_id`` is the factory, ``user_id`` the merchant.
        account=text(data.get("user_id" if feed == FACTORY_FEED else "shop_id")),
        topic=topic,
        feed=feed,
        object_id=object_id,
        at=_moment(data.get("update_time")),
        wish=wish.value if (wish := api_wishes.TAGS.get(topic)) and object_id else "",
        told=orjson.dumps(data) if topic in api_wishes.TAGS else b"",
    )


def _about(topic: str, data: Mapping[str, Any]) -> tuple[str, str]:
    """What to fetch; unknown tags and goods name nothing."""
    if topic in _FACTORY:
        return FACTORY_FEED, text(data.get("distr_order_id"))
    order = text(data.get("p_id")).removesuffix("A")
    if topic in _ORDERS and order:
        return Feed.ORDERS.value, order
    if topic.startswith("2") and len(topic) == 3:
        if case := text(data.get("aftersale_id")):
            return Feed.REFUNDS.value, case
        if order:
            return Feed.ORDERS.value, order
    return "", ""


def _data(value: object) -> Mapping[str, Any]:
    if isinstance(value, str):
        try:
            value = orjson.loads(value)
        except orjson.JSONDecodeError:
            return {}
    return value if isinstance(value, dict) else {}


def _moment(value: object) -> datetime | None:
    """Seconds in trade messages, RFC 3339 text in many after-sale ones; None for anything else."""
    said = text(value)
    try:
        if said.isdigit():
            return datetime.fromtimestamp(int(said), UTC) if int(said) else None
        return datetime.fromisoformat(said).astimezone(UTC) if said else None
    except (ValueError, OverflowError, OSError):
        return None
