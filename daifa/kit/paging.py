"""Cursor paging: a cursor is the sort values of the last row, opaque to the caller."""

from __future__ import annotations

import base64
import json
from collections.abc import Sequence

from daifa.kit.errors import Invalid
from daifa.kit.values import dataclass

MAX_LIMIT = 200


@dataclass(frozen=True, slots=True)
class Page[T]:
    """Some rows, and the cursor of the next ones ("" at the end)."""

    items: list[T]
    next: str


def encode(values: Sequence[str | int | None]) -> str:
    """Sort values of a row as a cursor."""
    return base64.urlsafe_b64encode(json.dumps(list(values)).encode()).decode().rstrip("=")


def decode(cursor: str, length: int) -> list[str | int | None]:
    """The sort values inside a cursor. Raises Invalid."""
    try:
        values = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    except (ValueError, UnicodeDecodeError) as error:
        raise Invalid("bad_cursor", "翻页位置无效，请回到第一页。") from error
    if not isinstance(values, list) or len(values) != length:
        raise Invalid("bad_cursor", "翻页位置无效，请回到第一页。")
    return values


def limit_of(asked: int | None, default: int = 50) -> int:
    """How many rows a page holds: what was asked, within bounds."""
    return max(1, min(asked or default, MAX_LIMIT))
