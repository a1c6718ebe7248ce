"""派单 as one deed: what the preview says is what is bought, twice buys once, undo sets free until it is sent."""

from __future__ import annotations

from dataclasses import asdict
from datetime import timedelta
from uuid import UUID, uuid4

import orjson
import pytest

from daifa.areas.accounts.services import settings
from daifa.areas.purchasing.services import records
from daifa.base import bulk
from daifa.base.actor import SYSTEM, Actor
from daifa.base.tenancy import tenant
from daifa.flows import advance, dispatching, sending, undo
from daifa.kit import clock
from daifa.kit.errors import Conflict, Invalid, NotAllowed
from daifa.reads import suppliers
from tests.flows import files
from tests.flows.day import bring, make_shop

AS_OF = clock.beijing(2026, 11, 20, 12)


TWO_FOR_THE_FIRST = (("恒达百货", "HP-001", "11.20"), ("义乌优选", "HP-001", "12.55"), ("义乌优选", "HP-002", "5.00"))


def ready(
    number: int, *orders: dict[str, str], prices: tuple[tuple[str, str, str], ...] = TWO_FOR_THE_FIRST
) -> list[UUID]:
    """Orders that wait for dispatch, by default with two suppliers for HP-001 and one for HP-002."""
    shop = make_shop(number)
    bring(number, "商品.csv", files.goods("HP-001", "HP-002"))
    bring(number, "报价.csv", files.prices(*prices))
    bring(number, "订单.csv", files.douyin(*orders), shop=shop)
    with tenant(number):
        bulk.select(
            "UPDATE accounts_shop SET exported_as_of = %s WHERE tenant_id = {tenant} RETURNING id", [clock.now()]
        )
        rows = bulk.select("SELECT id FROM orders_order WHERE tenant_id = {tenant} ORDER BY external_id")
    return [i for (i,) in rows]


TWO = ({"主订单编号": "6901"}, {"主订单编号": "6902", "收件人": "李四", "商家编码": "HP-002", "商品规格": "小号"})


def _steps() -> list[tuple[str, ...]]:
    return bulk.select("SELECT step FROM orders_order WHERE tenant_id = {tenant} ORDER BY external_id")


def test_a_preview_with_warnings_can_be_written_as_json(tenant_number: int) -> None:
    with tenant(tenant_number):
        settings.change(by=SYSTEM, values={"margin_floor_fen": -100_000})
    ready(tenant_number, {"主订单编号": "6901", "订单应付金额": "5.00"})
    with tenant(tenant_number):
        board = dispatching.board(by=SYSTEM)
    # As the command line writes it: a Counter would be taken apart and put together again with pairs for keys.
    written = orjson.loads(orjson.dumps(asdict(board), default=str))
    assert written["groups"][0]["warnings"]["loss"] == 1


def test_a_warning_is_counted_by_orders_not_by_parcels(tenant_number: int) -> None:
    n, late = tenant_number, {"主订单编号": "6901", "承诺发货时间": "2026/11/01 10:00:00"}
    bring(n, "商品.csv", files.goods("HP-001", "HP-002"))
    bring(n, "报价.csv", files.prices(("恒达百货", "HP-001", "11.20"), ("义乌优选", "HP-002", "5.00")))
    two = ({**late, "子订单编号": "1"}, {**late, "子订单编号": "2", "商家编码": "HP-002", "商品规格": "小号"})
    bring(n, "订单.csv", files.douyin(*two), shop=make_shop(n))
    with tenant(n):
        groups = dispatching.board(by=SYSTEM).groups
    assert [w.kind for w in groups[0].orders[0].warnings] == ["late_all", "late_all"]
    assert [(len(g.orders), g.warnings["late_all"]) for g in groups] == [(1, 1), (1, 1)]


def test_the_preview_says_what_the_buyer_asked_of_the_courier(tenant_number: int) -> None:
    ready(tenant_number, *TWO)
    with tenant(tenant_number):
        bulk.select(
            "UPDATE orders_order SET courier_demand = '指定顺丰' WHERE tenant_id = {tenant} AND external_id = '6902'"
            " RETURNING id"
        )
        groups = dispatching.board(by=SYSTEM).groups
    told = {o.number: w.text for g in groups for o in g.orders for w in o.warnings if w.kind == "courier"}
    assert list(told) == ["6902"]
    assert "指定顺丰" in told["6902"]


