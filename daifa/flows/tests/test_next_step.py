"""The order policy: every order has one next step, with a reason; each step done leads on, and the way ends."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from daifa.areas.orders.rules.steps import STEP_LABELS, TAB_OF, TABS, Step
from daifa.flows.next_step import OrderFacts, is_over, next_step
from daifa.ports.shop import OrderState, RefundState

few = st.integers(0, 3)
FACTS = st.builds(
    OrderFacts,
    state=st.sampled_from(OrderState),
    refund=st.sampled_from(RefundState),
    cash_on_delivery=st.booleans(),
    lines_missing=st.booleans(),
    lines=few,
    unmatched=few,
    blocking=st.sampled_from([(), ("收件人脱敏",), ("一", "二", "三", "四")]),
    demanded=few,
    open_pieces=few,
    closed_elsewhere=few,
    unsent=few,
    waiting=few,
    shipped=few,
    reports_new=few,
    reports_in_file=few,
    reports_told=few,
    reports_confirmed=few,
    after_sale_steps=few,
    automatic=st.booleans(),
    unrouted=st.sampled_from(["", "没有供应商能供"]),
    by_api=st.booleans(),
    stuck=st.sampled_from(["", "涨价了"]),
    handed=st.booleans(),
)
ENDS = (Step.DONE, Step.CLOSED)
BUYS = (Step.ROUTE, Step.DISPATCH, Step.SEND)
CLEAN = OrderFacts(OrderState.PAID, RefundState.NONE, lines=1, demanded=1, open_pieces=1)


def done(step: Step, f: OrderFacts) -> OrderFacts:
    """The facts after what a step waits for has happened."""
    match step:
        case Step.PAY:
            return replace(f, state=OrderState.PAID)
        case Step.LINES:
            return replace(f, lines_missing=False, lines=max(f.lines, 1))
        case Step.MATCH:
            return replace(f, unmatched=0)
        case Step.HOLD:
            # Cleared, decided, or what would have gone out twice is withdrawn.
            if f.blocking:
                return replace(f, blocking=())
            return replace(f, stuck="") if f.stuck else replace(f, unsent=0)
        case Step.ROUTE | Step.DISPATCH:
            return replace(f, unsent=f.unsent + f.open_pieces, open_pieces=0)
        case Step.SEND:
            return replace(f, waiting=f.waiting + f.unsent, unsent=0)
        case Step.TRACKING:
            return replace(f, shipped=f.shipped + max(f.waiting, 1), waiting=0, reports_new=f.reports_new + 1)
        case Step.REPORT:
            return replace(f, reports_in_file=f.reports_in_file + max(f.reports_new, 1), reports_new=0)
        case Step.UPLOAD:
            return replace(f, reports_told=f.reports_told + f.reports_in_file, reports_in_file=0)
        case Step.CONFIRM | Step.NO_PARCEL:
            return replace(f, state=OrderState.SHIPPED, reports_confirmed=f.reports_told, reports_told=0)
        case Step.FOLLOW | Step.ELSEWHERE:
            return replace(f, state=OrderState.FINISHED)
        case _:
            return replace(f, after_sale_steps=0)


def test_every_step_has_one_tab_and_a_name() -> None:
    assert set(TAB_OF) == set(STEP_LABELS) == set(Step)
    assert set(TAB_OF.values()) == {key for key, _ in TABS} - {"all"}


@settings(max_examples=300)
@given(FACTS)
def test_every_order_has_one_next_step_with_a_reason(facts: OrderFacts) -> None:
    after = next_step(facts)
    assert after.reason
    assert after.tab in {key for key, _ in TABS}
    assert next_step(facts) == after


@settings(max_examples=300)
@given(FACTS)
def test_nothing_is_bought_that_must_not_be(facts: OrderFacts) -> None:
    if next_step(facts).step not in BUYS:
        return
    assert not is_over(facts)
    assert facts.state is not OrderState.UNPAID or facts.cash_on_delivery
    assert not facts.blocking
    assert not facts.unmatched
    assert not facts.after_sale_steps
    assert facts.state is not OrderState.FINISHED
    assert facts.open_pieces or facts.unsent
    # By machine only where the owner turned the dial.
    assert (facts.automatic and not facts.unrouted) or next_step(facts).step is not Step.ROUTE
    ours = facts.shipped + facts.reports_new + facts.reports_in_file + facts.reports_told + facts.reports_confirmed
    assert facts.state is not OrderState.SHIPPED or ours


@settings(max_examples=300)
@given(FACTS)
def test_the_way_ends(facts: OrderFacts) -> None:
    seen: list[Step] = []
    while (step := next_step(facts).step) not in ENDS:
        seen.append(step)
        assert len(seen) < 30, seen
        after = done(step, facts)
        assert after != facts, step
        facts = after
    assert is_over(facts) == (step is Step.CLOSED)


def test_a_clean_order_takes_the_stations_in_order() -> None:
    facts, seen = replace(CLEAN, unmatched=1, blocking=("地址不完整",)), []
    while (step := next_step(facts).step) not in ENDS:
        seen.append(step)
        facts = done(step, facts)
    assert seen == [
        Step.MATCH,
        Step.HOLD,
        Step.DISPATCH,
        Step.SEND,
        Step.TRACKING,
        Step.REPORT,
        Step.UPLOAD,
        Step.CONFIRM,
        Step.FOLLOW,
    ]


@pytest.mark.parametrize(
    ("changed", "step", "said"),
    [
        ({}, Step.DISPATCH, "1 件待派单"),
        ({"open_pieces": 0, "waiting": 1, "handed": True}, Step.TRACKING, "等厂家在平台发货"),
        (
            {"open_pieces": 0, "waiting": 1, "handed": True, "state": OrderState.SHIPPED},
            Step.TRACKING,
            "厂家已在平台发货，正在读取单号",
        ),
        ({"open_pieces": 0, "shipped": 1, "handed": True}, Step.FOLLOW, "厂家已在平台发货，等平台显示整单已发货"),
        ({"automatic": True}, Step.ROUTE, "1 件按本店设置自动派单"),
        (
            {"automatic": True, "unrouted": "杯子 没有供应商能供"},
            Step.DISPATCH,
            "1 件待派单，自动派单停下了：杯子 没有供应商能供",
        ),
        ({"unrouted": "杯子 没有供应商能供"}, Step.DISPATCH, "1 件待派单"),
        ({"open_pieces": 0, "unsent": 1, "by_api": True}, Step.SEND, "正在按接口下单"),
        (
            {"open_pieces": 0, "unsent": 1, "stuck": "报价涨了"},
            Step.HOLD,
            "下单停下了，到“运行状态”里决定：报价涨了",
        ),
        (
            {"open_pieces": 0, "unsent": 1, "stuck": "“碗”还没有关联。请到货源里关联", "mended": True},
            Step.HOLD,
            "下单停下了：“碗”还没有关联。请到货源里关联",
        ),
        ({"open_pieces": 0, "waiting": 1, "stuck": "查不到"}, Step.HOLD, "下单停下了，到“运行状态”里决定：查不到"),
        ({"state": OrderState.UNPAID}, Step.PAY, "还没有付款"),
        ({"state": OrderState.UNPAID, "cash_on_delivery": True}, Step.DISPATCH, "待派单"),
        ({"state": OrderState.CANCELLED}, Step.CLOSED, "已取消"),
        ({"refund": RefundState.FULL, "after_sale_steps": 2}, Step.AFTERSALE, "还有 2 件事"),
        ({"refund": RefundState.PARTLY}, Step.DISPATCH, "待派单"),
        ({"lines": 0}, Step.LINES, "没有商品"),
        ({"demanded": 0, "open_pieces": 0}, Step.NO_PARCEL, "无需物流"),
        ({"state": OrderState.SHIPPED}, Step.ELSEWHERE, "不再采购"),
        ({"state": OrderState.SHIPPED, "open_pieces": 0, "unsent": 1}, Step.HOLD, "请撤下，以免重复发货"),
        ({"state": OrderState.SHIPPED, "open_pieces": 0, "waiting": 1}, Step.TRACKING, "不是这家发的请撤回"),
        # The first of two parcels makes a platform's whole order shipped: the second is still bought.
        ({"state": OrderState.SHIPPED, "shipped": 1, "reports_confirmed": 1}, Step.DISPATCH, "1 件待派单"),
        ({"open_pieces": 0, "shipped": 1}, Step.REPORT, "还没有要上传的单号"),
        ({"open_pieces": 0, "shipped": 1, "waiting": 1, "reports_new": 1}, Step.REPORT, "1 个包裹"),
        ({"open_pieces": 0, "shipped": 1, "reports_refused": 1}, Step.REPORT, "平台没有通过"),
        ({"open_pieces": 0, "shipped": 2, "reports_told": 1, "reports_refused": 1}, Step.REPORT, "平台没有通过"),
    ],
)
def test_particular_orders(changed: dict[str, object], step: Step, said: str) -> None:
    after = next_step(replace(CLEAN, **changed))  # type: ignore[arg-type]
    assert (after.step, said in after.reason) == (step, True), after.reason
