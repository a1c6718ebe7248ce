"""A refund or cancel after the purchase: stopped, answered, and the money explained; never shipped by silence."""

from __future__ import annotations

from uuid import UUID

import pytest

from daifa.areas.orders.services import history
from daifa.areas.purchasing.services import dispatches, purchases
from daifa.base import bulk
from daifa.base.actor import SYSTEM, Actor
from daifa.base.tenancy import tenant
from daifa.flows import advance, aftersales, dispatching, sending
from daifa.kit.errors import Conflict, Invalid, NotAllowed
from daifa.reads import aftersales_desk, purchase_desk
from daifa.reads.aftersales_desk import StepFilter
from tests.flows import files
from tests.flows.day import bring
from tests.flows.test_dispatching import TWO, ready

REFUND = {"售后状态": "退款中"}
CANCEL = {"订单状态": "已关闭", "取消原因": "买家取消"}


def _shop(number: int) -> UUID:
    with tenant(number):
        [(shop,)] = bulk.select("SELECT id FROM accounts_shop WHERE tenant_id = {tenant}")
    return UUID(str(shop))


def _again(number: int, name: str, **said: str) -> dict[str, object]:
    """The same order once more, in a newer export."""
    done = bring(number, name, files.douyin({**TWO[0], **said}), shop=_shop(number))
    assert done["state"] == "done", done
    return done


def _sent(number: int) -> tuple[UUID, UUID]:
    [order] = ready(number, TWO[0])
    with tenant(number):
        dispatching.dispatch(by=SYSTEM)
        [sent] = sending.send(by=SYSTEM).sent
        [purchase] = dispatches.purchases_of(sent.dispatch_id)
    return order, purchase


def _steps() -> dict[str, UUID]:
    return {r.kind: r.id for r in aftersales_desk.page(StepFilter(), SYSTEM).items}


def _amounts() -> dict[str, int | None]:
    return {r.kind: r.amount_fen for r in aftersales_desk.page(StepFilter(), SYSTEM).items}


def _order() -> tuple[str, str]:
    [(step, tab)] = bulk.select("SELECT step, tab FROM orders_order WHERE tenant_id = {tenant}")
    return str(step), str(tab)


def _open_pieces() -> int:
    [(n,)] = bulk.select("SELECT sum(qty - assigned_qty)::int FROM orders_demand WHERE tenant_id = {tenant}")
    return int(n)


def _bought(purchase: UUID) -> str:
    row = purchase_desk.one(purchase, SYSTEM)
    assert row is not None
    return row.state


def _ship() -> None:
    [(assignment,)] = bulk.select("SELECT assignment_id FROM purchasing_purchaseline WHERE tenant_id = {tenant}")
    purchases.ship_lines([(assignment, 1)])


def test_a_refund_after_sending_opens_a_recall_and_moves_the_order(tenant_number: int) -> None:
    _sent(tenant_number)
    _again(tenant_number, "订单20261124120000.csv", **REFUND)
    with tenant(tenant_number):
        assert set(_steps()) == {"answer_buyer", "recall"}
        assert _amounts()["recall"] == 1120 + 300
        assert _order() == ("aftersale", "aftersale")
        assert aftersales_desk.counts(StepFilter(), SYSTEM) == {"all": 2, "tell": 1, "wait": 0, "money": 0, "buyer": 1}
        assert [r.kind for r in aftersales_desk.page(StepFilter(), SYSTEM, tab="tell").items] == ["recall"]


def test_pages_carry_on_where_the_last_one_ended(tenant_number: int) -> None:
    _sent(tenant_number)
    _again(tenant_number, "订单20261124120000.csv", **REFUND)
    with tenant(tenant_number):
        first = aftersales_desk.page(StepFilter(), SYSTEM, limit=1)
        second = aftersales_desk.page(StepFilter(), SYSTEM, limit=1, cursor=first.next)
        assert [r.kind for r in (*first.items, *second.items)] == ["recall", "answer_buyer"]
        assert second.next == ""


def test_an_agreed_recall_frees_the_pieces_and_leaves_the_money_to_explain(tenant_number: int) -> None:
    _, purchase = _sent(tenant_number)
    _again(tenant_number, "订单20261124120000.csv", **REFUND)
    with tenant(tenant_number):
        aftersales.do(by=SYSTEM, step_id=_steps()["recall"])
        assert set(_steps()) == {"answer_buyer", "recall_answer"}
        assert (_bought(purchase), _open_pieces()) == ("recalling", 0)
        aftersales.answer(by=SYSTEM, step_id=_steps()["recall_answer"], agreed=True, words="还没打包")
        assert (_bought(purchase), _open_pieces()) == ("recalled", 1)
        assert _amounts() == {"answer_buyer": _amounts()["answer_buyer"], "supplier_refund": 1420}
        aftersales.settle_money(by=SYSTEM, step_id=_steps()["supplier_refund"], refunded_fen=1000)
        assert _amounts()["supplier_refund"] == 420
        with pytest.raises(Invalid, match=r"最多还差 ¥4\.20"):
            aftersales.settle_money(by=SYSTEM, step_id=_steps()["supplier_refund"], refunded_fen=421)
        aftersales.settle_money(by=SYSTEM, step_id=_steps()["supplier_refund"], refunded_fen=420)
        assert set(_steps()) == {"answer_buyer"}


