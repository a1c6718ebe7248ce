"""What reading a file gives, what it may refuse, and how much it is willing to swallow."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from daifa.kit.errors import Invalid

type Cell = str | int | float | bool | datetime | date | time | timedelta | None

MAX_BYTES = 200 * 1024 * 1024
MAX_CELLS = 20_000_000
MAX_MEMBERS = 300
MAX_UNPACKED = 1_500 * 1024 * 1024
MAX_RATIO = 400


@dataclass(slots=True)
class SheetData:
    """One sheet: ``rows[0]`` is sheet row 1, all rows are equally wide, vertical merges are already spread.

    ``file`` names the file (inside an archive ``a.zip/b.csv``), ``merged`` the columns that had vertical merges.
    """

    file: str
    name: str
    rows: list[list[Cell]]
    hidden: bool = False
    merged: frozenset[int] = frozenset()
    encoding: str = ""
    notes: tuple[str, ...] = field(default=())

    @property
    def width(self) -> int:
        """Number of columns."""
        return len(self.rows[0]) if self.rows else 0


class UnreadableFile(Invalid):
    """The bytes are no table that can be read; the message says which file and what to do."""


class PasswordNeeded(Invalid):
    """The file is locked: ask for its password (``data["file"]``); code tells missing from wrong."""


def unreadable(name: str, why: str, todo: str, code: str = "file_unreadable") -> UnreadableFile:
    """An UnreadableFile with the usual sentence."""
    return UnreadableFile(code, f"文件“{name}”{why}。{todo}", file=name)


def too_large(name: str, what: str) -> UnreadableFile:
    """The file is larger than we read at once."""
    return unreadable(name, f"太大：{what}", "请按时间分成几个文件再导入。", "file_too_large")


def locked(name: str, tried: bool) -> PasswordNeeded:
    """The file needs a password, or another one."""
    if tried:
        return PasswordNeeded("password_wrong", f"文件“{name}”的密码不对，请重新输入。", file=name)
    return PasswordNeeded("password_needed", f"文件“{name}”有密码，请输入打开密码后重新导入。", file=name)
