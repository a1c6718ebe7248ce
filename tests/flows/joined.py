"""A company of the product joined to a world in this process, as a merchant joins: for tests of what comes by API."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from daifa.areas.accounts.services import shops
from daifa.areas.accounts.services.connections import Home
from daifa.areas.catalog.services import goods
from daifa.base.actor import SYSTEM
from daifa.base.tenancy import tenant
from daifa.connectors.suppliers.alibaba1688.fake.goods import offer_id, spec_id
from daifa.kit import clock
from daifa.ports.books import Offer
from daifa.ports.sheet import GoodsRow
from daifa.simulator import joining
from daifa.simulator.door import Door
from tests.browser import Company
from tests.living import Running, running

START = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)
PUBLIC = "http://127.0.0.1:9"
# Chances that a test does not want.
CALM = {
    "raise_after_preview": 0, "liar_admits": 0, "reprice_unpaid": 0, "offer_expires": 0, "options_change": 0,
    "refund_rejects": 0, "list_lag": 0,
}  # fmt: skip


@dataclass(slots=True)
class Joined:
    """The company, its world, and what connects them."""

    company: Company
    world: Running
    door: Door
    connection: UUID | None = None
    shop: UUID | None = None
    suppliers: dict[str, str] = field(default_factory=dict)

    @property
    def number(self) -> int:
        """The company's number."""
        return self.company.number

    def buy_account(self) -> UUID:
        """Our buyer's account at 1688, authorised through its page."""
        account = str(self.door.company(joining.ALIBABA)["accounts"][0]["id"])
        self.connection = joining.authorize(
            self.number, self.door, by=SYSTEM, platform=joining.ALIBABA, home=Home(), public=PUBLIC, account=account
        )
        return self.connection

    def supplier(self, seller: str, name: str) -> str:
        """A supplier bought from by API with that account."""
        made = self.company.owner.post(
            "/suppliers", {"name": name, "channel": "api", "connection_id": str(self.connection)}
        )
        self.suppliers[seller] = str(made["id"])
        return self.suppliers[seller]

    def douyin_shop(self) -> UUID:
        """A Douyin shop, authorised through its page."""
        with tenant(self.number):
            self.shop = shops.create_shop(by=SYSTEM, platform="douyin", name="家居旗舰店").id
        account = str(self.door.company(joining.DOUYIN)["shops"][0]["id"])
        self.connection = joining.connect_shop(
            self.number, self.door, by=SYSTEM, shop_id=self.shop, account=account, public=PUBLIC
        )
        joining.pace(self.number, by=SYSTEM, calls_per_second=1000)
        return self.shop

    def sku(self, code: str, title: str = "", spec: str = "") -> str:
        """A SKU of ours."""
        with tenant(self.number):
            goods.record_goods([GoodsRow(row=1, sku_code=code, title=title or f"商品{code}", spec=spec)])
            return str(goods.ids_by_code([code])[code])

    def page_of(self, seller: str) -> tuple[str, list[Offer]]:
        """An offer page of a seller with several options: its number and the options."""
        groups: dict[str, list[Offer]] = {}
        for offer in self.world.world.books.offers():
            if offer.seller == seller:
                groups.setdefault(offer.title, []).append(offer)
        title, found = next((t, o) for t, o in sorted(groups.items()) if len(o) >= 2)
        return str(offer_id(seller, title)), found

    def spec(self, offer: Offer) -> str:
        """What 1688 calls an option."""
        return spec_id(offer.seller, offer.sku)

    def change(self, offer: Offer, **values: Any) -> None:
        """The seller changes an option."""

        def deed(_: object) -> None:
            for name, value in values.items():
                setattr(offer, name, value)
            self.world.world.books.touch(offer)

        self.world.within(deed)

    def follow(self, seconds: float) -> None:
        """Time goes by in the world."""
        self.door.post("/advance", {"seconds": seconds})


@contextmanager
def joined() -> Iterator[Joined]:
    """A fresh company and a fresh calm world; the clock stands at START."""
    with running(START) as world, clock.frozen(START):
        door = world.door
        door.post("/switches", {"company": joining.ALIBABA, "switches": CALM})
        yield Joined(Company(), world, door)
