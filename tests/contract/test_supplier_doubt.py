"""Suppliers' connectors in trouble: what failed is told honestly, what is lost is found, nothing is bought twice."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from daifa.ports.errors import OutcomeUnknown, Refused, RemoteError
from daifa.ports.supplier_api import Wanted
from tests.contract.bench import AFTERWARDS, READING, WRITING, Bench, silent
from tests.contract.supplying import KEYS, REFERENCE, TO, api, dialect, make_bench, shelf, supplies, wanted


@pytest.fixture(params=KEYS)
def bench(request: pytest.FixtureRequest) -> Bench:
    return make_bench(request.param)


@pytest.mark.parametrize("policy", ["same", "second", "refuse"])
def test_the_same_reference_again_is_never_a_known_no(bench: Bench, policy: str) -> None:
    bench.switch(duplicate=policy)
    first = api(bench).place(wanted(bench))
    bench.pass_time(1)
    again = api(bench).place(wanted(bench))
    if dialect(bench).terms.repeatable or policy != "second":
        assert (again.external_ids, len(supplies(bench))) == (first.external_ids, 1)
    else:
        assert len({o.external_id for o in api(bench).find(REFERENCE)}) == 2


def test_other_content_under_the_same_reference_stays_unknown(bench: Bench) -> None:
    bench.switch(duplicate="refuse")
    first = api(bench).place(wanted(bench))
    bench.pass_time(1)
    other = Wanted(REFERENCE, (replace(shelf(bench)[1][1], quantity=3),), TO)
    told: object
    try:
        told = api(bench).place(other).external_ids
    except RemoteError as error:
        told = error.happened
    assert told in {None, first.external_ids}
    assert len(supplies(bench)) == 1


def test_no_stock_is_a_no_that_says_so(bench: Bench) -> None:
    line = replace(shelf(bench)[0][1], quantity=900_000)
    for ask in (api(bench).quote, api(bench).place):
        with pytest.raises(Refused) as refused:
            ask(Wanted(REFERENCE, (line,), TO))
        assert "库存" in refused.value.text
        assert refused.value.happened is False
    assert supplies(bench) == []


def _has_no_tokens(bench: Bench, fault: str) -> bool:
    return fault == "token_expired" and not bench.credentials.access_token


@pytest.mark.parametrize("fault", READING)
def test_a_reading_that_fails(bench: Bench, fault: str) -> None:
    if _has_no_tokens(bench, fault):
        pytest.skip("no tokens")
    [number] = api(bench).place(wanted(bench)).external_ids
    bench.strike(fault)
    with pytest.raises(RemoteError) as failed:
        api(bench).fetch(number)
    assert isinstance(failed.value, READING[fault]), failed.value
    assert failed.value.happened is False
    assert failed.value.text
    silent(bench, failed.value)


@pytest.mark.parametrize("fault", WRITING)
def test_a_placing_that_fails_is_honest(bench: Bench, fault: str) -> None:
    if _has_no_tokens(bench, fault):
        pytest.skip("no tokens")
    bench.wire.before_write = lambda: bench.strike(fault)
    with pytest.raises(RemoteError) as failed:
        api(bench).place(wanted(bench))
    assert isinstance(failed.value, WRITING[fault]), failed.value
    assert bool(supplies(bench)) is (fault in AFTERWARDS)
    if supplies(bench):
        assert failed.value.happened is None
        bench.world.faults.remove()
        bench.pass_time(5)
        assert [o.reference for o in api(bench).find(REFERENCE)] == [REFERENCE]
    silent(bench, failed.value)


def test_a_lost_answer_is_found_by_our_reference(bench: Bench) -> None:
    bench.switch(list_lag=60, reply_lost=1)
    if bench.key == "httpapi":
        bench.wire.before_write = lambda: bench.strike("timeout_after")
    with pytest.raises(OutcomeUnknown):
        api(bench).place(wanted(bench))
    waited = 0.0
    for at in dialect(bench).terms.ask_after:
        bench.pass_time(at.total_seconds() - waited)
        waited = at.total_seconds()
        if api(bench).find(REFERENCE):
            break
    assert len(api(bench).find(REFERENCE)) == len(supplies(bench)) == 1
    assert timedelta(seconds=waited) <= max(dialect(bench).terms.visible_after, timedelta(minutes=1))


def test_nothing_is_missed_while_pages_shift(bench: Bench) -> None:
    made = {api(bench).place(wanted(bench, f"CG-{n}")).external_ids[0] for n in range(130)}
    bench.pass_time(20)
    end, seen, cursor, pages = bench.world.now(), set[str](), "", 0
    while True:
        page = api(bench).changes(end - timedelta(hours=2), end, cursor)
        seen |= {i.object_id for i in page.items}
        pages += 1
        # What was read changes, and leaves the window.
        for item in page.items[:5]:
            bench.pass_time(1)
            order = next(o for o in supplies(bench) if item.object_id in {o.number, o.reference})
            order.memo, order.updated_at = "改", bench.world.now()
            bench.world.books.touch(order)
        if not page.cursor:
            break
        cursor = page.cursor
        assert pages < 60
    assert made <= seen
