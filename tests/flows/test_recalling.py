"""After sending: refused pieces go elsewhere, a recall frees only with the supplier's word."""

from __future__ import annotations

from uuid import UUID

import pytest

from daifa.areas.purchasing.services import amendments, dispatches, purchases
from daifa.base import bulk
from daifa.base.actor import SYSTEM
from daifa.base.tenancy import tenant
from daifa.flows import dispatching, recalling, sending
from daifa.kit.errors import Conflict, Invalid
from daifa.reads import purchase_desk
from daifa.reads.purchase_desk import PurchaseFilter
from tests.flows.test_dispatching import TWO, ready


def _sent(number: int) -> UUID:
    ready(number, TWO[0])
    with tenant(number):
        dispatching.dispatch(by=SYSTEM)
        [sent] = sending.send(by=SYSTEM).sent
        [purchase] = dispatches.purchases_of(sent.dispatch_id)
    return purchase


def _open_pieces() -> int:
    [(n,)] = bulk.select("SELECT sum(qty - assigned_qty)::int FROM orders_demand WHERE tenant_id = {tenant}")
    return int(n)


def _step() -> str:
    [(step,)] = bulk.select("SELECT step FROM orders_order WHERE tenant_id = {tenant}")
    return str(step)


def _line() -> UUID:
    [(line,)] = bulk.select("SELECT id FROM purchasing_purchaseline WHERE tenant_id = {tenant} AND live")
    return UUID(str(line))


def _state(purchase: UUID) -> str:
    row = purchase_desk.one(purchase, SYSTEM)
    assert row is not None
    return row.state


def test_a_recall_frees_nothing_until_the_supplier_agrees(tenant_number: int) -> None:
    purchase = _sent(tenant_number)
    with tenant(tenant_number):
        recalling.recall(by=SYSTEM, purchase_id=purchase, why="买家取消")
        assert (_state(purchase), _open_pieces()) == ("recalling", 0)
        recalling.recall_answered(by=SYSTEM, purchase_id=purchase, agreed=True, words="还没打包")
        assert (_state(purchase), _open_pieces(), _step()) == ("recalled", 1, "dispatch")
        [asked] = amendments.of_purchases([purchase])
        assert (asked.kind, asked.state, asked.answer) == ("recall", "acknowledged", "还没打包")


def test_a_refused_recall_leaves_the_purchase_on_its_way(tenant_number: int) -> None:
    purchase = _sent(tenant_number)
    with tenant(tenant_number):
        recalling.recall(by=SYSTEM, purchase_id=purchase, why="买家取消")
        recalling.recall_answered(by=SYSTEM, purchase_id=purchase, agreed=False, words="已打包")
        assert (_state(purchase), _open_pieces(), _step()) == ("accepted", 0, "tracking")
        with pytest.raises(Conflict, match="没有在追回"):
            recalling.recall_answered(by=SYSTEM, purchase_id=purchase, agreed=True)


def test_shipped_pieces_do_not_come_back_by_a_word(tenant_number: int) -> None:
    purchase = _sent(tenant_number)
    with tenant(tenant_number):
        recalling.recall(by=SYSTEM, purchase_id=purchase, why="买家取消")
        [(assignment,)] = bulk.select("SELECT assignment_id FROM purchasing_purchaseline WHERE tenant_id = {tenant}")
        purchases.ship_lines([(assignment, 1)])
        with pytest.raises(Conflict, match=r"没有在追回|都已发出"):
            recalling.recall_answered(by=SYSTEM, purchase_id=purchase, agreed=True)
        assert _open_pieces() == 0


def test_a_draft_is_cancelled_at_once_and_a_recall_needs_a_why(tenant_number: int) -> None:
    ready(tenant_number, TWO[0])
    with tenant(tenant_number):
        dispatching.dispatch(by=SYSTEM)
        [(_, [purchase])] = dispatches.drafts().items()
        with pytest.raises(Invalid, match="为什么追回"):
            recalling.recall(by=SYSTEM, purchase_id=purchase, why=" ")
        assert "已直接取消" in recalling.recall(by=SYSTEM, purchase_id=purchase, why="不要了")
        assert (_state(purchase), _open_pieces()) == ("cancelled", 1)


def test_a_refusal_says_why_and_frees_the_pieces_once(tenant_number: int) -> None:
    purchase = _sent(tenant_number)
    with tenant(tenant_number):
        line = _line()
        with pytest.raises(Invalid, match="为什么不能接"):
            recalling.answer(by=SYSTEM, line_ids=[line], answer="refused")
        assert recalling.answer(by=SYSTEM, line_ids=[line], answer="out_of_stock", words="卖完了") == 1
        assert recalling.answer(by=SYSTEM, line_ids=[line], answer="out_of_stock", words="卖完了") == 0
        assert (_state(purchase), _open_pieces(), _step()) == ("refused", 1, "dispatch")
        assert "义乌优选" in dispatching.board(by=SYSTEM).groups[0].name


def test_an_answer_before_sending_is_refused(tenant_number: int) -> None:
    ready(tenant_number, TWO[0])
    with tenant(tenant_number):
        dispatching.dispatch(by=SYSTEM)
        with pytest.raises(Conflict, match="还没有发给供应商"):
            recalling.answer(by=SYSTEM, line_ids=[_line()], answer="accepted")


def test_a_change_goes_from_noted_to_told_to_answered_and_no_other_way(tenant_number: int) -> None:
    purchase = _sent(tenant_number)
    with tenant(tenant_number):
        made = recalling.amend(by=SYSTEM, purchase_id=purchase, kind="address", text="收件地址已改")
        with pytest.raises(Conflict, match="不能变为"):
            recalling.amendment_moved(by=SYSTEM, amendment_id=made.id, state="acknowledged")
        recalling.amendment_moved(by=SYSTEM, amendment_id=made.id, state="sent")
        moved = recalling.amendment_moved(by=SYSTEM, amendment_id=made.id, state="too_late", words="已发走")
        assert (moved.state_label, moved.answer) == ("来不及，已发货", "已发走")
        with pytest.raises(Conflict):
            recalling.amendment_moved(by=SYSTEM, amendment_id=made.id, state="acknowledged")


def test_the_list_finds_by_any_number_and_counts_by_tab(tenant_number: int) -> None:
    _sent(tenant_number)
    with tenant(tenant_number):
        [row] = purchase_desk.page(PurchaseFilter(numbers=["6901"]), SYSTEM).items
        assert purchase_desk.page(PurchaseFilter(numbers=[row.number]), SYSTEM).items == [row]
        assert purchase_desk.page(PurchaseFilter(numbers=["9999"]), SYSTEM).items == []
        counts = purchase_desk.counts(PurchaseFilter(), SYSTEM)
        assert (counts["all"], counts["sent"], counts["draft"]) == (1, 1, 0)
        assert [(x.order_number, x.quantity, x.unit_fen) for x in row.lines] == [("6901", 1, 1120)]
