"""One Douyin shop through one application: what ``ports.shop_api.ShopApi`` wants, each method build → call → map.

Reading: windows by update time, oldest first. A window's first page tells how many there are, then the pages are read
from the last to the first: an order that changes meanwhile leaves the window and what is behind it moves up, into
pages that are still to come, so that nothing is missed. A window of more than 50,000 rows (page × size) is cut in
time. The cursor is ``from:to:page``, page empty for the first look. Lists hold orders of the last 90 days.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import orjson

from daifa.connectors.shops.douyin import (
    access,
    api_cases,
    api_goods,
    api_mapping,
    api_wishes,
    api_words,
    callbacks,
    companies,
)
from daifa.connectors.shops.douyin.api_mapping import moment, need, part, rows, text, whole
from daifa.connectors.shops.douyin.client import SIZE, Client
from daifa.ports.errors import Refused
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
    ShipPiece,
    Told,
)
from daifa.ports.transport import Credentials, Event, Granted, Transport

LISTED = timedelta(days=90)
MOST_ROWS, MOST_ITEMS = 50_000, 10_000
ITEMS_A_PAGE = 20
CIPHERS_AT_ONCE = 50


class DouyinShop:
    """Implements ShopApi."""

    def __init__(self, credentials: Credentials, transport: Transport, now: datetime) -> None:
        self._is = credentials
        self._now = now
        self._client = Client(credentials, transport)

    def refresh(self) -> Granted:
        """New tokens for old: outside the last hour the same ones, with the same end."""
        return access.refresh(self._is, self._client, self._now)

    # --- reading -------------------------------------------------------------------------------------------------

    def changes(self, feed: Feed, start: datetime, end: datetime, cursor: str = "") -> Page:
        """One page of a window. ``end`` must stay the same through a window's pages."""
        bottom, top = math.floor(start.timestamp()), math.ceil(end.timestamp())
        if feed is Feed.ORDERS:
            bottom = max(bottom, math.floor((self._now - LISTED).timestamp()))
        if bottom > top:
            return Page(())
        first, last, page = _cursor(cursor) or (bottom, top, None)
        total, items = self._page(feed, first, last, page or 0)
        if page is not None:
            return Page(items, f"{first}:{last}:{page - 1}" if page else _after(last, top))
        if total > MOST_ROWS:
            if last - first <= 1:
                raise Refused("同一秒内的变更超过 50000 条，平台不给更多", code="too-many-rows")
            return Page((), f"{first}:{(first + last) // 2}:")
        pages = (total - 1) // SIZE
        return Page(items, f"{first}:{last}:{pages}" if pages > 0 else _after(last, top), None if cursor else total)

    def _page(self, feed: Feed, first: int, last: int, page: int) -> tuple[int, tuple[Item, ...]]:
        if feed is Feed.ORDERS:
            told = self._client.search_orders(first, last, page, SIZE)
            return need(told, "total"), tuple(_order_item(x) for x in rows(told.get("shop_order_list")))
        # The end is exclusive here.
        told = self._client.search_cases(first, last + 1, page, SIZE)
        return need(told, "total"), tuple(self._case_item(x) for x in rows(told.get("items")))

    def fetch(self, feed: Feed, object_id: str) -> Item:
        """One order or case as it is now. Raises NotThere."""
        if feed is Feed.ORDERS:
            return _order_item(self._client.order_detail(object_id.removesuffix("A")))
        detail = self._client.case_detail(object_id)
        at = moment(api_cases.case_info(detail).get("update_time"))
        return Item(object_id, orjson.dumps({"detail": detail, "order_info": detail.get("order_info")}), at)

    def _case_item(self, row: Mapping[str, Any]) -> Item:
        """A case of the list; where money went back its detail is read too, which alone says how much."""
        number, info = api_cases.case_id(row), part(row, "aftersale_info")
        raw = dict(row)
        if whole(info.get("refund_status"), "refund_status") == api_words.REFUNDED:
            raw["detail"] = self._client.case_detail(number)
        return Item(number, orjson.dumps(raw), moment(info.get("update_time")))

    def goods(self, cursor: str = "") -> tuple[tuple[ListingItem, ...], str]:
        """One page of listing SKUs. The platform gives 10,000 items; beyond it raises Refused, nothing is cut off."""
        page = int(cursor or 1)
        if page * ITEMS_A_PAGE > MOST_ITEMS:
            raise Refused(f"店铺商品超过 {MOST_ITEMS} 个，平台只给前 {MOST_ITEMS} 个", code="too-many-items")
        told = self._client.items(page, ITEMS_A_PAGE)
        items = rows(told.get("data"))
        found: list[ListingItem] = []
        for item in items:
            if whole(item.get("status")) == 2:
                # Deleted: it has no SKUs any more.
                continue
            number = text(item.get("product_id_str")) or text(item.get("product_id"))
            found += api_goods.listing_items(item, self._client.skus(number))
        return tuple(found), str(page + 1) if len(items) >= ITEMS_A_PAGE else ""

    # --- shipping ------------------------------------------------------------------------------------------------

    def ship(self, shipment: Shipment) -> Told:
        """Tell of a box: whole order, part of it, or another number for a box.

        A pending refund is never refused by this call: ``is_refund_reject`` is not sent. Raises Refused for part of an
        order whose pieces nobody knows.
        """
        order = shipment.order_id.removesuffix("A")
        with self._box(shipment) as box:
            return self._ship(shipment, order, box)

    def ship_together(self, shipment: SharedShipment) -> Told:
        """Several orders in one box, one pack for all. That a refusal of one refuses all is inferred."""
        pieces = [_piece(p) for _, some in shipment.orders for p in some]
        with self._box(shipment) as box:
            told = self._client.ship(
                "logisticsAddSinglePack",
                {
                    "order_id_list": [number.removesuffix("A") for number, _ in shipment.orders],
                    "request_id": shipment.reference,
                    "shipped_order_info": pieces,
                    **box,
                },
            )
        return Told(text(told.get("pack_id")))

    def ship_extra(self, shipment: Shipment) -> Told:
        """One more box of a shipped order (order.uploadextrapackage). Raises Refused when nobody knows what is in it.

        Parameters are those of the platform's own Java SDK. Inferred: what it answers as deliver_id names the box as
        pack_id does. Whether the order shows the number afterwards, and what a second telling does, is not documented.
        """
        with self._box(shipment) as box:
            told = self._client.ship(
                "uploadextrapackage",
                {
                    "shop_order_id": shipment.order_id.removesuffix("A"),
                    "company_code": box["company_code"],
                    "tracking_no": box["logistics_code"],
                    "product_orders": [
                        {"product_order_id": p.line_id, "product_count": p.quantity} for p in _known(shipment)
                    ],
                },
            )
        return Told(text(told.get("deliver_id")))

    @contextmanager
    def _box(self, shipment: Shipment | SharedShipment) -> Iterator[dict[str, Any]]:
        """Their words for courier and number; a courier that they refuse is looked up anew the next time."""
        code = companies.code_of(self._client, self._is, shipment.courier, shipment.courier_name, self._now)
        try:
            yield {"company_code": code, "logistics_code": shipment.tracking_number}
        except Refused as refused:
            if refused.code.endswith(":60018"):
                companies.forget(self._is)
            raise

    def _ship(self, shipment: Shipment, order: str, box: dict[str, Any]) -> Told:
        if shipment.replaces:
            if shipment.pack_id:
                self._client.ship("logisticsEditByPack", {"order_id": order, "pack_id": shipment.pack_id, **box})
            else:
                self._client.ship("logisticsEdit", {"order_id": order, **box})
            return Told(shipment.pack_id)
        if shipment.whole:
            told = self._client.ship("logisticsAdd", {"order_id": order, **box})
            return Told(text(told.get("pack_id")))
        pieces = [_piece(p) for p in _known(shipment)]
        told = self._client.ship(
            "logisticsAddMultiPack",
            {
                "order_id": order,
                "request_id": shipment.reference,
                "pack_list": [{**box, "shipped_order_info": pieces}],
            },
        )
        packs = [p for x in rows(told.get("pack_list")) if (p := text(x.get("pack_id")))]
        return Told(text(told.get("pack_id")) or (packs[0] if packs else ""))

    # --- receivers -----------------------------------------------------------------------------------------------

    def open_ciphers(self, ciphers: Sequence[tuple[str, str]]) -> list[Opened]:
        """Open ciphertexts, 50 a call; what did not open says why. Works inside the platform's cloud."""
        account = {k: self._is.settings[k] for k in ("account_id", "account_type") if self._is.settings.get(k)}
        found: dict[str, Opened] = {}
        for at in range(0, len(ciphers), CIPHERS_AT_ONCE):
            some = ciphers[at : at + CIPHERS_AT_ONCE]
            asked = [{"auth_id": order.removesuffix("A"), "cipher_text": c} for order, c in some]
            found |= {o.cipher: o for x in self._client.decrypt(asked, account) if (o := _opened(x)).cipher}
        return [found.get(c, Opened(c, problem="平台没有回答这一条")) for _, c in ciphers]

    # --- answers -------------------------------------------------------------------------------------------------

    def memo(self, order_id: str, text: str, flag: str) -> None:
        """Memo and flag (灰 紫 青 绿 橙 红, "" leaves the flag). Raises Refused for more than 60 characters."""
        if len(text) > (most := api_words.LONGEST_MEMO):
            raise Refused(f"抖店备注最多 {most} 个字，现在 {len(text)} 个", code="memo-too-long", fix="请改短")
        star = api_words.STARS.get(flag.removesuffix("色"), "")
        if flag and not star:
            raise Refused(f"抖店没有“{flag}”旗", code="no-such-flag", fix="可用：灰、紫、青、绿、橙、红")
        self._client.remark(order_id.removesuffix("A"), text, star)

    def answer_refund(self, case_id: str, direction: Direction, details: Mapping[str, str]) -> None:
        """Agree or refuse. ``details``: remark, reason, reject_reason_code, return_address_id, evidence_url,
        company_code and logistics_code (an exchange sent out), update_time (what the person saw), operate (a type)."""
        info = api_cases.case_info(self._client.case_detail(case_id))
        kind, status = whole(info.get("aftersale_type")) or 0, whole(info.get("aftersale_status")) or 0
        setting = f"operate.{kind}.{status}.{direction.value}"
        own = details.get("operate") or self._is.settings.get(setting, "")
        deed = int(own) if own.isdigit() else api_words.OPERATE.get((kind, status, direction))
        if deed is None:
            word = api_words.CASE_WORDS.get(status, str(status))
            raise Refused(f"售后单现在是“{word}”，不能这样处理", code="no-such-answer", fix="请刷新售后单")
        item: dict[str, Any] = {
            "aftersale_id": case_id,
            "update_time": int(details.get("update_time") or whole(info.get("update_time")) or 0),
        }
        item |= {k: v for k in ("reason", "remark") if (v := details.get(k))}
        if code := details.get("reject_reason_code"):
            item["reject_reason_code"] = int(code)
        if url := details.get("evidence_url"):
            item["evidence"] = [{"type": 1, "url": url, "desc": details.get("evidence_text", "")}]
        logistics: dict[str, Any] = {k: v for k in ("company_code", "logistics_code") if (v := details.get(k))}
        if address := details.get("return_address_id"):
            logistics["receiver_address_id"] = int(address)
        if logistics:
            item["logistics"] = logistics
        self._client.operate_case(deed, item)

    def refuse_reasons(self, case_id: str) -> tuple[RefuseReason, ...]:
        """Codes and words; a picture is needed where evidence_need says "Y"."""
        found = rows(self._client.reject_reasons(case_id).get("items"))
        return tuple(
            RefuseReason(code, text(x.get("reason")) or code, text(x.get("evidence_need")).upper() == "Y")
            for x in found
            if (code := text(x.get("reject_reason_code")))
        )

    def answer_address(self, order_id: str, approved: bool, code: str = "") -> None:
        """Answer a buyer's wish; a no by one of 1001–1005. Raises Refused for any other."""
        if not approved and code not in api_wishes.REFUSALS:
            raise Refused("没有这个拒绝改地址的原因", code="no-such-reason", fix="请从 1001–1005 里选一个")
        self._client.confirm_address(order_id.removesuffix("A"), 0 if approved else int(code))


