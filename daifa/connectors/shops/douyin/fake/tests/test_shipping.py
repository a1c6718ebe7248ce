"""Behaviours 15–17: ship upload with every refusal, numbers that are too old or recalled, electronic waybills."""

from __future__ import annotations

from typing import Any

import pytest

from daifa.connectors.shops.douyin.fake.tests.caller import Caller
from daifa.ports.books import BuyerOrder, CasePhase, OrderPhase

ZTO = {"company_code": "zhongtong", "logistics_code": "78123456789012"}


def whole(order: BuyerOrder, **more: Any) -> dict[str, Any]:
    return {"order_id": order.number, **ZTO, **more}


def pack(order: BuyerOrder, number: str, *pieces: tuple[int, int]) -> dict[str, Any]:
    rows = [{"shipped_order_id": order.lines[n].number, "shipped_num": count} for n, count in pieces]
    return {"company_code": "zhongtong", "logistics_code": number, "shipped_order_info": rows}


def test_15_a_whole_order() -> None:
    caller = Caller()
    caller.listen()
    order = caller.order(pieces=(1, 2))
    assert caller.call("order.logisticsAdd", whole(order)) == {}
    told = caller.call("order.orderDetail", {"shop_order_id": order.number})["shop_order_detail"]
    assert told["order_status"] == 3
    assert told["logistics_info"][0]["tracking_no"] == ZTO["logistics_code"]
    assert told["logistics_info"][0]["delivery_id"] == f"zhongtong_{ZTO['logistics_code']}"
    assert [p["product_count"] for p in told["logistics_info"][0]["product_info"]] == [1, 2]
    assert caller.number("order.logisticsAdd", whole(order)) == "60045"
    caller.pass_time(2)
    assert "102" in caller.tags()
    assert len(caller.call("order.logisticsCompanyList")) == 9


def test_15_the_list_of_refusals() -> None:
    caller = Caller()
    order = caller.order()
    add = "order.logisticsAdd"
    assert caller.number(add, {"order_id": "1", **ZTO}) == "60033"
    assert caller.number(add, whole(order, company_code="nobody")) == "60018"
    assert caller.number(add, whole(order, company_code="shunfeng")) == "60017"
    assert caller.number(add, whole(order, logistics_id="12")) == "60083"
    caller.world.books.put_doc("douyin", "companies_off", "list", {"codes": ["zhongtong"]})
    assert caller.number(add, whole(order)) == "60018"
    caller.world.books.drop_doc("douyin", "companies_off", "list")
    caller.world.faults.add("order_busy", count=1)
    assert caller.number(add, whole(order)) == "70011"
    caller.switch(return_address_missing=True)
    assert caller.number(add, whole(order)) == "60072"
    caller.switch(return_address_missing=False)
    order.lines[0].extra["need_serial"] = True
    assert caller.number(add, whole(order)) == "60056"
    order.lines[0].extra["need_serial"] = "imei"
    assert caller.number(add, whole(order, serial_number_list=["1"])) == "60062"
    caller.switch(ship_address_missing=True)
    assert caller.number(add, whole(order, serial_number_list=["3" * 15])) == "60027"
    assert caller.call(add, whole(order, serial_number_list=["3" * 15], address_id="9")) == {}
    caller.switch(ship_address_missing=False)
    split = caller.order(pieces=(2,))
    split.extra["same_city"] = True
    packs = [pack(split, f"7800000000000{n}", (0, 1)) for n in (1, 2)]
    refused = {"order_id": split.number, "request_id": "c", "pack_list": packs}
    assert caller.number("order.logisticsAddMultiPack", refused) == "700047"
    assert caller.number(add, whole(caller.order(waits="risk"))) == "60046"


@pytest.mark.parametrize("reason", ["cancelled", "refunded"])
def test_15_cancelled_or_refunded_before_shipping(reason: str) -> None:
    caller = Caller()
    order = caller.order()
    if reason == "refunded":
        case = caller.world.buyers.apply(order, "不想要了")
        assert case is not None
        caller.world.cases.agree(case)
        assert caller.number("order.logisticsAdd", whole(order)) == "60068"
        caller.pass_time(31)
        assert case.phase is CasePhase.DONE
        assert caller.number("order.logisticsAdd", whole(order)) == "60068"
    else:
        caller.world.orders.close(order, "风控取消")
        assert caller.number("order.logisticsAdd", whole(order)) == "60021"


def test_15_a_pending_refund_stands_in_the_way_unless_it_is_refused() -> None:
    caller = Caller()
    order = caller.order()
    case = caller.world.buyers.apply(order, "不想要了")
    assert case is not None
    assert caller.number("order.logisticsAdd", whole(order)) == "60040"
    assert caller.call("order.logisticsAdd", whole(order, is_refund_reject=True)) == {}
    assert (case.phase, order.phase) == (CasePhase.REFUSED, OrderPhase.SHIPPED)


