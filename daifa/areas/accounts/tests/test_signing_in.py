"""The entrance: right and wrong passwords, guessing, proxies, other sites, the audit entry."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import RequestFactory

from daifa.areas.accounts.models import LoginTry, User
from daifa.areas.accounts.services import people, tries
from daifa.areas.accounts.services.actors import client_address
from daifa.base.tenancy import tenant
from daifa.kit import clock
from daifa.kit.errors import Conflict
from tests.browser import PASSWORD, Browser, Company


def test_a_member_signs_in_and_the_log_says_so(tenant_number: int) -> None:
    company = Company()
    me = company.owner.get("/me")
    assert me["signed_in"]
    assert me["company"]["id"] == company.number
    assert me["permissions"] == ["*"]
    log = company.owner.get("/audit")["items"]
    assert log[0]["verb"] == "sign_in"
    assert log[0]["summary"] == "登录（Chrome · Windows）"
    assert log[0]["address"] == "127.0.0.1"


def test_wrong_login_and_wrong_password_answer_alike(tenant_number: int) -> None:
    company, stranger = Company(), Browser("10.0.0.9")
    for login in (company.owner_login, "nobody-at-all"):
        assert stranger.refused("POST", "/sign-in", {"login": login, "password": "not-this-one"}) == (
            401,
            "wrong_login",
        )
    assert not stranger.get("/me")["signed_in"]


def test_an_inactive_user_is_wrong_like_any_other(tenant_number: int) -> None:
    company = Company()
    User.objects.filter(login=company.owner_login).update(is_active=False)
    refused = Browser().refused("POST", "/sign-in", {"login": company.owner_login, "password": PASSWORD})
    assert refused == (401, "wrong_login")
    assert company.owner.refused("GET", "/members") == (401, "not_signed_in")


def test_guessing_is_slowed_down_for_the_guesser_not_for_the_owner(tenant_number: int) -> None:
    company, guesser = Company(), Browser("10.9.9.1")
    body = {"login": company.owner_login, "password": "guess-number-one"}
    for _ in range(tries.LIMITS["pair"]):
        assert guesser.refused("POST", "/sign-in", body)[0] == 401
    answer = guesser.call("POST", "/sign-in", {**body, "password": PASSWORD})
    assert answer.status_code == 429, "even the right password waits now"
    assert int(answer["Retry-After"]) == 900
    Browser("10.9.9.2").sign_in(company.owner_login)
    assert "失败 8 次" in company.owner.get("/audit")["items"][0]["summary"]
    with clock.frozen(clock.now() + timedelta(minutes=16)):
        guesser.sign_in(company.owner_login)


def test_one_address_may_not_try_many_logins(tenant_number: int) -> None:
    guesser = Browser("10.8.8.8")
    codes = [
        guesser.call("POST", "/sign-in", {"login": f"someone-{n}", "password": "x" * 9}).status_code
        for n in range(tries.LIMITS["address"] + 1)
    ]
    assert codes[-1] == 429
    assert set(codes[:-1]) == {401}


def test_a_signed_in_guesser_is_counted_too(tenant_number: int) -> None:
    """A session's transaction is rolled back by the refusal: the count must not go with it."""
    victim, guesser = Company(), Company()
    body = {"login": victim.owner_login, "password": "guess-number-one"}
    statuses = [guesser.owner.call("POST", "/sign-in", body).status_code for _ in range(tries.LIMITS["pair"] + 1)]
    assert statuses == [401] * tries.LIMITS["pair"] + [429]


def test_what_people_type_into_the_login_field_is_not_kept(tenant_number: int) -> None:
    Browser("10.7.7.7").refused("POST", "/sign-in", {"login": "13812345678", "password": "secret-in-wrong-field"})
    assert not [k for k in LoginTry.objects.values_list("key", flat=True) if "138" in k and "13812345678" in k]


def test_another_sites_page_cannot_sign_a_browser_in(tenant_number: int) -> None:
    company = Company()
    for headers in ({"Origin": "https://evil.example"}, {"Sec-Fetch-Site": "cross-site"}):
        refused = Browser(**headers).refused("POST", "/sign-in", {"login": company.owner_login, "password": PASSWORD})
        assert refused == (403, "other_site")
    Browser(Origin="http://testserver").sign_in(company.owner_login)


def test_a_deed_without_the_csrf_token_is_refused(tenant_number: int) -> None:
    company = Company()
    del company.owner.client.cookies["csrftoken"]
    assert company.owner.refused("POST", "/shops", {"platform": "pdd", "name": "一店"}) == (403, "csrf_failed")


@pytest.mark.parametrize(
    ("hops", "header", "found"),
    [
        (0, "1.2.3.4", "127.0.0.1"),
        (1, "6.6.6.6, 1.2.3.4", "1.2.3.4"),
        (2, "6.6.6.6, 1.2.3.4, 10.0.0.1", "1.2.3.4"),
        (2, "1.2.3.4", "1.2.3.4"),
        (1, "not-an-address", "127.0.0.1"),
        (1, "", "127.0.0.1"),
    ],
)
def test_a_proxys_word_counts_only_when_there_is_a_proxy(
    hops: int, header: str, found: str, settings: object
) -> None:  # fmt: skip
    settings.PROXY_HOPS = hops  # type: ignore[attr-defined]  # pytest-django's settings
    assert client_address(RequestFactory().get("/", headers={"X-Forwarded-For": header})) == found


def test_the_first_run_happens_once(tenant_number: int) -> None:
    Company()
    body = {"company": "又一家", "login": "second", "password": PASSWORD}
    assert Browser().refused("POST", "/first-run", body) == (409, "already_set_up")
    with pytest.raises(Conflict):
        people.first_company(name="又一家", login="second", password=PASSWORD)


def test_switching_company_is_for_members_and_is_written_down(tenant_number: int) -> None:
    one, two = Company(), Company()
    assert one.owner.refused("POST", "/switch-company", {"company": two.number}) == (403, "not_your_company")
    two.owner.post("/members", {"login": one.owner_login, "role": "viewer"})
    one.owner.post("/switch-company", {"company": two.number})
    assert one.owner.get("/me")["company"]["id"] == two.number
    assert one.owner.refused("GET", "/members") == (403, "not_allowed")
    newest = two.owner.get("/audit")["items"][0]
    assert (newest["verb"], newest["actor_name"]) == ("sign_in", one.owner_login)
    with tenant(two.number):
        assert people.list_members()[1].role.key == "viewer"
