"""The nightly comparison: an order that the polls never saw is found and read; what only one side has is named."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import timedelta
from uuid import UUID

import pytest

from daifa.areas.accounts.services import connections, shops
from daifa.areas.mailroom.rules.comparing import Difference, compare
from daifa.areas.mailroom.services import comparisons, inbox
from daifa.areas.mailroom.services.comparisons import Compared
from daifa.areas.mailroom.tests.test_boxes import connected as plain_connection
from daifa.base import bulk
from daifa.base.actor import SYSTEM
from daifa.base.tenancy import tenant
from daifa.flows import api_intake, comparing, sweep
from daifa.kit import clock
from daifa.kit.errors import Conflict
from daifa.ports.shop_api import Feed
from daifa.reads import connection_desk
from daifa.reads.connection_desk import ComparisonRow
from tests.browser import Company
from tests.flows import files
from tests.flows.day import bring
from tests.flows.shop_by_api import ShopByApi, connected


def test_two_sets_differ_in_two_ways() -> None:
    assert compare({"1", "2", "3"}, {"2"}, {"2"}) == Difference(("1", "3"), ())
    # Ours that was ordered before the window and changed in it is theirs too; what is known elsewhere is no matter.
    assert compare({"1"}, {"1"}, {"1", "4", "5"}) == Difference((), ("4", "5"))
    assert compare(set(), set(), set()) == Difference()


def _compare(shop: ShopByApi) -> ComparisonRow:
    with shop.at():
        comparing.compare_shop(shop.number, shop.connection)
    return _rows(shop)[0]


def _rows(shop: ShopByApi) -> list[ComparisonRow]:
    with tenant(shop.number):
        return connection_desk.comparisons(shop.connection)


def test_an_order_hidden_from_the_polls_is_found(tenant_number: int) -> None:
    with connected(tenant_number) as shop:
        seen = shop.buy()
        shop.read()
        hidden = shop.buy()
        shop.skip()
        shop.pass_time(600)
        assert shop.read() == 0, "the poll does not look back"
        assert shop.numbers() == [seen]
        row = _compare(shop)
        assert shop.numbers() == sorted([seen, hidden])
        assert (row.theirs, row.ours, row.filled, row.missing, row.left, row.strange) == (2, 1, 1, [hidden], {}, [])
        assert (row.day, row.outcome) == (clock.business_day(shop.now), "ok")
        # Asked again on the same day: one row, and what it had filled in stays told.
        row = _compare(shop)
        assert (row.theirs, row.ours, row.filled, row.tries) == (2, 2, 1, 2)
        assert len(_rows(shop)) == 1


def test_what_only_was_not_read_yet_is_no_difference(tenant_number: int) -> None:
    with connected(tenant_number) as shop:
        shop.read()
        first = shop.buy()
        # The polls were away for longer than the comparison looks back.
        shop.pass_time(6 * 86400)
        row = _compare(shop)
        assert (row.theirs, row.missing) == (0, []), "it is older than what is compared"
        assert shop.numbers() == [first], "and the polls, caught up first, brought it"


def test_an_order_that_was_read_and_is_gone_again_is_read_anew(tenant_number: int) -> None:
    with connected(tenant_number) as shop:
        gone = shop.buy()
        shop.pass_time(60)
        with shop.at():
            # Everything that the poll brought is called done before it became an order.
            inbox_of(shop, inbox.done)
        shop.skip()
        shop.pass_time(600)
        row = _compare(shop)
        assert (row.missing, row.left) == ([gone], {})
        assert shop.numbers() == [gone]


def test_what_was_put_aside_is_tried_again(tenant_number: int) -> None:
    with connected(tenant_number) as shop:
        aside = shop.buy()
        shop.pass_time(60)
        with shop.at():
            inbox_of(shop, inbox.park)
        shop.skip()
        shop.pass_time(600)
        row = _compare(shop)
        assert (row.missing, row.left) == ([aside], {})
        with tenant(shop.number):
            assert inbox.parked_of(shop.connection, "orders", [aside]) == {}


def inbox_of(shop: ShopByApi, verb: Callable[[Sequence[tuple[UUID, str]]], None]) -> None:
    """Read the last hour, and have this done to what came instead of understanding it."""
    now = clock.now()
    api_intake.read_window(shop.number, shop.connection, Feed.ORDERS, now - timedelta(hours=1), now)
    with tenant(shop.number):
        items = inbox.take(shop.connection)
        assert items
        verb([(i.id, "unchanged") for i in items])


def test_a_number_that_another_shop_of_ours_has_is_not_missing(tenant_number: int) -> None:
    with connected(tenant_number) as shop:
        number = shop.buy()
        shop.pass_time(60)
        with shop.at(), tenant(shop.number):
            # Another shop of ours owns this number already.
            other = bring_elsewhere(shop.number, number)
        assert other
        shop.read()
        with tenant(shop.number):
            parked = inbox.parked_of(shop.connection, "orders", [number])
        assert "另一家店铺" in parked[number][1]
        row = _compare(shop)
        assert (row.missing, row.ours) == ([], 1)


def bring_elsewhere(number: int, external_id: str) -> UUID:
    """The number as another shop's order, by file."""
    shop = shops.create_shop(by=SYSTEM, platform="douyin", name="别家店").id
    bring(number, "订单.csv", files.douyin({"主订单编号": external_id}), shop=shop)
    return shop


