"""The file that goes back to the person: the original rows that were refused, and why, and what to do."""

from __future__ import annotations

from collections.abc import Iterator

from daifa.areas.mailroom.rules.grid import ERROR_COLUMNS
from daifa.kit.tabular.columns import cell_text
from daifa.kit.tabular.sheets import SheetData
from daifa.kit.tabular.write import Out, Table, write_xlsx
from daifa.ports.sheet import Parsed, RowError, SheetGuess


def error_table(sheet: SheetData, guess: SheetGuess, parsed: Parsed) -> Table:
    """The refused rows under the original header, and the four columns behind. It can be mended and imported again."""
    header = [cell_text(c) for c in sheet.rows[guess.header_row - 1]] if guess.header_row else []
    return Table(name="需要修改的行", header=[*header, *ERROR_COLUMNS], rows=_rows(sheet, parsed))


def _rows(sheet: SheetData, parsed: Parsed) -> Iterator[list[Out]]:
    by_row: dict[int, list[RowError]] = {}
    for error in parsed.errors:
        by_row.setdefault(error.row, []).append(error)
    held = dict(parsed.held_back)
    for row in sorted(by_row.keys() | held.keys()):
        cells: list[Out] = [cell_text(c) for c in sheet.rows[row - 1]]
        errors = by_row.get(row)
        if errors:
            yield [
                *cells,
                row,
                "；".join(dict.fromkeys(e.column for e in errors)),
                "；".join(dict.fromkeys(e.reason for e in errors)),
                "；".join(dict.fromkeys(e.fix for e in errors)),
            ]
        else:
            reason = f"同一订单的第 {held[row]} 行有错，整单一起退回"
            yield [*cells, row, "", reason, "这一行不用改，改好那一行后一起重新导入。"]


def write_errors(sheet: SheetData, guess: SheetGuess, parsed: Parsed) -> bytes:
    """The error file as xlsx; empty bytes when nothing was refused."""
    if not parsed.errors and not parsed.held_back:
        return b""
    return write_xlsx([error_table(sheet, guess, parsed)])
