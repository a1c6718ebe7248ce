"""Attempts to place purchases by API, and the orders at suppliers' platforms that came of them.

The attempt rises only after a known refusal or close; the database refuses a second live attempt of a purchase.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from daifa.areas.purchasing.models import Placement, PlacementOrder, PurchaseOrder
from daifa.areas.purchasing.rules.lifecycles import PLACEMENT, SUPPLIER_ORDER
from daifa.base.tenancy import alone
from daifa.kit import clock
from daifa.kit.errors import Conflict, NotFound
from daifa.kit.values import dataclass
from daifa.ports.supplier_api import PurchaseState, RefundStage, SupplierOrder

LIVE = ("intended", "unknown", "placed", "shipped", "done")


@dataclass(frozen=True, slots=True)
class PlacementView:
    """One attempt; money in fen, ``external_ids`` the supplier's own order numbers."""

    id: UUID
    purchase_id: UUID
    connection_id: UUID
    attempt: int
    reference: str
    state: str
    pay_state: str
    quoted_fen: int | None
    total_fen: int | None
    freight_fen: int | None
    pay_url: str
    reason: str
    placed_at: datetime | None
    paid_at: datetime | None
    by_hand: bool
    external_ids: tuple[str, ...] = ()


def view(row: Placement, external_ids: Sequence[str] = ()) -> PlacementView:
    """A row as a value."""
    return PlacementView(
        row.id, row.purchase_id, row.connection_id, row.attempt, row.reference, row.state, row.pay_state,
        row.quoted_fen, row.total_fen, row.freight_fen, row.pay_url, row.reason, row.placed_at, row.paid_at,
        row.by_hand, tuple(external_ids),
    )  # fmt: skip


def next_attempt(purchase_id: UUID) -> int:
    """The number of the next attempt: the present one while it is only intended, else one more than the last."""
    row = Placement.objects.filter(purchase_id=purchase_id).order_by("-attempt").first()
    if row is None:
        return 1
    return row.attempt if row.state == "intended" else row.attempt + 1


def reference_of(plain_number: str, attempt: int) -> str:
    """Our reference: what the supplier's platform finds the order by."""
    return f"{plain_number}-{attempt}"


def one_at_a_time() -> None:
    """Wait until nobody else of the company decides on a placing; held until the transaction ends."""
    alone("placing")


def intend(*, purchase_id: UUID, connection_id: UUID, reference: str, attempt: int, quoted_fen: int) -> PlacementView:
    """Write down that this attempt is about to be made; the same attempt again is the same row.

    Raises IntegrityError (``placement_live``) while another attempt of the purchase may stand.
    """
    row, _ = Placement.objects.select_for_update().get_or_create(
        purchase_id=purchase_id,
        attempt=attempt,
        defaults={"connection_id": connection_id, "reference": reference, "quoted_fen": quoted_fen},
    )
    if row.state not in {"intended", "unknown"}:
        raise Conflict("placement_over", f"{row.reference} 现在是“{PLACEMENT.labels[row.state]}”，不能再下单。")
    row.quoted_fen = quoted_fen
    row.save(update_fields=["quoted_fen"])
    return view(row)


def by_reference(reference: str) -> PlacementView | None:
    """The attempt that carries this reference."""
    row = Placement.objects.filter(reference=reference).first()
    return view(row, _ids([row.id]).get(row.id, ())) if row else None


def of_purchases(purchase_ids: Collection[UUID]) -> dict[UUID, list[PlacementView]]:
    """Every attempt of these purchases, in order."""
    rows = list(Placement.objects.filter(purchase_id__in=list(purchase_ids)).order_by("purchase_id", "attempt"))
    ids = _ids([r.id for r in rows])
    found: dict[UUID, list[PlacementView]] = {}
    for row in rows:
        found.setdefault(row.purchase_id, []).append(view(row, ids.get(row.id, ())))
    return found