def test_a_number_that_only_we_have_is_named(tenant_number: int) -> None:
    with connected(tenant_number) as shop:
        real = shop.buy()
        shop.pass_time(600)
        with shop.at():
            local = (shop.now + timedelta(hours=8)).strftime("%Y-%m-%d %H:%M:%S")
            stamps = {"订单提交时间": local, "支付完成时间": local}
            bring(
                shop.number, "订单.csv", files.douyin({"主订单编号": "6999000000000000001", **stamps}), shop=shop.shop
            )
        shop.pass_time(600)
        row = _compare(shop)
        assert (row.theirs, row.ours, row.strange) == (1, 2, ["6999000000000000001"])
        assert shop.numbers() == sorted([real, "6999000000000000001"])


def test_a_platform_that_is_down_is_said_and_tried_again(tenant_number: int) -> None:
    with connected(tenant_number) as shop:
        shop.buy()
        shop.door.post("/faults", {"name": "http_5xx", "company": "douyin", "method": "order.searchList"})
        row = _compare(shop)
        assert row.outcome != "ok"
        assert row.said
        assert row.theirs == 0
        shop.door.post("/faults", {"off": True})
        with clock.frozen(shop.now + timedelta(minutes=5)):
            assert _queued(shop) == 0, "not at once"
        with clock.frozen(shop.now + timedelta(minutes=31)):
            assert _queued(shop) == 1
        assert _compare(shop).outcome == "ok"
        with clock.frozen(shop.now + timedelta(minutes=90)):
            assert _queued(shop) == 0, "once a night"


def _queued(shop: ShopByApi) -> int:
    with tenant(shop.number):
        return comparing.keep_comparing()


def test_every_night_has_its_own_and_only_after_the_set_hour(tenant_number: int) -> None:
    with connected(tenant_number) as shop:
        for hour, wanted in ((2, 0), (3, 1), (23, 1)):
            with clock.frozen(clock.beijing(2026, 9, 2, hour, 30)):
                assert _queued(shop) == wanted, hour
        _compare(shop)
        with clock.frozen(clock.beijing(2026, 9, 1, 23)):
            assert _queued(shop) == 0
        with clock.frozen(clock.beijing(2026, 9, 2, 4)):
            sweep.one_company.function(tenant_id=shop.number)
            with tenant(shop.number):
                [(n,)] = bulk.select(
                    "SELECT count(*) FROM procrastinate_jobs WHERE task_name = 'api.compare'"
                    " AND (args ->> 'tenant_id')::int = {tenant} AND status = 'todo'"
                )
        assert n == 1
        with tenant(shop.number):
            connections.move(shop.connection, "paused")
            assert _queued(shop) == 0
            with pytest.raises(Conflict):
                comparing.compare_now(by=SYSTEM, connection_id=shop.connection)


def test_the_screen_asks_for_a_comparison_and_shows_it(tenant_number: int) -> None:
    company = Company()
    with tenant(company.number):
        where = plain_connection()
        made = Compared(where, "ok", theirs=3, ours=2, missing=["1", "2"], left={"2": "读不懂"}, strange=["9"])
        comparisons.keep(clock.business_day(clock.now()), made)
    [row] = company.owner.get(f"/connections/{where}/comparisons")
    assert (row["theirs"], row["ours"], row["filled"]) == (3, 2, 1)
    assert (row["missing"], row["left"], row["strange"]) == (["1", "2"], {"2": "读不懂"}, ["9"])
    assert "正在核对" in company.owner.post(f"/connections/{where}/compare")["message"]
    with tenant(company.number):
        connections.move(where, "paused")
    assert company.owner.refused("POST", f"/connections/{where}/compare") == (409, "connection_not_working")
    other = Company().owner
    assert other.refused("GET", f"/connections/{where}/comparisons")[0] == 404
    assert other.refused("POST", f"/connections/{where}/compare")[0] == 404
