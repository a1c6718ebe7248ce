"""Orders that arrive by themselves: windows are read page by page, everything is stored raw, then understood in sets.

A watermark moves only when every page of a window is stored. What cannot be read is parked with its reason, the rest
goes on. A push only says that something changed: the object is fetched (pipeline.md 5-6).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from functools import partial
from uuid import UUID

import orjson

from daifa.areas.accounts.services import connections, positions, shops
from daifa.areas.mailroom.services import inbox
from daifa.areas.mailroom.services.inbox import Arrived
from daifa.areas.mailroom.types import InboxItem
from daifa.areas.orders.rules.readings import Reading, reading_of
from daifa.areas.orders.services import moved_lines, recording
from daifa.areas.orders.services.recording import Source
from daifa.areas.support.services import cases
from daifa.base.jobs import tenant_task
from daifa.base.tenancy import tenant
from daifa.flows import advance, connect, reporting
from daifa.flows.answered import words
from daifa.flows.connect import Line
from daifa.flows.order_files import refund_reading, space_of
from daifa.flows.pull_log import pull
from daifa.kit import clock, log
from daifa.kit.errors import Conflict, Invalid
from daifa.ports.errors import BadReply, NotThere, RemoteError
from daifa.ports.shop import ShopRefund
from daifa.ports.shop_api import Feed, FeedTerms, Item, Page, ShopDialect

BATCH = 200
HINT = "hint:"
# What is taken in as it is, beside pushes, which only point at it.
FEEDS = tuple(f.value for f in Feed)
UNSEEN = "这个售后的订单还没有收到，收到后自动重试"
_log = log.get("daifa.intake")


# --- reading -----------------------------------------------------------------------------------------------------


@tenant_task("api.poll", queue="outside")
def poll(*, tenant_id: int, connection_id: str, feed: str) -> None:
    """Read what changed in one feed of one shop since the last time, and act on it."""
    read_feed(tenant_id, UUID(connection_id), Feed(feed))


def read_feed(tenant_id: int, connection_id: UUID, feed: Feed, *, via: str = "poll") -> int:
    """Read a feed up to now, window by window; returns how many things were new. Errors stand in the pull log."""
    try:
        return catch_up(tenant_id, connection_id, feed, via=via)
    except (RemoteError, Conflict) as error:
        said = words(error)
        with tenant(tenant_id):
            positions.failed(connection_id, feed.value, said)
        _log.info("intake.poll.failed", connection=str(connection_id), feed=feed.value, error=type(error).__name__)
        return 0


def catch_up(tenant_id: int, connection_id: UUID, feed: Feed, *, via: str = "poll") -> int:
    """Read a feed up to now; returns how many things were new. Raises RemoteError, Conflict; what was stored stays."""
    terms = connect.terms_of(connect.platform_of(connection_id, tenant_id)).feeds[feed]
    fresh = 0
    for start, end in windows(_position(tenant_id, connection_id, feed), clock.now(), terms):
        fresh += read_window(tenant_id, connection_id, feed, start, end, via=via)
        understand(tenant_id, connection_id)
    return fresh


def _position(tenant_id: int, connection_id: UUID, feed: Feed) -> datetime | None:
    with tenant(tenant_id):
        return positions.get(connection_id, feed.value).watermark


def windows(watermark: datetime | None, now: datetime, terms: FeedTerms) -> list[tuple[datetime, datetime]]:
    """The windows to read now, oldest first: from one overlap before the watermark to now minus the feed's lag."""
    last = now - terms.lag
    return cut(watermark - terms.overlap if watermark is not None else last - terms.back, last, terms.window)


def cut(start: datetime, last: datetime, longest: timedelta) -> list[tuple[datetime, datetime]]:
    """A span in pieces that may be asked for at once, oldest first."""
    found = []
    while start < last:
        end = min(start + longest, last)
        found.append((start, end))
        start = end
    return found


def read_window(
    tenant_id: int,
    connection_id: UUID,
    feed: Feed,
    start: datetime,
    end: datetime,
    *,
    via: str = "poll",
    look: Callable[[Sequence[Item]], None] | None = None,
) -> int:
    """Store every page of one window, then move the watermark. Raises RemoteError; what was stored stays.

    Each page is shown to ``look`` before it is stored, in its transaction.
    """
    cursor = ""
    with pull(tenant_id, connection_id, feed.value, via=via, start=start, end=end) as read:
        while True:
            page = connect.ask(tenant_id, connection_id, partial(_page, feed, start, end, cursor))
            read.pages, read.items = read.pages + 1, read.items + len(page.items)
            with tenant(tenant_id):
                if look is not None:
                    look(page.items)
                read.fresh += inbox.store(connection_id, via, _arrived(tenant_id, connection_id, feed, page.items))
                if not page.cursor:
                    positions.advance(connection_id, feed.value, end)
            if not page.cursor:
                return read.fresh
            cursor = page.cursor


