"""What people write on orders: tags, a remark, urgency, the wait for the buyer, and which way the recipient takes."""

from __future__ import annotations

from typing import Any, Literal

from django.http import HttpRequest
from ninja import Router

from daifa.base.web import REFUSALS, Given, May
from daifa.flows.routes.orders import OrderActed, OrderTarget, do

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


class OrderPath(Given):
    """Which way the recipient takes; "" follows the shop."""

    target: OrderTarget
    path: Literal["", "file", "handover", "wait"]


@router.post("/orders/recipient-path", response={200: OrderActed, **REFUSALS}, auth=May("orders.edit"))
def choose_path(request: HttpRequest, body: OrderPath) -> Any:
    """Which way the recipient takes for these orders."""
    return do(request, "path", body.target, value=body.path)
