"""Things beside each other inside one job: in turn where they must be, the caller's clock, errors told at the end."""

from __future__ import annotations

import threading
from collections import defaultdict
from collections.abc import Callable, Sequence
from datetime import UTC, datetime

import pytest
from django.db import connections
from hypothesis import given
from hypothesis import strategies as st

from daifa.base import bulk, lanes
from daifa.base.tenancy import tenant
from daifa.kit import clock

DAY = datetime(2026, 11, 11, tzinfo=UTC)


def brought[T](*sets: Sequence[T]) -> Callable[[], Sequence[T]]:
    """One set after the other, then nothing."""
    left = list(sets)
    return lambda: left.pop(0) if left else ()


def test_groups_run_beside_each_other_and_each_in_turn() -> None:
    meeting = threading.Barrier(2, timeout=10)
    seen: dict[str, list[int]] = defaultdict(list)

    def do(thing: tuple[str, int]) -> None:
        name, n = thing
        seen[name].append(n)
        if n == 1:
            # Nobody passes alone: two groups are really on their way at once.
            meeting.wait()

    things = [("a", 1), ("a", 2), ("a", 3), ("b", 1), ("b", 2)]
    assert lanes.work(brought(things), do, of=lambda t: t[0], lanes=2) == 5
    assert seen == {"a": [1, 2, 3], "b": [1, 2]}


def test_a_slow_one_does_not_keep_what_comes_after_its_set() -> None:
    later = threading.Event()
    order: list[int] = []

    def do(thing: int) -> None:
        if thing == 1:
            # It ends only when something of the next set is done.
            assert later.wait(10)
        order.append(thing)
        if thing == 3:
            later.set()

    assert lanes.work(brought([1, 2], [3]), do, of=lambda t: t, lanes=2) == 3
    assert order == [2, 3, 1]


def test_what_comes_up_while_the_last_is_done_is_taken_too() -> None:
    found: list[int] = [1]
    seen: list[int] = []

    def more() -> Sequence[int]:
        fresh = [n for n in found if n not in seen]
        seen.extend(fresh)
        return fresh

    def do(thing: int) -> None:
        if thing < 4:
            found.append(thing + 1)

    assert lanes.work(more, do, of=lambda t: t, lanes=3) == 4


@given(st.lists(st.lists(st.integers(0, 5), max_size=8), max_size=5), st.integers(1, 4))
def test_each_is_done_once_and_those_of_one_subject_in_their_order(sets: list[list[int]], most: int) -> None:
    numbered = iter(range(1000))
    given_sets = [[(subject, next(numbered)) for subject in one] for one in sets if one]
    seen: list[tuple[int, int]] = []
    lanes.work(brought(*given_sets), seen.append, of=lambda t: t[0], lanes=most)
    assert sorted(seen) == sorted(thing for one in given_sets for thing in one)
    for subject in range(6):
        mine = [n for s, n in seen if s == subject]
        assert mine == sorted(mine)


def test_the_callers_clock_and_a_connection_of_its_own_go_along(tenant_number: int) -> None:
    def do(thing: int) -> None:
        assert clock.now() == DAY
        with tenant(tenant_number):
            pids.add(int(bulk.select("SELECT pg_backend_pid() WHERE {tenant} = {tenant}")[0][0]))
            meeting.wait()

    meeting = threading.Barrier(2, timeout=10)
    pids: set[int] = set()
    with clock.frozen(DAY):
        lanes.work(brought([1, 2]), do, of=lambda t: t, lanes=4)
    assert len(pids) == 2


def test_one_that_breaks_is_told_when_the_others_are_done() -> None:
    done: list[int] = []
    begun = threading.Event()

    def do(thing: int) -> None:
        if thing == 1:
            assert begun.wait(10)
            raise RuntimeError("broken")
        begun.set()
        done.append(thing)

    with pytest.raises(RuntimeError, match="broken"):
        lanes.work(brought([1, 2]), do, of=lambda t: t, lanes=2)
    assert done == [2]


def test_after_one_that_breaks_nothing_is_begun() -> None:
    def do(thing: int) -> None:
        assert thing == 1
        raise RuntimeError("broken")

    with pytest.raises(RuntimeError, match="broken"):
        lanes.work(brought([1, 2], [3]), do, of=lambda t: 0, lanes=2)


def test_an_error_of_the_search_for_more_is_told_too() -> None:
    def more() -> Sequence[int]:
        raise RuntimeError("broken")

    with pytest.raises(RuntimeError, match="broken"):
        lanes.work(more, print, of=lambda t: t, lanes=2)


def test_more_lanes_than_connections_do_not_wait_for_each_other(tenant_number: int) -> None:
    # As many as the pool has are held by those that finish; the one that looks for more needs one of them.
    most = connections["default"].pool.max_size  # type: ignore[attr-defined]
    waiting = [list(range(4 * most)), list(range(4 * most, 8 * most))]

    def more() -> Sequence[int]:
        with tenant(tenant_number):
            bulk.select("SELECT 1 WHERE {tenant} = {tenant}")
        return waiting.pop(0) if waiting else ()

    def do(thing: int) -> None:
        with tenant(tenant_number):
            bulk.select("SELECT 1 WHERE {tenant} = {tenant}")

    assert lanes.work(more, do, of=lambda t: t, lanes=most + 2) == 8 * most
