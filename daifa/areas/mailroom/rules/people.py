"""Which uploaded files may hold recipients: whatever is not known to be about goods and prices alone."""

from __future__ import annotations

from collections.abc import Iterable

from daifa.ports.sheet import ImportKind

# A file that nobody has recognised yet may be anything. Suppliers' lists carry contact persons.
NOBODY = frozenset(
    {ImportKind.GOODS.value, ImportKind.PRICES.value, ImportKind.LINKS.value, ImportKind.SHIP_TEMPLATE.value}
)


def may_hold_people(kinds: Iterable[str]) -> bool:
    """Whether a file with sheets of these kinds may hold people; one without any known sheet may."""
    found = set(kinds)
    return not found or not found <= NOBODY
