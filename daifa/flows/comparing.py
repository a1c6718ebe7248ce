"""Every night our order numbers are compared with the platform's, shop by shop; what we miss is read again, one by one.

The polls are caught up first and the comparison ends where they ended, so that an order which only was not read yet is
no difference. Every item that is seen on the way goes the way of all arrivals (``api_intake``). A number that only we
have is asked for by itself before anybody is told: it may have changed while the pages were read.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from daifa.areas.accounts.services import connections, positions, settings
from daifa.areas.accounts.types import ConnectionView
from daifa.areas.mailroom.rules.comparing import compare
from daifa.areas.mailroom.services import comparisons, inbox
from daifa.areas.mailroom.services.comparisons import OK, Compared
from daifa.base.actor import SYSTEM, Actor
from daifa.base.jobs import tenant_task
from daifa.base.tenancy import tenant
from daifa.flows import api_intake, connect, deciding
from daifa.flows.answered import words
from daifa.flows.order_files import space_of
from daifa.kit import clock, log
from daifa.kit.errors import Conflict, Invalid
from daifa.ports.errors import RemoteError
from daifa.ports.shop_api import Feed, Item
from daifa.reads import comparison_facts

VIA = "reconcile"
# So many are read again one by one; the rest is named.
MOST_ASKED = 300
UNREAD = "平台有，但重新读取后仍没有收到，请点“读一单”再试"
NOT_ASKED = "太多，这次没有逐单重读，明天继续；也可以点“读一单”"
# A comparison that was stopped is tried again after so long (real time), so many times a day.
TRY_AGAIN, MOST_TRIES = timedelta(minutes=30), 6
_log = log.get("daifa.comparing")


@dataclass(slots=True)
class _Found:
    """What a comparison under way knows."""

    space: str
    start: datetime | None = None
    end: datetime | None = None
    theirs: set[str] = field(default_factory=set)
    known: set[str] = field(default_factory=set)
    recent: set[str] = field(default_factory=set)
    strange: list[str] = field(default_factory=list)

    def look(self, items: Sequence[Item]) -> None:
        """Take note of a page before it is stored: what we have now, we had before."""
        fresh = [n for i in items if (n := i.object_id) not in self.theirs]
        self.theirs.update(fresh)
        self.known |= comparison_facts.known(self.space, fresh)


@tenant_task("api.compare", queue="outside")
def compare_job(*, tenant_id: int, connection_id: str, by: str = SYSTEM.key) -> None:
    """Compare one shop's order numbers with the platform's."""
    compare_shop(tenant_id, UUID(connection_id), by=by)


def compare_shop(tenant_id: int, connection_id: UUID, *, by: str = SYSTEM.key) -> Compared:
    """Compare, read again what is missing, and keep how it ended. An error of the platform is kept, not raised."""
    with tenant(tenant_id):
        held = connections.get(connection_id)
        found = _Found(space_of(held.platform, _shop_of(held)))
    outcome, said = OK, ""
    try:
        _read(tenant_id, connection_id, held.platform, found)
        _read_missing(tenant_id, connection_id, found)
        _ask_strange(tenant_id, connection_id, found)
    except (RemoteError, Conflict) as error:
        outcome, said = type(error).__name__, words(error)
    with tenant(tenant_id):
        missing = compare(found.theirs, found.known, set()).missing
        made = Compared(
            connection_id, outcome, found.start, found.end, len(found.theirs), len(found.known) + len(found.strange),
            missing, _left(connection_id, found.space, missing), found.strange, said, by,
        )  # fmt: skip
        comparisons.keep(clock.business_day(clock.now()), made)
    _log.info(
        "comparing.done", connection=str(connection_id), outcome=outcome, theirs=made.theirs, ours=made.ours,
        missing=len(missing), left=len(made.left), strange=len(found.strange),
    )  # fmt: skip
    return made


def _read(tenant_id: int, connection_id: UUID, platform: str, found: _Found) -> None:
    """Both sets of numbers of the last days."""
    api_intake.catch_up(tenant_id, connection_id, Feed.ORDERS, via=VIA)
    with tenant(tenant_id):
        days = timedelta(days=settings.number("compare_days"))
        end = positions.get(connection_id, Feed.ORDERS.value).watermark
    assert end is not None, "the feed was just read"
    found.start, found.end = end - days, end
    for start, stop in api_intake.cut(found.start, end, connect.terms_of(platform).feeds[Feed.ORDERS].window):
        api_intake.read_window(tenant_id, connection_id, Feed.ORDERS, start, stop, via=VIA, look=found.look)
        api_intake.understand(tenant_id, connection_id)
    with tenant(tenant_id):
        found.recent = comparison_facts.ordered(connection_id, found.space, found.start, end)


def _read_missing(tenant_id: int, connection_id: UUID, found: _Found) -> None:
    """What the pages did not bring in (it was understood once, and put aside or taken out) is fetched by itself."""
    missing = compare(found.theirs, found.known, set()).missing
    with tenant(tenant_id):
        here = comparison_facts.known(found.space, missing)
        again = [n for n in missing if n not in here][:MOST_ASKED]
        parked = inbox.parked_of(connection_id, Feed.ORDERS.value, again)
        inbox.again([i for i, _ in parked.values()])
    if again:
        # Each occasion has its mark: what was understood once, and is not among our orders, is acted on once more.
        unread, mark = [n for n in again if n not in parked], f":again{clock.now().timestamp():.0f}"
        api_intake.fetch(tenant_id, connection_id, Feed.ORDERS, unread, via=VIA, anew=mark)


def _ask_strange(tenant_id: int, connection_id: UUID, found: _Found) -> None:
    """Numbers that the pages did not show, each asked for; what the platform does not know stays strange."""
    strange = compare(found.theirs, found.known, found.recent).strange
    gone = api_intake.fetch(tenant_id, connection_id, Feed.ORDERS, strange[:MOST_ASKED], via=VIA) if strange else []
    found.strange = sorted([*gone, *strange[MOST_ASKED:]])


def _left(connection_id: UUID, space: str, missing: Sequence[str]) -> dict[str, str]:
    """What we still do not have, each with why."""
    here = comparison_facts.known(space, missing)
    left = [n for n in missing if n not in here]
    parked = {n: why for n, (_, why) in inbox.parked_of(connection_id, Feed.ORDERS.value, left).items()}
    return {n: parked.get(n) or (UNREAD if at < MOST_ASKED else NOT_ASKED) for at, n in enumerate(left)}


def compare_now(*, by: Actor, connection_id: UUID) -> str:
    """Have a shop compared because somebody asked. Raises NotFound, NotAllowed, Conflict, Invalid."""
    _shop_of(deciding.in_scope(by, connection_id))
    deciding.working(by, connection_id)
    _queue(connection_id, by.key)
    return "正在核对，几分钟后看拉取记录"


def _can(held: ConnectionView) -> bool:
    return held.shop_id is not None and Feed.ORDERS in connect.terms_of(held.platform).feeds


def _shop_of(held: ConnectionView) -> UUID:
    if held.shop_id is None or not _can(held):
        raise Invalid("nothing_to_compare", "这个授权没有店铺订单可读，没有订单号可以核对。")
    return held.shop_id


def _queue(connection_id: UUID, by: str = SYSTEM.key) -> None:
    compare_job.nudge(f"compare:{connection_id}", connection_id=str(connection_id), by=by)


def keep_comparing() -> int:
    """Queue tonight's comparison of every working shop of the current tenant that had none. Returns how many.

    The night begins at the set hour of Beijing; a shop that could not be reached is tried again a few times.
    """
    now = clock.now()
    if now.astimezone(clock.BEIJING).hour < settings.number("compare_hour"):
        return 0
    shops = [h.id for h in connections.live() if h.state == "working" and _can(h)]
    done = comparisons.of_day(clock.business_day(now), shops)
    wanted = [i for i in shops if _wanted(done.get(i))]
    for connection_id in wanted:
        _queue(connection_id)
    return len(wanted)


def _wanted(before: tuple[str, int, datetime] | None) -> bool:
    if before is None:
        return True
    outcome, tries, at = before
    return outcome != OK and tries < MOST_TRIES and clock.wall() - at >= TRY_AGAIN
