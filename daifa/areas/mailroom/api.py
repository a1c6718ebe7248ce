"""The task centre, stored files, and the remembered column mappings."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import Router, Schema

from daifa.areas.mailroom.services import files, tasks, templates
from daifa.areas.mailroom.services.files import FileView
from daifa.areas.mailroom.types import TaskView
from daifa.base import audit
from daifa.base.actor import Actor
from daifa.base.web import REFUSALS, May, actor_of, download
from daifa.kit.errors import NotFound
from daifa.kit.paging import limit_of
from daifa.ports.sheet import ImportKind

router = Router(tags=["mailroom"])

# Who may take a stored file home, by what it is: uploads and sheets hold people's names and addresses in plain.
PERMISSION_OF = {
    "import": ("imports.run", "orders.open"),
    "errors": ("imports.run",),
    "export": ("orders.export",),
    "sheet": ("purchasing.send",),
    "ship": ("logistics.edit",),
}
_OUTCOMES = ("new", "updated", "unchanged")
_SHOWN = {"queued": "waiting"}


class StoredFileOut(Schema):
    """A stored file: until when it is kept (none: already shredded), and where it is downloaded."""

    id: UUID
    name: str
    size: int
    keep_until: datetime | None
    path: str | None


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


def file_out(file: FileView | None, path: str) -> StoredFileOut | None:
    """A stored file with its address, or none when its content is gone."""
    if file is None:
        return None
    there = path if file.keep_until else None
    return StoredFileOut(id=file.id, name=file.name, size=file.size, keep_until=file.keep_until, path=there)


def task_out(task: TaskView, known: Mapping[UUID, FileView]) -> TaskOut:
    """A task with its numbers read out of its result."""
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
        file=file_out(known.get(task.file_id), f"/api/tasks/{task.id}/file") if task.file_id else None,
        error_file=f"/api/tasks/{task.id}/error-file" if task.error_file_id else None,
        started_by=task.started_by_name,
        created_at=task.created_at,
        started_at=task.started_at or task.created_at,
        finished_at=task.finished_at,
        can_cancel=not task.cancel_asked,
    )


def _page(rows: list[TaskView], following: str, total: int | None) -> TaskPage:
    known = files.views(t.file_id for t in rows if t.file_id)
    return TaskPage(items=[task_out(t, known) for t in rows], next_cursor=following or None, total=total)


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
    """Tasks, newest first; ``live`` only those under way and those that ended in the last minutes."""
    if live:
        return _page(tasks.recent(live=True), "", None)
    asker = actor_of(request).key if mine else ""
    found = tasks.page(tab=tab, kind=kind, text=text, mine=asker, cursor=cursor, limit=limit_of(limit))
    total = tasks.counts(kind=kind, text=text, mine=asker).get(tab)
    return _page(found.items, found.next, total)


@router.get("/tasks/counts", response={200: TaskCounts, **REFUSALS}, auth=May())
def count_tasks(request: HttpRequest, kind: str = "", text: str = "", mine: bool = False) -> Any:
    """How many tasks each tab has."""
    return {"counts": tasks.counts(kind=kind, text=text, mine=actor_of(request).key if mine else "")}


@router.get("/tasks/{uuid:task_id}", response={200: TaskOut, **REFUSALS}, auth=May())
def get_task(request: HttpRequest, task_id: UUID) -> Any:
    """One task."""
    task = tasks.get(task_id)
    return task_out(task, files.views([task.file_id] if task.file_id else []))


@router.post("/tasks/{uuid:task_id}/cancel", response={200: TaskActed, **REFUSALS}, auth=May())
def cancel_task(request: HttpRequest, task_id: UUID) -> Any:
    """Ask a task to stop."""
    task = tasks.ask_cancel(by=actor_of(request), task_id=task_id)
    return {"message": "已取消" if task.state == "cancelled" else "正在取消：做完手上的这一批就停"}


def hand_out(actor: Actor, file_id: UUID | None, *, reason: str = "") -> HttpResponse:
    """A stored file as a download: by permission of its purpose, with an audit entry. Raises NotAllowed, NotFound."""
    if file_id is None:
        raise NotFound("no_such_file", "没有这个文件。")
    file = files.get(file_id)
    for permission in PERMISSION_OF.get(file.purpose, ("orders.export",)):
        actor.need(permission)
    data = files.content(file_id)
    audit.record(actor, "file.download", f"下载文件 {file.name}", kind="file", object_id=file.id, reason=reason)
    return download(data, file.name)


@router.get("/tasks/{uuid:task_id}/file", response={200: bytes, **REFUSALS}, auth=May())
def task_file(request: HttpRequest, task_id: UUID, reason: str = "") -> HttpResponse:
    """The file that a task read or made."""
    return hand_out(actor_of(request), tasks.get(task_id).file_id, reason=reason)


@router.get("/tasks/{uuid:task_id}/error-file", response={200: bytes, **REFUSALS}, auth=May())
def task_error_file(request: HttpRequest, task_id: UUID) -> HttpResponse:
    """The rows that a task refused, with 行号/列/原因/怎么改."""
    return hand_out(actor_of(request), tasks.get(task_id).error_file_id)


class MappingTemplateOut(Schema):
    """A remembered mapping of columns."""

    id: UUID
    name: str
    kind: str
    kind_label: str
    platform: str
    columns: dict[str, str | None]
    created_at: datetime


class TemplateName(Schema):
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
