"""The suppliers on 今日: what waits with each, and his part of the day's margin, so that the column adds up."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from datetime import date, datetime
from itertools import groupby
from uuid import UUID

from daifa.base import bulk
from daifa.base.actor import Actor
from daifa.kit import clock
from daifa.kit.money import share
from daifa.kit.values import dataclass
from daifa.reads import scope
from daifa.reads.order_filters import COUNTED


@dataclass(frozen=True, slots=True)
class SupplierLine:
    """One supplier with open purchases or orders of today: sent, accepted, shipped today, late.

    ``orders`` of today that he supplies and whose margin is known, ``shared`` of them with others; ``margin_fen`` is
    his part of their margins, by what each one's goods and freight cost.
    """

    id: UUID
    name: str
    draft: int
    sent: int
    accepted: int
    shipped_today: int
    late: int
    orders: int
    shared: int
    margin_fen: int | None


@dataclass(frozen=True, slots=True)
class Part:
    """Orders of today and their margin, of which no single supplier is told."""

    orders: int
    margin_fen: int


@dataclass(frozen=True, slots=True)
class SupplierDay:
    """The suppliers with what the day's margin holds beside them.

    ``unsupplied``: orders that nobody was asked to supply. ``elsewhere``: what suppliers out of the person's scope
    have of the orders. ``total``: every order once; the margins of the lines and of these two are its margin.
    """

    lines: tuple[SupplierLine, ...]
    unsupplied: Part
    elsewhere: Part
    total: Part


def of_day(day: date, now: datetime, actor: Actor) -> SupplierDay:
    """The suppliers of a business day."""
    parts, nobody, total = _parts(day, actor)
    own, params = scope.of_supplier(actor, "s.id")
    mine, more = scope.purchases(actor)
    found = bulk.select_named(
        "SELECT s.id, s.name, count(*) FILTER (WHERE p.state = 'draft'), count(*) FILTER (WHERE p.state = 'sent'),"
        " count(*) FILTER (WHERE p.state = 'accepted'), count(*) FILTER (WHERE p.shipped_at >= %(start)s),"
        " count(*) FILTER (WHERE p.state IN ('draft', 'sent', 'accepted', 'part_shipped') AND p.due_by < %(now)s)"
        " FROM purchasing_supplier s LEFT JOIN purchasing_purchaseorder p"
        " ON p.tenant_id = {tenant} AND p.supplier_id = s.id"
        f" AND (p.state IN ('draft', 'sent', 'accepted', 'part_shipped') OR p.shipped_at >= %(start)s){mine}"
        f" WHERE s.tenant_id = {{tenant}} AND (p.id IS NOT NULL OR s.id = ANY(%(earning)s::uuid[])){own}"
        " GROUP BY s.id, s.name ORDER BY 7 DESC, 4 DESC, 2",
        {"start": clock.day_start(day), "now": now, "earning": sorted(parts), **params, **more},
    )
    told = [(r, _told(parts.pop(r[0], {}))) for r in found]
    lines = tuple(SupplierLine(*(*r, *mine_of_today)) for r, mine_of_today in told)
    others = {order for orders in parts.values() for order in orders}
    rest = Part(len(others), sum(fen for orders in parts.values() for fen, _ in orders.values()))
    return SupplierDay(lines, nobody, rest, total)


def _told(orders: Mapping[UUID, tuple[int, bool]]) -> tuple[int, int, int | None]:
    margin = sum(fen for fen, _ in orders.values()) if orders else None
    return len(orders), sum(1 for _, several in orders.values() if several), margin


type Parts = dict[UUID, dict[UUID, tuple[int, bool]]]


def _parts(day: date, actor: Actor) -> tuple[Parts, Part, Part]:
    """By supplier and order his part of its margin and whether there are others; what has none; the whole."""
    seen, params = scope.orders(actor)
    margins = dict(
        bulk.select_named(
            "SELECT o.id, o.margin_fen FROM orders_order o WHERE o.tenant_id = {tenant} AND o.day = %(day)s"
            f" AND {COUNTED['margin']}{seen}",
            {"day": day, **params},
        )
    )
    bought = bulk.select(
        "SELECT a.order_id, a.supplier_id,"
        " coalesce(sum(coalesce(l.goods_fen, 0) + coalesce(l.freight_fen, 0)), 0)::bigint"
        " FROM purchasing_assignment a LEFT JOIN purchasing_purchaseline l"
        " ON l.tenant_id = {tenant} AND l.assignment_id = a.id AND l.live"
        " WHERE a.tenant_id = {tenant} AND a.live AND a.order_id = ANY(%s::uuid[])"
        " GROUP BY a.order_id, a.supplier_id ORDER BY a.order_id, a.supplier_id",
        [sorted(margins)],
    )
    parts: Parts = defaultdict(dict)
    alone = dict(margins)
    for order, rows in groupby(bought, key=lambda r: r[0]):
        own = list(rows)
        fens = share(alone.pop(order), [cost for _, _, cost in own])
        for (_, supplier, _), fen in zip(own, fens, strict=True):
            parts[supplier][order] = (fen, len(own) > 1)
    return dict(parts), Part(len(alone), sum(alone.values())), Part(len(margins), sum(margins.values()))
