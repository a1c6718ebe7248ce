"""Whose a file is, by one supplier's name in its name; never by a guess between two."""

from __future__ import annotations

from uuid import UUID

import pytest

from daifa.areas.purchasing.rules.whose_file import named_supplier

A, B, C, D = (UUID(int=n) for n in range(1, 5))
NAMES = {
    A: ("潮州市白云陶瓷商行", "白云陶瓷"),
    B: ("鸿顺日用百货", "鸿顺"),
    C: ("恒达百货", "恒达"),
    D: ("恒达百货二店", "恒达二"),
}


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("潮州市白云陶瓷商行_1130回单.csv", A),
        ("白云陶瓷 11-30.xlsx", A),
        ("鸿顺回单.xlsx", B),
        ("恒达百货.xlsx", C),
        ("恒达百货二店.xlsx", D),
        ("恒达回单.xlsx", None),  # part of the other shop's name too
        ("白云陶瓷和鸿顺.xlsx", None),
        ("恒达百货 恒达百货二店", None),
        ("回单.xlsx", None),
        ("", None),
    ],
)
def test_a_file_is_theirs_whose_name_alone_stands_there(text: str, found: UUID | None) -> None:
    assert named_supplier(text, NAMES) == found
