"""What it costs to watch many shops: fifty shops read by API while orders arrive, processor seconds per shop.

``python benchmarks/polling.py [--shops 50] [--minutes 10] [--write]``. World and product are processes of their own
over real HTTP at the speed of life; the world's own processor time is not counted. Every shop is read as its
platform's card says (orders and after-sales every minute), and pushes come besides.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
from contextlib import suppress
from pathlib import Path

import ground
import psutil  # type: ignore[import-untyped]  # no stubs are installed

from daifa.base import bulk
from daifa.base.actor import SYSTEM
from daifa.base.tenancy import tenant
from tests.promises.test_chaos import Chaos

# Together: a busy company's day.
ORDERS_PER_DAY = 5_000


def join(told: str, public: str, shops: int) -> None:
    """Found a company whose shops are all authorised at the world's consent pages; prints its number."""
    from daifa.areas.accounts.services import people
    from daifa.areas.accounts.services import shops as homes
    from daifa.simulator import joining
    from daifa.simulator.door import Door

    door = Door(json.loads(Path(told).read_text()))
    number, _ = people.create_company(name="many shops", login="many", password="a-long-bench-word")
    for account in [str(s["id"]) for s in door.company("douyin")["shops"]][:shops]:
        with tenant(number):
            shop = homes.create_shop(by=SYSTEM, platform="douyin", name=f"店 {account}").id
        joining.connect_shop(number, door, by=SYSTEM, shop_id=shop, account=account, public=public)
    sys.stdout.write(str(number))


def seen(number: int) -> None:
    """Print what was read: orders, calls, pulls, and how old the oldest and middle reading is, seconds."""
    with tenant(number):
        [(orders,)] = bulk.select("SELECT count(*) FROM orders_order WHERE tenant_id = {tenant}")
        [(calls,)] = bulk.select("SELECT count(*) FROM mailroom_call WHERE tenant_id = {tenant}")
        [(middle, oldest)] = bulk.select(
            "SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY extract(epoch FROM now() - read_at)),"
            " max(extract(epoch FROM now() - read_at)) FROM accounts_syncposition"
            " WHERE tenant_id = {tenant} AND feed IN ('orders', 'refunds')"
        )
    sys.stdout.write(json.dumps([orders, calls, float(middle or 0), float(oldest or 0)]))


def own(chaos: Chaos, *argv: str) -> str:
    """This file's own verbs in a process that lives in the product's home."""
    done = subprocess.run(
        [sys.executable, __file__, *argv], capture_output=True, text=True, check=False,
        env={**chaos.environment, "DAIFA_BENCH_HOME": chaos.environment["DAIFA_HOME"]},
    )  # fmt: skip
    if done.returncode:
        raise SystemExit(done.stderr)
    return done.stdout


def used(chaos: Chaos) -> dict[str, float]:
    """Processor seconds of the product's living processes, by what they are."""
    assert chaos.family is not None
    found = {"web": 0.0, "workers": 0.0, "database": 0.0}
    for child in psutil.Process(chaos.family.pid).children(recursive=True):
        with suppress(psutil.Error):
            spent = child.cpu_times()
            found["web" if "wsgi" in " ".join(child.cmdline()) else "workers"] += spent.user + spent.system
    top = psutil.Process(int((chaos.home / "home" / "pg" / "postmaster.pid").read_text().split()[0]))
    spent = top.cpu_times()
    # Backends that ended count with the postmaster; those that live are counted themselves.
    found["database"] += spent.user + spent.system + spent.children_user + spent.children_system
    for child in top.children():
        with suppress(psutil.Error):
            spent = child.cpu_times()
            found["database"] += spent.user + spent.system
    return found


def main(shops: int, minutes: float, *, write: bool) -> None:
    """Measure and print."""
    with tempfile.TemporaryDirectory(prefix="daifa-polling-") as folder:
        chaos = Chaos(Path(folder), shops=tuple(f"douyin:{2_000_000 + n}:店{n}" for n in range(shops)))
        try:
            chaos.launch()
            number = own(chaos, "--join", str(chaos.home / "world.json"), f"http://127.0.0.1:{chaos.port}", str(shops))
            chaos.door.post("/settings", {"auto": True, "orders_per_day": ORDERS_PER_DAY})
            # The first reading looks days back.
            time.sleep(60)
            before, began = used(chaos), json.loads(own(chaos, "--seen", number))
            time.sleep(minutes * 60)
            after, ended = used(chaos), json.loads(own(chaos, "--seen", number))
        finally:
            chaos.stop()
    rows = [
        (what, f"{after[what] - before[what]:.1f}", f"{(after[what] - before[what]) / shops:.2f}") for what in after
    ]
    total = sum(after.values()) - sum(before.values())
    rows.append(("together", f"{total:.1f}", f"{total / shops:.2f}"))
    lines = ground.table(("", f"processor seconds in {minutes:g} minutes", "per shop"), rows)
    lines += [
        "",
        f"{shops} shops, {ended[0] - began[0]:,} orders arrived and {ended[1] - began[1]:,} calls were made meanwhile;"
        f" {100 * total / (minutes * 60):.0f} % of one core. At the end the middle feed had been read"
        f" {ended[2]:.0f} s before, the one that waited longest {ended[3]:.0f} s.",
    ]
    ground.report("Many shops", lines, write=write, runs=1)


if __name__ == "__main__":
    if sys.argv[1:2] == ["--join"]:
        join(sys.argv[2], sys.argv[3], int(sys.argv[4]))
    elif sys.argv[1:2] == ["--seen"]:
        seen(int(sys.argv[2]))
    else:
        asked = ground.arguments("Many shops", shops=50, minutes=10)
        main(asked.shops, asked.minutes, write=asked.write)
