"""`daifa world`: the simulated world, over real HTTP. It needs neither the database nor Django."""

from __future__ import annotations

import argparse
from typing import Any


def add_to(verbs: Any) -> None:
    """Register the command."""
    from daifa.simulator.living import main

    command = verbs.add_parser("world", help="模拟世界：买家、平台、供应商、快递，说各平台公开文档里的话")
    main.options(command)
    command.set_defaults(run=_world)


def _world(arguments: argparse.Namespace) -> int:
    from daifa.simulator.living import main

    return main.run(arguments, as_json=arguments.json)
