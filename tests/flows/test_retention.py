"""The sweep lets nothing stay longer than the settings say, and touches nothing younger."""

from __future__ import annotations

from datetime import timedelta

from daifa.areas.accounts.services import settings
from daifa.areas.mailroom.models import Call, Inbox, Pull
from daifa.areas.mailroom.services import calls, inbox
from daifa.areas.mailroom.services.calls import Made
from daifa.areas.mailroom.services.inbox import Arrived
from daifa.areas.mailroom.tests.test_boxes import connected
from daifa.base.actor import SYSTEM
from daifa.base.tenancy import tenant
from daifa.flows import sweep
from daifa.kit import clock


def test_the_sweep_forgets_calls_and_shreds_what_arrived(tenant_number: int) -> None:
    now = clock.now()
    with tenant(tenant_number):
        where = connected()
        settings.change(by=SYSTEM, values={"keep_calls_days": 5, "keep_file_days": 20})
    for days in (30, 10, 1):
        with clock.frozen(now - timedelta(days=days)), tenant(tenant_number):
            inbox.store(where, "poll", [Arrived("orders", f"k{days}", str(days), b"{}")])
            inbox.done([(i.id, "new") for i in inbox.take(where)])
            calls.record(Made(where, "douyin", "order.searchList", clock.now(), 9, "ok"))
            calls.pulled(connection_id=where, feed="orders", via="poll", outcome="ok")
    with clock.frozen(now):
        sweep.one_company.function(tenant_id=tenant_number)
    with tenant(tenant_number):
        assert Call.objects.count() == Pull.objects.count() == 1
        kept = dict(Inbox.objects.values_list("object_id", "sealed"))
        assert {n: s is not None for n, s in kept.items()} == {"30": False, "10": True, "1": True}
