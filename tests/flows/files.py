"""Files as merchants have them, written by the tests themselves."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence

DOUYIN = (
    "主订单编号,子订单编号,选购商品,商品规格,商品数量,商品ID,商家编码,商品单价,订单应付金额,运费,优惠总金额,平台优惠,商家优惠,"
    "达人优惠,商家改价,支付优惠,红包抵扣,支付方式,手续费,收件人,收件人手机号,省,市,区,街道,详细地址,是否修改过地址,地址修改时段,"
    "买家留言,订单提交时间,旗帜颜色,商家备注,订单完成时间,支付完成时间,APP渠道,流量来源,订单状态,承诺发货时间,订单类型,"
    "鲁班落地页ID,达人ID,达人昵称,所属门店ID,售后状态,取消原因,预约发货时间"
).split(",")

CLEAN = {
    "选购商品": "北欧简约陶瓷花瓶",
    "商品规格": "白色 大号",
    "商品数量": "1",
    "商品ID": "3500001",
    "商家编码": "HP-001",
    "商品单价": "39.90",
    "订单应付金额": "39.90",
    "运费": "0.00",
    "收件人": "王小明",
    "收件人手机号": "17012345678",
    "省": "浙江省",
    "市": "金华市",
    "区": "义乌市",
    "街道": "稠城街道",
    "详细地址": "测试路 12 号 3 幢 501 室",
    "订单提交时间": "2026-11-20 10:00:00",
    "支付完成时间": "2026-11-20 10:01:00",
    "订单状态": "待发货",
    "承诺发货时间": "2026-11-22 10:01:00",
    "售后状态": "-",
}


def csv_bytes(header: Sequence[str], rows: Sequence[Mapping[str, str]], encoding: str = "utf-8-sig") -> bytes:
    """A CSV file."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(header)
    for row in rows:
        writer.writerow([row.get(name, "") for name in header])
    return out.getvalue().encode(encoding)


def douyin(*orders: Mapping[str, str]) -> bytes:
    """A Douyin order export; each order is CLEAN with what is said of it (``主订单编号`` at least)."""
    rows = []
    for order in orders:
        number = order["主订单编号"]
        rows.append({**CLEAN, "子订单编号": number + "\t", **order, "主订单编号": number + "\t"})
    return csv_bytes(DOUYIN, rows)


def goods(*codes: str) -> bytes:
    """A goods file with these merchant codes."""
    header = ["商家编码", "商品名称", "规格", "成本价"]
    rows = [{"商家编码": c, "商品名称": f"商品{c}", "规格": "默认", "成本价": "11.20"} for c in codes]
    return csv_bytes(header, rows)


def prices(*rows: tuple[str, str, str]) -> bytes:
    """A price list: (supplier, merchant code, yuan)."""
    header = ["供应商", "商家编码", "供货价", "运费"]
    return csv_bytes(header, [{"供应商": s, "商家编码": c, "供货价": p, "运费": "3.00"} for s, c, p in rows])
