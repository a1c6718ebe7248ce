"""厂商代发 by API: an order that nobody can read goes to a factory bound to the shop, which ships it there."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from daifa.areas.mailroom.services import inbox, outbox
from daifa.areas.mailroom.services.inbox import Arrived
from daifa.areas.orders.services import history
from daifa.areas.purchasing.services import dispatches, factories, placements, suppliers
from daifa.base import bulk
from daifa.base.tenancy import tenant
from daifa.connectors.shops.douyin.fake import factory as fake_factory
from daifa.flows import advance, ciphers, deciding, decrypting, factory_bonds, outbox_run, recalling, supplier_intake
from daifa.flows.recipient_paths import Path as Way
from daifa.flows.steps import buy, route
from daifa.kit.errors import Conflict, NotFound
from daifa.simulator.world import build_world
from tests.flows import files
from tests.flows.api_company import BOSS, Company, company
from tests.flows.day import bring

ASSIGN = "iop.sellerDistribute"
FACTORY, SELLER = "90000010", "S10"
DAY = 24 * 60


@pytest.fixture
def ours(tenant_number: int, tmp_path: Path) -> Iterator[Company]:
    with company(tenant_number, tmp_path) as made:
        name = build_world().suppliers[SELLER].name
        bring(made.number, "厂家报价.csv", files.prices(*((name, code, "2") for code, _ in made.items)))
        with tenant(made.number):
            [row] = [s for s in suppliers.list_suppliers() if s.name == name]
            factories.bind(by=BOSS, supplier_id=row.id, shop_id=made.shop, external_id=FACTORY, name=name)
        _read(made)
        yield made


def _hand_over(ours: Company, number: str) -> UUID:
    with tenant(ours.number):
        order = ours.id_of(number)
        advance.advance([order])
        placed, plan = route.dispatch([order], by=BOSS, run=f"t{number[-8:]}")
        assert placed, plan.left
        buy.queue([p.id for p in placed])
    return placed[0].id


def _work(ours: Company, minutes: float = 0) -> None:
    if minutes:
        ours.pass_time(minutes)
    for _ in range(6):
        if not outbox_run.work(ours.number, ours.shop_line):
            break


def _read(ours: Company) -> None:
    supplier_intake.read(ours.number, ours.shop_line)


def _sold(ours: Company, number: str) -> dict[str, Any]:
    [sold] = [o for o in ours.door.get("/books?company=douyin")["orders"] if o["number"] == number]
    found: dict[str, Any] = sold
    return found


def _there(ours: Company, number: str) -> tuple[int, str]:
    """(status, factory) of the order's first line at the platform."""
    kept = _sold(ours, number)["lines"][0]["extra"].get("iop", {"status": 0, "factory": ""})
    return kept["status"], kept["factory"]


def _step(ours: Company, number: str) -> tuple[str, str]:
    with tenant(ours.number):
        [row] = bulk.select(
            "SELECT step, step_reason FROM orders_order WHERE tenant_id = {tenant} AND external_id = %s", [number]
        )
    return row


def _state(ours: Company, purchase: UUID) -> str:
    with tenant(ours.number):
        [(state,)] = ours.asked("SELECT state FROM purchasing_purchaseorder WHERE id = %s", purchase)
    return str(state)


def _calls(ours: Company, name: str) -> int:
    with tenant(ours.number):
        [(n,)] = ours.asked("SELECT count(*) FROM mailroom_call WHERE name LIKE %s", name)
    return int(n)


def test_a_ciphertext_is_handed_over_shipped_there_and_never_reported_by_us(ours: Company) -> None:
    number = ours.order()
    purchase = _hand_over(ours, number)
    _work(ours)
    assert ours.deeds(purchase) == [("buy", "confirmed")]
    assert _there(ours, number) == (1, FACTORY)
    assert _step(ours, number) == ("tracking", "等厂家在平台发货")
    ours.pass_time(DAY)
    _read(ours)
    assert _there(ours, number)[0] == 2
    assert _state(ours, purchase) == "shipped"
    assert _step(ours, number) == ("follow", "已发货")
    [box] = _sold(ours, number)["shipments"]
    with tenant(ours.number):
        assert ours.asked("SELECT tracking_number FROM logistics_parcel WHERE true") == [(box["number"],)]
        assert ours.asked("SELECT count(*) FROM logistics_shipmentreport WHERE true") == [(0,)]
    assert _calls(ours, "order.logistics%") == 0
    assert _calls(ours, "order.batchDecrypt") == 0
    assert _calls(ours, ASSIGN) == 1


