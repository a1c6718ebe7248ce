"""Finds the connector folders below this one. Adding a company is adding a folder; nothing else changes."""

from __future__ import annotations

import pkgutil
from collections.abc import Iterator, Mapping
from functools import cache
from importlib import import_module
from importlib.util import find_spec

from daifa.kit.tabular.headers import header_key
from daifa.ports.card import Card, Connector, ConnectorKind
from daifa.ports.sheet import ExportProfile, ImportKind
from daifa.ports.world import Fake


def _folders() -> Iterator[str]:
    """The packages of all companies, wherever the packages of their kinds look for them."""
    for kind in ConnectorKind:
        inside = import_module(f"{__package__}.{kind}s")
        for found in sorted(pkgutil.iter_modules(inside.__path__), key=lambda m: m.name):
            if found.ispkg and found.name != "tests" and not found.name.startswith("_"):
                yield f"{inside.__name__}.{found.name}"


@cache
def connectors() -> Mapping[str, Connector]:
    """Every connector by its key. A folder that cannot be imported, or has no CONNECTOR, stops the start."""
    found: dict[str, Connector] = {}
    for folder in _folders():
        connector = import_module(folder).CONNECTOR
        if not isinstance(connector, Connector):
            raise TypeError(f"{folder}: CONNECTOR is no Connector")
        if connector.card.key in found:
            raise ValueError(f"{folder}: key {connector.card.key} is taken")
        found[connector.card.key] = connector
    return found


def connector(key: str) -> Connector:
    """The connector of one company; KeyError when there is none."""
    return connectors()[key]


def cards(kind: ConnectorKind | None = None) -> tuple[Card, ...]:
    """The cards of all companies, or of one kind."""
    return tuple(c.card for c in connectors().values() if kind is None or c.card.kind == kind)


def label_of(key: str) -> str:
    """How people call a company in a sentence; the key itself when nobody knows it."""
    known = connectors().get(key)
    return known.card.short if known else key


def shop_platform(said: str) -> str:
    """The key of a shop platform by its key or by what people call it, in any case; '' when there is none."""
    for card in cards(ConnectorKind.SHOP):
        names = {card.key, card.label, card.short, *(n.strip() for n in card.label.split("/"))}
        if said.strip().lower() in {n.lower() for n in names}:
            return card.key
    return ""


@cache
def profiles() -> tuple[ExportProfile, ...]:
    """Every export file that some connector knows."""
    return tuple(p for c in connectors().values() for p in c.profiles)


def ship_profiles(platform: str) -> tuple[ExportProfile, ...]:
    """The batch-shipping files of one platform."""
    return tuple(p for p in profiles() if p.platform == platform and p.kind == ImportKind.SHIP_TEMPLATE)


@cache
def promoter_columns(platform: str) -> frozenset[str]:
    """The headers of a platform's order export that name who promoted the order (达人, 团长)."""
    known = connectors().get(platform)
    if known is None or known.card.kind is not ConnectorKind.SHOP or not known.profiles:
        return frozenset()
    exports = import_module(f"{__package__}.shops.{platform}.exports")
    return frozenset(map(header_key, getattr(exports, "PROMOTERS", ())))


@cache
def fakes() -> Mapping[str, Fake]:
    """Every company that the simulator can speak for: the connector folders that hold a ``fake`` package."""
    found: dict[str, Fake] = {}
    for folder in _folders():
        if find_spec(f"{folder}.fake") is None:
            continue
        fake = import_module(f"{folder}.fake").FAKE
        if not isinstance(fake, Fake):
            raise TypeError(f"{folder}: FAKE is no Fake")
        found[fake.key] = fake
    return found
