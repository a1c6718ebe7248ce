"""What a killed worker left behind is taken up again, and never stands in the way."""

from __future__ import annotations

import asyncio

from django.db import connection

from daifa.base.jobs import tenant_task, worker_app
from daifa.base.tenancy import tenant
from daifa.entry import worker

ran: list[str] = []


@tenant_task("test.revived", retry=False)
def inner(*, tenant_id: int, mark: str) -> None:
    """Say that it ran."""
    ran.append(mark)


def _killed_and_revived(number: int, *twins: str) -> None:
    with tenant(number):
        inner.nudge("one", mark="killed")
    with connection.cursor() as cursor:
        cursor.execute("UPDATE procrastinate_jobs SET status = 'doing' WHERE task_name = 'test.revived'")
    with tenant(number):
        for mark in twins:
            inner.nudge("one", mark=mark)

    async def work() -> None:
        app = worker_app()
        async with app.open_async():
            await worker.revive(app)
            await app.run_worker_async(
                wait=False, listen_notify=False, install_signal_handlers=False, delete_jobs="always"
            )

    ran.clear()
    asyncio.run(work())


def _left() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM procrastinate_jobs WHERE task_name = 'test.revived'")
        return int(cursor.fetchone()[0])


def test_it_gives_way_to_a_twin_that_waits_already(tenant_number: int) -> None:
    _killed_and_revived(tenant_number, "twin")
    assert ran == ["twin"]
    assert _left() == 0


def test_it_runs_again_when_nobody_else_waits(tenant_number: int) -> None:
    _killed_and_revived(tenant_number)
    assert ran == ["killed"]
    assert _left() == 0
