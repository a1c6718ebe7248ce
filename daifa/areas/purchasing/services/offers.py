"""Supply links: who can supply which SKU at what price; recorded from price lists, loaded for routing."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from uuid import UUID

from django.db.models import F, Q

from daifa.areas.purchasing.models import RouteChoice, Supplier, SupplyLink
from daifa.areas.purchasing.rules.documents import freight_document, freight_of, tiers_document, tiers_of
from daifa.areas.purchasing.rules.freight_reading import read_freight
from daifa.areas.purchasing.services import records, suppliers
from daifa.areas.purchasing.types import (
    FreightTemplate,
    FreightZone,
    OfferView,
    PersonChoice,
    PriceTier,
    SupplierRecord,
    SupplierView,
    TierScope,
)
from daifa.base import audit
from daifa.base.actor import Actor
from daifa.kit import clock
from daifa.kit.errors import Invalid, NotFound
from daifa.kit.money import Fen, format_yuan, plain_yuan
from daifa.ports.sheet import PriceRow


def record_prices(
    rows: Sequence[PriceRow], sku_ids: Mapping[str, UUID], *, today: date
) -> list[tuple[int, str, UUID | None]]:
    """Write a price list: the rows of one (supplier, SKU) are its tiers from ``valid_from`` on.

    Returns (row, new/updated/unchanged/unknown_sku/no_supplier/bad_freight, link id). A newer list closes the older
    price the day before; what a row leaves empty stays as it was.
    """
    ids = suppliers.ensure([r.supplier for r in rows])
    groups: dict[tuple[UUID, UUID, str, date], list[PriceRow]] = defaultdict(list)
    fates: list[tuple[int, str, UUID | None]] = []
    for row in rows:
        sku = sku_ids.get(row.sku_code)
        if sku is None or not row.supplier.strip():
            fates.append((row.row, "unknown_sku" if sku is None else "no_supplier", None))
            continue
        if row.freight_text and isinstance(read_freight(row.freight_text), str):
            fates.append((row.row, "bad_freight", None))
            continue
        key = (ids[row.supplier.strip()], sku, row.supplier_code, row.valid_from or today)
        groups[key].append(row)
    live = _live([k[1] for k in groups])
    for (supplier, sku, ref, start), members in groups.items():
        outcome, link = _record(live.get((supplier, sku, ref), []), supplier, sku, ref, start, members)
        fates += [(m.row, outcome, link) for m in members]
    return sorted(fates, key=lambda f: f[0])


def _live(sku_ids: Sequence[UUID]) -> dict[tuple[UUID, UUID, str], list[SupplyLink]]:
    found: dict[tuple[UUID, UUID, str], list[SupplyLink]] = defaultdict(list)
    for link in SupplyLink.objects.filter(sku_id__in=list(set(sku_ids)), live=True).order_by("valid_from"):
        found[(link.supplier_id, link.sku_id, link.offer_ref)].append(link)
    return found


def _record(
    before: list[SupplyLink], supplier: UUID, sku: UUID, ref: str, start: date, members: Sequence[PriceRow]
) -> tuple[str, UUID]:
    prices = {q: fen for m in members for q, fen in ((m.min_qty, m.price_fen), *m.tiers)}
    tiers = {q: PriceTier(q, Decimal(plain_yuan(fen))) for q, fen in prices.items()}
    document = tiers_document([tiers[q] for q in sorted(tiers)])
    values: dict[str, object] = {"tiers": document, "min_quantity": min(tiers), **_terms(members)}
    earlier = [b for b in before if b.valid_from <= start]
    now = earlier[-1] if earlier else None
    if now is not None and (now.valid_from == start or (now.tiers == document and _reaches(now, start))):
        if all(getattr(now, k) == v for k, v in values.items() if k != "stock_at"):
            if "stock_at" in values:
                # The same number said again is news all the same: it is fresh.
                SupplyLink.objects.filter(id=now.id).update(stock_at=values["stock_at"])
            return "unchanged", now.id
        SupplyLink.objects.filter(id=now.id).update(**values, version=now.version + 1)
        return "updated", now.id
    day_before = start - timedelta(days=1)
    if now is not None and _reaches(now, start):
        SupplyLink.objects.filter(id=now.id).update(valid_to=day_before, version=now.version + 1)
        now.valid_to = day_before
    if now is not None:
        # A new price says nothing of the terms that its row leaves empty: they go on.
        kept = {"freight": now.freight, "regions_not_served": now.regions_not_served, "lead_hours": now.lead_hours}
        values = {**kept, **values}
    later = next((b for b in before if b.valid_from > start), None)
    if later is not None:
        values.setdefault("valid_to", later.valid_from - timedelta(days=1))
    made = SupplyLink.objects.create(
        supplier_id=supplier, sku_id=sku, offer_ref=ref, supplier_sku=ref, valid_from=start, **values
    )  # fmt: skip
    return ("updated" if before else "new"), made.id


def _terms(members: Sequence[PriceRow]) -> dict[str, object]:
    """What the rows of one article say beside the price: of each the last that says something."""
    values: dict[str, object] = {}
    for row in members:
        if row.freight_fen is not None:
            values["freight"] = freight_document(FreightTemplate(zones=(FreightZone(row.freight_fen),)))
        elif row.freight_text and isinstance(read := read_freight(row.freight_text), FreightTemplate):
            values["freight"] = freight_document(read)
        if row.regions_not_served:
            values["regions_not_served"] = list(row.regions_not_served)
        if row.lead_hours is not None:
            values["lead_hours"] = row.lead_hours
        if row.valid_to is not None:
            values["valid_to"] = row.valid_to
        if row.stock is not None:
            values |= {"stock": row.stock, "stock_at": clock.now()}
    return values


def _reaches(link: SupplyLink, day: date) -> bool:
    return link.valid_to is None or link.valid_to >= day


def save(
    *,
    by: Actor,
    supplier_id: UUID,
    sku_id: UUID,
    tiers: Sequence[tuple[int, Fen]],
    today: date,
    offer_ref: str = "",
    lead_hours: int | None = None,
    stock: int | None = None,
) -> UUID:
    """A price by hand, valid from today on: tiers are (from how many pieces, fen a piece). Raises Invalid, NotFound."""
    if not tiers or any(n < 1 or fen < 0 for n, fen in tiers) or len({n for n, _ in tiers}) < len(tiers):
        raise Invalid("bad_tiers", "请至少填一档价格；每档的起订件数大于 0 且不重复。")
    name = suppliers.get(supplier_id).name
    rows = [
        PriceRow(
            row=1, supplier=name, sku_code="", supplier_code=offer_ref, min_qty=n, price_fen=fen,
            lead_hours=lead_hours, stock=stock,
        )
        for n, fen in sorted(tiers)
    ]  # fmt: skip
    before = _live([sku_id]).get((supplier_id, sku_id, offer_ref), [])
    outcome, link_id = _record(before, supplier_id, sku_id, offer_ref, today, rows)
    SupplyLink.objects.filter(id=link_id).update(lead_hours=lead_hours, stock=stock)
    if outcome != "unchanged":
        said = "，".join(f"{n} 件起 {format_yuan(fen)}" for n, fen in sorted(tiers))
        audit.record(by, "offer.save", f"{name} 的供货价：{said}", kind="sku", object_id=sku_id)
    return link_id


def end(*, by: Actor, link_id: UUID, today: date) -> UUID:
    """This supplier no longer has this SKU; the prices of the past stay. Returns the SKU. Raises NotFound."""
    link = SupplyLink.objects.select_for_update(of=("self",)).select_related("supplier").filter(id=link_id).first()
    if link is None or not link.live:
        raise NotFound("no_such_offer", "没有这条货源，或已经停用。")
    same = SupplyLink.objects.filter(supplier_id=link.supplier_id, sku_id=link.sku_id, offer_ref=link.offer_ref)
    same.filter(live=True, valid_from__gte=today).update(live=False, version=F("version") + 1)
    still = same.filter(live=True).filter(Q(valid_to__isnull=True) | Q(valid_to__gte=today))
    still.update(valid_to=today - timedelta(days=1), version=F("version") + 1)
    audit.record(by, "offer.end", f"停用 {link.supplier.name} 的货源", kind="sku", object_id=link.sku_id)
    return link.sku_id


def agree_terms(supplier_names: Iterable[str], *, today: date) -> None:
    """What all articles of a supplier agree on is true of the supplier; where they differ, its own word stays.

    For the end of a whole price list: half of one agrees too easily.
    """
    said: dict[UUID, list[SupplyLink]] = defaultdict(list)
    names = {n.strip() for n in supplier_names}
    links = SupplyLink.objects.filter(supplier__name__in=names, live=True, valid_from__lte=today)
    for link in links.filter(Q(valid_to__isnull=True) | Q(valid_to__gte=today)):
        said[link.supplier_id].append(link)
    for supplier in Supplier.objects.filter(id__in=list(said)).order_by("id"):
        values: dict[str, object] = {}
        for name in ("freight", "lead_hours", "regions_not_served"):
            first, *others = (getattr(link, name) for link in said[supplier.id])
            stated = first not in ({}, [], None) and all(v == first for v in others)
            if stated and getattr(supplier, name) != first:
                values[name] = first
        if values:
            Supplier.objects.filter(id=supplier.id).update(**values, version=supplier.version + 1)


def cut_offs(supplier_ids: Collection[UUID]) -> dict[UUID, time | None]:
    """Until when on a day these suppliers take what they ship from that day on, Beijing time."""
    found = Supplier.objects.filter(id__in=list(supplier_ids)).values_list("id", "cut_off")
    return {i: _cut_off(text) for i, text in found}


def _cut_off(text: str) -> time | None:
    hour, _, minute = text.partition(":")
    return time(int(hour), int(minute or 0)) if hour.isdigit() else None


def supplier_views(supplier_ids: Collection[UUID]) -> dict[UUID, SupplierView]:
    """These suppliers as routing sees them."""
    known = records.of(supplier_ids)
    return {
        s.id: SupplierView(
            supplier_id=s.id,
            name=s.name,
            freight=freight_of(s.freight),
            lead_hours=s.lead_hours,
            cutoff=_cut_off(s.cut_off),
            not_served=tuple(s.regions_not_served),
            record=known.get(s.id, SupplierRecord()),
            paused="" if s.active else "已停用",
        )
        for s in Supplier.objects.filter(id__in=list(supplier_ids))
    }


def load(sku_ids: Sequence[UUID], *, today: date) -> dict[UUID, list[OfferView]]:
    """Live offers of these SKUs, valid today, for routing."""
    valid = Q(valid_to=None) | Q(valid_to__gte=today)
    rows = SupplyLink.objects.filter(valid, sku_id__in=list(set(sku_ids)), live=True, valid_from__lte=today)
    links = list(rows.order_by("id"))
    seen = supplier_views({link.supplier_id for link in links})
    found: dict[UUID, list[OfferView]] = defaultdict(list)
    for link in links:
        found[link.sku_id].append(
            OfferView(
                offer_id=link.id,
                sku_id=link.sku_id,
                supplier=seen[link.supplier_id],
                tiers=tiers_of(link.tiers),
                minimum=link.min_quantity,
                scope=TierScope.RUN if link.tier_by_run else TierScope.PURCHASE_ORDER,
                offer_ref=link.offer_ref,
                freight=freight_of(link.freight) if link.freight else None,
                lead_hours=link.lead_hours,
                not_served=tuple(link.regions_not_served),
                stock=link.stock,
                stock_at=link.stock_at,
                valid_from=link.valid_from,
                valid_to=link.valid_to,
                out=_out(link.frozen),
            )
        )
    return found


class Market:
    """Live offers as they are at one moment, for several who ask after one another: nothing is loaded twice."""

    def __init__(self, now: datetime) -> None:
        self.now = now
        self._found: dict[UUID, list[OfferView]] = {}
        self._known: set[UUID] = set()

    def of(self, sku_ids: Collection[UUID]) -> Mapping[UUID, list[OfferView]]:
        """Live offers of at least these SKUs."""
        fresh = set(sku_ids) - self._known
        if fresh:
            self._known |= fresh
            self._found.update(load(sorted(fresh), today=clock.business_day(self.now)))
        return self._found


def _out(frozen: Mapping[str, object] | None) -> str:
    """Why a linked option supplies nothing until a person has looked at it; an empty text when it does."""
    if frozen is None:
        return ""
    return "供应商已经没有这个规格" if frozen.get("gone") else "供应商改了这个规格，核对后才会再派给它"


def choices(sku_ids: Sequence[UUID]) -> dict[UUID, PersonChoice]:
    """Remembered choices of people by SKU."""
    rows = RouteChoice.objects.filter(sku_id__in=list(set(sku_ids)))
    return {
        r.sku_id: PersonChoice(r.supplier_id, r.chosen_by, on=clock.business_day(r.created_at), remembered=True)
        for r in rows
    }


def remember_choice(*, sku_ids: Sequence[UUID], supplier_id: UUID, by_name: str, reason: str = "") -> None:
    """From now on these SKUs go to this supplier."""
    for sku_id in sku_ids:
        RouteChoice.objects.update_or_create(
            sku_id=sku_id, defaults={"supplier_id": supplier_id, "chosen_by": by_name, "reason": reason}
        )


def forget_choice(sku_ids: Sequence[UUID]) -> None:
    """Let the machine choose again."""
    RouteChoice.objects.filter(sku_id__in=list(sku_ids)).delete()


def supplied(sku_ids: Sequence[UUID], today: date) -> set[UUID]:
    """Which of these SKUs an active supplier can supply today."""
    rows = SupplyLink.objects.filter(
        sku_id__in=list(set(sku_ids)), live=True, supplier__active=True, valid_from__lte=today
    )
    return {s for s, to in rows.values_list("sku_id", "valid_to") if to is None or to >= today}
