"""Any bytes give rows or a refusal with a name, never a traceback."""

from __future__ import annotations

import io
import random
import re
import zipfile
from functools import cache

import openpyxl
import pytest
import xlwt
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from daifa.kit.errors import AppError
from daifa.kit.tabular import SheetData, Table, UnreadableFile, read_file, write_xlsx

CALM = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
HEADS = [
    b"",
    b"PK\x03\x04",
    b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
    b"\xff\xfe",
    b"\xef\xbb\xbf",
    b"<html><table>",
    b"\x00",
]


@cache
def xlsx() -> bytes:
    book = openpyxl.Workbook()
    for row in (["订单号", "金额", "时间"], ["1", 2.5, "2026-01-01"], ["2", None, None]):
        book.active.append(row)
    book.active.merge_cells("A2:A3")
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


@cache
def xls() -> bytes:
    book = xlwt.Workbook()
    sheet = book.add_sheet("订单")
    for i, text in enumerate(("订单号", "金额")):
        sheet.write(0, i, text)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def survives(data: bytes, name: str, password: str | None = None) -> None:
    refusal: AppError | None = None
    sheets: list[SheetData] = []
    try:
        sheets = read_file(data, name, password)
    except AppError as error:
        refusal = error
    if refusal is not None:
        assert refusal.code
        assert name in refusal.message_zh
        return
    assert sheets
    for sheet in sheets:
        assert isinstance(sheet, SheetData)
        assert sheet.rows
        assert {len(row) for row in sheet.rows} == {sheet.width}


@CALM
@given(
    st.sampled_from(HEADS), st.binary(max_size=400), st.sampled_from(["a.csv", "a.xlsx", "a.xls", "b.zip", "无后缀"])
)
@example(b"", b'"' + b"x" * 40, "a.csv")
@example(b"", b"a\r\rb\x00,c", "a.csv")
def test_any_bytes(head: bytes, body: bytes, name: str) -> None:
    survives(head + body, name)


@CALM
@given(st.text(max_size=300), st.sampled_from(["utf-8", "gb18030", "utf-16", "utf-16-le"]))
def test_any_text(text: str, encoding: str) -> None:
    survives(text.encode(encoding, "replace"), "a.csv")


def broken(data: bytes, hits: list[tuple[float, bytes]]) -> bytes:
    out = bytearray(data)
    for where, new in hits:
        at = int(where * (len(out) - len(new)))
        out[at : at + len(new)] = new
    return bytes(out)


HITS = st.lists(st.tuples(st.floats(0, 1), st.binary(min_size=1, max_size=6)), max_size=6)


@CALM
@given(HITS)
def test_xlsx_with_broken_bytes(hits: list[tuple[float, bytes]]) -> None:
    survives(broken(xlsx(), hits), "a.xlsx", "secret")


@settings(CALM, max_examples=20)
@given(HITS)
def test_xls_with_broken_bytes(hits: list[tuple[float, bytes]]) -> None:
    survives(broken(xls(), hits), "a.xls", "secret")


@pytest.mark.parametrize("seed", [633, 1357, 2109])
def test_damage_that_would_end_the_process_is_refused(seed: int) -> None:
    """Each of these made the reader ask for hundreds of gigabytes and abort."""
    dice = random.Random(seed)
    data = bytearray(xls())
    for _ in range(dice.randint(1, 5)):
        new = bytes(dice.choice([0, 255, dice.randrange(256), 1]) for _ in range(dice.randint(1, 6)))
        at = dice.randrange(len(data) - len(new))
        data[at : at + len(new)] = new
    with pytest.raises(UnreadableFile):
        read_file(bytes(data), "a.xls", "secret")


def test_an_announcement_of_billions_of_texts_is_refused() -> None:
    out = io.BytesIO()
    whole = write_xlsx([Table("订单", ["订单号"], [["1"]])])
    with zipfile.ZipFile(io.BytesIO(whole)) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            part = old.read(name)
            if name.endswith("sharedStrings.xml"):
                part = re.sub(rb'ount="\d+"', b'ount="99999999999"', part)
            new.writestr(name, part)
    with pytest.raises(UnreadableFile):
        read_file(out.getvalue(), "a.xlsx")


@CALM
@given(
    st.dictionaries(
        st.sampled_from(["xl/worksheets/sheet1.xml", "xl/workbook.xml", "xl/styles.xml"]), st.binary(max_size=300)
    )
)
def test_workbooks_with_broken_parts(parts: dict[str, bytes]) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(xlsx())) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            new.writestr(name, parts.get(name, old.read(name)))
    survives(out.getvalue(), "a.xlsx")


@CALM
@given(st.dictionaries(st.text(min_size=1, max_size=8).map(lambda s: s + ".csv"), st.binary(max_size=80), max_size=4))
def test_archives_of_anything(files: dict[str, bytes]) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, data in files.items():
            archive.writestr(name.encode("utf-8", "replace").decode(), data)
    survives(out.getvalue(), "a.zip")
