"""The matching screen: listing SKUs that orders wait for, the most at stake first."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from daifa.base import bulk
from daifa.base.actor import Actor
from daifa.kit.values import dataclass
from daifa.reads.order_filters import literal

# Only orders that can still be bought count: what is closed, done or shipped by others needs no match any more.
WAITING_TABS = ("match", "hold", "unpaid")
QUEUE = """
SELECT l.shop_id, s.name, s.platform, l.listing_key, max(l.title), max(l.spec),
       coalesce(nullif(max(l.merchant_code), ''), (SELECT max(g.merchant_code) FROM catalog_listingsku g
         WHERE g.tenant_id = {tenant} AND g.shop_id = l.shop_id AND g.listing_key = l.listing_key), ''),
       coalesce(nullif(max(l.image_url), ''), (SELECT max(g.image_url) FROM catalog_listingsku g
         WHERE g.tenant_id = {tenant} AND g.shop_id = l.shop_id AND g.listing_key = l.listing_key), ''),
       bool_or(l.is_gift), count(DISTINCT l.order_id), sum(l.quantity),
       sum(coalesce(l.paid_fen, l.amount_fen, l.unit_price_fen * l.quantity,
                    o.paid_fen * l.quantity / greatest(o.quantity, 1), 0))::bigint, min(o.due_by)
FROM orders_line l
JOIN orders_order o ON o.tenant_id = {tenant} AND o.id = l.order_id AND o.tab = ANY(%(tabs)s)
JOIN accounts_shop s ON s.tenant_id = {tenant} AND s.id = l.shop_id
WHERE l.tenant_id = {tenant} AND l.match = 'none' AND (%(all)s OR l.shop_id = ANY(%(shops)s::uuid[]))
GROUP BY l.shop_id, s.name, s.platform, l.listing_key{having}
ORDER BY count(DISTINCT l.order_id) DESC, min(o.due_by), l.listing_key, l.shop_id LIMIT %(limit)s
"""


@dataclass(frozen=True, slots=True)
class Waiting:
    """One listing SKU that orders wait for; ``stake_fen`` is what buyers paid for these lines."""

    shop_id: UUID
    shop_name: str
    platform: str
    listing_key: str
    title: str
    spec: str
    merchant_code: str
    image_url: str
    gift: bool
    orders: int
    pieces: int
    stake_fen: int
    due_by: datetime | None


# Every word of a search is in the title, the spec, a code or the shop's name.
_WORD = (
    "(s.name ILIKE %({n})s OR l.listing_key ILIKE %({n})s OR bool_or(l.title ILIKE %({n})s OR l.spec ILIKE %({n})s"
    " OR l.merchant_code ILIKE %({n})s))"
)


def queue(actor: Actor, *, text: str = "", limit: int = 500) -> list[Waiting]:
    """Listing SKUs without a match, by orders waiting, within the person's shops. No supplier has them yet.

    ``text``: words to be found in title, spec, code or shop.
    """
    if actor.suppliers is not None:
        return []
    asked = {"all": actor.shops is None, "shops": sorted(actor.shops or ()), "limit": limit, "tabs": list(WAITING_TABS)}
    words = {f"w{n}": f"%{literal(word)}%" for n, word in enumerate(text.split()[:8])}
    having = " HAVING " + " AND ".join(_WORD.format(n=n) for n in words) if words else ""
    found = bulk.select_named(QUEUE.replace("{having}", having), {**asked, **words})
    return [Waiting(*r) for r in found]


def catalogue_version() -> tuple[object, ...]:
    """A value that changes whenever a SKU, a product or a live mapping does: what a cached index depends on."""
    [skus] = bulk.select(
        "SELECT count(*), sum(version), max(created_at) FROM catalog_sku WHERE tenant_id = {tenant} AND active"
    )
    [products] = bulk.select(
        "SELECT count(*), sum(version), max(created_at) FROM catalog_product WHERE tenant_id = {tenant}"
    )
    [mappings] = bulk.select(
        "SELECT count(*), max(created_at) FROM catalog_listingskumapping WHERE tenant_id = {tenant} AND live"
    )
    return (*skus, *products, *mappings)


def precedents() -> list[tuple[str, str, list[tuple[UUID, int]]]]:
    """(title, spec, parts) of live mappings, later ones last."""
    found = bulk.select(
        "SELECT m.title, m.spec, array_agg(p.sku_id ORDER BY p.id), array_agg(p.quantity ORDER BY p.id)"
        " FROM catalog_listingskumapping m"
        " JOIN catalog_mappingpart p ON p.tenant_id = {tenant} AND p.mapping_id = m.id"
        " WHERE m.tenant_id = {tenant} AND m.live AND m.title <> '' GROUP BY m.id, m.title, m.spec, m.created_at"
        " ORDER BY m.created_at, m.id"
    )
    return [(title, spec, list(zip(skus, numbers, strict=True))) for title, spec, skus, numbers in found]


def suppliers_of(sku_ids: Sequence[UUID]) -> dict[UUID, int]:
    """How many suppliers offer each of these SKUs."""
    found = bulk.select(
        "SELECT sku_id, count(DISTINCT supplier_id) FROM purchasing_supplylink"
        " WHERE tenant_id = {tenant} AND live AND sku_id = ANY(%s::uuid[]) GROUP BY sku_id",
        [list(sku_ids)],
    )
    return {i: int(n) for i, n in found}


_UNMATCHED_LINES = (
    "FROM unnest(%s::uuid[], %s::text[]) AS k(shop_id, listing_key)"
    " JOIN orders_line l ON l.tenant_id = {tenant} AND l.match = 'none'"
    " AND l.shop_id = k.shop_id AND l.listing_key = k.listing_key"
)


def waiting_for(keys: Sequence[tuple[UUID, str]]) -> list[UUID]:
    """The orders that the queue counts for these listing SKUs: closed ones with unmatched lines wait for nothing."""
    if not keys:
        return []
    shops, listings = zip(*keys, strict=True)
    found = bulk.select(
        f"SELECT DISTINCT l.order_id {_UNMATCHED_LINES}"
        " JOIN orders_order o ON o.tenant_id = {tenant} AND o.id = l.order_id AND o.tab = ANY(%s)",
        [list(shops), list(listings), list(WAITING_TABS)],
    )
    return [i for (i,) in found]


def orders_of(keys: Sequence[tuple[UUID, str]]) -> list[tuple[UUID, UUID]]:
    """(shop, order) of orders that wait for one of these listing SKUs."""
    if not keys:
        return []
    shops, listings = zip(*keys, strict=True)
    found = bulk.select(
        f"SELECT DISTINCT l.shop_id, l.order_id {_UNMATCHED_LINES}",
        [list(shops), list(listings)],
    )
    return [(shop, order) for shop, order in found]
