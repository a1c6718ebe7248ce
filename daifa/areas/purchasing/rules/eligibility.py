"""Which offers may supply a demand at all, and in one phrase why the others may not."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from daifa.areas.purchasing.rules.freight import zone_of
from daifa.areas.purchasing.rules.quoting import RunQuantities, TierGroup, minimum_of, tier_group
from daifa.areas.purchasing.rules.regions import any_covers
from daifa.areas.purchasing.types import OfferView, Place, RouteDemand, RouteOrder, RouteSettings, TierScope
from daifa.kit.clock import business_day
from daifa.kit.values import dataclass


@dataclass(frozen=True, slots=True)
class Market:
    """What the run already took: units of stock per offer, and pieces per tier group."""

    stock_used: Mapping[UUID, int]
    others: RunQuantities


NOTHING_TAKEN = Market({}, {})


@dataclass(frozen=True, slots=True)
class Options:
    """A demand with the offers that may supply it and, for the others, the reason."""

    demand: RouteDemand
    usable: tuple[OfferView, ...]
    refused: tuple[tuple[OfferView, str], ...]


def stock_left(offer: OfferView, settings: RouteSettings, now: datetime, market: Market) -> int | None:
    """Units that can still be bought; None when the stock is unknown or its report too old to be believed."""
    if offer.stock is None or is_stale(offer, settings, now):
        return None
    return max(offer.stock - market.stock_used.get(offer.offer_id, 0), 0)


def is_stale(offer: OfferView, settings: RouteSettings, now: datetime) -> bool:
    """Whether a stock figure exists but is older than the settings allow."""
    old = timedelta(hours=settings.stock_fresh_hours)
    return offer.stock is not None and offer.stock_at is not None and now - offer.stock_at > old


def options_of(
    order: RouteOrder, offers: Sequence[OfferView], settings: RouteSettings, now: datetime, market: Market
) -> list[Options]:
    """For every demand (by id) its usable offers and the refused ones, in an order that no input order changes."""
    by_sku: dict[UUID, list[OfferView]] = {}
    for offer in offers:
        by_sku.setdefault(offer.sku_id, []).append(offer)
    for listed in by_sku.values():
        if len(listed) > 1:
            listed.sort(key=_by_name)
    reachable = _reachable(order, by_sku, market)
    found = []
    for demand in sorted(order.demands, key=lambda d: d.demand_id) if len(order.demands) > 1 else order.demands:
        usable, refused = [], []
        for offer in by_sku.get(demand.sku_id, ()):
            reason = why_not(order, demand, offer, settings, now, market)
            if not reason and reachable[tier_group(offer)] < minimum_of(offer):
                reason = f"{demand.name} 起批量 {minimum_of(offer)} 件，这次只有 {reachable[tier_group(offer)]} 件"
            if reason:
                refused.append((offer, reason))
            else:
                usable.append(offer)
        found.append(Options(demand, tuple(usable), tuple(refused)))
    return found


def why_not(
    order: RouteOrder, demand: RouteDemand, offer: OfferView, settings: RouteSettings, now: datetime, market: Market
) -> str:
    """Why this offer cannot supply the demand, or an empty text."""
    supplier = offer.supplier
    if reason := order.excluded.get(supplier.supplier_id, "") or supplier.paused or offer.out:
        return reason
    if offer.valid_from is not None or offer.valid_to is not None:
        today = business_day(now)
        if offer.valid_from is not None and today < offer.valid_from:
            return f"报价 {offer.valid_from:%m-%d} 起才有效"
        if offer.valid_to is not None and today > offer.valid_to:
            return f"报价 {offer.valid_to:%m-%d} 已到期"
    if not offer.tiers:
        return f"{demand.name} 没有报价"
    if reason := place_refused(order.place, offer):
        return reason
    left = stock_left(offer, settings, now, market)
    if left is not None and left < demand.quantity:
        return f"{demand.name} 缺货" if left == 0 else f"{demand.name} 库存只剩 {left} 件，要 {demand.quantity} 件"
    return ""


def place_refused(place: Place, offer: OfferView) -> str:
    """Why this offer is not sent to a place, or an empty text."""
    supplier = offer.supplier
    if not place.known:
        return ""
    if region := any_covers(supplier.not_served, place) or any_covers(offer.not_served, place):
        return f"不发 {region}"
    if supplier.served and not any_covers(supplier.served, place):
        return f"只发 {'、'.join(supplier.served[:4])}{'等地' if len(supplier.served) > 4 else ''}"
    template = offer.freight or supplier.freight
    if template.stated and zone_of(template, place) is None:
        return f"运费表里没有{place.province}{place.city}的价格，按不发货处理"
    return ""


def _reachable(order: RouteOrder, by_sku: Mapping[UUID, Sequence[OfferView]], market: Market) -> dict[TierGroup, int]:
    """The most pieces that this order could lay on each tier group."""
    most: dict[TierGroup, int] = {}
    for demand in order.demands:
        for group, run in {(tier_group(o), o.scope is TierScope.RUN) for o in by_sku.get(demand.sku_id, ())}:
            start = market.others.get(group, 0) if run else 0
            most[group] = max(most.get(group, 0), start) + demand.quantity
    return most


def _by_name(offer: OfferView) -> tuple[str, UUID, UUID]:
    return offer.supplier.name, offer.supplier.supplier_id, offer.offer_id
