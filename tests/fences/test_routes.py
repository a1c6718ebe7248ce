"""Every route of the API, asked by a stranger, by another company, and by a member without any right."""

from __future__ import annotations

import re

import orjson
import pytest

from daifa.base.actor import SYSTEM
from daifa.base.tenancy import tenant
from daifa.flows import supplier_links
from tests.browser import PASSWORD, Browser, Company
from tests.fences.world import PERSON, body, busy_company, fingerprint, ids, number_of, routes

# Doors that open without a session; each of them guards itself.
PUBLIC = {
    "GET /api/me", "POST /api/sign-in", "POST /api/sign-out", "POST /api/first-run",
    "GET /api/s/{token}", "POST /api/s/{token}/answer", "POST /api/s/{token}/recall/{purchase_id}",
    "POST /api/s/{token}/changes/{purchase_id}", "POST /api/s/{token}/tracking",
    "POST /api/s/{token}/tracking-file", "GET /api/s/{token}/sheet", "GET /api/authorized",
    "POST /api/push/{platform}/{app_key}",
}  # fmt: skip
# What every member may do, whatever their role: their own account, and the words that screens are made of.
EVERYBODY = {
    "GET /api/me/security", "POST /api/me/password", "POST /api/me/totp", "POST /api/me/totp/confirm",
    "POST /api/me/totp/off", "POST /api/me/recovery-codes", "GET /api/me/sessions",
    "POST /api/me/sessions/{session_id}/end", "POST /api/me/sessions/end-others",
    "GET /api/me/preferences/{key}", "PUT /api/me/preferences/{key}", "POST /api/switch-company",
    "GET /api/tokens", "POST /api/tokens", "POST /api/tokens/{token_id}/revoke",
    "GET /api/import-blanks/{kind}", "GET /api/import-fields", "GET /api/import-kinds", "GET /api/today/stations",
    "GET /api/roles", "GET /api/permissions", "GET /api/settings", "GET /api/shops", "GET /api/platforms",
    "GET /api/tasks", "GET /api/tasks/counts", "GET /api/tasks/{task_id}", "POST /api/tasks/{task_id}/cancel",
    "GET /api/connections/broken",
    "GET /api/tasks/{task_id}/file", "GET /api/tasks/{task_id}/error-file", "POST /api/undo/{token}",
}  # fmt: skip


def test_a_stranger_is_sent_away_from_every_route(tenant_number: int) -> None:
    company = busy_company()
    known, before = ids(company.number), fingerprint(company.number)
    stranger = Browser("10.1.1.1")
    let_in = {}
    for route in routes():
        if route.title in PUBLIC:
            continue
        answer = stranger.call(route.method, route.filled(known), body(route.body, known))
        if answer.status_code != 401:
            let_in[route.title] = answer.status_code
    assert not let_in
    assert fingerprint(company.number) == before


def test_public_doors_open_nothing_without_their_secret(tenant_number: int) -> None:
    company = busy_company()
    known = ids(company.number)
    stranger = Browser("10.1.1.2")
    for route in routes():
        if route.title in PUBLIC and "{token}" in route.path:
            answer = stranger.call(route.method, route.filled(known), body(route.body, known))
            assert answer.status_code in {401, 403, 404, 429}, route.title
    assert company.owner.get("/me")["signed_in"]


def test_a_suppliers_link_opens_in_a_browser_that_is_signed_in_elsewhere(tenant_number: int) -> None:
    theirs, ours = busy_company(), Company()
    supplier = ids(theirs.number)["purchasing_supplier"]
    with tenant(theirs.number):
        token = supplier_links.ensure(by=SYSTEM, supplier_id=supplier).token
    assert ours.owner.get(f"/s/{token}")["merchant"] == f"公司{theirs.mark}"
    assert theirs.owner.get(f"/s/{token}")["merchant"] == f"公司{theirs.mark}"


def test_another_company_finds_nothing_and_changes_nothing(tenant_number: int) -> None:
    theirs, ours = busy_company(), Company()
    known, before = ids(theirs.number), fingerprint(theirs.number)
    secrets = [*PERSON, theirs.mark, theirs.owner_login, number_of(theirs)]
    wrong: dict[str, object] = {}
    for route in routes():
        if route.title in PUBLIC or route.path.startswith("/api/me/"):
            continue
        answer = ours.owner.call(route.method, route.filled(known), body(route.body, known))
        told = answer.content.decode(errors="replace")
        if answer.status_code >= 500:
            wrong[route.title] = answer.status_code
        if route.has_ids and answer.status_code not in {401, 403, 404, 409, 422}:
            wrong[route.title] = (answer.status_code, told[:200])
        if leaked := [s for s in secrets if s in told]:
            wrong[route.title] = leaked
    assert not wrong
    changed = [t for t, digest in fingerprint(theirs.number).items() if digest != before[t]]
    assert not changed


