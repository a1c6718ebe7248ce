"""Freight as price lists write it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from daifa.areas.purchasing.rules.freight import quote_freight
from daifa.areas.purchasing.rules.freight_reading import read_freight
from daifa.areas.purchasing.rules.freight_words import freight_words
from daifa.areas.purchasing.rules.quoting import Pick, quote_purchase
from daifa.areas.purchasing.tests.worlds import NOW, PLACES, demand, offer, supplier
from daifa.areas.purchasing.types import FreightTemplate, Place, PlannedPurchase, RouteSettings

KG = "首 1000 克 ¥5.00，续每 1000 克 ¥2.00"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("全国包邮", "包邮"),
        ("3元/单", "每单 ¥3.00"),
        ("每单运费 3.5 元", "每单 ¥3.50"),
        ("首件5元续件2元", "首 1 件 ¥5.00，续每 1 件 ¥2.00"),
        ("首2件5元 续1件1元", "首 2 件 ¥5.00，续每 1 件 ¥1.00"),
        ("首重5续重2", KG),
        ("首重1kg 5元，续重1kg 2元", KG),
        ("首重（1KG）5元/续重（1KG）2元", KG),
        ("首重5元/kg，续重2元/kg", KG),
        ("1kg内5元，续重每0.5kg 1元", "首 1000 克 ¥5.00，续每 500 克 ¥1.00"),
        ("满99元包邮，不满收5元", "每单 ¥5.00；满 ¥99.00 包邮"),
        ("5元；2件包邮", "每单 ¥5.00；满 2 件包邮"),
        (
            "江浙沪包邮；其他首重8元续重5元；新疆西藏 首重15元，续重10元",
            "首 1000 克 ¥8.00，续每 1000 克 ¥5.00；江浙沪 包邮；新疆、西藏 首 1000 克 ¥15.00，续每 1000 克 ¥10.00",
        ),
        ("新疆、西藏 每单 ¥15.00；其余地区不发", "新疆、西藏 每单 ¥15.00；其余地区不发"),
    ],
)
def test_freight_is_read(text: str, words: str) -> None:
    read = read_freight(text)
    assert isinstance(read, FreightTemplate), read
    assert freight_words(read) == words
    # Our own words are read back.
    again = read_freight(words)
    assert isinstance(again, FreightTemplate)
    assert set(again.zones) == set(read.zones)


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("看距离", "看距离"),
        ("满99包邮", "满99包邮"),  # and below?
        ("5元，偏远另加10元", "偏远另加10元"),
        ("包邮（新疆西藏除外）", "(新疆西藏除外)"),
        ("5元；全国8元", "5元;全国8元"),
        ("首件5元，续重2元", "续重2元"),
        ("续件2元", "续件2元"),
    ],
)
def test_what_is_not_understood_is_named(text: str, part: str) -> None:
    assert read_freight(text) == part


def test_one_parcel_pays_once_where_list_and_supplier_say_the_same() -> None:
    of = supplier(1, "恒达", freight=500)
    own = offer(11, 1, of, "3")
    listed = offer(12, 2, of, "4")
    picks = [Pick(demand(1, 1, "A"), replace(own, freight=of.freight), 1), Pick(demand(2, 2, "B"), listed, 1)]
    plan = quote_purchase(picks, place=PLACES[0], now=NOW, settings=RouteSettings())
    assert isinstance(plan, PlannedPurchase)
    assert plan.freight.fen == 500


def test_a_far_place_pays_its_own_zone() -> None:
    read = read_freight("江浙沪包邮；其他5元；新疆15元")
    assert isinstance(read, FreightTemplate)
    fees = [
        quote_freight(read, place, goods_fen=100, pieces=1, weight_g=500)
        for place in (PLACES[0], Place("广东省"), Place("新疆维吾尔自治区"))
    ]
    assert [q.fen for q in fees if q] == [0, 500, 1500]
