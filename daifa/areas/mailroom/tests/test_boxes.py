"""Inbox and outbox: twice is once, a claim is one worker's, a confirmed fact is never left."""

from __future__ import annotations

import itertools
from datetime import timedelta
from uuid import UUID

import pytest

from daifa.areas.accounts.services import applications, connections, limiter, shops
from daifa.areas.accounts.services.connections import Home, pause_until
from daifa.areas.accounts.services.limiter import Rate
from daifa.areas.mailroom.models import Comparison
from daifa.areas.mailroom.services import calls, comparisons, inbox, outbox
from daifa.areas.mailroom.services.calls import Made
from daifa.areas.mailroom.services.comparisons import Compared
from daifa.areas.mailroom.services.inbox import Arrived, key_of
from daifa.areas.mailroom.services.outbox import Want
from daifa.base.actor import SYSTEM
from daifa.kit import clock
from daifa.kit.errors import Conflict
from daifa.kit.ids import uuid7
from daifa.ports.transport import Granted


def connected(account: str = "77", name: str = "一店") -> UUID:
    """A shop's connection with a pasted token."""
    shop = shops.create_shop(by=SYSTEM, platform="douyin", name=name)
    app = applications.save(
        by=SYSTEM, platform="douyin", app_key="k1", secrets={"app_secret": "s"}, urls={"gateway": "x"}
    )
    granted = Granted("t1", "r1", clock.now() + timedelta(hours=2), None, account, "一店")
    return connections.connect(by=SYSTEM, application_id=app.id, home=Home(shop.id), granted=granted).id


def test_the_same_thing_arrives_once_and_its_last_reading_is_known(in_tenant: int) -> None:
    where = connected()
    thing = Arrived("orders", key_of("orders", "1", clock.now(), b"x"), "1", b'{"a":1}')
    assert inbox.store(where, "poll", [thing, thing]) == 1
    assert inbox.store(where, "push", [thing]) == 0
    [item] = inbox.take(where, feeds=["orders"])
    assert item.raw == b'{"a":1}'
    inbox.done([(item.id, "new")])
    assert inbox.take(where) == []
    assert inbox.store(where, "poll", [thing]) == 0, "a thing that was done does not come back"


def test_what_cannot_be_read_is_parked_and_can_be_tried_again(in_tenant: int) -> None:
    where = connected()
    inbox.store(where, "poll", [Arrived("orders", "k", "1", b"?")])
    [item] = inbox.take(where)
    inbox.park([(item.id, "不认识状态 999")])
    assert inbox.take(where) == []
    assert inbox.again([item.id]) == [where]
    assert [i.id for i in inbox.take(where)] == [item.id]
    with pytest.raises(Conflict):
        inbox.again([item.id])


def _want(where: UUID, key: str = "buy:1:1", **kw: object) -> UUID:
    [made] = outbox.want([Want(key, "buy", where, uuid7(), **kw)])  # type: ignore[arg-type]  # the tests' own words
    return made


def test_one_fact_is_one_row_and_one_claim(in_tenant: int) -> None:
    where = connected()
    made = _want(where)
    assert outbox.want([Want("buy:1:1", "buy", where, uuid7())]) == []
    assert [i.id for i in outbox.to_act(where)] == [made]
    assert outbox.claim(made)
    assert not outbox.claim(made), "somebody else has it"
    assert outbox.to_act(where) == []
    assert outbox.settle(made, "confirmed", before=("calling",), result={"n": 1})
    assert not outbox.settle(made, "ready", before=("calling", "unknown"))
    with pytest.raises(Conflict):
        outbox.settle(made, "ready", before=("confirmed",))


def test_a_no_before_anything_was_sent_is_a_no(in_tenant: int) -> None:
    # The quote was refused: nothing was called, and the pieces are free for somebody else.
    where = connected()
    made = _want(where)
    assert outbox.settle(made, "ready", before=("ready",), reason="再等等")
    assert outbox.settle(made, "refused", before=("ready",), reason="这个规格卖完了")
    assert outbox.to_act(where) == []


def test_a_cancel_window_holds_it_back_and_it_can_be_taken_back(in_tenant: int) -> None:
    where = connected()
    made = _want(where, due_at=clock.now() + timedelta(minutes=5))
    assert outbox.to_act(where) == []
    assert not outbox.claim(made)
    assert outbox.void(["buy:1:1"], "不买了") == [made]
    assert outbox.void(["buy:1:1"], "再说一次") == []


def test_a_claim_whose_process_died_is_found(in_tenant: int) -> None:
    where = connected()
    made = _want(where)
    outbox.claim(made)
    assert outbox.lost() == []
    with clock.frozen(clock.now() + outbox.LOST_AFTER + timedelta(seconds=1)):
        assert [i.id for i in outbox.lost()] == [made]


