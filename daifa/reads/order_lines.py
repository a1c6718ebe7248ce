"""What one line of an order means in our goods."""

from __future__ import annotations

from uuid import UUID

from daifa.base import bulk
from daifa.kit.errors import NotFound
from daifa.kit.values import dataclass


@dataclass(frozen=True, slots=True)
class LineMeaning:
    """A line as it is matched: ``parts`` are (SKU, pieces for each piece of the line)."""

    title: str
    spec: str
    matched: bool
    ships: bool
    mapping_id: UUID | None
    parts: tuple[tuple[UUID, int], ...]


def meaning(order_id: UUID, line_id: UUID) -> LineMeaning:
    """What a line of this order means now. Raises NotFound."""
    found = bulk.select(
        "SELECT title, spec, match, mapping_id, quantity FROM orders_line"
        " WHERE tenant_id = {tenant} AND order_id = %s AND id = %s",
        [order_id, line_id],
    )
    if not found:
        raise NotFound("no_such_line", "这一单没有这一行了。请刷新。")
    [(title, spec, match, mapping, quantity)] = found
    parts = bulk.select(
        "SELECT sku_id, (sum(qty) / %s)::int FROM orders_demand WHERE tenant_id = {tenant} AND line_id = %s"
        " AND cause = 'line' GROUP BY sku_id ORDER BY sku_id",
        [quantity, line_id],
    )
    return LineMeaning(title, spec, match != "none", match != "no_ship", mapping, tuple(parts))
