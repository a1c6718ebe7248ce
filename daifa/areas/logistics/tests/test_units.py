"""Units of a listing in boxes: each once, whatever the boxes hold."""

from __future__ import annotations

from itertools import accumulate

from hypothesis import given
from hypothesis import strategies as st

from daifa.areas.logistics.rules.units import boxed_units, shipped_units


def test_a_double_pack_is_one_unit_and_a_bundle_counts_with_its_first_piece() -> None:
    assert shipped_units(2, 0, 2) == boxed_units(2, 2) == 1
    assert [shipped_units(1, before, 3) for before in range(3)] == [1, 0, 0]
    assert [boxed_units(1, 3)] * 3 == [1, 1, 1]


@given(st.integers(1, 6), st.lists(st.integers(1, 9), min_size=1, max_size=6))
def test_all_boxes_together_ship_every_unit_once(per_unit: int, boxes: list[int]) -> None:
    befores = [0, *accumulate(boxes)][:-1]
    shipped = [shipped_units(n, before, per_unit) for n, before in zip(boxes, befores, strict=True)]
    assert min(shipped) >= 0
    assert sum(shipped) == boxed_units(sum(boxes), per_unit)
    assert all(s <= boxed_units(n, per_unit) for s, n in zip(shipped, boxes, strict=True))
