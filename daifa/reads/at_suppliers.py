"""What is with suppliers, for 今日 and its guide: what a person has to send or to ask for, and what goes by itself."""

from __future__ import annotations

from collections import Counter

from daifa.areas.purchasing.services.placements import LIVE
from daifa.base import bulk
from daifa.base.actor import Actor
from daifa.reads import scope
from daifa.reads.buy_facts import BY_API

# A person sends it or asks for its number: no API does, or its account does not work now.
_BY_PERSON = (
    f"(NOT {BY_API}"
    # It was sent by hand, before its supplier took orders by API.
    " OR (p.factory = '' AND p.state <> 'draft' AND NOT EXISTS (SELECT 1 FROM purchasing_placement x"
    " WHERE x.tenant_id = {tenant} AND x.purchase_id = p.id"
    f" AND x.state IN {LIVE}))"
    " OR (p.factory = '' AND NOT EXISTS (SELECT 1 FROM accounts_connection c"
    " WHERE c.tenant_id = {tenant} AND c.id = s.connection_id AND c.state = 'working')))"
)
# ``account``: to be placed by an account that does not work now.
BY_ITSELF = {"send": "接口自动下单", "account": "下单账号恢复授权", "tracking": "接口供应商发货，单号自动回来"}


def by_itself(mine: str, params: dict[str, object]) -> Counter[str]:
    """Orders of which nothing is left to send or to ask for here, by what they wait for (``BY_ITSELF``).

    ``mine`` with ``params``: the orders that the actor may see.
    """
    found = bulk.select_named(
        f"SELECT CASE WHEN o.step = 'send' AND {_has(_BY_PERSON)} THEN 'account' ELSE o.step END, count(*)::int"
        f" FROM orders_order o WHERE o.tenant_id = {{tenant}} AND o.step IN ('send', 'tracking'){mine}"
        f" AND NOT {_has(f"CASE o.step WHEN 'send' THEN NOT {BY_API} ELSE {_BY_PERSON} END")} GROUP BY 1",
        params,
    )
    return Counter({str(what): n for what, n in found})


def _has(condition: str) -> str:
    """SQL: whether an order has a line on its way, where it is to be sent one not sent, of which this is true."""
    return (
        "EXISTS (SELECT 1 FROM purchasing_purchaseline l"
        " JOIN purchasing_purchaseorder p ON p.tenant_id = {tenant} AND p.id = l.purchase_id"
        " JOIN purchasing_supplier s ON s.tenant_id = {tenant} AND s.id = p.supplier_id"
        " WHERE l.tenant_id = {tenant} AND l.order_id = o.id AND l.live AND l.shipped_qty < l.qty"
        f" AND (o.step <> 'send' OR p.state = 'draft') AND {condition})"
    )


def notes(actor: Actor) -> tuple[str, ...]:
    """The suppliers of whom most orders wait for numbers that a person has to ask for."""
    mine, params = scope.purchases(actor)
    found = bulk.select_named(
        "SELECT s.name, count(DISTINCT l.order_id) FROM purchasing_purchaseline l"
        " JOIN purchasing_purchaseorder p ON p.tenant_id = {tenant} AND p.id = l.purchase_id"
        " JOIN purchasing_supplier s ON s.tenant_id = {tenant} AND s.id = p.supplier_id"
        # As the station counts: an order of which another part has its number waits further on.
        " JOIN orders_order o ON o.tenant_id = {tenant} AND o.id = l.order_id"
        " AND o.tab = 'supplier' AND o.step <> 'send'"
        " WHERE l.tenant_id = {tenant} AND l.live AND p.sent_at IS NOT NULL AND l.shipped_qty < l.qty"
        f" AND p.state IN ('sent', 'accepted', 'part_shipped') AND {_BY_PERSON}{mine}"
        " GROUP BY s.name ORDER BY 2 DESC, 1 LIMIT 3",
        params,
    )
    return tuple(f"{name} {n}" for name, n in found)
