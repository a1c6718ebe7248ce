"""A consistent copy of an installation, and making one from it that proves itself.

A backup is a folder: ``database.dump`` (one snapshot), ``blobs/`` (the sealed files) and ``manifest.json`` with the
rows and a digest of every table as of that snapshot and a digest of every file. The keys lie apart in a 0600 file,
because whoever has both can read everything.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from dataclasses import asdict, field
from pathlib import Path
from typing import Any, LiteralString

import orjson
import psycopg
from django.conf import settings
from psycopg import sql

from daifa.base import vault
from daifa.entry import postgres, serve
from daifa.kit import clock
from daifa.kit.errors import AppError, Conflict, Invalid, NotFound
from daifa.kit.values import dataclass

FORMAT = 1
DUMP, BLOBS, MANIFEST = "database.dump", "blobs", "manifest.json"
# What a home may hold before anything was done in it.
_FRESH = {"secret", "log", "pg.lock"}
_TEXT_FORMS = "SET timezone = 'UTC'; SET datestyle = 'ISO'; SET extra_float_digits = 1; SET bytea_output = 'hex'"
_TABLES = (
    "SELECT c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
    " WHERE n.nspname = 'public' AND c.relkind = 'r' ORDER BY c.relname"
)
# The sum of row digests: the same rows in any order give the same number.
_MEASURE: LiteralString = (
    "SELECT count(*), coalesce(sum(('x' || substr(md5(t::text), 1, 15))::bit(60)::bigint::numeric), 0)::text"
    " FROM {} AS t"
)


@dataclass(frozen=True, slots=True)
class Table:
    """How many rows a table has, and a digest of them that does not depend on their order."""

    rows: int
    digest: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a backup holds and how to prove it. ``keys``: id → fingerprint of the keys that open it."""

    made_at: str
    dump: str
    tables: dict[str, Table]
    blobs: dict[str, str]
    keys: dict[str, str]
    migrations: int
    format: int = FORMAT
    bytes: int = field(default=0)

    @property
    def rows(self) -> int:
        """Rows of all tables."""
        return sum(t.rows for t in self.tables.values())


def _administrator() -> dict[str, str]:
    """How to reach the database as somebody whom row security does not bind. Raises Invalid."""
    if serve.embedded():
        folder = postgres.socket_folder(Path(settings.DAIFA_HOME))
        return {"host": str(folder), "user": "postgres", "dbname": "daifa"}
    given = os.environ.get("DATABASE_ADMIN_URL", "")
    if not given:
        raise Invalid(
            "admin_url_missing",
            "用的是外部数据库：请设置 DATABASE_ADMIN_URL（不受行级安全限制的管理员连接）后再运行，"
            "或用数据库服务商自带的备份，并另外备份 DAIFA_HOME 里的 blobs 和 keys。",
        )
    return {k: str(v) for k, v in psycopg.conninfo.conninfo_to_dict(given).items() if v is not None}


def _program(name: str, *arguments: str) -> None:
    told = dict(_administrator())
    names = {"host": "PGHOST", "user": "PGUSER", "dbname": "PGDATABASE", "port": "PGPORT", "password": "PGPASSWORD"}
    done = subprocess.run(
        [str(postgres.binaries() / name), *arguments],
        env={**os.environ, **{names[k]: v for k, v in told.items() if k in names}},
        capture_output=True,
        check=False,
    )
    if done.returncode:
        said = done.stderr.decode(errors="replace").strip()[-400:]
        raise AppError("program_failed", f"{name} 失败：{said}")


def _sha256(path: Path) -> str:
    with path.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()


def _files(folder: Path) -> Iterator[Path]:
    return (p for p in sorted(folder.rglob("*")) if p.is_file() and p.suffix != ".tmp")


def _copy_new(source: Path, target: Path) -> None:
    """Copy what is not there yet; a file that goes meanwhile (its retention is over) is left out."""
    for path in _files(source):
        to = target / path.relative_to(source)
        if to.exists():
            continue
        to.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        try:
            shutil.copyfile(path, to)
        except FileNotFoundError:
            to.unlink(missing_ok=True)


