"""The list of suppliers with what they have, what is open at them and how they did; the detail of one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

import orjson

from daifa.areas.purchasing.rules.documents import freight_of
from daifa.areas.purchasing.rules.freight_words import freight_words
from daifa.areas.purchasing.services.records import DATED, DAYS, TIMELY
from daifa.base import bulk
from daifa.kit import paging
from daifa.kit.errors import NotFound
from daifa.kit.values import dataclass
from daifa.reads import goods

TABS: Mapping[str, str] = {
    "all": "u.active",
    "freightless": "u.active AND u.freight = '{}'::jsonb",
    "priceless": (
        "u.active AND NOT EXISTS (SELECT 1 FROM purchasing_supplylink l WHERE l.tenant_id = {tenant}"
        " AND l.supplier_id = u.id AND l.live AND l.valid_from <= %(today)s"
        " AND (l.valid_to IS NULL OR l.valid_to >= %(today)s))"
    ),
    "stopped": "NOT u.active",
}
_SORTS = {"": "u.name", "name": "u.name", "code": "u.code", "lead_hours": "u.lead_hours"}
_COLUMNS = (
    "u.id, u.name, u.code, u.short, u.channel, u.lead_hours, u.freight, u.regions_not_served, u.cut_off, u.remark,"
    " u.active, u.version, u.sheet_format <> '{}'::jsonb, u.contact_sealed IS NOT NULL,"
    " u.connection_id, u.account"
)


@dataclass(frozen=True, slots=True)
class Row:
    """One supplier in the list; rates are of the last 30 days, None where nothing is known."""

    id: UUID
    name: str
    code: str
    short: str
    channel: str
    lead_hours: int
    freight: Mapping[str, Any]
    regions_not_served: Sequence[str]
    cut_off: str
    remark: str
    active: bool
    version: int
    has_format: bool
    has_contact: bool
    connection_id: UUID | None
    account: str
    freight_words: str
    skus: int
    open_purchases: int
    purchases: int
    on_time: float | None


def _where(text: str, imported: UUID | None, outcome: str, scope: frozenset[UUID] | None) -> tuple[str, dict[str, Any]]:
    parts, values = ["u.tenant_id = {tenant}"], dict[str, Any]()
    if text:
        values |= {"like": f"%{text.replace('%', '')}%"}
        parts.append("(u.name ILIKE %(like)s OR u.code ILIKE %(like)s OR u.remark ILIKE %(like)s)")
    if imported:
        values |= {"import": imported, "outcome": outcome}
        parts.append(
            "EXISTS (SELECT 1 FROM mailroom_importrow r WHERE r.tenant_id = {tenant}"
            " AND r.imported_id = %(import)s AND r.outcome = %(outcome)s AND r.object_id = u.id)"
        )
    if scope is not None:
        values["scope"] = list(scope)
        parts.append("u.id = ANY(%(scope)s)")
    return " AND ".join(parts), values


def page(
    *,
    now: datetime,
    today: date,
    tab: str = "all",
    text: str = "",
    imported: UUID | None = None,
    outcome: str = "new",
    scope: frozenset[UUID] | None = None,
    sort: str = "",
    cursor: str = "",
    limit: int = 50,
) -> paging.Page[Row]:
    """One page of suppliers. Raises Invalid for a bad cursor."""
    where, values = _where(text, imported, outcome, scope)
    key = _SORTS.get(sort.lstrip("-"), _SORTS[""])
    down = sort.startswith("-")
    values |= {"today": today, "limit": limit + 1}
    if cursor:
        values["last"], values["last_id"] = paging.decode(cursor, 2)
        where += f" AND ({key}, u.id) {'<' if down else '>'} (%(last)s, %(last_id)s::uuid)"
    order = f"ORDER BY {key}{' DESC' if down else ''}, u.id{' DESC' if down else ''}"
    found = bulk.select_named(
        f"SELECT {_COLUMNS}, {key} FROM purchasing_supplier u"
        f" WHERE {where} AND {TABS.get(tab, TABS['all'])} {order} LIMIT %(limit)s",
        values,
    )
    following = paging.encode([found[limit - 1][-1], str(found[limit - 1][0])]) if len(found) > limit else ""
    return paging.Page(_rows([r[:-1] for r in found[:limit]], now, today), following)


def _rows(found: Sequence[Sequence[Any]], now: datetime, today: date) -> list[Row]:
    ids = [r[0] for r in found]
    skus = dict(
        bulk.select_named(
            "SELECT l.supplier_id, count(DISTINCT l.sku_id) FROM purchasing_supplylink l"
            " WHERE l.tenant_id = {tenant} AND l.supplier_id = ANY(%(ids)s) AND l.live"
            " AND l.valid_from <= %(today)s AND (l.valid_to IS NULL OR l.valid_to >= %(today)s)"
            " GROUP BY l.supplier_id",
            {"ids": ids, "today": today},
        )
    )
    records = {
        i: rest
        for i, *rest in bulk.select_named(
            "SELECT p.supplier_id,"
            " count(*) FILTER (WHERE p.state IN ('draft', 'sent', 'accepted', 'part_shipped', 'recalling')),"
            " count(*) FILTER (WHERE p.sent_at > %(since)s),"
            f" count(*) FILTER (WHERE p.sent_at > %(since)s AND {DATED}),"
            f" count(*) FILTER (WHERE p.sent_at > %(since)s AND {TIMELY})"
            " FROM purchasing_purchaseorder p WHERE p.tenant_id = {tenant} AND p.supplier_id = ANY(%(ids)s)"
            " GROUP BY p.supplier_id",
            {"ids": ids, "now": now, "since": now - timedelta(days=DAYS)},
        )
    }
    rows = []
    for columns in found:
        r = [*columns[:6], orjson.loads(columns[6]), orjson.loads(columns[7]), *columns[8:]]
        opened, sent, dated, timely = records.get(r[0], (0, 0, 0, 0))
        words = freight_words(freight_of(r[6]))
        rows.append(Row(*(*r, words, skus.get(r[0], 0), opened, sent, timely / dated if dated else None)))
    return rows


def counts(
    *,
    today: date,
    text: str = "",
    imported: UUID | None = None,
    outcome: str = "new",
    scope: frozenset[UUID] | None = None,
) -> dict[str, int]:
    """How many suppliers each tab has."""
    where, values = _where(text, imported, outcome, scope)
    picked = ", ".join(f"count(*) FILTER (WHERE {condition})" for condition in TABS.values())
    sql = f"SELECT {picked} FROM purchasing_supplier u WHERE {where}"
    [row] = bulk.select_named(sql, {**values, "today": today})
    return dict(zip(TABS, row, strict=True))


@dataclass(frozen=True, slots=True)
class Price:
    """One SKU in a supplier's price list."""

    sku_id: UUID
    code: str
    title: str
    spec: str
    offer: goods.Offer


