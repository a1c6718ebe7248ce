"""The files of tasks, as downloads."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import Router

from daifa.base.web import REFUSALS, May, actor_of, download
from daifa.flows import handing

router = Router(tags=["mailroom"])


@router.get("/tasks/{uuid:task_id}/file", response={200: bytes, **REFUSALS}, auth=May())
def task_file(request: HttpRequest, task_id: UUID, reason: str = "") -> HttpResponse:
    """The file that a task read or made; ``reason`` where people may be in it."""
    return download(*handing.of_task(by=actor_of(request), task_id=task_id, reason=reason))


@router.get("/tasks/{uuid:task_id}/error-file", response={200: bytes, **REFUSALS}, auth=May())
def task_error_file(request: HttpRequest, task_id: UUID, reason: str = "") -> HttpResponse:
    """The rows that a task refused, with 行号/列/原因/怎么改; ``reason`` where people may be in them."""
    return download(*handing.of_task(by=actor_of(request), task_id=task_id, errors=True, reason=reason))
