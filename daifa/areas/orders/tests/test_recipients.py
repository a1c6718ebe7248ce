"""A recipient in columns: what a platform's API asks for, read out of an address that stands in one cell."""

from __future__ import annotations

import pytest

from daifa.areas.orders.rules.addressing import corrected, in_columns
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


KNOWN = Recipient(PLAIN, "李四", "13800001234", "江苏省", "苏州市", "", "长桥街道", "苏蠡路1号")


@pytest.mark.parametrize(
    ("said", "stays", "made"),
    [
        (Recipient(district="吴中区"), KNOWN, ("江苏省", "苏州市", "吴中区", "长桥街道", "苏蠡路1号")),
        # The old street says nothing of a new address, an address that names its place nothing of the old place.
        (Recipient(address="东环路9号"), KNOWN, ("江苏省", "苏州市", "", "", "东环路9号")),
        (Recipient(address="浙江省杭州市文三路1号"), KNOWN, ("", "", "", "", "浙江省杭州市文三路1号")),
        # Of an address in one cell the old city must not stand beside the new one.
        (
            Recipient(city="温州市", district="鹿城区"),
            _given("浙江省杭州市西湖区文三路1号"),
            ("浙江省", "温州市", "鹿城区", "", "文三路1号"),
        ),
    ],
)
def test_what_is_left_empty_stays(said: Recipient, stays: Recipient, made: tuple[str, ...]) -> None:
    found = corrected(said, stays)
    assert (found.province, found.city, found.district, found.street, found.address) == made
    assert (found.name, found.phone) == (stays.name, stays.phone)


@pytest.mark.parametrize("state", [s for s in RecipientState if s is not PLAIN])
def test_nothing_stays_of_what_is_not_plain(state: RecipientState) -> None:
    hidden = Recipient(state, "李*", "138****1234", "江苏省", "苏州市", "", "", "苏蠡***")
    assert corrected(Recipient(district="吴中区"), hidden) == Recipient(district="吴中区")
