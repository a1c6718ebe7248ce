"""Who else could supply what is held for a person: what it costs more or less, how much later, the best first. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from daifa.areas.purchasing.rules import route_words
from daifa.areas.purchasing.rules.run import OffersBySku, route_run
from daifa.areas.purchasing.rules.search import expected_loss
from daifa.areas.purchasing.types import (
    FreightQuote,
    PlannedPurchase,
    RouteOrder,
    RoutePlan,
    RouteSettings,
    SupplierView,
)
from daifa.kit.clock import business_day
from daifa.kit.money import Fen, format_yuan
from daifa.kit.values import dataclass

NOBODY_ELSE = "没有别的供应商能发这些商品"


@dataclass(frozen=True, slots=True)
class Way:
    """One supplier taking all pieces of these orders; ``plans`` in routing's order."""

    supplier: SupplierView
    plans: tuple[RoutePlan, ...]

    @property
    def purchases(self) -> tuple[PlannedPurchase, ...]:
        """What it would pack, order by order."""
        return tuple(x for p in self.plans for x in p.purchases)

    @property
    def ready_by(self) -> datetime:
        """When the last of it has left."""
        return max(x.ready_by for x in self.purchases)


@dataclass(frozen=True, slots=True)
class Cost:
    """What a way costs; ``freight_fen`` None where the supplier's freight is not known."""

    goods_fen: Fen
    freight_fen: Fen | None


@dataclass(frozen=True, slots=True)
class Switch:
    """One other supplier. ``delta_fen``: landed cost against what is asked now, None where either is not known.

    ``days``: calendar days (Beijing) that it leaves later than where it is held, negative earlier, None where that
    one's promise is not known; ``late``: after the orders' deadline; ``said`` both in short, ``text`` the reasons.
    """

    supplier_id: UUID
    name: str
    landed_fen: Fen | None
    delta_fen: Fen | None
    days: int | None
    late: bool
    ready_by: datetime
    said: str
    text: str


def ways(orders: Sequence[RouteOrder], offers: OffersBySku, settings: RouteSettings, now: datetime) -> dict[UUID, Way]:
    """Every supplier that can take all of these orders alone, by routing's own rules."""
    listed = [o for sku in sorted({d.sku_id for x in orders for d in x.demands}) for o in offers.get(sku, ())]
    alone = replace(settings, split_quantity=False)
    found = {}
    for supplier in {o.supplier.supplier_id: o.supplier for o in listed}.values():
        own = {
            sku: [o for o in of_sku if o.supplier.supplier_id == supplier.supplier_id] for sku, of_sku in offers.items()
        }
        plans = tuple(route_run(orders, own, alone, now))
        if plans and all(p.complete for p in plans):
            found[supplier.supplier_id] = Way(supplier, plans)
    return found


def nobody_else(
    orders: Sequence[RouteOrder], offers: OffersBySku, settings: RouteSettings, now: datetime, *, away_from: UUID
) -> str:
    """Why each of the others cannot take all of it; "" where there are no others."""
    others = {
        sku: [o for o in offers.get(sku, ()) if o.supplier.supplier_id != away_from]
        for sku in {d.sku_id for x in orders for d in x.demands}
    }
    if not any(others.values()):
        return ""
    left = [x for p in route_run(orders, others, replace(settings, split_quantity=False), now) for x in p.left_out]
    return "".join(dict.fromkeys(x.reason for x in left)) or "要分给几家才能发全。"


def switches(
    orders: Sequence[RouteOrder],
    found: Mapping[UUID, Way],
    costs: Mapping[UUID, Cost],
    settings: RouteSettings,
    now: datetime,
    *,
    away_from: UUID,
    quoted_fen: Fen | None,
) -> tuple[Switch, ...]:
    """The ways beside the one that is held, as choices: ranked as routing ranks, unknown costs last."""
    before = found.get(away_from)
    made = []
    for supplier_id, way in found.items():
        if supplier_id == away_from:
            continue
        cost = costs[supplier_id]
        landed = None if cost.freight_fen is None else cost.goods_fen + cost.freight_fen
        delta = None if landed is None or quoted_fen is None else landed - quoted_fen
        days = None if before is None else (business_day(way.ready_by) - business_day(before.ready_by)).days
        late = bool(_missed(orders, way))
        said = words(delta, days, late=late, freight_known=landed is not None)
        text = _reasons(orders, way, cost, settings, now)
        choice = Switch(
            supplier_id, way.supplier.name, landed, delta, days, late, way.ready_by, said, text
        )  # fmt: skip
        made.append(((landed is None, _score(orders, way, cost, settings), way.ready_by, choice.name), choice))
    return tuple(c for _, c in sorted(made, key=lambda m: (*m[0], m[1].supplier_id)))


def _missed(orders: Iterable[RouteOrder], way: Way) -> set[UUID]:
    due = {o.order_id: o.due_by for o in orders}
    return {
        p.order_id for p in way.plans for x in p.purchases if (at := due[p.order_id]) is not None and x.ready_by > at
    }


def _score(orders: Sequence[RouteOrder], way: Way, cost: Cost, settings: RouteSettings) -> Fen:
    missed = _missed(orders, way)
    risk = sum(expected_loss(way.supplier, o, settings, late=o.order_id in missed) for o in orders)
    return cost.goods_fen + (cost.freight_fen or 0) + risk


def words(delta_fen: Fen | None, days: int | None, *, late: bool, freight_known: bool) -> str:
    """``+¥0.80 · 晚 1 天``."""
    said = []
    if not freight_known:
        said.append("运费未填")
    elif delta_fen is not None:
        said.append("同价" if delta_fen == 0 else f"{'+' if delta_fen > 0 else '-'}{format_yuan(abs(delta_fen))}")
    if days is not None:
        said.append("同一天" if days == 0 else f"{'晚' if days > 0 else '早'} {abs(days)} 天")
    if late:
        said.append("赶不上截止")
    return " · ".join(said)


def _reasons(orders: Sequence[RouteOrder], way: Way, cost: Cost, settings: RouteSettings, now: datetime) -> str:
    estimated = any(x.freight.estimated for x in way.purchases)
    freight = FreightQuote(cost.freight_fen or 0, estimated, "", missing=cost.freight_fen is None)
    last = max(way.purchases, key=lambda x: x.ready_by)
    due = min((o.due_by for o in orders if o.due_by is not None), default=None)
    return "；".join(
        (
            route_words.cost(cost.goods_fen, freight),
            route_words.speed(last, now, due),
            route_words.record(way.supplier.record, settings),
        )
    )
