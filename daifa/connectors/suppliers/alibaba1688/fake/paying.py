"""Paying: the cashier where a person presses the button, the allowed ways, and the agreed withholding."""

from __future__ import annotations

import html
from collections.abc import Sequence
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

from daifa.connectors.suppliers.alibaba1688.fake.call import TRADE, Api, Call, Refused
from daifa.connectors.suppliers.alibaba1688.fake.orders import PAY_TIMEOUT
from daifa.connectors.suppliers.alibaba1688.fake.words import KEY, digest, plain_moment
from daifa.ports.books import SupplierOrder, SupplyPhase
from daifa.ports.world import Reply, Request, World

CASHIER = "/order/cashier.htm"
MOST_ORDERS = 100
MOST_TRIES = 3
WAYS = {"alipay": "1", "shegou": "3"}


def _payable(call: Call, numbers: Sequence[str]) -> tuple[list[SupplierOrder], list[str]]:
    good: list[SupplierOrder] = []
    bad = []
    for number in dict.fromkeys(numbers):
        order = call.order(number)
        if order is not None and order.phase is SupplyPhase.UNPAID:
            good.append(order)
        else:
            bad.append(number)
    return good, bad


def _link(call: Call, orders: Sequence[SupplierOrder], *, batch: bool = False) -> str:
    world = call.world
    ticket = digest(world.seed, "cashier", world.number("alibaba1688.ticket"))
    numbers = [o.number for o in orders]
    world.books.put_doc(KEY, "cashier", ticket, {"orders": numbers, "member": call.member, "batch": batch})
    query = urlencode({"orderId": ";".join(numbers), "ticket": ticket}, safe=";")
    return f"{call.request.base_url}{CASHIER}?{query}"


def alipay_url(call: Call) -> dict[str, Any]:
    """``alipay.url.get``: a cashier for up to 100 orders; some may be left out, and the key is misspelt ``erroMsg``."""
    numbers = call.longs("orderIdList")
    if not numbers or len(numbers) > MOST_ORDERS:
        raise Refused("500_1", f"订单数量应为 1 到 {MOST_ORDERS}")
    good, bad = _payable(call, numbers)
    if not good:
        raise Refused("500_2", "没有可以支付的订单", payFailureOrderList=[int(n) for n in bad])
    answer: dict[str, Any] = {"success": True, "payUrl": _link(call, good)}
    if bad:
        answer |= {"payFailureOrderList": [int(n) for n in bad], "erroMsg": "部分订单不能支付"}
    return answer


def credit_url(call: Call) -> dict[str, Any]:
    """``creditPay.url.get``: only for who has the credit."""
    if "shegou" not in call.switch("agreements"):
        raise Refused("500_2", "未开通诚e赊")
    return alipay_url(call)


def group_url(call: Call) -> dict[str, Any]:
    """``grouppay.url.get``: the combined cashier, whose result comes as a message of its own."""
    good, bad = _payable(call, call.longs("orderIds"))
    if not good or bad:
        raise Refused("500_2", "订单不存在或不是待付款状态")
    return {"results": {"success": True, "payUrl": _link(call, good, batch=True)}}


def ways(call: Call) -> dict[str, Any]:
    """``payWay.query``: by what an unpaid order may be paid; ``payFee`` in fen."""
    order = call.order(call.need("orderId"))
    if order is None or order.phase is not SupplyPhase.UNPAID:
        raise Refused("500_2", "没有权限获取该订单可支付方式。")
    channels = [{"code": 1, "name": "支付宝"}]
    if "shegou" in call.switch("agreements"):
        channels.append({"code": 3, "name": "诚e赊"})
    until = order.created_at + timedelta(seconds=PAY_TIMEOUT)
    fee = {"channels": channels, "orderId": order.number, "payFee": order.total_fen, "timeout": plain_moment(until)}
    return {"resultList": fee, "success": True}


def is_open(call: Call) -> dict[str, Any]:
    """``protocolPay.isopen``: Booleans as text."""
    signed = call.switch("agreements")
    found = [
        {"payChannel": name.upper(), "bindingStatus": str(name in signed).lower(),
         "signedStatus": str(name in signed).lower()}
        for name in WAYS
    ]  # fmt: skip
    return {"result": {"success": True, "result": {"paymentAgreements": found}}}


