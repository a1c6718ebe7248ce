"""The sending screen: a card per supplier with what waits, what went out, and changes that nobody confirmed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from daifa.base import bulk
from daifa.base.actor import Actor
from daifa.kit import clock
from daifa.kit.values import dataclass
from daifa.reads import scope
from daifa.reads.buy_facts import BY_API

DAYS = 7
# An order that waits for anything else (a refund, a hold, a cancel) does not go out with the rest.
GOES_OUT = ("send", "dispatch")
# Purchases that a person sends, not an API.
DRAFTS = """
FROM purchasing_purchaseorder p
JOIN purchasing_supplier s ON s.tenant_id = {tenant} AND s.id = p.supplier_id
JOIN purchasing_purchaseline l ON l.tenant_id = {tenant} AND l.purchase_id = p.id AND l.live
WHERE p.tenant_id = {tenant} AND p.state = 'draft' AND NOT {by_api} {scope}
""".replace("{by_api}", BY_API)
_STOPPED = """EXISTS (SELECT 1 FROM purchasing_purchaseline y
  JOIN orders_order w ON w.tenant_id = {tenant} AND w.id = y.order_id AND w.step <> ALL(%(goes)s::text[])
  WHERE y.tenant_id = {tenant} AND y.purchase_id = p.id AND y.live)"""
WAITING = f"""
SELECT s.id, s.name, CASE s.channel WHEN 'api' THEN 'sheet' ELSE s.channel END,
       s.sheet_format <> '{{}}'::jsonb, s.version, count(DISTINCT p.id),
       count(DISTINCT l.order_id), coalesce(sum(l.qty), 0)::int, sum(l.goods_fen)::bigint, min(p.due_by)
{DRAFTS} AND NOT {_STOPPED}
GROUP BY s.id, s.name, s.channel, s.sheet_format, s.version ORDER BY count(DISTINCT l.order_id) DESC, s.name
"""
WAITING_ORDERS = f"SELECT count(DISTINCT l.order_id) {DRAFTS} AND NOT {_STOPPED}"
HELD = f"SELECT DISTINCT p.id {DRAFTS} AND {_STOPPED}"
SENT = """
SELECT d.id, d.supplier_id, s.name, d.run, d.version, d.channel, d.resend, d.lines, d.sent_at, d.sent_by, d.opened_at,
       d.answered_at, d.file_id,
       (SELECT count(DISTINCT l.purchase_id) FROM purchasing_dispatchline x
        JOIN purchasing_purchaseline l ON l.tenant_id = {tenant} AND l.id = x.purchase_line_id
        WHERE x.tenant_id = {tenant} AND x.dispatch_id = d.id),
       (SELECT count(*) FROM purchasing_dispatchline x
        JOIN purchasing_purchaseline l ON l.tenant_id = {tenant} AND l.id = x.purchase_line_id
        WHERE x.tenant_id = {tenant} AND x.dispatch_id = d.id AND l.state = 'accepted'),
       (SELECT count(*) FROM purchasing_dispatchline x
        JOIN purchasing_purchaseline l ON l.tenant_id = {tenant} AND l.id = x.purchase_line_id
        WHERE x.tenant_id = {tenant} AND x.dispatch_id = d.id AND l.state IN ('refused', 'out_of_stock')),
       (SELECT count(*) FROM purchasing_dispatchline x
        JOIN purchasing_purchaseline l ON l.tenant_id = {tenant} AND l.id = x.purchase_line_id
        WHERE x.tenant_id = {tenant} AND x.dispatch_id = d.id AND l.state IN ('shipped', 'part_shipped'))
FROM purchasing_dispatch d
JOIN purchasing_supplier s ON s.tenant_id = {tenant} AND s.id = d.supplier_id
WHERE d.tenant_id = {tenant} AND d.state = 'sent' AND d.sent_at > %(since)s {scope}
ORDER BY d.sent_at DESC, d.version DESC LIMIT 200
"""
# A change of recipient, quantity or goods after sending that no amendment speaks of yet.
CHANGED = """
SELECT DISTINCT ON (p.id) p.id, p.number, s.id, s.name, o.external_id, h.text, h.at, h.data
FROM purchasing_purchaseorder p
JOIN purchasing_supplier s ON s.tenant_id = {tenant} AND s.id = p.supplier_id
JOIN purchasing_purchaseline l ON l.tenant_id = {tenant} AND l.purchase_id = p.id AND l.live
JOIN orders_order o ON o.tenant_id = {tenant} AND o.id = l.order_id
JOIN orders_history h ON h.tenant_id = {tenant} AND h.order_id = o.id AND h.at > p.sent_at
  AND h.kind IN ('changed', 'edited') AND (h.data -> 'fields') ?| ARRAY['recipient', 'quantity', 'spec']
WHERE p.tenant_id = {tenant} AND p.state IN ('sent', 'accepted', 'part_shipped') AND p.sent_at > %(since)s {scope}
  AND NOT EXISTS (SELECT 1 FROM purchasing_amendment a WHERE a.tenant_id = {tenant} AND a.purchase_id = p.id
                  AND a.created_at >= h.at)
