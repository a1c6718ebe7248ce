"""Orders that route by themselves, and those that would if a shop's dial were turned."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from daifa.base import bulk


def to_route(tried_before: datetime, limit: int) -> list[UUID]:
    """Orders that the machine is to route, the nearest deadline first; again those it could not, after a while."""
    found = bulk.select(
        "SELECT o.id FROM orders_order o JOIN accounts_shop s ON s.tenant_id = {tenant} AND s.id = o.shop_id"
        " WHERE o.tenant_id = {tenant} AND o.tab = 'dispatch' AND (o.step = 'route'"
        " OR o.unrouted <> '' AND o.unrouted_at < %s AND s.dial = 'automatic')"
        " ORDER BY o.due_by NULLS LAST, o.id LIMIT %s",
        [tried_before, limit],
    )
    return [i for (i,) in found]


def of_shop(shop_id: UUID) -> tuple[list[UUID], list[str]]:
    """The orders of a shop that wait for dispatch, and the reasons of those that a person must look at first."""
    rows = bulk.select(
        "SELECT id, tab, step_reason FROM orders_order WHERE tenant_id = {tenant} AND shop_id = %s"
        " AND tab IN ('dispatch', 'hold', 'match') ORDER BY due_by NULLS LAST, id LIMIT 2000",
        [shop_id],
    )
    return [i for i, tab, _ in rows if tab == "dispatch"], [str(why) for _, tab, why in rows if tab != "dispatch"]


def supplier_names() -> dict[UUID, str]:
    """Every supplier's name."""
    return dict(bulk.select("SELECT id, name FROM purchasing_supplier WHERE tenant_id = {tenant}"))
