"""已匹配: what listing SKUs were taken for, by whom and when; the newest first."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

from daifa.base import bulk
from daifa.base.actor import Actor
from daifa.kit import paging
from daifa.kit.errors import Invalid, NotFound
from daifa.kit.values import dataclass
from daifa.reads import scope
from daifa.reads.order_filters import literal

# How a mapping came to be, in words.
SOURCES: Mapping[str, str] = {"person": "人工", "code": "商家编码", "file": "文件"}
# By how they came to be; what is not shipped is looked for by itself.
TABS: Mapping[str, str] = {
    "all": "true",
    "person": "m.source = 'person' AND m.ships",
    "code": "m.source = 'code' AND m.ships",
    "file": "m.source = 'file' AND m.ships",
    "none": "NOT m.ships",
}
# Orders in these tabs, or with nothing to ship at all, may still be taken for something else.
OPEN_TABS = ("match", "hold", "unpaid", "dispatch")
MOST = 5000
_FROM = """
FROM catalog_listingskumapping m
JOIN accounts_shop s ON s.tenant_id = {tenant} AND s.id = m.shop_id
LEFT JOIN accounts_member w ON w.tenant_id = {tenant} AND 'member:' || w.id = m.decided_by
WHERE m.tenant_id = {tenant} AND m.live
"""
_COLUMNS = """
SELECT m.id, m.shop_id, s.name, s.platform, m.listing_key, m.title, m.spec, m.ships, m.source, m.reason,
       coalesce(w.name, ''), m.created_at,
       coalesce((SELECT max(g.image_url) FROM catalog_listingsku g WHERE g.tenant_id = {tenant}
         AND g.shop_id = m.shop_id AND g.listing_key = m.listing_key), ''),
       (SELECT coalesce(json_agg(json_build_array(k.id, k.code, p.title, k.spec, x.quantity) ORDER BY x.id), '[]'::json)
        FROM catalog_mappingpart x JOIN catalog_sku k ON k.tenant_id = {tenant} AND k.id = x.sku_id
        JOIN catalog_product p ON p.tenant_id = {tenant} AND p.id = k.product_id
        WHERE x.tenant_id = {tenant} AND x.mapping_id = m.id)