@pytest.mark.parametrize("fault", ["timeout_after", "http_5xx_after", "half_body", "timeout_before"])
def test_a_lost_answer_is_asked_after_and_handed_over_once(ours: Company, fault: str) -> None:
    number = ours.order()
    purchase = _hand_over(ours, number)
    ours.door.post("/faults", {"name": fault, "company": "douyin", "method": ASSIGN, "count": 1, "seconds": 17})
    _work(ours)
    assert ours.deeds(purchase) == [("buy", "unknown")]
    for _ in range(8):
        _work(ours, minutes=2)
    assert ours.deeds(purchase) == [("buy", "confirmed")]
    assert _there(ours, number) == (1, FACTORY)
    assert _calls(ours, ASSIGN) == (2 if fault == "timeout_before" else 1)


def test_refunded_before_it_shipped_it_is_taken_back_there(ours: Company) -> None:
    number = ours.order()
    purchase = _hand_over(ours, number)
    _work(ours)
    ours.door.post(f"/orders/douyin/{number}/refund", {"reason": "不想要了"})
    ours.pass_time(1)
    ours.read()
    assert _state(ours, purchase) == "recalling"
    _work(ours)
    assert _there(ours, number)[0] == 3
    assert ours.deeds(purchase) == [("buy", "confirmed"), ("cancel", "confirmed")]
    assert _state(ours, purchase) == "recalled"
    ours.pass_time(DAY)
    assert _sold(ours, number)["shipments"] == []


def test_taken_back_on_the_platform_the_pieces_are_open_again_with_the_reason(ours: Company) -> None:
    number = ours.order()
    purchase = _hand_over(ours, number)
    _work(ours)
    ours.world.within(lambda world: _cancelled_there(world, number))
    ours.pass_time(1)
    _read(ours)
    assert _state(ours, purchase) == "refused"
    with tenant(ours.number):
        said = "\n".join(f.text for f in history.of_order(ours.id_of(number)))
    assert "厂家没货" in said
    # Another supplier has it: the factory is not asked again by itself.
    assert _step(ours, number)[0] in {"dispatch", "route"}


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
            assert _kinds(ours, order) == []
        assert decrypting.ways(by=BOSS, order_id=order).taken is Way.FACTORY
        plan = route.preview([order], by=BOSS)
        assert {x.supplier_id for p in plan.plans for x in p.purchases} == {_factory(ours)}
        factories.unbind(by=BOSS, supplier_id=_factory(ours), shop_id=ours.shop)
        advance.advance([order])
        assert _kinds(ours, order) == ["recipient_absent"]
        told = {o.path: o.why for o in decrypting.ways(by=BOSS, order_id=order).others}
        assert "没有绑定" in told[Way.FACTORY]


def _factory(ours: Company) -> UUID:
    name = build_world().suppliers[SELLER].name
    return next(s.id for s in suppliers.list_suppliers() if s.name == name)


def _kinds(ours: Company, order: UUID) -> list[str]:
    found = ours.asked("SELECT kind FROM orders_hold WHERE order_id = %s AND state = 'open'", order)
    return sorted(k for (k,) in found if k.startswith("recipient"))


def test_the_path_is_shown_before_and_after(ours: Company) -> None:
    number = ours.order()
    with tenant(ours.number):
        order = ours.id_of(number)
        found = decrypting.ways(by=BOSS, order_id=order)
        # The factory is cheaper than the supplier at the platform that decrypts.
        assert found.taken is Way.FACTORY
        assert {o.path: o.open for o in found.others}[Way.HANDED_ON]
    _hand_over(ours, number)
    with tenant(ours.number):
        after = decrypting.ways(by=BOSS, order_id=order)
    assert after.taken is Way.FACTORY
    assert not any(o.open for o in after.others)


def test_part_of_a_line_cannot_be_handed_over_and_the_factory_says_no(ours: Company) -> None:
    number = ours.order()
    purchase = _hand_over(ours, number)
    with tenant(ours.number):
        # The buyer's line asks for one piece more than the purchase buys.
        bulk.select(
            "UPDATE orders_demand SET qty = qty + 1 WHERE tenant_id = {tenant} AND order_id = %s RETURNING id",
            [ours.id_of(number)],
        )
    _work(ours)
    assert ours.deeds(purchase) == [("buy", "refused")]
    assert _calls(ours, ASSIGN) == 0
    assert _state(ours, purchase) == "refused"
    with tenant(ours.number):
        assert any("只能整行交给厂家" in f.text for f in history.of_order(ours.id_of(number)))


