"""The world's books: what really happened to orders, parcels, cases and goods, whatever a company's dialect says of it.

Kept by the simulator, seen and changed by the fakes. Money in fen, moments aware UTC. ``extra`` belongs to the fake of
the company: what only its dialect knows.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from daifa.ports.presale import Presale


class OrderPhase(StrEnum):
    """Where a buyer's order stands. ``pending``: paid, not yet released to ship (risk review, open group)."""

    UNPAID = "unpaid"
    PENDING = "pending"
    TO_SHIP = "to_ship"
    PART_SHIPPED = "part_shipped"
    SHIPPED = "shipped"
    FINISHED = "finished"
    CLOSED = "closed"


class CaseKind(StrEnum):
    """What a buyer wants after the sale."""

    UNSHIPPED_REFUND = "unshipped_refund"
    SHIPPED_REFUND = "shipped_refund"
    RETURN = "return"
    EXCHANGE = "exchange"
    RESHIP = "reship"


class CasePhase(StrEnum):
    """Where an after-sale case stands."""

    APPLIED = "applied"
    WAIT_RETURN = "wait_return"
    RETURNING = "returning"
    RESENDING = "resending"
    DONE = "done"
    REFUSED = "refused"
    CLOSED = "closed"


class SupplyPhase(StrEnum):
    """Where an order at a supplier stands."""

    UNPAID = "unpaid"
    PAID = "paid"
    PART_SHIPPED = "part_shipped"
    SHIPPED = "shipped"
    RECEIVED = "received"
    CLOSED = "closed"


class ScanKind(StrEnum):
    """What a courier's scan says."""

    COLLECTED = "collected"
    MOVED = "moved"
    DELIVERING = "delivering"
    SIGNED = "signed"
    REFUSED = "refused"
    RETURNING = "returning"
    RETURNED = "returned"
    LOST = "lost"


@dataclass(slots=True)
class Receiver:
    """Who receives a parcel."""

    name: str
    phone: str
    province: str
    city: str
    district: str
    street: str
    detail: str

    @property
    def whole(self) -> str:
        """The address in one text."""
        city = "" if self.city == self.province else self.city
        return f"{self.province}{city}{self.district}{self.street}{self.detail}"


@dataclass(slots=True)
class Line:
    """One line of a buyer's order; ``parts`` = our SKU codes with quantities per piece sold."""

    number: str
    item_no: str
    sku_no: str
    merchant_code: str
    title: str
    spec: str
    quantity: int
    price_fen: int
    merchant_fen: int = 0
    platform_fen: int = 0
    talent_fen: int = 0
    channel_fen: int = 0
    parts: dict[str, int] = field(default_factory=dict)
    shipped: int = 0
    closed: bool = False
    refunded_fen: int = 0
    ship_by: datetime | None = None
    extra: dict[str, Any] = field(default_factory=dict)

    @property
    def amount_fen(self) -> int:
        """Goods at listed price."""
        return self.price_fen * self.quantity

    @property
    def payable_fen(self) -> int:
        """What is left to pay before the payment channel's own discount."""
        return self.amount_fen - self.merchant_fen - self.platform_fen - self.talent_fen

    @property
    def paid_fen(self) -> int:
        """What the buyer pays for the line."""
        return self.payable_fen - self.channel_fen


@dataclass(slots=True)
class Shipment:
    """One parcel as the shop was told of it; ``pieces`` = line number → count; ``by``: merchant, factory, extra."""

    pack: str
    parcel: str
    courier: str
    number: str
    at: datetime
    pieces: dict[str, int]
    by: str = "merchant"


@dataclass(slots=True)
class BuyerOrder:
    """One buyer's order in a shop, kept under ``company/number``."""

    id: str
    company: str
    shop: str
    number: str
    buyer: str
    created_at: datetime
    updated_at: datetime
    receiver: Receiver
    lines: list[Line]
    phase: OrderPhase = OrderPhase.UNPAID
    paid_at: datetime | None = None
    released_at: datetime | None = None
    ship_by: datetime | None = None
    shipped_at: datetime | None = None
    finished_at: datetime | None = None
    closed_at: datetime | None = None
    close_reason: str = ""
    freight_fen: int = 0
    talent: str = ""
    words: str = ""
    memo: str = ""
    flag: str = ""
    waits: str = ""
    wished: Receiver | None = None
    presale: Presale | None = None
    shipments: list[Shipment] = field(default_factory=list)
    extra: dict[str, Any] = field(default_factory=dict)

    @property
    def amount_fen(self) -> int:
        """Goods at listed price."""
        return sum(line.amount_fen for line in self.lines)

    @property
    def paid_fen(self) -> int:
        """What the buyer pays, freight included."""
        return sum(line.paid_fen for line in self.lines) + self.freight_fen

    @property
    def refunded_fen(self) -> int:
        """What the buyer got back."""
        return sum(line.refunded_fen for line in self.lines)

    def line(self, number: str) -> Line | None:
        """The line of a number."""
        return next((line for line in self.lines if line.number == number), None)


