"""Archives of files: their members one by one, within bounds that a zip bomb cannot pass."""

from __future__ import annotations

import lzma
import struct
import zipfile
import zlib
from collections.abc import Iterator

from daifa.kit.tabular.sheets import MAX_MEMBERS, MAX_RATIO, MAX_UNPACKED, locked, too_large, unreadable

# How a damaged archive shows itself while it is opened or read.
BROKEN = (
    zipfile.BadZipFile,
    zipfile.LargeZipFile,
    zlib.error,
    lzma.LZMAError,
    struct.error,
    EOFError,
    NotImplementedError,
    OSError,
    ValueError,
    OverflowError,
    IndexError,
)
_TABLES = ("xlsx", "xlsm", "xls", "xlsb", "ods", "csv", "tsv", "txt", "et", "")
_ENCRYPTED = 0x1
_UTF8_NAME = 0x800


def is_office_zip(archive: zipfile.ZipFile) -> bool:
    """Whether the zip is itself a workbook (xlsx, xlsb, ods)."""
    names = set(archive.namelist())
    return "[Content_Types].xml" in names or "mimetype" in names or "xl/workbook.xml" in names


def check_bounds(archive: zipfile.ZipFile, name: str) -> None:
    """Refuse an archive that would unpack to far more than it weighs. Raises UnreadableFile."""
    members = archive.infolist()
    if len(members) > MAX_MEMBERS * 10:
        raise too_large(name, f"里面有 {len(members)} 个文件")
    unpacked = sum(m.file_size for m in members)
    if unpacked > MAX_UNPACKED:
        raise too_large(name, f"解开后有 {unpacked // 1024 // 1024} MB")
    for member in members:
        if member.file_size > 50 * 1024 * 1024 and member.file_size > MAX_RATIO * max(member.compress_size, 1):
            raise too_large(name, f"“{member_name(member)}”压缩比异常，像压缩炸弹")


def member_name(info: zipfile.ZipInfo) -> str:
    """The member's name; Chinese Windows writes GBK without saying so."""
    if info.flag_bits & _UTF8_NAME:
        return info.filename
    try:
        return info.filename.encode("cp437").decode("gb18030")
    except UnicodeError:
        return info.filename


def read_archive(archive: zipfile.ZipFile, name: str, password: str | None) -> Iterator[tuple[str, bytes]]:
    """Name and bytes of every member that may be a table; raises UnreadableFile or PasswordNeeded."""
    check_bounds(archive, name)
    members = [m for m in archive.infolist() if _is_table(member_name(m)) and not m.is_dir() and m.file_size]
    if len(members) > MAX_MEMBERS:
        raise too_large(name, f"里面有 {len(members)} 个表格，上限 {MAX_MEMBERS} 个")
    left = MAX_UNPACKED
    for member in members:
        content = _member_bytes(archive, member, name, password, left)
        left -= len(content)
        if content.strip(b"\x00 \t\r\n"):
            yield member_name(member), content


def _is_table(name: str) -> bool:
    leaf = name.replace("\\", "/").rsplit("/", 1)[-1]
    if name.startswith("__MACOSX") or leaf.startswith((".", "~$")) or leaf in ("Thumbs.db", "desktop.ini"):
        return False
    extension = leaf.rsplit(".", 1)[-1].lower() if "." in leaf else ""
    return extension in (*_TABLES, "zip")


def _member_bytes(
    archive: zipfile.ZipFile, member: zipfile.ZipInfo, name: str, password: str | None, left: int
) -> bytes:
    inner = f"{name}/{member_name(member)}"
    if member.flag_bits & _ENCRYPTED and not password:
        raise locked(inner, tried=False)
    try:
        with archive.open(member, pwd=password.encode("gb18030", "replace") if password else None) as stream:
            # The size in the directory may lie: read no more than we are willing to hold.
            content = stream.read(left + 1)
    except BROKEN as error:
        raise unreadable(inner, "已损坏，打不开", "请重新压缩后再导入。") from error
    except RuntimeError as error:
        # What zipfile raises for a wrong password (NotImplementedError, its child, is caught above).
        raise locked(inner, tried=True) from error
    if len(content) > left:
        raise too_large(name, "解开后超过上限")
    return content
