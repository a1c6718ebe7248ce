"""Comparisons of order numbers with a platform: one kept for each connection and business day."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import field
from datetime import date, datetime
from uuid import UUID

from daifa.areas.mailroom.models import Comparison
from daifa.kit import clock
from daifa.kit.values import dataclass

OK = "ok"


@dataclass(frozen=True, slots=True)
class Compared:
    """How one comparison ended. ``outcome`` ok, or the error that stopped it (``said``: in words)."""

    connection_id: UUID
    outcome: str
    start: datetime | None = None
    end: datetime | None = None
    theirs: int = 0
    ours: int = 0
    missing: Sequence[str] = ()
    left: Mapping[str, str] = field(default_factory=dict)
    strange: Sequence[str] = ()
    said: str = ""
    by: str = "system"


def keep(day: date, made: Compared) -> None:
    """Keep a comparison as the one of its day; what an earlier one of the day had filled in stays told.

    One that was stopped half-way leaves the counts and the strange numbers of the last whole one.
    """
    row = Comparison.objects.select_for_update().filter(connection_id=made.connection_id, day=day).first()
    fresh = row is None
    row = row or Comparison(connection_id=made.connection_id, day=day)
    if made.outcome == OK:
        row.start, row.end, row.theirs, row.ours = made.start, made.end, made.theirs, made.ours
        row.strange = list(made.strange)
    row.missing = sorted({*row.missing, *made.missing})
    row.left = dict(made.left)
    row.outcome, row.said, row.by, row.finished_at = made.outcome, made.said[:300], made.by, clock.wall()
    row.tries = 1 if fresh else row.tries + 1
    row.save()


def of_day(day: date, connection_ids: Collection[UUID]) -> dict[UUID, tuple[str, int, datetime]]:
    """(outcome, tries, real time) of those connections that were compared on this day."""
    rows = Comparison.objects.filter(day=day, connection_id__in=list(connection_ids))
    return {r.connection_id: (r.outcome, r.tries, r.finished_at) for r in rows}
