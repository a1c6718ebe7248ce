"""How connections and queues fare: each age by one clock, however fast or far away the world lives."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from django.test import Client

from daifa.areas.accounts.services import connections, positions
from daifa.areas.mailroom.services import outbox
from daifa.areas.mailroom.services.outbox import Want
from daifa.areas.mailroom.tests.test_boxes import connected
from daifa.base.actor import SYSTEM
from daifa.kit import clock
from daifa.kit.ids import uuid7
from daifa.reads import connection_desk, status_desk

AHEAD = timedelta(days=400)


@pytest.fixture(params=[AHEAD, -AHEAD], ids=["ahead", "behind"])
def elsewhere(request: pytest.FixtureRequest) -> Iterator[None]:
    """The world lives on another day than the computer."""
    clock.set_offset(request.param)
    yield
    clock.set_offset(timedelta(0))


def test_ages_are_right_on_whatever_day_the_world_lives(in_tenant: int, elsewhere: None) -> None:
    where = connected()
    positions.advance(where, "orders", clock.now() - timedelta(seconds=90))
    connections.note_ok(where)
    outbox.want([Want("ship:1", "ship", where, uuid7())])
    [row] = connection_desk.connections(SYSTEM)
    found = connection_desk.fares(row, now=clock.now(), wall=clock.wall())
    oldest = status_desk.queues(SYSTEM).outbox_oldest_seconds
    assert oldest is not None
    assert 0 <= oldest < 60
    assert found.ok_seconds is not None
    assert 0 <= found.ok_seconds < 60
    assert found.token_days == pytest.approx(2 / 24, abs=0.01)
    assert found.lags["orders"] == pytest.approx(90, abs=60)


def test_an_age_is_never_below_nought(in_tenant: int) -> None:
    """A world that was set back."""
    where = connected()
    now = clock.now()
    with clock.frozen(now + timedelta(hours=1)):
        outbox.want([Want("ship:1", "ship", where, uuid7())])
    with clock.frozen(now):
        assert status_desk.queues(SYSTEM).outbox_oldest_seconds == 0


def test_failing_is_the_last_word_and_a_pause_that_is_over_is_none(in_tenant: int) -> None:
    where = connected()
    connections.note_ok(where)
    [row] = connection_desk.connections(SYSTEM)
    assert row.ok_at is not None
    at = row.ok_at

    def failing(error_after: int, pause: int | None, now: int) -> tuple[bool, float | None]:
        moment = at + timedelta(seconds=now)
        until = None if pause is None else at + timedelta(seconds=pause)
        seen = replace(row, error_at=at + timedelta(seconds=error_after), open_until=until)
        found = connection_desk.fares(seen, now=moment, wall=moment)
        return found.failing, found.pause_seconds

    assert failing(-5, None, 10) == (False, None)
    assert failing(5, None, 10) == (True, None)
    assert failing(5, 40, 10) == (True, 30)
    assert failing(-5, 10, 10) == (False, None)


def test_every_answer_says_the_worlds_time(transactional_db: None, elsewhere: None) -> None:
    """What a browser shows ages by."""
    said = datetime.fromisoformat(Client().get("/healthz").headers["X-Now"])
    assert abs(said - clock.now()) < timedelta(minutes=1)
