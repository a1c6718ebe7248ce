"""Batch-ship files: learning a blank template, filling it, splitting, and what stays out."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from daifa.areas.logistics.rules.ship_file import (
    CourierNaming,
    Several,
    ShipColumn,
    ShipFormat,
    ShipLine,
    ShipParcel,
    fill,
)
from daifa.areas.logistics.rules.ship_template import built_in, document_of, form_of, learn
from daifa.kit.errors import Invalid
from daifa.ports.sheet import ShipTemplate

NAMING = CourierNaming("抖店", names={"JTSD": "极兔速递(抖店)"}, system="taobao")
PLAIN = built_in(ShipTemplate((("订单号", "order_no"), ("快递公司", "courier"), ("快递单号", "tracking_no"))))


def parcel(n: int, order: str = "", courier: str = "ZTO", **more: object) -> ShipParcel:
    return ShipParcel(UUID(int=n), order or f"D{n}", courier, f"7840000000{n:04d}", **more)  # type: ignore[arg-type]


def test_a_blank_template_is_learned_with_what_stands_above_it() -> None:
    rows = [
        ["批量发货模板：单次最多导入 1000 行", None, None, None],
        ["*订单编号（必填）", "物流公司", "物流单号*", "发货方式", None],
        ["示例6925123", "中通快递", "78400000000076", "自己联系物流", None],
    ]
    learned = learn(rows, sheet="发货")
    assert learned.header_row == 2
    assert [(c.header, c.value, c.fixed) for c in learned.form.columns] == [
        ("*订单编号（必填）", "order_no", ""),
        ("物流公司", "courier", ""),
        ("物流单号*", "tracking_no", ""),
        ("发货方式", "", "自己联系物流"),
    ]
    assert learned.form.titles == (("批量发货模板：单次最多导入 1000 行",),)
    assert learned.form.row_limit == 1000
    assert learned.asked == ("发货方式",)
    files = fill(learned.form, [parcel(1)], NAMING)
    assert files.sheets[0].rows[0].cells == ("D1", "中通快递", "78400000000001", "自己联系物流")


def test_a_correction_wins_and_a_wrong_file_is_refused() -> None:
    rows = [["订单号", "单据", "快递单号"]]
    assert learn(rows, told={1: "courier"}).form.columns[1].value == "courier"
    with pytest.raises(Invalid):
        learn([["姓名", "电话"], ["李四", "1"]])


def test_both_number_columns_make_it_line_level() -> None:
    form = learn([["主订单编号", "子订单编号", "快递公司编码", "运单号"]]).form
    assert form.line_level
    assert [c.value for c in form.columns] == ["order_no", "line_no", "courier_code", "tracking_no"]
    box = parcel(1, lines=(ShipLine("S1", 1), ShipLine("S2", 2)), pending=3)
    files = fill(form, [box], NAMING)
    assert [r.cells for r in files.sheets[0].rows] == [
        ("D1", "S1", "ZTO", "78400000000001"),
        ("D1", "S2", "ZTO", "78400000000001"),
    ]


def test_couriers_are_called_as_the_platform_calls_them() -> None:
    files = fill(PLAIN, [parcel(1, courier="JTSD"), parcel(2, courier="SF")], NAMING)
    assert [r.cells[1] for r in files.sheets[0].rows] == ["极兔速递(抖店)", "顺丰速运"]
    unknown = fill(PLAIN, [parcel(1, courier="XX")], NAMING)
    assert unknown.left_out[0].reason == "不知道 抖店 怎么叫快递“XX”。请在“快递名称对照”里补上"
    coded = replace(PLAIN, columns=(*PLAIN.columns[:1], ShipColumn("编码", "courier_code"), PLAIN.columns[2]))
    no_code = fill(coded, [parcel(1, courier="CNSD")], NAMING)
    assert "没有菜鸟速递的编码" in no_code.left_out[0].reason


def test_a_part_waits_because_a_row_ships_the_whole_order() -> None:
    files = fill(PLAIN, [parcel(1, pending=2, missing="某厂 的 毛巾 ×2")], NAMING)
    assert not files.sheets
    assert "在等同一单的另外 2 件：某厂 的 毛巾 ×2。" in files.left_out[0].reason
    assert len(fill(PLAIN, [parcel(1, pending=2, urgent=True)], NAMING).sheets) == 1


def test_a_second_parcel_goes_where_the_platform_takes_it() -> None:
    two = [parcel(1, "D1"), parcel(2, "D1")]
    assert [r.cells[2] for r in fill(PLAIN, two, NAMING).sheets[0].rows] == ["78400000000001", "78400000000002"]
    first = fill(replace(PLAIN, several=Several.FIRST_ONLY), two, NAMING)
    assert len(first.sheets[0].rows) == 1
    assert "一单只收一个单号" in first.left_out[0].reason


def test_blocked_and_repeated_stay_out() -> None:
    files = fill(PLAIN, [parcel(1), parcel(1), parcel(2, blocked="买家申请退款，先别传")], NAMING)
    assert len(files.sheets[0].rows) == 1
    assert [x.reason for x in files.left_out] == ["78400000000001 已在文件里，不重复写", "买家申请退款，先别传"]


def test_files_are_split_by_rows_and_by_courier() -> None:
    form = replace(PLAIN, row_limit=2)
    files = fill(form, [parcel(1), parcel(2, "A"), parcel(3, "A"), parcel(4)], NAMING)
    assert [[r.cells[0] for r in s.rows] for s in files.sheets] == [["D1"], ["A", "A"], ["D4"]]
    assert any("分成 3 个文件" in n for n in files.notes)
    by_courier = fill(replace(PLAIN, one_courier=True), [parcel(1), parcel(2, courier="SF"), parcel(3)], NAMING)
    assert [(s.courier, len(s.rows)) for s in by_courier.sheets] == [("SF", 1), ("ZTO", 2)]


def test_an_unverified_template_says_so() -> None:
    assert "未核实" in fill(PLAIN, [parcel(1)], NAMING).notes[0]
    assert not fill(replace(PLAIN, verified=True), [parcel(1)], NAMING).notes


def test_a_format_survives_its_document() -> None:
    form = learn([["说明"], ["订单号", "快递公司", "快递单号"]]).form
    assert form_of(document_of(form)) == form
    with pytest.raises(Invalid):
        form_of({"columns": [1]})


@settings(max_examples=80)
@given(
    st.lists(
        st.builds(
            lambda n, order, courier, lines, pending: parcel(
                n, order, courier, lines=tuple(ShipLine(f"S{i}", 1) for i in range(lines)), pending=pending
            ),
            st.integers(1, 9999),
            st.sampled_from(["A", "B", "C", ""]),
            st.sampled_from(["ZTO", "SF", "XX", "JTSD"]),
            st.integers(0, 3),
            st.integers(0, 1),
        ),
        max_size=12,
    ),
    st.booleans(),
    st.integers(0, 3),
    st.booleans(),
)
def test_every_parcel_is_in_a_file_or_left_out(
    parcels: list[ShipParcel], line_level: bool, limit: int, one_courier: bool
) -> None:
    columns = (*PLAIN.columns, ShipColumn("子单", "line_no")) if line_level else PLAIN.columns
    form = ShipFormat(columns, line_level=line_level, row_limit=limit, one_courier=one_courier)
    files = fill(form, parcels, NAMING)
    written = [r.report_id for s in files.sheets for r in s.rows]
    assert sorted({*written, *(x.report_id for x in files.left_out)}) == sorted({p.report_id for p in parcels})
    assert len(files.left_out) + len(
        {(r.report_id, i) for i, r in enumerate(x for s in files.sheets for x in s.rows)}
    ) >= len(parcels)
    for sheet in files.sheets:
        assert sheet.rows
        assert not limit or len(sheet.rows) <= limit
        assert all(len(r.cells) == len(columns) for r in sheet.rows)
        assert len({r.cells for r in sheet.rows}) == len(sheet.rows)