def test_a_cancel_before_sending_withdraws_the_draft_by_itself(tenant_number: int) -> None:
    [order] = ready(tenant_number, TWO[0])
    with tenant(tenant_number):
        dispatching.dispatch(by=SYSTEM)
        [(_, [purchase])] = dispatches.drafts().items()
    _again(tenant_number, "订单20261124120000.csv", **CANCEL)
    with tenant(tenant_number):
        assert (_bought(purchase), _steps(), _order()[0]) == ("cancelled", {}, "closed")
        assert dispatches.drafts() == {}
        assert any("已自动撤下" in f.text for f in history.of_order(order))


def test_a_shipped_purchase_is_intercepted_and_its_money_explained(tenant_number: int) -> None:
    _sent(tenant_number)
    with tenant(tenant_number):
        _ship()
    _again(tenant_number, "订单20261124120000.csv", **CANCEL)
    with tenant(tenant_number):
        assert set(_steps()) == {"intercept"}
        aftersales.do(by=SYSTEM, step_id=_steps()["intercept"])
        aftersales.answer(by=SYSTEM, step_id=_steps()["intercept_answer"], agreed=True)
        assert set(_steps()) == {"return_parcel"}
        arrived = _steps()["return_parcel"]
        aftersales.do(by=SYSTEM, step_id=arrived)
        with pytest.raises(Conflict, match="已经处理过"):
            aftersales.do(by=SYSTEM, step_id=arrived)
        money = _steps()["supplier_refund"]
        with pytest.raises(Invalid, match="为什么由自己承担"):
            aftersales.settle_money(by=SYSTEM, step_id=money, why=" ")
        aftersales.settle_money(by=SYSTEM, step_id=money, why="金额太小")
        assert (_steps(), _order()[0]) == ({}, "closed")


def test_a_refund_taken_back_has_the_supplier_go_on(tenant_number: int) -> None:
    order, purchase = _sent(tenant_number)
    _again(tenant_number, "订单20261124120000.csv", **REFUND)
    with tenant(tenant_number):
        aftersales.do(by=SYSTEM, step_id=_steps()["recall"])
        bulk.select("UPDATE orders_order SET refund = 'withdrawn' WHERE tenant_id = {tenant} RETURNING id")
        bulk.select("UPDATE orders_line SET refund = 'withdrawn' WHERE tenant_id = {tenant} RETURNING id")
        advance.advance([order])
        assert set(_steps()) == {"resume"}
        aftersales.do(by=SYSTEM, step_id=_steps()["resume"])
        assert (_steps(), _bought(purchase), _order()[0]) == ({}, "accepted", "tracking")
        bulk.select("UPDATE orders_order SET refund = 'applied' WHERE tenant_id = {tenant} RETURNING id")
        advance.advance([order])
        assert set(_steps()) == {"answer_buyer", "recall"}


def test_the_same_import_twice_changes_nothing(tenant_number: int) -> None:
    order, _ = _sent(tenant_number)
    _again(tenant_number, "订单20261124120000.csv", **REFUND)
    with tenant(tenant_number):
        before = (aftersales_desk.page(StepFilter(), SYSTEM), len(history.of_order(order)))
    _again(tenant_number, "订单20261124130000.csv", 买家留言="", **REFUND)
    with tenant(tenant_number):
        advance.advance([order])
        after = (aftersales_desk.page(StepFilter(), SYSTEM), len(history.of_order(order)))
        assert after == before


def test_a_step_that_needs_an_answer_or_a_right_is_not_just_done(tenant_number: int) -> None:
    _sent(tenant_number)
    _again(tenant_number, "订单20261124120000.csv", **REFUND)
    with tenant(tenant_number):
        found = _steps()
        with pytest.raises(Conflict, match="在平台后台处理"):
            aftersales.do(by=SYSTEM, step_id=found["answer_buyer"])
        with pytest.raises(NotAllowed):
            aftersales.do(by=Actor("m", "客服", frozenset({"support.edit"})), step_id=found["recall"])
        with pytest.raises(Conflict, match="不是等供应商答复"):
            aftersales.answer(by=SYSTEM, step_id=found["recall"], agreed=True)
        assert set(_steps()) == {"answer_buyer", "recall"}
