"""Recipients, tracking, prices, goods, archives, and what the command line prints of them."""

# ruff: noqa: E501 - a row of an example file is as wide as the file

from __future__ import annotations

import io
import zipfile

import pytest

from daifa.areas.mailroom.rules import (
    correct,
    fields_json,
    from_text,
    parse,
    paste_recipients,
    preview_json,
    recognise,
    state_of,
)
from daifa.areas.mailroom.tests import files
from daifa.areas.mailroom.tests.files import by_number, csv_file, douyin_row, imported, look
from daifa.connectors import registry
from daifa.kit.tabular import read_file
from daifa.ports.sheet import GoodsRow, ImportKind, PriceRow, RecipientRow, TrackingRow
from daifa.ports.shop import RecipientState

P = registry.profiles()


# --- the other kinds -----------------------------------------------------------------------------------------------


def test_recipients_in_four_states() -> None:
    assert state_of("", "", "") == RecipientState.ABSENT
    assert state_of("张*", "138****1234", "文一西路***") == RecipientState.MASKED
    assert state_of("~AgAAA9cqK5wk1O4mg==~Ew/jZ2uN~2~~", "", "") == RecipientState.CIPHER
    assert state_of("$7AnwZJ1e6BZc$AAAAAADkt0$2$$", "", "") == RecipientState.CIPHER
    assert state_of("张三", "18400913965-7576", "浙江省杭州市") == RecipientState.PLAIN
    assert state_of("张三", "138****1234", "浙江省杭州市") == RecipientState.MASKED


def test_recipient_file_and_pasted_block() -> None:
    parsed = imported(
        csv_file(
            "订单号,姓名,电话,地址",
            [{"订单号": "260517-1\t", "姓名": "张三", "电话": 13800001111, "地址": "浙江省杭州市1号"}],
        ),
        "a.csv",
    )
    (row,) = parsed.records
    assert isinstance(row, RecipientRow)
    assert (row.order_no, row.recipient.phone) == ("260517-1", "13800001111")
    text = (
        "260517-607198974342268 张三 13800001111 浙江省杭州市余杭区文一西路1号\n\n"
        "单号：6935112233445566778，收件人：李四，手机：13900002222，地址：江苏省 苏州市 昆山市 x路2号\n"
        "王五 13700003333 上海市浦东新区\n"
    )
    pasted = paste_recipients(text)
    first, second = (r for r in pasted.records if isinstance(r, RecipientRow))
    assert (first.order_no, first.recipient.name, first.recipient.phone) == (
        "260517-607198974342268",
        "张三",
        "13800001111",
    )
    assert first.recipient.address == "浙江省杭州市余杭区文一西路1号"
    assert (second.order_no, second.recipient.name, second.recipient.phone) == (
        "6935112233445566778",
        "李四",
        "13900002222",
    )
    assert second.recipient.address == "江苏省 苏州市 昆山市 x路2号"
    assert [e.row for e in pasted.errors] == [4]


def test_a_person_in_one_text() -> None:
    person = from_text("张三，13800001111，浙江省杭州市余杭区文一西路1号2幢")
    assert (person.name, person.phone, person.address) == ("张三", "13800001111", "浙江省杭州市余杭区文一西路1号2幢")


def test_numbers_called_just_that_beside_addresses_are_recipients_and_asked() -> None:
    person: files.Row = {"单号": "A1", "姓名": "张三", "电话": "13800001234", "地址": "浙江省杭州市西湖区文三路1号"}
    sheet, guess = look(csv_file("单号,姓名,电话,地址", [person]), "收件.csv")
    assert (guess.kind, [c.field for c in guess.asked]) == (ImportKind.RECIPIENTS, ["order_no"])
    (row,) = parse(sheet, correct(guess, {"单号": "order_no"}), P).records
    assert isinstance(row, RecipientRow)
    assert (row.order_no, row.recipient.name) == ("A1", "张三")
    for header in ("单号,姓名,电话,地址,快递公司", "订单号,单号,姓名,地址", "快递单号,姓名,电话,地址"):
        assert look(csv_file(header, [dict.fromkeys(header.split(","), "1")]), "t.csv")[1].kind == ImportKind.TRACKING


def test_supplier_returns_tracking() -> None:
    header = "采购单号,收件人,手机尾号,商品,发货数量,快递公司,快递单号"
    rows: list[files.Row] = [{"采购单号": "P1", "收件人": "张三", "手机尾号": "0138", "发货数量": 2, "快递公司": "中通", "快递单号": "73120000000001"},
            {"采购单号": "P2"}, {"采购单号": "P3", "快递单号": "7.31E+13"}]  # fmt: skip
    parsed = imported(csv_file(header, rows), "恒达回单.csv")
    (row,) = parsed.records
    assert isinstance(row, TrackingRow)
    assert (row.our_number, row.tracking_no, row.courier, row.quantity, row.phone) == (
        "P1",
        "73120000000001",
        "中通",
        2,
        "0138",
    )
    assert parsed.dropped == ((3, "还没有快递单号"),)
    assert parsed.errors[0].row == 4


