"""What a supplier sells by API and which of our SKUs it supplies: the list of linked offers, and one opened."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from daifa.base import bulk
from daifa.kit.money import Fen, round_fen
from daifa.kit.values import dataclass

MOST = 1000
LINKED = """
SELECT offer_ref, count(DISTINCT sku_id), count(DISTINCT sku_id) FILTER (WHERE frozen IS NOT NULL)
FROM purchasing_supplylink WHERE tenant_id = {tenant} AND supplier_id = %s AND live AND fingerprint <> ''
GROUP BY offer_ref ORDER BY count(*) FILTER (WHERE frozen IS NOT NULL) DESC, offer_ref LIMIT %s
"""
OFFERS = """
SELECT external_id, title, image_url, seller, on_sale, minimum, read_at, changed_at, tiers::json, options::json
FROM purchasing_offer WHERE tenant_id = {tenant} AND supplier_id = %s AND external_id = ANY(%s::text[])
"""
# Read before, with options that are nobody's yet.
FREE = """
SELECT f.external_id, (SELECT count(DISTINCT l.sku_id) FROM purchasing_supplylink l WHERE l.tenant_id = {tenant}
  AND l.supplier_id = f.supplier_id AND l.offer_ref = f.external_id AND l.live AND l.fingerprint <> '')
FROM purchasing_offer f WHERE f.tenant_id = {tenant} AND f.supplier_id = %s AND f.on_sale
AND jsonb_array_length(f.options) > (SELECT count(DISTINCT l.spec_ref) FROM purchasing_supplylink l
  WHERE l.tenant_id = {tenant} AND l.supplier_id = f.supplier_id AND l.offer_ref = f.external_id AND l.live
  AND l.fingerprint <> '')
ORDER BY f.title, f.external_id LIMIT %s
"""
LINKS = """
SELECT l.id, l.sku_id, s.code, p.title, s.spec, coalesce(nullif(s.image_url, ''), p.image_url), l.spec_ref,
       l.option::json, l.linked_as::json, l.frozen::json
FROM purchasing_supplylink l
JOIN catalog_sku s ON s.tenant_id = {tenant} AND s.id = l.sku_id
JOIN catalog_product p ON p.tenant_id = {tenant} AND p.id = s.product_id
WHERE l.tenant_id = {tenant} AND l.supplier_id = %s AND l.offer_ref = %s AND l.live AND l.fingerprint <> ''
ORDER BY l.frozen IS NULL, s.code
"""
# Links known from files may name pages that no API has: only what was read before is watched.
WATCHED = """
WITH wanted AS (
  SELECT DISTINCT sku_id FROM orders_demand WHERE tenant_id = {tenant} AND created_at > %(lately)s
)
SELECT f.supplier_id, f.external_id FROM purchasing_offer f
JOIN purchasing_supplier s ON s.tenant_id = {tenant} AND s.id = f.supplier_id AND s.channel = 'api'
WHERE f.tenant_id = {tenant} AND f.read_at <= %(soon)s AND EXISTS (
  SELECT 1 FROM purchasing_supplylink l LEFT JOIN wanted w ON w.sku_id = l.sku_id
  WHERE l.tenant_id = {tenant} AND l.supplier_id = f.supplier_id AND l.offer_ref = f.external_id AND l.live
  AND (f.read_at <= %(daily)s OR l.frozen IS NOT NULL OR w.sku_id IS NOT NULL))
