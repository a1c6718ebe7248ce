"""Pasted chat text: who, which courier, which number, in the ways suppliers write."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from daifa.areas.logistics.rules.chat import parse_tracking_text
from daifa.areas.logistics.rules.claims import claims_of, phone_tail, plain_person, plain_phone
from daifa.areas.logistics.types import TrackingClaim
from daifa.ports.sheet import TrackingRow

Z1, Z2, Y1, S1 = "78400000000076", "78400000000077", "YT1000000000097", "773000000000025"
OWN = "P251125-恒达-003"


def own_numbers(text: str) -> list[tuple[int, int, str]]:
    at = text.upper().find(OWN)
    return [(at, at + len(OWN), OWN)] if at >= 0 else []


def brief(claim: TrackingClaim) -> tuple[object, ...]:
    who = claim.our_number or claim.order_no or "/".join(claim.names)
    return (claim.tracking_no, claim.courier, who, claim.phone_tail)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (f"李四 尾号1234 中通 {Z1}", [(Z1, "中通", "李四", "1234")]),
        (f"李四，中通快递：{Z1}，手机尾号：1234", [(Z1, "中通快递", "李四", "1234")]),
        (f"{OWN} 圆通 {Y1}", [(Y1, "圆通", OWN, "")]),
        (f"ｐ251125－恒达－003 圆通 {Y1.lower()}", [(Y1, "圆通", OWN, "")]),
        (f"251120-607198974342268 申通{S1}", [(S1, "申通", "251120-607198974342268", "")]),
        ("6925123412341234567韵达312000000000082", [("312000000000082", "韵达", "6925123412341234567", "")]),
        (
            f"李四1234中通{Z1}王五5678圆通{Y1}",
            [(Z1, "中通", "李四", "1234"), (Y1, "圆通", "王五", "5678")],
        ),
        (
            f"李四 中通{Z1} 尾号1234 王五 圆通{Y1} 尾号5678",
            [(Z1, "中通", "李四", "1234"), (Y1, "圆通", "王五", "5678")],
        ),
        (
            f"中通{Z1} 李四 1234，圆通{Y1} 王五 5678",
            [(Z1, "中通", "李四", "1234"), (Y1, "圆通", "王五", "5678")],
        ),
        ("李四 13812341234\n中通 7840 0000 0000 76", [(Z1, "中通", "李四", "1234")]),
        (f"{Z1}\n李四 尾号1234", [(Z1, "", "李四", "1234")]),
        ("张三丰的快递发顺丰了 单号SF1000000000017，138****5678", [("SF1000000000017", "顺丰", "张三丰", "5678")]),
        (
            f"今天的中通单号：\n李四 {Z1}\n王五 {Z2}",
            [(Z1, "中通", "李四", ""), (Z2, "中通", "王五", "")],
        ),
        (
            f"李四 尾号1234 两个包裹 中通 {Z1} {Z2}",
            [(Z1, "中通", "李四", "1234"), (Z2, "中通", "李四", "1234")],
        ),
        ("买买提·艾力 圆通 YT 1000000000097 11-25 10:30", [(Y1, "圆通", "买买提·艾力", "")]),
        ("好的，今天发", []),
        ("李四 尾号1234 还没发", []),
        ("电话13800138000", []),
    ],
)
def test_what_suppliers_write(text: str, expected: list[tuple[object, ...]]) -> None:
    assert [brief(c) for c in parse_tracking_text(text, own_numbers=own_numbers)] == expected


def test_a_masked_name_is_read_as_far_as_it_shows() -> None:
    [claim] = parse_tracking_text("罗** 尾号4470 圆通快递 YT2604060597035")
    assert (claim.names, claim.phone_tail, claim.tracking_no) == (("罗*",), "4470", "YT2604060597035")
    [two] = parse_tracking_text("李四 毛巾*2 中通 78400000000076")
    assert (two.names, two.quantity) == (("李四", "毛巾"), 2), "a star before a count hides nobody"


def test_a_known_order_number_is_never_taken_for_a_parcel() -> None:
    jd = "301234567890"
    claims = parse_tracking_text(f"{jd} 京东 JDVA00000000100", order_numbers=frozenset({jd}))
    assert [(c.order_no, c.tracking_no) for c in claims] == [(jd, "JDVA00000000100")]


def test_counts_are_pieces_but_parcels_are_not() -> None:
    (claim,) = parse_tracking_text(f"李四 中通 {Z1} 2件")
    assert claim.quantity == 2
    (claim,) = parse_tracking_text(f"李四 中通 {Z1} 1个包裹")
    assert claim.quantity is None


def test_a_blank_line_ends_what_was_said_before() -> None:
    first, second = parse_tracking_text(f"李四 尾号1234\n\n中通 {Z1}\n王五 中通 {Z2}")
    assert (first.names, second.names) == ((), ("王五",))


@settings(max_examples=150, deadline=None)
@given(st.text(alphabet="李四王五中通圆通 尾号1234567890YTSF，；\n*-.:x件两", max_size=80))
def test_any_text_is_read_without_complaint(text: str) -> None:
    for claim in parse_tracking_text(text, own_numbers=own_numbers):
        assert claim.tracking_no
        assert 1 <= claim.row <= text.count("\n") + 1


NAMES = ["李四", "王小明", "欧阳娜娜", "赵六"]


@settings(max_examples=100, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.sampled_from(NAMES),
            st.integers(0, 9999),
            st.integers(0, 10**12 - 1),
            st.sampled_from(["中通", "中通快递"]),
        ),
        min_size=1,
        max_size=6,
    ),
    st.sampled_from([" ", "，", ""]),
    st.sampled_from(["\n", "；", " \n"]),
)
def test_regular_lines_come_back_whole(rows: list[tuple[str, int, int, str]], gap: str, end: str) -> None:
    text = end.join(f"{n}{gap}尾号{t:04d}{gap}{c}{gap}78{x:012d}" for n, t, x, c in rows)
    claims = parse_tracking_text(text)
    assert [(c.names[0], c.phone_tail, c.tracking_no, c.courier) for c in claims] == [
        (n, f"{t:04d}", f"78{x:012d}", c) for n, t, x, c in rows
    ]


def test_people_in_plain_form() -> None:
    assert plain_person(" 李 四 ") == "李四"
    assert plain_person("欧阳娜娜女士") == "欧阳娜娜"
    assert plain_person("李*") == ""
    assert (
        plain_phone("138 0013-8000")
        == plain_phone("+86 13800138000")
        == plain_phone("13800138000-1234")
        == "13800138000"
    )
    assert plain_phone("138****8000") == ""
    assert [phone_tail(p) for p in ("138****1234", "1234", "13800131234-5678", "", "无")] == [
        "1234",
        "1234",
        "1234",
        "",
        "",
    ]


def test_a_sheets_row_becomes_claims() -> None:
    row = TrackingRow(3, f"{Z1}、{Z2}", "中通", our_number=OWN, name="李*", phone="138****1234", quantity=2)
    first, second = claims_of([row], own_numbers=own_numbers)
    assert (first.tracking_no, second.tracking_no, first.our_number) == (Z1, Z2, OWN)
    assert first.names == ("李*",)
    assert first.phone_tail == "1234"
    assert first.quantity is None  # two parcels in one row: nobody knows what is in which
    (claim,) = claims_of([TrackingRow(4, Z1, order_no=OWN)], own_numbers=own_numbers)
    assert (claim.our_number, claim.order_no) == (OWN, "")
    (claim,) = claims_of([TrackingRow(5, Z1, order_no="D1", note=f"采购单{OWN}")], own_numbers=own_numbers)
    assert (claim.our_number, claim.order_no) == (OWN, "D1")
    (claim,) = claims_of([TrackingRow(6, Z1, our_number="6925123412341234567")], own_numbers=own_numbers)
    assert claim.order_no == "6925123412341234567"
