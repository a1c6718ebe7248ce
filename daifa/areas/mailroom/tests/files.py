"""Example files for the import rules, built cell by cell. What they say is made up; the columns are the platforms'."""

# ruff: noqa: E501 - a row of an example file is as wide as the file

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence

import openpyxl
from openpyxl.styles import Font

from daifa.areas.mailroom.rules import parse, recognise
from daifa.connectors import registry
from daifa.kit.tabular import SheetData, read_file
from daifa.ports.sheet import ImportKind, Parsed, SheetGuess
from daifa.ports.shop import ShopOrder

type Row = dict[str, object]


def csv_file(
    header: str, rows: Sequence[Mapping[str, object]], encoding: str = "utf-8-sig", above: Sequence[Sequence[str]] = ()
) -> bytes:
    """A csv with the given comma-joined header; ``above`` are title lines."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerows(above)
    names = header.split(",")
    writer.writerow(names)
    writer.writerows([[row.get(name.strip(), "") for name in names] for row in rows])
    return out.getvalue().encode(encoding)


def xlsx_file(
    header: str,
    rows: Sequence[Mapping[str, object]],
    above: Sequence[Sequence[object]] = (),
    merge: Sequence[str] = (),
    hidden: bool = False,
) -> bytes:
    """A workbook whose first sheet is a (hidden) remark when asked, the second the table."""
    book = openpyxl.Workbook()
    sheet = book.active
    if hidden:
        sheet.title = "说明"
        sheet.append(["订单号", "这是隐藏的说明"])
        sheet.sheet_state = "hidden"
        sheet = book.create_sheet("订单")
    names = header.split(",")
    for line in above:
        sheet.append(list(line))
    sheet.append(names)
    for row in rows:
        sheet.append([row.get(name.strip(), None) for name in names])
    for area in merge:
        sheet.merge_cells(area)
    sheet["A1"].font = Font(bold=True)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def look(data: bytes, name: str, *, kind: ImportKind | None = None) -> tuple[SheetData, SheetGuess]:
    """The chosen sheet of a file and what it is believed to be."""
    sheets = read_file(data, name)
    guesses = recognise(sheets, registry.profiles(), kind=kind)
    return next((s, g) for s, g in zip(sheets, guesses, strict=True) if g.chosen)


def imported(data: bytes, name: str) -> Parsed:
    """A file that needs no question, parsed."""
    sheet, guess = look(data, name)
    assert guess.ready, [(c.column, c.why) for c in guess.asked]
    return parse(sheet, guess, registry.profiles())


def by_number(parsed: Parsed) -> dict[str, ShopOrder]:
    """Orders by their number."""
    return {o.external_id: o for o in parsed.orders}


DOUYIN = (
    "主订单编号,子订单编号,选购商品,商品规格,商品数量,商品ID,商家编码,商品单价,订单应付金额,运费,优惠总金额,平台优惠,商家优惠,"
    "达人优惠,商家改价,支付优惠,红包抵扣,支付方式,手续费,收件人,收件人手机号,省,市,区,街道,详细地址,是否修改过地址,地址修改时段,"
    "买家留言,订单提交时间,旗帜颜色,商家备注,订单完成时间,支付完成时间,APP渠道,流量来源,订单状态,承诺发货时间,订单类型,"
    "鲁班落地页ID,达人ID,达人昵称,所属门店ID,售后状态,取消原因,预约发货时间,仓库ID,仓库名称,发货时间,降价类优惠,"
    "平台实际承担优惠金额,商家实际承担优惠金额,达人实际承担优惠金额,车型"
)
PDD = (
    "商品,订单号,订单状态,商品数量(件),是否审核中,支付时间,承诺发货时间,发货时间,确认收货时间,商品id,商品规格,样式ID,"
    "商家编码-规格维度,商家编码-商品维度,商家备注,买家留言,售后状态,订单成交时间,赠品名称,赠品id,赠品规格,赠品数量,商品总价(元),"
    "邮费(元),店铺优惠折扣(元),平台优惠折扣(元),用户实付金额(元),商家实收金额(元),快递单号,快递公司,省,市,区,街道/镇,"
    "是否顺丰加价, 用户购买手机号,退款金额(元)"
)
TAOBAO = (
    "订单编号,买家会员名,买家支付宝账号,买家应付货款,买家应付邮费,买家支付积分,总金额,返点积分,买家实际支付金额,买家实际支付积分,"
    "订单状态,买家留言,收货人姓名,收货地址 ,运送方式,联系电话 ,联系手机,订单创建时间,订单付款时间 ,宝贝标题 ,宝贝种类 ,物流单号 ,"
    "物流公司,订单备注,宝贝总数量,店铺Id,店铺名称,订单关闭原因,卖家服务费,退款金额,确认收货时间,打款商家金额"
)
TAOBAO_ITEMS = "订单编号,标题,价格,购买数量,外部系统编号,商品属性,套餐信息,备注,订单状态,商家编码"
TAOBAO_REFUNDS = (
    "订单编号,退款编号,支付宝交易号,订单付款时间,商家编码,退款完结时间,买家会员名称,买家实际支付金额,宝贝标题,买家退款金额,"
    "手工退款/系统退款,是否需要退货,退款的申请时间,超时时间,退款状态,退货物流单号,退货物流公司,买家退款原因,部分退款/全部退款"
)
JD = (
    "订单号,商品ID,商品名称,订购数量,支付方式,下单时间,京东价,订单金额,结算金额,余额支付,应付金额,订单状态,订单类型,下单帐号,"
    "客户姓名,客户地址,联系电话,订单备注,发票类型,商家备注,商家备注等级（等级1-5为由高到低）,运费金额,付款确认时间,货号,订单完成时间"
)
KUAISHOU = (
    "订单号,赠品订单号,活动订单编号,订单创建时间,订单支付时间,预售定金支付时间,订单状态,实付款,快递费,店铺优惠,平台补贴,主播补贴,"
    "支付优惠,支付方式,成交数量,买家留言,订单备注,旗帜颜色,售后状态,预售/承诺发货时间,商品名称,商品ID,商品规格,SKU编码,商品单价,"
    "渠道,CPS达人ID,CPS达人昵称,预估推广佣金,收货人姓名,收货人电话,收货地址-省,收货地址-市,收货地址-区,收货地址-街道,收货地址,"
    "发货时间,快递公司,快递单号,集运类型,直邮类型"
)
ALI = (
    "订单编号,买家公司名,买家会员名,卖家公司名,卖家会员名,货品总价(元),运费,涨价或折扣(元),实付款,订单状态,订单创建时间,订单付款时间,"
    "发货方,收货人姓名,收货地址,邮编,联系电话,联系手机,货品标题,单价(元),数量,单位,货号,型号,Offer ID,SKU ID,物料编号,单品货号"
)


def douyin_row(main: str, sub: str, **more: object) -> Row:
    """One 抖店 row, to be shipped; keys of ``more`` are column names."""
    row: Row = {
        "主订单编号": f"{main}\t",
        "子订单编号": f"{sub}\t",
        "选购商品": "收纳箱家用大号",
        "商品规格": "透明;3件装",
        "商品数量": 2,
        "商品ID": "3654321098765432109\t",
        "商家编码": "A11-3\t",
        "商品单价": "1,050.00",
        "订单应付金额": "2,090.00",
        "运费": "0.00",
        "支付优惠": "1.00",
        "商家优惠": "店铺券-7.00",
        "平台实际承担优惠金额": "3.00",
        "达人实际承担优惠金额": "2.00",
        "支付方式": "微信支付",
        "收件人": "张*",
        "收件人手机号": "138****1234",
        "省": "浙江省",
        "市": "杭州市",
        "区": "余杭区",
        "街道": "仓前街道",
        "详细地址": "文一西路***",
        "是否修改过地址": "是",
        "订单提交时间": "2026-11-20 10:00:00",
        "支付完成时间": "2026-11-20 10:00:30",
        "订单状态": "待发货",
        "承诺发货时间": "2026-11-22 10:00:30",
        "订单类型": "普通订单",
        "售后状态": "-",
        "车型": "保留我",
    }
    row.update(more)
    return row
