"""Messages: behaviours 24–26 of 1688's sheet, and the pull of failed ones."""

from __future__ import annotations

from typing import Any

from daifa.connectors.suppliers.alibaba1688.fake.signing import sign_message
from daifa.connectors.suppliers.alibaba1688.fake.tests.driving import Driver

TO = ("alibaba1688", "http://us")
MAKE, PAY = "ORDER_BUYER_VIEW_BUYER_MAKE", "ORDER_BUYER_VIEW_ORDER_PAY"


def driver(**settings: Any) -> Driver:
    d = Driver(**settings)
    d.world.set_push_target(*TO)
    return d


def test_24_messages_come_out_of_order_twice_or_never() -> None:
    d = driver()
    d.world.faults.add("push_reorder", method=MAKE, count=1)
    d.pay(d.order())
    d.advance(60)
    assert d.topics()[:2] == [PAY, MAKE]
    d.pushed.clear()
    d.world.faults.add("push_duplicate", method=MAKE, count=1)
    d.world.faults.add("push_missing", method=PAY, count=1)
    d.pay(d.order(reference="ERP-2"))
    d.advance(60)
    assert d.topics() == [MAKE, MAKE]
    assert len({m["msgId"] for m in d.pushed}) == 1
    assert d.call("push.query.messageList")["pushMessagePage"]["totalCount"] == 0


def test_24_what_is_not_accepted_comes_again_until_it_is() -> None:
    d = driver()
    d.push_status = 500
    number = d.order()
    d.advance(15)
    assert len(d.pushed) == 2
    d.push_status = 200
    d.advance(120)
    assert d.topics() == [MAKE] * 3
    assert d.pushed[0]["data"]["orderId"] == int(number)
    d.advance(86_400)
    assert len(d.pushed) == 3


def test_25_a_message_is_signed_without_a_path() -> None:
    d = driver()
    number = d.order()
    message = d.world.books.messages("alibaba1688")[-1]
    company = d.world.companies["alibaba1688"]
    out = company.outgoing([message])
    assert out.content_type.startswith("application/x-www-form-urlencoded")
    d.advance(2)
    told = d.pushed[0]
    assert set(told) == {"msgId", "gmtBorn", "type", "userInfo", "data", "bizKey", "extraInfo"}
    assert told["userInfo"] == d.member
    assert set(told["data"]) == {"orderId", "currentStatus", "msgSendTime", "buyerMemberId", "sellerMemberId"}
    assert told["data"]["orderId"] == int(number) > 2**53
    # Vector of our own making: HMAC-SHA1 over "message{}" with the secret "s".
    assert sign_message("s", {"message": "{}"}) == sign_message("s", {"message": "{}", "_aop_signature": "x"})
    d.world.faults.add("push_bad_sign", count=1)
    d.order(reference="ERP-2")
    d.advance(2)
    assert len(d.pushed) == 1
    d.advance(15)
    assert len(d.pushed) == 2


def test_26_stock_is_told_as_a_difference_to_followers_only() -> None:
    d = driver()
    item = d.item()
    number = d.create(d.cargo(item, 3))["result"]["orderId"]
    d.pay(number)
    d.advance(5)
    assert "PRODUCT_PRODUCT_INVENTORY_CHANGE" not in d.topics()
    assert d.call("alibaba.product.follow", productId=str(item.offer_id))["code"] == "0"
    offer = d.world.books.offer(item.seller, item.skus[0])
    assert offer is not None
    before = offer.says
    d.pay(d.create(d.cargo(item, 4), "ERP-2")["result"]["orderId"])
    d.advance(5)
    told = next(m for m in d.pushed if m["type"] == "PRODUCT_PRODUCT_INVENTORY_CHANGE")
    change = told["data"]["OfferInventoryChangeList"][0]
    assert (change["quantity"], change["skuOnSale"]) == (-4, before - 4)
    assert change["offerId"] == item.offer_id
    assert change["skuId"] > 2**53
    d.pushed.clear()
    d.call("alibaba.product.unfollow.crossborder", productId=str(item.offer_id))
    d.pay(d.create(d.cargo(item, 1), "ERP-3")["result"]["orderId"])
    d.advance(5)
    assert "PRODUCT_PRODUCT_INVENTORY_CHANGE" not in d.topics()


def test_followers_hear_of_prices_options_and_the_end_of_a_page() -> None:
    d = driver()
    item = d.item("raiser")
    d.call("alibaba.product.follow", productId=str(item.offer_id))
    d.switch(raise_after_preview=1)
    d.preview(d.cargo(item, 1))
    d.switch(options_change=1)
    d.advance(86_402)
    d.switch(options_change=0, offer_expires=1)
    d.advance(86_400)
    d.switch(offer_expires=0)
    d.advance(3 * 86_400)
    heard = set(d.topics())
    assert {"FENXIAO_PRICE_CHANGE", "PRODUCT_RELATION_VIEW_PRODUCT_CHANGE"} <= heard
    assert heard & {"PRODUCT_RELATION_VIEW_PRODUCT_EXPIRE", "PRODUCT_RELATION_VIEW_PRODUCT_DELETE"}


def test_the_whole_life_of_an_order_is_told() -> None:
    d = driver(lose=0.0, stall=0.0, refuse=0.0)
    number = d.order()
    d.pay(number)
    d.advance(15 * 86_400)
    heard = d.topics()
    order = [f"ORDER_BUYER_VIEW_{x}" for x in ("BUYER_MAKE", "ORDER_PAY", "ANNOUNCE_SENDGOODS",
                                               "ORDER_COMFIRM_RECEIVEGOODS", "ORDER_SUCCESS")]  # fmt: skip
    assert [x for x in heard if x in order] == order
    states = [
        m["data"]["OrderLogisticsTracingModel"]["statusChanged"]
        for m in d.pushed
        if m["type"] == "LOGISTICS_BUYER_VIEW_TRACE"
    ]
    assert states[0] == "ACCEPT"
    assert states[-1] == "SIGN"


def test_failed_messages_are_pulled_and_confirmed() -> None:
    d = driver()
    d.push_status = 503
    for n in range(3):
        d.order(reference=f"ERP-{n}")
    d.advance(1)
    page = d.call("push.query.messageList", pageSize=20, type=MAKE)["pushMessagePage"]
    assert page["totalCount"] == 3
    assert d.call("push.query.messageList", userInfo="b2b-other")["pushMessagePage"]["totalCount"] == 0
    first = page["datas"][0]
    assert first["type"] == MAKE
    assert d.call("push.message.confirm", msgIdList=[first["msgId"]])["isSuccess"] is True
    assert d.call("push.query.messageList")["pushMessagePage"]["totalCount"] == 2
    assert len(d.call("push.cursor.messageList", quantity=1)["pushMessageList"]) == 1
    assert len(d.call("push.cursor.messageList", quantity=50)["pushMessageList"]) == 1
    assert d.call("push.cursor.messageList", quantity=50)["pushMessageList"] == []
