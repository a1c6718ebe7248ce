"""The world as a whole: whoever lives in it, wired together; every batch of happenings is written down as one."""

from __future__ import annotations

import logging
import time
from collections import deque
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from typing import Any

import orjson

from daifa.ports.books import BuyerOrder, Entity, Message
from daifa.ports.world import Company, Fake, Reply, Request, ShopProfile, What
from daifa.simulator.living import story
from daifa.simulator.living.books import LivingBooks
from daifa.simulator.living.buyers import LivingBuyers
from daifa.simulator.living.cases import LivingCases
from daifa.simulator.living.clock import Agenda, Event, SimClock, promised
from daifa.simulator.living.couriers import Couriers
from daifa.simulator.living.deeds import LivingOrders
from daifa.simulator.living.faults import Faults
from daifa.simulator.living.goods import fill_shop, shop_of
from daifa.simulator.living.penalties import Penalties
from daifa.simulator.living.pushes import Pushes, Sender
from daifa.simulator.living.sellers import Sellers
from daifa.simulator.living.store import Store
from daifa.simulator.world import SEED, build_world

log = logging.getLogger(__name__)
SETTINGS: Mapping[str, Any] = {
    "auto": True, "orders_per_day": 400, "never_pay": 0.08, "promise_hours": 48, "regret": 0.05, "move": 0.02,
    "withdraw": 0.17, "complain": 0.04, "lose": 0.003, "stall": 0.02, "refuse": 0.004, "split": 0.25, "renumber": 0.03,
    "ship_wrong": 0.004, "raise": 0.05, "silent_ships": 0.0, "foreign_numbers": "move", "live": 0.4, "gift": 0.05,
    "presale": 0.02, "office": 0.0,
    "fine": [5, 300, 10000],
}  # fmt: skip
# The most events in one transaction.
BATCH = 200


