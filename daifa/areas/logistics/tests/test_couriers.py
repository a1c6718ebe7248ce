"""Couriers and numbers: nicknames, shapes, and what is refused by name."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from daifa.areas.logistics.rules import lifecycles
from daifa.areas.logistics.rules.couriers import courier_by_name, courier_table, fits, name_index, recognise_courier
from daifa.areas.logistics.rules.tracking_numbers import check_number, clean_number, split_numbers
from daifa.kit.states import LifeCycle

TABLE = courier_table()


@pytest.mark.parametrize("cycle", lifecycles.ALL, ids=lambda c: c.name)
def test_life_cycles_are_whole(cycle: LifeCycle) -> None:
    assert cycle.problems() == []


def test_the_table_is_sound() -> None:
    for courier in TABLE.values():
        re.compile(courier.pattern)
        assert courier_by_name(courier.name)[0] == courier.code or courier.name in {"邮政快递包裹"}
    assert {"SF", "ZTO", "YTO", "STO", "YUNDA", "JTSD", "EMS", "POSTB", "JD", "DBKD", "CNSD", "NONE"} <= set(TABLE)


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ("中通", "ZTO"),
        ("中通快递", "ZTO"),
        ("ZTO", "ZTO"),
        (" 中 通 速递 ", "ZTO"),
        ("中通快运", "ZTOKY"),
        ("圆通速递(YTO)", "YTO"),
        ("发圆通", "YTO"),
        ("申通快递-义乌", "STO"),
        ("韵达速递", "YUNDA"),
        ("极兔", "JTSD"),
        ("J&T", "JTSD"),
        ("顺风", "SF"),
        ("ＳＦ", "SF"),
        ("顺丰标快", "SF"),
        ("京东物流", "JD"),
        ("JDL京东物流", "JD"),
        ("德邦", "DBKD"),
        ("EMS", "EMS"),
        ("邮政EMS", "EMS"),
        ("邮政快递包裹", "POSTB"),
        ("丹鸟", "CNSD"),
        ("菜鸟裹裹", "CNSD"),
        ("shunfeng", "SF"),
        ("无需物流", "NONE"),
    ],
)
def test_nicknames(said: str, code: str) -> None:
    assert courier_by_name(said)[0] == code


@pytest.mark.parametrize("said", ["", "快递", "随便发", "BY", "MSFX"])
def test_what_is_no_courier(said: str) -> None:
    assert courier_by_name(said) == ()


@pytest.mark.parametrize(
    ("name", "number", "code", "agrees"),
    [
        ("中通", "78400000000076", "ZTO", True),
        ("", "78400000000076", "ZTO", True),
        ("", "SF1000000000017", "SF", True),
        ("", "YT1000000000097", "YTO", True),
        ("", "JT1000000000029", "JTSD", True),
        ("", "JDVA00000000100", "JD", True),
        ("", "DPK300000000101", "DBKD", True),
        ("", "773000000000025", "STO", True),
        ("", "312000000000082", "YUNDA", True),
        ("中通", "YT1000000000097", "ZTO", False),
        ("中通", "7840000000007", "ZTO", False),
        ("德邦物流", "DPK300000000101", "DBKD", True),
        ("德邦物流", "DPL3000000001", "DBL", True),
        ("德邦快递", "DPL3000000001", "DBL", True),
        ("邮政", "1100000000000", "EMS", True),
        ("邮政", "9700000000000", "POSTB", True),
        ("HTKY", "JT1000000000029", "JTSD", True),
        ("丹鸟", "ABC123456789", "CNSD", True),
        ("", "123456789012", "", False),
        ("快马", "SF1000000000017", "SF", False),
    ],
)
def test_recognition(name: str, number: str, code: str, agrees: bool) -> None:
    seen = recognise_courier(name, number)
    assert (seen.code, seen.agrees) == (code, agrees)
    assert seen.reason


def test_a_contradiction_says_what_it_looks_like() -> None:
    seen = recognise_courier("中通", "YT1000000000097")
    assert seen.reason == "写的是中通快递，但单号 YT1000000000097 像圆通速递的"
    assert seen.others == ("YTO",)
    assert "（13 位）不像它家的" in recognise_courier("中通", "7840000000007").reason


def test_the_suppliers_habit_decides_between_look_alikes_only() -> None:
    assert recognise_courier("", "123456789012", "STO").code == "STO"
    assert recognise_courier("", "YT1000000000097", "STO").code == "YTO"
    assert recognise_courier("", "12345678901234567", "STO").code == ""


def test_every_example_of_the_table_fits_its_own_shape() -> None:
    examples = {"SF": "SF1000000000017", "ZTO": "78400000000076", "YTO": "YT1000000000097", "JTSD": "JT1000000000029"}
    for code, number in examples.items():
        assert fits(code, number) is True
    assert fits("CNSD", "ANY123456789") is None


@pytest.mark.parametrize(
    ("said", "number"),
    [
        (" 7840 0000 0000 76\t", "78400000000076"),
        ('="78400000000076"', "78400000000076"),
        ("'78400000000076", "78400000000076"),
        ("ｙｔ1000000000097", "YT1000000000097"),
        (78400000000076.0, "78400000000076"),
        ("78400000000076.0", "78400000000076"),
        (773000000000025, "773000000000025"),
        ("JDVA00000000100-1-1-", "JDVA00000000100-1-1"),
        ("RR473124829GB", "RR473124829GB"),
    ],
)
def test_numbers_are_cleaned(said: object, number: str) -> None:
    assert check_number(said).number == number


@pytest.mark.parametrize(
    ("said", "kind"),
    [
        ("7.84E+13", "precision"),
        ("7.84e+13", "precision"),
        (4.3e17, "precision"),
        (430000000000000012, "precision"),
        ("801234567890123000", "precision"),
        ("", "empty"),
        (None, "empty"),
        ("13800138000", "phone"),
        ("251120-607198974342268", "order_number"),
        ("已发货", "shape"),
        ("12345", "shape"),
        ("RR473124828GB", "shape"),
    ],
)
def test_what_is_refused_and_why(said: object, kind: str) -> None:
    check = check_number(said, order_numbers=frozenset({"251120-607198974342268"}))
    assert check.kind == kind
    assert not check.number
    assert check.problem


def test_a_phone_is_not_printed_whole() -> None:
    assert "13800138000" not in check_number("13800138000").problem


def test_several_numbers_in_a_cell() -> None:
    both = ["78400000000076", "78400000000077"]
    for between in ("、", "\n", " / ", "；", "  ", " "):
        assert [clean_number(n) for n in split_numbers(between.join(both))] == both
    assert split_numbers("7840 0000 0000 76") == ["7840 0000 0000 76"]


@settings(max_examples=150)
@given(st.one_of(st.text(max_size=40), st.floats(), st.integers(), st.none()))
def test_anything_gives_a_number_or_a_reason(said: object) -> None:
    check = check_number(said)
    assert bool(check.number) == check.ok
    assert check.ok or check.problem
    if check.ok:
        assert check_number(check.number) == check
        recognise_courier(str(said), check.number)


@settings(max_examples=100)
@given(st.sampled_from(sorted(name_index())), st.text("快递义乌0-（）发 ", max_size=5))
def test_a_known_name_is_found_among_other_words(name: str, around: str) -> None:
    if not name.isascii() and len(name) > 1:
        assert courier_by_name(around + name)
