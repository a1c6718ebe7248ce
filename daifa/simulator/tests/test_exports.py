"""The export files say what the world is: real headers, exact money, every order, the same bytes each time."""

from __future__ import annotations

import csv
import io
from collections import defaultdict
from datetime import datetime
from decimal import Decimal

import openpyxl
import pytest
from msoffcrypto import OfficeFile

from daifa.kit.clock import beijing
from daifa.simulator.buying import Buyers
from daifa.simulator.exports import douyin, jd, kuaishou, pdd, taobao
from daifa.simulator.exports.recipients import export_recipients, pasted_block
from daifa.simulator.orders import Order, Phase, RefundPhase
from daifa.simulator.world import World, build_world

# As public parsers have read them from real files (trailing and leading blanks left out here).
DOUYIN = """
主订单编号,子订单编号,选购商品,商品规格,商品数量,商品ID,商家编码,商品单价,订单应付金额,运费,优惠总金额,
平台优惠,商家优惠,达人优惠,商家改价,支付优惠,红包抵扣,支付方式,手续费,收件人,收件人手机号,省,市,区,街道,
详细地址,是否修改过地址,地址修改时段,买家留言,订单提交时间,旗帜颜色,商家备注,订单完成时间,支付完成时间,
APP渠道,流量来源,订单状态,承诺发货时间,订单类型,鲁班落地页ID,达人ID,达人昵称,所属门店ID,售后状态,取消原因,
预约发货时间,仓库ID,仓库名称,序列号,是否安心购,广告渠道,流量类型,流量体裁,流量渠道,发货主体,发货主体明细,
发货时间,降价类优惠,平台实际承担优惠金额,商家实际承担优惠金额,达人实际承担优惠金额,预计送达时间,
是否平台仓自流转,车型,商品69码,发货SN码,发货IMEI码1,发货IMEI码2,预约送达时间,建议发货时间（起）,
建议发货时间（止）,物流SN码,物流IMEI码1,物流IMEI码2
"""
TAOBAO_LIST = """
订单编号,买家会员名,买家支付宝账号,买家应付货款,买家应付邮费,买家支付积分,总金额,返点积分,买家实际支付金额,
买家实际支付积分,订单状态,买家留言,收货人姓名,收货地址 ,运送方式,联系电话 ,联系手机,订单创建时间,
订单付款时间 ,宝贝标题 ,宝贝种类 ,物流单号 ,物流公司,订单备注,宝贝总数量,店铺Id,店铺名称,订单关闭原因,
卖家服务费,买家服务费,发票抬头,是否手机订单,分阶段订单信息,特权订金订单id,是否上传合同照片,是否上传小票,
是否代付,定金排名,修改后的sku,修改后的收货地址,异常信息,天猫卡券抵扣,集分宝抵扣,是否是O2O交易,新零售交易类型,
新零售导购门店名称,新零售导购门店id,新零售发货门店名称,新零售发货门店id,退款金额,预约门店,确认收货时间,
打款商家金额,含应开票给个人的个人红包
"""
TAOBAO_ITEMS = """
订单编号,标题,价格,购买数量,外部系统编号,商品属性,套餐信息,备注,订单状态,商家编码
"""
TAOBAO_REFUNDS = """
订单编号,退款编号,支付宝交易号,订单付款时间,商家编码,退款完结时间,买家会员名称,买家实际支付金额,宝贝标题,
买家退款金额,手工退款/系统退款,是否需要退货,退款的申请时间,超时时间,退款状态,货物状态,退货物流信息,
发货物流信息,客服介入状态,卖家真实姓名,卖家退货地址,卖家邮编,卖家电话,卖家手机,退货物流单号,退货物流公司,
买家退款原因,买家退款说明,买家退货时间,责任方,售中或售后,商家备注,完结时间,部分退款/全部退款,审核操作人,
举证超时,是否零秒响应,退款操作人,主数据编码
"""
PDD = """
商品,订单号,订单状态,商品数量(件),是否审核中,支付时间,承诺发货时间,承诺送达时间,发货时间,确认收货时间,商品id,
商品规格,样式ID,商品一级类目,商品二级类目,商品三级类目,商品四级类目,商家编码-规格维度,商家编码-商品维度,
商家备注,买家留言,售后状态,消费者资料,订单成交时间,消费者资料上传时间,赠品名称,赠品id,赠品规格,赠品数量,团ID,
团身份,是否已开始配送,配送员是否已送达,配送状态,同城是否普通快递,商品总价(元),邮费(元),店铺优惠折扣(元),
平台优惠折扣(元),多多支付立减金额(元),上门安装费(元),送货入户费(元),送货入户并安装费(元),用户实付金额(元),
商家实收金额(元),快递单号,快递公司,省,市,区,街道/镇,配送员手机号,是否抽奖或0元试用,是否顺丰加价,
用户购买手机号,旅行类信息,充值号码,是否门店自提,门店名称,门店自定义编码,关联货品编码,货品名称,货品类型,子货品,
仓库名称,仓库所在地址,海淘清关订单号,支付ID,支付方式,保税仓,是否直播间成交,是否直播间引导成交,预约配送时间,
是否节能补贴,是否分期,分期期数,手续费承担方,是否无痕发货,订单来源,是否社区团购,小区送达情况,分期方式
"""
JD = """
订单号,商品ID,商品名称,订购数量,支付方式,下单时间,京东价,订单金额,结算金额,余额支付,应付金额,订单状态,
订单类型,下单帐号,客户姓名,客户地址,联系电话,订单备注,发票类型,发票抬头,发票内容,商家备注,
商家备注等级（等级1-5为由高到低）,运费金额,付款确认时间,增值税发票,货号,订单完成时间,订单来源,订单渠道
"""
KUAISHOU = """
订单号,赠品订单号,活动订单编号,订单创建时间,订单支付时间,预售定金支付时间,订单状态,实付款,快递费,店铺优惠,
平台补贴,主播补贴,混资活动优惠,支付优惠,支付方式,成交数量,买家留言,账号类型,账号明细,订单备注,旗帜颜色,
售后状态,活动订单,预售/承诺发货时间,订单载体,商品名称,商品ID,商品规格,SKU编码,商品单价,渠道,CPS达人ID,
CPS达人昵称,预估推广佣金,预估推广者分佣比例,团长ID,团长昵称,快赚客ID,快赚客昵称,授权推广者ID,授权推广者昵称,
收货人姓名,收货人电话,收货地址-省,收货地址-市,收货地址-区,收货地址-街道,收货地址,发货时间,快递公司,快递单号,
物流信息,集运类型,直邮类型,仓库名称,仓库地址,实名姓名,服务门店ID,服务门店名称,服务门店地址,国补/类国补/消费券
"""
AT = beijing(2026, 9, 12, 9, 10)


