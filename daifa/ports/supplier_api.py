"""What we need from any supplier platform by API. Implemented by ``connectors/suppliers/*``; raises ``errors``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from datetime import datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Protocol

from daifa.kit.values import dataclass
from daifa.ports.shop import Recipient
from daifa.ports.shop_api import FeedTerms, Item, Page
from daifa.ports.transport import Credentials, Event, Granted, Transport


class PurchaseState(StrEnum):
    """What the supplier's platform says of an order of ours."""

    UNPAID = "unpaid"
    PAID = "paid"
    SHIPPED = "shipped"
    DONE = "done"
    CLOSED = "closed"


class RefundStage(StrEnum):
    """How far money stands that was asked back: not asked, asked, refused for now, waits for the goods, given."""

    NONE = "none"
    ASKED = "asked"
    REFUSED = "refused"
    GOODS_BACK = "goods_back"
    DONE = "done"


@dataclass(frozen=True, slots=True)
class Cipher:
    """A receiver as a shop platform's ciphertext, handed on unopened; platform, shop, app, order it is of."""

    platform: str
    shop_id: str
    shop_name: str
    app_key: str
    order_id: str
    name: str = field(repr=False)
    phone: str = field(repr=False)
    address: str = field(repr=False)
    masked_address: str = ""
    extra: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class WantedLine:
    """Pieces of one offer's option."""

    offer_id: str
    spec_id: str
    quantity: int


@dataclass(frozen=True, slots=True)
class Wanted:
    """What to buy for one receiver. ``reference`` is our own: purchase number and attempt; the platform finds by it."""

    reference: str
    lines: tuple[WantedLine, ...]
    recipient: Recipient
    cipher: Cipher | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class Quote:
    """What it would cost now, in fen. ``numbers``: the platform's own of what is wanted, where they stand before."""

    goods_fen: int
    freight_fen: int
    problems: tuple[str, ...] = ()
    numbers: tuple[str, ...] = ()

    @property
    def total_fen(self) -> int:
        """Goods and freight."""
        return self.goods_fen + self.freight_fen


@dataclass(frozen=True, slots=True)
class LeftOut:
    """An option that the platform did not take into an order, with its words."""

    offer_id: str
    spec_id: str
    code: str
    said: str


@dataclass(frozen=True, slots=True)
class SupplierOrder:
    """One order at the supplier's platform. Money in fen, None when unsaid. ``parcels``: (courier name, number, lines).

    ``lines``: (offer, spec, pieces), ``names`` what the seller calls each. ``pay_by``: it closes by itself then.
    ``recipient``: as the platform shows it to the buyer, perhaps masked, its place in one text; None where unsaid.
    """

    external_id: str
    reference: str
    state: PurchaseState
    platform_state: str
    total_fen: int | None = None
    freight_fen: int | None = None
    refunded_fen: int | None = None
    lines: tuple[tuple[str, str, int], ...] = ()
    names: tuple[str, ...] = ()
    seller: str = ""
    recipient: Recipient | None = field(default=None, repr=False)
    parcels: tuple[SupplierParcel, ...] = ()
    refund: RefundStage = RefundStage.NONE
    close_reason: str = ""
    created_at: datetime | None = None
    paid_at: datetime | None = None
    modified_at: datetime | None = None
    pay_by: datetime | None = None

    @property
    def named_lines(self) -> list[tuple[str, str, int, str]]:
        """(offer, spec, pieces, what the seller calls it), "" where it is not called anything."""
        names = [*self.names, *[""] * len(self.lines)]
        return [(offer, spec, n, name) for (offer, spec, n), name in zip(self.lines, names, strict=False)]


@dataclass(frozen=True, slots=True)
class SupplierParcel:
    """One box of a supplier's order; ``lines`` as in the order, empty when unsaid (then: all of it)."""

    courier: str
    courier_code: str
    tracking_number: str
    lines: tuple[tuple[str, str, int], ...] = ()
    shipped_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class PlacedOrders:
    """A placing that the platform answered: its orders (several when it split), and what it left out."""

    external_ids: tuple[str, ...]
    total_fen: int | None = None
    freight_fen: int | None = None
    left_out: tuple[LeftOut, ...] = ()


