"""Our set of order numbers against the platform's: what they have and we miss, what we have and they do not know."""

from __future__ import annotations

from collections.abc import Set as AbstractSet

from daifa.kit.values import dataclass


@dataclass(frozen=True, slots=True)
class Difference:
    """Numbers on one side only, in order; ``missing`` are theirs, ``strange`` ours."""

    missing: tuple[str, ...] = ()
    strange: tuple[str, ...] = ()


def compare(theirs: AbstractSet[str], known: AbstractSet[str], recent: AbstractSet[str]) -> Difference:
    """``theirs``: numbers the platform listed; ``known``: those of them that we have; ``recent``: ours that the
    platform must have listed, because they were ordered within the window."""
    return Difference(tuple(sorted(theirs - known)), tuple(sorted(recent - theirs)))
