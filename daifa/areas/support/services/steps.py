"""The steps of after-sales as they are kept: opened, opened again, changed, ended; always many at once."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet

from daifa.areas.support.models import CaseStep
from daifa.base import bulk
from daifa.base.actor import Actor
from daifa.kit import clock
from daifa.kit.errors import Conflict, NotFound
from daifa.kit.ids import uuid7
from daifa.kit.values import dataclass


@dataclass(frozen=True, slots=True)
class StepText:
    """What a step says now. ``amount_fen`` is the money that is out, None when unknown."""

    text: str
    owner: str
    due_by: datetime
    amount_fen: int | None


@dataclass(frozen=True, slots=True)
class NewStep:
    """A step to open; ``purchase_id`` None where it concerns the order itself."""

    order_id: UUID
    purchase_id: UUID | None
    kind: str
    says: StepText


@dataclass(frozen=True, slots=True)
class StepView:
    """One kept step. ``done_by`` is "" where facts ended it and nobody did."""

    id: UUID
    order_id: UUID
    purchase_id: UUID | None
    kind: str
    text: str
    state: str
    amount_fen: int | None
    answer: str
    done_at: datetime | None
    done_by: str


_SAYS = ("text", "owner", "due_by", "amount_fen")


def open_steps(steps: Sequence[NewStep]) -> list[UUID]:
    """Open steps; one that exists already is left as it is. Returns the new ids."""
    at = clock.now()
    rows = [
        (uuid7(), at, s.order_id, s.purchase_id, s.kind, s.says.text, s.says.owner, s.says.due_by, s.says.amount_fen)
        for s in steps
    ]
    columns = ("id", "created_at", "order_id", "purchase_id", "kind", *_SAYS)
    written = bulk.insert(CaseStep, columns, rows, on_conflict="(tenant_id, order_id, purchase_id, kind) DO NOTHING")
    return [i for (i,) in written]


def reopen(steps: Sequence[tuple[UUID, StepText]]) -> None:
    """Steps that ended are due again; what was answered before is gone from them (history keeps it)."""
    rows = [(i, "open", s.text, s.owner, s.due_by, s.amount_fen, "", "") for i, s in steps]
    columns = ("state", *_SAYS, "answer", "done_by")
    bulk.update(CaseStep, columns, rows, where="t.state <> 'open'", extra_set="done_at = NULL")


def change(steps: Sequence[tuple[UUID, str, int | None]]) -> None:
    """New words or money (step, text, fen) of open steps; the deadline stays."""
    bulk.update(CaseStep, ("text", "amount_fen"), list(steps), where="t.state = 'open'")


def finish(step_ids: Sequence[UUID]) -> None:
    """Facts show that these were done."""
    _end(step_ids, "done")


def void(step_ids: Sequence[UUID]) -> None:
    """Nobody wants these any more."""
    _end(step_ids, "void")


def _end(step_ids: Sequence[UUID], state: str) -> None:
    at = clock.now()
    rows = [(i, state, at, "") for i in step_ids]
    bulk.update(CaseStep, ("state", "done_at", "done_by"), rows, where="t.state = 'open'")


def of_orders(order_ids: Sequence[UUID]) -> list[StepView]:
    """Every step of these orders, ended ones included."""
    return _views(CaseStep.objects.filter(order_id__in=list(order_ids)).order_by("id"))


def get(step_id: UUID) -> StepView:
    """One step. Raises NotFound."""
    found = _views(CaseStep.objects.filter(id=step_id))
    if not found:
        raise NotFound("no_such_step", "没有这件售后。")
    return found[0]


def answer(step_id: UUID, *, by: Actor, words: str, good: bool = True) -> None:
    """A person did it, or brings the answer; ``good`` False: it failed. Raises NotFound, Conflict when it is over."""
    row = CaseStep.objects.select_for_update().filter(id=step_id).first()
    if row is None:
        raise NotFound("no_such_step", "没有这件售后。")
    if row.state != "open":
        raise Conflict("step_over", "这件事已经处理过了，请刷新后再看。")
    row.state, row.answer = "done" if good else "failed", words
    row.done_at, row.done_by = clock.now(), by.key
    row.save(update_fields=["state", "answer", "done_at", "done_by"])


def _views(rows: QuerySet[CaseStep]) -> list[StepView]:
    columns = (
        "id", "order_id", "purchase_id", "kind", "text", "state", "amount_fen", "answer", "done_at", "done_by",
    )  # fmt: skip
    return [StepView(*r) for r in rows.values_list(*columns)]
