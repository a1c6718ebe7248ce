"""Moving orders on: match, screen, and say of each what it waits for. Safe at any time, any number of times."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import batched
from uuid import UUID

from daifa.areas.accounts.services import settings
from daifa.areas.orders.rules.steps import Step
from daifa.areas.orders.services import demands, standing, wishes
from daifa.areas.orders.services.standing import Standing
from daifa.areas.orders.types import HoldKind, blocks
from daifa.areas.purchasing.services.offers import Market
from daifa.flows import following
from daifa.flows.next_step import Next, OrderFacts, next_step
from daifa.flows.steps import aftersales, appraise, match_skus, screen
from daifa.flows.steps.appraise import Appraised
from daifa.kit import clock
from daifa.ports.shop import OrderState, RefundState
from daifa.reads import order_facts, screening_facts
from daifa.reads.order_facts import Row

# What is loaded, held in memory and joined at once.
BATCH = 2000


def advance(order_ids: Sequence[UUID]) -> None:
    """Bring these orders as far as they go without a person, and store where each stands."""
    if not order_ids:
        return
    # Files come in any order: an order that arrives late may make a known later one the duplicate, or free it.
    twins = screening_facts.near(list(set(order_ids)), hours=settings.number("duplicate_hours"))
    ids = sorted({*order_ids, *twins})
    standing.lock(ids)
    match_skus.run(ids)
    settle(ids)


def settle(order_ids: Sequence[UUID]) -> None:
    """Appraise, screen and store the next step of these orders."""
    for some in batched(sorted(set(order_ids)), BATCH):
        _settle(some)


def _settle(order_ids: Sequence[UUID]) -> None:
    ids = sorted({*order_ids, *aftersales.run(order_ids)})
    wishes.end_over(ids)
    demands.close_unwanted(ids)
    demands.narrow(ids)
    market = Market(clock.now())
    appraised = appraise.run(ids, market)
    screen.run(ids, appraised, market)
    rows = order_facts.load(ids)
    nexts = {row.id: next_step(facts_of(row)) for row in rows}
    over = [i for i, n in nexts.items() if n.step in (Step.ELSEWHERE, Step.DONE, Step.CLOSED)]
    demands.close(over, "elsewhere")
    standing.write([_standing(nexts[row.id], appraised[row.id]) for row in rows])
    following.after({i: n.step for i, n in nexts.items()}, [row.id for row in rows if row.reports_new])


def facts_of(row: Row) -> OrderFacts:
    """The facts of one order as the policy takes them."""
    stands = zip(row.hold_kinds or (), row.hold_reasons or (), strict=True)
    blocking = tuple(reason for kind, reason in stands if blocks(HoldKind(kind)))
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
        handover=row.handover,
        automatic=row.automatic,
        unrouted=row.unrouted,
        by_api=row.by_api,
        stuck=row.stuck,
        mended=row.mended,
        handed=row.handed,
        reports_refused=row.reports_refused,
        presale=row.presale,
    )


def _standing(after: Next, money: Appraised) -> Standing:
    return Standing(
        order_id=money.order_id,
        step=after.step.value,
        tab=after.tab,
        reason=after.reason,
        due_by=money.due_by,
        due_source=money.due_source,
        risk_fen=money.risk_fen,
        cost_fen=money.cost_fen,
        margin_fen=money.margin_fen,
        margin_note=money.margin_note,
    )
