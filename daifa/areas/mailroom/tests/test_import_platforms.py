"""Each platform's export: what its columns and words become."""

# ruff: noqa: E501 - a row of an example file is as wide as the file

from __future__ import annotations

from decimal import Decimal

import pytest

from daifa.areas.mailroom.rules import parse
from daifa.areas.mailroom.tests import files
from daifa.areas.mailroom.tests.files import csv_file, douyin_row, imported, look, xlsx_file
from daifa.connectors import registry
from daifa.kit.clock import beijing
from daifa.kit.errors import Invalid
from daifa.ports.shop import OrderState, RecipientState, RefundState, WaitReason


def test_douyin_order() -> None:
    rows: list[files.Row] = [
        douyin_row("6935112233445566778", "6935112233445566779"),
        douyin_row("6935112233445566778", "6935112233445566780"),
    ]
    parsed = imported(csv_file(files.DOUYIN, rows), "家居旗舰店_抖店订单_202611201200.csv")
    (order,) = parsed.orders
    assert (order.platform, order.external_id, order.state) == ("douyin", "6935112233445566778", OrderState.PAID)
    assert (order.amount_fen, order.paid_fen, order.receivable_fen) == (420000, 417800, 419000)
    assert order.freight_fen == 0
    assert order.refunded_fen is None
    assert order.paid_at == beijing(2026, 11, 20, 10, 0, 30)
    assert order.ship_by == beijing(2026, 11, 22, 10, 0, 30)
    assert order.as_of == beijing(2026, 11, 20, 12, 0)
    assert order.recipient.state == RecipientState.MASKED
    assert order.recipient.district == "余杭区"
    assert ("车型", "保留我") in order.extra
    assert ("是否修改过地址", "是") in order.extra
    assert ("商家优惠", "店铺券-7.00") in order.extra
    first, second = order.lines
    assert (first.line_key, first.external_id) == ("6935112233445566779", "6935112233445566779")
    assert second.listing_key == "3654321098765432109|透明;3件装"
    assert (first.quantity, first.unit_price_fen, first.merchant_code) == (2, 105000, "A11-3")
    assert order.rows == (2, 3)
    assert parsed.totals.paid_fen == 417800
    assert parsed.lines == 2
    assert not order.lines_missing


@pytest.mark.parametrize(
    ("columns", "state", "waits", "refund"),
    [
        ({"订单状态": "待支付"}, OrderState.UNPAID, (), RefundState.NONE),
        ({"订单状态": "已支付"}, OrderState.PAID, (WaitReason.UNDER_REVIEW,), RefundState.NONE),
        ({"订单类型": "预售订单"}, OrderState.PAID, (WaitReason.PRESALE,), RefundState.NONE),
        ({"预约发货时间": "2026-12-01 00:00:00"}, OrderState.PAID, (WaitReason.RESERVED,), RefundState.NONE),
        ({"订单状态": "已发货", "订单类型": "预售订单"}, OrderState.SHIPPED, (), RefundState.NONE),
        ({"订单状态": "已关闭", "售后状态": "退款成功"}, OrderState.CANCELLED, (), RefundState.FULL),
        ({"售后状态": "待商家处理"}, OrderState.PAID, (), RefundState.APPLIED),
        ({"售后状态": "售后关闭"}, OrderState.PAID, (), RefundState.WITHDRAWN),
    ],
)
def test_douyin_states(
    columns: dict[str, object], state: OrderState, waits: tuple[WaitReason, ...], refund: RefundState
) -> None:
    (order,) = imported(csv_file(files.DOUYIN, [douyin_row("1" * 19, "2" * 19, **columns)]), "a.csv").orders
    assert (order.state, order.waits, order.refund) == (state, waits, refund)


