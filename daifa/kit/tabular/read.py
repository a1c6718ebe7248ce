"""Bytes of a file to sheets of rows, whatever the file is. The one entrance of every import."""

from __future__ import annotations

import io
import zipfile

from daifa.kit.tabular.archive import BROKEN, is_office_zip, read_archive
from daifa.kit.tabular.locked import unlock
from daifa.kit.tabular.sheets import MAX_BYTES, SheetData, too_large, unreadable
from daifa.kit.tabular.textfile import looks_like_markup, read_markup, read_text
from daifa.kit.tabular.workbook import read_workbook

_ZIP = (b"PK\x03\x04", b"PK\x05\x06")
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
# What people drop by mistake: say what it is instead of showing it as garbled text.
_OTHERS = {
    b"%PDF": "是 PDF，不是表格",
    b"\x89PNG": "是图片，不是表格",
    b"\xff\xd8\xff": "是图片，不是表格",
    b"GIF8": "是图片，不是表格",
    b"Rar!": "是 RAR 压缩包",
    b"7z\xbc\xaf": "是 7z 压缩包",
    b"\x1f\x8b": "是 gz 压缩包",
}


def read_file(data: bytes, name: str, password: str | None = None) -> list[SheetData]:
    """The sheets of a file: xlsx, xls, xlsb, ods, csv, tsv, txt, html-as-xls, or a zip of these.

    Raises UnreadableFile (what is wrong and what to do) or PasswordNeeded; never anything else, whatever the bytes.
    """
    if not data.strip(b"\x00 \t\r\n"):
        raise unreadable(name, "是空的", "请重新从平台导出后再导入。", "file_empty")
    if len(data) > MAX_BYTES:
        raise too_large(name, f"{len(data) // 1024 // 1024} MB，上限 {MAX_BYTES // 1024 // 1024} MB")
    return _read(data, name, password)


def _read(data: bytes, name: str, password: str | None, *, inside: bool = False) -> list[SheetData]:
    for mark, what in _OTHERS.items():
        if data.startswith(mark):
            raise unreadable(name, what, "请导入 xlsx、xls、csv 或 zip 文件。", "file_not_a_table")
    if data.startswith(_ZIP):
        return _read_zip(data, name, password, inside=inside)
    if data.startswith(_OLE):
        return read_workbook(unlock(data, name, password), name)
    if looks_like_markup(data):
        return read_markup(data, name)
    return read_text(data, name)


def _read_zip(data: bytes, name: str, password: str | None, *, inside: bool) -> list[SheetData]:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            if is_office_zip(archive):
                return read_workbook(data, name)
            if inside:
                raise unreadable(name, "是压缩包里的压缩包", "请先解开里面的压缩包。", "file_nested_archive")
            sheets: list[SheetData] = []
            for member, content in read_archive(archive, name, password):
                sheets += _read(content, f"{name}/{member}", password, inside=True)
    except BROKEN as error:
        raise unreadable(name, "已损坏，打不开", "请重新从平台下载后再导入。") from error
    if not sheets:
        raise unreadable(name, "里没有表格文件", "请放入 xlsx、xls 或 csv 后再压缩。", "file_empty")
    return sheets
