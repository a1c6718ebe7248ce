"""Imports: one sheet of one file, recognised, perhaps corrected, run; the fate of every row."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from daifa.areas.mailroom.models import Import, ImportRow
from daifa.areas.mailroom.rules.people import NOBODY, may_hold_people
from daifa.areas.mailroom.types import ImportView, Within
from daifa.base import audit, bulk
from daifa.base.actor import Actor
from daifa.base.listing import newest_first
from daifa.kit import clock, paging
from daifa.kit.errors import Conflict, NotFound
from daifa.kit.ids import uuid7

# What these files are stored as: uploads, and the refused rows of one.
PURPOSES = frozenset({"import", "errors"})
CHANGEABLE = ("reading", "password", "waiting", "failed", "cancelled")
OPEN = ("reading", "password", "waiting", "queued", "running")
TABS: Mapping[str, tuple[str, ...]] = {
    "all": ("reading", "password", "waiting", "queued", "running", "done", "failed", "cancelled", "undone"),
    "open": OPEN,
    "done": ("done",),
    "stopped": ("failed", "cancelled", "undone"),
}


def create(*, started_by: str, file_id: UUID, kind: str = "") -> UUID:
    """A file that arrived, not yet read; ``started_by`` is an actor's key."""
    return Import.objects.create(file_id=file_id, kind=kind, state="reading", started_by=started_by).id


def exists(import_id: UUID) -> bool:
    """Whether there still is such an import (a waiting one may have been thrown away)."""
    return Import.objects.filter(id=import_id).exists()


def seen(within: Within | None) -> QuerySet[Import]:
    """The imports that somebody may see.

    Of their shops and suppliers; what names none is of goods and prices, or else theirs who brought it.
    """
    rows = Import.objects.select_related("file")
    if within is None:
        return rows
    mine = Q(started_by=within.key)
    if within.shops is not None:
        rows = rows.filter(Q(shop_id__in=list(within.shops)) | Q(shop_id=None) & (mine | Q(kind__in=list(NOBODY))))
    if within.suppliers is not None:
        nameless = Q(guess__said__supplier__isnull=True) | Q(guess__said__supplier="")
        rows = rows.filter(Q(guess__said__supplier__in=list(within.suppliers)) | nameless & mine)
    return rows


def all_within(file_id: UUID, within: Within) -> bool:
    """Whether every import of a file (or with it as its refused rows) is somebody's to see."""
    touched = Q(file_id=file_id) | Q(error_file_id=file_id)
    return seen(within).filter(touched).count() == Import.objects.filter(touched).count()


def with_people(file_ids: Iterable[UUID]) -> set[UUID]:
    """Those of these uploaded files and error files that may hold people."""
    asked = set(file_ids)
    kinds: dict[UUID, set[str]] = {i: set() for i in asked}
    rows = Import.objects.filter(Q(file_id__in=asked) | Q(error_file_id__in=asked))
    for file_id, error_file_id, kind in rows.values_list("file_id", "error_file_id", "kind"):
        for touched in {file_id, error_file_id} & asked:
            kinds[touched].add(kind)
    return {i for i, found in kinds.items() if may_hold_people(found)}


def _row(import_id: UUID, *, lock: bool = False, within: Within | None = None) -> Import:
    rows = seen(within)
    row = (rows.select_for_update(of=("self",)) if lock else rows).filter(id=import_id).first()
    if row is None:
        raise NotFound("no_such_import", "没有这次导入。")
    return row


def get(import_id: UUID, *, lock: bool = False, within: Within | None = None) -> ImportView:
    """One import, of those that somebody may see. Raises NotFound."""
    return view(_row(import_id, lock=lock, within=within))


def view(row: Import) -> ImportView:
    """A row as a value."""
    return ImportView(
        row.id, row.file_id, row.file.name, row.task_id, row.kind, row.platform, row.shop_id, row.sheet,
        row.header_row, row.guess, row.asked, row.as_of, row.state, row.rows, row.counts, row.totals,
        row.error_file_id, row.started_by, row.created_at, row.finished_at,
    )  # fmt: skip


def recognised(
    import_id: UUID,
    *,
    kind: str,
    platform: str,
    sheet: str,
    header_row: int,
    guess: Mapping[str, object],
    asked: int,
    rows: int,
    as_of: datetime | None,
    shop_id: UUID | None,
    totals: Mapping[str, object],
    state: str = "waiting",
) -> None:
    """Store what a sheet is believed to be; it waits for a person's word (or runs at once when nothing is asked)."""
    row = _row(import_id, lock=True)
    if row.state not in CHANGEABLE:
        raise Conflict("import_started", "这次导入已经开始，不能再改。")
    row.kind, row.platform, row.sheet, row.header_row = kind, platform, sheet, header_row
    row.guess, row.asked, row.rows, row.as_of = dict(guess), asked, rows, as_of
    row.shop_id, row.totals, row.state = shop_id, dict(totals), state
    row.save()


def set_state(import_id: UUID, state: str, **values: object) -> None:
    """Move an import along."""
    Import.objects.filter(id=import_id).update(state=state, **values)


def queue(import_id: UUID, task_id: UUID) -> None:
    """Take a waiting import into a task."""
    Import.objects.filter(id=import_id, state="waiting").update(state="queued", task_id=task_id)


def reopen(import_id: UUID) -> None:
    """A stopped import waits for a person again; the fates of its rows stay."""
    Import.objects.filter(id=import_id, state__in=("cancelled", "failed")).update(
        state="reading", task_id=None, finished_at=None
    )


