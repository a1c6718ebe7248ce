"""What keeps everything moving when a message was lost: every few seconds feeds are read, the outbox is worked off,
tokens are watched, and what waits by itself is taken up. Safe at any time, any number of times."""

from __future__ import annotations

from collections.abc import Callable

from procrastinate.contrib.django import app

from daifa.areas.accounts.services import connections, people
from daifa.areas.mailroom.services import inbox
from daifa.base.jobs import tenant_task
from daifa.base.tenancy import tenant
from daifa.flows import (
    api_hints,
    api_intake,
    automatic,
    connect,
    goods_intake,
    offer_watch,
    outbox_run,
    supplier_intake,
)
from daifa.kit import log

_log = log.get("daifa.keeping")


@app.periodic(cron="* * * * * */15")
@app.task(name="keeping.companies", pass_context=False)
def every_company(timestamp: int) -> None:
    """Queue the keeping of every company that has a connection; the moment is the scheduler's and not needed."""
    del timestamp
    for number, _ in people.list_companies():
        with tenant(number):
            if connections.live():
                one_company.nudge("keeping")


def _take_up() -> None:
    for held in connections.live():
        if held.shop_id is not None:
            api_intake.take_up_awaited(held.id)
    for connection_id in inbox.waiting():
        api_hints.again(connection_id)


PARTS: tuple[Callable[[], object], ...] = (
    connect.watch_tokens, api_intake.keep_reading, _take_up, supplier_intake.keep_reading, goods_intake.keep_reading,
    automatic.sweep, offer_watch.keep_watching, outbox_run.keep_working,
)  # fmt: skip


@tenant_task("keeping.company", retry=False)
def one_company(*, tenant_id: int) -> None:
    """Read, work off, watch, take up: each for itself, so that what breaks in one stops no other."""
    for part in PARTS:
        try:
            with tenant(tenant_id):
                part()
        except Exception:  # noqa: BLE001  # it comes again in a few seconds; a job that fails would wait ever longer
            _log.exception("keeping.part.failed", part=f"{part.__module__}.{part.__name__}")