@pytest.fixture(scope="module")
def world() -> World:
    return build_world(7)


@pytest.fixture(scope="module")
def orders(world: World) -> dict[str, list[Order]]:
    """Three hundred orders of eleven days, in every stage and with every refund."""
    buyers = Buyers(world, "test")
    found: dict[str, list[Order]] = defaultdict(list)
    for order in buyers.batch(beijing(2026, 9, 1), AT, 300):
        buyers.live(order, refunds=0.4)
        found[order.platform].append(order)
    return found


def names(text: str) -> list[str]:
    return [h.strip() for h in "".join(text.strip("\n").splitlines()).split(",")]


def csv_rows(data: bytes, encoding: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(data.decode(encoding))))


def xlsx_rows(data: bytes) -> list[list[object]]:
    page = openpyxl.load_workbook(io.BytesIO(data)).active
    assert page is not None
    return [[c.value for c in row] for row in page.iter_rows()]


def opened(data: bytes, password: str) -> bytes:
    out = io.BytesIO()
    locked = OfficeFile(io.BytesIO(data))
    locked.load_key(password=password)
    locked.decrypt(out)
    return out.getvalue()


def fen(text: object) -> int:
    return int(Decimal(str(text).replace(",", "").replace("¥", "").replace("元", "")) * 100)


def dicts(rows: list[list[str]]) -> list[dict[str, str]]:
    return [dict(zip(rows[0], row, strict=True)) for row in rows[1:]]


@pytest.mark.parametrize(
    ("header", "real"),
    [
        # The stored list is of the 74-column variant; 序列号 is the one that 73-column files lack.
        (douyin.HEADER, [h for h in names(DOUYIN) if h != "序列号"]),
        (taobao.LIST_HEADER, names(TAOBAO_LIST)),
        (taobao.DETAIL_HEADER, names(TAOBAO_ITEMS)),
        (taobao.REFUND_HEADER, names(TAOBAO_REFUNDS)),
        (pdd.HEADER, names(PDD)),
        (jd.HEADER, names(JD)),
        (kuaishou.HEADER, names(KUAISHOU)),
    ],
)
def test_headers_are_the_real_ones(header: tuple[str, ...], real: list[str]) -> None:
    assert [h.strip() for h in header] == real


