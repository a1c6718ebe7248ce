"""Running the product: database, migrations, web, worker; stopped together, restarted when one dies."""

from __future__ import annotations

import http.client
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from types import FrameType

from django.conf import settings

from daifa.entry import bound, hanging, looking, occupying, postgres, worker
from daifa.kit.values import dataclass

STOP_SECONDS = 8
LOOK_SECONDS = 5
# The workers among the children, and the queue for which each beats.
WATCHED = {"worker": worker.QUEUES["inside"][0], "outside": worker.QUEUES["outside"][0]}


def say(text: str) -> None:
    """One line for the person at the terminal."""
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def embedded() -> bool:
    """Whether the product runs its own database server."""
    return not os.environ.get("DATABASE_URL")


def is_installed() -> bool:
    """Whether there is a database to look into: a managed one, or the embedded server's data."""
    return not embedded() or postgres.has_data(Path(settings.DAIFA_HOME))


def start_database() -> bool:
    """Have the database answer; returns whether this call started the embedded server."""
    if not embedded():
        return False
    home = Path(settings.DAIFA_HOME)
    running = postgres.is_ready(home)
    if not running:
        postgres.start(home)
    return not running


def release_database() -> None:
    """Stop the embedded server that a command started, unless a product runs on it by now."""
    home = Path(settings.DAIFA_HOME)
    if not occupying.is_occupied(home):
        postgres.stop(home)


def migrate() -> None:
    """Bring the schema and the shared tables to this version. Raises Conflict with what to do."""
    # The module needs Django to be up, which whoever starts us sees to after reading this one.
    from daifa.entry import migrating

    migrating.migrate()


@dataclass(frozen=True, slots=True)
class Moment:
    """Something to be done once, as soon as it is time."""

    is_time: Callable[[], bool]
    then: Callable[[Family], None]


