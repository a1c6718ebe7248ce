"""Comparing an order that a person placed with what a purchase wanted."""

from __future__ import annotations

import pytest

from daifa.areas.purchasing.rules.binding import (
    another_order,
    compare_lines,
    line_warnings,
    money_warnings,
    recipient_warnings,
)
from daifa.ports.shop import Recipient, RecipientState

PLAIN, MASKED = RecipientState.PLAIN, RecipientState.MASKED
OURS = Recipient(PLAIN, "王小明", "13812345678", "浙江省", "杭州市", "西湖区", "", "文三路1号2幢")
THERE = "浙江省 杭州市 西湖区 文三路1号2幢"


def test_lines_stand_side_by_side_and_pieces_add_up() -> None:
    lines = compare_lines([("1", "a", 2, "白"), ("1", "a", 1, "")], [("1", "a", 2, "白色"), ("2", "b", 1, "黑")])
    assert [(x.offer_ref, x.spec_ref, x.words, x.ours, x.theirs) for x in lines] == [
        ("1", "a", "白", 3, 2), ("2", "b", "黑", 0, 1),
    ]  # fmt: skip
    assert line_warnings(lines, 3, 3) == ["货源或规格和关联的不一样，请核对是不是同一种货"]
    assert "件数不同" in line_warnings(lines, 3, 2)[0]
    assert line_warnings(compare_lines([("1", "a", 2, "")], [("1", "a", 2, "")]), 2, 2) == []


def test_only_what_costs_more_is_a_warning() -> None:
    assert money_warnings(1000, 1000) == money_warnings(1000, 900) == money_warnings(None, 900) == []
    assert "¥2.00" in money_warnings(1000, 1200)[0]
    assert money_warnings(1000, None)


@pytest.mark.parametrize(
    ("theirs", "told"),
    [
        (Recipient(PLAIN, "王小明", "13812345678", address=THERE), []),
        (Recipient(MASKED, "王**", "138****5678", address="浙江省 杭州市 西湖区 文三***"), []),
        (Recipient(MASKED, "王*", "138****5678", address="浙江杭州市西湖区***"), []),
        (Recipient(PLAIN, "王小红", "13812345678", address=THERE), ["收件人姓名不同"]),
        (Recipient(MASKED, "王**", "139****5678", address="浙江省杭州市西湖区*"), ["收件人电话不同"]),
        (Recipient(PLAIN, "王小明", "13812345678", address="浙江省 杭州市 西湖区 文三路9号"), ["收件地址不同"]),
    ],
)
def test_who_receives_is_compared_through_masks(theirs: Recipient, told: list[str]) -> None:
    assert recipient_warnings(OURS, theirs) == told


def test_what_cannot_be_compared_is_not_said_to_agree() -> None:
    assert recipient_warnings(OURS, None) is None
    assert recipient_warnings(Recipient(MASKED, "王*"), Recipient(PLAIN, "王小明", "1", address=THERE)) is None
    cipher = Recipient(RecipientState.CIPHER, "王*", "1*", "浙江省", "杭州市", "西湖区")
    assert recipient_warnings(cipher, Recipient(MASKED, "李*", "2*", address=THERE)) == []
    assert recipient_warnings(cipher, Recipient(MASKED, "王*", "1*", address="广东省广州市")) == ["收件地址不同"]


@pytest.mark.parametrize(
    ("theirs", "differs", "refused"),
    [
        ([("9", "x", 1, "别的")], True, True),
        ([("9", "x", 1, "别的")], False, False),
        ([("9", "x", 1, "别的")], None, False),
        ([("1", "a", 1, "杯子")], True, False),
        ([("1", "a", 1, "杯子"), ("9", "x", 1, "别的")], True, False),
    ],
)
def test_none_of_the_goods_and_somebody_else_is_another_order(
    theirs: list[tuple[str, str, int, str]], differs: bool | None, refused: bool
) -> None:
    lines = compare_lines([("1", "a", 1, "杯子")], theirs)
    assert bool(another_order(lines, differs)) is refused
