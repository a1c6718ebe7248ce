"""Refunds: behaviours 28 and 29 of 1688's sheet, and how sellers answer."""

from __future__ import annotations

from typing import Any

from daifa.connectors.suppliers.alibaba1688.fake.tests.driving import Driver
from daifa.connectors.suppliers.alibaba1688.fake.tests.test_parcels import shipped
from daifa.ports.books import SupplyPhase

BATCH = "alibaba.trade.refund.OpQueryBatchRefundByOrderIdAndStatus"
ONE = "alibaba.trade.refund.OpQueryOrderRefund"


def ask(d: Driver, number: str, **more: Any) -> dict[str, Any]:
    order = d.kept(number)
    said = {
        "orderId": number, "orderEntryIds": [int(x.number) for x in order.lines], "disputeRequest": "refund",
        "applyPayment": order.total_fen - order.freight_fen, "applyCarriage": order.freight_fen,
        "applyReasonId": 20006, "description": "买家取消订单", "goodsStatus": "refundWaitSellerSend", **more,
    }  # fmt: skip
    found: dict[str, Any] = d.call("alibaba.trade.createRefund", **said)["result"]
    return found


def state(d: Driver, refund: str) -> dict[str, Any]:
    told = d.call(ONE, refundId=refund, needOrderRefundOperation="true")
    found: dict[str, Any] = told["result"]["opOrderRefundModelDetail"]
    return found


def test_28_an_unshipped_order_is_refunded_whole_or_not_at_all() -> None:
    d = Driver()
    d.world.set_push_target("alibaba1688", "http://us")
    number = d.order("slow", 2, 1)
    order = d.kept(number)
    assert ask(d, number)["code"] == "5010"
    d.pay(number)
    whole = order.total_fen - order.freight_fen
    assert ask(d, number, applyPayment=whole - 1)["code"] == "5011"
    assert ask(d, number, applyCarriage=0)["code"] == "5011"
    assert ask(d, number, orderEntryIds=[int(order.lines[0].number)])["code"] == "5010"
    assert ask(d, number, description="无")["code"] == "5012"
    assert ask(d, number, applyReasonId=1)["code"] == "5004"
    assert ask(d, number, goodsStatus="lost")["code"] == "5010"
    made = ask(d, number)
    refund = made["result"]["refundId"]
    assert refund.startswith("TQ")
    assert ask(d, number)["code"] == "5010"
    told = state(d, refund)
    assert (told["status"], told["applyPayment"], told["applyCarriage"]) == (
        "waitselleragree", whole, order.freight_fen,
    )  # fmt: skip
    assert told["gmtTimeOut"]
    assert d.view(number)["baseInfo"]["refundStatus"] == "waitselleragree"
    assert {x["refundStatus"] for x in d.view(number)["productItems"]} == {"WAIT_SELLER_AGREE"}
    assert len(d.call(BATCH, orderId=number, queryType="1")["result"]["opOrderRefundModels"]) == 1
    d.advance(21 * 3600)
    assert state(d, refund)["status"] == "refundsuccess"
    base = d.view(number)["baseInfo"]
    assert (base["status"], base["refundPayment"]) == ("terminated", order.total_fen)
    assert round(base["refund"] * 100) == order.total_fen
    assert d.view(number)["tradeTerms"][0]["payStatus"] == "4"
    assert len(d.call(BATCH, orderId=number, queryType="3")["result"]["opOrderRefundModels"]) == 1
    assert "ORDER_BUYER_VIEW_ORDER_BUYER_REFUND_IN_SALES" in d.topics()


def test_28_a_silent_seller_has_agreed_after_two_days() -> None:
    d = Driver()
    number = d.order("silent", 1)
    d.pay(number)
    refund = ask(d, number)["result"]["refundId"]
    d.advance(47 * 3600)
    assert state(d, refund)["status"] == "waitselleragree"
    d.advance(3700)
    assert state(d, refund)["status"] == "refundsuccess"
    assert d.kept(number).phase is SupplyPhase.CLOSED
    assert d.kept(number).refunded_fen == d.kept(number).total_fen


