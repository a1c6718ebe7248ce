"""Refunds as the buyer asks for them, and how sellers answer. Amounts are fen."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from daifa.connectors.suppliers.alibaba1688.fake.call import FENXIAO, TRADE, Api, Call, Refused
from daifa.connectors.suppliers.alibaba1688.fake.goods import seller_member
from daifa.connectors.suppliers.alibaba1688.fake.orders import shares
from daifa.connectors.suppliers.alibaba1688.fake.words import FIRST_LONG, KEY, moment, plain_moment, truth
from daifa.ports.books import SupplierOrder, SupplyPhase
from daifa.ports.world import World

HOUR, DAY = 3600, 86_400
# A seller that says nothing has agreed after so long; a buyer that does not send back has withdrawn.
SELLER_TIME, BUYER_TIME = 2 * DAY, 7 * DAY
OPEN = ("waitselleragree", "waitbuyermodify", "waitbuyersend", "waitsellerreceive")
_BEFORE = "refundWaitSellerSend"
_ON_THE_WAY = ("refundWaitBuyerReceive", "aftersaleBuyerNotReceived")
_AT_HAND = ("refundBuyerReceived", "aftersaleBuyerReceived")
_REASONS: Mapping[int, tuple[str, bool]] = {
    20006: ("多拍/拍错/不想要", False), 20007: ("协商一致退款", False), 20008: ("缺货", False),
    20021: ("颜色/图案/款式不符", True), 20022: ("质量问题", True), 20025: ("少件/漏发", True),
    20028: ("未按约定时间发货", False), 20030: ("空包裹/物流停滞", False),
}  # fmt: skip


def reasons(call: Call) -> dict[str, Any]:
    """``getRefundReasonList`` for a state of the goods."""
    order = call.order(call.need("orderId"))
    call.longs("orderEntryIds")
    state = call.need("goodsStatus")
    if order is None:
        raise Refused("5001", "订单不存在")
    if state not in (_BEFORE, *_ON_THE_WAY, *_AT_HAND):
        raise Refused("5003", "货物状态不合法")
    found = [
        {"id": n, "name": name, "needVoucher": voucher, "noRefundCarriage": False, "tip": ""}
        for n, (name, voucher) in _REASONS.items()
        if not voucher or state in _AT_HAND
    ]
    return {"result": {"success": True, "result": {"reasons": found}}}


def _most(order: SupplierOrder, entries: list[str]) -> int:
    """What was paid for the goods of these entries, less what came back already."""
    paid = [
        x.price_fen * x.quantity - share
        for x, share in zip(order.lines, shares(order), strict=True)
        if x.number in entries
    ]
    return min(sum(paid), order.total_fen - order.refunded_fen)


def max_fee(call: Call) -> dict[str, Any]:
    """``getMaxRefundFee``."""
    order = call.order(call.need("orderId"))
    if order is None:
        raise Refused("5001", "订单不存在")
    fen = _most(order, call.longs("orderEntryIds"))
    carriage = order.freight_fen if order.phase is SupplyPhase.PAID else 0
    return {"result": {"success": True, "result": {"maxRefundFee": fen, "maxRefundCarriage": carriage}}}


def create(call: Call) -> dict[str, Any]:
    """``createRefund``: an unshipped order only as a whole, with its freight."""
    order = call.order(call.need("orderId"))
    if order is None:
        raise Refused("5001", "订单不存在")
    entries, state, request = call.longs("orderEntryIds"), call.need("goodsStatus"), call.need("disputeRequest")
    fen, carriage = _fen(call, "applyPayment"), _fen(call, "applyCarriage")
    _check_state(order, entries, state, request)
    reason = int(call.need("applyReasonId")) if call.need("applyReasonId").isdigit() else 0
    if reason not in _REASONS:
        raise Refused("5004", "退款退货原因错误，请确认原因id")
    if _REASONS[reason][1] and state in _AT_HAND and not call.text("vouchers"):
        raise Refused("5005", "需要上传凭证")
    if not 2 <= len(call.text("description")) <= 150:
        raise Refused("5012", "退款描述长度错误")
    most = _most(order, entries)
    if state == _BEFORE and (fen != most or carriage != order.freight_fen):
        raise Refused("5011", "退款金额错误：未发货只能全额退款")
    if not 0 < fen + carriage <= most + order.freight_fen or fen > most or carriage > order.freight_fen:
        raise Refused("5011", "退款金额错误")
    return _open(call, order, entries, state, request, fen, carriage, reason)


def _fen(call: Call, name: str) -> int:
    text = call.text(name) or "0"
    if not text.isdigit():
        raise Refused("5011", "退款金额错误")
    return int(text)


def _check_state(order: SupplierOrder, entries: list[str], state: str, request: str) -> None:
    numbers = [x.number for x in order.lines]
    if request not in ("refund", "returnRefund") or not entries or not set(entries) <= set(numbers):
        raise Refused("5010", "退货状态错误")
    fits = {
        SupplyPhase.PAID: (_BEFORE,),
        SupplyPhase.SHIPPED: ("refundWaitBuyerReceive", "refundBuyerReceived"),
        SupplyPhase.RECEIVED: ("aftersaleBuyerNotReceived", "aftersaleBuyerReceived"),
    }.get(order.phase, ())
    if state not in fits or (request == "returnRefund" and state not in _AT_HAND):
        raise Refused("5010", "货物状态与订单状态不一致")
    if state == _BEFORE and set(entries) != set(numbers):
        raise Refused("5010", "未发货只能整单退款")
    if order.extra.get("refund_status") in OPEN:
        raise Refused("5010", "已有进行中的退款")


def _open(call: Call, order: SupplierOrder, entries: list[str], state: str, request: str, fen: int, carriage: int,
          reason: int) -> dict[str, Any]:  # fmt: skip
    world = call.world
    number = world.number("alibaba1688.long", FIRST_LONG)
    key = f"TQ{number}"
    refund: dict[str, Any] = {
        "id": number, "refund": key, "order": order.number, "member": call.member, "entries": entries, "goods": state,
        "request": request, "fen": fen, "carriage": carriage, "reason": reason, "words": call.text("description"),
        "made": world.now().isoformat(), "history": [], "rejects": 0,
    }  # fmt: skip
    _step(world, order, refund, "waitselleragree", "买家申请退款协议，等待卖家确认", SELLER_TIME)
    temper = world.sellers.profile(order.seller).temper
    if temper != "silent":
        wait = world.rng(KEY, "refund", key).uniform(1, 20 if temper == "slow" else 8) * HOUR
        world.after(wait, KEY, "refund_answer", refund=key)
    return {"result": {"success": True, "result": {"refundId": key}}}


def _step(world: World, order: SupplierOrder, refund: dict[str, Any], status: str, words: str, seconds: int) -> None:
    """The refund is in another state, and so is its order; the buyer is told."""
    before, now = refund.get("status", ""), world.now()
    note = {"at": now.isoformat(), "before": before, "after": status, "words": words}
    refund |= {"status": status, "changed": now.isoformat(), "history": [note, *refund["history"]]}
    refund["until"] = (now + timedelta(seconds=seconds)).isoformat() if seconds else ""
    world.books.put_doc(KEY, "refund", refund["refund"], refund)
    if seconds:
        world.after(seconds, KEY, "refund_due", refund=refund["refund"], status=status, changed=refund["changed"])
    order.extra |= {"refund_status": status, "refund_entries": refund["entries"], "refund": refund["refund"]}
    order.updated_at = now
    world.books.touch(order)
    after = order.phase is SupplyPhase.RECEIVED
    topic = "ORDER_BUYER_VIEW_ORDER_REFUND_AFTER_SALES" if after else "ORDER_BUYER_VIEW_ORDER_BUYER_REFUND_IN_SALES"
    world.push(KEY, order.account, topic, {
        "orderId": int(order.number), "refundId": refund["refund"], "refundAction": status.upper(),
        "currentStatus": status, "operator": "buyer" if not before else "seller",
        "buyerMemberId": order.account, "sellerMemberId": seller_member(order.seller),
        "msgSendTime": plain_moment(now),
    })  # fmt: skip


def timer(world: World, name: str, data: Mapping[str, Any]) -> None:
    """The seller answers; or nobody did, and the time is over."""
    kept = world.books.doc(KEY, "refund", str(data["refund"]))
    order = world.books.supply(KEY, kept["order"]) if kept is not None else None
    if kept is None or order is None:
        return
    refund = dict(kept)
    if name == "refund_answer" and refund["status"] == "waitselleragree":
        _answer(world, order, refund)
    elif name == "refund_received" and refund["status"] == "waitsellerreceive":
        _success(world, order, refund)
    elif name == "refund_due" and (refund["status"], refund["changed"]) == (data["status"], data["changed"]):
        if refund["status"] == "waitselleragree":
            _agree(world, order, refund)
        elif refund["status"] == "waitsellerreceive":
            _success(world, order, refund)
        else:
            _step(world, order, refund, "refundclose", "买家超时未处理，退款关闭", 0)


def _answer(world: World, order: SupplierOrder, refund: dict[str, Any]) -> None:
    shipped_since = refund["goods"] == _BEFORE and order.phase is not SupplyPhase.PAID
    rng = world.rng(KEY, "refund_says", refund["refund"], refund["rejects"])
    if shipped_since or (refund["goods"] != _BEFORE and rng.random() < float(world.switch(KEY, "refund_rejects"))):
        refund["rejects"] += 1
        refund["no"] = "货已发出" if shipped_since else "协商未一致"
        _step(world, order, refund, "waitbuyermodify", "卖家拒绝协议，等待买家修改", BUYER_TIME)
    else:
        _agree(world, order, refund)


def _agree(world: World, order: SupplierOrder, refund: dict[str, Any]) -> None:
    if refund["request"] == "returnRefund":
        _step(world, order, refund, "waitbuyersend", "卖家确认收货地址", BUYER_TIME)
    else:
        _success(world, order, refund)


def _success(world: World, order: SupplierOrder, refund: dict[str, Any]) -> None:
    refund |= {"paid": refund["fen"], "paid_carriage": refund["carriage"], "done": world.now().isoformat()}
    whole = refund["fen"] + refund["carriage"]
    if order.phase is SupplyPhase.PAID:
        world.sellers.close(order, "refund", refund=True)
    else:
        order.refunded_fen += whole
        if order.refunded_fen >= order.total_fen:
            world.sellers.close(order, "refund")
    _step(world, order, refund, "refundsuccess", "退款成功", 0)


def _own(call: Call, code: str = "500") -> tuple[SupplierOrder, dict[str, Any]]:
    kept = call.world.books.doc(KEY, "refund", call.need("refundId"))
    order = call.order(kept["order"]) if kept is not None else None
    if kept is None or order is None:
        raise Refused(
            code, '{"errorCode":"003","errorMessage":"SERVICE:查询数据失败，请检查输入参数后重试。","cause":""}'
        )
    return order, dict(kept)


def _told(order: SupplierOrder, refund: Mapping[str, Any], *, history: bool) -> dict[str, Any]:
    found = {
        "id": refund["id"], "refundId": refund["refund"], "orderId": int(order.number), "status": refund["status"],
        "applyPayment": refund["fen"], "applyCarriage": refund["carriage"], "refundPayment": refund.get("paid"),
        "refundCarriage": refund.get("paid_carriage"), "canRefundPayment": _most(order, refund["entries"]),
        "applyReason": _REASONS[refund["reason"]][0], "applyReasonId": refund["reason"],
        "disputeRequest": 3 if refund["request"] == "returnRefund" else 1,
        "disputeType": 2 if refund["goods"].startswith("aftersale") else 1,
        "goodsStatus": 2 if refund["goods"] in _AT_HAND else 1, "rejectReason": refund.get("no"),
        "rejectTimes": refund["rejects"], "orderEntryIdList": [int(n) for n in refund["entries"]],
        "buyerMemberId": order.account, "sellerMemberId": seller_member(order.seller), "tradeTypeStr": "50060",
        "freightBill": refund.get("back_number"), "buyerLogisticsName": refund.get("back_courier"),
        "gmtCreate": moment(datetime.fromisoformat(refund["made"])),
        "gmtApply": moment(datetime.fromisoformat(refund["made"])),
        "gmtModified": moment(datetime.fromisoformat(refund["changed"])),
        "gmtTimeOut": moment(datetime.fromisoformat(refund["until"])) if refund["until"] else None,
        "gmtCompleted": moment(datetime.fromisoformat(refund["done"])) if "done" in refund else None,
        "refundOperationList": _operations(refund) if history else [],
    }  # fmt: skip
    return {k: v for k, v in found.items() if v is not None}


def _operations(refund: Mapping[str, Any]) -> list[dict[str, Any]]:
    return [
        {"refundId": refund["refund"], "beforeOperateStatus": h["before"], "afterOperateStatus": h["after"],
         "operateRemark": h["words"], "gmtCreate": moment(datetime.fromisoformat(h["at"]))}
        for h in refund["history"]
    ]  # fmt: skip


def one(call: Call) -> dict[str, Any]:
    """``OpQueryOrderRefund`` by refundId."""
    order, refund = _own(call)
    told = _told(order, refund, history=truth(call.text("needOrderRefundOperation")))
    return {"result": {"opOrderRefundModelDetail": told}}


def of_order(call: Call) -> dict[str, Any]:
    """``OpQueryBatchRefundByOrderIdAndStatus``: 1 open ones, 3 successful ones."""
    order = call.order(call.need("orderId"))
    if order is None:
        raise Refused("500", "订单号有误", extErrorMessage="订单号有误")
    wanted = ("refundsuccess",) if call.need("queryType") == "3" else OPEN
    listed = [r for r in call.world.books.docs(KEY, "refund").values() if r["order"] == order.number]
    found = [{**_told(order, r, history=False), "success": True} for r in listed if r["status"] in wanted]
    return {"result": {"opOrderRefundModels": found}}


def operations(call: Call) -> dict[str, Any]:
    """``OpQueryOrderRefundOperationList``."""
    _, refund = _own(call)
    return {"result": {"opOrderRefundOperationModels": _operations(refund)}}


def cancel(call: Call) -> dict[str, Any]:
    """``cancelRefund``: the buyer withdraws an open one."""
    order, refund = _own(call, "5001")
    if refund["status"] not in OPEN:
        raise Refused("5010", "退款状态不允许取消")
    _step(call.world, order, refund, "refundclose", "买家取消退款", 0)
    return {"result": {"success": True, "result": True}}


def send_back(call: Call) -> dict[str, Any]:
    """``returnGoods``: the goods are on their way back; the seller pays when they have arrived."""
    order, refund = _own(call, "5001")
    if refund["status"] != "waitbuyersend":
        raise Refused("5010", "退款状态不允许填写退货物流")
    refund |= {"back_number": call.need("freightBill"), "back_courier": call.text("logisticsCompanyNo")}
    _step(call.world, order, refund, "waitsellerreceive", "买家退货", 10 * DAY)
    wait = call.world.rng(KEY, "received_back", refund["refund"]).uniform(2, 5) * DAY
    call.world.after(wait, KEY, "refund_received", refund=refund["refund"])
    return {"result": {"success": True, "result": True}}


def address(call: Call) -> dict[str, Any]:
    """``refund.address.get``: where returned goods go."""
    order = call.order(call.need("orderId"))
    if order is None:
        raise Refused("5001", "订单不存在")
    seller = call.world.sellers.profile(order.seller)
    place = {"fullName": seller.name, "mobile": seller.phone, "address": f"{seller.city}退货仓"}
    return {"result": {"success": True, "result": place}}


APIS = {
    "alibaba.trade.getRefundReasonList": Api(TRADE, reasons, "inner"),
    "alibaba.trade.getMaxRefundFee": Api(TRADE, max_fee, "inner"),
    "alibaba.trade.createRefund": Api(TRADE, create, "inner"),
    "alibaba.trade.refund.OpQueryOrderRefund": Api(TRADE, one, "bare"),
    "alibaba.trade.refund.OpQueryBatchRefundByOrderIdAndStatus": Api(TRADE, of_order, "bare"),
    "alibaba.trade.refund.OpQueryOrderRefundOperationList": Api(TRADE, operations, "bare"),
    "alibaba.trade.refund.returnGoods": Api(TRADE, send_back, "inner"),
    "alibaba.trade.cancelRefund": Api(TRADE, cancel, "inner"),
    "refund.address.get": Api(FENXIAO, address, "inner"),
}
