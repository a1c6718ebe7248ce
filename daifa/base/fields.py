"""The two fields that make a table a tenant's table. No models here: the database backend imports this module early."""

from __future__ import annotations

from typing import Any

from django.db.models import ForeignKey, IntegerField
from django.db.models.lookups import Exact

from daifa.base.scope import current_tenant


class TenantKey(IntegerField):  # type: ignore[type-arg]  # not generic at run time
    """``tenant_id``: the mark of a tenant table. Its presence makes the backend add row security and grants."""

    def __init__(self, **kw: Any) -> None:
        kw.setdefault("default", current_tenant)
        super().__init__(**kw)


class TenantForeignKey[ST, GT](ForeignKey[ST, GT]):
    """A foreign key inside one tenant: the column holds the id, the constraint the pair (tenant_id, id)."""

    requires_unique_target = False

    def __init__(self, to: Any, on_delete: Any, **kw: Any) -> None:
        kw.setdefault("related_name", "+")
        super().__init__(to, on_delete, **{**kw, "to_field": "id", "db_constraint": False})

    def deconstruct(self) -> Any:
        """For migrations: without the arguments that the constructor sets itself."""
        name, path, args, kw = super().deconstruct()
        kw.pop("db_constraint", None)
        kw.pop("to_field", None)
        return name, path, args, kw

    def get_joining_fields(self, reverse_join: bool = False) -> Any:
        """Join on both columns, so that every statement stays inside one tenant's shard."""
        mine, theirs = (m._meta.get_field("tenant_id") for m in (self.model, self.related_model))
        first = (theirs, mine) if reverse_join else (mine, theirs)
        return (first, *super().get_joining_fields(reverse_join))

    def get_extra_restriction(self, alias: Any, related_alias: Any) -> Any:
        """For ``exclude(lines__x=…)``, whose subquery would lose the join's tenant."""
        if alias is not None:
            return None
        mark: Any = self.model._meta.get_field("tenant_id")
        return Exact(mark.get_col(related_alias), current_tenant())