def test_15_several_parcels_once_per_request_id() -> None:
    caller = Caller()
    order = caller.order(pieces=(1, 3))
    params = {
        "order_id": order.number, "request_id": "r-1",
        "pack_list": [pack(order, "78000000000001", (0, 1), (1, 1)), pack(order, "78000000000002", (1, 1))],
    }  # fmt: skip
    first = caller.call("order.logisticsAddMultiPack", params)
    assert caller.call("order.logisticsAddMultiPack", params) == first
    assert len(order.shipments) == 2
    assert (order.phase, order.lines[1].shipped) == (OrderPhase.PART_SHIPPED, 2)
    too_many = {"order_id": order.number, "request_id": "r-2", "pack_list": [pack(order, "78000000000003", (1, 2))]}
    assert caller.refused("order.logisticsAddMultiPack", too_many)
    rest = {"order_id": order.number, "request_id": "r-3", "pack_list": [pack(order, "78000000000003", (1, 1))]}
    caller.call("order.logisticsAddMultiPack", rest)
    assert order.phase is OrderPhase.SHIPPED


def test_15_several_orders_in_one_parcel_edits_and_an_extra_one() -> None:
    caller = Caller()
    caller.listen()
    one, two = caller.order(), caller.order(pieces=(2,))
    params = {"order_id_list": [one.number, two.number], "request_id": "s-1", **ZTO}
    told = caller.call("order.logisticsAddSinglePack", params)
    assert caller.call("order.logisticsAddSinglePack", params) == told
    assert one.phase is two.phase is OrderPhase.SHIPPED
    assert one.shipments[0].number == two.shipments[0].number
    edit = {"order_id": one.number, "company_code": "yuantong", "logistics_code": "YT1234567890123"}
    caller.call("order.logisticsEdit", edit)
    assert one.shipments[0].number == "YT1234567890123"
    by_pack = {"order_id": two.number, "pack_id": told["pack_id"], **ZTO, "logistics_code": "78999999999999"}
    caller.call("order.logisticsEditByPack", by_pack)
    assert two.shipments[0].number == "78999999999999"
    extra = {
        "shop_order_id": two.number, "company_code": ZTO["company_code"], "tracking_no": "78555555555555",
        "product_orders": [{"product_order_id": two.lines[0].number, "product_count": 1}],
    }  # fmt: skip
    assert caller.call("order.uploadextrapackage", extra)["deliver_id"]
    nothing = {**extra, "product_orders": [{"product_order_id": two.lines[0].number}]}
    assert caller.refused("order.uploadextrapackage", nothing)
    assert two.lines[0].shipped == 2
    assert len(two.shipments) == 2
    caller.pass_time(2)
    assert caller.tags().count("104") == 3


def test_16_numbers_that_travelled_before_the_payment_or_were_recalled() -> None:
    caller = Caller()
    old = caller.world.parcels.post("ZTO", ZTO["logistics_code"], "seller:S01", None, {})
    caller.pass_time(8 * 3600)
    assert old.scans
    order = caller.order()
    assert caller.number("order.logisticsAdd", whole(order)) == "70019"
    recalled = caller.world.parcels.post("ZTO", "78000000000009", "seller:S01", None, {})
    caller.world.parcels.recall(recalled)
    assert caller.number("order.logisticsAdd", whole(order, logistics_code="78000000000009")) == "70018"
    caller.world.parcels.post("ZTO", "78000000000010", "seller:S01", None, {})
    caller.pass_time(8 * 3600)
    assert caller.call("order.logisticsAdd", whole(order, logistics_code="78000000000010")) == {}


def test_17_a_waybill_asked_twice_is_the_same_and_failures_stand_beside() -> None:
    caller = Caller()
    order = caller.order()

    def ask(*rows: dict[str, Any]) -> dict[str, Any]:
        params = {"logistics_code": "zhongtong", "order_infos": list(rows)}
        found: dict[str, Any] = caller.call("logistics.newCreateOrder", params)
        return found

    first = ask({"order_id": order.number}, {"order_id": "404"})
    assert [e["order_id"] for e in first["err_infos"]] == ["404"]
    number = first["ebill_infos"][0]["track_no"]
    assert ask({"order_id": order.number})["ebill_infos"][0]["track_no"] == number
    other = ask({"order_id": order.number, "pack_id": "2"})["ebill_infos"][0]["track_no"]
    assert other != number
    data = caller.call("logistics.waybillApply", {"waybill_applies": [{"track_no": number}, {"track_no": "1"}]})
    assert (len(data["waybill_infos"]), len(data["err_infos"])) == (1, 1)
    caller.call("logistics.cancelOrder", {"track_no": number})
    assert caller.number("order.logisticsAdd", whole(order, logistics_code=number)) == "70018"
    assert caller.call("order.logisticsAdd", whole(order, logistics_code=other)) == {}


def test_a_parcel_arrives_and_the_order_finishes_and_lateness_costs() -> None:
    caller = Caller()
    order, late = caller.order(), caller.order()
    caller.call("order.logisticsAdd", whole(order))
    caller.pass_time(20 * 86400)
    assert order.phase is OrderPhase.FINISHED
    fines = {(p.order, p.rule) for p in caller.world.books.penalties()}
    assert fines == {(late.id, "late_ship")}
