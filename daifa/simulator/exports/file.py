"""An exported file with the truth about what it says, counted from the world and never from the file."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import field
from datetime import datetime

from daifa.kit.clock import BEIJING
from daifa.kit.masking import mask_name, mask_phone
from daifa.kit.values import dataclass
from daifa.simulator.orders import Order, Phase


@dataclass(frozen=True, slots=True)
class Totals:
    """Sums over the distinct orders of a file, fen; None where the file has no such column."""

    amount_fen: int | None = None
    paid_fen: int | None = None
    receivable_fen: int | None = None
    refunded_fen: int | None = None


@dataclass(frozen=True, slots=True)
class Exported:
    """One file: its bytes, what it is, and what an importer must find in it.

    ``kind``: orders, lines (an item report without orders), refunds, recipients or parcels. ``rows`` are data rows.
    """

    name: str
    data: bytes
    kind: str
    platform: str
    shop: str
    at: datetime
    rows: int
    orders: int
    lines: int = 0
    totals: Totals = field(default_factory=Totals)
    recipients: Mapping[str, int] = field(default_factory=dict)
    password: str = ""


def counted(orders: Sequence[Order]) -> dict[str, int]:
    """How many orders show their recipient plain, masked or not at all."""
    return dict(sorted(Counter(o.told for o in orders).items()))


def paid_by(order: Order, at: datetime) -> int:
    """What the buyer has paid by a moment: nothing yet for an unpaid order."""
    return order.paid_fen if order.paid_at is not None and order.paid_at <= at else 0


def totals(orders: Sequence[Order], at: datetime, *, refunded: bool = False) -> Totals:
    """What a file that names goods, payment and receipt adds up to at its moment."""
    return Totals(
        sum(o.amount_fen for o in orders),
        sum(paid_by(o, at) for o in orders),
        sum(o.receivable_fen for o in orders),
        sum(o.refunded_fen(at) for o in orders) if refunded else None,
    )


def shown_name(order: Order) -> str:
    """The recipient's name as the export shows it."""
    return {"plain": order.person.name, "masked": mask_name(order.person.name), "absent": ""}[order.told]


def shown_phone(order: Order) -> str:
    """The recipient's phone as the export shows it."""
    return {"plain": order.person.phone, "masked": mask_phone(order.person.phone), "absent": ""}[order.told]


def shown_detail(order: Order) -> str:
    """The detailed address as the export shows it."""
    return {"plain": order.person.detail, "masked": "****", "absent": ""}[order.told]


def is_shipped(order: Order, at: datetime) -> bool:
    """Whether the order's parcels are known by a moment."""
    return order.shipped_at is not None and order.shipped_at <= at


def file_stamp(at: datetime) -> str:
    """``20260915091000``, Beijing."""
    return f"{at.astimezone(BEIJING):%Y%m%d%H%M%S}"


def has_paid(order: Order, at: datetime) -> bool:
    """Whether money has come."""
    return order.phase(at) is not Phase.UNPAID
