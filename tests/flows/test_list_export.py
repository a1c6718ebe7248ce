"""Any list goes home as a workbook: its columns on screen, by permission and scope, logged."""

from __future__ import annotations

import pytest

from daifa.areas.mailroom.services import files as stored
from daifa.areas.mailroom.services import tasks
from daifa.base import bulk
from daifa.base.actor import SYSTEM, Actor
from daifa.base.tenancy import tenant
from daifa.flows import dispatching, exported_lists, list_export
from daifa.kit.errors import Invalid, NotAllowed, NotFound
from daifa.kit.tabular.read import read_file
from tests.browser import Company
from tests.flows import files
from tests.flows.day import bring
from tests.flows.test_dispatching import TWO, ready
from tests.flows.test_reporting import shipped


def taken(number: int, name: str, *columns: str, by: Actor = SYSTEM, **asked: str) -> list[list[str]]:
    """The workbook of a list, as rows of text."""
    with tenant(number):
        task = list_export.start(by=by, name=name, asked=asked, columns=columns)
    list_export.write_list.function(
        tenant_id=number, task_id=str(task), name=name, asked=asked, columns=list(columns), by=[by.key, by.name],
        permissions=sorted(by.permissions), shops=list_export._ids(by.shops), suppliers=list_export._ids(by.suppliers),
    )  # fmt: skip
    with tenant(number):
        done = tasks.get(task)
        assert done.state == "done", done.result
        assert done.file_id is not None
        [sheet] = read_file(stored.content(done.file_id), "x.xlsx")
    return [[str(c) for c in row] for row in sheet.rows]


def test_the_columns_on_screen_in_their_order_and_only_what_the_filter_finds(tenant_number: int) -> None:
    ready(tenant_number, *TWO)
    with tenant(tenant_number):
        dispatching.dispatch(by=SYSTEM)
    rows = taken(tenant_number, "purchases", "supplier", "goods_fen", tab="draft")
    assert rows[0] == ["供应商", "货款"]
    assert sorted(rows[1:]) == [["义乌优选", "5.0"], ["恒达百货", "11.2"]]
    assert taken(tenant_number, "purchases", "supplier", tab="sent") == [["供应商"]]
    with tenant(tenant_number):
        logged = bulk.select("SELECT summary FROM base_auditentry WHERE tenant_id = {tenant} AND verb = 'export.list'")
    assert logged == [("导出采购单",)] * 2


def test_every_list_can_be_taken_home_with_all_of_its_columns(tenant_number: int) -> None:
    shipped(tenant_number, {"主订单编号": "6901"})
    bring(tenant_number, "订单.csv", files.douyin({"主订单编号": "6999", "商家编码": "没有", "商品ID": "35009"}))
    for name, listing in exported_lists.LISTINGS.items():
        heads = [h for c in listing.columns.values() for h in c.heads]
        rows = taken(tenant_number, name)
        assert rows[0] == heads, name
        assert len(rows) > 1 or name in {"aftersales", "reports", "match"}, name


def test_cost_stays_with_those_who_may_see_it_and_suppliers_in_their_scope(tenant_number: int) -> None:
    ready(tenant_number, *TWO)
    clerk = Actor("member:x", "小李", frozenset({"orders.export", "catalog.view"}), suppliers=frozenset())
    rows = taken(tenant_number, "goods", "code", "cost", "supply", by=clerk)
    assert rows[0] == ["SKU 编码", "货源"]
    assert {r[1] for r in rows[1:] if len(r) > 1} <= {""}
    with tenant(tenant_number):
        with pytest.raises(NotAllowed):
            list_export.start(by=clerk, name="purchases", asked={}, columns=[])
        with pytest.raises(NotAllowed):
            list_export.start(by=Actor("a", "b", frozenset({"catalog.view"})), name="goods", asked={}, columns=[])
        with pytest.raises(NotFound):
            list_export.start(by=SYSTEM, name="people", asked={}, columns=[])
        with pytest.raises(Invalid):
            list_export.start(by=SYSTEM, name="purchases", asked={"supplier": "那一家"}, columns=[])


def test_the_route_begins_a_task(tenant_number: int) -> None:
    company = Company()
    said = company.owner.post("/lists/suppliers/export", {"target": {"filter": {"tab": "all"}}, "columns": ["name"]})
    assert said["message"] == "正在导出，完成后弹出提示，结果在“任务中心”"
    [task] = company.owner.get("/tasks")["items"]
    assert task["title"] == "导出供应商"
    assert said["task_id"] == task["id"]
