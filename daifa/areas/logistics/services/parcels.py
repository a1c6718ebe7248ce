"""Parcels: recorded with their contents and what is to be told to the shops, all or none; taken back while untold.

A tracking number is live once: the database refuses it on a second parcel. Several orders in one box are one parcel
with lines of each, which only a person may say (``shared``).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from daifa.areas.logistics.models import Parcel, ParcelLine, ParcelNumber, ShipmentReport
from daifa.areas.logistics.types import LiveNumber
from daifa.base import bulk
from daifa.base.tenancy import alone
from daifa.kit import clock
from daifa.kit.errors import Conflict
from daifa.kit.ids import uuid7
from daifa.kit.values import dataclass


@dataclass(frozen=True, slots=True)
class Piece:
    """Pieces of an assignment in a box; ``tells``: its shop must be told (not where the platform ships by itself)."""

    order_id: UUID
    shop_id: UUID
    assignment_id: UUID
    quantity: int
    tells: bool = True


@dataclass(frozen=True, slots=True)
class NewParcel:
    """A box as a supplier announced it; ``row`` is the row of ``file_id``, ``shared`` a person's word."""

    tracking_number: str
    courier: str
    supplier_id: UUID | None
    pieces: tuple[Piece, ...]
    reason: str
    by: str
    shared: bool = False
    file_id: UUID | None = None
    row: int | None = None


@dataclass(frozen=True, slots=True)
class InBox:
    """Pieces that are in a parcel: what an undo takes out again."""

    parcel_id: UUID
    order_id: UUID
    assignment_id: UUID
    quantity: int


def one_at_a_time() -> None:
    """Wait until nobody else records parcels of this company; held until the transaction ends."""
    alone("parcels")


def live_numbers(numbers: Sequence[str]) -> list[LiveNumber]:
    """Which of these numbers are on a live parcel; ``purchase_ids`` is for the caller to fill."""
    found = bulk.select(
        "SELECT p.tracking_number, p.shipped_at, p.delivered_at FROM logistics_parcel p"
        " WHERE p.tenant_id = {tenant} AND p.live AND p.tracking_number = ANY(%s)"
        " UNION ALL SELECT n.tracking_number, p.shipped_at, p.delivered_at FROM logistics_parcelnumber n"
        " JOIN logistics_parcel p ON p.tenant_id = {tenant} AND p.id = n.parcel_id"
        " WHERE n.tenant_id = {tenant} AND n.live AND n.tracking_number = ANY(%s)",
        [list(numbers), list(numbers)],
    )
    return [LiveNumber(number, (), "", since, delivered) for number, since, delivered in found]


def close_old(numbers: Sequence[str], *, days: int, now: datetime) -> None:
    """Numbers whose window is over may be used again (couriers do)."""
    bulk.select(
        "WITH old AS (UPDATE logistics_parcel AS p SET live = false WHERE p.tenant_id = {tenant} AND p.live"
        " AND p.tracking_number = ANY(%s) AND coalesce(p.delivered_at, p.shipped_at) <= %s RETURNING p.id),"
        " more AS (UPDATE logistics_parcelnumber AS n SET live = false FROM logistics_parcel AS p"
        " WHERE n.tenant_id = {tenant} AND p.tenant_id = {tenant} AND p.id = n.parcel_id AND n.live"
        " AND n.tracking_number = ANY(%s) AND coalesce(p.delivered_at, p.shipped_at) <= %s RETURNING n.id)"
        " SELECT (SELECT count(*) FROM old), (SELECT count(*) FROM more)",
        [list(numbers), now - timedelta(days=days), list(numbers), now - timedelta(days=days)],
    )


