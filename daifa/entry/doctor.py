"""What is wrong with an installation, part by part, and how to mend each thing."""

from __future__ import annotations

import os
import shutil
import stat
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

from django.apps import apps
from django.conf import settings
from django.db import connections

from daifa.areas.accounts.services import people
from daifa.areas.mailroom.services import sealing
from daifa.base import vault
from daifa.base.pg.schema import app_role, is_tenant
from daifa.base.tenancy import tenant
from daifa.entry import health, postgres, serve
from daifa.kit import clock
from daifa.kit.errors import AppError
from daifa.kit.values import dataclass

LEAST_DISK, SCARCE_DISK = 1 << 30, 5 << 30
CLOCK_APART = timedelta(seconds=5)
_LOGS = {"inside": "worker", "outside": "outside"}
EARLIEST = datetime(2026, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at. ``level``: ok, note (works, but look at it), bad (does not work)."""

    part: str
    level: str
    text: str
    fix: str = ""


def _ok(part: str, text: str) -> Finding:
    return Finding(part, "ok", text)


def _bad(part: str, text: str, fix: str) -> Finding:
    return Finding(part, "bad", text, fix)


def _note(part: str, text: str, fix: str) -> Finding:
    return Finding(part, "note", text, fix)


def home() -> Iterator[Finding]:
    """The data folder: there, ours, with room left."""
    path = Path(settings.DAIFA_HOME)
    if not path.exists():
        yield _bad("数据目录", f"{path} 不存在", "运行 ./start 建立，或把 DAIFA_HOME 指到正确的位置")
        return
    if not os.access(path, os.W_OK | os.X_OK):
        yield _bad("数据目录", f"{path} 不可写", f"用能写的用户运行，或 chown -R 当前用户 {path}")
        return
    free = shutil.disk_usage(path).free
    said = f"{path}，剩余 {free / 1e9:.1f} GB"
    if free < LEAST_DISK:
        yield _bad("磁盘", said, "空间不足 1 GB，数据库随时可能停：请清理磁盘或扩容")
    elif free < SCARCE_DISK:
        yield _note("磁盘", said, "空间不多了，请尽快清理或扩容")
    else:
        yield _ok("磁盘", said)


def keys() -> Iterator[Finding]:
    """The key ring: there, private, the one that sealed."""
    if settings.DAIFA_KEYS:
        yield _ok("密钥", f"来自环境变量 DAIFA_KEYS，{len(vault.ring())} 把")
        return
    path = vault.ring_file()
    known = vault.known_fingerprints()
    if not path.exists():
        if known:
            yield _bad("密钥", f"{path} 不见了，加密数据打不开", "从备份旁的 .keys 文件取回 keys，放回原处，权限 0600")
        else:
            yield _note("密钥", "还没有生成", "首次保存数据时会自动生成；生成后请备份")
        return
    if stat.S_IMODE(path.stat().st_mode) & 0o077:
        yield _bad("密钥", f"{path} 别的用户也能读", f"运行 chmod 600 {path}")
    try:
        held = {n: vault.fingerprint(k) for n, k in vault.ring()}
    except (ValueError, IndexError):
        yield _bad("密钥", f"{path} 内容坏了", "从备份恢复这个文件；每行应是 编号:base64")
        return
    if wrong := [n for n, mark in known.items() if held.get(n) != mark]:
        yield _bad("密钥", f"第 {wrong[0]} 号密钥不是原来那把", "密钥文件被换过：请从备份恢复 keys")
    elif len(held) > 1:
        yield _note("密钥", f"有 {len(held)} 把，更换没有完成", "运行 daifa rotate-keys 把它做完")
    else:
        yield _ok("密钥", f"第 {vault.current_key()} 号，权限正确")


def secret() -> Iterator[Finding]:
    """The file that signs sessions."""
    path = Path(settings.DAIFA_HOME) / "secret"
    if not os.environ.get("DAIFA_SECRET") and path.exists() and stat.S_IMODE(path.stat().st_mode) & 0o077:
        yield _bad("会话密钥", f"{path} 别的用户也能读", f"运行 chmod 600 {path}，再删除它并重启（大家要重新登录）")


def web() -> Iterator[Finding]:
    """The bundle: built, and not older than its sources."""
    if not health.has_bundle():
        yield _bad("网页", "还没有构建", "运行 ./start（会自动构建）")
        return
    source = Path(settings.WEB_DIST).parent / "src"
    newest = max((p.stat().st_mtime for p in source.rglob("*") if p.is_file()), default=0.0) if source.exists() else 0.0
    if newest > (Path(settings.WEB_DIST) / "index.html").stat().st_mtime + 1:
        yield _note("网页", "比源码旧", "运行 ./start 重新构建，再刷新浏览器")
    else:
        yield _ok("网页", "已构建，是最新的")


def python() -> Iterator[Finding]:
    """The interpreter."""
    said = ".".join(map(str, sys.version_info[:3]))
    yield _ok("Python", said) if sys.version_info >= (3, 12) else _bad("Python", said, "请用 Python 3.12 或更新版本")


def database() -> Iterator[Finding]:
    """The server: answers, its clock agrees, its roles are bound, its schema is of this version."""
    # The product's own connections are kept in a pool, which would try for half a minute.
    connections["owner"].ensure_connection()
    with connections["default"].cursor() as cursor:
        cursor.execute("SELECT version(), now()")
        version, now = cursor.fetchone()
        yield _ok("数据库", str(version).split(" on ", maxsplit=1)[0])
        apart = abs(clock.wall() - now)
        if apart > CLOCK_APART or clock.wall() < EARLIEST:
            yield _bad("时钟", f"本机与数据库相差 {apart.total_seconds():.0f} 秒", "请打开自动校时（NTP），再重启")
        else:
            yield _ok("时钟", "与数据库一致")
        cursor.execute(
            "SELECT rolsuper OR rolbypassrls, EXISTS (SELECT 1 FROM pg_class WHERE relowner = r.oid)"
            " FROM pg_roles r WHERE rolname = %s",
            [app_role()],
        )
        unbound, owns = cursor.fetchone() or (True, True)
        if unbound or owns:
            yield _bad(
                "行级安全", f"角色 {app_role()} 不受行级安全约束",
                "请让 DATABASE_URL 用一个普通角色：NOSUPERUSER NOBYPASSRLS，且不拥有任何表",
            )  # fmt: skip
        yield from _schema(cursor)


def _schema(cursor: object) -> Iterator[Finding]:
    execute, fetchall = cursor.execute, cursor.fetchall  # type: ignore[attr-defined]  # Django's cursor wrapper
    wrong = health.findings()
    if "migrations" in wrong:
        yield _bad("表结构", f"{wrong['migrations']}", "运行 ./start（会自动升级表结构）")
        return
    execute("SELECT relname FROM pg_class WHERE relkind = 'r' AND relrowsecurity AND relforcerowsecurity")
    forced = {name for (name,) in fetchall()}
    bare = sorted({m._meta.db_table for m in apps.get_models() if is_tenant(m)} - forced)
    if bare:
        yield _bad("行级安全", f"{len(bare)} 张表没有强制行级安全：{'、'.join(bare[:3])}", "恢复备份，或重新建表")
    else:
        yield _ok("表结构", f"是最新的，{len(forced)} 张表强制行级安全")


def worker() -> Iterator[Finding]:
    """The workers: beat; jobs do not pile up."""
    with connections["default"].cursor() as cursor:
        silent = health.silences(cursor)
        cursor.execute("SELECT status::text, count(*), min(scheduled_at) FROM procrastinate_jobs GROUP BY 1")
        jobs = {status: n for status, n, _ in cursor.fetchall()}
    for which, beat in silent:
        since = "从未" if beat is None else f"{beat.astimezone(clock.BEIJING):%m-%d %H:%M} 之后没有"
        fix = f"产品没有在运行：运行 ./start。若正在运行，请看 log/{_LOGS[which]}.log，再重启产品"
        yield _note("后台任务", f"{health.WORKERS[which]}{since}运行过", fix)
    if not silent:
        yield _ok("后台任务", "正在运行")
    if failed := jobs.get("failed", 0):
        yield _note("后台任务", f"有 {failed} 个任务失败后不再重试", "在“任务中心”看原因，改好后重做")


def content() -> Iterator[Finding]:
    """What is stored: files there, seals that open."""
    numbers = people.every_company()
    lost, names, unread = 0, list[str](), 0
    for number in numbers:
        with tenant(number):
            gone, some = sealing.missing()
            lost, names = lost + gone, [*names, *some]
            try:
                vault.unseal(vault.seal(b"doctor", "doctor"), "doctor")
                sealing.open_one()
            except AppError:
                unread += 1
    if lost:
        yield _bad("文件", f"{lost} 个文件的内容不见了：{'、'.join(names[:3])}", "从备份恢复 DAIFA_HOME/blobs")
    if unread:
        yield _bad("密钥", f"{unread} 家公司的加密文件打不开", "密钥不对：从备份恢复 keys")
    if not lost and not unread:
        yield _ok("文件", f"{len(numbers)} 家公司的文件都在，能打开")


def examine() -> list[Finding]:
    """Look at everything; what cannot be looked at because something under it is broken is left out."""
    found = [f for look in (python, home, keys, secret, web) for f in look()]
    if any(f.part == "数据目录" and f.level == "bad" for f in found):
        return found
    if serve.embedded() and not (postgres.data_folder(Path(settings.DAIFA_HOME)) / "PG_VERSION").exists():
        return [*found, _bad("数据库", "还没有建立", "运行 ./start")]
    for part, look in (("数据库", database), ("后台任务", worker), ("文件", content)):
        broken = _looked(part, look, found)
        if broken:
            break
    return found


def _looked(part: str, look: Callable[[], Iterator[Finding]], found: list[Finding]) -> bool:
    try:
        found += look()
    except Exception as error:  # noqa: BLE001  # a doctor reports whatever is broken
        log = postgres.data_folder(Path(settings.DAIFA_HOME)) / "log"
        fix = (
            f"看日志 {log}，再运行 ./start" if serve.embedded() else "检查数据库服务和 DATABASE_URL、DATABASE_OWNER_URL"
        )
        found.append(_bad(part, f"连不上或读不了（{type(error).__name__}）", fix))
        return True
    return any(f.part == "表结构" and f.level == "bad" for f in found)
