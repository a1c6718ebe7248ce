"""One Meiri store, as ``ports.shop_api`` wants it. Pages are keyed by (changed, number): nothing moves between them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Never
from urllib.parse import urlencode

import orjson

from daifa.ports.errors import BadReply, LoginExpired, NotGranted, NotSupported, Refused
from daifa.ports.shop import AddressWish, ShopOrder, ShopRefund
from daifa.ports.shop_api import (
    Direction,
    Feed,
    Item,
    ListingItem,
    Opened,
    Page,
    RefuseReason,
    SharedShipment,
    Shipment,
    Told,
)
from daifa.ports.transport import BadSignature, Credentials, Event, Granted, Transport

from . import mapping
from .client import Client

_PATHS = {Feed.ORDERS: "/v1/orders", Feed.REFUNDS: "/v1/refunds"}


class MeiriShop:
    """Implements ShopApi."""

    def __init__(self, credentials: Credentials, transport: Transport, now: datetime) -> None:
        self._is, self._now = credentials, now
        self._client = Client(credentials, transport)

    def refresh(self) -> Granted:
        """A new access token; the refresh token stays the same and lives on."""
        if not self._is.refresh_token:
            raise LoginExpired("没有刷新令牌", code="no-refresh-token", fix="请店主重新授权")
        return granted(self._client, {"refresh": self._is.refresh_token}, self._now)

    def changes(self, feed: Feed, start: datetime, end: datetime, cursor: str = "") -> Page:
        """One page of a window, oldest change first."""
        said = {"from": start.isoformat(), "to": end.isoformat(), "after": cursor}
        told = self._client.call(f"{_PATHS[feed]}/changed", said)
        return Page(tuple(_item(row) for row in told.get("rows") or ()), str(told.get("next") or ""))

    def fetch(self, feed: Feed, object_id: str) -> Item:
        """One order or refund as it is now."""
        return _item(self._client.call(f"{_PATHS[feed]}/one", {"no": object_id}))

    def ship(self, shipment: Shipment) -> Told:
        """Tell of a box, or of another number for a box; a repeated key gives the first answer again."""
        theirs = {ours: carrier for carrier, ours in mapping.CARRIERS.items()}.get(shipment.courier)
        if theirs is None:
            raise Refused(
                f"每日优选不支持快递公司“{shipment.courier_name or shipment.courier}”", code="no-carrier",
                fix="请换一家快递公司后重新上传",
            )  # fmt: skip
        box = {"order": shipment.order_id, "carrier": theirs, "number": shipment.tracking_number}
        if shipment.replaces:
            self._client.call("/v1/parcels/renumber", {**box, "old_number": shipment.replaces}, write=True)
            return Told(shipment.pack_id)
        pieces = [{"no": p.line_id, "count": p.quantity} for p in shipment.pieces]
        said = {**box, "key": shipment.reference, "items": [] if shipment.whole else pieces}
        return Told(str(self._client.call("/v1/parcels/add", said, write=True).get("parcel", "")))

    def ship_together(self, shipment: SharedShipment) -> Told:
        """Not offered."""
        _cannot("多个订单一个包裹")

    def ship_extra(self, shipment: Shipment) -> Told:
        """Not offered."""
        _cannot("给发完的订单追加包裹")

    def answer_refund(self, case_id: str, direction: Direction, details: Mapping[str, str]) -> None:
        """Agree to or refuse a refund."""
        said = {"no": case_id, "agree": direction is Direction.AGREE, "why": details.get("reason", "")}
        self._client.call("/v1/refunds/answer", said, write=True)

    def refuse_reasons(self, case_id: str) -> tuple[RefuseReason, ...]:
        """None: a sentence is enough."""
        return ()

    def goods(self, cursor: str = "") -> tuple[tuple[ListingItem, ...], str]:
        """Not offered."""
        _cannot("读取商品")

    def open_ciphers(self, ciphers: Sequence[tuple[str, str]]) -> list[Opened]:
        """Not needed: receivers come in plain text."""
        _cannot("解密")

    def memo(self, order_id: str, text: str, flag: str) -> None:
        """Not offered."""
        _cannot("写备注")

    def answer_address(self, order_id: str, approved: bool, code: str = "") -> None:
        """Not offered."""
        _cannot("答复改地址")


class MeiriDialect:
    """Implements ShopDialect."""

    def order(self, raw: bytes) -> ShopOrder:
        """Their order in our words."""
        return mapping.order(mapping.opened(raw))

    def refund(self, raw: bytes) -> ShopRefund:
        """Their refund in our words."""
        return mapping.refund(mapping.opened(raw))

    def wish(self, raw: bytes) -> AddressWish:
        """The platform never tells of any."""
        raise BadReply("没有改地址申请", code="wish")

    def wish_reasons(self, settings: Mapping[str, str]) -> tuple[RefuseReason, ...]:
        """None: wishes cannot be answered."""
        return ()

    def events(self, headers: Mapping[str, str], body: bytes, credentials: Credentials) -> list[Event]:
        """The platform does not push, so nothing that comes is from it."""
        raise BadSignature("no pushes")

    def receipt(self) -> tuple[bytes, str]:
        """Never asked for."""
        return b"", "text/plain"

    def authorize_url(self, credentials: Credentials, state: str, back: str) -> str:
        """The consent page."""
        said = {"app": credentials.app_key, "state": state, "back": back}
        return f"{credentials.urls['oauth']}?{urlencode(said)}"

    def grant(
        self, credentials: Credentials, transport: Transport, answer: Mapping[str, str], now: datetime
    ) -> Granted:
        """Tokens for the ticket that came back."""
        if not answer.get("ticket"):
            raise NotGranted("授权页没有带回授权码", code="no-ticket", fix="请重新点“授权”")
        return granted(Client(credentials, transport), {"ticket": answer["ticket"]}, now)


def granted(client: Client, said: Mapping[str, Any], now: datetime) -> Granted:
    """Ask for tokens. A ticket is good once; refreshing may be repeated."""
    told = client.call("/v1/token", said, write="ticket" in said, token=False)
    return Granted(
        access_token=str(told["access"]),
        refresh_token=str(told["refresh"]),
        expires_at=now + timedelta(seconds=int(told["seconds"])),
        refresh_expires_at=now + timedelta(seconds=int(told["refresh_seconds"])),
        account=str(told["store"]),
        account_name=str(told.get("store_name", "")),
    )


def _item(row: Mapping[str, Any]) -> Item:
    return Item(str(row["no"]), orjson.dumps(row), mapping.moment(row.get("changed")))


def _cannot(what: str) -> Never:
    raise NotSupported(f"每日优选的接口不能{what}", code="not-on-the-card")
