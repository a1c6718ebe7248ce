"""The cheapest way to lay an order's demands on offers: an exact search, because orders are small."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import field
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal
from uuid import UUID

from daifa.areas.purchasing.rules.eligibility import Market, stock_left
from daifa.areas.purchasing.rules.quoting import Pick, quote_purchase
from daifa.areas.purchasing.types import (
    OfferView,
    PlannedPurchase,
    RouteDemand,
    RouteOrder,
    RouteSettings,
    SupplierView,
)
from daifa.kit.money import Fen, round_fen
from daifa.kit.values import dataclass


@dataclass(frozen=True, slots=True)
class Unit:
    """What is laid on one offer as a whole: a demand, or a part of it."""

    demand: RouteDemand
    quantity: int
    part: int
    options: tuple[OfferView, ...]


@dataclass(frozen=True, slots=True)
class Scored:
    """One complete way to buy, with what it costs and what it risks."""

    purchases: tuple[PlannedPurchase, ...]
    late: bool
    score: Fen
    exact: bool = True

    @property
    def landed_fen(self) -> Fen:
        """Goods and freight of all purchases."""
        return sum(p.landed_fen for p in self.purchases)

    @property
    def rank(self) -> tuple[Fen, int, Fen]:
        """Smaller is better: expected cost, then fewer boxes, then cash."""
        return self.score, len(self.purchases), self.landed_fen


def expected_loss(supplier: SupplierView, order: RouteOrder, settings: RouteSettings, *, late: bool) -> Fen:
    """Fen that lateness and refusals of this supplier will cost on average; certain lateness costs all of it."""
    loss = settings.late_loss_fen if order.late_loss_fen is None else order.late_loss_fen
    record = supplier.record
    known = record.orders >= settings.record_min_orders
    on_time = record.on_time if known and record.on_time is not None else settings.unknown_on_time
    refused = record.refused if known and record.refused is not None else settings.unknown_refused
    lateness = Decimal(loss) if late else (1 - on_time) * loss
    return int((lateness + refused * settings.refusal_loss_fen).to_integral_value(rounding=ROUND_HALF_UP))


@dataclass(slots=True)
class Search:
    """One search: the order, the moment, the settings and what the run already took."""

    order: RouteOrder
    settings: RouteSettings
    now: datetime
    market: Market
    # What picks cost is asked again and again; a search's demands and offers are the same objects throughout.
    _quotes: dict[tuple[tuple[int, int, int], ...], PlannedPurchase | None] = field(default_factory=dict)
    _ways: dict[tuple[tuple[int, int, int], ...], Scored | None] = field(default_factory=dict)
    _nodes: int = 0
    _best: Scored | None = None

    def best(self, units: Sequence[Unit]) -> Scored | None:
        """The cheapest way to buy all units, None when there is none; ``exact`` false when the limit cut it short."""
        self._nodes, self._best = 0, None
        if not units or any(not u.options for u in units):
            return None
        floors = [[_floor(u, o) for o in u.options] for u in units]
        rest = [0] * (len(units) + 1)
        for at in range(len(units) - 1, -1, -1):
            rest[at] = rest[at + 1] + min(floors[at])
        self._descend(units, floors, rest, 0, [], 0)
        found: Scored | None = self._best
        if found is not None and self._nodes > self.settings.search_limit:
            return Scored(found.purchases, found.late, found.score, exact=False)
        return found

    def _descend(
        self, units: Sequence[Unit], floors: list[list[Fen]], rest: list[Fen], at: int, picks: list[Pick], floor: Fen
    ) -> None:
        self._nodes += 1
        if self._nodes > self.settings.search_limit and (self._best or self._nodes > 10 * self.settings.search_limit):
            return
        if self._best is not None and floor + rest[at] > self._best.score:
            return
        if at == len(units):
            self._leaf(picks)
            return
        unit = units[at]
        for offer, least in zip(unit.options, floors[at], strict=True):
            picks.append(Pick(unit.demand, offer, unit.quantity, unit.part))
            if self._in_stock(picks):
                self._descend(units, floors, rest, at + 1, picks, floor + least)
            picks.pop()

    def _leaf(self, picks: Sequence[Pick]) -> None:
        key = _same(picks)
        if key not in self._ways:
            self._ways[key] = self._scored(picks)
        found = self._ways[key]
        if found is not None and (self._best is None or found.rank < self._best.rank):
            self._best = found

    def _scored(self, picks: Sequence[Pick]) -> Scored | None:
        by_supplier: dict[UUID, list[Pick]] = {}
        for pick in picks:
            by_supplier.setdefault(pick.offer.supplier.supplier_id, []).append(pick)
        purchases, score, late = [], 0, False
        for group in by_supplier.values():
            purchase = self._quote(group)
            if purchase is None:
                return None
            missed = self.order.due_by is not None and purchase.ready_by > self.order.due_by
            score += purchase.landed_fen
            score += expected_loss(group[0].offer.supplier, self.order, self.settings, late=missed)
            late = late or missed
            purchases.append(purchase)
        purchases.sort(key=lambda p: (p.supplier_name, p.supplier_id))
        return Scored(tuple(purchases), late, score)

    def _quote(self, group: Sequence[Pick]) -> PlannedPurchase | None:
        key = _same(group)
        if key not in self._quotes:
            answer = quote_purchase(
                group, place=self.order.place, now=self.now, settings=self.settings, others=self.market.others
            )
            self._quotes[key] = None if isinstance(answer, str) else answer
        return self._quotes[key]

    def _in_stock(self, picks: Sequence[Pick]) -> bool:
        offer = picks[-1].offer
        if offer.stock is None:
            return True
        left = stock_left(offer, self.settings, self.now, self.market)
        return left is None or sum(p.quantity for p in picks if p.offer.offer_id == offer.offer_id) <= left


def _same(picks: Sequence[Pick]) -> tuple[tuple[int, int, int], ...]:
    return tuple((id(p.demand), p.part, id(p.offer)) for p in picks)


def _floor(unit: Unit, offer: OfferView) -> Fen:
    """No purchase can make the unit cheaper than this: the lowest tier price of the offer."""
    return round_fen(min(t.unit_price for t in offer.tiers) * unit.quantity)