def test_a_named_row_of_another_company_does_not_exist(tenant_number: int) -> None:
    """Reading by id answers 404 (never 403, which would tell that it exists)."""
    theirs, ours = busy_company(), Company()
    known = ids(theirs.number)
    asked = [r for r in routes() if r.method == "GET" and r.has_ids and "{token}" not in r.path]
    assert len(asked) >= 8
    answers = {r.title: ours.owner.call("GET", r.filled(known)).status_code for r in asked}
    assert {title: code for title, code in answers.items() if code != 404} == {}


def test_a_member_without_rights_is_refused_whatever_is_not_everybodys(tenant_number: int) -> None:
    company = busy_company()
    company.owner.call("PUT", "/roles/nothing", {"name": "什么都不能", "permissions": []})
    _, powerless = company.hire("nothing")
    known, before = ids(company.number), fingerprint(company.number)
    let_in = {}
    for route in routes():
        if route.title in PUBLIC | EVERYBODY:
            continue
        answer = powerless.call(route.method, route.filled(known), body(route.body, known))
        if answer.status_code != 403:
            let_in[route.title] = answer.status_code
    assert not let_in, "guard it with May(permission), or list it in EVERYBODY"
    assert fingerprint(company.number) == before


def test_lists_of_this_page_name_routes_that_exist() -> None:
    assert {r.title for r in routes()} >= PUBLIC | EVERYBODY


def test_a_member_without_rights_sees_nobodys_person(tenant_number: int) -> None:
    company = busy_company()
    company.owner.call("PUT", "/roles/nothing", {"name": "什么都不能", "permissions": []})
    _, powerless = company.hire("nothing")
    known = ids(company.number)
    for route in routes():
        if route.title in EVERYBODY and route.method == "GET":
            told = powerless.call("GET", route.filled(known)).content.decode(errors="replace")
            assert not [p for p in PERSON if p in told], route.title


def test_no_answer_shows_a_person_plainly_without_opening(tenant_number: int) -> None:
    """The owner may see everything, but a recipient only after 打开: every GET answer is masked."""
    company = busy_company()
    known = ids(company.number)
    plain = {}
    for route in routes():
        if route.method != "GET" or route.title in PUBLIC or route.path.endswith(("/file", "/sheet", "/download")):
            continue
        answer = company.owner.call("GET", route.filled(known))
        told = answer.content.decode(errors="replace")
        assert answer.status_code < 500, route.title
        if shown := [p for p in PERSON if p in told]:
            plain[route.title] = shown
    assert not plain


def test_an_unknown_address_is_a_refusal_like_any_other(tenant_number: int) -> None:
    answer = Browser().call("GET", "/no-such-thing")
    assert (answer.status_code, orjson.loads(answer.content)["code"]) == (404, "no_such_route")
    assert PASSWORD not in answer.content.decode()


def test_every_refusal_is_typed_whatever_was_wrong_with_the_request(
    tenant_number: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A wrong method, a body that is no JSON, a field that is missing or of another kind, and a bug of ours."""
    owner = Company().owner

    def told(status: int, content: bytes) -> tuple[int, str]:
        said = orjson.loads(content)
        assert set(said) == {"code", "message", "data"}
        assert not re.search(r"[a-z]{3,} [a-z]{3,}", said["message"])
        return status, said["code"]

    wrong = owner.call("DELETE", "/orders")
    assert told(wrong.status_code, wrong.content) == (405, "wrong_method")
    assert wrong["Allow"] == "GET"
    csrf = {"X-CSRFToken": owner.client.cookies["csrftoken"].value}
    no_json = owner.client.post("/api/goods", b"{", "application/json", headers=csrf)
    assert told(no_json.status_code, no_json.content) == (400, "http_error")
    missing = owner.call("POST", "/goods", {"sku_code": 1})
    assert told(missing.status_code, missing.content) == (422, "invalid")
    assert orjson.loads(missing.content)["data"]["fields"] == [
        {"field": "sku_code", "problem": "格式不对"}, {"field": "title", "problem": "没有填写"},
    ]  # fmt: skip
    assert "body" not in orjson.loads(missing.content)["message"]

    def breaks() -> None:
        raise RuntimeError

    monkeypatch.setattr("daifa.areas.accounts.services.shops.list_shops", breaks)
    broken = owner.call("GET", "/shops")
    assert told(broken.status_code, broken.content) == (500, "internal")
