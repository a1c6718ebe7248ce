"""What merchants' files do to their rows, and what must not come of it."""

# ruff: noqa: E501 - a row of an example file is as wide as the file

from __future__ import annotations

import io
import random
from dataclasses import replace

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from daifa.areas.mailroom.rules import (
    correct,
    error_table,
    parse,
    preview_json,
    recognise,
    rejected,
    say_words,
    template_of,
    use_template,
    write_errors,
)
from daifa.areas.mailroom.tests import files
from daifa.areas.mailroom.tests.files import csv_file, douyin_row, imported, look, xlsx_file
from daifa.connectors import registry
from daifa.kit.clock import beijing
from daifa.kit.errors import Invalid
from daifa.kit.tabular import read_file
from daifa.ports.sheet import Grain, ImportKind
from daifa.ports.shop import OrderState, RefundState, ShopOrder

P = registry.profiles()


def test_titles_above_totals_below_and_a_hidden_sheet() -> None:
    rows: list[files.Row] = [
        douyin_row("1" * 19, "2" * 19),
        douyin_row("3" * 19, "4" * 19),
        {"主订单编号": "合计", "订单应付金额": "4,180.00"},
    ]
    above = [["抖店订单导出"], ["导出时间：2026-11-21 08:30:00"], []]
    sheet, guess = look(xlsx_file(files.DOUYIN, rows, above=above, hidden=True), "a.xlsx")
    assert (guess.sheet, guess.header_row, guess.platform) == ("订单", 4, "douyin")
    assert guess.as_of == beijing(2026, 11, 21, 8, 30)
    parsed = parse(sheet, guess, P)
    assert [o.rows for o in parsed.orders] == [(5,), (6,)]
    assert parsed.dropped == ((7, "合计行"),)
    assert parsed.totals.paid_fen == 417800


def test_repeated_headers_blank_rows_and_totals_in_a_later_column_are_no_orders() -> None:
    header = dict(zip(files.DOUYIN.split(","), files.DOUYIN.split(","), strict=True))
    rows: list[files.Row] = [
        douyin_row("1" * 19, "2" * 19),
        {},
        {"主订单编号": " ", "选购商品": "\t", "收件人": "\u3000"},
        dict(header),
        {"选购商品": "总计", "订单应付金额": "1"},
    ]
    parsed = imported(csv_file(files.DOUYIN, rows), "a.csv")
    assert len(parsed.orders) == 1
    assert not parsed.errors
    assert [why for _, why in parsed.dropped] == ["重复的表头", "总计行"]


def test_goods_under_their_shortest_name_are_asked_not_dropped() -> None:
    data = xlsx_file(
        "单号,电话,收货地址,宝贝",
        [{"单号": "A-1", "电话": "15400000001", "收货地址": "江苏省南京市鼓楼区", "宝贝": "杯*2"}],
    )
    _, guess = look(data, "a.xlsx")
    asked = {c.column: c.asked for c in guess.columns if c.field in {"title", "items_text"}}
    assert asked == {"宝贝": True}


def test_the_same_line_twice_is_one_line() -> None:
    rows: list[files.Row] = [douyin_row("1" * 19, "2" * 19), douyin_row("1" * 19, "2" * 19, 订单状态="已发货")]
    parsed = imported(csv_file(files.DOUYIN, rows), "a.csv")
    assert (parsed.orders[0].state, len(parsed.orders[0].lines)) == (OrderState.SHIPPED, 1)
    assert parsed.dropped == ((2, "和第 3 行是同一笔，只算一次"),)


@pytest.mark.parametrize("number", ["6.93511E+18", 6.93511e18])
def test_rounded_order_numbers_are_refused_by_name(number: object) -> None:
    rows: list[files.Row] = [douyin_row("1" * 19, "2" * 19, 主订单编号=number), douyin_row("3" * 19, "4" * 19)]
    parsed = imported(xlsx_file(files.DOUYIN, rows), "a.xlsx")
    assert [o.external_id for o in parsed.orders] == ["3" * 19]
    (error,) = parsed.errors
    assert (error.row, error.column) == (2, "主订单编号")
    assert "6.93511" in error.value
    assert "丢失" in error.reason


