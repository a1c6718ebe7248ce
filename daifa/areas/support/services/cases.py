"""After-sale cases as the platforms tell them: one row per refund, moved by newer exports."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from uuid import UUID

from daifa.areas.support.models import Case
from daifa.base import bulk
from daifa.kit import clock
from daifa.kit.errors import NotFound
from daifa.kit.ids import uuid7
from daifa.kit.values import dataclass
from daifa.ports.shop import RefundState, ShopRefund

# A reading of the order as JSON: its stamp and its values.
type Waiting = list[object]

COLUMNS = (
    "state", "platform_state", "amount_fen", "needs_return", "reason", "applied_at", "finished_at", "return_courier",
    "return_tracking", "answer_by",
)  # fmt: skip


def record(shop_id: UUID, refunds: Sequence[tuple[ShopRefund, UUID | None, Waiting]]) -> list[UUID]:
    """Write cases (refund, order id, what it says of the order); a known case takes the newer word unless it is over.

    Without an order the case waits for it, with everything that was said of it so far. Returns ids.
    """
    last = {r.external_id: (r, order) for r, order, _ in refunds}
    held = _waiting(shop_id, last)
    for refund, order, said in refunds:
        if order is None and said not in held.setdefault(refund.external_id, []):
            held[refund.external_id].append(said)
    at = clock.now()
    rows: list[tuple[object, ...]] = [
        (
            uuid7(), at, shop_id, r.external_id, order, r.order_external_id,
            held.get(r.external_id, []) if order is None else [],
            r.state.value, r.platform_state, r.amount_fen, r.needs_return, r.reason, r.applied_at, r.finished_at,
            r.return_courier, r.return_tracking, r.answer_by, [], "", 1,
        )
        for r, order in last.values()
    ]  # fmt: skip
    columns = (
        "id", "created_at", "shop_id", "external_id", "order_id", "order_no", "waiting", *COLUMNS,
        "refuse_reasons", "closed_why", "version",
    )  # fmt: skip
    over = "support_case.state IN ('full', 'withdrawn')"
    sets = ", ".join(f"{c} = CASE WHEN {over} THEN support_case.{c} ELSE EXCLUDED.{c} END" for c in COLUMNS)
    written = bulk.insert(
        Case,
        columns,
        rows,
        on_conflict=(
            f"(tenant_id, shop_id, external_id) DO UPDATE SET {sets}, waiting = EXCLUDED.waiting,"
            " order_id = coalesce(support_case.order_id, EXCLUDED.order_id), version = support_case.version + 1"
        ),
    )
    return [i for (i,) in written]


@dataclass(frozen=True, slots=True)
class CaseView:
    """One case. ``reasons``: (code, words, needs evidence) by which it may be refused, None while not read."""

    id: UUID
    shop_id: UUID
    external_id: str
    order_id: UUID | None
    state: str
    platform_state: str
    amount_fen: int | None
    needs_return: bool | None
    reason: str
    applied_at: datetime | None
    answer_by: datetime | None
    return_courier: str
    return_tracking: str
    reasons: tuple[tuple[str, str, bool], ...] | None


def _view(row: Case) -> CaseView:
    said = row.refuse_reasons if row.refuse_reasons_at is not None else None
    return CaseView(
        row.id, row.shop_id, row.external_id, row.order_id, row.state, row.platform_state, row.amount_fen,
        row.needs_return, row.reason, row.applied_at, row.answer_by, row.return_courier, row.return_tracking,
        None if said is None else tuple((str(c), str(w), bool(e)) for c, w, e in said),
    )  # fmt: skip


def get(case_id: UUID, *, lock: bool = False) -> CaseView:
    """One case. Raises NotFound."""
    rows = Case.objects.select_for_update() if lock else Case.objects
    row = rows.filter(id=case_id).first()
    if row is None:
        raise NotFound("no_such_case", "没有这个售后单，请刷新。")
    return _view(row)


def open_of(order_id: UUID) -> list[CaseView]:
    """The cases of an order that are not over, the oldest first."""
    rows = Case.objects.filter(order_id=order_id, state=RefundState.APPLIED.value)
    return [_view(c) for c in rows.order_by("applied_at", "id")]


def keep_reasons(case_id: UUID, reasons: Sequence[tuple[str, str, bool]]) -> None:
    """By which reasons the platform lets a case be refused now."""
    Case.objects.filter(id=case_id).update(refuse_reasons=[list(r) for r in reasons], refuse_reasons_at=clock.now())


def _waiting(shop_id: UUID, external_ids: Iterable[str]) -> dict[str, list[Waiting]]:
    rows = Case.objects.select_for_update().filter(shop_id=shop_id, external_id__in=list(external_ids), order=None)
    return dict(rows.order_by("id").values_list("external_id", "waiting"))


def arrived(shop_id: UUID, orders: Mapping[str, UUID]) -> list[tuple[str, Waiting]]:
    """These orders (number → id) have come: their waiting cases are theirs. Returns (number, what was said)."""
    rows = list(
        Case.objects.select_for_update()
        .filter(shop_id=shop_id, order_no__in=list(orders), order=None)
        .order_by("id")
        .values_list("id", "order_no", "waiting")
    )
    bulk.update(Case, ("order_id", "waiting"), [(i, orders[number], []) for i, number, _ in rows])
    return [(number, said) for _, number, waiting in rows for said in waiting]


def rehome(order_id: UUID, shop_id: UUID) -> None:
    """The cases of an order follow it to another shop."""
    Case.objects.filter(order_id=order_id).update(shop_id=shop_id)
