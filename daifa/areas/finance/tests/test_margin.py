"""Margins: parts add up to the fen, and what is not known is never zero."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from daifa.areas.finance.rules import RateTable, line_margins, margin_of, rate_problems
from daifa.areas.finance.types import LineMoney, MarginFacts, Rate, RateKind, RefundFact
from daifa.flows import terms

DAY = date(2025, 11, 20)
BUILT_IN = terms.rates()
RATES = RateTable(BUILT_IN)
SHOP = UUID(int=7)
LINE = LineMoney("a", 2, cost_fen=2_000, cost_source="采购单")
ORDER = MarginFacts("pdd", DAY, (LINE,), receivable_fen=5_000, freight_fen=300, freight_source="运费模板")


def said(facts: MarginFacts, rates: RateTable = RATES) -> dict[str, int | None]:
    return {s.key: s.fen for s in margin_of(facts, rates).steps}


def test_a_plain_order_is_a_waterfall() -> None:
    found = margin_of(ORDER, RATES)
    assert [(s.label, s.fen) for s in found.steps] == [
        ("商家实收", 5_000),
        ("退款", 0),
        ("采购成本", -2_000),
        ("供应商运费", -300),
        ("平台服务费", -30),
        ("达人/团长佣金", 0),
        ("运费险", 0),
    ]
    assert (found.fen, found.percent, found.missing) == (2_670, Decimal("53.4"), ())
    assert found.estimated, "the platform's fee is by rate"
    assert found.steps[4].source.startswith("估：")


def test_what_the_file_says_comes_before_rates() -> None:
    facts = replace(ORDER, platform_fee_fen=25, commission_fen=700, insurance_fen=40)
    found = margin_of(facts, RATES)
    assert [s.fen for s in found.steps[4:]] == [-25, -700, -40]
    assert not found.estimated


@pytest.mark.parametrize(
    ("facts", "missing"),
    [
        (replace(ORDER, receivable_fen=None), "商家实收：文件里没有商家实收，也没有买家实付"),
        (replace(ORDER, lines=(replace(LINE, cost_fen=None, cost_source="没有报价"),)), "采购成本：没有报价"),
        (replace(ORDER, lines=()), "采购成本：还没有商品明细"),
        (replace(ORDER, freight_fen=None, freight_source=""), "供应商运费：没有供应商运费"),
        (replace(ORDER, platform="someone"), "平台服务费：文件里没有，也没有设置费率"),
        (replace(ORDER, promoted=True), "达人/团长佣金：有达人带货，但没有写佣金多少，也没有设置费率"),
        (replace(ORDER, refund=RefundFact.PARTLY), "退款：有部分退款，但不知道金额"),
    ],
)
def test_a_missing_part_is_missing_and_named(facts: MarginFacts, missing: str) -> None:
    found = margin_of(facts, RATES)
    assert found.fen is None
    assert found.percent is None
    assert missing in found.missing


def test_paid_stands_for_receivable_as_an_estimate() -> None:
    found = margin_of(replace(ORDER, receivable_fen=None, paid_fen=4_800), RATES)
    assert found.steps[0].fen == 4_800
    assert found.steps[0].estimated


def test_a_full_refund_takes_the_platforms_part_back_and_leaves_the_cost() -> None:
    found = said(replace(ORDER, refund=RefundFact.FULL, refunded_fen=4_500))
    assert (found["receivable"], found["refund"], found["platform_fee"]) == (5_000, -5_000, 0)
    assert margin_of(replace(ORDER, refund=RefundFact.FULL), RATES).fen == -2_300


def test_a_cancelled_order_keeps_nothing_unless_a_part_is_said_to_have_gone_back() -> None:
    given_up = (replace(LINE, needed=False, cost_fen=None),)
    facts = replace(ORDER, refund=RefundFact.CANCELLED, lines=given_up, freight_fen=None, commission_fen=300)
    found = margin_of(facts, RATES)
    assert found.fen == 0
    assert found.steps[1] == ("refund", "退款", -5_000, True, "估：订单已取消，文件没有退款金额，按全额退回")
    assert said(replace(facts, refunded_fen=4_000))["refund"] == -4_000
    assert margin_of(replace(facts, receivable_fen=None), RATES).fen is None


def test_an_order_given_up_before_purchase_costs_nothing() -> None:
    facts = replace(
        ORDER, refund=RefundFact.FULL, lines=(replace(LINE, needed=False, cost_fen=None),), freight_fen=None
    )
    assert margin_of(facts, RATES).fen == 0


def test_no_ship_lines_carry_neither_cost_nor_freight() -> None:
    extra = LineMoney("b", 9, receivable_fen=1_000, needed=False)
    facts = replace(ORDER, lines=(replace(LINE, receivable_fen=4_000), extra))
    goods, difference = line_margins(facts, margin_of(facts, RATES))
    assert difference.parts[2:4] == (0, 0)
    assert goods.parts[2:4] == (-2_000, -300)


def test_own_rates_come_first_then_shop_then_category_and_only_in_their_time() -> None:
    own = [
        Rate(RateKind.PLATFORM_FEE, "pdd", percent=Decimal(1), own=True),
        Rate(RateKind.PLATFORM_FEE, "pdd", SHOP, percent=Decimal(2), own=True),
        Rate(RateKind.PLATFORM_FEE, "pdd", SHOP, "家居", percent=Decimal(3), own=True),
        Rate(RateKind.PLATFORM_FEE, "pdd", SHOP, "家居", percent=Decimal(4), valid_from=date(2026, 1, 1), own=True),
        Rate(RateKind.INSURANCE, "", fixed_fen=50, own=True),
        Rate(RateKind.COMMISSION, "pdd", percent=Decimal(10), valid_to=date(2025, 11, 19), own=True),
    ]
    table = RateTable([*BUILT_IN, *own])
    assert said(ORDER, table)["platform_fee"] == -50
    assert said(ORDER, table)["insurance"] == -50
    assert said(ORDER, table)["commission"] == 0
    in_shop = replace(ORDER, shop_id=SHOP)
    assert said(in_shop, table)["platform_fee"] == -100
    home = replace(in_shop, lines=(replace(LINE, category="家居"),))
    assert said(home, table)["platform_fee"] == -150
    assert said(replace(home, day=date(2026, 1, 1)), table)["platform_fee"] == -200


def test_lines_of_several_categories_pay_their_own_rates() -> None:
    table = RateTable(
        [
            Rate(RateKind.PLATFORM_FEE, "jd", category="家居", percent=Decimal(10), own=True),
            Rate(RateKind.PLATFORM_FEE, "jd", percent=Decimal(5), own=True),
        ]
    )
    lines = (
        replace(LINE, receivable_fen=3_000, category="家居"),
        replace(LINE, key="b", receivable_fen=2_000, category="食品"),
    )
    assert said(replace(ORDER, platform="jd", lines=lines), table)["platform_fee"] == -400


MONEY = st.one_of(st.none(), st.integers(0, 10**7))
LINES = st.lists(
    st.builds(
        LineMoney,
        key=st.integers(),
        quantity=st.integers(1, 99),
        amount_fen=MONEY,
        paid_fen=MONEY,
        receivable_fen=MONEY,
        refunded_fen=MONEY,
        cost_fen=MONEY,
        needed=st.booleans(),
        category=st.sampled_from(["", "家居"]),
    ),
    max_size=6,
).map(tuple)
FACTS = st.builds(
    MarginFacts,
    platform=st.sampled_from(["pdd", "douyin", "generic", "someone"]),
    day=st.just(DAY),
    lines=LINES,
    paid_fen=MONEY,
    receivable_fen=MONEY,
    refunded_fen=MONEY,
    refund=st.sampled_from(RefundFact),
    platform_fee_fen=MONEY,
    commission_fen=MONEY,
    insurance_fen=MONEY,
    promoted=st.one_of(st.none(), st.booleans()),
    freight_fen=MONEY,
)


@settings(max_examples=300)
@given(FACTS)
def test_parts_add_up_and_missing_is_said_exactly_when_something_is(facts: MarginFacts) -> None:
    found = margin_of(facts, RATES)
    assert (found.fen is None) == bool(found.missing) == any(s.fen is None for s in found.steps)
    if found.fen is not None:
        assert found.fen == sum(s.fen for s in found.steps if s.fen is not None)
    lines = line_margins(facts, found)
    assert [x.key for x in lines] == [x.key for x in facts.lines]
    for n, step in enumerate(found.steps):
        parts = [x.parts[n] for x in lines]
        if step.fen is not None and lines:
            assert sum(p for p in parts if p is not None) == step.fen, step.key
            assert None not in parts
    if found.fen is not None and lines:
        assert sum(x.fen for x in lines if x.fen is not None) == found.fen


@given(FACTS)
def test_every_missing_step_has_a_reason(facts: MarginFacts) -> None:
    for step in margin_of(facts, RATES).steps:
        assert step.source or step.fen is not None


def test_built_in_rates_are_sound_and_sourced() -> None:
    for rate in BUILT_IN:
        assert rate_problems(rate) == ()
        assert rate.source
    assert rate_problems(Rate(RateKind.INSURANCE)) == ("比例和每单固定金额至少写一个。",)
    assert len(rate_problems(Rate(RateKind.INSURANCE, percent=Decimal(101), fixed_fen=-1))) == 2
