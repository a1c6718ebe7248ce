"""What the headers and the cells of a supplier's sheet mean."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, datetime

from daifa.kit.tabular.headers import header_key

_NAMES: dict[str, str] = {
    "our_number": "采购单号 采购订单号 代发单号 我方单号 我司单号 系统单号 外部单号 原始单号 参考号 客户单号 来源单号",
    "order_no": "平台单号 平台订单号 网店订单号 淘宝单号 拼多多单号 抖音单号 交易编号 第三方单号 店铺订单号 子订单编号",
    "number": "订单号 订单编号 单号 订单ID 订单 编号 订单号码 主订单号",
    "index": "序号 No. NO # 行号",
    "date": "日期 发单日期 下单日期 发货日期 订单日期 时间 制单日期 录单日期 代发日期",
    "ordered_at": "下单时间 订单时间 订单创建时间",
    "paid_at": "付款时间 支付时间 付款日期",
    "due_by": "最晚发货时间 截止时间 发货时限 承诺发货时间",
    "shop": "店铺 店铺名称 店铺名 来源店铺 网店名称 店铺号",
    "platform": "平台 来源平台 渠道 订单来源",
    "merchant": (
        "客户 客户名称 分销商 代理 代理商 经销商 下单人 登记人 客户姓名(分销) 发件人 寄件人 发货人 分销商名称"
    ),
    "supplier": "供应商 供应商名称 厂家 供货商",
    "name": ("收件人 收货人 姓名 收件人姓名 收货人姓名 客户姓名 收件姓名 收货姓名 联系人 名字"),
    "phone": (
        "电话 手机 手机号 联系电话 收件电话 收件人电话 收件人手机 收货人电话 客户电话 移动电话 联系方式 手机号码 "
        "收货电话 收件手机 收件人手机号 收货人手机 联系手机 电话/手机 手机/电话 电话号码"
    ),
    "province": "省 省份 收件省 收货省 收件人省份 收件省份",
    "city": "市 城市 收件市 收货市 地市 收件人城市 收件城市",
    "district": "区 区县 县 县区 收件区 区/县 收件人区县 市区 区域",
    "address_detail": "详细地址 街道地址 收件详细地址 具体地址",
    "address": ("地址 收货地址 收件地址 收件人地址 完整地址 收货人地址 客户地址 送货地址 邮寄地址 地址信息"),
    "recipient_text": "收件信息 收货信息 收件人信息 收件资料 姓名电话地址 收货人信息",
    "title": (
        "商品名称 商品 品名 货品名称 产品名称 宝贝标题 商品标题 产品 货品 名称 货名 款式 商品名 产品名 物品名称 "
        "内件 托寄物"
    ),
    "spec": (
        "规格 SKU规格 商品规格 颜色规格 规格型号 颜色 型号 "
        "属性 颜色尺码 款式颜色 颜色/规格 产品规格 颜色分类 货品规格 尺码"
    ),
    "title_spec": "商品及规格 商品名称规格 品名规格 商品/规格 货品及规格",
    "goods_text": "商品信息 货品信息 发货内容 商品明细 订单内容 购买商品 发货明细 产品信息 内件信息",
    "supplier_code": "货号 供应商货号 厂家货号 产品编码 款号 商品货号 供应商编码 货品编码 厂家编码 产品货号",
    "our_code": "商家编码 商品编码 SKU SKU编码 规格编码 sku编码 外部编码 编码 货品编号 商品编号",
    "quantity": (
        "数量 件数 购买数量 商品数量 发货数量 订购数量 购买商品数量 个数 数目 台数 只数 套数 条数 张数 片数 把数 双数 "
        "盒数 包数 箱数 份数 支数"
    ),
    "unit_price": "单价 代发价 供货价 结算价 进价 拿货价 价格",
    "amount": "金额 小计 合计金额 总价 货款 合计 总金额",
    "note": "备注 说明 留言 卖家备注 订单备注 备注信息 特殊要求 要求 商家备注 备注说明",
    "buyer_note": "买家留言 客户留言 买家备注",
    "courier": "指定快递 快递要求 要求快递 发什么快递 快递类型",
    "resend": "重发 是否重发 重发标记 补发 是否补发",
    "blank": (
        "快递单号 物流单号 运单号 快递 快递公司 物流公司 物流 发货单号 快递编号 回单 单号(供应商填) 发货状态 "
        "是否发货 状态 快递名称 签收 运费 重量"
    ),
}
_BY_HEADER = {header_key(word): value for value, words in _NAMES.items() for word in words.split()}
_INSIDE: tuple[tuple[str, str], ...] = (
    (r"(快递|物流|运)单号", "blank"),
    (r"采购单?号|代发单号", "our_number"),
    (r"平台.*单号", "order_no"),
    (r"订单(编)?号", "number"),
    (r"(收[件货]人?|客户).*(手机|电话)|手机|电话", "phone"),
    (r"(收[件货]人?).*(姓名|名)$|收[件货]人$", "name"),
    (r"详细地址", "address_detail"),
    (r"地址", "address"),
    (r"省市区", "address"),
    (r"(商品|货品|产品|宝贝)(名称|标题|名)|品名", "title"),
    (r"规格|颜色|尺码|型号", "spec"),
    (r"货号|款号", "supplier_code"),
    (r"数量|件数", "quantity"),
    (r"单价|代发价", "unit_price"),
    (r"备注|留言", "note"),
    (r"日期", "date"),
    (r"店铺", "shop"),
)
_REMARK = re.compile(r"\(.*?\)|\[.*?\]|【.*?】|必填|选填|\*")
EXACT, INSIDE, BY_VALUES = 0.97, 0.8, 0.6

MOBILE = re.compile(r"1[3-9]\d{9}")
_ADDRESS = re.compile(r"(省|自治区|市|区|县|镇|路|街|号|村|室|栋)")
_PLATFORM_NO = re.compile(r"\d{16,19}|\d{6}-\d{15}|P\d{12,}")
_NAME = re.compile(r"[\u4e00-\u9fff·]{2,5}")
_PROVINCES = (
    "北京|天津|上海|重庆|河北|山西|辽宁|吉林|黑龙江|江苏|浙江|安徽|福建|江西|山东|河南|湖北|湖南|广东|海南|四川|贵州|云南"
    "|陕西|甘肃|青海|台湾|内蒙古|广西|西藏|宁夏|新疆|香港|澳门"
)
_PROVINCE = re.compile(rf"(?:{_PROVINCES})(?:省|市|.{{0,3}}自治区)?")
_GOODS = re.compile(r".+[*x×X]\s*\d+\s*[件个套只条]?\s*(?:$|[;；,，\n+])")
DATE_FORMS: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2}"), "%Y-%m-%d %H:%M:%S"),
    (re.compile(r"\d{4}-\d{2}-\d{2} \d{2}:\d{2}"), "%Y-%m-%d %H:%M"),
    (re.compile(r"\d{4}/\d{1,2}/\d{1,2} \d{1,2}:\d{2}"), "%Y/%m/%d %H:%M"),
    (re.compile(r"\d{4}-\d{1,2}-\d{1,2}"), "%Y-%m-%d"),
    (re.compile(r"\d{4}/\d{1,2}/\d{1,2}"), "%Y/%m/%d"),
    (re.compile(r"\d{4}\.\d{1,2}\.\d{1,2}"), "%Y.%m.%d"),
    (re.compile(r"\d{4}年\d{1,2}月\d{1,2}日"), "%Y年%m月%d日"),
    (re.compile(r"20\d{6}"), "%Y%m%d"),
    (re.compile(r"\d{1,2}月\d{1,2}[日号]"), "%m月%d日"),
    (re.compile(r"\d{1,2}[.]\d{1,2}"), "%m.%d"),
    (re.compile(r"\d{1,2}-\d{1,2}"), "%m-%d"),
    (re.compile(r"\d{1,2}/\d{1,2}"), "%m/%d"),
)


def text_of(cell: object) -> str:
    """A cell as plain text."""
    if cell is None:
        return ""
    if isinstance(cell, datetime):
        return (
            cell.strftime("%Y-%m-%d %H:%M:%S")
            if (cell.hour, cell.minute, cell.second) != (0, 0, 0)
            else f"{cell:%Y-%m-%d}"
        )
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell).strip()


def value_of_header(header: object) -> tuple[str, float]:
    """Which of our values a header takes ('' = unknown) and how surely."""
    key = header_key(text_of(header))
    bare = _REMARK.sub("", key)
    for form in (key, bare):
        if form in _BY_HEADER:
            return _BY_HEADER[form], EXACT
    if len(bare) <= 16:
        for pattern, value in _INSIDE:
            if re.search(pattern, bare):
                return value, INSIDE
    return "", 0.0


def value_of_cells(cells: Sequence[str]) -> tuple[str, str]:
    """What the values of a column look like ('' = nothing we know), and why in Chinese."""
    said = [c for c in cells if c]
    if not said:
        return "", ""

    def most(test: re.Pattern[str], *, whole: bool = True) -> bool:
        hits = sum(1 for c in said if (test.fullmatch(c) if whole else test.search(c)))
        return hits * 10 >= len(said) * 8

    if most(MOBILE, whole=False) and most(_ADDRESS, whole=False) and all(len(c) > 20 for c in said):
        return "recipient_text", "一格里同时有手机号和地址"
    if most(MOBILE):
        return "phone", "内容都是手机号"
    if most(_PLATFORM_NO):
        return "order_no", "内容像平台订单号"
    if most(_PROVINCE):
        return "province", "内容都是省份"
    if all(len(c) >= 8 for c in said) and most(_ADDRESS, whole=False) and most(_PROVINCE, whole=False):
        return "address", "内容像完整地址"
    if most(_GOODS, whole=False):
        return "goods_text", "内容是“商品×数量”"
    if date_form(said):
        return "date", "内容都是日期"
    return "", ""


def date_form(cells: Sequence[str]) -> str:
    """The strftime form of a column of dates, '' when it is none."""
    said = [c for c in cells if c]
    for pattern, form in DATE_FORMS:
        if said and all(pattern.fullmatch(c) for c in said):
            return form
    return ""


def holds_province(cells: Sequence[str]) -> bool:
    """Whether addresses begin with their province."""
    said = [c for c in cells if c]
    return bool(said) and sum(1 for c in said if _PROVINCE.match(c)) * 2 >= len(said)


def looks_like_platform_number(cells: Sequence[str]) -> bool:
    """Whether a column of numbers holds a platform's numbers."""
    said = [c for c in cells if c]
    return bool(said) and all(_PLATFORM_NO.fullmatch(c) for c in said)


def holds_goods_list(cells: Sequence[str]) -> bool:
    """Whether goods cells carry their quantities (``杯×2；毛巾×1``)."""
    said = [c for c in cells if c]
    return bool(said) and sum(1 for c in said if _GOODS.search(c)) * 10 >= len(said) * 8
