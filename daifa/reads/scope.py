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


def purchases(actor: Actor, alias: str = "p") -> Condition:
    """`` AND …`` over purchases: of their shops, from their suppliers."""
    parts = []
    if actor.shops is not None:
        parts.append(f"{alias}.shop_id = ANY(%(my_shops)s::uuid[])")
    if actor.suppliers is not None:
        parts.append(f"{alias}.supplier_id = ANY(%(my_suppliers)s::uuid[])")
    return _joined(parts, actor)
