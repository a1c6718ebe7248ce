"""The suppliers screen."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Router, Schema

from daifa.areas.purchasing.services import suppliers as services
from daifa.base.actor import Actor
from daifa.base.web import REFUSALS, May, actor_of
from daifa.kit import clock
from daifa.kit.paging import limit_of
from daifa.reads import suppliers
from daifa.reads.routes.goods import GoodsCounts, OfferOut

router = Router(tags=["suppliers"])


class SupplierListRow(Schema):
    """One supplier in the list; ``freight_words`` and prices are empty for those who may not see costs."""

    id: UUID
    name: str
    code: str
    short: str
    channel: str
    lead_hours: int
    freight_words: str
    regions_not_served: list[str]
    cut_off: str
    remark: str
    active: bool
    version: int
    has_format: bool
    has_contact: bool
    connection_id: UUID | None
    account: str
    skus: int
    open_purchases: int
    purchases: int
    on_time: float | None


class SupplierPage(Schema):
    """A page of suppliers."""

    items: list[SupplierListRow]
    next_cursor: str | None
    total: int | None


class SupplierPrice(Schema):
    """One SKU in a supplier's price list."""

    sku_id: UUID
    code: str
    title: str
    spec: str
    offer: OfferOut


class SupplierDetail(SupplierListRow):
    """One supplier: freight table, masked contact, price list."""

    freight: dict[str, Any] | None
    contact: dict[str, str]
    prices: list[SupplierPrice]


def _row(row: suppliers.Row, actor: Actor) -> dict[str, Any]:
    out = asdict(row)
    if not actor.may("finance.view"):
        out["freight_words"] = ""
        out["freight"] = {}
    return out


@router.get("/suppliers", response={200: SupplierPage, **REFUSALS}, auth=May("purchasing.view"))
def list_suppliers(
    request: HttpRequest,
    tab: str = "all",
    text: str = "",
    imported: UUID | None = None,
    outcome: str = "new",
    sort: str = "",
    cursor: str = "",
    limit: int = 200,
) -> Any:
    """Suppliers, by name; ``imported`` (an import) and ``outcome`` show those that an import made or changed."""
    actor = actor_of(request)
    now = clock.now()
    today = clock.business_day(now)
    text = text.strip()
    found = suppliers.page(
        now=now, today=today, tab=tab, text=text, imported=imported, outcome=outcome, scope=actor.suppliers,
        sort=sort, cursor=cursor, limit=limit_of(limit),
    )  # fmt: skip
    total = suppliers.counts(today=today, text=text, imported=imported, outcome=outcome, scope=actor.suppliers)
    return {
        "items": [_row(r, actor) for r in found.items],
        "next_cursor": found.next or None,
        "total": total.get(tab),
    }


@router.get("/suppliers/counts", response={200: GoodsCounts, **REFUSALS}, auth=May("purchasing.view"))
def count_suppliers(request: HttpRequest, text: str = "", imported: UUID | None = None, outcome: str = "new") -> Any:
    """How many suppliers each tab has."""
    scope = actor_of(request).suppliers
    today = clock.business_day(clock.now())
    return {"counts": suppliers.counts(today=today, text=text.strip(), imported=imported, outcome=outcome, scope=scope)}


@router.get("/suppliers/{uuid:supplier_id}", response={200: SupplierDetail, **REFUSALS}, auth=May("purchasing.view"))
def get_supplier(request: HttpRequest, supplier_id: UUID) -> Any:
    """One supplier."""
    actor = actor_of(request)
    actor.need_supplier(supplier_id)
    now = clock.now()
    row, prices = suppliers.one(supplier_id, now=now, today=clock.business_day(now))
    out = _row(row, actor)
    shown = prices if actor.may("finance.view") else []
    return {
        **out,
        "freight": dict(out["freight"]) or None,
        "contact": services.masked_contact(supplier_id),
        "prices": [asdict(p) for p in shown],
    }
