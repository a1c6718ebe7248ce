"""A listing of several pieces is told to its shop in the shop's units, however its pieces are boxed."""

from __future__ import annotations

from dataclasses import replace

import pytest

from daifa.areas.logistics.services import reports
from daifa.base import bulk
from daifa.base.tenancy import tenant
from daifa.flows import reporting
from daifa.flows.steps import report_shipment
from daifa.ports.shop_api import ShipPiece
from daifa.reads import ship_facts
from daifa.reads.ship_facts import WaitingReport
from tests.flows.day import bring
from tests.flows.test_reporting import OTHER
from tests.flows.test_tracking import GOOD, returned, sent

LINE = "6901-1"


def _double_pack(number: int) -> None:
    """What was ordered twice was one pack of two."""
    with tenant(number):
        changed = bulk.select(
            "UPDATE orders_line SET quantity = 1 WHERE tenant_id = {tenant} AND external_id = %s RETURNING mapping_id",
            [LINE],
        )
        parts = bulk.select(
            "UPDATE catalog_mappingpart SET quantity = 2 WHERE tenant_id = {tenant} AND mapping_id = %s RETURNING id",
            [changed[0][0]],
        )
    assert len(parts) == 1


@pytest.fixture
def shop_and_purchase(tenant_number: int) -> tuple[object, str]:
    order = {"主订单编号": "6901", "子订单编号": LINE, "商品数量": "2", "承诺发货时间": "2036-11-22 10:01:00"}
    shop, [(ours, _)] = sent(tenant_number, order)
    _double_pack(tenant_number)
    return shop, ours


def _waiting(number: int) -> WaitingReport:
    with tenant(number):
        [shop] = ship_facts.shops_waiting(
            [i for (i,) in bulk.select("SELECT id FROM orders_order WHERE tenant_id = {tenant}")]
        )
        [found] = ship_facts.waiting([shop])
    return found


def test_a_pack_in_one_box_is_one_unit(tenant_number: int, shop_and_purchase: tuple[object, str]) -> None:
    bring(tenant_number, "一.csv", returned((shop_and_purchase[1], "", "2", "中通", GOOD)), kind="tracking")
    report = _waiting(tenant_number)
    assert report.lines == ((LINE, 1, 1),)
    assert report_shipment._pieces(replace(report, only_box=False)) == (ShipPiece(LINE, 1),)


def test_a_pack_in_two_boxes_ships_with_the_first(tenant_number: int, shop_and_purchase: tuple[object, str]) -> None:
    ours = shop_and_purchase[1]
    bring(tenant_number, "一.csv", returned((ours, "", "1", "中通", GOOD)), kind="tracking")
    first = _waiting(tenant_number)
    assert first.lines == ((LINE, 1, 1),)
    assert reporting.blocked(first, by_api=True) == ""
    with tenant(tenant_number):
        reports.calling(first.id)
    bring(tenant_number, "二.csv", returned((ours, "", "1", "圆通", OTHER)), kind="tracking")
    second = _waiting(tenant_number)
    assert second.lines == ((LINE, 0, 1),)
    assert report_shipment._pieces(second) == ()
    assert "追加包裹" in reporting.blocked(second, by_api=True)
    assert reporting.blocked(second) == "", "a file takes a row of its number"
    whole = replace(second, order_state="shipped")
    assert reporting.blocked(whole, by_api=True, adds=True) == ""
    assert report_shipment._pieces(whole) == (ShipPiece(LINE, 1),)
