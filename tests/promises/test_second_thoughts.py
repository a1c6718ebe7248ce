"""A supplier who said no says yes after all: the pieces are theirs again, or somebody else's, never both."""

from __future__ import annotations

from uuid import UUID

import pytest

from daifa.base import bulk
from daifa.base.actor import SYSTEM
from daifa.base.tenancy import tenant
from daifa.flows import dispatching, recalling, sending
from daifa.flows.steps import appraise
from daifa.kit.errors import Conflict
from tests.flows import files
from tests.flows.day import bring
from tests.flows.test_dispatching import TWO, ready
from tests.promises import invariants


def _refused(number: int) -> UUID:
    """A sent line that its supplier refused."""
    ready(number, TWO[0])
    with tenant(number):
        dispatching.dispatch(by=SYSTEM)
        sending.send(by=SYSTEM)
        [(line,)] = bulk.select("SELECT id FROM purchasing_purchaseline WHERE tenant_id = {tenant}")
        recalling.answer(by=SYSTEM, line_ids=[line], answer="refused", words="没货")
    return UUID(str(line))


def _bought(number: int) -> int:
    with tenant(number):
        invariants.hold()
        [(pieces,)] = bulk.select(
            "SELECT coalesce(sum(qty), 0)::int FROM purchasing_purchaseline WHERE tenant_id = {tenant} AND live"
        )
    return int(pieces)


def test_pieces_that_are_still_free_are_theirs_again(tenant_number: int) -> None:
    line = _refused(tenant_number)
    assert _bought(tenant_number) == 0
    with tenant(tenant_number):
        assert recalling.answer(by=SYSTEM, line_ids=[line], answer="accepted") == 1
        states = bulk.select("SELECT state FROM purchasing_purchaseorder WHERE tenant_id = {tenant}")
        steps = bulk.select("SELECT step FROM orders_order WHERE tenant_id = {tenant}")
    assert (states, steps) == ([("accepted",)], [("tracking",)])
    assert _bought(tenant_number) == 1


def test_pieces_that_went_to_another_are_not_bought_twice(tenant_number: int) -> None:
    line = _refused(tenant_number)
    with tenant(tenant_number):
        dispatching.dispatch(by=SYSTEM)
    with pytest.raises(Conflict, match="已改派给别家"), tenant(tenant_number):
        recalling.answer(by=SYSTEM, line_ids=[line], answer="accepted")
    assert _bought(tenant_number) == 1


def test_pieces_of_a_cancelled_order_are_not_bought_again(tenant_number: int) -> None:
    line = _refused(tenant_number)
    with tenant(tenant_number):
        [(shop,)] = bulk.select("SELECT shop_id FROM orders_order WHERE tenant_id = {tenant}")
    closed = files.douyin({**TWO[0], "订单状态": "已关闭", "取消原因": "买家取消"})
    bring(tenant_number, "订单20261124120000.csv", closed, shop=shop)
    with pytest.raises(Conflict, match="买家已不需要"), tenant(tenant_number):
        recalling.answer(by=SYSTEM, line_ids=[line], answer="accepted")
    assert _bought(tenant_number) == 0


def test_an_order_of_two_lines_tells_what_each_of_them_earns(tenant_number: int) -> None:
    first = {"主订单编号": "6901", "子订单编号": "1001"}
    second = {"主订单编号": "6901", "子订单编号": "1002", "商家编码": "HP-002", "商品规格": "小号", "商品ID": "35002"}
    [order] = ready(tenant_number, first, second)
    with tenant(tenant_number):
        dispatching.dispatch(by=SYSTEM)
        _, margin = appraise.waterfall(order)
        assert margin.fen is not None
        invariants.hold()
