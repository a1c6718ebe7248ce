"""发给供应商: cards per supplier, 全部发送, 重发, learning a supplier's sheet, links."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import File, Form, Router, Schema
from ninja.files import UploadedFile

from daifa.areas.mailroom.services import files, tasks
from daifa.areas.purchasing.services import dispatches, links
from daifa.base import audit
from daifa.base.actor import Actor
from daifa.base.web import REFUSALS, Given, May, actor_of, download
from daifa.flows import sending, sending_views, sheet_samples, supplier_links
from daifa.flows.sending import Sent
from daifa.flows.sending_views import Stays
from daifa.kit.errors import NotFound
from daifa.reads import sending_board
from daifa.reads.order_stopped import stopped_of

router = Router(tags=["sending"])
SEND = May("purchasing.send")


class SendingWaiting(Schema):
    """What waits to be sent to one supplier."""

    supplier_id: UUID
    name: str
    channel: str
    has_format: bool
    version: int
    purchases: int
    orders: int
    pieces: int
    goods_fen: int | None
    due_by: datetime | None


class SendingSent(Schema):
    """One sending of the last days."""

    id: UUID
    supplier_id: UUID
    supplier: str
    run: str
    version: int
    channel: str
    resend: bool
    lines: int
    sent_at: datetime
    sent_by: str
    opened_at: datetime | None
    answered_at: datetime | None
    purchases: int
    accepted: int
    refused: int
    shipped: int


class SendingChange(Schema):
    """A change after sending that the supplier has not confirmed."""

    amendment_id: UUID | None
    purchase_id: UUID
    number: str
    supplier_id: UUID
    supplier: str
    kind: str
    text: str
    state: str
    at: datetime


class SendingBoard(Schema):
    """The sending screen; ``orders`` of all that waits, each counted once; ``stays``: stopped with its order."""

    waiting: list[SendingWaiting]
    orders: int
    stays: list[SendingStays]
    sent: list[SendingSent]
    changes: list[SendingChange]


class SendingMend(Schema):
    """What is mended at one supplier's offers, perhaps not the one whose purchase stays."""

    supplier_id: UUID
    supplier: str
    mend: str
    things: list[str]


class SendingStays(Schema):
    """A purchase that does not go out, why, the order that it waits for, and where that is mended."""

    purchase_id: UUID
    number: str
    reason: str
    order_id: UUID
    order: str
    mends: list[SendingMend]


class SendingPreview(Schema):
    """What the supplier will see, recipients masked."""

    header: list[str]
    titles: list[list[str]]
    rows: list[list[str]]
    text: str
    stays: list[SendingStays]


class SendingOne(Schema):
    """One supplier's part of a sending; ``link`` is the path of the supplier's page for the link channel."""

    dispatch_id: UUID
    supplier_id: UUID
    supplier: str
    channel: str
    run: str
    version: int
    orders: int
    pieces: int
    file_name: str
    path: str
    link: str


class SendingAsked(Given):
    """Which suppliers; all with something to send when left out."""

    supplier_ids: list[UUID] | None = None


class SendingDone(Schema):
    """全部发送: what went out, one zip, the links, and what stayed."""

    message: str
    sent: list[SendingOne]
    stays: list[SendingStays]
    zip_path: str | None


class SendingAgain(Given):
    """Only these purchases of the sending; all when left out."""

    purchase_ids: list[UUID] | None = None


class SendingAgainDone(Schema):
    """What was sent again."""

    message: str
    sent: SendingOne


class SupplierLinkOut(Schema):
    """A supplier's link."""

    path: str
    expires_at: datetime
    opened_at: datetime | None
    opens: int


class SendingSaid(Schema):
    """What was done, as a sentence."""

    message: str


def _one(sent: Sent) -> SendingOne:
    return SendingOne(
        dispatch_id=sent.dispatch_id,
        supplier_id=sent.supplier_id,
        supplier=sent.supplier,
        channel=sent.channel,
        run=sent.run,
        version=sent.version,
        orders=sent.orders,
        pieces=sent.pieces,
        file_name=sent.file_name,
        path=f"/api/sending/dispatches/{sent.dispatch_id}/file",
        link=f"/s/{sent.link}" if sent.link else "",
    )


