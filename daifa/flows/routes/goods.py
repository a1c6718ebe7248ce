"""New goods and new prices: orders that waited for them go on."""

from __future__ import annotations

from typing import Annotated, Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Router, Schema
from pydantic import Field

from daifa.areas.catalog.services import goods
from daifa.areas.purchasing.services import offers
from daifa.base.web import REFUSALS, Given, May, actor_of
from daifa.flows import advance, supply_moved
from daifa.kit import clock
from daifa.ports.sheet import GoodsRow
from daifa.reads import waiting

router = Router(tags=["goods"])

Count = Annotated[int, Field(ge=0)]
AtLeastOne = Annotated[int, Field(ge=1)]


class SkuIn(Given):
    """A new SKU."""

    sku_code: str
    title: str
    product_code: str = ""
    spec: str = ""
    category: str = ""
    barcode: str = ""
    image_url: str = ""
    weight_g: Count | None = None
    cost_fen: Count | None = None


class SkuMade(Schema):
    """A SKU that was made, and how many waiting orders it let go on."""

    id: UUID
    message: str


@router.post("/goods", response={200: SkuMade, **REFUSALS}, auth=May("catalog.edit"))
def create_sku(request: HttpRequest, body: SkuIn) -> Any:
    """Add a SKU; orders that named its code go on."""
    values: dict[str, Any] = {k: v.strip() if isinstance(v, str) else v for k, v in body.dict().items()}
    made = goods.create_sku(by=actor_of(request), row=GoodsRow(row=1, **values))
    orders = waiting.for_codes([made.code])
    advance.advance(orders)
    more = f"，{len(orders)} 单在等它的订单已重新匹配" if orders else ""
    return {"id": made.id, "message": f"已新增 {made.code}{more}"}


class NewOfferTier(Given):
    """From this many pieces on, one piece costs this much."""

    min: AtLeastOne
    price_fen: Count


class NewOffer(Given):
    """A supplier's price for a SKU, valid from today."""

    supplier_id: UUID
    sku_id: UUID
    tiers: Annotated[list[NewOfferTier], Field(min_length=1)]
    offer_ref: str = ""
    lead_hours: Count | None = None
    stock: Count | None = None


class OfferSaved(Schema):
    """A price that was saved or ended."""

    id: UUID
    message: str


@router.post("/supply-links", response={200: OfferSaved, **REFUSALS}, auth=May("purchasing.edit"))
def save_offer(request: HttpRequest, body: NewOffer) -> Any:
    """Say what a supplier takes for a SKU; the former price ends yesterday."""
    actor = actor_of(request)
    actor.need_supplier(body.supplier_id)
    link = offers.save(
        by=actor,
        supplier_id=body.supplier_id,
        sku_id=body.sku_id,
        tiers=[(t.min, t.price_fen) for t in body.tiers],
        offer_ref=body.offer_ref.strip(),
        lead_hours=body.lead_hours,
        stock=body.stock,
        today=clock.business_day(clock.now()),
    )
    supply_moved.moved([body.sku_id])
    return {"id": link, "message": "价格已保存，从今天起生效"}


@router.post("/supply-links/{uuid:link_id}/end", response={200: OfferSaved, **REFUSALS}, auth=May("purchasing.edit"))
def end_offer(request: HttpRequest, link_id: UUID) -> Any:
    """This supplier no longer has this SKU."""
    sku_id = offers.end(by=actor_of(request), link_id=link_id, today=clock.business_day(clock.now()))
    supply_moved.moved([sku_id])
    return {"id": link_id, "message": "已停用这条货源，以后派单不再选它"}
