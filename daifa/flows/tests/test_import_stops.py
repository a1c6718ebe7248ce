"""Imports that stop: cancelled, crashed, thrown away, unreadable; what is in stays whole, what is not can go on."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from daifa.areas.catalog.models import Sku
from daifa.areas.catalog.services import goods
from daifa.areas.mailroom.services import files, imports, tasks
from daifa.base.tenancy import tenant
from daifa.flows import catalog_files, import_run, intake, recorders
from daifa.flows.tests.filing import BOSS, GOODS, NOON, arrive, box, counts, run, xlsx
from daifa.kit import clock
from daifa.kit.errors import Conflict, Invalid


@pytest.fixture(autouse=True)
def _noon() -> Iterator[None]:
    with clock.frozen(NOON):
        yield


def test_a_cancel_half_way_keeps_whole_batches_and_can_go_on(
    tenant_number: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    n = tenant_number
    monkeypatch.setattr(catalog_files._together, "__defaults__", (2,))
    card = arrive(n, xlsx(GOODS, *[box(f"A-{i}") for i in range(6)]), "货.xlsx")
    with tenant(n):
        [task_id] = intake.run(by=BOSS, import_ids=[card], later=False).tasks
    real = goods.record_goods
    batches = 0

    def presses_cancel(rows: Any) -> Any:
        nonlocal batches
        batches += 1
        if batches == 2:
            with tenant(n):
                tasks.ask_cancel(by=BOSS, task_id=task_id)
        return real(rows)

    with monkeypatch.context() as patch:
        patch.setattr(goods, "record_goods", presses_cancel)
        import_run.perform(n, card)
    with tenant(n):
        stopped = imports.get(card)
        assert (stopped.state, tasks.get(task_id).state) == ("cancelled", "cancelled")
        assert set(Sku.objects.values_list("code", flat=True)) == {"A-0", "A-1"}
        assert imports.outcomes(card) == {"new": 2}
        intake.again(by=BOSS, import_id=card)
    assert counts(run(n, card)[0]) == (6, 0, 0, 0)


def test_a_cancel_before_the_start_frees_the_card(tenant_number: int) -> None:
    n = tenant_number
    card = arrive(n, xlsx(GOODS, box("A-1")), "货.xlsx")
    with tenant(n):
        [task_id] = intake.run(by=BOSS, import_ids=[card], later=False).tasks
        tasks.ask_cancel(by=BOSS, task_id=task_id)
        with pytest.raises(Conflict):
            tasks.ask_cancel(by=BOSS, task_id=task_id)
    import_run.perform(n, card)
    with tenant(n):
        assert imports.get(card).state == "cancelled"
        assert not Sku.objects.exists()


def test_a_crash_between_two_batches_keeps_the_first_outcomes(
    tenant_number: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    n = tenant_number
    monkeypatch.setattr(catalog_files._together, "__defaults__", (2,))
    card = arrive(n, xlsx(GOODS, *[box(f"A-{i}") for i in range(6)], box("")), "货.xlsx")
    with tenant(n):
        intake.run(by=BOSS, import_ids=[card], later=False)

    class Killed(BaseException):
        """As if the process had gone."""

    real, calls = goods.record_goods, 0

    def dies(rows: Any) -> Any:
        nonlocal calls
        calls += 1
        if calls == 3:
            raise Killed
        return real(rows)

    with monkeypatch.context() as patch:
        patch.setattr(goods, "record_goods", dies)
        with pytest.raises(Killed):
            import_run.perform(n, card)
    with tenant(n):
        assert imports.get(card).state == "running"
    import_run.perform(n, card)
    import_run.perform(n, card)
    with tenant(n):
        done = imports.get(card)
    assert done.state == "done"
    assert counts(done) == (6, 0, 0, 1)


def test_a_fault_of_ours_ends_the_import_and_is_not_hidden(tenant_number: int, monkeypatch: pytest.MonkeyPatch) -> None:
    n = tenant_number
    card = arrive(n, xlsx(GOODS, box("A-1")), "货.xlsx")
    with tenant(n):
        intake.run(by=BOSS, import_ids=[card], later=False)
    monkeypatch.setitem(recorders.RECORDERS, "goods", lambda *a: 1 // 0)
    with pytest.raises(ZeroDivisionError):
        import_run.perform(n, card)
    with tenant(n):
        stopped = imports.get(card)
        assert stopped.state == "failed"
        assert stopped.task_id is not None
        assert tasks.get(stopped.task_id).state == "failed"


def test_a_file_dropped_twice_is_one_card_and_one_thrown_away_is_gone(tenant_number: int) -> None:
    n = tenant_number
    data = xlsx(GOODS, box("A-1"))
    first, second = arrive(n, data, "货.xlsx"), arrive(n, data, "货.xlsx")
    assert first == second
    with tenant(n):
        file_id = imports.get(first).file_id
        intake.discard(by=BOSS, import_id=first)
        assert not imports.exists(first)
        assert files.views([file_id]) == {}
    run(n, arrive(n, data, "货.xlsx"))
    again = arrive(n, data, "货.xlsx")
    with tenant(n):
        row = imports.get(again)
        before = imports.last_done(row.file_id, row.sheet)
        assert before is not None
        intake.discard(by=BOSS, import_id=again)
        assert files.content(before.file_id) == data
        with pytest.raises(Conflict, match="已经写入数据"):
            intake.discard(by=BOSS, import_id=before.id)


def test_what_cannot_be_read_says_so_and_nothing_runs(tenant_number: int) -> None:
    n = tenant_number
    card = arrive(n, b"%PDF-1.7 nothing", "账单.pdf")
    with tenant(n):
        assert imports.get(card).state == "failed"
        with pytest.raises(Invalid, match="是 PDF，不是表格"):
            intake.run(by=BOSS, import_ids=[card])
        with pytest.raises(Invalid, match="没有可以导入的文件"):
            intake.run(by=BOSS)
