"""Refunds and cancels that met a purchase: drafts of what is over are withdrawn, the rest becomes steps."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

from daifa.areas.orders.services import history
from daifa.areas.orders.services.history import Fact
from daifa.areas.purchasing.services import dispatches, purchases
from daifa.areas.support.services import steps
from daifa.areas.support.services.steps import NewStep, StepText, StepView
from daifa.flows import following
from daifa.flows.aftersales_policy import (
    Answer,
    CaseFacts,
    Plan,
    PurchaseFacts,
    StepDue,
    Wish,
    plan,
    wish_of,
)
from daifa.flows.aftersales_steps import StepFact, StepMoves, reconcile
from daifa.flows.aftersales_words import STEP_LABELS, StepKind
from daifa.flows.steps import undo_purchase
from daifa.flows.undo_policy import There, back_of, money_way_of, owed_of, way_of
from daifa.kit import clock
from daifa.ports.shop import OrderState, RefundState
from daifa.reads import aftersales_facts
from daifa.reads.aftersales_facts import BoughtRow, CaseRow

RECALL_ANSWERS = {
    "sent": Answer.ASKED, "acknowledged": Answer.YES, "refused": Answer.NO, "too_late": Answer.NO,
}  # fmt: skip

type Kept = dict[StepKind, StepView]


def run(order_ids: Sequence[UUID]) -> list[UUID]:
    """Bring the after-sale steps of these orders up to date; one statement where none is concerned.

    Returns further orders whose pieces came free because they shared a withdrawn draft.
    """
    ids = aftersales_facts.concerned(order_ids)
    if not ids:
        return []
    cases = aftersales_facts.cases(ids)
    also = _withdraw(cases, aftersales_facts.bought(ids))
    kept: dict[UUID, list[StepView]] = defaultdict(list)
    for step in steps.of_orders(ids):
        kept[step.order_id].append(step)
    planned = _plans(cases, kept)
    if _by_itself(planned):
        planned = _plans(cases, kept)
    _write([(order, reconcile(_known(kept[order]), due)) for order, due, _ in planned])
    return sorted(also - set(order_ids))


type Planned = tuple[UUID, Plan, Mapping[UUID, There]]


def _plans(cases: Sequence[CaseRow], kept: Mapping[UUID, Sequence[StepView]]) -> list[Planned]:
    """What is due for each order, as everything stands now."""
    bought: dict[UUID, list[BoughtRow]] = defaultdict(list)
    for row in aftersales_facts.bought([c.order_id for c in cases]):
        bought[row.order_id].append(row)
    there = undo_purchase.load([r.purchase_id for rows in bought.values() for r in rows])
    return [(c.order_id, _plan(c, bought[c.order_id], kept.get(c.order_id, ()), there), there) for c in cases]


def _by_itself(planned: Sequence[Planned]) -> bool:
    """Where the shop's dial says automatic: take back at the supplier's platform what can be. Whether any was."""
    done: set[tuple[UUID, StepKind]] = set()
    lines: set[UUID] = set()
    for _, due, there in planned:
        for step in due.steps:
            deed = {StepKind.UNDO: undo_purchase.start, StepKind.ASK_MONEY: undo_purchase.ask_money}.get(step.kind)
            i = step.purchase_id
            if deed is None or i is None or not there[i].automatic or (i, step.kind) in done:
                continue
            done.add((i, step.kind))
            lines.add(deed(by=undo_purchase.BY, purchase_id=i, why=why_of(step.reason))[0])
    following.undone(sorted(lines))
    return bool(done)


def why_of(text: str) -> str:
    """What the supplier is told: why, without our money."""
    return text.split("，", 1)[0][:60]


def _withdraw(cases: Sequence[CaseRow], rows: Sequence[BoughtRow]) -> set[UUID]:
    """Cancel the drafts that buy for what is over; nobody has seen them. Returns the orders concerned."""
    by_id = {c.order_id: c for c in cases}
    drafts = {
        r.purchase_id: r for r in rows if r.state == "draft" and _wish(by_id[r.order_id], r) is Wish.OVER
    }  # fmt: skip
    if not drafts:
        return set()
    of = purchases.orders_of(list(drafts))
    touched = purchases.withdraw_drafts(list(drafts))
    dispatches.withdraw_ready(list(drafts))
    text = "订单已取消或全额退款，采购单 {} 还没有发给供应商，已自动撤下"
    history.write([Fact(order, "routed", text.format(r.number)) for i, r in drafts.items() for order in of[i]])
    return set(touched)


def refund_of(case: CaseRow) -> RefundState:
    """The order's word; a case that was just applied for counts before the order's export says so."""
    if case.refund == "none" and case.case_state == "applied":
        return RefundState.APPLIED
    return RefundState(case.refund)


def _wish(case: CaseRow, row: BoughtRow) -> Wish:
    return wish_of(OrderState(case.state), refund_of(case), [RefundState(r) for r in row.line_refunds])


def _plan(case: CaseRow, rows: Sequence[BoughtRow], kept: Sequence[StepView], there: Mapping[UUID, There]) -> Plan:
    own: dict[UUID | None, Kept] = defaultdict(dict)
    for step in kept:
        own[step.purchase_id][StepKind(step.kind)] = step
    facts = CaseFacts(OrderState(case.state), refund_of(case), case.needs_return, case.asked_fen, case.answer_by)
    return plan(facts, [purchase_facts(case, r, own[r.purchase_id], there.get(r.purchase_id)) for r in rows])


def _known(kept: Sequence[StepView]) -> list[StepFact]:
    return [StepFact(s.id, StepKind(s.kind), s.purchase_id, s.state, s.text, s.amount_fen) for s in kept]


def purchase_facts(case: CaseRow, row: BoughtRow, kept: Kept, there: There | None = None) -> PurchaseFacts:
    """One purchase as the policy takes it: what the files and the supplier said, and what persons noted on steps."""
    resumed_at = _by_person(kept, StepKind.RESUME)
    asked_at = _by_person(kept, StepKind.INTERCEPT)
    recall = RECALL_ANSWERS.get(row.recall, Answer.NOT_ASKED)
    if resumed_at and row.recalled_at and row.recalled_at <= resumed_at and recall is Answer.NO:
        # Told to go on after all: that no answers nothing, a new question may be asked.
        recall = Answer.NOT_ASKED
    last = max((t for t in (row.recalled_at, asked_at) if t), default=None)
    facts = PurchaseFacts(
        row.purchase_id, row.number, row.supplier, row.state, _wish(case, row),
        recall=recall,
        intercept=_intercept(kept, asked_at),
        shipped=row.shipped or (there is not None and there.shipped),
        delivered=row.delivered or (row.shipped and case.state == OrderState.FINISHED),
        returned=row.returned or _by_person(kept, StepKind.RETURN_PARCEL) is not None,
        resumed=bool(resumed_at and (last is None or resumed_at >= last)),
        owed_fen=owed_of(there, row.owed_fen),
        refunded_fen=row.refunded_fen + back_of(there, row.owed_fen),
        there=way_of(there),
        money_there=money_way_of(there),
    )  # fmt: skip
    ends = (StepKind.CLAIM, StepKind.SUPPLIER_REFUND)
    return replace(facts, explained=any(_by_person(kept, kind) for kind in ends))


def _by_person(kept: Kept, kind: StepKind) -> datetime | None:
    step = kept.get(kind)
    return step.done_at if step and step.state == "done" and step.done_by else None


def _intercept(kept: Kept, asked_at: datetime | None) -> Answer:
    if asked_at is None:
        return Answer.NOT_ASKED
    said = kept.get(StepKind.INTERCEPT_ANSWER)
    if said is None or said.done_at is None or not said.done_by or said.done_at < asked_at:
        return Answer.ASKED
    return Answer.YES if said.state == "done" else Answer.NO


def _says(due: StepDue, now: datetime) -> StepText:
    ours = now + timedelta(hours=due.hours)
    return StepText(due.reason, due.owner, min(ours, due.due_by) if due.due_by else ours, due.amount_fen)


def _write(moves: Sequence[tuple[UUID, StepMoves]]) -> None:
    now = clock.now()
    steps.open_steps(
        [NewStep(o, s.purchase_id, s.kind.value, _says(s, now)) for o, m in moves for s in m.to_open]
    )  # fmt: skip
    steps.reopen([(fact.id, _says(due, now)) for _, m in moves for fact, due in m.to_reopen])
    steps.change([(fact.id, due.reason, due.amount_fen) for _, m in moves for fact, due in m.to_change])
    steps.finish([fact.id for _, m in moves for fact in m.to_finish])
    steps.void([fact.id for _, m in moves for fact in m.to_void])
    opened = [(o, due) for o, m in moves for due in (*m.to_open, *(due for _, due in m.to_reopen))]
    told = [Fact(o, "aftersale", f"售后待办“{STEP_LABELS[due.kind]}”：{due.reason}") for o, due in opened]
    moot = [Fact(o, "aftersale", f"售后“{STEP_LABELS[f.kind]}”不用做了") for o, m in moves for f in m.to_void]
    history.write([*told, *moot])
