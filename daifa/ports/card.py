"""How a connector introduces itself: what the screens draw, and what it can do."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from daifa.ports.sheet import ExportProfile


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
class Card:
    """One company. ``badge`` is the letter of its badge, ``hue`` its colour as #rrggbb.

    ``verified`` False: built from public facts, not yet confirmed against the platform; the screens say so.
    ``shared_numbers``: its order numbers are unique across all its shops (data.md §2).
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


@dataclass(frozen=True, slots=True)
class Connector:
    """What a connector's folder offers under the name CONNECTOR."""

    card: Card
    profiles: tuple[ExportProfile, ...] = ()
