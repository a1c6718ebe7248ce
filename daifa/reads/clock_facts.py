"""What the deadlines of open orders follow from, without anything else of them."""

from __future__ import annotations

from daifa.areas.compliance.types import DeadlineFacts
from daifa.base import bulk
from daifa.base.actor import Actor
from daifa.reads import scope
from daifa.reads.sweep_facts import OPEN_TABS

OPEN = """
SELECT o.platform, o.paid_at, o.ship_by, o.ship_not_before, o.ordered_at, o.cash_on_delivery, o.province
FROM orders_order o WHERE o.tenant_id = {tenant} AND o.tab = ANY(%(tabs)s::text[])
"""


def open_orders(actor: Actor) -> list[DeadlineFacts]:
    """Of every open order within the scope."""
    mine, params = scope.orders(actor)
    return [DeadlineFacts(*row) for row in bulk.select_named(OPEN + mine, {"tabs": list(OPEN_TABS), **params})]
