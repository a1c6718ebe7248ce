"""Column names as merchants, platforms and suppliers write them, by kind of file, with how sure each name makes us.

From the names seen for one and the same field across nine platforms. A name that is ambiguous on purpose (its
meaning differs by platform) stands below the bar: it is asked.
"""

from __future__ import annotations

from collections.abc import Mapping

from daifa.areas.mailroom.rules.tier_headers import tier_from
from daifa.kit.tabular.headers import header_key
from daifa.ports.sheet import ImportKind
from daifa.ports.sheet_fields import FIELDS

SURE, LIKELY, ASK = 0.96, 0.85, 0.5

_ORDER = """
order_no: 订单编号 订单号 主订单编号 主订单号 父订单号 订单ID 平台订单号 平台单号 原始单号 线上订单号 交易号
order_no: 交易编号 网店订单号
order_no?: 商户订单号 业务基础订单号
order_no??: 单号
line_no: 子订单编号 子订单号 商品订单编号 商品单号 子单号
shop_name: 店铺名称 店铺 归属店铺 店铺名 所属店铺 来源店铺 汇总_店铺名称
shop_name?: 卖家名称 商家昵称
shop_no: 店铺ID 店铺号
state: 订单状态 交易状态
state?: 状态
refund_state: 售后状态 退款状态
cancel_reason: 取消原因 关闭原因 订单关闭原因
ordered_at: 订单创建时间 下单时间 用户下单时间 订单提交时间 订单下单时间 买家下单时间 创建时间 订单成交时间
ordered_at: 成交时间 拍下时间
paid_at: 订单付款时间 付款时间 支付时间 支付完成时间 订单支付时间 付款确认时间 买家付款时间
shipped_at: 发货时间 订单发货时间 订单出库时间
finished_at: 确认收货时间 订单确认收货时间 订单完成时间 完成时间
ship_by: 承诺发货时间 最晚发货时间 发货截止时间 应发货时间 预售/承诺发货时间 最迟发货时间
ship_not_before: 预约发货时间 最早发货时间
title: 宝贝标题 标题 商品名称 商品标题 商品名 选购商品 选购产品 货品标题 货品名称 宝贝名称 链接标题 产品名称
title: 品名 商品信息
title?: 商品 宝贝 商品款号 产品
item_no: 商品id 商品ID 宝贝ID 商品编号 链接id OfferID 平台商品ID 商品链接ID
item_no??: 商品编码
sku_no: 样式ID SKUID 规格ID SKU_ID 平台SKUID 平台规格ID 商品SKUID
spec: 商品规格 商品属性 宝贝规格 规格名称 规格 修改后的sku 型号款式 SKU信息 颜色规格 销售属性 规格属性 款式
merchant_code: 商家编码 商家编码-规格维度 商家编码-SKU维度 商家SKUID 商品SKU 规格编码 sku编码 SKU编码(自定义)
merchant_code: 商品编码(自定义)
merchant_code: 商家编号 单品货号 外部系统编号 SKU编码 商家SKU SKU 规格商家编码
merchant_code??: 货号 型号 商品条形码
item_code: 商家编码-商品维度 商品商家编码
quantity: 购买数量 商品数量 订购数量 商品数量(件) 成交数量 件数 购买件数
quantity?: 宝贝总数量
quantity??: 数量
unit_price??: 商品单价 价格 单价 单价(元) 售价单价 结算单价 京东价 商品价格(单件) 售价
amount: 商品总价(元) 商品总价 商品总额
amount??: 总价 总金额 订单金额 货款 商品金额 订单总价 金额
paid: 买家实际支付金额 买家实付金额 用户实付金额(元) 实付款 实付款(元) 订单实付金额 订单实际支付金额 买家实付款
paid: 实付金额 实际支付金额
line_paid: 商品实付金额
paid??: 应付金额 订单应付金额
receivable: 商家实收金额(元) 商家实收 商家实收金额 实收金额 商家应收 订单实际收款金额
receivable??: 打款商家金额 结算金额 结算总额 实收款(到付按此收费) 实收款
refunded: 退款金额(元) 退款金额 已退款金额 实退金额
freight: 运费 邮费 邮费(元) 快递费 订单运费 运费金额 买家应付邮费
platform_fee: 平台技术服务费(元) 技术服务费 平台服务费
buyer_nick: 买家会员名 下单帐号 下单账号 客户昵称 买家会员名称 买家ID 买家昵称 买家 用户id 下单人id
buyer_note: 买家留言 买家备注 用户备注 客户留言 留言
seller_memo: 商家备注 卖家备注 商家备忘 客服备注
seller_memo?: 订单备注
flag: 旗帜颜色 旗帜 插旗 打标颜色
pay_method: 支付方式 付款方式
order_type: 订单类型
under_review: 是否审核中
presale: 是否预售
sf_demand: 是否顺丰加价
courier_demand: 指定快递 快递要求
consolidation: 集运类型
address_changed: 是否修改过地址
recipient_name: 收货人姓名 收件人 收货人 客户姓名 收件人姓名 收货人/提货人 收件姓名 姓名
recipient_phone: 联系手机 收货人电话 收件人手机号 收件人手机 手机号 手机 收货人手机号/提货人手机号 收货人手机
recipient_phone: 收件手机 收件电话 手机号码
recipient_phone: 收件人电话 收货电话 移动电话
recipient_tel: 联系电话 电话 固定电话
province: 省 省份 收货地址-省 收件省 收货省份 收件人省
city: 市 城市 收货地址-市 收件市 收货城市 收件人市
district: 区 区县 区/县 县区 收货地址-区 收件区 收货区县 收件人区
street: 街道 街道/镇 收货地址-街道 乡镇
address: 收货地址 客户地址 收货人具体地址 收件地址 收件人地址 完整地址 详细地址 详细收货地址/提货地址 地址
address: 收货人地址
recipient_text: 收件信息 收货信息 收件人信息 收货人信息
courier: 物流公司 快递公司 配送公司 商品发货物流公司 承运商 快递 物流
tracking_no: 物流单号 快递单号 运单号 配送单号 商品发货物流单号 快递单 物流编号 运单编号 快递号 发货单号
tracking_no: 运单号/快递单号
"""

