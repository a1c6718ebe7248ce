"""What hangs on orders already: the facts that keep a deed from being taken back, and what must be told of a change."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from daifa.base import bulk
from daifa.kit.errors import NotFound


def bought(order_ids: Sequence[UUID]) -> dict[UUID, str]:
    """Those orders that are dispatched (a live assignment stands), with their numbers."""
    found = bulk.select(
        "SELECT DISTINCT o.external_id, o.id FROM purchasing_assignment a"
        " JOIN orders_order o ON o.tenant_id = {tenant} AND o.id = a.order_id"
        " WHERE a.tenant_id = {tenant} AND a.live AND a.order_id = ANY(%s::uuid[]) ORDER BY o.external_id",
        [list(order_ids)],
    )
    return {i: str(n) for n, i in found}


def at_factories(order_id: UUID) -> bool:
    """Whether all that is dispatched of an order goes to factories on the shop's platform, by API."""
    found = bulk.select(
        "SELECT coalesce(bool_and(p.factory <> ''), false) FROM purchasing_purchaseline l"
        " JOIN purchasing_purchaseorder p ON p.tenant_id = {tenant} AND p.id = l.purchase_id"
        " WHERE l.tenant_id = {tenant} AND l.order_id = %s AND l.live",
        [order_id],
    )
    return bool(found[0][0])


def numbers(order_ids: Sequence[UUID]) -> dict[UUID, str]:
    """The platform's numbers of these orders, in the order of the numbers."""
    found = bulk.select(
        "SELECT id, external_id FROM orders_order WHERE tenant_id = {tenant} AND id = ANY(%s::uuid[]) ORDER BY 2",
        [list(order_ids)],
    )
    return {i: str(n) for i, n in found}


def held(order_ids: Sequence[UUID], kinds: Sequence[str]) -> list[tuple[UUID, str, str]]:
    """(order, kind, reason) of open holds of these orders; of every kind when none is named."""
    found = bulk.select(
        "SELECT order_id, kind, reason FROM orders_hold WHERE tenant_id = {tenant} AND state = 'open'"
        " AND order_id = ANY(%s::uuid[]) AND (%s OR kind = ANY(%s)) ORDER BY order_id, kind",
        [list(order_ids), not kinds, list(kinds)],
    )
    return [(i, str(kind), str(reason)) for i, kind, reason in found]


def flag_of(order_id: UUID) -> str:
    """The flag that the platform showed last; "" without one."""
    found = bulk.select("SELECT flag FROM orders_order WHERE tenant_id = {tenant} AND id = %s", [order_id])
    return str(found[0][0]) if found else ""


def shop_of(order_id: UUID) -> tuple[UUID, str]:
    """The shop that an order stands in, and its name. Raises NotFound."""
    found = bulk.select(
        "SELECT s.id, s.name FROM orders_order o JOIN accounts_shop s ON s.tenant_id = {tenant} AND s.id = o.shop_id"
        " WHERE o.tenant_id = {tenant} AND o.id = %s",
        [order_id],
    )
    if not found:
        raise NotFound("no_such_order", "没有这个订单。")
    return found[0][0], str(found[0][1])


def claimed_by(order_id: UUID) -> tuple[UUID, str] | None:
    """The other shop whose files name this order's number too, and what it is called; of several the latest."""
    found = bulk.select(
        "SELECT s.id, s.name FROM orders_order o"
        " JOIN mailroom_importrow r ON r.tenant_id = {tenant} AND r.object_id = o.id AND r.outcome = 'rejected'"
        " JOIN mailroom_import i ON i.tenant_id = {tenant} AND i.id = r.imported_id AND i.kind = 'orders'"
        " JOIN accounts_shop s ON s.tenant_id = {tenant} AND s.id = i.shop_id"
        " WHERE o.tenant_id = {tenant} AND o.id = %s AND i.shop_id <> o.shop_id ORDER BY r.created_at DESC LIMIT 1",
        [order_id],
    )
    return (found[0][0], str(found[0][1])) if found else None


def tied(order_ids: Sequence[UUID]) -> set[UUID]:
    """Those of these orders on which something hangs: a purchase (also a past one), an after-sale case, a parcel."""
    tables = (
        "purchasing_assignment", "purchasing_decision", "purchasing_purchaseorder", "purchasing_purchaseline",
        "logistics_parcelline", "logistics_shipmentreport", "support_case", "support_casestep",
    )  # fmt: skip
    one = "SELECT order_id FROM {} WHERE tenant_id = {{tenant}} AND order_id = ANY(%s::uuid[])"
    found = bulk.select(" UNION ".join(one.format(t) for t in tables), [list(order_ids)] * len(tables))
    return {i for (i,) in found}


def sent_purchases(order_id: UUID) -> list[UUID]:
    """Purchases of one order that a supplier already has and that are not over."""
    found = bulk.select(
        "SELECT DISTINCT p.id FROM purchasing_purchaseline l"
        " JOIN purchasing_purchaseorder p ON p.tenant_id = {tenant} AND p.id = l.purchase_id"
        " WHERE l.tenant_id = {tenant} AND l.order_id = %s AND l.live AND p.sent_at IS NOT NULL"
        " AND p.state IN ('sent', 'accepted', 'part_shipped')",
        [order_id],
    )
    return [i for (i,) in found]


def open_holds(order_ids: Sequence[UUID], kinds: Sequence[str]) -> list[tuple[UUID, UUID, str]]:
    """Open holds of these orders as (id, order, kind); of every kind when none is named."""
    found = bulk.select(
        "SELECT id, order_id, kind FROM orders_hold WHERE tenant_id = {tenant} AND state = 'open'"
        " AND order_id = ANY(%s::uuid[]) AND (%s OR kind = ANY(%s))",
        [list(order_ids), not kinds, list(kinds)],
    )
    return [(i, order, str(kind)) for i, order, kind in found]


def orders_of_holds(hold_ids: Sequence[UUID]) -> list[UUID]:
    """The orders that these holds stand on."""
    found = bulk.select(
        "SELECT DISTINCT order_id FROM orders_hold WHERE tenant_id = {tenant} AND id = ANY(%s::uuid[])",
        [list(hold_ids)],
    )
    return [i for (i,) in found]


def matched_lines(keys: Sequence[tuple[UUID, str]], mapping_ids: Sequence[UUID]) -> list[tuple[UUID, UUID]]:
    """(line, order) of what these mappings of these listing SKUs decided."""
    if not keys:
        return []
    shops, listings = zip(*keys, strict=True)
    return bulk.select(
        "SELECT l.id, l.order_id FROM unnest(%s::uuid[], %s::text[]) AS k(shop_id, listing_key)"
        " JOIN orders_line l ON l.tenant_id = {tenant} AND l.shop_id = k.shop_id AND l.listing_key = k.listing_key"
        " AND l.mapping_id = ANY(%s::uuid[])",
        [list(shops), list(listings), list(mapping_ids)],
    )


def steps_of(order_ids: Sequence[UUID]) -> dict[str, int]:
    """How many of these orders stand in each tab."""
    found = bulk.select(
        "SELECT tab, count(*) FROM orders_order WHERE tenant_id = {tenant} AND id = ANY(%s::uuid[]) GROUP BY tab",
        [list(order_ids)],
    )
    return {str(tab): int(n) for tab, n in found}
