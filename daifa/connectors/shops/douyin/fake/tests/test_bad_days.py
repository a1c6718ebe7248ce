"""A bad day: every random fault at once, and the platform's books still hold each piece shipped once."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest

from daifa.connectors.shops.douyin.fake.tests.caller import Caller
from daifa.ports.books import OrderPhase
from daifa.simulator.living.http import CutOff

ONCE = {10000, 50002}


def stubborn(caller: Caller, method: str, params: dict[str, Any]) -> dict[str, Any]:
    """Ask until there is an answer that means something."""
    for _ in range(200):
        try:
            found = caller.raw(method, params)
        except (CutOff, ValueError):
            # Cut off, half a body or a web page: nobody knows whether it was done.
            continue
        if found["code"] in ONCE:
            return found
    raise AssertionError(f"{method} never answered")


def test_nothing_is_shipped_twice_whatever_the_wire_does(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async def nap(seconds: float) -> None:
        return

    monkeypatch.setattr(asyncio, "sleep", nap)
    caller = Caller(tmp_path)
    orders = [caller.order(pieces=(1, 2)).number for _ in range(25)]
    caller.world.faults.random = 8
    met = set()
    for n, number in enumerate(orders):
        if n % 6 == 5:
            # The world dies between two requests and comes back from its file.
            caller = Caller(tmp_path)
        order = caller.world.books.order("douyin", number)
        assert order is not None
        rows = [{"shipped_order_id": x.number, "shipped_num": x.quantity} for x in order.lines]
        pack = {"company_code": "zhongtong", "logistics_code": f"78{n:012d}", "shipped_order_info": rows}
        said = {"order_id": number, "request_id": f"r-{n}", "pack_list": [pack]}
        met.add(stubborn(caller, "order.logisticsAddMultiPack", said)["code"])
    assert met == {10000}
    again = Caller(tmp_path)
    for number in orders:
        order = again.world.books.order("douyin", number)
        assert order is not None
        assert order.phase is OrderPhase.SHIPPED
        assert [x.shipped for x in order.lines] == [1, 2]
        assert len(order.shipments) == 1


def test_a_clock_that_runs_serves_what_was_due_first() -> None:
    caller = Caller()
    order = caller.order(waits="risk")
    caller.world.clock.set(caller.world.clock.seconds() + 6000)
    told = caller.call("order.orderDetail", {"shop_order_id": order.number})["shop_order_detail"]
    assert told["order_status"] == 2
