"""A worker process: takes jobs from the database, beats, and takes up what a killed worker left behind.

``inside`` works on our own data; ``outside`` is the one that calls other companies and may wait for them.
"""

from __future__ import annotations

import asyncio
import os
import sys
from typing import Any

from daifa.kit import log

REVIVE_SECONDS = 5
BEAT_SECONDS = 5
SILENT_SECONDS = 20
_log = log.get("daifa.worker")


async def _revive(app: Any) -> None:
    while True:
        await asyncio.sleep(REVIVE_SECONDS)
        try:
            await revive(app)
        except Exception:  # noqa: BLE001  # the database may be away for a moment; reviving must not end with it
            _log.exception("worker.revive.failed")


# The clock may be set back: a beat that could only grow would then stand still although the worker lives.
BEAT = """
INSERT INTO base_workerbeat (queue, at) VALUES (%(queue)s, clock_timestamp())
ON CONFLICT (queue) DO UPDATE SET at = excluded.at
"""


async def _beat(app: Any, queue: str) -> None:
    """Say that a worker of this queue is alive, as long as it is."""
    while True:
        try:
            await beat(app, queue)
        except Exception:  # noqa: BLE001  # as in _revive
            _log.exception("worker.beat.failed")
        await asyncio.sleep(BEAT_SECONDS)


async def beat(app: Any, queue: str) -> None:
    """One beat, on the database's clock."""
    await app.connector.execute_query_async(BEAT, queue=queue)


async def revive(app: Any) -> None:
    """Put back what workers left behind that were killed: it stays "doing" for ever otherwise."""
    await app.job_manager.prune_stalled_workers(SILENT_SECONDS)
    for job in await app.job_manager.get_stalled_jobs(seconds_since_heartbeat=SILENT_SECONDS):
        _log.warning("worker.revive", job=job.id, task=job.task_name)
        await app.job_manager.retry_job(job)


QUEUES = {"inside": ("default", "DAIFA_WORKERS", "2"), "outside": ("outside", "DAIFA_OUTSIDE_WORKERS", "8")}


async def _work(app: Any, which: str) -> None:
    queue, setting, slots = QUEUES[which]
    async with app.open_async():
        beside = [asyncio.create_task(_revive(app)), asyncio.create_task(_beat(app, queue))]
        try:
            await app.run_worker_async(
                queues=[queue],
                concurrency=int(os.environ.get(setting, slots)),
                wait=True,
                fetch_job_polling_interval=2,
                delete_jobs="successful",
                listen_notify=True,
                update_heartbeat_interval=BEAT_SECONDS,
                stalled_worker_timeout=SILENT_SECONDS,
                shutdown_graceful_timeout=6,
            )
        finally:
            for task in beside:
                task.cancel()


def prepare(which: str) -> None:
    """Everything that must stand before anything else of the product is imported."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "daifa.entry.settings")
    if which == "outside":
        # Each of its slots may have several calls on their way, each with a connection while it writes.
        os.environ.setdefault("DAIFA_POOL", "40")
    import django

    django.setup()
    log.configure()


def main() -> None:
    """Work until told to stop; jobs of workers that went silent are taken up again."""
    which = sys.argv[1] if len(sys.argv) > 1 else "inside"
    prepare(which)
    from daifa.base.jobs import worker_app

    asyncio.run(_work(worker_app(), which))


if __name__ == "__main__":
    main()
