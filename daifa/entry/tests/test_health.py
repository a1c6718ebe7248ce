"""/healthz says that the product works only when it does."""

from __future__ import annotations

import asyncio
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.db import connections as db_connections
from django.test import Client

from daifa.areas.accounts.services import connections
from daifa.areas.mailroom.tests.test_boxes import connected
from daifa.base.jobs import worker_app
from daifa.base.tenancy import tenant
from daifa.entry import health, worker
from daifa.kit import clock
from tests.browser import Company

pytestmark = pytest.mark.usefixtures("transactional_db")


@contextmanager
def _beat(ago: timedelta, outside: timedelta | None = None) -> Iterator[None]:
    """Last beats so long ago (of the ``outside`` worker: another), and no time passes."""
    at = clock.wall()
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM base_workerbeat")
        for queue, since in (("default", ago), ("outside", ago if outside is None else outside)):
            cursor.execute("INSERT INTO base_workerbeat (queue, at) VALUES (%s, %s)", [queue, at - since])
    with clock.frozen(at):
        yield


def _asked() -> tuple[int, dict[str, str]]:
    answer = Client().get("/healthz")
    return answer.status_code, answer.json()["problems"]


@pytest.fixture
def bundle(settings: Any, tmp_path: Path) -> Path:
    """A built web application."""
    settings.WEB_DIST = tmp_path
    (tmp_path / "index.html").write_text("<html></html>")
    return tmp_path / "index.html"


def test_a_worker_is_alive_for_four_beats(bundle: Path) -> None:
    with _beat(timedelta(seconds=15)):
        assert _asked() == (200, {})
    with _beat(timedelta(seconds=25)):
        assert _asked() == (503, {"worker": "处理数据的进程、调用外部接口的进程没有报活"})


def test_a_worker_that_lives_does_not_speak_for_the_other(bundle: Path) -> None:
    with _beat(timedelta(seconds=25), outside=timedelta(seconds=1)):
        assert _asked() == (503, {"worker": "处理数据的进程没有报活"})
    with _beat(timedelta(seconds=1), outside=timedelta(seconds=25)):
        assert _asked() == (503, {"worker": "调用外部接口的进程没有报活"})


def test_a_worker_beats_for_its_own_queue(bundle: Path) -> None:
    async def beats(*queues: str) -> None:
        app = worker_app()
        async with app.open_async():
            for queue in queues:
                await worker.beat(app, queue)

    with _beat(timedelta(seconds=60)):
        pass
    asyncio.run(beats("default"))
    assert _asked() == (503, {"worker": "调用外部接口的进程没有报活"})
    asyncio.run(beats("default", "outside"))
    assert _asked() == (200, {})


def test_without_the_web_bundle_nothing_works_for_a_person(bundle: Path) -> None:
    bundle.unlink()
    with _beat(timedelta(seconds=1)):
        assert _asked() == (503, {"web": "网页还没有构建，请用 ./start 运行"})


def test_figures_are_told_beside_and_decide_nothing(bundle: Path) -> None:
    with _beat(timedelta(seconds=1)):
        company = Company()
        with tenant(company.number):
            where = connected()
            for _ in range(5):
                connections.note_failure(where, "x", "连不上", counts=True)
            connections.move(where, "expired")
        answer = Client().get("/healthz")
        assert answer.status_code == 200
        running = answer.json()["running"]
        assert running["broken"] >= 1
        assert running["breakers_open"] >= 1
        assert {"tenant": company.number, "connection": str(where), "platform": "douyin", "why": "expired"} in running[
            "troubles"
        ]
        assert "running" not in Client(REMOTE_ADDR="10.9.8.7").get("/healthz").json()


def _elsewhere(monkeypatch: pytest.MonkeyPatch, port: int) -> None:
    """Have the product's database at an address of this machine."""
    at = {**db_connections["default"].settings_dict, "HOST": "127.0.0.1", "PORT": str(port)}
    monkeypatch.setattr(db_connections["default"], "settings_dict", at)


def _soon() -> str:
    began = time.monotonic()
    status, problems = _asked()
    assert (status, list(problems)) == (503, ["database"])
    assert time.monotonic() - began < 4
    return problems["database"]


def test_a_database_that_is_away_is_told_at_once(bundle: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    _elsewhere(monkeypatch, port)
    assert "那个地址和端口上没有数据库" in _soon()


def test_a_database_that_takes_the_call_and_says_nothing_is_not_waited_for(
    bundle: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        _elsewhere(monkeypatch, int(silent.getsockname()[1]))
        assert "没有回应" in _soon()


def test_a_statement_that_never_ends_is_given_up_with_its_connection(
    bundle: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(health, "silences", lambda cursor: cursor.execute("SELECT pg_sleep(60)"))
    assert "没有回应" in _soon()
    end = time.monotonic() + 5
    while any(t.name == "look" for t in threading.enumerate()):
        assert time.monotonic() < end
        time.sleep(0.05)


def test_one_connection_that_fails_is_named_and_the_product_stays_healthy(bundle: Path) -> None:
    with _beat(timedelta(seconds=1)):
        company = Company()
        with tenant(company.number):
            where = connected()
            connections.note_ok(where)
            connections.note_failure(where, "x", "连不上", counts=True)

        def mine() -> list[str]:
            answer = Client().get("/healthz")
            assert answer.status_code == 200
            told = answer.json()["running"]["troubles"]
            return [t["why"] for t in told if t["tenant"] == company.number]

        assert mine() == [], "a success and a failure of the same moment"
    with _beat(timedelta(seconds=1)):
        with tenant(company.number):
            connections.note_failure(where, "x", "连不上", counts=True)
        assert mine() == ["failing"]
        with tenant(company.number):
            for _ in range(3):
                connections.note_failure(where, "x", "连不上", counts=True)
        assert mine() == ["breaker open"]
