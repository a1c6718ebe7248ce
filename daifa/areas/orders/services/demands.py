"""Matching and demand: what lines mean, and what must be supplied because of them; frozen once matched."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from uuid import UUID

from daifa.areas.orders.models import Demand, Line
from daifa.areas.orders.rules.demand import Closing, closing_of, pieces_of, rest_of
from daifa.base import bulk
from daifa.kit import clock
from daifa.kit.ids import uuid7
from daifa.kit.values import dataclass
from daifa.ports.shop import OVER, OrderState, RefundState


@dataclass(frozen=True, slots=True)
class OpenLine:
    """A line that is not matched yet."""

    id: UUID
    order_id: UUID
    shop_id: UUID
    listing_key: str
    merchant_code: str
    title: str
    spec: str
    quantity: int


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a line was found to mean: parts in our SKUs per piece, or 不发货."""

    line_id: UUID
    mapping_id: UUID | None
    ships: bool
    parts: tuple[tuple[UUID, int], ...]


def unmatched(order_ids: Sequence[UUID]) -> list[OpenLine]:
    """Lines of these orders that nobody has matched."""
    found = bulk.select(
        "SELECT id, order_id, shop_id, listing_key, merchant_code, title, spec, quantity FROM orders_line"
        " WHERE tenant_id = {tenant} AND order_id = ANY(%s::uuid[]) AND match = 'none' ORDER BY id",
        [list(order_ids)],
    )
    return [OpenLine(*row) for row in found]


def unmatched_of_listings(keys: Sequence[tuple[UUID, str]]) -> list[UUID]:
    """Orders with unmatched lines of these (shop, listing SKU) pairs."""
    if not keys:
        return []
    shop_ids, listings = zip(*keys, strict=True)
    found = bulk.select(
        "SELECT DISTINCT l.order_id FROM unnest(%s::uuid[], %s::text[]) AS k(shop_id, listing_key)"
        " JOIN orders_line l ON l.tenant_id = {tenant} AND l.match = 'none'"
        " AND l.shop_id = k.shop_id AND l.listing_key = k.listing_key",
        [list(shop_ids), list(listings)],
    )
    return [i for (i,) in found]


def freeze(meanings: Sequence[Meaning]) -> None:
    """Say what lines mean and make their demands; a line that already has its demands is left as it is."""
    wanted = {m.line_id: m for m in meanings}
    lines = {
        i: (order, quantity)
        for i, order, quantity in bulk.select(
            "SELECT id, order_id, quantity FROM orders_line WHERE tenant_id = {tenant} AND id = ANY(%s::uuid[])"
            " AND match = 'none' ORDER BY id FOR UPDATE",
            [list(wanted)],
        )
    }
    rows = [(i, "matched" if wanted[i].ships else "no_ship", wanted[i].mapping_id) for i in lines]
    bulk.update(Line, ("match", "mapping_id"), rows, where="t.match = 'none'")
    at = clock.now()
    demands = [
        (uuid7(), at, lines[i][0], i, "line", sku, 0, pieces, 0, 0, "")
        for i in lines
        for sku, pieces in pieces_of(lines[i][1], wanted[i].parts if wanted[i].ships else ()).items()
    ]
    columns = (
        "id", "created_at", "order_id", "line_id", "cause", "sku_id", "n", "qty", "assigned_qty", "shipped_qty",
        "closed_cause",
    )  # fmt: skip
    bulk.insert(Demand, columns, demands, on_conflict="(tenant_id, order_id, line_id, cause, sku_id, n) DO NOTHING")


def thaw(line_ids: Sequence[UUID]) -> list[UUID]:
    """Undo a match where nothing is assigned yet: demands go, lines are open again. Returns the lines undone."""
    busy = set(Demand.objects.filter(line_id__in=list(line_ids), assigned_qty__gt=0).values_list("line_id", flat=True))
    free = [i for i in line_ids if i not in busy]
    used = bulk.select(
        "SELECT DISTINCT d.line_id FROM orders_demand d"
        " JOIN purchasing_assignment a ON a.tenant_id = {tenant} AND a.demand_id = d.id"
        " WHERE d.tenant_id = {tenant} AND d.line_id = ANY(%s::uuid[])",
        [free],
    )
    free = [i for i in free if (i,) not in set(used)]
    Demand.objects.filter(line_id__in=free).delete()
    bulk.update(Line, ("match", "mapping_id"), [(i, "none", None) for i in free])
    return free


def close(order_ids: Sequence[UUID], cause: str) -> None:
    """Demands that nobody will buy any more (shipped by other hands, cancelled), with the cause."""
    Demand.objects.filter(order_id__in=list(order_ids), closed_cause="", assigned_qty=0).update(closed_cause=cause)


