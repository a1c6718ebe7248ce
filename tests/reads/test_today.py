"""The home screen's numbers equal the lists they open."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from daifa.areas.mailroom.services import files as files_service
from daifa.areas.mailroom.services import tasks
from daifa.base import bulk
from daifa.base.actor import SYSTEM, Actor
from daifa.base.tenancy import tenant
from daifa.flows import advance, dispatching, intake
from daifa.flows.steps import route
from daifa.kit import clock
from daifa.kit.errors import Invalid
from daifa.reads import order_desk, order_query, purchase_desk, sending_board, today, tracking_desk
from daifa.reads.order_filters import OrderFilter
from daifa.reads.purchase_desk import PurchaseFilter
from tests.flows import files
from tests.flows.day import bring, make_shop
from tests.flows.test_tracking import GOOD, sent

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


def test_nothing_is_done_on_a_day_that_brought_no_orders(tenant_number: int) -> None:
    with clock.frozen(NOW):
        with tenant(tenant_number):
            assert [s.done for s in today.stations(SYSTEM).stations] == [False] * 5
        _day(tenant_number)
        with tenant(tenant_number):
            done = {s.key: s.done for s in today.stations(SYSTEM).stations}
            assert done == {"import": True, "holds": False, "dispatch": False, "tracking": True, "upload": True}


@pytest.mark.parametrize(
    ("kinds", "what"),
    [
        ("not_to_ship_yet", "平台允许发货"),
        ("refund_applied,deadline_near", "退款有结果"),
        ("region_not_served", ""),
        ("refund_applied,not_to_ship_yet", "退款有结果"),
        ("refund_applied,address_incomplete", ""),
        ("manual", ""),
        ("deadline_near", ""),
        ("", ""),
    ],
)
def test_an_order_waits_only_where_nobody_here_can_end_any_of_its_holds(kinds: str, what: str) -> None:
    assert today.waits_for(kinds) == what


def test_the_stations_count_what_can_be_done_and_name_what_waits(tenant_number: int) -> None:
    with clock.frozen(NOW):
        _day(tenant_number)
        with tenant(tenant_number):
            [shop] = [s.id for s in today.today(SYSTEM).shops]
        early = {"主订单编号": "6980", "收件人": "赵二", "预约发货时间": "2099/01/01 00:00:00"}
        bring(tenant_number, "订单2.csv", files.douyin(early), shop=shop)
        with tenant(tenant_number):
            seen = today.stations(SYSTEM)
            holds = next(s for s in seen.stations if s.key == "holds")
            assert (holds.count, holds.notes) == (1, ("另有 1 单在等，现在不用处理",))
            assert seen.waiting == seen.held == (today.Wait("平台允许发货", 1),)
            tabs = order_desk.counts(OrderFilter(), SYSTEM)
            assert holds.count + 1 == tabs["hold"] + tabs.get("match", 0), "what waits is the rest of the tabs"
            orders = order_desk.ids(OrderFilter(step=("dispatch",)), SYSTEM)
            for step, how, order in zip(
                ("report", "report", "confirm"), ("refund = 'applied'", "state = 'shipped'", "state = 'paid'"), orders,
                strict=True,
            ):  # fmt: skip
                bulk.select(
                    f"UPDATE orders_order SET tab = 'report', step = '{step}', {how} WHERE tenant_id = {{tenant}}"
                    " AND id = %s RETURNING id",
                    [order],
                )
            seen = today.stations(SYSTEM)
            upload = next(s for s in seen.stations if s.key == "upload")
            assert (upload.count, upload.done, seen.to_download, seen.shipped_there) == (1, False, 0, 1)
            assert set(seen.waiting) == {today.Wait("平台允许发货", 1), today.Wait("退款有结果", 1)}
            assert seen.held == (today.Wait("平台允许发货", 1),), "what waits at the upload is not in the tab 异常"
            assert seen.unconfirmed == 1
            bulk.select(
                "UPDATE orders_order SET step = 'confirm' WHERE tenant_id = {tenant} AND state = 'shipped' RETURNING id"
            )
            upload = next(s for s in today.stations(SYSTEM).stations if s.key == "upload")
            assert (upload.count, upload.done) == (0, True)


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
                "UPDATE orders_order SET step = 'confirm', tab = 'report' WHERE tenant_id = {tenant} AND step = 'send'"
                " RETURNING id"
            )
            assert (today.stations(SYSTEM).unsent, today.stations(SYSTEM).unconfirmed) == (0, 3)
            bulk.select(
                "UPDATE orders_order SET step = 'no_parcel' WHERE tenant_id = {tenant} AND step = 'confirm'"
                " RETURNING id"
            )
            assert (today.stations(SYSTEM).unconfirmed, today.stations(SYSTEM).no_parcel) == (0, 3)
    with clock.frozen(NOW + timedelta(days=1)), tenant(tenant_number):
        assert not today.stations(SYSTEM).fed, "a new day begins with its own files"


def test_a_suppliers_answer_that_waits_is_told_apart_from_the_days_files(tenant_number: int) -> None:
    sent(tenant_number)
    with tenant(tenant_number):
        data = files.csv_bytes(
            ["采购单号", "快递公司", "快递单号"], [{"采购单号": "P1", "快递公司": "中通", "快递单号": GOOD}]
        )
        intake.recognise(intake.receive(by=SYSTEM, name="恒达回单.csv", data=data))
        intake.recognise(intake.receive(by=SYSTEM, name="订单.csv", data=files.douyin({"主订单编号": "6999"})))
        seen = today.stations(SYSTEM)
        found = {s.key: s for s in seen.stations}
    assert (found["import"].count, seen.returns) == (1, 1)
    assert (found["tracking"].done, found["tracking"].notes[0]) == (False, "1 个回单文件待导入")


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


def test_each_figure_of_the_board_opens_exactly_the_orders_it_counts(tenant_number: int) -> None:
    day = NOW.date().isoformat()

    def behind(**said: str) -> list[order_desk.OrderRow]:
        asked = order_query.asked({"paid_from": day, "paid_to": day, **said})
        return order_desk.page(asked.filter, SYSTEM, tab=asked.tab)[0]

    with clock.frozen(NOW):
        _day(tenant_number)
        closed = {"订单状态": "已关闭", "售后状态": "-"}
        more = [{"主订单编号": "6980", **closed}, {"主订单编号": "6981", "订单状态": "待支付", "支付完成时间": ""}]
        with tenant(tenant_number):
            [shop] = [s.id for s in today.today(SYSTEM).shops]
        bring(tenant_number, "订单2.csv", files.douyin(*more), shop=shop)
        with tenant(tenant_number):
            bulk.select(
                "UPDATE orders_order SET refunded_fen = 500 WHERE tenant_id = {tenant} AND external_id = '690'"
                " RETURNING id"
            )
            seen = today.today(SYSTEM)
            last, [line] = seen.days[-1], seen.shops
            assert (last.orders, last.margin_missing, last.refunds_fen) == (4, 1, 500)
            assert {r.number for r in behind(counted="sold")} == {"690", "691", "692", "699"}
            assert sum(r.paid_fen or 0 for r in behind(counted="sold")) == last.sales_fen == line.sales_fen
            assert [r.number for r in behind(counted="no_margin")] == ["699"]
            assert [r.number for r in behind(counted="refunded")] == ["690"]
            assert {r.number for r in behind(counted="margin")} == {"690", "691", "692", "6980"}
            assert sum(r.margin_fen or 0 for r in behind(counted="margin")) == last.margin_fen == line.margin_fen
            assert len(behind(counted="sold", shop=str(shop))) == line.orders
            with pytest.raises(Invalid, match="计入"):
                behind(counted="nonsense")


def test_what_is_at_risk_today_opens_those_orders_and_not_the_uploaded(tenant_number: int) -> None:
    with clock.frozen(NOW):
        _day(tenant_number)
    with clock.frozen(NOW + timedelta(days=3)), tenant(tenant_number):
        bulk.select(
            "UPDATE orders_order SET step = 'confirm', tab = 'report' WHERE tenant_id = {tenant}"
            " AND external_id = '690' RETURNING id"
        )
        seen = today.today(SYSTEM)
        risk, late = (order_desk.ids(order_query.asked({k: "1"}).filter, SYSTEM) for k in ("due_today", "late"))
        assert (seen.risk_orders, seen.late_orders) == (len(risk), len(late)) == (3, 3)


def test_the_suppliers_numbers_open_their_purchases(tenant_number: int) -> None:
    with clock.frozen(NOW):
        _day(tenant_number)
        with tenant(tenant_number):
            route.dispatch(order_desk.ids(OrderFilter(step=("dispatch",)), SYSTEM), by=SYSTEM, run="r")
    with clock.frozen(NOW + timedelta(days=3)), tenant(tenant_number):
        bulk.select(
            "UPDATE purchasing_purchaseorder SET state = 'shipped', shipped_at = %s WHERE tenant_id = {tenant}"
            " AND id = (SELECT min(id::text)::uuid FROM purchasing_purchaseorder WHERE tenant_id = {tenant})"
            " RETURNING id",
            [clock.now()],
        )
        [line] = today.today(SYSTEM).suppliers.lines
        here = clock.business_day(clock.now())

        def found(**said: Any) -> int:
            return purchase_desk.counts(PurchaseFilter(supplier=[line.id], **said), SYSTEM)["all"]

        assert (line.shipped_today, line.late) == (1, 2)
        assert (found(shipped_from=here, shipped_to=here), found(late=True)) == (1, 2)
        assert found(shipped_to=here - timedelta(days=1)) == 0


def test_an_order_that_its_shops_setting_dispatches_is_no_work_and_no_line_of_the_preview(tenant_number: int) -> None:
    with clock.frozen(NOW):
        _day(tenant_number)
        with tenant(tenant_number):
            bulk.select(
                "UPDATE orders_order SET step = 'route' WHERE tenant_id = {tenant} AND external_id = '690' RETURNING id"
            )
            seen = today.stations(SYSTEM)
            [station] = [s for s in seen.stations if s.key == "dispatch"]
            assert (station.count, station.notes) == (2, ("2 单待派",))
            assert seen.waiting == (today.Wait(today.BY_DIAL, 1),)
            assert dispatching.board(by=SYSTEM).orders == station.count


def test_an_order_of_two_suppliers_is_one_order_to_send_and_one_that_waits(tenant_number: int) -> None:
    n, split = tenant_number, {"主订单编号": "6985", "收件人": "孙七"}
    with clock.frozen(NOW):
        shop = make_shop(n)
        bring(n, "商品.csv", files.goods("HP-001", "HP-002"))
        bring(n, "报价.csv", files.prices(("恒达百货", "HP-001", "11.20"), ("义乌优选", "HP-002", "5.00")))
        two = ({**split, "子订单编号": "1"}, {**split, "子订单编号": "2", "商家编码": "HP-002", "商品规格": "小号"})
        bring(n, "订单.csv", files.douyin(*two), shop=shop)
        with tenant(n):
            sent = order_desk.ids(OrderFilter(step=("dispatch",)), SYSTEM)
            route.dispatch(sent, by=SYSTEM, run="r")
            assert [w.orders for w in sending_board.waiting(SYSTEM)] == [1, 1]
            assert sending_board.waiting_orders(SYSTEM) == today.stations(SYSTEM).unsent == 1
            bulk.select(
                "UPDATE purchasing_purchaseorder SET state = 'sent', sent_at = now() WHERE tenant_id = {tenant}"
                " RETURNING id"
            )
            advance.settle(sent)
            [station] = [s for s in today.stations(SYSTEM).stations if s.key == "tracking"]
            assert [o.purchases for o in tracking_desk.owed(SYSTEM)] == [1, 1]
            assert tracking_desk.owed_orders(SYSTEM) == station.count == 1


def test_a_suppliers_margin_opens_the_orders_of_today_that_he_supplies(tenant_number: int) -> None:
    with clock.frozen(NOW):
        _day(tenant_number)
        with tenant(tenant_number):
            sent = order_desk.ids(OrderFilter(step=("dispatch",)), SYSTEM)
            route.dispatch(sent, by=SYSTEM, run="r")
            [line] = today.today(SYSTEM).suppliers.lines
            day = NOW.date().isoformat()
            asked = order_query.asked({"supplier": str(line.id), "counted": "margin", "paid_from": day, "paid_to": day})
            rows = order_desk.page(asked.filter, SYSTEM, tab=asked.tab)[0]
    assert line.orders == len(rows) == len(sent)
    assert line.margin_fen == sum(r.margin_fen or 0 for r in rows)


def test_the_suppliers_margins_add_up_though_one_order_is_split_and_one_is_not_dispatched(tenant_number: int) -> None:
    n, split = tenant_number, {"主订单编号": "6985", "收件人": "孙七"}
    with clock.frozen(NOW):
        shop = make_shop(n)
        bring(n, "商品.csv", files.goods("HP-001", "HP-002"))
        bring(n, "报价.csv", files.prices(("恒达百货", "HP-001", "11.20"), ("义乌优选", "HP-002", "5.00")))
        two = ({**split, "子订单编号": "1"}, {**split, "子订单编号": "2", "商家编码": "HP-002", "商品规格": "小号"})
        later = {"主订单编号": "6986", "收件人": "周八", "商家编码": "HP-002", "商品规格": "小号"}
        bring(n, "订单.csv", files.douyin({"主订单编号": "6984"}, *two, later), shop=shop)
        with tenant(n):
            ids = dict(bulk.select("SELECT external_id, id FROM orders_order WHERE tenant_id = {tenant}"))
            route.dispatch([ids["6984"], ids["6985"]], by=SYSTEM, run="r")
            seen = today.today(SYSTEM)
            day = seen.suppliers
            margins = {r.number: r.margin_fen or 0 for r in order_desk.page(OrderFilter(), SYSTEM)[0]}
            here = NOW.date().isoformat()
            asked = order_query.asked({"counted": "unsupplied", "paid_from": here, "paid_to": here})
            assert order_desk.ids(asked.filter, SYSTEM) == [ids["6986"]]
    assert {(s.name, s.orders, s.shared) for s in day.lines} == {("恒达百货", 2, 1), ("义乌优选", 1, 1)}
    assert (day.unsupplied.orders, day.unsupplied.margin_fen) == (1, margins["6986"])
    parts = [*(s.margin_fen or 0 for s in day.lines), day.unsupplied.margin_fen, day.elsewhere.margin_fen]
    assert sum(parts) == day.total.margin_fen == seen.days[-1].margin_fen == sum(margins.values())
    assert (day.elsewhere.orders, day.total.orders) == (0, 3)


def test_who_sees_one_supplier_is_told_what_the_others_have_of_the_same_orders(tenant_number: int) -> None:
    n, split = tenant_number, {"主订单编号": "6985", "收件人": "孙七"}
    with clock.frozen(NOW):
        shop = make_shop(n)
        bring(n, "商品.csv", files.goods("HP-001", "HP-002"))
        bring(n, "报价.csv", files.prices(("恒达百货", "HP-001", "11.20"), ("义乌优选", "HP-002", "5.00")))
        two = ({**split, "子订单编号": "1"}, {**split, "子订单编号": "2", "商家编码": "HP-002", "商品规格": "小号"})
        bring(n, "订单.csv", files.douyin(*two), shop=shop)
        with tenant(n):
            route.dispatch(order_desk.ids(OrderFilter(step=("dispatch",)), SYSTEM), by=SYSTEM, run="r")
            [own] = [s.id for s in today.today(SYSTEM).suppliers.lines if s.name == "恒达百货"]
            day = today.today(Actor("member:1", "小王", suppliers=frozenset({own}))).suppliers
    [line] = day.lines
    assert (line.id, day.elsewhere.orders) == (own, 1)
    assert (line.margin_fen or 0) + day.elsewhere.margin_fen == day.total.margin_fen


def test_a_file_that_was_made_is_told_with_a_verb(tenant_number: int) -> None:
    with tenant(tenant_number):
        file = files_service.store(
            by=SYSTEM, data=b"x", name="发货-家居店.xlsx", purpose="ship", direction="out", keep_days=1
        )
        tasks.record(by=SYSTEM, kind="export", title=file.name, file_id=file.id, result={})
        tasks.record(by=SYSTEM, kind="export", title="导出订单 3 单", file_id=file.id, result={})
        assert {d.text for d in today.today(SYSTEM).deeds} == {"生成文件 发货-家居店.xlsx", "导出订单 3 单"}


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