def test_29_a_liar_closes_a_paid_order_and_gives_the_money_back() -> None:
    d = Driver()
    d.world.set_push_target("alibaba1688", "http://us")
    number = d.order("liar", 5)
    d.pay(number)
    assert d.view(number)["baseInfo"]["status"] == "waitsellersend"
    d.advance(21 * 3600)
    seen = d.view(number)
    base = seen["baseInfo"]
    assert (base["status"], base["closeReason"]) == ("terminated", "sellerGoodsLack")
    assert base["refundPayment"] == d.kept(number).total_fen
    assert seen["tradeTerms"][0]["payStatus"] == "4"
    assert "ORDER_BUYER_VIEW_ORDER_SELLER_CLOSE" in d.topics()


def test_a_refund_can_be_withdrawn() -> None:
    d = Driver()
    number = d.order("silent", 1)
    d.pay(number)
    refund = ask(d, number)["result"]["refundId"]
    assert d.call("alibaba.trade.cancelRefund", refundId=refund)["result"]["success"] is True
    assert state(d, refund)["status"] == "refundclose"
    assert d.call("alibaba.trade.cancelRefund", refundId=refund)["result"]["code"] == "5010"
    d.advance(3 * 86_400)
    assert d.kept(number).phase is SupplyPhase.PAID
    assert ask(d, number)["success"] is True


def test_goods_go_back_and_then_the_money() -> None:
    d = Driver()
    number = shipped(d, 2)
    order = d.kept(number)
    how = {"goodsStatus": "refundBuyerReceived", "applyReasonId": 20022, "vouchers": ["https://x/1.jpg"]}
    assert ask(d, number, disputeRequest="returnRefund", goodsStatus="refundWaitBuyerReceive")["code"] == "5010"
    assert ask(d, number, **{**how, "vouchers": ""})["code"] == "5005"
    refund = ask(d, number, disputeRequest="returnRefund", applyPayment=500, applyCarriage=0, **how)
    key = refund["result"]["refundId"]
    d.advance(9 * 3600)
    assert state(d, key)["status"] == "waitbuyersend"
    assert d.call("refund.address.get", orderId=number)["result"]["result"]["mobile"]
    sent = d.call("alibaba.trade.refund.returnGoods", refundId=key, freightBill="YT0000000000001",
                  logisticsCompanyNo="YTO")  # fmt: skip
    assert sent["result"]["success"] is True
    assert state(d, key)["status"] == "waitsellerreceive"
    d.advance(6 * 86_400)
    told = state(d, key)
    assert (told["status"], told["refundPayment"]) == ("refundsuccess", 500)
    assert order.refunded_fen == 500
    assert len(told["refundOperationList"]) == 4


def test_a_seller_may_refuse_and_a_stranger_sees_nothing() -> None:
    d = Driver()
    d.switch(refund_rejects=1)
    number = shipped(d, 1)
    key = ask(d, number, goodsStatus="refundWaitBuyerReceive", applyCarriage=0)["result"]["refundId"]
    d.advance(9 * 3600)
    told = state(d, key)
    assert (told["status"], told["rejectReason"]) == ("waitbuyermodify", "协商未一致")
    other = d.world.companies["alibaba1688"].describe("http://x")["accounts"][1]["access_token"]
    assert d.call(ONE, token=other, refundId=key)["errorCode"] == "500"
    entries = [int(d.kept(number).lines[0].number)]
    said: dict[str, Any] = {"orderId": number, "orderEntryIds": entries, "goodsStatus": "refundBuyerReceived"}
    reasons = d.call("alibaba.trade.getRefundReasonList", **said)
    assert any(r["needVoucher"] for r in reasons["result"]["result"]["reasons"])
    d.advance(8 * 86_400)
    assert state(d, key)["status"] == "refundclose"
