"""What a deed touched, and whether all of it is within somebody's data scope."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from daifa.areas.logistics.services.claims import ClaimView
from daifa.base import bulk
from daifa.base.actor import Actor
from daifa.kit.values import dataclass
from daifa.reads import scope, tracking_desk


@dataclass(frozen=True, slots=True)
class Touched:
    """What a deed was about. ``shops``: as a whole, so not for people bound to suppliers."""

    shops: Collection[UUID] = ()
    orders: Collection[UUID] = ()
    purchases: Collection[UUID] = ()
    assignments: Collection[UUID] = ()
    claims: Collection[ClaimView] = ()


def within(actor: Actor, touched: Touched) -> bool:
    """Whether nothing of it lies outside; what is gone by now lies nowhere."""
    if actor.everywhere:
        return True
    if touched.shops and (actor.suppliers is not None or not set(touched.shops) <= (actor.shops or frozenset())):
        return False
    shop, supplier = scope.of_shop(actor, "o.shop_id"), scope.of_supplier(actor, "a.supplier_id")
    assignments = (
        "purchasing_assignment a JOIN orders_order o ON o.tenant_id = {tenant} AND o.id = a.order_id",
        "a",
        (shop[0] + supplier[0], {**shop[1], **supplier[1]}),
    )
    return (
        _all(touched.orders, "orders_order o", "o", scope.orders(actor))
        and _all(touched.purchases, "purchasing_purchaseorder p", "p", scope.purchases(actor))
        and _all(touched.assignments, *assignments)
        and len(tracking_desk.claims_of(actor, list(touched.claims))) == len(touched.claims)
    )


def _all(ids: Collection[UUID], table: str, alias: str, mine: scope.Condition) -> bool:
    if not ids:
        return True
    condition, params = mine
    [(every, ours)] = bulk.select_named(
        f"SELECT count(*), count(*) FILTER (WHERE true{condition}) FROM {table}"
        f" WHERE {alias}.tenant_id = {{tenant}} AND {alias}.id = ANY(%(ids)s::uuid[])",
        {"ids": sorted(ids), **params},
    )
    return bool(every == ours)
