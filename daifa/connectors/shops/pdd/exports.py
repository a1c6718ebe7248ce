"""Pinduoduo's files: order export (the merchant ticks its columns), after-sale export, batch shipping.

One order is one SKU, so one row is one order; gifts stand in the same row. Recipients are not in the file at all.
The order number holds its day (``260517-…``), which stands in when 订单成交时间 is empty.
"""

from __future__ import annotations

from daifa.connectors.shops.pdd.mapping import REFUND_STATES, STATES, SUFFIXES
from daifa.ports.sheet import ExportProfile, Grain, ImportKind, ShipTemplate

_ORDER_EXTRAS = """
承诺送达时间 商品一级类目 商品二级类目 商品三级类目 商品四级类目 消费者资料 消费者资料上传时间 团ID 团身份
是否已开始配送 配送员是否已送达 配送状态 同城是否普通快递 店铺优惠折扣(元) 平台优惠折扣(元) 多多支付立减金额(元)
上门安装费(元) 送货入户费(元) 送货入户并安装费(元) 配送员手机号 是否抽奖或0元试用 用户购买手机号 旅行类信息
充值号码 是否门店自提 门店名称 门店自定义编码 关联货品编码 货品名称 货品类型 子货品 仓库名称 仓库所在地址
海淘清关订单号 支付ID 支付方式 保税仓 是否直播间成交 是否直播间引导成交 预约配送时间 是否节能补贴 是否分期
分期期数 手续费承担方 是否无痕发货 订单来源 是否社区团购 小区送达情况 分期方式 拼多多优惠券(元)
"""

ORDERS = ExportProfile(
    key="pdd.orders",
    platform="pdd",
    kind=ImportKind.ORDERS,
    label="拼多多 · 订单导出",
    file_words=("拼多多", "pdd", "pinduoduo", "orders_export"),
    columns={
        **dict.fromkeys(_ORDER_EXTRAS.split(), ""),
        "商品": "title",
        "订单号": "order_no",
        "订单状态": "state",
        "商品数量(件)": "quantity",
        "是否审核中": "under_review",
        "下单时间": "ordered_at",
        "订单成交时间": "ordered_at",
        "支付时间": "paid_at",
        "承诺发货时间": "ship_by",
        "发货时间": "shipped_at",
        "确认收货时间": "finished_at",
        "商品id": "item_no",
        "商品ID": "item_no",
        "商品规格": "spec",
        "样式ID": "sku_no",
        "商家编码-规格维度": "merchant_code",
        "商家编码-SKU维度": "merchant_code",
        "商家编码-商品维度": "item_code",
        "商家备注": "seller_memo",
        "买家留言": "buyer_note",
        "售后状态": "refund_state",
        "赠品名称": "gift_title",
        "赠品id": "gift_item_no",
        "赠品规格": "gift_spec",
        "赠品数量": "gift_quantity",
        "商品总价(元)": "amount",
        "邮费(元)": "freight",
        "用户实付金额(元)": "paid",
        "商家实收金额(元)": "receivable",
        "退款金额(元)": "refunded",
        "平台技术服务费(元)": "platform_fee",
        "快递单号": "tracking_no",
        "快递公司": "courier",
        "收货人": "recipient_name",
        "收件人": "recipient_name",
        "手机": "recipient_phone",
        "收货人手机": "recipient_phone",
        "省": "province",
        "市": "city",
        "区": "district",
        "街道/镇": "street",
        "街道": "street",
        "详细地址": "address",
        "收货地址": "address",
        "是否顺丰加价": "sf_demand",
        "店铺名称": "shop_name",
    },
    signature=frozenset({"订单号", "订单状态", "商品数量(件)"}),
    grain=Grain.ORDER,
    states=STATES,
    state_suffixes=SUFFIXES,
    refund_states=REFUND_STATES,
    listing_key=("sku_no", "item_no", "spec"),
    ordered_on_from_no=r"^(\d{2})(\d{2})(\d{2})-",
    source="export_headers §2.1, §2.2",
)

REFUNDS = ExportProfile(
    key="pdd.refunds",
    platform="pdd",
    kind=ImportKind.REFUNDS,
    label="拼多多 · 售后导出",
    columns={
        "售后编号": "refund_no",
        "订单编号": "order_no",
        "订单号": "order_no",
        "售后状态": "refund_state",
        "退款金额": "refund_amount",
        "退款金额(元)": "refund_amount",
        "售后类型": "needs_return",
        "售后原因": "refund_reason",
        "申请原因": "refund_reason",
        "申请时间": "applied_at",
        "售后申请时间": "applied_at",
        "完结时间": "refunded_at",
        "退款时间": "refunded_at",
        "退货物流公司": "return_courier",
        "退货物流单号": "return_tracking",
        "商品名称": "title",
        "订单状态": "",
        "交易金额(元)": "order_paid",
    },
    signature=frozenset({"售后编号", "售后状态"}),
    refund_states=REFUND_STATES,
    source="export_headers §2.5 (a subset seen; the other columns are inferred)",
)

SHIP = ExportProfile(
    key="pdd.ship",
    platform="pdd",
    kind=ImportKind.SHIP_TEMPLATE,
    label="拼多多 · 批量发货",
    columns={"订单号": "order_no", "快递公司": "courier", "快递单号": "tracking_no"},
    signature=frozenset({"__never__"}),
    ship_template=ShipTemplate(
        columns=(("订单号", "order_no"), ("快递公司", "courier"), ("快递单号", "tracking_no")),
        file_type="csv",
        source="export_headers §10 (minimal template, platform not named there: inferred)",
    ),
    source="export_headers §10",
)

PROFILES = (ORDERS, REFUNDS, SHIP)
