"""两边核对: placings of unknown outcome beside the supplier's orders that belong to nobody."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Router, Schema

from daifa.base.web import REFUSALS, May, actor_of
from daifa.flows import unclaimed
from daifa.flows.routes.binding import BindAsked

router = Router(tags=["status"])
SEND = May("purchasing.send")


class OurPlacing(Schema):
    """One placing whose outcome nobody knows. Money in fen, people masked, ``goods``: words and pieces."""

    outbox_id: UUID
    purchase_id: UUID
    number: str
    reference: str
    state: str
    state_label: str
    supplier: str
    order_number: str | None
    asks: int
    wanted_at: datetime
    visible_at: datetime | None
    goods: list[tuple[str, int]]
    planned_fen: int | None
    recipient: str


class Alike(Schema):
    """How like one of theirs is to one of ours: the higher the liker, below 1 it is another."""

    purchase_id: UUID
    score: int
    agrees: list[str]
    differs: list[str]


class TheirOrder(Schema):
    """One order of the account that no purchase has. Money in fen, people masked, ``goods``: words and pieces."""

    external_id: str
    reference: str
    state: str
    state_label: str
    created_at: datetime | None
    goods: list[tuple[str, int]]
    total_fen: int | None
    seller: str
    recipient: str
    alike: list[Alike]


class BothLists(Schema):
    """Both sides since a moment. ``whole``: false when there were too many orders to read them all."""

    since: datetime
    whole: bool
    ours: list[OurPlacing]
    theirs: list[TheirOrder]


@router.post("/connections/{connection_id}/unclaimed", response={200: BindAsked, **REFUSALS}, auth=SEND)
def read_unclaimed(request: HttpRequest, connection_id: UUID) -> Any:
    """Read what the account bought lately and which of it belongs to nobody, by a task."""
    return {"task_id": unclaimed.ask(by=actor_of(request), connection_id=connection_id)}


@router.get("/connections/{connection_id}/unclaimed/{task_id}", response={200: BothLists, **REFUSALS}, auth=SEND)
def both_lists(request: HttpRequest, connection_id: UUID, task_id: UUID) -> Any:
    """Both lists, without what was settled since."""
    return unclaimed.both_of(by=actor_of(request), connection_id=connection_id, task_id=task_id)