def record_rows(import_id: UUID, rows: Sequence[tuple[int, str, UUID | None, str, str, str]]) -> None:
    """Write the fate of rows: (row, outcome, object, column, reason, fix). The first word on a row stays."""
    at = clock.now()
    columns = ("id", "created_at", "imported_id", "row", "outcome", "object_id", "column", "reason", "fix")
    values = [(uuid7(), at, import_id, *row) for row in rows]
    bulk.insert(ImportRow, columns, values, on_conflict="(tenant_id, imported_id, row) DO NOTHING")


def outcomes(import_id: UUID) -> dict[str, int]:
    """How many rows had which fate."""
    rows = ImportRow.objects.filter(imported_id=import_id).values_list("outcome").annotate(n=Count("id"))
    return {str(outcome): int(n) for outcome, n in rows}


def object_outcomes(import_id: UUID) -> dict[str, int]:
    """How many distinct objects (orders) had which fate."""
    found = bulk.select(
        "SELECT outcome, count(DISTINCT object_id) FROM mailroom_importrow"
        " WHERE tenant_id = {tenant} AND imported_id = %s AND object_id IS NOT NULL GROUP BY outcome",
        [import_id],
    )
    return {str(outcome): int(n) for outcome, n in found}


def rejected_rows(import_id: UUID) -> list[tuple[int, str, str, str]]:
    """(row, column, reason, fix) of the rows that were refused."""
    rows = ImportRow.objects.filter(imported_id=import_id, outcome="rejected").order_by("row")
    return list(rows.values_list("row", "column", "reason", "fix"))


def objects_of(import_id: UUID, outcome: str) -> list[UUID]:
    """The objects that had one fate."""
    rows = ImportRow.objects.filter(imported_id=import_id, outcome=outcome, object_id__isnull=False)
    return sorted({i for i in rows.values_list("object_id", flat=True) if i is not None})


def finish(import_id: UUID, state: str, counts: Mapping[str, object], error_file: UUID | None) -> None:
    """End an import with its counts."""
    Import.objects.filter(id=import_id).update(
        state=state, counts=dict(counts), error_file_id=error_file, finished_at=clock.now()
    )


def newest_export(shop_id: UUID, *, without: UUID) -> datetime | None:
    """When the newest order file of a shop that still counts was exported, leaving one import out."""
    rows = Import.objects.filter(shop_id=shop_id, kind="orders", state="done").exclude(id=without)
    told = rows.values_list("counts__as_of", flat=True)
    return max((datetime.fromisoformat(at) for at in told if at), default=None)


def undone(import_id: UUID, said: str) -> None:
    """What the import made was taken out again."""
    row = _row(import_id, lock=True)
    row.state, row.counts = "undone", {**row.counts, "message": said, "undo": ""}
    row.save(update_fields=["state", "counts"])


def list_open(within: Within | None = None) -> list[ImportView]:
    """Imports that wait for a person or are under way, and files that could not be read; newest first."""
    rows = seen(within).filter(Q(state__in=OPEN) | Q(state="failed", task=None))
    return [view(r) for r in rows.order_by("-created_at", "-id")[:200]]


def _filtered(within: Within, *, kind: str, shop_id: UUID | None, text: str) -> QuerySet[Import]:
    rows = seen(within)
    if kind:
        rows = rows.filter(kind__in=kind.split(","))
    if shop_id is not None:
        rows = rows.filter(shop_id=shop_id)
    if text:
        rows = rows.filter(file__name__icontains=text)
    return rows


def page(
    *,
    within: Within,
    tab: str = "all",
    kind: str = "",
    shop_id: UUID | None = None,
    text: str = "",
    cursor: str = "",
    limit: int = 50,
) -> paging.Page[ImportView]:
    """One page of all imports that somebody may see, newest first."""
    rows = _filtered(within, kind=kind, shop_id=shop_id, text=text).filter(state__in=TABS.get(tab, TABS["all"]))
    return newest_first(rows, view, cursor=cursor, limit=limit)


def counts(*, within: Within, kind: str = "", shop_id: UUID | None = None, text: str = "") -> dict[str, int]:
    """How many imports each tab has."""
    rows = _filtered(within, kind=kind, shop_id=shop_id, text=text)
    states = dict(rows.values_list("state").annotate(n=Count("id")))
    return {tab: sum(states.get(s, 0) for s in members) for tab, members in TABS.items()}


def open_of_file(file_id: UUID) -> UUID | None:
    """The import of this file that still waits for a person, if any."""
    waits = Q(state__in=("reading", "password", "waiting")) | Q(state="failed", task=None)
    rows = Import.objects.filter(waits, file_id=file_id).order_by("created_at")
    return rows.values_list("id", flat=True).first()


def last_done(file_id: UUID, sheet: str) -> ImportView | None:
    """When the same sheet of the same file was imported before."""
    rows = Import.objects.select_related("file").filter(file_id=file_id, sheet=sheet, state="done")
    row = rows.order_by("-finished_at").first()
    return view(row) if row else None


def discard(*, by: Actor, import_id: UUID) -> UUID:
    """Throw away an import that wrote nothing; returns its file's id. Raises NotFound, Conflict."""
    row = _row(import_id, lock=True)
    if row.state not in CHANGEABLE or ImportRow.objects.filter(imported_id=row.id).exists():
        raise Conflict("import_started", "这次导入已经写入数据，不能移除。")
    audit.record(by, "import.discard", f"移除待导入文件 {row.file.name}", kind="import", object_id=row.id)
    file_id = row.file_id
    Import.objects.filter(id=row.id).delete()
    return file_id
