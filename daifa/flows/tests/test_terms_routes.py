"""Platform deadlines and rates through their routes: seen, made one's own, taken back; by those who may."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest

from daifa.areas.compliance.services.platform_rules import refresh_platform_rules
from daifa.base.tenancy import tenant
from daifa.flows import terms
from tests.browser import Browser, Company

KEY = "douyin.late_ship"
FEE = {
    "kind": "platform_fee", "platform": "douyin", "percent": "2.5", "valid_from": "2026-01-01", "source": "账单",
}  # fmt: skip


@pytest.fixture
def boss(tenant_number: int) -> Browser:
    """An owner in a database whose shared rules are today's."""
    with tenant(tenant_number):
        refresh_platform_rules(terms.rules())
    return Company().owner


def _done(browser: Browser, method: str, path: str, body: object = None) -> None:
    answer = browser.call(method, path, body)
    assert answer.status_code == 200, answer.content.decode()


def _rule(browser: Browser) -> dict[str, Any]:
    return next(r for r in browser.get("/platform-rules") if r["key"] == KEY)


def _own(browser: Browser) -> list[dict[str, Any]]:
    return [r for r in browser.get("/rates")["items"] if r["own"]]


def test_hours_become_the_companys_own_and_go_back(boss: Browser) -> None:
    shared = _rule(boss)
    assert (shared["hours"], shared["verified"], shared["overridden"]) == (48, False, False)
    _done(boss, "PUT", f"/platform-rules/{KEY}", {"hours": 24, "reason": "本店罚单", "version": 0})
    mine = _rule(boss)
    assert (mine["hours"], mine["built_in_hours"], mine["reason"], mine["version"]) == (24, 48, "本店罚单", 1)
    assert mine["bands"] == shared["bands"] > 0, "penalties stay"
    stale = {"hours": 36, "reason": "又改", "version": 0}
    assert boss.refused("PUT", f"/platform-rules/{KEY}", stale) == (409, "stale")
    _done(boss, "DELETE", f"/platform-rules/{KEY}")
    assert _rule(boss) == shared
    assert boss.refused("DELETE", f"/platform-rules/{KEY}") == (404, "no_override")


def test_hours_need_a_reason_a_known_rule_and_the_right(boss: Browser) -> None:
    company = Company()
    good = {"hours": 24, "reason": "本店罚单"}
    assert company.owner.refused("PUT", f"/platform-rules/{KEY}", {**good, "reason": " "}) == (422, "reason_missing")
    assert company.owner.refused("PUT", f"/platform-rules/{KEY}", {**good, "hours": 0})[0] == 422
    assert company.owner.refused("PUT", "/platform-rules/moon.late_ship", good) == (404, "no_such_platform_rule")
    _, viewer = company.hire("viewer")
    assert viewer.refused("PUT", f"/platform-rules/{KEY}", good) == (403, "not_allowed")
    assert viewer.refused("DELETE", f"/platform-rules/{KEY}") == (403, "not_allowed")
    assert not _rule(viewer)["overridden"]


def test_a_rate_is_added_changed_and_removed(tenant_number: int) -> None:
    boss = Company().owner
    assert not _own(boss)
    boss.post("/rates", FEE)
    [row] = _own(boss)
    assert (row["label"], row["percent"], row["fixed_fen"], row["version"]) == ("平台服务费", "2.5", None, 1)
    assert boss.refused("POST", "/rates", FEE) == (409, "rate_exists")
    change = {"percent": "3", "fixed_fen": 50, "valid_to": None, "source": "新账单", "version": 1}
    _done(boss, "PUT", f"/rates/{row['id']}", change)
    assert [(r["percent"], r["fixed_fen"], r["source"]) for r in _own(boss)] == [("3", 50, "新账单")]
    assert boss.refused("DELETE", f"/rates/{row['id']}?version=1") == (409, "stale")
    _done(boss, "DELETE", f"/rates/{row['id']}?version=2")
    assert not _own(boss)


def test_a_rate_must_say_something_about_a_place_that_is(tenant_number: int) -> None:
    boss = Company().owner
    assert boss.refused("POST", "/rates", {**FEE, "percent": None}) == (422, "bad_rate")
    assert boss.refused("POST", "/rates", {**FEE, "platform": "moon"}) == (422, "bad_rate")
    assert boss.refused("POST", "/rates", {**FEE, "shop_id": str(uuid4())}) == (404, "no_such_shop")
    assert not _own(boss)


def test_rates_are_for_those_who_may_and_within_their_shops(tenant_number: int) -> None:
    company = Company()
    shop = company.owner.post("/shops", {"platform": "douyin", "name": f"抖店{company.mark}"})
    other = company.owner.post("/shops", {"platform": "douyin", "name": f"别店{company.mark}"})
    company.owner.post("/rates", {**FEE, "shop_id": shop["id"]})
    company.owner.post("/rates", {**FEE, "shop_id": other["id"]})
    _, viewer = company.hire("viewer")
    assert viewer.refused("GET", "/rates") == (403, "not_allowed")
    _, clerk = company.hire("finance", shop_scope=[shop["id"]])
    [seen] = _own(clerk)
    assert seen["shop_id"] == shop["id"]
    [hidden] = [r for r in _own(company.owner) if r["shop_id"] == other["id"]]
    assert clerk.refused("DELETE", f"/rates/{hidden['id']}?version=1") == (404, "no_such_rate")
    late = {**FEE, "shop_id": other["id"], "valid_from": "2026-02-01"}
    assert clerk.refused("POST", "/rates", late) == (403, "shop_out_of_scope")
