"""Moving suppliers' doubtful claims to the newest key."""

from __future__ import annotations

from daifa.areas.logistics.models import TrackingClaim
from daifa.areas.logistics.services.claims import SEAL
from daifa.base import resealing


def reseal(*, limit: int = 500) -> int:
    """Seal up to ``limit`` claims with the newest key; returns how many there were."""
    return resealing.reseal(TrackingClaim, "sealed", lambda i: f"{SEAL}:{i}", limit=limit)
