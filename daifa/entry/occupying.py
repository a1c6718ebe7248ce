"""One product per home: its lock, the processes that a killed one left behind, and the port that must be free."""

from __future__ import annotations

import fcntl
import os
import signal
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from daifa.kit.errors import Conflict

END_SECONDS = 8.0
PORT_SECONDS = 3.0


def run_folder(home: Path) -> Path:
    """Where the running product keeps its lock and the numbers of its processes."""
    return home / "run"


@contextmanager
def occupied(home: Path) -> Iterator[None]:
    """Be the only product of this home, with nothing of a former one left running. Raises Conflict."""
    folder = run_folder(home)
    folder.mkdir(parents=True, exist_ok=True)
    with open(folder / "serve.lock", "a") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise Conflict(
                "already_running", f"代发已经在 {home} 里运行。请先停止它，或用 DAIFA_HOME 指定另一个目录。"
            ) from error
        end_leftovers(home)
        yield


def is_occupied(home: Path) -> bool:
    """Whether a product runs in this home now."""
    try:
        with open(run_folder(home) / "serve.lock", "a") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    except FileNotFoundError:
        pass
    return False


def note(home: Path, name: str, pid: int) -> None:
    """Write down a process of ours, with the moment it began: a number alone may be somebody else's tomorrow."""
    run_folder(home).mkdir(parents=True, exist_ok=True)
    (run_folder(home) / f"{name}.pid").write_text(f"{pid} {_born(pid)}\n")


def forget(home: Path, name: str) -> None:
    """A process of ours ended."""
    (run_folder(home) / f"{name}.pid").unlink(missing_ok=True)


def end_leftovers(home: Path) -> list[str]:
    """End what a killed product left running in this home; returns the names of those that still ran."""
    found: dict[str, int] = {}
    for path in sorted(run_folder(home).glob("*.pid")):
        number, _, born = path.read_text().strip().partition(" ")
        if number.isdecimal() and _ours(int(number), born):
            found[path.stem] = int(number)
    for sign, patience in ((signal.SIGTERM, END_SECONDS), (signal.SIGKILL, END_SECONDS)):
        for pid in found.values():
            end_group(pid, sign)
        until = time.monotonic() + patience
        while time.monotonic() < until and any(group(pid) for pid in found.values()):
            time.sleep(0.05)
    for path in run_folder(home).glob("*.pid"):
        path.unlink(missing_ok=True)
    return list(found)


def end_group(pid: int, sign: signal.Signals) -> None:
    """Tell a process and its children (they share its group); one that is gone is told nothing."""
    try:
        os.killpg(pid, sign)
    except ProcessLookupError:
        pass


def stat(pid: int) -> list[str]:
    """Fields of /proc/<pid>/stat from the state on; none for a process that is gone (or where there is no /proc)."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return []


def _born(pid: int) -> str:
    said = stat(pid)
    return said[19] if said else ""


def group(leader: int) -> list[int]:
    """The living processes of a group; zombies only wait to be counted."""
    pids = [int(p.name) for p in Path("/proc").glob("[0-9]*")]
    return [p for p in pids if (s := stat(p)) and s[0] != "Z" and s[2] == str(leader)]


def _ours(pid: int, born: str) -> bool:
    """Whether the group is the one that was noted: its leader is the same process, or gone before its children.

    While a group has members its number is given to no other process: only a living leader can be a stranger.
    """
    now = _born(pid)
    return now == born if now else bool(group(pid))


def need_port(host: str, port: int) -> None:
    """Find out that the port is free. Two products may share one without noticing, so it is asked. Raises Conflict."""
    until = time.monotonic() + PORT_SECONDS
    while error := _refused(host, port):
        if isinstance(error, PermissionError):
            raise Conflict("port_forbidden", f"没有权限使用端口 {port}。请换一个 1024 以上的端口，例如 --port 8000。")
        if isinstance(error, socket.gaierror):
            raise Conflict("bad_host", f"地址“{host}”用不了。请检查 --host。")
        if time.monotonic() > until:
            raise Conflict(
                "port_taken", f"端口 {port} 已被别的程序占用。请先停止那个程序，或换一个端口，例如 --port {port + 1}。"
            )
        time.sleep(0.1)


def _refused(host: str, port: int) -> OSError | None:
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind, protocol) as probe:
            # So that connections which just ended do not count; a listening program still does.
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
    except OSError as error:
        return error
    return None