def test_lines_of_an_order_roll_up() -> None:
    def state(*words: str) -> OrderState:
        rows = [douyin_row("1" * 19, f"{i}" * 19, 订单状态=word) for i, word in enumerate(words, 2)]
        return imported(csv_file(files.DOUYIN, rows), "a.csv").orders[0].state

    assert state("待发货", "已发货") == OrderState.PART_SHIPPED
    assert state("已关闭", "待发货") == OrderState.PAID
    assert state("已关闭", "已发货") == OrderState.SHIPPED
    assert state("已关闭", "已关闭") == OrderState.CANCELLED
    assert state("已发货", "已完成") == OrderState.SHIPPED


def test_an_unknown_state_is_named_and_its_order_stays_out() -> None:
    rows: list[files.Row] = [
        douyin_row("1" * 19, "2" * 19, 订单状态="待质检"),
        douyin_row("1" * 19, "3" * 19),
        douyin_row("4" * 19, "5" * 19),
    ]
    parsed = imported(csv_file(files.DOUYIN, rows), "a.csv")
    assert [o.external_id for o in parsed.orders] == ["4" * 19]
    (error,) = parsed.errors
    assert (error.row, error.column, error.value) == (2, "订单状态", "待质检")
    assert "没见过的订单状态" in error.reason
    assert parsed.held_back == ((3, 2),)


def test_pdd_order_without_recipient() -> None:
    row = {
        "商品": "玻璃杯", "订单号": "260517-607198974342268\t", "订单状态": "待发货", "商品数量(件)": 1, "是否审核中": "是",
        "承诺发货时间": "2026-05-19 10:00:00", "商品id": "500600700800", "商品规格": "红色,XL", "样式ID": "1700000000000001",
        "商家编码-规格维度": "", "商家编码-商品维度": "G1", "售后状态": "无售后或售后取消", "赠品名称": "勺子", "赠品数量": 2,
        "商品总价(元)": "1,234.00", "邮费(元)": "3", "用户实付金额(元)": "￥1,200.5", "商家实收金额(元)": "1,210.50",
        "省": "浙江省", "市": "杭州市", "区": "余杭区", "是否顺丰加价": "是", "用户购买手机号": "",
    }  # fmt: skip
    for encoding in ("utf-8-sig", "gb18030"):
        (order,) = imported(csv_file(files.PDD, [row], encoding), "orders_export.csv").orders
        assert order.recipient.state == RecipientState.ABSENT
        assert order.recipient.province == "浙江省"
        # The column 订单成交时间 is empty: the number holds the day.
        assert order.ordered_at == beijing(2026, 5, 17)
        assert order.waits == (WaitReason.UNDER_REVIEW,)
        assert order.courier_demand == "顺丰"
        assert (order.amount_fen, order.paid_fen, order.receivable_fen, order.freight_fen) == (
            123400,
            120050,
            121050,
            300,
        )
        gift, line = sorted(order.lines, key=lambda x: not x.is_gift)
        assert (gift.title, gift.quantity, gift.is_gift) == ("勺子", 2, True)
        assert (line.merchant_code, line.listing_key, line.sku_id) == ("G1", "1700000000000001", "1700000000000001")
        assert line.line_key == "500600700800|1700000000000001|1"


@pytest.mark.parametrize(
    ("word", "after", "state", "refund"),
    [
        ("未发货，退款成功", "退款成功", OrderState.PAID, RefundState.FULL),
        ("未发货，退款成功", "", OrderState.PAID, RefundState.FULL),
        ("已发货，退款成功", "退款成功", OrderState.SHIPPED, RefundState.FULL),
        ("已发货，待签收", "售后处理中", OrderState.SHIPPED, RefundState.APPLIED),
        ("已取消", "", OrderState.CANCELLED, RefundState.NONE),
        ("待发货", "商家同意退货退款，待买家发货", OrderState.PAID, RefundState.APPLIED),
    ],
)
def test_pdd_states(word: str, after: str, state: OrderState, refund: RefundState) -> None:
    row = {
        "商品": "杯",
        "订单号": "260517-1",
        "订单状态": word,
        "商品数量(件)": 1,
        "售后状态": after,
        "用户实付金额(元)": "5",
    }
    (order,) = imported(csv_file(files.PDD, [row]), "a.csv").orders
    assert (order.state, order.refund) == (state, refund)


