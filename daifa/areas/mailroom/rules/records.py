"""Rows of the merchant's and the suppliers' own files: goods, suppliers, prices, links, recipients, tracking."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from itertools import pairwise

from daifa.areas.mailroom.rules.grid import Grid
from daifa.areas.mailroom.rules.orders import as_of_of
from daifa.areas.mailroom.rules.recipients import from_text, recipient
from daifa.areas.mailroom.rules.states import split_words
from daifa.areas.mailroom.rules.tier_headers import tier_from
from daifa.kit.clock import business_day
from daifa.kit.money import Fen, NotMoney, parse_yuan, plain_yuan
from daifa.ports.sheet import (
    GoodsRow,
    ImportKind,
    LinkRow,
    Parsed,
    PriceRow,
    RecipientRow,
    Record,
    RowError,
    SupplierRow,
    TrackingRow,
)

_PLAIN_NUMBER = re.compile(r"^[￥¥]?\s*\d+(\.\d+)?\s*元?$")
_HOURS = re.compile(r"(\d+)\s*(小时|h|H)")
_DAYS = re.compile(r"(\d+)\s*(天|日|d|D)")


def parse_records(grid: Grid, kind: ImportKind) -> Parsed:
    """Every record of a file of this kind; rows without their key are errors."""
    rows = _READERS[kind](grid)
    records = tuple(r for at, r in enumerate(rows) if r is not None and at not in grid.errors)
    return Parsed(
        records=records,
        errors=tuple(grid.row_errors()),
        rows=len(grid),
        dropped=tuple(grid.dropped),
        as_of=as_of_of(grid, None),
    )


def _need(grid: Grid, key: str, values: list[str], what: str) -> None:
    indexes = grid.where.get(key)
    if not indexes:
        return
    name = grid.column_name(indexes[0])
    for at, value in enumerate(values):
        if not value and at not in grid.errors:
            row = grid.numbers[at]
            grid.fail(at, RowError(row, name, "", f"第 {row} 行没有{what}", f"请补上{what}后重新导入这一行。"))


def _at[T](column: list[T | None] | None, at: int) -> T | None:
    return column[at] if column is not None else None


def _recipients(grid: Grid) -> list[Record | None]:
    numbers = grid.id("order_no")
    _need(grid, "order_no", numbers, "订单号")
    keys = ("recipient_name", "recipient_phone", "recipient_tel", "province", "city", "district", "street", "address")
    name, mobile, tel, province, city, district, street, address = (grid.text(k) for k in keys)
    free = grid.text("recipient_text")
    out: list[Record | None] = []
    for at, number in enumerate(numbers):
        if free[at] and not (name[at] or address[at]):
            person = from_text(free[at])
        else:
            person = recipient(
                name[at], mobile[at] or tel[at], province[at], city[at], district[at], street[at], address[at]
            )
        out.append(RecipientRow(grid.numbers[at], number, person) if number else None)
    return out


def _goods(grid: Grid) -> list[Record | None]:
    code, product = grid.id("sku_code"), grid.id("product_code")
    title, spec = grid.text("title"), grid.text("spec")
    if grid.has("sku_code"):
        code = [c or p for c, p in zip(code, product, strict=True)]
        _need(grid, "sku_code", code, "SKU 编码")
    cost, price, weight = grid.money("cost"), grid.money("price"), grid.number("weight")
    heavy = _weight_factor(grid)
    barcode, supplier = grid.id("barcode"), grid.text("supplier")
    category, image, extra = grid.text("category"), grid.text("image_url"), grid.extras()
    tiers = _goods_tiers(grid, cost, supplier)
    return [
        GoodsRow(
            row=grid.numbers[at],
            sku_code=code[at],
            product_code=product[at],
            title=title[at],
            spec=spec[at],
            cost_fen=_at(cost, at),
            price_fen=_at(price, at),
            barcode=barcode[at],
            weight_g=_grams(_at(weight, at), heavy),
            supplier=supplier[at],
            category=category[at],
            image_url=image[at],
            tiers=tiers[at],
            extra=extra[at],
        )
        for at in range(len(grid))
    ]


def _goods_tiers(grid: Grid, cost: list[Fen | None] | None, supplier: list[str]) -> list[tuple[tuple[int, Fen], ...]]:
    """The supplier's prices of every row that has tiers: its cost is what one piece costs."""
    said = _tier_cells(grid)
    found: list[tuple[tuple[int, Fen], ...]] = []
    for at, cells in enumerate(said):
        if cells and not supplier[at]:
            row, name = grid.numbers[at], grid.column_name(cells[0][1])
            why = f"第 {row} 行有阶梯价“{name}”，但没有写是哪个供应商的"
            fix = "补上供应商名称，或清空这一格，再导入这一行。"
            grid.fail(at, RowError(row, name, plain_yuan(cells[0][2]), why, fix))
        found.append(tuple(_tiers(grid, at, 1, _at(cost, at), cells, "cost")) if cells else ())
    return found


