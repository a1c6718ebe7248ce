"""Whether the product really works: web bundle there, database answers, migrations applied, both workers alive."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.db import connections
from django.http import HttpRequest, HttpResponse, JsonResponse

from daifa.entry import metrics
from daifa.entry.migrating import expected
from daifa.entry.worker import QUEUES
from daifa.kit import clock, log

_log = log.get("daifa.health")
# Four missed beats: by then its jobs are taken up by another worker, if there is one.
WORKER_SILENT = timedelta(seconds=20)


_expected = lru_cache(maxsize=1)(expected)


def has_bundle() -> bool:
    """Whether there is a web application to answer with."""
    return (settings.WEB_DIST / "index.html").exists()


def silences(cursor: Any) -> list[tuple[str, datetime | None]]:
    """The workers (``inside``, ``outside``) that say nothing, with their last beat: each does its own work."""
    cursor.execute("SELECT queue, at FROM base_workerbeat")
    last = dict(cursor.fetchall())
    beats = {which: last.get(queue) for which, (queue, _, _) in QUEUES.items()}
    return [(w, at) for w, at in beats.items() if at is None or clock.wall() - at > WORKER_SILENT]


def findings() -> dict[str, str]:
    """What is wrong, by part; empty when all is well."""
    found: dict[str, str] = {} if has_bundle() else {"web": "bundle not built"}
    try:
        with connections["default"].cursor() as cursor:
            cursor.execute("SELECT app, name FROM django_migrations")
            missing = _expected() - set(cursor.fetchall())
            silent = [] if missing else silences(cursor)
    except Exception as error:  # noqa: BLE001  # whatever the database says, health must answer
        return {**found, "database": type(error).__name__}
    if missing:
        found["migrations"] = f"{len(missing)} not applied"
    if silent:
        found["worker"] = f"no heartbeat: {', '.join(which for which, _ in silent)}"
    return found


def healthz(request: HttpRequest) -> HttpResponse:
    """200 only when the product works; 503 with what is wrong otherwise. ``running``: figures, for those who may see
    ``/metrics``; they decide nothing."""
    found = findings()
    answer: dict[str, object] = {"ok": not found, "problems": found}
    if not found and metrics.allowed(request):
        answer["running"] = _running()
    return JsonResponse(answer, status=503 if found else 200)


def _running() -> dict[str, Any] | None:
    """The figures that matter most; what is wrong with them does not make the product unhealthy."""
    try:
        return metrics.essentials()
    except Exception as error:  # noqa: BLE001  # as above: health must answer
        _log.warning("health.figures.failed", error=type(error).__name__)
        return None
