"""What every shop platform's connector must do that hands lines over to bound factories (厂商代发)."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from daifa.connectors import registry
from daifa.ports.books import BuyerOrder, OrderPhase
from daifa.ports.card import Capability
from daifa.ports.errors import NotThere, OutcomeUnknown, Refused, RemoteError
from daifa.ports.factory_api import FEED, Assignment, AssignState, Bond, FactoryApi, FactoryDialect
from daifa.ports.shop_api import Item
from daifa.ports.transport import Reply, Request
from tests.contract.bench import AFTERWARDS, READING, WRITING, Bench, Wire, silent
from tests.contract.test_shop_api import make, shop_id

KEYS = [k for k, c in registry.connectors().items() if c.factory_api is not None and k in registry.fakes()]


@pytest.fixture(params=KEYS)
def bench(request: pytest.FixtureRequest) -> Bench:
    return Bench(request.param)


def api(bench: Bench, **more: Any) -> FactoryApi:
    made = bench.connector.factory_api
    assert made is not None
    return made(replace(bench.credentials, **more), bench.wire, bench.world.now())


def dialect(bench: Bench) -> FactoryDialect:
    assert bench.connector.factory is not None
    return bench.connector.factory


def factory(bench: Bench) -> str:
    return api(bench).factories()[0].id


def lines(bench: Bench, order: BuyerOrder) -> list[Assignment]:
    bench.pass_time(20)
    return api(bench).assignable(order.number)


def handed(bench: Bench, pieces: tuple[int, ...] = (2,)) -> tuple[BuyerOrder, list[Assignment]]:
    order = make(bench, pieces)
    found = lines(bench, order)
    assert [a.error for a in api(bench).assign(factory(bench), [x.number for x in found])] == [None] * len(found)
    return order, found


def read(bench: Bench) -> list[Item]:
    end, found, cursor = bench.world.now(), list[Item](), ""
    for _ in range(60):
        page = api(bench).assignments(end - dialect(bench).feed.window, end, cursor)
        found += page.items
        if not page.cursor:
            return found
        cursor = page.cursor
    raise AssertionError("paging does not end")


def test_declared_where_it_is_and_nowhere_else() -> None:
    for connector in registry.connectors().values():
        there = connector.factory_api is not None
        assert (connector.factory is not None) is there
        assert (Capability.HAND_OVER in connector.card.capabilities) is there
    assert KEYS


def test_bound_factories_are_listed(bench: Bench) -> None:
    found = api(bench).factories()
    assert found
    assert all(f.id and f.name and f.bond is Bond.BOUND for f in found)
    assert len({f.id for f in found}) == len(found)


def test_every_line_of_an_order_may_be_handed_over(bench: Bench) -> None:
    order = make(bench, (1, 2))
    found = lines(bench, order)
    assert [(a.order_id, a.state, a.factory_id) for a in found] == [(order.number, AssignState.OPEN, "")] * 2
    for line in order.lines:
        [one] = [a for a in found if a.is_of(line.number, line.sku_no)]
        assert one.pieces == line.quantity
    # Long after it was paid it is still found.
    bench.pass_time(2 * 86_400)
    assert {a.number for a in api(bench).assignable(order.number)} == {a.number for a in found}


def test_handed_over_once_each_line_with_its_own_answer(bench: Bench) -> None:
    order, found = handed(bench, (1, 2))
    there = [api(bench).assignment(a.number) for a in found]
    assert [(a.state, a.factory_id) for a in there] == [(AssignState.ASSIGNED, factory(bench))] * 2
    other = make(bench)
    [fresh] = lines(bench, other)
    again = api(bench).assign(factory(bench), [found[0].number, fresh.number])
    assert [a.number for a in again] == [found[0].number, fresh.number]
    assert isinstance(again[0].error, Refused)
    assert again[1].error is None
    assert order.phase is OrderPhase.TO_SHIP


def test_a_stranger_is_refused(bench: Bench) -> None:
    [one] = lines(bench, make(bench))
    [answer] = api(bench).assign("1", [one.number])
    assert isinstance(answer.error, Refused)
    assert api(bench).assignment(one.number).state is AssignState.OPEN


def test_its_return_ships_the_shops_order(bench: Bench) -> None:
    order, [one] = handed(bench)
    bench.pass_time(86_400)
    seen = api(bench).assignment(one.number)
    assert seen.state is AssignState.SHIPPED
    assert [p.tracking_number for p in seen.parcels] == [s.number for s in order.shipments]
    assert [n for p in seen.parcels for _, _, n in p.lines] == [2]
    assert order.phase is OrderPhase.SHIPPED
    with pytest.raises(Refused):
        api(bench).cancel_assignment(one.number)


def test_taken_back_while_it_may_be(bench: Bench) -> None:
    order, [one] = handed(bench)
    api(bench).cancel_assignment(one.number)
    seen = api(bench).assignment(one.number)
    assert (seen.state, bool(seen.reason)) == (AssignState.CANCELLED, True)
    bench.pass_time(86_400)
    assert order.shipments == []
    # And to another, or the same, once more.
    assert api(bench).assign(factory(bench), [one.number])[0].error is None


def test_changes_are_listed_and_understood(bench: Bench) -> None:
    numbers = {one.number for _ in range(3) for one in handed(bench)[1]}
    bench.pass_time(20)
    found = {i.object_id: dialect(bench).assignment(i) for i in read(bench)}
    assert set(found) == numbers
    assert {a.state for a in found.values()} == {AssignState.ASSIGNED}
    assert all(i.modified for i in read(bench))


def test_nothing_is_missed_over_many_pages(bench: Bench) -> None:
    made = {o.number for o in (make(bench) for _ in range(230))}
    bench.pass_time(20)
    found = [dialect(bench).assignment(i) for i in read(bench)]
    assert {a.order_id for a in found} == made


def test_windows_are_no_longer_than_the_platform_allows(bench: Bench) -> None:
    end = bench.world.now()
    assert api(bench).assignments(end - dialect(bench).feed.window, end).items == ()
    with pytest.raises(RemoteError):
        api(bench).assignments(end - dialect(bench).feed.window - timedelta(minutes=5), end)


def test_what_is_not_there(bench: Bench) -> None:
    with pytest.raises(NotThere):
        api(bench).assignment("1")


def test_the_old_envelope_is_read_too(bench: Bench) -> None:
    bench.switch(iop_old_envelope=True)
    test_handed_over_once_each_line_with_its_own_answer(bench)


def test_pushes_name_the_line_and_the_merchant(bench: Bench) -> None:
    order = make(bench)
    [one] = lines(bench, order)
    shop = bench.connector.shop
    assert shop is not None

    def happens() -> None:
        api(bench).assign(factory(bench), [one.number])
        api(bench).cancel_assignment(one.number)

    sent = bench.pushed(happens)
    found = [e for s in sent for e in shop.events(s.headers, s.body, bench.credentials)]
    told = [(e.object_id, e.account) for e in found if e.feed == FEED]
    assert told == [(one.number, shop_id(bench))] * 2


@pytest.mark.parametrize("fault", READING)
def test_a_reading_that_fails(bench: Bench, fault: str) -> None:
    _, [one] = handed(bench)
    bench.strike(fault)
    with pytest.raises(RemoteError) as failed:
        api(bench).assignment(one.number)
    assert isinstance(failed.value, READING[fault]), failed.value
    assert failed.value.happened is False
    silent(bench, failed.value)


@pytest.mark.parametrize("fault", WRITING)
def test_a_hand_over_that_fails_is_honest(bench: Bench, fault: str) -> None:
    [one] = lines(bench, make(bench))
    to = factory(bench)
    bench.wire.before_write = lambda: bench.strike(fault)
    with pytest.raises(RemoteError) as failed:
        api(bench).assign(to, [one.number])
    assert isinstance(failed.value, WRITING[fault]), failed.value
    bench.world.faults.remove()
    done = api(bench).assignment(one.number).state is AssignState.ASSIGNED
    assert done is (fault in AFTERWARDS)
    if done:
        assert failed.value.happened is None
    silent(bench, failed.value)


def test_a_line_without_an_answer_may_have_been_handed_over(bench: Bench) -> None:
    [one] = lines(bench, make(bench))
    to = factory(bench)

    class Forgetful(Wire):
        def send(self, request: Request) -> Reply:
            reply = super().send(request)
            return replace(reply, body=reply.body.replace(one.number.encode(), b"1")) if request.write else reply

    bench.wire = Forgetful(bench.wire.app, bench.wire.base, bench.wire.moment)
    with pytest.raises(OutcomeUnknown):
        api(bench).assign(to, [one.number])
