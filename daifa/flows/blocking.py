"""The blocklist as a person works on it: who is put on it or taken off, and their open orders screened at once."""

from __future__ import annotations

from uuid import UUID

from daifa.areas.compliance.services import blocklist
from daifa.areas.compliance.services.blocklist import Blocking
from daifa.areas.orders.services import editing
from daifa.base.actor import Actor
from daifa.flows import advance
from daifa.kit.errors import Invalid
from daifa.ports.shop import RecipientState
from daifa.reads import blocklist as blocklist_read
from daifa.reads import order_desk


def add(*, by: Actor, reason: str, name: str = "", phone: str = "", about: str = "") -> tuple[Blocking, int]:
    """Block a receiver; their open orders are held at once. Returns it and how many it holds now. Raises Invalid."""
    made = blocklist.block(by=by, reason=reason, name=name, phone=phone, about=about)
    advance.advance(blocklist_read.concerned(made.id))
    held = next((len(e.held) for e in blocklist_read.entries(by) if e.id == made.id), 0)
    return made, held


def add_of_order(*, by: Actor, order_id: UUID, reason: str) -> tuple[Blocking, int]:
    """Block the recipient of an order without showing it, by phone, else by name. Raises NotFound, Invalid."""
    row = order_desk.one(order_id, by)
    found = editing.opened(order_id)
    if found.get("state") != RecipientState.PLAIN.value:
        raise Invalid(
            "no_plain_recipient", "这一单没有完整的收件人（脱敏或平台加密），认不出是谁，不能拉黑。请先补收件人。"
        )
    return add(
        by=by, reason=reason, name=found.get("name", ""), phone=found.get("phone", ""),
        about=f"订单 {row.number} 的收件人",
    )  # fmt: skip


def remove(*, by: Actor, blocked_id: UUID, reason: str) -> tuple[Blocking, int]:
    """Take a receiver off; orders held for that alone are free. Returns it and how many were looked at anew."""
    orders = blocklist_read.concerned(blocked_id)
    was = blocklist.unblock(by=by, blocked_id=blocked_id, reason=reason)
    advance.advance(orders)
    return was, len(orders)
