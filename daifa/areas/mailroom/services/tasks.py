"""The task list: every long piece of work with its progress, its cancel button and what came of it."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from daifa.areas.mailroom.models import Task
from daifa.base.actor import Actor
from daifa.kit import clock
from daifa.kit.errors import Conflict, NotFound


class Cancelled(Exception):
    """The person asked to stop; the work ends between two short transactions."""


def start(
    *, by: Actor, kind: str, title: str, params: Mapping[str, object] | None = None, file_id: UUID | None = None
) -> Task:
    """A new task, queued."""
    return Task.objects.create(
        kind=kind,
        title=title,
        params=dict(params or {}),
        file_id=file_id,
        started_by=by.key,
        started_by_name=by.name,
    )


def begin(task_id: UUID) -> Task | None:
    """Take a task up (also again, after its worker was killed); None when it is over or was cancelled before."""
    task = Task.objects.select_for_update().filter(id=task_id).first()
    if task is None or task.state in {"done", "failed", "cancelled"}:
        return None
    if task.cancel_asked:
        _end(task, "cancelled", {})
        return None
    task.state, task.started_at, task.beat_at = "running", task.started_at or clock.now(), clock.now()
    task.save(update_fields=["state", "started_at", "beat_at"])
    return task


def progress(task_id: UUID, done: int, total: int, stage: str) -> None:
    """Say how far the work is. Raises Cancelled when the person asked to stop."""
    Task.objects.filter(id=task_id).update(done=done, total=total, stage=stage, beat_at=clock.now())
    if Task.objects.filter(id=task_id, cancel_asked=True).exists():
        raise Cancelled


def _end(task: Task, state: str, result: Mapping[str, object]) -> None:
    task.state, task.finished_at = state, clock.now()
    task.result = {**task.result, **result}
    task.save(update_fields=["state", "finished_at", "result"])


def finish(
    task_id: UUID,
    *,
    state: str = "done",
    result: Mapping[str, object] | None = None,
    error_file: UUID | None = None,
    file_id: UUID | None = None,
    link: str = "",
) -> None:
    """End a task: done, failed or cancelled, with counts, error file, produced file and where to look."""
    task = Task.objects.select_for_update().get(id=task_id)
    task.error_file_id = error_file or task.error_file_id
    task.file_id = file_id or task.file_id
    task.link = link or task.link
    task.save(update_fields=["error_file", "file", "link"])
    _end(task, state, result or {})


def ask_cancel(*, by: Actor, task_id: UUID) -> Task:
    """Ask a task to stop. Raises NotFound, Conflict when it is over."""
    task = Task.objects.select_for_update().filter(id=task_id).first()
    if task is None:
        raise NotFound("no_such_task", "没有这个任务。")
    if task.state not in {"queued", "running"}:
        raise Conflict("task_over", "任务已经结束，不能取消。")
    task.cancel_asked = True
    task.save(update_fields=["cancel_asked"])
    if task.state == "queued":
        _end(task, "cancelled", {"by": by.name})
    return task
