"""抖店 order export: CSV, UTF-8 with BOM, 73 columns, one row per 子订单, tabs before ids, ``-`` for nothing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from daifa.simulator.exports.file import (
    Exported,
    counted,
    file_stamp,
    shown_detail,
    shown_name,
    shown_phone,
    totals,
)
from daifa.simulator.listings import Shop
from daifa.simulator.orders import Order, OrderLine, Phase, RefundPhase
from daifa.simulator.sheets import Row, columns, csv_bytes, stamp, yuan

# Facts: 111 files of 2026 have these 73 columns in this order.
HEADER = columns(
    """
主订单编号,子订单编号,选购商品,商品规格,商品数量,商品ID,商家编码,商品单价,订单应付金额,运费,优惠总金额,平台优惠,
商家优惠,达人优惠,商家改价,支付优惠,红包抵扣,支付方式,手续费,收件人,收件人手机号,省,市,区,街道,详细地址,
是否修改过地址,地址修改时段,买家留言,订单提交时间,旗帜颜色,商家备注,订单完成时间,支付完成时间,APP渠道,流量来源,
订单状态,承诺发货时间,订单类型,鲁班落地页ID,达人ID,达人昵称,所属门店ID,售后状态,取消原因,预约发货时间,仓库ID,
仓库名称,是否安心购,广告渠道,流量类型,流量体裁,流量渠道,发货主体,发货主体明细,发货时间,降价类优惠,
平台实际承担优惠金额,商家实际承担优惠金额,达人实际承担优惠金额,预计送达时间,是否平台仓自流转,车型,商品69码,
发货SN码,发货IMEI码1,发货IMEI码2,预约送达时间,建议发货时间（起）,建议发货时间（止）,物流SN码,物流IMEI码1,
物流IMEI码2
"""
)
_STATES = {
    Phase.UNPAID: "待支付",
    Phase.PAID: "待发货",
    Phase.SHIPPED: "已发货",
    Phase.FINISHED: "已完成",
    Phase.CLOSED: "已关闭",
}
_REFUNDS = {
    RefundPhase.NONE: "-",
    RefundPhase.APPLIED: "待商家处理",
    RefundPhase.WITHDRAWN: "售后关闭",
    RefundPhase.PART: "已部分退款",
    RefundPhase.FULL: "退款成功",
}


def export_orders(orders: Sequence[Order], shop: Shop, at: datetime) -> Exported:
    """The export of these orders as the back office shows them at a moment."""
    rows = [row for order in orders for row in _rows(order, at)]
    return Exported(
        name=f"{shop.name}_订单导出_{file_stamp(at)}.csv",
        data=csv_bytes([HEADER, *rows], "utf-8-sig"),
        kind="orders",
        platform="douyin",
        shop=shop.name,
        at=at,
        rows=len(rows),
        orders=len(orders),
        lines=len(rows),
        totals=totals(orders, at),
        recipients=counted(orders),
    )


def _rows(order: Order, at: datetime) -> Iterator[Row]:
    for n, line in enumerate(order.lines):
        yield [_cell(name, value) for name, value in zip(HEADER, _values(order, line, n, at), strict=True)]


def _cell(header: str, value: str) -> str:
    # Ids wear a tab so that Excel leaves them alone.
    return f"\t{value}" if header.endswith(("编号", "ID")) or header in ("选购商品", "商家编码") else value


def _values(order: Order, line: OrderLine, n: int, at: datetime) -> Iterator[str]:
    discounts = line.merchant_fen + line.platform_fen + line.talent_fen
    # The shop's own discount comes with the name of the promotion.
    merchant = f"店铺满减-{yuan(line.merchant_fen)}" if line.merchant_fen else "0.00"
    yield from (order.number, line.number, line.listing.title, line.listing.spec, str(line.quantity))
    yield from (line.listing.item_no, line.listing.merchant_code, yuan(line.listing.price_fen))
    yield from (yuan(line.payable_fen), "0.00", yuan(discounts), yuan(line.platform_fen), merchant)
    yield from (yuan(line.talent_fen), "0.00", yuan(line.channel_fen), "0.00", "微信", "0.00")
    yield from _recipient(order)
    yield from ("否", "-", order.note or "-", stamp(order.ordered_at), order.flag or "-", order.memo or "-")
    finished = order.finished_at if order.finished_at and order.finished_at <= at else None
    yield from (stamp(finished, "-"), stamp(order.paid_at, "-"), "抖音", "精选联盟" if order.talent else "小店自卖")
    yield from (_state(order, n, at), stamp(order.ship_by, "-"), "预售订单" if order.wait == "presale" else "普通订单")
    yield from ("-", _talent_id(order), order.talent or "-", "-", _REFUNDS[order.refund_phase(at, n)])
    closed = order.phase(at) is Phase.CLOSED
    reason = order.refund.reason if closed and order.refund else "-"
    reserved = order.not_before if order.wait == "reserved" else None
    yield from (reason, stamp(reserved, "-"), "-", "-", "是", "-", "自然流量", "直播" if order.talent else "商品卡")
    shipped = order.shipped_at if order.shipped_at and order.shipped_at <= at else None
    yield from ("-", "商家发货", "-", stamp(shipped, "-"), "0.00")
    yield from (yuan(line.platform_fen), yuan(line.merchant_fen), yuan(line.talent_fen))
    yield from ["-"] * 13


def _recipient(order: Order) -> tuple[str, ...]:
    who = order.person
    return (
        shown_name(order),
        shown_phone(order),
        who.province,
        who.city,
        who.district,
        who.street,
        shown_detail(order),
    )


def _state(order: Order, n: int, at: datetime) -> str:
    # A line that was refunded whole is closed while the others go on.
    if order.refund_phase(at, n) is RefundPhase.FULL:
        return _STATES[Phase.CLOSED]
    return _STATES[order.phase(at)]


def _talent_id(order: Order) -> str:
    if not order.talent:
        return "0"
    return str(7_000_000_000_000_000 + sum(ord(c) * 31**i for i, c in enumerate(order.talent)) % 10**12)
