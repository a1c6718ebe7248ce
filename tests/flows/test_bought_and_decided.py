"""Bought by API: what a person takes back, links, tells again or pays, and what is not asked twice."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from uuid import UUID, uuid4

import pytest

from daifa.areas.mailroom.services import outbox, tasks
from daifa.areas.purchasing.services import dispatches
from daifa.base import bulk
from daifa.base.tenancy import tenant
from daifa.flows import (
    automatic,
    deciding,
    decrypting,
    dispatching,
    offer_links,
    offer_watch,
    paying_together,
    recalling,
    sending,
    supplier_intake,
)
from daifa.flows.offer_links import Pair
from daifa.flows.steps import buy, report_shipment
from daifa.kit import clock
from daifa.kit.errors import Conflict
from daifa.reads import dry_run_facts, offer_desk, order_desk, order_stopped, status_desk, status_facts
from daifa.reads.order_filters import OrderFilter
from daifa.simulator.living.world import Living
from tests.flows.api_company import BOSS, Company, company


@pytest.fixture
def ours(tenant_number: int, tmp_path: Path) -> Iterator[Company]:
    with company(tenant_number, tmp_path) as made:
        yield made


def _unlinked(ours: Company) -> tuple[UUID, UUID, str, str]:
    """A price list names the first goods by the supplier's own code only: supplier, SKU, and what it was linked to."""
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
    return supplier, sku, ref, spec


def test_goods_that_only_a_price_list_names_wait_for_their_link_and_then_go_on_by_themselves(ours: Company) -> None:
    supplier, sku, ref, spec = _unlinked(ours)
    number = ours.order()
    purchase = ours.buy(number)
    called = _calls(ours)
    ours.work()
    assert ours.deeds(purchase) == [("buy", "held")]
    assert _calls(ours) == called, "nobody has to be asked to know that nothing is linked"
    why = ours.step(number)[1]
    assert why.startswith("下单停下了：“"), "one instruction: the link, not a decision as well"
    assert "还没有关联" in why
    with tenant(ours.number):
        order = ours.id_of(number)
        [stopped] = order_desk.one(order, BOSS).stopped
        assert (stopped.supplier_id, stopped.mend, stopped.things) == (supplier, "link", [ours.items[0][0]])
        [counted] = order_stopped.stops(OrderFilter(), BOSS)
        assert (counted.mend, counted.orders, counted.ids) == ("link", 1, [stopped.id])
        assert order_desk.ids(OrderFilter(stopped=["link"]), BOSS) == [order]
        assert order_desk.ids(OrderFilter(stopped=["decide", "compare"]), BOSS) == []
        [deed] = status_desk.deeds(BOSS, status_desk.STUCK, order=order)
        assert (deed.id, deed.supplier_id, deed.result["mend"]) == (stopped.id, supplier, "link")
        assert status_desk.deeds(BOSS, status_desk.STUCK, order=uuid4()) == []
        offer_links.link(by=BOSS, supplier_id=supplier, ref=ref, pairs=[Pair(sku, spec)])
    assert ours.deeds(purchase) == [("buy", "ready")]
    ours.work()
    assert ("buy", "confirmed") in ours.deeds(purchase)
    with tenant(ours.number):
        assert order_desk.one(order, BOSS).stopped == []
    assert [s["reference"] for s in ours.supplies()] == [ours.reference(purchase)]


