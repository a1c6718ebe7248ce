"""Any list as a workbook: the columns on screen, what its filter finds; a task makes it, its file is logged."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from uuid import UUID

from pydantic import ValidationError

from daifa.areas.accounts.services import settings
from daifa.areas.mailroom.services import files, tasks
from daifa.base import audit
from daifa.base.actor import Actor
from daifa.base.jobs import tenant_task
from daifa.base.tenancy import tenant
from daifa.flows import handing
from daifa.flows.exported_lists import LISTINGS, Column, Listing
from daifa.kit import clock
from daifa.kit.clock import BEIJING
from daifa.kit.errors import AppError, Invalid, NotFound
from daifa.kit.tabular.write import Out, Table, write_xlsx

EXPORT = "orders.export"
MOST = 100_000


def start(*, by: Actor, name: str, asked: Mapping[str, str], columns: Sequence[str]) -> UUID:
    """Begin the export of one list; returns its task. Raises NotFound, NotAllowed, Invalid for a bad filter."""
    listing = LISTINGS.get(name)
    if listing is None:
        raise NotFound("no_such_list", "没有这个列表。")
    by.need(EXPORT)
    if listing.may:
        by.need(listing.may)
    _page(listing, asked, by, "")
    task = tasks.start(by=by, kind="export", title=f"导出{listing.label}")
    audit.record(by, "export.list", f"导出{listing.label}", kind="task", object_id=task.id, data={"筛选": dict(asked)})
    write_list.enqueue(
        task_id=str(task.id), name=name, asked=dict(asked), columns=list(columns), by=[by.key, by.name],
        permissions=sorted(by.permissions), shops=_ids(by.shops), suppliers=_ids(by.suppliers),
    )  # fmt: skip
    return task.id


def _ids(scope: frozenset[UUID] | None) -> list[str] | None:
    return None if scope is None else sorted(str(i) for i in scope)


def _scope(ids: Sequence[str] | None) -> frozenset[UUID] | None:
    return None if ids is None else frozenset(UUID(i) for i in ids)


@tenant_task("lists.export")
def write_list(
    *, tenant_id: int, task_id: str, name: str, asked: Mapping[str, str], columns: Sequence[str], by: Sequence[str],
    permissions: Sequence[str], shops: Sequence[str] | None, suppliers: Sequence[str] | None,
) -> None:  # fmt: skip
    """Write the workbook of an export; run again after a crash it is simply written again."""
    # Whoever asked was let in when they asked; the job sees exactly what they might see then.
    actor = Actor(
        by[0], by[1], frozenset(permissions), shops=_scope(shops), suppliers=_scope(suppliers), via="job"
    )  # fmt: skip
    task, listing = UUID(task_id), LISTINGS[name]
    with tenant(tenant_id):
        if tasks.begin(task) is None:
            return
    try:
        data, rows = _workbook(tenant_id, task, listing, asked, columns, actor)
    except tasks.Cancelled:
        with tenant(tenant_id):
            tasks.finish(task, state="cancelled")
        return
    except AppError as error:
        with tenant(tenant_id):
            tasks.finish(task, state="failed", result={"message": error.message_zh})
        return
    with tenant(tenant_id):
        made = files.store(
            by=actor, data=data, name=f"{listing.label}_{clock.now().astimezone(BEIJING):%Y%m%d_%H%M}.xlsx",
            purpose=handing.EXPORT, direction="out", keep_days=settings.number("keep_file_days"),
        )  # fmt: skip
        more = f"（只含前 {MOST} 行）" if rows >= MOST else ""
        tasks.finish(task, file_id=made.id, result={"new": rows, "message": f"导出了 {rows} 行{more}"})


def _workbook(
    tenant_id: int, task: UUID, listing: Listing, asked: Mapping[str, str], columns: Sequence[str], actor: Actor
) -> tuple[bytes, int]:
    allowed = {key: c for key, c in listing.columns.items() if not c.may or actor.may(c.may)}
    chosen = [allowed[c] for c in columns if c in allowed] or list(allowed.values())
    heads = [h for c in chosen for h in c.heads]
    widths = [c.width for c in chosen for _ in c.heads]
    written = [0]
    rows = _rows(tenant_id, task, listing, asked, chosen, actor, written)
    return write_xlsx([Table(listing.label, heads, rows, widths=widths)]), written[0]


def _rows(
    tenant_id: int, task: UUID, listing: Listing, asked: Mapping[str, str], chosen: Sequence[Column], actor: Actor,
    written: list[int],
) -> Iterator[tuple[Out, ...]]:  # fmt: skip
    cursor = ""
    while written[0] < MOST:
        with tenant(tenant_id):
            rows, cursor = _page(listing, asked, actor, cursor)
            tasks.progress(task, written[0] + len(rows), 0, f"已写 {written[0] + len(rows)} 行")
        for row in rows[: MOST - written[0]]:
            written[0] += 1
            yield tuple(v for c in chosen for v in c.cells(row))
        if not cursor:
            return


def _page(listing: Listing, asked: Mapping[str, str], by: Actor, cursor: str) -> tuple[Sequence[object], str]:
    try:
        return listing.page(asked, by, cursor)
    except ValidationError as error:
        raise Invalid("bad_filter", "筛选条件无效，请清除后重试。") from error