def test_money_tells_a_full_refund_from_a_part() -> None:
    row = {"商品": "杯", "订单号": "260517-1", "订单状态": "待发货", "商品数量(件)": 2, "售后状态": "退款成功",
           "用户实付金额(元)": "5", "退款金额(元)": "2"}  # fmt: skip
    (order,) = imported(csv_file(files.PDD, [row]), "a.csv").orders
    assert (order.refund, order.refunded_fen) == (RefundState.PARTLY, 200)


TAOBAO_ROW: files.Row = {
    "订单编号": '="3473000000000001234"', "买家会员名": "t**", "买家应付货款": "34.00", "买家应付邮费": "0", "总金额": "34.00",
    "买家实际支付金额": "30.00", "订单状态": "买家已付款，等待卖家发货", "收货人姓名": "张三", "联系电话": "", "联系手机": "'13800001111",
    "收货地址": "浙江省 杭州市 余杭区 文一西路1号", "订单创建时间": "2026/8/15 9:05", "订单付款时间": "2026-08-15 09:06:00",
    "宝贝标题": "收纳箱，衣架", "宝贝种类": 2, "物流单号": "", "订单备注": "加急", "店铺名称": "家居店", "退款金额": "0.00",
    "打款商家金额": "0.00元",
}  # fmt: skip


def test_taobao_orders_and_items_are_two_files() -> None:
    parsed = imported(csv_file(files.TAOBAO, [TAOBAO_ROW], "gb18030"), "ExportOrderList202608151030.csv")
    (order,) = parsed.orders
    assert order.lines_missing
    assert order.lines == ()
    assert order.external_id == "3473000000000001234"
    assert order.ordered_at == beijing(2026, 8, 15, 9, 5)
    assert order.as_of == beijing(2026, 8, 15, 10, 30)
    assert (order.amount_fen, order.paid_fen, order.receivable_fen, order.refunded_fen) == (3400, 3000, None, 0)
    assert (order.shop_name, order.seller_memo) == ("家居店", "加急")
    assert (order.recipient.state, order.recipient.phone) == (RecipientState.PLAIN, "13800001111")
    assert (order.recipient.province, order.recipient.city, order.recipient.district) == ("浙江省", "杭州市", "余杭区")
    item = {"订单编号": '="3473000000000001234"', "标题": "收纳箱", "价格": "12.50", "购买数量": 2, "外部系统编号": "A-1",
            "商品属性": "颜色:红", "订单状态": "买家已付款,等待卖家发货"}  # fmt: skip
    items = [
        item,
        {**item, "标题": "衣架", "价格": "9", "购买数量": 1, "外部系统编号": "", "商家编码": "B-1", "商品属性": ""},
    ]
    (joined,) = imported(csv_file(files.TAOBAO_ITEMS, items, "gb18030"), "ExportOrderDetailList202608151030.csv").orders
    assert joined.external_id == order.external_id
    assert not joined.lines_missing
    assert joined.paid_fen is None
    assert sorted((x.merchant_code, x.quantity, x.amount_fen) for x in joined.lines) == [
        ("A-1", 2, 2500),
        ("B-1", 1, 900),
    ]
    assert {x.listing_key for x in joined.lines} == {"A-1", "B-1"}


def test_taobao_pays_out_late() -> None:
    rows = [TAOBAO_ROW, {**TAOBAO_ROW, "订单编号": '="2"', "订单状态": "交易成功", "打款商家金额": "29.80元"}]
    parsed = imported(csv_file(files.TAOBAO, rows, "gb18030"), "a.csv")
    assert [o.receivable_fen for o in parsed.orders] == [None, 2980]
    assert parsed.totals.receivable_fen == 2980


