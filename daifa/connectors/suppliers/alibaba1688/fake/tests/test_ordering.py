"""Offers, previews, creations and look-ups: behaviours 5–16, 19, 27, 30–32 of 1688's sheet."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from daifa.connectors.suppliers.alibaba1688.fake.selling import take_down
from daifa.connectors.suppliers.alibaba1688.fake.tests.driving import ADDRESS, Driver
from daifa.connectors.suppliers.alibaba1688.fake.words import read_moment
from daifa.simulator.living.http import CutOff

LONG = 2**53
CROSS, FENXIAO_CREATE = "alibaba.trade.createCrossOrder", "alibaba.trade.fenxiaoOrder.create"


def orders(d: Driver) -> list[str]:
    return [o.number for o in d.world.books.supplies("alibaba1688")]


def test_05_ids_are_bare_numbers_beyond_a_double_and_text_beside() -> None:
    d = Driver()
    number = d.order("punctual", 2)
    raw = d.raw("alibaba.trade.getBuyerOrderList", {"access_token": d.token}).text
    assert re.search(rf'"id":{number}[,}}]', raw)
    base, item = (d.listed()["result"][0][k] for k in ("baseInfo", "productItems"))
    assert base["id"] == int(number) > LONG
    assert base["idOfStr"] == number
    assert item[0]["subItemID"] > LONG
    assert item[0]["subItemIDString"] == str(item[0]["subItemID"])
    assert item[0]["skuID"] > LONG


def test_06_fen_and_yuan_are_mixed_as_tabled() -> None:
    d = Driver()
    item = d.item()
    d.switch(shop_discount={item.seller: 100})
    cargo = d.cargo(item, 2, 1)
    made = d.create(cargo)
    kept = d.kept(made["result"]["orderId"])
    goods = sum(x.price_fen * x.quantity for x in kept.lines)
    group = d.preview(cargo)["orderPreviewResuslt"][0]
    assert group["sumPayment"] == kept.total_fen == goods + kept.freight_fen - 100
    assert (group["sumCarriage"], group["discountFee"]) == (kept.freight_fen, 100)
    first = group["cargoList"][0]
    assert round(first["amount"] * 100) == kept.lines[0].price_fen * 2
    assert round(first["finalUnitPrice"] * 100) == kept.lines[0].price_fen
    assert made["result"]["totalSuccessAmount"] == kept.total_fen
    assert made["result"]["postFee"] == kept.freight_fen
    seen = d.view(kept.number)
    base = seen["baseInfo"]
    assert round(base["totalAmount"] * 100) == kept.total_fen
    assert round(base["shippingFee"] * 100) == kept.freight_fen
    assert round(base["sumProductPayment"] * 100) == goods - 100
    assert base["discount"] == -100
    assert base["refundPayment"] == 0
    assert sum(x["entryDiscount"] for x in seen["productItems"]) == -100
    assert sum(round(x["itemAmount"] * 100) for x in seen["productItems"]) == goods - 100
    # Two decimals, as money is written.
    raw = d.raw("alibaba.trade.getBuyerOrderList", {"access_token": d.token}).text
    assert re.search(r'"totalAmount":\d+\.\d\d[,}]', raw)


def test_07_misspelt_keys() -> None:
    d = Driver()
    item = d.item()
    assert "orderPreviewResuslt" in d.preview(d.cargo(item, 1))
    assert "errorMsg" in d.preview(d.cargo(item, 10**6))
    assert "erroMsg" in d.call("alibaba.alipay.url.get", orderIdList=[1])
    other = next(x for x in d.goods.items() if x.seller == item.seller and x != item and len(x.skus) > 1)
    cut = d.create(d.cargo(item, 1) + d.cargo(other, 1), api=CROSS)
    assert "orderAmmount" in cut["result"]["orderList"][0]


def test_08_envelopes_are_not_uniform() -> None:
    d = Driver()
    number = d.order()
    assert d.call("alibaba.trade.get.buyerView", webSite="1688", orderId=number)["success"] == "true"
    assert d.call("alibaba.trade.get.buyerView", webSite="1688", orderId="1")["success"] == "false"
    assert "success" not in d.listed()
    trace = d.call("alibaba.trade.getLogisticsTraceInfo.buyerView", orderId=number, webSite="1688")
    assert trace["success"] is True
    assert trace["errorMessage"]
    assert "logisticsTrace" not in trace
    d.switch(success_false=True)
    good = d.create(d.cargo(d.item(), 1), "ERP-2")
    assert good["success"] is False
    assert good["result"]["orderId"] in orders(d)


def test_09_a_success_may_be_partial() -> None:
    d = Driver()
    item = d.item()
    cargo = d.cargo(item, 1, 1)
    offer = d.world.books.offer(item.seller, item.skus[1])
    assert offer is not None
    offer.stock = offer.says = 0
    made = d.create(cargo)
    failed = made["result"]["failedOfferList"]
    assert made["success"] is True
    assert [(x["specId"], x["errorCode"]) for x in failed] == [(cargo[1]["specId"], "500_004")]
    assert len(d.kept(made["result"]["orderId"]).lines) == 1
    d.switch(partial=False)
    assert d.create(cargo, "ERP-2")["errorCode"] == "500_004"
    number = made["result"]["orderId"]
    link = d.call("alibaba.alipay.url.get", orderIdList=[int(number), 123])
    assert link["success"] is True
    assert link["payFailureOrderList"] == [123]


def test_10_one_call_may_make_several_orders() -> None:
    d = Driver()
    one = d.item()
    two = next(x for x in d.goods.items() if x.seller == one.seller and x != one and len(x.skus) > 1)
    made = d.create(d.cargo(one, 1, 2) + d.cargo(two, 3), "ERP-9", api=CROSS)
    listed = made["result"]["orderList"]
    assert made["result"]["orderId"] == ""
    assert made["result"]["totalSuccessAmount"] is None
    assert [x["orderId"] for x in listed] == orders(d)
    assert [x["orderAmmount"] for x in listed] == [d.kept(x["orderId"]).total_fen for x in listed]
    found = d.listed(outOrderId="ERP-9")
    assert {x["baseInfo"]["idOfStr"] for x in found["result"]} == set(orders(d))
    again = d.create(d.cargo(one, 1, 2) + d.cargo(two, 3), "ERP-9", api=CROSS)
    assert again["result"]["orderList"] == listed
    whole = d.create(d.cargo(one, 1), "ERP-10", api=CROSS)
    assert whole["result"]["orderId"]


def test_11_the_reply_is_lost_after_the_order_was_made(tmp_path: Path) -> None:
    d = Driver(tmp_path)
    cargo = d.cargo(d.item(), 1)
    d.switch(reply_lost=1)
    form = {
        "access_token": d.token, "flow": "general", "outOrderId": "ERP-L", "addressParam": json.dumps(ADDRESS),
        "cargoParamList": json.dumps(cargo),
    }  # fmt: skip
    lost = d.raw("alibaba.trade.fastCreateOrder", form)
    assert (lost.status_code, lost.headers["content-type"]) == (504, "text/html")
    d.switch(reply_lost=0)
    assert [x["baseInfo"]["outOrderId"] for x in d.listed(outOrderId="ERP-L")["result"]] == ["ERP-L"]
    # The world's own fault cuts the connection instead.
    d.world.faults.add("timeout_after", method="alibaba.trade.fastCreateOrder", count=1, seconds=0)
    with pytest.raises(CutOff):
        d.create(cargo, "ERP-M")
    assert d.listed(outOrderId="ERP-M")["totalRecord"] == 1
    # And a killed world still knows both.
    assert len(list(Driver(tmp_path).world.books.supplies("alibaba1688"))) == 2


def test_12_look_ups_lag_behind() -> None:
    d = Driver()
    d.switch(list_lag=60)
    number = d.order(reference="ERP-S")
    assert d.listed(outOrderId="ERP-S")["totalRecord"] == 0
    assert d.listed()["totalRecord"] == 0
    by_reference = d.call("alibaba.trade.get.buyerView", webSite="1688", outOrderId="ERP-S")
    assert by_reference["errorCode"] == "ORDER_NOT_EXIST"
    assert d.view(number)["baseInfo"]["idOfStr"] == number
    d.advance(60)
    assert d.listed(outOrderId="ERP-S")["totalRecord"] == 1
    seen = d.call("alibaba.trade.get.buyerView", webSite="1688", outOrderId="ERP-S")
    assert seen["result"]["baseInfo"]["idOfStr"] == number


@pytest.mark.parametrize("api", ["alibaba.trade.fastCreateOrder", FENXIAO_CREATE])
def test_13_three_answers_to_the_same_reference(api: str) -> None:
    d = Driver()
    cargo = d.cargo(d.item(), 2)
    first = d.create(cargo, "ERP-D", "fenxiao", api=api)
    again = d.create(cargo, "ERP-D", "fenxiao", api=api)
    assert again["result"]["orderId"] == first["result"]["orderId"]
    assert again["result"]["totalSuccessAmount"] == first["result"]["totalSuccessAmount"]
    d.switch(duplicate="refuse")
    refused = d.create(cargo, "ERP-D", "fenxiao", api=api)
    assert refused["success"] is False
    assert "result" not in refused
    assert len(orders(d)) == 1
    d.switch(duplicate="second")
    second = d.create(cargo, "ERP-D", "fenxiao", api=api)
    assert second["result"]["orderId"] != first["result"]["orderId"]
    assert d.listed(outOrderId="ERP-D")["totalRecord"] == 2
    # Without a reference there is nothing to compare.
    d.switch(duplicate="same")
    for _ in range(2):
        d.create(cargo, "", api=api)
    assert len(orders(d)) == 4


def test_14_price_and_stock_change_between_preview_and_creation() -> None:
    d = Driver()
    d.switch(raise_after_preview=1)
    item = d.item("raiser")
    cargo = d.cargo(item, 1)
    shown = d.preview(cargo)["orderPreviewResuslt"][0]["sumPayment"]
    made = d.create(cargo)
    assert made["result"]["totalSuccessAmount"] > shown
    steady = d.item("punctual")
    cargo = d.cargo(steady, 1)
    assert d.preview(cargo)["success"] is True
    offer = d.world.books.offer(steady.seller, steady.skus[0])
    assert offer is not None
    offer.stock = offer.says = 0
    assert d.create(cargo, "ERP-2")["errorCode"] == "500_004"
    # A liar says plenty at the preview and admits at the creation.
    d.switch(liar_admits=1)
    cargo = d.cargo(d.item("liar"), 5)
    assert d.preview(cargo)["success"] is True
    assert d.create(cargo, "ERP-3")["errorCode"] == "500_004"


def test_15_stock_minimum_and_relation_refuse_with_their_codes() -> None:
    d = Driver()
    item = d.item()
    offer = d.world.books.offer(item.seller, item.skus[0])
    assert offer is not None
    assert d.create(d.cargo(item, offer.says + 1))["errorCode"] == "500_004"
    for sku in item.skus:
        other = d.world.books.offer(item.seller, sku)
        assert other is not None
        other.tiers = [[3, other.tiers[0][1]]]
    assert d.create(d.cargo(item, 2))["errorCode"] == "500_005"
    assert d.create(d.cargo(item, 2, 1))["success"] is True
    d.switch(no_relation=[item.seller])
    assert d.create(d.cargo(item, 3), "ERP-2", "saleproxy")["errorCode"] == "500_007"
    assert d.preview(d.cargo(item, 3), "saleproxy")["errorCode"] == "500_007"
    assert d.create(d.cargo(item, 3), "ERP-2", "general")["success"] is True


def test_15_the_other_refusals_of_a_basket() -> None:
    d = Driver()
    item, other = d.item(), d.item("slow")
    cargo = d.cargo(item, 1)
    spec = cargo[0]["specId"]

    def code(lines: Any, flow: str = "general") -> str:
        return str(d.preview(lines, flow)["errorCode"])

    assert code([{"offerId": 1, "quantity": 1}]) == "500_001"
    assert code(cargo + d.cargo(other, 1)) == "500_002"
    assert code([{"offerId": item.offer_id, "quantity": 1}]) == "500_002"
    assert code([{"offerId": other.offer_id, "specId": spec, "quantity": 1}]) == "500_003"
    assert code(cargo, "boutiquepifa") == "500_009"
    single = d.item(specs=1)
    assert d.preview([{"offerId": single.offer_id, "quantity": 1}])["success"] is True
    assert code([{"offerId": single.offer_id, "specId": spec, "quantity": 1}]) == "500_003"
    far = {**ADDRESS, "provinceText": "西藏自治区", "cityText": "拉萨市", "areaText": "城关区"}
    away = d.call("alibaba.createOrder.preview", flow="general", addressParam=far, cargoParamList=cargo)
    assert away["success"] is False


def test_16_no_way_to_pay_by_api_means_no_order_by_api() -> None:
    d = Driver()
    item = d.item()
    cargo = d.cargo(item, 1)
    assert d.preview(cargo)["orderPreviewResuslt"][0]["tradeModeNameList"]
    d.switch(no_trade_mode=[item.seller])
    assert d.preview(cargo)["orderPreviewResuslt"][0]["tradeModeNameList"] == []
    assert d.create(cargo)["errorCode"] == "500_001"


def test_19_an_order_cannot_be_closed_in_its_first_ten_seconds() -> None:
    d = Driver()
    number = d.order()
    said = {"webSite": "1688", "tradeID": number, "cancelReason": "buyerCancel"}
    assert d.call("alibaba.trade.cancel", **said)["errorCode"] == "CLOSE_ORDER_TOO_FAST"
    d.advance(10)
    assert d.call("alibaba.trade.cancel", **{**said, "cancelReason": "tired"})["errorCode"] == "400_3"
    assert d.call("alibaba.trade.cancel", **said) == {"success": True}
    base = d.view(number)["baseInfo"]
    assert (base["status"], base["closeReason"]) == ("cancel", "buyerCancel")
    assert d.call("alibaba.trade.cancel", **said)["errorCode"] == "ORDER_STATUS_ERROR"
    assert d.call("alibaba.trade.cancel", **{**said, "tradeID": "1"})["errorCode"] == "ORDER_NOT_EXIST"
    paid = d.order(reference="ERP-2")
    d.pay(paid)
    assert d.call("alibaba.trade.cancel", **{**said, "tradeID": paid})["errorCode"] == "ORDER_STATUS_ERROR"


def test_27_an_offer_expires_or_is_deleted_between_orders() -> None:
    d = Driver()
    item = d.item()
    cargo = d.cargo(item, 1)
    d.create(cargo)
    take_down(d.world, d.goods.offers(item), "expired")
    info = d.call("alibaba.fenxiao.productInfo.get", offerId=str(item.offer_id))
    assert info["productInfo"]["status"] == "expired"
    assert d.create(cargo, "ERP-2")["errorCode"] == "500_001"
    take_down(d.world, d.goods.offers(item), "deleted")
    assert d.call("alibaba.fenxiao.productInfo.get", offerId=str(item.offer_id))["success"] is False
    # By itself, when the world says so.
    cargo_b = d.cargo(d.item("slow"), 1)
    d.switch(offer_expires=1)
    d.advance(86_401)
    assert d.create(cargo_b, "ERP-3")["errorCode"] == "500_001"


def test_30_an_encrypted_receiver_stays_masked() -> None:
    d = Driver()
    shop = d.douyin_order()
    cargo = d.cargo(d.item(), 1)
    secret = {
        "encryptOrder": True, "outPlatformCode": "douyin", "outPlatformOrderNo": shop.number,
        "outPlatformAppkey": "7001", "outShopId": "21830476", "encryptReceiverName": "##abc##",
        "encryptReceiverMobile": "$$abc$$", "encryptReceiverAddress": "##def##", "outPatformExtraInfo": "{}",
        "outOriginAddress": {"province": {"name": shop.receiver.province}, "address": "***街道***号"},
    }  # fmt: skip
    made = d.call("alibaba.trade.fenxiaoOrder.create", cargoParamList=cargo, outOrderId="ERP-E",
                  encryptOutOrderInfo=secret)  # fmt: skip
    number = made["result"]["orderId"]
    assert d.kept(number).receiver == shop.receiver
    seen = d.view(number)["baseInfo"]
    assert seen["fromEncryptOrder"] is True
    text = d.raw("alibaba.trade.get.buyerView", {"access_token": d.token, "webSite": "1688", "orderId": number}).text
    assert shop.receiver.phone not in text
    assert shop.receiver.name not in text
    assert "*" in seen["receiverInfo"]["toFullName"]
    assert seen["receiverInfo"]["toArea"].endswith("***街道***号")
    for missing in ("outPlatformAppkey", "outPlatformOrderNo", "encryptReceiverMobile"):
        broken = {k: v for k, v in secret.items() if k != missing}
        no = d.call("alibaba.trade.fenxiaoOrder.create", cargoParamList=cargo, encryptOutOrderInfo=broken)
        assert no["success"] is False, missing


def test_31_moments_have_milliseconds_and_a_zone() -> None:
    d = Driver()
    d.advance(0.5)
    d.order()
    base = d.listed()["result"][0]["baseInfo"]
    assert base["createTime"] == "20260901100000500+0800"
    assert read_moment(base["createTime"]) == d.world.now()
    around = {"createStartTime": "20260901100000000+0800", "createEndTime": "20260901100001000+0800"}
    assert d.listed(**around)["totalRecord"] == 1
    assert d.listed(**{**around, "createStartTime": "20260901100000501+0800"})["totalRecord"] == 0
    assert d.listed(modifyStartTime="2026-09-01 10:00:00")["error_code"] == "gw.ParamInvalid"


def test_32_the_seller_changes_what_an_unpaid_order_costs() -> None:
    d = Driver()
    d.switch(reprice_unpaid=1)
    d.world.set_push_target("alibaba1688", "http://us")
    made = d.create(d.cargo(d.item("raiser"), 2))["result"]
    d.advance(600)
    base = d.view(made["orderId"])["baseInfo"]
    assert round(base["totalAmount"] * 100) > made["totalSuccessAmount"]
    assert base["discount"] > 0
    assert "ORDER_BUYER_VIEW_ORDER_PRICE_MODIFY" in d.topics()
