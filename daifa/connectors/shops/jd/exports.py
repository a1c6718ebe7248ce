"""JD POP files: order export (one row per item, order money repeated on each), refunds, batch shipping.

商品ID is JD's SKU. 京东价 is of one piece; 订单金额, 结算金额, 应付金额 are of the order (a public sample: 京东价
758.00 in an order of 1097.00). 结算金额 is the goods' money without the seller's discount: the merchant's.
"""

from __future__ import annotations

from daifa.connectors.shops.jd.mapping import REFUND_STATES, STATES
from daifa.ports.sheet import ExportProfile, Grain, ImportKind, ShipTemplate

_ORDER_EXTRAS = """
余额支付 发票类型 发票抬头 发票内容 商家备注等级(等级1-5为由高到低) 增值税发票 订单来源 订单渠道 仓库ID 仓库名称
仓库id 送装服务 服务费 是否为品牌商订单 是否为toplife订单 普通发票纳税编号 邮政编码 邮箱地址
"""

ORDERS = ExportProfile(
    key="jd.orders",
    platform="jd",
    kind=ImportKind.ORDERS,
    label="京东 · 订单导出",
    file_leads=("京东", "jd"),
    columns={
        **dict.fromkeys(_ORDER_EXTRAS.split(), ""),
        "订单号": "order_no",
        "商品ID": "sku_no",
        "商品名称": "title",
        "订购数量": "quantity",
        "支付方式": "pay_method",
        "下单时间": "ordered_at",
        "京东价": "unit_price",
        "订单金额": "amount",
        "结算金额": "receivable",
        "商家应收": "receivable",
        "应付金额": "paid",
        "订单状态": "state",
        "订单类型": "order_type",
        "下单帐号": "buyer_nick",
        "下单账号": "buyer_nick",
        "客户姓名": "recipient_name",
        "客户地址": "address",
        "联系电话": "recipient_phone",
        "订单备注": "buyer_note",
        "商家备注": "seller_memo",
        "运费金额": "freight",
        "付款确认时间": "paid_at",
        "货号": "item_code",
        "商家SKUID": "merchant_code",
        "订单完成时间": "finished_at",
        "订单出库时间": "shipped_at",
        "运单号": "tracking_no",
        "快递单号": "tracking_no",
        "运单号/快递单号": "tracking_no",
        "快递公司": "courier",
        "店铺名称": "shop_name",
    },
    signature=frozenset({"订单号", "订购数量", "京东价"}),
    grain=Grain.LINE,
    states=STATES,
    refund_states=REFUND_STATES,
    listing_key=("sku_no",),
    source="export_headers §4.1",
)

REFUNDS = ExportProfile(
    key="jd.refunds",
    platform="jd",
    kind=ImportKind.REFUNDS,
    label="京东 · 售后导出",
    columns={
        "服务单号": "refund_no",
        "售后服务单号": "refund_no",
        "退款单号": "refund_no",
        "订单号": "order_no",
        "订单编号": "order_no",
        "商品编号": "item_no",
        "商品名称": "title",
        "服务单状态": "refund_state",
        "退款状态": "refund_state",
        "审核状态": "refund_state",
        "退款金额": "refund_amount",
        "申请时间": "applied_at",
        "退款原因": "refund_reason",
        "服务类型": "needs_return",
    },
    signature=frozenset({"服务单号", "订单号"}),
    refund_states=REFUND_STATES,
    source="inferred: no public copy of this export was found",
)

SHIP = ExportProfile(
    key="jd.ship",
    platform="jd",
    kind=ImportKind.SHIP_TEMPLATE,
    label="京东 · 批量发货",
    columns={"订单编号": "order_no", "物流公司": "courier", "运单号": "tracking_no"},
    signature=frozenset({"__never__"}),
    ship_template=ShipTemplate(
        columns=(("订单编号", "order_no"), ("物流公司", "courier"), ("运单号", "tracking_no")),
        source="export_headers §10 (minimal template, platform not named there: inferred)",
    ),
    source="export_headers §10",
)

PROFILES = (ORDERS, REFUNDS, SHIP)
