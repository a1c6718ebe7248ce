"""Looking at the cells before trusting a name: samples for the screen, fit of type, and what one row of orders is."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from daifa.areas.mailroom.rules.items import cut_items
from daifa.kit.tabular import columns as read
from daifa.kit.tabular.columns import cell_text
from daifa.kit.tabular.sheets import Cell, SheetData
from daifa.ports.sheet import CERTAIN, ColumnGuess, FieldType, Grain, ImportKind, SheetGuess
from daifa.ports.sheet_fields import FIELDS

LOOK = 400
# The confidence of an exact header of a known export, and how many cells it takes to doubt it.
KNOWN = 0.99
_FEW = 3
# What names the goods of a row, the likeliest to hold a count first.
GOODS_FIELDS = ("title", "merchant_code", "spec", "item_no")
_PHONE = re.compile(r"^[\d+\-*＊()（）\s#,转xX$~=/A-Za-z]{5,}$")
# Numbers in which Chinese is at home: our purchase numbers (P251125-恒达-003) and a courier before its number.
_CHINESE = re.compile(r"[\u4e00-\u9fff]")
_WITH_WORD = re.compile(r"P[- ]?\d{6}[- ]?[\u4e00-\u9fff]|^[\u4e00-\u9fff]{2,6}[\s:：]*[A-Za-z]{0,4}\d{8,}$")
_OURS = re.compile(r"P[- ]?\d{6}[- ]?\w", re.IGNORECASE)
_TO_LINE = {
    "amount": "line_amount",
    "paid": "line_paid",
    "receivable": "line_receivable",
    "refunded": "line_refunded",
    "freight": "line_freight",
}


def samples_of(sheet: SheetData, header_row: int, index: int) -> tuple[str, ...]:
    """The first three different values of a column, as they look cleaned."""
    found: list[str] = []
    for row in sheet.rows[header_row : header_row + LOOK]:
        text = cell_text(row[index])
        if text and text not in found:
            found.append(text[:60])
            if len(found) == 3:
                break
    return tuple(found)


def ours_by_cells(guess: ColumnGuess, sheet: SheetData, header_row: int) -> ColumnGuess:
    """A bare 单号 of a tracking sheet whose cells are our purchase numbers is not the courier's number."""
    if guess.field != "tracking_no" or guess.confidence >= CERTAIN:
        return guess
    cells = [t for row in sheet.rows[header_row : header_row + LOOK] if (t := cell_text(row[guess.index]))]
    if not cells or sum(bool(_OURS.match(t)) for t in cells) * 2 <= len(cells):
        return guess
    return replace(guess, field="our_number", confidence=0.9, why=f"“{guess.column}”里是我们的采购单号")


def check_samples(guess: ColumnGuess, sheet: SheetData, header_row: int) -> ColumnGuess:
    """Lower the confidence of a column whose cells are not what its name says.

    A few bad cells are row errors, a column of them is another column; a known export's exact name is believed until
    ``_FEW`` cells speak against it.
    """
    if guess.field is None:
        return guess
    cells = [row[guess.index] for row in sheet.rows[header_row : header_row + LOOK]]
    nothing = {*read.EMPTY_WORDS, "", guess.column}
    cells = [c for c in cells if cell_text(c) not in nothing]
    wrong = _wrong(FIELDS[guess.field].type, cells) if cells else 0
    if wrong * 2 <= len(cells) or (guess.confidence >= KNOWN and wrong < _FEW):
        return guess
    label = FIELDS[guess.field].label
    return replace(guess, confidence=0.3, why=f"列名像{label}，但 {len(cells)} 个值里有 {wrong} 个不像")


def _wrong(kind: FieldType, cells: Sequence[Cell]) -> int:
    """How many cells cannot be of this type. Rounded ids are ids all the same: refused by row, not by column."""
    if kind == FieldType.MONEY:
        return len(read.moneys(cells)[1])
    if kind == FieldType.TIME:
        return len(read.moments(cells)[1])
    if kind == FieldType.QUANTITY:
        return len(read.counts(cells)[1])
    if kind == FieldType.NUMBER:
        return len(read.numbers(cells)[1])
    if kind == FieldType.PHONE:
        return sum(1 for c in cells if not _PHONE.match(cell_text(c)))
    if kind == FieldType.ID:
        texts = [cell_text(c) for c in cells]
        return sum(1 for t in texts if _CHINESE.search(t) and not _WITH_WORD.search(t))
    return 0


