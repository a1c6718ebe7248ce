"""What is with suppliers, for 今日 and its guide: what a person has to send or to ask for, and what goes by itself."""

from __future__ import annotations

from collections import Counter

from daifa.base import bulk
from daifa.base.actor import Actor
from daifa.reads import scope
from daifa.reads.buy_facts import BY_API

# A person sends it or asks for its number: no API does, or its account does not work now.
_BY_PERSON = (
    f"(NOT {BY_API} OR (p.factory = '' AND NOT EXISTS (SELECT 1 FROM accounts_connection c"
    " WHERE c.tenant_id = {tenant} AND c.id = s.connection_id AND c.state = 'working')))"
)
BY_ITSELF = {"send": "接口自动下单", "tracking": "接口供应商发货，单号自动回来"}


def by_itself(mine: str, params: dict[str, object]) -> Counter[str]:
    """Orders by step (``send``, ``tracking``) of which nothing is left for a person: APIs place and tell numbers.

    ``mine`` with ``params``: the orders that the actor may see.
    """
    found = bulk.select_named(
        "SELECT o.step, count(*)::int FROM orders_order o WHERE o.tenant_id = {tenant}"
        f" AND o.step = ANY(%(steps)s::text[]){mine}"
        " AND NOT EXISTS (SELECT 1 FROM purchasing_purchaseline l"
        " JOIN purchasing_purchaseorder p ON p.tenant_id = {tenant} AND p.id = l.purchase_id"
        " JOIN purchasing_supplier s ON s.tenant_id = {tenant} AND s.id = p.supplier_id"
        " WHERE l.tenant_id = {tenant} AND l.order_id = o.id AND l.live AND l.shipped_qty < l.qty"
        f" AND (o.step <> 'send' OR p.state = 'draft') AND {_BY_PERSON})"
        " GROUP BY o.step",
        {"steps": list(BY_ITSELF), **params},
    )
    return Counter({str(step): n for step, n in found})


def notes(actor: Actor) -> tuple[str, ...]:
    """The suppliers of whom most orders wait for numbers that a person has to ask for."""
    mine, params = scope.purchases(actor)
    found = bulk.select_named(
        "SELECT s.name, count(DISTINCT l.order_id) FROM purchasing_purchaseline l"
        " JOIN purchasing_purchaseorder p ON p.tenant_id = {tenant} AND p.id = l.purchase_id"
        " JOIN purchasing_supplier s ON s.tenant_id = {tenant} AND s.id = p.supplier_id"
        " WHERE l.tenant_id = {tenant} AND l.live AND p.sent_at IS NOT NULL AND l.shipped_qty < l.qty"
        f" AND p.state IN ('sent', 'accepted', 'part_shipped') AND {_BY_PERSON}{mine}"
        " GROUP BY s.name ORDER BY 2 DESC, 1 LIMIT 3",
        params,
    )
    return tuple(f"{name} {n}" for name, n in found)