def _ids(placement_ids: Collection[UUID]) -> dict[UUID, list[str]]:
    found: dict[UUID, list[str]] = {}
    rows = PlacementOrder.objects.filter(placement_id__in=list(placement_ids)).order_by("created_at", "id")
    for placement, external in rows.values_list("placement_id", "external_id"):
        found.setdefault(placement, []).append(external)
    return found


def _locked(reference: str) -> Placement:
    row = Placement.objects.select_for_update().filter(reference=reference).first()
    if row is None:
        raise NotFound("no_such_placement", f"没有引用号为 {reference} 的下单。")
    return row


def move(reference: str, state: str, reason: str = "") -> PlacementView:
    """Bring an attempt to a state. Raises Conflict by the life cycle."""
    row = _locked(reference)
    PLACEMENT.check(row.state, state)
    row.state, row.reason = state, reason[:500]
    if state in {"closed", "refused"}:
        row.closed_at = clock.now()
    row.save()
    return view(row)


def doubt(reference: str, reason: str) -> None:
    """Nobody knows what became of an attempt under way; one whose order was read meanwhile is in no doubt."""
    row = _locked(reference)
    if row.state == "intended":
        row.state, row.reason = "unknown", reason[:500]
        row.save()


def placed(
    reference: str, external_ids: Sequence[str], *, total_fen: int | None, freight_fen: int | None, pay: bool
) -> PlacementView:
    """The supplier's platform has it, under these numbers. Saying it again changes nothing.

    Raises Conflict for a number that is another attempt's.
    """
    row = _locked(reference)
    PLACEMENT.check(row.state, "placed" if row.state in {"intended", "unknown"} else row.state)
    if row.state in {"intended", "unknown"}:
        row.state, row.placed_at = "placed", clock.now()
        row.pay_state = "due" if pay else "none"
    row.total_fen = total_fen if total_fen is not None else row.total_fen
    row.freight_fen = freight_fen if freight_fen is not None else row.freight_fen
    row.reason = ""
    row.save()
    _set_aside(row, external_ids)
    for external in external_ids:
        order, _ = PlacementOrder.objects.get_or_create(
            connection_id=row.connection_id, external_id=external, defaults={"placement_id": row.id}
        )
        if order.placement_id != row.id:
            raise Conflict("order_bound", f"平台订单 {external} 已经属于另一次下单，不能再记到 {row.reference}。")
    return view(row, external_ids)


def _set_aside(row: Placement, external_ids: Sequence[str]) -> None:
    """Where a platform's number is of a thing that may be asked for again, what closed before keeps it with a mark."""
    before = PlacementOrder.objects.select_for_update().filter(
        connection_id=row.connection_id, external_id__in=list(external_ids), state="closed"
    )
    for order in before.exclude(placement_id=row.id):
        order.external_id = f"{order.external_id}（{Placement.objects.get(id=order.placement_id).reference}）"
        order.save(update_fields=["external_id"])


@dataclass(frozen=True, slots=True)
class AsRead:
    """How the platform said that one of its orders stands, when we read it last; ``asked_at``: when we asked."""

    modified_at: datetime | None
    platform_state: str
    refund: str
    total_fen: int | None
    asked_at: datetime | None


def last_read(connection_id: UUID, external_id: str) -> AsRead | None:
    """How a supplier's order stood when it was read last; None for one that belongs to no placement of ours."""
    rows = PlacementOrder.objects.filter(connection_id=connection_id, external_id=external_id)
    found = rows.values_list("modified_at", "platform_state", "refund_state", "total_fen", "asked_at").first()
    return AsRead(*found) if found else None


def purchase_of(connection_id: UUID, external_id: str, reference: str) -> UUID | None:
    """The purchase that a supplier's order belongs to, by its number or by our reference; None for none of ours."""
    there = PlacementOrder.objects.filter(connection_id=connection_id, external_id=external_id)
    known = there.values_list("placement__purchase_id", flat=True).first()
    if known is not None or not reference:
        return known
    told = Placement.objects.filter(connection_id=connection_id, reference=reference)
    return told.values_list("purchase_id", flat=True).first()


