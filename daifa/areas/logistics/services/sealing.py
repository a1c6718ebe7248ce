"""Moving suppliers' doubtful claims to the newest key."""

from __future__ import annotations

from daifa.areas.logistics.models import TrackingClaim
from daifa.areas.logistics.services.claims import SEAL
from daifa.base import bulk, vault


def reseal(*, limit: int = 500) -> int:
    """Seal up to ``limit`` claims with the newest key; returns how many there were."""
    old = bulk.select(
        "SELECT id, sealed FROM logistics_trackingclaim WHERE tenant_id = {tenant} AND length(sealed) > 0"
        " AND substring(sealed from 1 for 2) <> %s ORDER BY id LIMIT %s FOR UPDATE",
        (vault.key_mark(), limit),
    )
    bulk.update(TrackingClaim, ("sealed",), [(i, vault.reseal(bytes(s), f"{SEAL}:{i}")) for i, s in old])
    return len(old)