def test_errors_name_row_column_value_and_remedy() -> None:
    rows: list[files.Row] = [douyin_row(str(i) * 19, str(i) * 18) for i in range(1, 5)]
    rows[1]["订单应付金额"] = "12.3元/件"
    rows[2]["商品数量"] = "0"
    rows[3]["支付完成时间"] = "昨天"
    sheet, guess = look(csv_file(files.DOUYIN, rows), "a.csv")
    parsed = parse(sheet, guess, P)
    assert [(e.row, e.column, e.value) for e in parsed.errors] == [
        (3, "订单应付金额", "12.3元/件"),
        (4, "商品数量", "0"),
        (5, "支付完成时间", "昨天"),
    ]
    assert parsed.errors[0].fix == "请改成 12.3 后重新导入这一行。"
    assert rejected(parsed) == 3
    assert [o.external_id for o in parsed.orders] == ["1" * 19]


def test_the_error_file_holds_the_rows_and_comes_back_mended() -> None:
    rows: list[files.Row] = [
        douyin_row("1" * 19, "2" * 19),
        douyin_row("3" * 19, "4" * 19),
        douyin_row("3" * 19, "5" * 19),
    ]
    rows[1]["订单应付金额"] = "坏的"
    sheet, guess = look(csv_file(files.DOUYIN, rows), "a.csv")
    parsed = parse(sheet, guess, P)
    assert parsed.held_back == ((4, 3),)
    (back,) = read_file(write_errors(sheet, guess, parsed), "错误.xlsx")
    assert back.rows[0][-4:] == ["行号", "列", "原因", "怎么改"]
    assert [r[1] for r in back.rows[1:]] == ["4" * 19, "5" * 19]
    assert back.rows[1][-4:-2] == [3.0, "订单应付金额"]
    assert "同一订单的第 3 行有错" in str(back.rows[2][-2])
    back.rows[1][8] = "20.90"
    (again,) = recognise([back], P)
    order = parse(back, again, P).orders[0]
    assert len(order.lines) == 2
    assert not {name for name, _ in order.extra} & {"行号", "列", "原因", "怎么改"}
    assert write_errors(sheet, guess, imported(csv_file(files.DOUYIN, rows[:1]), "a.csv")) == b""
    assert error_table(sheet, guess, parsed).header[0] == "主订单编号"


# --- any order of rows, any state of the file, one answer ---------------------------------------------------------


def _plain(orders: tuple[ShopOrder, ...]) -> dict[str, ShopOrder]:
    return {o.external_id: replace(o, rows=()) for o in orders}


ROWS = st.lists(
    st.tuples(
        st.integers(1, 4), st.sampled_from(["A", "B"]), st.sampled_from(["红", "蓝"]), st.integers(1, 3), st.sampled_from(["", "急"]),
        st.sampled_from(["等待出库", "等待确认收货", "已取消", "(锁定)等待出库"]),
    ),
    min_size=1,
    max_size=9,
)  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(ROWS, st.randoms(use_true_random=False))
def test_any_permutation_of_rows_gives_the_same_orders(
    rows: list[tuple[int, str, str, int, str, str]], dice: random.Random
) -> None:
    table: list[files.Row] = [
        {"订单号": f"29001234567{n}", "商品ID": f"1001{sku}", "商品名称": f"T恤{colour}", "订购数量": count, "京东价": "7.50",
         "订单金额": f"{n}0.00", "结算金额": f"{n}0.00", "应付金额": f"{n}0.00", "商家备注": memo, "订单状态": state}
        for n, sku, colour, count, memo, state in rows
    ]  # fmt: skip
    shuffled = table[:]
    dice.shuffle(shuffled)
    one, other = imported(csv_file(files.JD, table), "a.csv"), imported(csv_file(files.JD, shuffled), "a.csv")
    assert _plain(one.orders) == _plain(other.orders)
    assert one.totals == other.totals
    assert one.totals.paid_fen == sum(1000 * n for n in {r[0] for r in rows})
    for order in one.orders:
        assert len({x.line_key for x in order.lines}) == len(order.lines)
    assert sum(x.quantity for o in one.orders for x in o.lines) == sum(r[3] for r in rows)