def placed_after(connection_id: UUID, external_id: str, at: datetime) -> bool:
    """Whether an order of ours was placed after this moment: what was asked before says nothing of it."""
    rows = PlacementOrder.objects.filter(connection_id=connection_id, external_id=external_id)
    return rows.filter(placement__placed_at__gt=at).exists()


def factory_of(connection_id: UUID, external_id: str) -> str:
    """The factory on the shop's platform that one of our orders is with; "" where it is any other supplier's."""
    rows = PlacementOrder.objects.filter(connection_id=connection_id, external_id=external_id)
    return rows.values_list("placement__purchase__factory", flat=True).first() or ""


def mine(references: Collection[str]) -> bool:
    """Whether one of these references is of ours."""
    return Placement.objects.filter(reference__in=list(references)).exists()


def claimed(connection_id: UUID, references: Mapping[str, str]) -> set[str]:
    """Of orders at a supplier's platform (number: the reference in it), those that are known to be a purchase's.

    One that carries the reference of an attempt whose outcome is unknown is not.
    """
    there = PlacementOrder.objects.filter(connection_id=connection_id, external_id__in=list(references))
    by_number = set(there.values_list("external_id", flat=True))
    settled = Placement.objects.filter(connection_id=connection_id, reference__in=set(references.values()) - {""})
    by_reference = set(settled.exclude(state="unknown").values_list("reference", flat=True))
    return by_number | {number for number, said in references.items() if said in by_reference}


def pay_state(reference: str, state: str, *, url: str = "") -> None:
    """How far the payment of an attempt is."""
    row = _locked(reference)
    row.pay_state = state
    row.pay_url = url or row.pay_url
    if state == "paid" and row.paid_at is None:
        row.paid_at = clock.now()
    row.save(update_fields=["pay_state", "pay_url", "paid_at"])


@dataclass(frozen=True, slots=True)
class Moved:
    """What a reading of a supplier's order changed; ``closed``: nothing of the attempt is coming any more."""

    placement: PlacementView
    order_state: str
    before: str
    closed: bool = False
    refunded_fen: int | None = None
    refund: RefundStage = RefundStage.NONE
    refund_moved: bool = False


def seen(connection_id: UUID, order: SupplierOrder, *, asked_at: datetime | None = None) -> Moved | None:
    """Take in how one of our orders stands at the supplier's platform; None for an order that is none of ours.

    An order that carries our reference and was not known is adopted: that is how a lost answer is healed.
    """
    row = PlacementOrder.objects.filter(connection_id=connection_id, external_id=order.external_id).first()
    if row is None:
        attempt = Placement.objects.filter(reference=order.reference, connection_id=connection_id).first()
        if not order.reference or attempt is None:
            return None
        placed(order.reference, [order.external_id], total_fen=None, freight_fen=None, pay=True)
        row = PlacementOrder.objects.get(connection_id=connection_id, external_id=order.external_id)
    placement = Placement.objects.select_for_update().get(id=row.placement_id)
    before, refund = row.state, row.refund_state
    if row.modified_at is None or order.modified_at is None or order.modified_at >= row.modified_at:
        row.asked_at = asked_at or row.asked_at
        _take(row, order)
    moved = _settle(placement, row, before)
    return replace(moved, refund=RefundStage(row.refund_state), refund_moved=row.refund_state != refund)


def refund_asked(connection_id: UUID, external_id: str, ref: str) -> None:
    """The money of one of our orders was asked back, under the platform's own number; how it stands is read."""
    PlacementOrder.objects.filter(connection_id=connection_id, external_id=external_id).update(refund_ref=ref)


