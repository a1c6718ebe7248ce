"""What suppliers' platforms tell of our orders: paid, shipped with which numbers, closed, refunded.

Windows are read as for shops (``api_intake``): stored raw, watermark after the last page, then taken in. A parcel is
recorded by the purchase it belongs to; nobody has to guess.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from functools import partial
from uuid import UUID

from django.conf import settings

from daifa.areas.accounts.services import connections, positions
from daifa.areas.mailroom.services import inbox
from daifa.areas.mailroom.services.inbox import Arrived
from daifa.areas.mailroom.types import InboxItem
from daifa.areas.orders.services import history, standing
from daifa.areas.orders.services.history import Fact
from daifa.areas.purchasing.services import amendments, factories, placements, purchases
from daifa.areas.purchasing.services.placements import AsRead
from daifa.base import lanes
from daifa.base.jobs import tenant_task
from daifa.base.tenancy import tenant
from daifa.flows import advance, api_intake, arrivals, connect, placing, rereading
from daifa.flows.answered import words
from daifa.flows.connect import Buying, Line
from daifa.flows.factory_supplier import of_factory
from daifa.flows.pull_log import pull
from daifa.flows.steps import undo_purchase
from daifa.flows.undo_policy import Undo, way_of
from daifa.kit import clock, log
from daifa.kit.errors import AppError, Conflict
from daifa.kit.money import format_yuan
from daifa.ports.errors import BadReply, RemoteError
from daifa.ports.factory_api import FEED
from daifa.ports.shop_api import Item, Page
from daifa.ports.supplier_api import PurchaseState, RefundStage, SupplierOrder
from daifa.reads import buy_facts
from daifa.reads.buy_facts import BuyPurchase

TAKEN = 100
_log = log.get("daifa.supplier_intake")


@tenant_task("supplier.poll", queue="outside")
def poll(*, tenant_id: int, connection_id: str) -> None:
    """Read what changed with our orders at one supplier's platform, and act on it."""
    read(tenant_id, UUID(connection_id))


def read(tenant_id: int, connection_id: UUID) -> int:
    """Read up to now, window by window; returns how many things were new."""
    try:
        with tenant(tenant_id):
            platform = connect.platform_of(connection_id)
            watermark = positions.get(connection_id, FEED).watermark
        feed = connect.buying(platform).feed
        fresh = 0
        for start, end in api_intake.windows(watermark, clock.now(), feed):
            fresh += _window(tenant_id, connection_id, start, end)
            take_in(tenant_id, connection_id)
        return fresh
    except (RemoteError, Conflict) as error:
        said = words(error)
        with tenant(tenant_id):
            positions.failed(connection_id, FEED, said)
        return 0


def changed(start: datetime, end: datetime, cursor: str, line: Line) -> Page:
    """One page of the account's orders that changed in a window."""
    return line.supplier().changes(start, end, cursor)


def _window(tenant_id: int, connection_id: UUID, start: datetime, end: datetime) -> int:
    cursor = ""
    with pull(tenant_id, connection_id, FEED, via="poll", start=start, end=end) as read:
        while True:
            page = connect.ask(tenant_id, connection_id, partial(changed, start, end, cursor))
            read.pages, read.items = read.pages + 1, read.items + len(page.items)
            with tenant(tenant_id):
                read.fresh += inbox.store(connection_id, "poll", [_arrived(i) for i in page.items])
                if not page.cursor:
                    positions.advance(connection_id, FEED, end)
            if not page.cursor:
                return read.fresh
            cursor = page.cursor


def _arrived(item: Item) -> Arrived:
    return Arrived(
        FEED, inbox.key_of(FEED, item.object_id, item.modified, item.raw), item.object_id, item.raw, item.modified
    )


def fetch(tenant_id: int, connection_id: UUID, external_ids: Sequence[str]) -> list[SupplierOrder]:
    """These orders as they are now, taken in at once. Raises RemoteError, Conflict."""
    found = []
    for external in external_ids:
        order, asked = _as_it_is(tenant_id, connection_id, external)
        found.append(order)
        with tenant(tenant_id):
            shipped = act(connection_id, order, asked_at=asked)
        _read_back(tenant_id, shipped)
    return found


