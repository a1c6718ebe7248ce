"""`daifa import` and `daifa fields`: what scripts read from them, and that a refusal changes nothing."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from daifa.areas.accounts.services import shops
from daifa.areas.mailroom.models import Import, StoredFile
from daifa.areas.orders.models import Order
from daifa.base.actor import SYSTEM
from daifa.base.tenancy import tenant
from daifa.entry import cli
from daifa.entry.commands import imports as command
from daifa.flows import order_files, recorders
from daifa.flows.tests.filing import GOODS, box, xlsx
from tests.browser import Company

ORDERS = (
    "主订单编号",
    "子订单编号",
    "选购商品",
    "商品规格",
    "商品数量",
    "商品ID",
    "订单状态",
    "支付完成时间",
    "订单应付金额",
)
KEYS = {
    "file", "kind", "platform", "sheet", "header_row", "columns", "orders", "lines", "new", "updated", "unchanged",
    "rejected", "errors", "totals",
}  # fmt: skip


def order(number: str) -> tuple[Any, ...]:
    return (number, number, "收纳箱", "大号", 1, "3001", "待发货", "2025-11-20 09:00:00", "12.30")


def daifa(capsys: pytest.CaptureFixture[str], *argv: object) -> tuple[int, Any]:
    with pytest.raises(SystemExit) as left:
        cli.main([*map(str, argv), "--json"])
    out = capsys.readouterr().out
    return int(left.value.code or 0), json.loads(out) if out else None


def test_a_preview_needs_neither_database_nor_shop(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "导出.xlsx"
    path.write_bytes(
        xlsx(ORDERS, order("6920000000000000001"), (*order("6920000000000000002")[:4], "两件", *order("x")[5:]))
    )
    code, [document] = daifa(capsys, "import", path, "--preview")
    assert code == 0
    assert set(document) >= KEYS
    assert (document["kind"], document["platform"], document["header_row"]) == ("orders", "douyin", 1)
    assert (document["orders"], document["lines"], document["rejected"]) == (1, 1, 1)
    assert document["new"] is None
    assert document["totals"]["paid_fen"] == 1230
    assert document["totals"]["refunded_fen"] is None
    assert set(document["errors"][0]) == {"row", "column", "value", "reason", "fix"}
    assert {"column", "field", "confidence", "asked"} <= set(document["columns"][0])


def test_every_field_is_told_with_label_type_and_meaning(capsys: pytest.CaptureFixture[str]) -> None:
    code, rows = daifa(capsys, "fields")
    assert code == 0
    money = next(r for r in rows if r["field"] == "paid")
    assert (money["label"], money["type"]) == ("买家实付(整单)", "money")
    assert {r["field"] for r in daifa(capsys, "fields", "--kind", "goods")[1]} >= {"sku_code", "cost"}


def test_wrong_usage_is_code_2_and_a_missing_file_code_1(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as left:
        cli.main(["import", "--kind", "nonsense", "x.csv"])
    assert left.value.code == 2
    assert daifa(capsys, "import", "/nowhere/x.csv", "--preview")[0] == 1


def test_a_refused_import_changes_nothing_and_a_named_shop_lets_it_in(
    transactional_db: None, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    # The tests' database is up and migrated, and its owner's door is shut here.
    monkeypatch.setattr(command, "with_database", lambda: None)
    company = Company()
    goods, orders = tmp_path / "货.xlsx", tmp_path / "导出.xlsx"
    goods.write_bytes(xlsx(GOODS, box("A-1")))
    orders.write_bytes(xlsx(ORDERS, order("6920000000000000001")))
    mine = ("--company", company.number)
    code, refusal = daifa(capsys, "import", goods, orders, *mine)
    assert (code, refusal["code"]) == (1, "not_ready")
    assert "请选择这个文件属于哪个店铺。请加 --new-shop douyin:店铺名称" in refusal["message"]
    assert daifa(capsys, "import", orders, "--shop", "没有", *mine)[0] == 1
    assert daifa(capsys, "import", orders, "--new-shop", "nowhere:店", *mine)[0] == 1
    _, refusal = daifa(capsys, "import", orders, "--new-shop", "没有的:店", *mine)
    assert "抖店（douyin）" in refusal["message"]
    with tenant(company.number):
        assert (Import.objects.count(), StoredFile.objects.count(), shops.list_shops()) == (0, 0, [])
    code, done = daifa(capsys, "import", goods, orders, "--new-shop", "抖店:抖店", *mine)
    assert code == 0
    assert [(d["kind"], d["new"], d["rejected"], d["state"]) for d in done] == [
        ("goods", 1, 0, "done"),
        ("orders", 1, 0, "done"),
    ]
    _, [again] = daifa(capsys, "import", orders, "--shop", "抖店", *mine)
    assert (again["new"], again["updated"], again["unchanged"]) == (0, 0, 1)


def test_a_file_without_its_shop_is_told_how_to_name_it(
    transactional_db: None, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(command, "with_database", lambda: None)
    company = Company()
    path = tmp_path / "导出.xlsx"
    path.write_bytes(xlsx(ORDERS, order("6920000000000000001")))
    with tenant(company.number):
        for platform, name in (("jd", "别的平台"), ("douyin", "家居 旗舰店")):
            shops.create_shop(by=SYSTEM, platform=platform, name=name)
    code, refusal = daifa(capsys, "import", path, "--company", company.number)
    assert (code, "别的平台" in refusal["message"]) == (1, False)
    assert "请加 --shop '家居 旗舰店'，新店铺用 --new-shop douyin:店铺名称。" in refusal["message"]


def test_one_empty_file_stops_none_of_the_others(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    full, bare, blank = tmp_path / "导出.xlsx", tmp_path / "空.csv", tmp_path / "空表.xlsx"
    full.write_bytes(xlsx(ORDERS, order("6920000000000000001")))
    bare.write_bytes(b"\xef\xbb\xbf\r\n")
    blank.write_bytes(xlsx(()))
    code, done = daifa(capsys, "import", bare, full, blank, "--preview")
    assert code == 0
    assert [(d["file"], d["orders"], d.get("state")) for d in done] == [
        ("导出.xlsx", 1, None),
        ("空.csv", 0, "empty"),
        ("空表.xlsx", 0, "empty"),
    ]
    assert all(set(d) >= KEYS for d in done)
    assert "空.csv" in done[1]["message"]
    assert daifa(capsys, "import", bare, "--preview")[0] == 1


def test_a_script_answers_what_a_file_asks_and_the_answer_is_remembered(
    transactional_db: None, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(command, "with_database", lambda: None)
    mine = ("--company", Company().number, "--kind", "goods")
    strange = ("编号甲", "名字甲", "数甲")
    path, later = tmp_path / "怪.xlsx", tmp_path / "怪二.xlsx"
    path.write_bytes(xlsx(("货品一览", "", ""), strange, ("A-1", "箱", "3")))
    later.write_bytes(xlsx(("货品一览", "", ""), strange, ("A-2", "盒", "4")))
    answer = ("--header-row", 2, "--map", "编号甲=sku_code", "--map", "名字甲=title", "--map", "数甲=cost")
    code, [seen] = daifa(capsys, "import", path, "--preview", "--kind", "goods", *answer)
    assert (code, seen["header_row"], [c["field"] for c in seen["columns"]]) == (0, 2, ["sku_code", "title", "cost"])
    assert daifa(capsys, "import", path, *mine, *answer, "--map", "没有=spec")[1]["code"] == "column_unknown"
    assert daifa(capsys, "import", path, *mine, "--map", "编号甲")[1]["code"] == "bad_map"
    code, [done] = daifa(capsys, "import", path, *mine, *answer, "--template", "怪表")
    assert (code, done["new"], done["state"]) == (0, 1, "done")
    # The next one needs no answers.
    code, [again] = daifa(capsys, "import", later, *mine[:2])
    assert (code, again["new"], again["header_row"], again["kind"]) == (0, 1, 2, "goods")


def test_when_a_file_was_exported_is_said_in_beijing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "导出.xlsx"
    path.write_bytes(xlsx(ORDERS, order("6920000000000000001")))
    assert daifa(capsys, "import", path, "--preview", "--as-of", "昨天")[1]["code"] == "bad_as_of"
    said = command._moment("2026-11-20T10:00")
    assert said is not None
    assert (said.isoformat(), command._moment("2026-11-20T10:00Z")) == (
        "2026-11-20T10:00:00+08:00", command._moment("2026-11-20T18:00"),
    )  # fmt: skip


def test_ctrl_c_keeps_what_is_in_or_takes_it_out(
    transactional_db: None, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(command, "with_database", lambda: None)
    company = Company()
    real = order_files.record_orders

    def presses(*given: Any) -> Any:
        real(*given)
        raise KeyboardInterrupt

    monkeypatch.setitem(recorders.RECORDERS, "orders", presses)
    for n, flags in (("1", ()), ("2", ("--take-out",))):
        path = tmp_path / f"{n}.xlsx"
        path.write_bytes(xlsx(ORDERS, order(f"692000000000000000{n}")))
        with pytest.raises(SystemExit):
            cli.main(["import", str(path), "--new-shop", f"douyin:店{n}", "--company", str(company.number), *flags])
    with tenant(company.number):
        assert list(Order.objects.values_list("external_id", flat=True)) == ["6920000000000000001"]
        assert sorted(Import.objects.values_list("state", flat=True)) == ["cancelled", "undone"]
        [kept] = Import.objects.filter(state="cancelled").values_list("id", flat=True)
    said = capsys.readouterr().out
    assert f"daifa undo-import {kept}" in said
    code, answer = daifa(capsys, "undo-import", kept, "--company", company.number)
    assert (code, answer["message"]) == (0, "已撤销导入，拿出了 1 单")
    assert daifa(capsys, "undo-import", kept, "--company", company.number)[0] == 1
