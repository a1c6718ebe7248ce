"""A week in a world where everything goes wrong, with processes killed at any moment: then both books agree.

Real HTTP: the world, the product's web, workers and PostgreSQL are processes of their own. By itself it is an hour of
the world and takes three minutes; ``DAIFA_CHAOS_DAYS=7 DAIFA_CHAOS_ORDERS=3000 DAIFA_CHAOS_KILLS=300`` is the week
(hours on two cores, which it wants for itself).
"""

from __future__ import annotations

import itertools
import json
import os
import random
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psutil  # type: ignore[import-untyped]  # no stubs are installed
import psycopg
import pytest

from daifa.entry import postgres
from daifa.kit import clock
from daifa.simulator.door import Door
from tests.promises.chaos.reconcile import differences

ROOT = Path(__file__).resolve().parents[2]
DAYS = float(os.environ.get("DAIFA_CHAOS_DAYS", "0.03"))
ORDERS = int(os.environ.get("DAIFA_CHAOS_ORDERS", "400"))
KILLS = int(os.environ.get("DAIFA_CHAOS_KILLS", "4"))
SPEED = float(os.environ.get("DAIFA_CHAOS_SPEED", "240"))
SEED = int(os.environ.get("DAIFA_CHAOS_SEED", "20261128"))
RANDOM = float(os.environ.get("DAIFA_CHAOS_FAULTS", "1"))
RESULT = os.environ.get("DAIFA_CHAOS_RESULT", "")
# A blind run: the shop pushes nothing and is read seldom, buyers often want out, and we wait before we buy.
BLIND = bool(os.environ.get("DAIFA_CHAOS_BLIND"))
CANCEL_WINDOW = 600 if BLIND else 0
# The shop's search shows a change so many of the world's seconds late.
LAG = float(os.environ.get("DAIFA_CHAOS_LAG", "0"))
READY_SECONDS = 120
# At this speed half a minute of a slow company is hours of everybody's life: waits, and our patience with them
# (``without``), are so many times those of life.
WAITS = 0.1
# Of so many placings the order is made and the answer never arrives.
REPLIES_LOST = 0.08
# Time goes on until nothing has moved for so long.
STILL_SECONDS = 150
# However much still moves then, both books are compared as they stand: a quarter as long again as there were faults.
MOST_SECONDS = max(900.0, DAYS * 86_400 / SPEED / 4)
# The product follows when so much waits: at twice as much the world runs half as fast, but never slower than SLOWEST.
FOLLOWS, SLOWEST, PACE_SECONDS = 60, 20.0, 5.0
BACKLOG = """
SELECT (SELECT count(*) FROM mailroom_inbox WHERE state = 'new')
     + (SELECT count(*) FROM mailroom_outbox WHERE state IN ('ready', 'unknown') AND due_at <= %s)
"""
# A person comes to the matching screen after so many first kills, and later, when little is new, after each third.
MATCH_FIRST, MATCH_EACH = 12, 3


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def beginning() -> str:
    """Nine in the morning at Beijing: a run at night would see few buyers, one in the evening the live streams."""
    today = clock.business_day(clock.now())
    return clock.beijing(today.year, today.month, today.day, 9).isoformat()


