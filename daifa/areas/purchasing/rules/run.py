"""Many orders at once: the same decision as for one, with stock and run-wide tiers shared between them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from uuid import UUID

from daifa.areas.purchasing.rules.eligibility import Market
from daifa.areas.purchasing.rules.quoting import RunQuantities, TierGroup, tier_group
from daifa.areas.purchasing.rules.routing import route
from daifa.areas.purchasing.types import OfferView, RouteOrder, RoutePlan, RouteSettings, TierScope

type OffersBySku = Mapping[UUID, Sequence[OfferView]]

# Choices follow run-wide tiers and tiers follow choices: after these rounds a group that still falls short of what it
# was priced at is priced order by order.
PATIENCE = 3
_NEVER = datetime.max.replace(tzinfo=UTC)


def route_run(
    orders: Iterable[RouteOrder],
    offers: OffersBySku,
    settings: RouteSettings,
    now: datetime,
    *,
    stock_used: Mapping[UUID, int] | None = None,
    bought: RunQuantities | None = None,
) -> list[RoutePlan]:
    """Plan every order, the nearest deadline first; what one order takes from a known stock the next cannot have.

    ``stock_used`` is what assignments younger than the stock reports already take (by offer), ``bought`` the pieces
    already in today's run (by tier group). A run-wide tier is only granted when the run reaches it. The answer is in
    order of deadline, then order id.
    """
    queue = sorted(orders, key=lambda o: (o.due_by or _NEVER, o.order_id))
    groups = {o.offer_id: tier_group(o) for listed in offers.values() for o in listed if o.scope is TierScope.RUN}
    stocked = {o.offer_id for listed in offers.values() for o in listed if o.stock is not None}
    expected = _demanded(queue, offers)
    rounds = 0
    while True:
        plans = _pass(queue, offers, settings, now, dict(stock_used or {}), stocked, bought or {}, expected)
        actual = _tally(plans, groups)
        short = {group for group, quantity in expected.items() if actual.get(group, 0) < quantity}
        if not short:
            return plans
        rounds += 1
        expected = {
            group: (0 if rounds > PATIENCE else actual.get(group, 0)) if group in short else quantity
            for group, quantity in expected.items()
        }


def _pass(
    queue: Sequence[RouteOrder],
    offers: OffersBySku,
    settings: RouteSettings,
    now: datetime,
    used: dict[UUID, int],
    stocked: set[UUID],
    bought: RunQuantities,
    expected: RunQuantities,
) -> list[RoutePlan]:
    plans = []
    for order in queue:
        own: list[OfferView] = []
        for sku_id in dict.fromkeys(d.sku_id for d in order.demands):
            own += offers.get(sku_id, ())
        plan = route(order, own, settings, now, Market(used, _others(order, own, bought, expected)))
        for purchase in plan.purchases:
            for line in purchase.lines:
                if line.offer_id in stocked:
                    used[line.offer_id] = used.get(line.offer_id, 0) + line.quantity
        plans.append(plan)
    return plans


def _others(
    order: RouteOrder, own: Sequence[OfferView], bought: RunQuantities, expected: RunQuantities
) -> RunQuantities:
    """Pieces beside this order's own in each run-wide group, counted so that no order leans on itself twice."""
    if not expected and not bought:
        return {}
    mine = _could_take(order, own)
    return {group: bought.get(group, 0) + max(expected.get(group, 0) - most, 0) for group, most in mine.items()}


def _could_take(order: RouteOrder, own: Sequence[OfferView]) -> dict[TierGroup, int]:
    most: dict[TierGroup, int] = {}
    for demand in order.demands:
        reached = {tier_group(o) for o in own if o.sku_id == demand.sku_id and o.scope is TierScope.RUN}
        for group in reached:
            most[group] = most.get(group, 0) + demand.quantity
    return most


def _demanded(queue: Sequence[RouteOrder], offers: OffersBySku) -> dict[TierGroup, int]:
    total: dict[TierGroup, int] = {}
    for order in queue:
        own = [o for sku_id in {d.sku_id for d in order.demands} for o in offers.get(sku_id, ())]
        for group, most in _could_take(order, own).items():
            total[group] = total.get(group, 0) + most
    return total


def _tally(plans: Sequence[RoutePlan], groups: Mapping[UUID, TierGroup]) -> dict[TierGroup, int]:
    total: dict[TierGroup, int] = {}
    for plan in plans:
        for purchase in plan.purchases:
            for line in purchase.lines:
                if line.offer_id in groups:
                    group = groups[line.offer_id]
                    total[group] = total.get(group, 0) + line.quantity
    return total
