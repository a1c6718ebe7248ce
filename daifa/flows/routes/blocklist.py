"""The blocklist: who is on it and which orders that holds, added by hand or from an order, taken off."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Router, Schema

from daifa.areas.compliance.services.blocklist import Blocking
from daifa.base.web import REFUSALS, Given, May, actor_of
from daifa.flows import blocking
from daifa.reads import blocklist as read

router = Router(tags=["blocklist"])


class BlockedRow(Schema):
    """One receiver on the list: by phone or name, masked; the numbers of the orders held for it now."""

    id: UUID
    kind: str
    shown: str
    reason: str
    by_name: str
    created_at: datetime
    held: list[str]


class BlockNew(Given):
    """Whom to block: a phone or a name, and why."""

    phone: str = ""
    name: str = ""
    reason: str


class BlockWhy(Given):
    """Why somebody is put on the list or taken off."""

    reason: str


class BlockSaid(Schema):
    """What was done."""

    message: str


def _added(made: Blocking, held: int) -> dict[str, str]:
    did = f"已拉黑 {made.shown}" if made.fresh else f"{made.shown} 已在黑名单里，原因已更新"
    return {"message": f"{did}；{f'{held} 单因此挂起' if held else '现在没有未发的订单是他的'}"}


@router.get("/blocklist", response={200: list[BlockedRow], **REFUSALS}, auth=May("rules.edit"))
def list_blocked(request: HttpRequest) -> Any:
    """Everybody on the list, the latest first."""
    return read.entries(actor_of(request))


@router.post("/blocklist", response={200: BlockSaid, **REFUSALS}, auth=May("rules.edit"))
def block_receiver(request: HttpRequest, body: BlockNew) -> Any:
    """Block a receiver by phone, else by name; their open orders are held."""
    made, held = blocking.add(by=actor_of(request), reason=body.reason, name=body.name, phone=body.phone)
    return _added(made, held)


@router.post("/blocklist/{blocked_id}/remove", response={200: BlockSaid, **REFUSALS}, auth=May("rules.edit"))
def unblock_receiver(request: HttpRequest, blocked_id: UUID, body: BlockWhy) -> Any:
    """Take a receiver off the list; orders held for that alone go on."""
    was, orders = blocking.remove(by=actor_of(request), blocked_id=blocked_id, reason=body.reason)
    return {"message": f"已把 {was.shown} 移出黑名单" + (f"，他的 {orders} 单已重新检查" if orders else "")}


@router.post("/orders/{uuid:order_id}/block", response={200: BlockSaid, **REFUSALS}, auth=May("rules.edit"))
def block_recipient(request: HttpRequest, order_id: UUID, body: BlockWhy) -> Any:
    """Block the recipient of an order, who is not shown."""
    made, held = blocking.add_of_order(by=actor_of(request), order_id=order_id, reason=body.reason)
    return _added(made, held)
