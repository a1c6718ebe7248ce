"""The purchases that suppliers' numbers may belong to, with everything matching looks at, in one query."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from daifa.areas.logistics.types import OpenLine, OpenPurchase
from daifa.base import bulk
from daifa.kit.values import dataclass

SQL = """
SELECT p.id, p.supplier_id, p.number, p.plain_number, p.state, p.sent_at IS NULL, p.handover, l.id, l.assignment_id,
       l.order_id, o.shop_id, o.external_id, o.state, o.refund, pr.title, s.spec, l.qty, l.shipped_qty, l.live,
       ol.external_id, ol.title, person.name_hash, person.phone_hash, person.tail_hash,
       ARRAY(SELECT x.tracking_number FROM logistics_parcelline pl JOIN logistics_parcel x
             ON x.tenant_id = {tenant} AND x.id = pl.parcel_id AND x.state <> 'void'
             WHERE pl.tenant_id = {tenant} AND pl.assignment_id = l.assignment_id ORDER BY x.id),
       o.courier_demand, CASE WHEN o.recipient_state = 'masked' THEN o.recipient_masked ELSE '' END,
       ARRAY(SELECT DISTINCT n.tracking_number FROM logistics_parcelline pl JOIN logistics_parcelnumber n
             ON n.tenant_id = {tenant} AND n.parcel_id = pl.parcel_id AND n.live
             WHERE pl.tenant_id = {tenant} AND pl.assignment_id = l.assignment_id ORDER BY 1)
FROM purchasing_purchaseorder p
JOIN purchasing_purchaseline l ON l.tenant_id = {tenant} AND l.purchase_id = p.id
JOIN purchasing_assignment a ON a.tenant_id = {tenant} AND a.id = l.assignment_id
JOIN orders_demand d ON d.tenant_id = {tenant} AND d.id = a.demand_id
JOIN orders_order o ON o.tenant_id = {tenant} AND o.id = l.order_id
JOIN catalog_sku s ON s.tenant_id = {tenant} AND s.id = l.sku_id
JOIN catalog_product pr ON pr.tenant_id = {tenant} AND pr.id = s.product_id
LEFT JOIN orders_line ol ON ol.tenant_id = {tenant} AND ol.id = d.line_id
LEFT JOIN orders_orderperson person ON person.tenant_id = {tenant} AND person.order_id = l.order_id
WHERE p.tenant_id = {tenant} AND (
  p.state IN ('draft', 'sent', 'accepted', 'part_shipped', 'recalling')
  OR (p.state IN ('shipped', 'closed', 'recalled', 'refused', 'cancelled') AND p.created_at > %(since)s)
) AND (%(ids)s::uuid[] IS NULL OR p.id = ANY(%(ids)s::uuid[]))
ORDER BY p.id, l.id
"""
_DEAD = {"draft": "还没有发给供应商", "recalling": "正在追回", "recalled": "已追回", "refused": "供应商已拒单",
         "cancelled": "已取消"}  # fmt: skip


@dataclass(frozen=True, slots=True)
class BoughtLine:
    """Where a purchase line belongs, as recording a parcel needs it; ``left`` pieces may still come."""

    line_id: UUID
    purchase_id: UUID
    supplier_id: UUID
    assignment_id: UUID
    order_id: UUID
    shop_id: UUID
    handover: bool
    draft: bool
    left: int


@dataclass(frozen=True, slots=True)
class Bought:
    """Open and recent purchases, and where each of their lines belongs."""

    purchases: tuple[OpenPurchase, ...]
    lines: Mapping[UUID, BoughtLine]


def load(*, since: datetime, purchase_ids: Collection[UUID] | None = None) -> Bought:
    """Purchases that wait for numbers, and those made after ``since`` (to know repeats); or just the named ones."""
    rows = bulk.select_named(SQL, {"since": since, "ids": None if purchase_ids is None else list(purchase_ids)})
    grouped: dict[UUID, list[tuple[Any, ...]]] = {}
    for row in rows:
        grouped.setdefault(row[0], []).append(row)
    lines: dict[UUID, BoughtLine] = {}
    return Bought(tuple(_purchase(g, lines) for g in grouped.values()), lines)


def _purchase(rows: Sequence[tuple[Any, ...]], lines: dict[UUID, BoughtLine]) -> OpenPurchase:
    made: list[OpenLine] = []
    orders: dict[str, None] = {}
    over: set[str] = set()
    first = rows[0]
    known: dict[str, None] = {}
    former: dict[str, None] = {}
    demands: dict[str, None] = {}
    keys: list[tuple[bytes, bytes, bytes]] = []
    for row in rows:
        (purchase, supplier, _, _, _, draft, handover, line, assignment, order, shop, external, state, refund, title,
         spec, qty, shipped, live, line_no, line_title, name, phone, tail, tracking, demand, _,
         before) = row  # fmt: skip
        orders.setdefault(str(external))
        known.update(dict.fromkeys(str(t) for t in tracking))
        former.update(dict.fromkeys(str(t) for t in before))
        demands.update(dict.fromkeys([str(demand)] if demand else []))
        keys.append((bytes(name or b""), bytes(phone or b""), bytes(tail or b"")))
        if state == "cancelled":
            over.add("的订单已取消")
        elif refund == "full":
            over.add("的订单已全额退款")
        bought = qty if live else shipped
        made.append(
            OpenLine(
                line, str(title or line_title or ""), str(spec), bought, shipped, (str(line_no),) if line_no else ()
            )
        )
        lines[line] = BoughtLine(
            line, purchase, supplier, assignment, order, shop, bool(handover), bool(draft), bought - shipped
        )
    name_key, phone_key, tail_key = keys[0]
    return OpenPurchase(
        purchase_id=first[0],
        supplier_id=first[1],
        numbers=(str(first[2]), str(first[3])),
        order_numbers=tuple(orders),
        lines=tuple(made),
        name_key=name_key,
        phone_key=phone_key,
        tail_key=tail_key,
        tracking_numbers=tuple(known),
        dead=_DEAD.get(str(first[4]), "") or "；".join(sorted(over)),
        courier_demand="；".join(demands),
        masked=_shown(str(first[-2])),
        former=tuple(former),
    )


_MASKED = re.compile(r"(\S)\*.*(\d{4})")


def _shown(masked: str) -> tuple[str, str]:
    """The first character of a masked recipient's name and the last four of the phone, where both are shown."""
    seen = _MASKED.fullmatch(masked)
    return (seen[1], seen[2]) if seen else ("", "")


def usual_couriers(supplier_ids: Collection[UUID], *, since: datetime) -> dict[UUID, str]:
    """The courier each supplier used most since then."""
    found = bulk.select(
        "SELECT DISTINCT ON (supplier_id) supplier_id, courier FROM ("
        " SELECT supplier_id, courier, count(*) AS n FROM logistics_parcel WHERE tenant_id = {tenant}"
        " AND supplier_id = ANY(%s::uuid[]) AND shipped_at > %s AND state <> 'void' GROUP BY supplier_id, courier"
        ") AS x ORDER BY supplier_id, n DESC, courier",
        [list(supplier_ids), since],
    )
    return dict(found)
