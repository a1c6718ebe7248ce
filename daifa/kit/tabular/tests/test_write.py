"""Writing: what is written reads back the same, and nothing becomes a formula."""

from __future__ import annotations

import csv
import io
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from daifa.kit.clock import beijing
from daifa.kit.errors import Invalid
from daifa.kit.tabular import Table, read_file, write_csv, write_xlsx
from daifa.kit.tabular.columns import cell_text
from daifa.kit.tabular.write import Out

ROW: list[Out] = ["6935112233445566778", "=1+1", "@x", Decimal("12.30"), 3, None, beijing(2026, 8, 5, 9, 5, 7), "0138"]


def test_a_workbook_reads_back() -> None:
    data = write_xlsx([Table("订单/表", ["号", "文"], [ROW], titles=[["标题"]]), Table("订单/表", [], [["x"]])])
    first, second = read_file(data, "a.xlsx")
    assert (first.name, second.name) == ("订单 表", "订单 表2")
    texts = [cell_text(c) for c in first.rows[2]]
    assert texts == ["6935112233445566778", "=1+1", "@x", "12.3", "3", "", "2026-08-05 09:05:07", "0138"]


def test_csv_keeps_digits_and_runs_nothing() -> None:
    table = Table(
        "x", ["号", "公式"], [["6935112233445566778", "=cmd|' /C calc'!A0"], ["1", "-12.50"], ["+8613", "-a"]]
    )
    rows = list(csv.reader(io.StringIO(write_csv(table).decode("utf-8-sig"))))
    assert rows[1] == ["\t6935112233445566778", "'=cmd|' /C calc'!A0"]
    assert rows[2] == ["1", "-12.50"]
    assert rows[3] == ["+8613", "'-a"]
    bare = write_csv(table, encoding="gb18030", keep_digits=False).decode("gb18030")
    assert bare.splitlines()[1].startswith("6935112233445566778,")


def test_what_excel_cannot_hold_is_refused() -> None:
    with pytest.raises(Invalid, match="32767"):
        write_xlsx([Table("x", [], [["长" * 32_768]])])


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.text(st.characters(codec="utf-8", exclude_categories=["C", "Z"]), min_size=1), min_size=1, max_size=5)
)
def test_any_text_survives_a_workbook(texts: list[str]) -> None:
    (sheet,) = read_file(write_xlsx([Table("x", [], [texts])]), "a.xlsx")
    assert sheet.rows[0][: len(texts)] == texts
