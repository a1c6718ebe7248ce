"""Orders are made here: three calls, five answers to the same own reference, partial success, splits."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from daifa.connectors.suppliers.alibaba1688.fake import people, selling
from daifa.connectors.suppliers.alibaba1688.fake.call import FENXIAO, TRADE, Api, Call, Refused, ReplyLost
from daifa.connectors.suppliers.alibaba1688.fake.goods import options
from daifa.connectors.suppliers.alibaba1688.fake.quoting import (
    Quote,
    Wanted,
    basket,
    check,
    check_place,
    lacking,
    preview,
    quote,
)
from daifa.connectors.suppliers.alibaba1688.fake.words import FIRST_LONG, KEY
from daifa.ports.books import Receiver, SupplierOrder, SupplyLine

_TRADE_TYPES = ("fxassure", "assureTrade", "alipay", "period", "assure", "creditBuy", "bank", "631staged", "37staged")


def general_preview(call: Call) -> dict[str, Any]:
    """``createOrder.preview``."""
    return _previewed(call, call.text("flow"))


def fenxiao_preview(call: Call) -> dict[str, Any]:
    """``createFenxiaoOrder.preview``: the same at the distribution price."""
    return _previewed(call, call.text("flow") or "fenxiao")


def _previewed(call: Call, flow: str) -> dict[str, Any]:
    answer = preview(call, flow)
    # Having shown a price is when a price-raiser thinks of a better one.
    selling.tempted(call.world, call.goods, [w.offer for w in basket(call)])
    return answer


def fast_create(call: Call) -> dict[str, Any]:
    """``fastCreateOrder``: one seller, one order."""
    return _one(call, call.text("flow"))


def fenxiao_create(call: Call) -> dict[str, Any]:
    """``fenxiaoOrder.create``: a distribution order."""
    return _one(call, call.text("flow") or "fenxiao")


def _one(call: Call, flow: str) -> dict[str, Any]:
    before = _already(call)
    if before:
        return _created(call, before[0], [])
    wanted, failed, who, extra = _ready(call, flow)
    order = _place(call, quote(call, wanted, flow), who, extra)
    _maybe_lose(call)
    return _created(call, order, failed)


def create_cross(call: Call) -> dict[str, Any]:
    """``createCrossOrder``: the older kind, which may be cut into several orders."""
    before = _already(call)
    if before:
        return _crossed(before)
    if call.text("tradeType") == "creditBuy":
        raise Refused("500_2", "not support tradeType:【creditBuy】")
    flow = call.text("flow") or "general"
    wanted, failed, who, extra = _ready(call, flow)
    pages = list(dict.fromkeys(w.item.offer_id for w in wanted)) if call.switch("cross_split") else [0]
    orders = [
        _place(call, quote(call, [w for w in wanted if page in (0, w.item.offer_id)], flow), who, extra)
        for page in pages
    ]
    _maybe_lose(call)
    if len(orders) == 1:
        return _created(call, orders[0], failed)
    return {**_crossed(orders), "failedOfferList": failed}


def _already(call: Call) -> list[SupplierOrder]:
    """What the same reference made before, where a second call means the first; else nothing. Raises Refused."""
    reference = call.text("outOrderId")
    before = by_reference(call, reference) if reference else []
    policy = call.switch("duplicate")
    if not before or policy == "second":
        return []
    if policy == "refuse":
        raise Refused(str(call.switch("duplicate_code")), "外部订单号重复，订单已存在")
    return before


def by_reference(call: Call, reference: str) -> list[SupplierOrder]:
    """Every order of this buyer with an own reference, oldest first."""
    kept = call.world.books.doc(KEY, "reference", f"{call.member}/{reference}")
    numbers: Sequence[str] = kept["orders"] if kept else ()
    found = [call.order(n) for n in numbers]
    return [o for o in found if o is not None]


def _ready(call: Call, flow: str) -> tuple[list[Wanted], list[dict[str, Any]], Receiver, dict[str, Any]]:
    """The basket that can be bought and what is left out of it. Raises Refused."""
    wanted = basket(call)
    who, extra = people.receiver(call)
    seller = wanted[0].item.seller
    check(call, wanted, flow)
    check_place(call, seller, who)
    if seller in call.switch("no_trade_mode"):
        raise Refused("500_001", "商品不支持通过接口下单")
    if call.text("tradeType") and call.text("tradeType") not in _TRADE_TYPES:
        raise Refused("500_2", f"not support tradeType:【{call.text('tradeType')}】")
    if len(call.text("message")) > 500:
        raise Refused("500_2", "买家留言超过 500 个字符")
    out = [w for w in wanted if lacking(call, w) or selling.admits(call.world, w.offer, w.quantity)]
    left = [w for w in wanted if w not in out]
    if out and (not left or not call.switch("partial")):
        raise Refused("500_004", "库存不足")
    failed = [{**w.named, "errorCode": "500_004", "errorMessage": "库存不足"} for w in out]
    return left, failed, who, extra


def _place(call: Call, q: Quote, who: Receiver, extra: dict[str, Any]) -> SupplierOrder:
    world, now = call.world, call.world.now()
    number = str(world.number("alibaba1688.long", FIRST_LONG))
    lines = [
        SupplyLine(
            str(world.number("alibaba1688.long", FIRST_LONG)), w.offer.sku, w.offer.their_code, w.quantity, fen,
            {"offer": w.item.offer_id, "single": w.item.single, "title": w.item.title, "options": options(w.offer)},
        )
        for w, fen in q.lines
    ]  # fmt: skip
    order = SupplierOrder(
        f"{KEY}/{number}", KEY, q.seller, call.member, number, call.text("outOrderId"), now, now, who, lines,
        q.freight_fen, q.discount_fen,
        extra={**extra, "flow": q.flow, "message": call.text("message"), "asked": q.discount_fen},
    )  # fmt: skip
    if order.reference:
        key = f"{call.member}/{order.reference}"
        kept = world.books.doc(KEY, "reference", key) or {"orders": []}
        world.books.put_doc(KEY, "reference", key, {"orders": [*kept["orders"], number]})
    world.sellers.place(order)
    return order


def _maybe_lose(call: Call) -> None:
    """The order is there, the answer never arrives."""
    if call.chance("reply_lost", call.world.number("alibaba1688.reply")):
        raise ReplyLost


def _created(call: Call, order: SupplierOrder, failed: list[dict[str, Any]]) -> dict[str, Any]:
    # The documents' own samples show success false on a good creation.
    return {
        "success": not call.switch("success_false"),
        "result": {
            "orderId": order.number, "totalSuccessAmount": order.total_fen, "postFee": order.freight_fen,
            "failedOfferList": failed,
        },
    }  # fmt: skip


def _crossed(orders: Sequence[SupplierOrder]) -> dict[str, Any]:
    """Several orders: the fields of a single one stay empty, the amount's key is misspelt."""
    listed = [{"orderId": o.number, "orderAmmount": o.total_fen, "postFee": o.freight_fen} for o in orders]
    return {"success": True, "result": {"orderId": "", "totalSuccessAmount": None, "orderList": listed}}


APIS = {
    "alibaba.trade.addresscode.parse": Api(TRADE, people.parse, "bare"),
    "alibaba.createOrder.preview": Api(TRADE, general_preview, "msg"),
    "alibaba.trade.createFenxiaoOrder.preview": Api(FENXIAO, fenxiao_preview, "msg"),
    "alibaba.trade.fastCreateOrder": Api(TRADE, fast_create),
    "alibaba.trade.fenxiaoOrder.create": Api(TRADE, fenxiao_create),
    "alibaba.trade.createCrossOrder": Api(TRADE, create_cross, "code"),
}
