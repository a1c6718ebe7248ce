"""The import screen's routes as the browser calls them: drop, look, correct, run, mend; permission and scope."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote
from uuid import UUID

import orjson
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from daifa.areas.mailroom.rules import blanks
from daifa.areas.mailroom.services import imports, tasks
from daifa.base.models import AuditEntry
from daifa.base.tenancy import tenant
from daifa.flows import import_run, intake
from daifa.flows.tests.filing import GOODS, PRICES, box, xlsx
from daifa.kit.tabular import read_file
from daifa.ports.sheet import ImportKind
from tests.browser import Browser, Company


@pytest.fixture
def company(transactional_db: None) -> Company:
    return Company()


def drop(browser: Browser, data: bytes, name: str = "货.xlsx", **fields: str) -> tuple[int, dict[str, Any]]:
    files = {"files": SimpleUploadedFile(name, data)}
    headers = {"X-CSRFToken": browser.client.cookies["csrftoken"].value}
    answer = browser.client.post("/api/imports", {**files, **fields}, headers=headers)
    return answer.status_code, orjson.loads(answer.content)


def read(company: Company) -> None:
    """What the worker does with files that arrived."""
    with tenant(company.number):
        for row in imports.list_open():
            if row.state == "reading":
                intake.recognise(row.id)


def perform(company: Company, ids: list[str]) -> None:
    for import_id in ids:
        import_run.perform(company.number, UUID(import_id))


def test_a_misspelt_field_runs_nothing(company: Company) -> None:
    owner = company.owner
    _, answer = drop(owner, xlsx(GOODS, box("A-1")))
    read(company)
    refused = owner.call("POST", "/imports/run", {"idz": answer["ids"]})
    assert (refused.status_code, "idz 不是这里的字段" in refused.content.decode()) == (422, True)
    assert owner.get("/imports/open")["ready"] == 1


def test_drop_look_run_and_see_every_number_open_its_list(company: Company) -> None:
    owner = company.owner
    status, answer = drop(owner, xlsx(GOODS, box("A-1"), box("A-2", "十二")))
    assert status == 200
    read(company)
    open_now = owner.get("/imports/open")
    assert (open_now["ready"], open_now["items"][0]["kind_label"], open_now["items"][0]["errors"]) == (1, "商品", 1)
    seen = owner.get(f"/imports/{answer['ids'][0]}")
    assert [c["field"] for c in seen["columns"]] == ["sku_code", "title", "spec", "cost", "weight"]
    assert seen["first"]["columns"][:2] == ["SKU编码", "商品"]
    ran = owner.post("/imports/run", {})
    perform(company, ran["import_ids"])
    result = owner.get(f"/imports/{ran['import_ids'][0]}/result")
    new = result["outcomes"][0]
    assert (new["label"], new["value"], result["rejected_total"]) == ("新增", 1, 1)
    path, _, query = new["to"].partition("?")
    assert [g["code"] for g in owner.get(f"{path}?{query}")["items"]] == ["A-1"]
    # Mended in place: only that row comes again, under the same belief.
    refused = result["rejected"][0]
    again = owner.post(
        f"/imports/{ran['import_ids'][0]}/mend", {"rows": {str(refused["row"]): {refused["column"]: "12"}}}
    )
    perform(company, again["import_ids"])
    mended = owner.get(f"/imports/{again['import_ids'][0]}/result")
    assert [o["value"] for o in mended["outcomes"]] == [1, 0, 0]
    assert {g["code"]: g["cost_fen"] for g in owner.get("/goods")["items"]} == {"A-1": 1250, "A-2": 1200}
    assert owner.refused("POST", f"/imports/{ran['import_ids'][0]}/mend", {"rows": {"2": {"成本价": "1"}}})[0] == 422
    task = owner.get("/tasks")["items"][-1]
    assert (task["state"], task["succeeded"], task["failed"]) == ("done", 1, 1)
    assert owner.get("/tasks/counts")["counts"]["done"] == 2
    assert len(owner.get("/imports?tab=done&limit=1")["items"]) == 1
    assert owner.get("/imports/counts")["counts"]["done"] == 2


def test_the_error_file_and_the_original_need_their_permissions_and_leave_a_trace(company: Company) -> None:
    owner = company.owner
    _, answer = drop(owner, xlsx(GOODS, box("A-1"), box("")))
    read(company)
    perform(company, owner.post("/imports/run", {})["import_ids"])
    import_id = answer["ids"][0]
    errors = owner.call("GET", f"/imports/{import_id}/error-file")
    assert errors.status_code == 200
    [sheet] = read_file(errors.content, "x.xlsx")
    assert sheet.rows[1][-4:-2] == [3, "SKU编码"]
    assert owner.call("GET", f"/imports/{import_id}/file?reason=核对").status_code == 200
    with tenant(company.number):
        traces = AuditEntry.objects.filter(verb="file.download").values_list("reason", flat=True)
        assert sorted(traces) == ["", "核对"]
    # Goods are nobody's secret: who may import may look at what was imported.
    _, buyer = company.hire("buyer")
    assert buyer.call("GET", f"/imports/{import_id}/error-file").status_code == 200
    _, viewer = company.hire("viewer")
    assert viewer.refused("GET", "/imports/open")[0] == 403
    assert drop(viewer, b"x")[0] == 403


def test_what_is_empty_too_large_or_of_no_kind_is_refused_in_words(company: Company, settings: Any) -> None:
    settings.UPLOAD_LIMIT = 100
    status, answer = drop(company.owner, b"a" * 200, "大.csv")
    assert (status, "大.csv" in answer["message"]) == (422, True)
    assert drop(company.owner, b"", "空.csv")[1]["code"] == "file_empty"
    assert drop(company.owner, b"x", "x.csv", kind="nonsense")[1]["code"] == "unknown_kind"


def test_a_new_shop_is_made_in_the_card_and_one_of_another_platform_refused(company: Company) -> None:
    owner = company.owner
    header = ("主订单编号", "子订单编号", "选购商品", "商品规格", "商品数量", "商品ID", "订单状态", "支付完成时间")
    row = ("6920000000000000001", "6920000000000000001", "收纳箱", "大号", 1, "3001", "待发货", "2025-11-20 09:00:00")
    _, answer = drop(owner, xlsx(header, row), "导出.xlsx")
    read(company)
    path = f"/imports/{answer['ids'][0]}"
    taobao = owner.post("/shops", {"platform": "taobao", "name": "淘店"})["id"]
    wrong = owner.post(f"{path}/correct", {"shop_id": taobao})
    assert "请换一个店铺" in wrong["why_not"]
    right = owner.post(f"{path}/correct", {"new_shop": {"platform": "douyin", "name": "抖店"}})
    assert (right["ready"], right["shop"]["name"]) == (True, "抖店")
    # The next file that names no shop goes to the same one, until there are two.
    _, second = drop(owner, xlsx(header, (row[0][:-1] + "2", *row[1:])), "导出2.xlsx")
    read(company)
    assert owner.get(f"/imports/{second['ids'][0]}")["shop"]["name"] == "抖店"
    owner.post("/shops", {"platform": "douyin", "name": "抖店二"})
    _, third = drop(owner, xlsx(header, (row[0][:-1] + "3", *row[1:])), "导出3.xlsx")
    read(company)
    assert owner.get(f"/imports/{third['ids'][0]}")["shop"] is None


def test_a_generic_sheet_speaks_its_shops_platform(company: Company) -> None:
    owner = company.owner
    shop = owner.post("/shops", {"platform": "douyin", "name": "抖店"})["id"]
    header = ("订单编号", "订单状态", "付款时间", "商品名称", "商品数量", "店铺名称", "金额")
    row = ("6920000000000000009", "已付款", "2025-11-20 09:00:00", "收纳箱", 1, "抖店", "25")
    _, answer = drop(owner, xlsx(header, row), "我的订单.xlsx")
    read(company)
    card = owner.get(f"/imports/{answer['ids'][0]}")
    assert (card["platform"], card["shop"]["id"], card["asked"]) == ("douyin", shop, 1)
    said = {"columns": {"6": "amount"}, "template_name": "我的表"}
    assert owner.post(f"/imports/{answer['ids'][0]}/correct", said)["ready"]
    # Under the remembered columns too.
    _, later = drop(owner, xlsx(header, (row[0][:-1] + "8", *row[1:])), "我的订单二.xlsx")
    read(company)
    card = owner.get(f"/imports/{later['ids'][0]}")
    assert (card["platform"], card["template"], card["ready"]) == ("douyin", "我的表", True)
    ran = owner.post("/imports/run", {})
    perform(company, ran["import_ids"])
    assert [owner.get(f"/imports/{i}")["state"] for i in ran["import_ids"]] == ["done", "done"]


def test_cards_are_thrown_away_and_tasks_cancelled(company: Company) -> None:
    owner = company.owner
    _, first = drop(owner, xlsx(GOODS, box("A-1")), "一.xlsx")
    _, second = drop(owner, xlsx(GOODS, box("A-2")), "二.xlsx")
    read(company)
    owner.post(f"/imports/{first['ids'][0]}/discard")
    assert owner.refused("GET", f"/imports/{first['ids'][0]}")[0] == 404
    ran = owner.post("/imports/run", {"ids": second["ids"]})
    assert owner.get("/tasks?live=1")["items"][0]["state"] == "waiting"
    assert owner.post(f"/tasks/{ran['task_id']}/cancel")["message"] == "已取消"
    assert owner.refused("POST", f"/tasks/{ran['task_id']}/cancel")[1] == "task_over"
    owner.post(f"/imports/{second['ids'][0]}/again")
    assert owner.get("/imports/open")["ready"] == 1


def test_what_runs_stands_above_what_waits(company: Company) -> None:
    owner = company.owner
    for name in ("一.xlsx", "二.xlsx", "三.xlsx"):
        drop(owner, xlsx(GOODS, box(f"A-{name}")), name)
    read(company)
    ran = owner.post("/imports/run", {})["task_ids"]
    with tenant(company.number):
        # The first of them runs while the younger ones wait; one is over.
        tasks.begin(UUID(ran[0]))
        tasks.begin(UUID(ran[2]))
        tasks.finish(UUID(ran[2]))
    shown = [ran[0], ran[1], ran[2]]
    assert [t["id"] for t in owner.get("/tasks?live=1")["items"]] == shown
    assert [t["id"] for t in owner.get("/tasks")["items"]] == shown
    first = owner.get("/tasks?limit=1")
    second = owner.get(f"/tasks?limit=1&cursor={first['next_cursor']}")
    third = owner.get(f"/tasks?limit=1&cursor={second['next_cursor']}")
    assert ([p["items"][0]["id"] for p in (first, second, third)], third["next_cursor"]) == (shown, None)


@pytest.mark.parametrize("kind", blanks.kinds())
def test_every_blank_is_recognised_as_its_kind_and_its_example_left_out(company: Company, kind: ImportKind) -> None:
    owner = company.owner
    blank = owner.call("GET", f"/import-blanks/{kind.value}").content
    _, answer = drop(owner, blank, "模板.xlsx")
    read(company)
    cards = owner.get("/imports/open")["items"]
    assert [(c["kind"], c["asked"], c["rows"]) for c in cards] == [(kind.value, 0, 0)]
    columns = owner.get(f"/imports/{answer['ids'][0]}")["columns"]
    assert all(c["field"] for c in columns)


def test_templates_are_listed_renamed_and_forgotten(company: Company) -> None:
    owner = company.owner
    _, answer = drop(owner, xlsx(("SKU编码", "名字甲", "数甲"), ("A-1", "箱", "3")), "怪.xlsx")
    read(company)
    correction = {"kind": "goods", "header_row": 1, "columns": {"1": "title", "2": "cost"}, "template_name": "货表"}
    assert owner.post(f"/imports/{answer['ids'][0]}/correct", correction)["ready"]
    [template] = owner.get("/import-templates")
    assert (template["name"], template["kind_label"], template["columns"]["数甲"]) == ("货表", "商品", "cost")
    assert owner.call("PATCH", f"/import-templates/{template['id']}", {"name": "新货表"}).status_code == 200
    assert owner.call("DELETE", f"/import-templates/{template['id']}").status_code == 200
    assert owner.get("/import-templates") == []


def test_prices_of_one_supplier_and_everything_the_screens_show_of_it(company: Company) -> None:
    owner = company.owner
    drop(owner, xlsx(GOODS, box("A-1"), box("A-2", "")), "货.xlsx")
    drop(owner, xlsx(PRICES, ("恒达", "A-1", 1, "5", "24小时", "新疆"), ("恒达", "A-1", 10, "4.5", "", "")), "价.xlsx")
    read(company)
    perform(company, owner.post("/imports/run", {})["import_ids"])
    assert owner.get("/goods/counts")["counts"] == {"all": 2, "unsupplied": 1, "costless": 1, "stopped": 0}
    [sku] = owner.get("/goods?text=A-1")["items"]
    assert sku["offers"][0]["words"] == "1 件起 ¥5.00，10 件起 ¥4.50"
    [row] = owner.get("/suppliers")["items"]
    assert (row["name"], row["skus"], row["freight_words"], row["lead_hours"]) == ("恒达", 1, "运费未填", 24)
    one = owner.get(f"/suppliers/{row['id']}")
    assert [p["code"] for p in one["prices"]] == ["A-1"]
    # By hand: another price from today, then none any more.
    price = {"supplier_id": row["id"], "sku_id": sku["id"], "tiers": [{"min": 1, "price_fen": 480}]}
    link = owner.post("/supply-links", price)["id"]
    assert [o["words"] for o in owner.get(f"/goods/{sku['id']}")["offers"]] == ["¥4.80"]
    owner.post(f"/supply-links/{link}/end")
    assert owner.get(f"/goods/{sku['id']}")["offers"] == []
    # Costs are for those who may see them.
    _, support = company.hire("support")
    assert support.get("/goods?text=A-1")["items"][0]["cost_fen"] is None


def test_a_suppliers_terms_contact_and_stale_form(company: Company) -> None:
    owner = company.owner
    freight = {"basis": "weight", "zones": [{"first": 1000, "first_fen": 500, "step": 1000, "step_fen": 200}]}
    body = {"name": "恒达百货", "freight": freight, "contact": {"phone": "13812345678"}, "cut_off": "16:00"}
    made = owner.post("/suppliers", body)
    assert made["freight_words"] == "首 1000 克 ¥5.00，续每 1000 克 ¥2.00"
    assert made["contact"] == {"phone": "138****5678"}
    path = f"/suppliers/{made['id']}"
    zones = [{"regions": ["新疆", "西藏"], "first_fen": 1500}, {"first_fen": 300}]
    changed = owner.call(
        "PATCH", path, {"version": made["version"], "freight": {"zones": zones, "free_over_fen": 9900}}
    )
    assert orjson.loads(changed.content)["freight_words"] == "每单 ¥3.00；新疆、西藏 每单 ¥15.00；满 ¥99.00 包邮"
    assert owner.refused("PATCH", path, {"version": made["version"], "name": "别名"}) == (409, "stale")
    assert owner.post("/suppliers", {"name": "另一家"})["freight"] is None
    version = owner.get(path)["version"]
    assert owner.refused("PATCH", path, {"version": version, "name": "另一家"})[1] == "supplier_exists"
    assert owner.refused("PATCH", path, {"version": version, "cut_off": "25点"})[1] == "bad_time"
    assert owner.refused("POST", f"{path}/contact/phone/open", {"reason": ""})[0] == 422
    assert owner.post(f"{path}/contact/phone/open", {"reason": "问货"})["value"] == "13812345678"
    with tenant(company.number):
        kept = str(list(AuditEntry.objects.values("summary", "data", "reason")))
    assert "13812345678" not in kept


def test_a_sku_by_hand_and_the_shops_screen(company: Company) -> None:
    owner = company.owner
    made = owner.post("/goods", {"sku_code": "A-1", "title": "收纳箱", "cost_fen": 1250})
    assert owner.refused("POST", "/goods", {"sku_code": "A-1", "title": "x"})[1] == "sku_exists"
    path = f"/goods/{made['id']}"
    version = owner.get(path)["version"]
    saved = owner.call("PATCH", path, {"version": version, "title": "折叠收纳箱", "cost_fen": None})
    assert saved.status_code == 200
    sku = owner.get(path)
    assert (sku["title"], sku["cost_fen"]) == ("折叠收纳箱", None)
    assert owner.refused("PATCH", path, {"version": version, "spec": "小"}) == (409, "stale")
    assert [g["code"] for g in owner.get("/goods?text=zhedie")["items"]] == ["A-1"]

    def found(text: str) -> list[str]:
        return [g["code"] for g in owner.get(f"/goods?text={quote(text)}")["items"]]

    owner.post("/goods", {"sku_code": "B-2", "title": "日式滚筒粘毛器", "spec": "白色 60撕"})
    assert found("日式 粘毛器") == found("60撕  粘毛器") == found("b-2 白色") == ["B-2"], "words apart, in any order"
    assert found("日式 收纳箱") == found("100%") == found("_") == [], "each of them, as it is written"
    shop = owner.post("/shops", {"platform": "pdd", "name": "拼店"})
    [row] = owner.get("/shop-list")["items"]
    assert (row["id"], row["exported_as_of"], row["open_orders"]) == (shop["id"], None, 0)
    assert {p["key"] for p in owner.get("/platforms")} >= {"douyin", "taobao", "pdd", "jd", "kuaishou", "generic"}


def test_a_status_nobody_knew_is_told_on_the_card_and_kept_with_the_template(company: Company) -> None:
    owner = company.owner
    header = ("订单号", "商品", "件数", "订单状态", "付款时间")
    shop = owner.post("/shops", {"platform": "generic", "name": "团购群"})["id"]
    _, answer = drop(owner, xlsx(header, ("A1", "杯", 1, "待揽收", "2025-11-20 09:00:00")), "订单.xlsx")
    read(company)
    [card] = answer["ids"]
    detail = owner.get(f"/imports/{card}")
    assert (detail["unknown_words"], detail["errors"]) == (1, 1)
    [word] = detail["words"]
    assert (word["key"], word["field"], word["rows"], word["meaning"]) == ("state:待揽收", "订单状态", 1, "")
    assert {"key": "shipped", "label": "已发货"} in word["choices"]
    told = {"words": {"state:待揽收": "shipped"}, "shop_id": shop, "template_name": "团购"}
    detail = owner.post(f"/imports/{card}/correct", told)
    assert (detail["ready"], detail["unknown_words"], detail["errors"]) == (True, 0, 0)
    assert [w["meaning"] for w in detail["words"]] == ["shipped"]
    perform(company, owner.post("/imports/run", {})["import_ids"])
    assert owner.get(f"/imports/{card}/result")["card"]["counts"]["new"] == 1
    # The next file of this kind asks no more.
    _, answer = drop(owner, xlsx(header, ("A2", "杯", 1, "待揽收", "2025-11-20 09:00:00")), "订单2.xlsx")
    read(company)
    detail = owner.get(f"/imports/{answer['ids'][0]}")
    assert (detail["template"], detail["unknown_words"], detail["errors"]) == ("团购", 0, 0)
