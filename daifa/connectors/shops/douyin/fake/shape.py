"""A buyer's order as Douyin's order answers show it."""

from __future__ import annotations

import hashlib
from typing import Any

from daifa.connectors.shops.douyin.fake import presales, receivers
from daifa.connectors.shops.douyin.fake.call import KEY, seconds
from daifa.connectors.shops.douyin.fake.couriers import code_of, name_of
from daifa.ports.books import BuyerOrder, Case, CaseKind, CasePhase, Line, OrderPhase
from daifa.ports.world import World

STATUS = {
    OrderPhase.UNPAID: (1, "待支付"),
    OrderPhase.PENDING: (105, "已支付"),
    OrderPhase.TO_SHIP: (2, "备货中"),
    OrderPhase.PART_SHIPPED: (101, "部分发货"),
    OrderPhase.SHIPPED: (3, "已发货"),
    OrderPhase.CLOSED: (4, "已取消"),
    OrderPhase.FINISHED: (5, "已完成"),
}
FLAGS = {"灰": 0, "紫": 1, "青": 2, "绿": 3, "橙": 4, "红": 5}
CASE_TYPES = {
    CaseKind.RETURN: 0, CaseKind.SHIPPED_REFUND: 1, CaseKind.UNSHIPPED_REFUND: 2, CaseKind.EXCHANGE: 3,
    CaseKind.RESHIP: 7,
}  # fmt: skip


def case_status(case: Case) -> int:
    """aftersale_status."""
    if case.phase is CasePhase.REFUSED:
        return 29 if case.refusals > 1 else 27
    if case.phase is CasePhase.RESENDING:
        return 13 if case.extra.get("resent") else 8
    return {
        CasePhase.APPLIED: 6, CasePhase.WAIT_RETURN: 7, CasePhase.RETURNING: 11,
        CasePhase.DONE: 14 if case.kind in (CaseKind.EXCHANGE, CaseKind.RESHIP) else 12, CasePhase.CLOSED: 28,
    }[case.phase]  # fmt: skip


def refund_status(case: Case) -> int:
    """refund_status; a withdrawn wish stays 待退款 for ever."""
    if case.phase is CasePhase.DONE:
        return 3
    return 2 if case.extra.get("agreed") and case.phase is CasePhase.APPLIED else 1


def line_status(order: BuyerOrder, line: Line) -> int:
    """A line's own status: it may differ from its parent's."""
    if line.closed:
        return 4
    if order.phase in (OrderPhase.UNPAID, OrderPhase.PENDING, OrderPhase.FINISHED):
        return STATUS[order.phase][0]
    if line.shipped >= line.quantity:
        return 3
    return 101 if line.shipped else 2


def state_of(world: World, order: BuyerOrder) -> tuple[int, str]:
    """order_status and its words."""
    if presales.waits_for_rest(order):
        code = int(world.switch(KEY, "presale_deposit_status"))
        return next(x for x in STATUS.values() if x[0] == code)
    return STATUS[order.phase]


def _trade_type(order: BuyerOrder, line: Line) -> int:
    if order.presale is not None and order.presale.deposit_fen:
        return 2
    return 1 if order.extra.get("waits") == "group" else int(line.extra.get("trade_type", 0))


def number_of(text: str) -> int:
    """A stable big number for a name (author, room)."""
    return 7_000_000_000_000_000 + int(hashlib.sha256(text.encode()).hexdigest()[:12], 16) % 10**15 if text else 0


def order_json(world: World, order: BuyerOrder) -> dict[str, Any]:
    """The parent with its lines."""
    status, words = state_of(world, order)
    receiver = receivers.fields(world, order.number, order.buyer, order.receiver)
    cases = {
        n: c for c in world.books.cases_of(order.id) for n in c.lines
    }  # fmt: skip
    told: dict[str, Any] = {
        "order_id": order.number, "shop_id": int(order.shop), "shop_name": _shop_name(world, order.shop),
        "open_id": hashlib.md5(order.buyer.encode(), usedforsecurity=False).hexdigest(),
        "doudian_open_id": f"1@#{hashlib.sha256(order.buyer.encode()).hexdigest()[:40]}",
        "order_status": status, "order_status_desc": words, "main_status": status, "main_status_desc": words,
        "order_type": 0, "order_type_desc": "普通订单", "biz": 2, "biz_desc": "小店自营", "b_type": 2, "sub_b_type": 3,
        "app_id": 1128, "create_time": seconds(order.created_at), "pay_time": seconds(order.paid_at),
        **presales.fields(world, order),
        "update_time": seconds(order.updated_at), "order_expire_time": 1800, "finish_time": seconds(order.finished_at),
        "ship_time": seconds(order.shipped_at), "exp_ship_time": seconds(order.ship_by),
        "cancel_reason": order.close_reason, "buyer_words": order.words, "seller_words": order.memo,
        "seller_remark_stars": FLAGS.get(order.flag, 0), "pay_type": 1 if order.paid_at else 0,
        "channel_payment_no": f"420{order.number}" if order.paid_at else "",
        **_money(order), **receiver,
        "logistics_info": _parcels(order) or None,
        "shop_order_tag_ui": _tags(order), "user_tag_ui": [], "address_tag_ui": [],
        "sku_order_list": [_line(world, order, x, cases.get(x.number), receiver) for x in order.lines],
    }  # fmt: skip
    return told


