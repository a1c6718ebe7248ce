"""What went wrong beneath a command, as one line that says what to do; the details go to a log, never to the screen."""

from __future__ import annotations

from pathlib import Path

import orjson
import psycopg
from django.conf import settings
from django.db import InterfaceError, OperationalError, ProgrammingError

from daifa.entry.postgres import NotStarted
from daifa.kit import clock, log
from daifa.kit.errors import AppError
from daifa.kit.trouble import trouble

LOG = "cli.log"


class Failed(AppError):
    """A command that could not be done, and nobody decided so."""

    status = 500


def told(error: Exception) -> AppError:
    """The error as a person can use it."""
    if isinstance(error, AppError):
        return error
    if isinstance(error, NotStarted):
        return Failed("database_not_started", f"{' '.join(str(error).split())} 处理后再运行；daifa doctor 会检查安装。")
    if isinstance(error, (OperationalError, InterfaceError, psycopg.OperationalError, psycopg.InterfaceError)):
        return Failed("database_unreachable", "数据库连不上或中断了。请确认它在运行，再试一次；daifa doctor 会检查。")
    if isinstance(error, ProgrammingError):
        return Failed("database_other_version", "数据库的结构不是这个版本的。请运行 ./start（会自动升级）后再试一次。")
    if isinstance(error, OSError):
        name = f"“{error.filename}”" if error.filename else "文件"
        return Failed("file_trouble", f"{name}读写不了：{trouble(error)}。请检查路径、权限和磁盘空间后再试。")
    return Failed("internal", f"程序出错（{type(error).__name__}），没有做完。{_kept(error)}")


def _kept(error: Exception) -> str:
    """Write the details down (types and places, no data) and say where; a home may be unwritable."""
    path = Path(settings.DAIFA_HOME) / "log" / LOG
    line = {"at": clock.wall().isoformat(), "event": "cli.failed", "error": log.failure(error)}
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with open(path, "ab") as out:
            out.write(orjson.dumps(line) + b"\n")
    except OSError:
        return "请把这一行发给管理员。"
    return f"细节在 {path}，请发给管理员。"
