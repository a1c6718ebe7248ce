"""已匹配: searched, changed and taken back; what is dispatched stays, what is open is matched anew."""

from __future__ import annotations

from typing import Any

import pytest

from daifa.base import bulk
from daifa.base.actor import SYSTEM
from daifa.base.tenancy import tenant
from daifa.flows.steps import route
from tests.browser import Browser, Company
from tests.flows import files
from tests.flows.day import bring, make_shop


@pytest.fixture
def company(transactional_db: None) -> Company:
    """Three orders of one listing SKU matched by its code, one of them dispatched; one of another, unmatched."""
    made = Company()
    shop = make_shop(made.number)
    bring(made.number, "商品.csv", files.goods("HP-001", "HP-002"))
    bring(made.number, "报价.csv", files.prices(("恒达百货", "HP-001", "11.20"), ("恒达百货", "HP-002", "5")))
    orders = [{"主订单编号": f"6900{n}", "收件人手机号": f"1701234567{n}", "收件人": f"王{n}"} for n in range(3)]
    strange = {"主订单编号": "69009", "商家编码": "", "商品ID": "777", "选购商品": "神秘收纳盒", "商品规格": "蓝色"}
    bring(made.number, "订单.csv", files.douyin(*orders, strange), shop=shop)
    with tenant(made.number):
        [(first,)] = bulk.select("SELECT id FROM orders_order WHERE tenant_id = {tenant} AND external_id = '69000'")
        route.dispatch([first], by=SYSTEM, run="r")
    return made


def _tabs(browser: Browser) -> dict[str, str]:
    return {o["number"]: o["tab"] for o in browser.get("/orders?tab=all")["items"]}


def _one(browser: Browser) -> Any:
    [row] = browser.get("/match/mappings")["items"]
    return row


def test_taken_back_open_orders_wait_and_the_dispatched_stays(company: Company) -> None:
    owner = company.owner
    row = _one(owner)
    assert (row["source_label"], row["by"], [(p["code"], p["quantity"]) for p in row["parts"]]) == (
        "商家编码", "", [("HP-001", 1)]
    )  # fmt: skip
    said = owner.post("/match/mappings/cancel", {"target": {"ids": [row["id"]]}})
    assert said["message"] == "已取消 1 个匹配，2 单回到待匹配，1 单已派单或已发货，不变"
    # Its code does not bring it back: a person said that it is wrong.
    assert [_tabs(owner)[f"6900{n}"] for n in (1, 2, 9)] == ["match"] * 3
    assert _tabs(owner)["69000"] not in {"match", "hold"}
    assert owner.get("/match/mappings")["items"] == []
    assert owner.refused("POST", "/match/mappings/cancel", {"target": {"ids": [row["id"]]}})[0] == 404
    with tenant(company.number):
        [(live, pieces)] = bulk.select(
            "SELECT count(*) FILTER (WHERE live), sum(qty) FROM purchasing_assignment WHERE tenant_id = {tenant}"
        )
        assert (live, pieces) == (1, 1)
    [entry] = [x for x in owner.get("/audit")["items"] if x["verb"] == "mapping.cancel"]
    assert entry["object_id"] == row["id"]

    # A person's word counts again, for all that wait.
    waiting = next(w for w in owner.get("/match")["items"] if w["orders"] == 2)
    [sku] = owner.get("/match/skus?text=HP-002")["items"]
    choice = {"shop_id": waiting["shop_id"], "listing_key": waiting["listing_key"], "parts": [[sku["id"], 2]]}
    owner.post("/match/decide", {"items": [choice]})
    assert _one(owner)["by"] == "老板"


def test_changed_open_orders_follow_and_the_dispatched_stays(company: Company) -> None:
    owner = company.owner
    row = _one(owner)
    [sku] = owner.get("/match/skus?text=HP-002")["items"]
    change = f"/match/mappings/{row['id']}/change"
    assert owner.refused("POST", change, {"parts": []})[0] == 422
    same = {"parts": [[p["sku_id"], p["quantity"]] for p in row["parts"]]}
    assert owner.refused("POST", change, same) == (409, "same_mapping")
    assert owner.post(change, {"parts": [[sku["id"], 2]]})["stay"] == 1
    now = _one(owner)
    assert (now["source_label"], [(p["code"], p["quantity"]) for p in now["parts"]]) == ("人工", [("HP-002", 2)])
    with tenant(company.number):
        demanded = bulk.select(
            "SELECT o.external_id, s.code, d.qty FROM orders_demand d"
            " JOIN orders_order o ON o.tenant_id = {tenant} AND o.id = d.order_id"
            " JOIN catalog_sku s ON s.tenant_id = {tenant} AND s.id = d.sku_id"
            " WHERE d.tenant_id = {tenant} ORDER BY 1"
        )
    assert demanded == [("69000", "HP-001", 1), ("69001", "HP-002", 2), ("69002", "HP-002", 2)]
    # Nothing to ship, and back.
    owner.post(f"/match/mappings/{now['id']}/change", {"ships": False})
    assert (_one(owner)["ships"], _tabs(owner)["69001"]) == (False, "report")
    owner.post("/match/mappings/cancel", {"target": {"filter": {"tab": "none"}}})
    assert _tabs(owner)["69001"] == "match"


