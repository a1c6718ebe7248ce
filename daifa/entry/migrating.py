"""Bringing the schema to this version: one process at a time, and one clear line when it cannot be done."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connections
from django.db.migrations.exceptions import InconsistentMigrationHistory
from django.db.migrations.loader import MigrationLoader

from daifa.flows import reference
from daifa.kit.errors import Conflict

_LOCK = 7202
WAIT = "60s"


def migrate() -> None:
    """Migrate as the owner, with a lock timeout, then refresh the shared tables. Raises Conflict with what to do."""
    with _alone() as link:
        try:
            if not _is_current(link):
                call_command("migrate", database="owner", verbosity=0, interactive=False)
            reference.refresh()
        except InconsistentMigrationHistory as error:
            raise _failed("这个数据库是更新版本的程序建的，或迁移被改动过", "请换回原来的版本，或恢复备份") from error
        except (DatabaseError, CommandError) as error:
            why = (str(error).strip() or type(error).__name__).splitlines()[0]
            raise _failed(why, "请停下其他 daifa 进程后再试；还不行就运行 daifa doctor") from error


def expected() -> frozenset[tuple[str, str]]:
    """Every migration of this version, by application and name."""
    return frozenset(MigrationLoader(None, ignore_no_migrations=True).disk_migrations)


def _is_current(link: psycopg.Connection[tuple[object, ...]]) -> bool:
    """Whether the database has every migration: asking is ten times as fast as having Django go through them."""
    if link.execute("SELECT to_regclass('django_migrations')").fetchone() == (None,):
        return False
    return expected() <= set(link.execute("SELECT app, name FROM django_migrations").fetchall())


_REASONS = {
    "Connection refused": "那个地址和端口上没有数据库",
    "password authentication failed": "用户名或密码不对",
    "does not exist": "没有这个数据库或角色",
    "could not translate host name": "找不到这台服务器",
    "timeout expired": "没有回应",
    "is starting up": "数据库正在启动",
    "is shutting down": "数据库正在停止",
    "too many": "连接数已满",
}


def why(error: psycopg.OperationalError) -> str:
    """Why there is no connection, in Chinese where the reason is known."""
    said = str(error)
    return next((known for words, known in _REASONS.items() if words in said), " ".join(said.split()))


@contextmanager
def _alone() -> Iterator[psycopg.Connection[tuple[object, ...]]]:
    """Every command migrates: two of them at once would both try to make the same tables. Raises Conflict."""
    to = connections["owner"].settings_dict
    given = {"host": to["HOST"], "port": to["PORT"], "user": to["USER"], "password": to["PASSWORD"]}
    try:
        # A session of its own: what migrating does to its connection must not let the lock go.
        link = psycopg.connect(dbname=str(to["NAME"]), autocommit=True, **{k: v for k, v in given.items() if v})
    except psycopg.OperationalError as error:
        raise _failed(f"连不上数据库（{why(error)}）", "请检查数据库是否在运行、DATABASE_OWNER_URL 是否正确") from error
    with link:
        try:
            link.execute(f"SET lock_timeout = '{WAIT}'")
            link.execute("SELECT pg_advisory_lock(%s)", [_LOCK])
        except psycopg.errors.LockNotAvailable as error:
            raise _failed("另一个 daifa 进程正在升级数据库", "请等它完成后再试") from error
        yield link


def _failed(why: str, fix: str) -> Conflict:
    return Conflict("migrate_failed", f"数据库没有升级成功：{why}。数据没有改动。{fix}。")
