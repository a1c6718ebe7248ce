"""`daifa world`: the simulated world over real HTTP, without database or Django; `daifa join-world`."""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any


def add_to(verbs: Any) -> None:
    """Register the command."""
    from daifa.simulator.living import main

    command = verbs.add_parser("world", help="模拟世界：买家、平台、供应商、快递，说各平台公开文档里的话")
    main.options(command)
    command.set_defaults(run=_world)
    join = verbs.add_parser("join-world", help="把演示公司的直播店与 1688 账号授权给模拟世界（只做一次）")
    join.add_argument("--told", required=True, metavar="文件", help="世界目录里的 world.json")
    join.add_argument("--public", required=True, metavar="地址", help="产品的地址，平台把授权与推送送到这里")
    join.set_defaults(run=_join)


def _world(arguments: argparse.Namespace) -> int:
    from daifa.simulator.living import main

    return main.run(arguments, as_json=arguments.json)


def _join(arguments: argparse.Namespace) -> int:
    from daifa.entry.commands.output import as_json, say
    from daifa.entry.commands.scope import with_database
    from daifa.kit.errors import NotFound
    from daifa.simulator import company, joining
    from daifa.simulator.door import Door

    with_database()
    number = company.number()
    if number is None:
        raise NotFound("no_demo", "没有演示公司。请先运行 daifa demo。")
    door = Door(json.loads(Path(arguments.told).read_text(encoding="utf-8")))
    made = joining.join_demo(number, door, public=arguments.public)
    if arguments.json:
        as_json({"company": number, "joined_now": made})
    else:
        say("演示公司的直播店与 1688 账号已授权给模拟世界。" if made else "早已接好，地址已更新。")
    return 0
