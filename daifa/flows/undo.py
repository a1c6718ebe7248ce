"""Taking deeds back: every verb that can be undone registers how; the token is the deed's id."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from uuid import UUID

from daifa.areas.orders.services import batches
from daifa.base import audit
from daifa.base.actor import Actor
from daifa.kit.errors import Conflict, NotFound

type TakeBack = Callable[[Mapping[str, object], Actor], str]


@dataclass(frozen=True, slots=True)
class Undoable:
    """How one verb is taken back: the permission it needs, and the compensating deed (answers a Chinese sentence)."""

    permission: str
    take_back: TakeBack


_verbs: dict[str, Undoable] = {}


def register(verb: str, permission: str, take_back: TakeBack) -> None:
    """Say how a verb is undone; called once per verb when its module is imported.

    ``take_back`` runs in the caller's transaction and raises Conflict when a dependent fact exists.
    """
    _verbs[verb] = Undoable(permission, take_back)


def offer(*, by: Actor, verb: str, title: str, count: int, data: Mapping[str, object]) -> str:
    """Remember a deed that was just done; returns the token for 撤销. ``data`` is JSON, never personal data."""
    if verb not in _verbs:
        raise KeyError(verb)
    return str(batches.record(by=by, verb=verb, title=title, count=count, undo=data))


def undo(*, token: str, by: Actor) -> str:
    """Take a deed back; returns what to say. Raises NotFound, NotAllowed, Conflict."""
    try:
        batch = batches.take(UUID(token))
    except ValueError as error:
        raise NotFound("no_such_batch", "没有这次操作，不能撤销。") from error
    known = _verbs.get(batch.verb)
    if known is None:
        raise Conflict("not_undoable", f"“{batch.title}”不能撤销。")
    by.need(known.permission)
    said = known.take_back(batch.undo, by)
    batches.undone(batch.id, by=by)
    audit.record(by, "undo", f"撤销：{batch.title}", kind="batch", object_id=batch.id)
    return said
