"""Start the world: ``daifa world``."""

from __future__ import annotations

import argparse
import asyncio
import json
import signal
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from daifa.connectors import registry
from daifa.ports.world import ShopProfile
from daifa.simulator.living.server import WorldServer
from daifa.simulator.living.world import Living
from daifa.simulator.world import SEED

# What `--json` prints, beside the world's other files: whoever comes later reads it there.
TOLD = "world.json"


def options(parser: argparse.ArgumentParser) -> None:
    """What may be said to it."""
    parser.add_argument("--empty", action="store_true", help="没有人自己下单")
    parser.add_argument("--step", action="store_true", help="时钟只听控制口的")
    parser.add_argument("--seed", type=int, default=SEED, help="同一个种子，同一个世界")
    parser.add_argument("--speed", type=float, default=1.0, help="时钟速度（倍）")
    parser.add_argument("--home", default="", metavar="目录", help="世界存在哪里（不写：用完即弃）")
    parser.add_argument("--ports", type=int, default=0, metavar="起始端口", help="0：任选空闲端口")
    parser.add_argument("--orders-per-day", type=int, default=None, metavar="单数", help="每天大约多少单")
    parser.add_argument("--catch-up", action="store_true", help="世界落后于真实时间时先赶上（停机期间的事照样发生）")
    parser.add_argument(
        "--shop",
        action="append",
        default=[],
        metavar="平台:编号:名称",
        help="商家在平台上的店（可多次；不写：演示公司的店）",
    )
    parser.add_argument("--start", default="", metavar="时刻", help="世界的第一刻（ISO 8601，不写：现在）")


def run(arguments: argparse.Namespace, *, as_json: bool) -> int:
    """Serve until SIGTERM or Ctrl-C."""
    if arguments.home:
        return asyncio.run(_serve(arguments, Path(arguments.home), as_json))
    with tempfile.TemporaryDirectory(prefix="daifa-world-") as folder:
        return asyncio.run(_serve(arguments, Path(folder), as_json))


async def _serve(arguments: argparse.Namespace, home: Path, as_json: bool) -> int:
    from datetime import datetime

    home.mkdir(parents=True, exist_ok=True)
    settings: dict[str, Any] = {"auto": not arguments.empty}
    if arguments.orders_per_day is not None:
        settings["orders_per_day"] = arguments.orders_per_day
    world = Living(
        registry.fakes().values(), seed=arguments.seed, speed=0.0 if arguments.step else arguments.speed, home=home,
        settings=settings, start=datetime.fromisoformat(arguments.start) if arguments.start else None,
        shops=[_shop(said) for said in arguments.shop],
    )  # fmt: skip
    if arguments.catch_up:
        world.clock.set(time.time())
    server = WorldServer(world, arguments.ports)
    await server.start()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, server.stop)
    _say(server, home, as_json)
    await server.run()
    await server.close()
    return 0


def _shop(said: str) -> ShopProfile:
    company, number, name = said.split(":", 2)
    return ShopProfile(company, name, number)


def _say(server: WorldServer, home: Path, as_json: bool) -> None:
    told = {
        "companies": server.describe(),
        "control": server.urls["control"],
        "clock": str(home / "clock.json"),
    }
    text = json.dumps(told, ensure_ascii=False)
    (home / TOLD).touch(mode=0o600)
    (home / TOLD).write_text(text, encoding="utf-8")
    if as_json:
        sys.stdout.write(text + "\n")
    else:
        sys.stdout.write(f"世界已启动：{told['control']}/world\n时钟文件：{told['clock']}\n")
        for key, url in server.urls.items():
            sys.stdout.write(f"  {key}  {url}\n")
    sys.stdout.flush()