@dataclass(slots=True)
class Chaos:
    """A home of its own with a world and a product in it, and who was killed."""

    home: Path
    without: str = ""
    waits: float = 1.0
    calls_per_second: int = 1000
    port: int = field(default_factory=_free_port)
    world: subprocess.Popen[bytes] | None = None
    family: subprocess.Popen[bytes] | None = None
    told: dict[str, Any] = field(default_factory=dict)
    company: dict[str, Any] = field(default_factory=dict)
    killed: list[str] = field(default_factory=list)
    shops: tuple[str, ...] = ()
    speed: float = SPEED
    matching: threading.Thread | None = None

    @property
    def environment(self) -> dict[str, str]:
        """Of every process of the product: its home, the world's clock, and nothing of the tests' database."""
        outer = {k: v for k, v in os.environ.items() if k not in {"DATABASE_URL", "DATABASE_OWNER_URL"}}
        return {
            **outer,
            "DAIFA_HOME": str(self.home / "home"),
            "DAIFA_CLOCK": str(self.home / "world" / "clock.json"),
            "DJANGO_SETTINGS_MODULE": "daifa.entry.settings",
            "CHAOS_WITHOUT": self.without,
            "CHAOS_WAITS": str(self.waits),
            "CHAOS_BLIND": "1" if BLIND else "",
        }

    @property
    def door(self) -> Door:
        """The world's door."""
        return Door(self.told)

    def start(self) -> None:
        """The world (nobody orders yet), the product, and a company that lives by API."""
        self.launch()
        told = (
            str(self.home / "world.json"),
            f"http://127.0.0.1:{self.port}",
            str(CANCEL_WINDOW),
            str(self.calls_per_second),
        )
        self.company = json.loads(self.ask("found", *told))

    def launch(self) -> None:
        """The world with these shops (none named: the demo's; nobody orders yet) and the product, empty."""
        (self.home / "home").mkdir()
        command = [
            sys.executable, "-m", "daifa.entry.cli", "world", "--json", "--empty", "--home", str(self.home / "world"),
            "--orders-per-day", str(ORDERS), "--seed", str(SEED), "--speed", "1", "--start", beginning(),
            *(word for shop in self.shops for word in ("--shop", shop)),
        ]  # fmt: skip
        with open(self.home / "world.log", "ab") as log:
            self.world = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=log, env=self.environment)
        assert self.world.stdout is not None
        self.told = json.loads(self.world.stdout.readline())
        (self.home / "world.json").write_text(json.dumps(self.told))
        with open(self.home / "family.log", "ab") as log:
            self.family = subprocess.Popen(
                [sys.executable, "-m", "tests.promises.chaos.family", str(self.port)],
                cwd=ROOT, env=self.environment, stdout=log, stderr=log,
            )  # fmt: skip
        lost = time.monotonic() + READY_SECONDS
        while b"ready" not in (self.home / "family.log").read_bytes():
            assert self.family.poll() is None, self.words()
            assert time.monotonic() < lost, self.words()
            time.sleep(0.2)

    def ask(self, module: str, *argv: str) -> str:
        """What one of the run's own commands prints."""
        done = subprocess.run(
            [sys.executable, "-m", f"tests.promises.chaos.{module}", *argv], cwd=ROOT, env=self.environment,
            capture_output=True, text=True, check=False, timeout=600,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr[-4000:]
        return done.stdout

    def words(self) -> str:
        """What the processes said last."""
        logs = [*self.home.glob("*.log"), *self.home.glob("home/log/*.log")]
        return "\n".join(f"== {p.name}\n{p.read_text(errors='replace')[-2500:]}" for p in logs)

    def live(self, chance: random.Random) -> None:
        """So many days with faults, while processes are killed at any moment."""
        self.door.post("/faults", {"random": RANDOM, "waits": self.waits})
        if RANDOM:
            self.suppliers(duplicate="second", reply_lost=REPLIES_LOST)
        if BLIND:
            self.door.post("/faults", {"name": "push_missing", "company": "douyin"})
            self.door.post("/settings", {"regret": 0.6})
        self.door.post("/switches", {"company": "douyin", "switches": {"list_lag": LAG}})
        self.door.post("/settings", {"auto": True})
        self.door.post("/speed", {"speed": SPEED})
        start = self.now()
        pause = DAYS * 86_400 / max(KILLS, 8)
        with self.paced():
            for turn in itertools.count():
                self.until(start + (turn + chance.uniform(0.3, 1.7)) * pause)
                if len(self.killed) < KILLS:
                    self.kill(chance)
                # What the documents leave open about a repeated reference: another order is the worst of it.
                self.suppliers(duplicate=chance.choice(["second", "same", "refuse"]))
                if turn < MATCH_FIRST or turn % MATCH_EACH == 0:
                    self.match_beside()
                assert self.family is not None
                assert self.family.poll() is None, self.words()
                gone = (self.now() - start) / 86_400
                sys.stderr.write(f"{gone:.2f} of {DAYS:g} days, {len(self.killed)} killed, {self.speed:.0f} x\n")
                if gone >= DAYS and len(self.killed) >= KILLS:
                    break
        if self.matching is not None:
            self.matching.join()

    def now(self) -> float:
        """The world's clock, seconds since 1970."""
        told = json.loads((self.home / "world" / "clock.json").read_text())
        return float(told["sim"]) + (time.time() - float(told["wall"])) * float(told["speed"])

    def until(self, moment: float) -> None:
        """Let the world live until then; a moment at least."""
        time.sleep(1)
        while (left := moment - self.now()) > 0:
            time.sleep(min(PACE_SECONDS, left / self.speed))

    @contextmanager
    def paced(self) -> Iterator[None]:
        """Inside, whatever else is waited for, the world runs no faster than the product follows."""
        over = threading.Event()

        def keep() -> None:
            while not over.wait(PACE_SECONDS):
                self.pace()

        pacing = threading.Thread(target=keep, daemon=True)
        pacing.start()
        try:
            yield
        finally:
            over.set()
            pacing.join()

    def pace(self) -> None:
        """A live stream's evening is lived more slowly, a night faster: this machine has two cores, life has time."""
        try:
            waits = self.backlog()
        except (psycopg.Error, OSError):
            # It has just been killed.
            return
        wanted = max(SPEED / (1 + waits / FOLLOWS), min(SPEED, SLOWEST))
        if not 0.8 < wanted / self.speed < 1.25:
            self.door.post("/speed", {"speed": wanted})
            self.speed = wanted

    def backlog(self) -> int:
        """How much arrived and is not understood, or is due and not done."""
        folder = postgres.socket_folder(self.home / "home")
        with psycopg.connect(host=str(folder), user="postgres", dbname="daifa", connect_timeout=3) as link:
            found = link.execute(BACKLOG, [datetime.fromtimestamp(self.now(), UTC)]).fetchone()
        assert found is not None
        return int(found[0])

    def suppliers(self, **switches: object) -> None:
        """How the suppliers' platform behaves from now on."""
        self.door.post("/switches", {"company": "alibaba1688", "switches": switches})

    def match(self) -> None:
        """A person at the matching screen; when the database has just been killed, he tries again later."""
        with suppress(AssertionError):
            self.ask("matched", str(self.company["number"]), str(SEED))

    def match_beside(self) -> None:
        """The same while the world goes on, one person at a time."""
        if self.matching is None or not self.matching.is_alive():
            self.matching = threading.Thread(target=self.match, daemon=True)
            self.matching.start()

    def kill(self, chance: random.Random) -> None:
        """kill -9 for the database, the web, or a worker."""
        assert self.family is not None
        pids = {}
        for child in psutil.Process(self.family.pid).children():
            with suppress(psutil.Error):  # it died this moment
                pids[" ".join(child.cmdline())[-60:]] = child.pid
        try:
            pids["database"] = int((self.home / "home" / "pg" / "postmaster.pid").read_text().split()[0])
        except (OSError, ValueError, IndexError):
            pass
        name = chance.choice(sorted(pids))
        try:
            os.kill(pids[name], signal.SIGKILL)
        except ProcessLookupError:
            return
        self.killed.append("database" if name == "database" else "web" if "wsgi" in name else name.split()[-1])

    def settle(self) -> tuple[dict[str, Any], dict[str, Any]]:
        """Faults off, nobody orders any more, time goes on until nothing moves; returns both books."""
        self.door.post("/faults", {"random": 0, "off": True})
        self.suppliers(reply_lost=0)
        self.door.post("/settings", {"auto": False})
        lost, end = time.monotonic() + STILL_SECONDS, time.monotonic() + MOST_SECONDS
        last: list[str] = []
        calm = 0
        while True:
            time.sleep(8)
            self.pace()
            self.match()
            ours = json.loads(self.ask("ours", str(self.company["number"])))
            world = self.door.get("/books?company=douyin")
            now = differences(world, ours, self.company["shop"], SPEED)
            calm = calm + 1 if now == last else 0
            if not calm:
                lost = time.monotonic() + STILL_SECONDS
            last = now
            # Books that agree before the first parcel has left prove little.
            told = any(o["shipments"] for o in world["orders"])
            if (not now and calm >= 1 and told) or time.monotonic() > min(lost, end):
                return world, ours

    def stop(self) -> None:
        """End everything that was started."""
        for process in (self.family, self.world):
            if process is None:
                continue
            process.send_signal(signal.SIGTERM)
            try:
                process.wait(40)
            except subprocess.TimeoutExpired:
                for child in psutil.Process(process.pid).children(recursive=True):
                    child.kill()
                process.kill()
                process.wait()


@pytest.fixture
def chaos(tmp_path: Path) -> Iterator[Chaos]:
    """A world and a product; nothing of them is left running afterwards."""
    made = Chaos(tmp_path, without=os.environ.get("CHAOS_WITHOUT", ""), waits=WAITS)
    try:
        made.start()
        yield made
    finally:
        made.stop()


@pytest.mark.slow
def test_after_a_wild_week_both_books_agree(chaos: Chaos) -> None:
    chaos.live(random.Random(SEED))
    world, ours = chaos.settle()
    if RESULT:
        Path(RESULT).write_text(json.dumps(summary(chaos, world, ours), ensure_ascii=False, indent=1))
    found = differences(world, ours, chaos.company["shop"], SPEED)
    assert len(chaos.killed) >= KILLS
    assert ours["orders"], "nobody ordered: the run proves nothing"
    assert any(row[1] in {"placed", "shipped", "done"} for row in ours["placements"]), (
        f"nothing was bought: {ours['orders']}"
    )
    assert any(o["shipments"] for o in world["orders"]), "nothing was told to the shop"
    assert not found, f"{len(found)} differences, killed {chaos.killed}:\n" + "\n".join(found[:40])


def percentiles(values: list[float]) -> list[float]:
    """p50, p95 and p99; none of nothing."""
    ordered = sorted(values)
    return [round(ordered[min(int(len(ordered) * p), len(ordered) - 1)], 2) for p in (0.5, 0.95, 0.99) if ordered]


def summary(chaos: Chaos, world: dict[str, Any], ours: dict[str, Any]) -> dict[str, Any]:
    """What a run came to, for the record."""
    states: dict[str, int] = {}
    for row in ours["placements"]:
        states[row[1]] = states.get(row[1], 0) + 1
    return {
        "days": DAYS, "orders_per_day": ORDERS, "speed": SPEED, "seed": SEED, "faults": RANDOM, "list_lag": LAG,
        "without": chaos.without, "blind": BLIND,
        "killed": {w: chaos.killed.count(w) for w in sorted(set(chaos.killed))},
        "buyers_orders": len(world["orders"]), "our_orders": len(ours["orders"]), "placements": states,
        "supplier_orders": len(world["supplies"]), "cases": len(world["cases"]), "calls": ours["calls"],
        "waiting_for_a_person": [r for r in ours["outbox"] if r[1] in {"person", "held", "refused"}][:50],
        "differences": differences(world, ours, chaos.company["shop"], SPEED),
        "seen_to_placed_p50_p95_p99": percentiles([seconds for _, seconds in ours["speed"]]),
    }  # fmt: skip
