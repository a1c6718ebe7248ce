"""What time alone does: orders whose day came, everything open once a day, and what is kept no longer than allowed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from itertools import batched
from uuid import UUID

from procrastinate.contrib.django import app

from daifa.areas.accounts.services import own_account, people, settings
from daifa.areas.mailroom.services import calls, files, inbox
from daifa.areas.orders.services import recipients
from daifa.areas.purchasing.services import records
from daifa.base import idempotency
from daifa.base.jobs import tenant_task
from daifa.base.tenancy import tenant
from daifa.flows import advance, comparing
from daifa.kit import clock
from daifa.reads import sweep_facts

BATCH = 500
EVERYTHING = "swept_all_at"
COUNTED = "supplier_records_at"
# A little less than a day, so that "once a day" also holds when one pass was late.
ALL_AGAIN = timedelta(hours=20)
COUNT_AGAIN = timedelta(hours=1)


@app.periodic(cron="*/5 * * * *")
@app.task(name="sweep.companies", pass_context=False)
def every_company(timestamp: int) -> None:
    """Queue the sweep of every company; the moment is the scheduler's and not needed."""
    del timestamp
    for number, _ in people.list_companies():
        with tenant(number):
            one_company.enqueue(lock="sweep")


@tenant_task("sweep.company")
def one_company(*, tenant_id: int) -> None:
    """Advance what the clock moved; once a day everything that is open, and shred what is over its time."""
    now = clock.now()
    with tenant(tenant_id):
        comparing.keep_comparing()
        near = timedelta(hours=settings.number("deadline_near_hours"))
        moved = sweep_facts.moved(now, now + near)
        last, counted = settings.noted(EVERYTHING), settings.noted(COUNTED)
    if _over(counted, now, COUNT_AGAIN):
        with tenant(tenant_id):
            records.count(now)
            settings.note(COUNTED, now.isoformat())
    for chunk in batched(moved, BATCH):
        with tenant(tenant_id):
            advance.advance(chunk)
    if _over(last, now, ALL_AGAIN):
        advance_all(tenant_id)
        shred(tenant_id)
        with tenant(tenant_id):
            settings.note(EVERYTHING, now.isoformat())


def _over(last: object, now: datetime, span: timedelta) -> bool:
    return last is None or now - datetime.fromisoformat(str(last)) >= span


@tenant_task("sweep.open")
def open_again(*, tenant_id: int) -> None:
    """Judge every open order anew, because rules or rates changed."""
    advance_all(tenant_id)


def open_orders() -> None:
    """Have every open order judged anew, by a job that commits with the caller's change."""
    open_again.enqueue(lock="sweep")


def advance_all(tenant_id: int) -> int:
    """Advance every open order, in short transactions; returns how many."""
    after: UUID = sweep_facts.START
    count = 0
    while True:
        with tenant(tenant_id):
            ids = sweep_facts.unfinished(after, BATCH)
            advance.advance(ids)
        if not ids:
            return count
        after, count = ids[-1], count + len(ids)


def shred(tenant_id: int) -> tuple[int, int]:
    """Destroy what is over its time: contents of files, personal data of orders long closed. Returns how many.

    Contents that arrived by API, records of calls, answers kept for a repeated POST and sessions that ran out go too.
    """
    gone, people_gone = 0, 0
    with tenant(tenant_id):
        idempotency.forget_old()
        own_account.forget_expired()
    while True:
        with tenant(tenant_id):
            n = files.shred_old()
        gone += n
        if not n:
            break
    _until_none(tenant_id, "keep_file_days", inbox.shred)
    _until_none(tenant_id, "keep_calls_days", calls.forget)
    while True:
        with tenant(tenant_id):
            before = clock.now() - timedelta(days=settings.number("keep_sealed_days"))
            old = sweep_facts.old_persons(before, BATCH)
            recipients.shred([order for _, order in old])
        people_gone += len(old)
        if not old:
            return gone, people_gone


def _until_none(tenant_id: int, days: str, some: Callable[[datetime], int]) -> None:
    """What is older than the setting ``days`` goes, in short transactions of one batch each."""
    going = True
    while going:
        with tenant(tenant_id):
            going = some(clock.now() - timedelta(days=settings.number(days))) > 0
