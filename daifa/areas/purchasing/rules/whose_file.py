"""Whose file it is, by what it is called: exactly one supplier's name in the file's name or above its table."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping
from uuid import UUID

_SHORTEST = 2


def named_supplier(text: str, names: Mapping[UUID, tuple[str, str]]) -> UUID | None:
    """The only supplier whose full name stands in a text, or else whose short name does; None when several do or none.

    ``names`` are (full, short). A name inside another name that stands there is not meant; a short name that is part
    of another supplier's name could be theirs.
    """
    said = _plain(text)
    full = {i: _plain(name) for i, (name, _) in names.items()}
    if found := _standing(said, full.items()):
        return found.pop() if len(found) == 1 else None
    shorts = {i: _plain(short) for i, (_, short) in names.items()}
    found = _standing(said, shorts.items())
    if len(found) != 1:
        return None
    [only] = found
    return None if any(shorts[only] in name for i, name in full.items() if i != only) else only


def _standing(said: str, names: Iterable[tuple[UUID, str]]) -> set[UUID]:
    """Who stands in a text: longer names first, each taken out before the shorter ones are looked for."""
    found = set[UUID]()
    for name, ids in sorted(_by_name(names).items(), key=lambda x: (-len(x[0]), x[0])):
        if len(name) >= _SHORTEST and name in said:
            found |= ids
            said = said.replace(name, "\n")
    return found


def _by_name(names: Iterable[tuple[UUID, str]]) -> dict[str, set[UUID]]:
    made: dict[str, set[UUID]] = {}
    for i, name in names:
        made.setdefault(name, set()).add(i)
    return made


def _plain(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).lower().split())
