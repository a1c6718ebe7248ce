"""What may be handed to a factory on the shop's platform, and what its boxes hold, by example and property."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daifa.areas.mailroom.types import OutboxItem
from daifa.flows import arrivals, handing_over
from daifa.flows.factory_supplier import of_factory, order_of
from daifa.ports.factory_api import Assignment, AssignState
from daifa.ports.supplier_api import PurchaseState, SupplierOrder, SupplierParcel
from daifa.reads.buy_facts import BuyLine, BuyPurchase

ORDER = UUID(int=1)


def line(qty: int, *, of: str = "L1", all_of_it: int | None = None, **more: Any) -> BuyLine:
    """Pieces of our SKU for the shop's line ``of``, which asks for ``all_of_it`` pieces over all suppliers."""
    values: dict[str, Any] = {
        "purchase_id": UUID(int=2), "id": uuid4(), "assignment_id": uuid4(), "demand_id": uuid4(), "order_id": ORDER,
        "sku_id": uuid4(), "qty": qty, "goods_fen": None, "state": "open", "offer_ref": of, "spec_ref": f"S-{of}",
        "frozen": False, "supplier_sku": "", "shipped_qty": 0, "live": True, "shop_line": of, "shop_sku": f"S-{of}",
        "shop_pieces": qty if all_of_it is None else all_of_it,
    }  # fmt: skip
    return BuyLine(**{**values, **more})


def purchase(*lines: BuyLine, factory: str = "F1") -> BuyPurchase:
    return BuyPurchase(
        id=UUID(int=2), number="P-1", plain_number="P1", supplier_id=UUID(int=3), supplier="厂家", shop_id=UUID(int=4),
        state="draft", sent=False, handover=True, goods_fen=None, freight_fen=None, note="", order_id=ORDER,
        due_by=None, connection_id=UUID(int=5), factory=factory, lines=lines, orders=(),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("lines", "why"),
    [
        ((line(2),), ""),
        ((line(2), line(1, of="L2")), ""),
        # A set of two different things: both of ours are of the one line.
        ((line(3, all_of_it=5), line(2, all_of_it=5)), ""),
        ((line(2, all_of_it=3),), "只能整行交给厂家"),
        ((line(2), line(1, of="")), "赠品"),
    ],
)
def test_only_whole_lines_of_the_shops_order(lines: tuple[BuyLine, ...], why: str) -> None:
    assert why in handing_over.why_not(purchase(*lines))
    assert bool(why) is bool(handing_over.why_not(purchase(*lines)))


def item(**result: Any) -> OutboxItem:
    at = datetime(2026, 9, 1, tzinfo=UTC)
    return OutboxItem(
        UUID(int=6), "buy:1", "buy", UUID(int=5), UUID(int=2), ORDER, "P1-1", "ready", at, 0, 0, None, "",
        {"planned_fen": 700}, result, at,
    )  # fmt: skip


def test_what_is_handed_over_knows_its_numbers_once_they_are_kept() -> None:
    bought = purchase(line(1, of="L2"), line(2))
    wanted = handing_over.handed(item(numbers=["D1", "D2"]), bought)
    assert wanted is not None
    assert [(x.offer_id, x.quantity) for x in wanted.lines] == [("L1", 2), ("L2", 1)]
    assert (wanted.numbers, wanted.expected_fen, wanted.factory_id) == (("D1", "D2"), 700, "F1")
    [left] = handing_over.left_out(wanted, [order_of(assigned("D1"))])
    assert left.offer_id == "L2"
    assert handing_over.handed(item(), purchase(line(1), factory="")) is None


def assigned(number: str = "D1", **more: Any) -> Assignment:
    made = Assignment(number, "1", AssignState.ASSIGNED, line_id="L1", sku_id="S-L1", pieces=2, factory_id="F1")
    return replace(made, **more)


@pytest.mark.parametrize(
    ("there", "state"),
    [
        (assigned(), PurchaseState.UNPAID),
        (assigned(state=AssignState.SHIPPED), PurchaseState.SHIPPED),
        (assigned(state=AssignState.CANCELLED, reason="没货"), PurchaseState.CLOSED),
        (assigned(state=AssignState.OPEN, factory_id=""), PurchaseState.CLOSED),
        # With another factory it is over for ours; that another's is over says nothing of ours.
        (assigned(factory_id="F2"), PurchaseState.CLOSED),
        (assigned(factory_id="F2", state=AssignState.SHIPPED), PurchaseState.CLOSED),
        (assigned(factory_id="F2", state=AssignState.CANCELLED), None),
    ],
)
def test_how_a_line_stands_for_our_factory(there: Assignment, state: PurchaseState | None) -> None:
    seen = of_factory(order_of(there), "F1")
    assert (seen.state if seen else None) is state
    assert seen is None or state is not PurchaseState.CLOSED or seen.close_reason


@given(st.lists(st.integers(1, 5), min_size=1, max_size=4), st.integers(1, 4), st.integers(1, 3))
def test_boxes_of_a_line_hold_all_of_it_together(boxes: list[int], first: int, second: int) -> None:
    """A set of ``first`` and ``second`` pieces of two things; each box holds some sets."""
    total = sum(boxes)
    bought = purchase(line(first * total), line(second * total), line(7, of="L2"))
    order: SupplierOrder = order_of(
        assigned(
            state=AssignState.SHIPPED,
            pieces=total,
            parcels=tuple(SupplierParcel("", "", f"N{i}", (("L1", "S-L1", n),)) for i, n in enumerate(boxes)),
        )
    )
    left = {x.id: x.qty for x in bought.lines}
    held = [{c.line_id: c.quantity for c in arrivals._of_line(bought, order, p, left)} for p in order.parcels]
    mine = bought.lines[:2]
    for n, box in zip(boxes, held, strict=True):
        assert box == {mine[0].id: first * n, mine[1].id: second * n}
    assert [left[x.id] for x in bought.lines] == [0, 0, 7]
