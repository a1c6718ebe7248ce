"""What every shop platform's connector must do with a box that holds pieces of several orders."""

from __future__ import annotations

import pytest

from daifa.ports.books import OrderPhase
from daifa.ports.card import Capability
from daifa.ports.errors import Refused
from daifa.ports.shop import OrderState
from daifa.ports.shop_api import ShipPiece
from tests.contract.bench import Bench
from tests.contract.test_shop_api import KEYS, api, box, make, needs, now_of, together


@pytest.fixture(params=KEYS)
def bench(request: pytest.FixtureRequest) -> Bench:
    return Bench(request.param)


def test_one_more_box_of_an_order_that_is_shipped_whole_is_shown(bench: Bench) -> None:
    needs(bench, Capability.SHIP_EXTRA)
    order = make(bench, (1, 2))
    api(bench).ship(box(bench, order))
    with pytest.raises(Refused, match="哪几件"):
        api(bench).ship_extra(box(bench, order, "78999999999999"))
    api(bench).ship_extra(box(bench, order, "78999999999999", pieces=(ShipPiece(order.lines[1].number, 1),)))
    assert [x.shipped for x in order.lines] == [x.quantity for x in order.lines]
    assert [s.number for s in order.shipments] == ["78123456789012", "78999999999999"]


def test_several_orders_ship_in_one_box_once_per_reference(bench: Bench) -> None:
    needs(bench, Capability.SHIP_TOGETHER)
    one, two = make(bench), make(bench, (1, 2))
    first = api(bench).ship_together(together("r-1", one, two))
    assert api(bench).ship_together(together("r-1", one, two)) == first
    for order in (one, two):
        assert len(order.shipments) == 1
        seen = now_of(bench, order.number)
        assert (seen.state, [n for _, n in seen.parcels]) == (OrderState.SHIPPED, ["78123456789012"])
    good, bad = make(bench), make(bench)
    bench.world.buyers.apply(bad, "不想要了")
    with pytest.raises(Refused):
        api(bench).ship_together(together("r-2", good, bad))
    assert good.phase is OrderPhase.TO_SHIP