def _shop_name(world: World, shop: str) -> str:
    return next((s.name for s in world.shops(KEY) if s.id == shop), "")


def _money(order: BuyerOrder) -> dict[str, int]:
    merchant = sum(x.merchant_fen for x in order.lines)
    platform = sum(x.platform_fen for x in order.lines)
    talent = sum(x.talent_fen for x in order.lines)
    promotion = merchant + platform + talent
    return {
        "order_amount": order.amount_fen + order.freight_fen,
        "pay_amount": order.amount_fen - promotion + order.freight_fen,
        "post_amount": order.freight_fen, "post_origin_amount": order.freight_fen, "post_promotion_amount": 0,
        "promotion_amount": promotion, "promotion_shop_amount": merchant, "promotion_platform_amount": platform,
        "promotion_talent_amount": talent, "promotion_pay_amount": sum(x.channel_fen for x in order.lines),
        "promotion_redpack_amount": 0, "shop_cost_amount": merchant, "platform_cost_amount": platform + talent,
        "only_platform_cost_amount": platform, "author_cost_amount": talent, "total_promotion_amount": promotion,
        "modify_amount": 0, "modify_post_amount": 0, "tax_amount": 0, "packing_amount": 0, "post_insurance_amount": 0,
    }  # fmt: skip


def _tags(order: BuyerOrder) -> list[dict[str, str]]:
    if order.wished is None:
        return []
    return [{"key": "address_change_apply", "text": "买家申请改地址", "hover_text": "", "tag_type": "grey"}]


def _parcels(order: BuyerOrder) -> list[dict[str, Any]]:
    found = []
    for shipment in order.shipments:
        if shipment.by == "extra":
            continue
        code = code_of(shipment.courier)
        lines = [(order.line(n), count) for n, count in shipment.pieces.items()]
        found.append(
            {
                "tracking_no": shipment.number, "company": code, "company_name": name_of(code),
                "ship_time": seconds(shipment.at), "delivery_id": shipment.pack,
                "product_info": [
                    {
                        "sku_order_id": x.number, "product_count": count, "product_id": int(x.item_no),
                        "product_name": x.title, "sku_id": int(x.sku_no), "outer_sku_id": x.merchant_code,
                        "price": x.price_fen,
                    }
                    for x, count in lines if x is not None
                ],
            }
        )  # fmt: skip
    return found


def _line(world: World, order: BuyerOrder, line: Line, case: Case | None, receiver: dict[str, Any]) -> dict[str, Any]:
    status = state_of(world, order)[0] if presales.waits_for_rest(order) else line_status(order, line)
    names, values = ("颜色", "尺寸"), line.spec.split(";")
    told: dict[str, Any] = {
        "order_id": line.number, "parent_order_id": order.number, "order_status": status,
        "order_status_desc": next((w for c, w in STATUS.values() if c == status), ""), "order_level": 3,
        "create_time": seconds(order.created_at), "pay_time": seconds(order.paid_at),
        "update_time": seconds(order.updated_at), "finish_time": seconds(order.finished_at),
        "product_id": int(line.item_no), "product_id_str": line.item_no, "product_name": line.title, "product_pic": "",
        "sku_id": int(line.sku_no), "code": line.merchant_code, "out_sku_id": line.extra.get("out_sku_id", ""),
        "out_product_id": "", "supplier_id": "",
        "spec": [{"name": n, "value": v} for n, v in zip(names, values, strict=False)],
        "item_num": line.quantity, "origin_amount": line.price_fen, "goods_price": line.price_fen,
        "sum_amount": line.amount_fen, "order_amount": line.amount_fen, "pay_amount": line.payable_fen,
        "promotion_amount": line.merchant_fen + line.platform_fen + line.talent_fen,
        "promotion_shop_amount": line.merchant_fen, "promotion_platform_amount": line.platform_fen,
        "promotion_talent_amount": line.talent_fen, "promotion_pay_amount": line.channel_fen,
        "shop_cost_amount": line.merchant_fen, "only_platform_cost_amount": line.platform_fen,
        "author_cost_amount": line.talent_fen, "platform_cost_amount": line.platform_fen + line.talent_fen,
        "goods_type": 0, "trade_type": _trade_type(order, line),
        "pre_sale_type": presales.kind(order), "author_id": number_of(order.talent), "author_name": order.talent,
        "room_id": number_of(order.talent and f"room:{order.talent}"), "video_id": "", "content_id": "0",
        "theme_type": "2" if order.talent else "0", "c_biz": 2 if order.talent else 8,
        "need_serial_number": bool(line.extra.get("need_serial")), "is_comment": 0,
        "exp_ship_time": seconds(line.ship_by), "ship_time": seconds(order.shipped_at) if line.shipped else 0,
        "logistics_receipt_time": 0, "confirm_receipt_time": seconds(order.finished_at),
        "after_sale_info": {
            "after_sale_status": case_status(case) if case else 0,
            "after_sale_type": CASE_TYPES[case.kind] if case else 0,
            "refund_status": refund_status(case) if case else 0,
        },
        **{k: receiver[k] for k in ("encrypt_post_receiver", "encrypt_post_tel", "mask_post_receiver", "mask_post_tel",
                                    "post_receiver", "post_tel", "post_addr", "mask_post_addr")},
    }  # fmt: skip
    if line.extra.get("gift_of"):
        told |= {"given_product_type": "FREE", "master_sku_order_id_list": line.extra["gift_of"], "trade_type": 102}
    return told
