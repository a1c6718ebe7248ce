"""Changes after sending: numbered per purchase without gaps, told to the supplier, answered by the supplier."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from daifa.areas.purchasing.models import Amendment, PurchaseOrder
from daifa.areas.purchasing.rules.lifecycles import AMENDMENT
from daifa.base.actor import Actor
from daifa.kit import clock
from daifa.kit.errors import Conflict, Invalid, NotFound
from daifa.kit.values import dataclass

KINDS = {"address": "改地址", "quantity": "改数量", "spec": "改规格", "recall": "追回"}


@dataclass(frozen=True, slots=True)
class AmendmentView:
    """One change of a purchase; ``text`` never holds personal data."""

    id: UUID
    purchase_id: UUID
    n: int
    kind: str
    kind_label: str
    text: str
    state: str
    state_label: str
    answer: str
    created_at: datetime
    answered_at: datetime | None


# Changes that the supplier has not answered.
WAITS = ("created", "sent")


def _view(row: Amendment) -> AmendmentView:
    return AmendmentView(
        row.id, row.purchase_id, row.n, row.kind, KINDS[row.kind], row.text, row.state, AMENDMENT.labels[row.state],
        row.answer, row.created_at, row.answered_at,
    )  # fmt: skip


def create(*, by: Actor, purchase_id: UUID, kind: str, text: str) -> AmendmentView:
    """The next change of a sent purchase. Raises Invalid, NotFound, Conflict (not sent, or over)."""
    if kind not in KINDS:
        raise Invalid("unknown_kind", f"没有“{kind}”这种变更。")
    if not text.strip():
        raise Invalid("text_missing", "请写明改了什么。", fields={"text": "请写明改了什么"})
    purchase = PurchaseOrder.objects.select_for_update().filter(id=purchase_id).first()
    if purchase is None:
        raise NotFound("no_such_purchase", "没有这张采购单。")
    if purchase.state in {"draft", "cancelled", "recalled", "closed", "refused"}:
        raise Conflict("not_amendable", f"{purchase.number} 还没有发出或已经结束，不用通知变更。")
    last = Amendment.objects.filter(purchase_id=purchase_id).order_by("-n").first()
    made = Amendment.objects.create(
        purchase_id=purchase_id,
        n=last.n + 1 if last else 1,
        before_id=last.id if last else None,
        kind=kind,
        text=text.strip(),
        by=by.key,
    )
    return _view(made)


def get(amendment_id: UUID) -> AmendmentView:
    """One change. Raises NotFound."""
    row = Amendment.objects.filter(id=amendment_id).first()
    if row is None:
        raise NotFound("no_such_amendment", "没有这条变更。")
    return _view(row)


def told(purchase_ids: Sequence[UUID]) -> None:
    """What was only written down has reached the supplier."""
    Amendment.objects.filter(purchase_id__in=list(purchase_ids), state="created").update(state="sent")


def move(amendment_id: UUID, state: str, *, answer: str = "") -> AmendmentView:
    """Sent, or the supplier's answer (acknowledged, too_late, refused). Raises NotFound, Conflict by the life cycle."""
    row = Amendment.objects.select_for_update().filter(id=amendment_id).first()
    if row is None:
        raise NotFound("no_such_amendment", "没有这条变更。")
    AMENDMENT.check(row.state, state)
    row.state, row.answer = state, answer.strip() or row.answer
    if state in {"acknowledged", "too_late", "refused"}:
        row.answered_at = clock.now()
    row.save(update_fields=["state", "answer", "answered_at"])
    return _view(row)


def of_purchases(purchase_ids: Sequence[UUID]) -> list[AmendmentView]:
    """Every change of these purchases, oldest first."""
    rows = Amendment.objects.filter(purchase_id__in=list(purchase_ids)).order_by("purchase_id", "n")
    return [_view(a) for a in rows]


def open_recall(purchase_id: UUID) -> AmendmentView | None:
    """The recall that waits for the supplier's answer; None without one."""
    row = Amendment.objects.filter(purchase_id=purchase_id, kind="recall", state__in=WAITS).first()
    return _view(row) if row else None