def test_an_orders_margin_before_dispatch_is_the_previews_where_the_cheaper_goods_have_the_dearer_freight(
    tenant_number: int,
) -> None:
    ids = ready(tenant_number, *TWO)
    with tenant(tenant_number):
        bulk.select(
            "UPDATE purchasing_supplylink l SET freight = %s::jsonb FROM purchasing_supplier s WHERE"
            " l.tenant_id = {tenant} AND s.tenant_id = {tenant} AND s.id = l.supplier_id AND s.name = %s"
            " RETURNING l.id",
            ['{"basis": "order", "zones": [{"first_fen": 1000}]}', "恒达百货"],
        )
        advance.settle(ids)
        kept = dict(bulk.select("SELECT external_id, margin_fen FROM orders_order WHERE tenant_id = {tenant}"))
        board = dispatching.board(by=SYSTEM)
    assert {g.name for g in board.groups} == {"义乌优选"}, "11.20 and 10.00 is more than 12.55 and 3.00"
    assert {o.number: o.order_margin_fen for g in board.groups for o in g.orders} == kept


def test_what_is_over_its_deadline_and_not_shipped_is_late_wherever_the_supplier_is_ranked(tenant_number: int) -> None:
    ready(tenant_number, *TWO)
    with tenant(tenant_number):
        dispatching.dispatch(by=SYSTEM)
        now = clock.now()
        for name, due in (("恒达百货", now - timedelta(hours=1)), ("义乌优选", now + timedelta(hours=1))):
            bulk.select(
                "UPDATE purchasing_purchaseorder p SET state = 'sent', sent_at = %s, due_by = %s"
                " FROM purchasing_supplier s WHERE p.tenant_id = {tenant} AND s.tenant_id = {tenant}"
                " AND s.id = p.supplier_id AND s.name = %s RETURNING p.id",
                [now, due, name],
            )
        records.count(now)
        shown = {r.name: r for r in suppliers.page(now=now, today=clock.business_day(now)).items}
        ranked = records.of([r.id for r in shown.values()])
    for name, on_time in (("恒达百货", 0), ("义乌优选", None)):
        assert (shown[name].on_time, ranked[shown[name].id].on_time) == (on_time, on_time)


def test_the_preview_says_exactly_what_is_then_bought(tenant_number: int) -> None:
    ready(tenant_number, *TWO)
    with tenant(tenant_number):
        board = dispatching.board(by=SYSTEM)
        assert board.line.startswith("2 单 → 2 家供应商，采购 ¥22.20，预计毛利 ¥53.60 (67.2%)")
        by_name = {g.name: g for g in board.groups}
        assert (by_name["恒达百货"].goods_fen, by_name["恒达百货"].freight_fen) == (1120, 300)
        assert (by_name["义乌优选"].goods_fen, by_name["义乌优选"].freight_fen) == (500, 300)
        assert sum(g.margin_fen or 0 for g in board.groups) == board.margin_fen
        done = dispatching.dispatch(by=SYSTEM)
        assert (done.orders, done.suppliers) == (2, 2)
        bought = bulk.select(
            "SELECT s.name, p.goods_fen, p.freight_fen, p.state FROM purchasing_purchaseorder p"
            " JOIN purchasing_supplier s ON s.tenant_id = p.tenant_id AND s.id = p.supplier_id"
            " WHERE p.tenant_id = {tenant} ORDER BY s.name"
        )
        assert sorted(bought) == [("义乌优选", 500, 300, "draft"), ("恒达百货", 1120, 300, "draft")]
        assert _steps() == [("send",), ("send",)]


SPLIT = (
    {"主订单编号": "6905", "子订单编号": "1", "收件人": "孙七"},
    {"主订单编号": "6905", "子订单编号": "2", "收件人": "孙七", "商家编码": "HP-002", "商品规格": "小号"},
)
EACH_ITS_OWN = (("恒达百货", "HP-001", "11.20"), ("义乌优选", "HP-002", "5.00"))


