"""Presales as the answers show them, and what other hands do: numbered like the sheet's behaviours where it has one."""

from __future__ import annotations

from typing import Any

import pytest

from daifa.connectors.shops.douyin.fake.tests.caller import SHOP, Caller
from daifa.ports.books import BuyerOrder, OrderPhase
from daifa.simulator.living import backoffice
from daifa.simulator.living.backoffice import NotNow

HOUR, DAY = 3600, 86400


def ahead(caller: Caller, **how: Any) -> BuyerOrder:
    made = caller.world.buyers.make("douyin", SHOP, calm=True, presale={"opens": HOUR, "ships": 3 * DAY, **how})
    assert made is not None
    return made


def detail(caller: Caller, order: BuyerOrder) -> dict[str, Any]:
    found: dict[str, Any] = caller.call("order.orderDetail", {"shop_order_id": order.number})["shop_order_detail"]
    return found


@pytest.mark.parametrize("status", [1, 105, 2])
def test_a_deposit_then_the_rest_then_the_day(status: int) -> None:
    caller = Caller()
    caller.listen()
    caller.switch(presale_deposit_status=status)
    order = ahead(caller)
    told = detail(caller, order)
    assert (told["order_status"], told["pay_time"]) == (status, 0)
    assert [(p["current_phase"], p["pay_success"]) for p in told["order_phase_list"]] == [(1, True), (2, False)]
    assert sum(p["phase_pay_amount"] for p in told["order_phase_list"]) == told["pay_amount"]
    assert {(x["trade_type"], x["pre_sale_type"], x["order_status"]) for x in told["sku_order_list"]} == {
        (2, 2, status)
    }
    caller.switch(presale_phases="opened")
    assert [p["current_phase"] for p in detail(caller, order)["order_phase_list"]] == [1]
    # Half an hour is the time to pay an order; a deposit has its own.
    caller.pass_time(2000)
    assert order.phase is OrderPhase.UNPAID
    # No document names a push for a deposit.
    assert caller.tags() == ["100"]
    caller.pass_time(HOUR)
    told = detail(caller, order)
    assert (told["order_status"], [p["pay_success"] for p in told["order_phase_list"]]) == (2, [True, True])
    assert caller.tags() == ["100", "101"]
    assert order.presale is not None
    assert told["appointment_ship_time"] == int(order.presale.ships_at.timestamp())
    assert told["exp_ship_time"] == told["appointment_ship_time"] + 48 * HOUR


def test_who_never_pays_the_rest_loses_the_order_and_the_rest_may_be_paid_by_the_door() -> None:
    caller = Caller()
    lost, late = ahead(caller, pays=False), ahead(caller, pays=False)
    caller.pass_time(DAY)
    caller.world.buyers.timer("rest", {"order": late.id})
    caller.pass_time(3 * DAY)
    assert (lost.phase, lost.close_reason) == (OrderPhase.CLOSED, "尾款超时未支付")
    assert late.phase is OrderPhase.TO_SHIP


def test_paid_in_full_there_are_no_phases() -> None:
    caller = Caller()
    order = ahead(caller, deposit=False)
    told = detail(caller, order)
    assert (told["order_status"], told["sku_order_list"][0]["pre_sale_type"]) == (2, 1)
    assert "order_phase_list" not in told
    caller.switch(presale_day="exp")
    assert "appointment_ship_time" not in detail(caller, order)
    assert "appointment_ship_time" not in detail(caller, caller.order())


def test_chance_makes_presales_and_changes_no_other_buyer() -> None:
    found = []
    for share in (0.0, 0.3):
        caller = Caller(auto=True, orders_per_day=200, presale=share)
        caller.pass_time(DAY)
        found.append({o.number: (o.presale, o.phase) for o in caller.world.books.orders("douyin")})
    without, some = found
    assert set(without) == set(some)
    plain = {n for n, (ahead, _) in some.items() if ahead is None}
    assert len(plain) < len(some)
    assert all(ahead is None for ahead, _ in without.values())
    assert {n: without[n] for n in plain} == {n: some[n] for n in plain}


def test_08_somebody_ships_a_part_in_the_back_office_and_several_orders_in_one_box() -> None:
    caller = Caller()
    order, other = caller.order(pieces=(3, 1)), caller.order()
    one, two = (x.number for x in order.lines)
    backoffice.ship(caller.world, [order], {one: 2})
    told = detail(caller, order)
    assert (told["order_status"], [x["order_status"] for x in told["sku_order_list"]]) == (101, [101, 2])
    [parcel] = told["logistics_info"]
    assert [(p["sku_order_id"], p["product_count"]) for p in parcel["product_info"]] == [(one, 2)]
    number = backoffice.ship(caller.world, [order, other])
    assert [o.phase for o in (order, other)] == [OrderPhase.SHIPPED, OrderPhase.SHIPPED]
    assert (order.shipments[-1].pieces, other.shipments[0].number) == ({one: 1, two: 1}, number)
    with pytest.raises(NotNow):
        backoffice.ship(caller.world, [order])


def test_split_and_merged_no_piece_and_no_money_is_lost() -> None:
    caller = Caller()
    order = caller.order(pieces=(2, 1))
    lines, paid = {x.number: x.quantity for x in order.lines}, order.paid_fen
    made = backoffice.split(caller.world, order, [order.lines[1].number])
    assert {x.number: x.quantity for o in (order, made) for x in o.lines} == lines
    assert (order.paid_fen + made.paid_fen, made.phase) == (paid, OrderPhase.TO_SHIP)
    assert [len(detail(caller, o)["sku_order_list"]) for o in (order, made)] == [1, 1]
    with pytest.raises(NotNow):
        backoffice.split(caller.world, order, [order.lines[0].number])
    with pytest.raises(NotNow):
        backoffice.merge(caller.world, order, [caller.order()])
    backoffice.merge(caller.world, order, [made])
    assert ({x.number: x.quantity for x in order.lines}, order.paid_fen) == (lines, paid)
    assert (made.phase, detail(caller, made)["sku_order_list"]) == (OrderPhase.CLOSED, [])


def test_others_come_by_when_they_are_let() -> None:
    caller = Caller(auto=True, orders_per_day=120, office=1.0, regret=0.0, move=0.0)
    caller.pass_time(DAY)
    notes = " ".join(text for _, text in caller.world.notes)
    assert "平台拆单" in notes
    assert any(o.shipments for o in caller.world.books.orders("douyin"))
