"""What must be supplied because of an order's lines, and why something of it need not be. Pure.

Bundles become their parts, multipacks multiply, gifts count like goods, a 不发货 line asks for nothing. Frozen when
matched: later changes of a mapping do not reach it; only the buyer's side (refund, cancel) or other hands close it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from enum import StrEnum
from uuid import UUID

from daifa.kit.values import dataclass
from daifa.ports.shop import GONE, OrderState, RefundState


class Closing(StrEnum):
    """Why a demand is not wanted (any more)."""

    UNPAID = "unpaid"
    NO_SHIP = "no_ship"
    CANCELLED = "cancelled"
    REFUNDED = "refunded"
    ELSEWHERE = "elsewhere"


CLOSING_LABELS = {
    Closing.UNPAID: "还没有付款",
    Closing.NO_SHIP: "不发货的商品",
    Closing.CANCELLED: "已取消",
    Closing.REFUNDED: "已全额退款",
    Closing.ELSEWHERE: "平台上已由别处发货",
}


@dataclass(frozen=True, slots=True)
class DemandLine:
    """One matched line: parts are (SKU, pieces in one piece of the line); ``ours``: pieces of it that we have bought.

    ``ships`` false (补差价, 运费) has no parts. ``state`` None: the source tells no state of its own for the line.
    """

    line_id: UUID
    quantity: int
    parts: tuple[tuple[UUID, int], ...]
    ships: bool = True
    state: OrderState | None = None
    refund: RefundState = RefundState.NONE
    ours: int = 0


@dataclass(frozen=True, slots=True)
class Wanted:
    """So many pieces of one SKU are wanted for a line."""

    line_id: UUID
    sku_id: UUID
    quantity: int


@dataclass(frozen=True, slots=True)
class Demanded:
    """What an order demands, and the lines that demand nothing, each with its cause."""

    wanted: tuple[Wanted, ...]
    closed: tuple[tuple[UUID, Closing], ...]


def pieces_of(quantity: int, parts: Iterable[tuple[UUID, int]]) -> dict[UUID, int]:
    """Pieces of each SKU in so many pieces of a listing SKU; a SKU that is named twice is counted together."""
    found: dict[UUID, int] = {}
    for sku_id, pieces in parts:
        found[sku_id] = found.get(sku_id, 0) + quantity * pieces
    return found


def rest_of(whole: int, quantity: int, gone: int) -> int:
    """Pieces still wanted of so many for a line of ``quantity``, of which ``gone`` left by other hands."""
    return whole // quantity * max(quantity - gone, 0)


def closing_of(
    state: OrderState,
    refund: RefundState,
    line_state: OrderState | None,
    line_refund: RefundState,
    *,
    cash_on_delivery: bool = False,
    ours: int = 0,
) -> Closing | None:
    """Why the goods of a line are not to be bought; None when they are. An applied refund is not yet a no."""
    if OrderState.CANCELLED in (state, line_state):
        return Closing.CANCELLED
    if RefundState.FULL in (refund, line_refund):
        return Closing.REFUNDED
    if state is OrderState.UNPAID and not cash_on_delivery:
        return Closing.UNPAID
    # Platforms that know one state for the whole order call it shipped with its first parcel: only where lines differ
    # is a line's own word proof that other hands shipped it.
    told = state is OrderState.PART_SHIPPED and line_state in GONE
    return Closing.ELSEWHERE if told and not ours else None


def demand_of(
    state: OrderState, refund: RefundState, lines: Sequence[DemandLine], *, cash_on_delivery: bool = False
) -> Demanded:
    """Everything that must be supplied for an order, by line and SKU, and why the other lines ask for nothing."""
    wanted: list[Wanted] = []
    closed: list[tuple[UUID, Closing]] = []
    for line in lines:
        cause = closing_of(state, refund, line.state, line.refund, cash_on_delivery=cash_on_delivery, ours=line.ours)
        if cause is None and not line.ships:
            cause = Closing.NO_SHIP
        if cause is not None:
            closed.append((line.line_id, cause))
        else:
            pieces = pieces_of(line.quantity, line.parts)
            wanted += [Wanted(line.line_id, sku_id, n) for sku_id, n in pieces.items() if n]
    return Demanded(tuple(wanted), tuple(closed))
