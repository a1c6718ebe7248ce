"""厂商代发 by API: an order that nobody can read goes to a factory bound to the shop, which ships it there."""

from __future__ import annotations

import pytest

from daifa.areas.mailroom.services import inbox
from daifa.areas.mailroom.services.inbox import Arrived
from daifa.areas.orders.services import history
from daifa.areas.purchasing.services import dispatches, factories, placements, suppliers
from daifa.base import bulk
from daifa.base.tenancy import tenant
from daifa.flows import advance, ciphers, deciding, decrypting, factory_bonds, supplier_intake
from daifa.flows.recipient_paths import Path as Way
from daifa.flows.steps import route
from daifa.kit.errors import Conflict, NotFound
from daifa.simulator.world import build_world
from tests.flows import files
from tests.flows.api_company import BOSS, Company
from tests.flows.day import bring
from tests.flows.handed import (
    ASSIGN,
    DAY,
    FACTORY,
    at_platform,
    calls_of,
    factory_id,
    hand_over,
    one_box,
    ours,
    read_there,
    recipient_holds,
    sold,
    state_of,
    step_of,
    work_there,
)

__all__ = ["ours"]


def test_a_ciphertext_is_handed_over_shipped_there_and_never_reported_by_us(ours: Company) -> None:
    number = ours.order()
    purchase = hand_over(ours, number)
    work_there(ours)
    assert ours.deeds(purchase) == [("buy", "confirmed")]
    assert at_platform(ours, number) == (1, FACTORY)
    assert step_of(ours, number) == ("tracking", "等厂家在平台发货")
    ours.pass_time(DAY)
    read_there(ours)
    assert at_platform(ours, number)[0] == 2
    assert state_of(ours, purchase) == "shipped"
    assert step_of(ours, number) == ("follow", "已发货")
    [box] = sold(ours, number)["shipments"]
    with tenant(ours.number):
        assert ours.asked("SELECT tracking_number FROM logistics_parcel WHERE true") == [(box["number"],)]
        assert ours.asked("SELECT count(*) FROM logistics_shipmentreport WHERE true") == [(0,)]
    assert calls_of(ours, "order.logistics%") == 0
    assert calls_of(ours, "order.batchDecrypt") == 0
    assert calls_of(ours, ASSIGN) == 1


@pytest.mark.parametrize("fault", ["timeout_after", "http_5xx_after", "half_body", "timeout_before"])
def test_a_lost_answer_is_asked_after_and_handed_over_once(ours: Company, fault: str) -> None:
    number = ours.order()
    purchase = hand_over(ours, number)
    ours.door.post("/faults", {"name": fault, "company": "douyin", "method": ASSIGN, "count": 1, "seconds": 17})
    work_there(ours)
    assert ours.deeds(purchase) == [("buy", "unknown")]
    for _ in range(8):
        work_there(ours, minutes=2)
    assert ours.deeds(purchase) == [("buy", "confirmed")]
    assert at_platform(ours, number) == (1, FACTORY)
    assert calls_of(ours, ASSIGN) == (2 if fault == "timeout_before" else 1)


def test_without_any_recipient_it_waits_for_a_person_unless_a_factory_has_all_of_it(ours: Company) -> None:
    number = ours.order()
    with tenant(ours.number):
        order = ours.id_of(number)
        for hidden in ("masked", "absent"):
            bulk.select(
                "UPDATE orders_order SET recipient_state = %s WHERE tenant_id = {tenant} AND id = %s RETURNING id",
                [hidden, order],
            )
            advance.advance([order])
            assert recipient_holds(ours, order) == []
        assert decrypting.ways(by=BOSS, order_id=order).taken is Way.FACTORY
        plan = route.preview([order], by=BOSS)
        assert {x.supplier_id for p in plan.plans for x in p.purchases} == {factory_id(ours)}
        factories.unbind(by=BOSS, supplier_id=factory_id(ours), shop_id=ours.shop)
        advance.advance([order])
        assert recipient_holds(ours, order) == ["recipient_absent"]
        told = {o.path: o.why for o in decrypting.ways(by=BOSS, order_id=order).others}
        assert "没有绑定" in told[Way.FACTORY]


def test_the_path_is_shown_before_and_after(ours: Company) -> None:
    number = ours.order()
    with tenant(ours.number):
        order = ours.id_of(number)
        found = decrypting.ways(by=BOSS, order_id=order)
        # The factory is cheaper than the supplier at the platform that decrypts.
        assert found.taken is Way.FACTORY
        assert {o.path: o.open for o in found.others}[Way.HANDED_ON]
    hand_over(ours, number)
    with tenant(ours.number):
        after = decrypting.ways(by=BOSS, order_id=order)
    assert after.taken is Way.FACTORY
    assert not any(o.open for o in after.others)


