"""How a connector introduces itself: what the screens draw, and what it can do."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field, replace
from datetime import timedelta
from enum import StrEnum

from daifa.kit.values import dataclass
from daifa.ports.factory_api import FactoryApi, FactoryDialect
from daifa.ports.sheet import ExportProfile
from daifa.ports.shop_api import Feed, FeedTerms, ShopApi, ShopDialect
from daifa.ports.supplier_api import SupplierApi, SupplierDialect
from daifa.ports.terms import ShopFee, ShopRule

# The key of the shop platform that is none: a sheet of the merchant's own.
GENERIC = "generic"


class ConnectorKind(StrEnum):
    """Which kind of outside company it is."""

    SHOP = "shop"
    SUPPLIER = "supplier"
    COURIER = "courier"


class Capability(StrEnum):
    """What a connector can do; a declared one must be there, and none may be there undeclared."""

    ORDER_FILES = "order_files"
    REFUND_FILES = "refund_files"
    SHIP_FILES = "ship_files"
    # By API, for shops.
    ORDERS = "orders"
    REFUNDS = "refunds"
    SHIP = "ship"
    SHIP_TOGETHER = "ship_together"
    SHIP_EXTRA = "ship_extra"
    PUSH = "push"
    GOODS = "goods"
    OPEN_CIPHERS = "open_ciphers"
    MEMO = "memo"
    ANSWER_REFUND = "answer_refund"
    ANSWER_ADDRESS = "answer_address"
    HAND_OVER = "hand_over"
    # By API, for suppliers.
    PLACE = "place"
    FIND = "find"
    PAY = "pay"
    CANCEL = "cancel"
    ASK_REFUND = "ask_refund"
    OFFERS = "offers"
    CIPHER_ORDERS = "cipher_orders"


@dataclass(frozen=True, slots=True)
class CredentialField:
    """One thing to fill in to connect by API."""

    key: str
    label: str
    secret: bool = True
    help: str = ""


@dataclass(frozen=True, slots=True)
class DocLink:
    """Where the company explains itself."""

    label: str
    url: str


@dataclass(frozen=True, slots=True)
class Limit:
    """How often calls may be made: ``per_second`` on average, ``burst`` at once; ``calls`` "" is every call.

    ``scope``: per "connection" or per "application". ``source`` says where the figure is from.
    """

    per_second: float
    burst: int
    calls: str = ""
    scope: str = "connection"
    source: str = ""

    def at(self, per_second: int) -> Limit:
        """The same rate at another speed; what may be done at once grows and shrinks with it."""
        burst = max(round(self.burst * per_second / self.per_second), 1)
        return replace(self, per_second=per_second, burst=burst, source="商家填写")


@dataclass(frozen=True, slots=True)
class Address:
    """One base address of the company: a proxy, a platform's own cloud or a test world is another value of it."""

    key: str
    label: str
    default: str


@dataclass(frozen=True, slots=True)
class ApiTerms:
    """The terms of a company's API. ``timeout`` in seconds; ``refresh_ahead``: tokens are renewed that long before.

    ``prolongs`` False: refreshing does not make an authorisation last longer, so people see a countdown.
    ``visible_after``: what was written is surely found by look-ups after that. ``goods_every``: how often a shop's
    goods are read (every SKU of it each time). ``needs_cloud``: what may be called from the
    company's own cloud only, in words that people read.
    """

    addresses: tuple[Address, ...]
    limits: tuple[Limit, ...]
    feeds: Mapping[Feed, FeedTerms] = field(default_factory=dict)
    timeout: float = 15
    refresh_ahead: timedelta = timedelta(minutes=50)
    prolongs: bool = True
    visible_after: timedelta = timedelta(seconds=60)
    goods_every: timedelta = timedelta(hours=6)
    needs_cloud: tuple[str, ...] = ()
    push: str = ""

    def paced(self, per_second: int | None) -> ApiTerms:
        """The same with another rate for every call together (None: as it is); single calls keep their own rates."""
        if per_second is None:
            return self
        return replace(self, limits=tuple(x if x.calls else x.at(per_second) for x in self.limits))


@dataclass(frozen=True, slots=True)
class MemoTerms:
    """What a seller's memo may be on a platform: so many characters, and these flags by their one-character names."""

    longest: int
    flags: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Card:
    """One company. ``badge`` is the letter of its badge, ``hue`` its colour as #rrggbb.

    ``verified`` False: built from public facts, not yet confirmed against the platform; the screens say so.
    ``shared_numbers``: its order numbers are unique across all its shops (data.md §2). ``begin``: how one gets
    connected, step by step in Chinese, where it is not the usual way of an open platform.
    """

    key: str
    kind: ConnectorKind
    label: str
    short: str
    badge: str
    hue: str
    capabilities: frozenset[Capability]
    credentials: tuple[CredentialField, ...] = ()
    links: tuple[DocLink, ...] = ()
    verified: bool = False
    shared_numbers: bool = True
    api: ApiTerms | None = None
    memo: MemoTerms | None = None
    begin: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Connector:
    """What a connector's folder offers under the name CONNECTOR."""

    card: Card
    profiles: tuple[ExportProfile, ...] = ()
    shop_api: type[ShopApi] | None = None
    shop: ShopDialect | None = None
    factory_api: type[FactoryApi] | None = None
    factory: FactoryDialect | None = None
    supplier_api: type[SupplierApi] | None = None
    supplier: SupplierDialect | None = None
    rules: tuple[ShopRule, ...] = ()
    fees: tuple[ShopFee, ...] = ()
