"""Life cycles: the table in the rules, the CHECK in the database, and the labels on screen are one thing."""

from __future__ import annotations

import importlib
import pkgutil
import re
from collections.abc import Iterator

import pytest
from django.db import connection

import daifa.areas
from daifa.kit.states import LifeCycle


def _modules(name: str) -> Iterator[str]:
    module = importlib.import_module(name)
    yield name
    for child in pkgutil.iter_modules(getattr(module, "__path__", [])):
        yield from _modules(f"{name}.{child.name}")


def _found() -> dict[tuple[str, str], LifeCycle]:
    cycles: dict[tuple[str, str], LifeCycle] = {}
    for area in pkgutil.iter_modules(daifa.areas.__path__):
        home = f"daifa.areas.{area.name}"
        children = {m.name for m in pkgutil.iter_modules(importlib.import_module(home).__path__)}
        for part in sorted({"rules", "types"} & children):
            for name in _modules(f"{home}.{part}"):
                for key, value in vars(importlib.import_module(name)).items():
                    if isinstance(value, LifeCycle) and (area.name, value.name) not in cycles:
                        assert key.isupper(), f"{name}.{key}"
                        cycles[area.name, value.name] = value
    return cycles


CYCLES = _found()


def test_there_are_life_cycles() -> None:
    assert len(CYCLES) >= 8


@pytest.mark.parametrize("cycle", CYCLES.values(), ids=[f"{a}-{n}" for a, n in CYCLES])
def test_every_state_is_known_labelled_and_reachable(cycle: LifeCycle) -> None:
    assert cycle.problems() == []
    assert set(cycle.labels) == set(cycle.table), "labels of states that do not exist"


def _checked(area: str) -> dict[str, frozenset[str]]:
    """State CHECKs of an area's tables: constraint name → allowed states."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.conname, pg_get_constraintdef(c.oid) FROM pg_constraint c JOIN pg_class t ON t.oid = c.conrelid"
            " WHERE c.contype = 'c' AND t.relname LIKE %s",
            [f"{area}\\_%"],
        )
        rows = cursor.fetchall()
    return {
        name: frozenset(re.findall(r"'([a-z_]+)'::text", definition))
        for name, definition in rows
        if re.match(r"CHECK \(\(state = ANY \(ARRAY\[[^\]]*\]\)\)\)$", definition)
    }


@pytest.mark.parametrize(("area", "name"), list(CYCLES), ids=[f"{a}-{n}" for a, n in CYCLES])
def test_the_database_allows_exactly_the_states_of_the_table(tenant_number: int, area: str, name: str) -> None:
    wanted = frozenset(CYCLES[area, name].states)
    checks = _checked(area)
    assert wanted in checks.values(), f"{name}: {sorted(wanted)} stands in no CHECK of {area}: {checks}"


@pytest.mark.parametrize("area", sorted({a for a, _ in CYCLES}))
def test_no_state_check_of_an_area_lacks_its_life_cycle(tenant_number: int, area: str) -> None:
    known = {frozenset(c.states) for (a, _), c in CYCLES.items() if a == area}
    lost = {name: sorted(states) for name, states in _checked(area).items() if states not in known}
    assert not lost, "write its life cycle into rules"
