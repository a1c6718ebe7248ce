"""Ruled: the operators' rules that are switched on, over many orders at once; holds are handed on to screening."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from uuid import UUID

from daifa.areas.orders.rules.rule_engine import apply_compiled, compile_rules
from daifa.areas.orders.rules.ruling import Marks, ruled_of
from daifa.areas.orders.services import rules, ruling
from daifa.areas.orders.types import RuleFacts, RuleHold, RuleOutcome
from daifa.flows.steps.appraise import Appraised
from daifa.ports.shop import OrderState, RefundState
from daifa.reads import rule_facts
from daifa.reads.rule_facts import RuleOrder

type Words = Mapping[UUID, tuple[str | None, str | None]]
# After the end nothing is marked any more, and marks stay as they were.
_OVER = frozenset({OrderState.FINISHED.value, OrderState.CANCELLED.value})


def run(
    order_ids: Sequence[UUID],
    appraised: Mapping[UUID, Appraised],
    words: Words,
    likely: Mapping[UUID, Sequence[UUID]],
) -> dict[UUID, tuple[RuleHold, ...]]:
    """Put the rules' marks on these orders (locked by the caller) and return what they want held.

    ``words`` are note and memo as opened for judging, ``likely`` the cheapest suppliers of what is not bought yet.
    """
    on = compile_rules(rules.enabled())
    if not order_ids or not (on or rule_facts.any_marked(order_ids)):
        return {}
    found: list[tuple[UUID, Marks, RuleOutcome]] = []
    holds = {}
    for order in rule_facts.load(order_ids):
        if order.state in _OVER or (order.state == OrderState.UNPAID.value and not order.cash_on_delivery):
            continue
        marks = marks_of(order)
        money = appraised.get(order.id)
        note, memo = words.get(order.id, (None, None))
        facts = facts_of(
            order,
            marks,
            margin_fen=money.margin_fen if money else None,
            note=note,
            memo=memo,
            suppliers=tuple(order.suppliers or ()) or tuple(likely.get(order.id, ())),
        )
        outcome = apply_compiled(on, facts)
        found.append((order.id, marks, outcome))
        holds[order.id] = outcome.holds
    ruling.settle(found)
    return holds


def marks_of(order: RuleOrder) -> Marks:
    """The marks of an order as they stand."""
    tags = tuple(t for t in order.tags.split(",") if t)
    return Marks(tags, order.priority, order.flag, ruled_of(order.ruled))


def facts_of(
    order: RuleOrder,
    marks: Marks,
    *,
    margin_fen: int | None,
    note: str | None,
    memo: str | None,
    suppliers: tuple[UUID, ...],
) -> RuleFacts:
    """One order as rules judge it: never by their own marks."""
    return RuleFacts(
        order_id=order.id,
        number=order.number,
        platform=order.platform,
        shop_id=order.shop_id,
        province=order.province,
        city=order.city,
        amount_fen=order.amount_fen,
        paid_fen=order.paid_fen,
        receivable_fen=order.receivable_fen,
        margin_fen=margin_fen,
        quantity=order.quantity,
        sku_codes=tuple(order.sku_codes or ()),
        titles=tuple(order.titles or ()),
        # No note is known to be none; one that could not be opened is unknown.
        note=note if order.has_note else "",
        memo=memo if order.has_memo else "",
        flag=marks.own_flag,
        paid_at=order.paid_at,
        suppliers=suppliers,
        tags=marks.own_tags,
        cash_on_delivery=order.cash_on_delivery,
        refund=RefundState(order.refund),
    )