def one(supplier_id: UUID, *, now: datetime, today: date) -> tuple[Row, list[Price]]:
    """One supplier with its price list of today (at most 500 SKUs). Raises NotFound."""
    found = bulk.select_named(
        f"SELECT {_COLUMNS} FROM purchasing_supplier u WHERE u.tenant_id = {{tenant}} AND u.id = %(id)s",
        {"id": supplier_id},
    )
    if not found:
        raise NotFound("no_such_supplier", "没有这个供应商。")
    [row] = _rows(found, now, today)
    skus = bulk.select_named(
        "SELECT DISTINCT s.id, s.code, p.title, s.spec, s.sort_key FROM purchasing_supplylink l"
        " JOIN catalog_sku s ON s.tenant_id = {tenant} AND s.id = l.sku_id"
        " JOIN catalog_product p ON p.tenant_id = {tenant} AND p.id = s.product_id"
        " WHERE l.tenant_id = {tenant} AND l.supplier_id = %(id)s AND l.live AND l.valid_from <= %(today)s"
        " AND (l.valid_to IS NULL OR l.valid_to >= %(today)s) ORDER BY s.sort_key, s.code LIMIT 500",
        {"id": supplier_id, "today": today},
    )
    offers = goods.offers_of([s[0] for s in skus], today, supplier_id)
    return row, [Price(i, c, t, s, o) for i, c, t, s, _ in skus for o in offers.get(i, ())]
