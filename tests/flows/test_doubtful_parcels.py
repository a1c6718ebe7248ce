"""A number that a supplier tells by API and that only a person can take waits in the list, once, with our proposal."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

import pytest

from daifa.areas.logistics.rules.couriers import recognise_courier
from daifa.areas.logistics.services import claims
from daifa.areas.logistics.services.claims import ClaimView
from daifa.base import bulk
from daifa.base.tenancy import tenant
from daifa.flows import supplier_intake, tracking_desk
from daifa.flows.tracking_desk import Word
from daifa.reads import tracking_desk as desk
from tests.flows.api_company import BOSS, Company, company


@pytest.fixture
def ours(tenant_number: int, tmp_path: Path) -> Iterator[Company]:
    with company(tenant_number, tmp_path, dial="manual") as made:
        yield made


def shipped(ours: Company) -> tuple[str, UUID, str]:
    """An order that was bought and left its seller, before we read of it: its number, purchase and box."""
    number = ours.order()
    purchase = ours.buy(number)
    ours.work()
    mine = ours.reference(purchase)
    [there] = [s["id"] for s in ours.supplies() if s["reference"] == mine]
    ours.world.within(lambda world: world.sellers.timer("ship", {"order": there}))
    [parcel] = [box for s in ours.supplies() if s["reference"] == mine for box in s["parcels"]]
    return number, purchase, parcel


def read(ours: Company) -> list[ClaimView]:
    """What waits for a person after the supplier's orders were read twice."""
    for _ in range(2):
        ours.pass_time(2)
        supplier_intake.take_in(ours.number, ours.supplier_line)
        for there in ours.supplies():
            supplier_intake.fetch(ours.number, ours.supplier_line, [there["number"]])
    with tenant(ours.number):
        found = claims.listed(states=("doubtful",))
        assert set(desk.sources(found).values()) <= {"供应商接口"}
    return found


def test_the_seller_is_told_what_the_buyer_asked_of_the_courier(ours: Company) -> None:
    ours.buy(ours.order())
    with tenant(ours.number):
        bulk.select("UPDATE orders_order SET courier_demand = '指定顺丰' WHERE tenant_id = {tenant} RETURNING id")
    ours.work()
    assert "快递要求：指定顺丰" in str(ours.supplies()[-1])


def facts(ours: Company, words: str) -> int:
    """How many sentences of the history hold these words."""
    with tenant(ours.number):
        [(n,)] = ours.asked("SELECT count(*) FROM orders_history WHERE text LIKE %s", f"%{words}%")
    return int(n)


def test_a_courier_that_the_buyer_did_not_ask_for_waits_for_a_person(ours: Company) -> None:
    number, purchase, parcel = shipped(ours)
    asked = "指定中通" if recognise_courier("", parcel).code == "SF" else "指定顺丰"
    with tenant(ours.number):
        bulk.select("UPDATE orders_order SET courier_demand = %s WHERE tenant_id = {tenant} RETURNING id", [asked])
    [waiting] = read(ours)
    assert (waiting.kind, waiting.tracking_no) == ("courier_demanded", parcel)
    assert [s.purchase_id for s in waiting.suggestions] == [purchase]
    assert (ours.step(number)[0], facts(ours, "买家对快递有要求")) == ("tracking", 1)
    with tenant(ours.number):
        tracking_desk.accept(waiting.id, Word(), by=BOSS)
    assert ours.step(number)[0] in {"report", "upload"}
    assert read(ours) == []


def test_a_number_of_another_box_waits_until_a_person_calls_it_shared(ours: Company) -> None:
    other = ours.buy(ours.order())
    number, purchase, parcel = shipped(ours)
    with tenant(ours.number):
        tracking_desk.register(Word(other, parcel), by=BOSS)
    [waiting] = read(ours)
    assert (waiting.kind, waiting.tracking_no) == ("shared_box", parcel)
    assert [s.purchase_id for s in waiting.suggestions] == [purchase]
    assert facts(ours, "已经用在另一个包裹上") == 1
    with tenant(ours.number):
        tracking_desk.accept(waiting.id, Word(shared=True), by=BOSS)
    assert ours.step(number)[0] in {"report", "upload"}
    assert read(ours) == []