@settings(max_examples=40, deadline=None)
@given(
    st.lists(
        st.lists(
            st.one_of(st.none(), st.text(max_size=6), st.floats(), st.dates(), st.booleans()), min_size=3, max_size=3
        ),
        max_size=6,
    )
)
def test_any_cells_under_a_known_header_give_orders_or_errors(cells: list[list[object]]) -> None:
    book = openpyxl.Workbook()
    book.active.append(["订单号", "订购数量", "京东价"])
    for row in cells:
        book.active.append([str(c) if isinstance(c, str | float) else c for c in _writable(row)])
    out = io.BytesIO()
    book.save(out)
    sheets = read_file(out.getvalue(), "a.xlsx")
    (guess,) = recognise(sheets, P, kind=ImportKind.ORDERS)
    guess = replace(guess, columns=tuple(replace(c, asked=False) for c in guess.columns))
    parsed = parse(sheets[0], guess, P)
    assert len({o.external_id for o in parsed.orders}) == len(parsed.orders)
    assert all(2 <= e.row <= len(cells) + 1 for e in parsed.errors)


def _writable(row: list[object]) -> list[object]:
    return ["".join(ch for ch in c if ch.isprintable()) if isinstance(c, str) else c for c in row]


# --- sheets of nobody's format -------------------------------------------------------------------------------------


def test_ambiguous_money_and_ids_are_asked_not_guessed() -> None:
    header = "单号,商品,总价,结算金额,收件人,电话,地址,下单时间,状态"
    _, guess = look(
        csv_file(header, [{"单号": "1", "商品": "a", "总价": "3", "结算金额": "3", "状态": "待发货"}]), "a.csv"
    )
    asked = {c.column for c in guess.asked}
    assert {"单号", "总价", "结算金额"} <= asked
    assert guess.verdict == f"请确认 {len(asked)} 列"
    assert not guess.ready


def test_one_row_per_order_makes_quantity_certain_and_repeats_do_not() -> None:
    header = "订单号,商品名称,数量,收件人,电话,地址"
    row = {"订单号": "A1", "商品名称": "杯", "数量": 2}
    parsed = imported(csv_file(header, [row, {**row, "订单号": "A2"}]), "a.csv")
    assert [o.lines[0].quantity for o in parsed.orders] == [2, 2]
    assert parsed.orders[0].state == OrderState.PAID
    _, guess = look(csv_file(header, [row, {**row, "商品名称": "盘"}]), "a.csv")
    assert [c.column for c in guess.asked] == ["数量"]


def test_equal_money_on_the_rows_of_an_order_is_asked_and_different_money_is_of_the_row() -> None:
    header = "订单号,商品名称,购买数量,实付款,订单状态,付款时间"
    row = {"订单号": "A1", "商品名称": "杯", "购买数量": 1, "实付款": "5", "订单状态": "待发货"}
    _, equal = look(csv_file(header, [row, {**row, "商品名称": "盘"}]), "a.csv")
    assert [c.column for c in equal.asked] == ["实付款"]
    sheet, different = look(csv_file(header, [row, {**row, "商品名称": "盘", "实付款": "7"}]), "a.csv")
    assert different.ready
    assert different.grain == Grain.LINE
    assert parse(sheet, different, P).orders[0].paid_fen == 1200
    merged = xlsx_file(header, [row, {**row, "商品名称": "盘", "实付款": None}], merge=["D2:D3"])
    assert imported(merged, "a.xlsx").orders[0].paid_fen == 500


