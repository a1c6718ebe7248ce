"""The directory of doors without a session: a secret link leads to its tenant; guesses are counted and slowed."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from daifa.areas.accounts.models import Door, LoginTry, Tenant
from daifa.areas.accounts.services.actors import hash_key
from daifa.base.tenancy import current_tenant
from daifa.kit import clock
from daifa.kit.errors import TooMany

WINDOW = timedelta(minutes=15)


def open_door(kind: str, secret: str, target: UUID) -> None:
    """From now on this high-entropy secret leads to a row of the current tenant; only its hash is kept."""
    Door.objects.create(kind=kind, key_hash=hash_key(secret), tenant_id=current_tenant(), target=target)


def close_door(kind: str, target: UUID) -> None:
    """Nobody enters through the doors to this row any more."""
    Door.objects.filter(kind=kind, tenant_id=current_tenant(), target=target).delete()


def where(kind: str, secret: str) -> tuple[int, UUID] | None:
    """The tenant and the row that a secret leads to; None for an unknown one."""
    door = Door.objects.filter(kind=kind, key_hash=hash_key(secret)).first()
    return (door.tenant_id, door.target) if door else None


def check(key: str, *, limit: int) -> None:
    """Raise TooMany when a key was counted ``limit`` times within 15 minutes."""
    if LoginTry.objects.filter(key=key, at__gt=clock.now() - WINDOW).count() >= limit:
        raise TooMany("too_many_tries", "操作太频繁，请 15 分钟后再试。", retry_after=int(WINDOW.total_seconds()))


def note(key: str) -> None:
    """Count one try under a key, whatever becomes of it."""
    LoginTry.objects.create(key=key, at=clock.now())


def count(key: str, *, limit: int) -> None:
    """Count one try under a key. Raises TooMany beyond ``limit`` within 15 minutes."""
    check(key, limit=limit)
    note(key)


def company_name() -> str:
    """The current tenant's name, as partners read it."""
    return Tenant.objects.filter(id=current_tenant()).values_list("name", flat=True).first() or ""
