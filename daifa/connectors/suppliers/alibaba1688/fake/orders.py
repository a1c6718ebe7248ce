"""Orders as the buyer sees them: list, detail, and what a buyer may still say about them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import orjson

from daifa.connectors.suppliers.alibaba1688.fake import parcels, people
from daifa.connectors.suppliers.alibaba1688.fake.call import LOGISTICS, TRADE, Api, Call, GatewayError, Refused
from daifa.connectors.suppliers.alibaba1688.fake.goods import PICTURES, seller_member, sku_id, spec_id
from daifa.connectors.suppliers.alibaba1688.fake.placing import by_reference
from daifa.connectors.suppliers.alibaba1688.fake.words import KEY, moment, read_moment, truth, yuan
from daifa.ports.books import SupplierOrder, SupplyPhase
from daifa.ports.world import World

# The world's sellers wait so long for payment.
PAY_TIMEOUT = 259_200
TOO_FAST = timedelta(seconds=10)
RECENT = timedelta(days=90)
_STATUS = {
    SupplyPhase.UNPAID: "waitbuyerpay",
    SupplyPhase.PAID: "waitsellersend",
    SupplyPhase.PART_SHIPPED: "waitsellersend",
    SupplyPhase.SHIPPED: "waitbuyerreceive",
    SupplyPhase.RECEIVED: "success",
}
type _Span = tuple[datetime, datetime]
_EVER = (datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC))
_REASONS = ("buyerCancel", "sellerGoodsLack", "other")
ITEM_REFUND = {
    "waitselleragree": "WAIT_SELLER_AGREE", "waitbuyermodify": "WAIT_BUYER_MODIFY", "waitbuyersend": "WAIT_BUYER_SEND",
    "waitsellerreceive": "WAIT_SELLER_RECEIVE", "refundsuccess": "REFUND_SUCCESS", "refundclose": "REFUND_CLOSED",
}  # fmt: skip


def status_of(order: SupplierOrder) -> str:
    """The order's state; closed after payment is another word than closed before."""
    if order.phase is SupplyPhase.CLOSED:
        return "terminated" if order.paid_at is not None else "cancel"
    return _STATUS[order.phase]


def shares(order: SupplierOrder) -> list[int]:
    """The discount of the whole order by lines; the parts add up."""
    amounts = [x.price_fen * x.quantity for x in order.lines]
    whole, given = sum(amounts) or 1, 0
    found = []
    for n, amount in enumerate(amounts):
        part = order.discount_fen - given if n == len(amounts) - 1 else order.discount_fen * amount // whole
        found.append(part)
        given += part
    return found


def _base(order: SupplierOrder, *, whole: bool) -> dict[str, Any]:
    extra = order.extra
    reason = order.close_reason if order.close_reason in _REASONS else "other"
    found = {
        "id": int(order.number), "idOfStr": order.number, "status": status_of(order), "businessType": "cn",
        "tradeType": "50060", "flowTemplateCode": "assureTrade", "outOrderId": order.reference,
        "fromEncryptOrder": "encrypted" in extra, "createTime": moment(order.created_at),
        "payTime": moment(order.paid_at), "allDeliveredTime": moment(order.shipped_at),
        "receivingTime": extra.get("received"), "completeTime": extra.get("received") or moment(order.closed_at),
        "modifyTime": moment(order.updated_at), "totalAmount": yuan(order.total_fen),
        "shippingFee": yuan(order.freight_fen), "sumProductPayment": yuan(order.total_fen - order.freight_fen),
        "couponFee": yuan(0), "refund": yuan(order.refunded_fen), "refundPayment": order.refunded_fen,
        "discount": -order.discount_fen, "refundStatus": extra.get("refund_status"),
        "buyerID": order.account, "sellerID": seller_member(order.seller), "buyerFeedback": extra.get("message"),
        "closeReason": reason if order.phase is SupplyPhase.CLOSED else None, "payTimeout": PAY_TIMEOUT,
    }  # fmt: skip
    if whole:
        found["receiverInfo"] = people.shown(extra, order.receiver)
        found |= {"buyerMemo": order.memo, "remark": order.memo, "buyerRemarkIcon": extra.get("icon")}
    return {k: v for k, v in found.items() if v is not None}


