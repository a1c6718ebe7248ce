"""Who takes a recipient that only the shop's platform can read: suppliers at a platform that decrypts it itself, and
factories bound to the shop."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from uuid import UUID

from daifa.areas.accounts.services import connections
from daifa.areas.purchasing.services import factories, suppliers
from daifa.connectors import registry
from daifa.flows.cipher_words import UNREAD_WORDS, WORDS
from daifa.ports.card import Capability

__all__ = ["UNREAD_WORDS", "WORDS", "bound", "carriers"]


def carriers() -> frozenset[UUID]:
    """Suppliers by API whose platform takes encrypted orders, under an account that is not removed."""
    cards = {c.key for c in registry.cards() if Capability.CIPHER_ORDERS in c.capabilities}
    able = {c.id for c in connections.live() if c.platform in cards}
    return suppliers.by_api(able) if able else frozenset()


def bound(shop_ids: Collection[UUID]) -> Mapping[UUID, Mapping[UUID, str]]:
    """For each of these shops that we may speak for, its suppliers that are bound factories, with their numbers."""
    held = connections.of_shops(shop_ids)
    return factories.of_shops(held) if held else {}
