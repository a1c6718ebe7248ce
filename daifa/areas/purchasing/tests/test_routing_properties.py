"""What routing must hold for any market: conservation, reach, stock, determinism, optimality."""

from __future__ import annotations

import itertools
import random
from collections import Counter
from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from daifa.areas.purchasing.rules.eligibility import NOTHING_TAKEN
from daifa.areas.purchasing.rules.quoting import Pick, quote_purchase, tier_group, unit_price
from daifa.areas.purchasing.rules.regions import any_covers
from daifa.areas.purchasing.rules.routing import route
from daifa.areas.purchasing.rules.run import route_run
from daifa.areas.purchasing.rules.search import expected_loss
from daifa.areas.purchasing.tests.worlds import NOW, SETTINGS, markets, orders
from daifa.areas.purchasing.types import OfferView, RouteOrder, RoutePlan, RouteSettings, TierScope, Verdict
from daifa.kit.money import round_fen

FREE = replace(SETTINGS, single_extra_fen=0)
CUT = replace(SETTINGS, split_quantity=True)


def check(order: RouteOrder, offers: list[OfferView], plan: RoutePlan, knobs: RouteSettings) -> None:
    """The invariants of one plan."""
    by_id = {o.offer_id: o for o in offers}
    bought: Counter[object] = Counter()
    taken: Counter[object] = Counter()
    for purchase in plan.purchases:
        assert purchase.lines
        assert purchase.goods_fen == sum(line.amount_fen for line in purchase.lines)
        assert purchase.freight.fen >= 0
        for line in purchase.lines:
            offer = by_id[line.offer_id]
            assert line.quantity > 0
            assert line.sku_id == offer.sku_id
            assert line.amount_fen == round_fen(line.unit_price * line.quantity)
            assert offer.supplier.supplier_id == purchase.supplier_id
            assert not offer.supplier.paused
            assert purchase.supplier_id not in order.excluded
            bought[line.demand_id] += line.quantity
            taken[line.offer_id] += line.quantity
            if order.place.known:
                assert not any_covers(offer.supplier.not_served, order.place)
                assert not offer.supplier.served or any_covers(offer.supplier.served, order.place)
    left = {x.demand_id for x in plan.left_out}
    for demand in order.demands:
        assert bought[demand.demand_id] == (0 if demand.demand_id in left else demand.quantity)
    for offer_id, quantity in taken.items():
        stock = by_id[offer_id].stock  # type: ignore[index]
        assert stock is None or quantity <= stock
    assert plan.complete == (not left)
    assert (plan.margin_fen is None) == (order.income_fen is None or bool(left))
    if plan.margin_fen is not None and order.income_fen is not None:
        assert plan.margin_fen + plan.goods_fen + plan.freight_fen == order.income_fen
    chosen = {c.supplier_id for c in plan.candidates if c.verdict is Verdict.CHOSEN}
    assert chosen == {p.supplier_id for p in plan.purchases}
    skus = {d.sku_id for d in order.demands}
    assert {c.supplier_id for c in plan.candidates} == {o.supplier.supplier_id for o in offers if o.sku_id in skus}
    assert all(c.text.endswith("。") for c in plan.candidates)
    assert plan.headline
    if len(plan.purchases) > 1 and not knobs.split_quantity:
        assert len({line.demand_id for p in plan.purchases for line in p.lines}) > 1


@settings(max_examples=150, deadline=None)
@given(orders(), markets(), st.sampled_from([SETTINGS, FREE, CUT]), st.randoms(use_true_random=False))
def test_a_plan_conserves_and_never_overreaches(
    order: RouteOrder, offers: list[OfferView], knobs: RouteSettings, dice: random.Random
) -> None:
    plan = route(order, offers, knobs, NOW)
    check(order, offers, plan, knobs)
    shuffled = list(offers)
    dice.shuffle(shuffled)
    demands = list(order.demands)
    dice.shuffle(demands)
    again = route(replace(order, demands=tuple(demands)), shuffled, knobs, NOW)
    assert again == plan


