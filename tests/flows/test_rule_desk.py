"""Operators' rules in force and replayed; what time alone does."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest

from daifa.areas.accounts.services import settings
from daifa.areas.orders.models import History, Hold, Order, OrderPerson
from daifa.areas.orders.services import marks, rules
from daifa.areas.purchasing.models import SupplyLink
from daifa.areas.purchasing.services import suppliers
from daifa.base import bulk
from daifa.base.actor import SYSTEM
from daifa.base.tenancy import tenant
from daifa.flows import advance, rule_desk, sweep
from daifa.flows.steps import route
from daifa.kit import clock
from daifa.kit.errors import Invalid
from daifa.reads import sweep_facts
from tests.flows.test_route import _ready as ready


def on(name: str, when: Mapping[str, object], *then: Mapping[str, object]) -> UUID:
    row = rules.create(by=SYSTEM, name=name, definition={"when": {"all": [when]}, "then": list(then)})
    return rules.switch(by=SYSTEM, rule_id=row.id, on=True).id


PAID = {"field": "quantity", "op": "ge", "value": 1}
NEVER = {"field": "quantity", "op": "ge", "value": 999}


def _one(ids: list[UUID]) -> Order:
    return Order.objects.get(id=ids[0])


def _said(ids: list[UUID]) -> list[str]:
    return list(
        History.objects.filter(order_id__in=ids, kind="ruled").order_by("at", "id").values_list("text", flat=True)
    )


def test_a_rule_holds_marks_and_chooses_and_lets_go_when_it_ends(tenant_number: int) -> None:
    ids = ready(tenant_number, {"主订单编号": "6901"})
    with tenant(tenant_number):
        dear = next(i for i, name in suppliers.names().items() if name == "义乌优选")
        rule = on(
            "全看一遍", PAID, {"do": "approve", "text": "店主看"}, {"do": "tag", "value": "要看"},
            {"do": "flag", "value": "红"}, {"do": "priority", "value": 5}, {"do": "route", "supplier": str(dear)},
        )  # fmt: skip
        advance.settle(ids)
        order = _one(ids)
        assert (order.tab, order.tags, order.flag, order.priority) == ("hold", "要看", "红", 5)
        assert "需要审批：店主看" in order.step_reason
        advance.settle(ids)
        [said] = _said(ids)
        assert "规则“全看一遍”" in said
        rules.switch(by=SYSTEM, rule_id=rule, on=False)
        advance.settle(ids)
        order = _one(ids)
        assert (order.tab, order.tags, order.flag, order.priority, order.ruled) == ("dispatch", "", "", 0, {})
        assert len(_said(ids)) == 2


def test_the_supplier_of_a_rule_is_taken_though_dearer(tenant_number: int) -> None:
    ids = ready(tenant_number, {"主订单编号": "6901"})
    with tenant(tenant_number):
        dear = next(i for i, name in suppliers.names().items() if name == "义乌优选")
        on("给义乌", PAID, {"do": "route", "supplier": str(dear)})
        advance.settle(ids)
        _, plan = route.dispatch(ids, by=SYSTEM, run="r1")
        assert [p.supplier_id for p in plan.plans[0].purchases] == [dear]
        assert any("规则" in c.text for c in plan.plans[0].candidates)


def test_a_persons_change_outlives_the_rule(tenant_number: int) -> None:
    ids = ready(tenant_number, {"主订单编号": "6901"})
    with tenant(tenant_number):
        on("打标", PAID, {"do": "tag", "value": "要看"})
        advance.settle(ids)
        marks.tag(by=SYSTEM, order_ids=ids, add=["我的"], remove=["要看"])
        advance.settle(ids)
        assert _one(ids).tags == "我的"


def test_a_rule_never_judges_by_its_own_mark(tenant_number: int) -> None:
    ids = ready(tenant_number, {"主订单编号": "6901"})
    with tenant(tenant_number):
        on("没旗的插旗", {"field": "flag", "op": "is", "value": ""}, {"do": "flag", "value": "红"})
        for _ in range(3):
            advance.settle(ids)
            assert _one(ids).flag == "红"
        assert len(_said(ids)) == 1


def test_many_orders_cost_as_many_statements_as_one(tenant_number: int) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    ids = ready(tenant_number, *[{"主订单编号": str(6900 + n), "收件人": f"李{n}"} for n in range(8)])
    with tenant(tenant_number):
        on("打标", PAID, {"do": "tag", "value": "要看"}, {"do": "hold", "text": "看"})
        with CaptureQueriesContext(connection) as one:
            advance.settle(ids[:1])
        with CaptureQueriesContext(connection) as many:
            advance.settle(ids[1:])
        assert len(many) <= len(one)
        assert {o.tags for o in Order.objects.all()} == {"要看"}


def test_replay_counts_what_a_rule_would_have_done_and_writes_nothing(tenant_number: int) -> None:
    ids = ready(tenant_number, {"主订单编号": "6901"}, {"主订单编号": "6902", "收件人": "李四"})
    with tenant(tenant_number):
        paid = Order.objects.order_by("external_id").first()
        assert paid is not None
        assert paid.paid_at is not None
        with clock.frozen(paid.paid_at + timedelta(days=1)):
            rule = {
                "when": {"all": [{"field": "platform", "op": "is", "value": "douyin"}]},
                "then": [{"do": "hold", "text": "看"}],
            }
            done = rule_desk.replay_one(by=SYSTEM, definition=rule)
            assert (done.rule.looked, len(done.orders)) == (2, 2)
            assert done.rule.amount_fen == sum(o.paid_fen or 0 for o in Order.objects.all())
            assert done.sentence == "如果 平台 = 抖店 → 挂起‘看’"
            none = rule_desk.replay_one(by=SYSTEM, definition={"when": {"all": [NEVER]}, "then": rule["then"]})
            assert none.orders == ()
            rules.create(by=SYSTEM, name="甲", definition=rule)
            assert [len(r.orders) for r in rule_desk.replay_all(by=SYSTEM)] == [2]
        with clock.frozen(paid.paid_at + timedelta(days=40)):
            assert rule_desk.replay_one(by=SYSTEM, definition=rule).rule.looked == 0
            with pytest.raises(Invalid, match="1 到 365"):
                rule_desk.replay_one(by=SYSTEM, definition=rule, days=0)
        assert {o.tab for o in Order.objects.filter(id__in=ids)} == {"dispatch"}


def test_switching_a_rule_judges_open_orders_by_the_job(tenant_number: int) -> None:
    ids = ready(tenant_number, {"主订单编号": "6901"})
    with tenant(tenant_number):
        row = rules.create(
            by=SYSTEM, name="全挂", definition={"when": {"all": [PAID]}, "then": [{"do": "hold", "text": "看"}]}
        )
        rule_desk.switch(by=SYSTEM, rule_id=row.id, on=True, version=row.version)
        assert _one(ids).tab == "dispatch"
    sweep.open_again.function(tenant_id=tenant_number)
    with tenant(tenant_number):
        assert _one(ids).tab == "hold"


def test_the_day_of_a_presale_order_frees_it(tenant_number: int) -> None:
    ids = ready(tenant_number, {"主订单编号": "6901"})
    day = clock.now() + timedelta(days=2)
    with tenant(tenant_number):
        Order.objects.filter(id__in=ids).update(ship_not_before=day)
        settled = clock.now()
        with clock.frozen(settled):
            advance.settle(ids)
        assert _one(ids).tab == "hold"
        settings.note(sweep.EVERYTHING, (day + timedelta(minutes=1)).isoformat())
    with clock.frozen(day - timedelta(hours=1)), tenant(tenant_number):
        assert ids[0] not in sweep_facts.moved(clock.now(), clock.now())
    with clock.frozen(day + timedelta(minutes=1)):
        sweep.one_company.function(tenant_id=tenant_number)
    with tenant(tenant_number):
        assert _one(ids).tab == "dispatch"


def _offered_since_long() -> None:
    """What is offered was offered before the days of these stories."""
    SupplyLink.objects.update(valid_from=date(2026, 1, 1))


def test_a_deadline_that_comes_near_is_told_once(tenant_number: int) -> None:
    ids = ready(tenant_number, {"主订单编号": "6901"})
    with tenant(tenant_number):
        _offered_since_long()
        due = _one(ids).due_by
        assert due is not None
        with clock.frozen(due - timedelta(hours=5)):
            Hold.objects.filter(kind__in=["deadline_near", "overdue"]).delete()
            assert sweep_facts.moved(clock.now(), clock.now() + timedelta(hours=4)) == []
        with clock.frozen(due - timedelta(hours=3)):
            assert sweep_facts.moved(clock.now(), clock.now() + timedelta(hours=4)) == ids
            advance.settle(ids)
            assert "deadline_near" in _one(ids).hold_kinds
            assert sweep_facts.moved(clock.now(), clock.now() + timedelta(hours=4)) == []


def test_everything_open_is_advanced_once_a_day(tenant_number: int) -> None:
    ids = ready(tenant_number, {"主订单编号": "6901"})
    with tenant(tenant_number):
        _offered_since_long()
        Order.objects.filter(id__in=ids).update(step_reason="旧的")
    with clock.frozen(datetime(2026, 11, 20, 4, tzinfo=UTC)):
        sweep.one_company.function(tenant_id=tenant_number)
        with tenant(tenant_number):
            assert _one(ids).step_reason == "1 件待派单" or _one(ids).tab != "dispatch"
            Order.objects.filter(id__in=ids).update(step_reason="旧的")
        sweep.one_company.function(tenant_id=tenant_number)
        with tenant(tenant_number):
            assert _one(ids).step_reason == "旧的"
    with clock.frozen(datetime(2026, 11, 21, 4, tzinfo=UTC)):
        sweep.one_company.function(tenant_id=tenant_number)
        with tenant(tenant_number):
            assert _one(ids).step_reason != "旧的"


def test_personal_data_of_closed_orders_is_destroyed_after_its_days(tenant_number: int) -> None:
    ids = ready(tenant_number, {"主订单编号": "6901"}, {"主订单编号": "6902"})
    with tenant(tenant_number):
        Order.objects.filter(id=ids[0]).update(state="cancelled")
        advance.settle(ids)
    later = clock.now() + timedelta(days=181)
    with clock.frozen(later - timedelta(days=10)):
        assert sweep.shred(tenant_number)[1] == 0
    with clock.frozen(later):
        files, persons = sweep.shred(tenant_number)
        assert (files > 0, persons) == (True, 1)
        assert sweep.shred(tenant_number) == (0, 0)
    with tenant(tenant_number):
        gone, kept = OrderPerson.objects.get(order_id=ids[0]), OrderPerson.objects.get(order_id=ids[1])
        assert (bytes(gone.sealed), bytes(gone.phone_hash), gone.shredded_at) == (b"", b"", later)
        assert bytes(kept.sealed)
        assert kept.shredded_at is None
        left = bulk.select(
            "SELECT count(*) FROM mailroom_storedfile WHERE tenant_id = {tenant} AND keep_until IS NOT NULL"
        )
        assert left == [(0,)]
