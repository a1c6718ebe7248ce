"""拼多多 order export (CSV, UTF-8, the full set of columns, no recipient at all) and 售后 export.

One order is one SKU. 店铺优惠 is the merchant's; what 平台优惠 and 多多支付立减 take off comes back to the merchant.
``待成团`` is our own guess of a word: no public file shows an open group in this export.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from daifa.kit.clock import BEIJING
from daifa.simulator.exports.file import Exported, Totals, counted, has_paid, is_shipped, totals
from daifa.simulator.listings import Shop
from daifa.simulator.orders import Order, Phase, RefundPhase
from daifa.simulator.sheets import Cell, Row, columns, csv_bytes, stamp, yuan

# The blank before 用户购买手机号 is the platform's.
HEADER = columns(
    """
商品,订单号,订单状态,商品数量(件),是否审核中,支付时间,承诺发货时间,承诺送达时间,发货时间,确认收货时间,商品id,
商品规格,样式ID,商品一级类目,商品二级类目,商品三级类目,商品四级类目,商家编码-规格维度,商家编码-商品维度,
商家备注,买家留言,售后状态,消费者资料,订单成交时间,消费者资料上传时间,赠品名称,赠品id,赠品规格,赠品数量,团ID,
团身份,是否已开始配送,配送员是否已送达,配送状态,同城是否普通快递,商品总价(元),邮费(元),店铺优惠折扣(元),
平台优惠折扣(元),多多支付立减金额(元),上门安装费(元),送货入户费(元),送货入户并安装费(元),用户实付金额(元),
商家实收金额(元),快递单号,快递公司,省,市,区,街道/镇,配送员手机号,是否抽奖或0元试用,是否顺丰加价, 用户购买手机号,
旅行类信息,充值号码,是否门店自提,门店名称,门店自定义编码,关联货品编码,货品名称,货品类型,子货品,仓库名称,
仓库所在地址,海淘清关订单号,支付ID,支付方式,保税仓,是否直播间成交,是否直播间引导成交,预约配送时间,是否节能补贴,
是否分期,分期期数,手续费承担方,是否无痕发货,订单来源,是否社区团购,小区送达情况,分期方式
"""
)
REFUND_HEADER = ("售后编号", "订单编号", "售后状态", "订单状态", "退款金额")
_REFUNDS = {
    RefundPhase.NONE: "无售后或售后取消",
    RefundPhase.APPLIED: "售后处理中",
    RefundPhase.WITHDRAWN: "无售后或售后取消",
    RefundPhase.PART: "部分退款成功",
    RefundPhase.FULL: "退款成功",
}
_NO = ("是否审核中", "是否抽奖或0元试用", "是否门店自提", "是否直播间成交", "是否节能补贴", "是否分期", "是否社区团购")


def _state(order: Order, at: datetime) -> str:
    if order.wait == "group_pending":
        return "待成团"
    phase = order.phase(at)
    if phase is Phase.CLOSED:
        return "已发货，退款成功" if order.shipped_at is not None else "未发货，退款成功"
    words = {Phase.UNPAID: "待付款", Phase.PAID: "待发货", Phase.SHIPPED: "已发货，待签收", Phase.FINISHED: "已收货"}
    return words[phase]


def export_orders(orders: Sequence[Order], shop: Shop, at: datetime) -> Exported:
    """The export of these orders, without a word about who receives them."""
    rows = [
        [f"{c}\t" if h in ("商品id", "样式ID") else c for h, c in zip(HEADER, _row(o, at), strict=True)] for o in orders
    ]
    return Exported(
        name=f"orders_export{at.astimezone(BEIJING):%Y-%m-%d-%H-%M-%S}.csv",
        data=csv_bytes([HEADER, *rows], "utf-8-sig"),
        kind="orders",
        platform="pdd",
        shop=shop.name,
        at=at,
        rows=len(rows),
        orders=len(rows),
        lines=sum(1 + (o.gift is not None) for o in orders),
        totals=totals(orders, at),
        recipients=counted(orders),
    )


def _row(order: Order, at: datetime) -> Row:
    line = order.lines[0]
    shipped = is_shipped(order, at)
    courier = order.parcels[0][0] if shipped else ""
    values: dict[str, Cell] = dict.fromkeys(_NO, "否")
    values |= {
        "商品": line.listing.title,
        "订单号": order.number,
        "订单状态": _state(order, at),
        "商品数量(件)": str(line.quantity),
        "是否审核中": "是" if order.wait == "under_review" else "否",
        "支付时间": stamp(order.paid_at if has_paid(order, at) else None),
        "承诺发货时间": stamp(order.ship_by),
        "发货时间": stamp(order.shipped_at if shipped else None),
        "确认收货时间": stamp(order.finished_at if order.phase(at) is Phase.FINISHED else None),
        "商品id": line.listing.item_no,
        "商品规格": line.listing.spec,
        "样式ID": line.listing.sku_no,
        "商家编码-规格维度": line.listing.merchant_code,
        "商家编码-商品维度": line.listing.merchant_code.partition("-")[0],
        "商家备注": order.memo,
        "买家留言": order.note,
        "售后状态": _REFUNDS[order.refund_phase(at)],
        "订单成交时间": "" if order.wait == "group_pending" else stamp(order.paid_at),
        "商品总价(元)": yuan(order.amount_fen),
        "邮费(元)": yuan(order.freight_fen),
        "店铺优惠折扣(元)": yuan(line.merchant_fen),
        "平台优惠折扣(元)": yuan(line.platform_fen),
        "多多支付立减金额(元)": yuan(line.channel_fen),
        "用户实付金额(元)": yuan(order.paid_fen),
        "商家实收金额(元)": yuan(order.receivable_fen),
        "快递单号": ",".join(n for _, n in order.parcels) if shipped else "",
        "快递公司": courier,
        "是否顺丰加价": "是" if order.sf_demand else "否",
        "支付方式": "微信",
        "订单来源": "APP",
    }
    if order.gift is not None:
        gift = order.gift
        values |= {"赠品名称": gift.title, "赠品id": gift.item_no, "赠品规格": gift.spec, "赠品数量": "1"}
    return [values.get(h, "") for h in HEADER]


def export_refunds(orders: Sequence[Order], shop: Shop, at: datetime) -> Exported:
    """售后 export: the columns that public parsers have seen."""
    asked = [o for o in orders if o.refund_phase(at) is not RefundPhase.NONE]
    words = _REFUNDS | {RefundPhase.APPLIED: "买家申请退款，待商家处理", RefundPhase.WITHDRAWN: "买家撤销"}
    rows = [
        [f"{o.refund.number}\t", o.number, words[o.refund_phase(at)], _state(o, at), yuan(o.refund.amount_fen)]
        for o in asked
        if o.refund is not None
    ]
    return Exported(
        name=f"售后单导出{at.astimezone(BEIJING):%Y-%m-%d-%H-%M-%S}.csv",
        data=csv_bytes([REFUND_HEADER, *rows], "gb18030"),
        kind="refunds",
        platform="pdd",
        shop=shop.name,
        at=at,
        rows=len(rows),
        orders=len(rows),
        totals=Totals(refunded_fen=sum(o.refunded_fen(at) for o in asked)),
    )
