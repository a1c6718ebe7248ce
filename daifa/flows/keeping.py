"""What keeps everything moving when a message was lost: every few seconds feeds are read, the outbox is worked off,
tokens are watched, and what waits by itself is taken up. Safe at any time, any number of times."""

from __future__ import annotations

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


@app.periodic(cron="* * * * * */15")
@app.task(name="keeping.companies", pass_context=False)
def every_company(timestamp: int) -> None:
    """Queue the keeping of every company that has a connection; the moment is the scheduler's and not needed."""
    del timestamp
    for number, _ in people.list_companies():
        with tenant(number):
            if connections.live():
                one_company.nudge("keeping")


@tenant_task("keeping.company")
def one_company(*, tenant_id: int) -> None:
    """Read, work off, watch, take up."""
    with tenant(tenant_id):
        keep()


def keep() -> None:
    """The same in the caller's transaction."""
    connect.watch_tokens()
    api_intake.keep_reading()
    for connection_id in inbox.waiting():
        api_hints.again(connection_id)
    supplier_intake.keep_reading()
    goods_intake.keep_reading()
    automatic.sweep()
    offer_watch.keep_watching()
    outbox_run.keep_working()
