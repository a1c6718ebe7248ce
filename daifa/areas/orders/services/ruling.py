"""Marks of operators' rules on orders, written for many orders at once, with history where something changed."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from daifa.areas.orders.models import Order
from daifa.areas.orders.rules.ruling import Marks, put, sentence
from daifa.areas.orders.services import history
from daifa.areas.orders.services.history import Fact
from daifa.areas.orders.types import RuleOutcome
from daifa.base import bulk


def settle(outcomes: Sequence[tuple[UUID, Marks, RuleOutcome]]) -> list[UUID]:
    """Bring the marks of these orders (locked by the caller) to what the rules say; returns those that changed."""
    rows: list[tuple[object, ...]] = []
    facts: list[Fact] = []
    for order_id, before, outcome in outcomes:
        after = put(before, outcome)
        if after == before:
            continue
        rows.append((order_id, ",".join(after.tags), after.priority, after.flag, after.ruled.document()))
        if after.ruled.document() != before.ruled.document():
            facts.append(Fact(order_id, "ruled", sentence(outcome), by="rule", by_name="规则"))
    bulk.update(Order, ("tags", "priority", "flag", "ruled"), rows)
    history.write(facts)
    return [f.order_id for f in facts]
