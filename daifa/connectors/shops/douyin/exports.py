"""Douyin's files: order export, after-sale export, batch shipping.

Headers: the 73/74-column export of 2025–2026; older ones lack some columns. One row is one 子订单; all money is of
the row (公开核对：31,765 main orders with 33,743 rows, sums over rows are sales). 订单应付金额 − 支付优惠 is what the
buyer paid; what platform and 达人 bear comes to the merchant.
"""

from __future__ import annotations

from daifa.connectors.shops.douyin.mapping import REFUND_STATES, STATES
from daifa.ports.sheet import ExportProfile, Grain, ImportKind, ShipTemplate

_ORDER_COLUMNS = {
    "主订单编号": "order_no",
    "子订单编号": "line_no",
    "选购商品": "title",
    "商品规格": "spec",
    "商品数量": "quantity",
    "商品ID": "item_no",
    "商家编码": "merchant_code",
    "货号": "merchant_code",
    "商品单价": "unit_price",
    "商品金额": "unit_price",
    "订单应付金额": "line_payable",
    "运费": "line_freight",
    "支付优惠": "line_pay_discount",
    "平台实际承担优惠金额": "line_borne",
    "达人实际承担优惠金额": "line_borne",
    "支付方式": "pay_method",
    "收件人": "recipient_name",
    "收件人手机号": "recipient_phone",
    "省": "province",
    "市": "city",
    "区": "district",
    "街道": "street",
    "详细地址": "address",
    "是否修改过地址": "address_changed",
    "买家留言": "buyer_note",
    "订单提交时间": "ordered_at",
    "旗帜颜色": "flag",
    "商家备注": "seller_memo",
    "订单完成时间": "finished_at",
    "支付完成时间": "paid_at",
    "订单状态": "state",
    "承诺发货时间": "ship_by",
    "订单类型": "order_type",
    "售后状态": "refund_state",
    "取消原因": "cancel_reason",
    "预约发货时间": "ship_not_before",
    "发货时间": "shipped_at",
    "店铺名称": "shop_name",
    "快递公司": "courier",
    "快递单号": "tracking_no",
}
# Known, and kept as extra columns.
_ORDER_EXTRAS = """
优惠总金额 平台优惠 商家优惠 达人优惠 商家改价 红包抵扣 手续费 地址修改时段 APP渠道 流量来源 鲁班落地页ID 达人ID
达人昵称 所属门店ID 仓库ID 仓库名称 序列号 是否安心购 广告渠道 流量类型 流量体裁 流量渠道 发货主体 发货主体明细
降价类优惠 商家实际承担优惠金额 预计送达时间 是否平台仓自流转 车型 商品69码 发货SN码 发货IMEI码1 发货IMEI码2
预约送达时间 建议发货时间(起) 建议发货时间(止) 物流SN码 物流IMEI码1 物流IMEI码2
"""
# Filled where somebody promoted the order; what they get stands in no export, only in the bill.
PROMOTERS = ("达人ID", "达人昵称")

ORDERS = ExportProfile(
    key="douyin.orders",
    platform="douyin",
    kind=ImportKind.ORDERS,
    label="抖音小店 · 订单导出",
    file_words=("抖音小店", "抖音", "抖店", "douyin"),
    columns={**dict.fromkeys(_ORDER_EXTRAS.split(), ""), **_ORDER_COLUMNS},
    signature=frozenset({"主订单编号", "子订单编号", "选购商品"}),
    grain=Grain.LINE,
    states=STATES,
    refund_states=REFUND_STATES,
    # The export names no SKU id: item and spec together are the listing's SKU.
    listing_key=("item_no", "spec"),
    source="export_headers §3.1",
)

REFUNDS = ExportProfile(
    key="douyin.refunds",
    platform="douyin",
    kind=ImportKind.REFUNDS,
    label="抖音小店 · 售后单导出",
    columns={
        "售后单号": "refund_no",
        "订单号": "order_no",
        "商品单号": "line_no",
        "商品ID": "item_no",
        "商品名称": "title",
        "商品规格": "spec",
        "商家编码": "merchant_code",
        "售后状态": "refund_state",
        "售后类型": "needs_return",
        "退商品金额(元)": "refund_amount",
        "退运费金额(元)": "refund_amount",
        "售后原因": "refund_reason",
        "售后申请时间": "applied_at",
        "售后完结时间": "refunded_at",
        "退货物流公司": "return_courier",
        "退货物流单号": "return_tracking",
        "商品发货状态": "",
        "退支付优惠(元)": "",
        "退税费金额(元)": "",
        "退款方式": "",
        "商家退款时间": "",
    },
    signature=frozenset({"售后单号", "商品单号"}),
    states=STATES,
    refund_states=REFUND_STATES,
    source="public parsers, subset of columns seen",
)

SHIP = ExportProfile(
    key="douyin.ship",
    platform="douyin",
    kind=ImportKind.SHIP_TEMPLATE,
    label="抖音小店 · 批量发货",
    columns={"订单号": "order_no", "快递公司": "courier", "快递单号": "tracking_no"},
    # Its three names are anybody's: chosen for a shop, never recognised.
    signature=frozenset({"__never__"}),
    ship_template=ShipTemplate(
        columns=(("订单号", "order_no"), ("快递公司", "courier"), ("快递单号", "tracking_no")),
        source="export_headers §10 (minimal template, platform not named there: inferred)",
    ),
    source="export_headers §10",
)

PROFILES = (ORDERS, REFUNDS, SHIP)
