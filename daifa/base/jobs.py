"""Jobs in the same database: queued in the transaction that wrote the data, run inside their tenant."""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable
from typing import Any

from django.db import transaction
from procrastinate import App, RetryStrategy
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued, UniqueViolation
from procrastinate.jobs import Job, Status
from procrastinate.manager import JobManager

from daifa.base.scope import current_tenant
from daifa.kit import log

RETRY = RetryStrategy(max_attempts=8, exponential_wait=3)


_log = log.get("daifa.jobs")
_ABOUT = {"connection_id": "connection", "order_id": "order", "feed": "feed"}


def _since(began: float) -> float:
    return round((time.perf_counter() - began) * 1000, 1)


class TenantTask:
    """A registered task: ``enqueue`` commits with the caller's data; the worker calls the function with its tenant.

    The function opens its own transactions (``with tenant(...)``), because long work is many short ones.
    """

    def __init__(self, name: str, function: Callable[..., None], **options: Any) -> None:
        self.name = name
        self.function = function
        options.setdefault("retry", RETRY)
        self._task = app.task(name=name, **options)(self._run)

    def _run(self, *, tenant_id: int, **kw: Any) -> None:
        # What a job is about, by our own ids; its other arguments are never logged.
        about = {_ABOUT[k]: v for k, v in kw.items() if k in _ABOUT}
        log.begin(trace=secrets.token_hex(8), tenant=tenant_id, task=self.name, **about)
        began = time.perf_counter()
        try:
            self.function(tenant_id=tenant_id, **kw)
        except Exception:
            _log.exception("job.run.failed", ms=_since(began))
            raise
        _log.info("job.run.done", ms=_since(began))

    def enqueue(self, *, lock: str | None = None, **kw: Any) -> int:
        """Queue one run for the current tenant, in the current transaction; returns the job's number."""
        number = current_tenant()
        job = self._task.configure(lock=None if lock is None else f"{number}:{lock}")
        return int(job.defer(tenant_id=number, **kw))

    def nudge(self, once: str, *, lock: str | None = None, **kw: Any) -> None:
        """Have a run follow the current transaction, unless one named ``once`` waits already.

        For work that finds what is to do by itself, and that something else repeats anyway: queued after the commit,
        so that a run that waits surely sees the data, and nobody waits for another's transaction.
        """
        number = current_tenant()
        job = self._task.configure(lock=f"{number}:{lock or once}", queueing_lock=f"{number}:{once}")

        def after_commit() -> None:
            try:
                job.defer(tenant_id=number, **kw)
            except AlreadyEnqueued:
                pass

        transaction.on_commit(after_commit)


def tenant_task(name: str, **options: Any) -> Callable[[Callable[..., None]], TenantTask]:
    """Register ``function(*, tenant_id, …)`` as a job."""

    def wrap(function: Callable[..., None]) -> TenantTask:
        return TenantTask(name, function, **options)

    return wrap


class _Manager(JobManager):
    """Jobs that are to run again give way to a twin that waits already under the same name.

    Two of one ``queueing_lock`` cannot wait: what was killed or failed would stay "doing" for ever, and hold its lock
    against the twin. The twin finds the same work by itself.
    """

    async def retry_job(self, job: Job, *given: Any, **named: Any) -> None:
        """Have it run again, or drop it in favour of its twin."""
        try:
            await super().retry_job(job, *given, **named)
        except UniqueViolation:
            await self.finish_job(job, Status.FAILED, delete_job=True)


def worker_app() -> App:
    """The app that a worker runs: it fetches and finishes jobs over its own connection.

    The tasks stay bound to Django's app, so that what a job enqueues commits, or vanishes, with the data it writes.
    """
    connector = app.connector.get_worker_connector()  # type: ignore[attr-defined]  # Django's connector
    made = App(connector=connector, import_paths=app.import_paths)
    made.job_manager = _Manager(connector)
    app.perform_import_paths()
    made.tasks, made.periodic_registry = app.tasks, app.periodic_registry
    return made
