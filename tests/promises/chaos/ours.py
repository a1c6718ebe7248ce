"""Our side of the books: ``python -m tests.promises.chaos.ours NUMBER`` prints what we believe, as JSON."""

from __future__ import annotations

import json
import os
import sys
from typing import Any

ORDERS = """
SELECT o.external_id, o.state, o.refund, o.step, o.step_reason, o.hold_kinds,
       (SELECT coalesce(sum(d.qty) FILTER (WHERE d.closed_cause = ''), 0)::int FROM orders_demand d
        WHERE d.tenant_id = {tenant} AND d.order_id = o.id),
       (SELECT coalesce(sum(d.assigned_qty) FILTER (WHERE d.closed_cause = ''), 0)::int FROM orders_demand d
        WHERE d.tenant_id = {tenant} AND d.order_id = o.id),
       (SELECT count(*)::int FROM support_casestep s WHERE s.tenant_id = {tenant} AND s.order_id = o.id)
FROM orders_order o WHERE o.tenant_id = {tenant} AND o.platform = 'douyin' ORDER BY o.external_id
"""
PLACEMENTS = """
SELECT x.reference, x.state, x.pay_state, p.number, p.state,
       (SELECT json_agg(json_build_array(o.external_id, k.code, l.qty, l.live) ORDER BY l.id)
        FROM purchasing_purchaseline l
        JOIN orders_order o ON o.tenant_id = {tenant} AND o.id = l.order_id
        JOIN catalog_sku k ON k.tenant_id = {tenant} AND k.id = l.sku_id
        WHERE l.tenant_id = {tenant} AND l.purchase_id = p.id),
       (SELECT json_agg(json_build_array(e.external_id, e.state) ORDER BY e.external_id)
        FROM purchasing_placementorder e WHERE e.tenant_id = {tenant} AND e.placement_id = x.id)
FROM purchasing_placement x JOIN purchasing_purchaseorder p ON p.tenant_id = {tenant} AND p.id = x.purchase_id
WHERE x.tenant_id = {tenant} ORDER BY x.reference
"""
REPORTS = """
SELECT o.external_id, r.tracking_number, r.state, r.refusal,
       coalesce((SELECT b.state || '：' || b.reason FROM mailroom_outbox b
         WHERE b.tenant_id = {tenant} AND b.subject_id = r.id ORDER BY b.created_at DESC LIMIT 1), '')
FROM logistics_shipmentreport r JOIN orders_order o ON o.tenant_id = {tenant} AND o.id = r.order_id
WHERE r.tenant_id = {tenant} AND r.state <> 'void' ORDER BY 1, 2
"""
PARCELS = """
SELECT n FROM (SELECT tracking_number AS n FROM logistics_parcel WHERE tenant_id = {tenant} AND state <> 'void'
 UNION SELECT tracking_number FROM logistics_parcelnumber WHERE tenant_id = {tenant}) AS x ORDER BY n
"""
OUTBOX = """
SELECT kind, state, reference, reason, tries, asks FROM mailroom_outbox
WHERE tenant_id = {tenant} AND state NOT IN ('confirmed', 'void') ORDER BY kind, reference
"""
INBOX = "SELECT feed, state, object_id, reason FROM mailroom_inbox WHERE tenant_id = {tenant} AND state <> 'done'"
CALLS = (
    "SELECT platform, outcome, count(*)::int FROM mailroom_call WHERE tenant_id = {tenant} GROUP BY 1, 2 ORDER BY 1, 2"
)
# Seconds of the world from the first reading of an order to the answer that its purchase is placed.
SPEED = """
SELECT o.external_id, extract(epoch FROM b.answered_at - i.created_at)::float
FROM mailroom_outbox b JOIN purchasing_purchaseorder p ON p.tenant_id = {tenant} AND p.id = b.subject_id
JOIN orders_order o ON o.tenant_id = {tenant} AND o.id = p.order_id
JOIN LATERAL (SELECT min(i.created_at) AS created_at FROM mailroom_inbox i WHERE i.tenant_id = {tenant}
  AND i.object_id = o.external_id AND i.feed = 'orders') AS i ON true
WHERE b.tenant_id = {tenant} AND b.kind = 'buy' AND b.state = 'confirmed' ORDER BY 2
"""


def books(number: int) -> dict[str, Any]:
    """What we believe, in one reading."""
    from daifa.base import bulk
    from daifa.base.tenancy import tenant
    from tests.promises import invariants

    with tenant(number):
        return {
            "orders": bulk.select(ORDERS),
            "placements": bulk.select(PLACEMENTS),
            "reports": bulk.select(REPORTS),
            "parcels": [n for (n,) in bulk.select(PARCELS)],
            "outbox": bulk.select(OUTBOX),
            "inbox": bulk.select(INBOX),
            "calls": bulk.select(CALLS),
            "speed": bulk.select(SPEED),
            "broken": {
                name: bulk.select(sql)
                for name, sql in invariants.BROKEN.items()
                # A purchase by API is in no sheet's sending.
                if "in no sending" not in name
            },
        }


def main() -> None:
    """Print the books."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "daifa.entry.settings")
    import django

    django.setup()
    sys.stdout.write(json.dumps(books(int(sys.argv[1])), ensure_ascii=False, default=str))


if __name__ == "__main__":
    main()
