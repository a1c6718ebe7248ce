"""Freight, regions, numbers, life cycles, 合单 and documents."""

from __future__ import annotations

import random
import string
from dataclasses import replace
from datetime import date, time
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from daifa.areas.purchasing.rules import lifecycles
from daifa.areas.purchasing.rules.documents import freight_document, freight_of, tiers_document, tiers_of
from daifa.areas.purchasing.rules.freight import quote_freight
from daifa.areas.purchasing.rules.merging import MergeItem, MergeSettings, merge
from daifa.areas.purchasing.rules.numbers import check_character, find_numbers, purchase_number, short_name, spans_among
from daifa.areas.purchasing.rules.quoting import ready_by, unit_price
from daifa.areas.purchasing.rules.regions import covers
from daifa.areas.purchasing.tests.worlds import PLACES, supplier, templates, uid
from daifa.areas.purchasing.types import FreightBasis, FreightTemplate, FreightZone, Place, PriceTier
from daifa.kit.clock import beijing
from daifa.kit.errors import Invalid
from daifa.kit.states import LifeCycle

YIWU, URUMQI, TIANHE = PLACES


@pytest.mark.parametrize(
    ("region", "place", "answer"),
    [
        ("新疆", URUMQI, True),
        ("新疆维吾尔自治区", URUMQI, True),
        ("新疆", YIWU, False),
        ("江浙沪", YIWU, True),
        ("江浙沪", TIANHE, False),
        ("浙江/金华", YIWU, True),
        ("浙江省 金华市 义乌市", YIWU, True),
        ("浙江省-金华市-东阳市", YIWU, False),
        ("浙江/杭州", YIWU, False),
        ("金华", YIWU, True),
        ("义乌市", YIWU, True),
        ("天河区", TIANHE, False),  # 区 names repeat: only with their city
        ("广州/天河区", TIANHE, True),
        ("全国", TIANHE, True),
        ("全国", Place(), False),
        ("吉林", Place("吉林省", "长春市"), True),
        ("延边", Place("吉林省", "延边朝鲜族自治州"), True),
        ("内蒙古", Place("内蒙古自治区", "呼和浩特市"), True),
        ("广西", Place("广西壮族自治区", "南宁市"), True),
        ("北京", Place("北京市", "北京市", "朝阳区"), True),
        ("", YIWU, False),
    ],
)
def test_regions(region: str, place: Place, answer: bool) -> None:
    assert covers(region, place) is answer


WEIGHT = FreightTemplate(
    FreightBasis.WEIGHT,
    (
        FreightZone(260, 1000, 60, 1000, ("江浙沪",)),
        FreightZone(1400, 1000, 900, 1000, ("新疆",)),
        FreightZone(450, 1000, 300, 500),
    ),
    free_over_fen=9900,
    free_regions=("江浙沪",),
)


@pytest.mark.parametrize(
    ("place", "goods", "grams", "fen"),
    [
        (YIWU, 100, 1000, 260),
        (YIWU, 100, 1001, 320),
        (YIWU, 9900, 5000, 0),
        (URUMQI, 9900, 1500, 2300),
        (TIANHE, 100, 1400, 750),
        (TIANHE, 100, 1501, 1050),
    ],
)
def test_weight_freight(place: Place, goods: int, grams: int, fen: int) -> None:
    quote = quote_freight(WEIGHT, place, goods_fen=goods, pieces=1, weight_g=grams)
    assert quote is not None
    assert quote.fen == fen
    assert not quote.estimated


def test_freight_of_an_unknown_place_is_the_dearest_and_said_to_be_a_guess() -> None:
    quote = quote_freight(WEIGHT, Place(), goods_fen=100, pieces=1, weight_g=1500)
    assert quote is not None
    assert quote.fen == 2300
    assert quote.estimated


def test_no_zone_means_not_served_and_no_template_means_missing() -> None:
    near = FreightTemplate(zones=(FreightZone(300, regions=("浙江",)),), free_over_fen=100)
    assert quote_freight(near, TIANHE, goods_fen=999, pieces=1, weight_g=1) is None
    none = quote_freight(freight_of({}), TIANHE, goods_fen=999, pieces=1, weight_g=1)
    assert none is not None
    assert none.missing


