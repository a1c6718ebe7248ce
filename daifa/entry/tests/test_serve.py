"""Killed and started again: nothing of the former product goes on, and no port has two owners. Real processes."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import psutil  # type: ignore[import-untyped]  # no stubs are installed
import pytest
from django.conf import settings

from daifa.entry import occupying, postgres, serve
from daifa.kit.errors import Conflict

# A supervisor with two children and no database: one lets itself be ended, the other and its child do not.
SUPERVISOR = """
import sys, django; django.setup()
from pathlib import Path
from django.conf import settings
from daifa.entry import occupying, serve
from daifa.kit.errors import AppError
occupying.END_SECONDS = 0.5
MEEK = "import time; time.sleep(600)"
DEAF = ("import signal, subprocess, sys, time; signal.signal(signal.SIGTERM, signal.SIG_IGN);"
        "subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(600)']); time.sleep(600)")
try:
    with occupying.occupied(Path(settings.DAIFA_HOME)):
        family = serve.Family({n: [sys.executable, "-c", c] for n, c in (("meek", MEEK), ("deaf", DEAF))}, quiet=True)
        family.run(serve.Moment(lambda: True, lambda _family: serve.say("ready")))
except AppError as error:
    sys.exit(error.message_zh)
"""


def _until(true: Callable[[], object], seconds: float = 20) -> None:
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end
        time.sleep(0.05)


@dataclass(slots=True)
class House:
    """A home and the supervisors that were started in it."""

    home: Path
    started: list[subprocess.Popen[str]] = field(default_factory=list)

    def start(self) -> subprocess.Popen[str]:
        """Another supervisor."""
        environment = {
            **os.environ, "DAIFA_HOME": str(self.home), "DJANGO_SETTINGS_MODULE": "daifa.entry.settings",
            "DATABASE_URL": "postgresql://nobody@localhost/none",
            "DATABASE_OWNER_URL": "postgresql://somebody@localhost/none",
        }  # fmt: skip
        one = subprocess.Popen(
            [sys.executable, "-W", "ignore", "-c", SUPERVISOR], env=environment, stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT, text=True,
        )  # fmt: skip
        self.started.append(one)
        return one

    def ready(self) -> subprocess.Popen[str]:
        """A supervisor whose children run, the deaf one deaf by now."""
        one = self.start()
        assert one.stdout is not None
        assert one.stdout.readline().strip() == "ready"
        _until(lambda: len(occupying.group(self.pid("deaf"))) == 2)
        return one

    def pid(self, name: str) -> int:
        """The noted number of a child."""
        return int((occupying.run_folder(self.home) / f"{name}.pid").read_text().split()[0])


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    made = House(tmp_path)
    yield made
    for one in made.started:
        one.kill()
        one.wait()
    for path in occupying.run_folder(tmp_path).glob("*.pid"):
        occupying.end_group(int(path.read_text().split()[0]), signal.SIGKILL)


def test_children_die_with_a_killed_supervisor_and_the_deaf_at_the_next_start(house: House) -> None:
    first = house.ready()
    meek, deaf = house.pid("meek"), house.pid("deaf")
    first.kill()
    first.wait()
    _until(lambda: not occupying.group(meek))
    assert len(occupying.group(deaf)) == 2
    house.ready()
    assert not occupying.group(deaf)
    assert len(occupying.group(house.pid("meek"))) == 1


def test_a_killed_childs_own_children_do_not_go_on_beside_the_new_one(house: House) -> None:
    house.ready()
    before = house.pid("deaf")
    os.kill(before, signal.SIGKILL)
    _until(lambda: house.pid("deaf") != before)
    _until(lambda: not occupying.group(before))


def test_a_second_product_in_the_same_home_is_refused_and_harms_nobody(house: House) -> None:
    house.ready()
    second = house.start()
    said, _ = second.communicate(timeout=30)
    assert (second.returncode, "已经在" in said, "请先停止它" in said) == (1, True, True)
    assert occupying.group(house.pid("meek"))


def test_a_home_that_is_gone_stops_all_and_no_empty_database_takes_its_place(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(settings, "DAIFA_HOME", str(tmp_path))
    monkeypatch.setattr(serve, "embedded", lambda: True)
    family = serve.Family({"meek": [sys.executable, "-c", "import time; time.sleep(600)"]}, quiet=False)
    try:
        assert family.run() == 1
    finally:
        family.stop()
    assert "磁盘没有挂上" in capsys.readouterr().out
    assert not postgres.data_folder(tmp_path).exists()


def test_a_stranger_who_got_the_number_is_left_alone(tmp_path: Path) -> None:
    stranger = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"], start_new_session=True)
    try:
        occupying.note(tmp_path, "web", stranger.pid)
        path = occupying.run_folder(tmp_path) / "web.pid"
        path.write_text(f"{stranger.pid} 1\n")
        assert occupying.end_leftovers(tmp_path) == []
        assert (stranger.poll(), path.exists()) == (None, False)
    finally:
        stranger.kill()
        stranger.wait()


def test_a_taken_port_is_named_even_when_it_would_be_shared(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(occupying, "PORT_SECONDS", 0.0)
    with socket.socket() as other:
        other.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        with pytest.raises(Conflict, match=rf"端口 {port} 已被别的程序占用。.*--port {port + 1}"):
            occupying.need_port("127.0.0.1", port)
    occupying.need_port("127.0.0.1", port)


def _answers(port: int) -> bool:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=2):
            return True
    except urllib.error.HTTPError:
        return True  # it answers; whether the web bundle is built is not what is tested
    except OSError:
        return False


def _of_home(process: psutil.Process, home: Path) -> bool:
    try:
        ours = "daifa" in str(process.cmdline()) and process.status() != psutil.STATUS_ZOMBIE
        return ours and process.environ().get("DAIFA_HOME") == str(home)
    except psutil.Error:
        return False  # it ended while it was looked at


@pytest.mark.slow
@pytest.mark.skipif(bool(os.environ.get("DATABASE_URL")), reason="needs a server of its own")
def test_a_killed_product_starts_again_alone_and_stops_everything(tmp_path: Path) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    argv = [sys.executable, "-W", "ignore", "-m", "daifa.entry.cli", "serve", "--port", str(port), "--no-browser"]
    environment = {**os.environ, "DAIFA_HOME": str(tmp_path)}

    def served() -> subprocess.Popen[bytes]:
        one = subprocess.Popen(argv, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        _until(lambda: one.poll() is not None or _answers(port), 120)
        assert one.poll() is None
        return one

    def mine() -> list[int]:
        return [p.pid for p in psutil.process_iter() if p.pid != os.getpid() and _of_home(p, tmp_path)]

    try:
        first = served()
        assert mine()
        database = postgres.postmaster(tmp_path)
        first.kill()
        first.wait()
        _until(lambda: not mine())
        assert postgres.postmaster(tmp_path) == database
        second = served()
        second.send_signal(signal.SIGINT)
        assert second.wait(60) == 0
        assert (mine(), postgres.postmaster(tmp_path)) == ([], None)
    finally:
        occupying.end_leftovers(tmp_path)
        postgres.stop(tmp_path)
