"""Deeds on many orders that can be undone: what they were, what they changed, whether they still stand."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from daifa.areas.orders.models import Batch
from daifa.base.actor import Actor
from daifa.kit import clock
from daifa.kit.errors import Conflict, NotFound
from daifa.kit.values import dataclass


@dataclass(frozen=True, slots=True)
class BatchView:
    """One deed; ``undo`` is what its verb needs to take it back."""

    id: UUID
    verb: str
    title: str
    by_name: str
    count: int
    undo: Mapping[str, object]
    created_at: datetime
    undone_at: datetime | None


def _view(row: Batch) -> BatchView:
    return BatchView(row.id, row.verb, row.title, row.by_name, row.count, row.undo, row.created_at, row.undone_at)


def record(*, by: Actor, verb: str, title: str, count: int, undo: Mapping[str, object]) -> UUID:
    """Remember a deed and how to take it back; returns its id, which is the way back."""
    made = Batch.objects.create(verb=verb, title=title, by=by.key, by_name=by.name, count=count, undo=dict(undo))
    return made.id


def take(batch_id: UUID) -> BatchView:
    """Lock a deed that is about to be undone. Raises NotFound, Conflict when it was undone before."""
    row = Batch.objects.select_for_update().filter(id=batch_id).first()
    if row is None:
        raise NotFound("no_such_batch", "没有这次操作，不能撤销。")
    if row.undone_at is not None:
        raise Conflict("already_undone", f"“{row.title}”已经撤销过了。")
    return _view(row)


def undone(batch_id: UUID, *, by: Actor) -> None:
    """A deed was taken back."""
    Batch.objects.filter(id=batch_id).update(undone_at=clock.now(), undone_by=by.key)


def recent(limit: int = 50) -> list[BatchView]:
    """The newest deeds."""
    return [_view(b) for b in Batch.objects.order_by("-created_at", "-id")[:limit]]
