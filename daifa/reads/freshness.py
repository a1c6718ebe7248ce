"""How old the last export of each shop is: a buyer's cancel shows only in a newer one."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from daifa.base import bulk
from daifa.kit.values import dataclass


@dataclass(frozen=True, slots=True)
class StaleShop:
    """A shop whose last export is too old; ``as_of`` None: it never told a time. ``orders``: how many are concerned."""

    id: UUID
    name: str
    platform: str
    as_of: datetime | None
    orders: int


def stale_shops(order_ids: Sequence[UUID], *, now: datetime, hours: int) -> list[StaleShop]:
    """Shops of these orders whose last export is older than so many hours, the oldest first."""
    found = bulk.select(
        "SELECT s.id, s.name, s.platform, s.exported_as_of, count(*) FROM orders_order o"
        " JOIN accounts_shop s ON s.tenant_id = {tenant} AND s.id = o.shop_id"
        " WHERE o.tenant_id = {tenant} AND o.id = ANY(%s::uuid[])"
        " AND (s.exported_as_of IS NULL OR s.exported_as_of < %s)"
        " GROUP BY s.id, s.name, s.platform, s.exported_as_of ORDER BY s.exported_as_of NULLS FIRST, s.name",
        [list(order_ids), now - timedelta(hours=hours)],
    )
    return [StaleShop(*row) for row in found]
