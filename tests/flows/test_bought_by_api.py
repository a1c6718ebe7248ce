"""An order by API from its arrival to the shop's own confirmation, and what stands when something breaks on the way."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest

from daifa.areas.accounts.services import settings
from daifa.areas.mailroom.services import outbox, tasks
from daifa.areas.orders.services import standing
from daifa.areas.purchasing.services import placements
from daifa.base import bulk
from daifa.base.tenancy import tenant
from daifa.flows import (
    automatic,
    connect,
    deciding,
    dispatching,
    keeping,
    offer_links,
    outbox_run,
    paying_together,
    recalling,
    supplier_intake,
)
from daifa.flows.offer_links import Pair
from daifa.flows.steps import buy, report_shipment
from daifa.kit import clock
from daifa.kit.errors import Conflict
from daifa.ports.books import Shipment
from daifa.reads import dry_run_facts
from daifa.simulator.living.world import Living
from tests.flows.api_company import BOSS, Company, company

PLACE = "alibaba.trade.*reateOrder*"
DAY = 24 * 60


@pytest.fixture
def ours(tenant_number: int, tmp_path: Path) -> Iterator[Company]:
    with company(tenant_number, tmp_path) as made:
        yield made


def _step(ours: Company, number: str) -> tuple[str, str]:
    with tenant(ours.number):
        [row] = bulk.select(
            "SELECT step, step_reason FROM orders_order WHERE tenant_id = {tenant} AND external_id = %s", [number]
        )
    return row


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
    assert (there["phase"], there["reference"]) == ("paid", _reference(ours, purchase))
    ours.ship_now()
    ours.pass_time(2)
    ours.read()
    supplier_intake.take_in(ours.number, ours.supplier_line)
    assert _step(ours, number)[0] in {"report", "upload", "confirm"}
    ours.work_shop()
    ours.pass_time(1)
    ours.read()
    assert _step(ours, number)[0] == "follow"
    [sold] = [o for o in ours.door.get("/books?company=douyin")["orders"] if o["number"] == number]
    assert [s["number"] for s in sold["shipments"]] == ours.supplies()[0]["parcels"]
    assert [kind for kind, state in ours.deeds(purchase) if state == "confirmed"] == ["buy", "pay"]


def test_goods_that_only_a_price_list_names_wait_for_their_link_and_then_go_on_by_themselves(ours: Company) -> None:
    with tenant(ours.number):
        [(supplier, sku, ref, spec)] = ours.asked(
            "SELECT supplier_id, sku_id, offer_ref, spec_ref FROM purchasing_supplylink WHERE live AND sku_id ="
            " (SELECT id FROM catalog_sku WHERE code = %s AND catalog_sku.tenant_id = purchasing_supplylink.tenant_id)",
            ours.items[0][0],
        )
        bulk.select(
            "UPDATE purchasing_supplylink SET offer_ref = 'own-7', spec_ref = '', fingerprint = ''"
            " WHERE tenant_id = {tenant} AND live AND sku_id = %s RETURNING id",
            [sku],
        )
    number = ours.order()
    purchase = ours.buy(number)
    called = _calls(ours)
    ours.work()
    assert ours.deeds(purchase) == [("buy", "held")]
    assert _calls(ours) == called, "nobody has to be asked to know that nothing is linked"
    assert "还没有关联" in _step(ours, number)[1]
    with tenant(ours.number):
        offer_links.link(by=BOSS, supplier_id=supplier, ref=ref, pairs=[Pair(sku, spec)])
    assert ours.deeds(purchase) == [("buy", "ready")]
    ours.work()
    assert ("buy", "confirmed") in ours.deeds(purchase)
    assert [s["reference"] for s in ours.supplies()] == [_reference(ours, purchase)]


def _calls(ours: Company) -> int:
    with tenant(ours.number):
        [(n,)] = bulk.select("SELECT count(*) FROM mailroom_call WHERE tenant_id = {tenant}")
    return int(n)


def _told(ours: Company, number: str) -> None:
    """What left the supplier is read, told to the shop, and confirmed by it."""
    ours.pass_time(2)
    ours.read()
    supplier_intake.take_in(ours.number, ours.supplier_line)
    ours.work_shop()
    ours.pass_time(1)
    ours.read()
    assert _step(ours, number)[0] == "follow"


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


def _reference(ours: Company, purchase: UUID) -> str:
    with tenant(ours.number):
        [made] = placements.of_purchases([purchase])[purchase]
    return made.reference


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
    assert _step(ours, number)[0] == "tracking"


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
    stopped = [_step(ours, n) for n in (one, two) if _step(ours, n)[0] == "hold"]
    assert len(stopped) == 1
    assert "运行状态" in stopped[0][1]


@pytest.mark.parametrize("how", ["cancel", "drop", "recall"])
def test_what_a_person_took_back_the_machine_does_not_buy_again(ours: Company, how: str) -> None:
    number = ours.order()
    purchase = ours.buy(number)
    with tenant(ours.number):
        order = ours.id_of(number)
        assert buy.places_at(purchase) is not None
        if how == "cancel":
            dispatching.withdraw(by=BOSS, purchase_ids=[purchase], why="取消采购")
        elif how == "drop":
            [deed] = outbox.of_subject([purchase])
            outbox.settle(deed.id, "held", before=("ready",), reason="贵了")
            deciding.decide(by=BOSS, outbox_id=deed.id, answer="drop", why="不买了")
    if how == "recall":
        ours.work()
        with tenant(ours.number):
            [(line,)] = ours.asked("SELECT id FROM purchasing_purchaseline WHERE purchase_id = %s", purchase)
            with pytest.raises(Conflict, match="还有订单"):
                recalling.answer(by=BOSS, line_ids=[line], answer="out_of_stock")
            recalling.recall(by=BOSS, purchase_id=purchase, why="买家说不要")
            with pytest.raises(Conflict, match="还有订单"):
                recalling.recall_answered(by=BOSS, purchase_id=purchase, agreed=True)
        ours.work()
        assert [s["extra"]["refund"] != "" for s in ours.supplies()] == [True], "its money is asked back there"
        ours.agree_now()
        ours.pass_time(1)
        ours.read()
    automatic.route_them.function(tenant_id=ours.number, order_ids=[str(order)])
    with tenant(ours.number):
        automatic.sweep()
        assert dry_run_facts.to_route(clock.now() + timedelta(days=1), limit=10) == []
    with tenant(ours.number):
        assert buy.places_at(purchase) is None
    step, reason = _step(ours, number)
    assert step == "dispatch", reason
    assert "要买请手动派单" in reason
    assert len(ours.supplies()) == (1 if how == "recall" else 0)


def test_a_number_that_the_platform_refused_is_told_again_from_the_status_page(ours: Company) -> None:
    number = ours.order()
    ours.buy(number)
    ours.work()
    ours.door.post("/switches", {"company": "douyin", "switches": {"ship_address_missing": True}})
    ours.ship_now()
    ours.pass_time(2)
    ours.read()
    ours.work_shop()
    step, reason = _step(ours, number)
    assert (step, "平台没有通过" in reason) == ("report", True), reason
    with tenant(ours.number):
        [(refused,)] = ours.asked("SELECT id FROM mailroom_outbox WHERE kind = 'ship' AND state = 'refused'")
    ours.door.post("/switches", {"company": "douyin", "switches": {"ship_address_missing": False}})
    with tenant(ours.number):
        deciding.decide(by=BOSS, outbox_id=refused, answer="again")
        assert outbox.get(refused).state == "void"
        report_shipment.queue([ours.id_of(number)])
    assert "没有通过" not in _step(ours, number)[1]
    ours.work_shop()
    ours.pass_time(1)
    ours.read()
    assert _step(ours, number)[0] == "follow"


def test_what_was_closed_before_anybody_paid_asks_nobody_to_pay(ours: Company) -> None:
    ours.door.post("/switches", {"company": "alibaba1688", "switches": {"agreements": []}})
    purchase = ours.buy(ours.order())
    ours.work()
    assert ours.deeds(purchase) == [("buy", "confirmed"), ("pay", "person")]
    with tenant(ours.number):
        recalling.recall(by=BOSS, purchase_id=purchase, why="不要了")
    ours.work(1)
    assert ours.deeds(purchase) == [("buy", "confirmed"), ("pay", "void"), ("cancel", "confirmed")]
    assert ours.supplies()[0]["phase"] == "closed"


def _paid_by_hand(world: Living) -> None:
    for order in world.books.supplies():
        world.sellers.pay(order)


def test_several_unpaid_ones_are_paid_by_a_person_on_one_page(ours: Company) -> None:
    ours.door.post("/switches", {"company": "alibaba1688", "switches": {"agreements": []}})
    purchases = [ours.buy(ours.order(i)) for i in (0, 1)]
    ours.work()
    with tenant(ours.number):
        waiting = [d for p in purchases for d in outbox.of_subject([p]) if d.kind == "pay"]
        assert [d.state for d in waiting] == ["person", "person"]
        assert len({d.result["url"] for d in waiting}) == 2
        task = paying_together.ask(by=BOSS, ids=[d.id for d in waiting])
    ids = [str(d.id) for d in waiting]
    paying_together.make.function(
        tenant_id=ours.number, task_id=str(task), connection_id=str(ours.supplier_line), ids=ids
    )
    with tenant(ours.number):
        done = tasks.get(task, by=BOSS)
        assert (done.state, str(done.result["message"])[:5]) == ("done", "2 单合计")
        [page] = {outbox.get(d.id).result["url"] for d in waiting}
    assert all(s["number"] in str(page) for s in ours.supplies())
    ours.world.within(_paid_by_hand)
    ours.pass_time(2)
    ours.read()
    assert [ours.deeds(p) for p in purchases] == [[("buy", "confirmed"), ("pay", "confirmed")]] * 2
    with tenant(ours.number), pytest.raises(Conflict):
        paying_together.ask(by=BOSS, ids=[d.id for d in waiting])


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