def _weight_factor(grid: Grid) -> int:
    """Grams per unit of the weight column: its name says 千克/kg, else grams."""
    indexes = grid.where.get("weight")
    name = grid.column_name(indexes[0]).lower() if indexes else ""
    return 1000 if "kg" in name or "千克" in name or "公斤" in name else 1


def _grams(weight: Decimal | None, factor: int) -> int | None:
    return None if weight is None else int((weight * factor).to_integral_value())


def _suppliers(grid: Grid) -> list[Record | None]:
    name = grid.text("supplier")
    _need(grid, "supplier", name, "供应商名称")
    code, contact, phone = grid.id("supplier_code"), grid.text("contact"), grid.text("phone")
    wechat, address, note, extra = grid.text("wechat"), grid.text("address"), grid.text("note"), grid.extras()
    return [
        SupplierRow(
            grid.numbers[at], name[at], code[at], contact[at], phone[at], wechat[at], address[at], note[at], extra[at]
        )
        for at in range(len(grid))
    ]


def _prices(grid: Grid) -> list[Record | None]:
    code, supplier = grid.id("sku_code"), grid.text("supplier")
    _need(grid, "sku_code", code, "SKU 编码")
    price, minimum = grid.money("supply_price"), grid.count("min_qty")
    their, title, spec = grid.id("supplier_code"), grid.text("title"), grid.text("spec")
    since, until = grid.moment("valid_from"), grid.moment("valid_to")
    freight, lead, regions = grid.text("supply_freight"), grid.text("lead_time"), grid.text("regions_not_served")
    stock, extra = grid.count("stock"), grid.extras()
    said = _tier_cells(grid)
    out: list[Record | None] = []
    for at in range(len(grid)):
        (least, fen), *tiers = _tiers(grid, at, _at(minimum, at) or 1, _at(price, at), said[at]) or [(1, 0)]
        flat, words = _freight(freight[at])
        out.append(
            PriceRow(
                row=grid.numbers[at],
                supplier=supplier[at],
                sku_code=code[at],
                supplier_code=their[at],
                title=title[at],
                spec=spec[at],
                min_qty=least,
                price_fen=fen,
                tiers=tuple(tiers),
                valid_from=_day(_at(since, at)),
                valid_to=_day(_at(until, at)),
                freight_fen=flat,
                freight_text=words,
                lead_hours=lead_hours(lead[at]),
                regions_not_served=split_words(regions[at]),
                stock=_at(stock, at),
                extra=extra[at],
            )
        )
    return out


def _tier_cells(grid: Grid) -> list[list[tuple[int, int, Fen]]]:
    """Per row the (from pieces, column, fen) of every tier column that says a price."""
    columns = [(tier_from(grid.column_name(i)) or 0, i, grid.money_of(i)) for i in grid.where.get("tier_price", ())]
    return [[(n, i, fen) for n, i, v in columns if (fen := v[at]) is not None] for at in range(len(grid))]


def _tiers(
    grid: Grid, at: int, minimum: int, price: Fen | None, said: list[tuple[int, int, Fen]], base: str = "supply_price"
) -> list[tuple[int, Fen]]:
    """The (from pieces, fen) of one row by quantity, none below its minimum; a row that contradicts itself fails.

    ``base``: the field that says ``price``, the price from the minimum on.
    More pieces never cost more a piece: a dearer tier is a total, or another column.
    """
    row = grid.numbers[at]
    first = grid.where.get(base, grid.where.get("tier_price", [0]))[0]
    found = [(minimum, first, price)] if price is not None else []
    found += [(max(n, minimum), i, fen) for n, i, fen in said]
    found.sort(key=lambda tier: tier[0])
    if at in grid.errors:
        return []
    if not found:
        name = grid.column_name(first)
        grid.fail(at, RowError(row, name, "", f"第 {row} 行没有供货价", "请补上供货价后重新导入这一行。"))
        return []
    for (n, i, fen), (more, j, then) in pairwise(found):
        name, value = grid.column_name(j), plain_yuan(then)
        if n == more and fen != then:
            why = f"第 {row} 行“{grid.column_name(i)}”和“{name}”都是 {n} 件起的价格，但不一样"
            grid.fail(at, RowError(row, name, value, why, "请核对这两列，只留对的那个价格。"))
        elif then > fen:
            why = f"第 {row} 行“{name}”是 {value} 元，比少买时的 {plain_yuan(fen)} 元还贵，像是总价"
            grid.fail(at, RowError(row, name, value, why, "请改成一件的单价后重新导入这一行。"))
    return list({n: fen for n, _, fen in found}.items())


