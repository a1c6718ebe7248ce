"""The company is always the same, as large as promised, and made of nobody's data."""

from __future__ import annotations

import re
from collections import Counter

import pytest

from daifa.kit.clock import beijing
from daifa.simulator.buying import Buyers
from daifa.simulator.couriers import CODES, tracking_number
from daifa.simulator.listings import SHOPS
from daifa.simulator.today import BLOCKED, HOLDS, make_today
from daifa.simulator.world import build_world

START, END = beijing(2026, 9, 14, 9), beijing(2026, 9, 15, 9)
# Shapes as observed at the couriers (facts, written down again here).
SHAPES = {
    "ZTO": r"7[3-9]\d{12}",
    "YTO": r"YT\d{13}",
    "STO": r"77\d{13}",
    "YUNDA": r"[34]\d{14}",
    "JTSD": r"JT\d{13}",
    "SF": r"SF\d{13}",
    "POSTB": r"9[6-9]\d{11}",
    "DBKD": r"DPK\d{12}",
}


def test_one_seed_one_world() -> None:
    assert build_world(3) == build_world(3)
    assert build_world(3) != build_world(4)


@pytest.mark.parametrize("seed", [1, 2, 20260901])
def test_the_company_has_the_promised_size(seed: int) -> None:
    world = build_world(seed)
    assert len(world.products) == 120
    assert 380 <= len(world.skus) <= 480
    assert len(world.suppliers) == 10
    assert [s.platform for s in SHOPS] == ["douyin", "taobao", "pdd", "jd", "kuaishou"]
    assert all(500 <= s.cost_fen <= 8000 for s in world.skus.values())
    assert {len(world.offers.get(code, ())) for code in world.skus} == {0, 1, 2, 3}
    shelf = [x for found in world.listings.values() for x in found]
    assert 0.02 < sum(not x.confirmed for x in shelf) / len(shelf) < 0.08
    assert {x.kind for x in shelf} == {"single", "multi", "buy_two", "bundle", "gift", "no_ship"}


@pytest.mark.parametrize("seed", [1, 2, 20260901])
def test_what_a_listing_is_exists(seed: int) -> None:
    world = build_world(seed)
    for shelf in world.listings.values():
        assert len({x.sku_no for x in shelf}) == len(shelf)
        # What a mapping remembers where the export names no SKU number.
        assert len({(x.item_no, x.spec) for x in shelf}) == len(shelf)
        for x in shelf:
            assert all(code in world.skus and count > 0 for code, count in x.parts)
            assert bool(x.parts) == (x.kind != "no_ship")


def test_merchant_codes_never_name_another_sku() -> None:
    world = build_world()
    for shelf in world.listings.values():
        for x in shelf:
            if x.merchant_code in world.skus:
                assert [code for code, _ in x.parts] == [x.merchant_code]


@pytest.mark.parametrize("seed", range(6))
def test_every_hold_is_there_today_and_the_rest_is_clean(seed: int) -> None:
    world = build_world(seed)
    today = make_today(Buyers(world, "today"), START, END, 200)
    assert len(today.orders) == 200
    assert Counter(o.hold for o in today.orders if o.hold) == Counter(HOLDS)
    assert 15 <= sum(HOLDS.values()) <= 26
    clean = today.clean()
    assert len(clean) == 200 - sum(HOLDS.values()) - 2
    seen = Counter((o.person.phone, tuple(x.listing.sku_no for x in o.lines)) for o in clean)
    assert max(seen.values()) == 1
    for order in clean:
        assert order.person.phone != BLOCKED.phone
        assert order.told == "plain" or order.joined or order.platform == "kuaishou"
        assert not order.wait
        assert order.refund is None
        for line in order.lines:
            assert line.listing.confirmed
            assert line.quantity <= 2
        cost = sum((world.dearest_cost(x.listing) or 10**9) * x.quantity for x in order.lines)
        assert order.receivable_fen - cost > 0, order


def test_held_orders_have_their_reason() -> None:
    world = build_world()
    today = make_today(Buyers(world, "today"), START, END, 200)
    (lost,) = today.held("margin")
    assert lost.receivable_fen < (world.dearest_cost(lost.lines[0].listing) or 0)
    (gone,) = today.held("no_supply")
    assert all(code not in world.offers for code, _ in gone.lines[0].listing.parts)
    (far,) = today.held("region_not_served")
    offers = world.offers[far.lines[0].listing.parts[0][0]]
    assert all("西藏" in world.suppliers[o.supplier].not_served for o in offers)
    assert far.person.province == "西藏自治区"
    (late,) = today.held("deadline_near")
    assert late.ship_by is not None
    assert 0 < (late.ship_by - END).total_seconds() < 4 * 3600
    (twice,) = today.held("duplicate")
    same = [o for o in today.orders if o.person == twice.person]
    assert len(same) == 2
    assert same[0].lines[0].listing == same[1].lines[0].listing
    assert all(not x.listing.confirmed for o in today.held("unmatched") for x in o.lines)


def test_demand_counts_packs_and_bundles_in_pieces() -> None:
    world = build_world()
    today = make_today(Buyers(world, "today"), START, END, 400)
    pieces = sum(x.quantity * n for o in today.clean() for x in o.lines for _, n in x.listing.parts)
    assert sum(today.demand().values()) == pieces
    assert pieces > sum(x.quantity for o in today.clean() for x in o.lines)


def test_people_are_nobody() -> None:
    world = build_world()
    orders = Buyers(world, "people").batch(START, END, 400)
    assert all(re.fullmatch(r"154\d{8}", o.person.phone) for o in orders)
    assert all(re.fullmatch(r"154\d{8}", s.phone) for s in world.suppliers.values())
    assert all(re.search(r"路\d+号.+\d+栋\d单元\d+室$", o.person.detail) for o in orders)


def test_volume_looks_like_a_shop() -> None:
    buyers = Buyers(build_world(), "volume")
    orders = buyers.batch(START, END, 3000)
    for order in orders:
        buyers.live(order)
    shares = Counter(o.platform for o in orders)
    assert {s.platform: shares[s.platform] for s in SHOPS} == {s.platform: 30 * s.weight for s in SHOPS}
    assert 1.1 <= sum(len(o.lines) for o in orders) / 3000 <= 1.6
    assert 0.08 <= sum(o.refund is not None for o in orders) / 3000 <= 0.15
    assert len({o.number for o in orders}) == 3000
    assert all(START <= (o.paid_at or END) < END for o in orders)


def test_money_of_a_line_is_conserved() -> None:
    for order in Buyers(build_world(), "money").batch(START, END, 1500):
        for line in order.lines:
            borne = line.platform_fen + line.talent_fen + line.channel_fen
            assert line.amount_fen == line.paid_fen + line.merchant_fen + borne
            assert line.receivable_fen == line.paid_fen + borne
            assert line.paid_fen >= 0


def test_tracking_numbers_have_their_couriers_shape() -> None:
    for code in CODES:
        numbers = {tracking_number(code, "x", n) for n in range(500)}
        assert len(numbers) == 500
        assert all(re.fullmatch(SHAPES[code], n) for n in numbers)
