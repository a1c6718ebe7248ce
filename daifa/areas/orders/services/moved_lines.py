"""Lines that turn up in another order of the same shop: the platform split or merged orders, and a line has one home.

No document of a platform that is read by API describes it; the assumption is that a line keeps its own number.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import orjson

from daifa.areas.orders.rules.keeping import stamp_of
from daifa.areas.orders.rules.readings import line_key, partial_reading
from daifa.areas.orders.services import history, holds, recording
from daifa.areas.orders.services.history import Fact
from daifa.areas.orders.services.recording import Source
from daifa.base import bulk
from daifa.base.actor import SYSTEM
from daifa.kit.values import dataclass
from daifa.ports.shop import OrderState, RefundState

_TWICE = """
SELECT DISTINCT l.external_id FROM orders_line l
JOIN orders_line x ON x.tenant_id = {tenant} AND x.shop_id = l.shop_id AND x.external_id = l.external_id
  AND x.external_id <> '' AND x.order_id <> l.order_id
WHERE l.tenant_id = {tenant} AND l.order_id = ANY(%s::uuid[]) AND l.external_id <> ''
"""
_HOMES = """
SELECT l.external_id, l.order_id, l.line_key, l.state, l.refund, l.title, o.external_id, o.state, o.merge,
  (SELECT coalesce(sum(d.assigned_qty), 0) FROM orders_demand d WHERE d.tenant_id = {tenant} AND d.line_id = l.id)
FROM orders_line l JOIN orders_order o ON o.tenant_id = {tenant} AND o.id = l.order_id
WHERE l.tenant_id = {tenant} AND l.shop_id = %s AND l.external_id = ANY(%s) ORDER BY l.order_id
"""


@dataclass(frozen=True, slots=True)
class _Home:
    order_id: UUID
    key: str
    state: str
    refund: str
    title: str
    number: str
    order_state: str
    said: str
    assigned: int


def settle(source: Source, order_ids: Sequence[UUID]) -> list[UUID]:
    """Give each line of these orders that stands in several of the shop's to the one that named it last.

    Where nothing was bought for it, it is cancelled in the others. Where something was, the new home is held for a
    person, once: the goods are there, under the other number. So is a home that it comes back to, where it was
    cancelled. Returns the orders that changed beside those.
    """
    numbers = [n for (n,) in bulk.select(_TWICE, [list(order_ids)])] if order_ids else []
    changed: list[UUID] = []
    for homes in _homes(source.shop_id, numbers).values():
        now = max(homes, key=lambda h: (h.said, h.order_id))
        if _came_back(now):
            _hold(now, f"平台把“{now.title}”移回了这一单；它移走时已经取消，系统不会再买，请在平台上处理这一件")
            changed.append(now.order_id)
        for old in homes:
            if old is not now and old.state != OrderState.CANCELLED:
                changed.append(_leave(source, old, now))
    return changed


def _homes(shop_id: UUID, numbers: Sequence[str]) -> dict[str, list[_Home]]:
    found: dict[str, list[_Home]] = defaultdict(list)
    rows = bulk.select(_HOMES, [shop_id, list(numbers)]) if numbers else []
    for number, order, key, state, refund, title, named, order_state, merge, assigned in rows:
        said = stamp_of(orjson.loads(merge), line_key(key, "quantity"))[0]
        found[number].append(_Home(order, key, state, refund, title, named, order_state, said, int(assigned)))
    return found


def _came_back(now: _Home) -> bool:
    """Whether the line was cancelled here when it left; a state that is over never begins again."""
    gone = now.state == OrderState.CANCELLED and now.refund != RefundState.FULL
    return gone and now.order_state != OrderState.CANCELLED and not now.assigned


def _hold(home: _Home, why: str) -> None:
    if why not in {h.reason for h in holds.of_order(home.order_id)}:
        holds.hold(by=SYSTEM, order_ids=[home.order_id], why=why)


def _leave(source: Source, old: _Home, now: _Home) -> UUID:
    """The line leaves its old order; returns the order that changed."""
    if old.assigned:
        why = f"“{old.title}”原来在订单 {old.number} 里，已经向供应商采购；平台把它移到了这一单，放行会再买一次"
        if not now.assigned:
            _hold(now, why)
        return now.order_id
    if old.order_state != OrderState.CANCELLED:
        told = {line_key(old.key, "state"): OrderState.CANCELLED.value}
        recording.record(
            source, [partial_reading(old.number, dict(told), datetime.fromisoformat(now.said))], may_create=False
        )
        history.write([Fact(old.order_id, "changed", f"平台把“{old.title}”移到了订单 {now.number}，这一单不再买它")])
    return old.order_id
