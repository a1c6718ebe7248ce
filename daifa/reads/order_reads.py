"""When orders were last read at their platform by API."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from daifa.base import bulk
from daifa.kit import clock

FRESH = 20.0

SQL = """
SELECT o.id, o.shop_id, o.external_id, max(i.seen_at)
FROM orders_order o
JOIN accounts_connection c ON c.tenant_id = {tenant} AND c.shop_id = o.shop_id AND c.live AND c.kind = 'api'
JOIN mailroom_inbox i ON i.tenant_id = {tenant} AND i.connection_id = c.id AND i.object_id = o.external_id
  AND i.feed = 'orders'
WHERE o.tenant_id = {tenant} AND o.id = ANY(%s::uuid[])
GROUP BY o.id, o.shop_id, o.external_id
"""


def last_read(order_ids: Sequence[UUID]) -> dict[UUID, datetime]:
    """Real time of the last API reading of each order; orders of shops without API are absent."""
    return {row[0]: row[3] for row in bulk.select(SQL, [list(order_ids)])}


def older_than(named: Sequence[tuple[UUID, str]], *, seconds: float) -> set[tuple[UUID, str]]:
    """Which of these (shop, number) were not read within the last seconds."""
    found = bulk.select(
        "SELECT id FROM orders_order WHERE tenant_id = {tenant} AND external_id = ANY(%s)"
        " AND shop_id = ANY(%s::uuid[])",
        [[n for _, n in named], [s for s, _ in named]],
    )
    limit = clock.wall() - timedelta(seconds=seconds)
    rows = bulk.select(SQL, [[i for (i,) in found]])
    fresh = {(shop, number) for _, shop, number, at in rows if at is not None and at > limit}
    return set(named) - fresh


def open_cases(named: Sequence[tuple[UUID, str]]) -> dict[UUID, list[str]]:
    """The platform's numbers of these orders' (shop, number) open after-sale cases, by shop."""
    found: dict[UUID, list[str]] = {}
    shops, numbers = [s for s, _ in named], [n for _, n in named]
    rows = bulk.select(
        "SELECT c.shop_id, c.external_id FROM unnest(%s::uuid[], %s::text[]) AS w(shop_id, number)"
        " JOIN orders_order o ON o.tenant_id = {tenant} AND o.shop_id = w.shop_id AND o.external_id = w.number"
        " JOIN support_case c ON c.tenant_id = {tenant} AND c.order_id = o.id AND c.state = 'applied'"
        " ORDER BY c.shop_id, c.external_id",
        [shops, numbers],
    )
    for shop, external in rows:
        found.setdefault(shop, []).append(str(external))
    return found
