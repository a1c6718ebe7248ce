"""The task list: every long piece of work with its progress, its cancel button and what came of it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from uuid import UUID

from django.db.models import Case, Count, Q, QuerySet, Value, When

from daifa.areas.mailroom.models import Import, Task
from daifa.areas.mailroom.types import TASK_STATES, TaskView
from daifa.base import audit
from daifa.base.actor import SYSTEM, Actor
from daifa.base.listing import newest_first
from daifa.base.tenancy import alone
from daifa.kit import clock, paging
from daifa.kit.errors import Conflict, NotFound

# What somebody who begins one is told about its end.
TOLD_LATER = "完成后弹出提示，结果在“任务中心”"
SILENT = timedelta(minutes=2)
# From when on somebody is told that a task does not get any further.
STILL = timedelta(minutes=10)
TABS: Mapping[str, tuple[str, ...]] = {
    "all": TASK_STATES,
    "live": ("queued", "running"),
    "done": ("done",),
    "failed": ("failed",),
    "cancelled": ("cancelled",),
}
# What is worked on stands above what waits its turn, both above what is over.
_RANK = Case(When(state="running", then=Value(0)), When(state="queued", then=Value(1)), default=Value(2))


class Cancelled(Exception):
    """The person asked to stop; the work ends between two short transactions."""


def start(
    *, by: Actor, kind: str, title: str, params: Mapping[str, object] | None = None, file_id: UUID | None = None
) -> TaskView:
    """A new task, queued."""
    made = Task.objects.create(
        kind=kind,
        title=title,
        params=dict(params or {}),
        file_id=file_id,
        started_by=by.key,
        started_by_name=by.name,
    )
    return view(made)


def record(
    *, by: Actor, kind: str, title: str, file_id: UUID, result: Mapping[str, object], link: str = ""
) -> TaskView:
    """A file that was made at once, told to the task centre as work that is over."""
    made = start(by=by, kind=kind, title=title, file_id=file_id)
    begin(made.id)
    finish(made.id, result=result, link=link)
    return get(made.id)


def has_file(file_id: UUID, *, by: Actor) -> bool:
    """Whether a task that somebody may see made or read this file."""
    return seen(by).filter(file_id=file_id).exists()


def begin(task_id: UUID) -> TaskView | None:
    """Take a task up (also again, after its worker was killed); None when it is over or was cancelled before."""
    task = Task.objects.select_for_update().filter(id=task_id).first()
    if task is None or task.state in {"done", "failed", "cancelled"}:
        return None
    if task.cancel_asked:
        _end(task, "cancelled", {})
        return None
    task.state, task.started_at, task.beat_at = "running", task.started_at or clock.now(), clock.wall()
    task.save(update_fields=["state", "started_at", "beat_at"])
    return view(task)


def under_way(kind: str, **params: str) -> bool:
    """Whether such work waits or runs; who asks for the same meanwhile is told after the caller's transaction."""
    alone(f"task:{kind}")
    return Task.objects.filter(kind=kind, state__in=TABS["live"], params__contains=params).exists()


def progress(task_id: UUID, done: int, total: int, stage: str) -> None:
    """Say how far the work is. Raises Cancelled when the person asked to stop."""
    Task.objects.filter(id=task_id).update(done=done, total=total, stage=stage, beat_at=clock.wall())
    if Task.objects.filter(id=task_id, cancel_asked=True).exists():
        raise Cancelled


def advance(task_id: UUID, done: int) -> None:
    """How far the work is, in the transaction that did it: a worker that takes it up again goes on from there."""
    Task.objects.filter(id=task_id).update(done=done, beat_at=clock.wall())


def note(task_id: UUID, result: Mapping[str, object]) -> None:
    """What came of the work so far."""
    Task.objects.filter(id=task_id).update(result=dict(result))


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


