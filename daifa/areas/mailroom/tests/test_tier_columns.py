"""Price lists whose quantity tiers are columns: read where the header says exactly from how many, else asked."""

from __future__ import annotations

import pytest

from daifa.areas.mailroom.rules import correct, parse
from daifa.areas.mailroom.rules.tier_headers import maybe_tier, tier_from
from daifa.areas.mailroom.tests import files
from daifa.areas.mailroom.tests.files import csv_file, imported, look
from daifa.connectors import registry
from daifa.kit.errors import Invalid
from daifa.ports.sheet import GoodsRow, ImportKind, LinkRow, PriceRow

P = registry.profiles()
TIERS = "供应商,SKU编码,代发价,10件以上单价,≥50件"


@pytest.mark.parametrize(
    ("header", "n"),
    [
        ("10件以上单价", 10),
        ("≥10件", 10),
        (">=10件", 10),
        ("10-49件价", 10),
        ("10件-49件", 10),
        ("１０～４９件单价（元）", 10),
        ("50件起", 50),
        ("满10件单价", 10),
        ("100件及以上批发价", 100),
        ("批发价（10件以上）", 10),
        ("10件起批价(元/件)", 10),
        ("20个以上", 20),
        ("100件+", 100),
        ("1-9件", 1),
    ],
)
def test_a_header_that_says_from_how_many_pieces_is_read(header: str, n: int) -> None:
    assert tier_from(header) == n
    assert maybe_tier(header)


@pytest.mark.parametrize(
    "header",
    [
        "10件价",  # of one, or of ten
        "10件总价",
        "10件以上合计",
        "10箱以上单价",  # a box is no piece
        "10件装价格",
        "10-49",
        "6-18价",  # perhaps a day
        "10件以上9折",
        "10件以下单价",
        ">10件",
        "十件以上单价",
        "10件以上售价",
        "整箱价",
        "阶梯价",
        "0件以上",
    ],
)
def test_what_only_looks_like_a_price_by_quantity_is_never_read(header: str) -> None:
    assert tier_from(header) is None
    if header != "6-18价":
        assert maybe_tier(header)


@pytest.mark.parametrize(
    "header", ["零售价", "商品名称", "箱规(10件/箱)", "10件以上运费", "满10件包邮", "3件套规格", "生效日期"]
)
def test_other_columns_are_no_tiers(header: str) -> None:
    assert tier_from(header) is None
    assert not maybe_tier(header)


def test_tiers_as_columns_become_the_tiers_of_the_row() -> None:
    rows: list[files.Row] = [
        {"供应商": "恒达", "SKU编码": "A1", "代发价": "5", "10件以上单价": "4.5", "≥50件": "4.20"},
        {"供应商": "恒达", "SKU编码": "A2", "代发价": "5", "≥50件": "4"},
        {"供应商": "恒达", "SKU编码": "A3", "10件以上单价": "4.5"},
    ]
    _, guess = look(csv_file(TIERS, rows), "报价.csv")
    assert (guess.kind, guess.verdict) == (ImportKind.PRICES, "可直接导入")
    found = [r for r in imported(csv_file(TIERS, rows), "报价.csv").records if isinstance(r, PriceRow)]
    assert [(r.min_qty, r.price_fen, r.tiers, r.extra) for r in found] == [
        (1, 500, ((10, 450), (50, 420)), ()),
        (1, 500, ((50, 400),), ()),
        (10, 450, (), ()),
    ]


def test_a_row_whose_tiers_contradict_each_other_or_are_totals_is_refused() -> None:
    header = "供应商,SKU编码,供货价,起批量,1-9件价,10件起"
    rows: list[files.Row] = [
        {"供应商": "恒达", "SKU编码": "A1", "供货价": "5", "1-9件价": "4.8"},
        {"供应商": "恒达", "SKU编码": "A2", "供货价": "5", "10件起": "45"},
        {"供应商": "恒达", "SKU编码": "A3", "供货价": "5", "起批量": 20, "10件起": "4.5"},
        {"供应商": "恒达", "SKU编码": "A4", "供货价": "5", "起批量": 2, "1-9件价": "5", "10件起": "4.5"},
        {"供应商": "恒达", "SKU编码": "A5"},
    ]
    parsed = imported(csv_file(header, rows), "报价.csv")
    assert [(r.sku_code, r.min_qty, r.tiers) for r in parsed.records if isinstance(r, PriceRow)] == [
        ("A4", 2, ((10, 450),))
    ]
    assert [(e.row, e.column) for e in parsed.errors] == [(2, "1-9件价"), (3, "10件起"), (4, "10件起"), (6, "供货价")]
    assert "像是总价" in parsed.errors[1].reason


