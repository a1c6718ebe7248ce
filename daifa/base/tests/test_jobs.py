"""Jobs and data commit together, also when a job enqueues a job."""

from __future__ import annotations

import asyncio

import structlog
from django.db import connection

from daifa.base.jobs import tenant_task, worker_app
from daifa.base.tenancy import tenant

ran: list[str] = []


@tenant_task("test.inner", retry=False)
def inner(*, tenant_id: int, mark: str) -> None:
    """Say that it ran."""
    ran.append(mark)


@tenant_task("test.outer", retry=False)
def outer(*, tenant_id: int, mark: str, fail: bool) -> None:
    """Enqueue a job, then fail or not, in one transaction."""
    with tenant(tenant_id):
        inner.enqueue(mark=mark)
        waiting = _jobs("test.inner")
        ran.append(f"seen from outside: {waiting}")
        if fail:
            raise RuntimeError("after enqueueing")


def _jobs(task: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM procrastinate_jobs WHERE task_name = %s AND status = 'todo'", [task])
        return int(cursor.fetchone()[0])


def _drain() -> None:
    async def work() -> None:
        app = worker_app()
        async with app.open_async():
            await app.run_worker_async(wait=False, listen_notify=False, install_signal_handlers=False)

    asyncio.run(work())


def test_what_a_job_enqueues_commits_with_its_data(tenant_number: int) -> None:
    ran.clear()
    with tenant(tenant_number):
        outer.enqueue(mark="kept", fail=False)
        outer.enqueue(mark="lost", fail=True)
    _drain()
    _drain()
    assert "kept" in ran
    assert "lost" not in ran
    assert _jobs("test.inner") == 0


@tenant_task("test.about", retry=False)
def about(*, tenant_id: int, connection_id: str, name: str) -> None:
    """Say something."""
    told.append(structlog.contextvars.get_contextvars())


told: list[dict[str, object]] = []


def test_a_jobs_lines_say_what_it_is_about_and_none_of_its_other_arguments(tenant_number: int) -> None:
    told.clear()
    with tenant(tenant_number):
        about.enqueue(connection_id="c1", name="赵六一")
    _drain()
    [known] = told
    assert (known["connection"], known["tenant"], known["task"]) == ("c1", tenant_number, "test.about")
    assert known["trace"]
    assert "赵六一" not in known.values()
