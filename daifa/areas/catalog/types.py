"""Values of the catalogue that others may hold: listing SKUs, our SKUs, and what we think belongs together."""

from __future__ import annotations

from enum import StrEnum
from uuid import UUID

from daifa.kit.values import dataclass


@dataclass(frozen=True, slots=True)
class ListingSku:
    """One listing SKU as a platform's order line tells it. ``merchant_code`` is what the merchant typed there."""

    title: str
    spec: str = ""
    merchant_code: str = ""
    item_id: str = ""
    sku_id: str = ""
    is_gift: bool = False


@dataclass(frozen=True, slots=True)
class OurSku:
    """One of our SKUs. ``title`` and ``product_code`` are its product's."""

    sku_id: UUID
    code: str
    title: str
    spec: str = ""
    barcode: str = ""
    product_code: str = ""


@dataclass(frozen=True, slots=True)
class Part:
    """n pieces of one of our SKUs inside one piece of a listing SKU."""

    sku_id: UUID
    quantity: int


class Sureness(StrEnum):
    """How sure a suggestion is, as a word on the screen."""

    SURE = "确定"
    LIKELY = "较可能"
    ASK = "请确认"


class Basis(StrEnum):
    """What a suggestion rests on."""

    REMEMBERED = "remembered"
    CODE = "code"
    CODE_LOOSE = "code_loose"
    BARCODE = "barcode"
    BUNDLE = "bundle"
    PRECEDENT = "precedent"
    WORDS = "words"


@dataclass(frozen=True, slots=True)
class Suggestion:
    """What a listing SKU may be. ``score`` is 0..1; ``automatic`` suggestions need no person.

    ``agreeing`` are words of the listing found in ours, ``disagreeing`` pairs (listing's word, ours).
    """

    parts: tuple[Part, ...]
    score: float
    word: Sureness
    basis: Basis
    reason: str
    agreeing: tuple[str, ...] = ()
    disagreeing: tuple[tuple[str, str], ...] = ()
    automatic: bool = False

    @property
    def sku_id(self) -> UUID:
        """The first part's SKU (the only one, but for bundles)."""
        return self.parts[0].sku_id


@dataclass(frozen=True, slots=True)
class Pack:
    """How many pieces one piece of a listing holds, and the words that say so ('' = nothing said)."""

    quantity: int = 1
    words: str = ""


@dataclass(frozen=True, slots=True)
class NoShip:
    """A line that looks like nothing is to be sent (补差价, 运费), the word, how sure, and why."""

    words: str
    word: Sureness
    reason: str


@dataclass(frozen=True, slots=True)
class MatchAnswer:
    """Everything known about one listing SKU: at most five suggestions, best first; its pack; whether it ships."""

    suggestions: tuple[Suggestion, ...]
    pack: Pack
    no_ship: NoShip | None = None

    @property
    def automatic(self) -> Suggestion | None:
        """The suggestion that needs no person, if any."""
        return next((s for s in self.suggestions if s.automatic), None)