def record(parcels: Sequence[NewParcel]) -> list[InBox]:
    """Record boxes, their contents, and a waiting report per (parcel, order) that a shop must hear of.

    The counts of what was bought are the caller's to move in the same transaction. Raises Conflict for a number that
    another box also goes by; the database refuses one that is live (``parcel_live``).
    """
    at = clock.now()
    homes = _homes(parcels)
    rows, lines, reports = [], [], {}
    inside: list[InBox] = []
    for p in parcels:
        home = homes.get(p.tracking_number) if p.shared else None
        if home is None:
            home = uuid7()
            if p.shared:
                homes[p.tracking_number] = home
            rows.append(
                (home, at, p.tracking_number, p.courier, p.supplier_id, p.shared, at, p.file_id, p.row, p.by, p.reason)
            )
        for piece in p.pieces:
            lines.append((uuid7(), at, home, piece.order_id, piece.assignment_id, piece.quantity))
            inside.append(InBox(home, piece.order_id, piece.assignment_id, piece.quantity))
            if piece.tells:
                reports[home, piece.order_id] = (
                    uuid7(), at, home, piece.order_id, piece.shop_id, 1, p.courier, p.tracking_number, "waiting",
                )  # fmt: skip
    columns = (
        "id", "created_at", "tracking_number", "courier", "supplier_id", "shared", "shipped_at", "file_id", "row",
        "by", "reason",
    )  # fmt: skip
    bulk.insert(Parcel, (*columns, "state", "live", "delivered_at"), [(*r, "announced", True, None) for r in rows])
    bulk.insert(ParcelLine, ("id", "created_at", "parcel_id", "order_id", "assignment_id", "qty"), lines)
    _insert_reports(list(reports.values()))
    return inside


REPORT_COLUMNS = (
    "id", "created_at", "parcel_id", "order_id", "shop_id", "version", "courier", "tracking_number", "state",
)  # fmt: skip


def _insert_reports(rows: Sequence[tuple[object, ...]]) -> None:
    bulk.insert(
        ShipmentReport,
        (*REPORT_COLUMNS, "ship_file_id", "row", "told_at", "confirmed_at"),
        [(*r, None, None, None, None) for r in rows],
        on_conflict="(tenant_id, parcel_id, order_id, version) DO NOTHING",
    )


def _homes(parcels: Sequence[NewParcel]) -> dict[str, UUID]:
    """The live parcels that shared boxes join, marked as shared. Raises Conflict for a number used as a second one."""
    numbers = [p.tracking_number for p in parcels]
    taken = ParcelNumber.objects.filter(tracking_number__in=numbers, live=True).values_list(
        "tracking_number", flat=True
    )
    if clash := sorted(taken):
        raise Conflict("number_taken", f"单号 {clash[0]} 已经是另一个包裹的转寄单号，请核对。")
    shared = [p.tracking_number for p in parcels if p.shared]
    live = Parcel.objects.filter(tracking_number__in=shared, live=True)
    found = dict(live.values_list("tracking_number", "id"))
    live.update(shared=True)
    return found


def take_back(pieces: Sequence[InBox]) -> list[InBox]:
    """Take pieces out of their boxes again; an empty box is void, its number free. Returns what was inside.

    Raises Conflict when a shop was told already (its file was downloaded), nothing is changed then.
    """
    parcel_ids = sorted({p.parcel_id for p in pieces})
    order_ids = sorted({p.order_id for p in pieces})
    list(Parcel.objects.select_for_update().filter(id__in=parcel_ids).order_by("id").values_list("id", flat=True))
    told = bulk.select(
        "SELECT r.tracking_number FROM logistics_shipmentreport r"
        " LEFT JOIN logistics_shipfile f ON f.tenant_id = {tenant} AND f.id = r.ship_file_id"
        " WHERE r.tenant_id = {tenant} AND r.parcel_id = ANY(%s::uuid[]) AND r.order_id = ANY(%s::uuid[])"
        " AND (r.state IN ('uploaded', 'confirmed') OR (r.state = 'in_file' AND f.state <> 'ready')) LIMIT 1",
        [parcel_ids, order_ids],
    )
    if told:
        raise Conflict("already_told", f"单号 {told[0][0]} 已经在下载过的上传文件里，不能撤销。请先作废那个文件。")
    out = bulk.select(
        "DELETE FROM logistics_parcelline AS l USING unnest(%s::uuid[], %s::uuid[]) AS v(parcel_id, assignment_id)"
        " WHERE l.tenant_id = {tenant} AND l.parcel_id = v.parcel_id AND l.assignment_id = v.assignment_id"
        " RETURNING l.parcel_id, l.order_id, l.assignment_id, l.qty",
        [[p.parcel_id for p in pieces], [p.assignment_id for p in pieces]],
    )
    _void_empty(parcel_ids)
    return [InBox(*row) for row in out]


