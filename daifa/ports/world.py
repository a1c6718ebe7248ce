"""What a fake company sees of the simulator's world, and what the world asks of a fake. See docs/world.md.

A fake speaks one company's dialect: it checks requests, reads and changes the books through this door, and words its
answers and pushes. It never imports the simulator, and nothing of its connector.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import field
from datetime import datetime
from enum import StrEnum
from random import Random
from typing import Any, Protocol
from urllib.parse import parse_qsl

from daifa.kit.values import dataclass
from daifa.ports.books import (
    BuyerOrder,
    Case,
    CaseKind,
    Entity,
    Listing,
    Message,
    Offer,
    Parcel,
    Penalty,
    Receiver,
    Shipment,
    SupplierOrder,
)


@dataclass(frozen=True, slots=True)
class Request:
    """One HTTP request as it came; ``path`` without the query, header names in lower case."""

    method: str
    path: str
    query: str
    headers: Mapping[str, str]
    body: bytes
    base_url: str = ""

    @property
    def pairs(self) -> dict[str, str]:
        """The query's parameters; the last of a repeated name counts."""
        return dict(parse_qsl(self.query, keep_blank_values=True))

    @property
    def form(self) -> dict[str, str]:
        """The body read as a form."""
        return dict(parse_qsl(self.body.decode("utf-8", "replace"), keep_blank_values=True))


@dataclass(frozen=True, slots=True)
class Reply:
    """One HTTP answer. ``wait``: seconds of real time before it goes out."""

    status: int = 200
    body: bytes = b""
    content_type: str = "application/json;charset=utf-8"
    headers: Mapping[str, str] = field(default_factory=dict)
    wait: float = 0.0


@dataclass(frozen=True, slots=True)
class Outgoing:
    """One HTTP request that a company makes to a push address."""

    body: bytes
    headers: Mapping[str, str]
    content_type: str = "application/json"


class What(StrEnum):
    """What happened to an entity of the books; every fake hears of it and words its pushes."""

    ORDER_CREATED = "order_created"
    DEPOSIT_PAID = "deposit_paid"
    ORDER_PAID = "order_paid"
    ORDER_RELEASED = "order_released"
    ORDER_CLOSED = "order_closed"
    ORDER_PART_SHIPPED = "order_part_shipped"
    ORDER_SHIPPED = "order_shipped"
    LOGISTICS_CHANGED = "logistics_changed"
    ORDER_FINISHED = "order_finished"
    AMOUNT_CHANGED = "amount_changed"
    SHIP_BY_CHANGED = "ship_by_changed"
    ADDRESS_CHANGED = "address_changed"
    ADDRESS_ASKED = "address_asked"
    MEMO_CHANGED = "memo_changed"
    CASE_OPENED = "case_opened"
    CASE_CHANGED = "case_changed"
    CASE_AGREED = "case_agreed"
    CASE_SENT_BACK = "case_sent_back"
    CASE_REFUSED = "case_refused"
    CASE_REFUNDED = "case_refunded"
    CASE_CLOSED = "case_closed"
    LISTING_CHANGED = "listing_changed"
    SUPPLY_CREATED = "supply_created"
    SUPPLY_PRICED = "supply_priced"
    SUPPLY_PAID = "supply_paid"
    SUPPLY_SHIPPED = "supply_shipped"
    SUPPLY_CLOSED = "supply_closed"
    SUPPLY_RECEIVED = "supply_received"
    NUMBER_CHANGED = "number_changed"
    OFFER_CHANGED = "offer_changed"
    PARCEL_SCANNED = "parcel_scanned"


class OrderDeeds(Protocol):
    """What may happen to buyers' orders. Each deed keeps the books right and tells every fake."""

    def pay(self, order: BuyerOrder, waits: str = "") -> None: ...
    def release(self, order: BuyerOrder) -> None: ...
    def close(self, order: BuyerOrder, reason: str) -> None: ...
    def close_line(self, order: BuyerOrder, line: str) -> None: ...
    def ship(self, order: BuyerOrder, shipment: Shipment) -> None: ...
    def renumber(self, order: BuyerOrder, pack: str, courier: str, number: str) -> Shipment | None: ...
    def finish(self, order: BuyerOrder) -> None: ...
    def remark(self, order: BuyerOrder, memo: str | None, flag: str | None) -> None: ...
    def ask_address(self, order: BuyerOrder, wished: Receiver) -> None: ...
    def answer_address(self, order: BuyerOrder, *, agreed: bool) -> None: ...
    def move_to(self, order: BuyerOrder, receiver: Receiver) -> None: ...
    def set_ship_by(self, order: BuyerOrder, line: str | None, at: datetime) -> None: ...


class CaseDeeds(Protocol):
    """What may happen to after-sale cases."""

    def open(
        self, order: BuyerOrder, kind: CaseKind, lines: Sequence[str], fen: int, reason: str, seconds: int = 172_800
    ) -> Case: ...
    def agree(self, case: Case) -> None: ...
    def sent_back(self, case: Case, courier: str, number: str) -> None: ...
    def refund(self, case: Case, fen: int | None = None) -> None: ...
    def refuse(self, case: Case, reason: str) -> None: ...
    def close(self, case: Case, reason: str = "") -> None: ...
    def pending(self, order: BuyerOrder, line: str | None = None) -> Case | None: ...


class SellerDeeds(Protocol):
    """What a supplier platform asks of the sellers behind it."""

    def profile(self, code: str) -> SellerProfile: ...
    def refusal(self, sku: str, seller: str, quantity: int) -> str: ...
    def place(self, order: SupplierOrder) -> None: ...
    def pay(self, order: SupplierOrder) -> None: ...
    def close(self, order: SupplierOrder, reason: str, *, refund: bool = False) -> None: ...
    def receive(self, order: SupplierOrder) -> None: ...


