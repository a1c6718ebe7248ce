"""A platform of one folder in the whole product: on the screens, authorised, read, and lost again."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest

from daifa.areas.accounts.services import connections
from daifa.areas.compliance.rules import due_by
from daifa.areas.compliance.services import platform_rules
from daifa.areas.compliance.types import DeadlineFacts
from daifa.areas.finance import services as finance
from daifa.areas.finance.types import RateKind
from daifa.base import bulk
from daifa.base.actor import SYSTEM
from daifa.base.tenancy import tenant
from daifa.flows import api_intake, connect, reference, terms
from daifa.kit import clock
from daifa.ports.errors import Withdrawn
from daifa.ports.shop_api import Feed
from daifa.simulator import joining
from tests import living
from tests.browser import Company
from tests.contract.invented import beside
from tests.flows.day import make_shop
from tests.flows.shop_by_api import START


@pytest.fixture
def platform() -> Iterator[str]:
    with beside() as key:
        yield key


@pytest.mark.django_db(transaction=True)
def test_its_shop_is_joined_read_and_lost_like_any_other(platform: str, tenant_number: int) -> None:
    shop = make_shop(tenant_number, platform, "新平台店")
    with living.running(START) as world, clock.frozen(START):
        door = world.door
        account = str(door.company(platform)["shops"][0]["id"])
        connection = joining.connect_shop(
            tenant_number, door, by=SYSTEM, shop_id=shop, account=account, public="http://127.0.0.1:9"
        )
        made = door.post("/orders", {"company": platform, "count": 3, "calm": True})["orders"]
        with clock.frozen(datetime.fromisoformat(door.post("/advance", {"seconds": 120})["now"])):
            api_intake.read_feed(tenant_number, connection, Feed.ORDERS)
            api_intake.understand(tenant_number, connection)
            with tenant(tenant_number):
                found = bulk.select(
                    "SELECT platform, external_id FROM orders_order WHERE tenant_id = {tenant} ORDER BY 2"
                )
            assert found == sorted((platform, o["number"]) for o in made)
            door.post("/faults", {"name": "token_revoked", "company": platform, "count": 1})
            with pytest.raises(Withdrawn), connect.use(tenant_number, connection) as line:
                line.shop().fetch(Feed.ORDERS, made[0]["number"])
            with tenant(tenant_number):
                assert connections.get(connection).state == "revoked"


@pytest.mark.django_db
def test_the_screens_draw_it_from_its_card(platform: str) -> None:
    owner = Company().owner
    [card] = [c for c in owner.get("/connections")["cards"] if c["key"] == platform]
    assert (card["name"], card["kind"], [f["key"] for f in card["fields"]]) == (
        "每日优选", "shop", ["app_key", "app_secret"],
    )  # fmt: skip
    [shop_card] = [p for p in owner.get("/platforms") if p["key"] == platform]
    assert (shop_card["letter"], shop_card["colour"]) == ("每", "#2f9e44")


def test_what_it_demands_and_charges_is_known(platform: str, in_tenant: int) -> None:
    reference.refresh()
    facts = DeadlineFacts(platform, START)
    assert due_by(facts, platform_rules.rules_for()).due_by == START + timedelta(hours=36)
    fee = finance.rate_table(terms.rates()).find(RateKind.PLATFORM_FEE, platform, None, "", START.date())
    assert fee is not None
    assert fee.percent == 3
