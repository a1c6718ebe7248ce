"""Migrating: one process at a time, and a clear line when it fails."""

from __future__ import annotations

import threading
from typing import Any

import psycopg
import pytest
from django.db import OperationalError, connections

from daifa.entry import migrating
from daifa.flows import reference
from daifa.kit.errors import Conflict


@pytest.fixture(autouse=True)
def _something_to_do(transactional_db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reference, "refresh", lambda: None)
    monkeypatch.setattr(migrating, "expected", lambda: frozenset({("nothing", "that was applied")}))


def test_two_at_once_wait_for_each_other(monkeypatch: pytest.MonkeyPatch) -> None:
    inside, most, done = 0, 0, threading.Event()
    counting = threading.Lock()

    def slow(*_: Any, **__: Any) -> None:
        nonlocal inside, most
        with counting:
            inside += 1
            most = max(most, inside)
        done.wait(0.3)
        with counting:
            inside -= 1

    monkeypatch.setattr(migrating, "call_command", slow)
    threads = [threading.Thread(target=migrating.migrate) for _ in range(2)]
    for t in threads:
        t.start()
    for t in threads:
        t.join()
    assert most == 1


def test_a_failure_is_one_line_that_says_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*_: Any, **__: Any) -> None:
        raise OperationalError("canceling statement due to lock timeout\nCONTEXT: …")

    monkeypatch.setattr(migrating, "call_command", fails)
    with pytest.raises(Conflict) as refused:
        migrating.migrate()
    said = refused.value.message_zh
    assert said.startswith("数据库没有升级成功：canceling statement due to lock timeout。")
    assert "\n" not in said
    assert "daifa doctor" in said
    # And it lets the lock go.
    monkeypatch.setattr(migrating, "call_command", lambda *_, **__: None)
    migrating.migrate()


def test_whoever_waits_too_long_is_told_who_is_at_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(migrating, "WAIT", "50ms")
    monkeypatch.setattr(migrating, "call_command", lambda *_, **__: None)
    to = connections["owner"].settings_dict
    given: dict[str, Any] = {k: str(to[k.upper()]) for k in ("host", "port", "user", "password") if to[k.upper()]}
    with psycopg.connect(dbname=str(to["NAME"]), autocommit=True, **given) as other:
        other.execute("SELECT pg_advisory_lock(7202)")
        with pytest.raises(Conflict, match="另一个 daifa 进程正在升级数据库"):
            migrating.migrate()


def test_a_database_that_has_everything_is_not_gone_through_again(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    monkeypatch.setattr(migrating, "call_command", lambda *_, **__: asked.append("migrate"))
    with connections["default"].cursor() as cursor:
        cursor.execute("SELECT app, name FROM django_migrations")
        applied = frozenset(cursor.fetchall())
    monkeypatch.setattr(migrating, "expected", lambda: applied)
    migrating.migrate()
    assert asked == []
    monkeypatch.setattr(migrating, "expected", lambda: applied | {("orders", "9999_next")})
    migrating.migrate()
    assert asked == ["migrate"]
