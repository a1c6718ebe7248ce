"""Which suppliers are factories bound to a shop on its platform: what is bought of them for it is handed over there."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from uuid import UUID

from daifa.areas.purchasing.models import UNDER_WAY, FactoryBond, PurchaseOrder, Supplier
from daifa.base import audit
from daifa.base.actor import Actor
from daifa.kit.errors import Conflict, NotFound
from daifa.kit.values import dataclass


@dataclass(frozen=True, slots=True)
class Bond:
    """A supplier as the factory ``external_id`` of a shop's platform."""

    supplier_id: UUID
    shop_id: UUID
    external_id: str
    name: str


def view(row: FactoryBond) -> Bond:
    """A row as a value."""
    return Bond(row.supplier_id, row.shop_id, row.external_id, row.name)


def of_shops(shop_ids: Collection[UUID]) -> Mapping[UUID, Mapping[UUID, str]]:
    """For each of these shops its suppliers that are bound factories, with their numbers on the platform."""
    found: dict[UUID, dict[UUID, str]] = defaultdict(dict)
    for row in FactoryBond.objects.filter(shop_id__in=list(shop_ids)):
        found[row.shop_id][row.supplier_id] = row.external_id
    return found


def of_supplier(supplier_id: UUID) -> list[Bond]:
    """The factories that a supplier is, by shop."""
    return [view(r) for r in FactoryBond.objects.filter(supplier_id=supplier_id).order_by("shop_id")]


def shops() -> set[UUID]:
    """The shops that hand over, or did for purchases that may still be under way."""
    bound = set(FactoryBond.objects.values_list("shop_id", flat=True))
    waiting = PurchaseOrder.objects.filter(state__in=UNDER_WAY)
    return bound | set(waiting.exclude(factory="").values_list("shop_id", flat=True).distinct())


def bind(*, by: Actor, supplier_id: UUID, shop_id: UUID, external_id: str, name: str) -> Bond:
    """From now on what this supplier ships for this shop is handed over on the platform.

    Raises NotFound, Conflict when the factory is another supplier here.
    """
    supplier = Supplier.objects.select_for_update().filter(id=supplier_id).first()
    if supplier is None:
        raise NotFound("no_such_supplier", "没有这个供应商。")
    other = FactoryBond.objects.filter(shop_id=shop_id, external_id=external_id).exclude(supplier_id=supplier_id)
    if (taken := other.values_list("supplier_id", flat=True).first()) is not None:
        owner = Supplier.objects.values_list("name", flat=True).get(id=taken)
        raise Conflict("factory_taken", f"厂家“{name}”已经绑定给供应商“{owner}”，请先在那里解除。")
    row, _ = FactoryBond.objects.update_or_create(
        supplier_id=supplier_id, shop_id=shop_id, defaults={"external_id": external_id, "name": name, "by": by.key}
    )
    text = f"供应商 {supplier.name} 绑定厂商代发厂家 {name}（{external_id}）"
    audit.record(by, "supplier.factory", text, kind="supplier", object_id=supplier_id)
    return view(row)


def unbind(*, by: Actor, supplier_id: UUID, shop_id: UUID) -> None:
    """Nothing more is handed over there; drafts that were not go out by sheet. Raises NotFound."""
    row = FactoryBond.objects.select_for_update().filter(supplier_id=supplier_id, shop_id=shop_id).first()
    if row is None:
        raise NotFound("no_such_factory", "这个供应商没有绑定这家店的厂家。")
    row.delete()
    drafts(shop_id, supplier_id)
    text = f"解除厂商代发厂家 {row.name}（{row.external_id}）的绑定"
    audit.record(by, "supplier.factory_off", text, kind="supplier", object_id=supplier_id)


def drafts(shop_id: UUID, supplier_id: UUID | None = None) -> int:
    """Purchases of a shop that wait to be handed over by API go out by sheet after all. Returns how many."""
    rows = PurchaseOrder.objects.filter(shop_id=shop_id, state="draft").exclude(factory="")
    return (rows.filter(supplier_id=supplier_id) if supplier_id else rows).update(factory="")
