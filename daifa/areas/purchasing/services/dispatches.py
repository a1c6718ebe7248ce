"""Sendings to suppliers: which purchase lines went out in which run and version, when they were first taken, by whom.

A line stands in two live dispatches only where the second is marked 重发; the database refuses the rest.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, datetime
from uuid import UUID

from django.db.models import Q

from daifa.areas.purchasing.models import Dispatch, DispatchLine, PurchaseLine, PurchaseOrder, Supplier
from daifa.areas.purchasing.rules.lifecycles import LINE_DEAD
from daifa.base import bulk
from daifa.kit import clock
from daifa.kit.errors import Conflict, NotFound
from daifa.kit.ids import uuid7
from daifa.kit.values import dataclass


@dataclass(frozen=True, slots=True)
class DispatchRow:
    """One sending."""

    id: UUID
    supplier_id: UUID
    run: str
    version: int
    channel: str
    state: str
    resend: bool
    lines: int
    file_id: UUID | None
    created_at: datetime
    sent_at: datetime | None
    sent_by: str
    opened_at: datetime | None
    answered_at: datetime | None


def _view(row: Dispatch) -> DispatchRow:
    return DispatchRow(
        row.id, row.supplier_id, row.run, row.version, row.channel, row.state, row.resend, row.lines, row.file_id,
        row.created_at, row.sent_at, row.sent_by, row.opened_at, row.answered_at,
    )  # fmt: skip


def drafts(
    supplier_ids: Collection[UUID] | None = None, *, shops: Collection[UUID] | None = None
) -> dict[UUID, list[UUID]]:
    """Purchases (of these shops) that wait to be sent, by supplier, in the order of their numbers; locked.

    Not those placed by API; what is handed over in the shop's own back office, or a person sends by sheet, goes
    to its supplier by sheet, whatever else he gets.
    """
    told = ~Q(supplier__channel="api") | Q(handover=True) | Q(by_hand=True)
    rows = PurchaseOrder.objects.select_for_update(of=("self",)).filter(told, state="draft", factory="")
    if supplier_ids is not None:
        rows = rows.filter(supplier_id__in=list(supplier_ids))
    if shops is not None:
        rows = rows.filter(shop_id__in=list(shops))
    found: dict[UUID, list[UUID]] = {}
    for supplier, purchase in rows.order_by("supplier_id", "day", "counter").values_list("supplier_id", "id"):
        found.setdefault(supplier, []).append(purchase)
    return found


def next_run(supplier_id: UUID, day: date) -> str:
    """The name of the next sending of a day to a supplier: ``261120-2`` is the second one. Locks the supplier."""
    Supplier.objects.select_for_update().get(id=supplier_id)
    stem = f"{day:%y%m%d}-"
    runs = set(Dispatch.objects.filter(supplier_id=supplier_id, run__startswith=stem).values_list("run", flat=True))
    return f"{stem}{max((int(r.rpartition('-')[2]) for r in runs), default=0) + 1}"


def next_version(supplier_id: UUID, run: str) -> int:
    """The next version of a run. Locks the supplier."""
    Supplier.objects.select_for_update().get(id=supplier_id)
    versions = Dispatch.objects.filter(supplier_id=supplier_id, run=run).values_list("version", flat=True)
    return max(versions, default=0) + 1


def create(
    *,
    supplier_id: UUID,
    run: str,
    version: int,
    channel: str,
    purchase_ids: Sequence[UUID],
    file_id: UUID | None,
    resend: bool = False,
) -> DispatchRow:
    """A sending of the live lines of these purchases, ready to be taken.

    Raises IntegrityError (``dispatch_line_live``) when a line is in a live sending already and this is no 重发.
    """
    found = PurchaseLine.objects.filter(purchase_id__in=list(purchase_ids), live=True).exclude(state__in=LINE_DEAD)
    lines = list(found.order_by("id").values_list("id", flat=True))
    made = Dispatch.objects.create(
        supplier_id=supplier_id, run=run, version=version, channel=channel, file_id=file_id, lines=len(lines),
        resend=resend,
    )  # fmt: skip
    at = clock.now()
    rows = [(uuid7(), at, made.id, line, resend, True) for line in lines]
    columns = ("id", "created_at", "dispatch_id", "purchase_line_id", "resend", "live")
    bulk.insert(DispatchLine, columns, rows)
    return _view(made)


def get(dispatch_id: UUID, *, lock: bool = False) -> DispatchRow:
    """One sending. Raises NotFound."""
    rows = Dispatch.objects.select_for_update() if lock else Dispatch.objects.all()
    row = rows.filter(id=dispatch_id).first()
    if row is None:
        raise NotFound("no_such_dispatch", "没有这次发送。")
    return _view(row)


def mark_sent(dispatch_id: UUID, *, by_name: str) -> list[UUID] | None:
    """First download, copy or opening: the sending is sent; None when it was before (taking it again is free).

    Returns the purchases in it. Raises Conflict for a withdrawn one.
    """
    row = Dispatch.objects.select_for_update().get(id=dispatch_id)
    if row.state == "withdrawn":
        raise Conflict("dispatch_withdrawn", "这次发送已经撤回，请重新生成。")
    if row.state == "sent":
        return None
    row.state, row.sent_at, row.sent_by = "sent", clock.now(), by_name
    row.save(update_fields=["state", "sent_at", "sent_by"])
    return purchases_of(dispatch_id)


def purchases_of(dispatch_id: UUID, *, only_live: bool = False) -> list[UUID]:
    """The purchases in a sending, by number; ``only_live`` leaves out those with nothing left to ship."""
    lines = DispatchLine.objects.filter(dispatch_id=dispatch_id)
    if only_live:
        lines = lines.filter(purchase_line__live=True, purchase_line__state__in=("open", "accepted", "part_shipped"))
    ids = set(lines.values_list("purchase_line__purchase_id", flat=True))
    return list(PurchaseOrder.objects.filter(id__in=ids).order_by("day", "counter").values_list("id", flat=True))


def of_purchase(purchase_id: UUID) -> list[DispatchRow]:
    """Every sending that a purchase was in, oldest first."""
    ids = DispatchLine.objects.filter(purchase_line__purchase_id=purchase_id).values_list("dispatch_id", flat=True)
    return [_view(d) for d in Dispatch.objects.filter(id__in=set(ids)).order_by("created_at", "version")]


def withdraw_ready(purchase_ids: Sequence[UUID]) -> None:
    """Sendings of these purchases that nobody took are withdrawn: their file must not be handed out any more."""
    lines = DispatchLine.objects.filter(
        purchase_line__purchase_id__in=list(purchase_ids), live=True, dispatch__state="ready"
    )
    ids = set(lines.values_list("dispatch_id", flat=True))
    Dispatch.objects.filter(id__in=ids, state="ready").update(state="withdrawn")
    DispatchLine.objects.filter(dispatch_id__in=ids).update(live=False)


def opened(supplier_id: UUID) -> None:
    """The supplier looked at their link: what was sent through it is seen."""
    Dispatch.objects.filter(supplier_id=supplier_id, state="sent", opened_at__isnull=True).update(opened_at=clock.now())


def answered(purchase_ids: Sequence[UUID]) -> None:
    """The supplier answered lines of these purchases."""
    lines = DispatchLine.objects.filter(purchase_line__purchase_id__in=list(purchase_ids), live=True)
    ids = set(lines.values_list("dispatch_id", flat=True))
    Dispatch.objects.filter(id__in=ids, answered_at__isnull=True).update(answered_at=clock.now())
