"""Which of the numbers that wait for a person were answered meanwhile, all at once."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from daifa.areas.logistics.rules.settled import Registered, settled
from daifa.areas.logistics.rules.tracking_numbers import clean_number
from daifa.areas.logistics.services.claims import ClaimView
from daifa.areas.logistics.types import UnusableKind
from daifa.base import bulk

_BOXES = """
SELECT DISTINCT x.tracking_number, p.id, p.number,
       greatest(x.created_at, (SELECT max(n.created_at) FROM logistics_parcelnumber n
                               WHERE n.tenant_id = {{tenant}} AND n.parcel_id = x.id))
FROM {found}
JOIN purchasing_purchaseorder p ON p.tenant_id = {{tenant}} AND p.id = l.purchase_id
WHERE x.tenant_id = {{tenant}} AND x.live AND x.state <> 'void'
"""
# From the number to its purchases, and from the purchase to its numbers: an OR over both would read every box.
BY_NUMBER = (
    _BOXES.format(
        found="logistics_parcel x JOIN logistics_parcelline c ON c.tenant_id = {tenant} AND c.parcel_id = x.id"
        " JOIN purchasing_purchaseline l ON l.tenant_id = {tenant} AND l.assignment_id = c.assignment_id AND l.live"
    )
    + "AND x.tracking_number = ANY(%s::text[]) ORDER BY 3, 1"
)
BY_PURCHASE = (
    _BOXES.format(
        found="purchasing_purchaseline l JOIN logistics_parcelline c ON c.tenant_id = {tenant}"
        " AND c.assignment_id = l.assignment_id"
        " JOIN logistics_parcel x ON x.tenant_id = {tenant} AND x.id = c.parcel_id"
    )
    + "AND l.tenant_id = {tenant} AND l.purchase_id = ANY(%s::uuid[]) ORDER BY 3, 1"
)
LEFT = """
SELECT purchase_id, sum(qty - shipped_qty)::int FROM purchasing_purchaseline
WHERE tenant_id = {tenant} AND live AND purchase_id = ANY(%s::uuid[]) GROUP BY purchase_id
"""

# Suppliers that still owe a number, each since when.
OWING = """
SELECT p.supplier_id, min(p.sent_at) FROM purchasing_purchaseorder p
JOIN purchasing_purchaseline l ON l.tenant_id = {tenant} AND l.purchase_id = p.id AND l.live AND l.shipped_qty < l.qty
WHERE p.tenant_id = {tenant} AND p.state IN ('sent', 'accepted', 'part_shipped') AND p.supplier_id = ANY(%s::uuid[])
GROUP BY p.supplier_id
"""
# What cannot be read as a number is for one of its supplier's orders, nobody knows which.
UNREADABLE = frozenset({UnusableKind.PRECISION.value, UnusableKind.NOT_A_NUMBER.value, UnusableKind.NO_NUMBER.value})
ALL_TOLD = "这家供应商那时欠的单号都齐了"


def of(found: Sequence[ClaimView]) -> dict[UUID, str]:
    """By claim what answered it since; without those that are open."""
    said = {c.id: _numbers(c) for c in found}
    about = sorted({s.purchase_id for c in found for s in c.suggestions})
    numbers = sorted({n for own in said.values() for n in own})
    boxes = {Registered(*r) for r in (*bulk.select(BY_NUMBER, [numbers]), *bulk.select(BY_PURCHASE, [about]))}
    left = dict(bulk.select(LEFT, [about]))
    registered = sorted(boxes, key=lambda r: (r.shown, r.number))
    told = {
        c.id: settled(said[c.id], c.created_at, [s.purchase_id for s in c.suggestions], left, registered)
        for c in found
    }  # fmt: skip
    return {i: text for i, text in (told | _all_told(found)).items() if text}


def _all_told(found: Sequence[ClaimView]) -> dict[UUID, str]:
    """What could not be read, where its supplier has told every number of what was sent before."""
    about = [(c, c.supplier_id) for c in found if c.supplier_id and c.kind in UNREADABLE and not c.suggestions]
    owing = dict(bulk.select(OWING, [sorted({i for _, i in about})])) if about else {}
    return {c.id: ALL_TOLD for c, i in about if i not in owing or owing[i] > c.created_at}


def _numbers(claim: ClaimView) -> tuple[str, ...]:
    named = (clean_number(claim.tracking_no), *(s.tracking_no for s in claim.suggestions))
    return tuple(dict.fromkeys(n for n in named if n))
