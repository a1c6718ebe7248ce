"""The inbox: what arrived by API, each thing once, stored sealed before it is understood."""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import UUID

from daifa.areas.mailroom.models import Inbox
from daifa.areas.mailroom.types import INBOX, InboxItem
from daifa.base import bulk, vault
from daifa.kit import clock
from daifa.kit.errors import Conflict
from daifa.kit.ids import uuid7
from daifa.kit.values import dataclass

PURPOSE = "inbox"
# A push whose object cannot be had so many times is put aside; polls read it all the same.
MOST_STUMBLES = 20
MOST_AWAITED = 2000
COLUMNS = (
    "id", "created_at", "connection_id", "feed", "event_key", "object_id", "modified", "via", "seen_at", "sealed",
    "state", "done_at",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Arrived:
    """One thing to store. ``event_key`` is unique for its connection: twice is once."""

    feed: str
    event_key: str
    object_id: str
    raw: bytes
    modified: datetime | None = None


def key_of(feed: str, object_id: str, modified: datetime | None, meaning: bytes) -> str:
    """The event key of an item: its modification time, and a digest of what it means (``meaning``: without parts that
    differ at each reading, such as ciphertexts)."""
    mark = hashlib.blake2b(meaning, digest_size=12).hexdigest()
    return f"{feed}:{object_id}:{int(modified.timestamp()) if modified else '-'}:{mark}"


def store(connection_id: UUID, via: str, items: Sequence[Arrived]) -> int:
    """Store what is new; returns how many were. Of what is known only the time of the last reading moves."""
    once = {i.event_key: i for i in items}
    at = clock.now()
    rows = [
        (
            uuid7(), at, connection_id, i.feed, i.event_key, i.object_id, i.modified, via,
            clock.wall(), vault.seal(zlib.compress(i.raw, 1), PURPOSE), "new", None,
        )
        for _, i in sorted(once.items())
    ]  # fmt: skip
    written = bulk.insert(
        Inbox,
        COLUMNS,
        rows,
        on_conflict="(tenant_id, connection_id, event_key) DO UPDATE SET seen_at = excluded.seen_at",
        returning="(xmax = 0)",
    )
    return sum(fresh for (fresh,) in written)


def take(connection_id: UUID, *, feeds: Collection[str] = (), limit: int = 200) -> list[InboxItem]:
    """New things of a connection, oldest first and what stumbled last, locked for the caller's transaction."""
    rows = Inbox.objects.select_for_update(skip_locked=True).filter(connection_id=connection_id, state="new")
    if feeds:
        rows = rows.filter(feed__in=list(feeds))
    return [_item(r) for r in rows.order_by("attempts", "id")[:limit]]


def _item(row: Inbox) -> InboxItem:
    raw = zlib.decompress(vault.unseal(bytes(row.sealed), PURPOSE)) if row.sealed else b""
    return InboxItem(
        row.id, row.connection_id, row.feed, row.event_key, row.object_id, row.modified, row.created_at, raw,
        row.attempts,
    )  # fmt: skip


def done(outcomes: Sequence[tuple[UUID, str]]) -> None:
    """These are understood and acted on."""
    at = clock.now()
    bulk.update(
        Inbox, ("state", "outcome", "done_at"), [(i, "done", o, at) for i, o in outcomes], where="t.state <> 'done'"
    )


def park(items: Sequence[tuple[UUID, str]]) -> None:
    """These cannot be read: put aside with the reason, the rest goes on."""
    bulk.update(
        Inbox,
        ("state", "reason"),
        [(i, "parked", why[:500]) for i, why in items],
        where="t.state = 'new'",
        extra_set="attempts = t.attempts + 1",
    )


def others_done(connection_id: UUID, object_ids: Sequence[str], *, feeds: Collection[str]) -> bool:
    """Wait for whoever is taking in what arrived of these objects; whether nothing of it is left to take in."""
    left = bulk.select(
        "SELECT id FROM mailroom_inbox WHERE tenant_id = {tenant} AND connection_id = %s AND state = 'new'"
        " AND object_id = ANY(%s::text[]) AND feed = ANY(%s::text[]) ORDER BY id FOR UPDATE",
        [connection_id, list(object_ids), list(feeds)],
    )
    return not left


def stumbled(ids: Sequence[UUID], why: str) -> None:
    """These could not be had now: they stay, behind the others; after many times they are put aside with the reason."""
    bulk.select(
        "UPDATE mailroom_inbox SET attempts = attempts + 1, reason = %s,"
        " state = CASE WHEN attempts + 1 >= %s THEN 'parked' ELSE state END"
        " WHERE tenant_id = {tenant} AND state = 'new' AND id = ANY(%s::uuid[]) RETURNING id",
        [why[:500], MOST_STUMBLES, list(ids)],
    )


def overtaken(connection_id: UUID, prefix: str) -> int:
    """Hints (feed ``prefix`` + the object's) whose object was read since, as of their moment or later, are done."""
    found = bulk.select(
        "UPDATE mailroom_inbox h SET state = 'done', outcome = 'overtaken', done_at = %s"
        " WHERE h.tenant_id = {tenant} AND h.connection_id = %s AND h.state = 'new' AND h.feed LIKE %s"
        " AND h.modified IS NOT NULL AND EXISTS (SELECT 1 FROM mailroom_inbox r WHERE r.tenant_id = {tenant}"
        " AND r.connection_id = h.connection_id AND r.object_id = h.object_id AND r.modified >= h.modified"
        " AND r.feed = substr(h.feed, %s)) RETURNING h.id",
        [clock.now(), connection_id, f"{prefix}%", len(prefix) + 1],
    )
    return len(found)


def told_since(connection_id: UUID, feed: str, object_id: str, at: datetime) -> bool:
    """Whether something came of this feed about the object that is of that moment or later."""
    rows = Inbox.objects.filter(connection_id=connection_id, feed=feed, object_id=object_id, modified__gte=at)
    return rows.exists()


@dataclass(frozen=True, slots=True)
class Fate:
    """What became of one thing that arrived; ``outcome`` and ``done_at`` when it was acted on."""

    state: str
    outcome: str
    reason: str
    done_at: datetime | None


def last_of(connection_id: UUID, feed: str, object_id: str) -> Fate | None:
    """What became of the last reading of one object."""
    row = Inbox.objects.filter(connection_id=connection_id, feed=feed, object_id=object_id).order_by("-seen_at").first()
    return None if row is None else Fate(row.state, row.outcome, row.reason, row.done_at)


def again(ids: Collection[UUID]) -> list[UUID]:
    """Parked ones are tried anew; returns their connections. Raises Conflict when one is not parked."""
    rows = list(Inbox.objects.select_for_update().filter(id__in=list(ids)).order_by("id"))
    for row in rows:
        if row.state != "parked":
            raise Conflict("not_parked", f"这一条现在是“{INBOX.labels[row.state]}”，不用重试。")
        row.state = "new"
        row.save(update_fields=["state"])
    return sorted({r.connection_id for r in rows})


def wait_for(items: Sequence[tuple[UUID, str]], why: str) -> None:
    """These cannot be acted on before an order (its number beside each) is here: put aside until it is."""
    bulk.update(
        Inbox,
        ("state", "awaits", "reason"),
        [(i, "parked", number, why) for i, number in items],
        where="t.state = 'new'",
        extra_set="attempts = t.attempts + 1",
    )


def awaited(connection_id: UUID) -> list[tuple[UUID, str]]:
    """What is put aside until an order comes, with the order's number; the newest first."""
    rows = Inbox.objects.filter(connection_id=connection_id, state="parked").exclude(awaits="")
    return list(rows.order_by("-id").values_list("id", "awaits")[:MOST_AWAITED])


def resume(ids: Sequence[UUID]) -> int:
    """What these waited for is here: they are new again. Returns how many were still waiting."""
    found = bulk.select(
        "UPDATE mailroom_inbox SET state = 'new', awaits = '', reason = '' WHERE tenant_id = {tenant}"
        " AND state = 'parked' AND awaits <> '' AND id = ANY(%s::uuid[]) RETURNING id",
        [list(ids)],
    )
    return len(found)


def parked_of(connection_id: UUID, feed: str, object_ids: Sequence[str]) -> dict[str, tuple[UUID, str]]:
    """What is put aside under these numbers: the newest of each, and why."""
    found = bulk.select(
        "SELECT object_id, id, reason FROM mailroom_inbox WHERE tenant_id = {tenant} AND connection_id = %s"
        " AND state = 'parked' AND feed = %s AND object_id = ANY(%s::text[]) ORDER BY id",
        [connection_id, feed, list(object_ids)],
    )
    return {number: (i, why) for number, i, why in found}


def waiting(limit: int = 100) -> list[UUID]:
    """Connections with something new that nobody took up (a worker was killed)."""
    found = bulk.select(
        "SELECT DISTINCT connection_id FROM mailroom_inbox WHERE tenant_id = {tenant} AND state = 'new' LIMIT %s",
        [limit],
    )
    return sorted(i for (i,) in found)


def shred(before: datetime, limit: int = 2000) -> int:
    """Destroy contents that are over their time; keys stay, so that nothing comes in twice. Returns how many."""
    found = bulk.select(
        "UPDATE mailroom_inbox AS i SET sealed = NULL WHERE i.tenant_id = {tenant} AND i.id IN"
        " (SELECT id FROM mailroom_inbox WHERE tenant_id = {tenant} AND created_at < %s AND sealed IS NOT NULL"
        " AND state <> 'new' LIMIT %s) RETURNING i.id",
        [before, limit],
    )
    return len(found)
