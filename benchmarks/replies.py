"""Orders by API with recorded replies: from a platform's JSON to purchases, beside the floors of the pipeline.

``python benchmarks/replies.py [--orders 5000] [--write]``. A world makes the orders and answers once; its pages are
kept. Then only the product is measured: every reply stored raw, understood, recorded, matched, screened, appraised,
and what waits for it dispatched. Each round in a fresh installation.
"""

from __future__ import annotations

import json
import sys
from datetime import UTC, datetime, timedelta
from functools import partial
from uuid import UUID

import ground
import pipeline

from daifa.areas.mailroom.services import inbox
from daifa.base import bulk
from daifa.base.actor import SYSTEM
from daifa.base.tenancy import tenant
from daifa.flows import api_intake, connect, dispatching
from daifa.kit import clock
from daifa.ports.shop_api import Feed, Item
from daifa.simulator import joining
from tests import living

# When the demo's prices hold.
START = datetime(2026, 11, 26, 4, 0, tzinfo=UTC)


def recorded(number: int, shop: UUID, orders: int) -> tuple[UUID, list[tuple[Item, ...]]]:
    """The connection, and every page that the platform answered about so many paid orders."""
    with living.running(START) as world:
        account = str(world.door.company("douyin")["shops"][0]["id"])
        with clock.frozen(START):
            connection = joining.connect_shop(
                number, world.door, by=SYSTEM, shop_id=shop, account=account, public="http://127.0.0.1:9"
            )
        for start in range(0, orders, 200):
            world.door.post("/orders", {"company": "douyin", "count": min(200, orders - start), "calm": True})
        world.door.post("/advance", {"seconds": 300})
        pages = []
        cursor = ""
        with clock.frozen(START + timedelta(seconds=300)):
            while True:
                ask = partial(api_intake._page, Feed.ORDERS, START, START + timedelta(seconds=300), cursor)
                page = connect.ask(number, connection, ask)
                pages.append(page.items)
                if not page.cursor:
                    return connection, pages
                cursor = page.cursor


def one(orders: int) -> dict[str, object]:
    """One round in an installation of its own."""
    number, shop = ground.company("bench", handover=True)
    connection, pages = recorded(number, shop, orders)
    done: list[int] = []

    def store() -> None:
        for items in pages:
            with tenant(number):
                inbox.store(connection, "poll", api_intake._arrived(number, connection, Feed.ORDERS, items))

    def dispatch() -> None:
        with tenant(number):
            done.append(dispatching.dispatch(by=SYSTEM, stale_confirmed=[shop]).orders)

    with clock.frozen(START + timedelta(seconds=400)):
        storing = ground.spent(store)
        moving = ground.spent(lambda: api_intake.understand(number, connection))
        buying = ground.spent(dispatch)
    with tenant(number):
        [(found,)] = bulk.select("SELECT count(*) FROM orders_order WHERE tenant_id = {tenant}")
    copy, floor, floored = pipeline.floors(number, pipeline.written(number))
    steps = {"storing": storing, "moving": moving, "buying": buying, "copy": copy, "floor": floor}
    sizes = {"pages": len(pages), "orders": found, "bought": done[0], "floored": floored}
    return {**sizes, **{k: [s.wall, s.cpu] for k, s in steps.items()}}


def main(orders: int, *, write: bool) -> None:
    """Measure and print."""
    runs = ground.rounds(__file__, orders)
    last = runs[-1]
    found, bought = last["orders"], last["bought"]
    storing, moving, buying, copy, floor = (
        ground.middle([ground.Spent(*r[k]) for r in runs]) for k in ("storing", "moving", "buying", "copy", "floor")
    )
    total = storing + moving + buying
    stages = (
        ("stored raw, once", storing, found),
        ("understood, recorded, matched, screened", moving, found),
        ("dispatched (its own orders)", buying, bought),
        ("**replies in → purchases out**", total, found),
        ("(a) COPY of the same rows", copy, found),
        ("(b) set-based SQL floor", floor, found),
    )
    lines = [f"{last['pages']} pages with {found:,} orders, {bought:,} of them bought.", ""]
    lines += ground.table(
        ("", "seconds", "orders/s", "processor seconds"),
        [(what, f"{s.wall:.1f}", f"{n / s.wall:,.0f}", f"{s.cpu:.1f}") for what, s, n in stages],
    )
    lines += ["", f"Reached: {100 * floor.wall / total.wall:.0f} % of the floor by the clock."]
    ground.report("Recorded replies", lines, write=write)


if __name__ == "__main__":
    if sys.argv[1:2] == ["--round"]:
        with ground.installation():
            sys.stdout.write(json.dumps(one(int(sys.argv[3]))))
    else:
        asked = ground.arguments("Replies in, purchases out", orders=5_000)
        main(asked.orders, write=asked.write)
