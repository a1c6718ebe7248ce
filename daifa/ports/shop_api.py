"""What we need from any shop platform by API. Implemented by ``connectors/shops/*/connector.py``; raises ``errors``."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Protocol

from daifa.kit.values import dataclass
from daifa.ports.shop import AddressWish, ShopOrder, ShopRefund
from daifa.ports.transport import Credentials, Event, Granted, Transport


class Feed(StrEnum):
    """What can be read in windows of time."""

    ORDERS = "orders"
    REFUNDS = "refunds"


@dataclass(frozen=True, slots=True)
class Item:
    """One thing of a page, as it came (``raw``, the company's JSON). ``modified`` None where the company says none."""

    object_id: str
    raw: bytes
    modified: datetime | None = None


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a window; ``cursor`` leads to the next, "" when this was the last. ``total`` None when unsaid."""

    items: tuple[Item, ...]
    cursor: str = ""
    total: int | None = None


@dataclass(frozen=True, slots=True)
class FeedTerms:
    """How a feed may be read (from the card). ``window``: the longest; ``overlap``: read again; ``lag``: behind now.

    ``back``: from how far the first reading begins; ``reach``: how old an order may be that the company still lists.
    """

    window: timedelta
    overlap: timedelta = timedelta(minutes=5)
    lag: timedelta = timedelta(seconds=5)
    every: timedelta = timedelta(seconds=60)
    back: timedelta = timedelta(days=3)
    reach: timedelta = timedelta(days=90)
    source: str = ""


@dataclass(frozen=True, slots=True)
class ShipPiece:
    """Pieces of one line in a box, by the platform's line number."""

    line_id: str
    quantity: int


@dataclass(frozen=True, slots=True)
class Shipment:
    """One box to tell the shop of. ``reference`` is ours, the same at every repetition; ``courier`` our code.

    ``whole``: the box holds everything that is left of the order.
    """

    reference: str
    order_id: str
    courier: str
    courier_name: str
    tracking_number: str
    pieces: tuple[ShipPiece, ...] = ()
    whole: bool = True
    replaces: str = ""
    pack_id: str = ""


@dataclass(frozen=True, slots=True)
class SharedShipment:
    """One box with pieces of several orders (number, pieces), told in one call; ``reference`` as in a Shipment."""

    reference: str
    courier: str
    courier_name: str
    tracking_number: str
    orders: tuple[tuple[str, tuple[ShipPiece, ...]], ...]


@dataclass(frozen=True, slots=True)
class Told:
    """The shop took it; ``pack_id`` is its name for the box where it has one."""

    pack_id: str = ""


@dataclass(frozen=True, slots=True)
class Opened:
    """One ciphertext opened, or why not. ``until``: a virtual number is good so long."""

    cipher: str
    plain: str = field(default="", repr=False)
    until: datetime | None = None
    problem: str = ""


@dataclass(frozen=True, slots=True)
class ListingItem:
    """One listing SKU as the shop has it; ``on_sale`` None when unsaid.

    ``listing_key``: as order lines name it (``ShopLine.listing_key``).
    """

    item_id: str
    sku_id: str
    title: str
    listing_key: str = ""
    spec: str = ""
    merchant_code: str = ""
    price_fen: int | None = None
    stock: int | None = None
    on_sale: bool | None = None
    image_url: str = ""


class Direction(StrEnum):
    """What a person may answer to an after-sale case."""

    AGREE = "agree"
    REFUSE = "refuse"


@dataclass(frozen=True, slots=True)
class RefuseReason:
    """A reason by which a case may be refused, by the platform's code; ``evidence``: only with a picture or video."""

    code: str
    words: str
    evidence: bool = False


class WishTold(StrEnum):
    """What a push tells of a buyer's wish to move: asked for, or the order goes elsewhere now."""

    ASKED = "asked"
    MOVED = "moved"


class ShopApi(Protocol):
    """One shop, through one application. Every method may raise ``RemoteError``."""

    def __init__(self, credentials: Credentials, transport: Transport, now: datetime) -> None: ...

    def refresh(self) -> Granted:
        """New tokens for old (perhaps the same ones)."""

    def changes(self, feed: Feed, start: datetime, end: datetime, cursor: str = "") -> Page:
        """One page of what changed in the window."""

    def fetch(self, feed: Feed, object_id: str) -> Item:
        """One object as it is now."""

    def ship(self, shipment: Shipment) -> Told:
        """Tell the shop that a box left."""

    def ship_together(self, shipment: SharedShipment) -> Told:
        """Tell the shop of a box with several of its orders. Refused: nothing of it was taken."""

    def ship_extra(self, shipment: Shipment) -> Told:
        """Tell the shop of one more box of an order that is shipped whole there; its pieces must be known."""

    def goods(self, cursor: str = "") -> tuple[tuple[ListingItem, ...], str]:
        """One page of listing SKUs and the cursor of the next."""

    def open_ciphers(self, ciphers: Sequence[tuple[str, str]]) -> list[Opened]:
        """Open receivers' ciphertexts, each with its order's number (counts against a quota); in the order asked."""

    def memo(self, order_id: str, text: str, flag: str) -> None:
        """Write the seller's memo and flag."""

    def answer_refund(self, case_id: str, direction: Direction, details: Mapping[str, str]) -> None:
        """Agree to or refuse an after-sale case."""

    def refuse_reasons(self, case_id: str) -> tuple[RefuseReason, ...]:
        """The reasons by which this case may be refused; none where the platform wants none."""

    def answer_address(self, order_id: str, approved: bool, code: str = "") -> None:
        """Answer a buyer's wish to change the address; a no by one of the dialect's ``wish_reasons``."""


class ShopDialect(Protocol):
    """What a shop platform's connector offers besides the live API: pure functions over what it sent."""

    def order(self, raw: bytes) -> ShopOrder:
        """Their order in our words. Raises BadReply naming what is unknown."""

    def refund(self, raw: bytes) -> ShopRefund:
        """Their after-sale case in our words. Raises BadReply."""

    def wish(self, raw: bytes) -> AddressWish:
        """A buyer's wish to move, of what an event told. Raises BadReply."""

    def wish_reasons(self, settings: Mapping[str, str]) -> tuple[RefuseReason, ...]:
        """The reasons by which such a wish may be refused; none where the platform wants none."""

    def events(self, headers: Mapping[str, str], body: bytes, credentials: Credentials) -> list[Event]:
        """What a push tells. Raises BadSignature, BadReply."""

    def receipt(self) -> tuple[bytes, str]:
        """Body and content type that tell the platform: received."""

    def authorize_url(self, credentials: Credentials, state: str, back: str) -> str:
        """Where the shop's owner says yes."""

    def grant(
        self, credentials: Credentials, transport: Transport, answer: Mapping[str, str], now: datetime
    ) -> Granted:
        """Tokens for the answer that came back from there."""
