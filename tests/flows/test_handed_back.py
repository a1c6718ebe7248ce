"""厂商代发 by API: what was handed over is taken back, by the buyer, by a person, or by the platform."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest

from daifa.areas.mailroom.services import outbox
from daifa.areas.orders.services import history
from daifa.areas.purchasing.services import factories, suppliers
from daifa.base.tenancy import tenant
from daifa.flows import deciding, recalling, supplier_intake
from daifa.kit.errors import Conflict
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
    cancelled_there,
    hand_over,
    moved_there,
    ours,
    read_there,
    sold,
    state_of,
    step_of,
    work_there,
)

__all__ = ["ours"]


def test_refunded_before_it_shipped_it_is_taken_back_there(ours: Company) -> None:
    number = ours.order()
    purchase = hand_over(ours, number)
    work_there(ours)
    ours.door.post(f"/orders/douyin/{number}/refund", {"reason": "不想要了"})
    ours.pass_time(1)
    ours.read()
    assert state_of(ours, purchase) == "recalling"
    work_there(ours)
    assert at_platform(ours, number)[0] == 3
    assert ours.deeds(purchase) == [("buy", "confirmed"), ("cancel", "confirmed")]
    assert state_of(ours, purchase) == "recalled"
    ours.pass_time(DAY)
    assert sold(ours, number)["shipments"] == []


def test_taken_back_on_the_platform_the_pieces_are_open_again_with_the_reason(ours: Company) -> None:
    number = ours.order()
    purchase = hand_over(ours, number)
    work_there(ours)
    ours.world.within(lambda world: cancelled_there(world, number))
    ours.pass_time(1)
    read_there(ours)
    assert state_of(ours, purchase) == "refused"
    with tenant(ours.number):
        said = "\n".join(f.text for f in history.of_order(ours.id_of(number)))
    assert "厂家没货" in said
    # Another supplier has it: the factory is not asked again by itself.
    assert step_of(ours, number)[0] in {"dispatch", "route"}


def test_handed_to_another_factory_after_it_was_taken_back(ours: Company) -> None:
    other = build_world().suppliers["S02"].name
    bring(ours.number, "另一家报价.csv", files.prices(*((other, code, "3") for code, _ in ours.items)))
    with tenant(ours.number):
        [row] = [s for s in suppliers.list_suppliers() if s.name == other]
        factories.bind(by=BOSS, supplier_id=row.id, shop_id=ours.shop, external_id="90000002", name=other)
    number = ours.order()
    first = hand_over(ours, number)
    work_there(ours)
    ours.world.within(lambda world: cancelled_there(world, number))
    ours.pass_time(1)
    read_there(ours)
    second = hand_over(ours, number)
    work_there(ours)
    assert ours.deeds(second) == [("buy", "confirmed")]
    assert at_platform(ours, number) == (1, "90000002")
    # The second one follows the line, the first is over.
    ours.door.post(f"/orders/douyin/{number}/refund", {"reason": "不想要了"})
    ours.pass_time(1)
    ours.read()
    work_there(ours)
    assert at_platform(ours, number)[0] == 3
    assert (state_of(ours, first), state_of(ours, second)) == ("refused", "recalled")


def test_one_of_two_lines_is_taken_back_and_only_its_pieces_are_open_again(ours: Company) -> None:
    number = ours.order(0, 1)
    purchase = hand_over(ours, number)
    work_there(ours)
    assert calls_of(ours, ASSIGN) == 1
    ours.world.within(lambda world: cancelled_there(world, number))
    ours.pass_time(1)
    read_there(ours)
    with tenant(ours.number):
        states = ours.asked("SELECT state FROM purchasing_purchaseline WHERE purchase_id = %s", purchase)
    assert sorted(s for (s,) in states) == ["open", "refused"]
    assert step_of(ours, number)[0] in {"dispatch", "route"}
    ours.pass_time(DAY)
    read_there(ours)
    assert state_of(ours, purchase) == "shipped"


def test_both_lines_of_a_refunded_order_are_taken_back(ours: Company) -> None:
    number = ours.order(0, 1)
    purchase = hand_over(ours, number)
    work_there(ours)
    ours.door.post(f"/orders/douyin/{number}/refund", {"reason": "不想要了"})
    ours.pass_time(1)
    ours.read()
    work_there(ours)
    assert {x["extra"]["iop"]["status"] for x in sold(ours, number)["lines"]} == {3}
    assert state_of(ours, purchase) == "recalled"


def test_a_persons_word_after_doubt_hands_over_nothing_twice(ours: Company) -> None:
    number = ours.order()
    purchase = hand_over(ours, number)
    ours.door.post(
        "/faults", {"name": "timeout_after", "company": "douyin", "method": ASSIGN, "count": 1, "seconds": 17}
    )
    work_there(ours)
    with tenant(ours.number):
        [item] = outbox.of_subject([purchase])
        assert item.state == "unknown"
        with pytest.raises(Conflict, match="核对过没有"):
            deciding.decide(by=BOSS, outbox_id=item.id, answer="done", why="后台看到了")
        deciding.decide(by=BOSS, outbox_id=item.id, answer="again")
    work_there(ours)
    assert ours.deeds(purchase) == [("buy", "confirmed")]
    assert at_platform(ours, number) == (1, FACTORY)


def test_a_persons_recall_takes_it_back_there_and_a_word_alone_frees_nothing(ours: Company) -> None:
    number = ours.order()
    purchase = hand_over(ours, number)
    work_there(ours)
    with tenant(ours.number):
        lines = [
            UUID(str(i))
            for (i,) in ours.asked("SELECT id FROM purchasing_purchaseline WHERE purchase_id = %s", purchase)
        ]
        with pytest.raises(Conflict, match="先点“追回”"):
            recalling.answer(by=BOSS, line_ids=lines, answer="refused", words="说没货")
        said = recalling.recall(by=BOSS, purchase_id=purchase, why="换一家")
        assert "正在供应商平台取消" in said
        with pytest.raises(Conflict, match="已在平台交给厂家"):
            recalling.recall_answered(by=BOSS, purchase_id=purchase, agreed=True)
    work_there(ours)
    assert at_platform(ours, number)[0] == 3
    assert state_of(ours, purchase) == "recalled"
    assert step_of(ours, number)[0] in {"dispatch", "route"}


def test_a_recall_that_comes_too_late_leaves_it_shipped(ours: Company) -> None:
    number = ours.order()
    purchase = hand_over(ours, number)
    work_there(ours)
    ours.pass_time(DAY)
    with tenant(ours.number):
        recalling.recall(by=BOSS, purchase_id=purchase, why="换一家")
    work_there(ours)
    assert at_platform(ours, number)[0] == 2
    assert state_of(ours, purchase) == "shipped"
    assert ours.deeds(purchase) == [("buy", "confirmed"), ("cancel", "void")]


def test_what_was_read_before_it_was_handed_over_closes_nothing(ours: Company, monkeypatch: pytest.MonkeyPatch) -> None:
    number = ours.order()
    purchase = hand_over(ours, number)
    distr = f"49{sold(ours, number)['lines'][0]['number'][2:]}"
    asked = supplier_intake.fetched
    readings: list[str] = []

    def slow(external: str, line: Any) -> Any:
        order = asked(external, line)
        readings.append(order.state.value)
        if len(readings) == 1:
            # Handed over while the answer is on its way.
            ours.pass_time(1)
            work_there(ours)
        return order

    monkeypatch.setattr(supplier_intake, "fetched", slow)
    supplier_intake.fetch(ours.number, ours.shop_line, [distr])
    assert readings == ["closed", "unpaid"]
    assert state_of(ours, purchase) == "sent"
    assert ours.deeds(purchase) == [("buy", "confirmed")]


def test_given_to_another_factory_over_there_it_is_over_for_ours(ours: Company) -> None:
    number = ours.order()
    purchase = hand_over(ours, number)
    work_there(ours)
    ours.world.within(lambda world: moved_there(world, number))
    ours.pass_time(1)
    read_there(ours)
    assert state_of(ours, purchase) == "refused"
    with tenant(ours.number):
        assert any("改交给了别的厂家" in f.text for f in history.of_order(ours.id_of(number)))
