"""1688's answers in our words: units by table, long numbers, envelopes that differ, codes that nobody knows."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import orjson
import pytest

from daifa.connectors.suppliers.alibaba1688 import api_mapping as mapping
from daifa.connectors.suppliers.alibaba1688 import errors
from daifa.connectors.suppliers.alibaba1688.client import unwrapped
from daifa.connectors.suppliers.alibaba1688.connector import Alibaba1688
from daifa.connectors.suppliers.alibaba1688.dialect import Dialect
from daifa.ports.errors import (
    BadReply,
    LoginExpired,
    NotGranted,
    NotSupported,
    NotThere,
    OutcomeUnknown,
    RateLimited,
    Refused,
    RemoteError,
    Unavailable,
)
from daifa.ports.shop import Recipient
from daifa.ports.shop_api import Item
from daifa.ports.supplier_api import PurchaseState, RefundStage, Wanted, WantedLine
from daifa.ports.transport import Credentials, Reply, Request

# The literal example of the sheet's §7.
ROW: dict[str, Any] = orjson.loads(
    '{"baseInfo":{"id":4000000000000000001,"idOfStr":"4000000000000000001","status":"waitsellersend",'
    '"outOrderId":"ERP-20260506-000001","createTime":"20260506080005000+0800","payTime":"20260506080110000+0800",'
    '"modifyTime":"20260506080110000+0800","totalAmount":35.60,"shippingFee":5.00,"sumProductPayment":30.60,'
    '"discount":-100,"refund":0,"sellerID":"b2b-1100000000","tradeType":"50060"},"productItems":[{'
    '"subItemID":4000000000000000002,"subItemIDString":"4000000000000000002","productID":554456348334,'
    '"skuID":4611686018427387904,"specId":"b266e0726506185beaf205cbae88530d","name":"T恤","quantity":2,"price":15.80,'
    '"itemAmount":30.60,"entryDiscount":-100,"status":"waitsellersend","logisticsStatus":1}],'
    '"tradeTerms":[{"payStatus":"2","payWay":"1","phasAmount":35.60}]}'
)
PARCEL = {
    "logisticsId": "LP00123456789012", "logisticsBillNo": "YT8812345678901", "orderEntryIds": "4000000000000000002",
    "status": "ACCEPT", "logisticsCompanyId": "101", "logisticsCompanyNo": "YTO", "logisticsCompanyName": "圆通速递",
}  # fmt: skip


def test_the_documents_order_yuan_and_fen_long_numbers_dates_with_zone() -> None:
    order = mapping.order(ROW, [PARCEL, {**PARCEL, "logisticsBillNo": None}, {**PARCEL, "status": "CANCEL"}])
    assert (order.external_id, order.reference) == ("4000000000000000001", "ERP-20260506-000001")
    assert (order.total_fen, order.freight_fen, order.refunded_fen) == (3560, 500, 0)
    assert order.lines == (("554456348334", "b266e0726506185beaf205cbae88530d", 2),)
    assert order.paid_at == datetime(2026, 5, 6, 0, 1, 10, tzinfo=UTC)
    assert [(p.courier, p.courier_code, p.tracking_number) for p in order.parcels] == [
        ("圆通速递", "YTO", "YT8812345678901")
    ]
    bare = {**ROW, "baseInfo": {**ROW["baseInfo"], "idOfStr": 4000000000000000001}}
    assert Dialect().order(Item("x", orjson.dumps(bare))).external_id == "4000000000000000001"


def test_moments_as_they_write_them_and_as_we_do() -> None:
    at = datetime(2018, 6, 14, 2, 19, 42, 7000, tzinfo=UTC)
    assert mapping.moment("20180614101942007+0800") == at
    assert mapping.moment(mapping.stamp(at)) == at
    assert mapping.moment("2018-06-14 10:19:42") == at.replace(microsecond=0)
    with pytest.raises(BadReply):
        mapping.moment("yesterday")


def test_an_unknown_state_is_named() -> None:
    with pytest.raises(BadReply) as bad:
        mapping.order({**ROW, "baseInfo": {**ROW["baseInfo"], "status": "wait_for_moon"}})
    assert bad.value.code == "wait_for_moon"
    for raw in (b"[]", b"{", b"{}"):
        with pytest.raises(BadReply):
            Dialect().order(Item("x", raw))


def test_a_refund_that_came_to_nothing_is_none() -> None:
    def state(word: str) -> RefundStage:
        return mapping.order({**ROW, "baseInfo": {**ROW["baseInfo"], "refundStatus": word}}).refund

    assert state("waitselleragree") is RefundStage.ASKED
    assert state("waitbuyermodify") is RefundStage.REFUSED
    assert state("refundclose") is RefundStage.NONE


def test_one_order_several_and_what_was_left_out() -> None:
    left = {"offerId": 1, "specId": "s", "errorCode": "500_004", "errorMessage": "库存不足"}
    one = mapping.placed({"orderId": 4000000000000000001, "totalSuccessAmount": 3560, "postFee": 500,
                          "failedOfferList": [left]})  # fmt: skip
    assert (one.external_ids, one.total_fen, one.freight_fen) == (("4000000000000000001",), 3560, 500)
    assert [(x.offer_id, x.code) for x in one.left_out] == [("1", "500_004")]
    rows = [{"orderId": "1", "orderAmmount": 100, "postFee": 5}, {"orderId": "2", "orderAmmount": 200, "postFee": 6}]
    cut = mapping.placed({"orderId": "", "totalSuccessAmount": None, "orderList": rows})
    assert (cut.external_ids, cut.total_fen, cut.freight_fen) == (("1", "2"), 300, 11)
    with pytest.raises(BadReply):
        mapping.placed({"orderId": ""})


def test_a_preview_without_money_is_no_quote() -> None:
    with pytest.raises(BadReply):
        mapping.quote([{"tradeModeNameList": ["alipay"]}])
    found = mapping.quote([{"tradeModeNameList": [], "sumPaymentNoCarriage": 100, "sumCarriage": 5}])
    assert (found.total_fen, bool(found.problems)) == (105, True)


@pytest.mark.parametrize(
    ("answer", "names", "found"),
    [
        ({"success": "true", "result": {"a": 1}}, ("result",), {"a": 1}),
        ({"success": False, "result": {"orderId": "1"}}, ("result",), {"orderId": "1"}),
        ({"success": True, "errorMessage": "没有物流"}, ("logisticsTrace",), None),
        ({"result": {"success": True, "result": {"refundId": "TQ1"}}}, ("result",), {"refundId": "TQ1"}),
        ({"code": "0", "message": "success", "success": True}, ("result",), None),
        ({"result": [], "totalRecord": 0}, ("result",), []),
    ],
)
def test_envelopes_are_not_uniform(answer: dict[str, Any], names: tuple[str, ...], found: object) -> None:
    assert unwrapped(answer, *names) == found


@pytest.mark.parametrize(
    "answer",
    [
        {"success": False, "errorCode": "500_004", "errorMessage": "库存不足"},
        {"success": "false", "errorCode": "500_004", "errorMsg": "库存不足"},
        {"errorCode": "500_004", "erroMsg": "库存不足"},
        {"result": {"success": False, "code": "500_004", "message": "库存不足"}},
    ],
)
def test_a_no_in_every_envelope(answer: dict[str, Any]) -> None:
    with pytest.raises(Refused) as no:
        unwrapped(answer, "result")
    assert (no.value.code, "库存" in no.value.text) == ("500_004", True)


@pytest.mark.parametrize(
    ("status", "code", "error"),
    [
        (400, "gw.SignatureInvalid", NotGranted),
        (401, "gw.AppKeyInvalid", NotGranted),
        (403, "gw.APIACLDecline", NotGranted),
        (400, "gw.APIUnsupported", NotSupported),
        (400, "gw.QosAppFrequencyLimit", RateLimited),
        (429, "", RateLimited),
        (400, "gw.QosRequestLimit", Unavailable),
        (401, "401", LoginExpired),
        (400, "gw.AccessTokenInvalid", LoginExpired),
        (400, "gw.TimestampInvalid", Unavailable),
        (400, "gw.ParamMissing", Refused),
        (502, "", OutcomeUnknown),
    ],
)
def test_the_gateways_refusals(status: int, code: str, error: type[RemoteError]) -> None:
    assert type(errors.gateway(status, code, "said")) is error


@pytest.mark.parametrize(
    ("code", "error"),
    [
        ("ORDER_NOT_EXIST", NotThere),
        ("CLOSE_ORDER_TOO_FAST", Unavailable),
        ("ORDER_STATUS_ERROR", Refused),
        ("SYSTEM_ERROR", OutcomeUnknown),
        *[(f"500_00{n}", Refused) for n in range(1, 10)],
    ],
)
def test_business_refusals(code: str, error: type[RemoteError]) -> None:
    found = errors.business(code, "联系 13800001234")
    assert type(found) is error
    assert "13800001234" not in found.text


def test_an_offer_that_is_not_there_leads_to_its_link() -> None:
    assert "关联货源" in errors.business("500_001", "商品不存在或不支持在线交易").text


class _Script:
    """A wire that answers as told."""

    def __init__(self, *answers: object) -> None:
        self.answers, self.sent = list(answers), list[Request]()

    def turn(self, name: str) -> datetime:
        return datetime(2026, 9, 1, tzinfo=UTC)

    def send(self, request: Request) -> Reply:
        self.sent.append(request)
        return Reply(200, orjson.dumps(self.answers.pop(0)))


def _buy(*answers: object) -> object:
    keys = Credentials("1", "s", {"gateway": "http://gw"}, "t", "r", "b2b-1")
    api = Alibaba1688(keys, _Script(*answers), datetime(2026, 9, 1, tzinfo=UTC))
    return api.place(Wanted("ERP-20260506-000001", (WantedLine("1", "", 1),), Recipient()))


def test_a_refusal_is_believed_only_where_nothing_stands_under_the_reference() -> None:
    nothing = {"result": [], "totalRecord": 0}
    known = {"success": False, "errorCode": "500_004", "errorMessage": "库存不足"}
    odd = {"success": False, "errorCode": "500_010", "errorMessage": "外部订单号重复"}
    with pytest.raises(Refused):
        _buy(known, nothing, nothing)
    with pytest.raises(OutcomeUnknown):
        _buy(odd, nothing, nothing)
    with pytest.raises(OutcomeUnknown):
        _buy(known, {"errorCode": "SYSTEM_ERROR"})
    for no in (known, odd):
        found: Any = _buy(no, {"result": [ROW], "totalRecord": 1}, nothing)
        assert (found.external_ids, found.total_fen) == (("4000000000000000001",), 3560)


def test_nothing_is_cut_off() -> None:
    keys = Credentials("1", "s", {"gateway": "http://gw"}, "t", "r", "b2b-1")
    api = Alibaba1688(keys, _Script(), datetime(2026, 9, 1, tzinfo=UTC))
    for more in ({"recipient": Recipient(address="长" * 201)}, {"recipient": Recipient(), "note": "长" * 501}):
        with pytest.raises(Refused):
            api.place(Wanted("r", (WantedLine("1", "", 1),), **more))


def test_terms_of_placing() -> None:
    terms = Dialect().terms
    assert (terms.findable, terms.repeatable, terms.payment) == (True, False, True)
    assert terms.visible_after == timedelta(seconds=600)
    assert [t.total_seconds() for t in terms.ask_after] == [2, 5, 15, 60, 120, 240]
    assert PurchaseState.UNPAID in mapping.STATES.values()
