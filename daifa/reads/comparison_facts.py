"""Order numbers of ours, for comparing them with the platform's; and which shops are to be compared."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from daifa.base import bulk

AT_ONCE = 5000


def known(space: str, numbers: Sequence[str]) -> set[str]:
    """Those of these numbers that we have, in whichever of the platform's shops."""
    found: set[str] = set()
    for start in range(0, len(numbers), AT_ONCE):
        rows = bulk.select(
            "SELECT external_id FROM orders_order WHERE tenant_id = {tenant} AND space = %s"
            " AND external_id = ANY(%s::text[])",
            [space, list(numbers[start : start + AT_ONCE])],
        )
        found |= {n for (n,) in rows}
    return found


def ordered(connection_id: UUID, space: str, start: datetime, end: datetime) -> set[str]:
    """Numbers of the shop's orders that were ordered within the window, since the shop is connected: what files
    brought before, nobody compares."""
    rows = bulk.select(
        "SELECT o.external_id FROM orders_order o JOIN accounts_connection c ON c.tenant_id = {tenant}"
        " AND c.id = %s AND c.shop_id = o.shop_id WHERE o.tenant_id = {tenant} AND o.space = %s"
        " AND o.ordered_at >= greatest(%s, c.created_at) AND o.ordered_at <= %s",
        [connection_id, space, start, end],
    )
    return {n for (n,) in rows}
