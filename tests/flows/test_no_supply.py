"""An order that nobody can supply cannot be dispatched: it is held, says why, and comes back by itself."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import orjson
import pytest

from daifa.areas.orders.types import WARN_ONLY, HoldKind
from daifa.areas.purchasing.models import SupplyLink
from daifa.areas.purchasing.services import purchases
from daifa.base import bulk
from daifa.base.actor import SYSTEM
from daifa.base.tenancy import tenant
from daifa.flows import advance, dispatching
from daifa.flows.steps import route
from daifa.kit import clock
from daifa.reads import order_desk, sweep_facts, today
from daifa.reads.order_filters import OrderFilter
from tests.browser import Company
from tests.flows import files
from tests.flows.day import bring, make_shop

HEADERS = ["供应商", "商家编码", "供货价", "运费", "库存", "起批量"]


def _offer(supplier: str, stock: str = "", least: str = "") -> dict[str, str]:
    return {"供应商": supplier, "商家编码": "HP-001", "供货价": "5.00", "运费": "3.00", "库存": stock, "起批量": least}


def _order(number: int, *offers: dict[str, str], pieces: str = "1") -> UUID:
    shop = make_shop(number)
    bring(number, "商品.csv", files.goods("HP-001"))
    bring(number, "报价.csv", files.csv_bytes(HEADERS, list(offers)))
    bring(number, "订单.csv", files.douyin({"主订单编号": "6901", "商品数量": pieces}), shop=shop)
    with tenant(number):
        [(order,)] = bulk.select("SELECT id FROM orders_order WHERE tenant_id = {tenant}")
    return UUID(str(order))


def _stands() -> tuple[str, str, str]:
    """Tab, the holds that stop it, and why."""
    [(tab, kinds, why)] = bulk.select(
        "SELECT tab, hold_kinds, step_reason FROM orders_order WHERE tenant_id = {tenant}"
    )
    return tab, ",".join(k for k in kinds.split(",") if k and HoldKind(k) not in WARN_ONLY), why


def _dispatchable() -> tuple[int, int]:
    """What 今日 and the tab of the order desk say."""
    station = next(s for s in today.stations(SYSTEM).stations if s.key == "dispatch")
    return station.count, order_desk.counts(OrderFilter(), SYSTEM).get("dispatch", 0)


@pytest.mark.parametrize("offers", [(_offer("甲厂", "0"),), (_offer("甲厂", "0"), _offer("乙厂", "1"))])
def test_out_of_stock_everywhere_is_held_and_not_counted(
    tenant_number: int, offers: tuple[dict[str, str], ...]
) -> None:
    _order(tenant_number, *offers, pieces="2")
    with tenant(tenant_number):
        tab, kinds, why = _stands()
        assert (tab, kinds, _dispatchable()) == ("hold", "no_supply", (0, 0))
        assert "甲厂" in why
        assert "缺货" in why
        assert dispatching.board(by=SYSTEM).orders == 0


def test_what_one_of_them_can_supply_is_dispatched(tenant_number: int) -> None:
    _order(tenant_number, _offer("甲厂", "0"), _offer("乙厂"), pieces="2")
    with tenant(tenant_number):
        assert (_stands()[:2], _dispatchable()) == (("dispatch", ""), (1, 1))
        assert dispatching.board(by=SYSTEM).orders == 1


def test_a_minimum_beyond_the_order_is_held(tenant_number: int) -> None:
    _order(tenant_number, _offer("甲厂", least="5"))
    with tenant(tenant_number):
        assert (_stands()[1], "起批量 5 件" in _stands()[2]) == ("no_supply", True)


def test_after_the_only_supplier_refused_nobody_is_left(tenant_number: int) -> None:
    order = _order(tenant_number, _offer("甲厂"))
    with tenant(tenant_number):
        placed, _ = route.dispatch([order], by=SYSTEM, run="r1")
        purchases.mark_sent([p.id for p in placed])
        [(line,)] = bulk.select("SELECT id FROM purchasing_purchaseline WHERE tenant_id = {tenant}")
        purchases.answer_lines([(line, "refused", "不做了")])
        advance.settle([order])
        tab, kinds, why = _stands()
        assert (tab, kinds, "甲厂 已拒单：不做了" in why) == ("hold", "no_supply", True)


def test_it_is_looked_at_again_by_itself(tenant_number: int) -> None:
    order = _order(tenant_number, _offer("甲厂", "0"))
    with tenant(tenant_number):
        now = clock.now()
        assert order in sweep_facts.moved(now, now + timedelta(hours=1))
        SupplyLink.objects.filter(live=True).update(stock=9)
        advance.advance([order])
        assert _stands()[:2] == ("dispatch", "")
        assert order not in sweep_facts.moved(now, now + timedelta(hours=1))


def test_an_order_leads_to_the_goods_that_it_lacks(transactional_db: None) -> None:
    """One of its goods nobody sends there, one nobody has, one is fine: the list shows the first two, and says who."""
    company = Company()
    number = company.number
    shop = make_shop(number)
    bring(number, "商品.csv", files.goods("HP-001", "HP-002", "HP-003", "HP-004"))
    bring(number, "报价.csv", files.prices(("甲厂", "HP-001", "5.00"), ("乙厂", "HP-002", "5.00")))
    with tenant(number):
        bulk.select(
            "UPDATE purchasing_supplier SET regions_not_served = %s WHERE tenant_id = {tenant} AND name = '乙厂'"
            " RETURNING id",
            ['["浙江省"]'],
        )
    wanted = [
        {"主订单编号": "6901", "子订单编号": f"6901-{n}", "商家编码": f"HP-00{n}", "商品ID": f"35000{n}"}
        for n in (1, 2, 3)
    ]
    bring(number, "订单.csv", files.douyin(*wanted), shop=shop)
    owner = company.owner
    [row] = owner.get("/orders?numbers=6901")["items"]
    by_kind = {h["kind"]: h["remedy_label"] for h in row["holds"] if h["blocks"]}
    assert by_kind == {"region_not_served": "加货源", "no_supply": "加货源"}
    lacked = owner.get(f"/goods?order={row['id']}")
    assert ({r["code"] for r in lacked["items"]}, lacked["total"]) == ({"HP-002", "HP-003"}, 2)
    assert owner.get(f"/goods/counts?order={row['id']}")["counts"]["unsupplied"] == 1
    asked = {"target": {"ids": [row["id"]]}}
    [left] = orjson.loads(owner.call("PUT", "/dispatch/preview", asked).content)["left"]
    said = {g["name"]: [(r["supplier"], r["reason"]) for r in g["refused"]] for g in left["goods"]}
    assert said["商品HP-003 默认"] == []
    [(who, why)] = said["商品HP-002 默认"]
    assert (who, "浙江" in why) == ("乙厂", True)
    assert "商品HP-001 默认" not in said
    elsewhere = company.hire("operator", shop_scope=[str(make_shop(number, name="别家店"))])[1]
    assert elsewhere.refused("GET", f"/goods?order={row['id']}")[0] == 403
    assert Company().owner.get(f"/goods?order={row['id']}")["items"] == []
