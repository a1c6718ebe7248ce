"""The order desk's and the matching screen's routes as the browser calls them: answers, permission, scope, undo."""

from __future__ import annotations

import pytest

from tests.browser import Browser, Company
from tests.flows import files
from tests.flows.day import bring, make_shop

MASKED = {"收件人": "王*", "收件人手机号": "170****5678", "详细地址": "测试路****"}
STRANGE = {"商家编码": "", "商品ID": "777", "选购商品": "神秘收纳盒", "商品规格": "蓝色", "收件人": "李四"}


@pytest.fixture
def company(transactional_db: None) -> Company:
    """A company with a clean order, a masked one and one that nobody has matched."""
    made = Company()
    shop = make_shop(made.number)
    bring(made.number, "商品.csv", files.goods("HP-001"))
    bring(made.number, "报价.csv", files.prices(("恒达百货", "HP-001", "11.20")))
    orders = [{"主订单编号": "69001"}, {"主订单编号": "69002", **MASKED}, {"主订单编号": "69003", **STRANGE}]
    bring(made.number, "订单.csv", files.douyin(*orders), shop=shop)
    return made


def _id(browser: Browser, number: str) -> str:
    [row] = browser.get(f"/orders?numbers={number}")["items"]
    return str(row["id"])


def test_list_counts_words_and_one_order(company: Company) -> None:
    owner = company.owner
    page = owner.get("/orders?tab=all&limit=2")
    assert (len(page["items"]), page["total"]) == (2, 3)
    following = owner.get(f"/orders?tab=all&limit=2&cursor={page['next_cursor']}")
    assert (len(following["items"]), following["next_cursor"]) == (1, None)
    counts = owner.get("/orders/counts")
    assert counts["counts"] == {"all": 3, "dispatch": 1, "hold": 1, "match": 1}
    words = owner.get("/orders/words")
    assert {t["key"]: t["label"] for t in words["tabs"]}["hold"] == "异常"
    held = owner.get("/orders?tab=hold")["items"][0]
    assert [(h["label"], h["remedy_label"]) for h in held["holds"] if h["blocks"]] == [("收件人脱敏", "补收件人")]
    seen = owner.get(f"/orders/{held['id']}")
    assert (seen["order"]["number"], seen["history"][0]["file"]) == ("69002", "订单.csv")
    money = owner.get(f"/orders/{_id(owner, '69001')}/money")
    assert sum(s["fen"] for s in money["steps"] if s["kind"] == "step") == money["steps"][-1]["fen"]
    assert owner.refused("GET", "/orders?tab=held")[0] == 422
    assert owner.refused("GET", "/orders?sort=secret")[0] == 422


def test_pasted_numbers_that_no_order_has_are_named(company: Company) -> None:
    """Whatever else is asked, within the scope: what belongs to others is not there."""
    asked = "/orders?tab=dispatch&numbers=69001,69002,70009,69003,70008"
    found = company.owner.get(asked)
    assert ([r["number"] for r in found["items"]], found["missing"]) == (["69001"], ["70009", "70008"])
    assert company.owner.get("/orders")["missing"] == []
    other = str(make_shop(company.number, name="别家店"))
    elsewhere = company.hire("operator", shop_scope=[other])[1].get("/orders?numbers=69001")
    assert (elsewhere["items"], elsewhere["missing"]) == ([], ["69001"])


def test_a_person_is_searched_by_token_and_opened_with_a_reason(company: Company) -> None:
    owner = company.owner
    token = owner.post("/orders/person", {"text": "王小明"})["token"]
    assert "王" not in token
    assert [r["number"] for r in owner.get(f"/orders?person={token}")["items"]] == ["69001"]
    one = _id(owner, "69001")
    assert "17012345678" in owner.post(f"/orders/{one}/open/recipient", {"reason": "联系买家"})["value"]
    assert owner.refused("POST", f"/orders/{one}/open/recipient", {"reason": ""})[0] == 422


def test_deeds_answer_with_a_way_back(company: Company) -> None:
    owner = company.owner
    target = {"filter": {"tab": "dispatch"}, "except": []}
    held = owner.post("/orders/hold", {"target": target, "why": "等一等"})
    assert held["message"] == "挂起了 1 单"
    done = owner.post("/orders/clear-holds", {"target": {"ids": [_id(owner, "69001")]}, "why": "好了"})
    assert owner.get("/orders/counts")["counts"]["dispatch"] == 1
    owner.post(f"/undo/{done['undo']}")
    assert "dispatch" not in owner.get("/orders/counts")["counts"]
    assert owner.refused("POST", "/orders/clear-holds", {"target": {"ids": []}, "why": "x"})[0] == 422


def test_matching_by_hand(company: Company) -> None:
    owner = company.owner
    [waiting] = owner.get("/match")["items"]
    assert (waiting["title"], waiting["orders"]) == ("神秘收纳盒", 1)
    [sku] = owner.get("/match/skus?text=HP-001")["items"]
    choice = {"shop_id": waiting["shop_id"], "listing_key": waiting["listing_key"], "parts": [[sku["id"], 1]]}
    done = owner.post("/match/decide", {"items": [choice]})
    assert (done["message"], owner.get("/match")["items"]) == ("1 单已放行", [])
    assert owner.refused("POST", "/match/decide", {"items": [choice]})[0] == 409
    assert owner.get(f"/match/suggest?shop={waiting['shop_id']}&listing=gone")["suggestions"] == []
    owner.post(f"/undo/{done['undo']}")
    listing = {k: choice[k] for k in ("shop_id", "listing_key")}
    new = {**listing, "code": "HP-777", "title": "神秘收纳盒", "spec": "蓝色", "quantity": 1}
    made = owner.post("/match/new-sku", new)
    assert made["orders"] == 1
    assert owner.get("/match")["items"] == []


def test_who_may_only_look_may_only_look(company: Company) -> None:
    _, viewer = company.hire("viewer")
    one = _id(viewer, "69001")
    assert viewer.get(f"/orders/{one}")["order"]["margin_fen"] is None
    target = {"ids": [one]}
    for path, body in (
        ("/orders/hold", {"target": target, "why": "x"}),
        ("/orders/tag", {"target": target, "add": ["x"]}),
        ("/orders/export", {"target": target, "columns": []}),
        (f"/orders/{one}/open/recipient", {"reason": "看看"}),
        ("/match/decide", {"items": []}),
    ):
        assert viewer.refused("POST", path, body)[0] == 403
    assert viewer.refused("GET", f"/orders/{one}/money")[0] == 403
