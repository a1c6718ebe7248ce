"""The common ground of the benchmarks: a throw-away installation, the demo's goods, medians, and results.md.

Import it first: it chooses the throw-away home before Django reads its settings.
"""

from __future__ import annotations

import argparse
import io
import json
import os
import platform
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any
from uuid import UUID

ROOT = Path(__file__).resolve().parents[1]
HOME = os.environ.setdefault("DAIFA_BENCH_HOME", "") or tempfile.mkdtemp(prefix="daifa-bench-")
os.environ["DAIFA_BENCH_HOME"] = os.environ["DAIFA_HOME"] = HOME
os.environ.pop("DATABASE_URL", None)
os.environ["DJANGO_SETTINGS_MODULE"] = "daifa.entry.settings"
sys.path.insert(0, str(ROOT))

import django  # noqa: E402

django.setup()

import psycopg  # noqa: E402
from openpyxl import Workbook  # noqa: E402

from daifa.areas.accounts.services import people, shops  # noqa: E402
from daifa.areas.mailroom.services import imports  # noqa: E402
from daifa.base.actor import SYSTEM  # noqa: E402
from daifa.base.tenancy import tenant  # noqa: E402
from daifa.entry import postgres, serve  # noqa: E402
from daifa.flows import import_run, intake, reading  # noqa: E402
from daifa.flows.reading import Said  # noqa: E402
from daifa.kit.tabular.read import read_file  # noqa: E402
from daifa.simulator import demo  # noqa: E402

TODAY = date(2026, 11, 25)
REPEATS = 3
RESULTS = ROOT / "benchmarks" / "results.md"


@contextmanager
def installation() -> Iterator[None]:
    """A fresh database server with the product's schema, thrown away afterwards."""
    try:
        serve.start_database()
        serve.migrate()
        yield
    finally:
        postgres.stop(Path(HOME))
        shutil.rmtree(HOME, ignore_errors=True)


def rounds(script: str, *arguments: object) -> list[dict[str, Any]]:
    """A script's ``--round`` in so many fresh installations, each with its own database; what each printed.

    Fresh, so that every round begins with the same tables and statistics.
    """
    found = []
    for n in range(REPEATS):
        argv = [sys.executable, script, "--round", str(n), *map(str, arguments)]
        without = {k: v for k, v in os.environ.items() if k not in {"DAIFA_BENCH_HOME", "DAIFA_HOME"}}
        done = subprocess.run(argv, capture_output=True, text=True, check=False, env=without)
        if done.returncode:
            raise SystemExit(done.stderr)
        sys.stderr.write(done.stdout + "\n")
        found.append(json.loads(done.stdout))
    return found


def superuser(database: str = "daifa") -> psycopg.Connection[tuple[object, ...]]:
    """A connection that row security does not bind, for generating, floors and plans."""
    folder = postgres.socket_folder(Path(HOME))
    return psycopg.connect(host=str(folder), user="postgres", dbname=database, autocommit=True)


def orders_file(orders: int, *, columns: int = 0) -> tuple[bytes, int, int]:
    """A Douyin export of so many orders as xlsx (bytes, rows, columns), as a merchant would save it.

    With ``columns`` the export is as narrow as that: first to go are columns that mean nothing to us.
    """
    folder = Path(HOME) / "files"
    [entry] = demo.scale(folder, "douyin", orders, TODAY)
    data = (folder / entry.path).read_bytes()
    [sheet] = read_file(data, entry.path)
    [one] = reading.understand(data, entry.path)
    ranked = sorted(one.guess.columns, key=lambda c: (not c.field, c.index))
    kept = sorted(c.index for c in ranked[: columns or sheet.width])
    book = Workbook(write_only=True)
    page = book.create_sheet("订单")
    for row in sheet.rows:
        page.append(["" if row[i] is None else str(row[i]) for i in kept])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue(), entry.rows, len(kept)


def company(name: str, *, handover: bool = False) -> tuple[int, UUID]:
    """A company with one shop and the demo's goods, suppliers, prices and links; returns both numbers.

    ``handover``: recipients stay with the platform, so that masked ones stop no order.
    """
    number, _ = people.create_company(name=name, login=name, password="a-long-bench-word")
    with tenant(number):
        path = {"recipient_path": "handover"} if handover else {}
        shop = shops.create_shop(by=SYSTEM, platform="douyin", name=name, **path).id
    made = demo.make_demo(TODAY, days=2)
    for setup in made.manifest.setup:
        with tenant(number):
            import_id = intake.receive(
                by=SYSTEM, name=setup.path.rsplit("/", 1)[-1], data=made.files[setup.path], later=False
            )
            if intake.why_not_ready(imports.get(import_id)):
                continue
            intake.run(by=SYSTEM, import_ids=[import_id], later=False)
        import_run.perform(number, import_id)
    return number, shop


