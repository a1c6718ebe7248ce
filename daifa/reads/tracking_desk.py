"""The screen 回填单号: which suppliers owe numbers, and parcels as a list."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import UUID

from daifa.areas.logistics.services import claims
from daifa.areas.logistics.services.claims import ClaimView
from daifa.areas.mailroom.services import files
from daifa.areas.purchasing.rules.chasing import OwedPurchase
from daifa.base import bulk
from daifa.base.actor import Actor
from daifa.kit import paging
from daifa.kit.values import dataclass
from daifa.reads import claims_settled, scope

_OWING = """
FROM purchasing_purchaseorder p
JOIN purchasing_purchaseline l ON l.tenant_id = {tenant} AND l.purchase_id = p.id AND l.live
JOIN purchasing_supplier s ON s.tenant_id = {tenant} AND s.id = p.supplier_id
WHERE p.tenant_id = {tenant} AND p.state IN ('sent', 'accepted', 'part_shipped') AND l.shipped_qty < l.qty
AND (%(suppliers)s::uuid[] IS NULL OR p.supplier_id = ANY(%(suppliers)s::uuid[]))
AND (%(shops)s::uuid[] IS NULL OR p.shop_id = ANY(%(shops)s::uuid[]))
"""
OWED = f"""
SELECT p.supplier_id, s.name, count(DISTINCT p.id), count(DISTINCT l.order_id), sum(l.qty - l.shipped_qty)::int,
       min(p.sent_at), min(p.due_by)
{_OWING} GROUP BY p.supplier_id, s.name ORDER BY min(p.due_by) NULLS LAST, s.name
"""
OWED_PURCHASES = f"""
SELECT p.number, ARRAY_AGG(DISTINCT o.external_id ORDER BY o.external_id),
       json_agg(json_build_array(trim(t.title || ' ' || k.spec), l.qty - l.shipped_qty) ORDER BY l.id), p.due_by
{
    _OWING.replace(
        "WHERE",
        '''JOIN orders_order o ON o.tenant_id = {tenant} AND o.id = l.order_id
JOIN catalog_sku k ON k.tenant_id = {tenant} AND k.id = l.sku_id
JOIN catalog_product t ON t.tenant_id = {tenant} AND t.id = k.product_id
WHERE''',
        1,
    )
} AND p.supplier_id = %(supplier)s
GROUP BY p.id, p.number, p.due_by, p.day, p.counter ORDER BY p.due_by NULLS LAST, p.day, p.counter
"""
PARCELS = """
SELECT p.id, p.tracking_number, p.courier, p.state, p.shared, p.shipped_at, s.name, p.reason,
       ARRAY(SELECT DISTINCT o.external_id FROM logistics_parcelline l JOIN orders_order o
             ON o.tenant_id = {tenant} AND o.id = l.order_id
             WHERE l.tenant_id = {tenant} AND l.parcel_id = p.id ORDER BY 1),
       ARRAY(SELECT DISTINCT r.state FROM logistics_shipmentreport r
             WHERE r.tenant_id = {tenant} AND r.parcel_id = p.id AND r.state <> 'void' ORDER BY 1)
FROM logistics_parcel p LEFT JOIN purchasing_supplier s ON s.tenant_id = {tenant} AND s.id = p.supplier_id
WHERE p.tenant_id = {tenant}
AND (%(suppliers)s::uuid[] IS NULL OR p.supplier_id = ANY(%(suppliers)s::uuid[]))
AND (%(shops)s::uuid[] IS NULL OR EXISTS (SELECT 1 FROM logistics_parcelline l JOIN orders_order o
     ON o.tenant_id = {tenant} AND o.id = l.order_id
     WHERE l.tenant_id = {tenant} AND l.parcel_id = p.id AND o.shop_id = ANY(%(shops)s::uuid[])))
