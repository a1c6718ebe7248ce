"""The nearest deadline and what is overdue: each number opens exactly the orders it counts."""

from __future__ import annotations

from datetime import timedelta

import pytest

from daifa.base import bulk
from daifa.base.actor import SYSTEM
from daifa.base.tenancy import tenant
from daifa.flows import alarms
from daifa.kit import clock
from daifa.kit.errors import Invalid
from daifa.reads import order_desk, order_query, today
from tests.flows import files
from tests.flows.day import bring, make_shop

NOW = clock.beijing(2026, 11, 20, 12)
# Hours from now; 693 is uploaded, nothing waits for it.
DUE = {"690": -2, "691": 3, "692": 3.5, "693": -1, "694": 5}


def test_the_next_hour_and_what_is_overdue_open_what_they_count(tenant_number: int) -> None:
    with clock.frozen(NOW):
        shop = make_shop(tenant_number)
        orders = [{"主订单编号": n, "收件人手机号": f"1701234567{n[-1]}"} for n in DUE]
        bring(tenant_number, "订单.csv", files.douyin(*orders), shop=shop)
        with tenant(tenant_number):
            for number, hours in DUE.items():
                bulk.select(
                    "UPDATE orders_order SET due_by = %s WHERE tenant_id = {tenant} AND external_id = %s RETURNING id",
                    [NOW + timedelta(hours=hours), number],
                )
            bulk.select(
                "UPDATE orders_order SET step = 'confirm', tab = 'report' WHERE tenant_id = {tenant}"
                " AND external_id = '693' RETURNING id"
            )

            def behind(**said: str) -> list[str]:
                asked = order_query.asked({"sort": "due", **said})
                return [r.number for r in order_desk.page(asked.filter, SYSTEM, tab="all", sort=asked.sort)[0]]

            seen = today.stations(SYSTEM)
            assert seen.deadline is not None
            assert (seen.deadline.by, seen.deadline.orders, seen.late) == (NOW + timedelta(hours=3), 2, 1)
            assert behind(due_hour=seen.deadline.by.isoformat()) == ["691", "692"]
            assert behind(late="1") == ["690"]
            [(alarm, known)] = [(a, k) for a, k in alarms.current(SYSTEM) if a.kind == "overdue"]
            assert (alarm.title, known) == ("1 单已超时，还没有发货", False)
            assert behind(**dict(alarm.query)) == ["690"]
            for said in ("nonsense", "2026-11-20T12:00:00"):
                with pytest.raises(Invalid, match="截止"):
                    behind(due_hour=said)
