"""System checks: a table that breaks the tenancy rules stops the start."""

from __future__ import annotations

from typing import Any

from django.apps import apps
from django.core.checks import Error, register
from django.db.models import ForeignKey, ManyToManyField, UniqueConstraint

from daifa.base.fields import TenantForeignKey, TenantKey


def _is_tenant(model: Any) -> bool:
    return any(isinstance(f, TenantKey) for f in model._meta.local_fields)


def _is_shared(model: Any) -> bool:
    return any(base.__name__ == "Shared" for base in model.__mro__)


def _of_field(model: Any, field: Any) -> list[str]:
    found = []
    if field.unique and not field.primary_key:
        found.append(f"{field.name}: unique without tenant")
    if isinstance(field, ManyToManyField):
        found.append(f"{field.name}: write the link table out")
    if isinstance(field, ForeignKey):
        target = field.related_model
        if _is_tenant(target) and not isinstance(field, TenantForeignKey):
            found.append(f"{field.name}: use TenantForeignKey")
        if not _is_tenant(target) and not _is_shared(target):
            found.append(f"{field.name}: points at a table that is neither tenant's nor shared")
    return found


def problems(model: Any) -> list[str]:
    """What is wrong with a tenant model, one line each."""
    meta = model._meta
    if not _is_tenant(model):
        return []
    found = []
    if [f.name for f in meta.pk_fields] != ["tenant_id", "id"]:
        found.append("primary key must be (tenant_id, id)")
    if meta.base_manager_name != "objects":
        found.append("base manager must be `objects`: inherit TenantModel.Meta")
    for field in [*meta.local_fields, *meta.local_many_to_many]:
        found += _of_field(model, field)
    for constraint in meta.constraints:
        if isinstance(constraint, UniqueConstraint) and tuple(constraint.fields)[:1] != ("tenant_id",):
            found.append(f"{constraint.name}: must start with tenant_id")
    for index in meta.indexes:
        if index.fields[:1] != ["tenant_id"]:
            found.append(f"{index.name}: must start with tenant_id")
    names = [c.name for c in meta.constraints] + [i.name for i in meta.indexes]
    return found + [f"{n}: name longer than 50 characters" for n in names if n and len(n) > 50]


@register()
def tenancy(app_configs: Any, **kw: Any) -> list[Error]:
    """Every model of ours against the rules of the schema."""
    return [
        Error(problem, obj=model, id="daifa.E001")
        for model in apps.get_models()
        if model.__module__.startswith("daifa.")
        for problem in problems(model)
    ]
