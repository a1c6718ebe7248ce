"""Text tables: csv and tsv in any of the encodings Chinese back offices use, and html tables saved as .xls."""

from __future__ import annotations

import codecs
import csv
import io
import re
from html.parser import HTMLParser

from daifa.kit.tabular.sheets import MAX_CELLS, Cell, SheetData, too_large, unreadable

_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_DELIMITERS = (",", "\t", ";", "|")
_FIELD_LIMIT = 1_000_000
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")


def decode(data: bytes, name: str) -> tuple[str, str]:
    """Text and encoding: BOM, else UTF-16 by its zero bytes, else strict UTF-8, else GB18030 (which contains GBK)."""
    for bom, encoding in _BOMS:
        if data.startswith(bom):
            return _strict(data, encoding, name), encoding
    head = data[:2000]
    if head.count(0) > len(head) // 4:
        encoding = "utf-16-le" if head[1::2].count(0) >= head[::2].count(0) else "utf-16-be"
        return _strict(data, encoding, name), encoding
    for encoding in ("utf-8", "gb18030"):
        try:
            return data.decode(encoding), encoding
        except UnicodeDecodeError:
            continue
    raise _garbled(name)


def _strict(data: bytes, encoding: str, name: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        raise _garbled(name) from error


def _garbled(name: str) -> Exception:
    return unreadable(name, "的文字编码认不出", "请用 Excel 打开后另存为 xlsx，再导入。", "encoding_unknown")


def read_text(data: bytes, name: str) -> list[SheetData]:
    """A delimited text file as one sheet. Raises UnreadableFile."""
    text, encoding = decode(data, name)
    text = text.replace("\x00", "")
    if len(_CONTROL.findall(text[:4000])) > 40:
        raise unreadable(name, "不是表格", "请导入 xlsx、xls、csv 或 zip 文件。", "file_not_a_table")
    csv.field_size_limit(_FIELD_LIMIT)
    try:
        rows: list[list[Cell]] = list(csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text)))  # type: ignore[arg-type]
    except csv.Error as error:
        raise unreadable(name, f"的格式有误（{error}）", "请用 Excel 打开后另存为 xlsx，再导入。") from error
    return [_sheet(rows, name, encoding)]


def _sheet(rows: list[list[Cell]], name: str, encoding: str) -> SheetData:
    while rows and not any(rows[-1]):
        rows.pop()
    if not rows:
        raise unreadable(name, "是空的", "请重新从平台导出后再导入。", "file_empty")
    width = max(map(len, rows))
    if width * len(rows) > MAX_CELLS:
        raise too_large(name, f"有 {len(rows)} 行 {width} 列")
    for row in rows:
        if len(row) < width:
            row.extend([""] * (width - len(row)))
    title = re.split(r"[\\/]", name)[-1].rsplit(".", 1)[0]
    return SheetData(file=name, name=title, rows=rows, encoding=encoding)


def _delimiter(text: str) -> str:
    """The delimiter that the first lines agree on; several lines must be cut the same way by it."""
    lines = [line for line in text[:20000].splitlines()[:12] if line.strip()][:10]
    best, best_score = ",", 0.0
    for mark in _DELIMITERS:
        counts = [line.count(mark) for line in lines]
        busy = [c for c in counts if c]
        score = sum(busy) / (1 + len(set(busy))) if busy else 0.0
        if score > best_score:
            best, best_score = mark, score
    return best


def looks_like_markup(data: bytes) -> bool:
    """Whether a ".xls" is really a web page with a table, as some back offices write."""
    head = data[:1500].lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n").lower()
    return head.startswith(b"<") and (b"<html" in head or b"<table" in head or b"<?xml" in head or b"<!doctype" in head)


class _Tables(HTMLParser):
    """Collects the cells of every table row of a page."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.rows: list[list[Cell]] = []
        self._row: list[Cell] | None = None
        self._cell: list[str] | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "tr":
            self._row = []
            self.rows.append(self._row)
        elif tag in ("td", "th") and self._row is not None:
            self._cell = []

    def handle_endtag(self, tag: str) -> None:
        if tag in ("td", "th") and self._cell is not None and self._row is not None:
            self._row.append("".join(self._cell).strip())
            self._cell = None

    def handle_data(self, data: str) -> None:
        if self._cell is not None:
            self._cell.append(data)


def read_markup(data: bytes, name: str) -> list[SheetData]:
    """The rows of the tables of a web page. Raises UnreadableFile when there is none."""
    text, encoding = decode(data, name)
    parser = _Tables()
    try:
        parser.feed(text)
        parser.close()
    except (ValueError, AssertionError) as error:
        raise unreadable(name, "是网页，里面的表格读不出", "请用 Excel 打开后另存为 xlsx，再导入。") from error
    rows = [row for row in parser.rows if row]
    if not rows:
        raise unreadable(name, "是网页，不是表格", "请用 Excel 打开后另存为 xlsx，再导入。", "file_not_a_table")
    return [_sheet(rows, name, encoding)]
