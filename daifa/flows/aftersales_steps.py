"""The kept steps of a refund brought to what its plan says is due. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from uuid import UUID

from daifa.flows.aftersales_policy import Plan, Stage, StepDue
from daifa.flows.aftersales_words import StepKind
from daifa.kit.money import Fen
from daifa.kit.values import dataclass


@dataclass(frozen=True, slots=True)
class StepFact:
    """A step as it is kept: ``state`` open, done, failed or void."""

    id: UUID
    kind: StepKind
    purchase_id: UUID | None
    state: str
    reason: str = ""
    amount_fen: Fen | None = None


@dataclass(frozen=True, slots=True)
class StepMoves:
    """What becomes of the kept steps: new ones, ones open again, ones with new words or money, done, and void."""

    to_open: tuple[StepDue, ...] = ()
    to_reopen: tuple[tuple[StepFact, StepDue], ...] = ()
    to_change: tuple[tuple[StepFact, StepDue], ...] = ()
    to_finish: tuple[StepFact, ...] = ()
    to_void: tuple[StepFact, ...] = ()


def reconcile(kept: Sequence[StepFact], due: Plan) -> StepMoves:
    """Bring the kept steps of an order to its plan: one that is due no more was done, or is void where nobody wants
    it any more. Idempotent."""
    known = {(s.kind, s.purchase_id): s for s in kept}
    wanted = {(s.kind, s.purchase_id): s for s in due.steps}
    both = [(known[key], step) for key, step in wanted.items() if key in known]
    left = [s for key, s in known.items() if s.state == "open" and key not in wanted]
    stages = {i: stage for i, stage, _ in due.stages}
    return StepMoves(
        to_open=tuple(step for key, step in wanted.items() if key not in known),
        to_reopen=tuple((s, step) for s, step in both if s.state != "open"),
        to_change=tuple(
            (s, step)
            for s, step in both
            if s.state == "open" and (s.reason, s.amount_fen) != (step.reason, step.amount_fen)
        ),
        to_finish=tuple(s for s in left if not _moot(s, due, stages)),
        to_void=tuple(s for s in left if _moot(s, due, stages)),
    )


def _moot(step: StepFact, due: Plan, stages: Mapping[UUID, Stage]) -> bool:
    if step.purchase_id is None:
        return due.kept
    stage = stages.get(step.purchase_id, Stage.UNTOUCHED)
    if step.kind is StepKind.RESUME:
        return stage is not Stage.UNTOUCHED
    return stage in (Stage.UNTOUCHED, Stage.TO_RESUME)
