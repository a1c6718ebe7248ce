"""What may be answered to a buyer who wants an order sent elsewhere."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from daifa.flows.address_policy import Asked, MoveFacts, judge

CLEAN = MoveFacts(automatic=True)
FACTS = st.builds(
    MoveFacts,
    automatic=st.booleans(),
    assigned=st.integers(0, 3),
    sent=st.integers(0, 3),
    shipped=st.integers(0, 3),
    gone=st.booleans(),
    refund=st.booleans(),
    against=st.lists(st.sampled_from(["不送达", "地址不完整"]), max_size=2).map(tuple),
    asked=st.sampled_from(list(Asked)),
)


def test_the_machine_says_yes_only_where_nothing_speaks_against_it() -> None:
    assert judge(CLEAN).by_itself
    changes: tuple[tuple[dict[str, Any], str], ...] = (
        ({"automatic": False}, "没有开全自动"), ({"assigned": 1}, "已经派单"), ({"sent": 1}, "已经派单"),
        ({"shipped": 1}, "已经发货"), ({"gone": True}, "已经发货"), ({"refund": True}, "退款"),
        ({"against": ("供应商都不发 西藏",)}, "不发 西藏"),
    )  # fmt: skip
    for change, why in changes:
        verdict = judge(replace(CLEAN, **change))
        assert not verdict.by_itself
        assert why in "；".join(verdict.reasons)


def test_suppliers_are_asked_first_and_their_answer_is_the_advice() -> None:
    sent = replace(CLEAN, sent=2)
    said = {a: judge(replace(sent, asked=a)) for a in Asked}
    assert [a for a, v in said.items() if v.may_ask] == [Asked.NOT_ASKED]
    assert "先问供应商" in said[Asked.NOT_ASKED].advice
    assert "请同意" in said[Asked.YES].advice
    assert "请拒绝" in said[Asked.NO].advice


@given(FACTS)
def test_what_left_is_never_agreed_to_and_the_machine_never_does_what_a_person_may_not(facts: MoveFacts) -> None:
    verdict = judge(facts)
    assert verdict.advice
    assert verdict.by_itself == (not verdict.reasons)
    if facts.shipped or facts.gone:
        assert not verdict.may_agree
    if verdict.by_itself:
        assert verdict.may_agree
        assert not verdict.may_ask
    if verdict.may_ask:
        assert facts.sent
