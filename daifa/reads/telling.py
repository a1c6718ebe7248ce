"""Who tells a shop its numbers, the machine by API or a person with a file: one rule for 今日, guide and list."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from daifa.areas.accounts.services import settings
from daifa.base import bulk
from daifa.connectors import registry
from daifa.kit import clock
from daifa.ports.card import Capability, ConnectorKind
from daifa.ports.shop import GONE
from daifa.reads import ship_forms

# Goes by itself: its shop's API works, a number of it is on its way, and none stopped, was refused or is in a file.
# Where the platform takes no more boxes, what it has as shipped is for a person to settle.
GOES = (
    "(o.shop_id = ANY(%(by_api)s::uuid[]) AND (o.shop_id = ANY(%(adding)s::uuid[]) OR o.state <> ALL(%(gone)s::text[]))"
    " AND EXISTS (SELECT 1 FROM logistics_shipmentreport r WHERE r.tenant_id = {tenant} AND r.order_id = o.id"
    " AND r.state IN ('waiting', 'calling'))"
    " AND NOT EXISTS (SELECT 1 FROM logistics_shipmentreport r WHERE r.tenant_id = {tenant} AND r.order_id = o.id"
    " AND (r.state = 'in_file' OR r.state IN ('waiting', 'calling') AND EXISTS (SELECT 1 FROM mailroom_outbox b"
    " WHERE b.tenant_id = {tenant} AND b.kind = 'ship' AND b.subject_id = r.id"
    " AND b.state IN ('person', 'held', 'refused')))))"
)
# Its money is asked back: nothing is told until that has an end.
REFUNDING = "(o.step = 'report' AND o.refund IN ('applied', 'full'))"
# Its shop's file takes an order only whole, and goods of it have no number yet: it goes by itself once they have.
REST = (
    "(o.step = 'report' AND o.shop_id = ANY(%(whole)s::uuid[]) AND o.state <> ALL(%(gone)s::text[])"
    " AND NOT %(first_goes)s AND (o.due_by IS NULL OR o.due_by > %(urgent_before)s)"
    " AND EXISTS (SELECT 1 FROM logistics_shipmentreport r WHERE r.tenant_id = {tenant} AND r.order_id = o.id"
    " AND r.state = 'waiting')"
    " AND NOT EXISTS (SELECT 1 FROM logistics_shipmentreport r WHERE r.tenant_id = {tenant} AND r.order_id = o.id"
    " AND r.state = 'refused' AND NOT EXISTS (SELECT 1 FROM logistics_shipmentreport n WHERE n.tenant_id = {tenant}"
    " AND n.parcel_id = r.parcel_id AND n.order_id = r.order_id AND n.version > r.version))"
    " AND EXISTS (SELECT 1 FROM orders_demand d WHERE d.tenant_id = {tenant} AND d.order_id = o.id"
    " AND d.closed_cause = '' AND d.shipped_qty < d.qty))"
)
# What it waits for, and how its row says so: no file can be made of it, though a number of it is there.
REST_COMES = "同一单的其余商品出单号"
REST_WORDS = ("等其余商品单号", f"等{REST_COMES}，齐了一起上传")
# What a person has to do at the last station.
BY_PERSON = f"(o.tab = 'report' AND o.step IN ('report', 'upload') AND NOT {REFUNDING} AND NOT {GOES} AND NOT {REST})"


def waiting_for_rest(order_ids: Sequence[UUID]) -> frozenset[UUID]:
    """Those of these orders that go into a file only once their other goods have numbers."""
    if not order_ids:
        return frozenset()
    sql = f"SELECT o.id FROM orders_order o WHERE o.tenant_id = {{tenant}} AND o.id = ANY(%(ids)s::uuid[]) AND {REST}"
    return frozenset(i for (i,) in bulk.select_named(sql, {"ids": list(order_ids), **params()}))


def params() -> dict[str, object]:
    """What the conditions above are asked with: the shops whose API tells numbers now, those that take orders whole."""
    cards = {c.key: c.capabilities for c in registry.cards(ConnectorKind.SHOP) if Capability.SHIP in c.capabilities}
    rows = bulk.select(
        "SELECT shop_id, platform FROM accounts_connection WHERE tenant_id = {tenant} AND live AND state = 'working'"
        " AND shop_id IS NOT NULL AND platform = ANY(%s::text[])",
        [sorted(cards)],
    )
    by_api = [shop for shop, _ in rows]
    by_file = dict(
        bulk.select(
            "SELECT id, platform FROM accounts_shop WHERE tenant_id = {tenant} AND active AND id <> ALL(%s::uuid[])",
            [by_api],
        )
    )
    return {
        "by_api": by_api,
        "whole": ship_forms.only_whole(by_file),
        "first_goes": bool(settings.get_all()["upload_first_parcel"]),
        "urgent_before": clock.now() + timedelta(hours=settings.number("deadline_near_hours")),
        "adding": [shop for shop, platform in rows if Capability.SHIP_EXTRA in cards[platform]],
        "gone": [s.value for s in GONE],
    }
