"""What people write on orders: tags, a remark, urgency, the wait for the buyer, and which way the recipient takes."""

from __future__ import annotations

from typing import Annotated, Any, Literal
from uuid import UUID

from django.http import HttpRequest
from ninja import Field, Router

from daifa.base.web import REFUSALS, Given, May, actor_of
from daifa.flows import swapping
from daifa.flows.routes.orders import OrderActed, OrderTarget, do, said

router = Router(tags=["orders"])


class OrderTags(Given):
    """OrderTags to add and to remove."""

    target: OrderTarget
    add: list[str] = []
    remove: list[str] = []


@router.post("/orders/tag", response={200: OrderActed, **REFUSALS}, auth=May("orders.edit"))
def tag_orders(request: HttpRequest, body: OrderTags) -> Any:
    """Change the tags of orders."""
    return do(request, "tag", body.target, add=body.add, remove=body.remove)


class OrderRemark(Given):
    """Our own remark; "" removes it."""

    target: OrderTarget
    text: str


@router.post("/orders/remark", response={200: OrderActed, **REFUSALS}, auth=May("orders.edit"))
def remark_orders(request: HttpRequest, body: OrderRemark) -> Any:
    """Write our own remark on orders."""
    return do(request, "remark", body.target, text=body.text)


class OrderUrgency(Given):
    """Urgent, or as usual again."""

    target: OrderTarget
    urgent: bool = True


@router.post("/orders/priority", response={200: OrderActed, **REFUSALS}, auth=May("orders.edit"))
def prioritise_orders(request: HttpRequest, body: OrderUrgency) -> Any:
    """Mark orders as urgent, or as usual again."""
    return do(request, "priority", body.target, urgent=body.urgent)


class OrderAsked(Given):
    """The buyer was asked and the answer is waited for, or not any more."""

    target: OrderTarget
    asked: bool = True


@router.post("/orders/asked", response={200: OrderActed, **REFUSALS}, auth=May("orders.edit"))
def ask_buyers(request: HttpRequest, body: OrderAsked) -> Any:
    """Held orders wait for their buyers' answers, or not any more."""
    return do(request, "asked", body.target, on=body.asked)


class LineSwap(Given):
    """Other goods for one line of one order: (SKU, pieces for each piece of the line), and why."""

    parts: Annotated[list[tuple[UUID, Annotated[int, Field(ge=1, le=999)]]], Field(min_length=1, max_length=20)]
    why: Annotated[str, Field(max_length=200)]


@router.post(
    "/orders/{uuid:order_id}/lines/{uuid:line_id}/swap", response={200: OrderActed, **REFUSALS}, auth=May("orders.edit")
)
def swap_line(request: HttpRequest, order_id: UUID, line_id: UUID, body: LineSwap) -> Any:
    """Supply one line of this order by other goods, all other orders as matched."""
    by = actor_of(request)
    return said(swapping.swap(by=by, order_id=order_id, line_id=line_id, parts=body.parts, why=body.why))


class OrderPath(Given):
    """Which way the recipient takes; "" follows the shop."""

    target: OrderTarget
    path: Literal["", "file", "handover", "wait"]


@router.post("/orders/recipient-path", response={200: OrderActed, **REFUSALS}, auth=May("orders.edit"))
def choose_path(request: HttpRequest, body: OrderPath) -> Any:
    """Which way the recipient takes for these orders."""
    return do(request, "path", body.target, value=body.path)