class Family:
    """The child processes of one `daifa serve`: started in order, revived, stopped in reverse."""

    def __init__(self, commands: dict[str, list[str]], quiet: bool) -> None:
        self.commands = commands
        self.children: dict[str, subprocess.Popen[bytes]] = {}
        self.died: dict[str, list[float]] = {}
        self.stopping = False
        self.passing: set[str] = set()
        self.broken = ""
        self.quiet = quiet
        self.watch = hanging.Watch({name: queue for name, queue in WATCHED.items() if name in commands})

    def _end_hanging(self) -> None:
        """A worker that lives and does nothing more is ended, so that it is started again as a dead one is."""
        if not self.watch.queues:
            return
        try:
            found = looking.ask(hanging.beats)
        except looking.Unanswered:
            found = None
        for name in self.watch.look(found):
            say(f"“{name}”的进程还在，但 {hanging.LOOKS * hanging.LOOK_SECONDS} 秒没有报活：强制结束它，再重新启动。")
            occupying.end_group(self.children[name].pid, signal.SIGKILL)
            self.watch.begin(name)

    def launch(self, name: str) -> None:
        """Start (again) one child in a session of its own, so that Ctrl-C reaches only us; it dies when we die."""
        home = Path(settings.DAIFA_HOME)
        out = home / "log"
        out.mkdir(parents=True, exist_ok=True)
        if (before := self.children.get(name)) is not None:
            # A killed child's own children would go on, with its port.
            occupying.end_group(before.pid, signal.SIGKILL)
        with open(out / f"{name}.log", "ab") as log:
            self.children[name] = subprocess.Popen(
                bound.command(self.commands[name]), stdout=log, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL,
                start_new_session=True, env={**os.environ, "DJANGO_SETTINGS_MODULE": "daifa.entry.settings"},
            )  # fmt: skip
        occupying.note(home, name, self.children[name].pid)
        self.watch.begin(name)

    def join(self, name: str, command: list[str]) -> None:
        """One more child, watched as the others are."""
        self.commands[name] = command
        self.launch(name)

    def once(self, name: str, command: list[str]) -> None:
        """Start a child that ends by itself and is not started again; it is told when it did not succeed."""
        self.passing.add(name)
        self.join(name, command)

    def _passed(self, name: str, code: int) -> None:
        home = Path(settings.DAIFA_HOME)
        del self.children[name]
        occupying.forget(home, name)
        if code:
            say(f"“{name}”没有做完，下次启动时再试。请看 {home / 'log' / name}.log。")

    def run(self, *moments: Moment) -> int:
        """Watch until told to stop; a child that dies is started again, one that keeps dying stops all.

        ``moments``: what is done once each, one after the other, as soon as it is time.
        """
        for name in self.commands:
            self.launch(name)
        looked, watched, waiting = time.monotonic(), time.monotonic(), list(moments)
        while not self.stopping:
            time.sleep(0.3)
            if embedded() and not postgres.has_data(Path(settings.DAIFA_HOME)):
                # A new, empty database must not take the place of one that was moved or whose disk is away.
                say(f"数据不见了：{settings.DAIFA_HOME} 被移走，或者磁盘没有挂上。已停止，没有新建任何东西。")
                self.stopping = True
                return 1
            if waiting and waiting[0].is_time():
                waiting.pop(0).then(self)
            if time.monotonic() - watched > hanging.LOOK_SECONDS:
                self._end_hanging()
                watched = time.monotonic()
            for name, child in list(self.children.items()):
                if child.poll() is None or self.stopping:
                    continue
                if name in self.passing:
                    self._passed(name, child.returncode)
                    continue
                times = [t for t in self.died.get(name, []) if time.monotonic() - t < 60] + [time.monotonic()]
                self.died[name] = times
                if len(times) > 20:
                    say(f"“{name}”反复退出，已停止。请看 {Path(settings.DAIFA_HOME) / 'log' / name}.log。")
                    self.stopping = True
                    return 1
                say(f"“{name}”意外退出（{child.returncode}），正在重新启动。")
                if embedded():
                    self.mend_database()
                self.launch(name)
            home = Path(settings.DAIFA_HOME)
            gone = embedded() and postgres.postmaster(home) is None
            if embedded() and not gone and time.monotonic() - looked > LOOK_SECONDS:
                looked, gone = time.monotonic(), not postgres.is_ready(home)
            if gone and not self.stopping:
                say("数据库没有回应，正在恢复。")
                self.mend_database()
        return 0

    def mend_database(self) -> None:
        """Start the server again; what cannot be mended now is tried again at the next look, and told of once."""
        try:
            postgres.start(Path(settings.DAIFA_HOME))
            self.broken = ""
        except postgres.NotStarted as error:
            if str(error) != self.broken:
                say(f"数据库还没有恢复，会继续再试：{error}")
            self.broken = str(error)

    def stop(self) -> None:
        """Ask every child to end, then insist."""
        self.stopping = True
        for child in self.children.values():
            if child.poll() is None:
                child.terminate()
        deadline = time.monotonic() + STOP_SECONDS
        for child in self.children.values():
            try:
                child.wait(max(0.1, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                occupying.end_group(child.pid, signal.SIGKILL)
                child.wait()
        for name, child in self.children.items():
            occupying.end_group(child.pid, signal.SIGKILL)
            occupying.forget(Path(settings.DAIFA_HOME), name)


def answers(host: str, port: int) -> bool:
    """Whether the product at this address says that it works (``/healthz``)."""
    link = http.client.HTTPConnection("127.0.0.1" if host == "0.0.0.0" else host, port, timeout=2)
    try:
        link.request("GET", "/healthz")
        return link.getresponse().status == 200
    except OSError:
        return False
    finally:
        link.close()


def commands(host: str, port: int, web_workers: int) -> dict[str, list[str]]:
    """What runs beside the database."""
    python = sys.executable
    return {
        "web": [
            python, "-m", "granian", "--interface", "wsgi", "--host", host, "--port", str(port),
            "--workers", str(web_workers), "--blocking-threads", "8", "--workers-kill-timeout", "5",
            "--respawn-failed-workers", "--no-ws", "daifa.entry.wsgi:application",
        ],
        "worker": [python, "-m", "daifa.entry.worker", "inside"],
        "outside": [python, "-m", "daifa.entry.worker", "outside"],
    }  # fmt: skip


def run(children: dict[str, list[str]], *moments: Moment) -> int:
    """Serve until Ctrl-C or SIGTERM, in a home that is ours alone; then its database stops too, whoever started it."""
    start_database()
    migrate()
    family = Family(children, quiet=False)

    def _stop(_signal: int, _frame: FrameType | None) -> None:
        family.stopping = True

    signal.signal(signal.SIGINT, _stop)
    signal.signal(signal.SIGTERM, _stop)
    try:
        return family.run(*moments)
    finally:
        say("正在停止…")
        family.stop()
        if embedded():
            postgres.stop(Path(settings.DAIFA_HOME))
        say("已停止，数据都已保存。")
