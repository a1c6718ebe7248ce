"""Whether an option of a supplier's offer is still what a person linked our SKU to. Pure."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence

from daifa.kit.values import dataclass


@dataclass(frozen=True, slots=True)
class Option:
    """One option as it is kept: attributes in the seller's words, price as text in yuan."""

    spec_id: str
    attributes: tuple[tuple[str, str], ...]
    price: str = ""
    stock: int | None = None
    code: str = ""
    image_url: str = ""


def fingerprint(title: str, option: Option) -> str:
    """A print of what makes the option what it is: the seller's words for it, not its price or stock."""
    words = "\x1f".join(f"{k}\x1e{v}" for k, v in sorted(option.attributes))
    return hashlib.blake2b(f"{title}\x1d{words}\x1d{option.code}".encode(), digest_size=12).hexdigest()


@dataclass(frozen=True, slots=True)
class Change:
    """How a linked option differs now: gone, or other words; both sides for a person to compare."""

    gone: bool
    before: Mapping[str, str]
    after: Mapping[str, str]


def changed(
    linked: str, title: str, before: Mapping[str, str], options: Sequence[Option], spec_id: str
) -> Change | None:
    """What became of a linked option; None while it is the same. ``linked``: its print when it was linked."""
    now = next((o for o in options if o.spec_id == spec_id), None)
    if now is None:
        return Change(True, before, {})
    if not linked or fingerprint(title, now) == linked:
        return None
    return Change(False, before, dict(now.attributes))
