"""`daifa distribute`: spread a migrated database over the workers of a Citus server."""

from __future__ import annotations

import argparse
import time
from typing import Any

from daifa.base.pg import distribution
from daifa.entry import serve
from daifa.entry.commands.output import as_json, say
from daifa.kit.errors import Conflict

_KIND = {distribution.DISTRIBUTED: "按公司分布", distribution.REFERENCE: "每个节点一份"}


def add_to(verbs: Any) -> None:
    """Register the command."""
    command = verbs.add_parser("distribute", help="把数据库分布到 Citus 的多台机器（先停下产品；做过的不会再做）")
    command.add_argument("--check", action="store_true", help="只看要做什么，什么都不改变")
    command.set_defaults(run=_distribute)


def _distribute(arguments: argparse.Namespace) -> int:
    if serve.embedded():
        raise Conflict(
            "embedded", "正在使用内置数据库，它只有一台。要分布请先用 DATABASE_URL 指向 Citus，见 docs/scale.md。"
        )
    if arguments.check:
        return _preview(arguments)

    def tell(moved: distribution.Moved) -> None:
        if not arguments.json:
            say(f"{moved.table}\t{_KIND[moved.kind]}\t{moved.rows:,} 行")

    begun = time.monotonic()
    found, moved = distribution.run(tell)
    seconds = time.monotonic() - begun
    if arguments.json:
        as_json({**_told(found), "done": bool(moved), "seconds": round(seconds, 1), "tables": moved})
    elif moved:
        rows = sum(m.rows for m in moved)
        say(
            f"已分布到 {len(found.workers)} 个工作节点：{len(moved)} 张表 {rows:,} 行，前后逐表相同；"
            f"重建外键 {len(found.plan.keys)} 个，用时 {seconds:.1f} 秒。现在可以启动产品。"
        )
    else:
        say("没有要做的：所有的表都已分布。" if found.hears else "所有的表都已分布；补上了数据库设置。")
    return 0


def _preview(arguments: argparse.Namespace) -> int:
    found = distribution.survey()
    tables = found.plan.tables
    if arguments.json:
        named = [{"table": t, "kind": k} for t, k in tables]
        as_json({**_told(found), "done": False, "sessions": found.sessions, "tables": named})
        return 0
    for table, kind in tables:
        say(f"{table}\t{_KIND[kind]}")
    if not tables:
        say("没有要做的：所有的表都已分布。" if found.hears else "所有的表都已分布；还要补上数据库设置。")
        return 0
    say(f"将分布 {len(tables)} 张表到 {'、'.join(found.workers)}，重建外键 {len(found.plan.keys)} 个。什么都没有改变。")
    if found.sessions:
        say(f"产品还在运行（{found.sessions} 个连接）：正式运行前请先停下。")
    return 0


def _told(found: distribution.Survey) -> dict[str, Any]:
    return {"workers": found.workers, "shards": found.shards, "keys": len(found.plan.keys)}