AND (%(state)s = '' OR p.state = %(state)s) AND (%(supplier)s::uuid IS NULL OR p.supplier_id = %(supplier)s::uuid)
AND (%(number)s = '' OR p.tracking_number = %(number)s OR EXISTS (
     SELECT 1 FROM logistics_parcelline l JOIN orders_order o ON o.tenant_id = {tenant} AND o.id = l.order_id
     WHERE l.tenant_id = {tenant} AND l.parcel_id = p.id AND o.external_id = %(number)s))
AND (%(before)s::uuid IS NULL OR p.id < %(before)s::uuid)
ORDER BY p.id DESC LIMIT %(limit)s
"""
FIND = """
SELECT p.id, p.number, s.name, p.state, o.external_id, o.recipient_masked, o.title,
       (SELECT coalesce(sum(l.qty - l.shipped_qty), 0)::int FROM purchasing_purchaseline l
        WHERE l.tenant_id = {tenant} AND l.purchase_id = p.id AND l.live),
       ARRAY(SELECT DISTINCT x.tracking_number FROM purchasing_purchaseline l
             JOIN logistics_parcelline c ON c.tenant_id = {tenant} AND c.assignment_id = l.assignment_id
             JOIN logistics_parcel x ON x.tenant_id = {tenant} AND x.id = c.parcel_id AND x.state <> 'void'
             WHERE l.tenant_id = {tenant} AND l.purchase_id = p.id ORDER BY 1)
FROM purchasing_purchaseorder p
JOIN purchasing_supplier s ON s.tenant_id = {tenant} AND s.id = p.supplier_id
JOIN orders_order o ON o.tenant_id = {tenant} AND o.id = p.order_id
WHERE p.tenant_id = {tenant}
AND (%(suppliers)s::uuid[] IS NULL OR p.supplier_id = ANY(%(suppliers)s::uuid[]))
AND (%(shops)s::uuid[] IS NULL OR p.shop_id = ANY(%(shops)s::uuid[]))
AND p.state IN ('draft', 'sent', 'accepted', 'part_shipped', 'shipped', 'recalling')
AND (p.number = %(text)s OR p.plain_number = %(text)s OR p.number LIKE %(tail)s OR o.external_id = %(text)s
     OR EXISTS (SELECT 1 FROM purchasing_purchaseline l JOIN orders_order x ON x.tenant_id = {tenant}
                AND x.id = l.order_id WHERE l.tenant_id = {tenant} AND l.purchase_id = p.id
                AND x.external_id = %(text)s))
