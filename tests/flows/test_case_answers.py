"""A person's answer to a buyer's refund: told to the platform once, as it was seen, read back, audited."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from daifa.base.actor import Actor
from daifa.base.tenancy import tenant
from daifa.flows import case_answers
from daifa.flows.case_answers import CaseDesk
from daifa.kit.errors import Conflict, Invalid, NotAllowed
from daifa.reads import aftersales_desk
from daifa.reads.aftersales_desk import StepFilter, StepRow
from tests.flows.api_company import BOSS, Company, company

OPERATE = "afterSale.operate"


@pytest.fixture
def ours(tenant_number: int, tmp_path: Path) -> Iterator[Company]:
    with company(tenant_number, tmp_path) as made:
        yield made


def _asked(ours: Company, **how: Any) -> str:
    """An order that was bought, and whose buyer wants the money back."""
    number = ours.order()
    ours.buy(number)
    ours.work()
    ours.door.post(f"/orders/douyin/{number}/refund", {"reason": "不想要了", **how})
    ours.pass_time(1)
    ours.read()
    return number


def _step(ours: Company) -> StepRow:
    with tenant(ours.number):
        [row] = [r for r in aftersales_desk.page(StepFilter(), BOSS).items if r.kind == "answer_buyer"]
        return row


def _case(ours: Company) -> CaseDesk:
    step = _step(ours)
    with tenant(ours.number):
        [found] = case_answers.of_step(by=BOSS, step_id=step.id)
        return found


def _answer(ours: Company, case: UUID, direction: str, **more: str) -> str:
    with tenant(ours.number):
        return case_answers.answer(by=BOSS, case_id=case, direction=direction, **more)


def _reasons(ours: Company, case: UUID) -> None:
    case_answers.read_reasons.function(
        tenant_id=ours.number, connection_id=str(ours.shop_line), case_id=str(case)
    )  # fmt: skip


def _phases(ours: Company) -> list[str]:
    return [c["phase"] for c in ours.door.get("/books")["cases"]]


def test_agreed_once_and_read_back(ours: Company) -> None:
    number = _asked(ours)
    desk = _case(ours)
    assert (desk.why_not, desk.answered, desk.open) == ("", "", False)
    assert desk.case.answer_by is not None
    due = _step(ours).due_by
    assert due is not None
    assert due <= desk.case.answer_by
    assert "正在告诉平台" in _answer(ours, desk.case.id, "agree")
    with pytest.raises(Conflict, match="正在发给平台"):
        _answer(ours, desk.case.id, "refuse", words="不")
    ours.work_shop()
    assert ours.deeds(desk.case.id) == [("answer_case", "confirmed")]
    ours.pass_time(2)
    ours.read()
    with tenant(ours.number):
        rows = ours.asked("SELECT state, refund FROM orders_order WHERE external_id = %s", number)
        assert rows[0][1] == "full" or rows[0][0] == "cancelled"
        [(verb,)] = ours.asked("SELECT verb FROM base_auditentry WHERE verb LIKE %s", "case.%")
    assert verb == "case.agree"
    with pytest.raises(Conflict, match="已经有结果"):
        _answer(ours, desk.case.id, "refuse", words="不")


def test_refusing_needs_words_and_what_the_platform_wants(ours: Company) -> None:
    _asked(ours)
    case = _case(ours).case.id
    with pytest.raises(Invalid, match="为什么拒绝"):
        _answer(ours, case, "refuse")
    with pytest.raises(Conflict, match="还没有读到"):
        _answer(ours, case, "refuse", words="货已经在打包")
    _reasons(ours, case)
    assert _case(ours).case.reasons == ()
    _answer(ours, case, "refuse", words="货已经在打包")
    ours.work_shop()
    assert ours.deeds(case) == [("answer_case", "confirmed")]
    assert _phases(ours) == ["refused"]


def test_a_lost_answer_is_looked_up_in_the_case(ours: Company) -> None:
    _asked(ours)
    case = _case(ours).case.id
    ours.door.post("/faults", {"name": "http_5xx_after", "company": "douyin", "method": OPERATE, "count": 1})
    _answer(ours, case, "agree")
    ours.work_shop()
    assert ours.deeds(case) == [("answer_case", "unknown")]
    ours.work_shop(minutes=1)
    assert ours.deeds(case) == [("answer_case", "confirmed")]
    with tenant(ours.number):
        rows = ours.asked("SELECT count(*) FROM mailroom_call WHERE name = %s", OPERATE)
    assert rows[0][0] == 1


def test_a_case_that_changed_is_not_answered_unseen(ours: Company) -> None:
    _asked(ours)
    desk = _case(ours)
    _answer(ours, desk.case.id, "refuse" if desk.case.reasons else "agree")
    ours.door.post(f"/cases/{desk.case.external_id}/withdraw", {})
    ours.work_shop()
    assert ours.deeds(desk.case.id) == [("answer_case", "void")]


def test_only_who_may(ours: Company) -> None:
    _asked(ours)
    case = _case(ours).case.id
    nobody = Actor("m", "看客", frozenset({"support.view"}))
    with tenant(ours.number), pytest.raises(NotAllowed):
        case_answers.answer(by=nobody, case_id=case, direction="agree")
    with tenant(ours.number), pytest.raises(Invalid, match="同意或拒绝"):
        case_answers.answer(by=BOSS, case_id=case, direction="maybe")
