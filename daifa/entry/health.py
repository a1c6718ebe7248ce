"""Whether the product really works: web bundle there, database answers, migrations applied, both workers alive."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse

from daifa.entry import hanging, looking, metrics
from daifa.entry.migrating import expected
from daifa.entry.worker import QUEUES
from daifa.kit import clock, log

_log = log.get("daifa.health")
# Four missed beats: by then its jobs are taken up by another worker, if there is one.
WORKER_SILENT = timedelta(seconds=20)
WORKERS = {"inside": "处理数据的进程", "outside": "调用外部接口的进程"}


_expected = lru_cache(maxsize=1)(expected)


def has_bundle() -> bool:
    """Whether there is a web application to answer with."""
    return (settings.WEB_DIST / "index.html").exists()


def silences(cursor: Any) -> list[tuple[str, datetime | None]]:
    """The workers (``inside``, ``outside``) that say nothing, with their last beat: each does its own work."""
    last = hanging.beats(cursor)
    beats = {which: last.get(queue) for which, (queue, _, _) in QUEUES.items()}
    return [(w, at) for w, at in beats.items() if at is None or clock.wall() - at > WORKER_SILENT]


def findings() -> dict[str, str]:
    """What is wrong, by part, in words a person can use; empty when all is well. Answers within a few seconds."""
    found: dict[str, str] = {} if has_bundle() else {"web": "网页还没有构建，请用 ./start 运行"}
    try:
        return found | looking.ask(_within)
    except looking.Unanswered as error:
        return {**found, "database": str(error)}


def _within(cursor: Any) -> dict[str, str]:
    """What the database says is wrong."""
    cursor.execute("SELECT to_regclass('django_migrations') IS NOT NULL")
    known: set[Any] = set()
    if cursor.fetchone() == (True,):
        cursor.execute("SELECT app, name FROM django_migrations")
        known = set(cursor.fetchall())
    if missing := _expected() - known:
        return {"migrations": f"表结构还差 {len(missing)} 步升级，请用 ./start 运行"}
    silent = "、".join(WORKERS[which] for which, _ in silences(cursor))
    return {"worker": f"{silent}没有报活"} if silent else {}


def healthz(request: HttpRequest) -> HttpResponse:
    """200 only when the product works; 503 with what is wrong otherwise. ``running``: figures, for those who may see
    ``/metrics``; they decide nothing."""
    found = findings()
    answer: dict[str, object] = {"ok": not found, "problems": found}
    if not found and metrics.allowed(request):
        answer["running"] = _running()
    return JsonResponse(answer, status=503 if found else 200, json_dumps_params={"ensure_ascii": False})


def _running() -> dict[str, Any] | None:
    """The figures that matter most; what is wrong with them does not make the product unhealthy."""
    try:
        return metrics.essentials()
    except Exception as error:  # noqa: BLE001  # as above: health must answer
        _log.warning("health.figures.failed", error=type(error).__name__)
        return None
