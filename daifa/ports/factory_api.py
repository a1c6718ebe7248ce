"""Handing a shop's order lines to factories bound to the shop, on the shop's own platform (厂商代发).

The factory sees the receiver there and ships; its return ships the shop's order, so nothing is reported by us.
Optional beside ``ShopApi``, under the same connection. Raises ``errors``.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from daifa.kit.values import dataclass
from daifa.ports.errors import RemoteError
from daifa.ports.shop_api import FeedTerms, Item, Page
from daifa.ports.supplier_api import PlacingTerms, SupplierParcel
from daifa.ports.transport import Credentials, Transport

# The feed under which pushes and windows tell of assignments: what suppliers' platforms tell of our orders.
FEED = "purchases"


class Bond(StrEnum):
    """How far a factory is bound to the shop."""

    ASKED = "asked"
    BOUND = "bound"
    REFUSED = "refused"
    ENDED = "ended"


class AssignState(StrEnum):
    """Where an assignable line stands: with nobody, with a factory, shipped by it, taken back."""

    OPEN = "open"
    ASSIGNED = "assigned"
    SHIPPED = "shipped"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class BoundFactory:
    """A factory that the shop knows on its platform."""

    id: str
    name: str
    bond: Bond


@dataclass(frozen=True, slots=True)
class Assignment:
    """One line of a shop's order that a factory may ship; ``number`` is the platform's own for it.

    ``line_id``, ``sku_id``, ``factory_id``: "" where unsaid; ``pieces`` of the listing. ``reason``: why it was taken
    back. A parcel's lines are (line, SKU, pieces of the listing), empty when unsaid (then: all of it).
    """

    number: str
    order_id: str
    state: AssignState
    line_id: str = ""
    sku_id: str = ""
    pieces: int = 0
    factory_id: str = ""
    parcels: tuple[SupplierParcel, ...] = ()
    reason: str = ""
    modified_at: datetime | None = None

    def is_of(self, line_id: str, sku_id: str) -> bool:
        """Whether it is of this line: by the line's number, by the SKU where the platform does not say that."""
        return self.line_id == line_id if self.line_id and line_id else bool(sku_id) and self.sku_id == sku_id


@dataclass(frozen=True, slots=True)
class Answered:
    """What came of handing over one line; ``error`` None: the factory has it."""

    number: str
    error: RemoteError | None = None


class FactoryApi(Protocol):
    """The merchant's side, for one shop."""

    def __init__(self, credentials: Credentials, transport: Transport, now: datetime) -> None: ...

    def factories(self) -> tuple[BoundFactory, ...]:
        """Every factory that the shop asked, is bound to, or was."""

    def assignable(self, order_id: str) -> list[Assignment]:
        """The lines of one order as they may be handed over; none where the platform does not offer it (yet)."""

    def assign(self, factory_id: str, numbers: Sequence[str]) -> list[Answered]:
        """Hand lines over, each with its own outcome, in the order asked. Raises OutcomeUnknown."""

    def cancel_assignment(self, number: str) -> None:
        """Take a line back before the factory ships."""

    def assignment(self, number: str) -> Assignment:
        """One of them as it is now. Raises NotThere."""

    def assignments(self, start: datetime, end: datetime, cursor: str = "") -> Page:
        """One page of what changed in the window."""


class FactoryDialect(Protocol):
    """Pure functions over what the platform sent of assignments, and how far handing over may be trusted."""

    terms: PlacingTerms
    feed: FeedTerms

    def assignment(self, item: Item) -> Assignment:
        """Theirs in our words. Raises BadReply."""