def _take(row: PlacementOrder, order: SupplierOrder) -> None:
    if SUPPLIER_ORDER.allows(row.state, order.state.value):
        row.state = order.state.value
    moved_on = row.modified_at is None or order.modified_at is None or order.modified_at > row.modified_at
    row.platform_state, row.modified_at = order.platform_state, order.modified_at or row.modified_at
    for name in ("total_fen", "freight_fen", "refunded_fen"):
        value = getattr(order, name)
        if value is not None:
            setattr(row, name, value)
    row.closed_why = order.close_reason or row.closed_why
    row.refund_state = _refund(RefundStage(row.refund_state), order, moved_on=moved_on).value
    row.save()


def _refund(before: RefundStage, order: SupplierOrder, *, moved_on: bool) -> RefundStage:
    open_before = before in {RefundStage.ASKED, RefundStage.REFUSED, RefundStage.GOODS_BACK}
    if order.refund is not RefundStage.NONE or not open_before or order.state is PurchaseState.CLOSED:
        return order.refund
    # It was asked for and stands no more: withdrawn, run out, or refused for good. An older reading says nothing.
    return RefundStage.REFUSED if moved_on else before


def _settle(placement: Placement, row: PlacementOrder, before: str) -> Moved:
    """The attempt follows its orders: shipped when one is, done when all are, closed when all are."""
    every = list(PlacementOrder.objects.filter(placement_id=placement.id))
    states = {o.state for o in every}
    wanted = placement.state
    if states == {"closed"}:
        wanted = "closed"
    elif states <= {"done", "closed"}:
        wanted = "done"
    elif states & {"shipped", "done"}:
        wanted = "shipped"
    closed = wanted == "closed" and placement.state != "closed"
    if wanted != placement.state and PLACEMENT.allows(placement.state, wanted):
        placement.state = wanted
        placement.closed_at = clock.now() if wanted == "closed" else placement.closed_at
        placement.reason = row.closed_why[:500] if wanted == "closed" else placement.reason
    if placement.pay_state in {"due", "paying"} and states & {"paid", "shipped", "done"}:
        placement.pay_state, placement.paid_at = "paid", placement.paid_at or clock.now()
    totals = [o.total_fen for o in every if o.state != "closed"]
    if totals and all(t is not None for t in totals):
        placement.total_fen = sum(t or 0 for t in totals)
    placement.refunded_fen = sum(o.refunded_fen or 0 for o in every) or None
    placement.save()
    return Moved(
        view(placement, [o.external_id for o in every]), row.state, before, closed=closed, refunded_fen=row.refunded_fen
    )  # fmt: skip


def free_for(purchase_id: UUID, connection_id: UUID, external_id: str) -> None:
    """Raises Conflict when this order at the supplier's platform belongs to another purchase."""
    taken = PlacementOrder.objects.filter(connection_id=connection_id, external_id=external_id).first()
    if taken is None:
        return
    owner = Placement.objects.get(id=taken.placement_id).purchase_id
    if owner != purchase_id:
        number = PurchaseOrder.objects.values_list("number", flat=True).get(id=owner)
        raise Conflict("order_bound", f"平台订单 {external_id} 已经属于采购单 {number}，一张平台订单只能绑一次。")


def bind(
    *,
    purchase_id: UUID,
    connection_id: UUID,
    external_id: str,
    total_fen: int | None,
    freight_fen: int | None,
    pay: bool,
) -> PlacementView:
    """An order that a person placed by hand at the supplier's platform belongs to this purchase from now on.

    Raises Conflict when the number belongs to another purchase, or another attempt may stand.
    """
    free_for(purchase_id, connection_id, external_id)
    if Placement.objects.filter(purchase_id=purchase_id, state__in=LIVE).exists():
        raise Conflict("attempt_open", "这张采购单还有一次下单没有结果，先查清再绑定。")
    attempt = next_attempt(purchase_id)
    plain = PurchaseOrder.objects.values_list("plain_number", flat=True).get(id=purchase_id)
    row = Placement.objects.create(
        purchase_id=purchase_id, connection_id=connection_id, attempt=attempt, by_hand=True,
        reference=reference_of(str(plain), attempt),
    )  # fmt: skip
    return placed(row.reference, [external_id], total_fen=total_fen, freight_fen=freight_fen, pay=pay)