@dataclass(slots=True)
class SupplyLine:
    """One line of an order at a supplier; ``sku`` is what it truly is, ``their_code`` how the supplier calls it."""

    number: str
    sku: str
    their_code: str
    quantity: int
    price_fen: int
    extra: dict[str, Any] = field(default_factory=dict)


@dataclass(slots=True)
class SupplierOrder:
    """One order at a supplier, kept under ``company/number``; ``reference`` is the merchant's own."""

    id: str
    company: str
    seller: str
    account: str
    number: str
    reference: str
    created_at: datetime
    updated_at: datetime
    receiver: Receiver
    lines: list[SupplyLine]
    freight_fen: int = 0
    discount_fen: int = 0
    phase: SupplyPhase = SupplyPhase.UNPAID
    paid_at: datetime | None = None
    shipped_at: datetime | None = None
    closed_at: datetime | None = None
    close_reason: str = ""
    refunded_fen: int = 0
    memo: str = ""
    parcels: list[str] = field(default_factory=list)
    extra: dict[str, Any] = field(default_factory=dict)

    @property
    def total_fen(self) -> int:
        """What the merchant owes for it."""
        return sum(x.price_fen * x.quantity for x in self.lines) + self.freight_fen - self.discount_fen


@dataclass(slots=True)
class Scan:
    """One scan of a parcel."""

    at: datetime
    kind: ScanKind
    place: str
    text: str


@dataclass(slots=True)
class Parcel:
    """One box on its way, kept under its tracking number; ``sender``: seller:S01, factory:…, or foreign.

    ``contents`` = SKU code → count as really packed. ``recalled``: the label was cancelled. ``replaced_by``: the
    sender gave it another number later.
    """

    id: str
    courier: str
    number: str
    sender: str
    made_at: datetime
    receiver: Receiver | None
    contents: dict[str, int] = field(default_factory=dict)
    supplier_order: str = ""
    scans: list[Scan] = field(default_factory=list)
    recalled: bool = False
    replaced_by: str = ""
    extra: dict[str, Any] = field(default_factory=dict)

    @property
    def last(self) -> ScanKind | None:
        """What the last scan says."""
        return self.scans[-1].kind if self.scans else None


@dataclass(slots=True)
class Case:
    """One after-sale case of a shop; ``asked_fen`` is the wish, ``real_fen`` what was really given back."""

    id: str
    company: str
    shop: str
    order: str
    lines: list[str]
    kind: CaseKind
    asked_fen: int
    reason: str
    created_at: datetime
    updated_at: datetime
    phase: CasePhase = CasePhase.APPLIED
    deadline: datetime | None = None
    real_fen: int | None = None
    settled_at: datetime | None = None
    refusals: int = 0
    return_courier: str = ""
    return_number: str = ""
    pieces: int = 0
    history: list[str] = field(default_factory=list)
    extra: dict[str, Any] = field(default_factory=dict)


@dataclass(slots=True)
class Listing:
    """One buyable SKU in a shop, kept under ``company/shop/sku_no``; ``state``: on, off, review, banned, deleted."""

    id: str
    company: str
    shop: str
    item_no: str
    sku_no: str
    merchant_code: str
    title: str
    spec: str
    price_fen: int
    stock: int
    updated_at: datetime
    parts: dict[str, int] = field(default_factory=dict)
    kind: str = "single"
    heat: int = 1
    state: str = "on"
    campaign_stock: int = 0
    held: int = 0
    extra: dict[str, Any] = field(default_factory=dict)


@dataclass(slots=True)
class Offer:
    """One SKU at one supplier, kept under ``seller/sku``; ``stock`` is the truth, ``says`` what it tells."""

    id: str
    seller: str
    sku: str
    their_code: str
    title: str
    spec: str
    tiers: list[list[int]]
    stock: int
    says: int
    updated_at: datetime
    weight_g: int = 0
    on_sale: bool = True
    extra: dict[str, Any] = field(default_factory=dict)


@dataclass(slots=True)
class Penalty:
    """Money a platform took, or points, for a broken rule."""

    id: str
    company: str
    shop: str
    order: str
    rule: str
    amount_fen: int
    at: datetime
    text: str = ""


@dataclass(slots=True)
class Message:
    """One push of a company, and how its delivery went.

    ``state``: waiting, acked, given_up, swallowed (by a fault), no_address.
    """

    id: str
    company: str
    shop: str
    topic: str
    data: Any
    made_at: datetime
    state: str = "waiting"
    attempts: int = 0
    acked_at: datetime | None = None
    last_answer: str = ""
    marks: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Doc:
    """A small record of a fake's own (tokens, quotas, used request ids), kept under ``company/kind/key``."""

    id: str
    data: dict[str, Any]


Entity = (
    BuyerOrder | SupplierOrder | Parcel | Case | Listing | Offer | Penalty | Message | Doc
)  # fmt: skip
KINDS: tuple[type, ...] = (BuyerOrder, SupplierOrder, Parcel, Case, Listing, Offer, Penalty, Message, Doc)
