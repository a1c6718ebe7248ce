"""Members, roles and scopes: nobody gives what they lack, and the last owner stays."""

from __future__ import annotations

from uuid import uuid4

from daifa.areas.accounts.models import User
from tests.browser import PASSWORD, Browser, Company


def test_a_viewer_sees_no_members(tenant_number: int) -> None:
    _, viewer = Company().hire("viewer")
    assert viewer.refused("GET", "/members") == (403, "not_allowed")
    assert viewer.refused("PUT", "/roles/mine", {"name": "我", "permissions": []}) == (403, "not_allowed")


def test_the_last_owner_stays(tenant_number: int) -> None:
    company = Company()
    mine = f"/members/{company.owner_id}"
    for change in ({"role": "viewer"}, {"active": False}):
        assert company.owner.refused("PATCH", mine, change) == (409, "last_owner")
    company.hire("owner")
    answer = company.owner.call("PATCH", mine, {"role": "viewer"})
    assert answer.status_code == 200
    assert company.owner.refused("GET", "/members") == (403, "not_allowed"), "rights go at the next request"


def test_a_manager_cannot_raise_anybody_above_themselves(tenant_number: int) -> None:
    company = Company()
    company.owner.call("PUT", "/roles/manager", {"name": "主管", "permissions": ["members.edit", "orders.view"]})
    me, manager = company.hire("manager")
    body = {"login": f"new-{company.mark}", "password": PASSWORD, "role": "owner"}
    assert manager.refused("POST", "/members", body) == (403, "more_rights")
    assert manager.refused("PATCH", f"/members/{me['id']}", {"role": "owner"}) == (403, "more_rights")
    assert manager.refused("PATCH", f"/members/{company.owner_id}", {"active": False}) == (403, "more_rights")
    more = {"name": "主管", "permissions": ["members.edit", "orders.view", "finance.view"]}
    assert manager.refused("PUT", "/roles/manager", more) == (403, "more_rights")
    assert manager.refused("PUT", "/roles/viewer", {"name": "只读", "permissions": []}) == (403, "more_rights")
    assert manager.refused("POST", f"/members/{company.owner_id}/reset", {"password": "new-password-9"}) == (
        403,
        "more_rights",
    )


def test_a_scope_does_not_grow(tenant_number: int) -> None:
    company = Company()
    shops = [company.owner.post("/shops", {"platform": "pdd", "name": n})["id"] for n in ("一店", "二店")]
    company.owner.call("PUT", "/roles/manager", {"name": "主管", "permissions": ["members.edit"]})
    _, manager = company.hire("manager", shop_scope=shops[:1])
    assert [s["name"] for s in manager.get("/shops")] == ["一店"]
    body = {"login": f"new-{company.mark}", "password": PASSWORD, "role": "manager"}
    assert manager.refused("POST", "/members", body) == (403, "scope_beyond")
    assert manager.refused("POST", "/members", {**body, "shop_scope": shops}) == (403, "scope_beyond")
    made = manager.post("/members", {**body, "shop_scope": shops[:1]})
    assert made["shop_scope"] == shops[:1]


def test_shops_outside_the_scope_cannot_be_changed(tenant_number: int) -> None:
    company = Company()
    shops = [company.owner.post("/shops", {"platform": "pdd", "name": n})["id"] for n in ("一店", "二店")]
    _, operator = company.hire("operator", shop_scope=shops[:1])
    body = {"version": 1, "values": {"name": "三店"}}
    assert operator.refused("PATCH", f"/shops/{shops[1]}", body) == (403, "shop_out_of_scope")


def test_a_member_who_leaves_is_out_at_once(tenant_number: int) -> None:
    company = Company()
    member, browser = company.hire("operator")
    company.owner.call("PATCH", f"/members/{member['id']}", {"active": False})
    assert browser.refused("GET", "/shops") == (401, "not_signed_in")
    refused = Browser().refused("POST", "/sign-in", {"login": member["login"], "password": PASSWORD})
    assert refused == (403, "no_company")
    company.owner.call("PATCH", f"/members/{member['id']}", {"active": True})
    browser.sign_in(member["login"])


def test_a_stale_form_does_not_overwrite(tenant_number: int) -> None:
    company = Company()
    member, _ = company.hire("viewer")
    path = f"/members/{member['id']}"
    assert company.owner.call("PATCH", path, {"name": "甲", "version": member["version"]}).status_code == 200
    assert company.owner.refused("PATCH", path, {"name": "乙", "version": member["version"]}) == (409, "stale")
    role = {"name": "主管", "permissions": ["audit.view"]}
    assert company.owner.call("PUT", "/roles/boss", role).status_code == 200
    assert company.owner.call("PUT", "/roles/boss", {**role, "version": 1}).status_code == 200
    assert company.owner.refused("PUT", "/roles/boss", {**role, "version": 1}) == (409, "stale")


def test_roles_have_their_limits(tenant_number: int) -> None:
    company = Company()
    assert company.owner.refused("PUT", "/roles/owner", {"name": "x", "permissions": []}) == (422, "owner_fixed")
    unknown = {"name": "x", "permissions": ["orders.fly"]}
    assert company.owner.refused("PUT", "/roles/x", unknown) == (422, "unknown_permission")
    assert company.owner.refused("PUT", "/roles/x", {"name": "店主", "permissions": []}) == (409, "role_exists")
    assert company.owner.refused("DELETE", "/roles/viewer") == (409, "builtin_role")
    company.owner.call("PUT", "/roles/x", {"name": "临时", "permissions": ["orders.view"]})
    company.hire("x")
    assert company.owner.refused("DELETE", "/roles/x") == (409, "role_in_use")


def test_a_locked_out_member_is_helped_by_somebody_above(tenant_number: int) -> None:
    company = Company()
    member, browser = company.hire("operator")
    company.owner.post(f"/members/{member['id']}/reset", {"password": "new-password-9"})
    assert browser.refused("GET", "/shops")[0] == 401
    browser.sign_in(member["login"], "new-password-9")
    own = company.owner.refused("POST", f"/members/{company.owner_id}/reset", {"password": "new-password-9"})
    assert own == (409, "own_account")
    assert company.owner.refused("POST", f"/members/{uuid4()}/reset", {"password": "new-password-9"})[0] == 404


def test_a_member_of_two_companies_is_reset_by_nobody(tenant_number: int) -> None:
    one, two = Company(), Company()
    taken = two.owner.post("/members", {"login": one.owner_login, "role": "viewer"})
    refused = two.owner.refused("POST", f"/members/{taken['id']}/reset", {"password": "new-password-9"})
    assert refused == (409, "other_companies")
    assert User.objects.get(login=one.owner_login).check_password(PASSWORD)


def test_settings_have_bounds_and_are_written_down(tenant_number: int) -> None:
    company = Company()
    assert company.owner.refused("PUT", "/settings", {"link_days": 0}) == (422, "bad_setting")
    assert company.owner.refused("PUT", "/settings", {"link_days": "3"}) == (422, "bad_setting")
    assert company.owner.refused("PUT", "/settings", {"merge_recipients": 1}) == (422, "bad_setting")
    assert company.owner.refused("PUT", "/settings", {"nothing": 1}) == (422, "unknown_setting")
    assert company.owner.call("PUT", "/settings", {"link_days": 7}).status_code == 200
    found = {s["key"]: s["value"] for s in company.owner.get("/settings")}
    assert found["link_days"] == 7
    assert company.owner.get("/audit")["items"][0]["data"] == {"link_days": [3, 7]}