def _own_margins() -> dict[UUID, int]:
    return dict(bulk.select("SELECT id, margin_fen FROM orders_order WHERE tenant_id = {tenant}"))


def _previewed(board: dispatching.Board) -> dict[UUID, int | None]:
    """The margins of the orders; what the suppliers and the line say of them must be the same money."""
    by_order = {c.id: c.order_margin_fen for g in board.groups for c in g.orders}
    assert sum(c.margin_fen or 0 for g in board.groups for c in g.orders) == sum(m or 0 for m in by_order.values())
    assert sum(g.margin_fen or 0 for g in board.groups) == board.margin_fen == sum(m or 0 for m in by_order.values())
    return by_order


def test_the_previews_margins_are_the_orders_own_with_fees_and_shared_boxes(tenant_number: int) -> None:
    """Fees are taken off, two orders of one recipient share a box, and an order of two suppliers is counted once."""
    ready(tenant_number, TWO[0], {"主订单编号": "6906", "商品数量": "2"}, *SPLIT, prices=EACH_ITS_OWN)
    with tenant(tenant_number):
        board = dispatching.board(by=SYSTEM)
        seen = _previewed(board)
        assert board.earlier_fen == 0
        assert sum(g.purchases for g in board.groups) == 3
        assert any(len(c.supplier_ids) == 2 for g in board.groups for c in g.orders)
        dispatching.dispatch(by=SYSTEM)
        assert seen == _own_margins()


def test_of_a_partly_bought_order_the_whole_margin_is_said_with_what_was_bought_before(tenant_number: int) -> None:
    ready(tenant_number, *SPLIT, prices=EACH_ITS_OWN)
    with tenant(tenant_number):
        dispatching.dispatch(by=SYSTEM)
        whole = _own_margins()
        [(first, cost)] = bulk.select(
            "SELECT p.id, p.goods_fen + p.freight_fen FROM purchasing_purchaseorder p JOIN purchasing_supplier s"
            " ON s.tenant_id = {tenant} AND s.id = p.supplier_id WHERE p.tenant_id = {tenant} AND s.name = '恒达百货'"
        )
        dispatching.withdraw(by=SYSTEM, purchase_ids=[first], why="取消采购")
        board = dispatching.board(by=SYSTEM)
        assert _previewed(board) == whole
        [card] = board.groups[0].orders
        assert (card.goods_fen + (card.freight_fen or 0), card.earlier_fen) == (cost, 800)
        assert board.line.endswith("，其中 1 单之前已采购 ¥8.00 也算在内")


def test_a_preview_changes_nothing(tenant_number: int) -> None:
    ready(tenant_number, *TWO)
    with tenant(tenant_number):
        first = dispatching.board(by=SYSTEM)
        assert dispatching.board(by=SYSTEM) == first
        assert bulk.select("SELECT count(*) FROM purchasing_purchaseorder WHERE tenant_id = {tenant}") == [(0,)]


def test_dispatching_twice_buys_once(tenant_number: int) -> None:
    ids = ready(tenant_number, *TWO)
    with tenant(tenant_number):
        dispatching.dispatch(by=SYSTEM, order_ids=ids)
        with pytest.raises(Invalid, match="没有可以派的单"):
            dispatching.dispatch(by=SYSTEM, order_ids=ids)
        assert bulk.select("SELECT count(*) FROM purchasing_purchaseline WHERE tenant_id = {tenant}") == [(2,)]


def test_undo_frees_every_piece_and_dispatch_works_again(tenant_number: int) -> None:
    ready(tenant_number, *TWO)
    with tenant(tenant_number):
        done = dispatching.dispatch(by=SYSTEM)
        assert undo.undo(token=done.undo, by=SYSTEM) == "已撤销派单，2 单回到待派单"
        assert _steps() == [("dispatch",), ("dispatch",)]
        assert bulk.select("SELECT sum(assigned_qty) FROM orders_demand WHERE tenant_id = {tenant}") == [(0,)]
        states = bulk.select("SELECT DISTINCT state FROM purchasing_purchaseorder WHERE tenant_id = {tenant}")
        assert states == [("cancelled",)]
        with pytest.raises(Conflict, match="已经撤销过"):
            undo.undo(token=done.undo, by=SYSTEM)
        again = dispatching.dispatch(by=SYSTEM)
        assert set(again.numbers).isdisjoint(done.numbers)