def test_a_column_whose_cells_are_something_else_is_asked() -> None:
    header = "订单号,商品名称,件数,实付款,订单状态,付款时间"
    rows: list[files.Row] = [
        {"订单号": f"A{i}", "商品名称": "杯", "件数": 1, "实付款": "已付清", "订单状态": "待发货"} for i in range(5)
    ]
    _, guess = look(csv_file(header, rows), "a.csv")
    (asked,) = guess.asked
    assert (asked.column, asked.word) == ("实付款", "请确认")
    assert "5 个值里有 5 个不像" in asked.why


def test_several_items_in_a_cell_are_asked_then_cut() -> None:
    header = "订单号,商品,收件人,电话,地址,订单状态,付款时间"
    rows: list[files.Row] = [
        {"订单号": "A1", "商品": "收纳箱*2;衣架×1", "订单状态": "待发货"},
        {"订单号": "A2", "商品": "杯子", "订单状态": "待发货"},
    ]
    sheet, guess = look(csv_file(header, rows), "a.csv")
    assert [(c.column, c.field) for c in guess.asked] == [("商品", "items_text")]
    parsed = parse(sheet, correct(guess, {"商品": "items_text"}), P)
    (order,) = parsed.orders
    assert {(x.title, x.quantity) for x in order.lines} == {("收纳箱", 2), ("衣架", 1)}
    assert parsed.errors[0].value == "杯子"


@pytest.mark.parametrize(
    ("cell", "items"),
    [
        ("收纳箱 白色 大*2", {("收纳箱 白色 大", 2)}),
        ("收纳箱，白色*2，衣架*1", {("收纳箱，白色", 2), ("衣架", 1)}),
        ("A*1 + B*3", {("A", 1), ("B", 3)}),
        ("A x2、Max2号 ×1件", {("A", 2), ("Max2号", 1)}),
    ],
)
def test_a_count_in_the_title_is_asked_where_no_column_has_it(cell: str, items: set[tuple[str, int]]) -> None:
    sheet, guess = look(
        xlsx_file("订单号,商品,订单状态", [{"订单号": "A1", "商品": cell, "订单状态": "待发货"}]), "a.xlsx"
    )
    assert [(c.column, c.field) for c in guess.asked] == [("商品", "items_text")]
    (order,) = parse(sheet, correct(guess, {"商品": "items_text"}), P).orders
    assert {(x.title, x.quantity) for x in order.lines} == items
    # Or the star is a size, and the row one piece.
    (order,) = parse(sheet, correct(guess, {"商品": "title"}), P).orders
    assert [(x.title, x.quantity) for x in order.lines] == [(cell, 1)]


def test_a_star_beside_a_quantity_column_is_a_title_and_no_count_at_all_is_asked() -> None:
    row: files.Row = {"订单号": "A1", "商品": "抽纸*3", "件数": 2, "订单状态": "待发货"}
    _, guess = look(csv_file("订单号,商品,件数,订单状态", [row]), "a.csv")
    assert guess.ready
    _, guess = look(csv_file("订单号,商品,订单状态", [{**row, "商品": "抽纸"}]), "b.csv")
    assert [(c.column, c.field) for c in guess.asked] == [("商品", "title")]
    assert "没有数量列" in guess.asked[0].why
    assert "没有数量列：每行按 1 件算" in guess.notes


@pytest.mark.parametrize("total", ["合计", "总计：", "共计 2 单"])
def test_a_total_that_counts_under_the_order_number_is_no_order(total: str) -> None:
    header = "序号,订单号,商品,件数,订单状态"
    rows: list[files.Row] = [
        {"序号": n, "订单号": f"A{n}", "商品": "杯", "件数": 1, "订单状态": "待发货"} for n in (1, 2)
    ]
    parsed = imported(
        csv_file(header, [*rows, {"序号": total, "订单号": "2", "件数": 2, "订单状态": "待发货"}]), "a.csv"
    )
    assert [o.external_id for o in parsed.orders] == ["A1", "A2"]
    assert parsed.dropped[-1][0] == 4
    back = csv_file(
        "收件人,订单号,快递公司,快递单号", [{"收件人": total, "订单号": 3, "快递公司": "2", "快递单号": "54"}]
    )
    parsed = imported(back, "t.csv")
    assert (parsed.records, len(parsed.dropped)) == ((), 1)


