"""Behaviour 18: 厂商代发 end to end, both sides."""

from __future__ import annotations

from typing import Any

from daifa.connectors.shops.douyin.fake import factory
from daifa.connectors.shops.douyin.fake.tests.caller import START, Caller
from daifa.ports.books import BuyerOrder, OrderPhase

NOW = int(START.timestamp())
FACTORY = "90000010"


def seller_rows(caller: Caller, **more: Any) -> list[dict[str, Any]]:
    at = int(caller.world.clock.seconds())
    params = {"start_update_time": at - 900, "end_update_time": at + 60, "page": 0, "page_size": 100, **more}
    found: list[dict[str, Any]] = caller.call("iop.sellerOrderList", params)["distr_order_list"]
    return found


def distr(order: BuyerOrder) -> str:
    return factory.distr_id(order.lines[0])


def assign(caller: Caller, *orders: BuyerOrder, to: str = FACTORY) -> list[dict[str, Any]]:
    rows = [{"supplier_shop_id": to, "distr_order_id": distr(o)} for o in orders]
    answer = caller.call("iop.sellerDistribute", {"distribute_order_list": rows})
    found: list[dict[str, Any]] = answer["distribute_result_list"]
    return found


def test_18_windows_of_half_an_hour_and_a_joinable_merchant_side() -> None:
    caller = Caller()
    order = caller.order()
    wide = {"start_update_time": NOW, "end_update_time": NOW + 1801, "page": 0, "page_size": 10}
    assert caller.refused("iop.sellerOrderList", wide)
    row = seller_rows(caller)[0]
    assert (row["shop_order_id"], row["distr_status"], row["distr_order_id"]) == (order.number, 0, distr(order))
    bound = caller.call("iop.sellerSupplierList", {"page": 0, "page_size": 10})["supplier_list"]
    assert {str(s["supplier_shop_id"]) for s in bound} == set(factory.FACTORIES)


def test_18_the_factorys_return_ships_the_original_order() -> None:
    caller = Caller()
    caller.switch(factory_auto=False)
    caller.listen()
    order = caller.order(pieces=(2,))
    assert [r["code"] for r in assign(caller, order)] == [0]
    assert [r["code"] for r in assign(caller, order)] == [41000]
    token = next(f["access_token"] for f in caller.factories if f["id"] == FACTORY)
    window = {"start_update_time": NOW, "end_update_time": NOW + 900, "page": 0, "page_size": 10}
    (row,) = caller.call("iop.orderList", window, token=token)["distr_order_list"]
    assert row["user_id"] == int(order.shop)
    assert "receiver_id" in row
    hidden = (order.receiver.name, order.receiver.phone, order.receiver.detail)
    assert not any(secret in str(row) for secret in hidden)
    trade = {"user_id": order.shop, "company_code": "zhongtong", "order_infos": [{"distr_order_id": distr(order)}]}
    bill = caller.call("iop.waybillGet", {"trade_order_list": [trade]}, token=token)["ebill_infos"][0]
    back = {"user_id": order.shop, "distr_order_id": distr(order)}
    part = [{"track_no": bill["track_no"], "company_code": "zhongtong", "ship_num": 1}]
    assert caller.number("iop.waybillReturn", {**back, "pack_list": part}, token=token) == "41007"
    caller.call("iop.waybillReturn", {**back, "pack_list": [{**part[0], "ship_num": 2}]}, token=token)
    told = caller.call("order.orderDetail", {"shop_order_id": order.number})["shop_order_detail"]
    assert (told["order_status"], told["logistics_info"][0]["tracking_no"]) == (3, bill["track_no"])
    assert seller_rows(caller)[0]["distr_status"] == 2
    assert order.shipments[0].by == "factory:S10"
    caller.pass_time(2)
    assert {"501", "505", "102"} <= set(caller.tags())


def test_18_a_factory_that_acts_by_itself() -> None:
    caller = Caller()
    order = caller.order()
    assign(caller, order)
    caller.pass_time(21 * 3600)
    assert order.phase is OrderPhase.SHIPPED
    parcel = caller.world.books.parcel(order.shipments[0].number)
    assert parcel is not None
    assert parcel.contents == order.lines[0].parts


def test_18_assignments_are_taken_back_by_the_merchant_or_by_a_refund() -> None:
    caller = Caller()
    caller.listen()
    taken, refunded = caller.order(), caller.order()
    assign(caller, taken, refunded)
    caller.call("iop.sellerCancleDistribute", {"distr_order_id": distr(taken)})
    case = caller.world.buyers.apply(refunded, "不想要了")
    assert case is not None
    caller.world.cases.refund(case)
    rows = {r["distr_order_id"]: r for r in seller_rows(caller)}
    assert [rows[distr(o)]["distr_status"] for o in (taken, refunded)] == [3, 3]
    assert rows[distr(refunded)]["distr_cancel_reason"] == "订单已退款"
    caller.pass_time(86400)
    assert (taken.phase, refunded.phase) == (OrderPhase.TO_SHIP, OrderPhase.CLOSED)
    assert caller.tags().count("502") == 2
    assert [r["code"] for r in assign(caller, taken)] == [0]
    assert [r["code"] for r in assign(caller, taken, to="1")] == [41004]


def test_18_memo_and_address_travel_to_the_factory_and_the_old_envelope_is_a_switch() -> None:
    caller = Caller()
    caller.listen()
    order = caller.order()
    assign(caller, order)
    caller.call("order.addOrderRemark", {"order_id": order.number, "remark": "加急"})
    caller.world.orders.move_to(order, order.receiver)
    caller.pass_time(2)
    assert {"500", "504"} <= set(caller.tags())
    caller.switch(iop_old_envelope=True)
    found = caller.raw("iop.sellerSupplierList", {"page": 0, "page_size": 10})
    assert (found["err_no"], found["message"]) == (0, "success")
    assert "code" not in found