def _as_it_is(tenant_id: int, connection_id: UUID, external: str) -> tuple[SupplierOrder, datetime]:
    """Read one order, and when it was asked for; once more when it was placed while it was being read, because that
    reading is of before."""
    asked = clock.now()
    order = connect.ask(tenant_id, connection_id, partial(fetched, external))
    with tenant(tenant_id):
        late = placements.placed_after(connection_id, external, asked)
    if not late:
        return order, asked
    asked = clock.now()
    return connect.ask(tenant_id, connection_id, partial(fetched, external)), asked


def _read_back(tenant_id: int, shipped: Sequence[tuple[UUID, str]]) -> None:
    """A factory's return ships the shop's order: the platform's word of it is read at once, and polled otherwise."""
    try:
        rereading.orders(tenant_id, shipped, always=True)
    except (RemoteError, AppError) as error:
        _log.info("supplier_intake.read_back.later", error=type(error).__name__)


def fetched(external_id: str, line: Line) -> SupplierOrder:
    """One order at the supplier's platform as it is now."""
    return line.supplier().fetch(external_id)


def take_in(tenant_id: int, connection_id: UUID) -> int:
    """Act on what arrived; an order that moved is read whole, with its parcels, several at once. Returns how many
    things were settled; what cannot be read now stays for later."""
    tried: set[UUID] = set()
    done: list[int] = []
    dialect = connect.buying(connect.platform_of(connection_id, tenant_id))

    def more() -> list[list[InboxItem]]:
        with tenant(tenant_id):
            items = inbox.take(connection_id, feeds=[FEED, api_intake.HINT + FEED], limit=TAKEN)
        fresh = [i for i in items if i.id not in tried]
        tried.update(i.id for i in fresh)
        told: dict[str, list[InboxItem]] = {}
        for item in sorted(fresh, key=lambda i: (i.modified is None, i.modified, i.id), reverse=True):
            told.setdefault(item.object_id, []).append(item)
        return list(told.values())

    def settle(items: Sequence[InboxItem]) -> None:
        done.append(_settle(tenant_id, connection_id, items, dialect))

    lanes.work(more, settle, of=lambda items: items[0].object_id, lanes=settings.DEED_LANES)
    return sum(done)


def _settle(tenant_id: int, connection_id: UUID, items: Sequence[InboxItem], dialect: Buying) -> int:
    """What was told of one order, the newest first: one reading answers it all. Returns how many are settled."""
    with tenant(tenant_id):
        read = placements.last_read(connection_id, items[0].object_id)
    outcomes: list[tuple[UUID, str]] = []
    for item in items:
        outcome = "seen"
        try:
            if read and _overtaken(item, dialect, read):
                outcome = "overtaken"
            elif not outcomes and (read or _may_be_ours(tenant_id, item, dialect)):
                fetch(tenant_id, connection_id, [item.object_id])
                outcome = "fetched"
        except BadReply as error:
            with tenant(tenant_id):
                inbox.park([(item.id, error.text)])
            continue
        except (RemoteError, Conflict) as error:
            _log.info("supplier_intake.later", error=type(error).__name__)
            continue
        outcomes.append((item.id, outcome))
    with tenant(tenant_id):
        inbox.done(outcomes)
    return len(outcomes)


def _overtaken(item: InboxItem, dialect: Buying, read: AsRead) -> bool:
    """Whether what was told is in what we read since: a push when we asked after it had come, a listed change by its
    second, and of the same second only where the list says the very same."""
    if item.feed != FEED:
        return read.asked_at is not None and item.came_at < read.asked_at
    if item.modified is None or read.modified_at is None or item.modified > read.modified_at:
        return False
    if item.modified < read.modified_at:
        return True
    listed = _listed(item, dialect)
    told = AsRead(item.modified, listed.platform_state, listed.refund.value, listed.total_fen, read.asked_at)
    return told == replace(read, modified_at=item.modified)


def _listed(item: InboxItem, dialect: Buying) -> SupplierOrder:
    return dialect.order(Item(item.object_id, item.raw, item.modified))


def _may_be_ours(tenant_id: int, item: InboxItem, dialect: Buying) -> bool:
    """Orders that people place themselves at the supplier's platform are none of our business."""
    if item.feed != FEED:
        return True
    order = _listed(item, dialect)
    with tenant(tenant_id):
        return bool(order.reference) and placements.mine([order.reference])


