"""Where orders stand: the derived columns that lists filter and sort by. Written by ``advance`` only."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from daifa.areas.orders.models import Order
from daifa.base import bulk


@dataclass(frozen=True, slots=True)
class Standing:
    """What an order waits for, as stored."""

    order_id: UUID
    step: str
    tab: str
    reason: str


def lock(order_ids: Sequence[UUID]) -> None:
    """Lock orders in id order: two workers never work the same order."""
    list(Order.objects.select_for_update().filter(id__in=list(order_ids)).order_by("id").values_list("id", flat=True))


def write(standings: Sequence[Standing]) -> None:
    """Store where orders stand; what is the same already is not touched."""
    bulk.update(
        Order,
        ("step", "tab", "step_reason"),
        [(s.order_id, s.step, s.tab, s.reason) for s in standings],
        where="(t.step, t.tab, t.step_reason) IS DISTINCT FROM (v.c1, v.c2, v.c3)",
    )
