"""The clock: deadlines, penalties and the risk that lists sort by."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from daifa.areas.compliance.platform_rules import from_definition, to_definition
from daifa.areas.compliance.rules import (
    due_by,
    loss_if_missed,
    penalty_of,
    risk,
    rule_book,
    rule_on,
    rule_problems,
    span,
    with_overrides,
)
from daifa.areas.compliance.types import (
    DeadlineFacts,
    Exemption,
    Loss,
    LossFacts,
    PlatformRule,
    RiskLevel,
)
from daifa.flows import terms
from daifa.kit.clock import beijing
from daifa.ports.terms import Band, RuleKind

BUILT_IN = terms.rules()
PAID = beijing(2025, 11, 20, 10)
BOOK = rule_book(BUILT_IN)
MOMENTS = st.datetimes(
    datetime(2025, 11, 1), datetime(2025, 12, 1), timezones=st.just(UTC)
)  # bounds are naive by contract


def test_the_files_own_moment_comes_first() -> None:
    promised = beijing(2025, 11, 21, 18)
    found = due_by(DeadlineFacts("pdd", PAID, ship_by=promised), BOOK)
    assert found.due_by == promised
    assert found.source == "平台给的承诺发货时间"
    assert not found.estimated
    assert not found.rule_key


def test_without_it_the_platforms_window_counts_from_payment() -> None:
    found = due_by(DeadlineFacts("pdd", PAID), BOOK)
    assert found.due_by == beijing(2025, 11, 22, 10)
    assert found.rule_key == "pdd.late_ship"
    assert found.source == "付款后 48 小时（平台规则，未核实）"
    assert found.estimated


def test_cash_on_delivery_counts_from_the_order() -> None:
    found = due_by(DeadlineFacts("jd", ordered_at=PAID, cash_on_delivery=True), BOOK)
    assert found.due_by == PAID + timedelta(hours=48)
    assert "货到付款" in found.source


def test_an_unpaid_order_and_a_platform_without_rule_have_no_deadline() -> None:
    assert due_by(DeadlineFacts("pdd", ordered_at=PAID), BOOK).due_by is None
    nothing = due_by(DeadlineFacts("generic", PAID), BOOK)
    assert nothing.due_by is None
    assert "没有这个平台的发货时限规则" in nothing.source


def test_the_shops_own_window_comes_before_the_platforms() -> None:
    found = due_by(DeadlineFacts("pdd", PAID, shop_hours=24), BOOK)
    assert found.due_by == PAID + timedelta(hours=24)
    assert not found.estimated


def test_presale_counts_from_the_agreed_day() -> None:
    agreed = beijing(2025, 11, 25)
    found = due_by(DeadlineFacts("douyin", PAID, ship_not_before=agreed), BOOK)
    assert found.due_by == beijing(2025, 11, 27)
    assert "从约定的 11-25 00:00 起" in found.source


def test_an_agreed_day_after_the_files_moment_is_the_deadline() -> None:
    facts = DeadlineFacts("douyin", PAID, ship_by=beijing(2025, 11, 21), ship_not_before=beijing(2025, 11, 25, 9))
    assert due_by(facts, BOOK).due_by == beijing(2025, 11, 25, 23, 59, 59)


def test_the_window_stands_still_during_an_exemption_of_its_province() -> None:
    storm = Exemption(beijing(2025, 11, 21), beijing(2025, 11, 22), "暴雪", "pdd", "黑龙江省")
    book = rule_book(BUILT_IN, [storm])
    hit = due_by(DeadlineFacts("pdd", PAID, province="黑龙江省"), book)
    assert hit.due_by == beijing(2025, 11, 23, 10)
    assert "暴雪" in hit.source
    for other in (DeadlineFacts("pdd", PAID, province="广东省"), DeadlineFacts("jd", PAID, province="黑龙江省")):
        assert due_by(other, book).due_by == beijing(2025, 11, 22, 10)


def test_a_files_moment_inside_an_exemption_moves_to_its_end_only() -> None:
    book = rule_book(BUILT_IN, [Exemption(beijing(2025, 11, 21), beijing(2025, 11, 23), "春节")])
    inside = due_by(DeadlineFacts("pdd", PAID, ship_by=beijing(2025, 11, 22)), book)
    outside = due_by(DeadlineFacts("pdd", PAID, ship_by=beijing(2025, 11, 23)), book)
    assert inside.due_by == outside.due_by == beijing(2025, 11, 23)


@given(st.lists(st.tuples(MOMENTS, st.timedeltas(timedelta(0), timedelta(days=9))), max_size=5), MOMENTS)
def test_exemptions_never_bring_a_deadline_forward_and_leave_48_hours(
    spans: list[tuple[datetime, timedelta]], paid: datetime
) -> None:
    book = rule_book(BUILT_IN, [Exemption(start, start + length, "停运") for start, length in spans])
    due = due_by(DeadlineFacts("pdd", paid), book).due_by
    assert due is not None
    counted, at = timedelta(0), paid
    for e in book.exemptions:
        counted += max(min(e.starts_at, due) - at, timedelta(0))
        at = max(at, min(e.ends_at, due))
    assert counted + max(due - at, timedelta(0)) == timedelta(hours=48)


@pytest.mark.parametrize(("paid", "penalty"), [(100, 300), (6_000, 300), (6_020, 301), (50_000, 2_500)])
def test_pinduoduos_late_penalty(paid: int, penalty: int) -> None:
    assert loss_if_missed(LossFacts("pdd", PAID, paid), BOOK).fen == penalty


@pytest.mark.parametrize(("paid", "penalty"), [(100, 500), (9_900, 990), (500_000, 5_000)])
def test_tmalls_late_penalty_has_floor_and_ceiling(paid: int, penalty: int) -> None:
    assert loss_if_missed(LossFacts("taobao", PAID, paid), BOOK).fen == penalty


@pytest.mark.parametrize(
    ("platform", "paid", "penalty"),
    [("douyin", 100, 500), ("douyin", 500_000, 5_000), ("kuaishou", 500_000, 2_000), ("jd", 100, 100)],
)
def test_penalties_that_are_known_for_a_platform_are_not_tmalls(platform: str, paid: int, penalty: int) -> None:
    assert loss_if_missed(LossFacts(platform, PAID, paid), BOOK).fen == penalty


def test_what_cannot_be_said_is_none_and_says_why() -> None:
    assert loss_if_missed(LossFacts("generic", PAID, 100), BOOK).fen is None
    no_amount = loss_if_missed(LossFacts("taobao", PAID), BOOK)
    assert no_amount.fen is None
    assert no_amount.reason == "不知道订单金额，算不出罚款"


def test_the_reason_names_amounts_and_doubt() -> None:
    assert loss_if_missed(LossFacts("pdd", PAID, 50_000), BOOK).reason == (
        "延迟发货罚 ¥25（订单 ¥500.00，平台规则，未核实）"
    )


@given(st.integers(0, 10**9), st.integers(0, 10**9))
def test_penalties_of_rising_bands_stay_within_their_bounds(a: int, b: int) -> None:
    bands = (Band(percent=Decimal(10), min_fen=500, max_fen=10_000),)
    low, high = sorted((a, b))
    assert 500 <= penalty_of(bands, low) <= penalty_of(bands, high) <= 10_000


def test_the_clock_reads_and_colours_as_drawn() -> None:
    due, loss = PAID + timedelta(hours=48), Loss(3_000, "罚")
    view = risk(due - timedelta(hours=3, minutes=12), due, PAID, loss)
    assert (view.text, view.level) == ("3 小时 12 分后超时 · ¥30", RiskLevel.AMBER)
    assert risk(due - timedelta(hours=12), due, PAID, loss).level is RiskLevel.AMBER
    assert risk(due - timedelta(hours=12, seconds=1), due, PAID, loss).level is RiskLevel.OK
    late = risk(due, due, PAID, loss)
    assert (late.text, late.level, late.expected_loss_fen) == ("已超时 不到 1 分钟 · ¥30", RiskLevel.RED, 3_000)
    assert risk(PAID, None, PAID, loss).expected_loss_fen == 0


def test_a_day_late_becomes_out_of_stock_at_pinduoduo() -> None:
    due, loss = PAID + timedelta(hours=48), loss_if_missed(LossFacts("pdd", PAID, 50_000), BOOK)
    assert risk(due + timedelta(hours=23, minutes=59), due, PAID, loss).loss_fen == 2_500
    assert risk(due + timedelta(hours=24), due, PAID, loss).text == "已超时 24 小时 · ¥50"


@given(MOMENTS, MOMENTS, st.timedeltas(timedelta(minutes=1), timedelta(days=30)), st.integers(0, 10**7))
def test_expected_loss_rises_to_the_whole_loss(a: datetime, b: datetime, window: timedelta, fen: int) -> None:
    earlier, later = sorted((a, b))
    loss = Loss(fen, "罚")
    first, second = (risk(now, PAID + window, PAID, loss) for now in (earlier, later))
    assert 0 <= first.expected_loss_fen <= second.expected_loss_fen <= fen
    assert (second.level is RiskLevel.RED) == (later >= PAID + window)


@given(st.sampled_from(BUILT_IN))
def test_a_rule_survives_its_stored_form(rule: PlatformRule) -> None:
    again = from_definition(rule.key, rule.platform, rule.kind, to_definition(rule), rule.source, rule.verified)
    assert again == rule


def test_every_built_in_rule_is_sound_sourced_and_honest() -> None:
    for rule in BUILT_IN:
        assert rule_problems(rule) == (), rule.key
        assert rule.source
        assert not rule.verified
    assert len({r.key for r in BUILT_IN}) == len(BUILT_IN)
    for platform in ("pdd", "taobao", "douyin", "jd", "kuaishou"):
        assert rule_on(BOOK, platform, RuleKind.LATE_SHIP, date(2025, 11, 20)) is not None


def test_rules_are_dated_and_the_merchants_own_come_first() -> None:
    old = PlatformRule("pdd.late_ship", "pdd", RuleKind.LATE_SHIP, 48, valid_to=date(2025, 11, 30))
    new = replace(old, key="pdd.late_ship.2", hours=24, valid_from=date(2025, 12, 1), valid_to=None)
    book = rule_book([old, new])
    assert due_by(DeadlineFacts("pdd", PAID), book).due_by == PAID + timedelta(hours=48)
    later = PAID + timedelta(days=30)
    assert due_by(DeadlineFacts("pdd", later), book).due_by == later + timedelta(hours=24)
    mine = rule_book(with_overrides([old, new], {"pdd.late_ship": replace(old, hours=36)}))
    found = due_by(DeadlineFacts("pdd", PAID), mine)
    assert found.due_by == PAID + timedelta(hours=36)
    assert not found.estimated


@pytest.mark.parametrize(
    "bands",
    [
        (Band(),),
        (Band(fixed_fen=1, percent=Decimal(1)),),
        (Band(percent=Decimal(101)),),
        (Band(fixed_fen=-1),),
        (Band(fixed_fen=1), Band(up_to_fen=5, fixed_fen=1)),
        (Band(up_to_fen=9, fixed_fen=1), Band(up_to_fen=5, fixed_fen=1)),
        (Band(percent=Decimal(1), min_fen=9, max_fen=5),),
    ],
)
def test_rules_that_cannot_be_meant_are_named(bands: tuple[Band, ...]) -> None:
    assert rule_problems(PlatformRule("x.late_ship", "x", RuleKind.LATE_SHIP, 48, bands))


@pytest.mark.parametrize(
    ("minutes", "text"),
    [(0, "不到 1 分钟"), (59, "59 分"), (60, "1 小时"), (192, "3 小时 12 分"), (2880, "2 天"), (3000, "2 天 2 小时")],
)
def test_spans_read_as_people_say_them(minutes: int, text: str) -> None:
    assert span(timedelta(minutes=minutes)) == text


@settings(max_examples=30)
@given(st.binary(max_size=3))
def test_unknown_platforms_never_raise(name: bytes) -> None:
    platform = name.hex()
    assert due_by(DeadlineFacts(platform, PAID), BOOK).due_by is None
    assert loss_if_missed(LossFacts(platform, PAID, 1), BOOK).fen is None