class ParcelDeeds(Protocol):
    """What may happen to parcels."""

    def post(
        self, courier: str, number: str, sender: str, receiver: Receiver | None, contents: dict[str, int], **extra: Any
    ) -> Parcel: ...
    def recall(self, parcel: Parcel) -> None: ...


@dataclass(frozen=True, slots=True)
class SellerProfile:
    """A supplier as it presents itself; ``temper``: punctual, slow, liar, silent, raiser."""

    code: str
    name: str
    temper: str
    city: str
    freight_fen: int
    lead_hours: int
    not_served: tuple[str, ...]
    couriers: tuple[str, ...]
    phone: str


@dataclass(frozen=True, slots=True)
class ShopProfile:
    """A shop of the merchant on a platform."""

    company: str
    name: str
    id: str


class Books(Protocol):
    """The books. After changing an entity call ``touch``: only what was touched is written down."""

    def add(self, entity: Entity) -> None: ...
    def touch(self, *entities: Entity) -> None: ...
    def drop(self, entity: Entity) -> None: ...
    def order(self, company: str, number: str) -> BuyerOrder | None: ...
    def orders(self, company: str, shop: str = "") -> Iterable[BuyerOrder]: ...
    def supply(self, company: str, number: str) -> SupplierOrder | None: ...
    def supplies(self, company: str) -> Iterable[SupplierOrder]: ...
    def parcel(self, number: str) -> Parcel | None: ...
    def case(self, company: str, number: str) -> Case | None: ...
    def cases(self, company: str, shop: str = "") -> Iterable[Case]: ...
    def cases_of(self, order: str) -> Sequence[Case]: ...
    def listing(self, company: str, shop: str, sku_no: str) -> Listing | None: ...
    def listings(self, company: str, shop: str = "") -> Iterable[Listing]: ...
    def offer(self, seller: str, sku: str) -> Offer | None: ...
    def offers(self, seller: str = "") -> Iterable[Offer]: ...
    def penalties(self) -> Iterable[Penalty]: ...
    def messages(self, company: str = "") -> Iterable[Message]: ...
    def doc(self, company: str, kind: str, key: str) -> dict[str, Any] | None: ...
    def put_doc(self, company: str, kind: str, key: str, data: dict[str, Any]) -> None: ...
    def drop_doc(self, company: str, kind: str, key: str) -> None: ...
    def docs(self, company: str, kind: str) -> Mapping[str, dict[str, Any]]: ...


class World(Protocol):
    """The world as a fake sees it."""

    @property
    def seed(self) -> int: ...
    @property
    def books(self) -> Books: ...
    @property
    def orders(self) -> OrderDeeds: ...
    @property
    def cases(self) -> CaseDeeds: ...
    @property
    def sellers(self) -> SellerDeeds: ...
    @property
    def parcels(self) -> ParcelDeeds: ...
    def now(self) -> datetime: ...
    def number(self, name: str, first: int = 1) -> int: ...
    def rng(self, *key: object) -> Random: ...
    def at(self, moment: datetime, owner: str, name: str, **data: Any) -> None: ...
    def after(self, seconds: float, owner: str, name: str, **data: Any) -> None: ...
    def push(self, company: str, shop: str, topic: str, data: Any) -> Message: ...
    def push_target(self, company: str) -> str: ...
    def switch(self, company: str, name: str) -> Any: ...
    def fault(self, company: str, name: str, method: str = "*") -> float | None: ...
    def tell(self, what: What, entity: Entity, **more: Any) -> None: ...
    def note(self, text: str) -> None: ...
    def shops(self, company: str) -> Sequence[ShopProfile]: ...


class Company(Protocol):
    """A company of the running world, made by ``Fake.make``."""

    def method(self, request: Request) -> str:
        """The name by which faults and logs know this request, e.g. ``order.searchList``."""
        ...

    def handle(self, request: Request) -> Reply:
        """The answer. Everything it changed is committed before the answer leaves."""
        ...

    def trouble(self, name: str, request: Request) -> Reply | None:
        """How the company itself words a fault (rate_limit, unavailable, token_expired …); None = it has no words."""
        ...

    def happened(self, what: What, entity: Entity, more: Mapping[str, Any]) -> None:
        """Something happened in the books: the place where pushes are made."""
        ...

    def timer(self, name: str, data: Mapping[str, Any]) -> None:
        """A timed event that the company set for itself with ``world.after(…, owner=<its key>, …)``."""
        ...

    def outgoing(self, messages: Sequence[Message], *, forged: bool = False) -> Outgoing:
        """The HTTP request that carries these messages; ``forged``: with a signature that is wrong."""
        ...

    def accepted(self, status: int, body: bytes) -> bool:
        """Whether the receiver's answer to a push is the acknowledgement this company waits for."""
        ...

    def describe(self, base_url: str) -> Mapping[str, Any]:
        """``{urls, secrets, shops}`` for whoever wants to connect; makes tokens on first use."""
        ...


@dataclass(frozen=True, slots=True)
class Fake:
    """The one name (``FAKE``) that a connector's ``fake`` package offers.

    ``switches``: what the documents leave open, with the assumption made; changed while running through the control
    door. ``push_batch``: most messages in one push; ``push_retries``: seconds between the deliveries of one message.
    ``live``: a shop platform where people sell in live streams; ``presale``: one where they sell ahead.
    """

    key: str
    name: str
    kind: str
    make: Callable[[World], Company]
    switches: Mapping[str, Any] = field(default_factory=dict)
    push_batch: int = 1
    push_retries: tuple[int, ...] = (10, 30, 120, 600, 1800, 3600)
    push_timeout: float = 5.0
    live: bool = False
    presale: bool = False
