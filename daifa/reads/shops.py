"""The shops screen: each shop with how files call it, how fresh its last export is, what waits."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime
from uuid import UUID

from daifa.base import bulk
from daifa.kit.values import dataclass


@dataclass(frozen=True, slots=True)
class Alias:
    """How files call a shop."""

    id: UUID
    alias: str


@dataclass(frozen=True, slots=True)
class Row:
    """One shop. ``exported_as_of``: the moment its newest imported export speaks of."""

    id: UUID
    platform: str
    name: str
    external_id: str
    recipient_path: str
    dial: str
    active: bool
    version: int
    exported_as_of: datetime | None
    last_import_id: UUID | None
    last_import_at: datetime | None
    open_orders: int
    aliases: tuple[Alias, ...]


def rows(scope: frozenset[UUID] | None) -> list[Row]:
    """Every shop inside the data scope, active ones first."""
    aliases: dict[UUID, list[Alias]] = defaultdict(list)
    for i, shop, alias in bulk.select(
        "SELECT id, shop_id, alias FROM accounts_shopalias WHERE tenant_id = {tenant} ORDER BY alias"
    ):
        aliases[shop].append(Alias(i, alias))
    found = bulk.select(
        "SELECT s.id, s.platform, s.name, s.external_id, s.recipient_path, s.dial, s.active, s.version,"
        " s.exported_as_of, i.id, i.finished_at,"
        " (SELECT count(*) FROM orders_order o WHERE o.tenant_id = {tenant} AND o.shop_id = s.id"
        " AND o.state IN ('paid', 'part_shipped'))"
        " FROM accounts_shop s LEFT JOIN LATERAL (SELECT m.id, m.finished_at FROM mailroom_import m"
        " WHERE m.tenant_id = {tenant} AND m.shop_id = s.id AND m.state = 'done'"
        " ORDER BY m.created_at DESC LIMIT 1) i ON true"
        " WHERE s.tenant_id = {tenant} ORDER BY NOT s.active, s.platform, s.name"
    )
    return [Row(*(*r, tuple(aliases.get(r[0], ())))) for r in found if scope is None or r[0] in scope]
