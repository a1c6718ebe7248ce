"""A supplier's own sheet, from one sample: columns, grain, title rows, date form, fixed texts.

What is not certain is asked, and says why; a person's answers come back as ``told``.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import pairwise

from daifa.areas.purchasing.rules.dispatch_view import (
    GOODS,
    NUMBERS,
    LearnedFormat,
    SheetColumn,
    SheetFormat,
    SheetGrain,
)
from daifa.areas.purchasing.rules.sheet_words import (
    BY_VALUES,
    DATE_FORMS,
    date_form,
    holds_goods_list,
    holds_province,
    looks_like_platform_number,
    text_of,
    value_of_cells,
    value_of_header,
)
from daifa.kit.errors import Invalid

LOOK_DOWN = 25
LOOK_AT = 200
SURE = 0.75
_TOTAL = re.compile(r"^(合计|总计|共计|小计)")
_CLASHES: Mapping[str, frozenset[str]] = {
    "phone": frozenset({"name", "title", "spec", "address", "address_detail", "quantity"}),
    "recipient_text": frozenset({"name", "phone", "address", "address_detail", "note", "title"}),
    "address": frozenset({"name", "phone", "title", "spec", "quantity"}),
}
# A bare 11.20 inside a title must not be a piece of a longer number.
_DATES = tuple(
    (re.compile(p.pattern.replace(r"\d{1,2}[.]\d{1,2}", r"(?<![\d.])\d{1,2}[.]\d{1,2}(?![\d.])")), form)
    for p, form in DATE_FORMS
)


def learn_format(
    rows: Sequence[Sequence[object]],
    *,
    file_type: str = "xlsx",
    sheet: str = "代发单",
    encoding: str = "utf-8-sig",
    told: Mapping[int, str] | None = None,
    told_grain: SheetGrain | None = None,
) -> LearnedFormat:
    """The format of a sample sheet (its rows as read, sheet row 1 first). ``told``: column (0-based) -> value or ''.

    Raises Invalid when no header row is found (fewer than two headers that we know).
    """
    grid = [[text_of(c) for c in row] for row in rows]
    at = _header_row(grid)
    if at is None:
        raise Invalid(
            "sample_not_understood",
            "这张样表里找不到表头（收件人、电话、地址、商品、数量这样的一行）。请拖入供应商平时用的发货表。",
        )
    width = max(i for i, c in enumerate(grid[at]) if c) + 1
    body, totals = _body(grid[at + 1 :], width)
    columns = [_column(i, grid[at][i], [r[i] for r in body], told) for i in range(width)]
    columns = _settled(columns, body, told or {})
    grain, grain_note = _grain(columns, body)
    form = SheetFormat(
        columns=tuple(columns),
        grain=told_grain or grain,
        titles=tuple(_title(r) for r in grid[:at]),
        date_form=_date_form(columns, body),
        first_row_only=_first_row_only(columns, body),
        totals=totals,
        glue=_glue(columns, body),
        file_type=file_type,
        sheet=sheet,
        encoding=encoding,
    )
    asked = tuple(
        i
        for i, c in enumerate(columns)
        if (told is None or i not in told) and (c.confidence < SURE or (not c.value and c.fixed))
    )
    notes = [*_missing(form), *([grain_note] if grain_note and told_grain is None else [])]
    return LearnedFormat(form, at + 1, asked, tuple(notes))


def _header_row(grid: Sequence[Sequence[str]]) -> int | None:
    best, best_at = 1, None
    for at, row in enumerate(grid[:LOOK_DOWN]):
        known = {value_of_header(c)[0] for c in row if c and len(c) <= 20} - {""}
        if len(known) > best:
            best, best_at = len(known), at
    return best_at


def _body(rows: Sequence[Sequence[str]], width: int) -> tuple[list[list[str]], bool]:
    """The sample's data rows, and whether it ends with a row of totals."""
    body, totals = list[list[str]](), False
    for row in rows[:LOOK_AT]:
        cells = [*row[:width], *([""] * (width - len(row)))]
        if not any(cells):
            continue
        if any(_TOTAL.match(c) for c in cells[:3]):
            totals = True
            continue
        body.append(cells)
    return body, totals


