"""What a presale adds to a buyer's order in the world's books."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(slots=True)
class Presale:
    """Sold ahead: with a deposit first and the rest in a window of time, or paid in full at once (no deposit).

    Money in fen, moments aware UTC. ``ships_at``: the day agreed with the buyer from which it leaves.
    """

    ships_at: datetime
    deposit_fen: int = 0
    deposit_at: datetime | None = None
    opens_at: datetime | None = None
    closes_at: datetime | None = None
