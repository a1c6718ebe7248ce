"""Every field that a column of an imported file can mean: the registry behind ``daifa fields``."""

from __future__ import annotations

from collections.abc import Mapping

from daifa.ports.sheet import Field, FieldType, ImportKind

_O, _R, _P = ImportKind.ORDERS, ImportKind.REFUNDS, ImportKind.RECIPIENTS
_G, _S, _C, _L = ImportKind.GOODS, ImportKind.SUPPLIERS, ImportKind.PRICES, ImportKind.LINKS
_T, _B = ImportKind.TRACKING, ImportKind.SHIP_TEMPLATE

_TEXT, _ID, _CODE, _MONEY = FieldType.TEXT, FieldType.ID, FieldType.CODE, FieldType.MONEY
_QTY, _NUM, _TIME, _PHONE = FieldType.QUANTITY, FieldType.NUMBER, FieldType.TIME, FieldType.PHONE
_STATUS, _YN = FieldType.STATUS, FieldType.YES_NO

_ROWS: tuple[tuple[str, str, FieldType, str, tuple[ImportKind, ...], bool], ...] = (
    # Whose order, and which.
    ("order_no", "订单号", _ID, "平台订单号（主订单号）", (_O, _R, _P, _T, _B), False),
    ("line_no", "子订单号", _ID, "平台子订单号，一行商品一个", (_O, _R, _T, _B), False),
    ("shop_name", "店铺名称", _TEXT, "订单属于哪家店", (_O, _R, _L), False),
    ("shop_no", "店铺ID", _ID, "平台给店铺的编号", (_O,), False),
    ("state", "订单状态", _STATUS, "平台写的订单状态", (_O,), False),
    ("refund_state", "售后状态", _STATUS, "平台写的退款或售后状态", (_O, _R), False),
    ("cancel_reason", "关闭原因", _TEXT, "订单取消或关闭的原因", (_O,), False),
    # When.
    ("ordered_at", "下单时间", _TIME, "买家下单的时间", (_O,), False),
    ("paid_at", "付款时间", _TIME, "买家付款的时间", (_O,), False),
    ("ship_by", "承诺发货时间", _TIME, "最晚发货时间", (_O,), False),
    ("ship_not_before", "预约发货时间", _TIME, "早于这个时间不能发货", (_O,), False),
    ("shipped_at", "发货时间", _TIME, "实际发货时间", (_O,), False),
    ("finished_at", "完成时间", _TIME, "确认收货或完成的时间", (_O,), False),
    # What.
    ("title", "商品标题", _TEXT, "商品名称", (_O, _R, _G, _C, _L, _T), False),
    ("item_no", "商品ID", _ID, "平台商品编号", (_O, _R, _L), False),
    ("sku_no", "规格ID", _ID, "平台规格（SKU）编号", (_O, _R, _L), False),
    ("spec", "规格", _TEXT, "颜色、尺码等规格文字", (_O, _R, _G, _C, _L, _T), False),
    ("merchant_code", "商家编码", _CODE, "商家自己的规格编码", (_O, _R), False),
    ("item_code", "商家编码(商品)", _CODE, "商家自己的商品编码，没有规格编码时用它", (_O,), False),
    ("quantity", "数量", _QTY, "件数", (_O, _R, _T, _L), False),
    ("items_text", "多件商品", _TEXT, "一个单元格里写了几件商品", (_O,), False),
    ("gift_title", "赠品名称", _TEXT, "随单赠品的名称", (_O,), False),
    ("gift_item_no", "赠品ID", _ID, "随单赠品的商品编号", (_O,), False),
    ("gift_spec", "赠品规格", _TEXT, "随单赠品的规格", (_O,), False),
    ("gift_quantity", "赠品数量", _QTY, "随单赠品的件数", (_O,), False),
    # Money: of the whole order (repeated on its rows, counted once) or of this row only.
    ("unit_price", "单价", _MONEY, "一件的标价", (_O,), False),
    ("amount", "商品总价(整单)", _MONEY, "整单商品按标价的金额", (_O,), True),
    ("line_amount", "商品总价(本行)", _MONEY, "这一行商品按标价的金额", (_O,), True),
    ("paid", "买家实付(整单)", _MONEY, "整单买家实际付的钱", (_O,), False),
    ("line_paid", "买家实付(本行)", _MONEY, "这一行买家实际付的钱", (_O,), False),
    ("line_payable", "应付金额(本行)", _MONEY, "这一行扣掉支付优惠之前的应付金额", (_O,), False),
    ("receivable", "商家实收(整单)", _MONEY, "整单商家能收到的钱", (_O,), False),
    ("receivable_settled", "已打款(整单)", _MONEY, "已经打给商家的钱；还没打款的订单不算数", (_O,), False),
    ("line_receivable", "商家实收(本行)", _MONEY, "这一行商家能收到的钱", (_O,), False),
    ("refunded", "退款金额(整单)", _MONEY, "整单已退给买家的钱", (_O,), False),
    ("line_refunded", "退款金额(本行)", _MONEY, "这一行已退给买家的钱", (_O,), False),
    ("freight", "运费(整单)", _MONEY, "整单买家付的运费", (_O,), True),
    ("line_freight", "运费(本行)", _MONEY, "这一行买家付的运费", (_O,), True),
    ("borne", "平台承担优惠(整单)", _MONEY, "由平台或达人承担、会补给商家的优惠", (_O,), True),
    ("line_borne", "平台承担优惠(本行)", _MONEY, "这一行由平台或达人承担、会补给商家的优惠", (_O,), True),
    ("line_pay_discount", "支付优惠(本行)", _MONEY, "这一行由支付渠道承担的优惠，买家少付", (_O,), True),
    ("commission", "推广佣金", _MONEY, "达人、团长等佣金", (_O,), True),
    ("platform_fee", "平台服务费", _MONEY, "平台技术服务费", (_O,), True),
    ("insurance", "运费险", _MONEY, "商家付的运费险", (_O,), True),
    # Words of buyer and seller.
    ("buyer_nick", "买家", _TEXT, "买家昵称或编号", (_O,), False),
    ("buyer_note", "买家留言", _TEXT, "买家写的话", (_O,), False),
    ("seller_memo", "商家备注", _TEXT, "商家自己写的备注", (_O,), False),
    ("flag", "旗帜", _TEXT, "插旗颜色", (_O,), False),
    # Why it may have to wait.
    ("under_review", "是否审核中", _YN, "平台还在审核，先不发货", (_O,), False),
    ("group_pending", "是否未成团", _YN, "拼团还没成，先不发货", (_O,), False),
    ("presale", "是否预售", _YN, "预售单，到期才发货", (_O,), False),
    ("on_hold", "是否暂停", _YN, "平台暂停或锁定，先不发货", (_O,), False),
    ("order_type", "订单类型", _TEXT, "普通、预售等", (_O,), False),
    ("pay_method", "支付方式", _TEXT, "货到付款按已付款处理发货", (_O,), False),
    ("sf_demand", "是否顺丰加价", _YN, "买家加价要求发顺丰", (_O,), False),
    ("courier_demand", "指定快递", _TEXT, "买家或平台指定的快递", (_O,), False),
    ("consolidation", "集运类型", _TEXT, "集运、转运或直邮", (_O,), False),
    ("address_changed", "是否修改过地址", _YN, "付款后改过地址", (_O,), False),
    # Who receives.
    ("recipient_name", "收件人", _TEXT, "收件人姓名", (_O, _P, _T), False),
    ("recipient_phone", "收件人手机", _PHONE, "收件人手机", (_O, _P, _T), False),
    ("recipient_tel", "收件人电话", _PHONE, "没有手机时用的电话", (_O, _P), False),
    ("province", "省", _TEXT, "省、自治区、直辖市", (_O, _P), False),
    ("city", "市", _TEXT, "地级市", (_O, _P), False),
    ("district", "区县", _TEXT, "区、县、县级市", (_O, _P), False),
    ("street", "街道", _TEXT, "街道或镇", (_O, _P), False),
    ("address", "收件地址", _TEXT, "详细地址或完整地址", (_O, _P, _T, _S), False),
    ("recipient_text", "收件信息", _TEXT, "姓名、电话、地址写在一格里", (_O, _P), False),
    # Parcels.
    ("courier", "快递公司", _TEXT, "快递公司名称", (_O, _T, _B), False),
    ("tracking_no", "快递单号", _ID, "运单号", (_O, _T, _B), False),
    ("our_number", "我方单号", _ID, "我们的采购单号", (_T,), False),
    ("phone_tail", "手机尾号", _CODE, "收件人手机后四位", (_T,), False),
    # Refunds.
    ("refund_no", "售后单号", _ID, "退款或售后编号", (_R,), False),
    ("refund_amount", "退款金额", _MONEY, "这张售后单退的钱", (_R,), True),
    ("needs_return", "是否退货", _TEXT, "仅退款还是退货退款", (_R,), False),
    ("refund_reason", "退款原因", _TEXT, "买家写的原因", (_R,), False),
    ("refund_part", "部分/全部退款", _TEXT, "退一部分还是全部", (_R,), False),
    ("order_paid", "订单实付", _MONEY, "原订单买家实付，用来判断是否全退", (_R,), False),
    ("applied_at", "申请时间", _TIME, "申请售后的时间", (_R,), False),
    ("refunded_at", "完结时间", _TIME, "退款完结的时间", (_R,), False),
    ("return_courier", "退货快递", _TEXT, "买家退货的快递公司", (_R,), False),
    ("return_tracking", "退货单号", _ID, "买家退货的快递单号", (_R,), False),
    # Our goods, suppliers and their prices.
    ("sku_code", "SKU编码", _CODE, "我们的规格编码", (_G, _C, _L), False),
    ("product_code", "商品编码", _CODE, "我们的商品编码（款号）", (_G,), False),
    ("cost", "成本价", _MONEY, "一件的进货成本", (_G,), False),
    ("price", "售价", _MONEY, "一件的销售价", (_G,), False),
    ("barcode", "条码", _ID, "69 码等条码", (_G,), False),
    ("weight", "重量", _NUM, "一件的重量，列名写明克或千克", (_G,), False),
    ("category", "类目", _TEXT, "商品类目", (_G,), False),
    ("image_url", "图片链接", _TEXT, "商品图片地址", (_G,), False),
    ("supplier", "供应商", _TEXT, "供应商名称", (_G, _S, _C, _L), False),
    ("supplier_code", "供应商货号", _CODE, "供应商自己的货号", (_S, _C, _L), False),
    ("contact", "联系人", _TEXT, "供应商联系人", (_S,), False),
    ("phone", "电话", _PHONE, "供应商电话", (_S,), False),
    ("wechat", "微信", _TEXT, "供应商微信", (_S,), False),
    ("note", "备注", _TEXT, "补充说明", (_S, _T), False),
    ("supply_price", "供货价", _MONEY, "供应商一件的价格", (_C, _L), False),
    ("tier_price", "阶梯价", _MONEY, "买够列名里写的件数时一件的价格，列名如“10件以上单价”", (_G, _C, _L), False),
    ("min_qty", "起批量", _QTY, "从几件起是这个价", (_C, _L), False),
    ("valid_from", "生效日期", _TIME, "从哪天起有效", (_C,), False),
    ("valid_to", "失效日期", _TIME, "到哪天为止", (_C,), False),
    ("supply_freight", "供货运费", _TEXT, "一口价运费，或运费模板说明", (_C,), False),
    ("lead_time", "发货时效", _TEXT, "几小时或几天发货", (_C,), False),
    ("regions_not_served", "不发地区", _TEXT, "不发货的省市，用顿号或逗号隔开", (_C,), False),
    ("stock", "库存", _QTY, "供应商报的库存", (_C,), False),
)