def _column(at: int, header: str, cells: Sequence[str], told: Mapping[int, str] | None) -> SheetColumn:
    if told is not None and at in told:
        fixed = "" if told[at] else _constant(cells)
        return SheetColumn(header, told[at], fixed, 1.0, "人工指定")
    value, sure = value_of_header(header)
    seen, why = value_of_cells(cells)
    if value and seen and seen != value and _clash(value, seen):
        return SheetColumn(header, seen, "", BY_VALUES, f"表头像“{header}”，但{why}")
    if value:
        return SheetColumn(header, value, "", sure, f"表头“{header}”")
    if seen:
        return SheetColumn(header, seen, "", BY_VALUES, why)
    fixed = _constant(cells)
    why = f"每行都是“{fixed}”，照抄" if fixed else "不认识这一列，留空"
    return SheetColumn(header, "", fixed, 0.5 if header or fixed else 1.0, why)


def _clash(value: str, seen: str) -> bool:
    """Whether the cells show that a header means something else: recipients must not land in the wrong column."""
    return value in _CLASHES.get(seen, frozenset())


def _constant(cells: Sequence[str]) -> str:
    said = {c for c in cells if c}
    return said.pop() if len(said) == 1 and len([c for c in cells if c]) == len(cells) else ""


def _settled(columns: list[SheetColumn], body: Sequence[Sequence[str]], told: Mapping[int, str]) -> list[SheetColumn]:
    """Decisions that need all columns: what a lone number is, what an address holds, second columns of a kind."""
    taken = {c.value for c in columns}
    settled: list[SheetColumn] = []
    for i, column in enumerate(columns):
        cells = [r[i] for r in body]
        now = column
        if i in told:
            settled.append(now)
            continue
        if column.value == "number" and ("our_number" in taken or looks_like_platform_number(cells)):
            now = replace(column, value="order_no", why=f"{column.why}，内容是平台单号" if cells else column.why)
        elif column.value in {"address", "address_detail"}:
            now = _address(column, cells, parts="province" in taken or "city" in taken)
        elif column.value in {"title", "title_spec"} and holds_goods_list(cells):
            now = replace(column, value="goods_text", why=f"{column.why}，内容带数量")
        elif column.value in {"supplier_code", "our_code", "spec"} and (
            holds_goods_list(cells) or re.search("数量|件数", column.header)
        ):
            # Codes with their counts in one cell: what we can write there is goods in words, and a person must agree.
            now = replace(column, value="goods_text", confidence=0.5, why=f"{column.why}，但一格里是“货×件数”")
        elif column.value == "merchant" and _constant(cells):
            now = replace(column, value="", fixed=_constant(cells), why=f"每行都是“{_constant(cells)}”，照抄")
        elif column.value == "merchant" and "name" not in taken and any(cells):
            now = replace(column, value="name", confidence=BY_VALUES, why=f"表头“{column.header}”，每行不同，像收件人")
        elif column.value == "courier" and _constant(cells):
            now = replace(column, value="", fixed=_constant(cells), why="每行同一个快递，照抄")
        if now.value and now.value != "blank" and any(s.value == now.value for s in settled):
            now = replace(now, value="", confidence=0.5, why=f"前面已有一列写“{now.header}”同样的内容，这列留空")
        settled.append(now)
    return settled


def _address(column: SheetColumn, cells: Sequence[str], *, parts: bool) -> SheetColumn:
    if not parts:
        return replace(column, value="address")
    if not any(cells):
        return replace(column, value="address_detail", why=f"{column.why}，省市另有列")
    if holds_province(cells):
        return replace(column, value="address", why=f"{column.why}，内容带省份")
    return replace(column, value="address_detail", why=f"{column.why}，内容不带省份")


