"""Orders of the demo company as they really are; the exports only tell parts of this.

Money in fen, moments aware UTC. A line's money: ``amount`` goods at listed price; from it go the merchant's,
platform's, talent's and payment channel's discounts; the buyer pays the rest and the freight; the merchant gets back
what others bore.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from daifa.simulator.listings import ListingSku
from daifa.simulator.places import Person


class Phase(StrEnum):
    """Where an order stands at a moment."""

    UNPAID = "unpaid"
    PAID = "paid"
    SHIPPED = "shipped"
    FINISHED = "finished"
    CLOSED = "closed"


class RefundPhase(StrEnum):
    """Where a refund stands at a moment."""

    NONE = "none"
    APPLIED = "applied"
    WITHDRAWN = "withdrawn"
    PART = "part"
    FULL = "full"


@dataclass(slots=True)
class OrderLine:
    """One line of an order."""

    number: str
    listing: ListingSku
    quantity: int
    merchant_fen: int = 0
    platform_fen: int = 0
    talent_fen: int = 0
    channel_fen: int = 0

    @property
    def amount_fen(self) -> int:
        """Goods at listed price."""
        return self.listing.price_fen * self.quantity

    @property
    def payable_fen(self) -> int:
        """What is left to pay before the payment channel's own discount (抖店 订单应付金额)."""
        return self.amount_fen - self.merchant_fen - self.platform_fen - self.talent_fen

    @property
    def paid_fen(self) -> int:
        """What the buyer pays for the line."""
        return self.payable_fen - self.channel_fen

    @property
    def receivable_fen(self) -> int:
        """What the merchant gets for the line."""
        return self.amount_fen - self.merchant_fen


@dataclass(slots=True)
class Refund:
    """A wish for money back and what became of it; ``line`` None means the whole order."""

    number: str
    applied_at: datetime
    settled_at: datetime | None
    outcome: RefundPhase
    amount_fen: int
    reason: str
    needs_return: bool = False
    line: int | None = None


@dataclass(slots=True)
class Order:
    """One order. ``hold`` names the one thing that is meant to stop it today ('' = nothing).

    ``told``: what the shop's export shows of the recipient: plain, masked or absent; ``joined``: a second file names
    the recipient. ``wait``: under_review, group_pending, presale, reserved or risk.
    """

    platform: str
    number: str
    buyer: str
    ordered_at: datetime
    paid_at: datetime | None
    ship_by: datetime | None
    lines: list[OrderLine]
    person: Person
    told: str
    joined: bool = False
    freight_fen: int = 0
    talent: str = ""
    note: str = ""
    memo: str = ""
    flag: str = ""
    wait: str = ""
    not_before: datetime | None = None
    sf_demand: bool = False
    consolidation: str = ""
    gift: ListingSku | None = None
    shipped_at: datetime | None = None
    signed_at: datetime | None = None
    finished_at: datetime | None = None
    closed_at: datetime | None = None
    parcels: list[tuple[str, str]] = field(default_factory=list)
    refund: Refund | None = None
    hold: str = ""

    @property
    def amount_fen(self) -> int:
        """Goods at listed price."""
        return sum(line.amount_fen for line in self.lines)

    @property
    def paid_fen(self) -> int:
        """What the buyer pays, freight included."""
        return sum(line.paid_fen for line in self.lines) + self.freight_fen

    @property
    def receivable_fen(self) -> int:
        """What the merchant gets, before refunds and fees."""
        return sum(line.receivable_fen for line in self.lines) + self.freight_fen

    def merchant_fen(self) -> int:
        """The shop's own discounts."""
        return sum(line.merchant_fen for line in self.lines)

    def platform_fen(self) -> int:
        """The platform's discounts."""
        return sum(line.platform_fen for line in self.lines)

    def phase(self, at: datetime) -> Phase:
        """Where the order stands at a moment."""
        if self.closed_at is not None and self.closed_at <= at:
            return Phase.CLOSED
        if self.paid_at is None or self.paid_at > at:
            return Phase.UNPAID
        if self.finished_at is not None and self.finished_at <= at:
            return Phase.FINISHED
        if self.shipped_at is not None and self.shipped_at <= at:
            return Phase.SHIPPED
        return Phase.PAID

    def refund_phase(self, at: datetime, line: int | None = None) -> RefundPhase:
        """Where its refund stands at a moment; for one line when asked."""
        refund = self.refund
        if refund is None or refund.applied_at > at:
            return RefundPhase.NONE
        if line is not None and refund.line is not None and refund.line != line:
            return RefundPhase.NONE
        if refund.settled_at is None or refund.settled_at > at:
            return RefundPhase.APPLIED
        if line is not None and refund.outcome is RefundPhase.PART and refund.line == line:
            # The order is refunded in part because this line is refunded whole.
            return RefundPhase.FULL if refund.amount_fen >= self.lines[line].paid_fen else RefundPhase.PART
        return refund.outcome

    def refunded_fen(self, at: datetime) -> int:
        """Money given back by a moment."""
        done = self.refund_phase(at) in (RefundPhase.PART, RefundPhase.FULL)
        return self.refund.amount_fen if done and self.refund is not None else 0
