"""The outbox: what must be done outside, written with its fact before it is done, one row for one fact.

A call is claimed (``calling``) and committed before it is made. What its answer was is written after; a claim whose
process died is ``unknown``, never ready again by itself: somebody asks first what became of it.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import field
from datetime import datetime, timedelta
from uuid import UUID

from daifa.areas.mailroom.models import Outbox
from daifa.areas.mailroom.types import OUTBOX, OutboxItem
from daifa.base import bulk
from daifa.kit import clock
from daifa.kit.errors import Conflict, NotFound
from daifa.kit.ids import uuid7
from daifa.kit.values import dataclass

COLUMNS = (
    "id", "created_at", "key", "kind", "connection_id", "subject_id", "order_id", "reference", "state", "due_at",
    "data", "by", "trace",
)  # fmt: skip
# Longer than any call may take: whoever claimed it is gone.
LOST_AFTER = timedelta(seconds=90)


@dataclass(frozen=True, slots=True)
class Want:
    """Something to be done outside. ``due_at`` None: now."""

    key: str
    kind: str
    connection_id: UUID
    subject_id: UUID
    order_id: UUID | None = None
    reference: str = ""
    due_at: datetime | None = None
    data: Mapping[str, object] = field(default_factory=dict)
    by: str = "system"


def view(row: Outbox) -> OutboxItem:
    """A row as a value."""
    return OutboxItem(
        row.id, row.key, row.kind, row.connection_id, row.subject_id, row.order_id, row.reference, row.state,
        row.due_at, row.tries, row.asks, row.called_at, row.reason, row.data, row.result, row.created_at,
    )  # fmt: skip


def want(wants: Sequence[Want]) -> list[UUID]:
    """Note things to be done; a fact that is noted already is not noted again. Returns the new ones."""
    at = clock.now()
    rows = [
        (
            uuid7(), at, w.key, w.kind, w.connection_id, w.subject_id, w.order_id, w.reference, "ready",
            w.due_at or at, dict(w.data), w.by, "",
        )
        for w in sorted(wants, key=lambda w: w.key)
    ]  # fmt: skip
    columns = (*COLUMNS, "called_at", "asked_at", "answered_at", "visible_at")
    made = bulk.insert(
        Outbox, columns, [(*r, None, None, None, None) for r in rows], on_conflict="(tenant_id, key) DO NOTHING"
    )
    return [i for (i,) in made]


def to_act(connection_id: UUID, *, without: Collection[UUID] = (), limit: int = 20) -> list[OutboxItem]:
    """What is due of a connection: unknown outcomes to ask after first, then what is ready, the longest due first.

    Not locked: ``claim`` decides who gets them.
    """
    rows = Outbox.objects.filter(connection_id=connection_id, due_at__lte=clock.now()).exclude(id__in=list(without))
    found: list[Outbox] = []
    # One after the other: each has an index of its own.
    for state in ("unknown", "ready"):
        found += rows.filter(state=state).order_by("due_at", "id")[: limit - len(found)]
    return [view(r) for r in found]


def get(outbox_id: UUID, *, lock: bool = False) -> OutboxItem:
    """One of them. Raises NotFound."""
    rows = Outbox.objects.select_for_update() if lock else Outbox.objects
    row = rows.filter(id=outbox_id).first()
    if row is None:
        raise NotFound("no_such_action", "没有这个对外动作，请刷新。")
    return view(row)


def visible_at(outbox_id: UUID) -> datetime | None:
    """When what was asked for is surely found by looking, if it was done."""
    return Outbox.objects.filter(id=outbox_id).values_list("visible_at", flat=True).first()


def by_key(key: str) -> OutboxItem | None:
    """The row of a fact."""
    row = Outbox.objects.filter(key=key).first()
    return view(row) if row else None


def of_subject(subject_ids: Collection[UUID]) -> list[OutboxItem]:
    """Everything that was to be done about these."""
    return [view(r) for r in Outbox.objects.filter(subject_id__in=list(subject_ids)).order_by("created_at", "id")]


def claim(outbox_id: UUID, *, visible_at: datetime | None = None) -> bool:
    """It will be called now, by the caller alone; False when somebody else has it. Commit before calling."""
    now = clock.now()
    hit = Outbox.objects.filter(id=outbox_id, state="ready", due_at__lte=now).update(
        state="calling", called_at=clock.wall(), visible_at=visible_at, tries=_plus("tries"), version=_plus("version")
    )
    return hit == 1


def _plus(name: str) -> object:
    from django.db.models import F

    return F(name) + 1


def settle(
    outbox_id: UUID,
    state: str,
    *,
    before: Collection[str],
    reason: str = "",
    result: Mapping[str, object] | None = None,
    due_at: datetime | None = None,
) -> bool:
    """Write what is known now. Only from one of the states ``before``; False when it is elsewhere by now.

    Raises Conflict when the life cycle does not allow it.
    """
    row = Outbox.objects.select_for_update().filter(id=outbox_id).first()
    if row is None or row.state not in before:
        return False
    OUTBOX.check(row.state, state)
    row.state, row.reason, row.version = state, reason[:1000], row.version + 1
    if result is not None:
        row.result = {**row.result, **result}
    if state in {"confirmed", "refused"}:
        row.answered_at = clock.now()
    if due_at is not None:
        row.due_at = due_at
    row.save()
    return True


def noted(outbox_id: UUID, *, state: str, result: Mapping[str, object]) -> bool:
    """What a person needs to know of a deed that stays as it is; False when it is elsewhere by now."""
    row = Outbox.objects.select_for_update().filter(id=outbox_id, state=state).first()
    if row is None:
        return False
    row.result, row.version = {**row.result, **result}, row.version + 1
    row.save(update_fields=["result", "version"])
    return True


def asked(outbox_id: UUID, next_at: datetime) -> None:
    """Its outcome was asked after and is still unknown."""
    Outbox.objects.filter(id=outbox_id, state="unknown").update(
        asks=_plus("asks"), asked_at=clock.now(), due_at=next_at
    )


def stumbled(outbox_id: UUID) -> None:
    """Working on it broke our own code: it is looked at again in a while, the log says why."""
    later = clock.now() + timedelta(minutes=5)
    rows = Outbox.objects.filter(id=outbox_id, state__in=("ready", "unknown"))
    rows.update(due_at=later, reason="程序出错，稍后重试（日志里有原因）", version=_plus("version"))


def lost(limit: int = 200) -> list[OutboxItem]:
    """Claims whose process is gone: their outcome is unknown."""
    rows = Outbox.objects.filter(state="calling", called_at__lt=clock.wall() - LOST_AFTER)
    return [view(r) for r in rows.order_by("id")[:limit]]


def busy(limit: int = 200) -> list[UUID]:
    """Connections with something that is due now."""
    found = bulk.select(
        "SELECT DISTINCT connection_id FROM mailroom_outbox WHERE tenant_id = {tenant}"
        " AND state IN ('ready', 'unknown') AND due_at <= %s LIMIT %s",
        [clock.now(), limit],
    )
    return sorted(i for (i,) in found)


def void(keys: Collection[str], reason: str) -> list[UUID]:
    """These need not be done any more, where nothing was called yet; returns those that were taken back."""
    rows = Outbox.objects.select_for_update().filter(key__in=list(keys), state__in=("ready", "held", "refused"))
    found = [r.id for r in rows.order_by("id")]
    Outbox.objects.filter(id__in=found).update(state="void", reason=reason[:1000], version=_plus("version"))
    return found


def again(kind: str, reason: str, subjects: Collection[UUID] | None = None) -> list[UUID]:
    """Everything of this kind (of these subjects) that waits for a person's word is looked at again.

    Returns the connections concerned.
    """
    rows = Outbox.objects.select_for_update().filter(kind=kind, state="held")
    if subjects is not None:
        rows = rows.filter(subject_id__in=list(subjects))
    found = {r.id: r.connection_id for r in rows.order_by("id")}
    Outbox.objects.filter(id__in=list(found)).update(
        state="ready", reason=reason, due_at=clock.now(), version=_plus("version")
    )
    return sorted(set(found.values()))


def decide(outbox_id: UUID, state: str, reason: str, result: Mapping[str, object] | None = None) -> None:
    """A person's word over an outcome that cannot be asked. Raises Conflict."""
    open_states = ("unknown", "person", "held", "refused")
    if not settle(outbox_id, state, before=open_states, reason=reason, result=result, due_at=clock.now()):
        raise Conflict("settled_meanwhile", "这一项刚刚有了结果，请刷新。")


def counts() -> dict[str, int]:
    """How many stand in each open state."""
    found = bulk.select(
        "SELECT state, count(*) FROM mailroom_outbox WHERE tenant_id = {tenant}"
        " AND state IN ('ready', 'calling', 'unknown', 'person', 'held', 'refused') GROUP BY state"
    )
    return dict(found)
