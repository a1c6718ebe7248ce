"""货源关联: a supplier's offers by API, read live, linked to our SKUs, compared and thawed when they changed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Router, Schema
from pydantic import Field

from daifa.areas.catalog.services import goods
from daifa.areas.purchasing.services import linking, suppliers
from daifa.areas.purchasing.services.linking import OfferView
from daifa.base.web import REFUSALS, Given, May, actor_of
from daifa.flows import offer_links
from daifa.flows.offer_links import Guess, Pair
from daifa.reads import offer_desk

router = Router(tags=["suppliers"])
VIEW, EDIT = May("purchasing.view"), May("purchasing.edit")


class LinkedOffer(Schema):
    """One offer of the list; prices are empty for those who may not see costs. ``state``: ok, frozen or off_sale."""

    ref: str
    title: str
    image_url: str
    seller: str
    state: str
    state_label: str
    minimum: int
    read_at: datetime
    changed_at: datetime | None
    low_fen: int | None
    high_fen: int | None
    skus: int
    frozen: int


class OfferBoard(Schema):
    """A supplier's linked offers; ``problem``: why none can be read now, and what to do."""

    items: list[LinkedOffer]
    problem: str
    total: int
    frozen: int


def _state(row: offer_desk.OfferRow) -> tuple[str, str]:
    if row.frozen:
        return "frozen", f"已冻结 {row.frozen} 个"
    return ("ok", "正常") if row.on_sale else ("off_sale", "已下架")


@router.get("/suppliers/{uuid:supplier_id}/offers", response={200: OfferBoard, **REFUSALS}, auth=VIEW)
def list_offers(request: HttpRequest, supplier_id: UUID, frozen: bool = False) -> Any:
    """The offers that our SKUs are linked to at this supplier."""
    actor = actor_of(request)
    actor.need_supplier(supplier_id)
    supplier = suppliers.get(supplier_id)
    every, sees = offer_links.desk(supplier_id, frozen=False), actor.may("finance.view")
    items = []
    for row in offer_links.desk(supplier_id, frozen=True) if frozen else every:
        state, label = _state(row)
        prices = {} if sees else {"low_fen": None, "high_fen": None}
        shown = {**asdict(row), **prices, "state": state, "state_label": label}
        items.append(shown)
    stuck = sum(1 for r in every if r.frozen or not r.on_sale)
    return {"items": items, "problem": offer_links.standing(supplier), "total": len(every), "frozen": stuck}


class OfferFit(Schema):
    """An offer that was read and is not wholly linked; prices are empty for those who may not see costs.

    ``code``: which of the SKUs asked for it may be ("" none), ``reason``: why.
    """

    ref: str
    title: str
    image_url: str
    low_fen: int | None
    high_fen: int | None
    code: str
    reason: str


class OfferFits(Schema):
    """Offers to choose from."""

    items: list[OfferFit]


def _named(codes: str) -> list[str]:
    return [c for c in codes.split(",") if c][:100]


@router.get("/suppliers/{uuid:supplier_id}/offers/free", response={200: OfferFits, **REFUSALS}, auth=VIEW)
def free_offers(request: HttpRequest, supplier_id: UUID, codes: str = "") -> Any:
    """Offers of this supplier that were read and have options of nobody, the likeliest for these SKUs first."""
    actor = actor_of(request)
    actor.need_supplier(supplier_id)
    suppliers.get(supplier_id)
    prices = {} if actor.may("finance.view") else {"low_fen": None, "high_fen": None}
    wanted = _named(codes)
    return {"items": [{**asdict(f), **prices} for f in offer_links.fits(supplier_id, wanted)]}


class OfferSku(Schema):
    """One of our SKUs, for choosing."""

    id: UUID
    code: str
    title: str
    spec: str
    image_url: str


class OfferGuess(Schema):
    """Which SKU an option may be, and why."""

    sku: OfferSku
    reason: str
    sure: bool


class OfferOptionOut(Schema):
    """One option of an offer as last read."""

    spec_id: str
    words: str
    price_fen: int | None
    stock: int | None
    code: str
    image_url: str
    guess: OfferGuess | None


class OfferTierOut(Schema):
    """From so many pieces on, one costs so much."""

    min: int
    price_fen: int | None


class OfferWas(Schema):
    """An option as it was when a person linked it."""

    words: str
    title: str = ""
    code: str = ""
    image_url: str = ""
    price_fen: int | None = None


class OfferLinkOut(Schema):
    """One of our SKUs at an option: as it was when linked; whether it is frozen, or its option gone."""

    id: UUID
    sku: OfferSku
    spec_id: str
    was: OfferWas
    frozen: bool
    gone: bool


class OfferOpened(Schema):
    """One offer with its options, price tiers and the SKUs at them."""

    ref: str
    title: str
    image_url: str
    seller: str
    on_sale: bool
    minimum: int
    read_at: datetime
    tiers: list[OfferTierOut]
    options: list[OfferOptionOut]
    links: list[OfferLinkOut]


