"""Tenant tables: the scoped manager, the abstract models, and entering a tenant."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import ClassVar, Self

from django.db import connection, models, transaction

from daifa.base.fields import TenantForeignKey, TenantKey
from daifa.base.scope import NoTenant, current, current_tenant
from daifa.kit import clock
from daifa.kit.ids import uuid7

__all__ = [
    "AppendOnly",
    "NoTenant",
    "Shared",
    "TenantForeignKey",
    "TenantKey",
    "TenantManager",
    "TenantModel",
    "alone",
    "current_tenant",
    "tenant",
]


class TenantManager[M: models.Model](models.Manager[M]):
    """Every query names the tenant; without one it raises NoTenant before it reaches the database."""

    def get_queryset(self) -> models.QuerySet[M]:
        """The rows of the current tenant."""
        return super().get_queryset().filter(tenant_id=current_tenant())


class TenantModel(models.Model):
    """A row of one tenant: key (tenant_id, id), row security, composite foreign keys."""

    pk = models.CompositePrimaryKey("tenant_id", "id")
    tenant_id = TenantKey(editable=False)
    id = models.UUIDField(default=uuid7, editable=False)
    created_at = models.DateTimeField(default=clock.now, editable=False)

    objects: ClassVar[TenantManager[Self]] = TenantManager()

    class Meta:
        abstract = True
        base_manager_name = "objects"


class AppendOnly:
    """Mixin of tenant tables whose rows are never changed: the product's role may only SELECT and INSERT."""


class Shared:
    """Mixin of tables without tenant (reference tables on a distributed database)."""


def alone(what: str) -> None:
    """Wait until nobody else of this company does this; held until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, hashtext(%s))", (current_tenant() % 2**31, what))


@contextmanager
def tenant(number: int) -> Iterator[None]:
    """Work for one tenant in one transaction: Python scope and database row security agree.

    Entering the same tenant again joins; another tenant inside raises NoTenant.
    """
    before = current.get()
    if before is not None and before != number:
        raise NoTenant(f"tenant {number} inside tenant {before}")
    token = current.set(number)
    enclosed = connection.in_atomic_block
    try:
        with transaction.atomic():
            _set_local(str(int(number)))
            yield
            if enclosed and before is None:
                _set_local("")
    finally:
        current.reset(token)


def _set_local(value: str) -> None:
    # Not set_config(): SET LOCAL travels to the worker nodes of a distributed database.
    with connection.cursor() as cursor:
        cursor.execute(f"SET LOCAL app.tenant = '{value}'")
