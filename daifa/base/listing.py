"""Pages of ORM lists, newest first: a cursor is (rank, created_at, id) of the last row."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Case, Q, QuerySet

from daifa.kit import paging
from daifa.kit.errors import Invalid


def newest_first[V](
    rows: QuerySet[Any], view: Callable[[Any], V], *, cursor: str = "", limit: int = 50, rank: Case | None = None
) -> paging.Page[V]:
    """One page of values; with ``rank`` (numbers) the lower ones stand above the rest. Raises Invalid for a cursor that
    is none of ours."""
    if rank is not None:
        rows = rows.annotate(rank=rank)
    if cursor:
        level, at, row_id = paging.decode(cursor, 3)
        try:
            place, moment, number = int(str(level)), datetime.fromisoformat(str(at)), UUID(str(row_id))
        except ValueError as error:
            raise Invalid("bad_cursor", "翻页位置无效，请回到第一页。") from error
        older = Q(created_at__lt=moment) | Q(created_at=moment, id__lt=number)
        rows = rows.filter(older if rank is None else Q(rank__gt=place) | Q(rank=place) & older)
    order = ("-created_at", "-id") if rank is None else ("rank", "-created_at", "-id")
    found: list[Any] = list(rows.order_by(*order)[: limit + 1])
    last = found[limit - 1] if len(found) > limit else None
    following = paging.encode([getattr(last, "rank", 0), last.created_at.isoformat(), str(last.id)]) if last else ""
    return paging.Page([view(r) for r in found[:limit]], following)
