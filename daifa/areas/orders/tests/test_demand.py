"""What lines demand: pieces are conserved, refunds close, other hands are believed only where they prove."""

from __future__ import annotations

from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daifa.areas.orders.rules.demand import Closing, DemandLine, closing_of, demand_of, pieces_of, rest_of
from daifa.ports.shop import OrderState, RefundState

A, B, C = (UUID(int=n) for n in (1, 2, 3))
PAID, NONE = OrderState.PAID, RefundState.NONE

parts = st.lists(st.tuples(st.sampled_from([A, B, C]), st.integers(1, 5)), max_size=4).map(tuple)
lines = st.lists(
    st.builds(
        DemandLine,
        line_id=st.uuids(),
        quantity=st.integers(1, 9),
        parts=parts,
        ships=st.booleans(),
        state=st.one_of(st.none(), st.sampled_from(OrderState)),
        refund=st.sampled_from(RefundState),
        ours=st.integers(0, 2),
    ),
    max_size=5,
    unique_by=lambda line: line.line_id,
)


@given(st.integers(1, 99), parts)
def test_pieces_are_conserved(quantity: int, said: tuple[tuple[UUID, int], ...]) -> None:
    found = pieces_of(quantity, said)
    assert sum(found.values()) == quantity * sum(n for _, n in said)
    for sku_id in (A, B, C):
        assert found.get(sku_id, 0) == quantity * sum(n for s, n in said if s == sku_id)


@given(st.integers(1, 99), parts, st.data())
def test_what_left_by_other_hands_is_not_wanted(
    quantity: int, said: tuple[tuple[UUID, int], ...], data: st.DataObject
) -> None:
    gone = data.draw(st.integers(0, quantity))
    whole, rest = pieces_of(quantity, said), pieces_of(quantity - gone, said)
    assert {sku: rest_of(n, quantity, gone) for sku, n in whole.items()} == rest
    assert all(rest_of(n, quantity, quantity + 1) == 0 for n in whole.values())


@given(st.sampled_from(OrderState), st.sampled_from(RefundState), lines, st.booleans())
def test_every_line_is_wanted_whole_or_closed_with_one_cause(
    state: OrderState, refund: RefundState, said: list[DemandLine], cod: bool
) -> None:
    found = demand_of(state, refund, said, cash_on_delivery=cod)
    closed = dict(found.closed)
    assert len(closed) == len(found.closed)
    for line in said:
        mine = {w.sku_id: w.quantity for w in found.wanted if w.line_id == line.line_id}
        if line.line_id in closed:
            assert mine == {}
        else:
            assert mine == pieces_of(line.quantity, line.parts)
            assert line.ships
    assert len({(w.line_id, w.sku_id) for w in found.wanted}) == len(found.wanted)
    assert all(w.quantity > 0 for w in found.wanted)
    if state is OrderState.CANCELLED or refund is RefundState.FULL or (state is OrderState.UNPAID and not cod):
        assert found.wanted == ()


@pytest.mark.parametrize(
    ("order", "line", "ours", "cause"),
    [
        ((PAID, NONE), (None, NONE), 0, None),
        ((PAID, RefundState.APPLIED), (None, RefundState.APPLIED), 0, None),
        ((PAID, RefundState.PARTLY), (None, RefundState.PARTLY), 0, None),
        ((PAID, RefundState.PARTLY), (None, RefundState.FULL), 0, Closing.REFUNDED),
        ((PAID, RefundState.FULL), (None, NONE), 3, Closing.REFUNDED),
        ((PAID, NONE), (OrderState.CANCELLED, NONE), 0, Closing.CANCELLED),
        ((OrderState.UNPAID, NONE), (None, NONE), 0, Closing.UNPAID),
        ((OrderState.PART_SHIPPED, NONE), (OrderState.SHIPPED, NONE), 0, Closing.ELSEWHERE),
        ((OrderState.PART_SHIPPED, NONE), (OrderState.SHIPPED, NONE), 2, None),
        ((OrderState.PART_SHIPPED, NONE), (PAID, NONE), 0, None),
        # One state for the whole order says nothing of its second line.
        ((OrderState.SHIPPED, NONE), (OrderState.SHIPPED, NONE), 0, None),
    ],
)
def test_causes(
    order: tuple[OrderState, RefundState],
    line: tuple[OrderState | None, RefundState],
    ours: int,
    cause: Closing | None,
) -> None:
    assert closing_of(*order, *line, ours=ours) is cause


def test_cash_on_delivery_is_wanted_before_it_is_paid() -> None:
    line = DemandLine(A, 2, ((B, 1), (C, 3)))
    unpaid = demand_of(OrderState.UNPAID, NONE, [line])
    assert (unpaid.wanted, unpaid.closed) == ((), ((A, Closing.UNPAID),))
    found = demand_of(OrderState.UNPAID, NONE, [line], cash_on_delivery=True)
    assert [(w.sku_id, w.quantity) for w in found.wanted] == [(B, 2), (C, 6)]


def test_a_line_that_is_not_shipped_asks_for_nothing() -> None:
    assert demand_of(PAID, NONE, [DemandLine(A, 2, (), ships=False)]).closed == ((A, Closing.NO_SHIP),)
