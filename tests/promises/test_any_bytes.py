"""Any bytes are understood, or refused with a name: from the drop to the card that a person sees, never a traceback."""

from __future__ import annotations

import csv
import io

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from daifa.connectors import registry
from daifa.flows import reading
from daifa.flows.reading import Said
from daifa.kit.errors import AppError
from daifa.ports.sheet import ImportKind
from tests.flows import files

CALM = settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
HEADS = [b"", b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"\xff\xfe", b"\xef\xbb\xbf", files.douyin()]
NAMES = st.sampled_from(["a.csv", "订单20261120120000.xlsx", "a.xls", "b.zip", "无后缀"])
KINDS = st.sampled_from(["", *(k.value for k in ImportKind)])
# Cells as files have them, and what nobody expects in that column.
CELLS = st.one_of(
    st.text(max_size=12),
    st.sampled_from(
        ["", "-", "1.23E+17", '="123"', "0", "-1", "99999999999999999999", "12.345", "2026-13-45", "20261120", "NaN",
         "待发货", "退款成功", "1e400", "٣", "½", "6901\t", "王小明", "浙江省金华市", "\ud7ff", "1，234.50"]
    ),
)  # fmt: skip


def survives(data: bytes, name: str, said: Said) -> None:
    """Understood with a card, or an error that has a code and Chinese words."""
    try:
        found = reading.understand(data, name, said=said)
    except AppError as error:
        words = (error.code, error.message_zh)
        assert all(words)
        return
    for one in found:
        card = reading.preview(one)
        assert one.parsed is not None or one.problem or not one.guess.kind or one.guess.asked, card
        if one.parsed:
            assert all(e.row > 0 and e.reason and e.fix for e in one.parsed.errors)
            assert all(e.column for e in one.parsed.errors if e.value)


@CALM
@given(st.sampled_from(HEADS), st.binary(max_size=300), NAMES, KINDS)
def test_any_bytes(head: bytes, body: bytes, name: str, kind: str) -> None:
    survives(head + body, name, Said(kind=kind))


@CALM
@given(st.data())
def test_any_cells_under_any_platforms_header(data: st.DataObject) -> None:
    """Every kind of file that we recognise, with anything in its cells; recognised by itself or as a person says."""
    profile = data.draw(st.sampled_from([p for p in registry.profiles() if p.columns]))
    header = list(profile.columns)
    rows = data.draw(st.lists(st.lists(CELLS, min_size=len(header), max_size=len(header)), min_size=1, max_size=4))
    out = io.StringIO()
    csv.writer(out).writerows([header, *rows])
    kind = data.draw(st.sampled_from(["", profile.kind.value]))
    survives(out.getvalue().encode("utf-8", "replace"), "文件.csv", Said(kind=kind))
