"""Pushes: what they name is fetched once; one object that cannot be had keeps no other waiting."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest
from django.conf import settings

from daifa.areas.mailroom.services import inbox
from daifa.areas.mailroom.services.inbox import Arrived
from daifa.base import bulk
from daifa.base.tenancy import tenant
from daifa.flows import api_hints, api_intake
from daifa.flows.api_intake import HINT
from daifa.flows.calling import Paused
from daifa.ports.errors import LoginExpired, RateLimited, RemoteError, Unavailable, Withdrawn
from daifa.ports.shop_api import Feed
from tests.flows.shop_by_api import ShopByApi, connected

FEED = HINT + Feed.ORDERS.value


def _told(shop: ShopByApi, *numbers: str, later: int = 0) -> None:
    """Pushes about these orders came in."""
    with shop.at(), tenant(shop.number):
        at = shop.now + timedelta(seconds=later)
        inbox.store(shop.connection, "push", [Arrived(FEED, f"push:{n}:{later}", n, b"order", at) for n in numbers])


def _follow(shop: ShopByApi) -> None:
    with shop.at():
        api_hints.follow_hints.function(tenant_id=shop.number, connection_id=str(shop.connection))


def _hints(shop: ShopByApi) -> list[tuple[str, str, int]]:
    with tenant(shop.number):
        return bulk.select(
            "SELECT state, outcome, attempts FROM mailroom_inbox WHERE tenant_id = {tenant} AND feed = %s ORDER BY id",
            [FEED],
        )


def test_what_is_named_is_fetched_and_what_was_read_since_is_not_fetched_again(tenant_number: int) -> None:
    with connected(tenant_number) as shop:
        first = shop.buy()
        _told(shop, first)
        _follow(shop)
        assert shop.numbers() == [first]
        assert _hints(shop) == [("done", "fetched", 0)]
        second = shop.buy()
        _told(shop, second, later=-300)
        shop.read()
        _follow(shop)
        assert _hints(shop)[1] == ("done", "overtaken", 0)


def test_one_that_cannot_be_had_keeps_no_other_waiting_and_is_put_aside_in_the_end(
    tenant_number: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    with connected(tenant_number) as shop:
        bad, good = shop.buy(), shop.buy()
        real = api_intake.bring

        def bring(tenant_id: int, connection_id: UUID, feed: Feed, object_id: str, **how: str) -> bool:
            if object_id == bad:
                raise Unavailable("平台内部错误", code="20000")
            return real(tenant_id, connection_id, feed, object_id, via=how["via"])

        monkeypatch.setattr(api_intake, "bring", bring)
        _told(shop, bad, good)
        _follow(shop)
        assert shop.numbers() == [good]
        assert [state for state, _, _ in _hints(shop)] == ["new", "done"]
        for _ in range(inbox.MOST_STUMBLES):
            _follow(shop)
        assert _hints(shop)[0][0] == "parked"


@pytest.mark.parametrize(
    "lost",
    [
        LoginExpired("授权已失效"),
        Withdrawn("授权被取消"),
        RateLimited("太快"),
        Paused("对方连续 12 次出错，30 秒后再试"),
    ],
)
def test_a_lost_login_or_a_pause_puts_nothing_aside(
    tenant_number: int, monkeypatch: pytest.MonkeyPatch, lost: RemoteError
) -> None:
    with connected(tenant_number) as shop:
        numbers = [shop.buy(), shop.buy()]

        def bring(*args: object, **how: object) -> bool:
            raise lost

        with monkeypatch.context() as gone:
            gone.setattr(api_intake, "bring", bring)
            _told(shop, *numbers)
            _follow(shop)
        assert _hints(shop) == [("new", "", 0)] * 2
        _follow(shop)
        assert sorted(shop.numbers()) == sorted(numbers)


def test_a_company_that_is_ill_costs_a_few_calls_and_nothing_is_lost(
    tenant_number: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    with connected(tenant_number) as shop:
        numbers = [shop.buy() for _ in range(6)]
        asked: list[str] = []
        monkeypatch.setattr(settings, "DEED_LANES", 2)

        def bring(tenant_id: int, connection_id: UUID, feed: Feed, object_id: str, **how: str) -> bool:
            asked.append(object_id)
            raise _ill()

        with monkeypatch.context() as ill:
            ill.setattr(api_intake, "bring", bring)
            _told(shop, *numbers)
            _follow(shop)
        # One more may have been under way beside the last straw.
        assert len(asked) in {api_hints.COMPANY_IS_ILL, api_hints.COMPANY_IS_ILL + 1}
        _follow(shop)
        assert shop.numbers() == sorted(numbers)


def _ill() -> RemoteError:
    return Unavailable("连不上", code="502")
