"""Taobao and Tmall files: order report (no lines), item report (nothing but lines), refunds, batch shipping.

订单报表 has one row per order and titles in one cell; the goods stand in 宝贝报表 under the same 订单编号. Both are
imported in either order and joined. 打款商家金额 is what has been paid out so far: nothing before the buyer confirms,
so an empty or zero cell says nothing of what is still to come.
"""

from __future__ import annotations

from daifa.connectors.shops.taobao.mapping import REFUND_STATES, STATES
from daifa.ports.sheet import ExportProfile, Grain, ImportKind, LinesIn, ShipTemplate

_ORDER_EXTRAS = """
买家支付宝账号 支付单号 支付详情 买家支付积分 总金额 返点积分 买家实际支付积分 运送方式 宝贝标题 宝贝种类
宝贝总数量 卖家服务费 买家服务费 发票抬头 是否手机订单 分阶段订单信息 特权订金订单id 是否上传合同照片
是否上传小票 是否代付 定金排名 修改后的sku 修改后的收货地址 异常信息 天猫卡券抵扣 集分宝抵扣 是否是O2O交易
新零售交易类型 新零售导购门店名称 新零售导购门店id 新零售发货门店名称 新零售发货门店id 预约门店
含应开票给个人的个人红包 直播返现状态 返现金额 延迟发货自动赔付金额 主订单编号
"""

ORDERS = ExportProfile(
    key="taobao.orders",
    platform="taobao",
    kind=ImportKind.ORDERS,
    label="淘宝 · 订单报表",
    file_words=("淘宝", "天猫", "千牛", "taobao", "tmall", "ExportOrderList", "ExportOrderDetailList"),
    columns={
        **dict.fromkeys(_ORDER_EXTRAS.split(), ""),
        "订单编号": "order_no",
        "买家会员名": "buyer_nick",
        "买家应付货款": "amount",
        "买家应付邮费": "freight",
        "买家实际支付金额": "paid",
        "打款商家金额": "receivable_settled",
        "退款金额": "refunded",
        "订单状态": "state",
        "买家留言": "buyer_note",
        "收货人姓名": "recipient_name",
        "收货地址": "address",
        "联系电话": "recipient_tel",
        "联系手机": "recipient_phone",
        "订单创建时间": "ordered_at",
        "订单付款时间": "paid_at",
        "物流单号": "tracking_no",
        "物流公司": "courier",
        "订单备注": "seller_memo",
        "商家备忘": "seller_memo",
        "店铺Id": "shop_no",
        "店铺名称": "shop_name",
        "订单关闭原因": "cancel_reason",
        "确认收货时间": "finished_at",
        "发货时间": "shipped_at",
        "预售订单": "presale",
    },
    signature=frozenset({"订单编号", "买家应付货款", "宝贝种类"}),
    grain=Grain.ORDER,
    lines_in=LinesIn.ELSEWHERE,
    states=STATES,
    refund_states=REFUND_STATES,
    source="export_headers §1.1, §1.3",
)

ITEMS = ExportProfile(
    key="taobao.items",
    platform="taobao",
    kind=ImportKind.ORDERS,
    label="淘宝 · 宝贝报表",
    columns={
        "订单编号": "order_no",
        "主订单编号": "order_no",
        "子订单编号": "line_no",
        "标题": "title",
        "价格": "unit_price",
        "购买数量": "quantity",
        "外部系统编号": "merchant_code",
        "商家编码": "merchant_code",
        "商品属性": "spec",
        "订单状态": "state",
        "宝贝ID": "item_no",
        "商品ID": "item_no",
        "买家实际支付金额": "line_paid",
        "退款状态": "refund_state",
        "退款金额": "line_refunded",
        "订单创建时间": "ordered_at",
        "订单付款时间": "paid_at",
        "套餐信息": "",
        "备注": "",
        "支付单号": "",
        "买家应付货款": "",
    },
    signature=frozenset({"标题", "购买数量", "外部系统编号"}),
    grain=Grain.LINE,
    lines_in=LinesIn.ONLY,
    states=STATES,
    refund_states=REFUND_STATES,
    listing_key=("item_no", "merchant_code", "spec"),
    source="export_headers §1.2; the columns from 子订单编号 on are inferred from later reports",
)

_REFUND_EXTRAS = """
支付宝交易号 订单付款时间 买家会员名称 手工退款/系统退款 超时时间 货物状态 退货物流信息 发货物流信息
客服介入状态 卖家真实姓名 卖家退货地址 卖家邮编 卖家电话 卖家手机 买家退款说明 买家退货时间 责任方 售中或售后
商家备注 审核操作人 举证超时 是否零秒响应 退款操作人 主数据编码
"""

REFUNDS = ExportProfile(
    key="taobao.refunds",
    platform="taobao",
    kind=ImportKind.REFUNDS,
    label="淘宝 · 退款单",
    columns={
        **dict.fromkeys(_REFUND_EXTRAS.split(), ""),
        "订单编号": "order_no",
        "退款编号": "refund_no",
        "商家编码": "merchant_code",
        "宝贝标题": "title",
        "买家实际支付金额": "order_paid",
        "买家退款金额": "refund_amount",
        "是否需要退货": "needs_return",
        "退款的申请时间": "applied_at",
        "退款状态": "refund_state",
        "退款完结时间": "refunded_at",
        "完结时间": "refunded_at",
        "退货物流单号": "return_tracking",
        "退货物流公司": "return_courier",
        "买家退款原因": "refund_reason",
        "部分退款/全部退款": "refund_part",
    },
    signature=frozenset({"退款编号", "订单编号", "买家退款金额"}),
    refund_states=REFUND_STATES,
    source="export_headers §1.4",
)

SHIP = ExportProfile(
    key="taobao.ship",
    platform="taobao",
    kind=ImportKind.SHIP_TEMPLATE,
    label="淘宝 · 批量发货",
    columns={"订单编号": "order_no", "物流公司": "courier", "运单号": "tracking_no"},
    signature=frozenset({"__never__"}),
    ship_template=ShipTemplate(
        columns=(("订单编号", "order_no"), ("物流公司", "courier"), ("运单号", "tracking_no")),
        source="export_headers §10 (minimal template, platform not named there: inferred)",
    ),
    source="export_headers §10",
)

PROFILES = (ORDERS, ITEMS, REFUNDS, SHIP)
