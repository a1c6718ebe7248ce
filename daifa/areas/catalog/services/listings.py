"""What stands in the shops, as their platforms told by API: kept in pages, looked up by what order lines name."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from daifa.areas.catalog.models import ListingSku
from daifa.base import bulk
from daifa.kit.ids import uuid7
from daifa.kit.values import dataclass
from daifa.ports.shop_api import ListingItem

_SAID = ("listing_key", "title", "spec", "merchant_code", "price_fen", "stock", "on_sale", "image_url")
_COLUMNS = ("id", "created_at", "shop_id", "item_id", "external_id", *_SAID, "live", "read_at")


@dataclass(frozen=True, slots=True)
class Kept:
    """What a page of goods brought: how many are new or changed, and the listings whose code or name is news."""

    fresh: int
    news: tuple[str, ...]


def keep(shop_id: UUID, items: Sequence[ListingItem], at: datetime) -> Kept:
    """Write down what a shop has now; a SKU that is there already is brought up to date."""
    last = {(i.item_id, i.sku_id): i for i in items}
    before = {
        (row.item_id, row.external_id): row
        for row in ListingSku.objects.filter(shop_id=shop_id, item_id__in=sorted({i.item_id for i in items}))
    }
    differs = {
        key: item
        for key, item in last.items()
        if key not in before or not before[key].live or any(getattr(before[key], n) != getattr(item, n) for n in _SAID)
    }
    news = [
        item.listing_key
        for key, item in differs.items()
        if key not in before
        or any(getattr(before[key], n) != getattr(item, n) for n in ("listing_key", "merchant_code"))
    ]
    rows = [
        (uuid7(), at, shop_id, i.item_id, i.sku_id, *(getattr(i, n) for n in _SAID), True, at)
        for i in sorted(last.values(), key=lambda i: (i.item_id, i.sku_id))
    ]
    changed = ", ".join(f"{n} = excluded.{n}" for n in (*_SAID, "live", "read_at"))
    bulk.insert(
        ListingSku, _COLUMNS, rows, on_conflict=f"(tenant_id, shop_id, item_id, external_id) DO UPDATE SET {changed}"
    )
    return Kept(len(differs), tuple(dict.fromkeys(news)))


def gone(shop_id: UUID, before: datetime) -> int:
    """What a whole reading that began then did not find is not in the shop any more; returns how many."""
    return ListingSku.objects.filter(shop_id=shop_id, live=True, read_at__lt=before).update(live=False)


def codes(keys: Sequence[tuple[UUID, str]]) -> dict[tuple[UUID, str], str]:
    """The merchant's codes of (shop, listing SKU) pairs, where the shop says exactly one.

    What is no longer in the shop counts too: its orders are still to be supplied.
    """
    if not keys:
        return {}
    shops, listings = zip(*keys, strict=True)
    found = bulk.select(
        "SELECT k.shop_id, k.listing_key, min(g.merchant_code) FROM unnest(%s::uuid[], %s::text[])"
        " AS k(shop_id, listing_key) JOIN catalog_listingsku g ON g.tenant_id = {tenant}"
        " AND g.shop_id = k.shop_id AND g.listing_key = k.listing_key AND g.merchant_code <> ''"
        " GROUP BY k.shop_id, k.listing_key HAVING count(DISTINCT g.merchant_code) = 1",
        [list(shops), list(listings)],
    )
    return {(shop, key): code for shop, key, code in found}
