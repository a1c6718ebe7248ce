"""Identifiers: of the right kind, in order, and never its parent's in a child."""

from __future__ import annotations

import os
from uuid import UUID

from daifa.kit.ids import uuid7


def test_ids_are_of_version_seven_and_increase() -> None:
    made = [uuid7() for _ in range(3_000)]
    assert made == sorted(set(made))
    assert {(i.version, i.variant) for i in made} == {(7, "specified in RFC 4122")}


def _randomness(i: UUID) -> int:
    return i.int & ((1 << 62) - 1)


def test_a_child_process_draws_its_own() -> None:
    uuid7()
    out, into = os.pipe()
    child = os.fork()
    if not child:
        os.write(into, str(uuid7()).encode())
        os._exit(0)
    os.waitpid(child, 0)
    theirs = UUID(os.read(out, 64).decode())
    assert _randomness(theirs) != _randomness(uuid7())
