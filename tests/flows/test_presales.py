"""Presales by API: a deposit alone buys nothing, the agreed day is waited for, then the order is bought by itself."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from daifa.base.tenancy import tenant
from daifa.kit import clock
from daifa.kit.clock import BEIJING
from tests.flows.api_company import Company, company

HOUR, DAY = 3600, 86400


@pytest.fixture
def ours(tenant_number: int, tmp_path: Path) -> Iterator[Company]:
    with company(tenant_number, tmp_path) as made:
        yield made


def ahead(ours: Company, **how: Any) -> str:
    """A buyer orders ahead; we read it. Returns its number."""
    said = {"company": "douyin", "shop": ours.account, "lines": [{"sku_no": ours.items[0][1]}], "words": ""}
    [made] = ours.door.post("/orders", {**said, "presale": {"ships": 3 * DAY, **how}})["orders"]
    ours.pass_time(1)
    ours.read()
    return str(made["number"])


def holds(ours: Company, number: str) -> list[tuple[str, str]]:
    with tenant(ours.number):
        return ours.asked(
            "SELECT kind, reason FROM orders_hold WHERE state = 'open' AND order_id = %s", ours.id_of(number)
        )


def due(ours: Company, number: str) -> datetime:
    with tenant(ours.number):
        [(at,)] = ours.asked("SELECT due_by FROM orders_order WHERE external_id = %s", number)
    assert isinstance(at, datetime)
    return at


def agreed(ours: Company, number: str) -> datetime:
    order = ours.world.within(lambda world: world.books.order("douyin", number))
    assert order is not None
    assert order.presale is not None
    return order.presale.ships_at


@pytest.mark.parametrize("status", [1, 105, 2])
@pytest.mark.parametrize("phases", ["all", "opened"])
def test_a_deposit_alone_is_never_bought(ours: Company, status: int, phases: str) -> None:
    switches = {"presale_deposit_status": status, "presale_phases": phases}
    ours.door.post("/switches", {"company": "douyin", "switches": switches})
    number = ahead(ours, opens=DAY, pays=False)
    assert ours.step(number) == ("pay", "预售订单，买家还没有付清定金和尾款")
    # Not on its day either.
    ours.pass_time(2.5 * 24 * 60)
    ours.read()
    ours.by_itself()
    assert ours.supplies() == []
    assert ours.step(number)[0] == "pay"
    # The time for the rest is over and the platform closes it.
    ours.pass_time(24 * 60)
    ours.read()
    ours.by_itself()
    assert (ours.step(number)[0], ours.supplies()) == ("closed", [])


def test_paid_it_waits_for_its_day_and_is_then_bought_by_itself(ours: Company) -> None:
    number = ahead(ours, opens=HOUR)
    assert ours.step(number)[0] == "pay"
    ours.pass_time(61)
    ours.read()
    day = agreed(ours, number)
    [(kind, reason)] = holds(ours, number)
    assert (kind, reason) == ("not_to_ship_yet", f"预售，{day.astimezone(BEIJING):%m-%d} 起才能发货")
    # The promise runs from the agreed day, not from the payment.
    assert due(ours, number) == day + timedelta(hours=48)
    ours.by_itself()
    assert ours.supplies() == []
    left = (day - clock.now()).total_seconds() / 60
    ours.pass_time(left - 30)
    ours.read()
    ours.by_itself()
    assert ours.supplies() == []
    ours.pass_time(30)
    ours.by_itself()
    assert [s["phase"] for s in ours.supplies()] == ["paid"]
    assert (ours.step(number)[0], holds(ours, number)) == ("tracking", [])
    ours.by_itself()
    assert len(ours.supplies()) == 1


def test_paid_in_full_it_waits_for_its_day_too_and_its_buyer_may_take_it_back(ours: Company) -> None:
    number = ahead(ours, deposit=False)
    assert [k for k, _ in holds(ours, number)] == ["not_to_ship_yet"]
    ours.door.post(f"/orders/douyin/{number}/cancel", {})
    ours.pass_time(4 * 24 * 60)
    ours.read()
    ours.by_itself()
    assert (ours.step(number)[0], ours.supplies()) == ("closed", [])


def test_where_no_day_is_agreed_it_may_leave_at_once_and_has_until_its_own_deadline(ours: Company) -> None:
    ours.door.post("/switches", {"company": "douyin", "switches": {"presale_day": "exp"}})
    number = ahead(ours, deposit=False)
    assert holds(ours, number) == []
    assert due(ours, number) == agreed(ours, number) + timedelta(hours=48)
    ours.by_itself()
    assert [s["phase"] for s in ours.supplies()] == ["paid"]
