"""Whether a number that waits for a person's word has been answered meanwhile: by its own or by another number."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from daifa.kit.values import dataclass


@dataclass(frozen=True, slots=True)
class Registered:
    """A number that a box goes by, for which purchase, and since when."""

    number: str
    purchase_id: UUID
    shown: str
    at: datetime


def settled(
    said: Sequence[str],
    kept_at: datetime,
    purchases: Sequence[UUID],
    left: Mapping[UUID, int],
    registered: Sequence[Registered],
) -> str:
    """What answered the question since it was asked (Chinese); "" while it is open.

    ``said`` are the numbers it names, ``purchases`` those it may be about, ``left`` their pieces without a number. What
    was registered before it was asked is what it asks about.
    """
    since = [r for r in registered if r.at > kept_at]
    if own := [r for r in since if r.number in said]:
        return f"{own[0].number} 后来登记到了 {'、'.join(dict.fromkeys(r.shown for r in own))}"
    answers = {i: [r for r in since if r.purchase_id == i] for i in purchases}
    if not answers or any(left.get(i, 0) or not found for i, found in answers.items()):
        return ""
    return "；".join(
        f"{found[0].shown} 后来登记了 {'、'.join(dict.fromkeys(r.number for r in found))}" for found in answers.values()
    )
