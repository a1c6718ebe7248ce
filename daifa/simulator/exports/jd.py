"""京东 POP order export, classic: xlsx, 30 columns, one row per item with the order's money on each of its rows."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal

from daifa.kit.clock import BEIJING
from daifa.simulator.exports.file import Exported, counted, has_paid, is_shipped, shown_name, shown_phone, totals
from daifa.simulator.listings import Shop
from daifa.simulator.orders import Order, OrderLine, Phase, RefundPhase
from daifa.simulator.sheets import Cell, Row, columns, stamp, workbook

HEADER = columns(
    """
订单号,商品ID,商品名称,订购数量,支付方式,下单时间,京东价,订单金额,结算金额,余额支付,应付金额,订单状态,订单类型,
下单帐号,客户姓名,客户地址,联系电话,订单备注,发票类型,发票抬头,发票内容,商家备注,
商家备注等级（等级1-5为由高到低）,运费金额,付款确认时间,增值税发票,货号,订单完成时间,订单来源,订单渠道
"""
)
PARCEL_HEADER = ("订单号", "快递公司", "快递单号")


def _state(order: Order, at: datetime) -> str:
    if order.wait == "risk":
        return "暂停"
    if order.phase(at) is Phase.CLOSED:
        return "(删除)等待确认收货" if order.shipped_at is not None else "(删除)等待出库"
    words = {
        Phase.UNPAID: "等待付款",
        Phase.PAID: "等待出库",
        Phase.SHIPPED: "等待确认收货",
        Phase.FINISHED: "完成",
    }
    word = words[order.phase(at)]
    return f"(锁定){word}" if order.refund_phase(at) is RefundPhase.APPLIED else word


def _money(fen: int) -> Decimal:
    """Workbooks hold money as numbers."""
    return Decimal(fen) / 100


def export_orders(orders: Sequence[Order], shop: Shop, at: datetime) -> Exported:
    """The export of these orders; the waybills are in the other file."""
    rows = [_row(order, line, at) for order in orders for line in order.lines]
    return Exported(
        name=f"订单导出-{shop.name}-{at.astimezone(BEIJING):%Y%m%d%H%M%S}.xlsx",
        data=workbook([HEADER, *rows], sheet="订单"),
        kind="orders",
        platform="jd",
        shop=shop.name,
        at=at,
        rows=len(rows),
        orders=len(orders),
        lines=len(rows),
        totals=totals(orders, at),
        recipients=counted(orders),
    )


def _row(order: Order, line: OrderLine, at: datetime) -> Row:
    values: dict[str, Cell] = {
        "订单号": order.number,
        "商品ID": line.listing.sku_no,
        "商品名称": f"{line.listing.title} {line.listing.spec}",
        "订购数量": line.quantity,
        "支付方式": "在线支付",
        "下单时间": stamp(order.ordered_at),
        "京东价": _money(line.listing.price_fen),
        "订单金额": _money(order.amount_fen),
        "结算金额": _money(order.receivable_fen),
        "余额支付": 0,
        "应付金额": _money(order.paid_fen),
        "订单状态": _state(order, at),
        "订单类型": "SOP订单",
        "下单帐号": order.buyer,
        "客户姓名": shown_name(order),
        "客户地址": order.person.joined_address,
        "联系电话": shown_phone(order),
        "订单备注": order.note,
        "发票类型": "不需要发票",
        "商家备注": order.memo,
        "商家备注等级（等级1-5为由高到低）": "1" if order.flag == "红" else "",
        "运费金额": 0,
        "付款确认时间": stamp(order.paid_at if has_paid(order, at) else None),
        "货号": line.listing.merchant_code,
        "订单完成时间": stamp(order.finished_at if order.phase(at) is Phase.FINISHED else None),
        "订单来源": "移动端订单",
        "订单渠道": "暂无来源",
    }
    return [values.get(h, "") for h in HEADER]


def export_parcels(orders: Sequence[Order], shop: Shop, at: datetime) -> Exported:
    """快递信息: which waybills the platform knows for these orders."""
    rows = [[o.number, c, n] for o in orders if is_shipped(o, at) for c, n in o.parcels]
    return Exported(
        name=f"快递信息-{shop.name}-{at.astimezone(BEIJING):%Y%m%d%H%M%S}.xlsx",
        data=workbook([PARCEL_HEADER, *rows], sheet="快递信息"),
        kind="parcels",
        platform="jd",
        shop=shop.name,
        at=at,
        rows=len(rows),
        orders=len({r[0] for r in rows}),
    )
