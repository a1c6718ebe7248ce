"""Who supplies an order: candidates, the cheapest safe way, and one sentence for each candidate."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from daifa.areas.purchasing.rules.eligibility import NOTHING_TAKEN, Market, Options, options_of
from daifa.areas.purchasing.rules.explaining import Story, candidates_of, candidates_of_nothing, headline_of
from daifa.areas.purchasing.rules.quantity_split import cut_by_stock
from daifa.areas.purchasing.rules.quoting import TierGroup
from daifa.areas.purchasing.rules.route_warnings import warnings_of
from daifa.areas.purchasing.rules.route_words import chosen_by
from daifa.areas.purchasing.rules.search import Scored, Search, Unit
from daifa.areas.purchasing.types import (
    LeftOut,
    OfferView,
    RouteDemand,
    RouteOrder,
    RoutePlan,
    RouteSettings,
    RouteWarning,
    WarningKind,
)


def route(
    order: RouteOrder,
    offers: Sequence[OfferView],
    settings: RouteSettings,
    now: datetime,
    market: Market = NOTHING_TAKEN,
) -> RoutePlan:
    """Lay every demand of the order on offers: landed cost, region, deadline, stock, minimum quantity and record.

    Offers of other SKUs are ignored. Deterministic: no order of demands or offers changes the answer. A demand that
    nobody can supply is left out with its reason; the others are planned all the same (``complete`` tells).
    """
    options = options_of(order, offers, settings, now, market)
    units, left = _units(order, options, offers, settings, now, market)
    search = Search(order, settings, now, market)
    units, missing, best = _feasible(search, units)
    left += missing
    if best is None:
        return _nothing(order, options, left)
    pinned, warnings = _honour_choices(units)
    split = best if pinned is units else search.best(pinned)
    if split is None:
        # The choices cannot be met together (minimum quantities): the machine's way, said aloud.
        warnings += [_choice_warning(u.demand, "达不到起批量") for u in units if u.demand.choice is not None]
        pinned, split = units, best
    singles = _all_from_one(search, pinned, skip=())
    bypassed = {} if pinned is units else _all_from_one(search, units, skip=singles)
    chosen = _prefer_single(split, singles, settings)
    margin = None
    told = not left and not any(p.freight.missing for p in chosen.purchases)
    if order.income_fen is not None and order.bought_fen is not None and told:
        margin = order.income_fen - order.bought_fen - chosen.landed_fen
    story = Story(order, settings, now, options, pinned, chosen, split, singles, bypassed)
    candidates = candidates_of(story)
    return RoutePlan(
        order_id=order.order_id,
        purchases=chosen.purchases,
        candidates=candidates,
        left_out=tuple(left),
        warnings=(*warnings, *warnings_of(order, chosen, offers, units, settings, now, margin)),
        headline=headline_of(story, candidates),
        margin_fen=margin,
    )


def _units(
    order: RouteOrder,
    options: Sequence[Options],
    offers: Sequence[OfferView],
    settings: RouteSettings,
    now: datetime,
    market: Market,
) -> tuple[list[Unit], list[LeftOut]]:
    units, left = list[Unit](), list[LeftOut]()
    for option in options:
        demand = option.demand
        if option.usable:
            units.append(Unit(demand, demand.quantity, 0, option.usable))
        elif settings.split_quantity and (parts := cut_by_stock(order, demand, offers, settings, now, market)):
            units += parts
        else:
            left.append(LeftOut(demand.demand_id, no_supply(option)))
    return units, left


class _Plenty(dict[TierGroup, int]):
    """A run in which as much as one likes is bought together: its minimum quantities are reached."""

    def get(self, _key: TierGroup, _default: object = None) -> int:
        return _PLENTY


_PLENTY = 1_000_000


def lacking(order: RouteOrder, offers: Sequence[OfferView], settings: RouteSettings, now: datetime) -> list[Options]:
    """The demands that nobody could supply even if this order were the only one that takes stock, and who refuses."""
    market = Market({}, _Plenty())
    options = options_of(order, offers, settings, now, market)
    _, left = _units(order, options, offers, settings, now, market)
    gone = {x.demand_id for x in left}
    return [o for o in options if o.demand.demand_id in gone]


def unsupplied(
    order: RouteOrder, offers: Sequence[OfferView], settings: RouteSettings, now: datetime
) -> dict[UUID, str]:
    """The demands that ``lacking`` finds, each with its sentence."""
    return {o.demand.demand_id: no_supply(o) for o in lacking(order, offers, settings, now)}


def no_supply(option: Options) -> str:
    """Why nobody supplies a demand."""
    if not option.refused:
        return f"{option.demand.name} 还没有绑定供应商。请到“货源”里绑定，或在这里指定供应商。"
    said = dict.fromkeys(f"{offer.supplier.name} {reason}" for offer, reason in option.refused)
    return f"{option.demand.name} 没有供应商能供：{'；'.join(said)}。"


def _feasible(search: Search, units: list[Unit]) -> tuple[list[Unit], list[LeftOut], Scored | None]:
    """The units that can be bought together and their best way, dropping as few as a greedy look finds."""
    left = list[LeftOut]()
    best = search.best(units)
    while units and best is None:
        ways = ((u, [o for o in units if o.demand.demand_id != u.demand.demand_id]) for u in units)
        dropped, rest = next(((u, rest) for u, rest in ways if search.best(rest)), (units[0], units[1:]))
        units = [u for u in rest if u.demand.demand_id != dropped.demand.demand_id]
        best = search.best(units)
        reason = f"{dropped.demand.name} 和这一单的其他商品合起来达不到起批量，或库存不够分。请换供应商或拆单处理。"
        left.append(LeftOut(dropped.demand.demand_id, reason))
    return units, left, best


def _honour_choices(units: list[Unit]) -> tuple[list[Unit], list[RouteWarning]]:
    """Units with a person's choice keep only the offers of that supplier, where it can supply at all."""
    if all(u.demand.choice is None for u in units):
        return units, []
    kept, warnings = list[Unit](), list[RouteWarning]()
    for unit in units:
        choice = unit.demand.choice
        own = tuple(o for o in unit.options if choice and o.supplier.supplier_id == choice.supplier_id)
        kept.append(replace(unit, options=own) if own else unit)
        if choice is not None and not own:
            warnings.append(_choice_warning(unit.demand, "现在供不了，原因见候选"))
    return kept, warnings


