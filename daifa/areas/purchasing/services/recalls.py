"""Purchases after sending: looked up, asked back, and what the supplier's answer to that sets free."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from daifa.areas.purchasing.models import PurchaseLine, PurchaseOrder
from daifa.areas.purchasing.rules.lifecycles import LINE_WAITING, PURCHASE
from daifa.areas.purchasing.services import purchases
from daifa.kit.errors import Conflict, NotFound
from daifa.kit.values import dataclass


@dataclass(frozen=True, slots=True)
class PurchaseBrief:
    """One purchase and whose it is."""

    id: UUID
    number: str
    supplier_id: UUID
    supplier: str
    shop_id: UUID
    state: str


@dataclass(frozen=True, slots=True)
class LineBrief:
    """One purchase line, whose it is, and whether its purchase has left."""

    id: UUID
    order_id: UUID
    purchase_id: UUID
    number: str
    supplier_id: UUID
    supplier: str
    state: str
    sent: bool


def get(purchase_id: UUID) -> PurchaseBrief:
    """One purchase. Raises NotFound."""
    row = PurchaseOrder.objects.select_related("supplier").filter(id=purchase_id).first()
    if row is None:
        raise NotFound("no_such_purchase", "没有这张采购单。")
    return PurchaseBrief(row.id, row.number, row.supplier_id, row.supplier.name, row.shop_id, row.state)


def lines_of(line_ids: Sequence[UUID]) -> list[LineBrief]:
    """These lines. Raises NotFound when one is not there."""
    wanted = set(line_ids)
    rows = PurchaseLine.objects.select_related("purchase__supplier").filter(id__in=wanted).order_by("id")
    found = [
        LineBrief(
            r.id, r.order_id, r.purchase_id, r.purchase.number, r.purchase.supplier_id, r.purchase.supplier.name,
            r.state, r.purchase.sent_at is not None,
        )
        for r in rows
    ]  # fmt: skip
    if len(found) != len(wanted):
        raise NotFound("no_such_line", "有的商品行已经不在了，请刷新后再试。")
    return found


def _locked(purchase_id: UUID, state: str) -> PurchaseOrder:
    row = PurchaseOrder.objects.select_for_update().filter(id=purchase_id).first()
    if row is None:
        raise NotFound("no_such_purchase", "没有这张采购单。")
    PURCHASE.check(row.state, state)
    return row


def _move(row: PurchaseOrder, state: str) -> None:
    row.state = state
    row.version += 1
    row.save(update_fields=["state", "version"])


def start_recall(purchase_id: UUID) -> None:
    """Ask a sent purchase back; its pieces stay bought until the supplier agrees. Raises Conflict."""
    row = _locked(purchase_id, "recalling")
    if row.state == "recalling":
        raise Conflict("recall_open", f"{row.number} 已经在追回中，等供应商答复。")
    _move(row, "recalling")


def end_recall(purchase_id: UUID, *, agreed: bool, words: str) -> None:
    """The supplier's answer: agreed lines die and free their pieces, what was shipped stays; refused goes on."""
    row = PurchaseOrder.objects.select_for_update().get(id=purchase_id)
    if row.state != "recalling":
        raise Conflict("not_recalling", f"{row.number} 没有在追回。")
    lines = PurchaseLine.objects.filter(purchase_id=purchase_id, live=True, state__in=LINE_WAITING)
    # A piece that left cannot come back by a word: lines shipped in part stay as they are.
    waiting = list(lines.filter(shipped_qty=0).values_list("id", flat=True))
    if agreed and not waiting:
        raise Conflict("all_shipped", f"{row.number} 的货都已发出，不能算追回，请走拦截退回。")
    purchases.answer_lines([(i, "recalled" if agreed else "accepted", words) for i in waiting])
    row.refresh_from_db()
    if row.state == "recalling":
        states = set(PurchaseLine.objects.filter(purchase_id=purchase_id, live=True).values_list("state", flat=True))
        after = "accepted" if states <= {"accepted"} else "part_shipped"
        PURCHASE.check(row.state, after)
        _move(row, after)


def close(purchase_id: UUID) -> None:
    """Nothing more is expected of it. Raises Conflict by the life cycle, or while pieces are still to come."""
    row = _locked(purchase_id, "closed")
    if PurchaseLine.objects.filter(purchase_id=purchase_id, live=True, state__in=("open", "accepted")).exists():
        raise Conflict("pieces_to_come", f"{row.number} 还有货没到，不能完结。请先追回或等发货。")
    _move(row, "closed")
