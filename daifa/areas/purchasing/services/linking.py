"""Which option of a supplier's offer supplies our SKU: linked by a person, frozen when the option changes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from daifa.areas.purchasing.models import Offer, SupplyLink
from daifa.areas.purchasing.rules.fingerprints import Option, changed, fingerprint
from daifa.base import audit
from daifa.base.actor import Actor
from daifa.kit import clock
from daifa.kit.errors import Conflict, Invalid, NotFound
from daifa.ports.supplier_api import SupplierOffer


@dataclass(frozen=True, slots=True)
class OfferView:
    """An offer as last read; ``options`` as documents for the screen."""

    id: UUID
    supplier_id: UUID
    external_id: str
    title: str
    image_url: str
    on_sale: bool
    minimum: int
    options: Sequence[Mapping[str, object]]
    tiers: Sequence[Mapping[str, object]]


def keep(supplier_id: UUID, offer: SupplierOffer) -> list[UUID]:
    """Keep an offer as it is now; links whose option changed are frozen. Returns the SKUs concerned."""
    values: dict[str, object] = {
        "title": offer.title,
        "image_url": offer.image_url,
        "on_sale": offer.on_sale,
        "minimum": max(offer.minimum, 1),
        "options": [
            {
                "spec_id": o.spec_id,
                "attributes": [[k, v] for k, v in o.attributes],
                "price": "" if o.price is None else str(o.price),
                "stock": o.stock,
                "code": o.code,
                "image_url": o.image_url,
            }
            for o in offer.options
        ],
        "tiers": [{"min": n, "price": str(p)} for n, p in offer.tiers],
    }
    row = Offer.objects.select_for_update().filter(supplier_id=supplier_id, external_id=offer.offer_id).first()
    now = clock.now()
    if row is None:
        Offer.objects.create(supplier_id=supplier_id, external_id=offer.offer_id, read_at=now, changed_at=now, **values)
    else:
        differs = any(getattr(row, k) != v for k, v in values.items())
        for key, value in values.items():
            setattr(row, key, value)
        row.read_at, row.changed_at = now, now if differs else row.changed_at
        row.save()
    return _refresh_links(supplier_id, offer)


def _options(offer: SupplierOffer) -> list[Option]:
    return [
        Option(o.spec_id, o.attributes, "" if o.price is None else str(o.price), o.stock, o.code, o.image_url)
        for o in offer.options
    ]


def _refresh_links(supplier_id: UUID, offer: SupplierOffer) -> list[UUID]:
    """Price, stock and print of every live link to this offer; returns the SKUs whose supply changed."""
    touched = []
    options = _options(offer)
    rows = SupplyLink.objects.select_for_update().filter(supplier_id=supplier_id, offer_ref=offer.offer_id, live=True)
    for link in rows.order_by("id"):
        change = changed(link.fingerprint, offer.title, dict(_words(link)), options, link.spec_ref)
        now = next((o for o in offer.options if o.spec_id == link.spec_ref), None)
        frozen = None
        if change is not None or not offer.on_sale:
            gone = now is None or not offer.on_sale
            frozen = {"gone": gone, "before": dict(_words(link)), "after": dict(change.after) if change else {}}
        stock = now.stock if now is not None and offer.on_sale else 0
        tiers = _tiers(offer, now.price if now else None) or link.tiers
        if (link.frozen is None) != (frozen is None) or link.stock != stock or link.tiers != tiers:
            touched.append(link.sku_id)
        link.frozen, link.stock, link.stock_at, link.tiers = frozen, stock, clock.now(), tiers
        link.version += 1
        link.save()
    return touched


def _words(link: SupplyLink) -> list[tuple[str, str]]:
    """The option in the seller's words, as they were when a person linked it."""
    return [(str(a), str(b)) for a, b in link.option]


def _tiers(offer: SupplierOffer, price: Decimal | None) -> list[dict[str, object]]:
    """The link's price tiers: the offer's by quantity where it has them, else the option's own price."""
    if offer.tiers:
        return [{"min": n, "price": str(p)} for n, p in sorted(offer.tiers)]
    return [{"min": max(offer.minimum, 1), "price": str(price)}] if price is not None else []


def link(*, by: Actor, supplier_id: UUID, sku_id: UUID, offer_id: str, spec_id: str, today: date) -> UUID:
    """From now on this option supplies our SKU. Raises NotFound for an offer never read, Invalid, Conflict."""
    offer = Offer.objects.filter(supplier_id=supplier_id, external_id=offer_id).first()
    if offer is None:
        raise NotFound("offer_not_read", "还没有读到这个货源，请先读取。")
    found = next((o for o in offer.options if o.get("spec_id", "") == spec_id), None)
    if found is None:
        raise Invalid("no_such_option", "这个货源里没有这个规格，请重新选择。")
    option = Option(spec_id, tuple((str(a), str(b)) for a, b in found["attributes"]), code=str(found.get("code") or ""))
    tiers = offer.tiers or [{"min": offer.minimum, "price": found["price"]}]
    if not tiers[0].get("price"):
        raise Conflict("no_price", "这个规格没有价格，不能关联。")
    row, _made = SupplyLink.objects.select_for_update().get_or_create(
        supplier_id=supplier_id,
        sku_id=sku_id,
        offer_ref=offer_id,
        valid_from=today,
        defaults={"tiers": tiers, "supplier_sku": option.code},
    )
    row.spec_ref, row.fingerprint, row.frozen, row.live = spec_id, fingerprint(offer.title, option), None, True
    row.tiers, row.min_quantity, row.option = tiers, offer.minimum, [list(a) for a in option.attributes]
    row.stock, row.stock_at = found.get("stock"), clock.now()
    row.version += 1
    row.save()
    same = SupplyLink.objects.filter(supplier_id=supplier_id, sku_id=sku_id, live=True).exclude(id=row.id)
    same.update(live=False)
    words = "、".join(f"{k} {v}" for k, v in option.attributes) or "单规格"
    audit.record(by, "offer.link", f"规格关联到 {offer.title}：{words}", kind="sku", object_id=sku_id)
    return row.id


def offers_to_watch(limit: int = 500) -> list[tuple[UUID, str]]:
    """(supplier, offer) of every live link by API, the longest unread first."""
    rows = SupplyLink.objects.filter(live=True, supplier__channel="api").exclude(spec_ref="", offer_ref="")
    pairs = sorted(set(rows.values_list("supplier_id", "offer_ref")))
    read = {(s, e): at for s, e, at in Offer.objects.values_list("supplier_id", "external_id", "read_at")}
    oldest = clock.beijing(2000, 1, 1)
    return sorted(pairs, key=lambda p: read.get(p, oldest))[:limit]


def view(row: Offer) -> OfferView:
    """A row as a value."""
    return OfferView(
        row.id,
        row.supplier_id,
        row.external_id,
        row.title,
        row.image_url,
        row.on_sale,
        row.minimum,
        row.options,
        row.tiers,
    )


def get(supplier_id: UUID, offer_id: str) -> OfferView:
    """An offer as last read. Raises NotFound."""
    row = Offer.objects.filter(supplier_id=supplier_id, external_id=offer_id).first()
    if row is None:
        raise NotFound("offer_not_read", "还没有读到这个货源，请先读取。")
    return view(row)
