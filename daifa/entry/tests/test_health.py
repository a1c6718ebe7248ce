"""/healthz says that the product works only when it does."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from daifa.areas.accounts.services import connections
from daifa.areas.mailroom.tests.test_boxes import connected
from daifa.base.tenancy import tenant
from daifa.kit import clock
from tests.browser import Company

pytestmark = pytest.mark.usefixtures("transactional_db")


@contextmanager
def _beat(ago: timedelta) -> Iterator[None]:
    """A last beat so long ago, and no time passes."""
    at = clock.wall()
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM procrastinate_workers")
        cursor.execute("INSERT INTO procrastinate_workers (last_heartbeat) VALUES (%s)", [at - ago])
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
        assert _asked() == (503, {"worker": "no heartbeat"})


def test_without_the_web_bundle_nothing_works_for_a_person(bundle: Path) -> None:
    bundle.unlink()
    with _beat(timedelta(seconds=1)):
        assert _asked() == (503, {"web": "bundle not built"})


def test_figures_are_told_beside_and_decide_nothing(bundle: Path) -> None:
    with _beat(timedelta(seconds=1)):
        with tenant(Company().number):
            where = connected()
            for _ in range(5):
                connections.note_failure(where, "x", "连不上", counts=True)
            connections.move(where, "expired")
        answer = Client().get("/healthz")
        assert answer.status_code == 200
        running = answer.json()["running"]
        assert running["broken"] >= 1
        assert running["breakers_open"] >= 1
        assert "running" not in Client(REMOTE_ADDR="10.9.8.7").get("/healthz").json()
