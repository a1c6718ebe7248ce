"""Behaviours 19–20: answers all or nothing, stale versions, silence agrees; real money only in the detail."""

from __future__ import annotations

from typing import Any

from daifa.connectors.shops.douyin.fake.tests.caller import START, Caller
from daifa.ports.books import BuyerOrder, Case, CasePhase, OrderPhase, Shipment

NOW = int(START.timestamp())


def apply(caller: Caller, order: BuyerOrder, **how: Any) -> Case:
    case = caller.world.buyers.apply(order, "不想要了", **how)
    assert case is not None
    return case


def number(case: Case) -> str:
    return case.id.split("/")[1]


def listed(caller: Caller, **params: Any) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = caller.call("afterSale.List", {"page": 0, "size": 100, **params})["items"]
    return found


def operate(caller: Caller, kind: int, *items: dict[str, Any]) -> dict[str, Any]:
    return caller.raw("afterSale.operate", {"type": kind, "items": list(items)})


def test_19_one_bad_item_fails_all() -> None:
    caller = Caller()
    good, bad = apply(caller, caller.order()), apply(caller, caller.order())
    caller.world.cases.close(bad)
    found = operate(caller, 201, {"aftersale_id": number(good)}, {"aftersale_id": number(bad)})
    assert found["sub_code"] == "isv.business-failed:20309541"
    assert [x["status_code"] for x in found["data"]["items"]] == [0, 20309541]
    caller.pass_time(60)
    assert good.phase is CasePhase.APPLIED
    assert operate(caller, 201, {"aftersale_id": number(good)})["code"] == 10000


def test_19_a_stale_version_is_refused() -> None:
    caller = Caller()
    case = apply(caller, caller.order())
    version = listed(caller)[0]["aftersale_info"]["update_time"]
    stale = {"aftersale_id": number(case), "update_time": version - 1}
    assert operate(caller, 201, stale)["sub_code"].endswith("20309541")
    assert operate(caller, 201, {"aftersale_id": number(case), "update_time": version})["code"] == 10000


def test_19_silence_agrees_at_the_deadline() -> None:
    caller = Caller()
    order = caller.order()
    case = apply(caller, order)
    deadline = listed(caller)[0]["aftersale_info"]["status_deadline"]
    assert deadline == NOW + 48 * 3600
    caller.pass_time(48 * 3600 - 1)
    assert case.phase is CasePhase.APPLIED
    caller.pass_time(40)
    assert (case.phase, order.phase) == (CasePhase.DONE, OrderPhase.CLOSED)


def test_19_refusing_needs_what_the_documents_say() -> None:
    caller = Caller()
    unshipped = apply(caller, caller.order())
    reasons = {"aftersale_id": number(unshipped)}
    assert caller.call("afterSale.rejectReasonCodeList", reasons)["items"] == []
    assert operate(caller, 202, {**reasons, "reason": "已打包"})["code"] == 10000
    assert unshipped.phase is CasePhase.REFUSED
    order = caller.order()
    first = order.lines[0].number
    caller.world.orders.ship(order, Shipment("p", "", "ZTO", "78000000000001", caller.world.now(), {first: 1}))
    shipped = apply(caller, order)
    asked = {"aftersale_id": number(shipped)}
    assert operate(caller, 202, asked)["code"] == 50002
    assert operate(caller, 202, {**asked, "reject_reason_code": 1})["code"] == 50002
    proof = [{"type": 1, "url": "http://x/1.png", "desc": ""}]
    assert operate(caller, 202, {**asked, "reject_reason_code": 1, "evidence": proof})["code"] == 10000
    assert operate(caller, 999, asked)["code"] == 40004


def test_19_a_return_goes_back_and_forth() -> None:
    caller = Caller()
    caller.listen()
    order = caller.order()
    first = order.lines[0].number
    caller.world.orders.ship(order, Shipment("p", "", "ZTO", "78000000000001", caller.world.now(), {first: 1}))
    case = apply(caller, order, after=True)
    asked = {"aftersale_id": number(case)}
    assert operate(caller, 101, asked)["code"] == 50002
    assert operate(caller, 101, {**asked, "logistics": {"receiver_address_id": 1}})["code"] == 10000
    assert listed(caller)[0]["aftersale_info"]["aftersale_status"] == 7
    caller.pass_time(86401)
    assert listed(caller)[0]["aftersale_info"]["aftersale_status"] == 11
    assert operate(caller, 111, asked)["code"] == 10000
    assert case.real_fen == order.paid_fen
    caller.pass_time(2)
    assert [t for t in caller.tags() if t.startswith("2")] == ["200", "202", "203", "206"]


def test_20_the_money_really_given_back_stands_in_the_detail_alone() -> None:
    caller = Caller()
    caller.listen()
    order = caller.order(pieces=(2,))
    case = apply(caller, order)
    detail = {"after_sale_id": number(case)}

    def info() -> dict[str, Any]:
        found: dict[str, Any] = caller.call("afterSale.Detail", detail)["process_info"]["after_sale_info"]
        return found

    assert (info()["real_refund_amount"], info()["refund_time"]) == (0, 0)
    caller.world.cases.refund(case, order.paid_fen - 100)
    told = listed(caller)[0]["aftersale_info"]
    assert (told["refund_amount"], told["refund_status"]) == (order.paid_fen, 3)
    assert info()["real_refund_amount"] == order.paid_fen - 100
    assert info()["refund_time"] == NOW + 1
    assert isinstance(told["aftersale_id"], str)
    assert isinstance(info()["after_sale_id"], int)
    caller.pass_time(2)
    assert "206" in caller.tags()


def test_20_a_withdrawn_wish_keeps_its_refund_status() -> None:
    caller = Caller()
    order = caller.order()
    caller.world.cases.close(apply(caller, order), "withdrawn")
    told = caller.call("order.orderDetail", {"shop_order_id": order.number})["shop_order_detail"]
    info = told["sku_order_list"][0]["after_sale_info"]
    assert (info["after_sale_status"], info["refund_status"]) == (28, 1)


def test_20_lists_by_change_and_by_application() -> None:
    caller = Caller()
    cases = []
    for _ in range(3):
        cases.append(apply(caller, caller.order()))
        caller.pass_time(10)
    caller.world.cases.close(cases[0])
    newest = [x["aftersale_info"]["aftersale_id"] for x in listed(caller)]
    assert newest == [number(c) for c in reversed(cases)]
    changed = listed(caller, update_start_time=NOW, order_by=["update_time asc"])
    assert [x["aftersale_info"]["aftersale_id"] for x in changed] == [number(c) for c in (*cases[1:], cases[0])]
    assert len(listed(caller, standard_aftersale_status=[6])) == 2
    assert caller.number("afterSale.List", {"page": 501, "size": 100}) == "20013"
