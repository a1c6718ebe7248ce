"""The blocklist as its screen shows it, and which orders an entry concerns."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from daifa.base import bulk
from daifa.base.actor import Actor
from daifa.kit.values import dataclass
from daifa.reads import scope
from daifa.reads.screening_facts import BLOCKED_BY
from daifa.reads.sweep_facts import OPEN_TABS

ENTRIES = """
SELECT b.id, b.kind, b.shown, b.reason, b.by_name, b.created_at FROM compliance_blocked b
WHERE b.tenant_id = {tenant} ORDER BY b.created_at DESC, b.id
"""
# From the held orders, which are few, to the entries that hold them.
HELD = f"""
SELECT b.id, o.id, o.external_id FROM orders_hold h
JOIN orders_order o ON o.tenant_id = {{tenant}} AND o.id = h.order_id
JOIN orders_orderperson s ON s.tenant_id = {{tenant}} AND s.order_id = h.order_id
JOIN compliance_blocked b ON b.tenant_id = {{tenant}} AND {BLOCKED_BY}
WHERE h.tenant_id = {{tenant}} AND h.kind = 'blocked' AND h.state = 'open'
"""
CONCERNED = f"""
SELECT DISTINCT o.id FROM compliance_blocked b
JOIN orders_orderperson s ON s.tenant_id = {{tenant}} AND {BLOCKED_BY}
JOIN orders_order o ON o.tenant_id = {{tenant}} AND o.id = s.order_id AND o.tab = ANY(%s::text[])
WHERE b.tenant_id = {{tenant}} AND b.id = %s AND b.value_hash <> ''
"""


@dataclass(frozen=True, slots=True)
class Entry:
    """One receiver on the list, masked, and the numbers of the orders that it holds now (of the person's scope)."""

    id: UUID
    kind: str
    shown: str
    reason: str
    by_name: str
    created_at: datetime
    held: tuple[str, ...]


def entries(actor: Actor) -> list[Entry]:
    """The whole list, the latest first."""
    mine, params = scope.orders(actor)
    held: dict[UUID, set[str]] = {}
    for entry, _, number in bulk.select_named(HELD + mine, params):
        held.setdefault(entry, set()).add(str(number))
    return [
        Entry(entry, kind, shown, reason, by_name, at, tuple(sorted(held.get(entry, ()))))
        for entry, kind, shown, reason, by_name, at in bulk.select(ENTRIES)
    ]


def concerned(blocked_id: UUID) -> list[UUID]:
    """Open orders that go to a receiver on the list."""
    return [i for (i,) in bulk.select(CONCERNED, [list(OPEN_TABS), blocked_id])]
