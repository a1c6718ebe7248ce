"""`daifa rotate-keys`: a new key for everything that is sealed, while the product runs."""

from __future__ import annotations

import argparse
from typing import Any

from daifa.entry.commands.output import as_json, say
from daifa.entry.commands.scope import with_database
from daifa.flows import rotation


def add_to(verbs: Any) -> None:
    """Register the command."""
    command = verbs.add_parser("rotate-keys", help="更换加密密钥：全部数据改用新密钥，产品不用停；中断后再运行即可继续")
    command.set_defaults(run=_rotate)


def _rotate(arguments: argparse.Namespace) -> int:
    with_database()
    told: dict[str, int] = {}

    def progress(kind: str, done: int) -> None:
        # One line for each power of ten is enough for a person to see that it moves.
        if not arguments.json and (kind not in told or done >= told[kind] * 10):
            told[kind] = done
            say(f"正在重新加密{kind}：{done}")

    done = rotation.rotate(progress)
    if arguments.json:
        as_json({"key": done.key, "resealed": done.counts, "retired": done.retired})
        return 0
    say(f"已全部改用第 {done.key} 号密钥。" + "".join(f" {k} {n}" for k, n in done.counts.items()))
    if done.retired:
        say("旧密钥移到了 keys.retired，只有打开旧备份时才用得到。请现在做一次新备份（daifa backup），并另存密钥文件。")
    else:
        say("现在可以把旧密钥从 DAIFA_KEYS 里去掉并重启。")
    return 0
