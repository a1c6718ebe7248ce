"""绑定平台订单: an order placed by hand at the supplier's platform is read, compared, and bound to its purchase."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Router, Schema
from pydantic import Field

from daifa.base.actor import Actor
from daifa.base.web import REFUSALS, Given, May, actor_of
from daifa.flows import binding
from daifa.kit.errors import NotFound
from daifa.reads import purchase_desk

router = Router(tags=["purchases"])
SEND = May("purchasing.send")


def _mine(request: HttpRequest, purchase_id: UUID) -> Actor:
    """The actor, if the purchase is within their scope. Raises NotFound."""
    by = actor_of(request)
    if purchase_desk.one(purchase_id, by) is None:
        raise NotFound("no_such_purchase", "没有这张采购单。")
    return by


class BindAsk(Given):
    """The number of an order at the supplier's platform."""

    number: Annotated[str, Field(max_length=100)]


class BindAsked(Schema):
    """The task to wait for."""

    task_id: UUID


@router.post("/purchases/{purchase_id}/bind/read", response={200: BindAsked, **REFUSALS}, auth=SEND)
def read_order(request: HttpRequest, purchase_id: UUID, body: BindAsk) -> Any:
    """Read an order at the supplier's platform and compare it with the purchase."""
    by = _mine(request, purchase_id)
    return {"task_id": binding.ask(by=by, purchase_id=purchase_id, number=body.number)}


class BindLine(Schema):
    """One option on both sides."""

    offer_ref: str
    spec_ref: str
    words: str
    ours: int
    theirs: int


class BindCompared(Schema):
    """Both sides next to each other, money in fen, people masked. ``forbidden``: why it cannot be bound."""

    external_id: str
    state: str
    state_label: str
    created_at: datetime | None
    reference: str
    lines: list[BindLine]
    planned_fen: int | None
    total_fen: int | None
    freight_fen: int | None
    recipient_ours: str
    recipient_theirs: str
    recipient_same: bool | None
    warnings: list[str]
    forbidden: str


@router.get("/purchases/{purchase_id}/bind/{task_id}", response={200: BindCompared, **REFUSALS}, auth=SEND)
def read_comparison(request: HttpRequest, purchase_id: UUID, task_id: UUID) -> Any:
    """What a reading compared."""
    return binding.compared_of(by=_mine(request, purchase_id), purchase_id=purchase_id, task_id=task_id)


class BindIn(Given):
    """The comparison that a person looked at."""

    task_id: UUID


class BindSaid(Schema):
    """What was done."""

    message: str


@router.post("/purchases/{purchase_id}/bind", response={200: BindSaid, **REFUSALS}, auth=SEND)
def bind_order(request: HttpRequest, purchase_id: UUID, body: BindIn) -> Any:
    """Bind the compared order to the purchase."""
    by = _mine(request, purchase_id)
    return {"message": binding.bind(by=by, purchase_id=purchase_id, task_id=body.task_id)}
