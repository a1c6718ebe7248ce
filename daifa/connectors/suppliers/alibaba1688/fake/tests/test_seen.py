"""What a buyer can read: offers, tiers, lists, receivers; and what another buyer cannot."""

from __future__ import annotations

import re

from daifa.connectors.suppliers.alibaba1688.fake.tests.driving import Driver
from daifa.ports.books import SupplyPhase


def orders(d: Driver) -> list[str]:
    return [o.number for o in d.world.books.supplies("alibaba1688")]


def test_the_list_pages_filters_and_knows_history() -> None:
    d = Driver()
    d.switch(most_per_page=4)
    cargo = d.cargo(d.item(), 1)
    for n in range(9):
        d.create(cargo, f"ERP-{n}")
        d.advance(60)
    pages = [d.listed(page=p, pageSize=4) for p in (1, 2, 3, 4)]
    assert [len(p["result"]) for p in pages] == [4, 4, 1, 0]
    assert {p["totalRecord"] for p in pages} == {9}
    numbers = [x["baseInfo"]["idOfStr"] for p in pages for x in p["result"]]
    assert numbers == list(reversed(orders(d)))
    assert len(d.listed(pageSize=200)["result"]) == 4
    assert d.listed(orderStatus="waitsellersend")["totalRecord"] == 0
    assert d.listed(orderIds=[int(numbers[0]), 5])["totalRecord"] == 1
    d.advance(91 * 86_400)
    assert d.listed()["totalRecord"] == 0
    assert d.listed(isHis=True)["totalRecord"] == 9


def test_receivers_memos_and_words_to_the_seller() -> None:
    d = Driver()
    parsed = d.call("alibaba.trade.addresscode.parse", addressInfo="浙江省 杭州市 滨江区网商路699号")["result"]
    assert parsed["addressCode"].startswith("33")
    by_code = {"fullName": "李四", "mobile": "13900000000", "districtCode": parsed["addressCode"], "address": "1号"}
    number = d.create(d.cargo(d.item(), 1), addressParam=by_code)["result"]["orderId"]
    assert d.kept(number).receiver.district == "滨江区"
    assert d.create(d.cargo(d.item(), 1), "ERP-2", addressParam={"fullName": "李四"})["success"] is False
    assert d.call("alibaba.order.memoAdd", orderId=number, memo="备注", remarkIcon="2") == {"success": True}
    assert d.view(number)["baseInfo"]["buyerMemo"] == "备注"
    word = {"orderId": number, "feedback": "请尽快发货"}
    assert d.call("alibaba.trade.addFeedback", tradeFeedbackParam=word)["success"] is False
    d.pay(number)
    assert d.call("alibaba.trade.addFeedback", tradeFeedbackParam=word)["success"] is True
    assert d.view(number)["baseInfo"]["buyerFeedback"] == "请尽快发货"
    assert d.call("logistics.delivery.urge", orderId=number)["result"]["success"] is True
    assert d.call("logistics.delivery.urge", orderId=number)["result"]["success"] is False


def test_offers_are_stable_and_speak_yuan() -> None:
    d, again = Driver(), Driver()
    item = d.item()
    assert again.goods.item(item.offer_id) == item
    info = d.call("alibaba.fenxiao.productInfo.get", offerId=str(item.offer_id))["productInfo"]
    offers = d.goods.offers(item)
    assert [round(s["price"] * 100) for s in info["skuInfos"]] == [o.tiers[0][1] for o in offers]
    assert [s["amountOnSale"] for s in info["skuInfos"]] == [o.says for o in offers]
    assert all(re.fullmatch(r"[0-9a-f]{32}", s["specId"]) for s in info["skuInfos"])
    tiers = [[[r["startQuantity"], round(r["price"] * 100)] for r in s["priceRange"]] for s in info["skuInfos"]]
    assert tiers == [o.tiers for o in offers]
    sellers = {x.seller for x in d.goods.items()}
    assert sellers == {o.seller for o in d.world.books.offers()}
    assert sum(len(x.skus) for x in d.goods.items()) == len(d.world.books.offers())
    single = d.call("alibaba.fenxiao.productInfo.get", offerId=str(d.item(specs=1).offer_id))["productInfo"]
    assert single["skuInfos"] == []


def test_a_tier_lowers_the_price_of_ordinary_wholesale_only() -> None:
    d = Driver()
    item = next(x for x in d.goods.items() if not x.single and len(d.goods.offers(x)[0].tiers) > 1)
    tiers = d.goods.offers(item)[0].tiers
    cargo = d.cargo(item, tiers[1][0])

    def unit(flow: str) -> int:
        group = d.preview(cargo, flow)["orderPreviewResuslt"][0]
        fen: int = round(group["cargoList"][0]["finalUnitPrice"] * 100)
        return fen

    assert unit("general") == tiers[1][1]
    assert unit("fenxiao") == tiers[0][1]
    assert unit("") == tiers[1][1]
    boutique = d.preview(cargo, "boutiquefenxiao")["orderPreviewResuslt"][0]
    assert boutique["sumCarriage"] == 0


def test_another_buyer_sees_nothing() -> None:
    d = Driver()
    number = d.order()
    other = d.world.companies["alibaba1688"].describe("http://x")["accounts"][1]["access_token"]
    assert d.call("alibaba.trade.getBuyerOrderList", token=other)["totalRecord"] == 0
    assert d.call("alibaba.trade.get.buyerView", token=other, orderId=number)["success"] == "false"
    assert d.kept(number).phase is SupplyPhase.UNPAID
