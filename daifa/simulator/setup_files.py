"""The files that a merchant has before the first order: goods, suppliers, price lists, and which listing is which SKU.

Most are clean; some are as merchants keep them: title rows, two header rows, GBK, prices with 元, totals rows.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from daifa.kit.values import dataclass
from daifa.simulator.listings import ListingSku
from daifa.simulator.sheets import Merge, Row, csv_bytes, workbook, yuan
from daifa.simulator.suppliers import Channel, Offer, Supplier
from daifa.simulator.world import COMPANY, World

GOODS_HEADER = ("商品编码", "SKU编码", "商品名称", "规格", "类目", "成本价", "售价", "重量(克)", "条码")
SUPPLIERS_HEADER = ("供应商名称", "供应商编码", "联系人", "电话", "微信", "地址", "备注")
PRICES_HEADER = (
    *("供应商", "SKU编码", "供应商货号", "商品名称", "规格", "起批量", "供货价"),
    *("运费", "发货时效", "不发地区", "库存", "生效日期"),
)
LINKS_HEADER = ("店铺名称", "商品ID", "规格ID", "商品名称", "规格", "SKU编码", "数量")
# Suppliers whose price list comes as they keep it themselves.
DIRTY = ("S06", "S08")


@dataclass(frozen=True, slots=True)
class SetupFile:
    """One file of the set-up; ``kind`` is what it is about, ``records`` how many rows must come in."""

    name: str
    data: bytes
    kind: str
    records: int


def setup_files(world: World, on: date) -> list[SetupFile]:
    """All of them, in the order in which they are imported; prices are valid from the day given."""
    clean = [s for s in world.suppliers.values() if s.code not in DIRTY]
    return [
        _goods(world),
        _suppliers(world),
        _prices(world, clean, on),
        *(_dirty_prices(world, world.suppliers[code], on) for code in DIRTY),
        _links(world),
    ]


def _goods(world: World) -> SetupFile:
    skus = list(world.skus.values())
    rows: list[Row] = [
        [
            s.product_code,
            s.code,
            s.title,
            s.spec,
            s.category,
            yuan(s.cost_fen),
            yuan(s.price_fen),
            s.weight_g,
            s.barcode,
        ]
        for s in skus
    ]
    return SetupFile(f"{COMPANY}_商品资料.xlsx", workbook([GOODS_HEADER, *rows], sheet="商品"), "goods", len(rows))


def _suppliers(world: World) -> SetupFile:
    rows: list[Row] = [
        [s.name, s.code, s.contact, s.phone, s.wechat, s.city, _note(s)] for s in world.suppliers.values()
    ]
    data = csv_bytes([SUPPLIERS_HEADER, *rows], "utf-8-sig")
    return SetupFile(f"{COMPANY}_供应商.csv", data, "suppliers", len(rows))


def _note(supplier: Supplier) -> str:
    way = {Channel.SHEET: "认表格", Channel.CHAT: "微信发文字，回单号也在微信", Channel.PORTAL: "只用链接接单"}
    freight = "包邮" if not supplier.freight_fen else f"每单运费 {yuan(supplier.freight_fen)} 元"
    return f"{way[supplier.channel]}；{freight}；{supplier.lead_hours} 小时内发货"


def _offers(world: World, supplier: Supplier) -> list[Offer]:
    return [o for offers in world.offers.values() for o in offers if o.supplier == supplier.code]


def _prices(world: World, suppliers: Sequence[Supplier], on: date) -> SetupFile:
    rows: list[Row] = []
    for supplier in suppliers:
        for offer in _offers(world, supplier):
            sku = world.skus[offer.sku]
            for quantity, fen in offer.tiers:
                rows.append(
                    [
                        supplier.name, sku.code, offer.their_code, sku.title, sku.spec, quantity, yuan(fen),
                        yuan(supplier.freight_fen) if supplier.freight_fen else "包邮", f"{supplier.lead_hours}小时",
                        "、".join(supplier.not_served), offer.stock, on.isoformat(),
                    ]
                )  # fmt: skip
    data = workbook([PRICES_HEADER, *rows], sheet="报价")
    return SetupFile(f"{COMPANY}_供应商报价.xlsx", data, "prices", len(rows))


def _dirty_prices(world: World, supplier: Supplier, on: date) -> SetupFile:
    """One supplier's own list, with the merchant's SKU codes written beside it."""
    offers = _offers(world, supplier)
    rows: list[Row] = []
    for offer in offers:
        sku = world.skus[offer.sku]
        rows.append(
            [supplier.name, offer.their_code, sku.code, sku.title, sku.colour, sku.size, f"{yuan(offer.one_fen)}元"]
        )
    title = f"{supplier.name} {on.year}年代发报价单"
    header: Row = ["供应商", "货号", "我方编码", "品名", "颜色", "尺寸", "代发价"]
    if supplier.layout == "two_headers":
        # The upper header names groups, the lower one the columns; GBK, as their old program saves it.
        upper: Row = ["", "产品信息", "", "", "", "", "价格"]
        data = csv_bytes([upper, header, *rows, ["合计", "", "", f"{len(rows)}款", "", "", ""]], "gb18030")
        return SetupFile(f"{supplier.name}报价.csv", data, "prices", len(rows))
    body: list[Row] = [[title], [f"日期：{on:%Y.%m.%d}", "", "运费每单3元，西藏、新疆不发"], header, *rows]
    data = workbook(body, sheet="代发报价", merges=(Merge(0, 0, 0, len(header) - 1, title),))
    return SetupFile(f"{supplier.name}报价.xlsx", data, "prices", len(rows))


def confirmed_listings(world: World) -> list[ListingSku]:
    """The listing SKUs that a past user has matched, those that are not shipped included."""
    return [x for shelf in world.listings.values() for x in shelf if x.confirmed]


def _links(world: World) -> SetupFile:
    """Which listing SKU is which of ours; a bundle takes one row per part."""
    rows: list[Row] = [
        [world.shops[x.platform].name, x.item_no, x.sku_no, x.title, x.spec, code, count]
        for x in confirmed_listings(world)
        for code, count in x.parts
    ]
    data = workbook([LINKS_HEADER, *rows], sheet="商品对应")
    return SetupFile(f"{COMPANY}_链接对应.xlsx", data, "links", len(rows))