def _void_empty(parcel_ids: Sequence[UUID]) -> None:
    gone = "NOT EXISTS (SELECT 1 FROM logistics_parcelline l WHERE l.tenant_id = {tenant} AND l.parcel_id = "
    bulk.select(
        "UPDATE logistics_shipmentreport AS r SET state = 'void', ship_file_id = NULL"
        " WHERE r.tenant_id = {tenant} AND r.parcel_id = ANY(%s::uuid[])"
        " AND r.state IN ('waiting', 'in_file', 'refused')"
        f" AND {gone} r.parcel_id AND l.order_id = r.order_id) RETURNING r.id",
        [list(parcel_ids)],
    )
    bulk.select(
        "UPDATE logistics_parcel AS p SET state = 'void', live = false"
        f" WHERE p.tenant_id = {{tenant}} AND p.id = ANY(%s::uuid[]) AND {gone} p.id) RETURNING p.id",
        [list(parcel_ids)],
    )


def renumber(parcel_id: UUID, *, tracking_number: str, courier: str, by: str, reason: str) -> list[UUID]:
    """The box goes by another number now: the old one stays on record, told reports get a new version.

    Back to a number that it had before, the one in between was a slip: it is free for other boxes. Returns the orders
    concerned. Raises Conflict when the new number is on another live parcel.
    """
    parcel = Parcel.objects.select_for_update().get(id=parcel_id)
    back = ParcelNumber.objects.filter(parcel_id=parcel.id, tracking_number=tracking_number, live=True).update(
        live=False
    )
    if live_numbers([tracking_number]):
        raise Conflict("number_taken", f"单号 {tracking_number} 已经用在另一个包裹上，请核对。")
    ParcelNumber.objects.create(
        parcel_id=parcel.id, tracking_number=parcel.tracking_number, courier=parcel.courier, live=not back
    )
    parcel.tracking_number, parcel.courier, parcel.by, parcel.reason = tracking_number, courier, by, reason
    parcel.save(update_fields=["tracking_number", "courier", "by", "reason"])
    newest: dict[UUID, ShipmentReport] = {}
    for report in ShipmentReport.objects.select_for_update().filter(parcel_id=parcel.id).order_by("version"):
        newest[report.order_id] = report
    fresh = []
    for report in newest.values():
        if report.state in {"waiting", "in_file", "refused"}:
            report.state, report.ship_file_id = "void", None
            report.save(update_fields=["state", "ship_file"])
        fresh.append(
            (
                uuid7(), clock.now(), parcel.id, report.order_id, report.shop_id, report.version + 1, courier,
                tracking_number, "waiting",
            )
        )  # fmt: skip
    _insert_reports(fresh)
    return sorted(newest)


def number_of(parcel_id: UUID) -> tuple[str, str]:
    """The number a parcel goes by, and its courier (code)."""
    number, courier = Parcel.objects.values_list("tracking_number", "courier").get(id=parcel_id)
    return number, courier


def orders_in(parcel_id: UUID) -> list[UUID]:
    """The orders that have pieces in a parcel."""
    found = ParcelLine.objects.filter(parcel_id=parcel_id).values_list("order_id", flat=True).distinct()
    return sorted(found)


def of_numbers(numbers: Sequence[str]) -> list[UUID]:
    """The live parcels that go by these numbers."""
    found = Parcel.objects.filter(tracking_number__in=list(numbers), live=True).exclude(state="void")
    return sorted(found.values_list("id", flat=True))
