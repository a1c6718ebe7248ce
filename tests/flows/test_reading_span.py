"""补拉: what changed within a span of days is read again, with progress; days that cannot be read are refused."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID

import pytest

from daifa.areas.mailroom.services import tasks
from daifa.areas.mailroom.tests import test_boxes as boxes
from daifa.areas.mailroom.types import TaskView
from daifa.base.actor import SYSTEM
from daifa.base.tenancy import tenant
from daifa.flows import deciding, reading_span
from daifa.kit import clock
from daifa.kit.errors import Conflict, Invalid
from daifa.reads import connection_desk
from tests.flows.shop_by_api import ShopByApi, connected


def _asked(shop: ShopByApi, days: int) -> tuple[UUID, date, date]:
    with shop.at(), tenant(shop.number):
        until = clock.business_day(clock.now())
        since = until - timedelta(days=days)
        _, task = deciding.read_span(by=SYSTEM, connection_id=shop.connection, since=since, until=until)
    return task, since, until


def _read(shop: ShopByApi, task: UUID, since: date, until: date) -> TaskView:
    with shop.at():
        reading_span.read.function(
            tenant_id=shop.number, task_id=str(task), connection_id=str(shop.connection),
            since=since.isoformat(), until=until.isoformat(),
        )  # fmt: skip
    with tenant(shop.number):
        return tasks.get(task)


def test_orders_of_days_that_no_reading_reached_come_in(tenant_number: int) -> None:
    with connected(tenant_number) as shop:
        number = shop.buy()
        shop.pass_time(60)
        shop.skip()
        assert (shop.read(), shop.numbers()) == (0, [])
        told = _read(shop, *_asked(shop, 2))
        assert (told.state, told.result["message"]) == ("done", "新的或有变化的：订单 1 条")
        assert (told.done, told.total, told.link) == (6, 6, "/orders?tab=all")
        assert shop.numbers() == [number]
        # Once more: nothing doubles, and the log names who asked.
        told = _read(shop, *_asked(shop, 2))
        assert told.result["message"] == "没有新的，也没有变化"
        with tenant(shop.number):
            assert {p.via for p in connection_desk.pulls(shop.connection)} >= {"pull"}


def test_it_ends_between_two_windows_when_somebody_cancels(tenant_number: int) -> None:
    with connected(tenant_number) as shop:
        number = shop.buy()
        shop.pass_time(60)
        task, since, until = _asked(shop, 2)
        with shop.at(), tenant(shop.number):
            assert tasks.begin(task) is not None
            tasks.ask_cancel(by=SYSTEM, task_id=task)
        told = _read(shop, task, since, until)
        assert told.state == "cancelled"
        assert number not in shop.numbers()


def test_a_platform_that_fails_is_told_and_the_next_try_is_free(tenant_number: int) -> None:
    with connected(tenant_number) as shop:
        shop.door.post("/faults", {"name": "unavailable", "company": "douyin"})
        task, since, until = _asked(shop, 0)
        with shop.at(), tenant(shop.number), pytest.raises(Conflict, match="正在补拉"):
            deciding.read_span(by=SYSTEM, connection_id=shop.connection, since=since, until=until)
        assert _read(shop, task, since, until).state == "failed"
        _asked(shop, 0)


def test_days_that_cannot_be_read_are_refused_with_the_field(in_tenant: int) -> None:
    where = boxes.connected()
    today = clock.business_day(clock.now())

    def refused(since: date, until: date) -> str:
        with pytest.raises(Invalid) as told:
            deciding.read_span(by=SYSTEM, connection_id=where, since=since, until=until)
        fields = told.value.data["fields"]
        assert isinstance(fields, dict)
        [field] = fields
        return str(field)

    assert refused(today, today - timedelta(days=1)) == "until"
    assert refused(today + timedelta(days=1), today + timedelta(days=1)) == "since"
    assert refused(today - timedelta(days=91), today) == "since"