def _choice_warning(demand: RouteDemand, why: str) -> RouteWarning:
    said = chosen_by(demand.choice) if demand.choice else ""
    return RouteWarning(WarningKind.CHOICE_NOT_POSSIBLE, f"{demand.name} {said}的供应商{why}，已改用下一家。")


def _all_from_one(search: Search, units: Sequence[Unit], *, skip: Collection[UUID]) -> dict[UUID, Scored]:
    found = dict[UUID, Scored]()
    for supplier_id in dict.fromkeys(o.supplier.supplier_id for o in units[0].options):
        if supplier_id in skip:
            continue
        own = [replace(u, options=tuple(o for o in u.options if o.supplier.supplier_id == supplier_id)) for u in units]
        if (way := search.best(own)) is not None:
            found[supplier_id] = way
    return found


def _prefer_single(split: Scored, singles: dict[UUID, Scored], settings: RouteSettings) -> Scored:
    if len(split.purchases) == 1 or not singles:
        return split
    single = min(singles.values(), key=lambda s: s.rank)
    return single if single.score - split.score <= settings.single_extra_fen else split


def _nothing(order: RouteOrder, options: Sequence[Options], left: Sequence[LeftOut]) -> RoutePlan:
    said = left[0].reason if left else "这一单没有要采购的商品。"
    return RoutePlan(order.order_id, (), candidates_of_nothing(options), tuple(left), (), said, None)