def test_taobao_refunds() -> None:
    row = {"订单编号": "3473000000000001234", "退款编号": "132456789012345678", "买家实际支付金额": "30", "买家退款金额": "10.00",
           "是否需要退货": "不需要退货", "退款状态": "退款成功", "退款的申请时间": "2026-08-16 08:00:00", "部分退款/全部退款": "部分退款",
           "买家退款原因": "不想要了", "退款完结时间": "2026-08-16 09:00:00"}  # fmt: skip
    again = {
        **row,
        "退款编号": "132456789012345679",
        "退款状态": "买家已经申请退款，等待卖家同意",
        "部分退款/全部退款": "",
    }
    parsed = imported(xlsx_file(files.TAOBAO_REFUNDS, [row, again]), "退款.xlsx")
    first, second = parsed.refunds
    assert (first.external_id, first.order_external_id) == ("132456789012345678", "3473000000000001234")
    assert (first.state, first.amount_fen, first.needs_return) == (RefundState.PARTLY, 1000, False)
    assert first.finished_at == beijing(2026, 8, 16, 9)
    assert second.state == RefundState.APPLIED
    assert parsed.totals.refunded_fen == 1000


def test_jd_counts_order_money_once() -> None:
    row = {"订单号": "290012345678", "商品ID": "10012345678901", "商品名称": "T恤", "订购数量": 1, "支付方式": "货到付款", "京东价": "758.00",
           "订单金额": "1097.00", "结算金额": "932.45", "应付金额": "932.45", "订单状态": "等待出库", "客户姓名": "王*", "客户地址": "江西南昌市*",
           "联系电话": "137****1772", "运费金额": "0.00", "订单完成时间": "0001-01-01 00:00:00", "下单时间": "2026-05-06 07:50:00"}  # fmt: skip
    rows = [row, {**row, "商品ID": "10012345678902", "京东价": "339.00", "货号": "H2"}]
    parsed = imported(xlsx_file(files.JD, rows), "订单明细-京东好店.xlsx")
    (order,) = parsed.orders
    assert (order.amount_fen, order.paid_fen, order.receivable_fen) == (109700, 93245, 93245)
    assert parsed.totals.amount_fen == 109700
    assert order.cash_on_delivery
    assert order.finished_at is None
    assert [x.sku_id for x in order.lines] == ["10012345678901", "10012345678902"]
    assert order.lines[1].merchant_code == "H2"
    (locked,) = imported(xlsx_file(files.JD, [{**row, "订单状态": "(锁定)等待出库"}]), "a.xlsx").orders
    assert (locked.state, locked.waits, locked.refund) == (OrderState.PAID, (WaitReason.RISK,), RefundState.APPLIED)
    (gone,) = imported(xlsx_file(files.JD, [{**row, "订单状态": "（删除）等待出库"}]), "a.xlsx").orders
    assert gone.state == OrderState.CANCELLED


def test_order_money_that_contradicts_itself_refuses_the_order() -> None:
    row = {
        "订单号": "290012345678",
        "商品ID": "1001",
        "商品名称": "T恤",
        "订购数量": 1,
        "京东价": "7",
        "应付金额": "9",
        "订单状态": "等待出库",
    }
    parsed = imported(xlsx_file(files.JD, [row, {**row, "商品ID": "1002", "应付金额": "8"}]), "a.xlsx")
    assert parsed.orders == ()
    assert parsed.errors[0].column == "应付金额"
    assert "(本行)" in parsed.errors[0].fix


