"""What a shop platform's connector must understand of presales and of what other hands shipped, where there is such."""

from __future__ import annotations

from typing import Any

import pytest

from daifa.connectors import registry
from daifa.ports.shop import OrderState, WaitReason
from daifa.simulator.living import backoffice
from tests.contract.bench import Bench
from tests.contract.test_shop_api import KEYS, make, now_of

HOUR, DAY = 3600, 86400


@pytest.fixture(params=[k for k in KEYS if registry.fakes()[k].presale])
def bench(request: pytest.FixtureRequest) -> Bench:
    return Bench(request.param)


def ahead(bench: Bench, **how: Any) -> Any:
    return make(bench, presale={"opens": HOUR, "ships": 3 * DAY, **how})


def test_a_deposit_is_no_payment_and_the_rest_is(bench: Bench) -> None:
    order = ahead(bench)
    seen = now_of(bench, order.number)
    assert (seen.state, seen.waits, seen.cash_on_delivery) == (OrderState.UNPAID, (WaitReason.PRESALE,), False)
    bench.pass_time(HOUR + 1)
    seen = now_of(bench, order.number)
    assert (seen.state, seen.waits) == (OrderState.PAID, (WaitReason.PRESALE,))
    assert seen.ship_not_before == order.presale.ships_at
    assert seen.ship_by == order.ship_by
    assert seen.paid_fen == order.paid_fen


def test_paid_in_full_it_waits_for_its_day(bench: Bench) -> None:
    order = ahead(bench, deposit=False)
    seen = now_of(bench, order.number)
    assert (seen.state, seen.waits) == (OrderState.PAID, (WaitReason.PRESALE,))
    assert seen.ship_not_before == order.presale.ships_at


def test_pieces_that_other_hands_shipped_are_counted_by_line(bench: Bench) -> None:
    order = make(bench, (3, 2))
    one, two = (x.number for x in order.lines)
    backoffice.ship(bench.world, [order], {one: 1})
    backoffice.ship(bench.world, [order], {one: 1, two: 2})
    seen = now_of(bench, order.number)
    assert seen.state is OrderState.PART_SHIPPED
    assert [(x.line_key, x.gone, x.state) for x in seen.lines] == [
        (one, 2, OrderState.PART_SHIPPED), (two, 2, OrderState.SHIPPED),
    ]  # fmt: skip
    assert len(seen.parcels) == 2
