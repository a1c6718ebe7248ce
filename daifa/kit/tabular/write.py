"""The one place that writes tables into files: no cell becomes a formula, no long number loses a digit."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Sequence
from dataclasses import field
from datetime import date, datetime
from decimal import Decimal

import xlsxwriter

from daifa.kit.clock import BEIJING
from daifa.kit.errors import Invalid
from daifa.kit.values import dataclass

type Out = str | int | Decimal | datetime | date | None

_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_PLAIN_NUMBER = re.compile(r"^[+-]?\d{1,11}(\.\d+)?$")
_LONG_DIGITS = re.compile(r"^\d{12,}$|^0\d+$")
_SHEET_NAME = re.compile(r"[\[\]:*?/\\]")
_MAX_ROWS = 1_048_576
_MAX_TEXT = 32_767
_NUMBER_LIMIT = 10**11


@dataclass(frozen=True, slots=True)
class Table:
    """One sheet to write: title rows above, a header, rows, and rough widths in characters by column."""

    name: str
    header: Sequence[str]
    rows: Iterable[Sequence[Out]]
    titles: Sequence[Sequence[Out]] = ()
    widths: Sequence[int] = field(default=())


def write_xlsx(tables: Sequence[Table], *, password_hint: str = "") -> bytes:
    """A workbook. Text stays text (also what looks like a formula or a long number); Decimal is money with cents.

    Raises Invalid when a sheet has more rows or a cell more text than Excel holds.
    """
    out = io.BytesIO()
    book = xlsxwriter.Workbook(
        out, {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "in_memory": True}
    )
    bold = book.add_format({"bold": True, "bg_color": "#F2F2F2"})
    money = book.add_format({"num_format": "0.00"})
    taken: set[str] = set()
    for table in tables:
        sheet = book.add_worksheet(_sheet_name(table.name, taken))
        for i, width in enumerate(table.widths):
            sheet.set_column(i, i, width)
        at = 0
        for title in table.titles:
            _write_row(sheet, at, title, money)
            at += 1
        for i, head in enumerate(table.header):
            sheet.write_string(at, i, _checked(head, at), bold)
        if table.header:
            at += 1
            sheet.freeze_panes(at, 0)
        for row in table.rows:
            if at >= _MAX_ROWS:
                raise Invalid("sheet_too_long", f"“{table.name}”超过 {_MAX_ROWS} 行，请缩小范围后再导出。")
            _write_row(sheet, at, row, money)
            at += 1
    book.close()
    return out.getvalue()


def _write_row(sheet: xlsxwriter.worksheet.Worksheet, at: int, row: Sequence[Out], money: object) -> None:
    for i, value in enumerate(row):
        if value is None or value == "":
            continue
        if isinstance(value, Decimal):
            sheet.write_number(at, i, value, money)
        elif isinstance(value, int) and not isinstance(value, bool) and abs(value) < _NUMBER_LIMIT:
            sheet.write_number(at, i, value)
        else:
            sheet.write_string(at, i, _checked(cell_text(value), at))


def _checked(text: str, at: int) -> str:
    if len(text) > _MAX_TEXT:
        raise Invalid("cell_too_long", f"第 {at + 1} 行有一格超过 {_MAX_TEXT} 个字，Excel 放不下，请缩短后再导出。")
    return text


def _sheet_name(name: str, taken: set[str]) -> str:
    base = _SHEET_NAME.sub(" ", name).strip().strip("'")[:28] or "表"
    candidate, n = base, 1
    while candidate.lower() in taken:
        n += 1
        candidate = f"{base}{n}"
    taken.add(candidate.lower())
    return candidate


def cell_text(value: Out) -> str:
    """A value as a person reads it in a file: Beijing wall time, plain numbers."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        local = value.astimezone(BEIJING) if value.tzinfo else value
        return local.strftime("%Y-%m-%d %H:%M:%S")
    if isinstance(value, Decimal):
        return f"{value:f}"
    return str(value)


def write_csv(table: Table, *, encoding: str = "utf-8-sig", keep_digits: bool = True) -> bytes:
    """A csv. What Excel would run is prefixed by an apostrophe, long digits by a tab (as platforms do themselves).

    ``keep_digits=False`` leaves digits bare, for files that a machine reads.
    """
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    for row in (*table.titles, table.header) if table.header else table.titles:
        writer.writerow([guard(cell_text(v), keep_digits=keep_digits) for v in row])
    for row in table.rows:
        writer.writerow([guard(cell_text(v), keep_digits=keep_digits) for v in row])
    return out.getvalue().encode(encoding, "replace")


def guard(text: str, *, keep_digits: bool = True) -> str:
    """One csv cell that Excel neither runs nor rounds."""
    if keep_digits and _LONG_DIGITS.match(text):
        return "\t" + text
    if text.startswith(_FORMULA) and not _PLAIN_NUMBER.match(text):
        return "'" + text
    return text
