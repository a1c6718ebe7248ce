"""What a box ships in the shop's units: a listing of two pieces is one unit there, a bundle of three goods too."""

from __future__ import annotations


def shipped_units(pieces: int, before: int, per_unit: int) -> int:
    """Units of a line that a box of so many of its pieces ships, after boxes with ``before`` of them.

    A unit counts with its first piece, so that all boxes together ship each unit once: the box that completes it
    ships none of it.
    """
    return _ceil(before + pieces, per_unit) - _ceil(before, per_unit)


def boxed_units(pieces: int, per_unit: int) -> int:
    """Units that a box has something of."""
    return _ceil(pieces, per_unit)


def _ceil(pieces: int, per_unit: int) -> int:
    return -(-pieces // max(per_unit, 1))