def prepare(call: Call) -> dict[str, Any]:
    """``protocolPay.preparePay``: charged without a person. ``paySuccess`` may say false although it was charged."""
    said = call.value("tradeWithholdPreparePayParam")
    if not isinstance(said, dict) or not str(said.get("orderId", "")).isdigit():
        raise Refused("400_1", "parameter invalid")
    order = call.order(str(said["orderId"]))
    if order is None or order.phase is not SupplyPhase.UNPAID:
        raise Refused("500_2", "订单不存在或不是待付款状态")
    channel = said.get("payChannel") or next((n for n in ("shegou", "alipay") if n in call.switch("agreements")), "")
    if channel not in call.switch("agreements"):
        raise Refused("NOT_SIGNED", "未签约免密支付")
    if said.get("payAmount") not in (None, "", order.total_fen, str(order.total_fen)):
        raise Refused("PARAM_ILLEGAL", "支付金额与订单金额不一致")
    tries = int(order.extra.get("tries", 0)) + 1
    if tries > MOST_TRIES:
        raise Refused("TOO_MANY_TRIES", "扣款失败次数过多")
    order.extra["tries"] = tries
    call.world.books.touch(order)
    if call.chance("pay_fails", order.number, tries):
        return _prepared(None, success=False)
    pay(call.world, order, WAYS[channel])
    return _prepared(channel, success=not call.chance("pay_unclear", order.number, tries))


def _prepared(channel: str | None, *, success: bool) -> dict[str, Any]:
    result = {"payChannel": channel if success else None, "paySuccess": success}
    return {"result": {"success": True, "code": None, "message": None, "result": result}}


def pay(world: World, order: SupplierOrder, way: str) -> None:
    """The money is with the platform."""
    order.extra["pay_way"] = way
    world.sellers.pay(order)


def cashier(world: World, request: Request) -> Reply:
    """The page where a person looks at the orders and presses pay."""
    said = {**request.pairs, **request.form}
    kept = world.books.doc(KEY, "cashier", said.get("ticket", ""))
    if kept is None:
        return _page("<p>收银台链接已失效，请重新获取。</p>", 404)
    orders = [o for n in kept["orders"] if (o := world.books.supply(KEY, n)) is not None]
    if request.method == "POST":
        return _page(_paid(world, orders, kept))
    rows = "".join(
        f"<tr><td>{o.number}</td><td>{html.escape(world.sellers.profile(o.seller).name)}</td>"
        f"<td>¥{o.total_fen // 100}.{o.total_fen % 100:02d}</td><td>{_word(o)}</td></tr>"
        for o in orders
    )
    whole = sum(o.total_fen for o in orders if o.phase is SupplyPhase.UNPAID)
    hidden = f'<input type="hidden" name="ticket" value="{html.escape(said["ticket"], quote=True)}">'
    button = (
        f'<form method="post" action="{CASHIER}">{hidden}<button>确认支付 ¥{whole // 100}.{whole % 100:02d}</button>'
    )
    head = "<tr><th>订单</th><th>卖家</th><th>金额</th><th>状态</th></tr>"
    return _page(f"<h1>1688 收银台</h1><table>{head}{rows}</table>{button}</form>")


def _word(order: SupplierOrder) -> str:
    return {SupplyPhase.UNPAID: "待付款", SupplyPhase.CLOSED: "已关闭"}.get(order.phase, "已付款")


def _paid(world: World, orders: Sequence[SupplierOrder], kept: dict[str, Any]) -> str:
    result, short = [], set(world.switch(KEY, "balance_short"))
    for order in orders:
        if order.phase is SupplyPhase.UNPAID and order.seller not in short:
            pay(world, order, "1")
            result.append({"orderId": int(order.number), "status": "successed"})
        elif order.phase is SupplyPhase.UNPAID:
            result.append({"orderId": int(order.number), "status": "ACCOUNT_BALANCE_NOT_ENOUGH"})
    if kept["batch"]:
        world.push(KEY, kept["member"], "ORDER_BATCH_PAY", {"batchPay": result})
    done = sum(x["status"] == "successed" for x in result)
    return f"<h1>支付完成</h1><p>本次支付 {done} 笔订单，共 {len(orders)} 笔。</p>"


def _page(body: str, status: int = 200) -> Reply:
    head = '<!DOCTYPE html><html lang="zh-CN"><head><meta charset="utf-8"><title>1688 收银台</title></head>'
    return Reply(status, f"{head}<body>{body}</body></html>".encode(), "text/html; charset=utf-8")


APIS = {
    "alibaba.alipay.url.get": Api(TRADE, alipay_url, "erro"),
    "alibaba.creditPay.url.get": Api(TRADE, credit_url, "erro"),
    "alibaba.trade.grouppay.url.get": Api(TRADE, group_url, "info"),
    "alibaba.trade.payWay.query": Api(TRADE, ways, "msg"),
    "alibaba.trade.pay.protocolPay.isopen": Api(TRADE, is_open, "inner"),
    "alibaba.trade.pay.protocolPay.preparePay": Api(TRADE, prepare, "inner"),
}