def _day(at: datetime | None) -> date | None:
    return None if at is None else business_day(at)


def _freight(text: str) -> tuple[int | None, str]:
    """A flat fee in fen, or the words of a template; 包邮 is a flat fee of nothing."""
    if text in ("包邮", "免邮", "免运费"):
        return 0, ""
    if _PLAIN_NUMBER.match(text):
        try:
            return parse_yuan(text), ""
        except NotMoney:
            return None, text
    return None, text


def lead_hours(text: str) -> int | None:
    """``48小时`` -> 48, ``2天`` -> 48, a bare number up to 10 is days, else hours; None when nothing is said."""
    if found := _HOURS.search(text):
        return int(found[1])
    if found := _DAYS.search(text):
        return int(found[1]) * 24
    if text in ("当天", "当日", "当天发"):
        return 24
    if text.isdigit():
        return int(text) * 24 if int(text) <= 10 else int(text)
    return None


def _links(grid: Grid) -> list[Record | None]:
    code = grid.id("sku_code")
    _need(grid, "sku_code", code, "SKU 编码")
    supplier, their, shop = grid.text("supplier"), grid.id("supplier_code"), grid.text("shop_name")
    item, sku, spec, title = grid.id("item_no"), grid.id("sku_no"), grid.text("spec"), grid.text("title")
    quantity, minimum, price = grid.count("quantity"), grid.count("min_qty"), grid.money("supply_price")
    extra = grid.extras()
    prices = _link_prices(grid, supplier, minimum, price)
    return [
        LinkRow(
            row=grid.numbers[at],
            sku_code=code[at],
            supplier=supplier[at],
            supplier_code=their[at],
            shop_name=shop[at],
            item_no=item[at],
            sku_no=sku[at],
            spec=spec[at],
            title=title[at],
            quantity=_at(quantity, at) or 1,
            min_qty=prices[at][0][0] if prices[at] else 1,
            price_fen=prices[at][0][1] if prices[at] else None,
            tiers=tuple(prices[at][1:]),
            extra=extra[at],
        )
        for at in range(len(grid))
    ]


def _link_prices(
    grid: Grid, supplier: list[str], minimum: list[int | None] | None, price: list[Fen | None] | None
) -> list[list[tuple[int, Fen]]]:
    """The prices of every row that names a supplier and says one; a listing's row has none."""
    out: list[list[tuple[int, Fen]]] = []
    for at, cells in enumerate(_tier_cells(grid)):
        one = _at(price, at)
        says = bool(supplier[at]) and (bool(cells) or one is not None)
        out.append(_tiers(grid, at, _at(minimum, at) or 1, one, cells) if says else [])
    return out


def _tracking(grid: Grid) -> list[Record | None]:
    """Rows without a number are what the supplier has not shipped yet: left out, not wrong."""
    number = grid.id("tracking_no")
    courier, ours, order = grid.text("courier"), grid.id("our_number"), grid.id("order_no")
    line, name, phone = grid.id("line_no"), grid.text("recipient_name"), grid.text("recipient_phone")
    tail, address = grid.id("phone_tail"), grid.text("address")
    title, spec, quantity, note = grid.text("title"), grid.text("spec"), grid.count("quantity"), grid.text("note")
    out: list[Record | None] = []
    for at, said in enumerate(number):
        if not said:
            if at not in grid.errors:
                grid.dropped.append((grid.numbers[at], "还没有快递单号"))
            out.append(None)
            continue
        out.append(
            TrackingRow(
                row=grid.numbers[at],
                tracking_no=said,
                courier=courier[at],
                our_number=ours[at],
                order_no=order[at],
                line_no=line[at],
                name=name[at],
                phone=phone[at] or tail[at],
                address=address[at],
                title=title[at],
                spec=spec[at],
                quantity=_at(quantity, at),
                note=note[at],
            )
        )
    return out


def _nothing(grid: Grid) -> list[Record | None]:
    """A blank template has columns to learn, and no rows."""
    return [None] * len(grid)


_READERS: dict[ImportKind, Callable[[Grid], list[Record | None]]] = {
    ImportKind.RECIPIENTS: _recipients,
    ImportKind.GOODS: _goods,
    ImportKind.SUPPLIERS: _suppliers,
    ImportKind.PRICES: _prices,
    ImportKind.LINKS: _links,
    ImportKind.TRACKING: _tracking,
    ImportKind.SHIP_TEMPLATE: _nothing,
}
