"""The data scope of a member as SQL: what belongs to shops and suppliers outside it is not there.

The rule is told in docs/decisions/0009-what-a-data-scope-hides.md.
"""

from __future__ import annotations

from daifa.base.actor import Actor

type Condition = tuple[str, dict[str, object]]


def _joined(parts: list[str], actor: Actor) -> Condition:
    params: dict[str, object] = {}
    if actor.shops is not None:
        params["my_shops"] = sorted(actor.shops)
    if actor.suppliers is not None:
        params["my_suppliers"] = sorted(actor.suppliers)
    return "".join(f" AND {p}" for p in parts), {k: v for k, v in params.items() if any(f"%({k})s" in p for p in parts)}


def of_shop(actor: Actor, column: str) -> Condition:
    """`` AND …`` over a shop's id."""
    return _joined([f"{column} = ANY(%(my_shops)s::uuid[])"] if actor.shops is not None else [], actor)


def of_supplier(actor: Actor, column: str) -> Condition:
    """`` AND …`` over a supplier's id."""
    return _joined([f"{column} = ANY(%(my_suppliers)s::uuid[])"] if actor.suppliers is not None else [], actor)


def orders(actor: Actor, alias: str = "o") -> Condition:
    """`` AND …`` over orders: of their shops, and with a part that one of their suppliers was given."""
    parts = []
    if actor.shops is not None:
        parts.append(f"{alias}.shop_id = ANY(%(my_shops)s::uuid[])")
    if actor.suppliers is not None:
        parts.append(
            f"{alias}.id IN (SELECT a.order_id FROM purchasing_assignment a WHERE a.tenant_id = {{tenant}} AND a.live"
            " AND a.supplier_id = ANY(%(my_suppliers)s::uuid[]))"
        )
    return _joined(parts, actor)


def connections(actor: Actor, alias: str = "c") -> Condition:
    """`` AND …`` over connections: of their shops, of their suppliers.

    A shop's speaks for the whole shop: not for people bound to suppliers. Those bound to shops all buy through ours at
    a supplier platform.
    """
    parts = []
    if actor.shops is not None:
        parts.append(f"({alias}.shop_id IS NULL OR {alias}.shop_id = ANY(%(my_shops)s::uuid[]))")
    if actor.suppliers is not None:
        parts.append(
            f"{alias}.id IN (SELECT v.connection_id FROM purchasing_supplier v WHERE v.tenant_id = {{tenant}}"
            " AND v.id = ANY(%(my_suppliers)s::uuid[]))"
        )
    return _joined(parts, actor)


def arrivals(actor: Actor, connection: str = "c") -> Condition:
    """`` AND …`` over what arrived: of their shops. What a supplier platform told may be about anybody."""
    parts = []
    if actor.shops is not None:
        parts.append(f"{connection}.shop_id = ANY(%(my_shops)s::uuid[])")
    if actor.suppliers is not None:
        parts.append("false")
    return _joined(parts, actor)


def deeds(actor: Actor, *, order: str = "o", purchase: str = "p", connection: str = "c") -> Condition:
    """`` AND …`` over deeds outside: of the purchase or order they are about, else of the shop they are done at."""
    parts = []
    if actor.shops is not None:
        home = f"coalesce({purchase}.shop_id, {order}.shop_id, {connection}.shop_id)"
        parts.append(f"{home} = ANY(%(my_shops)s::uuid[])")
    if actor.suppliers is not None:
        parts.append(
            f"({purchase}.supplier_id = ANY(%(my_suppliers)s::uuid[]) OR {purchase}.id IS NULL AND {order}.id IN"
            " (SELECT a.order_id FROM purchasing_assignment a WHERE a.tenant_id = {tenant} AND a.live"
            " AND a.supplier_id = ANY(%(my_suppliers)s::uuid[])))"
        )
    return _joined(parts, actor)


def purchases(actor: Actor, alias: str = "p") -> Condition:
    """`` AND …`` over purchases: of their shops, from their suppliers."""
    parts = []
    if actor.shops is not None:
        parts.append(f"{alias}.shop_id = ANY(%(my_shops)s::uuid[])")
    if actor.suppliers is not None:
        parts.append(f"{alias}.supplier_id = ANY(%(my_suppliers)s::uuid[])")
    return _joined(parts, actor)