@settings(max_examples=60)
@given(templates(), st.sampled_from(PLACES), st.integers(0, 9000), st.integers(1, 9), st.integers(1, 9000))
def test_more_weight_or_pieces_never_cost_less_freight(
    template: FreightTemplate, place: Place, goods: int, pieces: int, grams: int
) -> None:
    bare = FreightTemplate(template.basis, template.zones)
    one = quote_freight(bare, place, goods_fen=goods, pieces=pieces, weight_g=grams)
    two = quote_freight(bare, place, goods_fen=goods, pieces=pieces + 1, weight_g=grams + 700)
    assert (one is None) == (two is None)
    if one is not None and two is not None:
        assert 0 <= one.fen <= two.fen


@settings(max_examples=60)
@given(templates())
def test_a_freight_template_survives_its_document(template: FreightTemplate) -> None:
    assert freight_of(freight_document(template)) == template


def test_tiers() -> None:
    tiers = tiers_of([{"min": 10, "price": "2.505"}, {"min": 1, "price": "3"}])
    assert [t.min_quantity for t in tiers] == [1, 10]
    assert tiers_of(tiers_document(tiers)) == tiers
    assert unit_price(tiers, 9) == 3
    assert unit_price(tiers, 10) == Decimal("2.505")
    assert unit_price((PriceTier(5, Decimal(1)),), 2) == 1


@pytest.mark.parametrize(
    "bad",
    [
        [],
        "12",
        [{"min": 0, "price": "1"}],
        [{"min": 1, "price": "元"}],
        [{"price": -1}],
        [{"price": 1.5}],
        [{"price": "NaN"}],
        [1],
    ],
)
def test_a_price_list_that_cannot_be_read_is_refused(bad: object) -> None:
    with pytest.raises(Invalid):
        tiers_of(bad)


def test_the_cut_off_moves_the_start_to_next_morning() -> None:
    of = replace(supplier(1, "恒达"), cutoff=time(16))
    assert ready_by(of, 24, beijing(2025, 11, 20, 15)) == beijing(2025, 11, 21, 15)
    assert ready_by(of, 24, beijing(2025, 11, 20, 17)) == beijing(2025, 11, 22, 0)


@pytest.mark.parametrize("cycle", lifecycles.ALL, ids=lambda c: c.name)
def test_life_cycles_are_whole(cycle: LifeCycle) -> None:
    assert cycle.problems() == []


def test_what_the_issue_says_of_the_purchase() -> None:
    purchase = lifecycles.PURCHASE
    assert purchase.allows("sent", "shipped")
    assert not purchase.allows("cancelled", "sent")
    assert not purchase.allows("closed", "sent")
    assert not purchase.allows("draft", "shipped")
    assert not purchase.allows("sent", "cancelled")


@pytest.mark.parametrize(
    ("lines", "state"),
    [
        (["open", "open"], "sent"),
        (["accepted", "accepted"], "accepted"),
        (["accepted", "open"], "sent"),
        (["accepted", "refused"], "accepted"),
        (["refused", "out_of_stock"], "refused"),
        (["shipped", "open"], "part_shipped"),
        (["shipped", "refused"], "shipped"),
        (["recalled"], "recalled"),
        (["cancelled"], "cancelled"),
    ],
)
def test_the_purchase_follows_its_lines(lines: list[str], state: str) -> None:
    assert lifecycles.purchase_state_of(lines, sent=True) == state


def test_numbers_are_found_again_however_they_are_typed() -> None:
    number = purchase_number(date(2025, 11, 25), "恒达", "HD", 3)
    assert number.shown == "P251125-恒达-003"
    assert number.ascii.startswith("P251125-HD-003-")
    typed = [
        number.shown,
        "ｐ２５１１２５－恒达－００３",
        "p251125—恒达—003",
        "单号P251125恒达003，圆通YT1000000000097",
        "P251125 恒达 003",
    ]
    assert [find_numbers(t) for t in typed] == [[number.shown]] * len(typed)
    assert find_numbers(f"参考号 {number.ascii.lower()}。") == [number.ascii]
    assert (
        find_numbers("1" + number.shown)
        == find_numbers("XP251125-HD-003-A")
        == find_numbers("P2511257-恒达-0031234567")
        == []
    )


