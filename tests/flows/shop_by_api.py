"""A shop that speaks by API with a world in this process, for tests that read it: world, door, connection, clock."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from daifa.areas.accounts.services import positions
from daifa.base import bulk
from daifa.base.actor import SYSTEM
from daifa.base.tenancy import tenant
from daifa.flows import api_intake
from daifa.kit import clock
from daifa.ports.shop_api import Feed
from daifa.simulator import joining
from daifa.simulator.door import Door
from tests import living
from tests.flows.day import make_shop

# An evening in Beijing.
START = datetime(2026, 9, 1, 12, 0, tzinfo=UTC)


@dataclass(slots=True)
class ShopByApi:
    """One Douyin shop of one company, authorised through the world's own pages."""

    number: int
    door: Door
    shop: UUID
    connection: UUID
    now: datetime = START

    def buy(self, **said: Any) -> str:
        """A buyer orders and pays; the platform's number."""
        made = self.door.post("/orders", {"company": "douyin", **said})
        self.pass_time(120)
        return str(made["orders"][0]["number"])

    def pass_time(self, seconds: float) -> None:
        """Time of the world goes by; what follows happens at its new moment."""
        self.now = datetime.fromisoformat(self.door.post("/advance", {"seconds": seconds})["now"])

    def at(self) -> Any:
        """The world's moment as ours."""
        return clock.frozen(self.now)

    def read(self) -> int:
        """Read what changed, as the poll does."""
        with self.at():
            return api_intake.read_feed(self.number, self.connection, Feed.ORDERS)

    def skip(self) -> None:
        """The poll believes that it has read everything up to now: whatever came before is hidden from it."""
        with self.at(), tenant(self.number):
            positions.advance(self.connection, Feed.ORDERS.value, self.now + timedelta(minutes=6))

    def numbers(self) -> list[str]:
        """Our order numbers."""
        with tenant(self.number):
            return [
                n for (n,) in bulk.select("SELECT external_id FROM orders_order WHERE tenant_id = {tenant} ORDER BY 1")
            ]


@contextmanager
def connected(number: int) -> Iterator[ShopByApi]:
    """A company's shop, joined to a world that lives inside the block."""
    shop = make_shop(number)
    with living.running(START) as world:
        door = world.door
        account = str(door.company("douyin")["shops"][0]["id"])
        with clock.frozen(START):
            connection = joining.connect_shop(
                number, door, by=SYSTEM, shop_id=shop, account=account, public="http://127.0.0.1:9"
            )  # fmt: skip
        yield ShopByApi(number, door, shop, connection)