def _measure(link: psycopg.Connection[tuple[Any, ...]]) -> dict[str, Table]:
    found = {}
    for (name,) in link.execute(_TABLES).fetchall():
        row = link.execute(sql.SQL(_MEASURE).format(sql.Identifier(name))).fetchone()
        assert row is not None
        found[str(name)] = Table(int(row[0]), str(row[1]))
    return found


def make(target: Path, keys: Path | None = None) -> Manifest:
    """Write a backup into a new folder and the keys into a file apart. The product may run meanwhile.

    Raises Conflict when something is there already, or while keys are being rotated.
    """
    key_file = keys or target.with_name(target.name + ".keys")
    if target.exists() and (not target.is_dir() or any(target.iterdir())):
        raise Conflict("target_not_empty", f"“{target}”已存在且不是空文件夹，请换一个位置。")
    if key_file.exists():
        raise Conflict("keys_exist", f"密钥文件“{key_file}”已存在，请换一个位置（--keys）。")
    if vault.is_rotating():
        raise Conflict("rotating", "正在更换密钥，请先运行 daifa rotate-keys 到完成，再备份。")
    target.mkdir(parents=True, exist_ok=True, mode=0o700)
    blobs = Path(settings.DAIFA_HOME) / BLOBS
    # Before the snapshot and after it: what the snapshot names is there, even when it is shredded meanwhile.
    _copy_new(blobs, target / BLOBS)
    with psycopg.connect(**_administrator()) as link:  # type: ignore[arg-type]  # words of a connection string
        link.execute(_TEXT_FORMS)
        link.commit()
        link.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        snapshot = link.execute("SELECT pg_export_snapshot()").fetchone()
        assert snapshot is not None
        # Rows come through a Citus coordinator as from one server; without the extension any server takes them back.
        how = ("-Fc", "--exclude-extension=citus", f"--snapshot={snapshot[0]}")
        _program("pg_dump", *how, "-f", str(target / DUMP))
        tables = _measure(link)
        link.rollback()
    _copy_new(blobs, target / BLOBS)
    (target / DUMP).chmod(0o600)
    return _finish(target, key_file, tables)


def _finish(target: Path, key_file: Path, tables: dict[str, Table]) -> Manifest:
    files = {str(p.relative_to(target / BLOBS)): _sha256(p) for p in _files(target / BLOBS)}
    manifest = Manifest(
        made_at=clock.wall().isoformat(),
        dump=_sha256(target / DUMP),
        tables=tables,
        blobs=files,
        keys={str(n): vault.fingerprint(k) for n, k in vault.ring()},
        migrations=tables["django_migrations"].rows,
        bytes=sum(p.stat().st_size for p in _files(target)),
    )
    if not settings.DAIFA_KEYS:
        home = vault.ring_file().parent
        vault.write_private(
            key_file, orjson.dumps({n: (home / n).read_text() for n in _key_files() if (home / n).exists()}).decode()
        )
    # Last, because it says that the backup is whole.
    vault.write_private(target / MANIFEST, orjson.dumps(asdict(manifest), option=orjson.OPT_INDENT_2).decode())
    return manifest


def _key_files() -> tuple[str, ...]:
    return ("keys", "keys.known", "keys.retired")


def _json(path: Path) -> dict[str, Any]:
    try:
        told = orjson.loads(path.read_bytes())
    except ValueError:
        told = None
    if not isinstance(told, dict):
        raise Invalid("backup_unreadable", f"“{path}”读不出来：不是备份时写下的内容，或已损坏。没有恢复。")
    return told


def read(source: Path) -> Manifest:
    """The manifest of a backup. Raises NotFound, Invalid."""
    path = source / MANIFEST
    if not path.exists():
        raise NotFound("no_backup", f"“{source}”里没有 {MANIFEST}，不是完整的备份。")
    told: dict[str, Any] = _json(path)
    if told.get("format") != FORMAT:
        raise Invalid("backup_format", "这个备份是别的版本做的，请用对应的版本恢复。")
    return Manifest(**{**told, "tables": {n: Table(**t) for n, t in told["tables"].items()}})


