"""The worker process: takes jobs from the database, beats, and takes up what a killed worker left behind."""

from __future__ import annotations

import asyncio
import os
from typing import Any

from daifa.kit import log

REVIVE_SECONDS = 5
SILENT_SECONDS = 20
_log = log.get("daifa.worker")


async def _revive(app: Any) -> None:
    # A job whose worker was killed stays "doing" for ever unless somebody puts it back.
    while True:
        await asyncio.sleep(REVIVE_SECONDS)
        await app.job_manager.prune_stalled_workers(SILENT_SECONDS)
        for job in await app.job_manager.get_stalled_jobs(seconds_since_heartbeat=SILENT_SECONDS):
            _log.warning("worker.revive", job=job.id, task=job.task_name)
            await app.job_manager.retry_job(job)


async def _work(app: Any) -> None:
    async with app.open_async():
        revival = asyncio.create_task(_revive(app))
        try:
            await app.run_worker_async(
                concurrency=int(os.environ.get("DAIFA_WORKERS", "2")),
                wait=True,
                fetch_job_polling_interval=2,
                delete_jobs="successful",
                listen_notify=True,
                update_heartbeat_interval=5,
                stalled_worker_timeout=SILENT_SECONDS,
                shutdown_graceful_timeout=6,
            )
        finally:
            revival.cancel()


def main() -> None:
    """Work until told to stop; jobs of workers that went silent are taken up again."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "daifa.entry.settings")
    import django

    django.setup()
    log.configure()
    from daifa.base.jobs import worker_app

    asyncio.run(_work(worker_app()))


if __name__ == "__main__":
    main()
