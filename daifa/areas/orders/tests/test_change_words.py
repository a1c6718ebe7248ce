"""The sentence of a change: why one recipient stands above another, and nothing that did not happen."""

from __future__ import annotations

from daifa.areas.orders.rules.change_words import sentence
from daifa.areas.orders.rules.ranking import BY_PERSON, OPENED

MASKED = {"state": "masked", "name": "王*"}
PLAIN = {"state": "plain", "name": "王小明"}


def _said(before: dict[str, object], after: dict[str, object]) -> str:
    return sentence(before, after, [k for k in after if after[k] != before.get(k)])


def test_decrypted_is_not_called_edited_by_a_person() -> None:
    opened = {**PLAIN, **OPENED}
    first = _said({"p:recipient": MASKED}, {"p:recipient": opened, "p:platform": MASKED})
    assert first == "收件人更新；原来的收件人留底，发货用平台解密的"
    later = _said(
        {"p:recipient": opened, "p:platform": MASKED}, {"p:recipient": opened, "p:platform": {**MASKED, "name": "李*"}}
    )
    assert later == "平台上的收件人更新（没有采用，发货仍用平台解密的）"


def test_a_persons_own_word_is_called_so() -> None:
    typed = {**PLAIN, **BY_PERSON}
    assert _said({"p:recipient": MASKED}, {"p:recipient": typed, "p:platform": MASKED}).endswith("发货用人工改的")
    assert _said({"p:recipient": typed}, {"p:recipient": typed, "p:platform": MASKED}) == (
        "平台上的收件人补充（没有采用，发货仍用人工改的）"
    )


def test_where_the_platforms_newer_word_stands_nothing_is_kept_beside_it() -> None:
    before = {"p:recipient": {**PLAIN, **OPENED}, "p:platform": MASKED}
    assert sentence(before, {"p:recipient": MASKED}, ["p:recipient", "p:platform"]) == "收件人更新"
