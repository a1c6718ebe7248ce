"""Which push tells of what, and how its body looks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import orjson

from daifa.connectors.shops.douyin.fake import receivers
from daifa.connectors.shops.douyin.fake.call import KEY, seconds
from daifa.connectors.shops.douyin.fake.couriers import BY_CODE, code_of
from daifa.connectors.shops.douyin.fake.places import places
from daifa.connectors.shops.douyin.fake.shape import CASE_TYPES, FLAGS, case_status, state_of
from daifa.kit.clock import BEIJING
from daifa.ports.books import BuyerOrder, Case, CaseKind, Entity, Listing, Message, OrderPhase, Receiver, Shipment
from daifa.ports.world import What, World

_ORDER_TAGS = {
    What.ORDER_CREATED: "100", What.ORDER_RELEASED: "101", What.ORDER_CLOSED: "106", What.ORDER_SHIPPED: "102",
    What.ORDER_PART_SHIPPED: "108", What.LOGISTICS_CHANGED: "104", What.ORDER_FINISHED: "103",
    What.AMOUNT_CHANGED: "109", What.SHIP_BY_CHANGED: "126", What.ADDRESS_CHANGED: "105", What.ADDRESS_ASKED: "111",
    What.MEMO_CHANGED: "113",
}  # fmt: skip
_REFUND_KINDS = (CaseKind.UNSHIPPED_REFUND, CaseKind.SHIPPED_REFUND)


def happened(world: World, what: What, entity: Entity, more: Mapping[str, Any]) -> None:
    """Tell the application what happened to one of Douyin's own."""
    if isinstance(entity, BuyerOrder) and entity.company == KEY:
        tag = _ORDER_TAGS.get(what, "")
        if what is What.ORDER_PAID:
            tag = "110" if entity.phase is OrderPhase.PENDING else "101"
        if tag:
            _send(world, entity.shop, tag, _order_data(world, entity, tag, more))
    elif isinstance(entity, Case) and entity.company == KEY:
        if tag := _case_tag(what, entity):
            _send(world, entity.shop, tag, _case_data(entity))
    elif isinstance(entity, Listing) and entity.company == KEY and what is What.LISTING_CHANGED:
        _send(world, entity.shop, "400", {"shop_id": int(entity.shop), "product_id": int(entity.item_no), "event": "2"})


def _send(world: World, shop: str, tag: str, data: dict[str, Any]) -> None:
    message = world.push(KEY, shop, tag, data)
    every = world.switch(KEY, "push_unknown_every")
    if every and int(message.id) % every == 0 and message.state == "waiting":
        world.push(KEY, shop, "9901", {"shop_id": int(shop), "note": "a tag of the future"})


def _order_data(world: World, order: BuyerOrder, tag: str, more: Mapping[str, Any]) -> dict[str, Any]:
    data: dict[str, Any] = {
        "p_id": int(order.number), "s_ids": [int(x.number) for x in order.lines], "shop_id": int(order.shop),
        "order_status": state_of(world, order)[0], "order_type": 0, "biz": 2,
    }  # fmt: skip
    if tag == "100":
        data["create_time"] = seconds(order.created_at)
    elif tag in ("101", "110"):
        data |= {"pay_time": seconds(order.paid_at), "pay_type": 1,
                 "pay_amount": sum(x.payable_fen for x in order.lines) + order.freight_fen}  # fmt: skip
    elif tag == "106":
        data |= {"cancel_time": seconds(order.closed_at), "cancel_reason": order.close_reason}
    elif tag == "103":
        data["complete_time"] = seconds(order.finished_at)
    elif tag == "109":
        data |= {"total_amount": order.paid_fen, "post_amount": order.freight_fen}
    elif tag == "126":
        # This one sends the parent's number as text.
        data |= {"p_id": order.number, "exp_delivery_time": seconds(order.ship_by)}
    elif tag == "113":
        data |= {"remark": order.memo, "star": FLAGS.get(order.flag, 0)}
    elif tag in ("105", "111"):
        to = order.wished if tag == "111" and order.wished else order.receiver
        name = "post_receiver_msg" if tag == "111" else "receiver_msg"
        data |= {name: _receiver(world, order, to), "update_time": seconds(order.updated_at)}
    elif isinstance(more.get("shipment"), Shipment):
        data |= {"logistics_msg": _logistics(more["shipment"]), "update_time": seconds(order.updated_at),
                 "receiver_msg": _receiver(world, order, order.receiver)}  # fmt: skip
    return data


def _logistics(shipment: Shipment) -> dict[str, Any]:
    company = BY_CODE.get(code_of(shipment.courier))
    return {
        "express_company_id": str(company.id) if company else "", "logistics_code": shipment.number,
        "pack_id": shipment.pack,
        "shipped_order_info": [{"shipped_order_id": n, "shipped_num": c} for n, c in shipment.pieces.items()],
    }  # fmt: skip


def _receiver(world: World, order: BuyerOrder, to: Receiver) -> dict[str, Any]:
    address = {**places(to), "detail": "", "encrypt_detail": receivers.encrypt(world, order.number, 1, to.detail)}
    return {
        "name": receivers.mask(receivers.NAME, to.name), "tel": receivers.mask(receivers.PHONE, to.phone),
        "encrypt_name": receivers.encrypt(world, order.number, receivers.NAME, to.name),
        "encrypt_tel": receivers.encrypt(world, order.number, receivers.PHONE, to.phone),
        # The address is a JSON text inside the JSON text.
        "addr": orjson.dumps(address).decode(),
    }  # fmt: skip


def _case_tag(what: What, case: Case) -> str:
    refund_only = case.kind in _REFUND_KINDS
    return {
        What.CASE_OPENED: "200", What.CASE_CHANGED: "208", What.CASE_AGREED: "201" if refund_only else "202",
        What.CASE_SENT_BACK: "203", What.CASE_REFUSED: "204" if refund_only else "205", What.CASE_REFUNDED: "206",
        What.CASE_CLOSED: "207",
    }.get(what, "")  # fmt: skip


def _case_data(case: Case) -> dict[str, Any]:
    return {
        "aftersale_id": int(case.id.split("/", 1)[1]), "p_id": int(case.order.split("/", 1)[1]),
        "s_id": int(case.lines[0]), "shop_id": int(case.shop), "aftersale_type": CASE_TYPES[case.kind],
        "aftersale_status": case_status(case), "refund_amount": case.asked_fen, "refund_post_amount": 0,
        "reason_code": 1, "apply_time": seconds(case.created_at), "update_time": _rfc3339(case.updated_at),
    }  # fmt: skip


def _rfc3339(at: datetime) -> str:
    return at.astimezone(BEIJING).isoformat(timespec="seconds")


def body(world: World, messages: Sequence[Message]) -> bytes:
    """The array as it is signed and sent."""
    as_text = world.switch(KEY, "push_data") == "string"
    name = str(world.switch(KEY, "push_id"))
    return orjson.dumps(
        [{"tag": m.topic, name: m.id, "data": orjson.dumps(m.data).decode() if as_text else m.data} for m in messages]
    )