def several_items(columns: list[ColumnGuess], sheet: SheetData, header_row: int) -> list[ColumnGuess]:
    """A goods column whose cells say how many of what (``收纳箱*2;衣架*1``): asked, never cut on suspicion.

    Where no column says how many, one ``*2`` is enough to ask; and without even that, whether each row is one piece.
    """
    counted = any(c.field == "quantity" for c in columns)
    goods = next((c for k in GOODS_FIELDS for c in columns if c.field == k), None)
    if goods is None:
        return columns
    why = "" if counted else "没有数量列：每行都按 1 件算吗？请确认（件数写在格里的话，选“多件商品（一格）”）"
    field, confidence = goods.field, 0.5 if why else goods.confidence
    for row in sheet.rows[header_row : header_row + LOOK]:
        found, rest = cut_items(cell_text(row[goods.index]))
        if goods.field == "title" and not rest and len(found) > (1 if counted else 0):
            title, n = found[0]
            said = f"有 {len(found)} 件商品" if len(found) > 1 else f"写着“{title[-8:]}*{n}”"
            why, field, confidence = f"一格里{said}，按“商品名*件数”拆开？请确认", "items_text", 0.5
            break
    if not why:
        return columns
    asked = replace(goods, field=field, confidence=min(goods.confidence, confidence), why=why)
    return [asked if c is goods else c for c in columns]


# --- what one row is -----------------------------------------------------------------------------------------------


def settle_grain(guess: SheetGuess, sheet: SheetData, bar: Mapping[FieldType, float]) -> SheetGuess:
    """For a generic order sheet: one row per order or per line, and so whether its money is per order or per row.

    Where orders have several rows, equal amounts in all of them may be either: asked, unless the cells are merged.
    """
    if guess.profile or guess.kind != ImportKind.ORDERS:
        return guess
    where = {c.field: c.index for c in guess.columns if c.field}
    if "order_no" not in where:
        return guess
    groups: dict[str, list[list[Cell]]] = {}
    for row in sheet.rows[guess.header_row :]:
        if number := cell_text(row[where["order_no"]]):
            groups.setdefault(number, []).append(row)
    several = [rows for rows in groups.values() if len(rows) > 1]
    if not several:
        return replace(_certain_quantity(guess, bar), grain=Grain.ORDER)
    columns = tuple(_by_grain(c, several, sheet, bar) for c in guess.columns)
    return replace(guess, columns=columns, grain=Grain.LINE)


def _certain_quantity(guess: SheetGuess, bar: Mapping[FieldType, float]) -> SheetGuess:
    """With one row per order 数量 can only be that row's pieces."""
    columns = tuple(
        replace(c, confidence=0.9, asked=bar[FieldType.QUANTITY] > 0.9, why="每单一行，数量就是这一行的件数")
        if c.field == "quantity" and c.asked and c.confidence >= 0.5
        else c
        for c in guess.columns
    )
    return replace(guess, columns=columns)


def _by_grain(
    column: ColumnGuess, several: Sequence[list[list[Cell]]], sheet: SheetData, bar: Mapping[FieldType, float]
) -> ColumnGuess:
    if column.field == "quantity" and column.asked and column.confidence >= 0.5:
        values = [[cell_text(r[column.index]) for r in rows] for rows in several]
        if any(len(set(v)) > 1 for v in values):
            return replace(column, confidence=0.9, asked=False, why="同一单各行不同，是每行的件数")
        return column
    if column.field not in _TO_LINE or column.asked:
        return column
    if column.index in sheet.merged:
        return replace(column, why=f"{column.why}；单元格按订单合并，是整单金额")
    values = [[cell_text(r[column.index]) for r in rows] for rows in several]
    if any(len(set(v) - {"", "0", "0.00"}) > 1 for v in values):
        return replace(column, field=_TO_LINE[column.field], why=f"{column.why}；同一单各行不同，是每行自己的金额")
    if all(len([x for x in v if x not in ("", "0", "0.00")]) <= 1 for v in values):
        return column
    return replace(column, confidence=0.5, asked=True, why="同一单各行金额相同：是整单金额还是每行金额，请确认")
