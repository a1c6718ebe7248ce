"""The goods that an order lacks: nobody can supply them to its receiver now; who was asked, and why not."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from daifa.areas.accounts.services import settings
from daifa.areas.catalog.services import goods
from daifa.areas.orders.services import demands
from daifa.areas.purchasing.rules import routing
from daifa.areas.purchasing.services import offers
from daifa.areas.purchasing.types import Place, RouteDemand, RouteOrder, RouteSettings
from daifa.base.actor import Actor
from daifa.kit import clock
from daifa.kit.values import dataclass
from daifa.reads import order_desk, routing_facts


@dataclass(frozen=True, slots=True)
class Refused:
    """A supplier who offers it and cannot supply it, and why."""

    supplier: str
    reason: str


@dataclass(frozen=True, slots=True)
class Lacking:
    """One SKU that an order lacks; ``refused`` is empty where nobody offers it."""

    sku_id: UUID
    name: str
    refused: tuple[Refused, ...]


def of(order_ids: Sequence[UUID]) -> dict[UUID, tuple[Lacking, ...]]:
    """By order, what it lacks; orders that lack nothing are left out. The caller has checked the scope."""
    wanted = {i: listed for i, listed in demands.by_order(order_ids).items() if listed}
    sku_ids = sorted({d.sku_id for listed in wanted.values() for d in listed})
    names = {s.id: f"{s.title} {s.spec}".strip() for s in goods.views(sku_ids)}
    now = clock.now()
    live = offers.load(sku_ids, today=clock.business_day(now))
    chosen = RouteSettings(split_quantity=bool(settings.get_all()["split_quantity"]))
    found = {}
    for row in routing_facts.load(list(wanted)):
        lines = tuple(RouteDemand(d.id, d.sku_id, names[d.sku_id], d.quantity) for d in wanted[row.id])
        place = Place(row.province, row.city, row.district)
        asked = RouteOrder(row.id, row.number, lines, place, excluded=row.excluded)
        offered = [o for i in dict.fromkeys(d.sku_id for d in lines) for o in live.get(i, ())]
        missing: dict[UUID, Lacking] = {}
        for option in routing.lacking(asked, offered, chosen, now):
            why = dict.fromkeys(Refused(offer.supplier.name, reason) for offer, reason in option.refused)
            missing.setdefault(option.demand.sku_id, Lacking(option.demand.sku_id, option.demand.name, tuple(why)))
        if missing:
            found[row.id] = tuple(missing.values())
    return found


def skus(order_id: UUID, by: Actor) -> list[UUID]:
    """The SKUs that an order lacks, else all of it that is still to be had. Raises NotAllowed outside the scope."""
    by.need("orders.view")
    known = order_desk.in_scope([order_id], by)
    lacked = of(known).get(order_id, ())
    return [x.sku_id for x in lacked] or routing_facts.open_skus(known)