_REFUND = """
refund_no: 退款编号 售后编号 售后单号 售后服务单号 退款单号 维权编号 服务单号
order_no: 订单编号 订单号 主订单编号 主订单号
line_no: 商品单号 子订单编号 子订单号
refund_state: 售后状态 退款状态 服务单状态
refund_amount: 退款金额 退款金额(元) 买家退款金额 退商品金额(元) 实退金额 退款总额
refund_part: 部分退款/全部退款
needs_return: 是否需要退货 售后类型 退款类型 服务类型
refund_reason: 买家退款原因 退款原因 售后原因 申请原因
applied_at: 退款的申请时间 申请时间 售后申请时间
refunded_at: 退款完结时间 完结时间 售后完结时间 退款成功时间
order_paid: 买家实际支付金额
return_courier: 退货物流公司 退货快递
return_tracking: 退货物流单号 退货单号 退货快递单号
title: 宝贝标题 商品名称 商品标题
merchant_code: 商家编码
item_no: 商品ID 商品id
"""

_TRACKING = """
tracking_no: 物流单号 快递单号 运单号 配送单号 快递单 物流编号 运单编号 快递号 发货单号 单号(快递)
tracking_no: 快递公司/单号 快递/单号 物流/单号 快递公司单号 快递公司及单号 快递公司和单号 快递+单号 快递信息 物流信息
tracking_no?: 单号
courier: 物流公司 快递公司 配送公司 承运商 快递 物流 快递名称
our_number: 采购单号 我方单号 采购订单号 代发单号 内部单号 系统单号
order_no: 订单编号 订单号 主订单编号 平台订单号 平台单号 原始单号 线上订单号
line_no: 子订单编号 子订单号
recipient_name: 收货人姓名 收件人 收货人 客户姓名 收件人姓名 姓名 收件姓名
recipient_phone: 联系手机 收货人电话 收件人手机号 收件人手机 手机号 手机 联系电话 电话 收件电话 收货电话
recipient_phone: 手机号码 收件人电话
phone_tail: 手机尾号 尾号 电话后四位 手机后四位
address: 收货地址 收件地址 地址 详细地址 收件人地址
title: 商品名称 商品 商品标题 品名 产品名称 货品名称 宝贝标题 标题
spec: 规格 商品规格 规格名称 款式
quantity: 发货数量 数量 件数 商品数量
note: 备注 说明
"""

_GOODS = """
sku_code: SKU编码 规格编码 商家编码 商家编码-规格维度 SKU 货号 型号 sku编码 单品货号 规格商家编码 商品SKU
product_code: 商品编码 款号 商家编码-商品维度 SPU编码 商品款号 商品货号
title: 商品名称 商品标题 标题 品名 产品名称 商品 宝贝标题 货品名称 名称
spec: 规格 规格名称 商品规格 颜色规格 属性 款式 型号款式
cost: 成本价 成本 进货价 采购价 拿货价 进价 成本(元) 成本价(元) 总成本元 单件成本 总成本元/单件成本
price: 售价 销售价 零售价 建议零售价
barcode: 条码 条形码 商品条形码 69码 国标码
weight: 重量 重量(g) 重量(克) 重量(kg) 重量(千克) 毛重 净重
supplier: 供应商 供应商名称 厂家 供货商
category: 类目 分类 商品类目
image_url: 图片 图片链接 主图 图片地址
"""

