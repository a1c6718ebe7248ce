"""Operators' rules: a document of conditions and actions, read, told as a sentence, applied, and replayed. Pure.

A definition is ``{"when": {"all": [{"field", "op", "value"} | {"any": […]}, …]}, "then": [{"do", …}, …],
"stop": bool}``. Actions: ``hold`` (text), ``approve`` (text), ``tag`` (value), ``flag`` (value), ``priority`` (value
−100..100), ``route`` (supplier). Rules apply in their order; ``stop`` ends the reading for orders that it holds of.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from uuid import UUID

from daifa.areas.orders.rules.rule_fields import (
    FIELDS,
    OPERATORS,
    OPS_OF,
    BadValue,
    Names,
    Value,
    fact_shown,
    holds_of,
    read_value,
    shown,
    yuan,
)
from daifa.areas.orders.types import RuleFacts, RuleHold, RuleOutcome, RuleReplay, RuleRow
from daifa.kit.errors import Invalid
from daifa.kit.values import dataclass

MOST_CONDITIONS = 30
MOST_DEPTH = 3
MOST_ACTIONS = 10
ACTIONS: Mapping[str, str] = {
    "hold": "挂起",
    "approve": "需要审批",
    "tag": "打标签",
    "flag": "插旗",
    "priority": "优先级设为",
    "route": "派给",
}
_KEY_OF = {"hold": "text", "approve": "text", "tag": "value", "flag": "value", "priority": "value", "route": "supplier"}


@dataclass(frozen=True, slots=True)
class Condition:
    """One question to an order."""

    field: str
    op: str
    value: Value


@dataclass(frozen=True, slots=True)
class Group:
    """Conditions of which all (或 any) must hold."""

    every: bool
    parts: tuple[Condition | Group, ...]


@dataclass(frozen=True, slots=True)
class Action:
    """One thing to do: its verb and its one word (text, tag, flag, priority, supplier id)."""

    do: str
    word: str | int


@dataclass(frozen=True, slots=True)
class Parsed:
    """A definition that was read."""

    when: Group
    then: tuple[Action, ...]
    stop: bool = False


def parse(definition: Mapping[str, object]) -> Parsed:
    """A definition as values. Raises Invalid with a Chinese sentence that names the place; ``field`` is its path."""
    _only(definition, ("when", "then", "stop"), "规则", "")
    when = definition.get("when")
    if not isinstance(when, Mapping):
        raise _bad("when", "规则要有“如果”部分。")
    group = _group(when, "when", 1)
    conditions = list(_conditions(group))
    if not conditions:
        raise _bad("when", "规则至少要有一个条件，否则会对所有订单起作用。")
    if len(conditions) > MOST_CONDITIONS:
        raise _bad("when", f"条件有 {len(conditions)} 个，最多 {MOST_CONDITIONS} 个，请拆成几条规则。")
    raw = definition.get("then")
    if not isinstance(raw, (list, tuple)) or not raw:
        raise _bad("then", "规则至少要有一个动作，例如“挂起”。")
    if len(raw) > MOST_ACTIONS:
        raise _bad("then", f"动作有 {len(raw)} 个，最多 {MOST_ACTIONS} 个。")
    actions = tuple(_action(a, n) for n, a in enumerate(raw))
    once = [a.do for a in actions if a.do != "tag"]
    if twice := next((d for d in once if once.count(d) > 1), ""):
        raise _bad("then", f"“{ACTIONS[twice]}”写了两次，请只留一个。")
    stop = definition.get("stop", False)
    if not isinstance(stop, bool):
        raise _bad("stop", "“之后的规则不再看”只能是“是”或“否”。")
    return Parsed(group, actions, stop)


def _bad(field: str, said: str) -> Invalid:
    return Invalid("bad_rule", said, field=field)


def _only(document: Mapping[str, object], known: Sequence[str], what: str, path: str) -> None:
    if strange := sorted(str(k) for k in document if k not in known):
        raise _bad(path, f"{what}里有看不懂的内容“{strange[0]}”。")


def _group(document: Mapping[str, object], path: str, depth: int) -> Group:
    _only(document, ("all", "any"), "条件组", path)
    if len(document) != 1:
        raise _bad(path, "条件组要么是“全部满足”，要么是“满足任一”。")
    if depth > MOST_DEPTH:
        raise _bad(path, f"条件最多套 {MOST_DEPTH} 层，请拆成几条规则。")
    [(word, parts)] = document.items()
    if not isinstance(parts, (list, tuple)) or not parts:
        raise _bad(path, "条件组是空的，请加一个条件或删掉这一组。")
    return Group(word == "all", tuple(_part(p, f"{path}.{word}.{n}", n, depth) for n, p in enumerate(parts)))


def _part(document: object, path: str, n: int, depth: int) -> Condition | Group:
    if not isinstance(document, Mapping):
        raise _bad(path, f"第 {n + 1} 个条件看不懂。")
    if "field" not in document:
        return _group(document, path, depth + 1)
    _only(document, ("field", "op", "value"), f"第 {n + 1} 个条件", path)
    key, op = str(document["field"]), str(document.get("op", ""))
    field = FIELDS.get(key)
    if field is None:
        raise _bad(path, f"第 {n + 1} 个条件：没有“{key}”这个字段。")
    if op not in OPS_OF[field.kind]:
        ways = "、".join(OPERATORS[o] for o in OPS_OF[field.kind])
        raise _bad(path, f"第 {n + 1} 个条件“{field.label}”：比较方式只能是 {ways}。")
    try:
        return Condition(key, op, read_value(key, op, document.get("value")))
    except BadValue as error:
        raise _bad(path, f"第 {n + 1} 个条件“{field.label}”：{error}。") from error


def _action(document: object, n: int) -> Action:
    path = f"then.{n}"
    do = document.get("do") if isinstance(document, Mapping) else None
    if not isinstance(document, Mapping) or do not in ACTIONS:
        raise _bad(path, f"第 {n + 1} 个动作看不懂，可以是 {'、'.join(ACTIONS.values())}。")
    verb = str(do)
    _only(document, ("do", _KEY_OF[verb]), f"第 {n + 1} 个动作", path)
    word = document.get(_KEY_OF[verb])
    said = f"第 {n + 1} 个动作“{ACTIONS[verb]}”"
    if verb == "priority":
        if isinstance(word, bool) or not isinstance(word, int) or not -100 <= word <= 100:
            raise _bad(path, f"{said}：请填 -100 到 100 的整数，越大越先处理。")
        return Action(verb, word)
    text = word.strip() if isinstance(word, str) else ""
    if verb == "route":
        try:
            return Action(verb, str(UUID(text)))
        except ValueError as error:
            raise _bad(path, f"{said}：请选一个供应商。") from error
    if not text and verb != "approve":
        raise _bad(path, f"{said}：请写明内容。")
    if len(text) > 60 or (verb == "tag" and ("," in text or "，" in text)):
        raise _bad(path, f"{said}：最多 60 个字，标签里不能有逗号。")
    return Action(verb, text)


def _conditions(group: Group) -> Iterator[Condition]:
    for part in group.parts:
        if isinstance(part, Condition):
            yield part
        else:
            yield from _conditions(part)


def validate(definition: Mapping[str, object]) -> dict[str, object]:
    """The definition in its one normal form, fit to be stored. Raises Invalid as ``parse`` does."""
    parsed = parse(definition)
    then = [{"do": a.do, _KEY_OF[a.do]: a.word} for a in parsed.then]
    return {"when": _document(parsed.when), "then": then, "stop": parsed.stop}


def _document(part: Condition | Group) -> dict[str, object]:
    if isinstance(part, Group):
        return {"all" if part.every else "any": [_document(p) for p in part.parts]}
    value = list(part.value) if isinstance(part.value, tuple) else part.value
    return {"field": part.field, "op": part.op, "value": value}


def describe(definition: Mapping[str, object], names: Names) -> str:
    """The rule as a sentence: 如果 毛利 < ¥1 且 店铺 = 旗舰店 → 挂起‘亏损’."""
    parsed = parse(definition)
    todo = "，".join(_told(action, names) for action in parsed.then)
    return f"如果 {_said(parsed.when, names, top=True)} → {todo}{'，不再看后面的规则' if parsed.stop else ''}"


def _said(part: Condition | Group, names: Names, *, top: bool = False) -> str:
    if isinstance(part, Condition):
        return shown(part.field, part.op, part.value, names)
    text = (" 且 " if part.every else " 或 ").join(_said(p, names) for p in part.parts)
    return text if top or len(part.parts) == 1 else f"（{text}）"


def _told(action: Action, names: Names) -> str:
    match action.do:
        case "route":
            return f"派给 {names.of('suppliers', str(action.word))}"
        case "priority":
            return f"优先级设为 {action.word}"
        case "approve":
            return f"需要审批‘{action.word}’" if action.word else "需要审批"
        case _:
            return f"{ACTIONS[action.do]}‘{action.word}’"


def true_of(group: Condition | Group, facts: RuleFacts) -> bool:
    """Whether the conditions hold of an order."""
    if isinstance(group, Condition):
        return holds_of(group.field, group.op, group.value, facts)
    found = (true_of(part, facts) for part in group.parts)
    return all(found) if group.every else any(found)


def compile_rules(rules: Sequence[RuleRow]) -> list[tuple[RuleRow, Parsed]]:
    """The switched-on rules in their order, read once for many orders."""
    on = sorted((r for r in rules if r.enabled), key=lambda r: (r.position, r.name, str(r.id)))
    return [(r, parse(r.definition)) for r in on]


def apply(rules: Sequence[RuleRow], facts: RuleFacts) -> RuleOutcome:
    """What the switched-on rules want of one order, with one reason per rule that held."""
    return apply_compiled(compile_rules(rules), facts)


def apply_compiled(rules: Sequence[tuple[RuleRow, Parsed]], facts: RuleFacts) -> RuleOutcome:
    """As ``apply``, for rules that were read already."""
    holds: list[RuleHold] = []
    tags: dict[str, None] = {}
    first: dict[str, str | int] = {}
    reasons: list[str] = []
    for rule, parsed in rules:
        if not true_of(parsed.when, facts):
            continue
        because = _because(parsed, facts)
        for action in parsed.then:
            if action.do in ("hold", "approve"):
                asks, print_ = action.do == "approve", _print(rule, parsed, facts)
                holds.append(RuleHold(rule.id, rule.name, str(action.word), print_, asks, because))
            elif action.do == "tag":
                tags[str(action.word)] = None
            else:
                first.setdefault(action.do, action.word)
        reasons.append(f"规则“{rule.name}”：{because + ' → ' if because else ''}{_done(parsed)}")
        if parsed.stop:
            break
    supplier, priority, flag = (first.get(k) for k in ("route", "priority", "flag"))
    return RuleOutcome(
        tuple(holds),
        tuple(tags),
        priority if isinstance(priority, int) else None,
        None if flag is None else str(flag),
        None if supplier is None else UUID(str(supplier)),
        tuple(reasons),
    )


def _done(parsed: Parsed) -> str:
    return "，".join(
        "指定供应商" if a.do == "route" else f"{ACTIONS[a.do]}{f'“{a.word}”' if a.word != '' else ''}"
        for a in parsed.then
    )


def _because(parsed: Parsed, facts: RuleFacts) -> str:
    """The numbers and places that made the rule hold, as the order has them."""
    true = [c for c in _conditions(parsed.when) if holds_of(c.field, c.op, c.value, facts)]
    return "，".join(dict.fromkeys(text for c in true if (text := fact_shown(c.field, facts))))


def _print(rule: RuleRow, parsed: Parsed, facts: RuleFacts) -> str:
    """What the rule judged: itself, and the values it looked at. Of personal text only whether it was so."""
    judged = [str(rule.id), repr(parsed.when), repr(parsed.then)]
    for c in _conditions(parsed.when):
        field = FIELDS[c.field]
        judged.append(str(holds_of(c.field, c.op, c.value, facts) if field.personal else field.read(facts)))
    return hashlib.blake2b("\x1f".join(judged).encode(), digest_size=8).hexdigest()


def replay(rules: Sequence[RuleRow], past: Sequence[RuleFacts]) -> list[RuleReplay]:
    """What each rule, alone and whether switched on or not, would have done to these orders."""
    return [_replay(rule, past) for rule in sorted(rules, key=lambda r: (r.position, r.name, str(r.id)))]


def _replay(rule: RuleRow, past: Sequence[RuleFacts]) -> RuleReplay:
    parsed = parse(rule.definition)
    hit = [f for f in past if true_of(parsed.when, f)]
    amount = sum(f.paid_fen for f in hit if f.paid_fen is not None)
    missing = sum(f.paid_fen is None for f in hit)
    said = f"{len(past)} 单里会有 {len(hit)} 单：{_done(parsed)}，涉及实付 {yuan(amount)}"
    text = said + (f"（{missing} 单没有实付金额）" if missing else "")
    return RuleReplay(rule.id, rule.name, len(past), tuple(f.order_id for f in hit), amount, missing, text)
