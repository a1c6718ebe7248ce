"""Which orders wait for goods to become known or to be supplied."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from daifa.base import bulk


def for_codes(codes: Iterable[str]) -> list[UUID]:
    """Orders with unmatched lines that name one of these merchant codes, themselves or by their shop's listing."""
    named = [c for c in codes if c]
    found = bulk.select(
        "SELECT DISTINCT order_id FROM orders_line"
        " WHERE tenant_id = {tenant} AND match = 'none' AND merchant_code = ANY(%s)"
        " UNION SELECT l.order_id FROM orders_line l JOIN catalog_listingsku g ON g.tenant_id = {tenant}"
        " AND g.shop_id = l.shop_id AND g.listing_key = l.listing_key AND g.merchant_code = ANY(%s)"
        " WHERE l.tenant_id = {tenant} AND l.match = 'none' AND l.merchant_code = ''",
        [named, named],
    )
    return [i for (i,) in found]


def for_skus(sku_ids: Iterable[UUID]) -> list[UUID]:
    """Orders with pieces of these SKUs that nobody has been asked to ship."""
    found = bulk.select(
        "SELECT DISTINCT order_id FROM orders_demand"
        " WHERE tenant_id = {tenant} AND closed_cause = '' AND qty > assigned_qty AND sku_id = ANY(%s)",
        [list(set(sku_ids))],
    )
    return [i for (i,) in found]


def unlinked_for_skus(sku_ids: Iterable[UUID]) -> dict[UUID, list[UUID]]:
    """Purchases with pieces of these SKUs that wait for a person before they could even be priced, with their orders.

    Their goods are linked to no offer, or to one whose option changed.
    """
    found = bulk.select(
        "SELECT l.purchase_id, array_agg(DISTINCT l.order_id) FROM mailroom_outbox b"
        " JOIN purchasing_purchaseline l ON l.tenant_id = {tenant} AND l.purchase_id = b.subject_id AND l.live"
        " WHERE b.tenant_id = {tenant} AND b.kind = 'buy' AND b.state = 'held' AND b.result ->> 'quoted_fen' IS NULL"
        " GROUP BY l.purchase_id HAVING bool_or(l.sku_id = ANY(%s::uuid[]))",
        [list(set(sku_ids))],
    )
    return dict(found)
