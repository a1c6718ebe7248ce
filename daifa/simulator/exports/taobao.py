"""淘宝/天猫: 订单报表 ExportOrderList, 宝贝报表 ExportOrderDetailList, 退款 export.

The two reports are CSV in GBK with ids as ``="…"`` and phones behind an apostrophe; orders and items are joined by
订单编号. 打款商家金额 is empty until the money was released.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from daifa.kit.clock import BEIJING
from daifa.simulator.exports.file import (
    Exported,
    Totals,
    counted,
    has_paid,
    is_shipped,
    paid_by,
    shown_name,
    shown_phone,
)
from daifa.simulator.listings import Shop
from daifa.simulator.orders import Order, Phase, RefundPhase
from daifa.simulator.sheets import Cell, Row, columns, csv_bytes, stamp, workbook, yuan

# Trailing blanks are the platform's.
LIST_HEADER = columns(
    """
订单编号,买家会员名,买家支付宝账号,买家应付货款,买家应付邮费,买家支付积分,总金额,返点积分,买家实际支付金额,
买家实际支付积分,订单状态,买家留言,收货人姓名,收货地址 ,运送方式,联系电话 ,联系手机,订单创建时间,订单付款时间 ,
宝贝标题 ,宝贝种类 ,物流单号 ,物流公司,订单备注,宝贝总数量,店铺Id,店铺名称,订单关闭原因,卖家服务费,买家服务费,
发票抬头,是否手机订单,分阶段订单信息,特权订金订单id,是否上传合同照片,是否上传小票,是否代付,定金排名,修改后的sku,
修改后的收货地址,异常信息,天猫卡券抵扣,集分宝抵扣,是否是O2O交易,新零售交易类型,新零售导购门店名称,
新零售导购门店id,新零售发货门店名称,新零售发货门店id,退款金额,预约门店,确认收货时间,打款商家金额,
含应开票给个人的个人红包
"""
)
DETAIL_HEADER = columns(
    """
订单编号,标题,价格,购买数量,外部系统编号,商品属性,套餐信息,备注,订单状态,商家编码
"""
)
REFUND_HEADER = columns(
    """
订单编号,退款编号,支付宝交易号,订单付款时间,商家编码,退款完结时间,买家会员名称,买家实际支付金额,宝贝标题,
买家退款金额,手工退款/系统退款,是否需要退货,退款的申请时间,超时时间,退款状态,货物状态,退货物流信息,发货物流信息,
客服介入状态,卖家真实姓名,卖家退货地址,卖家邮编,卖家电话,卖家手机,退货物流单号,退货物流公司,买家退款原因,
买家退款说明,买家退货时间,责任方,售中或售后,商家备注,完结时间,部分退款/全部退款,审核操作人,举证超时,
是否零秒响应,退款操作人,主数据编码
"""
)
_STATES = {
    Phase.UNPAID: "等待买家付款",
    Phase.PAID: "买家已付款,等待卖家发货",
    Phase.SHIPPED: "卖家已发货,等待买家确认",
    Phase.FINISHED: "交易成功",
    Phase.CLOSED: "交易关闭",
}
_REFUND_STATES = {
    RefundPhase.APPLIED: "买家已经申请退款，等待卖家同意",
    RefundPhase.WITHDRAWN: "退款关闭",
    RefundPhase.PART: "退款成功",
    RefundPhase.FULL: "退款成功",
}


def _formula(text: str) -> str:
    return f'="{text}"' if text else ""


def released_fen(order: Order, at: datetime) -> int | None:
    """What the platform has paid out to the merchant by a moment; None before the trade succeeded."""
    if order.phase(at) is not Phase.FINISHED:
        return None
    return order.receivable_fen - order.refunded_fen(at)


def export_orders(orders: Sequence[Order], shop: Shop, at: datetime) -> Exported:
    """订单报表: one row per order, without the items' numbers."""
    released = [r for o in orders if (r := released_fen(o, at)) is not None]
    return Exported(
        name=f"ExportOrderList{at.astimezone(BEIJING):%Y%m%d%H%M}.csv",
        data=csv_bytes([LIST_HEADER, *(_list_row(o, shop, at) for o in orders)], "gb18030"),
        kind="orders",
        platform="taobao",
        shop=shop.name,
        at=at,
        rows=len(orders),
        orders=len(orders),
        totals=Totals(
            sum(o.amount_fen for o in orders),
            sum(paid_by(o, at) for o in orders),
            sum(released) if released else None,
            sum(o.refunded_fen(at) for o in orders),
        ),
        recipients=counted(orders),
    )


