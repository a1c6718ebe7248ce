"""A supplier with a programmer, by our own protocol: the same reference is the same order for ever, on account.

There is nobody to ask for consent: whoever has the key may call, so "authorising" only tries the key. A webhook says
that something happened, the order is fetched; its signature covers our own path, which is ``settings["push_path"]`` or
this product's push address for the key.
"""

from __future__ import annotations

import hmac
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from urllib.parse import urlencode

import orjson

from daifa.connectors.suppliers.httpapi import mapping, signing
from daifa.connectors.suppliers.httpapi.client import Client, need
from daifa.ports.errors import BadReply, NotSupported, NotThere, Refused
from daifa.ports.shop_api import FeedTerms, Item, Page
from daifa.ports.supplier_api import (
    Paid,
    PlacedOrders,
    PlacingTerms,
    PurchaseState,
    Quote,
    SupplierOffer,
    SupplierOrder,
    Wanted,
)
from daifa.ports.transport import BadSignature, Credentials, Event, Granted, Transport

FEED = "purchases"


class HttpSupplier:
    """Implements SupplierApi."""

    def __init__(self, credentials: Credentials, transport: Transport, now: datetime) -> None:
        self._is = credentials
        self._client = Client(credentials, transport)

    def refresh(self) -> Granted:
        """There are no tokens: the key is tried. Raises NotGranted when it is no longer known."""
        return _tried(self._is, self._client)

    def quote(self, wanted: Wanted) -> Quote:
        """Goods and freight as of now. Raises Refused where the supplier cannot."""
        if wanted.cipher is not None:
            raise NotSupported("这个供应商不收密文收件人", code="cipher", fix="请先解密，或换能收密文的供应商")
        told = self._client.quote(wanted.recipient.province, _lines(wanted))
        return Quote(mapping.whole(told, "goods_fen"), mapping.whole(told, "freight_fen"))

    def place(self, wanted: Wanted) -> PlacedOrders:
        """Buy it, whole or not at all. Repeating it under the same reference is harmless by contract."""
        if wanted.cipher is not None:
            raise NotSupported("这个供应商不收密文收件人", code="cipher", fix="请先解密，或换能收密文的供应商")
        to = wanted.recipient
        told = self._client.place(
            {
                "reference": wanted.reference,
                "lines": _lines(wanted),
                "receiver": {
                    "name": to.name,
                    "phone": to.phone,
                    "province": to.province,
                    "city": to.city,
                    "district": to.district,
                    "street": to.street,
                    "detail": to.address,
                },
                "note": wanted.note,
            }
        )
        order = mapping.order(told)
        if order.state is PurchaseState.CLOSED:
            # The reference was used before and its order is over.
            raise Refused("供应商的这个订单已经取消", code="cancelled", fix="请重新下单")
        return PlacedOrders((order.external_id,), order.total_fen, order.freight_fen)

    def find(self, reference: str) -> list[SupplierOrder]:
        """The order of a reference; none is the truth at once."""
        try:
            return [mapping.order(self._client.order(reference))]
        except NotThere:
            return []

    def pay(self, external_ids: tuple[str, ...], amount_fen: int, key: str) -> Paid:
        """On account: nothing to pay. Raises NotSupported."""
        raise NotSupported("这个供应商是记账结算，不用在这里付款", code="pay")

    def pay_page(self, external_ids: tuple[str, ...]) -> Paid:
        """On account: nothing to pay. Raises NotSupported."""
        raise NotSupported("这个供应商是记账结算，不用在这里付款", code="pay")

    def cancel(self, external_id: str, reason: str) -> None:
        """Cancel before shipping; again is harmless. Raises Refused when it was shipped."""
        self._client.cancel(external_id)

    def ask_refund(self, external_id: str, amount_fen: int, reason: str, key: str) -> str:
        """What is cancelled costs nothing: the same as cancelling."""
        return str(need(self._client.cancel(external_id), "reference"))

    def fetch(self, external_id: str) -> SupplierOrder:
        """One order with its parcels, as it is now."""
        return mapping.order(self._client.order(external_id))

    def changes(self, start: datetime, end: datetime, cursor: str = "") -> Page:
        """What changed since the start, oldest first; what changed after the end may come with it."""
        since, _, after = cursor.partition("\n")
        told = self._client.changed(since or start.astimezone(UTC).isoformat(), after)
        rows, following = told.get("orders"), told.get("next")
        if not isinstance(rows, list):
            raise BadReply("供应商的回答缺少 orders", code="orders")
        items = tuple(
            Item(str(need(x, "reference")), orjson.dumps(x), mapping.moment(x.get("updated_at"))) for x in rows
        )
        more = f"{need(following, 'changed_since')}\n{following.get('after') or ''}" if following else ""
        return Page(items, more)

    def offer(self, offer_id: str) -> SupplierOffer:
        """A code as it is now. Raises NotThere."""
        rows = self._client.stock([offer_id]).get("items") or []
        row = next((x for x in rows if str(x.get("sku")) == offer_id), None)
        if row is None:
            raise NotThere(f"供应商没有商品编码 {offer_id}", code="unknown_sku")
        return mapping.offer(row, self._is.settings.get("name", ""))


