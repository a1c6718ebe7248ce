"""Which option of a supplier's offer supplies our SKU: linked by a person, frozen when the option changes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from daifa.areas.purchasing.models import Assignment, Offer, PurchaseLine, SupplyLink
from daifa.areas.purchasing.rules.fingerprints import Option, changed, fingerprint
from daifa.base import audit
from daifa.base.actor import Actor
from daifa.kit import clock
from daifa.kit.errors import Conflict, Invalid, NotFound
from daifa.kit.values import dataclass
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
    seller: str
    seller_ids: Sequence[str]
    read_at: datetime


def keep(supplier_id: UUID, offer: SupplierOffer) -> list[UUID]:
    """Keep an offer as it is now; links whose option changed are frozen. Returns the SKUs concerned."""
    values: dict[str, object] = {
        "title": offer.title,
        "image_url": offer.image_url,
        "on_sale": offer.on_sale,
        "minimum": max(offer.minimum, 1),
        "seller": offer.seller,
        "seller_ids": list(offer.seller_ids),
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


def gone(supplier_id: UUID, offer_id: str) -> list[UUID]:
    """The platform does not know a known offer any more: nothing comes from it until it is read again."""
    now = clock.now()
    if not Offer.objects.filter(supplier_id=supplier_id, external_id=offer_id).update(on_sale=False, read_at=now):
        return []
    touched = []
    rows = SupplyLink.objects.select_for_update().filter(supplier_id=supplier_id, offer_ref=offer_id, live=True)
    for link in rows.order_by("id"):
        if link.stock != 0:
            touched.append(link.sku_id)
        link.frozen, link.stock, link.stock_at = {"gone": True, "before": dict(_words(link)), "after": {}}, 0, now
        link.version += 1
        link.save()
    return touched


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
    """From now on this option supplies our SKU; what waits to be ordered of it is ordered so.

    Raises NotFound for an offer never read, Invalid, Conflict.
    """
    offer = Offer.objects.filter(supplier_id=supplier_id, external_id=offer_id).first()
    if offer is None:
        raise NotFound("offer_not_read", "还没有读到这个货源，请先读取。")
    found = next((o for o in offer.options if o.get("spec_id", "") == spec_id), None)
    if found is None:
        raise Invalid("no_such_option", "这个货源里没有这个规格，请重新选择。")
    option = Option(spec_id, _pairs(found), code=str(found.get("code") or ""))
    tiers = offer.tiers or [{"min": offer.minimum, "price": found["price"]}]
    if not tiers[0].get("price"):
        raise Conflict("no_price", "这个规格没有价格，不能关联。")
    if not offer.on_sale:
        raise Conflict("off_sale", "这个货源已经下架，不能关联。请换一个货源。")
    row, _made = SupplyLink.objects.select_for_update().get_or_create(
        supplier_id=supplier_id,
        sku_id=sku_id,
        offer_ref=offer_id,
        valid_from=today,
        defaults={"tiers": tiers, "supplier_sku": option.code},
    )
    row.spec_ref, row.live = spec_id, True
    row.tiers, row.min_quantity = tiers, offer.minimum
    _as_it_is(row, offer, found)
    same = SupplyLink.objects.filter(supplier_id=supplier_id, sku_id=sku_id, live=True).exclude(id=row.id)
    before = list(same.values_list("id", flat=True))
    same.update(live=False)
    _hand_over(before, row.id)
    words = "、".join(f"{k} {v}" for k, v in option.attributes) or "单规格"
    audit.record(by, "offer.link", f"规格关联到 {offer.title}：{words}", kind="sku", object_id=sku_id)
    return row.id


def _as_it_is(row: SupplyLink, offer: Offer, found: Mapping[str, object]) -> None:
    """The link remembers the option as it is now: thawed, with its words, price and stock."""
    pairs = _pairs(found)
    code = str(found.get("code") or "")
    row.fingerprint = fingerprint(offer.title, Option(str(found.get("spec_id") or ""), pairs, code=code))
    row.option, row.supplier_sku, row.frozen = [list(a) for a in pairs], code or row.supplier_sku, None
    row.linked_as = {
        "title": offer.title, "code": code, "price": found.get("price") or "",
        "image_url": found.get("image_url") or offer.image_url,
    }  # fmt: skip
    stock = found.get("stock")
    row.stock, row.stock_at = stock if isinstance(stock, int) else None, clock.now()
    row.version += 1
    row.save()


def _pairs(found: Mapping[str, object]) -> tuple[tuple[str, str], ...]:
    said = found["attributes"]
    assert isinstance(said, Sequence)
    return tuple((str(a), str(b)) for a, b in said)


def _hand_over(old_ids: Sequence[UUID], new_id: UUID) -> None:
    """What was assigned by the old link and not ordered yet is ordered by the new one; what was ordered stays."""
    waiting = PurchaseLine.objects.filter(
        purchase__state="draft", live=True, assignment__supply_link_id__in=list(old_ids)
    )
    ids = list(waiting.values_list("assignment_id", flat=True))
    Assignment.objects.filter(id__in=ids).update(supply_link_id=new_id)


def thaw(*, by: Actor, supplier_id: UUID, offer_id: str, link_ids: Sequence[UUID]) -> list[UUID]:
    """A person looked: these options are still the goods we want, in the seller's new words. Returns the SKUs.

    Raises NotFound, Conflict for an option that is gone: another has to be chosen.
    """
    offer = Offer.objects.filter(supplier_id=supplier_id, external_id=offer_id).first()
    rows = SupplyLink.objects.select_for_update().filter(
        supplier_id=supplier_id, offer_ref=offer_id, live=True, frozen__isnull=False, id__in=list(link_ids)
    )
    links = list(rows.order_by("id"))
    if offer is None or len(links) < len(set(link_ids)):
        raise NotFound("not_frozen", "这条关联已经不是冻结状态，请刷新。")
    options = {str(o.get("spec_id") or ""): o for o in offer.options}
    for row in links:
        found = options.get(row.spec_ref)
        if found is None or not offer.on_sale:
            raise Conflict("option_gone", "原来的规格已经没有了，不能解除冻结。请给它换成新规格，或停用这条货源。")
        before = "、".join(f"{k} {v}" for k, v in _words(row))
        _as_it_is(row, offer, found)
        after = "、".join(f"{k} {v}" for k, v in _words(row)) or "单规格"
        audit.record(
            by, "offer.thaw", f"核对后解除冻结 {offer.title}：{after}", kind="sku", object_id=row.sku_id,
            data={"option": [before, after]},
        )  # fmt: skip
    return [row.sku_id for row in links]


def by_codes(supplier_id: UUID, codes: Sequence[str]) -> dict[str, UUID]:
    """Our SKUs by the article codes that this supplier's price lists call them, where a code means one of them."""
    rows = SupplyLink.objects.filter(supplier_id=supplier_id, live=True, supplier_sku__in=[c for c in codes if c])
    found: dict[str, set[UUID]] = {}
    for code, sku in rows.values_list("supplier_sku", "sku_id"):
        found.setdefault(code, set()).add(sku)
    return {code: next(iter(skus)) for code, skus in found.items() if len(skus) == 1}


def sellers_of(supplier_id: UUID) -> set[str]:
    """Every name by which the platform knows the seller of what we linked at this supplier."""
    refs = SupplyLink.objects.filter(supplier_id=supplier_id, live=True).exclude(fingerprint="").values("offer_ref")
    rows = Offer.objects.filter(supplier_id=supplier_id, external_id__in=refs)
    return {str(name) for ids in rows.values_list("seller_ids", flat=True) for name in ids}


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
        row.seller,
        row.seller_ids,
        row.read_at,
    )


def get(supplier_id: UUID, offer_id: str) -> OfferView:
    """An offer as last read. Raises NotFound."""
    row = Offer.objects.filter(supplier_id=supplier_id, external_id=offer_id).first()
    if row is None:
        raise NotFound("offer_not_read", "还没有读到这个货源，请先读取。")
    return view(row)
