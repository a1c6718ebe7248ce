"""What every shop platform's connector must do with a buyer's wish to have an order sent elsewhere."""

from __future__ import annotations

from dataclasses import replace

import pytest

from daifa.ports.books import BuyerOrder, Receiver
from daifa.ports.card import Capability
from daifa.ports.errors import Refused, RemoteError
from daifa.ports.shop import AddressWish, RecipientState
from daifa.ports.shop_api import Feed, WishTold
from tests.contract.bench import Bench
from tests.contract.test_shop_api import KEYS, api, dialect, make, needs


@pytest.fixture(params=KEYS)
def bench(request: pytest.FixtureRequest) -> Bench:
    return Bench(request.param)


def test_a_wish_to_move_is_answered(bench: Bench) -> None:
    needs(bench, Capability.ANSWER_ADDRESS)
    order = make(bench)
    home, wished = order.receiver, replace(order.receiver, detail="新地址 8 号")
    reasons = dialect(bench).wish_reasons({})
    code = reasons[0].code if reasons else ""
    told = [_wish(bench, order, wished)]
    api(bench).answer_address(order.number, approved=False, code=code)
    assert order.receiver == home
    told.append(_wish(bench, order, wished))
    with pytest.raises(Refused):
        api(bench).answer_address(order.number, approved=False, code="none of theirs")
    api(bench).answer_address(order.number, approved=True)
    assert order.receiver == wished
    for wish in told:
        assert wish.order_external_id == order.number
        assert wish.recipient.state in {RecipientState.CIPHER, RecipientState.PLAIN}
        assert (wish.recipient.province, wish.recipient.city) == (wished.province, wished.city)
        assert wished.detail not in repr(wish)
    with pytest.raises(RemoteError):
        # Nothing waits for an answer any more.
        api(bench).answer_address(order.number, approved=True)
    moved = bench.pushed(lambda: bench.world.orders.move_to(order, home))
    told_of = {e.wish for s in moved for e in dialect(bench).events(s.headers, s.body, bench.credentials)}
    assert WishTold.MOVED.value in told_of


def _wish(bench: Bench, order: BuyerOrder, wished: Receiver) -> AddressWish:
    sent = bench.pushed(lambda: bench.world.orders.ask_address(order, wished))
    events = [e for s in sent for e in dialect(bench).events(s.headers, s.body, bench.credentials)]
    [asked] = [e for e in events if e.wish]
    assert (asked.wish, asked.object_id, asked.feed) == (WishTold.ASKED.value, order.number, Feed.ORDERS.value)
    assert order.receiver.phone not in repr(asked)
    return dialect(bench).wish(asked.told)
