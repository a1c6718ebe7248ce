"""Sheet forms as stored documents: what is none is refused by name; and forms that would lose a count."""

from __future__ import annotations

from dataclasses import replace

import pytest

from daifa.areas.purchasing.rules.sheet_documents import sheet_form_of
from daifa.areas.purchasing.rules.sheet_learning import learn_format
from daifa.areas.purchasing.rules.sheet_rendering import DEFAULT, render
from daifa.areas.purchasing.tests.test_sheets import CUP, TOWEL, grid, order, view
from daifa.kit.errors import Invalid


def test_documents_refuse_what_is_none() -> None:
    assert sheet_form_of({}) is DEFAULT
    documents: tuple[dict[str, object], ...] = (
        {"columns": []},
        {"columns": [{"header": "x", "value": "nonsense"}]},
        {"columns": 3},
        {"grain": "?"},
    )
    for bad in documents:
        with pytest.raises(Invalid):
            sheet_form_of(bad)


def test_a_sheet_counts_pieces_in_any_measure_and_never_drops_a_count() -> None:
    pieces = learn_format([["编号", "名称", "只数", "姓名", "手机", "地址"], ["P1", "杯", 2, *[""] * 3]]).form
    assert grid(render(pieces, view(order())))[0]["只数"] == 2
    silent = replace(pieces, columns=tuple(replace(c, value="") if c.header == "只数" else c for c in pieces.columns))
    sheet = render(silent, view(order(1, CUP), order(2, TOWEL)))
    assert len(sheet.rows) == 1
    assert [(number, "数量列" in why) for number, why in sheet.left_out] == [("P251125-恒达-001", True)]