ORDER BY p.state IN ('shipped', 'recalling'), p.created_at DESC LIMIT 20
"""

# What a text is called that somebody pasted, before its moment.
PASTED = "粘贴的回单-"


@dataclass(frozen=True, slots=True)
class Owed:
    """What one supplier still owes numbers for."""

    supplier_id: UUID
    supplier: str
    purchases: int
    orders: int
    pieces: int
    sent_at: datetime | None
    due_by: datetime | None


@dataclass(frozen=True, slots=True)
class ParcelRow:
    """One parcel with its orders and what their shops know of it."""

    id: UUID
    tracking_number: str
    courier: str
    state: str
    shared: bool
    shipped_at: datetime
    supplier: str | None
    reason: str
    orders: tuple[str, ...]
    reports: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FoundPurchase:
    """A purchase that a person may mean."""

    id: UUID
    number: str
    supplier: str
    state: str
    order_no: str
    recipient: str
    title: str
    left: int
    tracking_numbers: Sequence[str]


def _ids(scope: Collection[UUID] | None) -> list[UUID] | None:
    return None if scope is None else sorted(scope)


def owed(by: Actor) -> list[Owed]:
    """Suppliers that were sent purchases and have not told all numbers, the nearest deadline first."""
    return [Owed(*row) for row in bulk.select_named(OWED, _scope(by))]


def owed_orders(by: Actor) -> int:
    """How many orders wait for these numbers; one that several suppliers owe counts once."""
    [(n,)] = bulk.select_named(f"SELECT count(DISTINCT l.order_id) {_OWING}", _scope(by))
    return int(n)


def owed_purchases(supplier_id: UUID, by: Actor) -> list[OwedPurchase]:
    """What of it one supplier owes, the nearest deadline first."""
    found = bulk.select_named(OWED_PURCHASES, {**_scope(by), "supplier": supplier_id})
    return [
        OwedPurchase(number, tuple(orders), tuple((str(name), int(left)) for name, left in goods), due)
        for number, orders, goods, due in found
    ]


def _scope(by: Actor) -> dict[str, object]:
    return {"shops": _ids(by.shops), "suppliers": _ids(by.suppliers)}


def claims_of(by: Actor, found: Sequence[ClaimView]) -> list[ClaimView]:
    """Those of these claims that are somebody's to see: about their purchases alone, or of what they brought.

    A claim whose purchase nobody knows may be about any shop's order.
    """
    if by.everywhere:
        return list(found)
    about = {s.purchase_id for c in found for s in c.suggestions}
    mine, own = scope.purchases(by)
    sql = f"SELECT p.id FROM purchasing_purchaseorder p WHERE p.tenant_id = {{tenant}} AND p.id = ANY(%(ids)s){mine}"
    ours = {i for (i,) in bulk.select_named(sql, {"ids": sorted(about), **own})}
    brought = "SELECT id FROM mailroom_task WHERE tenant_id = {tenant} AND id = ANY(%s) AND started_by = %s"
    tasks = {i for (i,) in bulk.select(brought, [sorted({c.task_id for c in found if c.task_id}), by.key])}
    return [
        c for c in found if {s.purchase_id for s in c.suggestions} <= ours and (c.suggestions or c.task_id in tasks)
    ]


def doubtful(by: Actor) -> int:
    """How many claims of somebody's the pile ? holds, as the screen shows it."""
    found = claims_of(by, claims.listed(states=["doubtful"]))
    return len(found) - len(claims_settled.of(found)) if found else 0


def sources(found: Sequence[ClaimView]) -> dict[UUID, str]:
    """Where claims were said, by claim: the file's name, 粘贴, or by API; without those that nobody knows any more."""
    kept = files.views(c.file_id for c in found if c.file_id)
    names = {i: "粘贴" if f.name.startswith(PASTED) else f.name for i, f in kept.items()}
    told = {c.id: "供应商接口" for c in found if c.file_id is None and c.task_id is None}
    return told | {c.id: names[c.file_id] for c in found if c.file_id in names}


def parcels(
    *,
    shops: Collection[UUID] | None = None,
    suppliers: Collection[UUID] | None = None,
    state: str = "",
    supplier: UUID | None = None,
    number: str = "",
    cursor: str = "",
    limit: int = 50,
) -> paging.Page[ParcelRow]:
    """One page of parcels, newest first; ``number`` is a tracking or order number. Raises Invalid for a bad cursor."""
    before = UUID(str(paging.decode(cursor, 1)[0])) if cursor else None
    found = bulk.select_named(
        PARCELS,
        {"shops": _ids(shops), "suppliers": _ids(suppliers), "state": state, "supplier": supplier,
         "number": number.strip().upper(), "before": before, "limit": limit + 1},
    )  # fmt: skip
    rows = [ParcelRow(*(*r[:8], tuple(r[8]), tuple(r[9]))) for r in found]
    following = paging.encode([str(rows[limit - 1].id)]) if len(rows) > limit else ""
    return paging.Page(rows[:limit], following)


def find(text: str, by: Actor) -> list[FoundPurchase]:
    """Purchases by their number (also its last digits) or by the platform's order number."""
    wanted = text.strip()
    if len(wanted) < 3:
        return []
    tail = "%" + wanted.replace("\\", "").replace("%", "").replace("_", "")
    return [FoundPurchase(*row) for row in bulk.select_named(FIND, {"text": wanted, "tail": tail, **_scope(by)})]
