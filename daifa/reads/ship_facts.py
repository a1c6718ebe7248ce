"""What waits to be told to the shops, and what the platforms say of what was told, each in one query."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any
from uuid import UUID

from daifa.areas.logistics.rules.units import boxed_units, shipped_units
from daifa.base import bulk
from daifa.kit.values import dataclass
from daifa.ports.shop import GONE, OrderState

ANY_GONE = [OrderState.PART_SHIPPED.value, *(s.value for s in GONE)]
_REPORT = """
SELECT r.id, r.order_id, r.shop_id, r.courier, r.tracking_number, o.external_id, o.state, o.refund, o.due_by,
       (SELECT coalesce(sum(d.qty - d.shipped_qty), 0)::int FROM orders_demand d
        WHERE d.tenant_id = {tenant} AND d.order_id = r.order_id AND d.closed_cause = ''),
       (SELECT coalesce(json_agg(json_build_array(x.line_no, x.n,
             (SELECT coalesce(sum(mp.quantity), 1)::int FROM catalog_mappingpart mp
               WHERE mp.tenant_id = {tenant} AND mp.mapping_id = x.mapping_id),
             (SELECT coalesce(sum(b.qty), 0)::int FROM logistics_parcelline b
               JOIN purchasing_assignment a ON a.tenant_id = {tenant} AND a.id = b.assignment_id
               JOIN orders_demand d ON d.tenant_id = {tenant} AND d.id = a.demand_id AND d.line_id = x.line_id
               WHERE b.tenant_id = {tenant} AND b.order_id = r.order_id AND b.parcel_id <> r.parcel_id
               AND EXISTS (SELECT 1 FROM logistics_shipmentreport e WHERE e.tenant_id = {tenant}
                 AND e.parcel_id = b.parcel_id AND e.order_id = r.order_id
                 AND e.state IN ('in_file', 'calling', 'uploaded', 'confirmed'))))), '[]'::json) FROM (
          SELECT ol.external_id AS line_no, ol.id AS line_id, ol.mapping_id, sum(pl.qty)::int AS n
          FROM logistics_parcelline pl
          JOIN purchasing_assignment a ON a.tenant_id = {tenant} AND a.id = pl.assignment_id
          JOIN orders_demand d ON d.tenant_id = {tenant} AND d.id = a.demand_id
          JOIN orders_line ol ON ol.tenant_id = {tenant} AND ol.id = d.line_id AND ol.external_id <> ''
          WHERE pl.tenant_id = {tenant} AND pl.parcel_id = r.parcel_id AND pl.order_id = r.order_id
          GROUP BY ol.id, ol.external_id, ol.mapping_id ORDER BY ol.external_id) AS x),
       (SELECT count(DISTINCT pl.parcel_id) = 1 FROM logistics_parcelline pl JOIN logistics_parcel q
          ON q.tenant_id = {tenant} AND q.id = pl.parcel_id AND q.state <> 'void'
        WHERE pl.tenant_id = {tenant} AND pl.order_id = r.order_id),
       coalesce((SELECT e.tracking_number FROM logistics_shipmentreport e WHERE e.tenant_id = {tenant}
          AND e.parcel_id = r.parcel_id AND e.order_id = r.order_id AND e.version < r.version
          AND e.state IN ('uploaded', 'confirmed') ORDER BY e.version DESC LIMIT 1), ''),
       coalesce((SELECT e.pack_id FROM logistics_shipmentreport e WHERE e.tenant_id = {tenant}
          AND e.parcel_id = r.parcel_id AND e.order_id = r.order_id AND e.version < r.version
          AND e.pack_id <> '' ORDER BY e.version DESC LIMIT 1), r.pack_id)