def act(connection_id: UUID, order: SupplierOrder, *, asked_at: datetime | None = None) -> list[tuple[UUID, str]]:
    """Take in one order as it stands, in the caller's transaction: payment, parcels, closing, refund.

    Returns the shop's orders (shop, number) that the platform shipped by it.
    """
    mine = of_factory(order, placements.factory_of(connection_id, order.external_id))
    purchase_id = placements.purchase_of(connection_id, mine.external_id, mine.reference) if mine is not None else None
    if mine is None or purchase_id is None:
        return []
    # Orders first, then the placing, as whoever places does: the other way round the two wait for each other.
    standing.lock(purchases.orders_of([purchase_id]).get(purchase_id, []))
    moved = placements.seen(connection_id, mine, asked_at=asked_at)
    if moved is None:
        return []
    order = mine
    # It reads what it pays by this module.
    from daifa.flows.steps import pay

    if moved.placement.pay_state == "paid":
        pay.paid_by_hand(moved.placement)
    found = buy_facts.load([purchase_id])
    if not found:
        return []
    [p] = found
    if order.parcels:
        arrivals.parcels(p, order)
    if moved.refund_moved and moved.refund is RefundStage.DONE and moved.refunded_fen:
        text = f"{p.supplier} 在平台退回 {order.external_id} 的货款 {format_yuan(moved.refunded_fen)}"
        history.write([Fact(i, "aftersale", text) for i in purchases.orders_of([p.id]).get(p.id, [])])
    if moved.closed:
        pay.nothing_to_pay(moved.placement)
    if moved.closed and not _taken_back(p, _why(order)):
        placing.closed(p, _why(order))
    elif moved.refund_moved or moved.order_state != moved.before:
        if p.factory and order.state is PurchaseState.CLOSED and not moved.closed:
            placing.line_closed(p, order, _why(order), recalled=p.state == "recalling")
        _undone(p)
    gone = p.factory and order.state is PurchaseState.SHIPPED and moved.before != moved.order_state
    return [(o.shop_id, o.number) for o in p.orders] if gone else []


def _taken_back(p: BuyPurchase, why: str) -> bool:
    """Whether it closed because somebody asked for it back: then its pieces are recalled, not refused."""
    orders = undo_purchase.ended(p.id, gone=True, why=why)
    asked = amendments.open_recall(p.id) if orders else None
    if asked is not None:
        if asked.state == "created":
            amendments.move(asked.id, "sent")
        amendments.move(asked.id, "acknowledged", answer=why)
    advance.settle(orders)
    return bool(orders)


def _undone(p: BuyPurchase) -> None:
    """Orders of a purchase that is being taken back moved: refused, or shipped all the same."""
    there = undo_purchase.load([p.id]).get(p.id)
    if there is not None and undo_purchase.is_ours(p.id):
        way = way_of(there)
        if way.undo is Undo.NO or there.shipped:
            undo_purchase.ended(p.id, gone=False, why=way.words or "供应商已经发货")
    advance.settle([o.id for o in p.orders])


def _why(order: SupplierOrder) -> str:
    words = {"sellerGoodsLack": "供应商缺货", "buyerCancel": "我们取消", "other": "其他原因"}
    why = words.get(order.close_reason, order.close_reason)
    return f"供应商平台的订单 {order.external_id} 已关闭" + (f"：{why}" if why else "")


@tenant_task("supplier.take_in", queue="outside")
def take_in_job(*, tenant_id: int, connection_id: str) -> None:
    """Follow pushes, and what a worker that died left behind."""
    take_in(tenant_id, UUID(connection_id))


def keep_reading() -> int:
    """Queue the reading of every working supplier of the current tenant. Returns how many."""
    count = 0
    handing = factories.shops()
    working = [h for h in connections.live() if h.state == "working" and (h.shop_id is None or h.shop_id in handing)]
    read = {p.connection_id: p.read_at for p in positions.of([h.id for h in working]) if p.feed == FEED}
    for held in working:
        last = read.get(held.id)
        if last is None or clock.wall() - last >= connect.buying(held.platform).feed.every:
            where = f"supplier:{held.id}"
            poll.nudge(where, connection_id=str(held.id))
            count += 1
    return count