def test_a_draft_for_a_factory_is_in_no_sheet_until_it_is_unbound(ours: Company) -> None:
    purchase = _hand_over(ours, ours.order())
    with tenant(ours.number):
        assert _factory(ours) not in dispatches.drafts()
        factories.unbind(by=BOSS, supplier_id=_factory(ours), shop_id=ours.shop)
        assert dispatches.drafts()[_factory(ours)] == [purchase]


def test_a_draft_for_a_factory_goes_by_sheet_when_the_shop_may_not_be_spoken_for_any_more(ours: Company) -> None:
    purchase = _hand_over(ours, ours.order())
    with tenant(ours.number):
        deciding.set_connection(by=BOSS, connection_id=ours.shop_line, state="removed")
        assert dispatches.drafts()[_factory(ours)] == [purchase]
        assert ciphers.bound([ours.shop]) == {}


def test_handed_to_another_factory_after_it_was_taken_back(ours: Company) -> None:
    other = build_world().suppliers["S02"].name
    bring(ours.number, "另一家报价.csv", files.prices(*((other, code, "3") for code, _ in ours.items)))
    with tenant(ours.number):
        [row] = [s for s in suppliers.list_suppliers() if s.name == other]
        factories.bind(by=BOSS, supplier_id=row.id, shop_id=ours.shop, external_id="90000002", name=other)
    number = ours.order()
    first = _hand_over(ours, number)
    _work(ours)
    ours.world.within(lambda world: _cancelled_there(world, number))
    ours.pass_time(1)
    _read(ours)
    second = _hand_over(ours, number)
    _work(ours)
    assert ours.deeds(second) == [("buy", "confirmed")]
    assert _there(ours, number) == (1, "90000002")
    # The second one follows the line, the first is over.
    ours.door.post(f"/orders/douyin/{number}/refund", {"reason": "不想要了"})
    ours.pass_time(1)
    ours.read()
    _work(ours)
    assert _there(ours, number)[0] == 3
    assert (_state(ours, first), _state(ours, second)) == ("refused", "recalled")


def test_one_of_two_lines_is_taken_back_and_only_its_pieces_are_open_again(ours: Company) -> None:
    number = ours.order(0, 1)
    purchase = _hand_over(ours, number)
    _work(ours)
    assert _calls(ours, ASSIGN) == 1
    ours.world.within(lambda world: _cancelled_there(world, number))
    ours.pass_time(1)
    _read(ours)
    with tenant(ours.number):
        states = ours.asked("SELECT state FROM purchasing_purchaseline WHERE purchase_id = %s", purchase)
    assert sorted(s for (s,) in states) == ["open", "refused"]
    assert _step(ours, number)[0] in {"dispatch", "route"}
    ours.pass_time(DAY)
    _read(ours)
    assert _state(ours, purchase) == "shipped"


def test_both_lines_of_a_refunded_order_are_taken_back(ours: Company) -> None:
    number = ours.order(0, 1)
    purchase = _hand_over(ours, number)
    _work(ours)
    ours.door.post(f"/orders/douyin/{number}/refund", {"reason": "不想要了"})
    ours.pass_time(1)
    ours.read()
    _work(ours)
    assert {x["extra"]["iop"]["status"] for x in _sold(ours, number)["lines"]} == {3}
    assert _state(ours, purchase) == "recalled"


def test_several_lines_in_one_box_are_told_line_by_line(ours: Company) -> None:
    number = ours.order(0, 1)
    purchase = _hand_over(ours, number)
    _work(ours)
    ours.world.within(lambda world: _one_box(world, number))
    ours.pass_time(1)
    _read(ours)
    assert _state(ours, purchase) == "shipped"
    with tenant(ours.number):
        [(parcels,)] = ours.asked("SELECT count(*) FROM logistics_parcel WHERE true")
        [(lines,)] = ours.asked("SELECT count(*) FROM logistics_parcelline WHERE true")
    assert (parcels, lines) == (1, 2)


def _one_box(world: Any, number: str) -> None:
    order = next(o for o in world.books.orders("douyin") if o.number == number)
    for line in order.lines:
        fake_factory._return(
            world, order, line, [{"company_code": "zhongtong", "track_no": "78123456789012", "ship_num": line.quantity}]
        )


