"""Kuaishou's files: order export (a locked xlsx), after-sale export, batch shipping.

One order is one SKU, so one row is one order; a gift has an order number of its own, kept as an extra column. What
platform, anchor and payment channel bear is part of the settlement's income: it reaches the merchant.
"""

from __future__ import annotations

from daifa.connectors.shops.kuaishou.mapping import REFUND_STATES, STATES
from daifa.ports.sheet import ExportProfile, Grain, ImportKind, ShipTemplate

_ORDER_EXTRAS = """
赠品订单号 活动订单编号 预售定金支付时间 店铺优惠 混资活动优惠 账号类型 账号明细 活动订单 订单载体 渠道
CPS达人ID CPS达人昵称 预估推广者分佣比例 团长ID 团长昵称 快赚客ID 快赚客昵称 授权推广者ID 授权推广者昵称
物流信息 直邮类型 仓库名称 仓库地址 实名姓名 服务门店ID 服务门店名称 服务门店地址 国补/类国补/消费券 国补类型
"""
# Filled where somebody promoted the order, with or without the amount beside it.
PROMOTERS = ("CPS达人ID", "CPS达人昵称", "团长ID", "团长昵称", "快赚客ID", "快赚客昵称")

ORDERS = ExportProfile(
    key="kuaishou.orders",
    platform="kuaishou",
    kind=ImportKind.ORDERS,
    label="快手小店 · 订单导出",
    file_words=("快手小店", "快手", "kuaishou"),
    columns={
        **dict.fromkeys(_ORDER_EXTRAS.split(), ""),
        "订单号": "order_no",
        "订单创建时间": "ordered_at",
        "订单支付时间": "paid_at",
        "订单状态": "state",
        "实付款": "paid",
        "快递费": "freight",
        "平台补贴": "borne",
        "主播补贴": "borne",
        "支付优惠": "borne",
        "支付方式": "pay_method",
        "成交数量": "quantity",
        "买家留言": "buyer_note",
        "订单备注": "seller_memo",
        "旗帜颜色": "flag",
        "售后状态": "refund_state",
        "预售/承诺发货时间": "ship_by",
        "商品名称": "title",
        "商品ID": "item_no",
        "商品规格": "spec",
        "SKU编码": "merchant_code",
        "商品单价": "unit_price",
        "预估推广佣金": "commission",
        "收货人姓名": "recipient_name",
        "收货人电话": "recipient_phone",
        "收货地址-省": "province",
        "收货地址-市": "city",
        "收货地址-区": "district",
        "收货地址-街道": "street",
        "收货地址": "address",
        "发货时间": "shipped_at",
        "快递公司": "courier",
        "快递单号": "tracking_no",
        "集运类型": "consolidation",
        "店铺名称": "shop_name",
    },
    signature=frozenset({"订单号", "成交数量", "实付款", "CPS达人ID"}),
    grain=Grain.ORDER,
    states=STATES,
    refund_states=REFUND_STATES,
    listing_key=("item_no", "spec"),
    source="export_headers §5.1",
)

REFUNDS = ExportProfile(
    key="kuaishou.refunds",
    platform="kuaishou",
    kind=ImportKind.REFUNDS,
    label="快手小店 · 售后导出",
    columns={
        "售后单号": "refund_no",
        "订单编号": "order_no",
        "售后状态": "refund_state",
        "售后类型": "needs_return",
        "退款金额": "refund_amount",
        "退款金额(元)": "refund_amount",
        "申请时间": "applied_at",
        "售后申请时间": "applied_at",
        "完结时间": "refunded_at",
        "售后完结时间": "refunded_at",
        "申请原因": "refund_reason",
        "售后原因": "refund_reason",
        "商品名称": "title",
        "商品ID": "item_no",
        "退货物流单号": "return_tracking",
        "退货物流公司": "return_courier",
        "买家ID": "",
        "换货物流单号": "",
        "商家退货联系人电话": "",
        "发货快递单号(如为西北订单,仅展示一段物流信息)": "",
    },
    signature=frozenset({"售后单号", "订单编号", "售后状态"}),
    refund_states=REFUND_STATES,
    source="a public parser names some columns; the others are inferred",
)

SHIP = ExportProfile(
    key="kuaishou.ship",
    platform="kuaishou",
    kind=ImportKind.SHIP_TEMPLATE,
    label="快手小店 · 批量发货",
    columns={"订单号": "order_no", "快递公司": "courier", "快递单号": "tracking_no"},
    signature=frozenset({"__never__"}),
    ship_template=ShipTemplate(
        columns=(("订单号", "order_no"), ("快递公司", "courier"), ("快递单号", "tracking_no")),
        source="export_headers §10 (minimal template, platform not named there: inferred)",
    ),
    source="export_headers §10",
)

PROFILES = (ORDERS, REFUNDS, SHIP)
