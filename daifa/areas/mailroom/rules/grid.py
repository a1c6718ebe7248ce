"""The grid below the header: which rows are data, and columns of typed values by field. Column-wise, never per cell."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from daifa.kit.money import Fen
from daifa.kit.tabular import columns as read
from daifa.kit.tabular.columns import Trouble
from daifa.kit.tabular.headers import header_key
from daifa.kit.tabular.sheets import Cell, SheetData
from daifa.ports.sheet import RowError, SheetGuess
from daifa.ports.sheet_fields import FIELDS

_TOTALS = "合计 总计 小计 汇总 总数 总和 共计 本页合计 本页小计 total sum"
ERROR_COLUMNS = ("行号", "列", "原因", "怎么改")
TOTAL_WORDS = frozenset(_TOTALS.split())
# 合计, 合计：, 共计 12 单, Total: 12.
_TOTAL = re.compile(rf"({'|'.join(_TOTALS.split())})\s*[:：]?\s*(?:[¥￥]?[\d,.]+\s*[单件行条笔元个]?)?$", re.IGNORECASE)


@dataclass(slots=True)
class Grid:
    """The data rows of one sheet under one guess. ``rows[i]`` is sheet row ``numbers[i]`` (1-based)."""

    guess: SheetGuess
    header: list[str]
    rows: list[list[Cell]]
    numbers: list[int]
    where: dict[str, list[int]]
    dropped: list[tuple[int, str]] = field(default_factory=list)
    errors: dict[int, list[RowError]] = field(default_factory=dict)
    unknown: Counter[tuple[str, str]] = field(default_factory=Counter)

    def __len__(self) -> int:
        return len(self.rows)

    def has(self, key: str) -> bool:
        """Whether some column means this field."""
        return key in self.where

    def cells(self, index: int) -> list[Cell]:
        """One raw column."""
        return [row[index] for row in self.rows]

    def column_name(self, index: int) -> str:
        """What the file calls a column."""
        return self.header[index] or f"第 {index + 1} 列"

    def fail(self, at: int, error: RowError) -> None:
        """Refuse one row (position, not number) for one reason."""
        self.errors.setdefault(at, []).append(error)

    def _report(self, index: int, troubles: dict[int, Trouble]) -> None:
        name = self.column_name(index)
        for at, t in troubles.items():
            row = self.numbers[at]
            self.fail(at, RowError(row, name, t.value, f"第 {row} 行“{name}”：{t.reason}", t.fix))

    def text(self, key: str) -> list[str]:
        """A text field: the first non-empty of its columns; empty text where there is no such column."""
        out: list[str] | None = None
        for index in self.where.get(key, ()):
            values = read.words(self.cells(index))
            out = values if out is None else [a or b for a, b in zip(out, values, strict=True)]
        return out if out is not None else [""] * len(self.rows)

    def raw_text(self, key: str) -> list[str]:
        """A text field whose dashes are words too (status columns)."""
        indexes = self.where.get(key, ())
        return read.texts(self.cells(indexes[0])) if indexes else [""] * len(self.rows)

    def id(self, key: str) -> list[str]:
        """An id field; what Excel has rounded becomes a row error."""
        out: list[str] | None = None
        for index in self.where.get(key, ()):
            values, troubles = read.ids(self.cells(index))
            self._report(index, troubles)
            out = values if out is None else [a or b for a, b in zip(out, values, strict=True)]
        return out if out is not None else [""] * len(self.rows)

    def money(self, key: str, *, refund: bool = False) -> list[Fen | None] | None:
        """A money field in fen, columns that add up summed; None when no column means it.

        Negative amounts are refused; of a refund the sign is only a way of writing.
        """
        out: list[Fen | None] | None = None
        for index in self.where.get(key, ()):
            values = self.money_of(index, refund=refund)
            if out is None:
                out = values
            elif FIELDS[key].adds_up:
                out = [a if b is None else b + (a or 0) for a, b in zip(out, values, strict=True)]
            else:
                out = [b if a is None else a for a, b in zip(out, values, strict=True)]
        return out

    def money_of(self, index: int, *, refund: bool = False) -> list[Fen | None]:
        """One column of money in fen, of a field whose columns each say something of their own."""
        values, troubles = read.moneys(self.cells(index))
        self._report(index, troubles)
        if any(v is not None and v < 0 for v in set(values)):
            values = self._positive(index, values, refund=refund)
        return values

    def _positive(self, index: int, values: list[Fen | None], *, refund: bool) -> list[Fen | None]:
        if refund:
            return [None if v is None else abs(v) for v in values]
        name = self.column_name(index)
        for at, v in enumerate(values):
            if v is not None and v < 0:
                row = self.numbers[at]
                said = read.cell_text(self.rows[at][index])
                reason = f"第 {row} 行“{name}”是负数“{said}”，订单金额不能是负数"
                self.fail(at, RowError(row, name, said, reason, "请核对原文件，改成正数后重新导入这一行。"))
        return values

    def _typed[T](
        self, key: str, reader: Callable[[Sequence[Cell]], tuple[list[T | None], dict[int, Trouble]]]
    ) -> list[T | None] | None:
        out: list[T | None] | None = None
        for index in self.where.get(key, ()):
            values, troubles = reader(self.cells(index))
            self._report(index, troubles)
            out = values if out is None else [b if a is None else a for a, b in zip(out, values, strict=True)]
        return out

    def moment(self, key: str) -> list[datetime | None] | None:
        """A time field as UTC moments; None when no column means it."""
        return self._typed(key, read.moments)

    def count(self, key: str) -> list[int | None] | None:
        """A quantity field; None when no column means it."""
        return self._typed(key, read.counts)

    def number(self, key: str) -> list[Decimal | None] | None:
        """A number field; None when no column means it."""
        return self._typed(key, read.numbers)

    def yes(self, key: str) -> list[bool] | None:
        """A yes-or-no field; None when no column means it."""
        indexes = self.where.get(key, ())
        return read.yes_nos(self.cells(indexes[0])) if indexes else None

    def extras(self) -> list[tuple[tuple[str, str], ...]]:
        """Per row the (header, text) pairs of every column that means nothing to us, without empty cells."""
        known = {i for indexes in self.where.values() for i in indexes}
        if set(ERROR_COLUMNS) <= set(self.header):
            # An error file that comes back mended: our own four columns are no facts of the order.
            known |= {self.header.index(name) for name in ERROR_COLUMNS}
        pairs: list[list[tuple[str, str] | None]] = []
        for index, name in enumerate(self.header):
            if index in known or not name:
                continue
            column = read.texts(self.cells(index))
            memo: dict[str, tuple[str, str] | None] = {t: ((name, t) if t else None) for t in set(column)}
            if len(memo) > 1 or "" not in memo:
                pairs.append([memo[t] for t in column])
        if not pairs:
            return [()] * len(self.rows)
        return [tuple(filter(None, row)) for row in zip(*pairs, strict=True)]

    def row_errors(self) -> list[RowError]:
        """All errors so far, by row."""
        return [e for at in sorted(self.errors) for e in self.errors[at]]


def open_grid(sheet: SheetData, guess: SheetGuess) -> Grid:
    """The data rows below the header: without blank rows, totals and repeated headers (named in ``dropped``)."""
    width = sheet.width
    head = sheet.rows[guess.header_row - 1] if guess.header_row else [""] * width
    header = [read.cell_text(c) for c in head]
    where = guess.field_columns()
    keys = [header_key(h) for h in header]
    grid = Grid(guess, header, [], [], where)
    anchor = next((where[k][0] for k in ("order_no", "sku_code", "tracking_no", "supplier") if k in where), 0)
    anchor_word = keys[anchor] if keys else ""
    for number, row in enumerate(sheet.rows[guess.header_row :], guess.header_row + 1):
        first = row[anchor]
        if not first or first.__class__ is not str or first.isspace():
            if all(_empty(c) for c in row):
                continue
        elif anchor_word and first.strip() == header[anchor] and [header_key(c) for c in row] == keys:
            grid.dropped.append((number, "重复的表头"))
            continue
        if why := _not_data(row, first):
            grid.dropped.append((number, why))
            continue
        grid.rows.append(row)
        grid.numbers.append(number)
    return grid


def _empty(cell: Cell) -> bool:
    """Whether a cell says nothing: trailing blanks and tabs are no data."""
    return cell in ("", None) or (cell.__class__ is str and not str(cell).strip())


def _not_data(row: list[Cell], first: Cell) -> str:
    """Why a row is no data: a totals row, or a remark below the table."""
    # The word stands where the row begins; what stands under the order number may be a count of orders.
    begins = next((c for c in row if not _empty(c)), "")
    for cell in (begins, first):
        if cell.__class__ is str and (found := _TOTAL.match(str(cell).strip())):
            return f"{found[1]}行"
    return "说明行" if first.__class__ is str and str(first).strip().startswith("#") else ""
