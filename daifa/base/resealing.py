"""Moving what is sealed in a column to the newest key, a batch at a time."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from django.db.models import Model

from daifa.base import bulk, vault


def reseal(model: type[Model], column: str, purpose: Callable[[UUID], str], *, limit: int) -> int:
    """Seal up to ``limit`` rows of the tenant anew, each under the purpose its id gives; returns how many there were.

    Which key sealed a row stands in its first two bytes, so a rotation that was interrupted goes on where it stopped.
    """
    old = bulk.select(
        f"SELECT id, {column} FROM {model._meta.db_table} WHERE tenant_id = {{tenant}} AND length({column}) > 0"
        f" AND substring({column} from 1 for 2) <> %s ORDER BY id LIMIT %s FOR UPDATE",
        (vault.key_mark(), limit),
    )
    bulk.update(model, (column,), [(i, vault.reseal(bytes(sealed), purpose(i))) for i, sealed in old])
    return len(old)
