"""The embedded server is killed at its worst moment and comes back. A real server of its own."""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import psycopg
import pytest

from daifa.entry import postgres, serve

# Half a minute of computing without one wait: a backend that does it does not notice that its server is gone.
BUSY = "SELECT count(*) FROM generate_series(1, 40000) a, generate_series(1, 50000) b"


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Path]:
    postgres.start(tmp_path)
    yield tmp_path
    postgres.stop(tmp_path)
    for pid in postgres.orphans(postgres.data_folder(tmp_path)):
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)


def _compute(home: Path, ended: list[str]) -> None:
    try:
        with psycopg.connect(host=str(postgres.socket_folder(home)), user="postgres", dbname="postgres") as link:
            link.execute(BUSY)
        ended.append("answered")
    except psycopg.Error as error:
        ended.append(type(error).__name__)


@pytest.mark.slow
def test_a_backend_that_computes_on_does_not_keep_a_killed_server_from_starting(home: Path) -> None:
    ended: list[str] = []
    computing = threading.Thread(target=_compute, args=(home, ended))
    computing.start()
    time.sleep(0.7)
    killed = postgres.postmaster(home)
    assert killed is not None
    os.kill(killed, signal.SIGKILL)
    time.sleep(0.3)
    assert postgres.orphans(postgres.data_folder(home)), "the backend noticed: the test proves nothing"
    postgres.start(home)
    assert postgres.postmaster(home) not in {None, killed}
    computing.join(10)
    assert ended == ["OperationalError"]


def test_a_supervisor_goes_on_trying_and_says_so_once(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    tries: list[int] = []

    def start(_home: Path) -> None:
        tries.append(1)
        if len(tries) < 3:
            raise postgres.NotStarted("内置数据库没有启动成功")

    monkeypatch.setattr(postgres, "start", start)
    family = serve.Family({}, quiet=True)
    for _ in range(3):
        family.mend_database()
    said = capsys.readouterr().out
    assert (len(tries), said.count("会继续再试"), family.broken) == (3, 1, "")
