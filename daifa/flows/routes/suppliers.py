"""Suppliers: adding, changing their terms, their contact data. By API only where an authorisation stands."""

from __future__ import annotations

from typing import Annotated, Any, Literal
from uuid import UUID

from django.http import HttpRequest
from ninja import Router, Schema
from pydantic import Field

from daifa.areas.accounts.services import connections
from daifa.areas.purchasing.rules.documents import freight_of
from daifa.areas.purchasing.rules.freight_words import freight_words
from daifa.areas.purchasing.services import suppliers
from daifa.areas.purchasing.services.suppliers import SupplierOut
from daifa.base.web import REFUSALS, Given, May, actor_of
from daifa.flows import sweep
from daifa.kit.errors import Conflict, Invalid

router = Router(tags=["suppliers"])

Channel = Literal["sheet", "link", "text", "api"]
Hours = Annotated[int, Field(ge=0, le=2400)]


class FreightZoneIn(Given):
    """What some regions cost: for the first units and each further step; no regions: everywhere else."""

    regions: list[str] = []
    first: Annotated[int, Field(ge=1)] = 1
    first_fen: Annotated[int, Field(ge=0)]
    step: Annotated[int, Field(ge=1)] = 1
    step_fen: Annotated[int, Field(ge=0)] = 0


class FreightTable(Given):
    """A freight table: counted per order, per piece, or by grams."""

    basis: Literal["order", "piece", "weight"] = "order"
    zones: Annotated[list[FreightZoneIn], Field(min_length=1)]
    free_over_fen: Annotated[int, Field(ge=0)] | None = None
    free_over_pieces: Annotated[int, Field(ge=0)] | None = None
    free_regions: list[str] = []


class SupplierSaved(Schema):
    """A supplier's terms; ``freight`` null: nobody entered one."""

    id: UUID
    name: str
    code: str
    short: str
    channel: str
    lead_hours: int
    freight: FreightTable | None
    freight_words: str
    regions_not_served: list[str]
    cut_off: str
    remark: str
    has_format: bool
    active: bool
    version: int
    contact: dict[str, str]
    connection_id: UUID | None
    account: str


def supplier_out(row: SupplierOut) -> dict[str, Any]:
    """A supplier with freight in words and masked contact."""
    return {
        "id": row.id,
        "name": row.name,
        "code": row.code,
        "short": row.short,
        "channel": row.channel,
        "lead_hours": row.lead_hours,
        "freight": dict(row.freight) or None,
        "freight_words": freight_words(freight_of(row.freight)),
        "regions_not_served": list(row.regions_not_served),
        "cut_off": row.cut_off,
        "remark": row.remark,
        "has_format": row.has_format,
        "active": row.active,
        "version": row.version,
        "contact": suppliers.masked_contact(row.id),
        "connection_id": row.connection_id,
        "account": row.account,
    }


class SupplierContact(Given):
    """Contact data to change: what is left out stays, an empty text clears."""

    person: str | None = None
    phone: str | None = None
    wechat: str | None = None
    address: str | None = None


class SupplierIn(Given):
    """A new supplier."""

    name: str
    channel: Channel = "sheet"
    lead_hours: Hours = 48
    freight: FreightTable | None = None
    regions_not_served: list[str] = []
    cut_off: str = ""
    remark: str = ""
    contact: SupplierContact | None = None
    connection_id: UUID | None = None
    account: str = ""


class SupplierChange(Given):
    """Changes to a supplier; ``version`` guards against a stale form. ``clear_freight``: nobody knows it any more."""

    version: int
    name: str | None = None
    channel: Channel | None = None
    lead_hours: Hours | None = None
    freight: FreightTable | None = None
    clear_freight: bool = False
    regions_not_served: list[str] | None = None
    cut_off: str | None = None
    remark: str | None = None
    active: bool | None = None
    contact: SupplierContact | None = None
    connection_id: UUID | None = None
    account: str | None = None


_TERMS = (
    "name", "channel", "lead_hours", "regions_not_served", "cut_off", "remark", "active", "connection_id", "account",
)  # fmt: skip