FROM logistics_shipmentreport r
JOIN orders_order o ON o.tenant_id = {tenant} AND o.id = r.order_id
"""
WAITING = f"""{_REPORT}
WHERE r.tenant_id = {{tenant}} AND r.state = 'waiting' AND r.shop_id = ANY(%s::uuid[])
ORDER BY r.shop_id, o.due_by NULLS LAST, o.external_id, r.id
"""
BY_ID = f"""{_REPORT}
WHERE r.tenant_id = {{tenant}} AND r.state = ANY(%s) AND r.id = ANY(%s::uuid[]) ORDER BY r.id
"""
TOLD = """
SELECT r.id, r.order_id, r.state, r.courier, r.tracking_number, o.state, o.parcels
FROM logistics_shipmentreport r JOIN orders_order o ON o.tenant_id = {tenant} AND o.id = r.order_id
WHERE r.tenant_id = {tenant} AND r.order_id = ANY(%s::uuid[])
AND r.state IN ('waiting', 'in_file', 'calling', 'uploaded', 'refused')
AND o.state = ANY(%s::text[])
ORDER BY r.order_id, r.id
"""


@dataclass(frozen=True, slots=True)
class WaitingReport:
    """One parcel of one order that its shop does not know of; ``lines`` are (sub-order number, the shop's units that it
    ships, those that it has something of): the first is 0 where another box was told with the unit's first piece.

    ``only_box``: nothing of the order went in another box. ``replaces``: the number the shop was told before.
    """

    id: UUID
    order_id: UUID
    shop_id: UUID
    courier: str
    tracking_number: str
    order_no: str
    order_state: str
    refund: str
    due_by: datetime | None
    pending: int
    lines: tuple[tuple[str, int, int], ...]
    only_box: bool = True
    replaces: str = ""
    pack_id: str = ""


@dataclass(frozen=True, slots=True)
class ToldReport:
    """A report whose order the platform now shows as shipped; ``parcels`` are its ``courier<TAB>number`` lines."""

    id: UUID
    order_id: UUID
    state: str
    courier: str
    tracking_number: str
    order_state: str
    parcels: str


def waiting(shop_ids: Collection[UUID]) -> list[WaitingReport]:
    """Reports that are in no file, the nearest deadline first."""
    return [_report(row) for row in bulk.select(WAITING, [list(shop_ids)])]


def by_id(report_ids: Collection[UUID], *, calling: bool = False) -> list[WaitingReport]:
    """These reports while they are still to be told; with ``calling`` also those whose telling is under way."""
    states = ["waiting", "calling"] if calling else ["waiting"]
    return [_report(row) for row in bulk.select(BY_ID, [states, list(report_ids)])]


def same_box(report_id: UUID) -> list[UUID]:
    """Other waiting reports of the same shop that name the same courier and number: other orders in one box."""
    found = bulk.select(
        "SELECT x.id FROM logistics_shipmentreport r JOIN logistics_shipmentreport x ON x.tenant_id = {tenant}"
        " AND x.shop_id = r.shop_id AND x.courier = r.courier AND x.tracking_number = r.tracking_number"
        " AND x.order_id <> r.order_id AND x.state = 'waiting'"
        " WHERE r.tenant_id = {tenant} AND r.id = %s ORDER BY x.id",
        [report_id],
    )
    return [i for (i,) in found]


def _report(row: tuple[Any, ...]) -> WaitingReport:
    lines = tuple((str(no), shipped_units(n, before, per), boxed_units(n, per)) for no, n, per, before in row[10])
    values: list[Any] = [*row[:10], lines, *row[11:]]
    return WaitingReport(*values)


def shops_waiting(order_ids: Collection[UUID]) -> list[UUID]:
    """The shops of these orders that have something to be told."""
    found = bulk.select(
        "SELECT DISTINCT shop_id FROM logistics_shipmentreport WHERE tenant_id = {tenant} AND state = 'waiting'"
        " AND order_id = ANY(%s::uuid[])",
        [list(order_ids)],
    )
    return sorted(i for (i,) in found)


def told(order_ids: Collection[UUID]) -> list[ToldReport]:
    """Unsettled reports of these orders, where the platform shows the order as shipped."""
    return [ToldReport(*row) for row in bulk.select(TOLD, [list(order_ids), ANY_GONE])]
