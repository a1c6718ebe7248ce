"""An order by API from its arrival to the shop's own confirmation, and what stands when something breaks on the way."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from daifa.areas.accounts.services import settings
from daifa.areas.mailroom.services import inbox
from daifa.areas.mailroom.services.inbox import Arrived
from daifa.areas.orders.services import standing
from daifa.areas.purchasing.services import placements
from daifa.base import bulk
from daifa.base.tenancy import tenant
from daifa.flows import (
    api_intake,
    connect,
    keeping,
    outbox_run,
    supplier_intake,
)
from daifa.flows.steps import buy
from daifa.ports.books import Shipment
from daifa.ports.factory_api import FEED
from daifa.simulator.living.world import Living
from tests.flows.api_company import BOSS, Company, company

PLACE = "alibaba.trade.*reateOrder*"
DAY = 24 * 60


@pytest.fixture
def ours(tenant_number: int, tmp_path: Path) -> Iterator[Company]:
    with company(tenant_number, tmp_path) as made:
        yield made


def _forgotten(ours: Company) -> None:
    """Whatever is being called was claimed long ago."""
    with tenant(ours.number):
        bulk.select(
            "UPDATE mailroom_outbox SET called_at = called_at - interval '1 hour'"
            " WHERE tenant_id = {tenant} AND state = 'calling' RETURNING id"
        )


def test_from_arrival_to_the_shops_own_confirmation(ours: Company) -> None:
    number = ours.order()
    purchase = ours.buy(number)
    ours.work()
    [there] = ours.supplies()
    assert (there["phase"], there["reference"]) == ("paid", ours.reference(purchase))
    ours.ship_now()
    ours.pass_time(2)
    ours.read()
    supplier_intake.take_in(ours.number, ours.supplier_line)
    assert ours.step(number)[0] in {"report", "upload", "confirm"}
    ours.work_shop()
    ours.pass_time(1)
    ours.read()
    assert ours.step(number)[0] == "follow"
    [sold] = [o for o in ours.door.get("/books?company=douyin")["orders"] if o["number"] == number]
    assert [s["number"] for s in sold["shipments"]] == ours.supplies()[0]["parcels"]
    assert [kind for kind, state in ours.deeds(purchase) if state == "confirmed"] == ["buy", "pay"]


def _told(ours: Company, number: str) -> None:
    """What left the supplier is read, told to the shop, and confirmed by it."""
    ours.pass_time(2)
    ours.read()
    supplier_intake.take_in(ours.number, ours.supplier_line)
    ours.work_shop()
    ours.pass_time(1)
    ours.read()
    assert ours.step(number)[0] == "follow"


def test_another_number_of_the_box_reaches_the_shop_after_the_order_was_shipped_whole(ours: Company) -> None:
    number = ours.order()
    ours.buy(number)
    ours.work()
    ours.ship_now()
    _told(ours, number)
    [before] = ours.supplies()[0]["parcels"]
    supply = ours.supplies()[-1]["id"]
    ours.world.within(lambda world: world.sellers.timer("renumber", {"order": supply}))
    [after] = ours.supplies()[0]["parcels"]
    assert after != before
    _told(ours, number)
    [sold] = [o for o in ours.door.get("/books?company=douyin")["orders"] if o["number"] == number]
    assert [s["number"] for s in sold["shipments"]] == [after]


def test_a_box_of_an_order_that_was_shipped_by_hand_meanwhile_is_added_to_it(ours: Company) -> None:
    number = ours.order()
    ours.buy(number)
    ours.work()
    by_hand = "78000000000077"

    def ship(world: Living) -> None:
        order = next(o for o in world.books.orders() if o.number == number)
        pieces = {x.number: x.quantity for x in order.lines}
        world.orders.ship(order, Shipment("", by_hand, "ZTO", by_hand, world.now(), pieces))

    ours.world.within(ship)
    ours.pass_time(1)
    ours.read()
    ours.ship_now()
    [parcel] = ours.supplies()[0]["parcels"]
    _told(ours, number)
    [sold] = [o for o in ours.door.get("/books?company=douyin")["orders"] if o["number"] == number]
    assert [s["number"] for s in sold["shipments"]] == [by_hand, parcel]


@pytest.mark.parametrize("fault", ["timeout_after", "http_5xx_after", "half_body", "html"])
def test_a_lost_answer_is_found_by_our_reference_and_nothing_is_bought_twice(ours: Company, fault: str) -> None:
    number = ours.order()
    purchase = ours.buy(number)
    ours.door.post("/faults", {"name": fault, "company": "alibaba1688", "method": PLACE, "count": 1, "seconds": 12})
    ours.work()
    for _ in range(12):
        ours.work(minutes=2)
    assert ours.door.get("/faults")["active"] == [], "the fault never struck"
    assert [s["phase"] for s in ours.supplies()] == ["paid"]
    assert ("buy", "confirmed") in ours.deeds(purchase)


@pytest.mark.parametrize("given_up", [False, True])
def test_what_a_push_told_of_is_taken_as_placed_though_no_look_up_ever_shows_it(ours: Company, given_up: bool) -> None:
    number = ours.order()
    purchase = ours.buy(number)
    ours.door.post("/switches", {"company": "alibaba1688", "switches": {"list_lag": 10**6}})
    ours.door.post("/faults", {"name": "timeout_after", "company": "alibaba1688", "method": PLACE, "count": 1})
    outbox_run.work(ours.number, ours.supplier_line)
    assert ours.deeds(purchase) == [("buy", "unknown")]
    [there] = ours.supplies()
    supplier_intake.fetch(ours.number, ours.supplier_line, [there["number"]])
    if given_up:
        with tenant(ours.number):
            bulk.select(
                "UPDATE mailroom_outbox SET state = 'ready' WHERE tenant_id = {tenant} AND kind = 'buy' RETURNING id"
            )
    for _ in range(3):
        ours.work(minutes=2)
    assert ours.deeds(purchase) == [("buy", "confirmed"), ("pay", "confirmed")]
    assert [s["phase"] for s in ours.supplies()] == ["paid"]
    assert ours.step(number)[0] == "tracking"


def test_what_a_push_told_of_and_was_closed_since_is_not_placed_again(ours: Company) -> None:
    purchase = ours.buy(ours.order())
    ours.door.post("/faults", {"name": "timeout_after", "company": "alibaba1688", "method": PLACE, "count": 1})
    outbox_run.work(ours.number, ours.supplier_line)
    [there] = ours.supplies()

    def closes(world: Living) -> None:
        order = world.books.supply("alibaba1688", there["number"])
        assert order is not None
        world.sellers.close(order, "other")

    ours.world.within(closes)
    supplier_intake.fetch(ours.number, ours.supplier_line, [there["number"]])
    for _ in range(15):
        ours.work(minutes=2)
    assert ("buy", "confirmed") in ours.deeds(purchase)
    assert [s["phase"] for s in ours.supplies()] == ["closed"]


def test_a_push_locks_the_orders_before_the_placing_as_whoever_places_does(
    ours: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    ours.buy(ours.order())
    ours.work()
    locked: list[str] = []

    def noting(name: str, real: Callable[..., object]) -> Callable[..., object]:
        def noted(*given: object, **named: object) -> object:
            locked.append(name)
            return real(*given, **named)

        return noted

    monkeypatch.setattr(standing, "lock", noting("orders", standing.lock))
    monkeypatch.setattr(placements, "seen", noting("placing", placements.seen))
    supplier_intake.fetch(ours.number, ours.supplier_line, [ours.supplies()[-1]["number"]])
    assert locked[:2] == ["orders", "placing"]


def test_a_push_that_had_come_before_we_asked_is_not_followed_again(ours: Company) -> None:
    ours.buy(ours.order())
    ours.work()
    number = ours.supplies()[-1]["number"]

    def asked() -> int:
        with tenant(ours.number):
            [(calls,)] = ours.asked("SELECT count(*) FROM mailroom_call WHERE name LIKE '%%buyerView'")
        return int(calls)

    def pushed(key: str) -> None:
        with tenant(ours.number):
            told = Arrived(api_intake.HINT + FEED, f"push:{key}", number, b"ORDER_BUYER_VIEW", None)
            inbox.store(ours.supplier_line, "push", [told])
        ours.pass_time(1)

    pushed("before")
    supplier_intake.fetch(ours.number, ours.supplier_line, [number])
    before = asked()
    supplier_intake.take_in(ours.number, ours.supplier_line)
    assert asked() == before
    pushed("after")
    supplier_intake.take_in(ours.number, ours.supplier_line)
    assert asked() == before + 1
    keys = ["push:before", "push:after"]
    with tenant(ours.number):
        became = ours.asked("SELECT event_key, outcome FROM mailroom_inbox WHERE event_key = ANY(%s::text[])", keys)
    assert dict(became) == {"push:before": "overtaken", "push:after": "fetched"}


def test_killed_after_the_call_and_found_by_the_poll_first(ours: Company, monkeypatch: pytest.MonkeyPatch) -> None:
    purchase = ours.buy(ours.order())
    with monkeypatch.context() as killed:
        killed.setattr(buy, "_done", _dies)
        with pytest.raises(KeyboardInterrupt):
            outbox_run.work(ours.number, ours.supplier_line)
    assert ours.deeds(purchase) == [("buy", "calling")]
    ours.pass_time(3)
    ours.read()
    supplier_intake.take_in(ours.number, ours.supplier_line)
    _forgotten(ours)
    keeping.one_company.function(tenant_id=ours.number)
    assert ours.deeds(purchase)[0] == ("buy", "unknown")
    ours.work(minutes=2)
    assert ours.deeds(purchase) == [("buy", "confirmed"), ("pay", "confirmed")]
    assert [s["phase"] for s in ours.supplies()] == ["paid"]


def test_killed_before_the_call_it_is_asked_after_and_then_bought_once(
    ours: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    purchase = ours.buy(ours.order())
    with monkeypatch.context() as killed:
        killed.setattr(connect, "use", _dies_placing(connect.use))
        with pytest.raises(KeyboardInterrupt):
            outbox_run.work(ours.number, ours.supplier_line)
    assert ours.supplies() == []
    _forgotten(ours)
    keeping.one_company.function(tenant_id=ours.number)
    for _ in range(15):
        ours.work(minutes=2)
    assert [s["phase"] for s in ours.supplies()] == ["paid"]
    assert ("buy", "confirmed") in ours.deeds(purchase)


def test_two_at_once_never_spend_more_than_the_day_allows(ours: Company) -> None:
    one, two = ours.order(0), ours.order(1)
    with tenant(ours.number):
        settings.change(by=BOSS, values={"merge_recipients": False})
    purchases = [ours.buy(one), ours.buy(two)]
    with tenant(ours.number):
        dearest = max(
            f for (f,) in bulk.select("SELECT goods_fen FROM purchasing_purchaseorder WHERE tenant_id = {tenant}")
        )
        # Enough for either, not for both.
        settings.change(by=BOSS, values={"spend_day_fen": dearest + 2000})
    ours.work()
    states = sorted(state for p in purchases for kind, state in ours.deeds(p) if kind == "buy")
    assert states == ["confirmed", "held"]
    assert len(ours.supplies()) == 1
    stopped = [ours.step(n) for n in (one, two) if ours.step(n)[0] == "hold"]
    assert len(stopped) == 1
    assert "运行状态" in stopped[0][1]


def test_what_breaks_in_one_part_of_the_keeping_stops_no_other(ours: Company, monkeypatch: pytest.MonkeyPatch) -> None:
    done: list[str] = []

    def breaks() -> None:
        raise RuntimeError("broken")

    monkeypatch.setattr(keeping, "PARTS", (breaks, lambda: done.append("the next")))
    keeping.one_company.function(tenant_id=ours.number)
    assert done == ["the next"]


def _dies(*_given: object, **_named: object) -> None:
    raise KeyboardInterrupt


def _dies_placing(real: object) -> object:
    """Whoever opens a line in order to change something dies; questions (which have no outbox row) pass."""

    def use(*given: object, **named: object) -> object:
        if named.get("outbox_id") is not None:
            raise KeyboardInterrupt
        assert callable(real)
        return real(*given, **named)

    return use