def test_kuaishou_order() -> None:
    row = {"订单号": "2607602240240301", "订单状态": "待发货", "实付款": "￥12.30", "快递费": "0", "平台补贴": "1.00", "主播补贴": "0.50",
           "支付优惠": "0.20", "成交数量": 2, "商品名称": "被子", "商品ID": "21500000000001", "商品规格": "红色;XL", "SKU编码": "A11",
           "商品单价": "6.65", "预估推广佣金": "1.2", "收货人姓名": "#ML3B#0BB1W4adLHYf+1s8VI3eLeeK0Kq0kc8A=#1##", "收货地址-省": "新疆",
           "集运类型": "新疆中转", "售后状态": "", "订单支付时间": "2026-08-15 10:00:00",
           "预售/承诺发货时间": "2026-08-17 10:00:00"}  # fmt: skip
    (order,) = imported(xlsx_file(files.KUAISHOU, [row]), "快手_庆余订单_20260815.xlsx").orders
    assert (order.amount_fen, order.paid_fen, order.receivable_fen, order.commission_fen) == (1330, 1230, 1400, 120)
    assert order.consolidation == "新疆中转"
    assert order.recipient.state == RecipientState.CIPHER
    assert order.ship_by == beijing(2026, 8, 17, 10)
    # A stamp of the day alone is refined by the latest time of that day.
    assert order.as_of == beijing(2026, 8, 15, 10)


def test_1688_merged_cells() -> None:
    first: files.Row = {"订单编号": "1234567890123456789", "卖家公司名": "恒达百货", "货品总价(元)": Decimal("30.60"), "运费": 5, "实付款": "35.60",
                        "订单状态": "等待卖家发货", "货品标题": "T恤", "单价(元)": "15.80", "数量": 1, "Offer ID": "554456348334",
                        "SKU ID": "4611686018427387904"}  # fmt: skip
    second: files.Row = {
        "货品标题": "裤",
        "单价(元)": "14.80",
        "数量": 1,
        "Offer ID": "554456348335",
        "SKU ID": "4611686018427387905",
    }
    merge = [f"{c}2:{c}3" for c in "ADFGIJ"]
    parsed = imported(xlsx_file(files.ALI, [first, second], merge=merge), "1688采购单.xlsx")
    (order,) = parsed.orders
    assert (order.amount_fen, order.paid_fen, order.freight_fen) == (3060, 3560, 500)
    assert len(order.lines) == 2
    assert ("卖家公司名", "恒达百货") in order.extra
    assert parsed.totals.paid_fen == 3560


def test_douyin_and_pdd_after_sale_exports() -> None:
    header = "售后单号,订单号,商品单号,商品发货状态,售后类型,售后状态,售后申请时间,退商品金额（元）,退运费金额（元）,退款方式,售后完结时间"
    row = {"售后单号": "1422", "订单号": "6935\t", "商品单号": "6936", "售后类型": "未发货退款", "售后状态": "同意退款，退款成功",
           "退商品金额（元）": "¥89.50", "退运费金额（元）": "1.00", "售后完结时间": "2026-05-16 15:03:52"}  # fmt: skip
    parsed = imported(csv_file(header, [row, row]), "售后单-2026-05-18 00_34_04.csv")
    (refund,) = parsed.refunds
    assert (refund.platform, refund.line_external_id, refund.amount_fen) == ("douyin", "6936", 9050)
    assert (refund.state, refund.needs_return) == (RefundState.FULL, False)
    assert parsed.as_of == beijing(2026, 5, 18, 0, 34, 4)
    assert len(parsed.dropped) == 1
    pdd = csv_file(
        "售后编号,订单编号,售后状态,订单状态,退款金额",
        [{"售后编号": "88", "订单编号": "260517-1", "售后状态": "退款成功", "退款金额": "-3"}],
    )
    (other,) = imported(pdd, "a.csv").refunds
    assert (other.platform, other.amount_fen, other.state) == ("pdd", 300, RefundState.FULL)


def test_a_file_without_its_key_column_says_which() -> None:
    sheet, guess = look(csv_file("商品名称,数量,实付款,订单状态", [{"商品名称": "a"}]), "a.csv")
    with pytest.raises(Invalid):
        parse(sheet, guess, registry.profiles())
