"""Values of logistics that others may hold: couriers, what a supplier claims, and what becomes of a claim.

Tracking numbers are text as the courier writes them (capitals, no blanks). Moments are aware UTC.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import field
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from daifa.kit.values import dataclass

# (kind, normalised value) -> the key under which purchases carry it; kinds are "name", "tail" and "phone".
type KeyOf = Callable[[str, str], bytes]
# text -> (start, end, number) of each of our own purchase numbers inside it
type OwnNumbers = Callable[[str], list[tuple[int, int, str]]]


class CourierKind(StrEnum):
    """What stands behind a courier's name."""

    CARRIER = "carrier"
    PLATFORM_SERVICE = "platform_service"
    LOCAL = "local"
    SELF = "self"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Courier:
    """A courier company. ``pattern`` is the usual shape of its numbers ('' = unknown), ``codes`` maps a code system
    (kuaidi100, kdniao, taobao, pdd, douyin, kuaishou, jd, alibaba1688, weixin) to its code there."""

    code: str
    name: str
    aliases: tuple[str, ...] = ()
    kind: CourierKind = CourierKind.CARRIER
    active: bool = True
    pattern: str = ""
    codes: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Recognised:
    """Which courier it is ('' = cannot tell), how sure (0..1), why, and who else it might be."""

    code: str
    confidence: float
    reason: str
    others: tuple[str, ...] = ()
    agrees: bool = True


@dataclass(frozen=True, slots=True)
class NumberCheck:
    """A cleaned tracking number; ``problem`` is empty when it can be used, else the Chinese reason.

    ``kind`` names the problem for counting: empty, precision, phone, order_number, shape.
    """

    number: str
    kind: str = ""
    problem: str = ""

    @property
    def ok(self) -> bool:
        """Whether it can be used as a tracking number at all."""
        return not self.kind


@dataclass(frozen=True, slots=True)
class TrackingClaim:
    """What a supplier says: this number belongs to that order. ``row`` is 1-based in its file or text.

    ``names`` are candidate recipient names: a chat line may offer several words that are none, a sheet's name column
    is a name (``names_sure``). ``phone_tail`` is four digits, ``quantity`` None = not said, ``said`` the original
    (the number's cell, or the lines of a text).
    """

    row: int
    tracking_no: str
    courier: str = ""
    our_number: str = ""
    order_no: str = ""
    line_no: str = ""
    names: tuple[str, ...] = ()
    names_sure: bool = False
    phone: str = ""
    phone_tail: str = ""
    quantity: int | None = None
    title: str = ""
    spec: str = ""
    note: str = ""
    said: str = ""


@dataclass(frozen=True, slots=True)
class OpenLine:
    """One line of a purchase: pieces bought and already shipped. ``line_numbers`` are the platform's sub-orders."""

    line_id: UUID
    name: str
    spec: str
    quantity: int
    shipped: int = 0
    line_numbers: tuple[str, ...] = ()

    @property
    def left(self) -> int:
        """Pieces still to come."""
        return max(self.quantity - self.shipped, 0)


@dataclass(frozen=True, slots=True)
class OpenPurchase:
    """A purchase that waits for numbers, or shipped not long ago. Keys are what ``KeyOf`` gives, empty if unknown.

    ``numbers`` are all forms of our own number, ``order_numbers`` the platform's; ``dead`` says why nothing may be
    shipped any more (recalled, cancelled), or is empty; ``courier_demand`` the buyer's words; ``masked`` the first
    character of the name and the phone's last four digits that a masked recipient still shows; ``former`` numbers that
    a box went by before it got another.
    """

    purchase_id: UUID
    supplier_id: UUID
    numbers: tuple[str, ...]
    order_numbers: tuple[str, ...]
    lines: tuple[OpenLine, ...]
    name_key: bytes = b""
    phone_key: bytes = b""
    tail_key: bytes = b""
    tracking_numbers: tuple[str, ...] = ()
    dead: str = ""
    courier_demand: str = ""
    masked: tuple[str, str] = ("", "")
    former: tuple[str, ...] = ()

    @property
    def left(self) -> int:
        """Pieces still to come."""
        return sum(line.left for line in self.lines)

    @property
    def shown(self) -> str:
        """How people call it."""
        return self.numbers[0] if self.numbers else (self.order_numbers[0] if self.order_numbers else "")


@dataclass(frozen=True, slots=True)
class LiveNumber:
    """A tracking number already known: on which purchases, since when, and delivered when."""

    number: str
    purchase_ids: tuple[UUID, ...]
    shown: str
    since: datetime
    delivered_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class MatchSettings:
    """How long a number stays taken, and each supplier's usual courier (code), which decides between look-alikes."""

    window_days: int = 90
    usual_courier: Mapping[UUID, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Presumed:
    """Who probably sent the claims, and how we know (``按文件名认定是 恒达 发的``): decides between suppliers only."""

    supplier_id: UUID
    why: str


class DoubtKind(StrEnum):
    """Why a person must look at a claim."""

    RECIPIENT_ONLY = "recipient_only"
    SEVERAL_ORDERS = "several_orders"
    NUMBERS_DISAGREE = "numbers_disagree"
    RECIPIENT_DISAGREES = "recipient_disagrees"
    COURIER = "courier"
    NUMBER_SHAPE = "number_shape"
    COURIER_DEMANDED = "courier_demanded"
    QUANTITY = "quantity"
    CONTENTS = "contents"
    ALREADY_SHIPPED = "already_shipped"
    SHARED_BOX = "shared_box"
    NOT_LIVE = "not_live"
    OTHER_SUPPLIER = "other_supplier"


class UnusableKind(StrEnum):
    """Why a claim cannot be used at all."""

    NO_NUMBER = "no_number"
    PRECISION = "precision"
    NOT_A_NUMBER = "not_a_number"
    NOBODY = "nobody"
    REPEATED = "repeated"
    NUMBER_TAKEN = "number_taken"


@dataclass(frozen=True, slots=True)
class Content:
    """Pieces of a purchase line in a box."""

    line_id: UUID
    quantity: int


@dataclass(frozen=True, slots=True)
class Matched:
    """A parcel that can be recorded: which rows say so, for which purchase, what is inside, and why we believe it."""

    rows: tuple[int, ...]
    purchase_id: UUID
    tracking_no: str
    courier: str
    contents: tuple[Content, ...]
    reason: str


@dataclass(frozen=True, slots=True)
class Suggestion:
    """What we would record if the person says yes."""

    purchase_id: UUID
    shown: str
    tracking_no: str
    courier: str
    contents: tuple[Content, ...]
    why: str


@dataclass(frozen=True, slots=True)
class Doubtful:
    """A claim that a person must look at, with the reason and what we think; of several none is more likely."""

    claims: tuple[TrackingClaim, ...]
    kind: DoubtKind
    reason: str
    suggestions: tuple[Suggestion, ...] = ()


@dataclass(frozen=True, slots=True)
class Unusable:
    """A claim that cannot be used, and what to do."""

    claims: tuple[TrackingClaim, ...]
    kind: UnusableKind
    reason: str


@dataclass(frozen=True, slots=True)
class TrackingMatch:
    """The three piles: every claim is in exactly one of them."""

    matched: tuple[Matched, ...]
    doubtful: tuple[Doubtful, ...]
    unusable: tuple[Unusable, ...]