def _items(order: SupplierOrder) -> list[dict[str, Any]]:
    found, where = [], 1 if order.phase in (SupplyPhase.UNPAID, SupplyPhase.PAID) else 2
    where = {SupplyPhase.RECEIVED: 3, SupplyPhase.CLOSED: 2 if order.parcels else 1}.get(order.phase, where)
    refund = ITEM_REFUND.get(str(order.extra.get("refund_status", "")))
    refunded = order.extra.get("refund_entries", [])
    for line, share in zip(order.lines, shares(order), strict=True):
        item = {
            "subItemID": int(line.number), "subItemIDString": line.number, "productID": line.extra["offer"],
            "skuID": sku_id(order.seller, line.sku), "name": line.extra.get("title", line.their_code),
            "cargoNumber": line.their_code, "productCargoNumber": line.their_code, "quantity": line.quantity,
            "unit": "件", "price": yuan(line.price_fen), "entryDiscount": -share,
            "itemAmount": yuan(line.price_fen * line.quantity - share), "refund": yuan(0),
            "status": status_of(order), "logisticsStatus": where,
            "productImgUrl": [f"{PICTURES}/{line.extra['offer']}_0.jpg"],
        }  # fmt: skip
        if not line.extra.get("single"):
            item["specId"] = spec_id(order.seller, line.sku)
            item["skuInfos"] = line.extra.get("options", [])
        if refund and line.number in refunded:
            item["refundStatus"] = refund
        found.append(item)
    return found


def _terms(order: SupplierOrder) -> list[dict[str, Any]]:
    paid = "2" if order.paid_at is not None else "8" if order.phase is SupplyPhase.CLOSED else "1"
    if order.paid_at is not None and order.refunded_fen >= order.total_fen:
        paid = "4"
    elif order.phase is SupplyPhase.RECEIVED:
        paid = "6"
    way = order.extra.get("pay_way", "1")
    return [{"payStatus": paid, "payWay": way, "phasAmount": yuan(order.total_fen), "payTime": moment(order.paid_at)}]


def told(order: SupplierOrder, *, whole: bool) -> dict[str, Any]:
    """One order without its parcels, as the list gives it."""
    return {"baseInfo": _base(order, whole=whole), "productItems": _items(order), "tradeTerms": _terms(order)}


def visible(call: Call, order: SupplierOrder) -> bool:
    """Whether look-ups know the order yet."""
    return order.created_at + timedelta(seconds=float(call.switch("list_lag"))) <= call.world.now()


def _window(call: Call, name: str) -> datetime | None:
    text = call.text(name)
    if not text:
        return None
    try:
        return read_moment(text)
    except ValueError as error:
        raise GatewayError(400, "gw.ParamInvalid", f"Invalid parameter: {name}") from error


def buyer_list(call: Call) -> dict[str, Any]:
    """``getBuyerOrderList``: newest first, no ``success`` at all."""
    if call.text("outOrderId"):
        found = by_reference(call, call.text("outOrderId"))
    elif call.text("orderIds"):
        found = [o for n in call.longs("orderIds") if (o := call.order(n)) is not None]
    else:
        found = [o for o in call.world.books.supplies(KEY) if o.account == call.member]
    history = call.world.now() - RECENT
    older, spans = truth(call.text("isHis")), _spans(call)
    found = [
        o for o in found if visible(call, o) and (o.created_at < history) == older and _fits(call, o, spans)
    ]  # fmt: skip
    found.sort(key=lambda o: (o.created_at, int(o.number)), reverse=True)
    size = call.number("pageSize", 20, int(call.switch("most_per_page")))
    start = (call.number("page", 1) - 1) * size
    whole = truth(call.text("needBuyerAddressAndPhone"))
    return {"result": [told(o, whole=whole) for o in found[start : start + size]], "totalRecord": len(found)}


def _spans(call: Call) -> tuple[_Span, _Span]:
    created, changed = (
        (_window(call, f"{name}StartTime") or _EVER[0], _window(call, f"{name}EndTime") or _EVER[1])
        for name in ("create", "modify")
    )
    return created, changed


def _fits(call: Call, order: SupplierOrder, spans: tuple[_Span, _Span]) -> bool:
    created, changed = spans
    if not (created[0] <= order.created_at <= created[1] and changed[0] <= order.updated_at <= changed[1]):
        return False
    wanted, refund, seller = call.text("orderStatus"), call.text("refundStatus"), call.text("sellerMemberId")
    if wanted and status_of(order) not in wanted.split(","):
        return False
    if refund and order.extra.get("refund_status") != refund:
        return False
    return not seller or seller_member(order.seller) == seller


def buyer_view(call: Call) -> dict[str, Any]:
    """``get.buyerView``: ``success`` is text here."""
    if call.text("orderId"):
        order = call.order(call.text("orderId"))
    else:
        call.need("outOrderId")
        order = next((o for o in by_reference(call, call.text("outOrderId")) if visible(call, o)), None)
    if order is None:
        raise Refused("ORDER_NOT_EXIST", "订单不存在")
    result = told(order, whole=True)
    listed = parcels.bills(call.world, order)
    if listed:
        result["nativeLogistics"] = {
            "address": order.receiver.detail if "encrypted" not in order.extra else order.extra["encrypted"]["address"],
            "logisticsItems": listed,
        }
    return {"success": "true", "result": result}