def receive(number: int, shop: UUID, data: bytes) -> UUID:
    """An order file that was dropped, recognised and started; what is left is to perform it."""
    with tenant(number):
        import_id = intake.receive(by=SYSTEM, name="big.xlsx", data=data, said=Said(shop_id=shop), later=False)
        intake.run(by=SYSTEM, import_ids=[import_id], later=False)
    return import_id


def timed(work: Callable[[], object]) -> float:
    """Seconds that something takes."""
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def cpu() -> float:
    """Processor seconds used so far by this process and by the database server, all its backends included.

    On a machine that is shared with other work they tell more than the clock does.
    """
    ours, tick = os.times(), os.sysconf("SC_CLK_TCK")
    total = ours.user + ours.system + ours.children_user + ours.children_system
    top = postgres.postmaster(Path(HOME))
    for about in Path("/proc").glob("[0-9]*/stat"):
        try:
            name, fields = about.parent.name, about.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if int(name) == top:
            total += sum(map(int, fields[11:15])) / tick
        elif int(fields[1]) == top:
            total += sum(map(int, fields[11:13])) / tick
    return total


@dataclass(frozen=True, slots=True)
class Spent:
    """Seconds by the clock and by the processors."""

    wall: float
    cpu: float

    def __add__(self, other: Spent) -> Spent:
        return Spent(self.wall + other.wall, self.cpu + other.cpu)

    def __sub__(self, other: Spent) -> Spent:
        return Spent(self.wall - other.wall, self.cpu - other.cpu)


def spent(work: Callable[[], object]) -> Spent:
    """What some work costs, ours and the server's."""
    began, used = time.perf_counter(), cpu()
    work()
    return Spent(time.perf_counter() - began, cpu() - used)


def middle(runs: Sequence[Spent]) -> Spent:
    """The median by each measure."""
    return Spent(median([r.wall for r in runs]), median([r.cpu for r in runs]))


def median(values: Sequence[float]) -> float:
    """The middle one."""
    return statistics.median(values)


def machine() -> str:
    """Cores, memory, versions and the day, in one line."""
    with open("/proc/cpuinfo") as about:
        model = re.search(r"model name\s*:\s*(.+)", about.read())
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    said = subprocess.run([postgres.binaries() / "postgres", "-V"], capture_output=True, text=True, check=True).stdout
    server = said.split()[-1]
    cores = len(os.sched_getaffinity(0))
    name = f" ({model[1].strip()})" if model else ""
    day = time.strftime("%Y-%m-%d")
    return (
        f"{cores} cores{name} shared with other work, {memory:.0f} GB, PostgreSQL {server} (embedded, its default"
        f" settings), Python {platform.python_version()}, {day}"
    )


def table(head: Sequence[str], rows: Sequence[Sequence[object]]) -> list[str]:
    """A Markdown table."""
    lines = [head, ["---"] * len(head), *rows]
    return ["| " + " | ".join(str(c) for c in line) + " |" for line in lines]


def report(title: str, lines: Sequence[str], *, write: bool, runs: int = REPEATS) -> None:
    """Print a benchmark's findings; with ``write`` they take the place of its section in results.md."""
    how = f"medians of {runs} runs" if runs > 1 else "one run"
    section = "\n".join([f"## {title}", "", f"{machine()}; {how}.", "", *lines, ""])
    sys.stdout.write(section + "\n")
    if not write:
        return
    head = "# Results\n\nWritten by the benchmarks themselves (`--write`); each section names its machine.\n"
    text = RESULTS.read_text() if RESULTS.exists() else head
    before, found, after = text.partition(f"## {title}\n")
    following = re.search(r"^## ", after, re.MULTILINE) if found else None
    rest = after[following.start() :] if following else ""
    RESULTS.write_text(before.rstrip() + "\n\n" + section + ("\n" + rest if rest else ""))


def arguments(about: str, **sizes: int) -> argparse.Namespace:
    """The command line: sizes by name, and ``--write``."""
    parser = argparse.ArgumentParser(description=about)
    for name, default in sizes.items():
        parser.add_argument(f"--{name}", type=int, default=default)
    parser.add_argument("--write", action="store_true", help="keep the figures in benchmarks/results.md")
    return parser.parse_args()
