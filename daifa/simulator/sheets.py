"""Writing the files that platforms and suppliers write: CSV in their encodings, workbooks, locked workbooks."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from datetime import datetime
from decimal import Decimal

import xlsxwriter
from msoffcrypto.format.ooxml import OOXMLFile

from daifa.kit.clock import BEIJING
from daifa.kit.money import Fen
from daifa.kit.values import dataclass

type Cell = str | int | Decimal | None
type Row = Sequence[Cell]

# Workbooks carry the moment they were made; a fixed one keeps equal cells equal bytes.
_MADE = datetime(2020, 1, 1, tzinfo=BEIJING).replace(tzinfo=None)


@dataclass(frozen=True, slots=True)
class Merge:
    """A merged block, 0-based and inclusive, that shows one text."""

    top: int
    left: int
    bottom: int
    right: int
    text: str


def columns(text: str) -> tuple[str, ...]:
    """Column names of one header, comma-joined over several lines; blanks in the names stay."""
    return tuple("".join(text.strip("\n").splitlines()).split(","))


def stamp(at: datetime | None, empty: str = "") -> str:
    """A moment as platforms write it, Beijing wall time."""
    return empty if at is None else f"{at.astimezone(BEIJING):%Y-%m-%d %H:%M:%S}"


def yuan(fen: Fen | None, empty: str = "") -> str:
    """Fen as ``1,234.50``, with the separators that exports have."""
    if fen is None:
        return empty
    sign, (whole, rest) = "-" if fen < 0 else "", divmod(abs(fen), 100)
    return f"{sign}{whole:,}.{rest:02d}"


def csv_bytes(rows: Iterable[Row], encoding: str) -> bytes:
    """A CSV with CRLF line ends; ``utf-8-sig`` puts the BOM before the first header."""
    out = io.StringIO(newline="")
    csv.writer(out, lineterminator="\r\n").writerows(rows)
    return out.getvalue().encode(encoding)


def workbook(rows: Iterable[Row], *, sheet: str = "Sheet1", merges: Sequence[Merge] = ()) -> bytes:
    """One sheet, texts as texts and numbers as numbers; merged blocks may replace cells of the rows."""
    out = io.BytesIO()
    # Merged blocks are written out of order, which the row-by-row mode cannot do.
    book = xlsxwriter.Workbook(
        out, {"constant_memory": not merges, "in_memory": True, "strings_to_numbers": False, "strings_to_urls": False}
    )
    book.set_properties({"created": _MADE})
    page = book.add_worksheet(sheet)
    for r, row in enumerate(rows):
        for c, cell in enumerate(row):
            if cell is None or cell == "":
                continue
            if isinstance(cell, str):
                page.write_string(r, c, cell)
            else:
                page.write_number(r, c, cell)
    for m in merges:
        page.merge_range(m.top, m.left, m.bottom, m.right, m.text)
    book.close()
    return out.getvalue()


def locked(data: bytes, password: str) -> bytes:
    """The same workbook behind a password (agile encryption, as Excel does it; salts differ each time)."""
    out = io.BytesIO()
    OOXMLFile(io.BytesIO(data)).encrypt(password, out)
    return out.getvalue()
