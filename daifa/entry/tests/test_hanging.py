"""A worker that lives and does nothing is ended and started again; a busy one, or one without a database, is not."""

from __future__ import annotations

import os
import signal
import sys
import threading
import time
from datetime import UTC, datetime, timedelta

import pytest
from django.conf import settings
from django.db import connection

from daifa.entry import hanging, serve

AT = datetime(2026, 5, 1, tzinfo=UTC)


def _watch() -> hanging.Watch:
    return hanging.Watch({"worker": "default", "outside": "outside"})


def _beats(n: int, still: int = 0) -> dict[str, datetime]:
    """What look ``n`` finds: one queue beats, the other stands still."""
    return {"default": AT + timedelta(seconds=still), "outside": AT + timedelta(seconds=n)}


def test_a_beat_that_stands_still_is_a_hang_only_after_all_looks() -> None:
    watch = _watch()
    found = [watch.look(_beats(n)) for n in range(hanging.LOOKS + 1)]
    assert found == [[]] * hanging.LOOKS + [["worker"]]


def test_a_beat_that_goes_back_with_the_clock_is_a_beat() -> None:
    watch = _watch()
    assert not any(watch.look(_beats(n, still=-n)) for n in range(3 * hanging.LOOKS))


def test_a_database_that_was_away_and_a_new_start_accuse_nobody() -> None:
    watch = _watch()
    for n in range(hanging.LOOKS):
        watch.look(_beats(n))
    assert watch.look(None) == []
    for n in range(hanging.LOOKS):
        assert watch.look(_beats(n)) == []
    watch.begin("worker")
    assert watch.look(_beats(hanging.LOOKS)) == []


def test_a_worker_that_never_beats_hangs_too() -> None:
    watch = _watch()
    found = [watch.look({}) for _ in range(hanging.LOOKS + 1)]
    assert found[-1] == ["worker", "outside"]


@pytest.mark.usefixtures("transactional_db")
def test_the_supervisor_ends_a_stopped_worker_and_starts_it_again(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: object
) -> None:
    monkeypatch.setattr(settings, "DAIFA_HOME", str(tmp_path))
    monkeypatch.setattr(serve, "embedded", lambda: False)
    monkeypatch.setattr(hanging, "LOOK_SECONDS", 0.2)
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM base_workerbeat")
        cursor.execute("INSERT INTO base_workerbeat (queue, at) VALUES ('default', now())")
    family = serve.Family({"worker": [sys.executable, "-c", "import time; time.sleep(600)"]}, quiet=True)
    first: list[int] = []

    def stopped(which: serve.Family) -> None:
        first.append(which.children["worker"].pid)
        os.kill(first[0], signal.SIGSTOP)

    running = threading.Thread(target=family.run, args=(serve.Moment(lambda: True, stopped),))
    running.start()
    try:
        end = time.monotonic() + 30
        while not first or family.children["worker"].pid == first[0]:
            assert time.monotonic() < end
            time.sleep(0.1)
    finally:
        family.stopping = True
        running.join(20)
        family.stop()
    assert "“worker”的进程还在，但" in capsys.readouterr().out
