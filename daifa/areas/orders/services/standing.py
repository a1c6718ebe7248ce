"""Where orders stand: the derived columns that lists filter and sort by. Written by ``advance`` only."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from daifa.areas.orders.models import Order
from daifa.base import bulk
from daifa.kit import clock
from daifa.kit.values import dataclass


@dataclass(frozen=True, slots=True)
class Standing:
    """What an order waits for, as stored."""

    order_id: UUID
    step: str
    tab: str
    reason: str
    due_by: datetime | None
    due_source: str
    risk_fen: int
    cost_fen: int | None
    margin_fen: int | None
    margin_note: str


def lock(order_ids: Sequence[UUID]) -> None:
    """Lock orders in id order: two workers never work the same order."""
    bulk.select(
        "SELECT id FROM orders_order WHERE tenant_id = {tenant} AND id = ANY(%s::uuid[]) ORDER BY id FOR UPDATE",
        [list(order_ids)],
    )


def write(standings: Sequence[Standing]) -> None:
    """Store where orders stand; what is the same already is not touched."""
    columns = (
        "step", "tab", "step_reason", "due_by", "due_source", "risk_fen", "cost_fen", "margin_fen", "margin_note",
    )  # fmt: skip
    rows = [
        (
            s.order_id, s.step, s.tab, s.reason, s.due_by, s.due_source, s.risk_fen, s.cost_fen, s.margin_fen,
            s.margin_note,
        )
        for s in standings
    ]  # fmt: skip
    stored = ", ".join(f"t.{c}" for c in columns)
    given = ", ".join(f"v.c{n}" for n in range(1, len(columns) + 1))
    bulk.update(Order, columns, rows, where=f"({stored}) IS DISTINCT FROM ({given})")


def unrouted(reasons: Mapping[UUID, str]) -> list[UUID]:
    """Why the machine could not route these orders now ("": it could). Returns those whose reason is new."""
    at = clock.now()
    rows = [(i, why, at if why else None) for i, why in sorted(reasons.items())]
    before = dict(
        bulk.select(
            "SELECT id, unrouted FROM orders_order WHERE tenant_id = {tenant} AND id = ANY(%s::uuid[])",
            [sorted(reasons)],
        )
    )
    bulk.update(Order, ("unrouted", "unrouted_at"), rows, where="t.unrouted <> '' OR v.c1 <> ''")
    return [i for i, why, _ in rows if why and before.get(i) != why]


def left_to_people(order_ids: Sequence[UUID], why: str) -> None:
    """A person took these back: what is open of them the machine routes no more, whatever changes."""
    # Without a moment it is never due again.
    bulk.update(Order, ("unrouted", "unrouted_at"), [(i, why, None) for i in sorted(set(order_ids))])


def for_the_machine(order_ids: Sequence[UUID]) -> list[UUID]:
    """Those of these orders that no person took back from the machine."""
    found = bulk.select(
        "SELECT id FROM orders_order WHERE tenant_id = {tenant} AND id = ANY(%s::uuid[])"
        " AND (unrouted = '' OR unrouted_at IS NOT NULL) ORDER BY id",
        [list(order_ids)],
    )
    return [i for (i,) in found]
