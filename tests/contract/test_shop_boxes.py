"""What every shop platform's connector must do with a box that holds pieces of several orders."""

from __future__ import annotations

import pytest

from daifa.ports.books import OrderPhase
from daifa.ports.card import Capability
from daifa.ports.errors import Refused
from daifa.ports.shop import OrderState
from tests.contract.bench import Bench
from tests.contract.test_shop_api import KEYS, api, make, needs, now_of, together


@pytest.fixture(params=KEYS)
def bench(request: pytest.FixtureRequest) -> Bench:
    return Bench(request.param)


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
