"""What was just dropped goes in by itself when nothing about it is open."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Router

from daifa.base.web import REFUSALS, Given, May, actor_of
from daifa.flows import dropped
from daifa.flows.routes.imports import ImportsStarted

router = Router(tags=["imports"])


class DroppedFiles(Given):
    """Imports that one drop became."""

    ids: list[UUID]


@router.post("/imports/dropped", response={200: ImportsStarted, **REFUSALS}, auth=May("imports.run"))
def run_dropped(request: HttpRequest, body: DroppedFiles) -> Any:
    """Import what was just dropped when nothing about any of it is open; else nothing starts, with the reasons."""
    started = dropped.run(by=actor_of(request), import_ids=body.ids)
    return {
        "message": None,
        "task_id": started.tasks[0] if started.tasks else None,
        "task_ids": list(started.tasks),
        "import_ids": list(started.imports),
        "left": list(started.left),
    }