def test_a_push_tells_of_it(ours: Company) -> None:
    number = ours.order()
    purchase = _hand_over(ours, number)
    _work(ours)
    with tenant(ours.number):
        [line] = placements.of_purchases([purchase])[purchase]
        told = Arrived("hint:purchases", "push:1", line.external_ids[0], b"505", None)
        inbox.store(ours.shop_line, "push", [told])
    ours.pass_time(DAY)
    supplier_intake.take_in(ours.number, ours.shop_line)
    assert _state(ours, purchase) == "shipped"


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


def test_a_persons_word_after_doubt_hands_over_nothing_twice(ours: Company) -> None:
    number = ours.order()
    purchase = _hand_over(ours, number)
    ours.door.post(
        "/faults", {"name": "timeout_after", "company": "douyin", "method": ASSIGN, "count": 1, "seconds": 17}
    )
    _work(ours)
    with tenant(ours.number):
        [item] = outbox.of_subject([purchase])
        assert item.state == "unknown"
        with pytest.raises(Conflict, match="再试一次"):
            deciding.decide(by=BOSS, outbox_id=item.id, answer="done", why="后台看到了")
        deciding.decide(by=BOSS, outbox_id=item.id, answer="again")
    _work(ours)
    assert ours.deeds(purchase) == [("buy", "confirmed")]
    assert _there(ours, number) == (1, FACTORY)


def test_a_persons_recall_takes_it_back_there_and_a_word_alone_frees_nothing(ours: Company) -> None:
    number = ours.order()
    purchase = _hand_over(ours, number)
    _work(ours)
    with tenant(ours.number):
        lines = [
            UUID(str(i))
            for (i,) in ours.asked("SELECT id FROM purchasing_purchaseline WHERE purchase_id = %s", purchase)
        ]
        with pytest.raises(Conflict, match="先点“追回”"):
            recalling.answer(by=BOSS, line_ids=lines, answer="refused", words="说没货")
        said = recalling.recall(by=BOSS, purchase_id=purchase, why="换一家")
        assert "取消给厂家的分配" in said
        with pytest.raises(Conflict, match="已在平台交给厂家"):
            recalling.recall_answered(by=BOSS, purchase_id=purchase, agreed=True)
    _work(ours)
    assert _there(ours, number)[0] == 3
    assert _state(ours, purchase) == "recalled"
    assert _step(ours, number)[0] in {"dispatch", "route"}


def test_a_recall_that_comes_too_late_leaves_it_shipped(ours: Company) -> None:
    number = ours.order()
    purchase = _hand_over(ours, number)
    _work(ours)
    ours.pass_time(DAY)
    with tenant(ours.number):
        recalling.recall(by=BOSS, purchase_id=purchase, why="换一家")
    _work(ours)
    assert _there(ours, number)[0] == 2
    assert _state(ours, purchase) == "shipped"
    assert ours.deeds(purchase) == [("buy", "confirmed"), ("cancel", "void")]


def test_what_was_read_before_it_was_handed_over_closes_nothing(ours: Company, monkeypatch: pytest.MonkeyPatch) -> None:
    number = ours.order()
    purchase = _hand_over(ours, number)
    distr = f"49{_sold(ours, number)['lines'][0]['number'][2:]}"
    asked = supplier_intake._fetch
    readings: list[str] = []

    def slow(external: str, line: Any) -> Any:
        order = asked(external, line)
        readings.append(order.state.value)
        if len(readings) == 1:
            # Handed over while the answer is on its way.
            ours.pass_time(1)
            _work(ours)
        return order

    monkeypatch.setattr(supplier_intake, "_fetch", slow)
    supplier_intake.fetch(ours.number, ours.shop_line, [distr])
    assert readings == ["closed", "unpaid"]
    assert _state(ours, purchase) == "sent"
    assert ours.deeds(purchase) == [("buy", "confirmed")]


def test_given_to_another_factory_over_there_it_is_over_for_ours(ours: Company) -> None:
    number = ours.order()
    purchase = _hand_over(ours, number)
    _work(ours)
    ours.world.within(lambda world: _moved_there(world, number))
    ours.pass_time(1)
    _read(ours)
    assert _state(ours, purchase) == "refused"
    with tenant(ours.number):
        assert any("改交给了别的厂家" in f.text for f in history.of_order(ours.id_of(number)))


def _moved_there(world: Any, number: str) -> None:
    order = next(o for o in world.books.orders("douyin") if o.number == number)
    fake_factory._mark(world, order, order.lines[0], status=fake_factory.ASSIGNED, factory="90000002")


def _cancelled_there(world: Any, number: str) -> None:
    order = next(o for o in world.books.orders("douyin") if o.number == number)
    fake_factory._cancelled(world, order, order.lines[0], "厂家没货")
