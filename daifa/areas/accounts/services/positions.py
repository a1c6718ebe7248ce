"""How far feeds were read, so that nothing is skipped and little is read twice."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from uuid import UUID

from daifa.areas.accounts.models import SyncPosition
from daifa.kit import clock
from daifa.kit.values import dataclass


@dataclass(frozen=True, slots=True)
class Position:
    """How far a feed was read. ``watermark`` in the platform's clock; ``read_at`` real time of the last reading.

    ``asked_at``: real time of the last failure, which ``problem`` names until a reading goes well.
    """

    connection_id: UUID
    feed: str
    watermark: datetime | None = None
    read_at: datetime | None = None
    problem: str = ""
    note: Mapping[str, object] | None = None
    asked_at: datetime | None = None


def get(connection_id: UUID, feed: str) -> Position:
    """The position of one feed; unread when never read."""
    row = SyncPosition.objects.filter(connection_id=connection_id, feed=feed).first()
    return _view(row) if row else Position(connection_id, feed)


def _view(row: SyncPosition) -> Position:
    return Position(row.connection_id, row.feed, row.watermark, row.read_at, row.problem, row.note, row.asked_at)


def of(connection_ids: Collection[UUID]) -> list[Position]:
    """Every position of these connections."""
    rows = SyncPosition.objects.filter(connection_id__in=list(connection_ids)).order_by("connection_id", "feed")
    return [_view(r) for r in rows]


def advance(connection_id: UUID, feed: str, watermark: datetime, note: Mapping[str, object] | None = None) -> None:
    """Everything up to here is stored. A watermark never goes back."""
    row, made = SyncPosition.objects.select_for_update().get_or_create(
        connection_id=connection_id, feed=feed, defaults={"watermark": watermark, "read_at": clock.wall()}
    )
    if not made and row.watermark is not None:
        watermark = max(row.watermark, watermark)
    row.watermark, row.read_at, row.problem = watermark, clock.wall(), ""
    if note is not None:
        row.note = {**row.note, **note}
    row.save()


def remember(connection_id: UUID, feed: str, note: Mapping[str, object]) -> None:
    """Where a reading that takes many pages stands, so that the next try goes on from there."""
    row, _ = SyncPosition.objects.select_for_update().get_or_create(connection_id=connection_id, feed=feed)
    row.note = {**row.note, **note}
    row.save(update_fields=["note"])


def failed(connection_id: UUID, feed: str, problem: str) -> None:
    """Reading failed; the watermark stays."""
    row, _ = SyncPosition.objects.get_or_create(connection_id=connection_id, feed=feed)
    row.problem, row.asked_at = problem[:300], clock.wall()
    row.save(update_fields=["problem", "asked_at"])