def test_the_queue_and_the_list_are_searched_and_paged(company: Company) -> None:
    owner = company.owner
    assert [w["title"] for w in owner.get("/match?text=神秘 蓝")["items"]] == ["神秘收纳盒"]
    assert owner.get("/match?text=神秘 红")["items"] == []
    assert len(owner.get("/match?text=家居旗舰")["items"]) == 1
    assert owner.get("/match?text=%25")["items"] == []
    [sku] = owner.get("/match/skus?text=HP-002")["items"]
    [waiting] = owner.get("/match")["items"]
    choice = {"shop_id": waiting["shop_id"], "listing_key": waiting["listing_key"], "parts": [[sku["id"], 1]]}
    owner.post("/match/decide", {"items": [choice]})
    for asked, found in (
        ("text=神秘", 1),
        ("text=HP-001", 1),
        ("tab=code", 1),
        ("text=家居旗舰", 2),
        ("tab=none", 0),
    ):
        page = owner.get(f"/match/mappings?{asked}")
        assert (len(page["items"]), page["total"]) == (found, found), asked
    counts = owner.get("/match/mappings/counts?text=家居旗舰")["counts"]
    assert counts == {"all": 2, "person": 1, "code": 1, "file": 0, "none": 0}
    assert owner.refused("GET", "/match/mappings?tab=else")[0] == 422
    first = owner.get("/match/mappings?limit=1")
    second = owner.get(f"/match/mappings?limit=1&cursor={first['next_cursor']}")
    assert [p["items"][0]["source"] for p in (first, second)] == ["person", "code"]
    assert second["next_cursor"] is None


def test_another_shops_mappings_are_not_mine(company: Company) -> None:
    row = _one(company.owner)
    other = make_shop(company.number, name="二店")
    _, mine = company.hire("operator", shop_scope=[str(other)])
    assert mine.get("/match/mappings")["items"] == []
    assert mine.refused("POST", "/match/mappings/cancel", {"target": {"ids": [row["id"]]}})[0] == 404
    assert mine.refused("POST", f"/match/mappings/{row['id']}/change", {"ships": False})[0] == 404
    _, viewer = company.hire("viewer")
    assert viewer.refused("POST", "/match/mappings/cancel", {"target": {"ids": [row["id"]]}})[0] == 403


def _demanded(company: Company) -> list[tuple[Any, ...]]:
    with tenant(company.number):
        return bulk.select(
            "SELECT o.external_id, s.code, d.qty FROM orders_demand d"
            " JOIN orders_order o ON o.tenant_id = {tenant} AND o.id = d.order_id"
            " JOIN catalog_sku s ON s.tenant_id = {tenant} AND s.id = d.sku_id"
            " WHERE d.tenant_id = {tenant} ORDER BY 1"
        )


def test_a_cancelled_match_comes_back_as_it_was(company: Company) -> None:
    owner, before, demanded = company.owner, _one(company.owner), _demanded(company)
    done = owner.post("/match/mappings/cancel", {"target": {"ids": [before["id"]]}})
    assert [n for n, _, _ in _demanded(company)] == ["69000"]
    assert owner.post(f"/undo/{done['undo']}")["message"] == "已恢复 1 个匹配，2 单按原来的匹配"
    assert (_one(owner), _demanded(company)) == (before, demanded)
    assert owner.refused("POST", f"/undo/{done['undo']}") == (409, "already_undone")
    # Cancelled once more its code is still not trusted.
    owner.post("/match/mappings/cancel", {"target": {"ids": [before["id"]]}})
    assert owner.get("/match/mappings")["items"] == []


def test_a_changed_match_comes_back_but_for_what_was_dispatched_by_it(company: Company) -> None:
    owner, before = company.owner, _one(company.owner)
    [sku] = owner.get("/match/skus?text=HP-002")["items"]
    done = owner.post(f"/match/mappings/{before['id']}/change", {"parts": [[sku["id"], 2]]})
    with tenant(company.number):
        [(one,)] = bulk.select("SELECT id FROM orders_order WHERE tenant_id = {tenant} AND external_id = '69001'")
        route.dispatch([one], by=SYSTEM, run="r2")
    said = owner.post(f"/undo/{done['undo']}")["message"]
    assert said == "已恢复 1 个匹配，1 单按原来的匹配，1 单已派单或已发货，不变"
    assert _one(owner) == before
    assert _demanded(company) == [("69000", "HP-001", 1), ("69001", "HP-002", 2), ("69002", "HP-001", 1)]
    # A person's no after the way back counts, although the mapping that was tried in between is the younger one.
    owner.post("/match/mappings/cancel", {"target": {"ids": [before["id"]]}})
    assert (owner.get("/match/mappings")["items"], _tabs(owner)["69002"]) == ([], "match")


def test_what_was_matched_again_since_is_not_taken_back(company: Company) -> None:
    owner, row = company.owner, _one(company.owner)
    done = owner.post("/match/mappings/cancel", {"target": {"ids": [row["id"]]}})
    [sku] = owner.get("/match/skus?text=HP-002")["items"]
    choice = {"shop_id": row["shop_id"], "listing_key": row["listing_key"], "parts": [[sku["id"], 1]]}
    owner.post("/match/decide", {"items": [choice]})
    changed = owner.post(f"/match/mappings/{_one(owner)['id']}/change", {"parts": [[sku["id"], 3]]})
    now = _one(owner)
    assert owner.refused("POST", f"/undo/{done['undo']}") == (409, "matched_since")
    assert _one(owner) == now
    last = owner.post(f"/match/mappings/{now['id']}/change", {"parts": [[sku["id"], 4]]})
    assert owner.refused("POST", f"/undo/{changed['undo']}") == (409, "matched_since")
    owner.post(f"/undo/{last['undo']}")
    assert _one(owner) == now
