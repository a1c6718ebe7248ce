"""What shops are told: rows of ship files, downloaded, uploaded, confirmed or refused; void while not uploaded."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import UUID

from daifa.areas.logistics.models import ShipFile, ShipmentReport
from daifa.areas.logistics.rules.lifecycles import SHIP_FILE
from daifa.areas.logistics.services.parcels import REPORT_COLUMNS
from daifa.base import bulk
from daifa.kit import clock
from daifa.kit.errors import Conflict, NotFound
from daifa.kit.ids import uuid7
from daifa.kit.values import dataclass


@dataclass(frozen=True, slots=True)
class ShipFileView:
    """One batch-ship file of one shop."""

    id: UUID
    shop_id: UUID
    file_id: UUID
    name: str
    rows: int
    state: str
    created_at: datetime
    downloaded_at: datetime | None
    uploaded_at: datetime | None
    uploaded_by: str


def view(row: ShipFile) -> ShipFileView:
    """A row as a value."""
    return ShipFileView(
        row.id, row.shop_id, row.file_id, row.name, row.rows, row.state, row.created_at, row.downloaded_at,
        row.uploaded_at, row.uploaded_by,
    )  # fmt: skip


def make(*, shop_id: UUID, file_id: UUID, name: str, rows: Sequence[tuple[UUID, int]], count: int, by: str) -> UUID:
    """A file that holds these reports ((report, first row)); ``count`` rows in all.

    Raises Conflict when a report is no longer waiting: nobody is told twice by accident.
    """
    made = ShipFile.objects.create(shop_id=shop_id, file_id=file_id, name=name, rows=count, by=by)
    hit = bulk.update(
        ShipmentReport,
        ("state", "ship_file_id", "row"),
        [(report, "in_file", made.id, row) for report, row in rows],
        where="t.state = 'waiting'",
    )
    if len(hit) != len(rows):
        raise Conflict("report_taken", "有的单号刚被放进另一个文件，请刷新后再生成。")
    return made.id


def get(ids: Collection[UUID]) -> list[ShipFileView]:
    """Files by id, in order of shop and name. Raises NotFound when one is missing."""
    found = [view(f) for f in ShipFile.objects.filter(id__in=list(ids)).order_by("shop_id", "name")]
    if len(found) != len(set(ids)):
        raise NotFound("no_such_file", "没有这个上传文件，请刷新。")
    return found


def open_files(shop_ids: Collection[UUID]) -> list[ShipFileView]:
    """Files that still wait for a download, an upload or a confirmation; newest first."""
    rows = ShipFile.objects.filter(shop_id__in=list(shop_ids), state__in=("ready", "downloaded", "uploaded"))
    return [view(f) for f in rows.order_by("-created_at", "name")[:500]]


def _locked(ids: Collection[UUID], state: str) -> list[ShipFile]:
    rows = list(ShipFile.objects.select_for_update().filter(id__in=list(ids)).order_by("id"))
    if len(rows) != len(set(ids)):
        raise NotFound("no_such_file", "没有这个上传文件，请刷新。")
    for row in rows:
        SHIP_FILE.check(row.state, state)
    return rows


def downloaded(ids: Collection[UUID]) -> list[ShipFileView]:
    """These files were taken home; the first time counts. A void file may not be. Raises NotFound, Conflict."""
    rows = list(ShipFile.objects.select_for_update().filter(id__in=list(ids)).order_by("shop_id", "name"))
    if len(rows) != len(set(ids)):
        raise NotFound("no_such_file", "没有这个上传文件，请刷新。")
    for row in rows:
        if row.state == "void":
            raise Conflict("file_void", f"{row.name} 已作废，不能再下载。请重新生成。")
        if row.state == "ready":
            row.state, row.downloaded_at = "downloaded", clock.now()
            row.save(update_fields=["state", "downloaded_at"])
    return [view(r) for r in rows]


def uploaded(ids: Collection[UUID], *, by: str) -> dict[UUID, set[UUID]]:
    """A person uploaded these files to the platform; returns by order the files it is in. Raises NotFound, Conflict."""
    at = clock.now()
    for row in _locked(ids, "uploaded"):
        row.state, row.uploaded_at, row.uploaded_by = "uploaded", at, by
        row.save(update_fields=["state", "uploaded_at", "uploaded_by"])
    return _move(ids, "in_file", "uploaded", at)


def not_uploaded(ids: Collection[UUID]) -> list[UUID]:
    """已上传 was said by mistake: the files are downloaded only. Raises NotFound, Conflict."""
    for row in _locked(ids, "downloaded"):
        row.state, row.uploaded_at, row.uploaded_by = "downloaded", None, ""
        row.save(update_fields=["state", "uploaded_at", "uploaded_by"])
    return sorted(_move(ids, "uploaded", "in_file", None))


def _move(ids: Collection[UUID], before: str, after: str, told_at: datetime | None) -> dict[UUID, set[UUID]]:
    moved: dict[UUID, set[UUID]] = defaultdict(set)
    for order, file in bulk.select(
        "UPDATE logistics_shipmentreport AS r SET state = %s, told_at = %s WHERE r.tenant_id = {tenant}"
        " AND r.ship_file_id = ANY(%s::uuid[]) AND r.state = %s RETURNING r.order_id, r.ship_file_id",
        [after, told_at, list(ids), before],
    ):
        moved[order].add(file)
    return dict(moved)


def void(ids: Collection[UUID]) -> list[UUID]:
    """Throw files away that nobody uploaded: their rows wait again. Returns the orders. Raises NotFound, Conflict."""
    for row in _locked(ids, "void"):
        row.state = "void"
        row.save(update_fields=["state"])
    found = bulk.select(
        "UPDATE logistics_shipmentreport AS r SET state = 'waiting', ship_file_id = NULL, row = NULL"
        " WHERE r.tenant_id = {tenant} AND r.ship_file_id = ANY(%s::uuid[]) AND r.state = 'in_file'"
        " RETURNING r.order_id",
        [list(ids)],
    )
    return sorted({i for (i,) in found})


def refuse(report_ids: Collection[UUID], reason: str) -> list[UUID]:
    """The platform did not take these rows; returns the orders. Raises Conflict when one was never told."""
    found = bulk.select(
        "UPDATE logistics_shipmentreport AS r SET state = 'refused', refusal = %s WHERE r.tenant_id = {tenant}"
        " AND r.id = ANY(%s::uuid[]) AND r.state IN ('in_file', 'calling', 'uploaded') RETURNING r.order_id",
        [reason, list(report_ids)],
    )
    if len(found) != len(set(report_ids)):
        raise Conflict("not_told", "有的单号没有上传过，或已经确认，不能登记为未通过。请刷新。")
    return sorted({i for (i,) in found})


def again(report_ids: Collection[UUID]) -> list[UUID]:
    """Tell refused ones again, as a new version; returns the orders. Raises Conflict when one is not refused, or has
    a newer version already."""
    rows = list(ShipmentReport.objects.select_for_update().filter(id__in=list(report_ids)).order_by("id"))
    if len(rows) != len(set(report_ids)) or any(r.state != "refused" for r in rows):
        raise Conflict("not_refused", "只有平台未通过的单号可以重新上传。请刷新。")
    fresh = [
        (uuid7(), clock.now(), r.parcel_id, r.order_id, r.shop_id, r.version + 1, r.courier, r.tracking_number,
         "waiting", None, None, None, None)
        for r in rows
    ]  # fmt: skip
    made = bulk.insert(
        ShipmentReport,
        (*REPORT_COLUMNS, "ship_file_id", "row", "told_at", "confirmed_at"),
        fresh,
        on_conflict="(tenant_id, parcel_id, order_id, version) DO NOTHING",
    )
    if len(made) != len(rows):
        raise Conflict("newer_version", "有的单号已经有新版本在等上传。请刷新。")
    return sorted({r.order_id for r in rows})


def confirm(report_ids: Collection[UUID]) -> list[UUID]:
    """The platform shows these as shipped; returns the orders. Files whose rows are all settled are confirmed."""
    at = clock.now()
    found = bulk.select(
        "UPDATE logistics_shipmentreport AS r SET state = 'confirmed', confirmed_at = %s WHERE r.tenant_id = {tenant}"
        " AND r.id = ANY(%s::uuid[]) AND r.state IN"
        " ('waiting', 'in_file', 'calling', 'uploaded', 'refused') RETURNING r.order_id, r.ship_file_id",
        [at, list(report_ids)],
    )
    file_ids = sorted({f for _, f in found if f is not None})
    bulk.select(
        "UPDATE logistics_shipfile AS f SET state = 'confirmed' WHERE f.tenant_id = {tenant}"
        " AND f.id = ANY(%s::uuid[]) AND f.state IN ('downloaded', 'uploaded') AND NOT EXISTS ("
        "SELECT 1 FROM logistics_shipmentreport r WHERE r.tenant_id = {tenant} AND r.ship_file_id = f.id"
        " AND r.state IN ('in_file', 'uploaded')) RETURNING f.id",
        [file_ids],
    )
    return sorted({i for i, _ in found})


def needed_again(report_ids: Collection[UUID]) -> list[UUID]:
    """A person's word that these need not go is taken back, where they went in no file; returns the orders."""
    found = bulk.select(
        "UPDATE logistics_shipmentreport AS r SET state = 'waiting', confirmed_at = NULL WHERE r.tenant_id = {tenant}"
        " AND r.id = ANY(%s::uuid[]) AND r.state = 'confirmed' AND r.ship_file_id IS NULL AND r.told_at IS NULL"
        " RETURNING r.order_id",
        [list(report_ids)],
    )
    return sorted({i for (i,) in found})


def calling(report_id: UUID) -> None:
    """It is being told by API: it stands in no file meanwhile. Raises Conflict when it is no longer waiting."""
    if not ShipmentReport.objects.filter(id=report_id, state="waiting").update(state="calling"):
        raise Conflict("report_taken", "这个单号刚被放进上传文件，或已经确认。请刷新。")


def told(report_id: UUID, *, pack_id: str = "") -> None:
    """The platform took it by API; ``pack_id`` is its name for the box."""
    rows = ShipmentReport.objects.filter(id=report_id, state="calling")
    rows.update(state="uploaded", told_at=clock.now(), pack_id=pack_id)


def wait_again(report_id: UUID) -> None:
    """The telling did not happen: it waits again."""
    ShipmentReport.objects.filter(id=report_id, state="calling").update(state="waiting")


def shops_of(report_ids: Collection[UUID]) -> set[UUID]:
    """The shops that these reports speak to. Raises NotFound when one is missing."""
    rows = dict(ShipmentReport.objects.filter(id__in=list(report_ids)).values_list("id", "shop_id"))
    if len(rows) != len(set(report_ids)):
        raise NotFound("no_such_report", "有的单号已经不在了，请刷新。")
    return set(rows.values())