def test_headers_keep_the_platforms_blanks() -> None:
    assert {"收货地址 ", "联系电话 ", "订单付款时间 ", "宝贝标题 ", "宝贝种类 ", "物流单号 "} <= set(taobao.LIST_HEADER)
    assert " 用户购买手机号" in pdd.HEADER


def test_douyin_rows_add_up_to_the_fen(world: World, orders: dict[str, list[Order]]) -> None:
    made = douyin.export_orders(orders["douyin"], world.shops["douyin"], AT)
    assert made.data.startswith(b"\xef\xbb\xbf")
    rows = dicts(csv_rows(made.data, "utf-8-sig"))
    assert len(rows) == made.rows == made.lines == sum(len(o.lines) for o in orders["douyin"])
    assert all(r["主订单编号"].startswith("\t") for r in rows)
    assert len({r["子订单编号"] for r in rows}) == len(rows)
    goods = sum(fen(r["商品单价"]) * int(r["商品数量"]) for r in rows)
    payable, channel = sum(fen(r["订单应付金额"]) for r in rows), sum(fen(r["支付优惠"]) for r in rows)
    borne = sum(fen(r["平台实际承担优惠金额"]) + fen(r["达人实际承担优惠金额"]) for r in rows)
    assert goods == made.totals.amount_fen
    assert payable - channel == made.totals.paid_fen
    assert payable + borne == made.totals.receivable_fen
    assert goods == payable + sum(fen(r["优惠总金额"]) for r in rows)


def test_taobao_reports_join_and_add_up(world: World, orders: dict[str, list[Order]]) -> None:
    mine, shop = orders["taobao"], world.shops["taobao"]
    made, items = taobao.export_orders(mine, shop, AT), taobao.export_items(mine, shop, AT)
    rows, lines = dicts(csv_rows(made.data, "gb18030")), dicts(csv_rows(items.data, "gb18030"))
    assert [r["订单编号"] for r in rows] == [f'="{o.number}"' for o in mine]
    assert {r["订单编号"] for r in rows} == {r["订单编号"] for r in lines}
    assert sum(fen(r["买家实际支付金额"]) for r in rows) == made.totals.paid_fen
    assert sum(fen(r["退款金额"]) for r in rows) == made.totals.refunded_fen
    assert sum(fen(r["打款商家金额"]) for r in rows if r["打款商家金额"]) == made.totals.receivable_fen
    goods = sum(fen(r["价格"]) * int(r["购买数量"]) for r in lines)
    assert goods == made.totals.amount_fen == items.totals.amount_fen
    assert {r["订单状态"] for r in rows} >= {"交易成功", "交易关闭", "卖家已发货,等待买家确认"}


def test_pdd_shows_no_recipient_and_adds_up(world: World, orders: dict[str, list[Order]]) -> None:
    made = pdd.export_orders(orders["pdd"], world.shops["pdd"], AT)
    rows = dicts(csv_rows(made.data, "utf-8-sig"))
    assert sum(fen(r["商品总价(元)"]) for r in rows) == made.totals.amount_fen
    assert sum(fen(r["用户实付金额(元)"]) for r in rows) == made.totals.paid_fen
    assert sum(fen(r["商家实收金额(元)"]) for r in rows) == made.totals.receivable_fen
    for row in rows:
        taken = sum(fen(row[k]) for k in ("店铺优惠折扣(元)", "平台优惠折扣(元)", "多多支付立减金额(元)"))
        assert fen(row["商品总价(元)"]) + fen(row["邮费(元)"]) - taken == fen(row["用户实付金额(元)"])
    text = made.data.decode("utf-8-sig")
    assert not any(o.person.phone in text or o.person.detail in text for o in orders["pdd"])


def test_jd_repeats_the_orders_money_on_its_rows(world: World, orders: dict[str, list[Order]]) -> None:
    made = jd.export_orders(orders["jd"], world.shops["jd"], AT)
    header, *rows = xlsx_rows(made.data)
    assert header == list(jd.HEADER)
    at = {name: jd.HEADER.index(name) for name in ("订单号", "订单金额", "应付金额", "结算金额")}
    money = {r[at["订单号"]]: tuple(fen(r[at[k]]) for k in ("订单金额", "应付金额", "结算金额")) for r in rows}
    assert len(money) == made.orders < made.rows == len(rows)
    assert [sum(m[n] for m in money.values()) for n in range(3)] == [
        made.totals.amount_fen,
        made.totals.paid_fen,
        made.totals.receivable_fen,
    ]


