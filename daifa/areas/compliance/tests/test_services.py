"""Platform rules in the database: refreshed once, overridden with a reason, restored."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from daifa.areas.compliance import models
from daifa.areas.compliance.rules import due_by, loss_if_missed
from daifa.areas.compliance.services import exemptions, platform_rules
from daifa.areas.compliance.types import DeadlineFacts, Exemption, LossFacts
from daifa.base.actor import SYSTEM
from daifa.base.models import AuditEntry
from daifa.base.tenancy import tenant
from daifa.flows import terms
from daifa.kit.clock import beijing
from daifa.kit.errors import Conflict, Invalid, NotFound

PAID = beijing(2025, 11, 20, 10)
FACTS = DeadlineFacts("pdd", PAID, province="黑龙江省")


@pytest.fixture
def refreshed(in_tenant: int) -> int:
    """A tenant in a database whose shared rules are today's."""
    platform_rules.refresh_platform_rules(terms.rules())
    return in_tenant


def test_refreshing_writes_what_differs_and_then_nothing(refreshed: int) -> None:
    with CaptureQueriesContext(connection) as queries:
        assert platform_rules.refresh_platform_rules(terms.rules()) == 0
    assert len(queries) == 1
    models.PlatformRule.objects.filter(key="pdd.late_ship").update(source="旧")
    models.PlatformRule.objects.create(key="pdd.gone", platform="pdd", kind="late_ship", definition={}, source="旧")
    assert platform_rules.refresh_platform_rules(terms.rules()) == 2
    assert set(models.PlatformRule.objects.values_list("key", flat=True)) == {r.key for r in terms.rules()}
    assert "旧" not in models.PlatformRule.objects.get(key="pdd.late_ship").source


def test_an_override_holds_for_its_company_only_until_restored(refreshed: int) -> None:
    mine = {"hours": 24, "bands": [{"percent": "5", "min_fen": 100}]}
    shown = platform_rules.override_rule(by=SYSTEM, key="pdd.late_ship", definition=mine, reason="罚单 0815")
    assert (shown.overridden, shown.version, shown.reason) == (True, 1, "罚单 0815")
    assert shown.built_in is not None
    book = platform_rules.rules_for()
    assert due_by(FACTS, book).due_by == PAID + timedelta(hours=24)
    assert loss_if_missed(LossFacts("pdd", PAID, 10_000), book).fen == 500
    with pytest.raises(Conflict):
        platform_rules.override_rule(by=SYSTEM, key="pdd.late_ship", definition=mine, reason="再改")
    platform_rules.drop_override(by=SYSTEM, key="pdd.late_ship")
    assert due_by(FACTS, platform_rules.rules_for()).due_by == PAID + timedelta(hours=48)
    with pytest.raises(NotFound):
        platform_rules.drop_override(by=SYSTEM, key="pdd.late_ship")
    assert list(AuditEntry.objects.order_by("at").values_list("verb", flat=True)) == [
        "platform_rule.override", "platform_rule.restore",
    ]  # fmt: skip


def test_another_company_does_not_see_it(tenant_number: int) -> None:
    with tenant(tenant_number):
        platform_rules.refresh_platform_rules(terms.rules())
        platform_rules.override_rule(by=SYSTEM, key="pdd.late_ship", definition={"hours": 24}, reason="罚单")
    with tenant(tenant_number + 500_000):
        assert due_by(FACTS, platform_rules.rules_for()).due_by == PAID + timedelta(hours=48)


def test_a_company_may_write_a_rule_for_a_platform_without_one(refreshed: int) -> None:
    platform_rules.override_rule(by=SYSTEM, key="generic.late_ship", definition={"hours": 72}, reason="合同")
    assert due_by(DeadlineFacts("generic", PAID), platform_rules.rules_for()).due_by == PAID + timedelta(hours=72)


