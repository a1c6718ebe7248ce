"""Columns travel as array literals: what goes in comes out, whatever it holds."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from django.db.utils import DataError
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from daifa.areas.orders.models import Batch, Order, OrderPerson
from daifa.base import bulk
from daifa.kit.ids import uuid7

TEXTS = st.lists(
    st.none() | st.text(st.characters(blacklist_characters="\x00", blacklist_categories=["Cs"])), min_size=1
)
NASTY = [
    "",
    "NULL",
    "null",
    "{}",
    'a"b',
    "a\\b",
    '\\"',
    "a,b",
    " x ",
    "\x1e",
    "\x1f",
    "a\x1fb",
    "\n\t",
    "'; --",
    "％%s",
    None,
]


def _back(kind: str, literal: object) -> list[object]:
    return [
        v
        for (v,) in bulk.select(f"SELECT v FROM unnest(%s::{kind}[]) WITH ORDINALITY AS x(v, n) ORDER BY n", [literal])
    ]


def _column(model: type, name: str, values: list[object]) -> list[object]:
    _, kind, field = bulk._column(model, name)
    return _back(kind, bulk._array(kind, field, values))


@pytest.mark.parametrize("values", [NASTY, NASTY[:9] + [None], [None], [""], [None, "\x1e"]])
def test_texts_come_back(in_tenant: int, values: list[str | None]) -> None:
    assert _back("text", bulk._text_array(values)) == values


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(values=TEXTS)
def test_any_texts_come_back(in_tenant: int, values: list[str | None]) -> None:
    assert _back("text", bulk._text_array(values)) == values


def test_other_values_come_back(in_tenant: int) -> None:
    at = datetime(2026, 11, 25, 8, 0, 0, 123456, tzinfo=UTC)
    beijing = at.astimezone(timezone(timedelta(hours=8)))
    i = uuid7()
    assert _column(Order, "id", [i, str(i)]) == [i, i]
    assert _column(Order, "paid_at", [at, None, beijing]) == [at, None, at]
    assert _column(Order, "day", [date(2026, 1, 2), None]) == [date(2026, 1, 2), None]
    assert _column(Order, "paid_fen", [0, -1, None, 2**40]) == [0, -1, None, 2**40]
    assert _column(Order, "has_note", [True, False, None]) == [True, False, None]
    blobs = [b"", b'\x00\xff\\"', None]
    assert [None if v is None else bytes(v) for v in _column(OrderPerson, "sealed", blobs)] == blobs  # type: ignore[arg-type, call-overload]
    assert _back("jsonb", bulk._array("jsonb", Batch._meta.get_field("undo"), [{"a": 'x"\\'}, None])) == [
        '{"a": "x\\"\\\\"}', None,
    ]  # fmt: skip


def test_a_nul_is_refused_not_dropped(in_tenant: int) -> None:
    with pytest.raises((DataError, ValueError)):
        _back("text", bulk._text_array(["a\x00b"]))


def test_the_ids_of_many_orders_are_found(in_tenant: int) -> None:
    ids = [uuid7() for _ in range(bulk.MANY + 1)]
    assert bulk.select("SELECT cardinality(%s::uuid[])", [ids]) == [(len(ids),)]
    assert bulk.select_named("SELECT %(one)s::uuid = ANY(%(ids)s)", {"one": ids[3], "ids": ids}) == [(True,)]
