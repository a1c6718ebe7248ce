"""A company whose first big file has just come is planned for as what it is, in that same transaction."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Sequence
from typing import Any

import pytest
from django.db import connection

from daifa.areas.orders.models import Batch
from daifa.base import bulk, statistics
from daifa.base.tenancy import tenant
from daifa.kit import clock
from daifa.kit.ids import uuid7

pytestmark = pytest.mark.skipif("CITUS_WORKERS" in os.environ, reason="the planner's statistics are left alone there")
OTHERS, MINE = 3 * statistics.FIRST, statistics.FIRST


def _write(rows: int) -> None:
    bulk.insert(
        Batch, ("id", "created_at", "verb", "title"), [(uuid7(), clock.now(), "test", "x") for _ in range(rows)]
    )


def _expected() -> int:
    """How many rows the planner ascribes to a company."""
    [(plan,)] = bulk.select("EXPLAIN (FORMAT JSON) SELECT verb FROM orders_batch WHERE tenant_id = {tenant}")
    found = plan if isinstance(plan, list) else json.loads(plan)
    return int(found[0]["Plan"]["Plan Rows"])


def _second(number: int) -> int:
    """What is expected of a company that writes its first rows beside a known one."""
    with tenant(number + 10_000_000):
        _write(OTHERS)
    with tenant(number):
        _write(MINE)
        return _expected()


def test_a_new_company_is_planned_for_by_what_it_has(tenant_number: int) -> None:
    assert MINE / 2 < _second(tenant_number) < MINE * 2


def test_without_telling_the_planner_expects_next_to_nothing(
    tenant_number: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = statistics.wrote

    def only_others(tenant_id: int, table: str, rows: int) -> None:
        if tenant_id != tenant_number:
            told(tenant_id, table, rows)

    monkeypatch.setattr(statistics, "wrote", only_others)
    assert _second(tenant_number) < MINE / 10


def test_it_is_told_at_first_and_then_when_there_is_far_more(in_tenant: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(statistics, "_written", {})
    analysed: list[str] = []

    def listen(run: Callable[..., Any], sql: str, *rest: Any) -> Any:
        analysed.extend([sql] if sql.startswith("ANALYZE") else [])
        return run(sql, *rest)

    def note(sizes: Sequence[int]) -> int:
        """How often the table was analysed."""
        analysed.clear()
        with connection.execute_wrapper(listen):
            for n in sizes:
                statistics.wrote(in_tenant, "orders_batch", n)
        return len(analysed)

    assert note([statistics.BIG - 1] * 10) == 0
    assert note([600]) == 0
    assert note([600]) == 1
    assert note([1200, 1200]) == 0
    assert note([1200]) == 1
