"""Frozen values behave as the standard library's, made by plain assignment."""

from __future__ import annotations

import dataclasses

import pytest

from daifa.kit.values import dataclass


@dataclass(frozen=True, slots=True)
class _Point:
    x: int
    y: tuple[int, ...] = ()


@dataclass(slots=True)
class _Open:
    x: int


def test_a_frozen_value_equals_and_hashes_by_what_it_holds() -> None:
    assert _Point(1, (2,)) == _Point(1, (2,)) != _Point(2, (2,))
    assert {_Point(1): "a"}[_Point(1)] == "a"
    assert dataclasses.replace(_Point(1), x=2) == _Point(2)
    assert not hasattr(_Point(1), "__dict__")


def test_an_open_value_has_no_hash() -> None:
    with pytest.raises(TypeError):
        hash(_Open(1))


def test_it_is_the_type_checker_that_keeps_a_frozen_value_frozen() -> None:
    point = _Point(1)
    # Were this not refused any more, mypy would call the ignore unused.
    point.x = 2  # type: ignore[misc]
    assert point.x == 2
