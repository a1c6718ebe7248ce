"""A company that lives by API in a world of its own: one Douyin shop, one supplier at 1688, both clocks together."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from daifa.areas.accounts.services import settings
from daifa.areas.accounts.services.connections import Home
from daifa.areas.catalog.services import goods
from daifa.areas.mailroom.services import outbox
from daifa.areas.purchasing.services import linking, placements, suppliers
from daifa.base import bulk
from daifa.base.actor import Actor
from daifa.base.tenancy import tenant
from daifa.connectors.suppliers.alibaba1688.fake.goods import offer_id, spec_id
from daifa.flows import advance, api_intake, automatic, offer_watch, outbox_run, supplier_intake, sweep
from daifa.flows.steps import buy, route
from daifa.kit import clock
from daifa.ports.shop_api import Feed
from daifa.simulator import joining
from daifa.simulator.door import Door
from daifa.simulator.world import build_world
from tests.flows import files
from tests.flows.day import bring, make_shop
from tests.living import Running, running

START = datetime(2026, 11, 28, 2, 0, tzinfo=UTC)
SELLER = "S01"
BOSS = Actor(key="member:1", name="店主", permissions=frozenset({"*"}))
PUBLIC = "http://127.0.0.1:1"
# Chances that a story does not want.
CALM: dict[str, dict[str, Any]] = {
    "alibaba1688": {"raise_after_preview": 0, "liar_admits": 0, "reprice_unpaid": 0, "offer_expires": 0,
                    "options_change": 0, "refund_rejects": 0, "list_lag": 0},
}  # fmt: skip


@dataclass(slots=True)
class _Clock:
    """The world's clock stands; ours follows what it says."""

    file: Path

    def set(self, at: str) -> None:
        """Now is the world's now."""
        told = {"wall": time.time(), "sim": datetime.fromisoformat(at).timestamp(), "speed": 0}
        self.file.write_text(json.dumps(told))
        clock.follow(self.file)


@dataclass(slots=True)
class Company:
    """The company and its world."""

    number: int
    door: Door
    shop: UUID
    account: str
    shop_line: UUID
    supplier_line: UUID
    clock: _Clock
    items: list[tuple[str, str]]
    world: Running

    def dial(self, word: str) -> None:
        """How much happens by itself."""
        joining.turn_dial(self.number, by=BOSS, shop_id=self.shop, dial=word)

    def order(self, *wanted: int) -> str:
        """A buyer orders these of the goods (by place in ``items``) and pays; we read it. Returns its number."""
        lines = [{"sku_no": self.items[i][1]} for i in wanted or (0,)]
        said = {"company": "douyin", "shop": self.account, "lines": lines, "words": ""}
        [made] = self.door.post("/orders", said)["orders"]
        self.pass_time(1)
        self.read()
        return str(made["number"])

    def read(self) -> None:
        """Read what changed at the shop and at the supplier."""
        for feed in Feed:
            api_intake.read_feed(self.number, self.shop_line, feed)
        supplier_intake.read(self.number, self.supplier_line)

    def buy(self, number: str) -> UUID:
        """Route the order and note that its purchase is to be placed. Returns the purchase."""
        with tenant(self.number):
            order = self.id_of(number)
            advance.advance([order])
            placed, _ = route.dispatch([order], by=BOSS, run=f"t{number[-8:]}")
            buy.queue([p.id for p in placed])
            assert placed, self.asked("SELECT step, step_reason FROM orders_order WHERE id = %s", order)
            return placed[0].id

    def work(self, minutes: float = 0) -> None:
        """After so many minutes, do what is due outside."""
        if minutes:
            self.pass_time(minutes)
        for _ in range(12):
            if not outbox_run.work(self.number, self.supplier_line):
                break

    def by_itself(self) -> None:
        """What stands is looked at, and the machine buys what it may."""
        sweep.one_company.function(tenant_id=self.number)
        with tenant(self.number):
            ready = [str(i) for (i,) in self.asked("SELECT id FROM orders_order WHERE step = 'route'")]
        automatic.route_them.function(tenant_id=self.number, order_ids=ready)
        self.work(minutes=15)

    def work_shop(self, minutes: float = 0) -> None:
        """After so many minutes, do what is due at the shop."""
        if minutes:
            self.pass_time(minutes)
        outbox_run.work(self.number, self.shop_line)

    def pass_time(self, minutes: float) -> None:
        """Time goes by in the world, and for us."""
        self.clock.set(self.door.post("/advance", {"seconds": minutes * 60})["now"])

    def id_of(self, number: str) -> UUID:
        """Our order of the platform's number."""
        [(i,)] = bulk.select("SELECT id FROM orders_order WHERE tenant_id = {tenant} AND external_id = %s", [number])
        return UUID(str(i))

    def step(self, number: str) -> tuple[str, str]:
        """Where our order stands, and why."""
        with tenant(self.number):
            [row] = self.asked("SELECT step, step_reason FROM orders_order WHERE external_id = %s", number)
        return row[0], row[1]

    def reference(self, purchase: UUID) -> str:
        """Our number of the purchase's one placing."""
        with tenant(self.number):
            [made] = placements.of_purchases([purchase])[purchase]
        return made.reference

    def asked(self, sql: str, *values: object) -> list[tuple[Any, ...]]:
        """A question to our own books."""
        return bulk.select(sql + " AND tenant_id = {tenant}", list(values))

    def supplies(self) -> list[dict[str, Any]]:
        """What stands at the suppliers, by the world's books."""
        found: list[dict[str, Any]] = self.door.get("/books")["supplies"]
        return found

    def refunds_there(self) -> list[Any]:
        """The refunds that 1688 holds, by the orders that carry one."""
        return [s["extra"]["refund"] for s in self.supplies() if s["extra"].get("refund")]

    def ship_now(self) -> None:
        """The seller ships before its time."""
        number = self.supplies()[-1]["id"]
        self.world.within(lambda world: world.sellers.timer("ship", {"order": number}))

    def agree_now(self) -> None:
        """The seller agrees to the refund before its time."""
        [ref] = self.refunds_there()
        self.world.within(lambda world: world.companies["alibaba1688"].timer("refund_answer", {"refund": ref}))

    def deeds(self, purchase: UUID) -> list[tuple[str, str]]:
        """(kind, state) of everything that was to be done about a purchase."""
        with tenant(self.number):
            return [(r.kind, r.state) for r in outbox.of_subject([purchase])]


