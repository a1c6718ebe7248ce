"""What one supplier would charge for some pieces, tier by tier, and when they could leave."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from uuid import UUID

from daifa.areas.purchasing.rules.freight import quote_freight
from daifa.areas.purchasing.types import (
    FreightQuote,
    FreightTemplate,
    OfferView,
    Place,
    PlannedLine,
    PlannedPurchase,
    PriceTier,
    RouteDemand,
    RouteSettings,
    SupplierView,
    TierScope,
)
from daifa.kit.clock import BEIJING, business_day, day_start
from daifa.kit.money import Fen, round_fen
from daifa.kit.values import dataclass

# Supplier and supplier's item (or the single offer): the pieces that count together for tiers and minimum.
type TierGroup = tuple[UUID, str | UUID]
# Pieces that other orders of the run (or of today) already take, for lists whose tiers count the run.
type RunQuantities = Mapping[TierGroup, int]


@dataclass(frozen=True, slots=True)
class Pick:
    """A demand, or a part of it, laid on one offer."""

    demand: RouteDemand
    offer: OfferView
    quantity: int
    part: int = 0


def tier_group(offer: OfferView) -> TierGroup:
    """The pieces counted together: all SKUs of a mixed item, else the offer alone."""
    return offer.supplier.supplier_id, (offer.offer_ref if offer.mixed and offer.offer_ref else offer.offer_id)


def minimum_of(offer: OfferView) -> int:
    """The smallest quantity sold: the stated minimum, or where the lowest tier begins."""
    return max(offer.minimum, min((t.min_quantity for t in offer.tiers), default=1))


def unit_price(tiers: Sequence[PriceTier], quantity: int) -> Decimal:
    """The yuan a piece costs at a quantity: the highest tier reached, or the lowest one when none is."""
    reached = [t for t in tiers if t.min_quantity <= quantity]
    tier = max(reached, key=lambda t: t.min_quantity) if reached else min(tiers, key=lambda t: t.min_quantity)
    return tier.unit_price


def offer_lead(offer: OfferView) -> int:
    """The hours the supplier asks for with this offer."""
    return offer.supplier.lead_hours if offer.lead_hours is None else offer.lead_hours


def ready_by(supplier: SupplierView, lead_hours: int, now: datetime) -> datetime:
    """When the supplier promises to have shipped; after its daily cut-off the clock starts next morning."""
    start = now
    if supplier.cutoff is not None and now.astimezone(BEIJING).time() > supplier.cutoff:
        start = day_start(business_day(now) + timedelta(days=1))
    return start + timedelta(hours=lead_hours)


def quote_purchase(
    picks: Sequence[Pick], *, place: Place, now: datetime, settings: RouteSettings, others: RunQuantities | None = None
) -> PlannedPurchase | str:
    """Goods, freight and readiness of one supplier's picks; a Chinese reason where it cannot be bought so.

    All picks must be offers of the same supplier. Stock and region are the caller's question, minimum quantity and
    a missing freight price are answered here because they depend on what is bought together.
    """
    lines = _lines(picks, others or {})
    if isinstance(lines, str):
        return lines
    freight = _freight(picks, lines, place, settings)
    if freight is None:
        return f"运费表里没有{place.province}{place.city}的价格，按不发货处理"
    supplier = picks[0].offer.supplier
    lead = max(offer_lead(p.offer) for p in picks)
    return PlannedPurchase(
        supplier_id=supplier.supplier_id,
        supplier_name=supplier.name,
        lines=lines,
        goods_fen=sum(line.amount_fen for line in lines),
        freight=freight,
        ready_by=ready_by(supplier, lead, now),
    )


def _lines(picks: Sequence[Pick], others: RunQuantities) -> tuple[PlannedLine, ...] | str:
    bought: dict[TierGroup, int] = {}
    groups = [tier_group(p.offer) for p in picks]
    for pick, group in zip(picks, groups, strict=True):
        bought[group] = bought.get(group, 0) + pick.quantity
    lines = []
    for pick, group in zip(picks, groups, strict=True):
        quantity = bought[group] + (others.get(group, 0) if pick.offer.scope is TierScope.RUN else 0)
        if quantity < (least := minimum_of(pick.offer)):
            return f"{pick.demand.name} 起批量 {least} 件，这次只有 {quantity} 件"
        price = unit_price(pick.offer.tiers, quantity)
        lines.append(
            PlannedLine(
                demand_id=pick.demand.demand_id,
                part=pick.part,
                sku_id=pick.demand.sku_id,
                offer_id=pick.offer.offer_id,
                quantity=pick.quantity,
                unit_price=price,
                amount_fen=round_fen(price * pick.quantity),
            )
        )
    return tuple(lines)


def _freight(
    picks: Sequence[Pick], lines: Sequence[PlannedLine], place: Place, settings: RouteSettings
) -> FreightQuote | None:
    """Freight by template: offers with a template of their own travel on it, the rest on the supplier's."""
    by_template: dict[FreightTemplate, list[int]] = {}
    for at, pick in enumerate(picks):
        # Equal templates are one parcel's, whether the list wrote them on the article or on the supplier.
        by_template.setdefault(pick.offer.freight or pick.offer.supplier.freight, []).append(at)
    quotes: list[FreightQuote] = []
    for template, members in by_template.items():
        weights = [picks[at].demand.weight_g for at in members]
        quote = quote_freight(
            template,
            place,
            goods_fen=sum(lines[at].amount_fen for at in members),
            pieces=sum(picks[at].quantity for at in members),
            weight_g=sum(
                (settings.default_weight_g if weight is None else weight) * picks[at].quantity
                for at, weight in zip(members, weights, strict=True)
            ),
            weight_assumed=None in weights,
        )
        if quote is None:
            return None
        quotes.append(quote)
    if len(quotes) == 1:
        return quotes[0]
    total: Fen = sum(q.fen for q in quotes)
    return FreightQuote(
        total,
        any(q.estimated for q in quotes),
        "；".join(q.why for q in quotes),
        any(q.missing for q in quotes),
    )
