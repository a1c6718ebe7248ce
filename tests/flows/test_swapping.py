"""Another colour for one order: its line is supplied by other goods, every other order as matched; and the way back."""

from __future__ import annotations

from uuid import UUID

import pytest

from daifa.areas.catalog.services import goods
from daifa.base import bulk
from daifa.base.tenancy import tenant
from daifa.flows import dispatching, swapping, undo
from daifa.kit.errors import Conflict, Invalid, NotFound
from daifa.reads import order_detail, order_lines
from tests.flows.test_dispatching import ready
from tests.flows.test_order_desk import OPERATOR


def day(number: int) -> tuple[list[UUID], dict[str, UUID]]:
    """Two orders of the same goods that wait for dispatch; the goods by code."""
    orders = ready(number, {"主订单编号": "6901"}, {"主订单编号": "6902", "收件人": "李四", "商品数量": "2"})
    with tenant(number):
        return orders, {s.code: s.id for s in goods.views()}


def line_of(order: UUID) -> UUID:
    [(line,)] = bulk.select("SELECT id FROM orders_line WHERE tenant_id = {tenant} AND order_id = %s", [order])
    return UUID(str(line))


def demanded(order: UUID) -> list[tuple[UUID, int]]:
    return [
        (sku, int(qty))
        for sku, qty in bulk.select(
            "SELECT sku_id, qty FROM orders_demand WHERE tenant_id = {tenant} AND order_id = %s", [order]
        )
    ]


def test_one_order_takes_other_goods_and_may_go_back(tenant_number: int) -> None:
    (one, two), sku = day(tenant_number)
    with tenant(tenant_number):
        line = line_of(two)
        before = order_lines.meaning(two, line)
        done = swapping.swap(by=OPERATOR, order_id=two, line_id=line, parts=[(sku["HP-002"], 1)], why="买家要灰色")
        assert (demanded(one), demanded(two)) == ([(sku["HP-001"], 1)], [(sku["HP-002"], 2)])
        [shown] = order_detail.detail(two, OPERATOR).lines
        assert ([(p.code, p.quantity) for p in shown.parts], shown.how) == ([("HP-002", 1)], "只这一单换的")
        again = swapping.swap(
            by=OPERATOR, order_id=two, line_id=line, parts=[(sku["HP-001"], 2)], why="还是要白的，两件"
        )
        assert demanded(two) == [(sku["HP-001"], 4)]
        undo.undo(token=again.undo, by=OPERATOR)
        assert demanded(two) == [(sku["HP-002"], 2)]
        undo.undo(token=done.undo, by=OPERATOR)
        assert (order_lines.meaning(two, line), demanded(two)) == (before, [(sku["HP-001"], 2)])


def test_what_is_dispatched_stays_and_bad_words_are_named(tenant_number: int) -> None:
    (one, two), sku = day(tenant_number)
    with tenant(tenant_number):
        line = line_of(one)
        with pytest.raises(NotFound):
            swapping.swap(by=OPERATOR, order_id=one, line_id=line_of(two), parts=[(sku["HP-002"], 1)], why="x")
        with pytest.raises(Invalid, match="为什么"):
            swapping.swap(by=OPERATOR, order_id=one, line_id=line, parts=[(sku["HP-002"], 1)], why=" ")
        with pytest.raises(Invalid, match="请选"):
            swapping.swap(by=OPERATOR, order_id=one, line_id=line, parts=[(one, 1)], why="x")
        done = swapping.swap(by=OPERATOR, order_id=one, line_id=line, parts=[(sku["HP-002"], 1)], why="买家要灰色")
        dispatching.dispatch(by=OPERATOR, order_ids=[one])
        with pytest.raises(Conflict, match="已经派单"):
            swapping.swap(by=OPERATOR, order_id=one, line_id=line, parts=[(sku["HP-001"], 1)], why="x")
        with pytest.raises(Conflict, match="已经派单"):
            undo.undo(token=done.undo, by=OPERATOR)
    with tenant(tenant_number):
        assert demanded(one) == [(sku["HP-002"], 1)]
