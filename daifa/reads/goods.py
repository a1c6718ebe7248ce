"""The list of our SKUs with who supplies them and what they are mapped to; the detail of one."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

import orjson

from daifa.areas.purchasing.rules.documents import tiers_of
from daifa.areas.purchasing.rules.freight_words import tiers_words
from daifa.base import bulk
from daifa.base.actor import Actor
from daifa.kit import paging
from daifa.kit.errors import NotFound
from daifa.kit.money import Fen
from daifa.kit.values import dataclass
from daifa.reads import scope
from daifa.reads.order_filters import literal

_LIVE = "l.live AND l.valid_from <= %(today)s AND (l.valid_to IS NULL OR l.valid_to >= %(today)s)"
_SUPPLIED = (
    "EXISTS (SELECT 1 FROM purchasing_supplylink l WHERE l.tenant_id = {tenant} AND l.sku_id = s.id AND " + _LIVE + ")"
)
TABS: Mapping[str, str] = {
    "all": "s.active",
    "unsupplied": f"s.active AND NOT {_SUPPLIED}",
    "costless": f"s.active AND s.cost_fen IS NULL AND NOT {_SUPPLIED}",
    "stopped": "NOT s.active",
}
# Every word of a search is in the title, the spec or a code, is the barcode, or begins the title in pinyin.
_WORD = (
    "(s.code ILIKE %(w{n})s OR p.title ILIKE %(w{n})s OR s.spec ILIKE %(w{n})s OR s.barcode = %(b{n})s"
    " OR p.code ILIKE %(w{n})s OR s.sort_key LIKE %(p{n})s)"
)
_SORTS = {
    "": ("s.sort_key || ' ' || s.code", str),
    "code": ("s.code", str),
    "cost_fen": ("coalesce(s.cost_fen, -1)", int),
}
_COLUMNS = (
    "s.id, s.code, p.title, s.spec, coalesce(nullif(s.image_url, ''), p.image_url), s.cost_fen, s.weight_g,"
    " s.barcode, p.category, p.code, s.active, s.version"
)
_FROM = "FROM catalog_sku s JOIN catalog_product p ON p.tenant_id = {tenant} AND p.id = s.product_id"


@dataclass(frozen=True, slots=True)
class Offer:
    """What one supplier takes for a SKU today."""

    id: UUID
    sku_id: UUID
    supplier_id: UUID
    supplier: str
    active: bool
    tiers: Sequence[Mapping[str, Any]]
    words: str
    offer_ref: str
    lead_hours: int | None
    stock: int | None
    valid_from: date
    valid_to: date | None


@dataclass(frozen=True, slots=True)
class Row:
    """One SKU in the list; offers the cheapest first (price of one piece)."""

    id: UUID
    code: str
    title: str
    spec: str
    image_url: str
    cost_fen: int | None
    weight_g: int | None
    barcode: str
    category: str
    product_code: str
    active: bool
    version: int
    mappings: int
    offers: tuple[Offer, ...]


def _where(
    text: str, supplier: UUID | None, imported: UUID | None, outcome: str, only: Sequence[UUID] | None
) -> tuple[str, dict[str, Any]]:
    parts, values = ["s.tenant_id = {tenant}"], dict[str, Any]()
    if only is not None:
        values["only"] = list(only)
        parts.append("s.id = ANY(%(only)s::uuid[])")
    for n, word in enumerate(text.split()[:8]):
        values |= {f"w{n}": f"%{literal(word)}%", f"b{n}": word, f"p{n}": f"{literal(word.lower())}%"}
        parts.append(_WORD.format(n=n))
    if supplier:
        values["supplier"] = supplier
        parts.append(
            "EXISTS (SELECT 1 FROM purchasing_supplylink l WHERE l.tenant_id = {tenant} AND l.sku_id = s.id"
            f" AND l.supplier_id = %(supplier)s AND {_LIVE})"
        )
    if imported:
        values |= {"import": imported, "outcome": outcome}
        # The object of a goods row is the SKU; of a price row its supply link; of a link row either or a mapping.
        parts.append(
            "(EXISTS (SELECT 1 FROM mailroom_importrow r WHERE r.tenant_id = {tenant} AND r.imported_id = %(import)s"
            " AND r.outcome = %(outcome)s AND r.object_id = s.id)"
            " OR EXISTS (SELECT 1 FROM purchasing_supplylink l JOIN mailroom_importrow r ON r.tenant_id = {tenant}"
            " AND r.imported_id = %(import)s AND r.outcome = %(outcome)s AND r.object_id = l.id"
            " WHERE l.tenant_id = {tenant} AND l.sku_id = s.id)"
            " OR EXISTS (SELECT 1 FROM catalog_mappingpart m JOIN mailroom_importrow r ON r.tenant_id = {tenant}"
            " AND r.imported_id = %(import)s AND r.outcome = %(outcome)s AND r.object_id = m.mapping_id"
            " WHERE m.tenant_id = {tenant} AND m.sku_id = s.id))"
        )
    return " AND ".join(parts), values


def page(
    *,
    today: date,
    tab: str = "all",
    text: str = "",
    supplier: UUID | None = None,
    imported: UUID | None = None,
    outcome: str = "new",
    only: Sequence[UUID] | None = None,
    sort: str = "",
    cursor: str = "",
    limit: int = 50,
) -> paging.Page[Row]:
    """One page of SKUs, of ``only`` these where named. Raises Invalid for a bad cursor."""
    where, values = _where(text, supplier, imported, outcome, only)
    key, kind = _SORTS.get(sort.lstrip("-"), _SORTS[""])
    down = sort.startswith("-")
    values |= {"today": today, "limit": limit + 1}
    if cursor:
        last, last_id = paging.decode(cursor, 2)
        values |= {"last": kind(last or 0), "last_id": str(last_id)}
        where += f" AND ({key}, s.id) {'<' if down else '>'} (%(last)s, %(last_id)s::uuid)"
    order = f"ORDER BY {key}{' DESC' if down else ''}, s.id{' DESC' if down else ''}"
    found = bulk.select_named(
        f"SELECT {_COLUMNS}, {key} {_FROM} WHERE {where} AND {TABS.get(tab, TABS['all'])} {order} LIMIT %(limit)s",
        values,
    )
    more = len(found) > limit
    found = found[:limit]
    following = paging.encode([found[-1][-1], str(found[-1][0])]) if more else ""
    return paging.Page(_rows([r[:-1] for r in found], today), following)


def _rows(found: Sequence[Sequence[Any]], today: date) -> list[Row]:
    ids = [r[0] for r in found]
    by_sku = offers_of(ids, today)
    counted = dict(
        bulk.select_named(
            "SELECT m.sku_id, count(*) FROM catalog_mappingpart m JOIN catalog_listingskumapping g"
            " ON g.tenant_id = {tenant} AND g.id = m.mapping_id AND g.live"
            " WHERE m.tenant_id = {tenant} AND m.sku_id = ANY(%(ids)s) GROUP BY m.sku_id",
            {"ids": ids},
        )
    )
    return [Row(*(*r, counted.get(r[0], 0), tuple(by_sku.get(r[0], ())))) for r in found]


def counts(
    *,
    today: date,
    text: str = "",
    supplier: UUID | None = None,
    imported: UUID | None = None,
    outcome: str = "new",
    only: Sequence[UUID] | None = None,
) -> dict[str, int]:
    """How many SKUs each tab has."""
    where, values = _where(text, supplier, imported, outcome, only)
    picked = ", ".join(f"count(*) FILTER (WHERE {condition})" for condition in TABS.values())
    [row] = bulk.select_named(f"SELECT {picked} {_FROM} WHERE {where}", {**values, "today": today})
    return dict(zip(TABS, row, strict=True))


def offers_of(sku_ids: Sequence[UUID], today: date, supplier_id: UUID | None = None) -> dict[UUID, list[Offer]]:
    """Today's prices of these SKUs, the cheapest piece first."""
    found = bulk.select_named(
        "SELECT l.id, l.sku_id, l.supplier_id, u.name, u.active, l.tiers, l.offer_ref, l.lead_hours, l.stock,"
        " l.valid_from, l.valid_to, l.min_quantity FROM purchasing_supplylink l JOIN purchasing_supplier u"
        " ON u.tenant_id = {tenant} AND u.id = l.supplier_id"
        f" WHERE l.tenant_id = {{tenant}} AND l.sku_id = ANY(%(ids)s) AND {_LIVE}"
        " AND (%(supplier)s::uuid IS NULL OR l.supplier_id = %(supplier)s)",
        {"ids": list(sku_ids), "today": today, "supplier": supplier_id},
    )
    by_sku: dict[UUID, list[Offer]] = defaultdict(list)
    for i, sku, who, name, active, document, ref, lead, stock, since, until, least in found:
        tiers = orjson.loads(document)
        words = tiers_words(tiers_of(tiers), least)
        by_sku[sku].append(Offer(i, sku, who, name, active, tiers, words, ref, lead, stock, since, until))
    for rows in by_sku.values():
        rows.sort(key=lambda o: (not o.active, tiers_of(o.tiers)[0].unit_price))
    return by_sku