def _mine(call: Call, number: str, code: str = "ORDER_NOT_EXIST") -> SupplierOrder:
    order = call.order(number)
    if order is None:
        raise Refused(code, "订单不存在")
    return order


def cancel(call: Call) -> dict[str, Any]:
    """``trade.cancel``: unpaid only, and not within ten seconds; its parameter is called tradeID."""
    order, reason = _mine(call, call.need("tradeID")), call.need("cancelReason")
    if reason not in _REASONS:
        raise Refused("400_3", "取消原因不正确")
    if order.phase is not SupplyPhase.UNPAID:
        raise Refused("ORDER_STATUS_ERROR", "订单状态不允许取消")
    if order.created_at + TOO_FAST > call.world.now():
        raise Refused("CLOSE_ORDER_TOO_FAST", "订单创建后 10 秒内不能关闭")
    order.extra["closed_by"] = "buyer"
    call.world.sellers.close(order, reason)
    return {"success": True}


def feedback(call: Call) -> dict[str, Any]:
    """A word to the seller on a paid, unshipped order; the whole stays under 500 characters."""
    said = call.value("tradeFeedbackParam")
    if not isinstance(said, dict) or not said.get("orderId") or not said.get("feedback"):
        raise Refused("400_1", "parameter invalid")
    order = call.order(str(said["orderId"]))
    if order is None:
        raise Refused("500_2", "order not exist error")
    words = "\n".join(x for x in (str(order.extra.get("message", "")), str(said["feedback"])) if x)
    if order.phase is not SupplyPhase.PAID or len(words) > 500:
        raise Refused("500_2", "invalid parameter error")
    _keep(call.world, order, message=words)
    return {"result": {"success": True}, "success": True}


def memo(call: Call) -> dict[str, Any]:
    """The buyer's own memo; each call overwrites the last."""
    order = _mine(call, call.need("orderId"), "400_4")
    order.memo = call.text("memo")
    _keep(call.world, order, icon=call.text("remarkIcon"))
    return {"success": True}


def urge(call: Call) -> dict[str, Any]:
    """Chase the seller, once in 24 hours and before it shipped."""
    order = _mine(call, call.need("orderId"))
    last = order.extra.get("urged")
    now = call.world.now()
    if order.phase is not SupplyPhase.PAID:
        raise Refused("ORDER_STATUS_ERROR", "订单不是待发货状态")
    if last and datetime.fromisoformat(last) + timedelta(hours=24) > now:
        raise Refused("URGE_TOO_OFTEN", "24 小时内只能催一次")
    _keep(call.world, order, urged=now.isoformat())
    return {"result": {"success": True, "result": True}}


def confirm(call: Call) -> dict[str, Any]:
    """The goods are here."""
    order = _mine(call, call.need("orderId"))
    if order.phase is not SupplyPhase.SHIPPED:
        raise Refused("ORDER_STATUS_ERROR", "订单状态不允许确认收货")
    call.world.sellers.receive(order)
    return {"success": True}


def modify_encrypted(call: Call) -> dict[str, Any]:
    """Another encrypted receiver for an order that was made with one and has not been shipped."""
    order = _mine(call, call.need("orderId"))
    if "encrypted" not in order.extra or order.phase not in (SupplyPhase.UNPAID, SupplyPhase.PAID):
        raise Refused("ORDER_STATUS_ERROR", "订单状态不允许修改密文信息")
    order.receiver, extra = people.receiver(call)
    _keep(call.world, order, **extra)
    return {"success": True}


def relation_write(call: Call) -> dict[str, Any]:
    """``order.relation.write``: a report of what belongs to what; it is no key for any look-up."""
    said = call.value("orderRelationParam")
    if not isinstance(said, dict) or call.order(str(said.get("orderId", ""))) is None:
        raise Refused("500", "订单不存在")
    call.world.books.put_doc(KEY, "relation", str(said["orderId"]), orjson.loads(orjson.dumps(said)))
    return {"success": True, "code": "0", "message": "success"}


def _keep(world: World, order: SupplierOrder, **more: Any) -> None:
    order.extra.update(more)
    order.updated_at = world.now()
    world.books.touch(order)


APIS = {
    "alibaba.trade.getBuyerOrderList": Api(TRADE, buyer_list, "bare"),
    "alibaba.trade.get.buyerView": Api(TRADE, buyer_view, "text"),
    "alibaba.trade.cancel": Api(TRADE, cancel),
    "alibaba.trade.addFeedback": Api(TRADE, feedback, "code"),
    "alibaba.order.memoAdd": Api(TRADE, memo),
    "logistics.delivery.urge": Api(LOGISTICS, urge, "inner"),
    "trade.receivegoods.confirm": Api(TRADE, confirm),
    "trade.encryptOutOrderInfo.modify": Api(TRADE, modify_encrypted, "code"),
    "order.relation.write": Api("com.alibaba.fenxiao.crossborder", relation_write, "code"),
}
