"""Moving orders on: match, screen, and say of each what it waits for. Safe at any time, any number of times."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from daifa.areas.orders.services import demands, standing
from daifa.areas.orders.services.standing import Standing
from daifa.flows.next_step import Next, OrderFacts, Step, next_step
from daifa.flows.steps import match_skus
from daifa.ports.shop import OrderState, RefundState
from daifa.reads import order_facts
from daifa.reads.order_facts import Row


def advance(order_ids: Sequence[UUID]) -> None:
    """Bring these orders as far as they go without a person, and store where each stands."""
    ids = sorted(set(order_ids))
    if not ids:
        return
    standing.lock(ids)
    match_skus.run(ids)
    settle(ids)


def settle(order_ids: Sequence[UUID]) -> None:
    """Recompute and store the next step of these orders."""
    rows = order_facts.load(order_ids)
    nexts = {row.id: next_step(facts_of(row)) for row in rows}
    elsewhere = [i for i, n in nexts.items() if n.step in (Step.ELSEWHERE, Step.DONE, Step.CLOSED)]
    demands.close(elsewhere, "elsewhere")
    standing.write([_standing(row, nexts[row.id]) for row in rows])


def facts_of(row: Row) -> OrderFacts:
    """The facts of one order as the policy takes them."""
    blocking = tuple(reason for kind, reason in zip(row.hold_kinds or (), row.hold_reasons or (), strict=True))
    return OrderFacts(
        state=OrderState(row.state),
        refund=RefundState(row.refund),
        cash_on_delivery=row.cash_on_delivery,
        lines_missing=row.lines_missing,
        lines=row.lines,
        unmatched=row.unmatched,
        blocking=blocking,
        demanded=row.demanded,
        open_pieces=row.open_pieces,
        closed_elsewhere=row.closed_elsewhere,
        unsent=row.unsent,
        waiting=row.waiting,
        shipped=row.shipped,
        reports_new=row.reports_new,
        reports_in_file=row.reports_in_file,
        reports_told=row.reports_told,
        reports_confirmed=row.reports_confirmed,
        after_sale_steps=row.after_sale_steps,
    )


def _standing(row: Row, after: Next) -> Standing:
    return Standing(
        order_id=row.id,
        step=after.step.value,
        tab=after.tab,
        reason=after.reason,
    )
