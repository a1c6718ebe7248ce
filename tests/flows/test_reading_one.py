"""读一单: whoever pressed hears what came of it: read, not there, or why not."""

from __future__ import annotations

import pytest

from daifa.areas.accounts.services import connections
from daifa.areas.mailroom.services import tasks
from daifa.areas.mailroom.tests import test_boxes as boxes
from daifa.base.actor import SYSTEM
from daifa.base.tenancy import tenant
from daifa.flows import deciding, reading_one
from daifa.kit.errors import Conflict, Invalid
from daifa.reads import connection_desk
from tests.flows.shop_by_api import ShopByApi, connected


def _read(shop: ShopByApi, number: str) -> tuple[str, str, str]:
    """Press, let the worker work, and look at the task: state, message, link."""
    with shop.at(), tenant(shop.number):
        _, task = deciding.read_now(by=SYSTEM, connection_id=shop.connection, number=number)
    assert task is not None
    with shop.at():
        reading_one.read.function(
            tenant_id=shop.number, task_id=str(task), connection_id=str(shop.connection), number=number.strip()
        )
    with tenant(shop.number):
        told = tasks.get(task)
    return told.state, str(told.result["message"]), told.link


def test_what_was_read_is_said_with_the_way_to_it(tenant_number: int) -> None:
    with connected(tenant_number) as shop:
        number = shop.buy()
        link = f"/orders?tab=all&numbers={number}"
        assert _read(shop, f" {number} ") == ("done", "读到了，是新订单，已经进来", link)
        assert shop.numbers() == [number]
        shop.pass_time(60)
        assert _read(shop, number) == ("done", "读到了，和我们的一样，没有变化", link)


def test_a_number_that_the_platform_does_not_know_is_said_so(tenant_number: int) -> None:
    with connected(tenant_number) as shop:
        number = "6900000000000000009"
        state, said, link = _read(shop, number)
        assert (state, link) == ("failed", "")
        assert said == f"平台上没有订单 {number}。请核对单号，以及是不是这家店铺的。"
        with tenant(shop.number):
            [pull] = connection_desk.pulls(shop.connection)
            [row] = connection_desk.connections(SYSTEM)
        assert (pull.via, pull.items, pull.outcome) == ("pull", 0, "ok")
        # An answer, no failure of the connection.
        assert (row.error_at, row.errors) == (None, 0)


@pytest.mark.parametrize(("fault", "said"), [("unavailable", "请过一会儿再读"), ("token_revoked", "没有读成：")])
def test_a_reading_that_failed_says_why(tenant_number: int, fault: str, said: str) -> None:
    with connected(tenant_number) as shop:
        number = shop.buy()
        shop.door.post("/faults", {"name": fault, "company": "douyin"})
        state, told, _ = _read(shop, number)
        assert state == "failed"
        assert said in told


def test_what_cannot_be_read_at_all_is_refused_at_once(in_tenant: int) -> None:
    where = boxes.connected()
    with pytest.raises(Invalid, match="最多 64 个字"):
        deciding.read_now(by=SYSTEM, connection_id=where, number="6" * 65)
    connections.move(where, "revoked", "对方收回")
    with pytest.raises(Conflict, match="对方收回"):
        deciding.read_now(by=SYSTEM, connection_id=where, number="69")