def test_kuaishou_is_locked_with_its_own_name(world: World, orders: dict[str, list[Order]]) -> None:
    made = kuaishou.export_orders(orders["kuaishou"], world.shops["kuaishou"], AT)
    assert made.name.endswith(f"{made.password}.xlsx")
    assert len(made.password) == 6
    assert not made.data.startswith(b"PK")
    header, *rows = xlsx_rows(opened(made.data, made.password))
    assert header == list(kuaishou.HEADER)
    paid = sum(fen(r[kuaishou.HEADER.index("实付款")]) for r in rows)
    back = sum(fen(r[kuaishou.HEADER.index(k)]) for r in rows for k in ("平台补贴", "主播补贴"))
    assert paid == made.totals.paid_fen
    assert paid + back == made.totals.receivable_fen


def test_refund_exports_tell_every_refund_once(world: World, orders: dict[str, list[Order]]) -> None:
    for platform, module in (("taobao", taobao), ("pdd", pdd)):
        asked = [o for o in orders[platform] if o.refund_phase(AT) is not RefundPhase.NONE]
        made = module.export_refunds(orders[platform], world.shops[platform], AT)
        rows = xlsx_rows(made.data) if platform == "taobao" else csv_rows(made.data, "gb18030")
        assert len(rows) - 1 == made.rows == len(asked) > 3
        assert made.totals.refunded_fen == sum(o.refunded_fen(AT) for o in asked)


def test_every_stage_and_refund_occurs(orders: dict[str, list[Order]]) -> None:
    every = [o for found in orders.values() for o in found]
    assert {o.phase(AT) for o in every} == set(Phase) - {Phase.UNPAID}
    assert {o.refund_phase(AT) for o in every} == set(RefundPhase)
    assert any(len(o.parcels) == 2 for o in every)


def test_the_second_file_holds_exactly_who_is_joined(world: World, orders: dict[str, list[Order]]) -> None:
    for platform in ("douyin", "pdd"):
        mine = orders[platform]
        made = export_recipients(mine, world.shops[platform], AT)
        rows = csv_rows(made.data, "utf-8-sig") if platform == "douyin" else xlsx_rows(made.data)
        assert [str(r[0]).strip() for r in rows[1:]] == [o.number for o in mine if o.joined]
        assert len(pasted_block(mine).splitlines()) == made.orders
    masked = dicts(csv_rows(douyin.export_orders(orders["douyin"], world.shops["douyin"], AT).data, "utf-8-sig"))
    for row, order in zip(masked, (o for o in orders["douyin"] for _ in o.lines), strict=True):
        assert ("*" in row["收件人手机号"]) == (order.told == "masked")


def test_the_same_orders_give_the_same_file(world: World, orders: dict[str, list[Order]]) -> None:
    again = Buyers(build_world(7), "test")
    same: dict[str, list[Order]] = defaultdict(list)
    for order in again.batch(beijing(2026, 9, 1), AT, 300):
        again.live(order, refunds=0.4)
        same[order.platform].append(order)
    for platform, module in (("douyin", douyin), ("taobao", taobao), ("pdd", pdd), ("jd", jd)):
        shop = world.shops[platform]
        assert module.export_orders(orders[platform], shop, AT) == module.export_orders(same[platform], shop, AT)
    shop = world.shops["kuaishou"]
    first, second = (kuaishou.export_orders(o["kuaishou"], shop, AT) for o in (orders, same))
    assert first.name == second.name
    assert xlsx_rows(opened(first.data, first.password)) == xlsx_rows(opened(second.data, second.password))


def test_an_order_is_told_as_of_the_moment(world: World, orders: dict[str, list[Order]]) -> None:
    order = next(o for o in orders["pdd"] if o.refund is None and o.phase(AT) is Phase.FINISHED)
    assert order.paid_at is not None
    assert order.shipped_at is not None

    def state(at: datetime) -> tuple[str, str]:
        row = dicts(csv_rows(pdd.export_orders([order], world.shops["pdd"], at).data, "utf-8-sig"))[0]
        return row["订单状态"], row["快递单号"]

    assert state(order.paid_at) == ("待发货", "")
    assert state(order.shipped_at) == ("已发货，待签收", ",".join(n for _, n in order.parcels))
    assert state(AT)[0] == "已收货"
