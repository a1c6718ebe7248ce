"""Operators' rules: read or refused by name, told as sentences, applied in their order, replayed over past orders."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from daifa.areas.orders.rules.rule_engine import apply, describe, parse, replay, true_of, validate
from daifa.areas.orders.rules.rule_fields import FIELDS, OPERATORS, OPS_OF, Kind, Names
from daifa.areas.orders.rules.screening import screen
from daifa.areas.orders.types import HoldKind, RuleFacts, RuleRow, ScreenFacts, ScreenLine, ScreenSettings
from daifa.kit.errors import Invalid
from daifa.ports.shop import OrderState, RefundState

SHOP, OTHER_SHOP, SUPPLIER = UUID(int=1), UUID(int=2), UUID(int=3)
NAMES = Names({"douyin": "抖店"}, {str(SHOP): "抖店旗舰"}, {str(SUPPLIER): "恒达百货"})
ORDER = RuleFacts(
    order_id=UUID(int=9),
    number="690001",
    platform="douyin",
    shop_id=SHOP,
    province="浙江省",
    city="金华市",
    amount_fen=4000,
    paid_fen=3600,
    receivable_fen=4000,
    margin_fen=50,
    quantity=2,
    sku_codes=("HP-001", "HP-002"),
    titles=("北欧风抱枕套", "ins 挂钩"),
    note="要红色",
    memo="",
    flag="红",
    paid_at=datetime(2026, 11, 19, 15, 30, tzinfo=UTC),  # 23:30 in Beijing
    suppliers=(SUPPLIER,),
    tags=("老客",),
)
HOLD: list[Mapping[str, object]] = [{"do": "hold", "text": "亏损"}]


def cond(field: str, op: str, value: object) -> dict[str, object]:
    return {"field": field, "op": op, "value": value}


def rule(*parts: object, then: object = HOLD, every: bool = True, stop: bool = False) -> dict[str, object]:
    return {"when": {"all" if every else "any": list(parts)}, "then": then, "stop": stop}


def row(definition: Mapping[str, object], n: int = 1, **more: Any) -> RuleRow:
    values: dict[str, Any] = {"id": UUID(int=n), "name": f"规则{n}", "position": n, "enabled": True} | more
    return RuleRow(definition=validate(definition), **values)


def test_the_sentence_of_the_screens() -> None:
    made = rule(cond("margin_fen", "lt", 100), cond("platform", "is", "douyin"))
    assert describe(made, NAMES) == "如果 毛利 < ¥1 且 平台 = 抖店 → 挂起‘亏损’"


def test_groups_ids_and_hours_read_as_a_person_says_them() -> None:
    made = rule(
        cond("shop", "in", [str(SHOP), str(OTHER_SHOP)]),
        {"any": [cond("hour", "between", [22, 6]), cond("is_cod", "is", False), cond("margin_percent", "le", "5.0")]},
        then=[
            {"do": "tag", "value": "夜单"},
            {"do": "route", "supplier": str(SUPPLIER)},
            {"do": "priority", "value": 5},
            {"do": "approve"},
        ],
        stop=True,
    )
    assert describe(made, NAMES) == (
        "如果 店铺 属于 抖店旗舰、已删除的店铺 且 （付款钟点在 22 点到次日 6 点之间 或 不是货到付款 或 毛利率 ≤ 5%）"
        " → 打标签‘夜单’，派给 恒达百货，优先级设为 5，需要审批，不再看后面的规则"
    )


TRUE = [
    ("platform", "is", "douyin"), ("platform", "not_in", ["pdd", "jd"]), ("shop", "is", str(SHOP)),
    ("province", "is", "浙江"), ("province", "in", ["江苏", "浙江省"]), ("city", "is_not", "杭州"),
    ("amount_fen", "ge", 4000), ("paid_fen", "lt", 3601), ("margin_fen", "le", 50), ("margin_percent", "is", "1.25"),
    ("margin_percent", "lt", 2), ("quantity", "gt", 1), ("quantity", "is_not", 1), ("sku_code", "has", "hp-002"),
    ("sku_code", "has_not", ["X"]), ("title", "contains", "INS"), ("title", "not_contains", ["杯", "锅"]),
    ("note", "contains", "红色"), ("memo", "not_contains", "红"), ("flag", "is", "红"), ("flag", "is_not", ""),
    ("hour", "between", [22, 6]), ("hour", "between", [23, 24]), ("supplier", "has", str(SUPPLIER)),
    ("tags", "has", ["老客", "新客"]), ("is_cod", "is", False), ("refund", "is", "none"),
]  # fmt: skip
FALSE = [
    ("platform", "is_not", "douyin"), ("shop", "in", [str(OTHER_SHOP)]), ("province", "not_in", ["浙江"]),
    ("amount_fen", "gt", 4000), ("paid_fen", "is", 3601), ("margin_percent", "ge", "1.26"), ("quantity", "lt", 2),
    ("sku_code", "has", "HP-00"), ("title", "not_contains", "抱枕"), ("memo", "contains", "红"), ("flag", "in", ["黄"]),
    ("hour", "between", [6, 22]), ("tags", "has_not", "老客"), ("is_cod", "is", True), ("refund", "is", "applied"),
]  # fmt: skip


@pytest.mark.parametrize(("condition", "truth"), [(c, True) for c in TRUE] + [(c, False) for c in FALSE])
def test_each_field_by_example(condition: tuple[str, str, object], truth: bool) -> None:
    assert true_of(parse(rule(cond(*condition))).when, ORDER) is truth


def test_every_field_and_operator_is_proved() -> None:
    assert {f for f, _, _ in TRUE} == set(FIELDS)
    assert {op for _, op, _ in [*TRUE, *FALSE]} == set(OPERATORS)
    assert {op for ops in OPS_OF.values() for op in ops} == set(OPERATORS)


BAD = [
    ({}, "规则要有“如果”部分。", "when"),
    (rule(), "条件组是空的，请加一个条件或删掉这一组。", "when"),
    (rule(cond("colour", "is", "x")), "第 1 个条件：没有“colour”这个字段。", "when.all.0"),
    (rule(cond("paid_fen", "contains", 1)), "第 1 个条件“实付”：比较方式只能是 <、≤、>、≥、=、≠。", "when.all.0"),
    (rule(cond("is_cod", "is", True), cond("paid_fen", "lt", 1.5)), "第 2 个条件“实付”：请填金额。", "when.all.1"),
    (rule(cond("quantity", "lt", True)), "第 1 个条件“件数”：请填整数。", "when.all.0"),
    (rule(cond("margin_percent", "lt", "nan")), "第 1 个条件“毛利率”：百分数太大。", "when.all.0"),
    (rule(cond("hour", "between", [8, 8])), "第 1 个条件“付款钟点”：两个钟点不能相同。", "when.all.0"),
    (rule(cond("hour", "between", [8])), "第 1 个条件“付款钟点”：请填两个钟点，如 22 到 6。", "when.all.0"),
    (rule(cond("shop", "is", "一店")), "第 1 个条件“店铺”：没有这个店铺。", "when.all.0"),
    (
        rule(cond("title", "contains", [])),
        "第 1 个条件“商品标题”：请填 1 到 200 个词，每个不超过 100 字。",
        "when.all.0",
    ),
    (rule(cond("refund", "is", "x")), "第 1 个条件“售后”：没有这种售后状态。", "when.all.0"),
    (rule(cond("is_cod", "is", 1)), "第 1 个条件“货到付款”：请选“是”或“否”。", "when.all.0"),
    (rule({**cond("is_cod", "is", True), "sql": 1}), "第 1 个条件里有看不懂的内容“sql”。", "when.all.0"),
    (rule(cond("is_cod", "is", True), then=[]), "规则至少要有一个动作，例如“挂起”。", "then"),
    (rule(cond("is_cod", "is", True), then=[{"do": "hold", "text": " "}]), "第 1 个动作“挂起”：请写明内容。", "then.0"),
    (rule(cond("is_cod", "is", True), then=[{"do": "buy"}]), "第 1 个动作看不懂，可以是 挂起、需要审批", "then.0"),
    (
        rule(cond("is_cod", "is", True), then=[{"do": "priority", "value": 101}]),
        "第 1 个动作“优先级设为”：请填 -100 到 100 的整数，越大越先处理。",
        "then.0",
    ),
    (
        rule(cond("is_cod", "is", True), then=[{"do": "route", "supplier": "恒达"}]),
        "第 1 个动作“派给”：请选一个供应商。",
        "then.0",
    ),
    (rule(cond("is_cod", "is", True), then=[*HOLD, *HOLD]), "“挂起”写了两次，请只留一个。", "then"),
    (rule({"any": [{"all": [{"any": [cond("is_cod", "is", True)]}]}]}), "条件最多套 3 层，请拆成几条规则。", None),
    (rule(*[cond("is_cod", "is", True)] * 31), "条件有 31 个，最多 30 个，请拆成几条规则。", "when"),
]


@pytest.mark.parametrize(("definition", "said", "field"), BAD)
def test_what_is_wrong_is_said_by_name(definition: Mapping[str, object], said: str, field: str | None) -> None:
    with pytest.raises(Invalid) as caught:
        validate(definition)
    assert said in caught.value.message_zh
    assert field is None or caught.value.data["field"] == field


def test_rules_add_up_and_the_first_is_heard() -> None:
    always = cond("quantity", "ge", 0)
    rules = [
        row(rule(always, then=[{"do": "priority", "value": 1}, {"do": "tag", "value": "甲"}]), 2),
        row(rule(always, then=[{"do": "priority", "value": 9}, {"do": "flag", "value": "红"}, *HOLD]), 1),
        row(rule(cond("quantity", "ge", 9), then=[{"do": "tag", "value": "大"}]), 3),
        row(rule(always, then=[{"do": "tag", "value": "关"}]), 4, enabled=False),
    ]
    outcome = apply(rules, ORDER)
    assert (outcome.priority, outcome.flag, outcome.tags, outcome.supplier_id) == (9, "红", ("甲",), None)
    assert [h.text for h in outcome.holds] == ["亏损"]
    assert outcome.reasons == (
        "规则“规则1”：件数 2 → 优先级设为“9”，插旗“红”，挂起“亏损”",
        "规则“规则2”：件数 2 → 优先级设为“1”，打标签“甲”",
    )


def test_stop_ends_the_reading_only_where_it_holds() -> None:
    rules = [
        row(rule(cond("quantity", "ge", 2), then=[{"do": "tag", "value": "甲"}], stop=True), 1),
        row(rule(cond("quantity", "ge", 0), then=[{"do": "tag", "value": "乙"}]), 2),
    ]
    assert apply(rules, ORDER).tags == ("甲",)
    assert apply(rules, replace(ORDER, quantity=1)).tags == ("乙",)


def test_a_rules_hold_says_its_numbers_in_screening_and_changes_with_them() -> None:
    made = row(rule(cond("margin_fen", "lt", 100), cond("note", "contains", "红")), name="薄利")
    (held,) = apply([made], ORDER).holds
    facts = ScreenFacts(
        UUID(int=9), OrderState.PAID, datetime(2026, 11, 20, tzinfo=UTC), lines=(ScreenLine(UUID(int=1), "x", 1),),
        rule_holds=(held,),
    )  # fmt: skip
    (found,) = screen(facts, ScreenSettings())
    assert (found.kind, found.reason) == (HoldKind.RULE, "亏损（规则“薄利”：毛利 ¥0.50）")
    assert apply([made], replace(ORDER, margin_fen=60)).holds[0].fingerprint != held.fingerprint
    assert apply([made], replace(ORDER, note="要红色，13812345678")).holds[0].fingerprint == held.fingerprint
    assert apply([made], replace(ORDER, quantity=7)).holds[0].fingerprint == held.fingerprint


def test_a_replay_counts_each_rule_alone_even_when_off() -> None:
    rules = [
        row(rule(cond("margin_fen", "lt", 100), stop=True), 1, enabled=False),
        row(rule(cond("is_cod", "is", False), then=[{"do": "tag", "value": "甲"}]), 2),
    ]
    past = [ORDER, replace(ORDER, order_id=UUID(int=8), margin_fen=None, paid_fen=None)]
    first, second = replay(rules, past)
    assert (first.orders, first.amount_fen, first.amounts_missing) == ((ORDER.order_id,), 3600, 0)
    assert first.text == "2 单里会有 1 单：挂起“亏损”，涉及实付 ¥36"
    assert (len(second.orders), second.amounts_missing) == (2, 1)
    assert second.text == "2 单里会有 2 单：打标签“甲”，涉及实付 ¥36（1 单没有实付金额）"


# --- properties --------------------------------------------------------------------------------------------------

WORDS = st.sampled_from(["甲", "乙", "浙江", "红"])
VALUES: Mapping[Kind, st.SearchStrategy[object]] = {
    Kind.CHOICE: WORDS,
    Kind.PLACE: WORDS,
    Kind.MONEY: st.integers(-500, 500),
    Kind.PERCENT: st.decimals(-50, 50, places=1).map(str),
    Kind.NUMBER: st.integers(0, 5),
    Kind.HOUR: st.tuples(st.integers(0, 11), st.integers(12, 24)).map(list),
    Kind.TEXT: st.lists(WORDS, min_size=1, max_size=3),
    Kind.SET: st.lists(WORDS, min_size=1, max_size=3),
    Kind.YES: st.booleans(),
}


@st.composite
def conditions(draw: st.DrawFn) -> dict[str, object]:
    key = draw(
        st.sampled_from(sorted(k for k, f in FIELDS.items() if f.names not in ("shops", "suppliers", "refunds")))
    )
    kind = FIELDS[key].kind
    op = draw(st.sampled_from(OPS_OF[kind]))
    value = draw(VALUES[kind])
    return cond(key, op, [value] if op in ("in", "not_in") else value)


ACTION = st.one_of(
    st.builds(lambda t: [{"do": "hold", "text": t}], WORDS),
    st.builds(lambda t, p: [{"do": "tag", "value": t}, {"do": "priority", "value": p}], WORDS, st.integers(-9, 9)),
)
GROUP = st.recursive(
    st.lists(conditions(), min_size=1, max_size=3).map(lambda c: {"all": c}),
    lambda g: st.builds(lambda w, p: {w: p}, st.sampled_from(["all", "any"]), st.lists(g, min_size=1, max_size=2)),
    max_leaves=3,
).filter(lambda g: _depth(g) <= 3)
DEFINITIONS = st.builds(lambda w, t, s: {"when": w, "then": t, "stop": s}, GROUP, ACTION, st.booleans())
FACTS = st.builds(
    RuleFacts,
    order_id=st.uuids(),
    platform=WORDS,
    province=st.sampled_from(["", "浙江省", "甲"]),
    paid_fen=st.none() | st.integers(0, 500),
    receivable_fen=st.none() | st.integers(0, 500),
    margin_fen=st.none() | st.integers(-500, 500),
    quantity=st.integers(0, 5),
    titles=st.lists(WORDS, max_size=2).map(tuple),
    note=st.none() | WORDS,
    flag=st.sampled_from(["", "红"]),
    tags=st.lists(WORDS, max_size=2).map(tuple),
    cash_on_delivery=st.booleans(),
    refund=st.sampled_from(RefundState),
)


def _depth(part: object) -> int:
    if not isinstance(part, Mapping) or "field" in part:
        return 0
    return 1 + max(_depth(p) for ps in part.values() for p in ps)


RULES = st.lists(st.tuples(DEFINITIONS, st.booleans()), max_size=4).map(
    lambda ds: [row(d, n, enabled=on) for n, (d, on) in enumerate(ds)]
)


@settings(max_examples=150, deadline=None)
@given(DEFINITIONS, FACTS)
def test_the_normal_form_is_stable_means_the_same_and_can_be_said(
    definition: dict[str, object], facts: RuleFacts
) -> None:
    once = validate(definition)
    assert validate(once) == once
    assert true_of(parse(once).when, facts) is true_of(parse(definition).when, facts)
    assert describe(once, NAMES).startswith("如果 ")


@settings(max_examples=150, deadline=None)
@given(RULES, FACTS, st.randoms(use_true_random=False))
def test_only_positions_and_switches_count(rules: list[RuleRow], facts: RuleFacts, random: Any) -> None:
    mixed = list(rules)
    random.shuffle(mixed)
    assert apply(mixed, facts) == apply(rules, facts) == apply([r for r in rules if r.enabled], facts)


@settings(max_examples=100, deadline=None)
@given(DEFINITIONS, st.lists(FACTS, max_size=5))
def test_a_replay_promises_what_the_rule_then_does(definition: dict[str, object], past: list[RuleFacts]) -> None:
    made = row(definition)
    (said,) = replay([made], past)
    assert said.looked == len(past)
    assert list(said.orders) == [f.order_id for f in past if apply([made], f).reasons]


@settings(max_examples=200, deadline=None)
@given(conditions(), FACTS)
def test_a_question_and_its_opposite_never_both_hold_and_neither_of_the_unknown(
    condition: dict[str, object], facts: RuleFacts
) -> None:
    opposite = {
        "lt": "ge", "ge": "lt", "le": "gt", "gt": "le", "is": "is_not", "is_not": "is", "in": "not_in", "not_in": "in",
        "contains": "not_contains", "not_contains": "contains", "has": "has_not", "has_not": "has",
    }  # fmt: skip
    field = FIELDS[str(condition["field"])]
    other = {**condition, "op": opposite.get(str(condition["op"]), "")}
    if field.kind is Kind.YES:
        other = {**condition, "value": not condition["value"]}
    elif field.kind is Kind.HOUR:
        other = {**condition, "value": list(reversed([int(str(h)) % 24 for h in condition["value"]]))}  # type: ignore[attr-defined]
        if other["value"][0] == other["value"][1]:  # type: ignore[index]
            return
    truths = [true_of(parse(rule(c)).when, facts) for c in (condition, other)]
    assert sum(truths) == (0 if field.read(facts) is None else 1)
