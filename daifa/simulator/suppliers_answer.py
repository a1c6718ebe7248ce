"""The demo's suppliers at work while the product runs: what they were sent comes back as their own files.

A return lands where a merchant would drop it: in the import screen, waiting for a person's press. Who sells by chat
sends a file here too, because nobody types for them. What they forgot, and what they wrote wrongly, comes right with a
second file a little later, as after a merchant's call.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from procrastinate.contrib.django import app

from daifa.areas.accounts.services import people, settings, shops
from daifa.base.tenancy import tenant
from daifa.flows import intake
from daifa.kit import clock
from daifa.reads import sent_lines
from daifa.reads.sent_lines import SentLine
from daifa.simulator.demo import Demo, make_demo
from daifa.simulator.returns import DIRT
from daifa.simulator.seeding import COMPANY, Seeder, returns_of
from daifa.simulator.suppliers import Channel
from daifa.simulator.world import World

RETURNED = "demo.returned"
BEFORE = "demo.returned_badly"
PATIENCE = timedelta(seconds=20)
SECOND_THOUGHTS = timedelta(minutes=2)
TODAY, OLDEST = timedelta(hours=20), timedelta(days=5)


@app.periodic(cron="* * * * *")
@app.task(name="demo.suppliers", queueing_lock="demo.suppliers")
def demo_suppliers(timestamp: int) -> None:
    """Once a minute: suppliers of the demo company return what they were sent a while ago."""
    for number, name in people.list_companies():
        if name == COMPANY:
            answer(number)


def answer(number: int) -> list[str]:
    """Bring the returns of everything sent and not yet returned to the import screen; the files' names."""
    now = clock.now()
    with tenant(number):
        actor = people.owner_actor()
        told, badly = settings.preference(actor, RETURNED), settings.preference(actor, BEFORE)
        known = {str(n) for n in told} if isinstance(told, list) else set()
        before = {str(n): str(at) for n, at in badly.items()} if isinstance(badly, dict) else {}
        fresh, late = whose_turn(sent_lines.load(), known, before, now)
        if not fresh and not late:
            return []
        seeder = Seeder(number, actor, _all_by_file(now), {s.platform: s.id for s in shops.list_shops()})
        names = []
        for some, dirt in ((fresh, DIRT), (late, ())):
            for _, returned in returns_of(seeder, some, now, dirt=dirt) if some else ():
                intake.receive(by=actor, name=returned.name, data=returned.data)
                names.append(returned.name)
                known |= {p.our_number for p in returned.parcels if not p.dirt}
        before |= {x.number: now.isoformat() for x in (*fresh, *late) if x.number not in known}
        settings.prefer(actor, RETURNED, sorted(known))
        settings.prefer(actor, BEFORE, {n: at for n, at in sorted(before.items()) if n not in known})
        return names


def whose_turn(
    lines: Sequence[SentLine], known: Collection[str], before: Mapping[str, str], now: datetime
) -> tuple[list[SentLine], list[SentLine]]:
    """Lines that are answered now for the first time, perhaps badly, and those that come right now.

    ``known``: numbers that were answered well, ``before``: when others were answered badly. What was forgotten on
    earlier days comes along once the day's first answers went out.
    """
    waiting = [x for x in lines if x.number not in known and now - OLDEST < x.sent_at < now - PATIENCE]
    today = [x for x in waiting if now - x.sent_at < TODAY]
    fresh = [x for x in today if x.number not in before]
    late = [x for x in today if x.number in before and _over(before[x.number], now)]
    if known and not fresh:
        late += [x for x in waiting if now - x.sent_at >= TODAY]
    return fresh, late


def _over(at: str, now: datetime) -> bool:
    return now - datetime.fromisoformat(at) > SECOND_THOUGHTS


def _all_by_file(now: datetime) -> Demo:
    demo = make_demo(clock.business_day(now), now=now)
    filed = {code: replace(s, channel=Channel.SHEET) for code, s in demo.world.suppliers.items()}
    world: World = replace(demo.world, suppliers=filed)
    return replace(demo, world=world)
