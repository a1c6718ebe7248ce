"""Purchase numbers by their last digits, as suppliers write them."""

from __future__ import annotations

import pytest

from daifa.areas.purchasing.rules.numbers import spelled_out

FEW = ["P261129-云集代发-019", "P261130-云集代发-007", "P261130-云集代发-1008"]


@pytest.mark.parametrize(
    ("line", "read"),
    [
        ("019 圆通 YT1234567890123", "P261129-云集代发-019 圆通 YT1234567890123"),
        ("０１９圆通YT1234567890123", "P261129-云集代发-019 圆通YT1234567890123"),
        ("#007，73123456789012", "P261130-云集代发-007 ,73123456789012"),
        ("1008 中通 73123456789012", "P261130-云集代发-1008 中通 73123456789012"),
        ("008 中通 73123456789012", "P261130-云集代发-1008 中通 73123456789012"),
        ("020 圆通 YT1234567890123", "020 圆通 YT1234567890123"),
        ("1008 3456 7890 12", "1008 3456 7890 12"),
        ("007件 中通 73123456789012", "007件 中通 73123456789012"),
        ("P261129-云集代发-019 圆通 YT1234567890123", "P261129-云集代发-019 圆通 YT1234567890123"),
    ],
)
def test_the_last_digits_stand_for_the_only_number_that_ends_so(line: str, read: str) -> None:
    assert spelled_out(line, FEW) == (read, {})


def test_last_digits_of_two_numbers_are_said_to_be_of_both() -> None:
    both = (*FEW, "P261130-云集代发-019")
    text, unclear = spelled_out("019 圆通 YT1234567890123\n007 中通 73123456789012", both)
    assert text == "P261130-云集代发-007 中通 73123456789012"
    assert unclear == {"019 圆通 YT1234567890123": ("P261129-云集代发-019", "P261130-云集代发-019")}
