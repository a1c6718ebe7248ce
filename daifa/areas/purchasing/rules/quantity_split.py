"""Cutting one demand over several suppliers, when no single one has enough in stock and the owner allows it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from daifa.areas.purchasing.rules.eligibility import Market, stock_left, why_not
from daifa.areas.purchasing.rules.quoting import minimum_of, unit_price
from daifa.areas.purchasing.rules.search import Unit
from daifa.areas.purchasing.types import OfferView, RouteDemand, RouteOrder, RouteSettings


def cut_by_stock(
    order: RouteOrder,
    demand: RouteDemand,
    offers: Sequence[OfferView],
    settings: RouteSettings,
    now: datetime,
    market: Market,
) -> list[Unit]:
    """The demand in parts, each within one offer's known stock, the cheapest offer first; empty when impossible."""
    one = replace(demand, quantity=1)
    usable = [o for o in offers if o.sku_id == demand.sku_id and not why_not(order, one, o, settings, now, market)]
    usable.sort(key=lambda o: (unit_price(o.tiers, demand.quantity), o.supplier.name, o.offer_id))
    missing, parts = demand.quantity, list[Unit]()
    for offer in usable:
        left = stock_left(offer, settings, now, market)
        take = missing if left is None else min(left, missing)
        if take < minimum_of(offer) or take == 0:
            continue
        parts.append(Unit(demand, take, len(parts), (offer,)))
        missing -= take
        if missing == 0:
            return parts
    return []