def _known(shipment: Shipment) -> Sequence[ShipPiece]:
    if not shipment.pieces:
        raise Refused(
            "不知道这个包裹里是哪几件商品，平台要写明", code="pieces-unknown", fix="请到抖店后台给这个订单追加包裹"
        )
    return shipment.pieces


def _piece(piece: ShipPiece) -> dict[str, Any]:
    return {"shipped_order_id": piece.line_id, "shipped_num": piece.quantity}


def _cursor(cursor: str) -> tuple[int, int, int | None] | None:
    if not cursor:
        return None
    first, last, page = cursor.split(":")
    return int(first), int(last), int(page) if page else None


def _after(last: int, top: int) -> str:
    """The next part of a window that had to be cut."""
    return f"{last}:{top}:" if last < top else ""


def _order_item(row: Mapping[str, Any]) -> Item:
    return Item(api_mapping.order_id(row), orjson.dumps(row), moment(row.get("update_time")))


def _opened(row: Mapping[str, Any]) -> Opened:
    cipher, plain = text(row.get("cipher_text")), text(row.get("decrypt_text"))
    if whole(row.get("err_no")) or not plain:
        return Opened(cipher, problem=text(row.get("err_msg")) or "没有解密成功")
    until = whole(row.get("expire_time")) if row.get("is_virtual_tel") else None
    return Opened(cipher, plain, datetime.fromtimestamp(until, UTC) if until else None)


