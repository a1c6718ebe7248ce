"""The supplier's link: its own door, no session. The secret in the address is the credential; tries are counted."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Annotated
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import File, Router, Schema
from ninja.files import UploadedFile

from daifa.areas.accounts.services.actors import client_address
from daifa.areas.purchasing.rules.lifecycles import LINE
from daifa.base.web import REFUSALS, Given, download, own_page
from daifa.flows import portal
from daifa.flows.portal import Visit
from daifa.kit.errors import Invalid

router = Router(tags=["portal"])


class PortalLineOut(Schema):
    """One line of the supplier's list; money in fen, their own price."""

    id: UUID
    purchase_id: UUID
    number: str
    handover: bool
    order_number: str
    title: str
    spec: str
    code: str
    quantity: int
    shipped: int
    unit_fen: int | None
    state: str
    state_label: str
    answer: str
    recalling: bool
    due_by: datetime | None
    sent_at: datetime
    courier: str
    resend: bool
    change: str


class PortalTo(Schema):
    """Who receives a purchase, or how it leaves instead."""

    purchase_id: UUID
    name: str
    phone: str
    address: str
    instead: str


class PortalToday(Schema):
    """The supplier's page."""

    merchant: str
    supplier: str
    expires_at: datetime
    lines: list[PortalLineOut]
    to: list[PortalTo]


class PortalAnswer(Given):
    """An answer to lines; to all that wait when none is named."""

    line_ids: list[UUID] | None = None
    answer: str
    reason: str = ""


class PortalRecall(Given):
    """The word about a recall."""

    agreed: bool
    words: str = ""


class PortalChanges(Given):
    """The word about what changed after sending."""

    taken: bool
    words: str = ""


class PortalNumbers(Given):
    """What the supplier typed or pasted."""

    text: str


class PortalSaid(Schema):
    """What was done."""

    message: str


class PortalBack(Schema):
    """Lines that cannot be used, and why, with what to do."""

    text: str
    reason: str


class PortalHanded(PortalSaid):
    """What became of typed numbers; ``back`` goes back into the box."""

    back: list[PortalBack]


@contextmanager
def _in(request: HttpRequest, token: str) -> Iterator[Visit]:
    own_page(request)
    with portal.visit(token, client_address(request)) as who:
        yield who


@router.get("/s/{token}", response={200: PortalToday, **REFUSALS}, auth=None)
def today(request: HttpRequest, response: HttpResponse, token: str) -> PortalToday:
    """The supplier's list of today."""
    response["Cache-Control"] = "no-store"
    response["Referrer-Policy"] = "no-referrer"
    with _in(request, token) as who:
        found = portal.today(who)
    lines = [
        PortalLineOut.model_validate(
            {
                **{k: getattr(x, k) for k in x.__dataclass_fields__},
                "state_label": LINE.labels[x.state],
                "recalling": x.purchase_state == "recalling",
            }
        )
        for x in found.lines
    ]
    return PortalToday(
        merchant=found.merchant,
        supplier=found.supplier,
        expires_at=found.expires_at,
        lines=lines,
        to=[PortalTo.model_validate(t, from_attributes=True) for t in found.to],
    )


@router.post("/s/{token}/answer", response={200: PortalSaid, **REFUSALS}, auth=None)
def answer(request: HttpRequest, token: str, body: PortalAnswer) -> PortalSaid:
    """Accept, refuse with a reason, or out of stock."""
    with _in(request, token) as who:
        n = portal.answer(who, line_ids=body.line_ids, answer=body.answer, words=body.reason[:200])
    return PortalSaid(message=f"已告诉商家（{n} 行）")


@router.post("/s/{token}/recall/{purchase_id}", response={200: PortalSaid, **REFUSALS}, auth=None)
def recall(request: HttpRequest, token: str, purchase_id: UUID, body: PortalRecall) -> PortalSaid:
    """Whether the purchase can still be stopped."""
    with _in(request, token) as who:
        said = portal.answer_recall(who, purchase_id=purchase_id, agreed=body.agreed, words=body.words[:200])
    return PortalSaid(message=said)


@router.post("/s/{token}/changes/{purchase_id}", response={200: PortalSaid, **REFUSALS}, auth=None)
def changes(request: HttpRequest, token: str, purchase_id: UUID, body: PortalChanges) -> PortalSaid:
    """Whether the purchase goes as it was changed."""
    with _in(request, token) as who:
        said = portal.answer_changes(who, purchase_id=purchase_id, taken=body.taken, words=body.words[:200])
    return PortalSaid(message=said)


@router.post("/s/{token}/tracking", response={200: PortalHanded, **REFUSALS}, auth=None)
def tracking(request: HttpRequest, token: str, body: PortalNumbers) -> PortalHanded:
    """Tracking numbers, typed or pasted: one order a line."""
    with _in(request, token) as who:
        done = portal.track(who, body.text)
    return PortalHanded.model_validate(done, from_attributes=True)


@router.post("/s/{token}/tracking-file", response={200: PortalSaid, **REFUSALS}, auth=None)
def tracking_file(
    request: HttpRequest, token: str, files: Annotated[list[UploadedFile] | None, File()] = None
) -> PortalSaid:
    """Tracking numbers in the supplier's own sheets; the secret is asked before the form is judged."""
    with _in(request, token) as who:
        if not files:
            raise Invalid("no_file", "没有收到文件，请再选一次。")
        said = [(f.name or "回单", portal.track_file(who, f.name or "回单", f.read())) for f in files]
    return PortalSaid(message=said[0][1] if len(said) == 1 else "；".join(f"{name}：{words}" for name, words in said))


@router.get("/s/{token}/sheet", response={200: None, **REFUSALS}, auth=None)
def sheet(request: HttpRequest, token: str) -> HttpResponse:
    """What is still to ship, as a sheet."""
    with _in(request, token) as who:
        data, name = portal.sheet(who)
    return download(data, name)
