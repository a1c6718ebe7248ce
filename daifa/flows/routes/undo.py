"""撤销: one route for every deed that can be taken back."""

from __future__ import annotations

from django.http import HttpRequest
from ninja import Router, Schema

from daifa.base.web import REFUSALS, May, actor_of
from daifa.flows import undo

router = Router(tags=["undo"])


class Undone(Schema):
    """What was taken back."""

    message: str


@router.post("/undo/{token}", response={200: Undone, **REFUSALS}, auth=May())
def take_back(request: HttpRequest, token: str) -> Undone:
    """Take a deed back, as long as nothing depends on it."""
    return Undone(message=undo.undo(token=token, by=actor_of(request)))
