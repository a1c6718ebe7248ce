"""Which tenant this piece of work is for: a context variable that nothing can forget to set."""

from __future__ import annotations

from contextvars import ContextVar

current: ContextVar[int | None] = ContextVar("tenant", default=None)


class NoTenant(RuntimeError):
    """A tenant's data was touched outside ``with tenant(n)``: a programming error."""


def current_tenant() -> int:
    """The tenant of this piece of work. Raises NoTenant outside ``with tenant(n)``."""
    number = current.get()
    if number is None:
        raise NoTenant("no tenant: enter `with tenant(n)` first")
    return number