@pytest.mark.parametrize(
    ("key", "definition", "reason"),
    [
        ("pdd.late_ship", {"hours": 24}, " "),
        ("pdd.unheard_of", {"hours": 24}, "x"),
        ("pdd.late_ship", {"hours": "多"}, "x"),
        ("pdd.late_ship", {"bands": [{"percent": "1e"}]}, "x"),
        ("pdd.late_ship", {"bands": [3]}, "x"),
        ("pdd.late_ship", {"hours": 0}, "x"),
    ],
)
def test_refused_rules_change_nothing(refreshed: int, key: str, definition: dict[str, object], reason: str) -> None:
    with pytest.raises(Invalid):
        platform_rules.override_rule(by=SYSTEM, key=key, definition=definition, reason=reason)
    assert not models.PlatformRuleOverride.objects.exists()
    assert not AuditEntry.objects.exists()


def test_exemptions_move_deadlines_while_they_stand(refreshed: int) -> None:
    snow = Exemption(beijing(2025, 11, 21), beijing(2025, 11, 22), " 暴雪 ", province="黑龙江")
    added = exemptions.add_exemption(by=SYSTEM, wanted=snow)
    assert due_by(FACTS, platform_rules.rules_for()).due_by == PAID + timedelta(hours=72)
    [row] = exemptions.list_exemptions()
    assert (row.id, row.province, row.source, row.by_name) == (added, "黑龙江省", "暴雪", "系统")
    longer = replace(snow, ends_at=beijing(2025, 11, 23))
    instead = exemptions.replace_exemption(by=SYSTEM, exemption_id=added, wanted=longer)
    assert due_by(FACTS, platform_rules.rules_for()).due_by == PAID + timedelta(hours=96)
    with pytest.raises(NotFound):
        exemptions.replace_exemption(by=SYSTEM, exemption_id=added, wanted=longer)
    with pytest.raises(Invalid):
        exemptions.remove_exemption(by=SYSTEM, exemption_id=instead, reason=" ")
    exemptions.remove_exemption(by=SYSTEM, exemption_id=instead, reason="公告撤回")
    assert due_by(FACTS, platform_rules.rules_for()).due_by == PAID + timedelta(hours=48)
    assert list(AuditEntry.objects.order_by("at").values_list("verb", "reason")) == [
        ("exemption.add", ""), ("exemption.change", ""), ("exemption.remove", "公告撤回"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"ends_at": beijing(2025, 11, 21)}, "ends_at"),
        ({"ends_at": beijing(2026, 11, 22)}, "ends_at"),
        ({"source": " "}, "source"),
        ({"province": "月球"}, "province"),
        ({"starts_at": beijing(2025, 11, 21, 20), "ends_at": beijing(2025, 11, 23)}, "starts_at"),
    ],
)
def test_wrong_exemptions_say_what_is_wrong(refreshed: int, wrong: dict[str, Any], field: str) -> None:
    stands = Exemption(beijing(2025, 11, 21), beijing(2025, 11, 22), "暴雪")
    exemptions.add_exemption(by=SYSTEM, wanted=stands)
    wanted = replace(Exemption(beijing(2025, 11, 25), beijing(2025, 11, 26), "大雾"), **wrong)
    if field == "ends_at" and wanted.ends_at.year == 2025:
        wanted = replace(wanted, starts_at=wanted.ends_at)
    with pytest.raises(Invalid) as said:
        exemptions.add_exemption(by=SYSTEM, wanted=wanted)
    assert list(said.value.data["fields"]) == [field]  # type: ignore[call-overload]
    assert len(exemptions.list_exemptions()) == 1


def test_the_same_days_elsewhere_are_no_overlap(refreshed: int) -> None:
    days = Exemption(beijing(2025, 11, 21), beijing(2025, 11, 22), "暴雪")
    for one in (days, replace(days, platform="pdd"), replace(days, province="黑龙江省")):
        exemptions.add_exemption(by=SYSTEM, wanted=one)
    exemptions.add_exemption(by=SYSTEM, wanted=replace(days, starts_at=days.ends_at, ends_at=beijing(2025, 11, 23)))
    assert len(exemptions.list_exemptions()) == 4
