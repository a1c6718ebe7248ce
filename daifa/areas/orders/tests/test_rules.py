"""Rules in the database: new ones wait switched off, stale forms are refused, order is whole, deeds are audited."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest

from daifa.areas.orders.models import Rule
from daifa.areas.orders.services import rules
from daifa.base.actor import Actor
from daifa.base.models import AuditEntry
from daifa.kit.errors import AppError, Conflict, Invalid, NotAllowed, NotFound

BOSS = Actor("m:0", "店主", frozenset({"rules.edit"}))
MARGIN: dict[str, Any] = {
    "when": {"all": [{"field": "margin_fen", "op": "lt", "value": 100}]},
    "then": [{"do": "hold", "text": "亏损"}],
}


def verbs() -> list[str]:
    return list(AuditEntry.objects.order_by("at", "id").values_list("verb", flat=True))


def test_a_new_rule_is_last_off_and_in_normal_form(in_tenant: int) -> None:
    first = rules.create(by=BOSS, name=" 亏损 ", definition=MARGIN)
    second = rules.create(by=BOSS, name="备用", definition=MARGIN)
    assert (first.name, first.enabled, first.position, second.position) == ("亏损", False, 0, 1)
    assert first.definition == {**MARGIN, "stop": False}
    assert (rules.enabled(), [r.id for r in rules.every()]) == ([], [first.id, second.id])
    assert verbs() == ["rule.create", "rule.create"]


def test_switching_saving_and_ordering(in_tenant: int) -> None:
    one, two, three = (rules.create(by=BOSS, name=n, definition=MARGIN) for n in "甲乙丙")
    on = rules.switch(by=BOSS, rule_id=two.id, on=True, version=two.version)
    assert (on.enabled, on.version) == (True, 2)
    assert rules.switch(by=BOSS, rule_id=two.id, on=True).version == 2
    tag = {**MARGIN, "then": [{"do": "tag", "value": "薄利"}]}
    saved = rules.save(by=BOSS, rule_id=two.id, version=2, name="丁", definition=tag)
    assert (saved.name, saved.version, saved.enabled) == ("丁", 3, True)
    assert rules.save(by=BOSS, rule_id=two.id, version=3, name="丁", definition=tag).version == 3
    rules.reorder(by=BOSS, rule_ids=[three.id, one.id, two.id])
    assert [r.name for r in rules.every()] == ["丙", "甲", "丁"]
    rules.delete(by=BOSS, rule_id=one.id)
    assert [r.name for r in rules.every()] == ["丙", "丁"]
    assert verbs()[3:] == ["rule.switch", "rule.change", "rule.reorder", "rule.delete"]


@pytest.mark.parametrize(
    ("deed", "error"),
    [
        (lambda i: rules.create(by=BOSS, name="甲", definition=MARGIN), Conflict),
        (lambda i: rules.create(by=BOSS, name=" ", definition=MARGIN), Invalid),
        (lambda i: rules.create(by=BOSS, name="新", definition={}), Invalid),
        (lambda i: rules.create(by=Actor("m:1", "客服"), name="新", definition=MARGIN), NotAllowed),
        (lambda i: rules.save(by=BOSS, rule_id=i, version=7, name="新", definition=MARGIN), Conflict),
        (lambda i: rules.save(by=BOSS, rule_id=i, version=1, name="乙", definition=MARGIN), Conflict),
        (lambda i: rules.switch(by=BOSS, rule_id=i, on=True, version=9), Conflict),
        (lambda i: rules.switch(by=BOSS, rule_id=UUID(int=5), on=True), NotFound),
        (lambda i: rules.reorder(by=BOSS, rule_ids=[i]), Conflict),
        (lambda i: rules.delete(by=BOSS, rule_id=UUID(int=5)), NotFound),
    ],
)
def test_a_refused_deed_changes_nothing(in_tenant: int, deed: Callable[[UUID], object], error: type[AppError]) -> None:
    one, _ = (rules.create(by=BOSS, name=n, definition=MARGIN) for n in "甲乙")
    before = list(Rule.objects.order_by("id").values())
    with pytest.raises(error):
        deed(one.id)
    assert list(Rule.objects.order_by("id").values()) == before
    assert len(verbs()) == 2
