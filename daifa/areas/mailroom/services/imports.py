"""Imports: one sheet of one file, recognised, perhaps corrected, run; the fate of every row."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from django.db.models import Count

from daifa.areas.mailroom.models import Import, ImportRow, MappingTemplate
from daifa.base import bulk
from daifa.base.actor import Actor
from daifa.kit import clock
from daifa.kit.errors import Conflict, NotFound
from daifa.kit.ids import uuid7

OPEN = ("reading", "password", "waiting", "queued", "running")


def create(*, by: Actor, file_id: UUID, kind: str = "") -> UUID:
    """A file that arrived, not yet read."""
    return Import.objects.create(file_id=file_id, kind=kind, state="reading", started_by=by.key).id


def get(import_id: UUID, *, lock: bool = False) -> Import:
    """One import's row. Raises NotFound."""
    rows = Import.objects.select_for_update() if lock else Import.objects.all()
    row = rows.filter(id=import_id).first()
    if row is None:
        raise NotFound("no_such_import", "没有这次导入。")
    return row


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
    row = get(import_id, lock=True)
    if row.state not in {"reading", "password", "waiting", "failed"}:
        raise Conflict("import_started", "这次导入已经开始，不能再改。")
    row.kind, row.platform, row.sheet, row.header_row = kind, platform, sheet, header_row
    row.guess, row.asked, row.rows, row.as_of = dict(guess), asked, rows, as_of
    row.shop_id, row.totals, row.state = shop_id, dict(totals), state
    row.save()


def set_state(import_id: UUID, state: str, **values: object) -> None:
    """Move an import along."""
    Import.objects.filter(id=import_id).update(state=state, **values)


def queue(import_ids: Sequence[UUID], task_id: UUID) -> list[Import]:
    """Take waiting imports into a task; only those that are ready go."""
    rows = list(Import.objects.select_for_update().filter(id__in=import_ids, state="waiting").order_by("id"))
    Import.objects.filter(id__in=[r.id for r in rows]).update(state="queued", task_id=task_id)
    return rows


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


def save_template(
    *, name: str, kind: str, platform: str, fingerprint: str, mapping: Mapping[str, object]
) -> MappingTemplate:
    """Remember a person's correction under a name; the same header replaces the older template."""
    row, _ = MappingTemplate.objects.update_or_create(
        kind=kind,
        fingerprint=fingerprint,
        defaults={"name": name, "platform": platform, "mapping": dict(mapping)},
    )
    return row


def templates() -> list[dict[str, object]]:
    """Every remembered mapping."""
    rows = MappingTemplate.objects.order_by("name")
    return [dict(r) for r in rows.values("id", "name", "kind", "platform", "fingerprint", "mapping")]
