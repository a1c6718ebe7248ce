"""The home screen's numbers equal the lists they open."""

from __future__ import annotations

from datetime import timedelta

from daifa.base import bulk
from daifa.base.actor import SYSTEM
from daifa.base.tenancy import tenant
from daifa.flows.steps import route
from daifa.kit import clock
from daifa.reads import order_desk, today
from daifa.reads.order_filters import OrderFilter
from tests.flows import files
from tests.flows.day import bring, make_shop

NOW = clock.beijing(2026, 11, 20, 12)


def _day(number: int) -> None:
    shop = make_shop(number)
    bring(number, "商品.csv", files.goods("HP-001"))
    bring(number, "报价.csv", files.prices(("恒达百货", "HP-001", "11.20")))
    orders = [{"主订单编号": f"69{n}", "收件人手机号": f"1701234567{n}"} for n in range(3)]
    bring(
        number,
        "订单.csv",
        files.douyin(*orders, {"主订单编号": "699", "商家编码": "没有", "商品ID": "3500009"}),
        shop=shop,
    )


def test_the_stations_count_what_their_lists_hold(tenant_number: int) -> None:
    with clock.frozen(NOW):
        _day(tenant_number)
        with tenant(tenant_number):
            line = {s.key: s.count for s in today.stations(SYSTEM).stations}
            counts = order_desk.counts(OrderFilter(), SYSTEM)
            assert line["dispatch"] == counts["dispatch"] == 3
            assert line["holds"] == counts["match"] == 1
            ids = order_desk.ids(OrderFilter(step=("dispatch",)), SYSTEM)
            route.dispatch(ids, by=SYSTEM, run="r")
            after = {s.key: s for s in today.stations(SYSTEM).stations}
            assert (after["dispatch"].count, after["tracking"].count) == (3, 0)
            assert after["dispatch"].notes == ("3 单已派、待发给供应商",)


def test_the_guide_knows_whether_the_day_has_begun_and_what_waits_where(tenant_number: int) -> None:
    with clock.frozen(NOW):
        with tenant(tenant_number):
            assert not today.stations(SYSTEM).fed
        _day(tenant_number)
        with tenant(tenant_number):
            seen = today.stations(SYSTEM)
            assert (seen.fed, seen.unmatched, seen.unsent, seen.unconfirmed) == (True, 1, 0, 0)
            route.dispatch(order_desk.ids(OrderFilter(step=("dispatch",)), SYSTEM), by=SYSTEM, run="r")
            assert today.stations(SYSTEM).unsent == 3
            bulk.select(
                "UPDATE orders_order SET step = 'confirm' WHERE tenant_id = {tenant} AND step = 'send' RETURNING id"
            )
            assert (today.stations(SYSTEM).unsent, today.stations(SYSTEM).unconfirmed) == (0, 3)
            bulk.select(
                "UPDATE orders_order SET step = 'no_parcel' WHERE tenant_id = {tenant} AND step = 'confirm'"
                " RETURNING id"
            )
            assert (today.stations(SYSTEM).unconfirmed, today.stations(SYSTEM).no_parcel) == (0, 3)
    with clock.frozen(NOW + timedelta(days=1)), tenant(tenant_number):
        assert not today.stations(SYSTEM).fed, "a new day begins with its own files"


def test_a_paid_order_that_was_cancelled_earns_nothing_and_is_no_sale(tenant_number: int) -> None:
    with clock.frozen(NOW):
        shop = make_shop(tenant_number)
        bring(tenant_number, "商品.csv", files.goods("HP-001"))
        bring(tenant_number, "报价.csv", files.prices(("恒达百货", "HP-001", "11.20")))
        closed = {"主订单编号": "6902", "订单状态": "已关闭", "售后状态": "-"}
        bring(tenant_number, "订单.csv", files.douyin({"主订单编号": "6901"}, closed), shop=shop)
        with tenant(tenant_number):
            rows, _ = order_desk.page(OrderFilter(), SYSTEM, tab="all")
            margins = {r.number: (r.margin_fen, r.margin_note) for r in rows}
            assert margins["6902"] == (0, "估")
            seen = today.today(SYSTEM)
            last = seen.days[-1]
            assert (last.orders, last.sales_fen, last.margin_fen) == (1, 3990, margins["6901"][0])
            assert [(s.orders, s.sales_fen, s.margin_fen) for s in seen.shops] == [(1, 3990, margins["6901"][0])]


def test_the_board_adds_up_to_the_fen(tenant_number: int) -> None:
    with clock.frozen(NOW):
        _day(tenant_number)
        with tenant(tenant_number):
            seen = today.today(SYSTEM)
            rows, _ = order_desk.page(OrderFilter(), SYSTEM, tab="all")
            last = seen.days[-1]
            assert last.orders == len(rows) == 4
            assert last.sales_fen == sum(r.paid_fen or 0 for r in rows)
            assert last.margin_fen == sum(r.margin_fen or 0 for r in rows)
            assert last.margin_missing == sum(1 for r in rows if r.margin_fen is None) == 1
            assert sum(s.sales_fen for s in seen.shops) == last.sales_fen
            assert seen.holds == {"unmatched": 1}
