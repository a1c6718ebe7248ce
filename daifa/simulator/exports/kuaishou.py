"""快手小店 order export: xlsx behind a password that is the last six characters of its own name, 61 columns.

One order is one SKU. 实付款 is shown with ¥; what platform and anchor bear comes back to the merchant.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from hashlib import sha256

from daifa.simulator.exports.file import (
    Exported,
    counted,
    file_stamp,
    has_paid,
    is_shipped,
    shown_detail,
    shown_name,
    shown_phone,
    totals,
)
from daifa.simulator.listings import Shop
from daifa.simulator.orders import Order, Phase, RefundPhase
from daifa.simulator.sheets import Cell, Row, columns, locked, stamp, workbook, yuan

HEADER = columns(
    """
订单号,赠品订单号,活动订单编号,订单创建时间,订单支付时间,预售定金支付时间,订单状态,实付款,快递费,店铺优惠,
平台补贴,主播补贴,混资活动优惠,支付优惠,支付方式,成交数量,买家留言,账号类型,账号明细,订单备注,旗帜颜色,售后状态,
活动订单,预售/承诺发货时间,订单载体,商品名称,商品ID,商品规格,SKU编码,商品单价,渠道,CPS达人ID,CPS达人昵称,
预估推广佣金,预估推广者分佣比例,团长ID,团长昵称,快赚客ID,快赚客昵称,授权推广者ID,授权推广者昵称,收货人姓名,
收货人电话,收货地址-省,收货地址-市,收货地址-区,收货地址-街道,收货地址,发货时间,快递公司,快递单号,物流信息,
集运类型,直邮类型,仓库名称,仓库地址,实名姓名,服务门店ID,服务门店名称,服务门店地址,国补/类国补/消费券
"""
)
# Percent of the payment that an anchor earns.
TALENT_PERCENT = 5
_STATES = {
    Phase.UNPAID: "待付款",
    Phase.PAID: "待发货",
    Phase.SHIPPED: "已发货",
    Phase.FINISHED: "交易成功",
    Phase.CLOSED: "交易关闭",
}
_REFUNDS = {
    RefundPhase.NONE: "",
    RefundPhase.APPLIED: "售后处理中",
    RefundPhase.WITHDRAWN: "售后关闭",
    RefundPhase.PART: "部分退款",
    RefundPhase.FULL: "退款成功",
}


def export_orders(orders: Sequence[Order], shop: Shop, at: datetime) -> Exported:
    """The locked export of these orders."""
    rows = [_row(o, at) for o in orders]
    mark = sha256(f"{shop.external_id}{file_stamp(at)}".encode()).hexdigest()[:6]
    stem = f"快手订单_{file_stamp(at)}_{mark}"
    return Exported(
        name=f"{stem}.xlsx",
        data=locked(workbook([HEADER, *rows], sheet="订单列表"), stem[-6:]),
        kind="orders",
        platform="kuaishou",
        shop=shop.name,
        at=at,
        rows=len(rows),
        orders=len(rows),
        lines=len(rows),
        totals=totals(orders, at),
        recipients=counted(orders),
        password=stem[-6:],
    )


def commission_fen(order: Order) -> int:
    """The anchor's estimated commission."""
    return order.paid_fen * TALENT_PERCENT // 100 if order.talent else 0


def _row(order: Order, at: datetime) -> Row:
    line, who = order.lines[0], order.person
    shipped = is_shipped(order, at)
    courier = order.parcels[0][0] if shipped else ""
    values: dict[str, Cell] = {
        "订单号": order.number,
        "订单创建时间": stamp(order.ordered_at),
        "订单支付时间": stamp(order.paid_at if has_paid(order, at) else None),
        "订单状态": _STATES[order.phase(at)],
        "实付款": f"¥{yuan(order.paid_fen)}",
        "快递费": "0.00",
        "店铺优惠": yuan(line.merchant_fen),
        "平台补贴": yuan(line.platform_fen),
        "主播补贴": yuan(line.talent_fen),
        "混资活动优惠": "0.00",
        "支付优惠": "0.00",
        "支付方式": "微信",
        "成交数量": str(line.quantity),
        "买家留言": order.note,
        "订单备注": order.memo,
        "旗帜颜色": order.flag,
        "售后状态": _REFUNDS[order.refund_phase(at)],
        "预售/承诺发货时间": stamp(order.ship_by),
        "订单载体": "直播间" if order.talent else "店铺",
        "商品名称": line.listing.title,
        "商品ID": line.listing.item_no,
        "商品规格": line.listing.spec,
        "SKU编码": line.listing.merchant_code,
        "商品单价": yuan(line.listing.price_fen),
        "渠道": "分销" if order.talent else "自营",
        "CPS达人昵称": order.talent,
        "预估推广佣金": yuan(commission_fen(order)) if order.talent else "",
        "预估推广者分佣比例": f"{TALENT_PERCENT}%" if order.talent else "",
        "收货人姓名": shown_name(order),
        "收货人电话": shown_phone(order),
        "收货地址-省": who.province,
        "收货地址-市": who.city,
        "收货地址-区": who.district,
        "收货地址-街道": who.street,
        "收货地址": shown_detail(order),
        "发货时间": stamp(order.shipped_at if shipped else None),
        "快递公司": courier,
        "快递单号": ",".join(n for _, n in order.parcels) if shipped else "",
        "集运类型": order.consolidation,
    }
    return [values.get(h, "") for h in HEADER]
