"""1688's buyer orders: order columns merged over item rows, order money counted once.

Here ``shop`` words mean the seller we bought from: 卖家公司名 stays an extra column.
"""

from __future__ import annotations

from daifa.connectors.suppliers.alibaba1688.mapping import STATES
from daifa.ports.sheet import ExportProfile, Grain, ImportKind

_EXTRAS = "买家公司名 卖家公司名 卖家会员名 涨价或折扣(元) 发货方 邮编 单位 物料编号 货品种类"

ORDERS = ExportProfile(
    key="alibaba1688.orders",
    platform="alibaba1688",
    kind=ImportKind.ORDERS,
    label="1688 · 采购订单导出",
    file_words=("1688", "阿里巴巴"),
    columns={
        **dict.fromkeys(_EXTRAS.split(), ""),
        "订单编号": "order_no",
        "买家会员名": "buyer_nick",
        "货品总价(元)": "amount",
        "运费": "freight",
        "运费(元)": "freight",
        "实付款": "paid",
        "实付款(元)": "paid",
        "订单状态": "state",
        "订单创建时间": "ordered_at",
        "订单付款时间": "paid_at",
        "收货人姓名": "recipient_name",
        "收货地址": "address",
        "联系电话": "recipient_tel",
        "联系手机": "recipient_phone",
        "货品标题": "title",
        "单价(元)": "unit_price",
        "数量": "quantity",
        "单品货号": "merchant_code",
        "货号": "item_code",
        "型号": "spec",
        "Offer ID": "item_no",
        "SKU ID": "sku_no",
        "买家留言": "buyer_note",
        "物流公司": "courier",
        "运单号": "tracking_no",
    },
    signature=frozenset({"订单编号", "货品标题", "Offer ID"}),
    grain=Grain.LINE,
    states=STATES,
    listing_key=("sku_no", "item_no", "spec"),
    source="export_headers §7",
)

PROFILES = (ORDERS,)
