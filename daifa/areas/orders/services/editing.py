"""A person's own recipient for one order: sealed, and standing above whatever later files say."""

from __future__ import annotations

from uuid import UUID

from daifa.areas.orders.models import Order
from daifa.areas.orders.rules import ranking
from daifa.areas.orders.rules.ranking import BY_PERSON, OPENED
from daifa.areas.orders.rules.readings import partial_reading, recipient_values
from daifa.areas.orders.services import recording, rows
from daifa.areas.orders.services.recording import Source
from daifa.base.actor import Actor
from daifa.kit import clock
from daifa.kit.errors import Conflict, Invalid, NotFound
from daifa.ports.shop import Recipient, RecipientState


def edit_recipient(*, by: Actor, order_id: UUID, recipient: Recipient, version: int) -> bool:
    """Give one order a recipient by hand; returns whether anything changed.

    Raises NotFound, NotAllowed outside the scope, Conflict for a stale form, Invalid naming the missing fields.
    """
    _check(recipient)
    order = Order.objects.select_for_update().filter(id=order_id).first()
    if order is None:
        raise NotFound("no_such_order", "没有这个订单。")
    by.need_shop(order.shop_id)
    if order.version != version:
        raise Conflict("stale", "这个订单刚有新的变化，请刷新后再改。")
    values = recipient_values(recipient)
    said = values["p:recipient"]
    assert isinstance(said, dict)
    values["p:recipient"] = {**said, **BY_PERSON}
    source = Source(order.shop_id, order.platform, order.space, by=by.key, by_name=by.name)
    now = clock.now()
    [done] = recording.record(source, [partial_reading(order.external_id, values, now)], may_create=False)
    mark = {"recipient": {"by": by.key, "by_name": by.name, "at": now.isoformat()}}
    Order.objects.filter(id=order_id).update(edits={**order.edits, **mark})
    return done.outcome == "updated"


def keep_opened(*, order_id: UUID, recipient: Recipient, key: str, by: str, by_name: str) -> bool:
    """The platform decrypted an order's recipient: kept sealed while it names the same receiver (``key``).

    Returns whether it was kept: not when the buyer has moved meanwhile. Raises NotFound.
    """
    order = Order.objects.select_for_update().filter(id=order_id).first()
    if order is None:
        raise NotFound("no_such_order", "没有这个订单。")
    held = rows.load_persons([order_id])[order_id].values.get("p:cipher")
    if not isinstance(held, dict) or held.get("key", "") != key:
        return False
    values = recipient_values(recipient)
    said = values.get("p:recipient")
    if not isinstance(said, dict):
        return False
    values["p:recipient"] = {**said, **OPENED, "key": key}
    source = Source(order.shop_id, order.platform, order.space, by=by, by_name=by_name)
    [done] = recording.record(source, [partial_reading(order.external_id, values, clock.now())], may_create=False)
    return done.outcome in {"updated", "unchanged"}


def is_opened(order_id: UUID) -> bool:
    """Whether the recipient that stands is one that the platform decrypted for us."""
    return ranking.opened(rows.load_persons([order_id])[order_id].values.get("p:recipient"))


def _check(recipient: Recipient) -> None:
    wanted = {
        "name": (recipient.name, "请填写收件人姓名"),
        "phone": (recipient.phone, "请填写电话"),
        "address": (recipient.address, "请填写详细地址"),
    }
    missing = {k: said for k, (value, said) in wanted.items() if not value.strip()}
    if missing:
        raise Invalid("recipient_incomplete", "；".join(missing.values()) + "。", fields=missing)
    if recipient.state is not RecipientState.PLAIN:
        said = "含有 * 号或密文，请填写完整的姓名、电话和地址"
        raise Invalid("recipient_masked", f"收件人{said}。", fields={"address": said})


def opened(order_id: UUID) -> dict[str, str]:
    """The recipient, notes and nick of one order in plain; the caller has checked and written down who opens it."""
    values = rows.load_persons([order_id])[order_id].values
    found = {k[2:]: v for k, v in values.items() if isinstance(v, str)}
    where = values.get("p:recipient")
    return found | ({k: str(v) for k, v in where.items()} if isinstance(where, dict) else {})
