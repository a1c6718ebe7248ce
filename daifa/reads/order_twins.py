"""An order beside those that it may be a duplicate of."""

from __future__ import annotations

from uuid import UUID

from daifa.base import bulk
from daifa.base.actor import Actor
from daifa.reads import order_desk, scope, screening_facts
from daifa.reads.order_desk import OrderRow


def compared(order_id: UUID, actor: Actor, *, hours: int) -> list[OrderRow]:
    """The order, then living ones of the same receiver and goods within so many hours, as far as the scope goes.

    Raises NotFound, NotAllowed outside the scope.
    """
    order = order_desk.one(order_id, actor)
    twins = screening_facts.twins(order_id, hours=hours)
    mine, params = scope.orders(actor)
    seen = bulk.select_named(
        "SELECT o.id FROM orders_order o WHERE o.tenant_id = {tenant} AND o.id = ANY(%(ids)s::uuid[])" + mine,
        {"ids": twins, **params},
    )
    known = {i for (i,) in seen}
    return [order, *order_desk.by_ids([i for i in twins if i in known], actor)]
