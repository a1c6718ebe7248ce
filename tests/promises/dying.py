"""A process that dies at its n-th statement: whatever it had not committed is gone, whatever it had stays."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection


class Died(BaseException):
    """The process is gone. Not an Exception: nothing of the product may catch it, as nothing catches a kill."""


@contextmanager
def dying(at: int | None) -> Iterator[None]:
    """Die before the ``at``-th statement on the database (never with None, or when there are fewer)."""
    left = at or 0

    def _count(execute: Callable[..., Any], sql: Any, params: Any, many: bool, context: dict[str, Any]) -> Any:
        nonlocal left
        if left:
            left -= 1
            if not left:
                raise Died
        return execute(sql, params, many, context)

    with connection.execute_wrapper(_count):
        yield