"""
# Every word is looked for in all that a person may know the listing or our goods by.
_WORD = (
    "(m.title ILIKE %({n})s OR m.spec ILIKE %({n})s OR m.listing_key ILIKE %({n})s OR s.name ILIKE %({n})s"
    " OR EXISTS (SELECT 1 FROM catalog_mappingpart x JOIN catalog_sku k ON k.tenant_id = {{tenant}} AND k.id = x.sku_id"
    " JOIN catalog_product p ON p.tenant_id = {{tenant}} AND p.id = k.product_id WHERE x.tenant_id = {{tenant}}"
    " AND x.mapping_id = m.id AND (k.code ILIKE %({n})s OR k.spec ILIKE %({n})s OR p.title ILIKE %({n})s)))"
)


@dataclass(frozen=True, slots=True)
class MatchedFilter:
    """What a person asked for, within a tab; empty asks nothing."""

    text: str = ""
    shop: Sequence[UUID] = ()
    tab: str = "all"


@dataclass(frozen=True, slots=True)
class PartRow:
    """n pieces of one of our SKUs."""

    sku_id: UUID
    code: str
    title: str
    spec: str
    quantity: int


@dataclass(frozen=True, slots=True)
class Matched:
    """One remembered mapping; no parts: nothing to ship. ``by``: the person, "" for the machine or a file."""

    id: UUID
    shop_id: UUID
    shop_name: str
    platform: str
    listing_key: str
    title: str
    spec: str
    ships: bool
    source: str
    reason: str
    by: str
    decided_at: datetime
    image_url: str
    parts: tuple[PartRow, ...]


def _where(asked: MatchedFilter, actor: Actor) -> tuple[str, dict[str, Any]]:
    # As the queue: what a listing SKU means is for people who are not bound to suppliers.
    mine, params = scope.of_shop(actor, "m.shop_id")
    given: dict[str, Any] = dict(params)
    clauses = [mine, " AND false" if actor.suppliers is not None else ""]
    for n, word in enumerate(asked.text.split()[:8]):
        clauses.append(" AND " + _WORD.format(n=f"w{n}"))
        given[f"w{n}"] = f"%{literal(word)}%"
    if asked.shop:
        clauses.append(" AND m.shop_id = ANY(%(shops)s::uuid[])")
        given["shops"] = list(asked.shop)
    if asked.tab not in TABS:
        raise Invalid("unknown_tab", f"没有“{asked.tab}”这一栏。")
    clauses.append(f" AND {TABS[asked.tab]}")
    return "".join(clauses), given


def page(asked: MatchedFilter, actor: Actor, *, cursor: str = "", limit: int | None = None) -> paging.Page[Matched]:
    """One page, the newest first. Raises Invalid for a bad cursor."""
    size = paging.limit_of(limit)
    where, given = _where(asked, actor)
    if cursor:
        at, last = paging.decode(cursor, 2)
        try:
            given |= {"at": datetime.fromisoformat(str(at)), "last": UUID(str(last))}
        except ValueError as error:
            raise Invalid("bad_cursor", "翻页位置无效，请回到第一页。") from error
        where += " AND (m.created_at, m.id) < (%(at)s, %(last)s)"
    found = bulk.select_named(
        f"{_COLUMNS}{_FROM}{where} ORDER BY m.created_at DESC, m.id DESC LIMIT %(limit)s", {**given, "limit": size + 1}
    )
    rows = [_row(r) for r in found[:size]]
    more = len(found) > size
    return paging.Page(rows, paging.encode([rows[-1].decided_at.isoformat(), str(rows[-1].id)]) if more else "")


def counts(asked: MatchedFilter, actor: Actor) -> dict[str, int]:
    """How many each tab has."""
    where, given = _where(replace(asked, tab="all"), actor)
    each = ", ".join(f"count(*) FILTER (WHERE {condition})" for condition in TABS.values())
    [found] = bulk.select_named(f"SELECT {each} {_FROM}{where}", given)
    return dict(zip(TABS, (int(n) for n in found), strict=True))


def ids(asked: MatchedFilter, actor: Actor) -> list[UUID]:
    """All that a filter finds. Raises Invalid for more than may change at once."""
    where, given = _where(asked, actor)
    found = [i for (i,) in bulk.select_named(f"SELECT m.id {_FROM}{where} LIMIT {MOST + 1}", given)]
    if len(found) > MOST:
        raise Invalid("too_many", f"一次最多 {MOST} 个，请先缩小范围。")
    return found


def chosen(mapping_ids: Collection[UUID], actor: Actor) -> list[Matched]:
    """These. Raises NotFound when one is gone or out of scope."""
    where, given = _where(MatchedFilter(), actor)
    found = bulk.select_named(
        f"{_COLUMNS}{_FROM}{where} AND m.id = ANY(%(ids)s::uuid[])", {**given, "ids": list(mapping_ids)}
    )
    if len(found) < len(set(mapping_ids)):
        raise NotFound("no_such_mapping", "这个匹配已经改过或取消了，请刷新。")
    return [_row(r) for r in found]


def one(mapping_id: UUID, actor: Actor) -> Matched:
    """One of them. Raises NotFound."""
    return chosen([mapping_id], actor)[0]


def _row(row: tuple[Any, ...]) -> Matched:
    *first, parts = row
    ours = tuple(PartRow(UUID(i), code, title, spec, n) for i, code, title, spec, n in parts)
    return Matched(*(*first, ours))


def open_lines(mapping_ids: Sequence[UUID]) -> tuple[list[UUID], list[UUID], int]:
    """Lines and orders that these mappings decided and that may be decided anew, and how many orders stay as they are.

    What is dispatched in part or whole, shipped or over stays.
    """
    found = bulk.select(
        "SELECT l.id, o.id, (o.tab = ANY(%s::text[]) OR o.step = 'no_parcel') AND NOT EXISTS ("
        "SELECT 1 FROM purchasing_assignment a JOIN orders_demand d ON d.tenant_id = {tenant} AND d.id = a.demand_id"
        " WHERE a.tenant_id = {tenant} AND a.live AND d.line_id = l.id)"
        " FROM catalog_listingskumapping m"
        " JOIN orders_line l ON l.tenant_id = {tenant} AND l.shop_id = m.shop_id AND l.listing_key = m.listing_key"
        " AND l.mapping_id = m.id"
        " JOIN orders_order o ON o.tenant_id = {tenant} AND o.id = l.order_id"
        " WHERE m.tenant_id = {tenant} AND m.id = ANY(%s::uuid[])",
        [list(OPEN_TABS), list(mapping_ids)],
    )
    free = sorted({order for _, order, still in found if still})
    stay = {order for _, order, still in found if not still} - set(free)
    return [line for line, _, still in found if still], free, len(stay)
