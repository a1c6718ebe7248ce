"""`daifa doctor`: what is wrong with this installation, and how to mend it."""

from __future__ import annotations

import argparse
import atexit
from dataclasses import asdict
from pathlib import Path
from typing import Any

from django.conf import settings

from daifa.entry import doctor, postgres, serve
from daifa.entry.commands.output import as_json, say

_MARK = {"ok": "✔", "note": "!", "bad": "✖"}


def add_to(verbs: Any) -> None:
    """Register the command."""
    command = verbs.add_parser("doctor", help="检查安装：哪里不对，怎么修")
    command.set_defaults(run=_doctor)


def _doctor(arguments: argparse.Namespace) -> int:
    made = (postgres.data_folder(Path(settings.DAIFA_HOME)) / "PG_VERSION").exists()
    if serve.embedded() and made:
        try:
            if serve.start_database():
                atexit.register(serve.release_database)
        except postgres.NotStarted as error:
            return _tell(arguments, [doctor.Finding("数据库", "bad", str(error), "按上面的日志处理后运行 ./start")])
    return _tell(arguments, doctor.examine())


def _tell(arguments: argparse.Namespace, found: list[doctor.Finding]) -> int:
    bad = sum(f.level == "bad" for f in found)
    if arguments.json:
        as_json({"ok": bad == 0, "findings": [asdict(f) for f in found]})
        return 1 if bad else 0
    for finding in found:
        say(f"{_MARK[finding.level]} {finding.part}：{finding.text}")
        if finding.fix:
            say(f"    怎么修：{finding.fix}")
    say(f"有 {bad} 处要修。" if bad else "一切正常。")
    return 1 if bad else 0
