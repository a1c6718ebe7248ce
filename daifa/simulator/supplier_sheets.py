"""Each supplier's own dispatch sheet: the sample that a merchant shows once, so that its format can be learned."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date

from daifa.kit.values import dataclass
from daifa.simulator.sheets import Cell, Merge, Row, csv_bytes, workbook
from daifa.simulator.suppliers import Channel, Supplier


@dataclass(frozen=True, slots=True)
class Dispatched:
    """One line that was sent to a supplier, as whoever replays the day tells it; unknown parts are empty."""

    supplier: str
    our_number: str
    order_no: str
    sku_code: str
    title: str
    spec: str
    quantity: int
    name: str = ""
    phone: str = ""
    address: str = ""
    line_no: str = ""
    their_code: str = ""


# What stands in the samples: two lines that never were.
_SAMPLE = (
    Dispatched(
        "", "PO-0001", "6900000000000000001", "SYJ011-A1", "舒宜家北欧收纳箱", "透明/20L", 1, "王小样", "15400000001",
        "浙江省杭州市西湖区文昌路1号书香雅苑1栋1单元101室", "", "01-1001",
    ),
    Dispatched(
        "", "PO-0002", "6900000000000000002", "SYJ014-B2", "舒宜家北欧衣架", "白色/20个", 2, "李示例", "15400000002",
        "江苏省苏州市姑苏区长宁路2号江畔名邸2栋2单元202室", "", "01-1002",
    ),
)  # fmt: skip

type Maker = Callable[[Sequence[Dispatched], date], tuple[bytes, str]]

PLAIN = ("采购单号", "平台订单号", "商品名称", "规格", "数量", "收件人", "手机", "地址", "备注")
SHORT = ("订单号", "收货人", "电话", "收货地址", "商品", "颜色规格", "件数")
CODES = ("采购单号", "货号", "商品编码", "规格", "数量", "收件人", "联系电话", "省市区详细地址", "快递公司", "快递单号")
ADDRESS = ("日期", "订单编号", "收件人姓名", "收件人手机", "省", "市", "区", "详细地址", "品名规格", "数量")
TITLED = ("序号", "单号", "品名", "规格", "数量", "收件人", "电话", "地址", "运单号")
ONE_CELL = ("货号", "颜色分类", "数量", "收货信息", "单号")
TWO_UPPER = ("订单信息", "", "产品", "", "", "收货人", "", "")
TWO_LOWER = ("编号", "来源单号", "名称", "规格", "只数", "姓名", "手机", "详细地址")


def _facts(line: Dispatched) -> list[Cell]:
    return [
        line.our_number,
        line.order_no,
        line.title,
        line.spec,
        line.quantity,
        line.name,
        line.phone,
        line.address,
    ]


def _plain(lines: Sequence[Dispatched], on: date) -> tuple[bytes, str]:
    rows: list[Row] = [
        [x.our_number, x.order_no, x.title, x.spec, x.quantity, x.name, x.phone, x.address, ""] for x in lines
    ]
    return workbook([PLAIN, *rows], sheet="代发单"), "xlsx"


def _short(lines: Sequence[Dispatched], on: date) -> tuple[bytes, str]:
    rows: list[Row] = [[x.order_no, x.name, x.phone, x.address, x.title, x.spec, x.quantity] for x in lines]
    return workbook([SHORT, *rows], sheet="订单"), "xlsx"


def _codes(lines: Sequence[Dispatched], on: date) -> tuple[bytes, str]:
    rows: list[Row] = [
        [x.our_number, x.their_code, x.sku_code, x.spec, x.quantity, x.name, x.phone, x.address, "", ""] for x in lines
    ]
    return workbook([CODES, *rows], sheet="发货"), "xlsx"


def _address(lines: Sequence[Dispatched], on: date) -> tuple[bytes, str]:
    rows: list[Row] = [
        [f"{on:%Y/%m/%d}", x.order_no, x.name, x.phone, *_split(x.address), f"{x.title} {x.spec}", x.quantity]
        for x in lines
    ]
    return csv_bytes([ADDRESS, *rows], "utf-8-sig"), "csv"


def _split(address: str) -> tuple[str, str, str, str]:
    """Province, city and district by their last characters; good enough for the two sample lines."""
    province, _, rest = address.partition("省")
    city, _, rest = rest.partition("市")
    district, _, rest = rest.partition("区")
    return f"{province}省", f"{city}市", f"{district}区", rest


def _titled(lines: Sequence[Dispatched], on: date) -> tuple[bytes, str]:
    title = "佳塑日用品代发清单"
    rows: list[Row] = [[title], [f"发货日期：{on:%Y年%m月%d日}"], TITLED]
    rows += [
        [n, x.our_number, x.title, x.spec, x.quantity, x.name, x.phone, x.address, ""] for n, x in enumerate(lines, 1)
    ]
    rows.append(["合计", "", "", "", sum(x.quantity for x in lines)])
    return workbook(rows, sheet="清单", merges=(Merge(0, 0, 0, len(TITLED) - 1, title),)), "xlsx"


def _one_cell(lines: Sequence[Dispatched], on: date) -> tuple[bytes, str]:
    rows: list[Row] = [
        [x.their_code, x.spec, x.quantity, f"{x.name}，{x.phone}，{x.address}", x.our_number] for x in lines
    ]
    return workbook([ONE_CELL, *rows], sheet="Sheet1"), "xlsx"


def _two_headers(lines: Sequence[Dispatched], on: date) -> tuple[bytes, str]:
    rows: list[Row] = [
        [x.our_number, x.order_no, x.title, x.spec, x.quantity, x.name, x.phone, x.address] for x in lines
    ]
    return csv_bytes([TWO_UPPER, TWO_LOWER, *rows], "gb18030"), "csv"


_MAKERS: Mapping[str, Maker] = {
    "plain": _plain,
    "plain_short": _short,
    "plain_codes": _codes,
    "plain_address": _address,
    "merged_title": _titled,
    "one_cell": _one_cell,
    "two_headers": _two_headers,
}


def sample_sheet(supplier: Supplier, on: date) -> tuple[str, bytes] | None:
    """File name and bytes of the supplier's sample dispatch sheet; None for the one that only uses the link."""
    if supplier.channel is Channel.PORTAL:
        return None
    data, ending = _MAKERS[supplier.layout](_SAMPLE, on)
    return f"{supplier.name}_发货单样例.{ending}", data