def _list_row(order: Order, shop: Shop, at: datetime) -> Row:
    shipped = is_shipped(order, at)
    released = released_fen(order, at)
    courier, number = order.parcels[0] if shipped and order.parcels else ("", "")
    # A second box of the same order follows behind a comma.
    numbers = ",".join(n for _, n in order.parcels) if shipped else ""
    goods, paid = yuan(order.amount_fen), yuan(paid_by(order, at))
    values: dict[str, Cell] = {
        "订单编号": _formula(order.number),
        "买家会员名": order.buyer,
        "买家应付货款": goods,
        "买家应付邮费": yuan(order.freight_fen),
        "买家支付积分": "0",
        "总金额": yuan(order.amount_fen + order.freight_fen),
        "返点积分": "0",
        "买家实际支付金额": paid,
        "买家实际支付积分": "0",
        "订单状态": _STATES[order.phase(at)],
        "买家留言": order.note,
        "收货人姓名": shown_name(order),
        "收货地址 ": order.person.full_address,
        "运送方式": "快递",
        "联系手机": f"'{shown_phone(order)}",
        "订单创建时间": stamp(order.ordered_at),
        "订单付款时间 ": stamp(order.paid_at if has_paid(order, at) else None),
        "宝贝标题 ": "，".join(line.listing.title for line in order.lines),
        "宝贝种类 ": str(len(order.lines)),
        "物流单号 ": f"No:{numbers}" if number else "",
        "物流公司": courier,
        "订单备注": f"'{order.memo}" if order.memo else "",
        "宝贝总数量": str(sum(line.quantity for line in order.lines)),
        "店铺Id": shop.external_id,
        "店铺名称": shop.name,
        "订单关闭原因": "退款" if order.phase(at) is Phase.CLOSED else "订单未关闭",
        "卖家服务费": "0",
        "买家服务费": "0",
        "是否手机订单": "手机订单",
        "是否代付": "否",
        "退款金额": yuan(order.refunded_fen(at)),
        "确认收货时间": stamp(order.finished_at if order.phase(at) is Phase.FINISHED else None),
        "打款商家金额": "" if released is None else f"{yuan(released)}元",
    }
    return [values.get(h, "") for h in LIST_HEADER]


def export_items(orders: Sequence[Order], shop: Shop, at: datetime) -> Exported:
    """宝贝报表: one row per item, joined to the other report by 订单编号."""
    rows = [
        [
            _formula(order.number),
            line.listing.title,
            yuan(line.listing.price_fen),
            str(line.quantity),
            line.listing.merchant_code,
            line.listing.spec,
            "",
            order.memo,
            _STATES[order.phase(at)],
            line.listing.merchant_code,
        ]
        for order in orders
        for line in order.lines
    ]
    return Exported(
        name=f"ExportOrderDetailList{at.astimezone(BEIJING):%Y%m%d%H%M}.csv",
        data=csv_bytes([DETAIL_HEADER, *rows], "gb18030"),
        kind="lines",
        platform="taobao",
        shop=shop.name,
        at=at,
        rows=len(rows),
        orders=len(orders),
        lines=len(rows),
        totals=Totals(sum(o.amount_fen for o in orders)),
    )


def export_refunds(orders: Sequence[Order], shop: Shop, at: datetime) -> Exported:
    """退款 export: one row per refund that was asked for by then."""
    asked = [o for o in orders if o.refund_phase(at) is not RefundPhase.NONE]
    return Exported(
        name=f"天猫退款单_{at.astimezone(BEIJING):%Y%m%d%H%M}.xlsx",
        data=workbook([REFUND_HEADER, *(_refund_row(o, at) for o in asked)], sheet="天猫退款单"),
        kind="refunds",
        platform="taobao",
        shop=shop.name,
        at=at,
        rows=len(asked),
        orders=len(asked),
        totals=Totals(refunded_fen=sum(o.refunded_fen(at) for o in asked)),
    )


def _refund_row(order: Order, at: datetime) -> Row:
    refund, state = order.refund, order.refund_phase(at)
    if refund is None:
        return []
    line = order.lines[refund.line or 0]
    settled = refund.settled_at if state is not RefundPhase.APPLIED else None
    values: dict[str, Cell] = {
        "订单编号": order.number,
        "退款编号": refund.number,
        "订单付款时间": stamp(order.paid_at),
        "商家编码": line.listing.merchant_code,
        "退款完结时间": stamp(settled),
        "买家会员名称": order.buyer,
        "买家实际支付金额": yuan(order.paid_fen),
        "宝贝标题": line.listing.title,
        "买家退款金额": yuan(refund.amount_fen),
        "手工退款/系统退款": "手工退款",
        "是否需要退货": "需要退货" if refund.needs_return else "不需要退货",
        "退款的申请时间": stamp(refund.applied_at),
        "超时时间": stamp(refund.applied_at + timedelta(days=2)) if settled is None else "",
        "退款状态": _REFUND_STATES[state],
        "货物状态": "买家已收到货" if refund.needs_return else "买家未收到货",
        "客服介入状态": "不需客服介入",
        "买家退款原因": refund.reason,
        "售中或售后": "售后" if refund.needs_return else "售中",
        "完结时间": stamp(settled),
        "部分退款/全部退款": "部分退款" if refund.outcome is RefundPhase.PART else "全部退款",
    }
    return [values.get(h, "") for h in REFUND_HEADER]
