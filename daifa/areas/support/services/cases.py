"""After-sale cases as the platforms tell them: one row per refund, moved by newer exports."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from daifa.areas.support.models import Case
from daifa.base import bulk
from daifa.kit import clock
from daifa.kit.ids import uuid7
from daifa.ports.shop import ShopRefund

COLUMNS = (
    "state", "platform_state", "amount_fen", "needs_return", "reason", "applied_at", "finished_at", "return_courier",
    "return_tracking",
)  # fmt: skip


def record(shop_id: UUID, refunds: Sequence[tuple[ShopRefund, UUID]]) -> list[UUID]:
    """Write cases (refund, order id); a known case takes the newer word unless it is already over. Returns ids."""
    last = {r.external_id: (r, order) for r, order in refunds}
    at = clock.now()
    rows = [
        (
            uuid7(), at, shop_id, r.external_id, order, r.state.value, r.platform_state, r.amount_fen, r.needs_return,
            r.reason, r.applied_at, r.finished_at, r.return_courier, r.return_tracking, "", 1,
        )
        for r, order in last.values()
    ]  # fmt: skip
    columns = ("id", "created_at", "shop_id", "external_id", "order_id", *COLUMNS, "closed_why", "version")
    sets = ", ".join(f"{c} = EXCLUDED.{c}" for c in COLUMNS)
    written = bulk.insert(
        Case,
        columns,
        rows,
        on_conflict=(
            f"(tenant_id, shop_id, external_id) DO UPDATE SET {sets}, version = support_case.version + 1"
            " WHERE support_case.state NOT IN ('full', 'withdrawn')"
        ),
    )
    return [i for (i,) in written]


def rehome(order_id: UUID, shop_id: UUID) -> None:
    """The cases of an order follow it to another shop."""
    Case.objects.filter(order_id=order_id).update(shop_id=shop_id)
