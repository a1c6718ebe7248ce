"""Reading: every encoding, container and quirk gives rows or a refusal with a name."""

from __future__ import annotations

import io
import zipfile

import msoffcrypto
import openpyxl
import pytest
import xlwt

from daifa.kit.tabular import PasswordNeeded, UnreadableFile, read_file

CSV = '订单号,金额\r\n="123",1\r\n\'456,2\r\n'


def workbook(**sheets: list[list[object]]) -> bytes:
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def zipped(**files: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name.replace("__", "."), content)
    return out.getvalue()


def locked(password: str) -> bytes:
    out = io.BytesIO()
    office = msoffcrypto.OfficeFile(io.BytesIO(workbook(订单=[["订单号"], ["1"]])))
    office.encrypt(password, out)
    return out.getvalue()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16", "utf-16-le", "utf-16-be"])
def test_csv_in_every_encoding(encoding: str) -> None:
    (sheet,) = read_file(CSV.encode(encoding), "a.csv")
    assert sheet.rows == [["订单号", "金额"], ['="123"', "1"], ["'456", "2"]]


def test_tabs_and_ragged_rows_are_one_rectangle() -> None:
    (sheet,) = read_file("订单号\t金额\t备注\n1\t2\n\n3\t4\t5\n\n".encode(), "a.txt")
    assert sheet.rows == [["订单号", "金额", "备注"], ["1", "2", ""], ["", "", ""], ["3", "4", "5"]]


def test_rows_keep_their_numbers_when_the_sheet_starts_lower() -> None:
    book = openpyxl.Workbook()
    book.active["C4"] = "订单号"
    out = io.BytesIO()
    book.save(out)
    (sheet,) = read_file(out.getvalue(), "a.xlsx")
    assert sheet.rows[3][2] == "订单号"
    assert len(sheet.rows) == 4


def test_xls_and_html_called_xls() -> None:
    book = xlwt.Workbook()
    book.add_sheet("订单").write(0, 0, "订单号")
    out = io.BytesIO()
    book.save(out)
    assert read_file(out.getvalue(), "a.xls")[0].rows == [["订单号"]]
    page = "<html><body><table><tr><th>订单号</th><th>金额</th></tr><tr><td> 1 </td><td>2&nbsp;</td></tr></table>"
    assert read_file(page.encode(), "b.xls")[0].rows[1] == ["1", "2"]


def test_hidden_sheets_are_flagged() -> None:
    book = openpyxl.load_workbook(io.BytesIO(workbook(甲=[["a"]], 乙=[["b"]])))
    book["乙"].sheet_state = "hidden"
    out = io.BytesIO()
    book.save(out)
    assert [(s.name, s.hidden) for s in read_file(out.getvalue(), "a.xlsx")] == [("甲", False), ("乙", True)]


def test_vertical_merges_are_spread_and_titles_are_not() -> None:
    book = openpyxl.load_workbook(io.BytesIO(workbook(甲=[["标题", None], ["x", 1], [None, 2], ["y", 3]])))
    book.active.merge_cells("A1:B1")
    book.active.merge_cells("A2:A3")
    out = io.BytesIO()
    book.save(out)
    (sheet,) = read_file(out.getvalue(), "a.xlsx")
    assert [r[0] for r in sheet.rows] == ["标题", "x", "x", "y"]
    assert sheet.rows[0][1] == ""
    assert sheet.merged == {0}


def test_a_merge_over_two_columns_is_spread_to_the_rows_of_its_order_and_a_remark_block_is_not() -> None:
    rows: list[list[object]] = [
        ["单号", "地址", None, "商品"],
        ["x", "路1号", None, "杯"],
        [None, None, None, "盘"],
        ["备注", None, None, None],
    ]
    book = openpyxl.load_workbook(io.BytesIO(workbook(甲=[*rows, [None, None, None, None]])))
    for cells in ("A2:A3", "B2:C3", "A4:D5"):
        book.active.merge_cells(cells)
    out = io.BytesIO()
    book.save(out)
    (sheet,) = read_file(out.getvalue(), "a.xlsx")
    assert [r[1] for r in sheet.rows[:3]] == ["地址", "路1号", "路1号"]
    assert [r[0] for r in sheet.rows[:4]] == ["单号", "x", "x", "备注"]
    assert all(not r[0] for r in sheet.rows[4:])


