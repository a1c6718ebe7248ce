"""Things beside each other inside one job: groups in turn, the caller's clock and tenant, errors told at the end."""

from __future__ import annotations

import threading
from collections import defaultdict
from datetime import UTC, datetime

import pytest

from daifa.base import bulk, lanes
from daifa.base.tenancy import tenant
from daifa.kit import clock

DAY = datetime(2026, 11, 11, tzinfo=UTC)


def test_groups_run_beside_each_other_and_each_in_turn() -> None:
    meeting = threading.Barrier(2, timeout=10)
    seen: dict[str, list[int]] = defaultdict(list)

    def do(thing: tuple[str, int]) -> None:
        name, n = thing
        seen[name].append(n)
        if n == 1:
            # Nobody passes alone: two groups are really on their way at once.
            meeting.wait()

    lanes.work([[("a", 1), ("a", 2), ("a", 3)], [("b", 1), ("b", 2)]], do, lanes=2)
    assert seen == {"a": [1, 2, 3], "b": [1, 2]}


def test_the_callers_clock_and_a_connection_of_its_own_go_along(tenant_number: int) -> None:
    def do(thing: int) -> None:
        assert clock.now() == DAY
        with tenant(tenant_number):
            pids.add(int(bulk.select("SELECT pg_backend_pid() WHERE {tenant} = {tenant}")[0][0]))
            meeting.wait()

    meeting = threading.Barrier(2, timeout=10)
    pids: set[int] = set()
    with clock.frozen(DAY):
        lanes.work([[1], [2]], do, lanes=4)
    assert len(pids) == 2


def test_one_that_breaks_is_told_when_the_others_are_done() -> None:
    done: list[int] = []

    def do(thing: int) -> None:
        if thing == 1:
            raise RuntimeError("broken")
        done.append(thing)

    with pytest.raises(RuntimeError, match="broken"):
        lanes.work([[1], [2], [3]], do, lanes=2)
    assert sorted(done) == [2, 3]