def _stays(stays: Sequence[Stays]) -> list[SendingStays]:
    stopped = stopped_of([s.order_id for s in stays])
    return [
        SendingStays(
            purchase_id=s.purchase_id,
            number=s.number,
            reason=s.reason,
            order_id=s.order_id,
            order=s.order,
            mends=[SendingMend.model_validate(x, from_attributes=True) for x in stopped.get(s.order_id, []) if x.mend],
        )
        for s in stays
    ]


@router.get("/sending", response={200: SendingBoard, **REFUSALS}, auth=May("purchasing.view"))
def board(request: HttpRequest) -> SendingBoard:
    """Cards per supplier, what was sent lately, and changes after sending."""
    by = actor_of(request)
    return SendingBoard(
        waiting=[SendingWaiting.model_validate(w, from_attributes=True) for w in sending_board.waiting(by)],
        orders=sending_board.waiting_orders(by),
        stays=_stays(sending_views.staying(by)),
        sent=[SendingSent.model_validate(s, from_attributes=True) for s in sending_board.sent(by)],
        changes=[SendingChange.model_validate(c, from_attributes=True) for c in sending_board.changes(by)],
    )


@router.get("/sending/suppliers/{supplier_id}/preview", response={200: SendingPreview, **REFUSALS}, auth=SEND)
def preview(request: HttpRequest, supplier_id: UUID) -> SendingPreview:
    """What this supplier will get, as they will see it (recipients masked)."""
    by = actor_of(request)
    by.need_supplier(supplier_id)
    drafts = dispatches.drafts([supplier_id], shops=by.shops).get(supplier_id, [])
    sheet, text, stays = sending_views.preview(supplier_id, drafts)
    return SendingPreview(
        header=list(sheet.header),
        titles=[list(t) for t in sheet.titles],
        rows=[[str(c) for c in row] for row in sheet.rows[:100]],
        text=text,
        stays=_stays(stays),
    )


@router.post("/sending/send", response={200: SendingDone, **REFUSALS}, auth=SEND)
def send(request: HttpRequest, body: SendingAsked) -> SendingDone:
    """全部发送 (or some suppliers): one deed, one zip, the links; marks everything in it sent."""
    made = sending.send(by=actor_of(request), supplier_ids=body.supplier_ids)
    return SendingDone(
        message=made.message,
        sent=[_one(s) for s in made.sent],
        stays=_stays(made.stays),
        zip_path=f"/api/sending/files/{made.zip_id}" if made.zip_id else None,
    )


@router.get("/sending/files/{file_id}", response={200: None, **REFUSALS}, auth=SEND)
def zip_file(request: HttpRequest, file_id: UUID) -> HttpResponse:
    """The zip of a sending; downloading again is free."""
    by, stored = actor_of(request), files.get(file_id)
    # A zip is of the suppliers whom its sender may see: theirs, or of people without a data scope.
    if stored.purpose != sending.PURPOSE or not (by.everywhere or tasks.has_file(file_id, by=by)):
        raise NotFound("no_such_file", "没有这个文件。")
    audit.record(by, "purchasing.download", f"下载 {stored.name}", kind="file", object_id=file_id)
    return download(files.content(file_id), stored.name, "application/zip")


@router.get("/sending/dispatches/{dispatch_id}/file", response={200: None, **REFUSALS}, auth=SEND)
def dispatch_file(request: HttpRequest, dispatch_id: UUID) -> HttpResponse:
    """The sheet or text of one sending; the first time marks it sent, later times are free."""
    data, name = sending.content(by=actor_of(request), dispatch_id=dispatch_id)
    return download(data, name, "text/plain; charset=utf-8" if name.endswith(".txt") else "application/octet-stream")


