"""What a listing SKU of a shop means in our SKUs: decided once by a person (or by an exact merchant code)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from uuid import UUID

from daifa.areas.catalog.models import ListingSkuMapping, MappingPart
from daifa.base import bulk
from daifa.base.actor import Actor
from daifa.kit import clock
from daifa.kit.errors import Invalid
from daifa.kit.ids import uuid7
from daifa.kit.values import dataclass


@dataclass(frozen=True, slots=True)
class MappingView:
    """One live mapping: parts (SKU, pieces), or 不发货 (``ships`` false)."""

    id: UUID
    shop_id: UUID
    listing_key: str
    ships: bool
    parts: tuple[tuple[UUID, int], ...]
    source: str
    reason: str


@dataclass(frozen=True, slots=True)
class NewMapping:
    """A mapping to be made."""

    shop_id: UUID
    listing_key: str
    ships: bool
    parts: tuple[tuple[UUID, int], ...]
    source: str
    title: str = ""
    spec: str = ""
    reason: str = ""


def find(keys: Sequence[tuple[UUID, str]]) -> dict[tuple[UUID, str], MappingView]:
    """Live mappings of (shop, listing SKU) pairs."""
    if not keys:
        return {}
    shops, listings = zip(*keys, strict=True)
    rows = bulk.select(
        "SELECT m.id, m.shop_id, m.listing_key, m.ships, m.source, m.reason, p.sku_id, p.quantity"
        " FROM unnest(%s::uuid[], %s::text[]) AS k(shop_id, listing_key)"
        " JOIN catalog_listingskumapping m ON m.tenant_id = {tenant} AND m.live"
        " AND m.shop_id = k.shop_id AND m.listing_key = k.listing_key"
        " LEFT JOIN catalog_mappingpart p ON p.tenant_id = m.tenant_id AND p.mapping_id = m.id"
        " ORDER BY m.id, p.id",
        [list(shops), list(listings)],
    )
    found: dict[tuple[UUID, str], MappingView] = {}
    for i, shop, key, ships, source, reason, sku, quantity in rows:
        before = found.get((shop, key))
        parts = (before.parts if before else ()) + (((sku, quantity),) if sku else ())
        found[(shop, key)] = MappingView(i, shop, key, ships, parts, source, reason)
    return found


def remember(*, by: Actor, mappings: Sequence[NewMapping], over: bool = True) -> dict[tuple[UUID, str], MappingView]:
    """Make these mappings the live ones; an older one of the same listing SKU is retired. Raises Invalid.

    With ``over`` False one that somebody else makes live at the same moment stays. Returns what is live now.
    """
    mappings = sorted(mappings, key=lambda m: (m.shop_id, m.listing_key))
    for m in mappings:
        if m.ships == (not m.parts):
            raise Invalid("mapping_empty", "请至少选一个规格，或标为不发货。")
        if any(q <= 0 for _, q in m.parts) or len({s for s, _ in m.parts}) != len(m.parts):
            raise Invalid("mapping_parts", "每个规格只能出现一次，数量要大于 0。")
    if over:
        retired = [(m.id, False) for m in find([(m.shop_id, m.listing_key) for m in mappings]).values()]
        bulk.update(ListingSkuMapping, ("live",), retired, where="t.live")
    at = clock.now()
    ids = [uuid7() for _ in mappings]
    columns = (
        "id", "created_at", "shop_id", "listing_key", "title", "spec", "ships", "live", "source", "reason",
        "decided_by", "version",
    )  # fmt: skip
    rows = [
        (i, at, m.shop_id, m.listing_key, m.title, m.spec, m.ships, True, m.source, m.reason, by.key, 1)
        for i, m in zip(ids, mappings, strict=True)
    ]
    keep = "" if over else "(tenant_id, shop_id, listing_key) WHERE live DO NOTHING"
    written = {i for (i,) in bulk.insert(ListingSkuMapping, columns, rows, on_conflict=keep)}
    parts = [(uuid7(), at, i, s, q) for i, m in zip(ids, mappings, strict=True) if i in written for s, q in m.parts]
    bulk.insert(MappingPart, ("id", "created_at", "mapping_id", "sku_id", "quantity"), parts)
    return find([(m.shop_id, m.listing_key) for m in mappings])


def forget(ids: Sequence[UUID], *, cancelled: bool = False) -> Mapping[UUID, tuple[UUID, str]]:
    """Retire mappings; returns (shop, listing key) of each that was live.

    ``cancelled``: a person says that it is wrong, so that its merchant code does not bring it back.
    """
    at = clock.now() if cancelled else None
    rows = bulk.update(
        ListingSkuMapping,
        ("live", "cancelled_at"),
        [(i, False, at) for i in ids],
        where="t.live",
        returning="t.id, t.shop_id, t.listing_key",
    )
    return {i: (s, k) for i, s, k in rows}


def revive(ids: Sequence[UUID]) -> list[UUID]:
    """Retired mappings mean their listing SKUs again, unless another one does by now. Returns those that do."""
    found = ListingSkuMapping.objects.filter(id__in=list(ids), live=False).values_list("id", "shop_id", "listing_key")
    taken = find([(shop, key) for _, shop, key in found])
    rows = [(i, True, None) for i, shop, key in found if (shop, key) not in taken]
    bulk.update(ListingSkuMapping, ("live", "cancelled_at"), rows, where="NOT t.live")
    return [i for i, *_ in rows]


def cancelled(keys: Sequence[tuple[UUID, str]]) -> set[tuple[UUID, str]]:
    """Those (shop, listing SKU) pairs of which the last that a person said is that the mapping was wrong."""
    if not keys:
        return set()
    shops, listings = zip(*keys, strict=True)
    rows = bulk.select(
        "SELECT k.shop_id, k.listing_key FROM unnest(%s::uuid[], %s::text[]) AS k(shop_id, listing_key)"
        " CROSS JOIN LATERAL (SELECT m.cancelled_at FROM catalog_listingskumapping m WHERE m.tenant_id = {tenant}"
        " AND m.shop_id = k.shop_id AND m.listing_key = k.listing_key"
        " ORDER BY greatest(m.cancelled_at, m.created_at) DESC, m.id DESC LIMIT 1) AS l"
        " WHERE l.cancelled_at IS NOT NULL",
        [list(shops), list(listings)],
    )
    return {(shop, key) for shop, key in rows}
