"""Refund meets purchase: every stage by example, and no way to ship by silence or to lose sight of money."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from daifa.areas.purchasing.rules.lifecycles import PURCHASE
from daifa.flows.aftersales_policy import (
    ENDS,
    STAGES,
    Answer,
    CaseFacts,
    Plan,
    PurchaseFacts,
    Stage,
    Wish,
    outstanding,
    plan,
    stage_of,
    wish_of,
)
from daifa.flows.aftersales_steps import StepFact, reconcile
from daifa.flows.aftersales_words import STEP_LABELS, Hours, StepKind
from daifa.flows.undo_policy import Undo, Way
from daifa.ports.shop import OrderState, RefundState

SENT = PurchaseFacts(UUID(int=1), "P-1120-03", "恒达百货", "sent", Wish.APPLIED, owed_fen=1420)
APPLIED = CaseFacts(OrderState.PAID, RefundState.APPLIED, asked_fen=3600)
OVER = CaseFacts(OrderState.CANCELLED, RefundState.FULL, asked_fen=3600)

CASES: list[tuple[str, dict[str, Any], bool | None, Stage, str]] = [
    ("draft", {"state": "draft"}, None, Stage.UNSENT, "P-1120-03 还没有发给 恒达百货，撤下即可"),
    ("draft kept", {"state": "draft", "wish": Wish.NONE}, None, Stage.UNTOUCHED, "没有退款，P-1120-03 照常发货"),
    ("withdrawn", {"state": "cancelled"}, None, Stage.NEVER_SENT, "P-1120-03 已撤下，供应商没有收到"),
    ("refused", {"state": "refused"}, None, Stage.GONE_BEFORE, "恒达百货 没有接 P-1120-03，不产生货款"),
    ("closed unshipped", {"state": "closed"}, None, Stage.GONE_BEFORE, "恒达百货 没有接 P-1120-03，不产生货款"),
    (
        "sent",
        {},
        None,
        Stage.TO_RECALL,
        "买家申请退款，请马上通知 恒达百货 停发 P-1120-03（还差 ¥14.20）",
    ),
    (
        "cancelled after sending",
        {"state": "accepted", "wish": Wish.OVER, "owed_fen": None},
        None,
        Stage.TO_RECALL,
        "买家已取消或全额退款，请马上通知 恒达百货 停发 P-1120-03（成本未知）",
    ),
    (
        "asked",
        {"recall": Answer.ASKED},
        None,
        Stage.RECALLING,
        "等 恒达百货 答复能否停发 P-1120-03（还差 ¥14.20）；没有答复前不上传单号、不再发货",
    ),
    ("asked by hand", {"state": "recalling", "wish": Wish.NONE}, None, Stage.RECALLING, "等 恒达百货 答复能否停发"),
    ("stopped", {"recall": Answer.YES}, None, Stage.OWED, "恒达百货 应退回或不计 P-1120-03 的货款（还差 ¥14.20）"),
    ("stopped, then kept", {"recall": Answer.YES, "wish": Wish.KEEPS}, None, Stage.OWED, "恒达百货 应退回"),
    ("recalled", {"state": "recalled", "refunded_fen": 400}, None, Stage.OWED, "的货款（还差 ¥10.20）"),
    ("money back", {"recall": Answer.YES, "refunded_fen": 1420}, None, Stage.EXPLAINED, "P-1120-03 的货款已经说清"),
    ("said", {"recall": Answer.YES, "explained": True}, None, Stage.EXPLAINED, "P-1120-03 的货款已经说清"),
    (
        "shipped",
        {"state": "shipped"},
        None,
        Stage.TO_INTERCEPT,
        "买家申请退款，P-1120-03 已发出，请 恒达百货 让快递拦截退回（还差 ¥14.20）",
    ),
    ("shipped unanswered", {"recall": Answer.ASKED, "shipped": True}, None, Stage.TO_INTERCEPT, "已发出"),
    ("cannot stop", {"recall": Answer.NO}, None, Stage.TO_INTERCEPT, "请 恒达百货 让快递拦截退回"),
    (
        "intercept asked",
        {"shipped": True, "intercept": Answer.ASKED},
        None,
        Stage.INTERCEPTING,
        "等 恒达百货 答复 P-1120-03 能否拦截（还差 ¥14.20）；没有答复前不上传单号",
    ),
    (
        "caught",
        {"shipped": True, "intercept": Answer.YES},
        None,
        Stage.COMING_BACK,
        "等 P-1120-03 的货退回 恒达百货，收到后才能要回货款（还差 ¥14.20）",
    ),
    ("back", {"shipped": True, "intercept": Answer.YES, "returned": True}, None, Stage.OWED, "应退回或不计"),
    (
        "not caught, undecided",
        {"shipped": True, "intercept": Answer.NO},
        None,
        Stage.WITH_BUYER,
        "P-1120-03 的货追不回，先在平台处理买家的退款申请",
    ),
    ("delivered, undecided", {"delivered": True}, True, Stage.WITH_BUYER, "先在平台处理买家的退款申请"),
    ("delivered, return", {"delivered": True, "wish": Wish.OVER}, True, Stage.COMING_BACK, "等 P-1120-03 的货退回"),
    ("delivered, not said", {"delivered": True, "wish": Wish.OVER}, None, Stage.COMING_BACK, "等 P-1120-03 的货退回"),
    (
        "delivered, refund only",
        {"delivered": True, "wish": Wish.OVER},
        False,
        Stage.LOST,
        "买家已取消或全额退款，P-1120-03 的货在买家手里、不退回：向 恒达百货 索赔，或写明由自己承担（还差 ¥14.20）",
    ),
    (
        "kept while asking",
        {"recall": Answer.ASKED, "wish": Wish.KEEPS},
        None,
        Stage.TO_RESUME,
        "这些货不退了，请通知 恒达百货 照常发 P-1120-03",
    ),
    ("told to go on", {"recall": Answer.ASKED, "wish": Wish.KEEPS, "resumed": True}, None, Stage.UNTOUCHED, "照常发货"),
    ("applied once more", {"recall": Answer.ASKED, "resumed": True}, None, Stage.TO_RECALL, "请马上通知"),
    (
        "by api",
        {"there": Way(Undo.CAN, "88 还没付款，可以直接关闭")},
        None,
        Stage.TO_UNDO,
        "买家申请退款，P-1120-03 可以在供应商平台撤单：88 还没付款，可以直接关闭（还差 ¥14.20）",
    ),
    ("undone there", {"state": "recalling", "there": Way(Undo.UNDER_WAY, "88 正在关闭")}, None, Stage.UNDOING, "88 正"),
    ("kept while undone", {"wish": Wish.KEEPS, "there": Way(Undo.UNDER_WAY)}, None, Stage.UNDOING, "有结果前不上传"),
    ("nobody knows", {"there": Way(Undo.WAITING, "结果还没查清")}, None, Stage.UNDOING, "结果还没查清"),
    ("nobody asks", {"wish": Wish.NONE, "there": Way(Undo.WAITING)}, None, Stage.UNTOUCHED, "照常发货"),
    ("no there", {"there": Way(Undo.NO, "平台没有接受")}, None, Stage.TO_RECALL, "停发 P-1120-03：平台没有接受"),
    ("left meanwhile", {"shipped": True, "there": Way(Undo.UNDER_WAY)}, None, Stage.TO_INTERCEPT, "已发出"),
    (
        "back by api",
        {"shipped": True, "returned": True, "money_there": Way(Undo.CAN)},
        None,
        Stage.TO_ASK_MONEY,
        "P-1120-03 的货已退回 恒达百货，可以在供应商平台申请退款（还差 ¥14.20）",
    ),
    (
        "asked for there",
        {"shipped": True, "returned": True, "money_there": Way(Undo.UNDER_WAY, "88 已申请退款")},
        None,
        Stage.OWED,
        "的货款：88 已申请退款（还差 ¥14.20）",
    ),
]


@pytest.mark.parametrize(("change", "back", "stage", "said"), [c[1:] for c in CASES], ids=[c[0] for c in CASES])
def test_each_stage_by_example(change: dict[str, Any], back: bool | None, stage: Stage, said: str) -> None:
    purchase = replace(SENT, **change)
    assert stage_of(purchase, back) is stage
    (_, told, text) = plan(replace(APPLIED, needs_return=back), [purchase]).stages[0]
    assert told is stage
    assert said in text


def test_every_stage_is_proved_and_has_a_step_or_is_an_end() -> None:
    assert {stage for *_, stage, _ in CASES} == set(Stage) == set(STAGES)
    without = {s for s, info in STAGES.items() if info.step is None}
    # With the buyer, the buyer's own refund is what is due.
    assert without == ENDS | {Stage.WITH_BUYER}
    assert set(STEP_LABELS) == set(StepKind)
    assert {info.step for info in STAGES.values() if info.step} | {StepKind.ANSWER_BUYER} == set(StepKind)
    assert all(Hours().of(kind) > 0 for kind in StepKind)


@pytest.mark.parametrize(
    ("state", "refund", "lines", "wish"),
    [
        (OrderState.PAID, RefundState.NONE, (), Wish.NONE),
        (OrderState.CANCELLED, RefundState.NONE, (), Wish.OVER),
        (OrderState.SHIPPED, RefundState.FULL, (), Wish.OVER),
        (OrderState.PAID, RefundState.PARTLY, (RefundState.FULL,), Wish.OVER),
        (OrderState.PAID, RefundState.PARTLY, (RefundState.PARTLY,), Wish.KEEPS),
        (OrderState.PAID, RefundState.APPLIED, (RefundState.NONE,), Wish.APPLIED),
        (OrderState.PAID, RefundState.NONE, (RefundState.APPLIED,), Wish.APPLIED),
        (OrderState.PAID, RefundState.WITHDRAWN, (), Wish.KEEPS),
    ],
)
def test_what_is_wanted_of_a_purchase(
    state: OrderState, refund: RefundState, lines: tuple[RefundState, ...], wish: Wish
) -> None:
    assert wish_of(state, refund, lines) is wish


def test_the_buyers_side_is_due_first_and_says_whether_to_agree() -> None:
    made = plan(APPLIED, [replace(SENT, recall=Answer.ASKED)])
    assert [s.kind for s in made.steps] == [StepKind.ANSWER_BUYER, StepKind.RECALL_ANSWER]
    buyer, recall = made.steps
    assert buyer.reason == "买家申请退 ¥36.00：供应商还没有答复能否停下，先别向平台答“已拦下”"
    assert (buyer.purchase_id, buyer.owner, buyer.hours, buyer.amount_fen) == (None, "support", 24, 3600)
    assert (recall.owner, recall.amount_fen, made.outstanding_fen) == ("supplier", 1420, 1420)
    for change, said in [
        ({"recall": Answer.YES}, "没有货在路上，可以在平台同意"),
        ({"shipped": True, "intercept": Answer.YES}, "包裹正在退回，可以在平台同意"),
        ({"shipped": True, "intercept": Answer.NO}, "货已发出拦不下，请在平台协商退货，或凭运单号拒绝"),
    ]:
        assert plan(APPLIED, [replace(SENT, **change)]).steps[0].reason == f"买家申请退 ¥36.00：{said}"  # type: ignore[arg-type]


def test_one_order_with_two_suppliers_freezes_only_what_is_refunded() -> None:
    other = replace(SENT, purchase_id=UUID(int=2), number="P-1120-04", wish=Wish.NONE, owed_fen=900)
    case = CaseFacts(OrderState.PAID, RefundState.PARTLY)
    made = plan(case, [replace(SENT, wish=Wish.OVER, recall=Answer.ASKED), other])
    assert made.frozen == {SENT.purchase_id}
    assert [s.kind for s in made.steps] == [StepKind.RECALL_ANSWER]
    assert made.outstanding_fen == 1420


def test_an_order_that_is_over_pulls_back_all_of_it_whatever_its_lines_say() -> None:
    made = plan(OVER, [replace(SENT, wish=Wish.NONE)])
    assert [s.kind for s in made.steps] == [StepKind.RECALL]


def test_without_a_purchase_only_the_buyer_waits() -> None:
    assert [s.kind for s in plan(APPLIED, []).steps] == [StepKind.ANSWER_BUYER]
    assert plan(OVER, []).ended == "没有采购，不用追回"


# --- properties --------------------------------------------------------------------------------------------------

FEN = st.none() | st.integers(0, 5000)
PURCHASES = st.builds(
    PurchaseFacts,
    purchase_id=st.sampled_from([UUID(int=n) for n in range(1, 4)]),
    number=st.just("P-1"),
    supplier=st.just("甲"),
    state=st.sampled_from(PURCHASE.states),
    wish=st.sampled_from(Wish),
    recall=st.sampled_from(Answer),
    intercept=st.sampled_from(Answer),
    shipped=st.booleans(),
    delivered=st.booleans(),
    returned=st.booleans(),
    resumed=st.booleans(),
    owed_fen=FEN,
    refunded_fen=st.integers(0, 9000),
    explained=st.booleans(),
    there=st.builds(Way, st.sampled_from(Undo)),
    money_there=st.builds(Way, st.sampled_from(Undo)),
)
CASE = st.builds(CaseFacts, st.sampled_from(OrderState), st.sampled_from(RefundState), st.none() | st.booleans(), FEN)
MANY = st.lists(PURCHASES, max_size=3, unique_by=lambda p: p.purchase_id)


@settings(max_examples=400, deadline=None)
@given(CASE, MANY)
def test_there_is_always_a_step_or_an_end_and_money_is_never_negative(
    case: CaseFacts, purchases: list[PurchaseFacts]
) -> None:
    made = plan(case, purchases)
    assert bool(made.steps) is not bool(made.ended)
    assert made.outstanding_fen >= 0
    assert all(s.amount_fen is None or s.amount_fen >= 0 for s in made.steps)
    assert all(s.reason and s.owner and s.hours > 0 for s in made.steps)
    assert len({(s.kind, s.purchase_id) for s in made.steps}) == len(made.steps)
    stepping = {s.purchase_id for s in made.steps}
    for i, stage, _ in made.stages:
        assert stage in ENDS or i in stepping or None in stepping


@settings(max_examples=300, deadline=None)
@given(CASE, PURCHASES)
def test_nothing_is_shipped_by_silence(case: CaseFacts, purchase: PurchaseFacts) -> None:
    """While a wanted-back purchase has no answer, it is frozen and somebody has to act."""
    sent = replace(purchase, state="accepted", wish=Wish.OVER, delivered=False, returned=False, explained=False)
    for silent in (
        replace(sent, shipped=False, recall=Answer.ASKED, intercept=Answer.NOT_ASKED),
        replace(sent, shipped=True, intercept=Answer.ASKED),
        replace(sent, shipped=True, intercept=Answer.NOT_ASKED),
    ):
        made = plan(case, [silent])
        assert made.frozen == {silent.purchase_id}
        assert made.steps


def _did(p: PurchaseFacts, kind: StepKind, good: bool) -> PurchaseFacts:
    """The facts once somebody did the step, well or badly."""
    answer = Answer.YES if good else Answer.NO
    match kind:
        case StepKind.WITHDRAW:
            return replace(p, state="cancelled")
        case StepKind.UNDO:
            return replace(p, there=Way(Undo.UNDER_WAY), state="recalling")
        case StepKind.UNDO_RESULT:
            return replace(p, there=Way(Undo.NONE if good else Undo.NO), state="recalled" if good else "accepted")
        case StepKind.ASK_MONEY:
            return replace(p, money_there=Way(Undo.UNDER_WAY if good else Undo.NO))
        case StepKind.RECALL:
            return replace(p, recall=Answer.ASKED, resumed=False)
        case StepKind.RECALL_ANSWER:
            return replace(p, recall=answer)
        case StepKind.INTERCEPT:
            return replace(p, intercept=Answer.ASKED, shipped=True, resumed=False)
        case StepKind.INTERCEPT_ANSWER:
            return replace(p, intercept=answer, shipped=True)
        case StepKind.RESUME:
            return replace(p, resumed=True)
        case StepKind.RETURN_PARCEL:
            return replace(p, returned=True)
        case _:
            return (
                replace(p, refunded_fen=p.owed_fen) if good and p.owed_fen is not None else replace(p, explained=True)
            )


@settings(max_examples=300, deadline=None)
@given(CASE, MANY, st.lists(st.booleans(), min_size=40, max_size=40))
def test_doing_what_is_due_comes_to_an_end(case: CaseFacts, purchases: list[PurchaseFacts], luck: list[bool]) -> None:
    facts = {p.purchase_id: p for p in purchases}
    for good in luck:
        made = plan(case, list(facts.values()))
        if made.ended:
            assert all(outstanding(facts[i]) == 0 for i, stage, _ in made.stages if stage is Stage.EXPLAINED)
            return
        step = made.steps[-1]
        if step.purchase_id is None:
            case = replace(case, refund=RefundState.FULL if good else RefundState.WITHDRAWN)
            wish = wish_of(case.state, case.refund)
            facts = {i: replace(p, wish=wish) for i, p in facts.items()}
        else:
            facts[step.purchase_id] = _did(facts[step.purchase_id], step.kind, good)
    pytest.fail("no end after 40 steps")


# --- the kept steps ----------------------------------------------------------------------------------------------


def _keep(kept: list[StepFact], made: Plan) -> list[StepFact]:
    moves = reconcile(kept, made)
    now = {s.id: s for s in kept}
    for fact, due in (*moves.to_reopen, *moves.to_change):
        now[fact.id] = replace(fact, state="open", reason=due.reason, amount_fen=due.amount_fen)
    for fact in moves.to_finish:
        now[fact.id] = replace(fact, state="done")
    for fact in moves.to_void:
        now[fact.id] = replace(fact, state="void")
    fresh = [
        StepFact(UUID(int=1000 + len(now) + n), d.kind, d.purchase_id, "open", d.reason, d.amount_fen)
        for n, d in enumerate(moves.to_open)
    ]
    return [*now.values(), *fresh]


@settings(max_examples=200, deadline=None)
@given(st.lists(st.tuples(CASE, MANY), min_size=1, max_size=4))
def test_open_steps_are_always_exactly_those_due(story: list[tuple[CaseFacts, list[PurchaseFacts]]]) -> None:
    kept: list[StepFact] = []
    for case, purchases in story:
        made = plan(case, purchases)
        kept = _keep(kept, made)
        assert {(s.kind, s.purchase_id) for s in kept if s.state == "open"} == {
            (s.kind, s.purchase_id) for s in made.steps
        }
        again = reconcile(kept, made)
        assert again == type(again)()


def test_a_step_overtaken_is_done_and_one_nobody_wants_is_void() -> None:
    kept = _keep([], plan(APPLIED, [SENT]))
    kept = _keep(kept, plan(APPLIED, [replace(SENT, recall=Answer.ASKED)]))
    assert {s.kind: s.state for s in kept} == {
        StepKind.ANSWER_BUYER: "open",
        StepKind.RECALL: "done",
        StepKind.RECALL_ANSWER: "open",
    }
    back = replace(APPLIED, refund=RefundState.WITHDRAWN)
    kept = _keep(kept, plan(back, [replace(SENT, recall=Answer.ASKED, wish=Wish.KEEPS)]))
    kept = _keep(kept, plan(back, [replace(SENT, recall=Answer.ASKED, wish=Wish.KEEPS, resumed=True)]))
    assert {s.kind: s.state for s in kept} == {
        StepKind.ANSWER_BUYER: "void",
        StepKind.RECALL: "done",
        StepKind.RECALL_ANSWER: "void",
        StepKind.RESUME: "done",
    }
    kept = _keep(kept, plan(APPLIED, [replace(SENT, recall=Answer.ASKED, resumed=True)]))
    assert {s.kind for s in kept if s.state == "open"} == {StepKind.ANSWER_BUYER, StepKind.RECALL}