def test_an_unreadable_tier_is_asked_and_a_person_cannot_call_it_one() -> None:
    rows: list[files.Row] = [{"供应商": "恒达", "SKU编码": "A1", "供货价": "5", "10箱以上单价": "4.5"}]
    sheet, guess = look(csv_file("供应商,SKU编码,供货价,10箱以上单价", rows), "报价.csv")
    assert guess.verdict == "请确认 1 列"
    assert "看不出从几件起" in guess.columns[3].why
    with pytest.raises(Invalid, match="看不出从几件起"):
        correct(guess, {"10箱以上单价": "tier_price"})
    (price,) = parse(sheet, correct(guess, {"10箱以上单价": None}), P).records
    assert isinstance(price, PriceRow)
    assert (price.price_fen, price.tiers) == (500, ())


def test_our_own_cost_beside_tiers_stays_a_file_of_goods() -> None:
    rows: list[files.Row] = [{"SKU编码": "A1", "商品名称": "盒", "成本价": "5", "10件以上单价": "4.5"}]
    _, guess = look(csv_file("SKU编码,商品名称,成本价,10件以上单价", rows), "g.csv")
    assert (guess.kind, guess.verdict) == (ImportKind.GOODS, "可直接导入")
    # Nobody is named whose tiers they would be.
    assert (guess.columns[3].field, "没有供应商列" in guess.columns[3].why) == (None, True)
    (found,) = imported(csv_file("SKU编码,商品名称,成本价,10件以上单价", rows), "g.csv").records
    assert isinstance(found, GoodsRow)
    assert (found.cost_fen, found.tiers, found.extra) == (500, (), (("10件以上单价", "4.5"),))


def test_tiers_beside_our_goods_are_the_prices_of_the_supplier_of_the_row() -> None:
    header = "SKU编码,商品名称,成本价,供应商,10件以上单价,≥50件"
    rows: list[files.Row] = [
        {"SKU编码": "A1", "成本价": "5", "供应商": "恒达", "10件以上单价": "4.5", "≥50件": "4.2"},
        {"SKU编码": "A2", "成本价": "5", "供应商": "恒达"},
        {"SKU编码": "A3", "成本价": "5", "10件以上单价": "4.5"},
        {"SKU编码": "A4", "成本价": "5", "供应商": "恒达", "10件以上单价": "45"},
        {"SKU编码": "A5", "供应商": "恒达", "10件以上单价": "4.5"},
    ]
    parsed = imported(csv_file(header, rows), "g.csv")
    assert [(r.sku_code, r.cost_fen, r.tiers) for r in parsed.records if isinstance(r, GoodsRow)] == [
        ("A1", 500, ((1, 500), (10, 450), (50, 420))),
        ("A2", 500, ()),
        ("A5", None, ((10, 450),)),
    ]
    assert [(e.row, e.column, e.fix) for e in parsed.errors] == [
        (4, "10件以上单价", "补上供应商名称，或清空这一格，再导入这一行。"),
        (5, "10件以上单价", "请改成一件的单价后重新导入这一行。"),
    ]


def test_a_price_by_quantity_beside_our_selling_price_is_asked() -> None:
    rows: list[files.Row] = [{"SKU编码": "A1", "商品名称": "盒", "售价": "9", "供应商": "恒达", "10件以上单价": "8"}]
    _, guess = look(csv_file("SKU编码,商品名称,成本价,售价,供应商,10件以上单价", rows), "g.csv")
    assert (guess.verdict, guess.columns[5].asked) == ("请确认 1 列", True)


def test_tiers_of_a_supply_link_belong_to_its_supplier_and_a_listing_has_none() -> None:
    header = "供应商,SKU编码,店铺,规格ID,供货价,10件以上单价"
    rows: list[files.Row] = [
        {"供应商": "恒达", "SKU编码": "A1", "供货价": "5", "10件以上单价": "4.5"},
        {"供应商": "恒达", "SKU编码": "A2", "10件以上单价": "4.5"},
        {"供应商": "恒达", "SKU编码": "A3", "供货价": "5", "10件以上单价": "6"},
        {"SKU编码": "A1", "店铺": "家居", "规格ID": "77", "10件以上单价": "4.5"},
    ]
    sheet, guess = look(csv_file(header, rows), "货源.csv", kind=ImportKind.LINKS)
    parsed = parse(sheet, guess, P)
    assert [(r.sku_code, r.min_qty, r.price_fen, r.tiers) for r in parsed.records if isinstance(r, LinkRow)] == [
        ("A1", 1, 500, ((10, 450),)),
        ("A2", 10, 450, ()),
        ("A1", 1, None, ()),
    ]
    assert [(e.row, e.column) for e in parsed.errors] == [(4, "10件以上单价")]


def test_a_person_may_give_the_tiers_to_several_columns() -> None:
    rows: list[files.Row] = [{"供应商": "恒达", "SKU编码": "A1", "成本价": "5", "10件以上单价": "4.5", "≥50件": "4"}]
    _, guess = look(csv_file("供应商,SKU编码,成本价,10件以上单价,≥50件", rows), "g.csv")
    chosen = correct(guess, {"10件以上单价": "tier_price", "≥50件": "tier_price"})
    assert [c.field for c in chosen.columns][3:] == ["tier_price", "tier_price"]
