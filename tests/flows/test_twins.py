"""Duplicates and joint boxes: the same goods are our SKUs, the same receiver lives in the same place."""

from __future__ import annotations

from uuid import UUID

import pytest

from daifa.base import bulk
from daifa.base.actor import SYSTEM, Actor
from daifa.base.tenancy import tenant
from daifa.flows import dispatching
from daifa.kit import clock
from daifa.kit.errors import NotAllowed
from daifa.reads import order_twins
from tests.flows import files
from tests.flows.day import bring, make_shop

NOW = clock.beijing(2026, 11, 20, 12)
LATER = {"主订单编号": "6902", "订单提交时间": "2026-11-20 11:00:00", "支付完成时间": "2026-11-20 11:01:00"}


def _ground(number: int) -> UUID:
    shop = make_shop(number)
    bring(number, "商品.csv", files.goods("HP-001", "HP-002"))
    bring(number, "报价.csv", files.prices(("恒达百货", "HP-001", "11.20"), ("恒达百货", "HP-002", "5.00")))
    return shop


def _doubtful(number: int) -> list[tuple[str, ...]]:
    with tenant(number):
        return bulk.select(
            "SELECT o.external_id FROM orders_hold h JOIN orders_order o ON o.tenant_id = {tenant}"
            " AND o.id = h.order_id WHERE h.tenant_id = {tenant} AND h.kind = 'duplicate' AND h.state = 'open'"
            " ORDER BY 1"
        )


def test_two_listings_of_one_sku_are_the_same_goods(tenant_number: int) -> None:
    with clock.frozen(NOW):
        shop = _ground(tenant_number)
        other_listing = {**LATER, "商品ID": "3500099", "商品规格": "白 大"}
        bring(tenant_number, "订单.csv", files.douyin({"主订单编号": "6901"}, other_listing), shop=shop)
        assert _doubtful(tenant_number) == [("6902",)]


def test_the_two_can_be_looked_at_side_by_side_within_the_scope(tenant_number: int) -> None:
    with clock.frozen(NOW):
        shop = _ground(tenant_number)
        bring(tenant_number, "订单.csv", files.douyin({"主订单编号": "6901"}, LATER), shop=shop)
        with tenant(tenant_number):
            [(later,)] = bulk.select("SELECT id FROM orders_order WHERE tenant_id = {tenant} AND external_id = '6902'")
            beside = order_twins.compared(later, SYSTEM, hours=48)
            assert [row.number for row in beside] == ["6902", "6901"]
            assert "*" in beside[1].recipient
            stranger = Actor("m", "看客", frozenset({"orders.view"}), shops=frozenset())
            with pytest.raises(NotAllowed):
                order_twins.compared(later, stranger, hours=48)


def test_one_listing_with_other_skus_is_not(tenant_number: int) -> None:
    with clock.frozen(NOW):
        shop = _ground(tenant_number)
        bring(
            tenant_number, "订单.csv",
            files.douyin({"主订单编号": "6901"}, {**LATER, "商家编码": "HP-002", "商品规格": "小号"}), shop=shop,
        )  # fmt: skip
        assert _doubtful(tenant_number) == []


def test_an_earlier_order_that_arrives_late_makes_the_later_one_doubtful_and_its_cancel_frees_it(
    tenant_number: int,
) -> None:
    with clock.frozen(NOW):
        shop = _ground(tenant_number)
        bring(tenant_number, "订单1.csv", files.douyin(LATER), shop=shop)
        assert _doubtful(tenant_number) == []
        bring(tenant_number, "订单2.csv", files.douyin({"主订单编号": "6901"}), shop=shop)
        assert _doubtful(tenant_number) == [("6902",)]
    with clock.frozen(clock.beijing(2026, 11, 20, 13)):
        gone = {"主订单编号": "6901", "订单状态": "已关闭", "订单完成时间": "2026-11-20 12:30:00"}
        bring(tenant_number, "订单3.csv", files.douyin(gone), shop=shop)
        assert _doubtful(tenant_number) == []


def test_one_street_in_two_towns_is_two_boxes(tenant_number: int) -> None:
    with clock.frozen(NOW):
        shop = _ground(tenant_number)
        goods = {"商家编码": "HP-002", "商品规格": "小号"}
        there = {**LATER, **goods, "市": "杭州市", "区": "西湖区", "街道": ""}
        bring(tenant_number, "订单.csv", files.douyin({"主订单编号": "6901", "街道": ""}, there), shop=shop)
        here = {**LATER, **goods, "主订单编号": "6903", "街道": ""}
        bring(tenant_number, "订单2.csv", files.douyin(here), shop=shop)
        with tenant(tenant_number):
            dispatching.dispatch(by=SYSTEM)
            boxes = bulk.select(
                "SELECT string_agg(DISTINCT o.external_id, ',' ORDER BY o.external_id) FROM purchasing_purchaseline l"
                " JOIN orders_order o ON o.tenant_id = {tenant} AND o.id = l.order_id"
                " WHERE l.tenant_id = {tenant} GROUP BY l.purchase_id ORDER BY 1"
            )
        assert boxes == [("6901,6903",), ("6902",)]
