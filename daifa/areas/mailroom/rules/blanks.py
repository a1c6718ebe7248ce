"""Blank files to fill in: for each kind its columns by our field registry, what belongs in them, one example row."""

from __future__ import annotations

from collections.abc import Mapping

from daifa.kit.errors import NotFound
from daifa.kit.tabular.write import Out, Table, write_xlsx
from daifa.ports.sheet import ImportKind
from daifa.ports.sheet_fields import FIELDS, REQUIRED

EXAMPLE = "示例"
# Field, the column's name in the blank ("" = the field's own label), its example.
_COLUMNS: Mapping[ImportKind, tuple[tuple[str, str, Out], ...]] = {
    ImportKind.GOODS: (
        ("sku_code", "", f"{EXAMPLE}-SNX-L"),
        ("title", "商品名称", "加厚收纳箱"),
        ("spec", "", "大号 蓝色"),
        ("cost", "", "12.50"),
        ("weight", "重量(克)", 800),
        ("barcode", "", "6901234567892"),
        ("category", "", "家居收纳"),
        ("image_url", "", ""),
    ),
    ImportKind.SUPPLIERS: (
        ("supplier", "供应商名称", f"{EXAMPLE}百货"),
        ("contact", "", "王先生"),
        ("phone", "", "13800000000"),
        ("wechat", "", "wang-baihuo"),
        ("address", "发货地址", "浙江省金华市义乌市"),
        ("note", "", "周日休息"),
    ),
    ImportKind.PRICES: (
        ("supplier", "", f"{EXAMPLE}百货"),
        ("sku_code", "", "SNX-L"),
        ("supplier_code", "", "H-2031"),
        ("min_qty", "", 1),
        ("supply_price", "", "8.60"),
        ("valid_from", "", "2025-01-01"),
        ("supply_freight", "运费", "3"),
        ("lead_time", "", "48小时"),
        ("regions_not_served", "", "新疆、西藏"),
        ("stock", "", 500),
    ),
    ImportKind.LINKS: (
        ("shop_name", "", f"{EXAMPLE}旗舰店"),
        ("item_no", "", "3600000000000001"),
        ("sku_no", "", ""),
        ("spec", "", "大号 蓝色 两件装"),
        ("sku_code", "", "SNX-L"),
        ("quantity", "", 2),
    ),
    ImportKind.RECIPIENTS: (
        ("order_no", "", f"{EXAMPLE}6920000000000000001"),
        ("recipient_name", "", "张三"),
        ("recipient_phone", "", "13800000000"),
        ("address", "", "浙江省杭州市西湖区文三路 1 号"),
    ),
}


def kinds() -> tuple[ImportKind, ...]:
    """The kinds that have a blank."""
    return tuple(_COLUMNS)


def blank_name(kind: ImportKind) -> str:
    """What the blank's file is called."""
    return f"{kind.label}导入模板.xlsx"


def blank(kind: ImportKind) -> bytes:
    """The blank as xlsx: the header, one example row, and a second sheet that says what belongs where.

    The example row says 示例 in its first cell and is left out when the file is imported. Raises NotFound.
    """
    columns = _COLUMNS.get(kind)
    if columns is None:
        raise NotFound("no_blank", f"“{kind.label}”没有导入模板，请直接导入平台或供应商的文件。")
    header = [name or FIELDS[key].label for key, name, _ in columns]
    table = Table(name=kind.label, header=header, rows=[[e for *_, e in columns]], widths=[18] * len(columns))
    needed = {key for choice in REQUIRED[kind] for key in choice}
    rows = [
        [name, "必填" if key in needed else "可不填", FIELDS[key].meaning]
        for name, (key, *_) in zip(header, columns, strict=True)
    ]
    help_ = Table(name="填写说明", header=["列", "要不要填", "填什么"], rows=rows, widths=[18, 10, 48])
    return write_xlsx([table, help_])