@dataclass(frozen=True, slots=True)
class Listing:
    """A listing SKU of a shop that means (also) this SKU; price, stock and state where the shop tells them by API."""

    mapping_id: UUID
    shop_id: UUID
    shop: str
    platform: str
    listing_key: str
    title: str
    spec: str
    quantity: int
    source: str
    price_fen: Fen | None
    stock: int | None
    on_sale: bool | None


def one(by: Actor, sku_id: UUID, *, today: date) -> tuple[Row, list[Listing], int]:
    """One SKU, the listings of my shops that mean it, and how many open pieces of it wait to be bought there.

    Raises NotFound.
    """
    mine, params = scope.of_shop(by, "h.id")
    ours, more = scope.orders(by)
    found = bulk.select_named(
        f"SELECT {_COLUMNS} {_FROM} WHERE s.tenant_id = {{tenant}} AND s.id = %(id)s", {"id": sku_id}
    )
    if not found:
        raise NotFound("no_such_sku", "没有这个规格。")
    [row] = _rows(found, today)
    listings = bulk.select_named(
        "SELECT g.id, g.shop_id, h.name, h.platform, g.listing_key, g.title, g.spec, m.quantity, g.source,"
        " k.price_fen, k.stock, k.on_sale"
        " FROM catalog_mappingpart m JOIN catalog_listingskumapping g"
        " ON g.tenant_id = {tenant} AND g.id = m.mapping_id AND g.live"
        " JOIN accounts_shop h ON h.tenant_id = {tenant} AND h.id = g.shop_id"
        " LEFT JOIN LATERAL (SELECT min(x.price_fen) AS price_fen, (sum(x.stock) FILTER (WHERE x.live))::int AS stock,"
        " bool_or(x.live AND coalesce(x.on_sale, true)) AS on_sale FROM catalog_listingsku x"
        " WHERE x.tenant_id = {tenant} AND x.shop_id = g.shop_id AND x.listing_key = g.listing_key) k ON true"
        f" WHERE m.tenant_id = {{tenant}} AND m.sku_id = %(id)s{mine} ORDER BY h.name, g.title LIMIT 200",
        {"id": sku_id, **params},
    )
    [(waits,)] = bulk.select_named(
        "SELECT coalesce(sum(d.qty - d.assigned_qty), 0) FROM orders_demand d"
        " JOIN orders_order o ON o.tenant_id = {tenant} AND o.id = d.order_id"
        f" WHERE d.tenant_id = {{tenant}} AND d.sku_id = %(id)s AND d.closed_cause = ''{ours}",
        {"id": sku_id, **more},
    )
    return row, [Listing(*r) for r in listings], int(waits)