def ask_cancel(*, by: Actor, task_id: UUID) -> TaskView:
    """Ask a task to stop: at once when it waits or its worker is silent, else between two short transactions.

    Raises NotFound, Conflict when it is over.
    """
    task = seen(by).select_for_update().filter(id=task_id).first()
    if task is None:
        raise NotFound("no_such_task", "没有这个任务。")
    if task.state not in {"queued", "running"}:
        raise Conflict("task_over", "任务已经结束，不能取消。")
    if task.started_by != by.key:
        by.need("imports.run")
    task.cancel_asked = True
    task.save(update_fields=["cancel_asked"])
    silent = task.beat_at is None or task.beat_at < clock.wall() - SILENT
    if task.state == "queued" or silent:
        _end(task, "cancelled", {"by": by.name})
        Import.objects.filter(task_id=task.id, state__in=("queued", "running")).update(
            state="cancelled", finished_at=clock.now()
        )
    audit.record(by, "task.cancel", f"取消任务 {task.title}", kind="task", object_id=task.id)
    return view(task)


def view(row: Task) -> TaskView:
    """A row as a value."""
    return TaskView(
        row.id, row.kind, row.title, row.state, row.stage, row.done, row.total, row.result, row.link, row.file_id,
        row.error_file_id, row.started_by_name, row.cancel_asked, row.created_at, row.started_at, row.finished_at,
        row.started_by, row.params,
    )  # fmt: skip


def seen(by: Actor) -> QuerySet[Task]:
    """The tasks that somebody may see: their own, and without a data scope everybody's.

    A task may be about many shops and suppliers at once, and its title, counts and files say so.
    """
    return Task.objects.all() if by.everywhere else Task.objects.filter(started_by=by.key)


def get(task_id: UUID, *, by: Actor = SYSTEM) -> TaskView:
    """One task that ``by`` may see. Raises NotFound."""
    row = seen(by).filter(id=task_id).first()
    if row is None:
        raise NotFound("no_such_task", "没有这个任务。")
    return view(row)


def live(*, by: Actor, limit: int = 100) -> list[TaskView]:
    """The tasks that run, those that wait, and those that ended in the last minutes; the newest of each first."""
    since = clock.now() - timedelta(minutes=3)
    rows = seen(by).filter(Q(state__in=("queued", "running")) | Q(finished_at__gt=since))
    return [view(t) for t in rows.order_by(_RANK, "-created_at")[:limit]]


def still(by: Actor) -> list[UUID]:
    """Tasks of theirs that are said to run and have told of no progress for a while."""
    rows = seen(by).filter(state="running", beat_at__lt=clock.wall() - STILL)
    return list(rows.order_by("id").values_list("id", flat=True)[:100])


def _filtered(by: Actor, *, kind: str, text: str, mine: bool) -> QuerySet[Task]:
    rows = seen(by)
    if kind:
        rows = rows.filter(kind__in=kind.split(","))
    if text:
        rows = rows.filter(title__icontains=text)
    return rows.filter(started_by=by.key) if mine else rows


def page(
    *, by: Actor, tab: str = "all", kind: str = "", text: str = "", mine: bool = False, cursor: str = "",
    limit: int = 50,
) -> paging.Page[TaskView]:  # fmt: skip
    """One page of the task list of somebody: what runs, what waits, then the rest; the newest of each first.

    Raises Invalid for a bad cursor.
    """
    rows = _filtered(by, kind=kind, text=text, mine=mine).filter(state__in=TABS.get(tab, TASK_STATES))
    return newest_first(rows, view, cursor=cursor, limit=limit, rank=_RANK)


def counts(*, by: Actor, kind: str = "", text: str = "", mine: bool = False) -> dict[str, int]:
    """How many tasks each tab has."""
    states = dict(_filtered(by, kind=kind, text=text, mine=mine).values_list("state").annotate(n=Count("id")))
    return {tab: sum(states.get(s, 0) for s in members) for tab, members in TABS.items()}