class Living:
    """One world. ``settings``: how people behave; see SETTINGS. ``shops``: the merchant's, instead of the demo's."""

    def __init__(
        self,
        fakes: Iterable[Fake],
        *,
        seed: int = SEED,
        start: datetime | None = None,
        speed: float = 1.0,
        home: Path | None = None,
        settings: Mapping[str, Any] | None = None,
        shops: Sequence[ShopProfile] = (),
        wall: Callable[[], float] = time.time,
    ) -> None:
        self.store = Store(home / "world.sqlite" if home else None)
        kept = self.store.meta("seed")
        self.seed = seed if kept is None else int(kept)
        self.made = build_world(self.seed)
        self.settings: dict[str, Any] = {**SETTINGS, **(self.store.meta("settings") or {}), **(settings or {})}
        self._counters: dict[str, int] = self.store.meta("counters") or {}
        self.switches: dict[str, dict[str, Any]] = self.store.meta("switches") or {}
        self._targets: dict[str, str] = self.store.meta("targets") or {}
        self.ports: dict[str, int] = self.store.meta("ports") or {}
        file = home / "clock.json" if home else None
        self.clock = SimClock(self._beginning(file, start, wall), speed, file=file, wall=wall)
        events = self.store.events()
        self.agenda = Agenda(events)
        self.books = LivingBooks()
        self.books.load(self.store.entities())
        self.notes: deque[tuple[str, str]] = deque(maxlen=300)
        self._written: dict[str, bytes] = {}
        self.faults = Faults(self, self.store.meta("faults"))
        self.orders, self.cases, self.parcels = LivingOrders(self), LivingCases(self), Couriers(self)
        self.sellers, self.buyers = Sellers(self), LivingBuyers(self)
        self.penalties, self.pushes = Penalties(self), Pushes(self)
        self.fakes = {f.key: f for f in fakes}
        self._shops = [ShopProfile(**s) for s in self.store.meta("shops") or []]
        self.companies: dict[str, Company] = {f.key: f.make(self) for f in self.fakes.values()}
        if kept is None:
            self._first_day(shops)
        self.pushes.restore({str(e.data.get("message")) for e in events if e.owner == "pushes"})
        self.commit()

    def _beginning(self, file: Path | None, start: datetime | None, wall: Callable[[], float]) -> datetime:
        last = self.store.meta("sim")
        if last is None:
            return start or datetime.fromtimestamp(wall(), UTC)
        # Followers extrapolated the clock while we were dead: time must not run back for them.
        told = promised(file, wall()) if file else None
        return datetime.fromtimestamp(max(float(last), told or 0.0), UTC)

    def _first_day(self, shops: Sequence[ShopProfile]) -> None:
        demo = [shop_of(fake) for fake in self.fakes.values() if fake.kind == "shop"]
        for shop in shops or demo:
            self.add_shop(shop)
        self.sellers.begin()
        self.buyers.begin()

    def add_shop(self, shop: ShopProfile) -> None:
        """One more shop of the merchant, with the goods of its platform."""
        self._shops.append(shop)
        fill_shop(self, shop)

    # What a fake sees.

    def now(self) -> datetime:
        """The world's moment."""
        return self.clock.now()

    def number(self, name: str, first: int = 1) -> int:
        """The next number of a name; never twice, not even after a restart."""
        self._counters[name] = self._counters.get(name, first - 1) + 1
        return self._counters[name]

    def rng(self, *key: object) -> Random:
        """Chance that depends on the seed and the key alone, so that a restart changes nothing."""
        return Random(":".join(str(k) for k in (self.seed, *key)))

    def at(self, moment: datetime, owner: str, name: str, **data: Any) -> None:
        """Something will happen at a moment."""
        when = max(moment.timestamp(), self.clock.seconds())
        self.agenda.add(Event(when, self.number("event"), owner, name, data))

    def after(self, seconds: float, owner: str, name: str, **data: Any) -> None:
        """Something will happen in so many seconds of the world."""
        when = self.clock.seconds() + max(seconds, 0)
        self.agenda.add(Event(when, self.number("event"), owner, name, data))

    def push(self, company: str, shop: str, topic: str, data: Any) -> Message:
        """A company tells whoever registered with it."""
        return self.pushes.push(company, shop, topic, data)

    def push_target(self, company: str) -> str:
        """Where a company's pushes go ('' = nowhere)."""
        return self._targets.get(company, "")

    def set_push_target(self, company: str, url: str) -> None:
        """Pushes of a company go there from now on."""
        self._targets[company] = url
        if url:
            self.companies[company].timer("subscribed", {})

    def switch(self, company: str, name: str) -> Any:
        """What was assumed where the documents say nothing."""
        return {**self.fakes[company].switches, **self.switches.get(company, {})}[name]

    def fault(self, company: str, name: str, method: str = "*") -> float | None:
        """Whether a fault strikes now, and its seconds."""
        return self.faults.draw(name, company, method)

    def tell(self, what: What, entity: Entity, **more: Any) -> None:
        """Everybody hears what happened."""
        if isinstance(entity, BuyerOrder):
            self.penalties.happened(what, entity)
        if (text := story.line(what, entity)) is not None:
            self.note(text)
        self.buyers.happened(what, entity)
        for company in self.companies.values():
            company.happened(what, entity, more)

    def note(self, text: str) -> None:
        """A line for whoever watches."""
        self.notes.append((self.now().isoformat(timespec="seconds"), text))

    def shops(self, company: str) -> list[ShopProfile]:
        """The merchant's shops on a platform."""
        return [s for s in self._shops if s.company == company]

    def all_shops(self) -> list[ShopProfile]:
        """All shops of the merchant."""
        return list(self._shops)

    def weight(self, company: str, shop: str) -> float:
        """A shop's share of the demand."""
        known = self.made.shops.get(company)
        return float(known.weight) if known and known.external_id == shop else 10.0

    def order_number(self, company: str, n: int, line: int = 0) -> str:
        """A fresh number in the platform's shape."""
        seconds, serial = int(self.clock.seconds()), n * 8 + line
        if company == "pdd":
            return f"{self.now():%y%m%d}-{serial:015d}"
        if company == "jd":
            return f"3{seconds % 10**5:05d}{serial:06d}"
        if company == "kuaishou":
            return f"26{seconds % 10**8:08d}{serial:06d}"
        return f"{'69' if company == 'douyin' else '24'}{seconds:010d}{serial:07d}"

    # How the world runs.

    def serve(self, key: str, request: Request) -> Reply:
        """One request, after everything that was due before it; committed before the answer leaves."""
        self.catch_up()
        reply = self.companies[key].handle(request)
        self.commit()
        return reply

    def catch_up(self) -> None:
        """Everything due by now happens, in order."""
        while self._some(self.clock.seconds(), BATCH):
            self.commit()

    def _some(self, until: float, most: int) -> bool:
        done = 0
        try:
            while done < most and (event := self.agenda.due(until)) is not None:
                self.clock.hold(event.at)
                self._happen(event)
                done += 1
        finally:
            self.clock.release()
        return done > 0

    def _happen(self, event: Event) -> None:
        owner = event.owner
        if owner == "cases":
            company, number = str(event.data["case"]).split("/", 1)
            if (case := self.books.case(company, number)) is not None:
                if event.name == "money":
                    self.cases.refund(case)
                else:
                    self.cases.deadline(case, event.data["at"])
        elif owner == "orders":
            company, number = str(event.data["order"]).split("/", 1)
            if (order := self.books.order(company, number)) is not None:
                self.orders.finish(order)
        elif owner in self.companies:
            self.companies[owner].timer(event.name, event.data)
        else:
            {
                "buyers": self.buyers.timer, "sellers": self.sellers.timer, "couriers": self.parcels.timer,
                "penalties": self.penalties.timer, "pushes": self.pushes.timer,
            }[owner](event.name, event.data)  # fmt: skip

    async def advance(self, seconds: float, send: Sender) -> None:
        """The clock moves on; events happen, and pushes are delivered, each at its moment."""
        until = self.clock.seconds() + seconds
        waiting = 0
        while (at := self.agenda.next_at) is not None and at <= until:
            while self._some(at, BATCH):
                waiting += 1
            if self.pushes.ready:
                self.clock.set(at)
                self.commit()
                await self.pushes.flush(send)
            elif waiting > BATCH:
                self.clock.set(at)
                self.commit()
                waiting = 0
        self.clock.set(until)
        self.commit()

    def commit(self) -> None:
        """Write down what changed since the last time."""
        books, agenda = self.books, self.agenda
        meta = {
            "seed": self.seed, "counters": self._counters, "settings": self.settings, "switches": self.switches,
            "targets": self._targets, "ports": self.ports, "faults": self.faults.kept(), "sim": self.clock.seconds(),
            "shops": [{"company": s.company, "name": s.name, "id": s.id} for s in self._shops],
        }  # fmt: skip
        encoded = {k: orjson.dumps(v) for k, v in meta.items()}
        fresh = {k: meta[k] for k, v in encoded.items() if self._written.get(k) != v}
        gone = set(agenda.gone)
        made = [e for e in agenda.made if e.seq not in gone]
        self.store.write(books.changed.values(), books.dropped, made, agenda.gone, fresh)
        self._written |= encoded
        books.changed, books.dropped = {}, set()
        agenda.made, agenda.gone = [], []
