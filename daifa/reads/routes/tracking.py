"""What the screen 回填单号 shows: the piles, who owes numbers, purchases to choose from, parcels."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.http import HttpRequest
from ninja import Router, Schema

from daifa.areas.logistics.rules.couriers import courier_table
from daifa.areas.logistics.rules.lifecycles import PARCEL, REPORT
from daifa.areas.logistics.rules.tracking_numbers import clean_number
from daifa.areas.logistics.services import claims
from daifa.areas.logistics.services import parcels as boxes
from daifa.areas.logistics.services.claims import ClaimView
from daifa.areas.mailroom.services import imports
from daifa.areas.purchasing.rules.chasing import chase_text
from daifa.areas.purchasing.rules.lifecycles import PURCHASE
from daifa.areas.purchasing.services import suppliers
from daifa.base.actor import Actor
from daifa.base.web import REFUSALS, May, actor_of
from daifa.kit import clock
from daifa.kit.errors import Invalid
from daifa.kit.paging import limit_of
from daifa.reads import claims_settled, tracking_desk

router = Router(tags=["tracking"])
SEE = May("logistics.view")
MOST_IMPORTS = 200


class OwedOut(Schema):
    """What one supplier still owes numbers for."""

    supplier_id: UUID
    supplier: str
    purchases: int
    orders: int
    pieces: int
    sent_at: datetime | None
    due_by: datetime | None


class ChaseOut(Schema):
    """A text to paste to a supplier who owes numbers."""

    text: str


class SuggestionOut(Schema):
    """A purchase we think is meant, and why."""

    purchase_id: UUID
    shown: str
    tracking_no: str
    courier: str
    courier_name: str
    pieces: int
    why: str


class ClaimOut(Schema):
    """One claim in the piles ? and ✖: what it says (masked), why it waits, what we think.

    ``settled`` says what answered it since, "" while it is open; ``taken``: another box goes by the number now.
    ``source`` is the file's name (or 粘贴), ``row`` where
    it stands in it.
    """

    id: UUID
    state: str
    kind: str
    said: str
    tracking_no: str
    reason: str
    source: str
    row: int
    suggestions: list[SuggestionOut]
    settled: str
    taken: bool
    created_at: datetime


class TrackingBoard(Schema):
    """The screen's numbers, both piles, and what of them was answered since."""

    owed: list[OwedOut]
    pieces: int
    purchases: int
    orders: int
    doubtful: list[ClaimOut]
    unusable: list[ClaimOut]
    settled: list[ClaimOut]


class PurchaseChoice(Schema):
    """A purchase that a person may choose for a number."""

    id: UUID
    number: str
    supplier: str
    state: str
    order_no: str
    recipient: str
    title: str
    left: int
    tracking_numbers: list[str]


class CourierOut(Schema):
    """A courier to choose."""

    code: str
    name: str


class ParcelOut(Schema):
    """One parcel of the list."""

    id: UUID
    tracking_number: str
    courier: str
    courier_name: str
    state: str
    state_label: str
    shared: bool
    shipped_at: datetime
    supplier: str | None
    reason: str
    orders: list[str]
    reports: list[str]


class ParcelPage(Schema):
    """A page of parcels."""

    items: list[ParcelOut]
    next_cursor: str | None
    total: int | None


def _name(code: str) -> str:
    known = courier_table().get(code)
    return known.name if known else ""


def _claims(by: Actor, file_ids: list[UUID]) -> list[ClaimOut]:
    piles = [c for state in ("doubtful", "unusable") for c in claims.listed(states=[state], file_ids=file_ids)]
    found = tracking_desk.claims_of(by, piles)
    sources, settled = tracking_desk.sources(found), claims_settled.of(found)
    taken = {n.number for n in boxes.live_numbers([clean_number(c.tracking_no) for c in found])}
    return [
        _claim(c, sources.get(c.id, ""), settled.get(c.id, ""), clean_number(c.tracking_no) in taken) for c in found
    ]


