"""Goods that shops tell by API: read whole, page by page, every few hours or when somebody asks; orders that waited
for a listing's code go on. The position moves only when every page is stored; each reading leaves a line in the log.
One that broke off goes on from the page where it stood.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import partial
from uuid import UUID

from daifa.areas.accounts.services import connections, positions
from daifa.areas.accounts.types import ConnectionView
from daifa.areas.catalog.services import listings
from daifa.areas.orders.services import demands
from daifa.base.jobs import tenant_task
from daifa.base.tenancy import tenant
from daifa.connectors import registry
from daifa.flows import advance, connect
from daifa.flows.answered import words
from daifa.flows.connect import Line
from daifa.flows.pull_log import pull
from daifa.kit import clock, log
from daifa.kit.errors import Conflict, Invalid
from daifa.ports.card import Capability
from daifa.ports.errors import RemoteError
from daifa.ports.shop_api import ListingItem

FEED = "goods"
# A reading that failed is not taken up again at once, and begun anew when it stood for too long.
AFTER_FAILURE, TOO_OLD = timedelta(minutes=2), timedelta(hours=2)
_log = log.get("daifa.goods_intake")


@tenant_task("goods.poll", queue="outside")
def poll(*, tenant_id: int, connection_id: str, via: str = "poll") -> None:
    """Read the goods of one shop."""
    read(tenant_id, UUID(connection_id), via=via)


def read(tenant_id: int, connection_id: UUID, *, via: str = "poll") -> int:
    """Read all goods of a shop; returns how many were new or changed. Errors stand in the pull log and position."""
    try:
        return _read(tenant_id, connection_id, via)
    except (RemoteError, Conflict) as error:
        said = words(error)
        with tenant(tenant_id):
            positions.failed(connection_id, FEED, said)
        _log.info("goods.poll.failed", connection=str(connection_id), error=type(error).__name__)
        return 0


def _read(tenant_id: int, connection_id: UUID, via: str) -> int:
    cursor, at = _standing(tenant_id, connection_id)
    with pull(tenant_id, connection_id, FEED, via=via, start=None, end=at) as done:
        while True:
            found, cursor = connect.ask(tenant_id, connection_id, partial(_page, cursor))
            done.pages, done.items = done.pages + 1, done.items + len(found)
            done.fresh += _take(tenant_id, connection_id, found, at, cursor)
            if not cursor:
                return done.fresh


def _standing(tenant_id: int, connection_id: UUID) -> tuple[str, datetime]:
    """The page to go on from and when that reading began; the first page and now where none broke off lately."""
    with tenant(tenant_id):
        note = positions.get(connection_id, FEED).note or {}
    now = clock.now()
    if note.get("cursor") and now - (begun := datetime.fromisoformat(str(note["begun"]))) < TOO_OLD:
        return str(note["cursor"]), begun
    return "", now


def _page(cursor: str, line: Line) -> tuple[tuple[ListingItem, ...], str]:
    return line.shop().goods(cursor)


def _take(tenant_id: int, connection_id: UUID, found: tuple[ListingItem, ...], at: datetime, following: str) -> int:
    """One page in one transaction; with the last, what was not found is gone and the position moves."""
    with tenant(tenant_id):
        shop_id = connections.get(connection_id).shop_id
        if shop_id is None:
            raise Invalid("no_shop", "这个授权不是店铺的。")
        kept = listings.keep(shop_id, found, at)
        advance.advance(demands.unmatched_of_listings([(shop_id, key) for key in kept.news]))
        if following:
            positions.remember(connection_id, FEED, {"cursor": following, "begun": at.isoformat()})
        else:
            listings.gone(shop_id, at)
            positions.advance(connection_id, FEED, at, {"cursor": ""})
        return kept.fresh


def readable(held: ConnectionView) -> bool:
    """Whether the goods behind this connection can be read."""
    capabilities = registry.connector(held.platform).card.capabilities
    return held.shop_id is not None and Capability.GOODS in capabilities


def keep_reading() -> int:
    """Queue the reading of every working shop of the current tenant whose time has come. Returns how many."""
    count = 0
    working = [h for h in connections.live() if h.state == "working" and readable(h)]
    seen = {p.connection_id: p for p in positions.of([h.id for h in working]) if p.feed == FEED}
    for held in working:
        last = seen.get(held.id)
        if last is not None and not _due(last, connect.terms_of(held.platform).goods_every):
            continue
        ask(held.id, via="poll")
        count += 1
    return count


def _due(last: positions.Position, every: timedelta) -> bool:
    if last.problem and last.asked_at is not None:
        return clock.wall() - last.asked_at >= AFTER_FAILURE
    return last.read_at is None or clock.wall() - last.read_at >= every


def ask(connection_id: UUID, *, via: str = "pull") -> None:
    """Have the goods of a shop read now; once, however often it is asked."""
    poll.nudge(f"goods:{connection_id}", connection_id=str(connection_id), via=via)
