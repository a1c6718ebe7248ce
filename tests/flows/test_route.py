"""Dispatching: every piece assigned once, with reasons; what cannot be supplied stays and says why."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from uuid import UUID

import pytest
from django.db import IntegrityError, transaction

from daifa.areas.accounts.services import settings, shops
from daifa.areas.purchasing.models import SupplyLink
from daifa.areas.purchasing.services import offers, purchases, records
from daifa.areas.purchasing.services.purchases import NewLine, NewPurchase
from daifa.areas.purchasing.types import SupplierRecord
from daifa.base import bulk
from daifa.base.actor import SYSTEM
from daifa.base.tenancy import tenant
from daifa.flows import advance, automatic, sweep
from daifa.flows.steps import route
from daifa.kit import clock
from daifa.reads import dry_run_facts, screening_facts
from tests.flows import files
from tests.flows.day import bring, make_shop

PRICES = files.prices(("恒达百货", "HP-001", "11.20"), ("义乌优选", "HP-001", "12.55"), ("恒达百货", "HP-002", "9.00"))
OTHER = {"商家编码": "HP-002", "商品ID": "3500002"}


def _ready(number: int, *orders: dict[str, str]) -> list[UUID]:
    shop = make_shop(number)
    bring(number, "商品.csv", files.goods("HP-001", "HP-002"))
    bring(number, "报价.csv", PRICES)
    bring(number, "订单.csv", files.douyin(*orders), shop=shop)
    with tenant(number):
        rows = bulk.select("SELECT id FROM orders_order WHERE tenant_id = {tenant} ORDER BY external_id")
    return [i for (i,) in rows]


def test_the_cheaper_supplier_is_chosen_and_says_why(tenant_number: int) -> None:
    ids = _ready(tenant_number, {"主订单编号": "6901"})
    with tenant(tenant_number):
        placed, preview = route.dispatch(ids, by=SYSTEM, run="r1")
        assert [p.number for p in placed] == [f"P{clock.business_day(clock.now()):%y%m%d}-恒达-001"]
        assert "恒达百货" in preview.plans[0].headline
        rows = bulk.select("SELECT assigned_qty, qty FROM orders_demand WHERE tenant_id = {tenant}")
        assert rows == [(1, 1)]
        [(tab, step)] = bulk.select("SELECT tab, step FROM orders_order WHERE tenant_id = {tenant}")
        assert (tab, step) == ("supplier", "send")


def test_dispatching_twice_buys_once(tenant_number: int) -> None:
    ids = _ready(tenant_number, {"主订单编号": "6901"})
    with tenant(tenant_number):
        first, _ = route.dispatch(ids, by=SYSTEM, run="r1")
        again, plan = route.dispatch(ids, by=SYSTEM, run="r1")
        assert (len(first), len(again)) == (1, 0)
        assert plan.left[0].number == "6901"


def test_the_database_refuses_to_assign_more_than_demanded(tenant_number: int) -> None:
    ids = _ready(tenant_number, {"主订单编号": "6901"})
    with tenant(tenant_number):
        route.dispatch(ids, by=SYSTEM, run="r1")
        [(demand, sku, shop)] = bulk.select(
            "SELECT d.id, d.sku_id, o.shop_id FROM orders_demand d JOIN orders_order o"
            " ON o.tenant_id = {tenant} AND o.id = d.order_id WHERE d.tenant_id = {tenant}"
        )
        [(supplier,)] = bulk.select("SELECT supplier_id FROM purchasing_purchaseorder WHERE tenant_id = {tenant}")
        line = NewLine(demand, ids[0], sku, None, 1, 100, 100, 0)
        twin = NewPurchase(supplier, shop, ids[0], (line,), 0)
        with pytest.raises(IntegrityError, match="demand_assigned"), transaction.atomic():
            purchases.place([twin], day=clock.business_day(clock.now()), run="r2")


def test_a_refused_line_is_free_again_and_goes_elsewhere(tenant_number: int) -> None:
    ids = _ready(tenant_number, {"主订单编号": "6901"})
    with tenant(tenant_number):
        placed, _ = route.dispatch(ids, by=SYSTEM, run="r1")
        purchases.mark_sent([p.id for p in placed])
        [(line,)] = bulk.select("SELECT id FROM purchasing_purchaseline WHERE tenant_id = {tenant}")
        purchases.answer_lines([(line, "out_of_stock", "卖完了")])
        from daifa.flows import advance

        advance.settle(ids)
        placed, plan = route.dispatch(ids, by=SYSTEM, run="r2")
        assert "义乌优选" in plan.plans[0].headline
        assert any("卖完了" in c.text for c in plan.plans[0].candidates)
        assert len(placed) == 1


def test_two_orders_of_one_person_travel_together(tenant_number: int) -> None:
    ids = _ready(
        tenant_number, {"主订单编号": "6901"}, {"主订单编号": "6902", **OTHER}, {"主订单编号": "6903", "收件人": "李四"}
    )
    with tenant(tenant_number):
        placed, _ = route.dispatch(ids, by=SYSTEM, run="r1")
        assert sorted(len(p.order_ids) for p in placed) == [1, 2]


def test_one_demand_is_cut_over_two_suppliers_stocks_only_where_the_company_says_so(tenant_number: int) -> None:
    shop = make_shop(tenant_number)
    bring(tenant_number, "商品.csv", files.goods("HP-001"))
    stocked = [
        {"供应商": s, "商家编码": "HP-001", "供货价": "5.00", "运费": "3.00", "库存": "3"} for s in ("甲厂", "乙厂")
    ]
    bring(tenant_number, "报价.csv", files.csv_bytes(["供应商", "商家编码", "供货价", "运费", "库存"], stocked))
    bring(tenant_number, "订单.csv", files.douyin({"主订单编号": "6901", "商品数量": "5"}), shop=shop)
    with tenant(tenant_number):
        ids = [i for (i,) in bulk.select("SELECT id FROM orders_order WHERE tenant_id = {tenant}")]
        assert route.dispatch(ids, by=SYSTEM, run="r1")[0] == []
        settings.change(by=SYSTEM, values={"split_quantity": True})
        advance.settle(ids)
        assert len(route.dispatch(ids, by=SYSTEM, run="r2")[0]) == 2
        rows = bulk.select("SELECT part, qty FROM purchasing_assignment WHERE tenant_id = {tenant} ORDER BY part")
        assert sorted(qty for _, qty in rows) == [2, 3]


def test_far_outside_the_habit_is_what_the_company_says_it_is(tenant_number: int) -> None:
    usual = [{"主订单编号": f"69{n}", "收件人手机号": f"1701234567{n}"} for n in range(4)]
    big = {"主订单编号": "6999", "商品数量": "9", "收件人手机号": "17012345699"}

    def held() -> list[tuple[str, ...]]:
        with tenant(tenant_number):
            advance.advance([i for (i,) in bulk.select("SELECT id FROM orders_order WHERE tenant_id = {tenant}")])
            return bulk.select(
                "SELECT o.external_id FROM orders_hold h JOIN orders_order o ON o.tenant_id = {tenant}"
                " AND o.id = h.order_id WHERE h.tenant_id = {tenant} AND h.kind = 'unusual' AND h.state = 'open'"
            )

    with clock.frozen(clock.beijing(2026, 11, 20, 12)):
        _ready(tenant_number, *usual, big)
        assert held() == []
        with tenant(tenant_number):
            settings.change(by=SYSTEM, values={"unusual_orders": 3, "unusual_times": 5})
        assert held() == [("6999",)]


def test_how_a_supplier_did_is_counted_by_the_sweep_and_read_for_each_order(tenant_number: int) -> None:
    with clock.frozen(clock.beijing(2026, 11, 20, 12)):
        two = [{"主订单编号": f"690{n}", "收件人手机号": f"1701234560{n}"} for n in (1, 2)]
        ids = _ready(tenant_number, *two)
        with tenant(tenant_number):
            placed, _ = route.dispatch(ids, by=SYSTEM, run="r1")
            purchases.mark_sent([p.id for p in placed])
            [(line, supplier), *_] = bulk.select(
                "SELECT l.id, p.supplier_id FROM purchasing_purchaseline l JOIN purchasing_purchaseorder p"
                " ON p.tenant_id = l.tenant_id AND p.id = l.purchase_id WHERE l.tenant_id = {tenant}"
            )
            purchases.answer_lines([(line, "out_of_stock", "卖完了")])
            assert records.of([supplier]) == {}
        sweep.one_company.function(tenant_id=tenant_number)
        with tenant(tenant_number):
            assert offers.supplier_views([supplier])[supplier].record == SupplierRecord(2, None, Decimal("0.5"), 30)
    with clock.frozen(clock.beijing(2026, 12, 25, 12)):
        sweep.one_company.function(tenant_id=tenant_number)
        with tenant(tenant_number):
            assert records.of([supplier]) == {}


def test_the_habit_is_of_the_newest_orders_so_that_screening_one_costs_the_same_in_a_big_shop(
    tenant_number: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(screening_facts, "HABIT_ORDERS", 2)
    with clock.frozen(clock.beijing(2026, 11, 20, 12)):
        orders = [
            {"主订单编号": f"69{n}", "支付完成时间": f"2026-11-{10 + n} 10:00:00", "商品数量": str(n)}
            for n in range(1, 6)
        ]
        _ready(tenant_number, *orders)
        with tenant(tenant_number):
            ids = [i for (i,) in bulk.select("SELECT id FROM orders_order WHERE tenant_id = {tenant}")]
            [habit] = screening_facts.load(ids, now=clock.now(), duplicate_hours=1).habits.values()
    assert (habit.orders, habit.quantity_median) == (2, 4)


def test_what_the_machine_cannot_route_waits_for_a_person_with_the_reason_and_is_tried_again(
    tenant_number: int,
) -> None:
    shop = make_shop(tenant_number)
    bring(tenant_number, "商品.csv", files.goods("HP-001"))
    # Each line could be had, both together not.
    price = {"供应商": "甲厂", "商家编码": "HP-001", "供货价": "5.00", "运费": "3.00", "库存": "3"}
    bring(tenant_number, "报价.csv", files.csv_bytes(list(price), [price]))
    two = [{"主订单编号": "6901", "子订单编号": n, "商品数量": "2"} for n in ("6901", "69012")]
    bring(tenant_number, "订单.csv", files.douyin(*two), shop=shop)
    with tenant(tenant_number):
        [(order,)] = bulk.select("SELECT id FROM orders_order WHERE tenant_id = {tenant}")
        [(shop,)] = bulk.select("SELECT shop_id FROM orders_order WHERE tenant_id = {tenant}")
        shops.change_shop(by=SYSTEM, shop_id=shop, version=shops.version_of(shop), dial="automatic")
        advance.settle([order])
        assert _stands(order)[:2] == ("dispatch", "route")
    automatic.route_them.function(tenant_id=tenant_number, order_ids=[str(order)])
    automatic.route_them.function(tenant_id=tenant_number, order_ids=[str(order)])
    with tenant(tenant_number):
        tab, step, reason = _stands(order)
        assert (tab, step) == ("dispatch", "dispatch")
        assert all(words in reason for words in ("自动派单停下了", "库存不够分"))
        said = bulk.select(
            "SELECT text FROM orders_history WHERE tenant_id = {tenant} AND text LIKE '自动派单没有成功%%'"
        )
        assert len(said) == 1, "the same reason is told once"
        now = clock.now()
        assert dry_run_facts.to_route(now - timedelta(minutes=30), limit=10) == []
        assert dry_run_facts.to_route(now + timedelta(minutes=1), limit=10) == [order]
        SupplyLink.objects.filter(live=True).update(stock=9)
    automatic.route_them.function(tenant_id=tenant_number, order_ids=[str(order)])
    with tenant(tenant_number):
        assert _stands(order)[0] == "supplier"
        assert bulk.select("SELECT unrouted FROM orders_order WHERE tenant_id = {tenant}") == [("",)]


def _stands(order: UUID) -> tuple[str, str, str]:
    [row] = bulk.select(
        "SELECT tab, step, step_reason FROM orders_order WHERE tenant_id = {tenant} AND id = %s", [order]
    )
    return row