def check(source: Path) -> Manifest:
    """Prove that a backup's files are what was written. Raises Invalid with the first that is not."""
    manifest = read(source)
    if not (source / DUMP).exists() or _sha256(source / DUMP) != manifest.dump:
        raise Invalid("dump_damaged", f"备份已损坏：{DUMP} 与清单不符。请用另一份备份。")
    for name, digest in manifest.blobs.items():
        path = source / BLOBS / name
        if not path.exists() or _sha256(path) != digest:
            raise Invalid("blob_damaged", f"备份已损坏：{BLOBS}/{name} 与清单不符。请用另一份备份。")
    return manifest


def restore(source: Path, keys: Path | None = None) -> Manifest:
    """Make this (empty) home from a backup and prove it: rows and digest of every table, digest of every file.

    Raises Conflict for a home that holds anything, Invalid for a damaged backup, missing or wrong keys, or a
    restored table that differs.
    """
    home = Path(settings.DAIFA_HOME)
    _refuse_used(home)
    manifest = check(source)
    _bring_keys(home, manifest, keys or source.with_name(source.name + ".keys"))
    _copy_new(source / BLOBS, home / BLOBS)
    serve.start_database()
    _refuse_filled()
    _program(
        "pg_restore", "--exit-on-error", "--single-transaction", "-d", _administrator()["dbname"], str(source / DUMP)
    )
    _prove(manifest)
    return manifest


def _refuse_used(home: Path) -> None:
    used = sorted(p.name for p in home.iterdir() if p.name not in _FRESH) if home.exists() else []
    if used:
        raise Conflict(
            "home_not_empty",
            f"数据目录“{home}”里已有 {'、'.join(used[:5])}。恢复只能用空目录：请把 DAIFA_HOME 指到一个新位置。",
        )


def _bring_keys(home: Path, manifest: Manifest, key_file: Path) -> None:
    if not settings.DAIFA_KEYS:
        if not key_file.exists():
            raise Invalid("keys_missing", f"找不到密钥文件“{key_file}”。请用 --keys 指出它在哪里。")
        told: Mapping[str, str] = _json(key_file)
        for name in _key_files():
            if name in told:
                vault.write_private(home / name, told[name])
    vault.forget_keys()
    held = {str(n): vault.fingerprint(k) for n, k in vault.ring()}
    lost = {n for n, mark in manifest.keys.items() if held.get(n) != mark}
    if lost:
        for name in _key_files():
            (home / name).unlink(missing_ok=True)
        vault.forget_keys()
        raise Invalid("keys_wrong", f"密钥文件不是这个备份的（第 {'、'.join(sorted(lost))} 号不符），没有恢复。")


def _refuse_filled() -> None:
    with psycopg.connect(**_administrator()) as link:  # type: ignore[arg-type]  # words of a connection string
        there = link.execute(_TABLES).fetchall()
    if there:
        raise Conflict("database_not_empty", f"数据库里已有 {len(there)} 张表，恢复只能用空数据库。")


def _prove(manifest: Manifest) -> None:
    with psycopg.connect(**_administrator()) as link:  # type: ignore[arg-type]  # words of a connection string
        link.execute(_TEXT_FORMS)
        now = _measure(link)
    wrong = sorted(n for n in {*now, *manifest.tables} if now.get(n) != manifest.tables.get(n))
    if wrong:
        raise Invalid("not_the_same", f"恢复后的数据与备份不一致：{'、'.join(wrong[:5])}。请不要使用，换一份备份。")
    home = Path(settings.DAIFA_HOME) / BLOBS
    for name, digest in manifest.blobs.items():
        if _sha256(home / name) != digest:
            raise Invalid("not_the_same", f"恢复后的文件与备份不一致：{name}。请不要使用，换一份备份。")
