"""Killed at any moment, again and again: the day ends as if nothing had happened.

Real processes: the product's supervisor with two workers and its own PostgreSQL, and a person's process that presses
the buttons. ``DAIFA_KILL_ORDERS=5000 DAIFA_KILLS=100`` is the long version (tens of minutes).
"""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import psutil  # type: ignore[import-untyped]  # no stubs are installed
import pytest

ROOT = Path(__file__).resolve().parents[2]
ORDERS = int(os.environ.get("DAIFA_KILL_ORDERS", "300"))
KILLS = int(os.environ.get("DAIFA_KILLS", "100" if ORDERS >= 5000 else "8"))
SEED = int(os.environ.get("DAIFA_KILL_SEED", "20261120"))
DAY_SECONDS = 240 + ORDERS // 2 + KILLS * 15
READY_SECONDS = 90


@dataclass(slots=True)
class World:
    """A home of its own, the supervisor in it, and who was killed."""

    home: Path
    family: subprocess.Popen[bytes] | None = None
    killed: list[str] = field(default_factory=list)

    @property
    def environment(self) -> dict[str, str]:
        """Of every process of this world: its home, and nothing of the tests' database."""
        outer = {k: v for k, v in os.environ.items() if k not in {"DATABASE_URL", "DATABASE_OWNER_URL"}}
        return {**outer, "DAIFA_HOME": str(self.home), "DJANGO_SETTINGS_MODULE": "daifa.entry.settings"}

    def start(self, module: str, *argv: str, log: str) -> subprocess.Popen[bytes]:
        """A process whose words go to a file."""
        with open(self.home / log, "ab") as out:
            return subprocess.Popen(
                [sys.executable, "-m", module, *argv], cwd=ROOT, env=self.environment, stdout=out, stderr=out
            )

    def ask(self, *argv: str) -> str:
        """What one step of the day prints."""
        done = subprocess.run(
            [sys.executable, "-m", "tests.promises.day_run", *argv], cwd=ROOT, env=self.environment,
            capture_output=True, text=True, check=False, timeout=DAY_SECONDS,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr[-3000:]
        return done.stdout

    def serve(self) -> None:
        """Start the supervisor and wait until it serves."""
        self.family = self.start("tests.promises.family_run", log="family.log")
        lost = time.monotonic() + READY_SECONDS
        while b"ready" not in (self.home / "family.log").read_bytes():
            assert self.family.poll() is None, self.words()
            assert time.monotonic() < lost, self.words()
            time.sleep(0.1)

    def words(self) -> str:
        """What the processes said last."""
        logs = [*self.home.glob("*.log"), *self.home.glob("log/*.log")]
        return "\n".join(f"== {p.name}\n{p.read_text(errors='replace')[-2500:]}" for p in logs)

    def pids(self) -> dict[str, int]:
        """Who can be killed now: the workers and the database."""
        assert self.family is not None
        assert self.family.poll() is None, self.words()
        found = {f"worker {p.pid}": p.pid for p in psutil.Process(self.family.pid).children()}
        try:
            found["database"] = int((self.home / "pg" / "postmaster.pid").read_text().split()[0])
        except (OSError, ValueError, IndexError):
            pass
        return found

    @property
    def kills(self) -> int:
        """How often a worker or the database was killed."""
        return sum(who != "person" for who in self.killed)

    def kill(self, chance: random.Random) -> None:
        """kill -9 for the database, one of the workers, or all of them at once."""
        found = self.pids()
        which = chance.choice(["database", "worker", "worker", "all"])
        victims = [n for n in sorted(found) if which == "all" or n.startswith(which)]
        for name in victims if which == "all" else victims[:1] if chance.random() < 0.5 else victims[-1:]:
            try:
                os.kill(found[name], signal.SIGKILL)
            except ProcessLookupError:
                continue
            self.killed.append(name.split()[0])

    def day(self, number: str, chance: random.Random | None) -> None:
        """One whole day; with ``chance`` things die, the person's process too."""
        person = self.start("tests.promises.day_run", "run", number, str(ORDERS), log="person.log")
        lost = time.monotonic() + DAY_SECONDS
        try:
            while person.poll() is None:
                assert time.monotonic() < lost, self.words()
                time.sleep(chance.uniform(0.2, 1.6) * (1 if self.kills < 20 else 3) if chance else 0.2)
                if chance is None or self.kills >= KILLS:
                    continue
                if chance.random() < 0.15 and person.poll() is None:
                    person.kill()
                    person.wait()
                    self.killed.append("person")
                    person = self.start("tests.promises.day_run", "run", number, str(ORDERS), log="person.log")
                else:
                    self.kill(chance)
        finally:
            person.kill()
            person.wait()
        assert person.returncode == 0, self.words()


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    """A served world; nothing of it is left running afterwards."""
    made = World(tmp_path)
    try:
        made.serve()
        yield made
    finally:
        if made.family is not None:
            family = psutil.Process(made.family.pid)
            mine = family.children(recursive=True)
            made.family.send_signal(signal.SIGTERM)
            try:
                made.family.wait(40)
            except subprocess.TimeoutExpired:
                for process in (*mine, family):
                    process.kill()
                made.family.wait()
                raise
            assert not [p for p in mine if p.is_running() and p.status() != psutil.STATUS_ZOMBIE]
            assert not (tmp_path / "pg" / "postmaster.pid").exists()


@pytest.mark.slow
def test_a_day_of_kills_ends_as_a_calm_day(world: World) -> None:
    calm, wild = world.ask("found", "calm"), world.ask("found", "wild")
    world.day(calm, None)
    world.day(wild, random.Random(SEED))
    expected, found = (json.loads(world.ask("snapshot", number)) for number in (calm, wild))
    assert world.kills >= KILLS, world.killed
    assert {"database", "worker"} <= set(world.killed)
    assert len(expected["orders"]) == ORDERS
    assert expected["purchases"]
    assert expected["parcels"]
    for name, rows in expected.items():
        assert found[name] == rows, (name, world.killed)