@contextmanager
def company(number: int, home: Path, dial: str = "automatic") -> Iterator[Company]:
    """A company of one shop and one punctual supplier inside a running world, both at the same hour."""
    with _following(home / "clock.json") as ours, running(START) as world:
        door = world.door
        for key, switches in CALM.items():
            door.post("/switches", {"company": key, "switches": switches})
        account = str(door.company("douyin")["shops"][0]["id"])
        items = _sold(door, account)
        shop = make_shop(number)
        bring(number, "商品.csv", files.goods(*(code for code, _ in items)))
        bring(
            number, "报价.csv", files.prices(*((build_world().suppliers[SELLER].name, code, "5") for code, _ in items))
        )
        with tenant(number):
            settings.change(by=BOSS, values={"spend_day_fen": 10**9, "spend_supplier_day_fen": 10**9})
        shop_line = joining.connect_shop(number, door, by=BOSS, shop_id=shop, account=account, public=PUBLIC)
        supplier_line = _link(number, door, [code for code, _ in items])
        made = Company(number, door, shop, account, shop_line, supplier_line, ours, items, world)
        made.dial(dial)
        yield made


def _sold(door: Door, account: str) -> list[tuple[str, str]]:
    """(our code, the shop's SKU number) of two goods that the seller has plenty of; the shop names our codes."""
    plenty = {sku for sku, listed in build_world().offers.items() for o in listed if o.supplier == SELLER}
    items: dict[str, dict[str, str]] = {}
    for x in door.get("/books?with=listings")["listings"]:
        code = next(iter(x["parts"]), "")
        if x["shop"] == account and x["company"] == "douyin" and x["parts"] == {code: 1} and code in plenty:
            items.setdefault(code, {"sku_no": x["sku_no"], "item_no": x["item_no"], "merchant_code": code})
    chosen = sorted(items.items())[:2]
    door.post("/products", {"company": "douyin", "shop": account, "items": [x for _, x in chosen]})
    return [(code, x["sku_no"]) for code, x in chosen]


def _link(number: int, door: Door, codes: list[str]) -> UUID:
    """The seller takes orders by 1688, its offers linked to these goods."""
    account = str(door.company("alibaba1688")["accounts"][0]["id"])
    line = joining.authorize(number, door, by=BOSS, platform="alibaba1688", home=Home(), public=PUBLIC, account=account)
    world = build_world()
    with tenant(number):
        [row] = [s for s in suppliers.list_suppliers() if s.name == world.suppliers[SELLER].name]
        suppliers.change(by=BOSS, supplier_id=row.id, version=row.version, channel="api", connection_id=line)
        skus = {s.code: s.id for s in goods.views()}
    for code in codes:
        ref = str(offer_id(SELLER, world.skus[code].title))
        offer_watch.read(number, row.id, ref)
        with tenant(number):
            options = linking.get(row.id, ref).options
            named = spec_id(SELLER, code)
            spec = named if any(o.get("spec_id") == named for o in options) else ""
            linking.link(
                by=BOSS, supplier_id=row.id, sku_id=skus[code], offer_id=ref, spec_id=spec,
                today=clock.business_day(clock.now()),
            )  # fmt: skip
    return line


@contextmanager
def _following(file: Path) -> Iterator[_Clock]:
    made = _Clock(file)
    made.set(START.isoformat())
    try:
        yield made
    finally:
        clock.follow(None)
