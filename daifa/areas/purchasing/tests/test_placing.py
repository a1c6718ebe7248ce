"""When money may be spent by itself: every stop has its reason, and nothing passes that a fact stands against."""

from __future__ import annotations

from dataclasses import replace
from datetime import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daifa.areas.purchasing.rules.fingerprints import Option, changed, fingerprint
from daifa.areas.purchasing.rules.placing import (
    FRESH_SECONDS,
    Money,
    Standing,
    Verdict,
    may_place,
    may_spend,
    window_end,
)
from daifa.kit.clock import beijing

OPEN = Standing("6901", "paid", "none", (), 1.0)


@pytest.mark.parametrize(
    ("order", "verdict"),
    [
        (OPEN, Verdict.GO),
        (replace(OPEN, age_seconds=None), Verdict.GO),
        (replace(OPEN, age_seconds=FRESH_SECONDS + 1), Verdict.LATER),
        (replace(OPEN, state="cancelled"), Verdict.DROP),
        (replace(OPEN, refund="full"), Verdict.DROP),
        (replace(OPEN, refund="applied"), Verdict.HOLD),
        (replace(OPEN, state="shipped"), Verdict.HOLD),
        (replace(OPEN, holds=("地址不完整",)), Verdict.HOLD),
    ],
)
def test_an_order_that_changed_is_not_bought(order: Standing, verdict: Verdict) -> None:
    ruling = may_place("draft", [OPEN, order], [], {}, "高阳毛巾")
    assert ruling.verdict is verdict
    assert (ruling.verdict is Verdict.GO) == (not ruling.reason)


def test_a_changed_or_unlinked_option_waits_for_a_person() -> None:
    changed_one = may_place("draft", [OPEN], ["12345"], {}, "高阳毛巾")
    assert (changed_one.verdict, changed_one.mend, changed_one.things) == (Verdict.ASK, "compare", ("12345",))
    unlinked = may_place("draft", [OPEN], [], {"B-1": "杯子 红", "W-2": "碗"}, "高阳毛巾")
    assert (unlinked.verdict, "“杯子 红”等 2 种商品" in unlinked.reason) == (Verdict.ASK, True)
    assert "请到高阳毛巾的货源里关联" in unlinked.reason, "the order may have other suppliers too"
    assert (unlinked.mend, unlinked.things) == ("link", ("B-1", "W-2"))
    assert may_place("recalled", [OPEN], [], {"W-2": "碗"}, "高阳毛巾").verdict is Verdict.DROP
    assert may_place("draft", [], [], {}, "高阳毛巾").verdict is Verdict.DROP


MONEY = Money(
    planned_fen=1000, quoted_fen=1000, margins=(500,), floor_fen=0, rise_allowed_fen=50, spent_day_fen=0,
    day_limit_fen=100_000, spent_supplier_fen=0, supplier_limit_fen=50_000,
)  # fmt: skip


def test_a_price_that_eats_the_margin_is_held_with_both_figures() -> None:
    held = may_spend(replace(MONEY, quoted_fen=1600))
    assert held.verdict is Verdict.ASK
    assert "¥16.00" in held.reason
    assert "¥6.00" in held.reason
    assert may_spend(replace(MONEY, quoted_fen=1600, approved_fen=1600)).verdict is Verdict.GO
    assert may_spend(replace(MONEY, quoted_fen=1601, approved_fen=1600)).verdict is Verdict.ASK


money = st.integers(0, 200_000)


@given(money, money, money, money, st.lists(st.one_of(st.none(), st.integers(-9999, 9999)), max_size=3))
def test_limits_hold_whatever_else_is_true(
    quoted: int, spent: int, limit: int, supplier: int, margins: list[int | None]
) -> None:
    asked = replace(
        MONEY, quoted_fen=quoted, spent_day_fen=spent, day_limit_fen=limit, spent_supplier_fen=supplier,
        margins=tuple(margins), approved_fen=quoted,
    )  # fmt: skip
    if may_spend(asked).verdict is Verdict.GO:
        assert spent + quoted <= limit
        assert supplier + quoted <= asked.supplier_limit_fen


@given(money, money, st.integers(-5000, 5000), st.integers(-1000, 1000))
def test_what_passes_never_leaves_less_than_the_floor(planned: int, quoted: int, margin: int, floor: int) -> None:
    asked = replace(
        MONEY, planned_fen=planned, quoted_fen=quoted, margins=(margin,), floor_fen=floor, day_limit_fen=10**9,
        supplier_limit_fen=10**9,
    )  # fmt: skip
    if may_spend(asked).verdict is Verdict.GO and quoted > planned:
        assert margin - (quoted - planned) >= floor


def test_an_option_is_known_by_its_words_not_by_its_price() -> None:
    red = Option("s1", (("颜色", "红"), ("尺码", "大")), "9.90", 5)
    linked = fingerprint("收纳箱", red)
    assert fingerprint("收纳箱", replace(red, price="12.00", stock=0)) == linked
    assert changed(linked, "收纳箱", dict(red.attributes), [red], "s1") is None
    other = replace(red, attributes=(("颜色", "蓝"), ("尺码", "大")))
    differs = changed(linked, "收纳箱", dict(red.attributes), [other], "s1")
    assert differs is not None
    assert (differs.gone, differs.after["颜色"]) == (False, "蓝")
    gone = changed(linked, "收纳箱", dict(red.attributes), [], "s1")
    assert gone is not None
    assert gone.gone


@pytest.mark.parametrize(
    ("now", "minutes", "cutoff", "leaves"),
    [
        ((15, 0), 10, time(16), (15, 10)),
        ((15, 55), 10, time(16), (15, 58)),
        ((15, 49), 10, time(16), (15, 58)),
        ((15, 59), 10, time(16), (15, 59)),
        ((16, 1), 10, time(16), (16, 11)),
        ((15, 55), 10, None, (16, 5)),
        ((15, 55), 0, time(16), (15, 55)),
    ],
)
def test_a_cancel_window_never_reaches_over_the_cut_off(
    now: tuple[int, int], minutes: int, cutoff: time | None, leaves: tuple[int, int]
) -> None:
    assert window_end(beijing(2025, 11, 20, *now), minutes, cutoff) == beijing(2025, 11, 20, *leaves)
