"""Taking deeds back: every verb that can be undone registers how; the token is the deed's id."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from uuid import UUID

from daifa.areas.orders.services import batches
from daifa.base import audit
from daifa.base.actor import Actor
from daifa.kit.errors import Conflict, NotAllowed, NotFound
from daifa.kit.values import dataclass
from daifa.reads import touched
from daifa.reads.touched import Touched

type TakeBack = Callable[[Mapping[str, object], Actor], str]
type Touches = Callable[[Mapping[str, object]], Touched]


@dataclass(frozen=True, slots=True)
class Undoable:
    """How one verb is taken back: the permission it needs, the compensating deed (answers a Chinese sentence), and what
    it touched: only who may see all of that takes it back."""

    permission: str
    take_back: TakeBack
    touches: Touches


_verbs: dict[str, Undoable] = {}


def register(verb: str, permission: str, take_back: TakeBack, touches: Touches) -> None:
    """Say how a verb is undone; called once per verb when its module is imported.

    ``take_back`` runs in the caller's transaction and raises Conflict when a dependent fact exists.
    """
    _verbs[verb] = Undoable(permission, take_back, touches)


def offer(*, by: Actor, verb: str, title: str, count: int, data: Mapping[str, object]) -> str:
    """Remember a deed that was just done; returns the token for 撤销. ``data`` is JSON, never personal data.

    ``count`` is how many distinct orders it changed; 0 for a deed that changed none, whose title says what it did.
    """
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
    if not touched.within(by, known.touches(batch.undo)):
        raise NotAllowed(
            "undo_out_of_scope",
            "这次操作里有您数据范围以外的店铺或供应商，您不能撤销。请让做这次操作的人或店主来撤销。",
        )
    said = known.take_back(batch.undo, by)
    batches.undone(batch.id, by=by)
    audit.record(by, "undo", f"撤销：{batch.title}", kind="batch", object_id=batch.id)
    return said