def _lines(wanted: Wanted) -> list[dict[str, object]]:
    return [{"sku": x.offer_id, "quantity": x.quantity} for x in wanted.lines]


def _tried(credentials: Credentials, client: Client) -> Granted:
    client.stock(["0"])
    return Granted(credentials.app_key, "", None, None, credentials.app_key, credentials.settings.get("name", ""))


class HttpDialect:
    """Implements SupplierDialect."""

    terms = PlacingTerms(
        findable=True,
        visible_after=timedelta(0),
        ask_after=tuple(timedelta(seconds=s) for s in (2, 5, 15, 60)),
        repeatable=True,
        payment=False,
        source="docs/supplier-protocol.md 1、2",
    )
    feed = FeedTerms(window=timedelta(days=7), back=timedelta(days=7), source="docs/supplier-protocol.md 6")

    def order(self, item: Item) -> SupplierOrder:
        """A stored order in our words. Raises BadReply."""
        try:
            row = orjson.loads(item.raw)
        except orjson.JSONDecodeError:
            raise BadReply("存下来的内容不是 JSON", code="json") from None
        if not isinstance(row, dict):
            raise BadReply("存下来的内容不是对象", code="json")
        return mapping.order(row)

    def offer_ref(self, text: str) -> str:
        """The supplier's article code as it is."""
        return text.strip()

    def events(self, headers: Mapping[str, str], body: bytes, credentials: Credentials) -> list[Event]:
        """What a webhook tells. Its age cannot be judged here (no clock): its id makes it once."""
        said = {k.lower(): v for k, v in headers.items()}
        stamp, given = said.get(signing.TIMESTAMP.lower(), ""), said.get(signing.SIGNATURE.lower(), "")
        target = credentials.settings.get("push_path") or f"/api/push/httpapi/{credentials.app_key}"
        ours = signing.sign(credentials.app_secret, "POST", target, stamp, body)
        key = said.get(signing.KEY.lower(), "")
        if key != credentials.app_key or not hmac.compare_digest(ours.encode(), given.encode()):
            raise BadSignature("供应商的推送签名不对")
        try:
            told = orjson.loads(body)
        except orjson.JSONDecodeError:
            raise BadReply("供应商的推送不是 JSON", code="push") from None
        if not isinstance(told, dict):
            raise BadReply("供应商的推送不是对象", code="push")
        reference = str(told.get("reference") or "")
        return [
            Event(
                key=str(need(told, "id")),
                account=credentials.app_key,
                topic=str(told.get("type") or ""),
                feed=FEED if reference else "",
                object_id=reference,
                at=mapping.moment(told.get("at")),
            )
        ]

    def receipt(self) -> tuple[bytes, str]:
        """Any 2xx is enough."""
        return b"{}", "application/json"

    def authorize_url(self, credentials: Credentials, state: str, back: str) -> str:
        """Straight back: there is no page of theirs, the key is the consent."""
        return f"{back}{'&' if '?' in back else '?'}{urlencode({'state': state, 'code': 'key'})}"

    def grant(
        self, credentials: Credentials, transport: Transport, answer: Mapping[str, str], now: datetime
    ) -> Granted:
        """The key is tried. Raises NotGranted."""
        return _tried(credentials, Client(credentials, transport))
