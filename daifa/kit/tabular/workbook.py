"""Workbooks (xlsx, xls, xlsb, ods) by python-calamine: rows by sheet, merges spread, sizes checked beforehand."""

from __future__ import annotations

import io
import re
import zipfile

from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook, PasswordError, SheetVisibleEnum

from daifa.kit.tabular.archive import BROKEN, check_bounds
from daifa.kit.tabular.probe import survives
from daifa.kit.tabular.sheets import MAX_CELLS, Cell, SheetData, locked, too_large, unreadable

_ROW = re.compile(rb'<row r="(\d{1,9})"')
_CELL = re.compile(rb' r="([A-Z]{1,4})(\d{1,9})"')
_FAR_COLUMN = re.compile(rb' r="([A-Z]{2,4})\d')
_REPEATED = re.compile(rb'number-(?:rows|columns)-repeated="(\d{5,})"')
_COUNT = re.compile(rb'[cC]ount\s*=\s*["\']\s*(\d{1,30})')
_CHUNK = 1 << 20
# Texts that stand once only are forgotten every so often.
_SHARED_ROWS = 2000
_HEAD = 1 << 16
_EXACT_BELOW = 8 << 20
_ODS_LIMIT = 200 << 20


def read_workbook(data: bytes, name: str) -> list[SheetData]:
    """Every sheet that has rows. Raises UnreadableFile or PasswordNeeded."""
    safe = data.startswith(b"PK") and _check_zip(data, name)
    if not safe and not survives(data):
        raise _broken(name)
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(data))
        found = [
            sheet
            for meta in book.sheets_metadata
            if (sheet := _sheet(book, meta.name, name, hidden=meta.visible != SheetVisibleEnum.Visible))
        ]
    except PasswordError as error:
        raise locked(name, tried=False) from error
    except (CalamineError, ValueError, OSError, MemoryError, OverflowError) as error:
        raise _broken(name) from error
    except BaseException as error:
        # A panic inside the Rust reader arrives as a BaseException of no importable class.
        if type(error).__name__ == "PanicException":
            raise _broken(name) from error
        raise
    if not found:
        raise unreadable(name, "里没有数据", "请重新从平台导出后再导入。", "file_empty")
    return found


def _broken(name: str) -> Exception:
    return unreadable(name, "打不开，可能已损坏或不是表格", "请用 Excel 打开后另存为 xlsx，再导入。")


def _sheet(book: CalamineWorkbook, title: str, name: str, *, hidden: bool) -> SheetData | None:
    try:
        sheet = book.get_sheet_by_name(title)
    except CalamineError:
        # Chart and macro sheets have no cells.
        return None
    if sheet.end is None:
        return None
    height, width = sheet.end[0] + 1, sheet.end[1] + 1
    if height * width > MAX_CELLS:
        raise too_large(name, f"工作表“{title}”有 {height} 行 {width} 列")
    rows: list[list[Cell]] = sheet.to_python(skip_empty_area=False)  # type: ignore[assignment]
    if not rows:
        return None
    merged = _spread(rows, sheet)
    _share(rows)
    return SheetData(file=name, name=title, rows=rows, hidden=hidden, merged=merged)


def _share(rows: list[list[Cell]]) -> None:
    """Equal texts become one text: most cells of an export repeat, and big files stay small in memory."""
    seen: dict[str, str] = {}
    for at, row in enumerate(rows):
        if at % _SHARED_ROWS == 0:
            seen.clear()
        rows[at] = [seen.setdefault(c, c) if c.__class__ is str else c for c in row]


def _spread(rows: list[list[Cell]], sheet: CalamineSheet) -> frozenset[int]:
    """Give each row of a merged cell its value, in the cell's first column; merges across columns only are titles
    and stay. Of a rectangle (a remark block, or an address over two columns) only rows that say something else too."""
    columns: set[int] = set()
    for (top, left), (bottom, right) in sheet.merged_cell_ranges or ():
        if bottom <= top or top >= len(rows) or left >= len(rows[top]):
            continue
        value = rows[top][left]
        columns.add(left)
        for r in range(top + 1, min(bottom + 1, len(rows))):
            if rows[r][left] not in ("", None):
                continue
            if left == right or any(c not in ("", None) for c in (*rows[r][:left], *rows[r][right + 1 :])):
                rows[r][left] = value
    return frozenset(columns)


def _check_zip(data: bytes, name: str) -> bool:
    """Refuse what would unpack, or span, far more than a merchant's file does: the reader allocates what it is told.

    True when it is an xlsx, of which every claim was checked here; False for the other zipped formats.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            check_bounds(archive, name)
            members = archive.infolist()
            for member in members:
                if member.filename.startswith("xl/") and member.filename.endswith(".xml"):
                    _check_counts(archive, member, name)
                if member.filename.startswith("xl/worksheets/") and member.filename.endswith(".xml"):
                    rows, columns = _span(archive, member)
                    if rows * columns > MAX_CELLS:
                        raise too_large(name, f"有 {rows} 行 {columns} 列（多半是格式刷到了最后一行）")
                elif member.filename == "content.xml" and _repeats(archive, member) > MAX_CELLS:
                    raise too_large(name, "空白行列重复太多")
    except (*BROKEN, RuntimeError) as error:
        raise _broken(name) from error
    names = {m.filename for m in members}
    return "xl/workbook.xml" in names and "xl/workbook.bin" not in names and "content.xml" not in names


def _check_counts(archive: zipfile.ZipFile, member: zipfile.ZipInfo, name: str) -> None:
    """Refuse a part that announces more entries than it has bytes: room is made for them before they are read."""
    with archive.open(member) as stream:
        head = stream.read(_HEAD)
    if any(int(n) > max(member.file_size, _HEAD) for n in _COUNT.findall(head)):
        raise _broken(name)


def _span(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> tuple[int, int]:
    """Largest row and column, from the text alone. Exact for small sheets; of a large one (which cannot hide a
    far cell cheaply) the row tags and the columns beyond Z are read, and 26 columns assumed."""
    rows, columns = {1}, {26}
    exact = member.file_size <= _EXACT_BELOW
    with archive.open(member) as stream:
        tail = b""
        while chunk := stream.read(_CHUNK):
            text = tail + chunk
            if exact:
                cells = _CELL.findall(text)
                rows.update(int(n) for _, n in cells)
                columns.update({_column(c) for c in {c for c, _ in cells}})
            else:
                rows.update(int(n) for n in _ROW.findall(text)[-1:])
                columns.update({_column(c) for c in set(_FAR_COLUMN.findall(text))})
            tail = text[-64:]
    return max(rows), max(columns)


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


def _repeats(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> int:
    """The largest repeat count of an OpenDocument sheet: a million trailing empty rows are normal, more is not."""
    with archive.open(member) as stream:
        text = stream.read(_ODS_LIMIT)
    return max((int(n) for n in _REPEATED.findall(text)), default=0)
