"""A company's own rates."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from daifa.areas.finance import services
from daifa.areas.finance.types import Rate, RateKind
from daifa.base.actor import SYSTEM
from daifa.base.models import AuditEntry
from daifa.base.tenancy import tenant
from daifa.flows import terms
from daifa.kit.errors import Conflict, Invalid, NotFound

DAY = date(2025, 11, 20)
MINE = Rate(RateKind.PLATFORM_FEE, "douyin", percent=Decimal("2.5"), valid_from=date(2025, 1, 1), source="账单")


def fee() -> Decimal | None:
    found = services.rate_table(terms.rates()).find(RateKind.PLATFORM_FEE, "douyin", None, "", DAY)
    return found.percent if found else None


def test_own_rates_are_added_changed_ended_and_removed(in_tenant: int) -> None:
    assert fee() == 5
    row = services.add_rate(by=SYSTEM, rate=MINE)
    assert row.id is not None
    assert fee() == Decimal("2.5")
    with pytest.raises(Conflict):
        services.add_rate(by=SYSTEM, rate=MINE)
    row = services.change_rate(
        by=SYSTEM, rate_id=row.id, version=1, percent=Decimal(3), fixed_fen=None, valid_to=None, source="新账单"
    )
    assert (fee(), row.version) == (Decimal(3), 2)
    assert row.id is not None
    with pytest.raises(Conflict):
        services.remove_rate(by=SYSTEM, rate_id=row.id, version=1)
    services.change_rate(
        by=SYSTEM, rate_id=row.id, version=2, percent=Decimal(3), fixed_fen=None, valid_to=date(2025, 6, 1), source=""
    )
    assert fee() == 5
    services.remove_rate(by=SYSTEM, rate_id=row.id, version=3)
    with pytest.raises(NotFound):
        services.remove_rate(by=SYSTEM, rate_id=row.id, version=3)
    assert len(services.list_rates(terms.rates())) == len(terms.rates())
    assert AuditEntry.objects.count() == 4


def test_refused_rates_change_nothing(in_tenant: int) -> None:
    with pytest.raises(Invalid):
        services.add_rate(by=SYSTEM, rate=Rate(RateKind.INSURANCE))
    assert len(services.list_rates(terms.rates())) == len(terms.rates())
    assert not AuditEntry.objects.exists()


def test_another_company_does_not_see_them(tenant_number: int) -> None:
    with tenant(tenant_number):
        services.add_rate(by=SYSTEM, rate=MINE)
    with tenant(tenant_number + 500_000):
        assert fee() == 5
