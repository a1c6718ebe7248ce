"""Suppliers' sheets: learned from a sample, rendered as they want them, and never a masked address."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from daifa.areas.purchasing.rules.dispatch_view import (
    VALUES,
    DispatchLine,
    DispatchOrder,
    DispatchView,
    RenderedSheet,
    SheetColumn,
    SheetFormat,
    SheetGrain,
)
from daifa.areas.purchasing.rules.sheet_documents import sheet_document, sheet_form_of
from daifa.areas.purchasing.rules.sheet_learning import learn_format
from daifa.areas.purchasing.rules.sheet_rendering import (
    RESEND,
    detail_address,
    full_address,
    render,
    render_default,
)
from daifa.areas.purchasing.rules.sheet_text import render_text
from daifa.kit.errors import Invalid
from daifa.ports.shop import Recipient, RecipientState

LI = Recipient(RecipientState.PLAIN, "李四", "13800001234", "浙江省", "金华市", "义乌市", "", "北苑街道测试路1号")
MASKED = Recipient(RecipientState.MASKED, "李*", "138****1234", "浙江省", "金华市", "义乌市", "", "北苑街道****")
CUP = DispatchLine("陶瓷杯", "白色", 2, "TC-01", "CUP-W", Decimal("5.60"), 1120)
TOWEL = DispatchLine("毛巾", "灰色", 1, "MJ-09", "TWL-G", Decimal("3.005"), 301)


def order(n: int = 1, *lines: DispatchLine, to: Recipient = LI, **more: object) -> DispatchOrder:
    return DispatchOrder(f"P251125-恒达-{n:03d}", lines or (CUP,), (f"69251234123412{n:05d}",), recipient=to, **more)  # type: ignore[arg-type]


def view(*orders: DispatchOrder, version: int = 1) -> DispatchView:
    return DispatchView("恒达百货", "小马家居", date(2025, 11, 25), orders, version)


def grid(sheet: RenderedSheet) -> list[dict[str, object]]:
    return [dict(zip(sheet.header, row, strict=True)) for row in sheet.rows]


SAMPLE: list[list[object]] = [
    ["恒达百货代发单 2025/11/20 共 12 单", None],
    [
        "序号",
        "日期",
        "订单号",
        "客户",
        "收货人",
        "联系电话",
        "收货地址",
        "货号",
        "品名",
        "颜色",
        "数量",
        "快递",
        "备注",
        "类型",
    ],
    [
        1,
        "2025/11/20",
        "DD001",
        "小马家居",
        "张三",
        "13800000001",
        "浙江省杭州市西湖区文一路1号",
        "TC-01",
        "陶瓷杯",
        "白",
        1,
        "中通",
        "",
        "一件代发",
    ],
    [
        2,
        "2025/11/20",
        "DD002",
        "小马家居",
        "李四",
        "13800000002",
        "广东省广州市天河区路2号",
        "TC-01",
        "陶瓷杯",
        "黑",
        2,
        "中通",
        "",
        "一件代发",
    ],
    [
        3,
        "2025/11/20",
        "DD002",
        "小马家居",
        "李四",
        "13800000002",
        "广东省广州市天河区路2号",
        "MJ-09",
        "毛巾",
        "灰",
        1,
        "中通",
        "",
        "一件代发",
    ],
    ["合计", None, None, None, None, None, None, None, None, None, 4],
]


def test_a_sample_is_learned_column_by_column() -> None:
    learned = learn_format(SAMPLE)
    assert learned.header_row == 2
    assert ",".join(c.value for c in learned.form.columns) == (
        "index,date,number,,name,phone,address,supplier_code,title,spec,quantity,blank,note,"
    )
    assert learned.form.columns[3].fixed == "小马家居"
    assert learned.form.columns[13].fixed == "一件代发"
    assert learned.form.grain is SheetGrain.ITEM
    assert learned.form.date_form == "%Y/%m/%d"
    assert learned.form.titles == (("恒达百货代发单 {date:%Y/%m/%d} 共 {orders} 单",),)
    assert learned.form.totals
    assert learned.asked == (3, 13)
    assert learned.notes == ()


def test_what_was_learned_is_written_as_the_supplier_wants_it() -> None:
    sheet = render(learn_format(SAMPLE).form, view(order(1, CUP, TOWEL), order(2, TOWEL)))
    assert sheet.titles == (("恒达百货代发单 2025/11/25 共 2 单",),)
    first, second, third, totals = grid(sheet)
    assert first["序号"] == second["序号"] == 1
    assert first["日期"] == "2025/11/25"
    assert (first["订单号"], first["客户"], first["类型"]) == ("P251125-恒达-001", "小马家居", "一件代发")
    assert first["收货地址"] == "浙江省金华市义乌市北苑街道测试路1号"
    assert (second["货号"], second["品名"], second["颜色"], second["数量"]) == ("MJ-09", "毛巾", "灰色", 1)
    assert third["序号"] == 2
    assert (totals["序号"], totals["数量"]) == ("合计", 4)
    assert first["快递"] == ""


def test_one_row_per_order_with_goods_in_one_cell() -> None:
    rows: list[list[object]] = [
        ["平台单号", "姓名", "手机", "省", "市", "区", "详细地址", "商品信息", "备注"],
        [
            "6925123412341234567",
            "张三",
            "13800000001",
            "浙江省",
            "杭州市",
            "西湖区",
            "文一路1号",
            "陶瓷杯 白*2；毛巾 灰*1",
            "",
        ],
    ]
    learned = learn_format(rows)
    assert learned.form.grain is SheetGrain.ORDER
    (row,) = grid(render(learned.form, view(order(1, CUP, TOWEL))))
    assert row == {
        "平台单号": "6925123412341200001",
        "姓名": "李四",
        "手机": "13800001234",
        "省": "浙江省",
        "市": "金华市",
        "区": "义乌市",
        "详细地址": "北苑街道测试路1号",
        "商品信息": "陶瓷杯 白色×2；毛巾 灰色×1",
        "备注": "",
    }


def test_values_correct_a_misleading_header() -> None:
    rows: list[list[object]] = [
        ["单号", "地址", "商品", "数量"],
        ["1", "张三 13800000001 浙江省杭州市西湖区文一路1号", "陶瓷杯", 1],
    ]
    learned = learn_format(rows)
    assert learned.form.columns[1].value == "recipient_text"
    assert 1 in learned.asked
    (row,) = grid(render(learned.form, view(order())))
    assert row["地址"] == "李四 13800001234 浙江省金华市义乌市北苑街道测试路1号"


def test_merged_order_cells_stand_in_the_first_row_only() -> None:
    rows: list[list[object]] = [
        ["收货人", "电话", "地址", "品名", "数量", "单号"],
        ["张三", "13800000001", "浙江省杭州市文一路1号", "杯", 1, "A1"],
        ["", "", "", "毛巾", 2, ""],
    ]
    form = learn_format(rows).form
    assert form.first_row_only
    first, second = grid(render(form, view(order(1, CUP, TOWEL))))
    assert (first["收货人"], second["收货人"], second["品名"]) == ("李四", "", "毛巾")


def test_what_is_missing_is_said_and_a_person_decides() -> None:
    rows: list[list[object]] = [
        ["日期", "姓名", "电话", "收货地址", "那个", "数量"],
        ["11.20", "张三", "13800000001", "浙江省杭州市文一路1号", "杯", 1],
    ]
    learned = learn_format(rows)
    assert any("没认出商品列" in n for n in learned.notes)
    assert any("没有单号列" in n for n in learned.notes)
    assert 4 in learned.asked
    assert learned.form.date_form == "%m.%d"
    told = learn_format(rows, told={4: "title"})
    assert told.form.columns[4].value == "title"
    assert 4 not in told.asked
    with pytest.raises(Invalid):
        learn_format([["甲", "乙"], ["1", "2"]])


def test_the_default_sheet_round_trips_its_columns() -> None:
    sheet = render_default(view(order(1, CUP, TOWEL), version=2))
    assert sheet.titles[0][0].startswith("小马家居 代发单 2025-11-25，共 1 单 3 件。")
    assert sheet.titles[0][0].endswith("（第 2 版）")
    assert learn_format([*sheet.titles, sheet.header, *sheet.rows]).form.columns[0].value == "our_number"
    assert grid(sheet)[0]["采购单号"] == "P251125-恒达-001"


def test_a_masked_recipient_is_never_written() -> None:
    sheet = render_default(view(order(1, to=MASKED), order(2)))
    assert [n for n, _ in sheet.left_out] == ["P251125-恒达-001"]
    assert "*" not in str(sheet.rows)
    text, left = render_text(view(order(1, to=MASKED), order(2)))
    assert "*" not in text
    assert len(left) == 1


def test_a_handed_over_order_goes_by_number_and_goods_only() -> None:
    for to in (LI, MASKED, Recipient()):
        (row,) = grid(render_default(view(order(1, to=to, handover=True))))
        assert (row["收件人"], row["电话"], row["省"], row["详细地址"]) == ("", "", "", "")
        assert (row["平台单号"], row["商品"], row["数量"]) == ("6925123412341200001", "陶瓷杯", 2)
        assert row["备注"] == "厂家代打，凭单号打单发货"
    row, _ = grid(render(learn_format(SAMPLE).form, view(order(1, handover=True))))
    assert (row["订单号"], row["收货人"], row["收货地址"]) == ("6925123412341200001", "", "")
    no_number = SheetFormat((SheetColumn("收件人", "name"), SheetColumn("商品", "title")))
    assert "没有单号列" in render(no_number, view(order(1, handover=True))).left_out[0][1]


def test_resending_is_marked_in_every_row() -> None:
    sheet = render_default(view(order(1, CUP, TOWEL, resend=True, change="地址改了"), version=2))
    assert [r["备注"] for r in grid(sheet)] == ["【重发】【地址改了】"] * 2
    bare = SheetFormat((SheetColumn("收件人", "name"), SheetColumn("货号", "supplier_code")))
    assert "没有能写“重发”" in render(bare, view(order(1, resend=True))).left_out[0][1]
    text, _ = render_text(view(order(1, resend=True), version=2))
    assert "1. 【重发】P251125-恒达-001" in text


def test_the_chat_text_is_complete() -> None:
    text, left = render_text(view(order(1, CUP, TOWEL, note="勿放发票", courier="中通"), order(2, handover=True)))
    assert left == ()
    assert text.splitlines() == [
        "恒达百货，11-25 代发 2 单 5 件（小马家居）",
        "1. P251125-恒达-001",
        "   陶瓷杯 白色×2（货号 TC-01）",
        "   毛巾 灰色×1（货号 MJ-09）",
        "   李四 13800001234 浙江省金华市义乌市北苑街道测试路1号",
        "   备注：勿放发票；快递要求：中通",
        "2. P251125-恒达-002（平台单号 6925123412341200002）",
        "   陶瓷杯 白色×2（货号 TC-01）",
        "   厂家代打，凭单号打单发货",
        "发货后请回：单号 快递 运单号，一单一行。",
    ]


def test_addresses_say_nothing_twice() -> None:
    whole = replace(LI, address="浙江省金华市义乌市北苑街道测试路1号")
    assert full_address(whole) == full_address(LI) == "浙江省金华市义乌市北苑街道测试路1号"
    assert detail_address(whole) == detail_address(LI) == "北苑街道测试路1号"
    beijing = replace(LI, province="北京市", city="北京市", district="朝阳区", address="某路1号")
    assert full_address(beijing) == "北京市朝阳区某路1号"


def test_money_and_moments() -> None:
    form = SheetFormat(
        (
            SheetColumn("单号", "our_number"),
            SheetColumn("付款", "paid_at"),
            SheetColumn("单价", "unit_price"),
            SheetColumn("金额", "amount"),
            SheetColumn("备注", "note"),
        ),
        grain=SheetGrain.ORDER,
        date_form="%Y-%m-%d %H:%M",
    )
    paid = datetime(2025, 11, 24, 18, 30, tzinfo=UTC)
    (row,) = grid(render(form, view(order(1, CUP, TOWEL, paid_at=paid))))
    assert (row["付款"], row["单价"], row["金额"]) == ("2025-11-25 02:30", "", Decimal("14.21"))
    (row,) = grid(render(form, view(order(1, CUP, replace(TOWEL, amount_fen=None)))))
    assert row["金额"] == ""  # a missing cost is not zero


COLUMNS = st.lists(
    st.sampled_from([*VALUES, ""]).map(lambda v: SheetColumn(f"列{v}", v, "" if v else "固定")), min_size=1, max_size=12
)
FORMS = st.builds(
    SheetFormat,
    columns=COLUMNS.map(tuple),
    grain=st.sampled_from(list(SheetGrain)),
    titles=st.sampled_from([(), (("{date:%m.%d} 共 {orders} 单 {pieces} 件",),)]),
    date_form=st.sampled_from(["%Y-%m-%d", "%m月%d日", "%Y-%m-%d %H:%M:%S"]),
    first_row_only=st.booleans(),
    totals=st.booleans(),
)
ORDERS = st.lists(
    st.builds(
        lambda n, lines, to, handover, resend: order(n, *lines, to=to, handover=handover, resend=resend, note="甲"),
        st.integers(1, 99),
        st.lists(st.sampled_from([CUP, TOWEL]), min_size=1, max_size=3),
        st.sampled_from([LI, MASKED, Recipient(), replace(LI, state=RecipientState.CIPHER, name="~密文~")]),
        st.booleans(),
        st.booleans(),
    ),
    max_size=5,
    unique_by=lambda o: o.number,
)


@settings(max_examples=200, deadline=None)
@given(FORMS, ORDERS)
def test_no_sheet_loses_an_order_a_piece_or_a_mark(form: SheetFormat, orders: list[DispatchOrder]) -> None:
    sheet = render(form, view(*orders))
    out = [n for n, _ in sheet.left_out]
    sent = list(orders)
    for number in out:
        sent.remove(next(o for o in sent if o.number == number))
    rows = sheet.rows[:-1] if form.totals and sheet.rows else sheet.rows
    assert len(rows) == sum(1 if form.grain is SheetGrain.ORDER else len(o.lines) for o in sent)
    assert all(len(r) == len(form.columns) for r in sheet.rows)
    words = str((sheet.rows, render_text(view(*orders))))
    assert "****" not in words
    assert "~密文~" not in words
    values = [c.value for c in form.columns]
    if "quantity" in values:
        at = values.index("quantity")
        assert sum(int(r[at]) for r in rows) == sum(o.pieces for o in sent)
    resent = sum((1 if form.grain is SheetGrain.ORDER else len(o.lines)) for o in sent if o.resend)
    assert sum(1 for r in rows if RESEND in str(r)) == resent
    assert sheet_form_of(sheet_document(form)) == form


@settings(max_examples=150, deadline=None)
@given(
    st.lists(
        st.lists(
            st.one_of(
                st.sampled_from(
                    [
                        "收件人",
                        "电话",
                        "地址",
                        "商品",
                        "数量",
                        "订单号",
                        "备注",
                        "李四",
                        "13800001234",
                        "浙江省杭州市西湖区1号",
                        "11.20",
                        "合计",
                    ]
                ),
                st.none(),
                st.integers(0, 99),
                st.text(max_size=6),
            ),
            max_size=8,
        ),
        max_size=8,
    )
)
def test_any_sample_is_learned_or_refused(rows: list[list[object]]) -> None:
    try:
        learned = learn_format(rows)
    except Invalid:
        return
    assert all(c.value in VALUES or not c.value for c in learned.form.columns)
    filled = [c.value for c in learned.form.columns if c.value and c.value != "blank"]
    assert len(filled) == len(set(filled))
    render(learned.form, view(order(1, CUP, TOWEL)))
