"""Taking orders out again that should not have come in: only what nothing hangs on."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import batched
from uuid import UUID

from daifa.areas.orders.services import history, standing
from daifa.areas.orders.services.history import Fact
from daifa.base import bulk
from daifa.base.actor import Actor

BATCH = 2000
# What hangs on an order goes before the order.
TABLES = (
    ("orders_demand", "order_id"),
    ("orders_hold", "order_id"),
    ("orders_addresswish", "order_id"),
    ("orders_line", "order_id"),
    ("orders_orderperson", "order_id"),
    ("orders_order", "id"),
)


def touched_since(order_ids: Sequence[UUID], import_id: UUID) -> set[UUID]:
    """Those of these orders that a person has edited or another file has changed after this import made them."""
    found = bulk.select(
        "SELECT o.id FROM orders_order o WHERE o.tenant_id = {tenant} AND o.id = ANY(%s::uuid[])"
        " AND (o.edits <> '{}'::jsonb OR EXISTS (SELECT 1 FROM orders_history h WHERE h.tenant_id = {tenant}"
        " AND h.order_id = o.id AND h.kind = 'changed' AND h.batch_id IS DISTINCT FROM %s))",
        [list(order_ids), import_id],
    )
    return {i for (i,) in found}


def made_by(import_id: UUID, order_ids: Sequence[UUID]) -> list[UUID]:
    """Those of these orders that still are and came with this import."""
    found = bulk.select(
        "SELECT id FROM orders_order WHERE tenant_id = {tenant} AND id = ANY(%s::uuid[]) AND imported_id = %s"
        " ORDER BY id",
        [list(order_ids), import_id],
    )
    return [i for (i,) in found]


def take_out(order_ids: Sequence[UUID], *, by: Actor, text: str) -> None:
    """These orders are gone, as if they had never come; their history stays. The caller knows that nothing hangs on
    them: the database refuses otherwise."""
    for chunk in batched(sorted(order_ids), BATCH):
        standing.lock(chunk)
        for table, column in TABLES:
            sql = f"DELETE FROM {table} WHERE tenant_id = {{tenant}} AND {column} = ANY(%s::uuid[])"
            bulk.select(sql, [list(chunk)])
        history.write([Fact(i, "taken_out", text, by=by.key, by_name=by.name) for i in chunk])
