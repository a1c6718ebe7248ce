"""Buyers' wishes to have an order sent elsewhere: what may be answered, the answer, the question to suppliers."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Router, Schema

from daifa.base.web import REFUSALS, Given, May, actor_of
from daifa.flows import address_wishes
from daifa.flows.address_wishes import WishDesk

router = Router(tags=["orders"])
EDIT = May("orders.edit")


class WishReason(Schema):
    """A reason by which a wish may be refused."""

    code: str
    words: str


class WishOut(Schema):
    """A wish: where to (masked), by when, and what may be answered. ``why_not``: why not from here; ``open``: an answer
    is on its way; ``machine``: why the machine does not agree by itself."""

    id: UUID
    state: str
    state_label: str
    masked: str
    region: str
    asked_at: datetime
    answer_by: datetime | None
    ended_at: datetime | None
    ended_why: str
    by_name: str
    why_not: str
    answered: str
    open: bool
    may_agree: bool
    may_ask: bool
    advice: str
    machine: list[str]
    reasons: list[WishReason]


class WishSaid(Schema):
    """What an action says."""

    message: str


def _out(desk: WishDesk) -> WishOut:
    wish, verdict = desk.wish, desk.verdict
    return WishOut(
        id=wish.id, state=wish.state, state_label=wish.state_label, masked=wish.masked, region=wish.region,
        asked_at=wish.asked_at, answer_by=wish.answer_by, ended_at=wish.ended_at, ended_why=wish.ended_why,
        by_name=wish.by_name, why_not=desk.why_not, answered=desk.answered, open=desk.open,
        may_agree=verdict is not None and verdict.may_agree, may_ask=verdict is not None and verdict.may_ask,
        advice=verdict.advice if verdict else "", machine=list(verdict.reasons) if verdict else [],
        reasons=[WishReason(code=r.code, words=r.words) for r in desk.reasons],
    )  # fmt: skip


@router.get(
    "/orders/{uuid:order_id}/address-wishes", response={200: list[WishOut], **REFUSALS}, auth=May("orders.view")
)
def list_wishes(request: HttpRequest, order_id: UUID) -> Any:
    """The wishes of an order, the newest first."""
    return [_out(d) for d in address_wishes.of_order(by=actor_of(request), order_id=order_id)]


class WishAnswer(Given):
    """Yes, or no by one of the reasons."""

    approved: bool
    code: str = ""


@router.post("/address-wishes/{uuid:wish_id}/answer", response={200: WishSaid, **REFUSALS}, auth=EDIT)
def answer_wish(request: HttpRequest, wish_id: UUID, body: WishAnswer) -> Any:
    """Tell the platform what a person decided."""
    by = actor_of(request)
    return {"message": address_wishes.answer(by=by, wish_id=wish_id, approved=body.approved, code=body.code)}


@router.post("/address-wishes/{uuid:wish_id}/ask-suppliers", response={200: WishSaid, **REFUSALS}, auth=EDIT)
def ask_suppliers(request: HttpRequest, wish_id: UUID) -> Any:
    """Ask the suppliers that have the order whether the address can still be changed."""
    return {"message": address_wishes.ask_suppliers(by=actor_of(request), wish_id=wish_id)}


class WishClose(Given):
    """How it was answered on the platform."""

    why: str


@router.post("/address-wishes/{uuid:wish_id}/close", response={200: WishSaid, **REFUSALS}, auth=EDIT)
def close_wish(request: HttpRequest, wish_id: UUID, body: WishClose) -> Any:
    """It was answered in the platform's own back office."""
    return {"message": address_wishes.close(by=actor_of(request), wish_id=wish_id, why=body.why)}