def test_what_is_not_linked_may_go_by_sheet_instead_once_and_for_good(ours: Company) -> None:
    supplier, *_ = _unlinked(ours)
    number = ours.order()
    with tenant(ours.number):
        [group] = dispatching.board(by=BOSS, order_ids=[ours.id_of(number)]).groups
        told = group.orders[0].warnings[-1]
        assert (group.warnings["unlinked"], "还没有关联" in told.text, told.things) == (1, True, (ours.items[0][0],))
    purchase = ours.buy(number)
    ours.work()
    with tenant(ours.number):
        order = ours.id_of(number)
        [stopped] = order_desk.one(order, BOSS).stopped
        with pytest.raises(Conflict, match="没有可读的收件人"):
            deciding.by_sheet(by=BOSS, ids=[stopped.id])
        assert dispatches.drafts([supplier]) == {}
        _, task = decrypting.begin(by=BOSS, order_ids=[order], reason="改发表格")
    decrypting.run.function(tenant_id=ours.number, task_id=str(task), ids=[str(order)], by=[BOSS.key, BOSS.name])
    with tenant(ours.number):
        said = deciding.by_sheet(by=BOSS, ids=[stopped.id])
        assert "改发表格" in said
        assert order_desk.one(order, BOSS).stopped == []
        assert dispatches.drafts([supplier]) == {supplier: [purchase]}
        with pytest.raises(Conflict):
            deciding.by_sheet(by=BOSS, ids=[stopped.id])
        [sent] = sending.send(by=BOSS).sent
        assert sent.supplier_id == supplier
    ours.work()
    assert ours.supplies() == [], "it went by sheet: nothing is placed by API as well"


def _calls(ours: Company, name: str = "") -> int:
    with tenant(ours.number):
        [(n,)] = bulk.select(
            "SELECT count(*) FROM mailroom_call WHERE tenant_id = {tenant} AND name LIKE %s", [f"%{name}%"]
        )
    return int(n)


def test_a_listed_change_that_was_read_already_is_not_read_again(ours: Company) -> None:
    number = ours.order()
    ours.buy(number)
    ours.work()
    ours.ship_now()
    with tenant(ours.number):
        [(external,)] = ours.asked("SELECT external_id FROM purchasing_placementorder WHERE true")
    supplier_intake.fetch(ours.number, ours.supplier_line, [external])
    whole = _calls(ours, "get.buyerView")
    ours.pass_time(2)
    ours.read()
    assert _calls(ours, "get.buyerView") == whole
    assert ours.step(number)[0] in {"report", "upload", "confirm"}
    [(outcome,)] = _outcomes(ours, external)
    assert outcome == "overtaken"


def test_what_sells_is_watched_hourly_and_what_does_not_daily(ours: Company) -> None:
    def due(hours: float) -> list[str]:
        with tenant(ours.number):
            return [ref for _, ref in offer_desk.to_watch(clock.now() + timedelta(hours=hours), offer_watch.EVERY)]

    with tenant(ours.number):
        linked = dict(
            bulk.select(
                "SELECT s.code, l.offer_ref FROM purchasing_supplylink l JOIN catalog_sku s ON s.tenant_id = {tenant}"
                " AND s.id = l.sku_id WHERE l.tenant_id = {tenant} AND l.live"
            )
        )
    [sold, idle] = [linked[code] for code, _ in ours.items]
    number = ours.order()
    ours.buy(number)
    assert due(0.2) == []
    assert due(1) == [sold]
    assert set(due(25)) == {sold, idle}


def _outcomes(ours: Company, external: str) -> list[tuple[str]]:
    with tenant(ours.number):
        return bulk.select(
            "SELECT DISTINCT outcome FROM mailroom_inbox WHERE tenant_id = {tenant} AND object_id = %s", [external]
        )


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
        # Nobody is told that the machine could not do it.
        assert status_facts.unrouted(BOSS, clock.now() + timedelta(days=1)) == []
    with tenant(ours.number):
        assert buy.places_at(purchase) is None
    step, reason = ours.step(number)
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
    step, reason = ours.step(number)
    assert (step, "平台没有通过" in reason) == ("report", True), reason
    with tenant(ours.number):
        [(refused,)] = ours.asked("SELECT id FROM mailroom_outbox WHERE kind = 'ship' AND state = 'refused'")
    ours.door.post("/switches", {"company": "douyin", "switches": {"ship_address_missing": False}})
    with tenant(ours.number):
        deciding.decide(by=BOSS, outbox_id=refused, answer="again")
        assert outbox.get(refused).state == "void"
        report_shipment.queue([ours.id_of(number)])
    assert "没有通过" not in ours.step(number)[1]
    ours.work_shop()
    ours.pass_time(1)
    ours.read()
    assert ours.step(number)[0] == "follow"


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
