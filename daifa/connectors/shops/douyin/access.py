"""How a shop's owner grants access, and how tokens are renewed.

An access token lives 7 days, its refresh token 14. Refreshing more than an hour before the end gives the same pair
again; in the last hour a new pair, the old one good for an hour more; afterwards a new pair alone (documented). So:
refresh in the last 50 minutes (card), and never assume that the pair is new. Self-built applications
(``settings["app_kind"] == "self"``) take tokens for their own ``shop_id`` without a page, also after both ended.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from daifa.connectors.shops.douyin.api_mapping import text, whole
from daifa.connectors.shops.douyin.client import Client
from daifa.ports.errors import BadReply, LoginExpired, NotGranted, NotSupported
from daifa.ports.transport import Credentials, Granted, Transport

REFRESH_LIFE = timedelta(days=14)


def authorize_url(credentials: Credentials, state: str, back: str) -> str:
    """The service market's page. That it takes ``redirect_uri`` is inferred: the console knows the address anyway.

    Raises NotSupported without ``service_id``.
    """
    service = credentials.settings.get("service_id", "")
    if not service:
        raise NotSupported("没有填服务 ID", code="service_id", fix="请在应用里填写服务市场的服务 ID，或改用自用型应用")
    said = {"service_id": service, "state": state, "redirect_uri": back, "app_key": credentials.app_key}
    address = credentials.urls["oauth"]
    return f"{address}{'&' if '?' in address else '?'}{urlencode(said)}"


def grant(credentials: Credentials, transport: Transport, answer: Mapping[str, str], now: datetime) -> Granted:
    """Tokens for the code that came back, or for a self-built application's own shop. Raises RemoteError."""
    client = Client(credentials, transport)
    if code := answer.get("code", ""):
        return _granted(client.create_token({"code": code, "grant_type": "authorization_code"}), now, fresh=True)
    shop_id = answer.get("shop_id") or credentials.settings.get("shop_id", "")
    if not shop_id:
        raise NotGranted("授权页没有带回授权码", code="no-code", fix="请重新点“授权”")
    return own_shop(client, shop_id, now)


def own_shop(client: Client, shop_id: str, now: datetime) -> Granted:
    """Tokens of a self-built application. Raises RemoteError."""
    params = {"code": "", "grant_type": "authorization_self", "shop_id": shop_id}
    return _granted(client.create_token(params), now, fresh=True)


def refresh(credentials: Credentials, client: Client, now: datetime) -> Granted:
    """New tokens for old, perhaps the same ones. Raises LoginExpired when the owner must sign in again."""
    shop_id = credentials.settings.get("shop_id") or credentials.account
    may_take = credentials.settings.get("app_kind") == "self" and bool(shop_id)
    if not credentials.refresh_token and not may_take:
        raise LoginExpired("没有刷新令牌", code="no-refresh-token", fix="请店主重新授权")
    try:
        told = client.refresh_token()
    except LoginExpired:
        if not may_take:
            raise
        return own_shop(client, shop_id, now)
    return _granted(told, now, fresh=text(told.get("refresh_token")) != credentials.refresh_token)


def _granted(told: Mapping[str, Any], now: datetime, *, fresh: bool) -> Granted:
    token, renew = text(told.get("access_token")), text(told.get("refresh_token"))
    if not token:
        raise BadReply("平台没有给授权令牌", code="access_token")
    left = whole(told.get("expires_in"), "expires_in")
    return Granted(
        access_token=token,
        refresh_token=renew,
        expires_at=now + timedelta(seconds=left) if left is not None else None,
        refresh_expires_at=now + REFRESH_LIFE if fresh else None,
        account=text(told.get("shop_id")),
        account_name=text(told.get("shop_name")),
        scope=text(told.get("scope")),
    )