def _page(feed: Feed, start: datetime, end: datetime, cursor: str, line: Line) -> Page:
    return line.shop().changes(feed, start, end, cursor)


def _one(feed: Feed, object_id: str, line: Line) -> Item:
    return line.shop().fetch(feed, object_id)


def _arrived(tenant_id: int, connection_id: UUID, feed: Feed, items: Sequence[Item], anew: str = "") -> list[Arrived]:
    dialect = connect.shop_dialect(connect.platform_of(connection_id))
    return [
        Arrived(
            feed.value,
            inbox.key_of(feed.value, i.object_id, i.modified, _meaning(dialect, feed, i.raw)) + anew,
            i.object_id,
            i.raw,
            i.modified,
        )
        for i in items
    ]


def _meaning(dialect: ShopDialect, feed: Feed, raw: bytes) -> bytes:
    """What an item says, without what differs at each reading; the raw bytes where it cannot be read."""
    try:
        if feed is Feed.ORDERS:
            return repr(reading_of(dialect.order(raw), datetime.min.replace(tzinfo=clock.BEIJING)).stamp[1:]).encode()
        return orjson.dumps(dialect.refund(raw), option=orjson.OPT_SORT_KEYS)
    except BadReply:
        return raw


# --- one object --------------------------------------------------------------------------------------------------


def fetch(
    tenant_id: int,
    connection_id: UUID,
    feed: Feed,
    object_ids: Sequence[str],
    *,
    via: str,
    chase: bool = True,
    anew: str = "",
) -> list[str]:
    """Read single objects now and act on them; returns those that are not there. Raises RemoteError, Conflict.

    With ``anew`` (a mark of the occasion) what was already understood is acted on once more.
    """
    missing = [i for i in object_ids if not bring(tenant_id, connection_id, feed, i, via=via, anew=anew)]
    understand(tenant_id, connection_id, chase=chase)
    # Another lane may be taking them in this moment: who asked for them acts on what they say.
    with tenant(tenant_id):
        done = inbox.others_done(connection_id, object_ids, feeds=FEEDS)
    if not done:
        understand(tenant_id, connection_id, chase=chase)
    return missing


def bring(tenant_id: int, connection_id: UUID, feed: Feed, object_id: str, *, via: str, anew: str = "") -> bool:
    """Read one object and store it raw; returns whether it is there. Raises RemoteError, Conflict."""
    try:
        item = connect.ask(tenant_id, connection_id, partial(_one, feed, object_id))
    except NotThere:
        return False
    with tenant(tenant_id):
        inbox.store(connection_id, via, _arrived(tenant_id, connection_id, feed, [item], anew))
    return True


# --- understanding -----------------------------------------------------------------------------------------------


@tenant_task("api.understand")
def understand_job(*, tenant_id: int, connection_id: str) -> None:
    """Act on what arrived and was left behind by a worker that died."""
    understand(tenant_id, UUID(connection_id))


def understand(tenant_id: int, connection_id: UUID, *, chase: bool = True) -> int:
    """Record every new thing of a connection, in sets; returns how many. Whole sets commit or are taken up again.

    With ``chase`` orders that a refund names and nobody has seen are fetched first.
    """
    done, resumed = 0, False
    unseen: dict[str, None] = {}
    while True:
        with tenant(tenant_id):
            items = inbox.take(connection_id, feeds=FEEDS, limit=BATCH)
            if not items:
                if resumed or not take_up_awaited(connection_id):
                    break
                resumed = True
                continue
            held = connections.get(connection_id)
            if held.shop_id is None:
                raise Invalid("no_shop", "这个授权不是店铺的。")
            space = space_of(held.platform, held.shop_id)
            source = Source(shop_id=held.shop_id, platform=held.platform, space=space, by="api")
            unseen.update(dict.fromkeys(_act(source, connect.shop_dialect(held.platform), items)))
        done += len(items)
    if unseen and chase:
        _chase(tenant_id, connection_id, list(unseen))
    return done


def _chase(tenant_id: int, connection_id: UUID, numbers: Sequence[str]) -> None:
    """Fetch orders that refunds named before we saw them: with them those refunds are taken up again."""
    try:
        fetch(tenant_id, connection_id, Feed.ORDERS, numbers, via="pull", chase=False)
    except (RemoteError, Conflict) as error:
        _log.info("intake.chase.later", error=type(error).__name__)


