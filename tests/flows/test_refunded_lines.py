"""A line that was refunded in full is not bought, and does not keep the rest of its order waiting."""

from __future__ import annotations

from uuid import UUID

from daifa.areas.orders.services import demands
from daifa.base import bulk
from daifa.base.tenancy import tenant
from daifa.flows import advance
from tests.flows import files
from tests.flows.day import bring, make_shop

NUMBER = "6900000000000000001"


def _order(number: int) -> tuple[UUID, str, str]:
    with tenant(number):
        rows = bulk.select("SELECT id, tab, refund FROM orders_order WHERE tenant_id = {tenant}")
    [(order_id, tab, refund)] = rows
    return order_id, tab, refund


def _closed(number: int) -> list[str]:
    with tenant(number):
        rows = bulk.select("SELECT closed_cause FROM orders_demand WHERE tenant_id = {tenant} ORDER BY closed_cause")
    return [cause for (cause,) in rows]


def _two_lines(**second: str) -> bytes:
    first = {"主订单编号": NUMBER, "子订单编号": "1001\t"}
    other = {
        "主订单编号": NUMBER,
        "子订单编号": "1002\t",
        "商家编码": "HP-002",
        "商品规格": "黑色",
        "商品ID": "3500002",
    }
    return files.douyin(first, {**other, **second})


def _goods_and_prices(number: int) -> None:
    bring(number, "商品.csv", files.goods("HP-001", "HP-002"))
    bring(number, "报价.csv", files.prices(("恒达百货", "HP-001", "11.20"), ("恒达百货", "HP-002", "9.00")))


def test_a_refunded_line_closes_its_demand_and_the_rest_goes_on(tenant_number: int) -> None:
    shop = make_shop(tenant_number)
    _goods_and_prices(tenant_number)
    bring(tenant_number, "订单20261120120000.csv", _two_lines(), shop=shop)
    order_id, tab, _ = _order(tenant_number)
    assert (tab, _closed(tenant_number)) == ("dispatch", ["", ""])
    bring(tenant_number, "订单20261121120000.csv", _two_lines(售后状态="退款成功"), shop=shop)
    assert _order(tenant_number) == (order_id, "dispatch", "partly")
    assert _closed(tenant_number) == ["", "refunded"]
    with tenant(tenant_number):
        assert sum(d.quantity for d in demands.open_demands([order_id])) == 1
        # Again changes nothing.
        assert demands.close_unwanted([order_id]) == []
        advance.advance([order_id])
    assert _closed(tenant_number) == ["", "refunded"]


def test_a_refunded_line_need_not_be_matched(tenant_number: int) -> None:
    shop = make_shop(tenant_number)
    _goods_and_prices(tenant_number)
    bring(tenant_number, "订单.csv", _two_lines(商家编码="没有", 售后状态="退款成功"), shop=shop)
    assert _order(tenant_number)[1] == "dispatch"