class DouyinDialect:
    """Implements ShopDialect."""

    def order(self, raw: bytes) -> ShopOrder:
        """A stored order in our words. Raises BadReply."""
        return api_mapping.order(raw)

    def refund(self, raw: bytes) -> ShopRefund:
        """A stored case in our words. Raises BadReply."""
        return api_cases.refund(raw)

    def wish(self, raw: bytes) -> AddressWish:
        """A buyer's wish to move, of a push's data. Raises BadReply."""
        return api_wishes.wish(raw)

    def wish_reasons(self, settings: Mapping[str, str]) -> tuple[RefuseReason, ...]:
        """1001–1005, with the words of the application's settings."""
        return api_wishes.reasons(settings)

    def events(self, headers: Mapping[str, str], body: bytes, credentials: Credentials) -> list[Event]:
        """What a push tells. Raises BadSignature, BadReply."""
        return callbacks.events(headers, body, credentials)

    def receipt(self) -> tuple[bytes, str]:
        """What must be answered within five seconds."""
        return callbacks.RECEIPT

    def authorize_url(self, credentials: Credentials, state: str, back: str) -> str:
        """Where the shop's owner says yes."""
        return access.authorize_url(credentials, state, back)

    def grant(
        self, credentials: Credentials, transport: Transport, answer: Mapping[str, str], now: datetime
    ) -> Granted:
        """Tokens for what came back from there."""
        return access.grant(credentials, transport, answer, now)
