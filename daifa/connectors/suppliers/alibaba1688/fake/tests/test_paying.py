"""Paying: behaviours 17 and 18 of 1688's sheet, the cashier, and the ways to pay."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

from daifa.connectors.suppliers.alibaba1688.fake.tests.driving import Driver
from daifa.ports.books import SupplyPhase

PREPARE = "alibaba.trade.pay.protocolPay.preparePay"


def prepare(d: Driver, number: str, **more: object) -> dict[str, object]:
    said = {"orderId": int(number), "payChannel": "alipay", "opRequestId": "1", **more}
    found: dict[str, object] = d.call(PREPARE, tradeWithholdPreparePayParam=said)["result"]
    return found


def test_17_payment_says_false_although_it_was_charged() -> None:
    d = Driver()
    number = d.order()
    d.switch(pay_unclear=1)
    said = prepare(d, number, payAmount=d.kept(number).total_fen)
    assert said["success"] is True
    assert said["result"] == {"payChannel": None, "paySuccess": False}
    assert d.kept(number).phase is SupplyPhase.PAID
    assert d.view(number)["tradeTerms"][0]["payStatus"] == "2"
    # Asking again charges nothing twice.
    assert prepare(d, number)["success"] is False
    other = d.order(reference="ERP-2")
    d.switch(pay_unclear=0)
    assert prepare(d, other)["result"] == {"payChannel": "alipay", "paySuccess": True}


def test_17_a_debit_is_tried_three_times_at_most() -> None:
    d = Driver()
    number = d.order()
    d.switch(pay_fails=1)
    for _ in range(3):
        assert prepare(d, number)["result"] == {"payChannel": None, "paySuccess": False}
    assert prepare(d, number)["code"] == "TOO_MANY_TRIES"
    assert d.kept(number).phase is SupplyPhase.UNPAID
    assert prepare(d, number, payAmount=1)["code"] == "PARAM_ILLEGAL"
    assert prepare(d, number, payChannel="shegou")["code"] == "NOT_SIGNED"


def test_18_an_unpaid_order_closes_by_time_out() -> None:
    d = Driver()
    d.world.set_push_target("alibaba1688", "http://us")
    number = d.order()
    wait = d.view(number)["baseInfo"]["payTimeout"]
    d.advance(wait - 1)
    assert d.view(number)["baseInfo"]["status"] == "waitbuyerpay"
    d.advance(2)
    base = d.view(number)["baseInfo"]
    assert (base["status"], base["closeReason"]) == ("cancel", "other")
    assert d.view(number)["tradeTerms"][0]["payStatus"] == "8"
    assert "ORDER_BUYER_VIEW_ORDER_BOPS_CLOSE" in d.topics()


def test_a_person_presses_pay_at_the_cashier() -> None:
    d = Driver()
    numbers = [d.order(reference=f"ERP-{n}") for n in range(2)]
    link = d.call("alibaba.alipay.url.get", orderIdList=numbers)["payUrl"]
    parts = urlsplit(link)
    assert parts.netloc == "gw.test"
    page = d.ask("GET", f"{parts.path}?{parts.query}")
    assert all(n in page.text for n in numbers)
    assert "确认支付" in page.text
    ticket = parse_qs(parts.query)["ticket"][0]
    assert "支付 2 笔" in d.ask("POST", parts.path, data={"ticket": ticket}).text
    assert {d.kept(n).phase for n in numbers} == {SupplyPhase.PAID}
    assert d.ask("GET", f"{parts.path}?ticket=x").status_code == 404
    too_many = d.call("alibaba.alipay.url.get", orderIdList=list(range(1, 102)))
    assert too_many["success"] is False


def test_the_combined_cashier_tells_its_result_by_message() -> None:
    d = Driver()
    d.world.set_push_target("alibaba1688", "http://us")
    good, poor = d.order(), d.order("slow", reference="ERP-2")
    d.switch(balance_short=[d.kept(poor).seller])
    answer = d.call("alibaba.trade.grouppay.url.get", orderIds=[int(good), int(poor)])["results"]
    ticket = parse_qs(urlsplit(answer["payUrl"]).query)["ticket"][0]
    d.ask("POST", "/order/cashier.htm", data={"ticket": ticket})
    d.advance(2)
    told = next(m for m in d.pushed if m["type"] == "ORDER_BATCH_PAY")["data"]["batchPay"]
    assert told == [
        {"orderId": int(good), "status": "successed"},
        {"orderId": int(poor), "status": "ACCOUNT_BALANCE_NOT_ENOUGH"},
    ]
    assert d.call("alibaba.trade.grouppay.url.get", orderIds=[int(good)])["results"]["success"] is False


def test_ways_and_agreements() -> None:
    d = Driver()
    number = d.order()
    ways = d.call("alibaba.trade.payWay.query", orderId=number)["resultList"]
    assert ways["payFee"] == d.kept(number).total_fen
    assert ways["channels"] == [{"code": 1, "name": "支付宝"}]
    signed = d.call("alibaba.trade.pay.protocolPay.isopen")["result"]["result"]["paymentAgreements"]
    assert {a["payChannel"]: a["signedStatus"] for a in signed} == {"ALIPAY": "true", "SHEGOU": "false"}
    assert d.call("alibaba.creditPay.url.get", orderIdList=[int(number)])["success"] is False