def brute_force(order: RouteOrder, offers: list[OfferView]) -> int | None:
    """The least expected cost over every way to lay the demands on offers, by plain enumeration."""
    choices = []
    for demand in order.demands:
        choices.append(
            [
                o
                for o in offers
                if o.sku_id == demand.sku_id
                and not o.supplier.paused
                and o.supplier.supplier_id not in order.excluded
                and not (order.place.known and any_covers(o.supplier.not_served, order.place))
                and not (order.place.known and o.supplier.served and not any_covers(o.supplier.served, order.place))
            ]
        )
    best: int | None = None
    for way in itertools.product(*choices):
        taken: Counter[object] = Counter()
        groups: dict[object, list[Pick]] = {}
        for demand, offer in zip(order.demands, way, strict=True):
            taken[offer.offer_id] += demand.quantity
            groups.setdefault(offer.supplier.supplier_id, []).append(Pick(demand, offer, demand.quantity))
        if any(o.stock is not None and taken[o.offer_id] > o.stock for o in way):
            continue
        total = 0
        for picks in groups.values():
            quote = quote_purchase(picks, place=order.place, now=NOW, settings=FREE, others=NOTHING_TAKEN.others)
            if isinstance(quote, str):
                break
            late = order.due_by is not None and quote.ready_by > order.due_by
            total += quote.landed_fen + expected_loss(picks[0].offer.supplier, order, FREE, late=late)
        else:
            best = total if best is None else min(best, total)
    return best


@settings(max_examples=150, deadline=None)
@given(orders(), markets())
def test_the_search_finds_the_least_expected_cost(order: RouteOrder, offers: list[OfferView]) -> None:
    order = replace(order, demands=tuple(replace(d, choice=None) for d in order.demands))
    plan = route(order, offers, FREE, NOW)
    best = brute_force(order, offers)
    assert plan.complete == (best is not None)
    if best is not None:
        suppliers = {o.supplier.supplier_id: o.supplier for o in offers}
        score = plan.landed_fen + sum(
            expected_loss(
                suppliers[p.supplier_id], order, FREE, late=order.due_by is not None and p.ready_by > order.due_by
            )
            for p in plan.purchases
        )
        assert score == best


@settings(max_examples=80, deadline=None)
@given(st.data(), markets(), st.randoms(use_true_random=False))
def test_a_run_shares_stock_and_grants_only_tiers_it_reaches(
    data: st.DataObject, offers: list[OfferView], dice: random.Random
) -> None:
    queue = [data.draw(orders(n + 1)) for n in range(data.draw(st.integers(1, 5)))]
    by_sku: dict[object, list[OfferView]] = {}
    for offer in offers:
        by_sku.setdefault(offer.sku_id, []).append(offer)
    plans = route_run(queue, by_sku, SETTINGS, NOW)  # type: ignore[arg-type]
    assert sorted(p.order_id for p in plans) == sorted(o.order_id for o in queue)
    by_id = {o.offer_id: o for o in offers}
    orders_by_id = {o.order_id: o for o in queue}
    taken: Counter[object] = Counter()
    groups: Counter[object] = Counter()
    for plan in plans:
        check(orders_by_id[plan.order_id], offers, plan, SETTINGS)
        for line in (line for p in plan.purchases for line in p.lines):
            taken[line.offer_id] += line.quantity
            groups[tier_group(by_id[line.offer_id])] += line.quantity
    for offer_id, quantity in taken.items():
        stock = by_id[offer_id].stock  # type: ignore[index]
        assert stock is None or quantity <= stock
    for line in (line for plan in plans for p in plan.purchases for line in p.lines):
        offer = by_id[line.offer_id]
        if offer.scope is TierScope.RUN:
            # Prices fall with quantity in these markets: a price below that of the whole run was never earned.
            assert line.unit_price >= unit_price(offer.tiers, groups[tier_group(offer)])
    dice.shuffle(queue)
    assert route_run(queue, by_sku, SETTINGS, NOW) == plans  # type: ignore[arg-type]
