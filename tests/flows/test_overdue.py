"""A deadline is told of while it can still be missed, and no longer."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from uuid import UUID

import pytest

from daifa.base import bulk
from daifa.base.actor import SYSTEM
from daifa.base.tenancy import tenant
from daifa.flows import advance, reporting
from daifa.kit import clock
from daifa.reads import order_desk, sweep_facts
from daifa.reads.order_filters import OrderFilter
from tests.flows.day import bring
from tests.flows.test_reporting import made
from tests.flows.test_tracking import GOOD, returned, sent


@pytest.fixture
def late(tenant_number: int) -> Iterator[tuple[int, str, UUID]]:
    """An order at its supplier whose deadline went by: the company, our purchase number, the order."""
    _, [(ours, _)] = sent(tenant_number, {"主订单编号": "6901"})
    with tenant(tenant_number):
        [(order, due)] = bulk.select("SELECT id, due_by FROM orders_order WHERE tenant_id = {tenant}")
    with clock.frozen(due + timedelta(minutes=5)):
        _settle(tenant_number, order)
        yield tenant_number, ours, order


def _settle(number: int, order: UUID) -> None:
    with tenant(number):
        advance.settle([order])


def _held(number: int) -> dict[str, int]:
    with tenant(number):
        return order_desk.hold_counts(OrderFilter(), SYSTEM)


def _moved(number: int, now: datetime) -> list[UUID]:
    with tenant(number):
        return sweep_facts.moved(now, now + timedelta(hours=4))


def test_an_order_is_overdue_until_the_platform_was_told(late: tuple[int, str, UUID]) -> None:
    number, ours, _ = late
    assert _held(number) == {"overdue": 1}
    bring(number, "回单.csv", returned((ours, "", "", "中通", GOOD)), kind="tracking")
    assert _held(number) == {"overdue": 1}, "the supplier shipped; the platform does not know"
    file, _ = made(number)
    with tenant(number):
        reporting.uploaded([file], by=SYSTEM)
    assert _held(number) == {}


def test_where_the_factory_ships_on_the_platform_nothing_is_to_be_told(late: tuple[int, str, UUID]) -> None:
    number, _, order = late
    with tenant(number):
        bulk.select("UPDATE orders_order SET recipient_path = 'handover' WHERE tenant_id = {tenant} RETURNING id")
        bulk.select("UPDATE purchasing_purchaseline SET shipped_qty = qty WHERE tenant_id = {tenant} RETURNING id")
    _settle(number, order)
    assert _held(number) == {}


def test_the_clock_turns_near_into_overdue_and_frees_what_has_left(tenant_number: int) -> None:
    with clock.frozen(clock.beijing(2026, 11, 20, 12)):
        sent(tenant_number, {"主订单编号": "6901"})
    with tenant(tenant_number):
        [(order, due)] = bulk.select("SELECT id, due_by FROM orders_order WHERE tenant_id = {tenant}")
    with clock.frozen(due - timedelta(hours=1)):
        assert _moved(tenant_number, clock.now()) == [order], "what is with its supplier can be late as well"
        _settle(tenant_number, order)
        assert _held(tenant_number) == {"deadline_near": 1}
        assert _moved(tenant_number, clock.now()) == []
    with clock.frozen(due + timedelta(hours=1)):
        assert _moved(tenant_number, clock.now()) == [order]
        _settle(tenant_number, order)
        assert _held(tenant_number) == {"overdue": 1}
        assert _moved(tenant_number, clock.now()) == []
        with tenant(tenant_number):
            bulk.select("UPDATE orders_order SET tab = 'shipped' WHERE tenant_id = {tenant} RETURNING id")
        assert _moved(tenant_number, clock.now()) == [order], "raised before it left, by an older version"
