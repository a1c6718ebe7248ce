"""A value that must not be printed: it shows as dots wherever it is formatted or logged."""

from __future__ import annotations


class Sealed[T]:
    """Holds a secret; ``reveal()`` gives it back, everything else shows ``•••``."""

    __slots__ = ("_value",)

    def __init__(self, value: T) -> None:
        self._value = value

    def reveal(self) -> T:
        """The secret itself: call only at the moment of use."""
        return self._value

    def __repr__(self) -> str:
        return "•••"

    __str__ = __repr__

    def __format__(self, spec: str) -> str:
        return "•••"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sealed) and other._value == self._value

    def __hash__(self) -> int:
        return hash(self._value)