def test_part_of_a_line_cannot_be_handed_over_and_the_factory_says_no(ours: Company) -> None:
    number = ours.order()
    purchase = hand_over(ours, number)
    with tenant(ours.number):
        # The buyer's line asks for one piece more than the purchase buys.
        bulk.select(
            "UPDATE orders_demand SET qty = qty + 1 WHERE tenant_id = {tenant} AND order_id = %s RETURNING id",
            [ours.id_of(number)],
        )
    work_there(ours)
    assert ours.deeds(purchase) == [("buy", "refused")]
    assert calls_of(ours, ASSIGN) == 0
    assert state_of(ours, purchase) == "refused"
    with tenant(ours.number):
        assert any("只能整行交给厂家" in f.text for f in history.of_order(ours.id_of(number)))


def test_a_draft_for_a_factory_is_in_no_sheet_until_it_is_unbound(ours: Company) -> None:
    purchase = hand_over(ours, ours.order())
    with tenant(ours.number):
        assert factory_id(ours) not in dispatches.drafts()
        factories.unbind(by=BOSS, supplier_id=factory_id(ours), shop_id=ours.shop)
        assert dispatches.drafts()[factory_id(ours)] == [purchase]


def test_a_draft_for_a_factory_goes_by_sheet_when_the_shop_may_not_be_spoken_for_any_more(ours: Company) -> None:
    purchase = hand_over(ours, ours.order())
    with tenant(ours.number):
        deciding.set_connection(by=BOSS, connection_id=ours.shop_line, state="removed")
        assert dispatches.drafts()[factory_id(ours)] == [purchase]
        assert ciphers.bound([ours.shop]) == {}


def test_several_lines_in_one_box_are_told_line_by_line(ours: Company) -> None:
    number = ours.order(0, 1)
    purchase = hand_over(ours, number)
    work_there(ours)
    ours.world.within(lambda world: one_box(world, number))
    ours.pass_time(1)
    read_there(ours)
    assert state_of(ours, purchase) == "shipped"
    with tenant(ours.number):
        [(parcels,)] = ours.asked("SELECT count(*) FROM logistics_parcel WHERE true")
        [(lines,)] = ours.asked("SELECT count(*) FROM logistics_parcelline WHERE true")
    assert (parcels, lines) == (1, 2)


def test_a_push_tells_of_it(ours: Company) -> None:
    number = ours.order()
    purchase = hand_over(ours, number)
    work_there(ours)
    with tenant(ours.number):
        [line] = placements.of_purchases([purchase])[purchase]
        told = Arrived("hint:purchases", "push:1", line.external_ids[0], b"505", None)
        inbox.store(ours.shop_line, "push", [told])
    ours.pass_time(DAY)
    supplier_intake.take_in(ours.number, ours.shop_line)
    assert state_of(ours, purchase) == "shipped"


def test_bound_by_the_platforms_own_list(ours: Company) -> None:
    name = build_world().suppliers["S02"].name
    bring(ours.number, "另一家报价.csv", files.prices((name, ours.items[0][0], "3")))
    with tenant(ours.number):
        [row] = [s for s in suppliers.list_suppliers() if s.name == name]
        before = factory_bonds.desk(by=BOSS, supplier_id=row.id)
        assert [(b.shop_id, b.external_id, b.problem) for b in before] == [(ours.shop, "", "")]
        task = factory_bonds.ask(by=BOSS, supplier_id=row.id, shop_id=ours.shop)
    factory_bonds.read.function(
        tenant_id=ours.number, task_id=str(task), connection_id=str(ours.shop_line), supplier_id=str(row.id)
    )
    with tenant(ours.number):
        _, found = factory_bonds.listed(by=BOSS, supplier_id=row.id, task_id=task)
        told = {f.external_id: f.why_not for f in found}
        assert told["90000002"] == ""
        assert "已经绑定给供应商" in told[FACTORY]
        with pytest.raises(Conflict, match="已经绑定给"):
            factory_bonds.bind(by=BOSS, supplier_id=row.id, task_id=task, external_id=FACTORY)
        with pytest.raises(NotFound):
            factory_bonds.bind(by=BOSS, supplier_id=row.id, task_id=task, external_id="1")
        factory_bonds.bind(by=BOSS, supplier_id=row.id, task_id=task, external_id="90000002")
        assert [b.external_id for b in factory_bonds.desk(by=BOSS, supplier_id=row.id)] == ["90000002"]
        factory_bonds.unbind(by=BOSS, supplier_id=row.id, shop_id=ours.shop)
        assert [b.external_id for b in factory_bonds.desk(by=BOSS, supplier_id=row.id)] == [""]
