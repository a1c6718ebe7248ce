"""Any bytes are understood, or refused with a name: from the drop to the card that a person sees, never a traceback."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from daifa.areas.logistics.rules import ship_template
from daifa.areas.logistics.rules.chat import parse_tracking_text
from daifa.areas.mailroom.rules.paste import paste_recipients
from daifa.areas.purchasing.rules.numbers import number_spans
from daifa.areas.purchasing.rules.sheet_learning import learn_format
from daifa.connectors import registry
from daifa.flows import reading
from daifa.flows.reading import Said
from daifa.kit.errors import AppError
from daifa.kit.tabular.read import read_file
from daifa.ports.sheet import ImportKind
from tests.flows import files

# What suppliers write in a chat: names, couriers, numbers of all kinds, and anything between.
WORDS = st.one_of(
    st.text(max_size=12),
    st.sampled_from(
        [
            "李四", "尾号1234", "中通", "7312345678901234", "SF1234567890123", "顺丰快递：", "\n", "，", "13812345678",
            "P261120-恒达-001", "2件", "今天没货", "YT1234567890123 YT1234567890124", "#",
            "6920000000000000001", "（补）",
        ]
    ),
)  # fmt: skip
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


TEXTS = st.one_of(
    st.text(max_size=200), st.lists(WORDS, max_size=14).map(" ".join), st.lists(WORDS, max_size=14).map("".join)
)
ORDER_NO = "6920000000000000001"


@CALM
@given(TEXTS, st.booleans())
def test_any_chat_text(text: str, known: bool) -> None:
    """A supplier's chat: claims with a line of the text and a number, or none."""
    numbers = frozenset({ORDER_NO} if known else ())
    claims = parse_tracking_text(text, own_numbers=number_spans, order_numbers=numbers)
    assert all(1 <= c.row <= max(1, len(text.splitlines())) for c in claims)
    assert all(c.tracking_no not in numbers for c in claims)


@CALM
@given(TEXTS)
def test_any_pasted_recipients(text: str) -> None:
    """A pasted block: every line that is not blank is a recipient or an error with what to do."""
    found = paste_recipients(text)
    assert found.rows == len(found.records) + len(found.errors)
    assert all(e.row > 0 and e.reason and e.fix for e in found.errors)


# Headers that suppliers and platforms write, so that learning gets beyond its first look.
HEADERS = st.one_of(
    st.sampled_from(
        [
            "订单号", "订单编号", "收件人", "收货人姓名", "电话", "手机", "地址", "省", "市", "区", "商品", "规格", "",
            "数量", "单价", "金额", "快递公司", "物流公司", "快递单号", "运单号", "物流单号", "备注", "日期", "序号",
        ]
    ),
    CELLS,
)  # fmt: skip
GRIDS = st.integers(1, 8).flatmap(
    lambda width: st.tuples(
        st.lists(st.lists(CELLS, min_size=width, max_size=width), max_size=2),
        st.lists(HEADERS, min_size=width, max_size=width),
        st.lists(st.lists(CELLS, min_size=width, max_size=width), max_size=4),
    ).map(lambda parts: [*parts[0], parts[1], *parts[2]])
)


TOLD = st.dictionaries(st.integers(-1, 9), st.sampled_from(["", "name", "phone", "address"]), max_size=3)


def learned[T](learn: Callable[[], T]) -> T | None:
    """What was learned, or None after a refusal with words."""
    try:
        return learn()
    except AppError as error:
        words = (error.code, error.message_zh)
    assert all(words)
    return None


@CALM
@given(GRIDS, TOLD)
def test_any_sample_of_a_suppliers_sheet(rows: list[list[object]], told: dict[int, str]) -> None:
    """A format with columns, or a refusal; with a person's word on any column."""
    found = learned(lambda: learn_format(rows, told=told))
    assert found is None or found.form.columns


@CALM
@given(GRIDS)
def test_any_upload_template_of_a_platform(rows: list[list[object]]) -> None:
    """A format that survives being stored, or a refusal."""
    found = learned(lambda: ship_template.learn(rows))
    if found is not None:
        assert ship_template.form_of(ship_template.document_of(found.form)) == found.form


@CALM
@given(st.sampled_from(HEADS), st.binary(max_size=300), NAMES)
def test_any_bytes_as_a_sample_or_template(head: bytes, body: bytes, name: str) -> None:
    """What is dropped as a supplier's sample or a platform's template: read and learned, or refused."""
    for sheet in learned(lambda: read_file(head + body, name, None)) or ():
        learned(lambda rows=sheet.rows: learn_format(rows))  # type: ignore[misc]  # bound now, not later
        learned(lambda rows=sheet.rows: ship_template.learn(rows))  # type: ignore[misc]  # bound now, not later
