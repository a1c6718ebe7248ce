"""A buyer wants the order sent elsewhere: held, judged, answered once by a person or the dial, the books follow."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from daifa.areas.accounts.services import connections
from daifa.areas.mailroom.services import inbox
from daifa.areas.orders.services import recipients, wishes
from daifa.areas.purchasing.services import amendments
from daifa.base.actor import Actor
from daifa.base.tenancy import tenant
from daifa.flows import address_wishes, api_hints, keeping, order_people, pushes, recalling
from daifa.flows.address_wishes import WishDesk
from daifa.kit.errors import Conflict, Invalid, NotAllowed
from daifa.ports.books import Receiver
from daifa.reads import order_bonds, order_desk
from daifa.simulator.living.world import Living
from tests.flows.api_company import BOSS, Company, company

CONFIRM = "order.addressConfirm"
NEW = Receiver("李改", "13900001111", "浙江省", "杭州市", "余杭区", "仓前街道", "新文一西路 8 号 3 幢")


@pytest.fixture
def ours(tenant_number: int, tmp_path: Path) -> Iterator[Company]:
    with company(tenant_number, tmp_path, dial="manual") as made:
        yield made


def deliver(ours: Company, topic: str, *, times: int = 1) -> None:
    """What the platform pushes of this topic reaches us, and is followed."""

    def outgoing(world: Living) -> Any:
        told = [m for m in world.books.messages() if m.company == "douyin" and m.topic == topic]
        return world.companies["douyin"].outgoing(told[-1:])

    out = ours.world.within(outgoing)
    with tenant(ours.number):
        key = connections.credentials(ours.shop_line).app_key
    for _ in range(times):
        pushes.receive("douyin", key, dict(out.headers), out.body)
        api_hints.follow_hints.function(tenant_id=ours.number, connection_id=str(ours.shop_line))


def wish(ours: Company, number: str, to: Receiver = NEW) -> None:
    """The buyer asks, and we hear of it."""
    ours.pass_time(1)
    ours.door.post(f"/orders/douyin/{number}/change_address", {"receiver": asdict(to)})
    deliver(ours, "111")


def order_id(ours: Company, number: str) -> UUID:
    with tenant(ours.number):
        return ours.id_of(number)


def desk(ours: Company, number: str) -> WishDesk:
    with tenant(ours.number):
        return address_wishes.of_order(by=BOSS, order_id=ours.id_of(number))[0]


def answer(ours: Company, number: str, *, approved: bool, code: str = "") -> str:
    with tenant(ours.number):
        return address_wishes.answer(by=BOSS, wish_id=desk_id(ours, number), approved=approved, code=code)


def desk_id(ours: Company, number: str) -> UUID:
    return address_wishes.of_order(by=BOSS, order_id=ours.id_of(number))[0].wish.id


def row(ours: Company, number: str) -> order_desk.OrderRow:
    with tenant(ours.number):
        return order_desk.one(ours.id_of(number), BOSS)


def there(ours: Company, number: str) -> Receiver:
    found = ours.world.within(lambda world: world.books.order("douyin", number))
    assert found is not None
    return found.receiver


def calls(ours: Company) -> int:
    with tenant(ours.number):
        [(n,)] = ours.asked("SELECT count(*) FROM mailroom_call WHERE name = %s", CONFIRM)
    return int(n)


def test_a_wish_holds_the_order_masked_until_it_is_refused(ours: Company) -> None:
    number = ours.order()
    home = there(ours, number)
    wish(ours, number)
    deliver(ours, "111")
    held = row(ours, number)
    assert (held.tab, [h.kind for h in held.holds]) == ("hold", ["address_wish"])
    assert not held.holds[0].clearable
    found = desk(ours, number)
    assert (found.wish.state, found.wish.region, found.why_not) == ("open", "浙江省 杭州市 余杭区", "")
    assert not [s for s in (NEW.name, NEW.phone, NEW.detail) if s in repr(found)]
    assert "李*" in found.wish.masked
    assert found.verdict is not None
    assert "本店没有开全自动" in found.verdict.reasons
    assert [r.code for r in found.reasons] == ["1001", "1002", "1003", "1004", "1005"]
    assert "未核实" in found.reasons[0].words
    with tenant(ours.number):
        said = order_people.open_sealed(by=BOSS, order_id=ours.id_of(number), what="wish", reason="核对")
    assert "余杭区" in said
    with pytest.raises(Invalid, match="原因"):
        answer(ours, number, approved=False)
    answer(ours, number, approved=False, code="1002")
    with pytest.raises(Conflict, match="正在发给平台"):
        answer(ours, number, approved=True)
    ours.work_shop()
    assert desk(ours, number).wish.state == "refused"
    assert (there(ours, number), row(ours, number).tab) == (home, "dispatch")


def test_agreed_the_order_is_read_again_and_goes_to_the_new_place(ours: Company) -> None:
    number = ours.order()
    wish(ours, number)
    ours.pass_time(1)
    answer(ours, number, approved=True)
    ours.work_shop()
    assert there(ours, number) == NEW
    now = row(ours, number)
    assert (now.region, now.holds) == ("浙江省 杭州市 余杭区", [])
    assert (desk(ours, number).wish.state, desk(ours, number).wish.by_name) == ("agreed", "店主")
    # The platform's own word comes after and changes nothing more.
    deliver(ours, "105", times=2)
    assert desk(ours, number).wish.state == "agreed"


def test_what_the_platform_agreed_to_ends_the_wish_in_whatever_order_it_is_told(ours: Company) -> None:
    number = ours.order()
    wish(ours, number)
    ours.pass_time(1)
    ours.door.post(f"/orders/douyin/{number}/change_address", {"receiver": asdict(NEW), "direct": True})
    deliver(ours, "105")
    assert (desk(ours, number).wish.state, row(ours, number).holds) == ("settled", [])
    second = ours.order()
    ours.pass_time(1)
    ours.door.post(f"/orders/douyin/{second}/change_address", {"receiver": asdict(NEW)})
    ours.pass_time(1)
    ours.door.post(f"/orders/douyin/{second}/change_address", {"receiver": asdict(NEW), "direct": True})
    deliver(ours, "105")
    deliver(ours, "111")
    with tenant(ours.number):
        assert wishes.of_order(ours.id_of(second)) == []
    assert row(ours, second).holds == []


def test_a_wish_that_came_long_before_its_order_is_acted_on_when_the_order_comes(ours: Company) -> None:
    line = {"sku_no": ours.items[0][1]}
    said = {"company": "douyin", "shop": ours.account, "lines": [line], "words": ""}
    [made] = ours.door.post("/orders", said)["orders"]
    number = str(made["number"])
    ours.door.post("/faults", {"name": "http_5xx", "company": "douyin", "method": "order.orderDetail", "count": 300})
    wish(ours, number)
    for _ in range(inbox.MOST_STUMBLES + 1):
        keeping.one_company.function(tenant_id=ours.number)
        api_hints.follow_hints.function(tenant_id=ours.number, connection_id=str(ours.shop_line))
    with tenant(ours.number):
        assert [why for _, why in inbox.parked_of(ours.shop_line, "wish:asked", [number]).values()] == [
            address_wishes.UNSEEN
        ]
    ours.door.post("/faults", {"off": True})
    with tenant(ours.number):
        connections.note_ok(ours.shop_line)  # the breaker's pause is over; it lasts by the wall clock
    ours.pass_time(1)
    ours.read()
    keeping.one_company.function(tenant_id=ours.number)
    api_hints.follow_hints.function(tenant_id=ours.number, connection_id=str(ours.shop_line))
    assert [h.kind for h in row(ours, number).holds] == ["address_wish"]


def test_the_dial_agrees_where_nothing_is_bought_and_the_place_is_served(ours: Company) -> None:
    number = ours.order()
    ours.dial("automatic")
    wish(ours, number)
    assert (desk(ours, number).answered, desk(ours, number).open) == ("同意，待执行", True)
    ours.work_shop(minutes=1)
    assert there(ours, number) == NEW
    assert (desk(ours, number).wish.state, desk(ours, number).wish.by_name) == ("agreed", "自动答复")


def test_the_dial_leaves_what_is_bought_to_a_person_and_suppliers_are_asked_first(ours: Company) -> None:
    number = ours.order()
    purchase = ours.buy(number)
    ours.work()
    ours.dial("automatic")
    wish(ours, number)
    found = desk(ours, number)
    assert found.verdict is not None
    assert (found.verdict.may_ask, found.verdict.reasons, found.open) == (True, ("已经派单",), False)
    with tenant(ours.number):
        assert order_bonds.sent_purchases(ours.id_of(number)) == [purchase]
        address_wishes.ask_suppliers(by=BOSS, wish_id=found.wish.id)
        [asked] = amendments.of_purchases([purchase])
        assert asked.kind == "address"
        with pytest.raises(Conflict, match="没有要问"):
            address_wishes.ask_suppliers(by=BOSS, wish_id=found.wish.id)
        recalling.amendment_moved(by=BOSS, amendment_id=asked.id, state="sent")
        recalling.amendment_moved(by=BOSS, amendment_id=asked.id, state="acknowledged")
    verdict = desk(ours, number).verdict
    assert verdict is not None
    assert "请同意" in verdict.advice
    ours.pass_time(1)
    answer(ours, number, approved=True)
    ours.work_shop()
    assert there(ours, number) == NEW
    with tenant(ours.number):
        # The supplier is told the new address now.
        assert [a.state for a in amendments.of_purchases([purchase])] == ["acknowledged", "created"]


def test_what_left_cannot_go_elsewhere(ours: Company) -> None:
    number = ours.order()
    ours.buy(number)
    ours.work()
    ours.pass_time(1)
    ours.read()
    ours.ship_now()
    ours.pass_time(1)
    ours.read()
    wish(ours, number)
    found = desk(ours, number)
    assert found.verdict is not None
    assert (found.verdict.may_agree, found.verdict.may_ask) == (False, False)
    with pytest.raises(Conflict, match="改不了地址"):
        answer(ours, number, approved=True)


def test_a_lost_yes_is_looked_up_in_the_order(ours: Company) -> None:
    number = ours.order()
    wish(ours, number)
    ours.pass_time(1)
    ours.door.post("/faults", {"name": "http_5xx_after", "company": "douyin", "method": CONFIRM, "count": 1})
    answer(ours, number, approved=True)
    ours.work_shop()
    assert desk(ours, number).wish.state == "open"
    ours.work_shop(minutes=1)
    assert (desk(ours, number).wish.state, calls(ours)) == ("agreed", 1)


def test_a_no_that_did_not_arrive_is_told_again(ours: Company) -> None:
    number = ours.order()
    wish(ours, number)
    ours.pass_time(1)
    ours.door.post("/faults", {"name": "http_5xx", "company": "douyin", "method": CONFIRM, "count": 1})
    answer(ours, number, approved=False, code="1001")
    ours.work_shop()
    for _ in range(4):
        ours.work_shop(minutes=1)
    assert (desk(ours, number).wish.state, calls(ours)) == ("refused", 2)


def test_answered_in_the_back_office_it_is_closed_by_hand(ours: Company) -> None:
    number = ours.order()
    wish(ours, number)
    ours.world.within(lambda world: _answered(world, number))
    answer(ours, number, approved=False, code="1001")
    ours.work_shop()
    found = desk(ours, number)
    assert (found.wish.state, found.open) == ("open", False)
    assert "对方拒绝" in found.answered
    with tenant(ours.number):
        with pytest.raises(Invalid):
            address_wishes.close(by=BOSS, wish_id=found.wish.id, why=" ")
        address_wishes.close(by=BOSS, wish_id=found.wish.id, why="后台已拒绝")
    assert (desk(ours, number).wish.state, row(ours, number).holds) == ("settled", [])


def _answered(world: Living, number: str) -> None:
    order = world.books.order("douyin", number)
    assert order is not None
    world.orders.answer_address(order, agreed=False)


def test_a_cancelled_order_needs_no_answer_and_old_addresses_are_destroyed(ours: Company) -> None:
    number = ours.order()
    wish(ours, number)
    with tenant(ours.number):
        which = desk_id(ours, number)
        assert wishes.opened(which).province == "浙江省"
    ours.door.post(f"/orders/douyin/{number}/cancel", {})
    ours.pass_time(1)
    ours.read()
    assert desk(ours, number).wish.state == "moot"
    with tenant(ours.number):
        recipients.shred([ours.id_of(number)])
        assert (wishes.opened(which).province, wishes.get(which).masked) == ("", "")


def test_only_who_may(ours: Company) -> None:
    number = ours.order()
    wish(ours, number)
    nobody = Actor("m", "看客", frozenset({"orders.view"}))
    with tenant(ours.number), pytest.raises(NotAllowed):
        address_wishes.answer(by=nobody, wish_id=desk_id(ours, number), approved=True)
