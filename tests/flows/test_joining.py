"""The demo company joined to a world as a newcomer finds it: once, and going on where it was killed."""

from __future__ import annotations

from datetime import datetime

import pytest

from daifa.areas.accounts.services import connections, shops
from daifa.areas.purchasing.services import suppliers
from daifa.base import bulk
from daifa.base.tenancy import tenant
from daifa.flows import api_intake
from daifa.kit import clock
from daifa.ports.shop_api import Feed
from daifa.simulator import company, joining, seeding
from tests.living import running

PUBLIC = "http://127.0.0.1:9"


@pytest.mark.django_db(transaction=True)
def test_the_demo_is_joined_once_and_goes_on_where_it_was_killed(monkeypatch: pytest.MonkeyPatch) -> None:
    start = clock.now()
    with running(start, shops=[company.LIVE_SHOP]) as world:
        number = seeding.found(start).number
        with monkeypatch.context() as killed:
            killed.setattr(joining, "connect_suppliers", _dies)
            with pytest.raises(KeyboardInterrupt):
                joining.join_demo(number, world.door, public=PUBLIC)
        assert world.door.get("/books")["orders"] == []
        assert joining.join_demo(number, world.door, public=PUBLIC)
        assert not joining.join_demo(number, world.door, public=PUBLIC)
        with tenant(number):
            [shop] = [s for s in shops.list_shops() if s.external_id == company.LIVE_SHOP.id]
            assert shop.dial == "automatic"
            connection = connections.of_shops([shop.id])[shop.id]
            by_api = [s for s in suppliers.list_suppliers() if s.channel == "api"]
            assert len(by_api) == len(joining.AT_1688)
            linked = bulk.select(
                "SELECT count(*) FROM purchasing_supplylink WHERE tenant_id = {tenant} AND spec_ref <> ''"
            )
            assert linked[0][0] > 100
        orders = world.door.get("/books")["orders"]
        assert len(orders) == joining.FIRST_ORDERS
        with clock.frozen(datetime.fromisoformat(world.door.post("/advance", {"seconds": 600})["now"])):
            api_intake.read_feed(number, connection.id, Feed.ORDERS)
            api_intake.understand(number, connection.id)
        with tenant(number):
            matched = bulk.select(
                "SELECT count(*) FILTER (WHERE match <> 'none'), count(*) FROM orders_line l"
                " JOIN orders_order o ON o.tenant_id = {tenant} AND o.id = l.order_id"
                " WHERE l.tenant_id = {tenant} AND o.shop_id = %s",
                [shop.id],
            )
        assert matched[0][1] >= joining.FIRST_ORDERS
        assert matched[0][0] > 0, "what the other shop sells is known here too"


def _dies(*_given: object, **_named: object) -> None:
    raise KeyboardInterrupt