def _claim(c: ClaimView, source: str, settled: str, taken: bool) -> ClaimOut:
    return ClaimOut(
        id=c.id,
        state=c.state,
        kind=c.kind,
        said=c.said,
        tracking_no=c.tracking_no,
        reason=c.reason,
        source=source,
        row=c.row,
        suggestions=[
            SuggestionOut(
                purchase_id=s.purchase_id,
                shown=s.shown,
                tracking_no=s.tracking_no,
                courier=s.courier,
                courier_name=_name(s.courier),
                pieces=sum(x.quantity for x in s.contents),
                why=s.why,
            )
            for s in c.suggestions
        ],
        settled=settled,
        taken=taken,
        created_at=c.created_at,
    )


def _ids(joined: str) -> list[UUID]:
    try:
        return [UUID(i) for i in joined.split(",") if i][:MOST_IMPORTS]
    except ValueError as error:
        raise Invalid("bad_import", "没有这次导入，请从导入结果重新打开。") from error


@router.get("/tracking", response={200: TrackingBoard, **REFUSALS}, auth=SEE)
def board(request: HttpRequest, imported: str = "") -> TrackingBoard:
    """Who owes numbers, and the two piles that wait for a person; of the imports that are named (joined by commas)."""
    by = actor_of(request)
    file_ids = [imports.get(i).file_id for i in _ids(imported)]
    owed = tracking_desk.owed(by)
    piles = _claims(by, file_ids)
    return TrackingBoard(
        owed=[OwedOut.model_validate(o, from_attributes=True) for o in owed],
        pieces=sum(o.pieces for o in owed),
        purchases=sum(o.purchases for o in owed),
        orders=tracking_desk.owed_orders(by),
        doubtful=[c for c in piles if c.state == "doubtful" and not c.settled],
        unusable=[c for c in piles if c.state == "unusable" and not c.settled],
        settled=[c for c in piles if c.settled],
    )


@router.get("/tracking/owed/{supplier_id}/chase", response={200: ChaseOut, **REFUSALS}, auth=SEE)
def chase(request: HttpRequest, supplier_id: UUID) -> ChaseOut:
    """What this supplier owes numbers for, to paste into a chat; without anybody's name or address."""
    by = actor_of(request)
    by.need_supplier(supplier_id)
    owed = tracking_desk.owed_purchases(supplier_id, by)
    return ChaseOut(text=chase_text(suppliers.get(supplier_id).name, owed, clock.now()))


@router.get("/tracking/purchases", response={200: list[PurchaseChoice], **REFUSALS}, auth=SEE)
def find_purchases(request: HttpRequest, text: str = "") -> list[PurchaseChoice]:
    """Purchases by our number (also its end) or the platform's order number."""
    found = tracking_desk.find(text, actor_of(request))
    return [
        PurchaseChoice(
            id=p.id, number=p.number, supplier=p.supplier, state=PURCHASE.labels[p.state], order_no=p.order_no,
            recipient=p.recipient, title=p.title, left=p.left, tracking_numbers=list(p.tracking_numbers),
        )
        for p in found
    ]  # fmt: skip


@router.get("/tracking/couriers", response={200: list[CourierOut], **REFUSALS}, auth=SEE)
def couriers(request: HttpRequest) -> list[CourierOut]:
    """Every courier that can be chosen."""
    return [CourierOut(code=c.code, name=c.name) for c in courier_table().values() if c.active]


@router.get("/parcels", response={200: ParcelPage, **REFUSALS}, auth=SEE)
def parcels(
    request: HttpRequest,
    state: str = "",
    supplier: UUID | None = None,
    number: str = "",
    cursor: str = "",
    limit: int | None = None,
) -> ParcelPage:
    """Parcels, newest first; ``number`` is a tracking or an order number."""
    by = actor_of(request)
    page = tracking_desk.parcels(
        shops=by.shops, suppliers=by.suppliers, state=state, supplier=supplier, number=number, cursor=cursor,
        limit=limit_of(limit),
    )  # fmt: skip
    items = [
        ParcelOut(
            id=p.id, tracking_number=p.tracking_number, courier=p.courier, courier_name=_name(p.courier),
            state=p.state, state_label=PARCEL.labels[p.state], shared=p.shared, shipped_at=p.shipped_at,
            supplier=p.supplier, reason=p.reason, orders=list(p.orders), reports=[REPORT.labels[r] for r in p.reports],
        )
        for p in page.items
    ]  # fmt: skip
    return ParcelPage(items=items, next_cursor=page.next or None, total=None)
