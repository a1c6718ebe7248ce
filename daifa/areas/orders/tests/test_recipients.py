"""A recipient in columns: what a platform's API asks for, read out of an address that stands in one cell."""

from __future__ import annotations

import pytest

from daifa.areas.orders.services.recipients import in_columns
from daifa.ports.shop import Recipient, RecipientState

PLAIN = RecipientState.PLAIN


def _given(address: str, province: str = "", city: str = "", district: str = "") -> Recipient:
    return Recipient(PLAIN, "李四", "13800001234", province, city, district, "", address)


@pytest.mark.parametrize(
    ("given", "place"),
    [
        (_given("浙江省杭州市西湖区文三路1号3幢402室"), ("浙江省", "杭州市", "西湖区", "", "文三路1号3幢402室")),
        (_given("上海市浦东新区张江镇碧波路690号"), ("上海市", "上海市", "浦东新区", "张江镇", "碧波路690号")),
        (_given("广东省东莞市长安镇锦厦路12号"), ("广东省", "东莞市", "", "长安镇", "锦厦路12号")),
        (_given("文三路1号", "浙江", "杭州", "西湖区"), ("浙江省", "杭州市", "西湖区", "", "文三路1号")),
        # What is repeated in the detail stands once.
        (
            _given("浙江省杭州市西湖区文三路1号", "浙江省", "杭州市", "西湖区"),
            ("浙江省", "杭州市", "西湖区", "", "文三路1号"),
        ),
    ],
)
def test_an_address_in_one_cell_is_read_into_columns(given: Recipient, place: tuple[str, ...]) -> None:
    made = in_columns(given)
    assert (made.province, made.city, made.district, made.street, made.address) == place
    assert (made.name, made.phone) == (given.name, given.phone)


@pytest.mark.parametrize("given", [_given("老地方"), _given(""), _given("文三路1号")])
def test_what_cannot_be_read_stays_as_it_was_given(given: Recipient) -> None:
    assert in_columns(given) == given


def test_what_is_not_plain_is_not_touched() -> None:
    hidden = Recipient(RecipientState.MASKED, "李*", "138****1234", "", "", "", "", "浙江省杭州市西湖区***")
    assert in_columns(hidden) == hidden