@router.get("/suppliers/{uuid:supplier_id}/offer", response={200: OfferOpened, **REFUSALS}, auth=VIEW)
def open_offer(request: HttpRequest, supplier_id: UUID, ref: str = "", codes: str = "") -> Any:
    """One offer as last read, with a suggestion for each option that no SKU is linked to yet.

    ``codes``: SKU codes that an offer is sought for, parted by commas; of equally likely ones they are suggested.
    """
    actor = actor_of(request)
    actor.need_supplier(supplier_id)
    suppliers.get(supplier_id)
    offer = linking.get(supplier_id, ref)
    links = offer_desk.links(supplier_id, ref)
    taken = {x.sku_id for x in links}
    sought = goods.ids_by_code(_named(codes)).values()
    guesses = {k: g for k, g in offer_links.guesses(supplier_id, offer, sought).items() if g.sku_id not in taken}
    return _opened(offer, links, guesses, sees=actor.may("finance.view"))


def _opened(offer: OfferView, links: list[offer_desk.LinkRow], guesses: Mapping[str, Guess], *, sees: bool) -> Any:
    known = {s.id: s for s in goods.views(sorted({g.sku_id for g in guesses.values()}))}

    def fen(price: object) -> int | None:
        return offer_desk.fen_of(price) if sees else None

    def guess(spec_id: str) -> dict[str, Any] | None:
        found = guesses.get(spec_id)
        sku = known.get(found.sku_id) if found else None
        return {"sku": asdict(sku), "reason": found.reason, "sure": found.sure} if found and sku else None

    return {
        **{k: getattr(offer, k) for k in ("title", "image_url", "seller", "on_sale", "minimum", "read_at")},
        "ref": offer.external_id,
        "tiers": [{"min": t["min"], "price_fen": fen(t["price"])} for t in offer.tiers],
        "options": [
            {
                "spec_id": str(o.get("spec_id") or ""),
                "words": offer_desk.words_of(o["attributes"]),  # type: ignore[arg-type]  # a document of ours
                "price_fen": fen(o.get("price")),
                "stock": o.get("stock"),
                "code": o.get("code") or "",
                "image_url": o.get("image_url") or "",
                "guess": guess(str(o.get("spec_id") or "")),
            }
            for o in offer.options
        ],
        "links": [
            {
                "id": x.id,
                "sku": {"id": x.sku_id, "code": x.code, "title": x.title, "spec": x.spec, "image_url": x.image_url},
                "spec_id": x.spec_id,
                "was": {**x.was, "price_fen": fen(x.was.get("price"))},
                "frozen": x.frozen,
                "gone": x.gone,
            }
            for x in links
        ],
    }


class OfferAsk(Given):
    """An offer's link or number."""

    text: Annotated[str, Field(max_length=2000)]


class OfferAsked(Schema):
    """A reading that was begun: the task to wait for, and the offer's number."""

    task_id: UUID
    ref: str


@router.post("/suppliers/{uuid:supplier_id}/offers/read", response={200: OfferAsked, **REFUSALS}, auth=EDIT)
def read_offer(request: HttpRequest, supplier_id: UUID, body: OfferAsk) -> Any:
    """Read an offer now: by the link or number that a person pasted, or again."""
    return offer_links.ask(by=actor_of(request), supplier_id=supplier_id, text=body.text)


class OfferPair(Given):
    """This SKU is this option ("" where the offer has only one)."""

    sku_id: UUID
    spec_id: str = ""


class OfferLinksIn(Given):
    """What a person confirmed, many at once."""

    ref: str
    items: Annotated[list[OfferPair], Field(max_length=200)]


class OfferPairOut(OfferPair):
    """What became of one pair."""

    ok: bool
    message: str


class OfferLinksOut(Schema):
    """The result of each pair, and a sentence about all."""

    items: list[OfferPairOut]
    message: str


@router.post("/suppliers/{uuid:supplier_id}/offers/link", response={200: OfferLinksOut, **REFUSALS}, auth=EDIT)
def link_offer(request: HttpRequest, supplier_id: UUID, body: OfferLinksIn) -> Any:
    """Link SKUs to options; one that is linked already changes to the new option."""
    pairs = [Pair(x.sku_id, x.spec_id) for x in body.items]
    results = offer_links.link(by=actor_of(request), supplier_id=supplier_id, ref=body.ref, pairs=pairs)
    good = sum(1 for r in results if r.ok)
    bad = len(results) - good
    return {"items": results, "message": f"关联了 {good} 个规格" + (f"，{bad} 个没有成功，看每行的原因" if bad else "")}


class OfferThaw(Given):
    """Frozen links of one offer that a person compared."""

    ref: str
    link_ids: Annotated[list[UUID], Field(min_length=1, max_length=200)]


class OfferThawed(Schema):
    """What was done."""

    message: str


@router.post("/suppliers/{uuid:supplier_id}/offers/thaw", response={200: OfferThawed, **REFUSALS}, auth=EDIT)
def thaw_offer(request: HttpRequest, supplier_id: UUID, body: OfferThaw) -> Any:
    """The options are still what we want, in the seller's new words."""
    said = offer_links.thaw(by=actor_of(request), supplier_id=supplier_id, ref=body.ref, link_ids=body.link_ids)
    return {"message": said}