def test_what_was_sent_is_kept_sealed_and_can_be_opened(in_tenant: int) -> None:
    where = connected()
    made = calls.record(Made(where, "douyin", "x.y", clock.now(), 3, "ok", sent="电话".encode(), got=b"{}"))
    assert calls.content(made) == {"sent": "电话", "got": "{}"}
    assert calls.forget(clock.now() + timedelta(days=1)) == 1


def test_a_rate_is_shared_and_waiting_is_in_turn(in_tenant: int) -> None:
    rate = Rate("app:x", 2.0, 2)
    with clock.frozen(clock.now()):
        assert [round(limiter.take([rate]), 3) for _ in range(4)] == [0.0, 0.0, 0.5, 1.0]
        limiter.give_back(["app:x"])
    with clock.frozen(clock.now() + timedelta(seconds=10)):
        assert limiter.take([rate]) == 0.0
        limiter.hold("app:x", 7)
        assert round(limiter.take([rate])) == 7


def test_the_breaker_pauses_longer_and_longer_but_not_for_ever() -> None:
    now = clock.now()
    assert pause_until(4, now) is None
    pauses = [(pause_until(n, now) or now) - now for n in range(5, 30)]
    assert pauses[0] == timedelta(seconds=30)
    assert all(a <= b for a, b in itertools.pairwise(pauses))
    assert pauses[-1] == timedelta(minutes=10)


def test_a_second_authorisation_of_a_shop_upgrades_it_in_place(in_tenant: int) -> None:
    where = connected()
    held = connections.get(where)
    granted = Granted("t2", "r2", None, None, "77")
    again = connections.connect(by=SYSTEM, application_id=held.application_id, home=Home(held.shop_id), granted=granted)
    assert again.id == where
    assert connections.credentials(where).access_token == "t2"
    with pytest.raises(Conflict, match="原来的账号"):
        connections.connect(
            by=SYSTEM, application_id=held.application_id, home=Home(held.shop_id),
            granted=Granted("t3", "r3", None, None, "88"),
        )  # fmt: skip
    other = shops.create_shop(by=SYSTEM, platform="douyin", name="二店")
    with pytest.raises(Conflict, match="另一处"):
        connections.connect(by=SYSTEM, application_id=held.application_id, home=Home(other.id), granted=granted)


def test_a_removed_connection_forgets_its_token_and_its_door(in_tenant: int) -> None:
    where = connected()
    assert (in_tenant, where) in connections.where("douyin", "77")
    connections.move(where, "removed")
    assert (in_tenant, where) not in connections.where("douyin", "77")
    assert connections.credentials(where).access_token == ""
    assert connections.live() == []


def _compared(where: UUID, **said: object) -> Comparison:
    comparisons.keep(clock.business_day(clock.now()), Compared(where, **said))  # type: ignore[arg-type]  # tests' words
    return Comparison.objects.get(connection_id=where)


def test_a_day_has_one_comparison_and_a_stopped_one_takes_nothing_back(in_tenant: int) -> None:
    where = connected()
    kept = _compared(where, outcome="ok", theirs=5, ours=3, missing=["1", "2"], left={"2": "读不懂"}, strange=["9"])
    assert (kept.theirs, kept.missing, kept.left, kept.tries) == (5, ["1", "2"], {"2": "读不懂"}, 1)
    kept = _compared(where, outcome="Unavailable", missing=["3"], left={"2": "读不懂"}, said="连不上")
    assert (kept.theirs, kept.ours, kept.strange, kept.tries) == (5, 3, ["9"], 2)
    assert (kept.missing, kept.left, kept.said) == (["1", "2", "3"], {"2": "读不懂"}, "连不上")


def test_what_is_over_its_time_goes_in_batches_and_nothing_comes_in_twice(in_tenant: int) -> None:
    where = connected()
    things = [Arrived("orders", f"k{n}", str(n), b"{}") for n in range(5)]
    with clock.frozen(clock.now() - timedelta(days=40)):
        inbox.store(where, "poll", things)
        items = inbox.take(where)
        inbox.done([(i.id, "new") for i in items[:3]])
        inbox.park([(items[3].id, "?")])
    inbox.store(where, "poll", [Arrived("orders", "fresh", "7", b"{}")])
    limit = clock.now() - timedelta(days=30)
    assert [inbox.shred(limit, 3), inbox.shred(limit, 3), inbox.shred(limit, 3)] == [3, 1, 0]
    assert sorted(i.object_id for i in inbox.take(where)) == ["4", "7"], "what waits is kept whole"
    assert all(i.raw for i in inbox.take(where))
    assert inbox.store(where, "poll", things) == 0