ORDER BY p.id, h.at DESC
"""
AMENDED = """
SELECT a.id, a.purchase_id, p.number, s.id, s.name, a.n, a.kind, a.text, a.state, a.created_at
FROM purchasing_amendment a
JOIN purchasing_purchaseorder p ON p.tenant_id = {tenant} AND p.id = a.purchase_id
JOIN purchasing_supplier s ON s.tenant_id = {tenant} AND s.id = p.supplier_id
WHERE a.tenant_id = {tenant} AND a.state IN ('created', 'sent', 'refused') {scope} ORDER BY a.created_at
"""


@dataclass(frozen=True, slots=True)
class WaitingCard:
    """What waits to be sent to one supplier."""

    supplier_id: UUID
    name: str
    channel: str
    has_format: bool
    version: int
    purchases: int
    orders: int
    pieces: int
    goods_fen: int | None
    due_by: datetime | None


@dataclass(frozen=True, slots=True)
class SentRow:
    """One sending of the last days, and how far the supplier is with it (lines)."""

    id: UUID
    supplier_id: UUID
    supplier: str
    run: str
    version: int
    channel: str
    resend: bool
    lines: int
    sent_at: datetime
    sent_by: str
    opened_at: datetime | None
    answered_at: datetime | None
    file_id: UUID | None
    purchases: int
    accepted: int
    refused: int
    shipped: int


@dataclass(frozen=True, slots=True)
class OpenChange:
    """A change after sending: ``amendment_id`` None when nobody told the supplier anything yet."""

    amendment_id: UUID | None
    purchase_id: UUID
    number: str
    supplier_id: UUID
    supplier: str
    kind: str
    text: str
    state: str
    at: datetime


# A sending goes to one supplier for all shops at once: with a part of another shop it is not theirs.
_OTHER_SHOPS = """ AND NOT EXISTS (SELECT 1 FROM purchasing_dispatchline x
  JOIN purchasing_purchaseline l ON l.tenant_id = {tenant} AND l.id = x.purchase_line_id
  JOIN purchasing_purchaseorder p ON p.tenant_id = {tenant} AND p.id = l.purchase_id
  WHERE x.tenant_id = {tenant} AND x.dispatch_id = d.id AND NOT p.shop_id = ANY(%(my_shops)s::uuid[]))"""


def _select(sql: str, condition: scope.Condition, **params: object) -> list[tuple[Any, ...]]:
    mine, own = condition
    return bulk.select_named(sql.replace("{scope}", mine), {**params, **own})


def _sendings(actor: Actor) -> scope.Condition:
    mine, own = scope.of_supplier(actor, "s.id")
    if actor.shops is None:
        return mine, own
    return mine + _OTHER_SHOPS, {**own, "my_shops": sorted(actor.shops)}


def may_take(actor: Actor, dispatch_id: UUID) -> bool:
    """Whether a sending, sent or not, is wholly within somebody's scope."""
    mine, own = _sendings(actor)
    sql = (
        "SELECT 1 FROM purchasing_dispatch d JOIN purchasing_supplier s ON s.tenant_id = {tenant}"
        " AND s.id = d.supplier_id WHERE d.tenant_id = {tenant} AND d.id = %(id)s"
    )
    return bool(bulk.select_named(sql + mine, {"id": dispatch_id, **own}))


def waiting(actor: Actor) -> list[WaitingCard]:
    """Suppliers with purchases to be sent, the most orders first."""
    return [WaitingCard(*row) for row in _select(WAITING, scope.purchases(actor), goes=list(GOES_OUT))]


def waiting_orders(actor: Actor) -> int:
    """How many orders these purchases are for; one that several suppliers have counts once."""
    [(n,)] = _select(WAITING_ORDERS, scope.purchases(actor), goes=list(GOES_OUT))
    return int(n)


def held(actor: Actor) -> list[UUID]:
    """Purchases that would be sent too, were it not for what stops one of their orders."""
    return [i for (i,) in _select(HELD, scope.purchases(actor), goes=list(GOES_OUT))]


def sent(actor: Actor, *, days: int = DAYS) -> list[SentRow]:
    """What was sent lately, the newest first."""
    since = clock.now() - timedelta(days=days)
    return [SentRow(*row) for row in _select(SENT, _sendings(actor), since=since)]


def changes(actor: Actor, *, days: int = 30) -> list[OpenChange]:
    """Changes after sending that the supplier has not confirmed, the oldest first."""
    since = clock.now() - timedelta(days=days)
    found = [_untold(row) for row in _select(CHANGED, scope.purchases(actor), since=since)]
    found += [
        OpenChange(row[0], row[1], row[2], row[3], row[4], row[6], row[7], row[8], row[9])
        for row in _select(AMENDED, scope.purchases(actor))
    ]
    return sorted(found, key=lambda c: c.at)


def _untold(row: Sequence[Any]) -> OpenChange:
    purchase, number, supplier, name, order, text, at, data = row
    fields = data.get("fields", []) if isinstance(data, dict) else []
    kind = "address" if "recipient" in fields else "quantity" if "quantity" in fields else "spec"
    said = f"订单 {order} 发出后有变化：{text}"
    return OpenChange(None, purchase, str(number), supplier, str(name), kind, said, "untold", at)
