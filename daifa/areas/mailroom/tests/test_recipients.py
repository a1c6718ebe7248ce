"""Recipients out of free text: the kit reads it, the mailroom says in which state it is."""

from __future__ import annotations

import pytest

from daifa.areas.mailroom.rules.recipients import from_text
from daifa.ports.shop import RecipientState

ADDRESS = "浙江省杭州市西湖区文三路1号"


@pytest.mark.parametrize(
    ("text", "name", "phone", "state"),
    [
        (f"{ADDRESS} 13812345678 张三", "张三", "13812345678", RecipientState.PLAIN),
        (f"张三13812345678{ADDRESS}", "张三", "13812345678", RecipientState.PLAIN),
        (f"张三[1234] 18412345678-1234 {ADDRESS}", "张三[1234]", "18412345678-1234", RecipientState.PLAIN),
        (f"张* 138****5678 {ADDRESS}", "张*", "138****5678", RecipientState.MASKED),
    ],
)
def test_any_order_is_read_and_virtual_numbers_are_kept(
    text: str, name: str, phone: str, state: RecipientState
) -> None:
    found = from_text(text)
    assert (found.name, found.phone, found.address, found.state) == (name, phone, ADDRESS, state)


def test_nothing_is_absent() -> None:
    assert from_text("  ").state is RecipientState.ABSENT
