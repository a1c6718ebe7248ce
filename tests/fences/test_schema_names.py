"""Answers and bodies of routes are named once: of two classes with one name the API document keeps only one."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from ninja import Schema

import daifa.entry.urls  # noqa: F401  # loads every route


def _all(above: type[Any]) -> Iterator[type[Any]]:
    for one in above.__subclasses__():
        yield one
        yield from _all(one)


def test_every_schema_has_its_own_name() -> None:
    homes: dict[str, set[str]] = defaultdict(set)
    for schema in _all(Schema):
        if schema.__module__.startswith("daifa."):
            homes[schema.__name__].add(schema.__module__)
    assert {name: found for name, found in homes.items() if len(found) > 1} == {}
