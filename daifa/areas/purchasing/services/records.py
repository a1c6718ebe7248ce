"""How suppliers did lately: counted over all their purchases now and then, read by whoever ranks them for one order."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta
from decimal import Decimal
from uuid import UUID

from daifa.areas.purchasing.models import TrackRecord
from daifa.areas.purchasing.types import SupplierRecord
from daifa.base import bulk
from daifa.kit.ids import uuid7

DAYS = 30
COLUMNS = ("id", "created_at", "supplier_id", "sent", "dated", "timely", "lines", "refused", "days", "at")
# A purchase, as ``p``, that can be told to be on time or late at ``now``: what is over its deadline unshipped is late.
DATED = (
    "(p.due_by IS NOT NULL AND (p.shipped_at IS NOT NULL OR (p.due_by < %(now)s"
    " AND p.state IN ('sent', 'accepted', 'part_shipped'))))"
)
TIMELY = "(p.shipped_at <= p.due_by)"
COUNTED = f"""
SELECT p.supplier_id, count(DISTINCT p.id),
  count(DISTINCT p.id) FILTER (WHERE {DATED}), count(DISTINCT p.id) FILTER (WHERE {TIMELY}),
  count(l.id), count(l.id) FILTER (WHERE l.state IN ('refused', 'out_of_stock'))
FROM purchasing_purchaseorder p JOIN purchasing_purchaseline l ON l.tenant_id = {{tenant}} AND l.purchase_id = p.id
WHERE p.tenant_id = {{tenant}} AND p.sent_at > %(since)s GROUP BY p.supplier_id
"""


def count(now: datetime) -> int:
    """Count how each supplier did in the last days: shipped before the deadline, lines refused. Returns how many."""
    found = bulk.select_named(COUNTED, {"now": now, "since": now - timedelta(days=DAYS)})
    bulk.insert(
        TrackRecord,
        COLUMNS,
        [(uuid7(), now, supplier, *counts, DAYS, now) for supplier, *counts in found],
        on_conflict="(tenant_id, supplier_id) DO UPDATE SET "
        + ", ".join(f"{c} = excluded.{c}" for c in COLUMNS if c not in {"id", "created_at", "supplier_id"}),
    )
    # Who was sent nothing in these days has no record any more.
    TrackRecord.objects.filter(at__lt=now).delete()
    return len(found)


def of(supplier_ids: Collection[UUID]) -> dict[UUID, SupplierRecord]:
    """The records of these suppliers, as of the last count; absent where nothing was sent to them."""
    return {
        r.supplier_id: SupplierRecord(
            orders=r.sent,
            on_time=Decimal(r.timely) / r.dated if r.dated else None,
            refused=Decimal(r.refused) / r.lines if r.lines else None,
            days=r.days,
        )
        for r in TrackRecord.objects.filter(supplier_id__in=list(supplier_ids))
    }
