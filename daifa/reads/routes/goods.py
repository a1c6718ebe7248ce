"""The goods screen."""

from __future__ import annotations

from dataclasses import asdict, replace
from datetime import date
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Router, Schema

from daifa.base.actor import Actor
from daifa.base.web import REFUSALS, May, actor_of
from daifa.kit import clock
from daifa.kit.paging import limit_of
from daifa.reads import goods, lacking

router = Router(tags=["goods"])


class OfferTier(Schema):
    """From this many pieces on, one piece costs this many yuan (text, exact)."""

    min: int
    price: str


class OfferOut(Schema):
    """What one supplier takes for a SKU today."""

    id: UUID
    sku_id: UUID
    supplier_id: UUID
    supplier: str
    active: bool
    tiers: list[OfferTier]
    words: str
    offer_ref: str
    lead_hours: int | None
    stock: int | None
    valid_from: date
    valid_to: date | None


class GoodsListRow(Schema):
    """One SKU in the list."""

    id: UUID
    code: str
    title: str
    spec: str
    image_url: str
    cost_fen: int | None
    weight_g: int | None
    barcode: str
    category: str
    product_code: str
    active: bool
    version: int
    mappings: int
    offers: list[OfferOut]


class GoodsPage(Schema):
    """A page of SKUs."""

    items: list[GoodsListRow]
    next_cursor: str | None
    total: int | None


class GoodsCounts(Schema):
    """How many each tab has."""

    counts: dict[str, int]


class GoodsListing(Schema):
    """A listing SKU of a shop that means this SKU."""

    mapping_id: UUID
    shop_id: UUID
    shop: str
    platform: str
    listing_key: str
    title: str
    spec: str
    quantity: int
    source: str
    price_fen: int | None
    stock: int | None
    on_sale: bool | None


class GoodsDetail(GoodsListRow):
    """One SKU with its listings and the pieces that wait to be bought."""

    listings: list[GoodsListing]
    waiting: int


def _today() -> date:
    return clock.business_day(clock.now())


def _row(row: goods.Row, actor: Actor) -> dict[str, Any]:
    """Cost and prices only for those who may see them, suppliers only inside the scope."""
    offers = tuple(o for o in row.offers if actor.suppliers is None or o.supplier_id in actor.suppliers)
    if not actor.may("finance.view"):
        row = replace(row, cost_fen=None)
        offers = tuple(replace(o, tiers=[], words="") for o in offers)
    return asdict(replace(row, offers=offers))


@router.get("/goods", response={200: GoodsPage, **REFUSALS}, auth=May("catalog.view"))
def list_goods(
    request: HttpRequest,
    tab: str = "all",
    text: str = "",
    supplier: UUID | None = None,
    imported: UUID | None = None,
    outcome: str = "new",
    order: UUID | None = None,
    sort: str = "",
    cursor: str = "",
    limit: int | None = None,
) -> Any:
    """Our SKUs; ``imported`` (an import) and ``outcome`` show those that an import made or changed.

    ``order`` shows those that this order lacks.
    """
    actor = actor_of(request)
    text = text.strip()
    only = lacking.skus(order, actor) if order else None
    found = goods.page(
        today=_today(), tab=tab, text=text, supplier=supplier, imported=imported, outcome=outcome, only=only,
        sort=sort, cursor=cursor, limit=limit_of(limit),
    )  # fmt: skip
    counted = goods.counts(
        today=_today(), text=text, supplier=supplier, imported=imported, outcome=outcome, only=only
    )  # fmt: skip
    total = counted.get(tab)
    return {"items": [_row(r, actor) for r in found.items], "next_cursor": found.next or None, "total": total}


@router.get("/goods/counts", response={200: GoodsCounts, **REFUSALS}, auth=May("catalog.view"))
def count_goods(
    request: HttpRequest,
    text: str = "",
    supplier: UUID | None = None,
    imported: UUID | None = None,
    outcome: str = "new",
    order: UUID | None = None,
) -> Any:
    """How many SKUs each tab has."""
    only = lacking.skus(order, actor_of(request)) if order else None
    counted = goods.counts(
        today=_today(), text=text.strip(), supplier=supplier, imported=imported, outcome=outcome, only=only
    )
    return {"counts": counted}


@router.get("/goods/{uuid:sku_id}", response={200: GoodsDetail, **REFUSALS}, auth=May("catalog.view"))
def get_sku(request: HttpRequest, sku_id: UUID) -> Any:
    """One SKU."""
    by = actor_of(request)
    row, listings, waiting = goods.one(by, sku_id, today=_today())
    return {**_row(row, by), "listings": [asdict(x) for x in listings], "waiting": waiting}
