"""Who tells a shop its numbers, the machine by API or a person with a file: one rule for 今日, guide and list."""

from __future__ import annotations

from daifa.base import bulk
from daifa.connectors import registry
from daifa.ports.card import Capability, ConnectorKind
from daifa.ports.shop import GONE

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
# What a person has to do at the last station.
BY_PERSON = f"(o.tab = 'report' AND o.step IN ('report', 'upload') AND NOT {REFUNDING} AND NOT {GOES})"


def params() -> dict[str, object]:
    """What the conditions above are asked with: the shops whose API tells numbers now."""
    cards = {c.key: c.capabilities for c in registry.cards(ConnectorKind.SHOP) if Capability.SHIP in c.capabilities}
    rows = bulk.select(
        "SELECT shop_id, platform FROM accounts_connection WHERE tenant_id = {tenant} AND live AND state = 'working'"
        " AND shop_id IS NOT NULL AND platform = ANY(%s::text[])",
        [sorted(cards)],
    )
    return {
        "by_api": [shop for shop, _ in rows],
        "adding": [shop for shop, platform in rows if Capability.SHIP_EXTRA in cards[platform]],
        "gone": [s.value for s in GONE],
    }