ORDER BY f.read_at, f.id LIMIT %(most)s
"""
# What was ordered within so many days is read again at every watch, what else is linked once a day.
LATELY = timedelta(days=3)


@dataclass(frozen=True, slots=True)
class OfferRow:
    """One linked offer of the list; prices in fen, None where nothing is said."""

    ref: str
    title: str
    image_url: str
    seller: str
    on_sale: bool
    minimum: int
    read_at: datetime
    changed_at: datetime | None
    low_fen: Fen | None
    high_fen: Fen | None
    skus: int
    frozen: int


@dataclass(frozen=True, slots=True)
class LinkRow:
    """One of our SKUs at an option; ``was``: the option when a person linked it.

    ``frozen``: the option is not what it was; ``gone``: it is not there any more.
    """

    id: UUID
    sku_id: UUID
    code: str
    title: str
    spec: str
    image_url: str
    spec_id: str
    words: str
    was: Mapping[str, str]
    frozen: bool
    gone: bool


def fen_of(price: object) -> Fen | None:
    """A price as offers keep it (text in yuan) in fen."""
    return round_fen(Decimal(str(price))) if price not in (None, "") else None


def words_of(pairs: Sequence[Sequence[str]]) -> str:
    """An option in the seller's words."""
    return "、".join(f"{k} {v}".strip() for k, v in pairs) or "单规格"


def _prices(tiers: Sequence[Mapping[str, Any]], options: Sequence[Mapping[str, Any]]) -> tuple[Fen | None, Fen | None]:
    known = [p for x in (tiers or options) if (p := fen_of(x.get("price"))) is not None]
    return (min(known), max(known)) if known else (None, None)


def offers(supplier_id: UUID) -> list[OfferRow]:
    """The supplier's linked offers, those with frozen links first."""
    return _rows(supplier_id, bulk.select(LINKED, [supplier_id, MOST]))


def free(supplier_id: UUID) -> list[OfferRow]:
    """The supplier's offers on sale that were read and have options to which nothing of ours is linked."""
    return _rows(supplier_id, [(ref, skus, 0) for ref, skus in bulk.select(FREE, [supplier_id, MOST])])


def _rows(supplier_id: UUID, linked: Sequence[tuple[str, int, int]]) -> list[OfferRow]:
    read = {r[0]: r for r in bulk.select(OFFERS, [supplier_id, [ref for ref, _, _ in linked]])}
    rows = []
    for ref, skus, frozen in linked:
        if ref in read:
            *said, tiers, options = read[ref]
            rows.append(OfferRow(*(*said, *_prices(tiers, options), skus, frozen)))
    return rows


def by_api(link_ids: Sequence[UUID]) -> dict[UUID, tuple[str, str]]:
    """Of these supply links those whose supplier takes orders by API: the offer that each names, and the platform."""
    found = bulk.select(
        "SELECT l.id, l.offer_ref, c.platform FROM purchasing_supplylink l JOIN purchasing_supplier s"
        " ON s.tenant_id = {tenant} AND s.id = l.supplier_id AND s.channel = 'api'"
        " JOIN accounts_connection c ON c.tenant_id = {tenant} AND c.id = s.connection_id"
        " WHERE l.tenant_id = {tenant} AND l.id = ANY(%s::uuid[])",
        [list(link_ids)],
    )
    return {i: (ref, platform) for i, ref, platform in found}


def to_watch(now: datetime, every: timedelta, limit: int = 500) -> list[tuple[UUID, str]]:
    """(supplier, offer) of the linked offers that are to be read again, the longest unread first.

    ``every``: how long a reading of what sells, or is frozen, is fresh enough; of the rest it is for a day.
    """
    # A watch that began a little early must not leave out what it read the last time.
    slack = every / 10
    given = {"lately": now - LATELY, "soon": now - every + slack, "daily": now - timedelta(days=1), "most": limit}
    return [(s, ref) for s, ref in bulk.select_named(WATCHED, given)]


def links(supplier_id: UUID, ref: str) -> list[LinkRow]:
    """Our SKUs at an offer, the frozen ones first."""
    rows = []
    for i, sku, code, title, spec, image, spec_id, option, linked_as, frozen in bulk.select(LINKS, [supplier_id, ref]):
        was = {**{k: str(v) for k, v in linked_as.items()}, "words": words_of(option)}
        gone = bool(frozen and frozen.get("gone"))
        rows.append(LinkRow(i, sku, code, title, spec, image, spec_id, words_of(option), was, frozen is not None, gone))
    return rows
