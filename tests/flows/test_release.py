"""Letting holds of many orders pass: what must not ship now stays, unless its kind is named."""

from __future__ import annotations

import pytest

from daifa.base import bulk
from daifa.base.tenancy import tenant
from daifa.flows import order_deeds, undo
from daifa.kit.errors import Conflict
from daifa.reads import order_desk, today
from tests.flows import files
from tests.flows.day import bring
from tests.flows.test_order_desk import NUMBERS, OPERATOR
from tests.flows.test_order_desk import _day as order_day
from tests.flows.test_order_desk import _tab as tab_of


def test_a_word_over_many_leaves_what_must_not_ship_now_unless_it_is_named(tenant_number: int) -> None:
    shop, orders = order_day(tenant_number)
    asks = {"主订单编号": "6980", "收件人": "赵一", "售后状态": "待商家处理"}
    early = {"主订单编号": "6981", "收件人": "赵二", "预约发货时间": "2099/01/01 00:00:00"}
    bring(tenant_number, "订单2.csv", files.douyin(asks, early), shop=shop)
    with tenant(tenant_number):
        orders |= {
            str(n): i for n, i in bulk.select("SELECT external_id, id FROM orders_order WHERE tenant_id = {tenant}")
        }
        every = [orders["6980"], orders["6981"], orders[NUMBERS[2]]]
        for one in every:
            order_deeds.hold(by=OPERATOR, order_ids=[one], why="等一等")
        seen = order_deeds.release_of(by=OPERATOR, order_ids=every)
        assert [(k.kind, k.orders) for k in seen.passes] == [("manual", 3)]
        assert [(k.kind, k.orders) for k in seen.stays] == [("refund_applied", 1), ("not_to_ship_yet", 1)]
        done = order_deeds.clear_holds(by=OPERATOR, order_ids=every, why="看过")
        assert [tab_of(i) for i in every] == ["hold", "hold", "dispatch"]
        assert "人工挂起 3 单" in done.message
        assert "没有放行：退款申请中 1 单（退款有结果前不能发）、暂不可发货 1 单" in done.message
        assert {x.number for x in done.left} == {"6980", "6981"}
        with pytest.raises(Conflict, match="退款有结果前不能发"):
            order_deeds.clear_holds(by=OPERATOR, order_ids=every, why="看过")
        order_deeds.clear_holds(by=OPERATOR, order_ids=every, kinds=["not_to_ship_yet"], why="平台说可以发了")
        assert [tab_of(i) for i in every] == ["hold", "dispatch", "dispatch"]


def test_who_waits_for_the_buyer_is_no_work_until_something_new_is_found(tenant_number: int) -> None:
    shop, orders = order_day(tenant_number)
    held = orders[NUMBERS[2]]

    def work() -> tuple[int, dict[str, int]]:
        told = today.stations(OPERATOR)
        return next(s.count for s in told.stations if s.key == "holds"), {w.what: w.orders for w in told.waiting}

    with tenant(tenant_number):
        order_deeds.hold(by=OPERATOR, order_ids=[held], why="像是下重了")
        before, _ = work()
        done = order_deeds.asked(by=OPERATOR, order_ids=[held], on=True)
        assert (work()[0], work()[1]["买家回复"]) == (before - 1, 1)
        row = order_desk.one(held, OPERATOR)
        assert row.asked
        undo.undo(token=done.undo, by=OPERATOR)
        assert work()[0] == before
        order_deeds.asked(by=OPERATOR, order_ids=[held], on=True)
        assert work()[0] == before - 1
    bring(tenant_number, "订单3.csv", files.douyin({"主订单编号": NUMBERS[2], "售后状态": "待商家处理"}), shop=shop)
    with tenant(tenant_number):
        assert "买家回复" not in work()[1], "a refund was asked for since: somebody has to look"
