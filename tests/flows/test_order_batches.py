"""Deeds on very many orders: in short transactions, resumed where they were, and what was left is told with why."""

from __future__ import annotations

from uuid import UUID

import orjson
import pytest

from daifa.areas.mailroom.services import tasks
from daifa.base import bulk
from daifa.base.actor import Actor
from daifa.base.tenancy import tenant
from daifa.flows import order_batches, order_deeds, sweep
from daifa.flows.steps import route
from tests.browser import Company
from tests.flows import files
from tests.flows.day import bring, make_shop

ME = Actor("member:me", "我", frozenset({"*"}))


@pytest.fixture
def company(transactional_db: None) -> Company:
    """Five orders that can be dispatched."""
    made = Company()
    shop = make_shop(made.number)
    bring(made.number, "商品.csv", files.goods("HP-001"))
    bring(made.number, "报价.csv", files.prices(("恒达百货", "HP-001", "11.20")))
    people = [{"收件人": f"李{n}", "收件人手机号": f"1701234000{i}"} for i, n in enumerate("一二三四五")]
    rows = [{"主订单编号": f"6900{i}", **person} for i, person in enumerate(people)]
    bring(made.number, "订单.csv", files.douyin(*rows), shop=shop)
    return made


def _orders(company: Company) -> list[UUID]:
    with tenant(company.number):
        found = bulk.select("SELECT id FROM orders_order WHERE tenant_id = {tenant} ORDER BY external_id")
    return [i for (i,) in found]


def _held(company: Company) -> int:
    with tenant(company.number):
        sql = "SELECT count(*) FROM orders_hold WHERE tenant_id = {tenant} AND kind = 'manual' AND state = 'open'"
        return int(bulk.select(sql)[0][0])


def test_more_than_a_person_waits_for_becomes_a_task(company: Company, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(order_batches, "AT_ONCE", 3)
    answer = company.owner.post("/orders/hold", {"target": {"filter": {}}, "why": "盘点"})
    assert answer["task_id"]
    assert _held(company) == 0
    small = company.owner.post("/orders/hold", {"target": {"ids": [str(_orders(company)[0])]}, "why": "盘点"})
    assert (small["task_id"], _held(company)) == (None, 1)


def test_a_batch_goes_on_where_it_was_killed(company: Company, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(order_batches, "AT_ONCE", 0)
    monkeypatch.setattr(order_batches, "BATCH", 2)
    ids = _orders(company)
    with tenant(company.number):
        _, task = order_batches.do(by=ME, deed="hold", order_ids=ids, why="盘点")
    assert task is not None
    calls = {"n": 0}

    def dies(**words: object) -> order_deeds.Done:
        calls["n"] += 1
        if calls["n"] == 2:
            raise KeyboardInterrupt
        return order_deeds.hold(**words)  # type: ignore[arg-type]  # passed through

    kw = {"tenant_id": company.number, "task_id": str(task), "deed": "hold", "ids": [str(i) for i in ids]}
    more = {"words": {"why": "盘点"}, "by": [ME.key, ME.name, ["*"]]}
    with monkeypatch.context() as patched:
        patched.setitem(order_batches.DEEDS, "hold", ("挂起", dies))
        with pytest.raises(KeyboardInterrupt):
            order_batches.run.function(**kw, **more)
    assert _held(company) == 2
    order_batches.run.function(**kw, **more)
    assert _held(company) == 5
    with tenant(company.number):
        done = tasks.get(task)
    assert (done.state, done.done, done.result["succeeded"], done.result["failed"]) == ("done", 5, 5, 0)


def test_what_was_left_is_told_with_the_reason(company: Company, monkeypatch: pytest.MonkeyPatch) -> None:
    ids = _orders(company)
    with tenant(company.number):
        route.dispatch(ids[:2], by=ME, run="r1")
    done = company.owner.post("/orders/recipient-path", {"target": {"filter": {}}, "path": "handover"})
    assert [(x["number"], x["reason"]) for x in done["left"]] == [
        ("69000", "已经派单，请先撤销派单"), ("69001", "已经派单，请先撤销派单"),
    ]  # fmt: skip
    # The same as a task: the reasons are a file.
    monkeypatch.setattr(order_batches, "AT_ONCE", 0)
    with tenant(company.number):
        _, task = order_batches.do(by=ME, deed="path", order_ids=ids, value="file")
    order_batches.run.function(
        tenant_id=company.number, task_id=str(task), deed="path", ids=[str(i) for i in ids], words={"value": "file"},
        by=[ME.key, ME.name, ["*"]],
    )  # fmt: skip
    seen = company.owner.get(f"/tasks/{task}")
    assert (seen["succeeded"], seen["failed"], seen["error_file_asks"]) == (3, 2, False)
    assert company.owner.call("GET", f"/tasks/{task}/error-file").status_code == 200


def test_orders_that_wait_for_a_recipient_go_on_when_the_shop_is_handed_over_and_wait_again_when_not(
    company: Company,
) -> None:
    shop = company.owner.get("/shop-list")["items"][0]
    nameless = {"主订单编号": "69009999", "收件人": "李**", "收件人手机号": "1**********"}
    assert bring(company.number, "订单2.csv", files.douyin(nameless), shop=UUID(shop["id"]))["new"] == 1
    [order] = company.owner.get("/orders?numbers=69009999")["items"]
    assert "recipient_masked" in [h["kind"] for h in order["holds"]]
    for path, stands in (("handover", "dispatch"), ("file", "hold")):
        version = {"version": shop["version"], "values": {"recipient_path": path}}
        assert company.owner.call("PATCH", f"/shops/{shop['id']}", version).status_code == 200
        shop = company.owner.get("/shop-list")["items"][0]
        sweep.open_again.function(tenant_id=company.number)
        [order] = company.owner.get("/orders?numbers=69009999")["items"]
        assert order["tab"] == stands
    with tenant(company.number):
        sql = "SELECT count(*) FROM procrastinate_jobs WHERE task_name = 'sweep.open' AND (args ->> 'tenant_id')::int"
        assert int(bulk.select(f"{sql} = {{tenant}}")[0][0]) == 2


def test_everything_a_filter_finds_is_previewed_and_dispatched(company: Company) -> None:
    target = {"filter": {"tab": "dispatch"}, "except": [str(_orders(company)[0])]}
    seen = company.owner.call("PUT", "/dispatch/preview", {"target": target})
    board = orjson.loads(seen.content)
    assert board["orders"] == 4
    stale = [shop["id"] for shop in board["stale"]]
    assert company.owner.post("/dispatch", {"target": target, "stale_confirmed": stale})["orders"] == 4
    assert company.owner.refused("POST", "/dispatch", {"target": {"filter": {"tab": "hold"}}})[0] == 422
