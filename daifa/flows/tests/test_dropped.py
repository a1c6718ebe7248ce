"""What is dropped and leaves nothing open goes in by itself, all of it or none; what a person would look at waits."""

from __future__ import annotations

from typing import Any

import pytest

from daifa.flows.tests.filing import GOODS, box, xlsx
from daifa.flows.tests.test_import_routes import drop, perform, read
from tests.browser import Browser, Company
from tests.flows import files

NUMBER = "69200000000000000{:02d}"


@pytest.fixture
def company(transactional_db: None) -> Company:
    return Company()


@pytest.fixture
def owner(company: Company) -> Browser:
    """Once somebody said whose Douyin files are."""
    shop = company.owner.post("/shops", {"platform": "douyin", "name": "抖店"})["id"]
    [first] = drop(company.owner, orders(0), "1764000000.csv")[1]["ids"]
    read(company)
    assert company.owner.post("/imports/dropped", {"ids": [first]})["left"][0][1].startswith("请选择这个文件属于")
    company.owner.post(f"/imports/{first}/correct", {"shop_id": shop})
    company.owner.post(f"/imports/{first}/discard")
    return company.owner


def orders(n: int, **more: str) -> bytes:
    return files.douyin({"主订单编号": NUMBER.format(n), **more})


def dropped(company: Company, *told: tuple[bytes, str]) -> dict[str, Any]:
    """Drop these together; what became of them without a press."""
    ids = [i for data, name in told for i in drop(company.owner, data, name)[1]["ids"]]
    read(company)
    said: dict[str, Any] = company.owner.post("/imports/dropped", {"ids": ids})
    return said


def test_a_clean_drop_goes_in_and_can_be_taken_out_again(company: Company, owner: Browser) -> None:
    said = dropped(company, (orders(1), "1764000001.csv"), (orders(2), "1764000002.csv"))
    assert (len(said["task_ids"]), said["left"]) == (2, [])
    perform(company, said["import_ids"])
    assert len(owner.get("/orders?tab=all")["items"]) == 2
    result = owner.get(f"/imports/{said['import_ids'][0]}/result")
    assert result["next"] == {"label": "去处理异常", "to": "/orders?tab=hold"}
    again = dropped(company, (files.douyin(*({"主订单编号": NUMBER.format(n)} for n in (2, 7))), "1764000009.csv"))
    perform(company, again["import_ids"])
    told = {o["key"]: o for o in owner.get(f"/imports/{again['import_ids'][0]}/result")["outcomes"]}
    assert (told["new"]["value"], told["unchanged"]["value"]) == (1, 1)
    assert [o["number"] for o in owner.get(told["new"]["to"])["items"]] == [NUMBER.format(7)]
    assert [o["number"] for o in owner.get(told["unchanged"]["to"])["items"]] == [NUMBER.format(2)]
    assert "拿出了 1 单" in owner.post(f"/undo/{result['undo']}")["message"]
    assert len(owner.get("/orders?tab=all")["items"]) == 2


@pytest.mark.parametrize(
    ("name", "data", "why"),
    [
        ("货.xlsx", xlsx(GOODS, box("A-1")), "商品文件请看过再导入"),
        ("1764000004.csv", orders(3, 商品数量="两箱"), "1 行有问题"),
        ("1764000005.csv", orders(4, 订单状态="等一等"), "行有问题"),
        ("1764000006.csv", b"", "没见过"),
    ],
)
def test_what_a_person_would_look_at_leaves_the_whole_drop_on_the_table(
    company: Company, owner: Browser, name: str, data: bytes, why: str
) -> None:
    if not data:
        header = [*files.DOUYIN, "新出的列"]
        row = {**files.CLEAN, "主订单编号": NUMBER.format(5), "子订单编号": NUMBER.format(5), "新出的列": "x"}
        data = files.csv_bytes(header, [row])
    said = dropped(company, (orders(1), "1764000003.csv"), (data, name))
    assert (said["task_ids"], said["import_ids"]) == ([], [])
    assert [(n, why in reason) for n, reason in said["left"]] == [(name, True)], said["left"]
    assert {c["state"] for c in owner.get("/imports/open")["items"]} == {"waiting"}


def test_a_file_that_asks_its_shop_or_was_imported_before_waits(company: Company, owner: Browser) -> None:
    said = dropped(company, (orders(1), "1764000001.csv"))
    perform(company, said["import_ids"])
    assert "导入过" in dropped(company, (orders(1), "1764000001.csv"))["left"][0][1]
    owner.post("/shops", {"platform": "douyin", "name": "抖店二"})
    assert "店铺" in dropped(company, (orders(2), "1764000002.csv"))["left"][0][1]


def test_a_column_that_is_only_likely_waits(company: Company, owner: Browser) -> None:
    header = ("订单编号", "订单状态", "付款时间", "商品名称", "商品数量", "店铺名称", "金额")
    row = (NUMBER.format(9), "已付款", "2025-11-20 09:00:00", "收纳箱", 1, "抖店", "25")
    said = dropped(company, (xlsx(header, row), "我的订单.xlsx"))
    assert said["import_ids"] == []
    assert said["left"]


def test_a_company_may_want_to_press_the_button_itself(company: Company, owner: Browser) -> None:
    assert owner.call("PUT", "/settings", {"import_dropped": False}).status_code == 200
    said = dropped(company, (orders(1), "1764000001.csv"))
    assert (said["task_ids"], said["left"]) == ([], [])
    assert owner.get("/imports/open")["ready"] == 1


def test_who_may_not_import_starts_nothing(company: Company, owner: Browser) -> None:
    ids = drop(owner, orders(1), "1764000001.csv")[1]["ids"]
    read(company)
    _, viewer = company.hire("viewer")
    assert viewer.refused("POST", "/imports/dropped", {"ids": ids})[0] == 403
    other = owner.post("/shops", {"platform": "pdd", "name": "拼店"})["id"]
    _, buyer = company.hire("operator", shop_scope=[other])
    assert buyer.refused("POST", "/imports/dropped", {"ids": ids})[0] == 404
