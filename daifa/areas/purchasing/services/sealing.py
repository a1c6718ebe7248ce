"""Moving what is sealed of suppliers (contact, link) to the newest key."""

from __future__ import annotations

from uuid import UUID

from daifa.areas.purchasing.models import Supplier, SupplierAccess
from daifa.areas.purchasing.services.links import PURPOSE
from daifa.areas.purchasing.services.suppliers import CONTACT
from daifa.base import bulk, vault


def reseal(*, limit: int = 500) -> int:
    """Seal up to ``limit`` contacts and as many link secrets with the newest key; returns how many there were."""
    contacts = _old("purchasing_supplier", "contact_sealed", limit)
    bulk.update(Supplier, ("contact_sealed",), [(i, vault.reseal(s, CONTACT)) for i, s in contacts])
    links = _old("purchasing_supplieraccess", "token_sealed", limit)
    bulk.update(SupplierAccess, ("token_sealed",), [(i, vault.reseal(s, f"{PURPOSE}:{i}")) for i, s in links])
    return len(contacts) + len(links)


def _old(table: str, column: str, limit: int) -> list[tuple[UUID, bytes]]:
    found = bulk.select(
        f"SELECT id, {column} FROM {table} WHERE tenant_id = {{tenant}} AND length({column}) > 0"
        f" AND substring({column} from 1 for 2) <> %s ORDER BY id LIMIT %s FOR UPDATE",
        (vault.key_mark(), limit),
    )
    return [(i, bytes(sealed)) for i, sealed in found]
