"""Operators' rules as a person works on them: sentences, order, switch, and what they would have done; then done."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from itertools import batched
from uuid import UUID

from daifa.areas.accounts.services import shops
from daifa.areas.orders.rules.rule_engine import describe, parse, replay, validate
from daifa.areas.orders.rules.rule_fields import FIELDS, Names
from daifa.areas.orders.services import memos, rows, rules
from daifa.areas.orders.types import RuleFacts, RuleReplay, RuleRow
from daifa.areas.purchasing.services import suppliers
from daifa.base.actor import Actor
from daifa.connectors import registry
from daifa.flows import sweep
from daifa.flows.steps.rule import facts_of, marks_of
from daifa.kit import clock
from daifa.kit.errors import Invalid
from daifa.kit.ids import uuid7
from daifa.kit.values import dataclass
from daifa.reads import rule_facts
from daifa.reads.rule_facts import RuleOrder

DAYS = 30
MOST_PAST = 50_000
BATCH = 5_000
PERSONAL = frozenset(key for key, field in FIELDS.items() if field.personal)


@dataclass(frozen=True, slots=True)
class RuleSaid:
    """A rule with its sentence."""

    rule: RuleRow
    sentence: str


@dataclass(frozen=True, slots=True)
class PastOrder:
    """One order of the past that a rule would have caught."""

    id: UUID
    number: str
    shop: str
    paid_at: datetime | None
    paid_fen: int | None
    margin_fen: int | None


@dataclass(frozen=True, slots=True)
class Replayed:
    """What one rule alone would have done to the orders of the last days; ``cut``: there were more than looked at."""

    days: int
    rule: RuleReplay
    sentence: str
    orders: tuple[PastOrder, ...]
    cut: bool


def names() -> Names:
    """What platforms, shops and suppliers are called."""
    return Names(
        platforms={c.key: c.short for c in registry.cards()},
        shops={str(s.id): s.name for s in shops.list_shops()},
        suppliers={str(i): name for i, name in suppliers.names().items()},
    )


def listed() -> list[RuleSaid]:
    """Every rule in its order, as sentences."""
    called = names()
    return [RuleSaid(r, describe(r.definition, called)) for r in rules.every()]


def said(rule: RuleRow) -> RuleSaid:
    """One rule with its sentence."""
    return RuleSaid(rule, describe(rule.definition, names()))


def switch(*, by: Actor, rule_id: UUID, on: bool, version: int) -> RuleSaid:
    """Switch a rule on or off; orders that are still on their way are judged anew at once, by a job."""
    row = rules.switch(by=by, rule_id=rule_id, on=on, version=version)
    sweep.open_orders()
    return said(row)


def save(*, by: Actor, rule_id: UUID, version: int, name: str, definition: Mapping[str, object]) -> RuleSaid:
    """Change a rule; one that acts is applied to open orders anew."""
    row = rules.save(by=by, rule_id=rule_id, version=version, name=name, definition=definition)
    if row.enabled:
        sweep.open_orders()
    return said(row)


def reorder(*, by: Actor, rule_ids: Sequence[UUID]) -> list[RuleSaid]:
    """Put all rules in this order."""
    rules.reorder(by=by, rule_ids=rule_ids)
    sweep.open_orders()
    return listed()


def delete(*, by: Actor, rule_id: UUID) -> None:
    """Remove a rule; what it held and marked is released."""
    rules.delete(by=by, rule_id=rule_id)
    sweep.open_orders()


def replay_one(
    *, by: Actor, rule_id: UUID | None = None, definition: Mapping[str, object] | None = None, days: int = DAYS
) -> Replayed:
    """What a stored rule, or one that is being written, would have done. Raises NotFound, Invalid."""
    if definition is not None:
        row = RuleRow(rule_id or uuid7(), "这条规则", 0, True, validate(definition))
    elif rule_id is not None:
        row = rules.get(rule_id)
    else:
        raise Invalid("no_rule", "请说明要回放哪一条规则。")
    return _replay(by, [row], days)[0]


def replay_all(*, by: Actor, days: int = DAYS) -> list[Replayed]:
    """What each rule alone, switched on or not, would have done."""
    return _replay(by, rules.every(), days)


def _replay(by: Actor, asked: Sequence[RuleRow], days: int) -> list[Replayed]:
    if not asked:
        return []
    if not 1 <= days <= 365:
        raise Invalid("bad_days", "回放的天数要在 1 到 365 之间。")
    since = clock.now() - timedelta(days=days)
    scope = None if by.shops is None else sorted(by.shops)
    ids = rule_facts.past(since, shops=scope, most=MOST_PAST)
    wanted = {key for r in asked for key in _fields(r.definition)}
    past: list[RuleFacts] = []
    kept: dict[UUID, RuleOrder] = {}
    for chunk in batched(ids, BATCH):
        for order, facts in _facts(chunk, opened=bool(wanted & PERSONAL)):
            past.append(facts)
            kept[order.id] = order
    called = names()
    shown = {r.id: describe(r.definition, called) for r in asked}
    return [
        Replayed(
            days=days,
            rule=r,
            sentence=shown[r.rule_id],
            orders=tuple(_past(kept[i], called) for i in r.orders),
            cut=len(ids) == MOST_PAST,
        )
        for r in replay(asked, past)
    ]


def _fields(definition: Mapping[str, object]) -> set[str]:
    """The fields that a rule asks for."""
    found: set[str] = set()
    todo: list[object] = [parse(definition).when]
    while todo:
        part = todo.pop()
        if field := getattr(part, "field", ""):
            found.add(field)
        todo += getattr(part, "parts", ())
    return found


def _facts(order_ids: Sequence[UUID], *, opened: bool) -> list[tuple[RuleOrder, RuleFacts]]:
    found = rule_facts.load(order_ids)
    noted = [o.id for o in found if o.has_note or o.has_memo] if opened else []
    persons = rows.load_persons(noted) if noted else {}
    made = []
    for o in found:
        words = persons[o.id].values if o.id in persons else {}
        note, memo = words.get("p:buyer_note"), memos.shown(words)
        facts = facts_of(
            o,
            marks_of(o),
            margin_fen=o.margin_fen,
            note=str(note) if note else None,
            memo=str(memo) if memo else None,
            suppliers=tuple(o.suppliers or ()),
        )
        made.append((o, facts))
    return made


def _past(order: RuleOrder, called: Names) -> PastOrder:
    shop = called.of("shops", str(order.shop_id))
    return PastOrder(order.id, order.number, shop, order.paid_at, order.paid_fen, order.margin_fen)
