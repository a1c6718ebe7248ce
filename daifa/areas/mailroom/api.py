"""The task centre, stored files, and the remembered column mappings."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Router, Schema

from daifa.areas.mailroom.services import files, imports, tasks, templates
from daifa.areas.mailroom.services.files import FileView
from daifa.areas.mailroom.types import TaskView
from daifa.base.web import REFUSALS, Given, May, actor_of
from daifa.kit.paging import limit_of
from daifa.ports.sheet import ImportKind

router = Router(tags=["mailroom"])

_OUTCOMES = ("new", "updated", "unchanged")
_SHOWN = {"queued": "waiting"}


class StoredFileOut(Schema):
    """A stored file: kept until when (none: shredded), downloaded where, and whether a reason is asked first."""

    id: UUID
    name: str
    size: int
    keep_until: datetime | None
    path: str | None
    asks_reason: bool


class TaskOut(Schema):
    """One long piece of work as the task centre and the corner of the screen show it."""

    id: UUID
    kind: str
    title: str
    state: str
    done: int
    total: int | None
    message: str
    succeeded: int | None
    failed: int | None
    result: dict[str, Any]
    result_to: str | None
    file: StoredFileOut | None
    error_file: str | None
    error_file_asks: bool
    started_by: str
    created_at: datetime
    started_at: datetime
    finished_at: datetime | None
    can_cancel: bool


class TaskPage(Schema):
    """A page of tasks."""

    items: list[TaskOut]
    next_cursor: str | None
    total: int | None


class TaskCounts(Schema):
    """How many each tab has."""

    counts: dict[str, int]


class TaskActed(Schema):
    """What an action says."""

    message: str | None = None


def _number(result: Mapping[str, object], *keys: str) -> int | None:
    found = [v for k in keys if isinstance(v := result.get(k), int)]
    return sum(found) if found else None


def _file(file: FileView | None, path: str, sealed: Collection[UUID]) -> StoredFileOut | None:
    if file is None:
        return None
    return StoredFileOut(
        id=file.id, name=file.name, size=file.size, keep_until=file.keep_until, path=path if file.keep_until else None,
        asks_reason=file.id in sealed,
    )  # fmt: skip


def _task(task: TaskView, known: Mapping[UUID, FileView], sealed: Collection[UUID]) -> TaskOut:
    """A task with its numbers read out of its result; ``sealed`` files open with a reason only."""
    result = dict(task.result)
    failed = _number(result, "failed", "rejected")
    succeeded = _number(result, "succeeded", *_OUTCOMES)
    if succeeded is None and failed is not None:
        succeeded = 0
    stage = "" if task.finished_at else ("正在取消" if task.cancel_asked else task.stage)
    return TaskOut(
        id=task.id,
        kind=task.kind,
        title=task.title,
        state=_SHOWN.get(task.state, task.state),
        done=task.done,
        total=task.total or None,
        message=str(result.get("message") or stage),
        succeeded=succeeded,
        failed=failed,
        result=result,
        result_to=task.link or None,
        file=_file(known.get(task.file_id), f"/api/tasks/{task.id}/file", sealed) if task.file_id else None,
        error_file=f"/api/tasks/{task.id}/error-file" if task.error_file_id else None,
        error_file_asks=task.error_file_id in sealed,
        started_by=task.started_by_name,
        created_at=task.created_at,
        started_at=task.started_at or task.created_at,
        finished_at=task.finished_at,
        can_cancel=not task.cancel_asked,
    )


def _tasks(rows: list[TaskView]) -> list[TaskOut]:
    known = files.views(i for t in rows for i in (t.file_id, t.error_file_id) if i)
    sealed = imports.with_people(f.id for f in known.values() if f.purpose in imports.PURPOSES)
    return [_task(t, known, sealed) for t in rows]


@router.get("/tasks", response={200: TaskPage, **REFUSALS}, auth=May())
def list_tasks(
    request: HttpRequest,
    live: bool = False,
    tab: str = "all",
    kind: str = "",
    text: str = "",
    mine: bool = False,
    cursor: str = "",
    limit: int | None = None,
) -> Any:
    """Tasks: what runs, what waits, then the newest; ``live`` only these and what ended in the last minutes."""
    by = actor_of(request)
    if live:
        return TaskPage(items=_tasks(tasks.live(by=by)), next_cursor=None, total=None)
    found = tasks.page(by=by, tab=tab, kind=kind, text=text, mine=mine, cursor=cursor, limit=limit_of(limit))
    total = tasks.counts(by=by, kind=kind, text=text, mine=mine).get(tab)
    return TaskPage(items=_tasks(found.items), next_cursor=found.next or None, total=total)


@router.get("/tasks/counts", response={200: TaskCounts, **REFUSALS}, auth=May())
def count_tasks(request: HttpRequest, kind: str = "", text: str = "", mine: bool = False) -> Any:
    """How many tasks each tab has."""
    return {"counts": tasks.counts(by=actor_of(request), kind=kind, text=text, mine=mine)}


@router.get("/tasks/{uuid:task_id}", response={200: TaskOut, **REFUSALS}, auth=May())
def get_task(request: HttpRequest, task_id: UUID) -> Any:
    """One task."""
    return _tasks([tasks.get(task_id, by=actor_of(request))])[0]


@router.post("/tasks/{uuid:task_id}/cancel", response={200: TaskActed, **REFUSALS}, auth=May())
def cancel_task(request: HttpRequest, task_id: UUID) -> Any:
    """Ask a task to stop."""
    task = tasks.ask_cancel(by=actor_of(request), task_id=task_id)
    return {"message": "已取消" if task.state == "cancelled" else "正在取消：做完手上的这一批就停"}


class MappingTemplateOut(Schema):
    """A remembered mapping of columns."""

    id: UUID
    name: str
    kind: str
    kind_label: str
    platform: str
    columns: dict[str, str | None]
    created_at: datetime


class TemplateName(Given):
    """Another name."""

    name: str


@router.get("/import-templates", response={200: list[MappingTemplateOut], **REFUSALS}, auth=May("imports.run"))
def list_templates(request: HttpRequest) -> Any:
    """Every remembered mapping."""
    return [{**t, "kind_label": ImportKind(str(t["kind"])).label} for t in templates.listing()]


@router.patch("/import-templates/{uuid:template_id}", response={200: TaskActed, **REFUSALS}, auth=May("imports.run"))
def rename_template(request: HttpRequest, template_id: UUID, body: TemplateName) -> Any:
    """Call a mapping something else."""
    templates.rename(by=actor_of(request), template_id=template_id, name=body.name)
    return {"message": "已改名"}


@router.delete("/import-templates/{uuid:template_id}", response={200: TaskActed, **REFUSALS}, auth=May("imports.run"))
def delete_template(request: HttpRequest, template_id: UUID) -> Any:
    """Forget a mapping."""
    templates.delete(by=actor_of(request), template_id=template_id)
    return {"message": "已删除；这种表头的文件以后会重新询问"}