def take_up_awaited(connection_id: UUID) -> int:
    """What was put aside because its order was not here is new again where the order came; returns how many."""
    waiting = inbox.awaited(connection_id)
    if not waiting:
        return 0
    held = connections.get(connection_id)
    if held.shop_id is None:
        return 0
    known = recording.find(space_of(held.platform, held.shop_id), sorted({number for _, number in waiting}))
    return inbox.resume([i for i, number in waiting if number in known])


def _act(source: Source, dialect: ShopDialect, items: Sequence[InboxItem]) -> list[str]:
    """Record one set in the caller's transaction; returns the numbers of orders that are not known yet."""
    readings: list[tuple[InboxItem, Reading]] = []
    refunds: list[tuple[InboxItem, ShopRefund]] = []
    broken: list[tuple[UUID, str]] = []
    for item in items:
        as_of = item.modified or clock.now()
        try:
            if item.feed == Feed.ORDERS.value:
                readings.append((item, reading_of(dialect.order(item.raw), as_of)))
            else:
                refund = dialect.refund(item.raw)
                refunds.append((item, refund))
        except BadReply as error:
            broken.append((item.id, error.text))
    inbox.park(broken)
    touched, unseen = _record(source, readings, may_create=True)
    touched += moved_lines.settle(source, touched)
    later = [(i, refund_reading(r, i.modified or clock.now())) for i, r in refunds]
    moved, more = _record(source, later, may_create=False)
    touched += moved
    if refunds:
        found = recording.find(source.space, [r.order_external_id for _, r in refunds])
        # Those whose order is not here yet are read again with it: nothing of theirs needs keeping.
        cases.record(
            source.shop_id,
            [(r, found[r.order_external_id], []) for _, r in refunds if r.order_external_id in found],
        )
        touched += [found[r.order_external_id] for _, r in refunds if r.order_external_id in found]
    reporting.confirm(sorted(set(touched)))
    advance.advance(sorted(set(touched)))
    newest = max((i.modified for i in items if i.modified), default=None)
    if newest is not None:
        shops.exported(source.shop_id, newest)
    return [*unseen, *more]


def _record(
    source: Source, readings: Sequence[tuple[InboxItem, Reading]], *, may_create: bool
) -> tuple[list[UUID], list[str]]:
    """Record readings; several of one order in turn, because each builds on the one before.

    Returns the orders that moved, and the numbers that nobody knows.
    """
    touched: list[UUID] = []
    unseen: list[str] = []
    left = sorted(readings, key=lambda p: (p[1].stamp, p[0].id))
    while left:
        now: dict[str, tuple[InboxItem, Reading]] = {}
        rest = []
        for pair in left:
            if pair[1].external_id in now:
                rest.append(pair)
            else:
                now[pair[1].external_id] = pair
        results = recording.record(source, [r for _, r in now.values()], may_create=may_create)
        for (item, _), result in zip(now.values(), results, strict=True):
            if result.outcome == "other_shop":
                inbox.park([(item.id, f"单号 {result.external_id} 已经属于另一家店铺，请认定它是哪家店铺的")])
            elif result.outcome == "unknown":
                inbox.wait_for([(item.id, result.external_id)], UNSEEN)
                unseen.append(result.external_id)
            else:
                inbox.done([(item.id, result.outcome)])
            if result.order_id and result.outcome in {"new", "updated"}:
                touched.append(result.order_id)
        left = rest
    return touched, unseen


# --- keeping up --------------------------------------------------------------------------------------------------


def keep_reading() -> int:
    """Queue the reading of every working shop of the current tenant, what pushes hinted at, and what was left behind.

    Safe at any time: a feed that is being read is not queued again. Returns how many were queued.
    """
    count = 0
    working = [h for h in connections.live() if h.state == "working" and h.shop_id is not None]
    read = {(p.connection_id, p.feed): p.read_at for p in positions.of([h.id for h in working])}
    for held in working:
        for feed, terms in connect.terms_of(held.platform).feeds.items():
            last = read.get((held.id, feed.value))
            if last is not None and clock.wall() - last < terms.every:
                continue
            where = f"{held.id}:{feed.value}"
            poll.nudge(
                f"poll:{where}",
                lock=f"poll:{held.platform}:{_slot(held.id)}",
                connection_id=str(held.id),
                feed=feed.value,
            )
            count += 1
    return count


# A slow company may hold so many of the outside worker's slots, however many shops it has.
SLOTS = 3


def _slot(connection_id: UUID) -> int:
    return connection_id.int % SLOTS