@settings(max_examples=80)
@given(st.integers(1, 9999), st.text(string.ascii_uppercase, min_size=1, max_size=4), st.randoms(use_true_random=False))
def test_a_mistyped_digit_or_two_swapped_ones_are_noticed(counter: int, code: str, dice: random.Random) -> None:
    number = purchase_number(date(2025, 11, 25), "恒达", code, counter).ascii
    assert find_numbers(number) == [number]
    digits = [at for at, c in enumerate(number[:-1]) if c.isdigit()]
    at = dice.choice(digits)
    wrong = number[:at] + dice.choice([d for d in string.digits if d != number[at]]) + number[at + 1 :]
    assert find_numbers(wrong) == []
    near = [a for a in digits if a + 1 in digits and number[a] != number[a + 1]]
    if near:
        at = dice.choice(near)
        assert find_numbers(number[:at] + number[at + 1] + number[at] + number[at + 2 :]) == []


def test_numbers_refuse_what_cannot_be_read_out() -> None:
    for short, code, counter in [
        ("恒达", "恒", 1),
        ("恒达", "HD", 0),
        ("", "HD", 1),
        ("恒-达", "HD", 1),
        ("恒达", "TOOLONGCODE", 1),
    ]:
        with pytest.raises(ValueError, match="no number"):
            purchase_number(date(2025, 1, 1), short, code, counter)
    assert check_character("P251125-HD-003") == check_character("p251125hd003")


@pytest.mark.parametrize(
    ("name", "short"),
    [
        ("义乌市恒达百货有限公司", "恒达"),
        ("恒达百货", "恒达"),
        ("义乌优选", "优选"),
        ("顺丰家居（总厂）", "顺丰"),
        ("公司", "公司"),
        ("广州 美居 家居", "美居"),
    ],
)
def test_short_names(name: str, short: str) -> None:
    assert short_name(name) == short


def item(n: int, **more: object) -> MergeItem:
    base: dict[str, object] = {"shop_id": uid(1), "supplier_id": uid(2), "recipient_key": "k", "pieces": 2}
    return MergeItem(order_id=uid(n), number=f"D{n}", **(base | more))  # type: ignore[arg-type]


def test_orders_of_one_recipient_are_joined_only_when_nothing_differs() -> None:
    on = MergeSettings(on=True, max_pieces=5)
    assert [g.order_ids for g in merge([item(2), item(1)], on)] == [(uid(1), uid(2))]
    assert "合单：2 单同一店铺同一收件人（D1、D2）" in merge([item(2), item(1)], on)[0].reason
    assert len(merge([item(2), item(1)], MergeSettings())) == 2
    assert len(merge([item(1), item(2), item(3)], on)) == 2  # the box is full
    for other in (
        {"recipient_key": "x"},
        {"shop_id": uid(9)},
        {"supplier_id": uid(9)},
        {"handover": True},
        {"courier_demand": "顺丰"},
    ):
        assert len(merge([item(1), item(2, **other)], on)) == 2
    assert len(merge([item(1, recipient_key=""), item(2, recipient_key="")], on)) == 2


@settings(max_examples=50)
@given(
    st.lists(
        st.tuples(st.integers(1, 2), st.integers(1, 2), st.sampled_from(["", "a", "b"]), st.booleans()), max_size=8
    ),
    st.randoms(use_true_random=False),
)
def test_every_order_is_in_one_group_whatever_the_input_order(
    drawn: list[tuple[int, int, str, bool]], dice: random.Random
) -> None:
    items = [
        item(n, shop_id=uid(shop), supplier_id=uid(of), recipient_key=key, handover=by_number)
        for n, (shop, of, key, by_number) in enumerate(drawn)
    ]
    groups = merge(items, MergeSettings(on=True, max_pieces=4))
    assert sorted(i for g in groups for i in g.order_ids) == sorted(i.order_id for i in items)
    dice.shuffle(items)
    assert merge(items, MergeSettings(on=True, max_pieces=4)) == groups


def test_what_people_say_of_a_number_is_found_while_only_one_has_it() -> None:
    spans = spans_among(["P251125-恒达-002", "P251125-恒达-003", "P251124-恒达-003", "P251125-美佳-010"])

    def said(text: str) -> list[str]:
        return [n for _, _, n in spans(text)]

    assert said("恒达-002 韵达 4312345678901") == ["P251125-恒达-002"]
    assert said("恒达002韵达4312345678901，美佳 - 10 中通") == ["P251125-恒达-002", "P251125-美佳-010"]
    assert said("恒达-003 中通") == []  # two days have it
    assert said("P251124-恒达-003 中通") == ["P251124-恒达-003"]
    assert said("P251124-恒达-002 中通") == ["P251124-恒达-002"]  # written out is no short form
    assert said("恒达 002件，恒达 2 箱，恒达4312345678901") == []