def test_a_status_nobody_knew_is_told_and_remembered() -> None:
    row: files.Row = {"订单号": "A1", "商品": "杯", "件数": 1, "售后状态": "卖家已同意"}
    rows: list[files.Row] = [
        {**row, "订单状态": "待揽收"},
        {**row, "订单号": "A2", "订单状态": "待发货", "售后状态": ""},
    ]
    sheet, guess = look(csv_file("订单号,商品,件数,订单状态,售后状态", rows), "a.csv")
    parsed = parse(sheet, guess, P)
    assert parsed.unknown_words == (("state", "待揽收", 1), ("refund_state", "卖家已同意", 1))
    assert "状态对照" in parsed.errors[0].fix
    told = say_words(guess, {"state:待揽收": "shipped", "refund_state:卖家已同意": "applied"})
    parsed = parse(sheet, told, P)
    assert (parsed.errors, parsed.unknown_words) == ((), ())
    assert [(o.state, o.refund) for o in parsed.orders] == [
        (OrderState.SHIPPED, RefundState.APPLIED),
        (OrderState.PAID, RefundState.NONE),
    ]
    again = use_template(guess, template_of(told, "老王的表"))
    assert parse(sheet, again, P).orders == parsed.orders
    with pytest.raises(Invalid):
        say_words(guess, {"state:待揽收": "什么"})


def test_corrections_that_make_no_sense_are_refused() -> None:
    _, guess = look(csv_file("订单号,商品名称,实付款,订单状态", [{"订单号": "1"}]), "a.csv")
    for wrong in ({"没有": "paid"}, {9: "paid"}, {"实付款": "nonsense"}, {"实付款": "paid", "商品名称": "paid"}):
        with pytest.raises(Invalid):
            correct(guess, wrong)  # type: ignore[arg-type]
    moved = correct(guess, {"商品名称": "paid"})
    assert [c.field for c in moved.columns] == ["order_no", "paid", None, "state"]


@pytest.mark.parametrize(
    ("name", "shop"),
    [
        ("订单明细-京东好物店.xlsx", "好物店"),
        ("庆余订单_20260815.csv", "庆余"),
        ("家居旗舰店_抖店订单_202611201200.csv", "家居旗舰店"),
        ("ExportOrderList202608151030.csv", ""),
        ("ABC家居旗舰店 订单 (1).xlsx", "ABC家居旗舰店"),
    ],
)
def test_the_shop_in_the_file_name(name: str, shop: str) -> None:
    header = "订单号,商品名称,订单状态,付款时间"
    data = csv_file(header, [{"订单号": "1", "商品名称": "x", "订单状态": "待发货"}])
    assert look(data, name)[1].shop_hint == shop


def test_a_stamp_of_the_future_is_none_and_rows_tell_the_age() -> None:
    data = csv_file(files.DOUYIN, [douyin_row("1" * 19, "2" * 19)])
    sheets = read_file(data, "抖店20991231.csv")
    (guess,) = recognise(sheets, P, now=beijing(2026, 11, 21))
    assert guess.as_of is None
    assert parse(sheets[0], guess, P).as_of == beijing(2026, 11, 20, 10, 0, 30)


def test_the_age_is_asked_when_nothing_tells_it() -> None:
    data = csv_file(files.TAOBAO_ITEMS, [{"订单编号": "1", "标题": "a", "购买数量": 1, "订单状态": "交易成功"}])
    sheet, guess = look(data, "宝贝.csv")
    shown = preview_json(guess, parse(sheet, guess, P))
    assert (shown["as_of"], shown["as_of_asked"]) == (None, True)
