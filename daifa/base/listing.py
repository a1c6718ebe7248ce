"""Pages of ORM lists, newest first: a cursor is (created_at, id) of the last row."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Model, Q, QuerySet

from daifa.kit import paging
from daifa.kit.errors import Invalid


def newest_first[M: Model, V](
    rows: QuerySet[M], view: Callable[[Any], V], *, cursor: str = "", limit: int = 50
) -> paging.Page[V]:
    """One page of values. Raises Invalid for a cursor that is none of ours."""
    if cursor:
        at, row_id = paging.decode(cursor, 2)
        try:
            moment, number = datetime.fromisoformat(str(at)), UUID(str(row_id))
        except ValueError as error:
            raise Invalid("bad_cursor", "翻页位置无效，请回到第一页。") from error
        rows = rows.filter(Q(created_at__lt=moment) | Q(created_at=moment, id__lt=number))
    found: list[Any] = list(rows.order_by("-created_at", "-id")[: limit + 1])
    last = found[limit - 1] if len(found) > limit else None
    following = paging.encode([last.created_at.isoformat(), str(last.id)]) if last else ""
    return paging.Page([view(r) for r in found[:limit]], following)