@router.post("/sending/dispatches/{dispatch_id}/resend", response={200: SendingAgainDone, **REFUSALS}, auth=SEND)
def resend(request: HttpRequest, dispatch_id: UUID, body: SendingAgain) -> SendingAgainDone:
    """重发, on purpose: a new version, marked so."""
    sent = sending.resend(by=actor_of(request), dispatch_id=dispatch_id, purchase_ids=body.purchase_ids)
    return SendingAgainDone(
        message=f"已重发给 {sent.supplier}：{sent.orders} 单，第 {sent.version} 版", sent=_one(sent)
    )


@router.get("/sending/suppliers/{supplier_id}/link", response={200: SupplierLinkOut | None, **REFUSALS}, auth=SEND)
def get_link(request: HttpRequest, supplier_id: UUID) -> SupplierLinkOut | None:
    """The supplier's link that opens now."""
    actor_of(request).need_supplier(supplier_id)
    found = links.live(supplier_id)
    return _link(found) if found else None


def _link(found: links.Link) -> SupplierLinkOut:
    return SupplierLinkOut(
        path=f"/s/{found.token}", expires_at=found.expires_at, opened_at=found.opened_at, opens=found.opens
    )


@router.post("/sending/suppliers/{supplier_id}/link", response={200: SupplierLinkOut, **REFUSALS}, auth=SEND)
def make_link(request: HttpRequest, supplier_id: UUID) -> SupplierLinkOut:
    """The supplier's link to pass on, made or prolonged."""
    return _link(supplier_links.hand_out(by=actor_of(request), supplier_id=supplier_id))


@router.post("/sending/suppliers/{supplier_id}/link/revoke", response={200: SendingSaid, **REFUSALS}, auth=SEND)
def revoke_link(request: HttpRequest, supplier_id: UUID) -> SendingSaid:
    """Close the supplier's link."""
    closed = supplier_links.revoke(by=actor_of(request), supplier_id=supplier_id)
    return SendingSaid(message="链接已停用" if closed else "没有正在使用的链接")


class SheetSampleColumn(Schema):
    """One column of the supplier's sheet and what of ours lands in it."""

    index: int
    header: str
    value: str
    fixed: str
    confidence: float
    why: str
    asked: bool


class SheetChoice(Schema):
    """One thing a column can take."""

    value: str
    label: str


class SheetSample(Schema):
    """A learned format: its columns, remarks, and the first rows of what we would send (masked)."""

    columns: list[SheetSampleColumn]
    grain: str
    header_row: int
    notes: list[str]
    choices: list[SheetChoice]
    header: list[str]
    titles: list[list[str]]
    rows: list[list[str]]
    saved: bool


def _edit(by: Actor, supplier_id: UUID) -> None:
    by.need("purchasing.edit")
    by.need_supplier(supplier_id)


@router.post("/sending/suppliers/{supplier_id}/sample", response={200: SheetSample, **REFUSALS}, auth=SEND)
def sample(
    request: HttpRequest,
    supplier_id: UUID,
    files: File[list[UploadedFile]],
    told: Form[str] = "{}",
    grain: Form[str] = "",
    save: Form[bool] = False,
    version: Form[int] = 0,
) -> SheetSample:
    """Learn a supplier's format from one of their sheets; ``told`` is JSON column → value, ``save`` keeps it."""
    by = actor_of(request)
    _edit(by, supplier_id)
    learned = sheet_samples.learn(
        by=by,
        supplier_id=supplier_id,
        name=str(files[0].name),
        data=files[0].read(),
        told=sheet_samples.told_of(told),
        grain=grain,
        save_at=version if save else None,
    )
    return SheetSample.model_validate(learned, from_attributes=True)


@router.post("/sending/suppliers/{supplier_id}/sample/forget", response={200: SendingSaid, **REFUSALS}, auth=SEND)
def forget_sample(request: HttpRequest, supplier_id: UUID) -> SendingSaid:
    """Back to our own sheet."""
    by = actor_of(request)
    _edit(by, supplier_id)
    sheet_samples.forget(by=by, supplier_id=supplier_id)
    return SendingSaid(message="已改回我们的表格格式")