# The column's own name says for how many pieces: as many columns as there are tiers.
_EACH = frozenset({"tier_price"})

FIELDS: Mapping[str, Field] = {
    key: Field(key, label, type_, meaning, frozenset(kinds), adds, key in _EACH)
    for key, label, type_, meaning, kinds, adds in _ROWS
}


def fields_of(kind: ImportKind) -> tuple[Field, ...]:
    """The fields a column of this kind of file may map to, in the registry's order."""
    return tuple(f for f in FIELDS.values() if kind in f.kinds)


REQUIRED: Mapping[ImportKind, tuple[tuple[str, ...], ...]] = {
    # Each inner tuple is a choice: one of its fields must be mapped.
    ImportKind.ORDERS: (("order_no",),),
    ImportKind.REFUNDS: (("order_no",), ("refund_state", "refund_amount")),
    ImportKind.RECIPIENTS: (("order_no",), ("address", "recipient_text", "recipient_phone", "recipient_name")),
    ImportKind.GOODS: (("sku_code", "title"),),
    ImportKind.SUPPLIERS: (("supplier",),),
    ImportKind.PRICES: (("sku_code",), ("supply_price", "tier_price")),
    ImportKind.LINKS: (("sku_code",), ("supplier", "sku_no", "item_no", "supplier_code")),
    ImportKind.TRACKING: (("tracking_no",),),
    ImportKind.SHIP_TEMPLATE: (("order_no",), ("tracking_no",)),
}
