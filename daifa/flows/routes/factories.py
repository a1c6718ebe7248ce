"""厂商代发: a supplier bound to a factory of a shop's platform."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Router, Schema

from daifa.base.web import REFUSALS, Given, May, actor_of
from daifa.flows import factory_bonds

router = Router(tags=["suppliers"])
VIEW, EDIT = May("purchasing.view"), May("purchasing.edit")


class FactoryShop(Schema):
    """One shop; ``external_id`` "": no factory of it. ``problem``: why its factories cannot be read now."""

    shop_id: UUID
    shop: str
    external_id: str
    name: str
    problem: str


class FactoryShops(Schema):
    """The shops whose platform hands over by API."""

    items: list[FactoryShop]


@router.get("/suppliers/{uuid:supplier_id}/factories", response={200: FactoryShops, **REFUSALS}, auth=VIEW)
def list_factories(request: HttpRequest, supplier_id: UUID) -> Any:
    """Which factory the supplier is on each shop's platform."""
    by = actor_of(request)
    by.need_supplier(supplier_id)
    return {"items": factory_bonds.desk(by=by, supplier_id=supplier_id)}


class FactoryAsk(Given):
    """Whose factories to read."""

    shop_id: UUID


class FactoryAsked(Schema):
    """The task to wait for."""

    task_id: UUID


@router.post("/suppliers/{uuid:supplier_id}/factories/read", response={200: FactoryAsked, **REFUSALS}, auth=EDIT)
def read_factories(request: HttpRequest, supplier_id: UUID, body: FactoryAsk) -> Any:
    """Read the factories of a shop at its platform."""
    return {"task_id": factory_bonds.ask(by=actor_of(request), supplier_id=supplier_id, shop_id=body.shop_id)}


class FactoryRow(Schema):
    """One factory of the platform's list; ``why_not``: why it cannot be chosen."""

    external_id: str
    name: str
    bond: str
    bond_label: str
    why_not: str


class FactoryList(Schema):
    """What was read."""

    items: list[FactoryRow]


@router.get(
    "/suppliers/{uuid:supplier_id}/factories/{uuid:task_id}", response={200: FactoryList, **REFUSALS}, auth=EDIT
)
def factories_read(request: HttpRequest, supplier_id: UUID, task_id: UUID) -> Any:
    """The factories as they were read."""
    _, found = factory_bonds.listed(by=actor_of(request), supplier_id=supplier_id, task_id=task_id)
    return {"items": found}


class FactoryChoice(Given):
    """The reading that a person looked at, and the factory they chose."""

    task_id: UUID
    external_id: str


class FactorySaid(Schema):
    """What was done."""

    message: str


@router.post("/suppliers/{uuid:supplier_id}/factories/bind", response={200: FactorySaid, **REFUSALS}, auth=EDIT)
def bind_factory(request: HttpRequest, supplier_id: UUID, body: FactoryChoice) -> Any:
    """The supplier is this factory."""
    by = actor_of(request)
    said = factory_bonds.bind(by=by, supplier_id=supplier_id, task_id=body.task_id, external_id=body.external_id)
    return {"message": said}


@router.post("/suppliers/{uuid:supplier_id}/factories/unbind", response={200: FactorySaid, **REFUSALS}, auth=EDIT)
def unbind_factory(request: HttpRequest, supplier_id: UUID, body: FactoryAsk) -> Any:
    """The supplier is no factory of the shop any more."""
    said = factory_bonds.unbind(by=actor_of(request), supplier_id=supplier_id, shop_id=body.shop_id)
    return {"message": said}
