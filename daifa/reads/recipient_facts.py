"""How orders' recipients stand: their state, the way they take, and whose shop it is."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from daifa.base import bulk
from daifa.kit.values import dataclass

SQL = """
SELECT o.id, o.external_id, o.shop_id, o.recipient_state, coalesce(nullif(o.recipient_path, ''), s.recipient_path)
FROM orders_order o JOIN accounts_shop s ON s.tenant_id = {tenant} AND s.id = o.shop_id
WHERE o.tenant_id = {tenant} AND o.id = ANY(%s::uuid[]) ORDER BY o.shop_id, o.external_id
"""


@dataclass(frozen=True, slots=True)
class RecipientRow:
    """One order. ``path``: file, handover or wait, the order's own or else its shop's."""

    id: UUID
    number: str
    shop_id: UUID
    state: str
    path: str


def load(order_ids: Sequence[UUID]) -> list[RecipientRow]:
    """These orders, by shop."""
    return [RecipientRow(*r) for r in bulk.select(SQL, [list(order_ids)])]
