"""`daifa backup|restore PATH`: a copy that is consistent, and an installation made from it that proves itself."""

from __future__ import annotations

import argparse
import atexit
from dataclasses import asdict
from pathlib import Path
from typing import Any

from django.conf import settings

from daifa.entry import backup, serve
from daifa.entry.commands.output import as_json, say
from daifa.entry.commands.scope import need_installation


def add_to(verbs: Any) -> None:
    """Register the commands."""
    make = verbs.add_parser("backup", help="备份到一个新文件夹（数据库、文件、清单；密钥另存一个文件），产品不用停")
    make.set_defaults(run=_backup)
    again = verbs.add_parser("restore", help="用备份恢复到空的 DAIFA_HOME，并核对每张表、每个文件")
    again.set_defaults(run=_restore)
    for command in (make, again):
        command.add_argument("path", type=Path, metavar="PATH")
        command.add_argument("--keys", type=Path, default=None, help="密钥文件的位置（默认在 PATH 旁边：PATH.keys）")


def _tell(arguments: argparse.Namespace, manifest: backup.Manifest, sentence: str) -> None:
    if arguments.json:
        told = {k: v for k, v in asdict(manifest).items() if k not in {"tables", "blobs"}}
        as_json({**told, "tables": len(manifest.tables), "rows": manifest.rows, "files": len(manifest.blobs)})
    else:
        say(sentence)


def _size(manifest: backup.Manifest) -> str:
    return f"{len(manifest.tables)} 张表 {manifest.rows:,} 行，{len(manifest.blobs):,} 个文件"


def _with_server() -> None:
    need_installation()
    if serve.start_database():
        atexit.register(serve.release_database)


def _backup(arguments: argparse.Namespace) -> int:
    _with_server()
    target = arguments.path.absolute()
    made = backup.make(target, arguments.keys)
    apart = arguments.keys or target.with_name(target.name + ".keys")
    keys = (
        "密钥在环境变量 DAIFA_KEYS 里，请自行保管。" if settings.DAIFA_KEYS else f"密钥在 {apart}，请与备份分开存放。"
    )
    _tell(arguments, made, f"已备份到 {target}（{_size(made)}，{made.bytes / 1e6:,.1f} MB）。{keys}")
    return 0


def _restore(arguments: argparse.Namespace) -> int:
    if serve.embedded():
        atexit.register(serve.release_database)
    made = backup.restore(arguments.path.absolute(), arguments.keys)
    _tell(arguments, made, f"已恢复到 {settings.DAIFA_HOME}，逐表逐文件核对一致：{_size(made)}。现在可以运行 ./start。")
    return 0