def close_unwanted(order_ids: Sequence[UUID]) -> list[UUID]:
    """Close what nobody has bought of lines that were refunded in full, cancelled, or shipped by other hands.

    Returns the demands closed. What is bought already is the business of the refund's steps.
    """
    rows = bulk.select(
        "SELECT d.id, o.state, o.refund, l.state, l.refund, o.cash_on_delivery,"
        " (SELECT coalesce(sum(x.assigned_qty), 0) FROM orders_demand x"
        "  WHERE x.tenant_id = {tenant} AND x.line_id = l.id)"
        " FROM orders_demand d"
        " JOIN orders_order o ON o.tenant_id = {tenant} AND o.id = d.order_id"
        " JOIN orders_line l ON l.tenant_id = {tenant} AND l.id = d.line_id"
        " WHERE d.tenant_id = {tenant} AND d.order_id = ANY(%s::uuid[]) AND d.closed_cause = '' AND d.assigned_qty = 0"
        " AND (l.refund = 'full' OR l.state = ANY(%s::text[]))",
        [list(order_ids), [s.value for s in OVER]],
    )
    found = []
    for i, state, refund, line_state, line_refund, cod, ours in rows:
        own = OrderState(line_state) if line_state else None
        cause = closing_of(
            OrderState(state), RefundState(refund), own, RefundState(line_refund), cash_on_delivery=cod, ours=ours
        )
        if cause is not None and cause is not Closing.UNPAID:
            found.append((i, cause.value))
    done = bulk.update(Demand, ("closed_cause",), found, where="t.closed_cause = '' AND t.assigned_qty = 0")
    return [i for (i,) in done]


def narrow(order_ids: Sequence[UUID]) -> None:
    """Of lines that other hands shipped in part, only the rest is wanted; the pieces that left are closed beside it.

    Where we bought something of the line, what left may be ours: nothing changes.
    """
    rows = bulk.select(
        "SELECT d.order_id, d.line_id, d.sku_id, d.cause, l.quantity, l.gone, sum(d.qty),"
        " (array_agg(d.id) FILTER (WHERE d.closed_cause = ''))[1],"
        " (array_agg(d.qty) FILTER (WHERE d.closed_cause = ''))[1]"
        " FROM orders_demand d"
        " JOIN orders_order o ON o.tenant_id = {tenant} AND o.id = d.order_id AND o.state = 'part_shipped'"
        " JOIN orders_line l ON l.tenant_id = {tenant} AND l.id = d.line_id AND l.gone > 0 AND l.gone < l.quantity"
        " WHERE d.tenant_id = {tenant} AND d.order_id = ANY(%s::uuid[])"
        " GROUP BY d.order_id, d.line_id, d.sku_id, d.cause, l.quantity, l.gone"
        " HAVING count(*) FILTER (WHERE d.closed_cause = '') = 1 AND NOT EXISTS (SELECT 1 FROM orders_demand x"
        "  WHERE x.tenant_id = {tenant} AND x.line_id = d.line_id AND x.assigned_qty > 0)",
        [list(order_ids)],
    )
    at = clock.now()
    for order, line, sku, cause, quantity, gone, whole, i, wanted in rows:
        rest = rest_of(whole, quantity, gone)
        if rest >= wanted:
            continue
        Demand.objects.filter(id=i).update(qty=rest)
        left = whole - rest
        bulk.insert(
            Demand,
            ("id", "created_at", "order_id", "line_id", "cause", "sku_id", "n", "qty", "assigned_qty", "shipped_qty",
             "closed_cause"),
            [(uuid7(), at, order, line, cause, sku, 1, left, 0, 0, Closing.ELSEWHERE.value)],
            on_conflict="(tenant_id, order_id, line_id, cause, sku_id, n) DO UPDATE SET qty = EXCLUDED.qty",
        )  # fmt: skip


def reopen(order_ids: Sequence[UUID]) -> None:
    """Demands that are wanted again."""
    Demand.objects.filter(order_id__in=list(order_ids)).exclude(closed_cause="").update(closed_cause="")


@dataclass(frozen=True, slots=True)
class Open:
    """A demand with pieces nobody supplies yet."""

    id: UUID
    order_id: UUID
    line_id: UUID | None
    sku_id: UUID
    quantity: int


def open_demands(order_ids: Sequence[UUID]) -> list[Open]:
    """What is still to be assigned for these orders."""
    found = bulk.select(
        "SELECT id, order_id, line_id, sku_id, qty - assigned_qty FROM orders_demand"
        " WHERE tenant_id = {tenant} AND order_id = ANY(%s::uuid[]) AND closed_cause = '' AND assigned_qty < qty"
        " ORDER BY id",
        [list(order_ids)],
    )
    return [Open(*row) for row in found]


def never_bought(order_ids: Sequence[UUID]) -> Mapping[UUID, list[Open]]:
    """Demands of these orders that nobody bought, the closed ones (shipped by other hands) included, by order."""
    found = bulk.select(
        "SELECT id, order_id, line_id, sku_id, qty - assigned_qty FROM orders_demand"
        " WHERE tenant_id = {tenant} AND order_id = ANY(%s::uuid[]) AND assigned_qty < qty ORDER BY id",
        [list(order_ids)],
    )
    grouped: dict[UUID, list[Open]] = {i: [] for i in order_ids}
    for row in found:
        grouped[row[1]].append(Open(*row))
    return grouped


def by_order(order_ids: Sequence[UUID]) -> Mapping[UUID, list[Open]]:
    """Open demands grouped by order."""
    grouped: dict[UUID, list[Open]] = {i: [] for i in order_ids}
    for demand in open_demands(order_ids):
        grouped[demand.order_id].append(demand)
    return grouped