def _grain(columns: Sequence[SheetColumn], body: Sequence[Sequence[str]]) -> tuple[SheetGrain, str]:
    """One row per order or per item, from what repeats in the sample."""
    if any(c.value == "goods_text" for c in columns):
        return SheetGrain.ORDER, ""
    keys = [i for i, c in enumerate(columns) if c.value in NUMBERS or c.value in {"phone", "name"}]
    goods = [
        i for i, c in enumerate(columns) if c.value in {"title", "spec", "title_spec", "supplier_code", "our_code"}
    ]
    if not keys or not goods:
        return SheetGrain.ITEM, "样表里看不出一单多件怎么写，先按一件一行。"
    for previous, row in pairwise(body):
        same = all(row[i] in {previous[i], ""} for i in keys)
        if same and any(row[i] != previous[i] for i in goods):
            return SheetGrain.ITEM, ""
    if any(re.search(r"[+\n；;]", row[i]) for row in body for i in goods):
        return SheetGrain.ORDER, ""
    return SheetGrain.ITEM, "样表里没有一单多件的例子，先按一件商品一行。"


def _first_row_only(columns: Sequence[SheetColumn], body: Sequence[Sequence[str]]) -> bool:
    """Whether the order's own cells stand only in its first row (an empty name under a filled one)."""
    keys = [i for i, c in enumerate(columns) if c.value in {"name", "phone", "address", "recipient_text"}]
    goods = [i for i, c in enumerate(columns) if c.value in {"title", "spec", "supplier_code", "quantity"}]
    if not keys or not goods:
        return False
    return any(at and not any(row[i] for i in keys) and any(row[i] for i in goods) for at, row in enumerate(body))


def _glue(columns: Sequence[SheetColumn], body: Sequence[Sequence[str]]) -> str:
    cells = [r[i] for i, c in enumerate(columns) if c.value in {"goods_text", "title", "spec"} for r in body]
    for mark in ("\n", "；", ";", "+", "，"):
        if any(mark in c for c in cells):
            return mark
    return "；"


def _date_form(columns: Sequence[SheetColumn], body: Sequence[Sequence[str]]) -> str:
    for i, column in enumerate(columns):
        if column.value in {"date", "ordered_at", "paid_at", "due_by"} and (form := date_form([r[i] for r in body])):
            return form
    return "%Y-%m-%d"


def _title(row: Sequence[str]) -> tuple[str, ...]:
    cells = list(row)
    while cells and not cells[-1]:
        cells.pop()
    return tuple(_with_slots(c) for c in cells)


def _with_slots(text: str) -> str:
    """A title with its day and counts turned into slots; braces of its own are taken out."""
    text = text.replace("{", "（").replace("}", "）")
    for pattern, form in _DATES:
        if (found := pattern.search(text)) is not None:
            text = f"{text[: found.start()]}{{date:{form}}}{text[found.end() :]}"
            break
    text = re.sub(r"(共\s*)\d+(\s*单)", r"\1{orders}\2", text)
    return re.sub(r"(共?\s*)\d+(\s*件)", r"\1{pieces}\2", text)


def _missing(form: SheetFormat) -> list[str]:
    values = {c.value for c in form.columns}
    notes = []
    if "recipient_text" not in values:
        lacking = [
            label
            for label, any_of in (
                ("收件人", {"name"}),
                ("电话", {"phone"}),
                ("地址", {"address", "address_detail"}),
            )
            if not values & any_of
        ]
        if lacking:
            notes.append(f"没认出 {'、'.join(lacking)} 列，请指定。")
    if not values & GOODS:
        notes.append("没认出商品列，请指定。")
    if not form.counts_pieces:
        notes.append("没认出数量列，请指定。")
    if not values & NUMBERS:
        notes.append("这张表没有单号列：回单只能按收件人对，厂家代打的订单写不进去。建议和供应商商量加一列单号。")
    return notes
