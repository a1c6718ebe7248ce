"""Messages: what happened, in 1688's topics; carried out by HTTP push, and the failed ones pulled."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

import orjson

from daifa.connectors.suppliers.alibaba1688.fake import oauth, parcels
from daifa.connectors.suppliers.alibaba1688.fake.call import PUSH, Api, Call, GatewayError
from daifa.connectors.suppliers.alibaba1688.fake.goods import seller_member
from daifa.connectors.suppliers.alibaba1688.fake.orders import status_of
from daifa.connectors.suppliers.alibaba1688.fake.signing import SIGNATURE, sign_message
from daifa.connectors.suppliers.alibaba1688.fake.words import KEY, plain_moment, read_moment
from daifa.ports.books import Message, Parcel, SupplierOrder
from daifa.ports.world import Outgoing, What, World

VIEW = "ORDER_BUYER_VIEW_"
# COMFIRM is how 1688 writes it.
TOPICS = {
    What.SUPPLY_CREATED: f"{VIEW}BUYER_MAKE",
    What.SUPPLY_PRICED: f"{VIEW}ORDER_PRICE_MODIFY",
    What.SUPPLY_PAID: f"{VIEW}ORDER_PAY",
    What.SUPPLY_SHIPPED: f"{VIEW}ANNOUNCE_SENDGOODS",
    What.SUPPLY_RECEIVED: f"{VIEW}ORDER_COMFIRM_RECEIVEGOODS",
}
FAILED = ("given_up", "no_address")


def tell_order(world: World, what: What, order: SupplierOrder, more: Mapping[str, Any]) -> None:
    """The buyer hears what became of an order."""
    topic = TOPICS.get(what, "")
    if what is What.SUPPLY_CLOSED and order.close_reason != "refund":
        by = "SELLER" if order.close_reason == "sellerGoodsLack" else "BUYER" if "closed_by" in order.extra else "BOPS"
        topic = f"{VIEW}ORDER_{by}_CLOSE"
    if topic:
        world.push(KEY, order.account, topic, order_data(world, order))
    if what is What.SUPPLY_RECEIVED:
        world.push(KEY, order.account, f"{VIEW}ORDER_SUCCESS", order_data(world, order))
    if what is What.NUMBER_CHANGED:
        changed = {"orderId": int(order.number), "oldMailNo": more["old"], "newMailNo": more["new"]}
        world.push(KEY, order.account, "LOGISTICS_MAIL_NO_CHANGE", {**order_data(world, order), **changed})


def order_data(world: World, order: SupplierOrder) -> dict[str, Any]:
    """What most order messages carry; the number is bare and longer than a double holds."""
    return {
        "orderId": int(order.number), "currentStatus": status_of(order), "msgSendTime": plain_moment(world.now()),
        "buyerMemberId": order.account, "sellerMemberId": seller_member(order.seller),
    }  # fmt: skip


def tell_scan(world: World, parcel: Parcel) -> None:
    """A parcel of one of our orders was scanned."""
    company, _, number = parcel.supplier_order.partition("/")
    order = world.books.supply(KEY, number) if company == KEY else None
    if order is None or parcel.last is None or parcel.number not in order.parcels:
        return
    place = order.parcels.index(parcel.number)
    items = [{"orderId": int(order.number), "orderEntryId": int(n)} for n in parcels.entries(order, parcel)]
    model = {
        "logisticsId": parcels.logistics_id(order, place), "cpCode": parcels.COMPANIES[parcel.courier][1],
        "mailNo": parcel.number, "statusChanged": parcels.CHANGED[parcel.last],
        "changeTime": plain_moment(parcel.scans[-1].at), "orderLogsItems": items,
    }  # fmt: skip
    world.push(KEY, order.account, "LOGISTICS_BUYER_VIEW_TRACE", {"OrderLogisticsTracingModel": model})


def body_of(message: Message) -> dict[str, Any]:
    """One message as it is pushed and pulled."""
    return {
        "msgId": int(message.id), "gmtBorn": int(message.made_at.timestamp() * 1000), "type": message.topic,
        "userInfo": message.shop, "data": message.data,
    }  # fmt: skip


def outgoing(world: World, messages: Sequence[Message], *, forged: bool) -> Outgoing:
    """The form that carries one message, signed without any path."""
    form = {"message": orjson.dumps({**body_of(messages[0]), "bizKey": "", "extraInfo": ""}).decode()}
    secret = "0" * 12 if forged else oauth.app_secret(world)
    form[SIGNATURE] = sign_message(secret, form)
    return Outgoing(urlencode(form).encode(), {}, "application/x-www-form-urlencoded; charset=UTF-8")


def _failed(call: Call) -> list[Message]:
    """What did not get through yet; a message that was swallowed on the way is believed to be delivered."""
    start, end = _moment(call, "createStartTime"), _moment(call, "createEndTime")
    topic, user = call.text("type"), call.text("userInfo")
    return [
        m for m in call.world.books.messages(KEY)
        if (m.state in FAILED or (m.state == "waiting" and m.attempts > 0))
        and topic in ("", m.topic) and user in ("", m.shop)
        and (start is None or m.made_at >= start) and (end is None or m.made_at <= end)
    ]  # fmt: skip


def _moment(call: Call, name: str) -> datetime | None:
    try:
        return read_moment(call.text(name)) if call.text(name) else None
    except ValueError as error:
        raise GatewayError(400, "gw.ParamInvalid", f"Invalid parameter: {name}") from error


def query(call: Call) -> dict[str, Any]:
    """``push.query.messageList``: looking confirms nothing."""
    found, size = _failed(call), max(call.number("pageSize", 20, 200), 20)
    start = (call.number("page", 1) - 1) * size
    page = [body_of(m) for m in found[start : start + size]]
    return {"pushMessagePage": {"datas": page, "totalCount": len(found)}}


def cursor(call: Call) -> dict[str, Any]:
    """``push.cursor.messageList``: what is handed out is confirmed."""
    found = _failed(call)[: max(call.number("quantity", 20, 200), 1)]
    _confirm(call.world, found)
    return {"pushMessageList": [body_of(m) for m in found]}


def confirm(call: Call) -> dict[str, Any]:
    """``push.message.confirm``."""
    wanted = set(call.longs("msgIdList"))
    found = [m for m in call.world.books.messages(KEY) if m.id in wanted]
    _confirm(call.world, found)
    return {"isSuccess": len(found) == len(wanted)}


def _confirm(world: World, messages: Sequence[Message]) -> None:
    for message in messages:
        message.state, message.acked_at = "acked", world.now()
        world.books.touch(message)


APIS = {
    "push.query.messageList": Api(PUSH, query, login=False),
    "push.cursor.messageList": Api(PUSH, cursor, login=False),
    "push.message.confirm": Api(PUSH, confirm, login=False),
}
