"""A refund that meets an order placed by API: taken back there by itself, its money followed, nothing twice."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

import pytest

from daifa.areas.accounts.services import settings
from daifa.areas.orders.services import history
from daifa.base.tenancy import tenant
from daifa.flows import aftersales
from daifa.kit.errors import Conflict
from daifa.reads import aftersales_desk, purchase_desk
from daifa.reads.aftersales_desk import StepFilter, StepRow
from tests.flows.api_company import BOSS, Company, company

DAY = 24 * 60
PAYING = "alibaba.trade.pay.protocolPay.preparePay"


@pytest.fixture
def ours(tenant_number: int, tmp_path: Path) -> Iterator[Company]:
    with company(tenant_number, tmp_path) as made:
        yield made


def _unpaid(ours: Company) -> tuple[str, UUID]:
    with tenant(ours.number):
        settings.change(by=BOSS, values={"pay_automatically": False})
    number = ours.order()
    purchase = ours.buy(number)
    ours.work()
    assert [s["phase"] for s in ours.supplies()] == ["unpaid"]
    return number, purchase


def _paid(ours: Company) -> tuple[str, UUID]:
    number = ours.order()
    purchase = ours.buy(number)
    ours.work()
    assert [s["phase"] for s in ours.supplies()] == ["paid"]
    return number, purchase


def _refund(ours: Company, number: str) -> str:
    """The buyer asks the money back; we read it. Returns the case's number."""
    case = ours.door.post(f"/orders/douyin/{number}/refund", {"reason": "不想要了"})["case"]
    ours.pass_time(1)
    ours.read()
    return str(case["id"]).rpartition("/")[2]


def _steps(ours: Company) -> dict[str, StepRow]:
    with tenant(ours.number):
        return {r.kind: r for r in aftersales_desk.page(StepFilter(), BOSS).items}


def _state(ours: Company, purchase: UUID) -> str:
    with tenant(ours.number):
        row = purchase_desk.one(purchase, BOSS)
        assert row is not None
        return row.state


def _said(ours: Company, number: str) -> str:
    with tenant(ours.number):
        return "\n".join(f.text for f in history.of_order(ours.id_of(number)))


def _refunds(ours: Company) -> int:
    """How many refunds the supplier's platform was asked for, by the record of calls it took."""
    with tenant(ours.number):
        rows = ours.asked("SELECT count(*) FROM mailroom_call WHERE name LIKE %s", "%createRefund%")
    return int(rows[0][0])


def test_before_it_is_paid_it_is_closed_there_and_costs_nothing(ours: Company) -> None:
    number, purchase = _unpaid(ours)
    _refund(ours, number)
    assert "undo_result" in _steps(ours)
    assert _state(ours, purchase) == "recalling"
    ours.work()
    [supply] = ours.supplies()
    assert (supply["phase"], supply["refunded_fen"]) == ("closed", 0)
    assert ours.deeds(purchase) == [("buy", "confirmed"), ("cancel", "confirmed")]
    assert _state(ours, purchase) == "recalled"
    assert set(_steps(ours)) == {"answer_buyer"}
    assert "没有货在路上，可以在平台同意" in _steps(ours)["answer_buyer"].text
    assert "已在供应商平台撤掉" in _said(ours, number)


def test_a_payment_on_its_way_is_not_made_for_what_is_given_back(ours: Company) -> None:
    number = ours.order()
    purchase = ours.buy(number)
    ours.door.post("/faults", {"name": "http_5xx", "company": "alibaba1688", "method": PAYING, "count": 1})
    ours.work()
    assert [s["phase"] for s in ours.supplies()] == ["unpaid"]
    _refund(ours, number)
    for _ in range(6):
        ours.work(minutes=5)
    [supply] = ours.supplies()
    assert (supply["phase"], supply["paid_at"]) == ("closed", None)
    assert dict(ours.deeds(purchase))["pay"] == "void"
    assert set(_steps(ours)) == {"answer_buyer"}


def test_paid_and_unshipped_its_money_is_asked_back_and_followed(ours: Company) -> None:
    number, purchase = _paid(ours)
    _refund(ours, number)
    ours.work()
    step = _steps(ours)["undo_result"]
    assert (step.owner, step.amount_fen) == ("platform", 2170)
    assert "已申请退款 ¥21.70（TQ" in step.text
    ours.read()
    assert _refunds(ours) == 1
    ours.agree_now()
    ours.pass_time(1)
    ours.read()
    [supply] = ours.supplies()
    assert (supply["phase"], supply["refunded_fen"]) == ("closed", 2170)
    assert _state(ours, purchase) == "recalled"
    assert set(_steps(ours)) == {"answer_buyer"}
    ours.work()
    assert _refunds(ours) == 1


