"""The core: deterministic, survives a kill, and its faults strike where they should."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import orjson
import pytest

from daifa.kit import clock
from daifa.ports.books import OrderPhase, Receiver, SupplierOrder, SupplyLine, SupplyPhase
from daifa.ports.world import Outgoing
from daifa.simulator.living.clock import SimClock, promised
from daifa.simulator.living.http import CompanyApp, CutOff
from daifa.simulator.living.tests.toy import TOY
from daifa.simulator.living.world import Living

START = datetime(2026, 9, 1, 2, 0, tzinfo=UTC)


class Receiving:
    """A push address that keeps what came."""

    def __init__(self, answer: Callable[[int], int] = lambda _: 200) -> None:
        self.got: list[Outgoing] = []
        self._answer = answer

    async def __call__(self, target: str, outgoing: Outgoing, timeout: float) -> tuple[int, bytes]:
        self.got.append(outgoing)
        return self._answer(len(self.got)), b""

    def ids(self) -> list[str]:
        return [m["id"] for o in self.got for m in orjson.loads(o.body)]


def world(home: Path | None = None, **settings: Any) -> Living:
    return Living([TOY], start=START, speed=0, home=home, settings={"auto": False, **settings})


def ask(living: Living, path: str) -> httpx.Response:
    async def once() -> httpx.Response:
        transport = httpx.ASGITransport(CompanyApp(living, "douyin"))
        async with httpx.AsyncClient(transport=transport, base_url="http://toy") as client:
            return await client.get(path)

    return asyncio.run(once())


def summary(living: Living) -> list[tuple[str, str, int, int]]:
    return [(o.number, o.phase.value, o.paid_fen, o.refunded_fen) for o in living.books.orders()]


def test_the_same_seed_lives_the_same_days() -> None:
    found = []
    for _ in range(2):
        living = world(auto=True, orders_per_day=60)
        asyncio.run(living.advance(3 * 86400, Receiving()))
        found.append((summary(living), [p.number for p in living.books.all_parcels()]))
    assert found[0] == found[1]
    assert len(found[0][0]) > 90
    assert {"unpaid", "to_ship", "closed"} & {x[1] for x in found[0][0]}


def test_an_unshipped_order_is_fined_once() -> None:
    living = world()
    living.buyers.make("douyin", "21830476", calm=True)
    asyncio.run(living.advance(4 * 86400, Receiving()))
    assert [p.rule for p in living.books.penalties()] == ["late_ship"]


def test_a_killed_world_goes_on_where_it_was(tmp_path: Path) -> None:
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
    whole, broken = world(tmp_path / "a"), world(tmp_path / "b")
    for living in (whole, broken):
        living.buyers.make("douyin", "21830476")
        living.commit()
    asyncio.run(whole.advance(86400 * 5, Receiving()))
    for _ in range(5):
        asyncio.run(broken.advance(86400, Receiving()))
        # Nothing is closed or said goodbye to: the file alone must be enough.
        broken = world(tmp_path / "b")
    assert summary(whole) == summary(broken)
    assert broken.clock.seconds() == whole.clock.seconds()
    assert len(broken.agenda) == len(whole.agenda)


def test_time_never_runs_back_for_a_follower(tmp_path: Path) -> None:
    file, wall = tmp_path / "clock.json", [1000.0]
    running = SimClock(START, 60, file=file, wall=lambda: wall[0])
    wall[0] += 10
    seen = running.seconds()
    told = promised(file, wall[0] + 5)
    assert seen == START.timestamp() + 600
    assert told == seen + 300


def test_the_product_follows_the_worlds_clock(tmp_path: Path) -> None:
    file = tmp_path / "clock.json"
    clock.follow(file)
    try:
        assert abs((clock.now() - datetime.now(UTC)).total_seconds()) < 5
        file.write_text(json.dumps({"wall": datetime.now(UTC).timestamp(), "sim": START.timestamp(), "speed": 0}))
        clock.follow(file)
        assert clock.now() == START
        assert abs((clock.wall() - datetime.now(UTC)).total_seconds()) < 5
        with clock.frozen(datetime(2020, 1, 1, tzinfo=UTC)):
            assert clock.now().year == 2020
        file.unlink()
        assert clock.now() == START
    finally:
        clock.follow(None)


def test_a_push_is_repeated_until_acknowledged() -> None:
    living, receiver = world(), Receiving(lambda n: 500 if n < 3 else 200)
    living.set_push_target("douyin", "http://us")
    living.buyers.make("douyin", "21830476", calm=True)
    asyncio.run(living.advance(100, receiver))
    assert len(receiver.got) == 3
    message = living.books.messages()[0]
    assert (message.state, message.attempts) == ("acked", 3)


def test_pushes_go_astray_on_demand() -> None:
    living, receiver = world(), Receiving()
    living.set_push_target("douyin", "http://us")
    living.faults.add("push_missing", count=1)
    living.faults.add("push_duplicate", count=1)
    living.faults.add("push_late", count=1, seconds=600)
    for _ in range(3):
        living.buyers.make("douyin", "21830476", calm=True)
    asyncio.run(living.advance(60, receiver))
    first = living.books.messages()
    assert first[0].state == "swallowed"
    assert first[1].state == "waiting"
    assert receiver.ids() == [first[2].id] * 2
    asyncio.run(living.advance(600, receiver))
    assert receiver.ids()[-1] == first[1].id


@pytest.mark.parametrize(("fault", "done"), [("timeout_before", 0), ("timeout_after", 1), ("half_body", 1)])
def test_a_broken_connection_before_or_after(fault: str, done: int) -> None:
    living = world()
    order = living.buyers.make("douyin", "21830476", calm=True)
    living.faults.add(fault, method="remark", count=1, seconds=0)
    with pytest.raises(CutOff):
        ask(living, "/remark?memo=x")
    assert order is not None
    assert order.memo == "x" * done
    assert ask(living, "/remark?memo=y").json() == {"orders": 1}


def test_other_faults_answer_wrongly() -> None:
    living = world()
    living.buyers.make("douyin", "21830476", calm=True)
    for name, status in (("http_5xx", 502), ("http_5xx_after", 504), ("html", 200), ("rate_limit", 429)):
        living.faults.add(name, company="douyin", method="list*", count=1)
        assert ask(living, "/other").status_code == 200
        found = ask(living, "/list")
        assert found.status_code == status
        assert name == "rate_limit" or "html" in found.headers["content-type"]
    living.faults.add("company_down", seconds=3600)
    assert ask(living, "/list").status_code == 503
    asyncio.run(living.advance(3601, Receiving()))
    assert ask(living, "/list").status_code == 200
    living.faults.add("pages_shift", count=1)
    assert ask(living, "/list").json() == {"orders": 2}


def supply(living: Living, number: str, sku: str, seller: str) -> SupplierOrder:
    who = Receiver("张三", "15400000000", "浙江省", "杭州市", "西湖区", "", "1号")
    offer = living.books.offer(seller, sku)
    assert offer is not None
    line = SupplyLine("1", sku, offer.their_code, 1, offer.tiers[0][1])
    return SupplierOrder(
        f"x/{number}", "x", seller, "me", number, f"ref-{number}", living.now(), living.now(), who, [line]
    )


def test_sellers_ship_by_their_temper_and_liars_run_out() -> None:
    living = world()
    by_temper: dict[str, list[SupplierOrder]] = {}
    for n, offer in enumerate(living.books.offers()):
        temper = living.sellers.profile(offer.seller).temper
        if temper in ("punctual", "liar") and len(by_temper.setdefault(temper, [])) < 8:
            sku = by_temper[temper][0].lines[0].sku if temper == "liar" and by_temper[temper] else offer.sku
            seller = by_temper[temper][0].seller if temper == "liar" and by_temper[temper] else offer.seller
            order = supply(living, str(n), sku, seller)
            living.sellers.place(order)
            living.sellers.pay(order)
            by_temper[temper].append(order)
    asyncio.run(living.advance(3 * 86400, Receiving()))
    assert all(o.phase is SupplyPhase.SHIPPED and o.parcels for o in by_temper["punctual"])
    closed = [o for o in by_temper["liar"] if o.phase is SupplyPhase.CLOSED]
    assert len(closed) == 5
    assert all(o.refunded_fen == o.total_fen > 0 for o in closed)


def test_a_refund_before_shipping_closes_the_order_and_the_money_adds_up() -> None:
    living = world()
    order = living.buyers.make("douyin", "21830476", calm=True)
    assert order is not None
    case = living.buyers.apply(order, "不想要了")
    assert case is not None
    assert living.cases.pending(order) is case
    asyncio.run(living.advance(2 * 86400 + 60, Receiving()))
    assert case.real_fen == order.paid_fen == order.refunded_fen
    assert order.phase is OrderPhase.CLOSED