_SUPPLIER = """
supplier: 供应商 供应商名称 厂家 供货商 供货商名称 名称 公司名称 厂家名称
supplier_code: 供应商编码 供应商编号 编码 编号
contact: 联系人 负责人 对接人
phone: 电话 手机 联系电话 手机号 联系方式 联系手机
wechat: 微信 微信号
address: 地址 发货地址 联系地址 公司地址
note: 备注 说明
"""

_PRICE = """
supplier: 供应商 供应商名称 厂家 供货商
sku_code: SKU编码 规格编码 商家编码 我方编码 SKU sku编码 商家编码-规格维度
supplier_code: 供应商货号 供应商编码 厂家货号 货号 型号 供应商SKU
title: 商品名称 商品标题 品名 产品名称 商品 名称
spec: 规格 规格名称 商品规格 款式
supply_price: 供货价 代发价 批发价 拿货价 报价 单价 价格 供货价(元) 采购价 单价(元) 一件代发价
min_qty: 起批量 起订量 最小起订量 起批 数量起 起批件数 阶梯起量 起订
valid_from: 生效日期 生效时间 开始日期 有效期起
valid_to: 失效日期 结束日期 截止日期 有效期止
supply_freight: 运费 邮费 快递费 运费模板 运费说明
lead_time: 发货时效 发货时间 发货周期 几天发货 货期 发货小时
regions_not_served: 不发地区 不发货地区 不包邮地区 不发区域 不发货区域
stock: 库存 现货数量 库存数量
"""

_LINK = """
sku_code: SKU编码 规格编码 我方编码 我方SKU 系统编码 SKU sku编码
supplier: 供应商 供应商名称 厂家
supplier_code: 供应商货号 厂家货号 供应商编码 货号
shop_name: 店铺 店铺名称
item_no: 商品ID 商品id 平台商品ID 链接ID
sku_no: 规格ID SKUID 平台SKUID 平台规格ID 样式ID
spec: 规格 商品规格 规格名称
title: 商品名称 商品标题 标题
quantity: 数量 组合数量 件数
min_qty: 起批量 起订量
supply_price: 供货价 代发价 拿货价 采购价
"""

_RECIPIENT_TEXT = """
order_no recipient_name recipient_phone recipient_tel province city district street address recipient_text
"""
_RECIPIENT_KEYS = frozenset(_RECIPIENT_TEXT.split())


def _table(text: str) -> dict[str, tuple[str, float]]:
    found: dict[str, tuple[str, float]] = {}
    for line in text.strip().splitlines():
        field, _, names = line.partition(":")
        sure = {0: SURE, 1: LIKELY, 2: ASK}[field.count("?")]
        for name in names.split():
            found.setdefault(header_key(name).lower(), (field.rstrip("?"), sure))
    return found


_ORDERS = _table(_ORDER)
WORDS: Mapping[ImportKind, Mapping[str, tuple[str, float]]] = {
    ImportKind.ORDERS: _ORDERS,
    ImportKind.REFUNDS: _table(_REFUND),
    ImportKind.RECIPIENTS: {k: v for k, v in _ORDERS.items() if v[0] in _RECIPIENT_KEYS},
    ImportKind.GOODS: _table(_GOODS),
    ImportKind.SUPPLIERS: _table(_SUPPLIER),
    ImportKind.PRICES: _table(_PRICE),
    ImportKind.LINKS: _table(_LINK),
    ImportKind.TRACKING: _table(_TRACKING),
    ImportKind.SHIP_TEMPLATE: {
        k: v for k, v in _table(_TRACKING).items() if v[0] in ("order_no", "line_no", "courier", "tracking_no")
    },
}


def word(kind: ImportKind, header: str) -> tuple[str, float] | None:
    """What a column name means in a file of this kind, and how sure that is."""
    key = header_key(header).lower()
    if kind == ImportKind.TRACKING and key.startswith("单号(p"):
        # 单号(P…), 单号(P开头): theirs for our purchase numbers, as ours begin.
        return "our_number", SURE
    found = WORDS[kind].get(key)
    if found is None and kind in FIELDS["tier_price"].kinds and tier_from(header) is not None:
        return "tier_price", SURE
    return found
