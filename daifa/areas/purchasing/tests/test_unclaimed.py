"""How like one of theirs is to one of ours."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from daifa.areas.purchasing.rules.unclaimed import Side, likeness
from daifa.ports.shop import Recipient, RecipientState

TO = Recipient(RecipientState.PLAIN, "王小明", "17012345678", "浙江省", "金华市", "义乌市", "", "测试路 12 号")
OURS = Side("P1-1", (("726", "red", 2, ""),), 1000, TO)
# A supplier's platform tells the place in one text.
THERE = Recipient(RecipientState.PLAIN, TO.name, TO.phone, address="浙江省金华市义乌市测试路 12 号")
THEIRS = Side("", (("726", "red", 2, "红色"),), 1000, THERE)


def test_the_same_goods_for_the_same_person_at_the_same_price_is_likely_it() -> None:
    seen = likeness(OURS, THEIRS)
    assert (seen.agrees, seen.differs) == (("商品和件数一致", "收件人一致", "金额相同"), ())
    assert likeness(OURS, replace(THEIRS, reference="P1-1")).score > seen.score >= 4


def test_our_other_references_order_is_never_it() -> None:
    assert likeness(OURS, replace(THEIRS, reference="P2-1")).score < 1


def test_what_a_platform_does_not_say_speaks_neither_way() -> None:
    assert likeness(OURS, Side("", (), None, None)).score == 0
    masked = replace(OURS, recipient=replace(TO, state=RecipientState.MASKED))
    assert not [x for x in likeness(masked, THEIRS).differs if "收件" in x]


@given(st.integers(1, 9), st.integers(1, 9), st.sampled_from(["red", "blue"]))
def test_other_goods_or_pieces_never_beat_the_same(pieces: int, other: int, spec: str) -> None:
    ours = replace(OURS, lines=(("726", "red", pieces, ""),))
    same = likeness(ours, replace(THEIRS, lines=(("726", "red", pieces, ""),))).score
    seen = likeness(ours, replace(THEIRS, lines=(("726", spec, other, ""),))).score
    assert seen <= same
    assert (seen == same) == ((spec, other) == ("red", pieces))