def test_what_was_sent_cannot_be_undone(tenant_number: int) -> None:
    ready(tenant_number, *TWO)
    with tenant(tenant_number):
        done = dispatching.dispatch(by=SYSTEM)
        sending.send(by=SYSTEM)
        with pytest.raises(Conflict, match="已经发给供应商"):
            undo.undo(token=done.undo, by=SYSTEM)


def test_undo_needs_the_right_to_dispatch(tenant_number: int) -> None:
    ready(tenant_number, *TWO)
    with tenant(tenant_number):
        done = dispatching.dispatch(by=SYSTEM)
        with pytest.raises(NotAllowed):
            undo.undo(token=done.undo, by=Actor("member:x", "小看", frozenset({"purchasing.view"})))


def test_an_old_export_must_be_seen_before_anything_is_bought(tenant_number: int) -> None:
    ids = ready(tenant_number, TWO[0])
    with tenant(tenant_number), clock.frozen(clock.now() + timedelta(hours=7)):
        [stale] = dispatching.board(by=SYSTEM).stale
        assert (stale.name, stale.orders) == ("家居旗舰店", 1)
        with pytest.raises(Conflict, match="超过 6 小时") as refused:
            dispatching.dispatch(by=SYSTEM, order_ids=ids)
        assert refused.value.data["shops"] == [str(stale.id)]
        assert dispatching.dispatch(by=SYSTEM, order_ids=ids, stale_confirmed=[stale.id]).orders == 1


def test_a_fresh_export_needs_no_word(tenant_number: int) -> None:
    ids = ready(tenant_number, TWO[0])
    with tenant(tenant_number):
        assert dispatching.board(by=SYSTEM).stale == ()
        assert dispatching.dispatch(by=SYSTEM, order_ids=ids).orders == 1


def test_a_person_chooses_and_the_choice_is_remembered(tenant_number: int) -> None:
    ids = ready(tenant_number, TWO[0], {"主订单编号": "6903", "收件人": "赵六"})
    with tenant(tenant_number):
        [other] = [
            c.supplier_id
            for g in dispatching.board(by=SYSTEM).groups
            for c in g.orders[0].candidates
            if c.name == "义乌优选"
        ]
        chosen = dispatching.board(by=SYSTEM, choices={ids[0]: other})
        assert {g.name: len(g.orders) for g in chosen.groups} == {"义乌优选": 1, "恒达百货": 1}
        assert dispatching.remember(by=SYSTEM, order_ids=ids[:1], supplier_id=other) == (
            "记住了：1 个规格以后都给 义乌优选"
        )
        assert {g.name: len(g.orders) for g in dispatching.board(by=SYSTEM).groups} == {"义乌优选": 2}


def test_another_shops_orders_are_out_of_reach(tenant_number: int) -> None:
    ids = ready(tenant_number, TWO[0])
    somebody = Actor("member:x", "小王", frozenset({"purchasing.edit"}), shops=frozenset({uuid4()}))
    with tenant(tenant_number):
        assert dispatching.waiting(somebody) == []
        with pytest.raises(NotAllowed):
            dispatching.dispatch(by=somebody, order_ids=ids)


def test_an_order_nobody_supplies_stays_and_says_why(tenant_number: int) -> None:
    ready(tenant_number, TWO[0], {"主订单编号": "6904", "商品规格": "红色", "商家编码": "HP-003"})
    with tenant(tenant_number):
        done = dispatching.dispatch(by=SYSTEM)
        assert done.orders == 1
        assert dispatching.board(by=SYSTEM).orders == 0
        assert dispatching.board(by=SYSTEM).elsewhere == {"match": 1}