# Open orders are held or pass by these: by what they cost, by who supplies them and where to.
_JUDGED = frozenset({"freight", "active", "regions_not_served"})


def _terms(body: SupplierIn | SupplierChange) -> dict[str, Any]:
    values = {k: v for k in _TERMS if (v := getattr(body, k, None)) is not None}
    if body.freight is not None:
        values["freight"] = body.freight.dict()
    if getattr(body, "clear_freight", False):
        values["freight"] = {}
    return values


def _through(body: SupplierIn | SupplierChange, row: SupplierOut | None) -> UUID | None:
    """The account the supplier is bought from with; the only one where none is named.

    Raises Invalid for "by API" without an authorisation: its purchases would wait for ever.
    """
    held = body.connection_id or (row.connection_id if row else None)
    if body.channel != "api":
        return body.connection_id
    own = {c.id for c in connections.live() if c.shop_id is None}
    if held in own:
        return held
    if len(own) == 1 and body.connection_id is None:
        return own.pop()
    told = "供应商平台的采购账号还没有授权，不能选“接口下单”。请先在“授权”里接上。"
    if own:
        told = "请选择用哪个采购账号向他下单。"
    raise Invalid("not_connected", told, fields={"connection_id" if own else "channel": told})


@router.post("/suppliers", response={200: SupplierSaved, **REFUSALS}, auth=May("purchasing.edit"))
def create_supplier(request: HttpRequest, body: SupplierIn) -> Any:
    """Add a supplier."""
    actor = actor_of(request)
    body.connection_id = _through(body, None)
    first = "sheet" if body.channel == "api" else body.channel
    made = suppliers.create(by=actor, name=body.name, channel=first, lead_hours=body.lead_hours)
    known = {"name", "lead_hours", *(() if body.channel == "api" else ("channel",))}
    rest = {k: v for k, v in _terms(body).items() if k not in known and v}
    if rest:
        made = suppliers.change(by=actor, supplier_id=made.id, version=made.version, **rest)
    if body.contact and (given := {k: v for k, v in body.contact.dict().items() if v}):
        suppliers.set_contact(by=actor, supplier_id=made.id, **given)
    return supplier_out(made)


@router.patch("/suppliers/{uuid:supplier_id}", response={200: SupplierSaved, **REFUSALS}, auth=May("purchasing.edit"))
def change_supplier(request: HttpRequest, supplier_id: UUID, body: SupplierChange) -> Any:
    """Change a supplier's terms or contact; by new freight, regions or a pause open orders are judged anew."""
    actor = actor_of(request)
    actor.need_supplier(supplier_id)
    values = _terms(body)
    row = suppliers.get(supplier_id)
    if body.version != row.version:
        raise Conflict("stale", "这个供应商刚被别人改过，请刷新后再改。")
    if (through := _through(body, row)) is not None:
        values["connection_id"] = through
    if values:
        row = suppliers.change(by=actor, supplier_id=supplier_id, version=body.version, **values)
    if values.keys() & _JUDGED:
        sweep.open_orders()
    if body.contact and (given := {k: v for k, v in body.contact.dict().items() if v is not None}):
        suppliers.set_contact(by=actor, supplier_id=supplier_id, **given)
    return supplier_out(row)


class ContactReason(Given):
    """Why sealed data is opened."""

    reason: str


class ContactOpened(Schema):
    """A value in plain."""

    value: str


@router.post(
    "/suppliers/{uuid:supplier_id}/contact/{field}/open",
    response={200: ContactOpened, **REFUSALS},
    auth=May("purchasing.edit"),
)
def open_contact(request: HttpRequest, supplier_id: UUID, field: str, body: ContactReason) -> Any:
    """One piece of contact data in plain, on the record."""
    actor = actor_of(request)
    actor.need_supplier(supplier_id)
    value = suppliers.open_contact(by=actor, supplier_id=supplier_id, field=field, reason=body.reason)
    return {"value": value}
