"""Platform rules in the database: refreshed once, overridden with a reason, restored."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from daifa.areas.compliance import models, services
from daifa.areas.compliance.rules import due_by, loss_if_missed
from daifa.areas.compliance.types import DeadlineFacts, LossFacts
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
    services.refresh_platform_rules(terms.rules())
    return in_tenant


def test_refreshing_writes_what_differs_and_then_nothing(refreshed: int) -> None:
    with CaptureQueriesContext(connection) as queries:
        assert services.refresh_platform_rules(terms.rules()) == 0
    assert len(queries) == 1
    models.PlatformRule.objects.filter(key="pdd.late_ship").update(source="旧")
    models.PlatformRule.objects.create(key="pdd.gone", platform="pdd", kind="late_ship", definition={}, source="旧")
    assert services.refresh_platform_rules(terms.rules()) == 2
    assert set(models.PlatformRule.objects.values_list("key", flat=True)) == {r.key for r in terms.rules()}
    assert "旧" not in models.PlatformRule.objects.get(key="pdd.late_ship").source


def test_an_override_holds_for_its_company_only_until_restored(refreshed: int) -> None:
    mine = {"hours": 24, "bands": [{"percent": "5", "min_fen": 100}]}
    shown = services.override_rule(by=SYSTEM, key="pdd.late_ship", definition=mine, reason="罚单 0815")
    assert (shown.overridden, shown.version, shown.reason) == (True, 1, "罚单 0815")
    assert shown.built_in is not None
    book = services.rules_for()
    assert due_by(FACTS, book).due_by == PAID + timedelta(hours=24)
    assert loss_if_missed(LossFacts("pdd", PAID, 10_000), book).fen == 500
    with pytest.raises(Conflict):
        services.override_rule(by=SYSTEM, key="pdd.late_ship", definition=mine, reason="再改")
    services.drop_override(by=SYSTEM, key="pdd.late_ship")
    assert due_by(FACTS, services.rules_for()).due_by == PAID + timedelta(hours=48)
    with pytest.raises(NotFound):
        services.drop_override(by=SYSTEM, key="pdd.late_ship")
    assert list(AuditEntry.objects.order_by("at").values_list("verb", flat=True)) == [
        "platform_rule.override", "platform_rule.restore",
    ]  # fmt: skip


def test_another_company_does_not_see_it(tenant_number: int) -> None:
    with tenant(tenant_number):
        services.refresh_platform_rules(terms.rules())
        services.override_rule(by=SYSTEM, key="pdd.late_ship", definition={"hours": 24}, reason="罚单")
    with tenant(tenant_number + 500_000):
        assert due_by(FACTS, services.rules_for()).due_by == PAID + timedelta(hours=48)


def test_a_company_may_write_a_rule_for_a_platform_without_one(refreshed: int) -> None:
    services.override_rule(by=SYSTEM, key="generic.late_ship", definition={"hours": 72}, reason="合同")
    assert due_by(DeadlineFacts("generic", PAID), services.rules_for()).due_by == PAID + timedelta(hours=72)


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
        services.override_rule(by=SYSTEM, key=key, definition=definition, reason=reason)
    assert not models.PlatformRuleOverride.objects.exists()
    assert not AuditEntry.objects.exists()


def test_exemptions_move_deadlines_while_they_stand(refreshed: int) -> None:
    added = services.add_exemption(
        by=SYSTEM, starts_at=beijing(2025, 11, 21), ends_at=beijing(2025, 11, 22), source="暴雪", province="黑龙江省"
    )
    assert due_by(FACTS, services.rules_for()).due_by == PAID + timedelta(hours=72)
    assert [e.id for e in services.list_exemptions()] == [added]
    services.remove_exemption(by=SYSTEM, exemption_id=added)
    assert due_by(FACTS, services.rules_for()).due_by == PAID + timedelta(hours=48)
    with pytest.raises(Invalid):
        services.add_exemption(by=SYSTEM, starts_at=PAID, ends_at=PAID, source="x")
