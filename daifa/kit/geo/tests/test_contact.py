"""Pasted recipients, phones, and telling masked and enciphered texts from plain ones."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from daifa.kit.geo import is_masked, looks_cipher, normalise_phone, split_contact

ADDRESS = "浙江省杭州市西湖区文三路1号"
BLOCKS = [
    ("收件人：张三\n手机：13812345678\n地址：浙江省杭州市西湖区文三路1号", "张三", "13812345678", ADDRESS),
    ("张三浙江省杭州市西湖区文三路1号13812345678", "张三", "13812345678", ADDRESS),
    ("13812345678转1234 李四 浙江省杭州市西湖区文三路1号", "李四", "13812345678-1234", ADDRESS),
    ("李四[1234]\n13912345678[1234]\n浙江省杭州市西湖区文三路1号", "李四[1234]", "13912345678-1234", ADDRESS),
    ("张* 138****5678 浙江省杭州市西湖区***", "张*", "138****5678", "浙江省杭州市西湖区***"),
    ("陈先生13812345678浙江省杭州市西湖区文三路1号", "陈先生", "13812345678", ADDRESS),
    ("收货人 谢小明 13812345678 浙江省杭州市西湖区文三路1号", "谢小明", "13812345678", ADDRESS),
    (
        "姓名: 王小明\n电话: 0571-87654321\n所在地区: 浙江省 杭州市 西湖区\n详细地址: 文三路1号",
        "王小明",
        "0571-87654321",
        "浙江省杭州市西湖区 文三路1号",
    ),
    ("地址：浙江省杭州市西湖区文三路1号，收件人：刘女士，手机号码：13900001111", "刘女士", "13900001111", ADDRESS),
    ("852-91234567 陈大文 香港九龙弥敦道1号", "陈大文", "852-91234567", "香港九龙弥敦道1号"),
    ("王五 浙江 杭州 西湖 文三路1号 13812345678", "王五", "13812345678", "浙江 杭州 西湖 文三路1号"),
    (
        "电话：13812345678,姓名：张三,地址：浙江省杭州市西湖区电话亭路1号",
        "张三",
        "13812345678",
        "浙江省杭州市西湖区电话亭路1号",
    ),
    ("浙江省杭州市西湖区文三路1号张三13812345678", "张三", "13812345678", ADDRESS),
    ("13812345678", "", "13812345678", ""),
    ("", "", "", ""),
]


@pytest.mark.parametrize(("text", "name", "phone", "address"), BLOCKS)
def test_blocks_as_people_paste_them(text: str, name: str, phone: str, address: str) -> None:
    assert split_contact(text) == (name, phone, address)


@settings(max_examples=150, deadline=None)
@given(
    st.permutations(["欧阳小明", "13812345678-4321", ADDRESS]),
    st.sampled_from([" ", "\n", "，", "\t", " ; ", "|"]),
    st.booleans(),
)
def test_the_parts_may_come_in_any_order(parts: list[str], between: str, labelled: bool) -> None:
    label = {"欧": "收件人：", "1": "手机号：", "浙": "收货地址："}
    text = between.join((label[p[0]] if labelled else "") + p for p in parts)
    assert split_contact(text) == ("欧阳小明", "13812345678-4321", ADDRESS)


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=60))
def test_no_text_breaks_it(text: str) -> None:
    found = split_contact(text)
    assert all(isinstance(part, str) for part in found)


PHONES = [
    ("138 1234 5678", "13812345678"),
    ("+86-138-1234-5678", "13812345678"),
    ("8613812345678", "13812345678"),
    ("１３８１２３４５６７８", "13812345678"),
    ("13812345678#1234", "13812345678-1234"),
    ("13812345678 转 8888", "13812345678-8888"),
    ("0571 87654321", "0571-87654321"),
    ("(0571)87654321", "0571-87654321"),
    ("010-12345678", ""),
    ("010-62345678", "010-62345678"),
    ("400-123-4567", "4001234567"),
    ("138****5678", "138****5678"),
    ("138123456789", ""),
    ("1.38E+10", ""),
    ("没有", ""),
]


@pytest.mark.parametrize(("text", "phone"), PHONES)
def test_phones(text: str, phone: str) -> None:
    assert normalise_phone(text) == phone
    assert normalise_phone(phone) == phone


@pytest.mark.parametrize("text", ["张*", "138****5678", "某路***", "138XXXX5678", "王＊＊"])
def test_masked(text: str) -> None:
    assert is_masked(text)


@pytest.mark.parametrize("text", ["", "张三", "13812345678", "XX路1号", "3#楼"])
def test_not_masked(text: str) -> None:
    assert not is_masked(text)


@pytest.mark.parametrize(
    "text",
    ["#abcdEFGH1234#", "~AgAAAAE+x9Q=~", "$abcdefghijkl$", "MTIzNDU2Nzg5MDEyMzQ1Njc4OTAxMjM0", "#a8Kd01xYz9#1##"],
)
def test_cipher(text: str) -> None:
    assert looks_cipher(text)


@pytest.mark.parametrize(
    "text", ["", "张三", "123456789012345678901234567", "YT1234567890123", "3#楼2单元", "13812345678"]
)
def test_not_cipher(text: str) -> None:
    assert not looks_cipher(text)
