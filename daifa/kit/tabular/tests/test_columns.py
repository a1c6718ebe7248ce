"""Columns: clean text, exact ids, money, counts and moments in every style seen."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daifa.kit.clock import beijing
from daifa.kit.money import plain_yuan
from daifa.kit.tabular import Cell, columns


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        ('="123456789012345678"', "123456789012345678"),
        ("'13800001111", "13800001111"),
        ("`3317", "3317"),
        ("6935112233445566778\t", "6935112233445566778"),
        ("\xa0 收货地址 \u3000", "收货地址"),
        ("\ufeff订单号", "订单号"),
        (13800001111.0, "13800001111"),
        (1.5, "1.5"),
        (True, "是"),
        (None, ""),
        ("it's", "it's"),
        (datetime(2026, 1, 2, 3, 4, 5), "2026-01-02 03:04:05"),
        (date(2026, 1, 2), "2026-01-02"),
    ],
)
def test_cells_come_clean(cell: Cell, text: str) -> None:
    assert columns.cell_text(cell) == text
    assert columns.texts([cell, "x"]) == [text, "x"]


@pytest.mark.parametrize("cell", ["1.23E+17", "2.02606041134381e+27", "2E+17", 1.23e17, 6935112233445566778, 1e15])
def test_ids_that_excel_rounded_are_refused_by_name(cell: Cell) -> None:
    values, troubles = columns.ids(["6935112233445566778", cell])
    assert values == ["6935112233445566778", ""]
    assert list(troubles) == [1]
    assert "丢失" in troubles[1].reason
    assert troubles[1].value in troubles[1].reason


def test_a_column_whose_long_numbers_all_end_in_zeros_is_refused() -> None:
    values, troubles = columns.ids(["6935112233445560000", "6935112233445570000", "12"])
    assert values == ["", "", "12"]
    assert set(troubles) == {0, 1}
    # A file of one order, on one row or on several: no accident either. With fewer digits it may be.
    assert set(columns.ids(["6935112233445560000", "6935112233445560000"])[1]) == {0, 1}
    assert columns.ids(["6935112233445560000"])[0] == [""]
    assert columns.ids(["6935112233445560"])[1] == {}
    # One such number among exact ones may be real.
    assert columns.ids(["6935112233445560000", "6935112233445571234"])[1] == {}


def test_codes_that_look_scientific_stay() -> None:
    assert columns.ids(["12E3", "8E01", "A1E+5"]) == (["12E3", "8E01", "A1E+5"], {})
    assert columns.ids([12345.0, "12345.0", "-", "  "])[0] == ["12345", "12345", "", ""]


@given(st.integers(0, 10**10))
def test_money_comes_back(fen: int) -> None:
    text = plain_yuan(fen)
    written = [text, f"￥{text}", f"{text}元", f"{fen // 100:,}.{fen % 100:02d}", f'="{text}"', f" {text}\t"]
    assert columns.moneys(written) == ([fen] * len(written), {})


def test_money_that_is_none_says_what_to_write() -> None:
    values, troubles = columns.moneys(["12.3元/件", "-", "--", "", 19.9, None, "满减-5"])
    assert values == [None, None, None, None, 1990, None, None]
    assert troubles[0].reason == "“12.3元/件”不是金额"
    assert troubles[0].fix == "请改成 12.3 后重新导入这一行。"
    assert set(troubles) == {0, 6}


def test_counts() -> None:
    values, troubles = columns.counts(["2", "x3", "4件", 5.0, "6.0", "", "1,000", "两件", 1.5, "-1"])
    assert values == [2, 3, 4, 5, 6, None, 1000, None, None, None]
    assert set(troubles) == {7, 8, 9}


def test_numbers() -> None:
    assert columns.numbers(["0.35kg", "350", "", "重"])[0] == [Decimal("0.35"), Decimal(350), None, None]


def test_other_words_than_no_make_an_order_wait() -> None:
    assert columns.yes_nos(["是", "否", "", "-", "Y", "审核中", "0"]) == [True, False, False, False, True, True, False]


AT = beijing(2026, 8, 5, 9, 5, 7)


@pytest.mark.parametrize(
    "cell",
    [
        "2026-08-05 09:05:07",
        "2026/8/5 9:05:07",
        "2026年8月5日 9:05:07",
        "2026年8月5日9时05分07秒",
        "20260805090507",
        "2026-08-05T09:05:07",
        "2026.8.5 9:05:07",
        "2026/8/5 上午 9:05:07",
        "2026年8月5日 星期三 9:05:07",
        "2026/8/5 周三 上午 9:05:07",
        "2026-08-05（星期三）09:05:07",
        "2026-08-05 9:05:07 AM",
        datetime(2026, 8, 5, 9, 5, 7),
        46239.378553240742,
        "46239.378553240742",
        '="2026-08-05 09:05:07"',
        "2026-08-05 09:05:07\t",
    ],
)
def test_moments_in_every_style(cell: Cell) -> None:
    assert columns.moments([cell]) == ([AT], {})


def test_moments_of_days_and_of_nothing() -> None:
    cells: list[Cell] = ["2026-08-05", "2026/8/5", "20260805", date(2026, 8, 5), 46239.0]
    assert columns.moments(cells)[0] == [beijing(2026, 8, 5)] * 5
    nothing = ["", "-", "0001-01-01 00:00:00", "1970-01-01 08:00:00", "0000-00-00 00:00:00", None]
    assert columns.moments(nothing) == ([None] * 6, {})
    later: list[Cell] = ["2026/8/5 下午 1:05", "2026-08-05 01:05 pm", "2026/8/5 星期三 PM 1:05"]
    assert columns.moments(later)[0] == [beijing(2026, 8, 5, 13, 5)] * 3
    midnight: list[Cell] = ["2026-08-05 12:05 AM", "2026/8/5 上午 12:05", "2026/8/5 凌晨 12:05"]
    assert columns.moments(midnight)[0] == [beijing(2026, 8, 5, 0, 5)] * 3
    assert columns.moments(["2026/8/5 中午 12:05"])[0] == [beijing(2026, 8, 5, 12, 5)]
    assert set(columns.moments(["明天", "2026-13-01", "2026-02-30 00:00:00", True])[1]) == {0, 1, 2, 3}
    aware = datetime(2026, 8, 5, 9, 5, 7, tzinfo=timezone(timedelta(hours=8)))
    assert columns.moments([aware])[0] == [AT]


@given(st.datetimes(datetime(1992, 1, 1), datetime(2099, 12, 31)))
def test_beijing_is_eight_hours_ahead(wall: datetime) -> None:
    wall = wall.replace(microsecond=0)
    (moment,), _ = columns.moments([wall.strftime("%Y-%m-%d %H:%M:%S")])
    assert moment == wall.replace(tzinfo=UTC) - timedelta(hours=8)
