"""The record of calls and readings: what was sent and what came back (sealed), how long it took, what came of it."""

from __future__ import annotations

import zlib
from datetime import datetime
from uuid import UUID

import orjson

from daifa.areas.mailroom.models import Call, Pull
from daifa.base import bulk, vault
from daifa.kit.errors import NotFound
from daifa.kit.values import dataclass

PURPOSE = "call"
# More than this of a body is not kept.
MOST_KEPT = 200_000


@dataclass(frozen=True, slots=True)
class Made:
    """One call as it went. ``sent``/``got`` are bodies as they were."""

    connection_id: UUID | None
    platform: str
    name: str
    at: datetime
    ms: int
    outcome: str
    status: int = 0
    code: str = ""
    said: str = ""
    attempt: int = 1
    trace: str = ""
    outbox_id: UUID | None = None
    sent: bytes = b""
    got: bytes = b""


def record(made: Made) -> UUID:
    """Keep one call."""
    content = orjson.dumps(
        {
            "sent": made.sent[:MOST_KEPT].decode("utf-8", "replace"),
            "got": made.got[:MOST_KEPT].decode("utf-8", "replace"),
        }
    )
    row = Call.objects.create(
        connection_id=made.connection_id, outbox_id=made.outbox_id, platform=made.platform, name=made.name, at=made.at,
        ms=made.ms, status=made.status, outcome=made.outcome, code=made.code[:100], said=made.said[:300],
        attempt=made.attempt, trace=made.trace, sealed=vault.seal(zlib.compress(content, 1), PURPOSE),
    )  # fmt: skip
    return row.id


def content(call_id: UUID) -> dict[str, str]:
    """What was sent and got, opened. Raises NotFound when it is over its time."""
    row = Call.objects.filter(id=call_id, sealed__isnull=False).first()
    if row is None:
        raise NotFound("call_gone", "这次调用的内容已过保留期。")
    opened: dict[str, str] = orjson.loads(zlib.decompress(vault.unseal(bytes(row.sealed or b""), PURPOSE)))
    return opened


def pulled(
    *,
    connection_id: UUID,
    feed: str,
    via: str,
    outcome: str,
    start: datetime | None = None,
    end: datetime | None = None,
    pages: int = 0,
    items: int = 0,
    fresh: int = 0,
    ms: int = 0,
    said: str = "",
) -> None:
    """Keep one line of the pull log."""
    Pull.objects.create(
        connection_id=connection_id, feed=feed, via=via, start=start, end=end, pages=pages, items=items, fresh=fresh,
        ms=ms, outcome=outcome, said=said[:300],
    )  # fmt: skip


def forget(before: datetime, limit: int = 5000) -> int:
    """Drop calls and readings that are over their time; returns how many."""
    gone = 0
    for table, column in (("mailroom_call", "at"), ("mailroom_pull", "created_at")):
        found = bulk.select(
            f"DELETE FROM {table} AS c WHERE c.tenant_id = {{tenant}} AND c.id IN (SELECT id FROM {table}"
            f" WHERE tenant_id = {{tenant}} AND {column} < %s LIMIT %s) RETURNING c.id",
            [before, limit],
        )
        gone += len(found)
    return gone
