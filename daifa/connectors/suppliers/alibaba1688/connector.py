"""1688 as our buyer's account: preview, place under our reference, find it again, pay, follow, take back.

``settings["solution"]`` "fenxiao" uses ``fenxiaoOrder.create`` (where the app holds the distribution solution), else
``fastCreateOrder``; ``settings["flow"]`` the order flow. What a second creation with one ``outOrderId`` answers, and
how long a new order stays invisible in look-ups, is not documented (sheet §5.4): we look for at least ten minutes.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

import orjson

from daifa.connectors.suppliers.alibaba1688 import api_mapping as mapping
from daifa.connectors.suppliers.alibaba1688 import errors
from daifa.connectors.suppliers.alibaba1688.client import FENXIAO, LOGISTICS, TRADE, Client, unwrapped
from daifa.ports.errors import BadReply, NotGranted, NotSupported, NotThere, OutcomeUnknown, Refused, RemoteError
from daifa.ports.shop_api import Item, Page
from daifa.ports.supplier_api import Paid, PlacedOrders, PurchaseState, Quote, SupplierOffer, SupplierOrder, Wanted
from daifa.ports.transport import Credentials, Granted, Transport

PAGE = 50
LONGEST_ADDRESS, LONGEST_NOTE = 200, 500
# Our platform keys as 1688 calls them (sheet §5.5).
PLATFORMS: Mapping[str, str] = {
    "douyin": "douyin", "taobao": "thyny", "pdd": "pinduoduo", "jd": "jingdong", "kuaishou": "kuaishou",
}  # fmt: skip


def granted(found: Mapping[str, Any], refresh_token: str, now: datetime) -> Granted:
    """A token answer; ``expires_in`` is text. The refresh answer usually holds no refresh token: the old one stays."""
    until = found.get("refresh_token_timeout")
    return Granted(
        access_token=str(found["access_token"]),
        refresh_token=str(found.get("refresh_token") or refresh_token),
        expires_at=now + timedelta(seconds=int(str(found.get("expires_in") or 36000))),
        refresh_expires_at=mapping.moment(until) if until else None,
        account=str(found.get("memberId") or ""),
        account_name=str(found.get("resource_owner") or ""),
    )


class Alibaba1688:
    """One buyer's account."""

    def __init__(self, credentials: Credentials, transport: Transport, now: datetime) -> None:
        self._who, self._now = credentials, now
        self._client = Client(credentials, transport)

    def refresh(self) -> Granted:
        """A new access token; ten hours."""
        given = {"grant_type": "refresh_token", "refresh_token": self._who.refresh_token}
        found = granted(self._client.token(given), self._who.refresh_token, self._now)
        return (
            found
            if found.account
            else Granted(
                found.access_token, found.refresh_token, found.expires_at, found.refresh_expires_at, self._who.account
            )
        )

    @property
    def _fenxiao(self) -> bool:
        return self._who.settings.get("solution") == "fenxiao"

    def _basket(self, wanted: Wanted) -> dict[str, object]:
        cargo = [
            {**_offer(x.offer_id), **({"specId": x.spec_id} if x.spec_id else {}), "quantity": x.quantity}
            for x in wanted.lines
        ]
        flow = self._who.settings.get("flow") or ("fenxiao" if self._fenxiao else "general")
        given: dict[str, object] = {"flow": flow, "cargoParamList": cargo}
        if wanted.cipher is None:
            to = wanted.recipient
            if len(to.address) > LONGEST_ADDRESS:
                raise Refused(f"详细地址超过 {LONGEST_ADDRESS} 个字，1688 不收", code="address", fix="请把地址改短")
            given["addressParam"] = {
                "fullName": to.name, "mobile": to.phone, "provinceText": to.province, "cityText": to.city,
                "areaText": to.district, "townText": to.street, "address": to.address,
            }  # fmt: skip
        else:
            given["encryptOutOrderInfo"] = self._handed_on(wanted)
        return given

    def _handed_on(self, wanted: Wanted) -> dict[str, object]:
        """A shop platform's ciphertext, unopened (sheet §5.5). ``outPatformExtraInfo`` is spelt so there."""
        c = wanted.cipher
        assert c is not None
        place = {k: {"name": c.extra.get(ours, "")} for k, ours in
                 (("province", "province"), ("city", "city"), ("area", "district"), ("town", "street"))}  # fmt: skip
        return {
            "encryptOrder": True,
            "outPlatformCode": PLATFORMS.get(c.platform, "other"),
            "outPlatformOrderNo": c.order_id,
            "outPlatformAppkey": c.app_key,
            "outShopId": c.shop_id,
            "outShopName": c.shop_name,
            "outOriginAddress": {**place, "address": c.masked_address},
            **({"oaid": c.extra["oaid"]} if c.extra.get("oaid") else {}),
            "encryptReceiverName": c.name,
            "encryptReceiverMobile": c.phone,
            "encryptReceiverAddress": c.address,
        }

    def quote(self, wanted: Wanted) -> Quote:
        """The preview: goods and freight as of now."""
        name = "alibaba.trade.createFenxiaoOrder.preview" if self._fenxiao else "alibaba.createOrder.preview"
        answer = self._client.call(FENXIAO if self._fenxiao else TRADE, name, self._basket(wanted))
        groups = unwrapped(answer, "orderPreviewResuslt", "result")
        return mapping.quote(groups if isinstance(groups, list) else [groups] if groups else [])

    def place(self, wanted: Wanted) -> PlacedOrders:
        """Create the order under our reference. A lost answer is never repeated here.

        A refusal is believed only where nothing stands under the reference: what a creation with a reference that was
        used before answers is not documented. An undocumented refusal stays unknown.
        """
        if len(wanted.note) > LONGEST_NOTE:
            raise Refused(f"给卖家的留言超过 {LONGEST_NOTE} 个字", code="message", fix="请把留言改短")
        name = "alibaba.trade.fenxiaoOrder.create" if self._fenxiao else "alibaba.trade.fastCreateOrder"
        given = {**self._basket(wanted), "outOrderId": wanted.reference, "message": wanted.note}
        answer = self._client.call(TRADE, name, given, write=True)
        try:
            result = unwrapped(answer, "result", write=True)
        except (Refused, NotThere) as refused:
            return self._after_a_no(wanted.reference, refused)
        if not isinstance(result, dict):
            raise BadReply("1688 的下单应答没有结果")
        return mapping.placed(result)

    def _after_a_no(self, reference: str, refused: RemoteError) -> PlacedOrders:
        try:
            found = [o for o in self.find(reference) if o.state is not PurchaseState.CLOSED]
        except RemoteError as error:
            raise OutcomeUnknown(f"1688 没有收下（{refused.said}），还没能查证", code=refused.code) from error
        if found:
            totals, freights = [o.total_fen for o in found], [o.freight_fen for o in found]
            return PlacedOrders(tuple(o.external_id for o in found), mapping.whole(totals), mapping.whole(freights))
        if not errors.is_known_no(refused.code):
            raise OutcomeUnknown(f"1688 没有收下：{refused.said}", code=refused.code) from refused
        raise refused

    def find(self, reference: str) -> list[SupplierOrder]:
        """Every order under our reference; what the list returns beside it is left out."""
        found = []
        for history in ("false", "true"):
            answer = self._client.call(
                TRADE, "alibaba.trade.getBuyerOrderList",
                {"outOrderId": reference, "page": "1", "pageSize": str(PAGE), "isHis": history},
            )  # fmt: skip
            rows = unwrapped(answer, "result") or ()
            found += [mapping.order(x) for x in rows]
        return [o for o in found if o.reference == reference]

    def fetch(self, external_id: str) -> SupplierOrder:
        """One order with its parcels."""
        answer = self._client.call(
            TRADE, "alibaba.trade.get.buyerView", {"webSite": "1688", "orderId": external_id}
        )  # fmt: skip
        raw = unwrapped(answer, "result")
        if not isinstance(raw, dict):
            raise BadReply("1688 的订单详情没有内容")
        return mapping.order(raw, self._parcels(external_id, raw))

    def _parcels(self, external_id: str, raw: Mapping[str, Any]) -> list[Mapping[str, Any]]:
        if not mapping.may_have_parcels(raw):
            return []
        given = {"orderId": external_id, "webSite": "1688", "fields": "company.name,sendgood"}
        answer = self._client.call(LOGISTICS, "alibaba.trade.getLogisticsInfos.buyerView", given)
        try:
            return list(unwrapped(answer, "result") or ())
        except Refused as error:
            if error.code == "500_2":
                # Not shipped yet.
                return []
            raise

    def changes(self, start: datetime, end: datetime, cursor: str = "") -> Page:
        """One page of orders that changed in the window.

        The first page says how many there are; then the pages are read from the last to the first, so that an order
        that changes meanwhile, and leaves the window, moves others only into pages that are still to come. Where no
        total is said, pages are read until one is empty.
        """
        way, _, number = cursor.partition(":")
        page = int(number or 1)
        given = {
            "modifyStartTime": mapping.stamp(start), "modifyEndTime": mapping.stamp(end), "page": str(page),
            "pageSize": str(PAGE), "isHis": "false",
        }  # fmt: skip
        answer = self._client.call(TRADE, "alibaba.trade.getBuyerOrderList", given)
        rows, total = unwrapped(answer, "result") or (), mapping.fen(answer.get("totalRecord"))
        items = tuple(item(x) for x in rows)
        if way == "back":
            return Page(items, f"back:{page - 1}" if page > 1 else "")
        if total is None:
            return Page(items, f"on:{page + 1}" if rows else "")
        # The largest page size is not documented: what came is what counts.
        last = -(-total // len(rows)) if rows else 1
        return Page(items, f"back:{last}" if last > 1 else "", total)

    def pay(self, external_ids: tuple[str, ...], amount_fen: int, key: str) -> Paid:
        """Withhold by agreement where one is signed, one order at a time; else a cashier page for a person."""
        if not self._signed():
            return self.pay_page(external_ids)
        done = True
        for number in external_ids:
            given: dict[str, object] = {"orderId": int(number), "opRequestId": f"{key}:{number}"}
            if len(external_ids) == 1 and amount_fen:
                given["payAmount"] = amount_fen
            answer = self._client.call(
                TRADE, "alibaba.trade.pay.protocolPay.preparePay", {"tradeWithholdPreparePayParam": given}, write=True
            )
            result = unwrapped(answer, "result", write=True)
            done = bool(isinstance(result, dict) and result.get("paySuccess")) and done
        return Paid(done, said="" if done else "1688 说没有扣款成功（可能已扣），先查订单")

    def pay_page(self, external_ids: tuple[str, ...]) -> Paid:
        """The cashier page of up to 100 orders; what cannot be paid now is left out of it."""
        ids = [int(i) for i in external_ids]
        answer = self._client.call(TRADE, "alibaba.alipay.url.get", {"orderIdList": ids})
        url = str(unwrapped(answer, "payUrl") or "")
        if not url:
            raise BadReply("1688 没有给付款页", code="payUrl")
        left = answer.get("payFailureOrderList") or ()
        said = f"，其中 {len(left)} 单现在不能付" if left else ""
        return Paid(False, url, f"没有签约免密支付，请到付款页付款{said}")

    def _signed(self) -> bool:
        """Whether money may be withheld; an application without that call pays by hand."""
        try:
            answer = self._client.call(TRADE, "alibaba.trade.pay.protocolPay.isopen", {})
            found = unwrapped(answer, "result")
        except (NotGranted, NotSupported):
            return False
        agreements = found.get("paymentAgreements") if isinstance(found, dict) else None
        return any(str(a.get("signedStatus")).lower() == "true" for a in agreements or ())

    def cancel(self, external_id: str, reason: str) -> None:
        """Close an unpaid order; the parameter is called ``tradeID``."""
        given = {"webSite": "1688", "tradeID": external_id, "cancelReason": "buyerCancel", "remark": reason[:200]}
        answer = self._client.call(TRADE, "alibaba.trade.cancel", given, write=True)
        unwrapped(answer, "result", write=True)

    def ask_refund(self, external_id: str, amount_fen: int, reason: str, key: str) -> str:
        """Ask the money of a paid order back; before shipping only as a whole, freight included (sheet §9)."""
        del key
        raw = unwrapped(
            self._client.call(TRADE, "alibaba.trade.get.buyerView", {"webSite": "1688", "orderId": external_id}),
            "result",
        )
        order = mapping.order(raw)
        entries = [str(x.get("subItemIDString") or x.get("subItemID")) for x in raw.get("productItems") or ()]
        state = "refundWaitSellerSend" if order.state.value == "paid" else "refundWaitBuyerReceive"
        named = {"orderId": external_id, "orderEntryIds": [int(e) for e in entries], "goodsStatus": state}
        answer = unwrapped(self._client.call(TRADE, "alibaba.trade.getRefundReasonList", named), "result")
        reasons = answer.get("reasons") if isinstance(answer, dict) else None
        chosen = _reason(reasons or (), self._who.settings.get("refund_reason_id", ""))
        if not chosen:
            raise Refused("1688 没有给出不用凭证的退款原因", code="no-reason", fix="请到 1688 手工申请退款")
        freight = order.freight_fen or 0
        unshipped = state == "refundWaitSellerSend"
        whole = order.total_fen if unshipped and order.total_fen is not None else amount_fen
        goods = min(whole, order.total_fen or whole) - freight
        made = self._client.call(
            TRADE,
            "alibaba.trade.createRefund",
            {
                **named,
                "disputeRequest": "refund",
                "applyPayment": str(goods),
                "applyCarriage": str(freight if unshipped else 0),
                "applyReasonId": chosen,
                "description": (reason or "买家取消，申请退款")[:150].ljust(2, "。"),
            },
            write=True,
        )
        result = unwrapped(made, "result", write=True)
        return str(result.get("refundId") or "") if isinstance(result, dict) else ""

    def offer(self, offer_id: str) -> SupplierOffer:
        """An offer page as it is now. Raises NotThere."""
        answer = self._client.call(FENXIAO, "alibaba.fenxiao.productInfo.get", {"offerId": offer_id})
        raw = unwrapped(answer, "productInfo", "result")
        if not isinstance(raw, dict):
            raise NotThere(f"1688 没有货源 {offer_id}")
        return mapping.offer(raw)


def item(raw: Mapping[str, Any]) -> Item:
    """One order of a list as it came."""
    base = raw.get("baseInfo") or {}
    number = str(base.get("idOfStr") or base.get("id") or "")
    return Item(number, orjson.dumps(raw), mapping.moment(base.get("modifyTime")))


def _offer(offer_id: str) -> dict[str, object]:
    """An offer by number, or by its open id."""
    return {"offerId": int(offer_id)} if offer_id.isdigit() else {"openOfferId": offer_id}


def _reason(reasons: Iterable[Mapping[str, Any]], wanted: str) -> str:
    """A reason that needs no pictures: the one of the settings, else "not wanted any more", else the first."""
    free = {str(r["id"]): str(r.get("name") or "") for r in reasons if r.get("id") and not r.get("needVoucher")}
    if wanted in free:
        return wanted
    return next((i for i, name in free.items() if "不想要" in name or "拍错" in name), next(iter(free), ""))