def test_zip_of_files_with_chinese_names() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("ORDR.csv", CSV.encode())
        archive.writestr("__MACOSX/._x.csv", b"junk")
        archive.writestr("说明.pdf", b"%PDF")
        archive.writestr("b.xlsx", workbook(甲=[["订单号"]]))
    # As Chinese Windows does it: GBK bytes, and no flag that says so.
    sheets = read_file(out.getvalue().replace(b"ORDR", "订单".encode("gbk")), "全部.zip")
    assert [s.file for s in sheets] == ["全部.zip/订单.csv", "全部.zip/b.xlsx"]


@pytest.mark.parametrize(
    ("data", "name", "code"),
    [
        (b"", "a.csv", "file_empty"),
        (b"\xef\xbb\xbf\r\n", "a.csv", "file_empty"),
        (b"%PDF-1.7", "a.pdf", "file_not_a_table"),
        (b"\x89PNG\r\n", "a.png", "file_not_a_table"),
        (b"PK\x03\x04broken", "a.xlsx", "file_unreadable"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1broken", "a.xls", "file_unreadable"),
        (b"\xff\xfe\x00\xd8\x41", "a.csv", "encoding_unknown"),
        (zipped(x__zip=zipped(a__csv=b"1,2")), "a.zip", "file_nested_archive"),
        (zipped(x__pdf=b"%PDF"), "a.zip", "file_empty"),
        (b"<html><body>no table</body></html>", "a.xls", "file_not_a_table"),
    ],
)
def test_refusals_have_a_name(data: bytes, name: str, code: str) -> None:
    with pytest.raises(UnreadableFile) as caught:
        read_file(data, name)
    assert caught.value.code == code
    assert name in caught.value.message_zh


def test_a_sheet_that_spans_a_whole_grid_is_refused_before_it_is_read() -> None:
    book = openpyxl.Workbook()
    book.active["A1"] = "x"
    book.active.cell(1_048_576, 16_384).value = "y"
    out = io.BytesIO()
    book.save(out)
    with pytest.raises(UnreadableFile, match="1048576 行 16384 列") as caught:
        read_file(out.getvalue(), "a.xlsx")
    assert caught.value.code == "file_too_large"


def test_a_zip_bomb_is_refused() -> None:
    with pytest.raises(UnreadableFile) as caught:
        read_file(zipped(a__csv=b"0" * (60 << 20)), "a.zip")
    assert caught.value.code == "file_too_large"


def test_kuaishou_files_open_by_the_end_of_their_name() -> None:
    assert read_file(locked("ab12cd"), "订单_20260815_ab12cd.xlsx")[0].rows[0] == ["订单号"]
    assert read_file(locked("ab12cd"), "订单_ab12cd (1).xlsx")[0].rows[0] == ["订单号"]
    assert read_file(locked("other1"), "订单.xlsx", "other1")[0].rows[0] == ["订单号"]


def test_a_locked_file_asks_and_says_when_the_password_is_wrong() -> None:
    with pytest.raises(PasswordNeeded) as missing:
        read_file(locked("secret"), "订单导出文件.xlsx")
    assert missing.value.code == "password_needed"
    with pytest.raises(PasswordNeeded) as wrong:
        read_file(locked("secret"), "订单导出文件.xlsx", "nonono")
    assert wrong.value.code == "password_wrong"
    with pytest.raises(PasswordNeeded) as inside:
        read_file(zipped(订单导出文件__xlsx=locked("secret")), "a.zip")
    assert inside.value.data["file"] == "a.zip/订单导出文件.xlsx"