@pytest.mark.parametrize("number", ["单号", "单号(P…)", "单号（P开头）"])
def test_our_numbers_under_a_bare_header_and_courier_with_number_in_one_cell(number: str) -> None:
    rows: list[files.Row] = [{"No": 1, number: "P251125-恒达-001", "快递公司/单号": "中通 73120000000001"}]
    data = csv_file(f"No,{number},快递公司/单号", rows)
    [sheet] = read_file(("恒达 11月25日 发货回单\n".encode() + data.removeprefix(b"\xef\xbb\xbf")), "回单.csv")
    [guess] = recognise([sheet], P, kind=ImportKind.TRACKING)
    assert (guess.header_row, guess.ready) == (2, True)
    (row,) = parse(sheet, guess, P).records
    assert isinstance(row, TrackingRow)
    assert (row.our_number, row.tracking_no) == ("P251125-恒达-001", "中通 73120000000001")


def test_prices_goods_and_a_blank_template() -> None:
    header = "供应商,SKU编码,起批量,供货价,运费,发货时效,不发地区,生效日期"
    rows: list[files.Row] = [{"供应商": "恒达", "SKU编码": "A1", "起批量": 10, "供货价": "3.50", "运费": "包邮", "发货时效": "2天", "不发地区": "新疆、西藏",
             "生效日期": "2026年8月1日"}, {"供应商": "恒达", "SKU编码": "A2", "供货价": ""}]  # fmt: skip
    parsed = imported(csv_file(header, rows), "报价.csv")
    (price,) = parsed.records
    assert isinstance(price, PriceRow)
    assert (price.min_qty, price.price_fen, price.freight_fen, price.lead_hours) == (10, 350, 0, 48)
    assert price.regions_not_served == ("新疆", "西藏")
    assert str(price.valid_from) == "2026-08-01"
    assert parsed.errors[0].reason == "第 3 行没有供货价"
    (goods,) = imported(
        csv_file("商家编码,商品名称,规格,成本价,重量(kg)", [{"商家编码": "A1", "成本价": "3.5", "重量(kg)": "0.35"}]),
        "g.csv",
    ).records
    assert isinstance(goods, GoodsRow)
    assert (goods.sku_code, goods.cost_fen, goods.weight_g) == ("A1", 350, 350)
    _, template = look(csv_file("订单号,快递公司,快递单号", []), "模板.csv")
    assert template.kind == ImportKind.SHIP_TEMPLATE
    for header_, kind in (
        ("型号,成本价", ImportKind.GOODS),
        ("供应商名称,联系人,电话,微信,地址", ImportKind.SUPPLIERS),
        ("店铺,商品ID,规格ID,SKU编码,数量", ImportKind.LINKS),
    ):
        row = dict.fromkeys(header_.split(","), "1")
        assert look(csv_file(header_, [row]), "a.csv")[1].kind == kind


def test_an_archive_gives_a_guess_per_file() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("a.csv", csv_file(files.DOUYIN, [douyin_row("1" * 19, "2" * 19)]))
        archive.writestr("b.csv", csv_file(files.TAOBAO_ITEMS, [{"订单编号": "1"}], "gb18030"))
    guesses = recognise(read_file(out.getvalue(), "今天.zip"), P)
    assert [(g.file, g.profile) for g in guesses] == [
        ("今天.zip/a.csv", "douyin.orders"),
        ("今天.zip/b.csv", "taobao.items"),
    ]


# --- what the command line prints ----------------------------------------------------------------------------------


def test_preview_json() -> None:
    rows: list[files.Row] = [
        douyin_row("1" * 19, "2" * 19),
        douyin_row("1" * 19, "3" * 19),
        douyin_row("4" * 19, "5" * 19, 订单状态="?"),
    ]
    sheet, guess = look(csv_file(files.DOUYIN, rows), "a.csv")
    shown = preview_json(guess, parse(sheet, guess, P))
    wanted = [
        "file",
        "kind",
        "platform",
        "sheet",
        "header_row",
        "columns",
        "orders",
        "lines",
        "new",
        "updated",
        "unchanged",
        "rejected",
        "errors",
        "totals",
    ]
    assert set(wanted) <= set(shown)
    assert (shown["kind"], shown["platform"], shown["header_row"]) == ("orders", "douyin", 1)
    assert (shown["orders"], shown["lines"], shown["rejected"], shown["new"]) == (1, 2, 1, None)
    assert shown["totals"] == {"amount_fen": 420000, "paid_fen": 417800, "receivable_fen": 419000, "refunded_fen": None}
    columns = shown["columns"]
    assert isinstance(columns, list)
    money = next(c for c in columns if c["column"] == "订单应付金额")
    assert {k: money[k] for k in ("field", "confidence", "asked", "samples")} == {
        "field": "line_payable", "confidence": 0.99, "asked": False, "samples": ["2,090.00"],
    }  # fmt: skip
    errors = shown["errors"]
    assert isinstance(errors, list)
    assert set(errors[0]) == {"row", "column", "value", "reason", "fix"}


def test_fields_json() -> None:
    shown = {f["field"]: f for f in fields_json()}
    assert shown["paid"]["label"] == "买家实付(整单)"
    assert shown["paid"]["type"] == "money"
    assert {f["field"] for f in fields_json(ImportKind.TRACKING)} < set(shown)
    assert all(f["label"] and f["meaning"] for f in shown.values())


def test_orders_by_number_is_exact() -> None:
    rows: list[files.Row] = [douyin_row(str(i) * 19, str(i) * 18) for i in range(1, 10)]
    assert set(by_number(imported(csv_file(files.DOUYIN, rows), "a.csv"))) == {str(i) * 19 for i in range(1, 10)}
