"""A person's correction becomes a template, and a template lives as long as its columns do."""

from __future__ import annotations

from daifa.areas.mailroom.rules import (
    correct,
    fingerprint,
    near_template,
    parse,
    template_of,
    use_template,
)
from daifa.areas.mailroom.tests import files
from daifa.areas.mailroom.tests.files import csv_file, look
from daifa.connectors import registry
from daifa.ports.sheet import ImportKind

P = registry.profiles()


def test_a_correction_is_certain_and_becomes_a_template() -> None:
    header = "单号,商品,件数,总价,状态,下单时间"
    data = csv_file(header, [{"单号": "A1", "商品": "杯", "件数": 1, "总价": "3.5", "状态": "待发货"}])
    sheet, guess = look(data, "a.csv")
    mended = correct(guess, {"单号": "order_no", "总价": "paid", 4: "state"})
    assert mended.ready
    assert parse(sheet, mended, P).orders[0].paid_fen == 350
    template = template_of(mended, "老王的表")
    other_order = csv_file(
        "下单时间,状态,总价,商品,件数,单号", [{"单号": "A2", "商品": "盘", "件数": 1, "总价": "4", "状态": "已发货"}]
    )
    sheet2, guess2 = look(other_order, "b.csv")
    assert fingerprint(guess2) == template["fingerprint"]
    known = use_template(guess2, template)
    assert (known.template, known.ready) == ("老王的表", True)
    assert parse(sheet2, known, P).orders[0].paid_fen == 400
    assert near_template(look(csv_file("甲,乙,订单号", []), "c.csv")[1], [template]) is None


def test_a_template_goes_on_when_the_platform_adds_a_column_and_not_when_one_is_gone() -> None:
    row: files.Row = {
        "交易编号": "A1",
        "宝贝名": "杯",
        "数目": 2,
        "钱": "3.5",
        "手机号": "15412345678",
        "地址": "浙江省宁波市",
    }
    names = list(row)
    _, guess = look(csv_file(",".join(names), [row]), "a.csv", kind=ImportKind.ORDERS)
    mended = correct(guess, {"宝贝名": "title", "数目": "quantity", "钱": "paid"})
    template = template_of(mended, "老王的表")
    more = csv_file(",".join([*names, "件数"]), [{**row, "件数": 9}])
    sheet, guess = look(more, "b.csv", kind=ImportKind.ORDERS)
    assert near_template(guess, [template]) is template
    known = use_template(guess, template)
    # The new column looks like a quantity too: a person said which one is.
    assert [c.field for c in known.columns] == [
        "order_no",
        "title",
        "quantity",
        "paid",
        "recipient_phone",
        "address",
        None,
    ]
    assert known.notes[0] == "按模板“老王的表”读；比它多出的列请看一眼：件数"
    [order] = parse(sheet, known, P).orders
    assert (order.paid_fen, order.lines[0].quantity) == (350, 2)
    gone = csv_file(",".join(n for n in names if n != "钱"), [row])
    assert near_template(look(gone, "c.csv")[1], [template]) is None
    many = csv_file(",".join([*names, "甲", "乙", "丙"]), [row])
    assert near_template(look(many, "d.csv")[1], [template]) is None


def test_what_is_lacking_is_said_only_until_a_person_names_the_column() -> None:
    row: files.Row = {"订单号": "A1", "商品名称": "杯", "数目": 2, "进展": "待发货"}
    _, guess = look(csv_file("订单号,商品名称,数目,进展", [row]), "a.csv")
    lacking = ("没有订单状态列：全部按“已付款、待发货”处理", "没有数量列：每行按 1 件算")
    assert guess.notes == lacking
    mended = correct(guess, {"数目": "quantity", "进展": "state"})
    assert mended.notes == ()
    assert use_template(guess, template_of(mended, "老王的表")).notes == ()
    assert correct(guess, {"数目": "quantity"}).notes == lacking[:1]
    assert "缺少“订单号”列" in correct(guess, {"订单号": None}).notes