@dataclass(frozen=True, slots=True)
class Paid:
    """What came of paying: done, or a page where a person pays."""

    done: bool
    url: str = ""
    said: str = ""


@dataclass(frozen=True, slots=True)
class OfferOption:
    """One option (SKU) of an offer; price in yuan."""

    spec_id: str
    sku_id: str
    attributes: tuple[tuple[str, str], ...]
    price: Decimal | None
    stock: int | None
    code: str = ""
    image_url: str = ""


@dataclass(frozen=True, slots=True)
class SupplierOffer:
    """What a supplier sells: its options, and price tiers (from quantity, yuan) where it sells by quantity.

    ``seller_ids``: every name the platform knows the seller by, empty where the account is one seller's alone.
    """

    offer_id: str
    title: str
    on_sale: bool
    options: tuple[OfferOption, ...]
    tiers: tuple[tuple[int, Decimal], ...] = ()
    minimum: int = 1
    image_url: str = ""
    seller: str = ""
    seller_ids: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PlacingTerms:
    """How placing may be trusted. ``findable``: orders can be found by our reference, after ``visible_after`` at last.

    ``ask_after``: when to ask after a lost answer. ``repeatable``: a second placing with the same reference is known
    to be harmless. ``payment``: whether placing leaves an order that must be paid.
    """

    findable: bool
    visible_after: timedelta
    ask_after: tuple[timedelta, ...]
    repeatable: bool = False
    payment: bool = True
    source: str = ""


class SupplierApi(Protocol):
    """One buyer's account at one supplier platform. Every method may raise ``RemoteError``."""

    def __init__(self, credentials: Credentials, transport: Transport, now: datetime) -> None: ...

    def refresh(self) -> Granted:
        """New tokens for old."""

    def quote(self, wanted: Wanted) -> Quote:
        """Goods and freight as of now."""

    def place(self, wanted: Wanted) -> PlacedOrders:
        """Buy it under our reference."""

    def find(self, reference: str) -> list[SupplierOrder]:
        """Every order that carries our reference."""

    def pay(self, external_ids: tuple[str, ...], amount_fen: int, key: str) -> Paid:
        """Pay by standing agreement, or say where a person pays."""

    def pay_page(self, external_ids: tuple[str, ...]) -> Paid:
        """One page where a person pays all of these; never takes money by itself."""

    def cancel(self, external_id: str, reason: str) -> None:
        """Close an unpaid order."""

    def ask_refund(self, external_id: str, amount_fen: int, reason: str, key: str) -> str:
        """Ask the money of a paid order back; returns the platform's number of the case."""

    def fetch(self, external_id: str) -> SupplierOrder:
        """One order with its parcels, as it is now."""

    def changes(self, start: datetime, end: datetime, cursor: str = "") -> Page:
        """One page of our orders that changed."""

    def offer(self, offer_id: str) -> SupplierOffer:
        """An offer as it is now."""


class SupplierDialect(Protocol):
    """Pure functions over what a supplier platform sent, and its way of granting access."""

    terms: PlacingTerms
    feed: FeedTerms

    def order(self, item: Item) -> SupplierOrder:
        """Their order in our words. Raises BadReply."""

    def offer_ref(self, text: str) -> str:
        """The number of the offer that a person's text names (a link, a number); "" when it names none."""

    def events(self, headers: Mapping[str, str], body: bytes, credentials: Credentials) -> list[Event]:
        """What a push tells. Raises BadSignature, BadReply."""

    def receipt(self) -> tuple[bytes, str]:
        """Body and content type that tell the platform: received."""

    def authorize_url(self, credentials: Credentials, state: str, back: str) -> str:
        """Where the account's owner says yes."""

    def grant(
        self, credentials: Credentials, transport: Transport, answer: Mapping[str, str], now: datetime
    ) -> Granted:
        """Tokens for the answer that came back from there."""
