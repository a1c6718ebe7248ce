"""Several orders of one shop in one box: told in one call, each confirmed by its own order; after a no one by one."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from daifa.base import bulk
from daifa.base.tenancy import tenant
from daifa.flows import tracking_desk
from daifa.flows.tracking_desk import Word
from daifa.ports.books import BuyerOrder
from tests.flows.api_company import BOSS, Company, company
from tests.flows.test_tracking import GOOD

PACK, WHOLE = "order.logisticsAddSinglePack", "order.logisticsAdd"


@pytest.fixture
def ours(tenant_number: int, tmp_path: Path) -> Iterator[Company]:
    with company(tenant_number, tmp_path, dial="manual") as made:
        yield made


def boxed(ours: Company, count: int = 2) -> list[str]:
    """So many orders, bought, whose supplier put them into one box, as a person confirmed."""
    numbers, bought = [], []
    for _ in range(count):
        numbers.append(ours.order())
        bought.append(ours.buy(numbers[-1]))
        ours.work()
    ours.pass_time(1)
    with tenant(ours.number):
        for purchase in bought:
            tracking_desk.register(Word(purchase, GOOD, "ZTO", shared=purchase != bought[0]), by=BOSS)
    return numbers


def calls(ours: Company, name: str) -> int:
    with tenant(ours.number):
        [(n,)] = ours.asked("SELECT count(*) FROM mailroom_call WHERE name = %s", name)
    return int(n)


def reports(ours: Company) -> list[str]:
    with tenant(ours.number):
        rows = bulk.select("SELECT state FROM logistics_shipmentreport WHERE tenant_id = {tenant}")
    return sorted(s for (s,) in rows)


def deeds(ours: Company) -> list[str]:
    with tenant(ours.number):
        rows = ours.asked("SELECT state FROM mailroom_outbox WHERE kind = %s", "ship")
    return sorted(s for (s,) in rows)


def there(ours: Company, number: str) -> BuyerOrder:
    found = ours.world.within(lambda world: world.books.order("douyin", number))
    assert found is not None
    return found


def test_one_box_is_told_in_one_call_and_confirmed_order_by_order(ours: Company) -> None:
    numbers = boxed(ours, 3)
    assert reports(ours) == ["waiting"] * 3
    ours.work_shop()
    assert (calls(ours, PACK), calls(ours, WHOLE)) == (1, 0)
    for number in numbers:
        assert [s.number for s in there(ours, number).shipments] == [GOOD]
    assert (deeds(ours), reports(ours)) == (["confirmed"] * 3, ["confirmed"] * 3)


@pytest.mark.parametrize("fault", ["http_5xx_after", "http_5xx"])
def test_a_lost_answer_is_looked_up_for_each_and_nothing_is_told_twice(ours: Company, fault: str) -> None:
    numbers = boxed(ours)
    ours.door.post("/faults", {"name": fault, "company": "douyin", "method": PACK, "count": 1})
    ours.work_shop()
    assert deeds(ours) == ["unknown"] * 2
    for _ in range(3):
        ours.work_shop(minutes=1)
    assert (deeds(ours), reports(ours)) == (["confirmed"] * 2, ["confirmed"] * 2)
    assert [len(there(ours, n).shipments) for n in numbers] == [1, 1]
    assert calls(ours, PACK) == (1 if fault == "http_5xx_after" else 2)


def test_after_a_no_of_the_box_each_order_is_told_by_itself(ours: Company) -> None:
    good, bad = boxed(ours)

    def serial(order: BuyerOrder | None) -> None:
        assert order is not None
        order.lines[0].extra["need_serial"] = True

    ours.world.within(lambda world: serial(world.books.order("douyin", bad)))
    ours.work_shop()
    assert deeds(ours) == ["ready"] * 2
    ours.work_shop()
    assert (calls(ours, PACK), calls(ours, WHOLE)) == (1, 2)
    assert [len(there(ours, n).shipments) for n in (good, bad)] == [1, 0]
    assert deeds(ours) == ["confirmed", "refused"]
    with tenant(ours.number):
        [(why,)] = ours.asked("SELECT refusal FROM logistics_shipmentreport WHERE state = %s", "refused")
    assert "序列号" in why


def test_a_refund_of_one_leaves_it_out_of_the_box(ours: Company) -> None:
    one, two, three = boxed(ours, 3)
    ours.door.post(f"/orders/douyin/{two}/refund", {"reason": "不想要了"})
    ours.pass_time(1)
    ours.read()
    ours.work_shop()
    assert [len(there(ours, n).shipments) for n in (one, two, three)] == [1, 0, 1]
    assert (calls(ours, PACK), sorted(deeds(ours))) == (1, ["confirmed", "confirmed", "ready"])