@pytest.mark.parametrize("fault", ["http_5xx_after", "half_body"])
def test_a_lost_answer_is_looked_up_and_nothing_is_asked_twice(ours: Company, fault: str) -> None:
    number, purchase = _paid(ours)
    ours.door.post(
        "/faults", {"name": fault, "company": "alibaba1688", "method": "alibaba.trade.createRefund", "count": 1}
    )
    _refund(ours, number)
    ours.work()
    assert ("refund", "unknown") in ours.deeds(purchase)
    assert "结果未知" in _steps(ours)["undo_result"].text
    ours.work(minutes=3)
    ours.work(minutes=3)
    assert ("refund", "confirmed") in ours.deeds(purchase)
    assert len(ours.refunds_there()) == 1
    ours.agree_now()
    ours.pass_time(1)
    ours.read()
    assert [s["refunded_fen"] for s in ours.supplies()] == [2170]


def test_shipped_first_nothing_is_closed_and_the_money_waits_for_the_goods(ours: Company) -> None:
    number, purchase = _paid(ours)
    ours.pass_time(3 * DAY)
    ours.read()
    assert [s["phase"] for s in ours.supplies()] == ["shipped"]
    _refund(ours, number)
    ours.work()
    assert ours.deeds(purchase) == [("buy", "confirmed"), ("pay", "confirmed")]
    steps = _steps(ours)
    assert "intercept" in steps
    with tenant(ours.number):
        aftersales.do(by=BOSS, step_id=steps["intercept"].id)
    with tenant(ours.number):
        aftersales.answer(by=BOSS, step_id=_steps(ours)["intercept_answer"].id, agreed=True)
    back = _steps(ours)["return_parcel"]
    assert back.due_by is not None
    with tenant(ours.number):
        aftersales.do(by=BOSS, step_id=back.id)
    ours.work()
    assert [d for d in ours.deeds(purchase) if d[0] == "refund"] == [("refund", "confirmed")]
    money = _steps(ours)["supplier_refund"]
    assert (money.amount_fen, "已申请退款" in money.text) == (2170, True)
    ours.agree_now()
    ours.pass_time(1)
    ours.read()
    # What left has cost its freight: that is left for somebody to explain.
    money = _steps(ours)["supplier_refund"]
    assert (money.amount_fen, "平台已退 ¥18.20" in money.text) == (350, True)


def test_what_left_before_the_seller_answered_is_refused_and_goes_to_a_person(ours: Company) -> None:
    number, purchase = _paid(ours)
    _refund(ours, number)
    ours.work()
    ours.ship_now()
    ours.pass_time(10 * 60)
    ours.read()
    assert [s["refunded_fen"] for s in ours.supplies()] == [0]
    assert _state(ours, purchase) == "shipped"
    assert "intercept" in _steps(ours)
    assert _steps(ours)["intercept"].amount_fen == 2170


def test_by_hand_it_is_only_suggested(ours: Company) -> None:
    ours.dial("suggest")
    number, purchase = _unpaid(ours)
    _refund(ours, number)
    ours.work()
    assert [s["phase"] for s in ours.supplies()] == ["unpaid"]
    step = _steps(ours)["undo"]
    assert "还没付款，可以直接关闭" in step.text
    with tenant(ours.number):
        aftersales.do(by=BOSS, step_id=step.id)
    with tenant(ours.number), pytest.raises(Conflict, match="有结果后自动继续"):
        aftersales.do(by=BOSS, step_id=_steps(ours)["undo_result"].id)
    ours.work()
    assert [s["phase"] for s in ours.supplies()] == ["closed"]
    assert _state(ours, purchase) == "recalled"


def test_a_buyer_who_thinks_better_of_it_in_time_keeps_the_order(ours: Company) -> None:
    number, purchase = _unpaid(ours)
    case = _refund(ours, number)
    ours.door.post(f"/cases/{case}/withdraw", {})
    ours.work(minutes=1)
    assert [s["phase"] for s in ours.supplies()] == ["unpaid"]
    assert ("cancel", "void") in ours.deeds(purchase)
    assert _state(ours, purchase) == "accepted"
    assert "undo_result" not in _steps(ours)


def test_an_outcome_of_placing_that_nobody_knows_is_found_first(ours: Company) -> None:
    number = ours.order()
    purchase = ours.buy(number)
    ours.door.post("/faults", {"name": "http_5xx_after", "company": "alibaba1688",
                               "method": "alibaba.trade.fastCreateOrder", "count": 1})  # fmt: skip
    ours.work()
    assert ("buy", "unknown") in ours.deeds(purchase)
    _refund(ours, number)
    step = _steps(ours)["undo_result"]
    assert "查清后才能撤" in step.text
    for _ in range(4):
        ours.work(minutes=2)
    assert [(s["phase"], s["paid_at"]) for s in ours.supplies()] == [("closed", None)]
    assert set(_steps(ours)) == {"answer_buyer"}
