"""Windows of time that are read: nothing between the watermark and now is skipped, and the overlap is read again."""

from __future__ import annotations

import itertools
from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from daifa.flows.api_intake import windows
from daifa.flows.placing import surplus_of
from daifa.kit import clock
from daifa.ports.shop_api import FeedTerms
from daifa.ports.supplier_api import PurchaseState, SupplierOrder

NOW = clock.beijing(2026, 11, 28, 12)
seconds = st.integers(1, 200_000)


@given(st.one_of(st.none(), seconds), seconds, st.integers(0, 900), st.integers(0, 60))
def test_windows_touch_and_cover_everything(behind: int | None, window: int, overlap: int, lag: int) -> None:
    terms = FeedTerms(
        window=timedelta(seconds=max(window, 600)), overlap=timedelta(seconds=overlap), lag=timedelta(seconds=lag)
    )
    mark = None if behind is None else NOW - timedelta(seconds=behind)
    found = windows(mark, NOW, terms)
    first = (mark - terms.overlap) if mark else NOW - terms.lag - terms.back
    if not found:
        assert first >= NOW - terms.lag
        return
    assert found[0][0] == first
    assert found[-1][1] == NOW - terms.lag
    assert all(start < end <= start + terms.window for start, end in found)
    assert all(a[1] == b[0] for a, b in itertools.pairwise(found))


def _order(number: str, state: str, *lines: tuple[str, str, int], day: int = 1) -> SupplierOrder:
    return SupplierOrder(
        number, "P1-1", PurchaseState(state), state, lines=lines, created_at=clock.beijing(2026, 11, day)
    )  # fmt: skip


def test_the_same_goods_twice_under_one_reference_are_one_too_many() -> None:
    a, b = ("o1", "s1", 2), ("o1", "s2", 1)
    keep, surplus = surplus_of([_order("2", "unpaid", a, day=2), _order("1", "unpaid", a)])
    assert [o.external_id for o in keep] == ["1"]
    assert [o.external_id for o in surplus] == ["2"]
    keep, surplus = surplus_of([_order("1", "unpaid", a), _order("2", "paid", a, day=2)])
    assert [o.external_id for o in keep] == ["2"], "what is paid stays"
    keep, surplus = surplus_of([_order("1", "paid", a), _order("2", "paid", b)])
    assert (len(keep), surplus) == (2, []), "a split has other goods in each"
