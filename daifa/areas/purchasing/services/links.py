"""The suppliers' links without account: made, shown again to the merchant, revoked; only sealed and as a hash kept."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import F

from daifa.areas.purchasing.models import Supplier, SupplierAccess
from daifa.base import vault
from daifa.base.actor import Actor
from daifa.kit import clock
from daifa.kit.errors import NotFound
from daifa.kit.values import dataclass

PURPOSE = "supplier.link"


@dataclass(frozen=True, slots=True)
class Link:
    """A supplier's link; ``token`` is the secret part of its address."""

    id: UUID
    supplier_id: UUID
    token: str
    expires_at: datetime
    opened_at: datetime | None
    opens: int
    created_at: datetime


def _view(row: SupplierAccess) -> Link:
    token = vault.unseal(bytes(row.token_sealed), f"{PURPOSE}:{row.id}").decode()
    return Link(row.id, row.supplier_id, token, row.expires_at, row.opened_at, row.opens, row.created_at)


def live(supplier_id: UUID) -> Link | None:
    """The supplier's link that still opens; None without one. Raises NotFound for a supplier who is none of ours."""
    if not Supplier.objects.filter(id=supplier_id).exists():
        raise NotFound("no_such_supplier", "没有这个供应商。")
    rows = SupplierAccess.objects.filter(supplier_id=supplier_id, revoked_at=None, expires_at__gt=clock.now())
    row = rows.order_by("-expires_at").first()
    return _view(row) if row else None


def make(*, by: Actor, supplier_id: UUID, days: int) -> Link:
    """A new link that opens for so many days."""
    token = secrets.token_urlsafe(24)
    row = SupplierAccess(supplier_id=supplier_id, prefix=token[:6], by=by.key)
    row.expires_at = clock.now() + timedelta(days=days)
    row.token_sealed = vault.seal(token.encode(), f"{PURPOSE}:{row.id}")
    row.save(force_insert=True)
    return _view(row)


def prolong(link_id: UUID, *, days: int) -> None:
    """The link opens for so many days from now, as long as a new one would."""
    SupplierAccess.objects.filter(id=link_id).update(expires_at=clock.now() + timedelta(days=days))


def revoke(supplier_id: UUID) -> list[UUID]:
    """No link of this supplier opens any more; returns those that did."""
    rows = SupplierAccess.objects.select_for_update().filter(supplier_id=supplier_id, revoked_at=None)
    ids = list(rows.values_list("id", flat=True))
    SupplierAccess.objects.filter(id__in=ids).update(revoked_at=clock.now())
    return ids


def enter(link_id: UUID) -> tuple[UUID, datetime]:
    """The supplier behind a link that still opens, and until when. Raises NotFound."""
    row = SupplierAccess.objects.filter(id=link_id, revoked_at=None, expires_at__gt=clock.now()).first()
    if row is None or not row.supplier.active:
        raise NotFound("link_closed", "这个链接已过期或已停用，请联系商家要新的链接。")
    return row.supplier_id, row.expires_at


def opened(link_id: UUID) -> None:
    """The link was looked at once more."""
    SupplierAccess.objects.filter(id=link_id).update(opens=F("opens") + 1, opened_at=clock.now())
