"""Moving what is sealed of suppliers (contact, link) to the newest key."""

from __future__ import annotations

from daifa.areas.purchasing.models import Supplier, SupplierAccess
from daifa.areas.purchasing.services.links import PURPOSE
from daifa.areas.purchasing.services.suppliers import CONTACT
from daifa.base import resealing


def reseal(*, limit: int = 500) -> int:
    """Seal up to ``limit`` contacts and as many link secrets with the newest key; returns how many there were."""
    contacts = resealing.reseal(Supplier, "contact_sealed", lambda _: CONTACT, limit=limit)
    links = resealing.reseal(SupplierAccess, "token_sealed", lambda i: f"{PURPOSE}:{i}", limit=limit)
    return contacts + links
