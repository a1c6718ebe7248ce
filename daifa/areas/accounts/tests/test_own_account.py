"""One's own account: second factor, password, sessions, tokens."""

from __future__ import annotations

from base64 import b32decode
from datetime import timedelta

import pytest
from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor.totp import TOTP
from django.db import transaction
from django.utils import timezone

from daifa.areas.accounts.models import Door, User, UserSession
from daifa.areas.accounts.services import own_account, second_factor, tries
from daifa.base import vault
from daifa.base.models import Answered
from daifa.base.tenancy import tenant
from daifa.kit import clock
from tests.browser import PASSWORD, Browser, Company


def _code(secret: str, shift: int = 0) -> str:
    key = b32decode(secret + "=" * (-len(secret) % 8))
    made = TOTP(key, 6, SHA1(), 30, enforce_key_length=False)  # noqa: S303  # the standard's algorithm
    return made.generate(int(clock.wall().timestamp()) + 30 * shift).decode()


def _enrol(company: Company) -> tuple[str, list[str]]:
    begun = company.owner.post("/me/totp", {"old": PASSWORD})
    assert begun["qr"].startswith("data:image/svg+xml")
    codes = company.owner.post("/me/totp/confirm", {"code": _code(begun["secret"])})["codes"]
    return begun["secret"], codes


def test_with_a_second_factor_the_password_alone_does_not_open(tenant_number: int) -> None:
    company = Company()
    with clock.frozen(clock.now()) as _:
        at = clock.now()
        secret, _codes = _enrol(company)
        stranger = Browser()
        body = {"login": company.owner_login, "password": PASSWORD}
        assert stranger.refused("POST", "/sign-in", body) == (401, "totp_required")
        assert stranger.refused("POST", "/sign-in", {**body, "code": "000000"}) == (401, "wrong_code")
        used = _code(secret)
        assert stranger.refused("POST", "/sign-in", {**body, "code": used}) == (401, "wrong_code"), "used at enrolment"
    with clock.frozen(at + timedelta(minutes=5)):
        stranger.sign_in(company.owner_login, code=_code(secret))
        again = Browser().refused("POST", "/sign-in", {**body, "code": _code(secret)})
        assert again == (401, "wrong_code"), "replay"


def test_code_guesses_are_counted_like_password_guesses(tenant_number: int) -> None:
    company = Company()
    _enrol(company)
    body = {"login": company.owner_login, "password": PASSWORD, "code": "12345"}
    statuses = [Browser("10.5.5.5").call("POST", "/sign-in", body).status_code for _ in range(tries.LIMITS["pair"] + 1)]
    assert statuses[-1] == 429


def test_a_recovery_code_opens_once(tenant_number: int) -> None:
    company = Company()
    _, codes = _enrol(company)
    Browser().sign_in(company.owner_login, code=codes[3].lower())
    body = {"login": company.owner_login, "password": PASSWORD, "code": codes[3]}
    assert Browser().refused("POST", "/sign-in", body) == (401, "wrong_code")
    assert company.owner.get("/me/security") == {"totp": True, "recovery_left": 9}
    fresh = company.owner.post("/me/recovery-codes", {"old": PASSWORD})["codes"]
    assert Browser().refused("POST", "/sign-in", {**body, "code": codes[4]}) == (401, "wrong_code")
    Browser().sign_in(company.owner_login, code=fresh[0])


def test_switching_the_second_factor_needs_the_password_and_guesses_count(tenant_number: int) -> None:
    company = Company()
    _enrol(company)
    statuses = [
        company.owner.call("POST", "/me/totp/off", {"old": f"guess-{n}"}).status_code
        for n in range(tries.LIMITS["pair"] + 1)
    ]
    assert statuses == [422] * tries.LIMITS["pair"] + [429]
    with clock.frozen(clock.now() + timedelta(minutes=20)):
        company.owner.post("/me/totp/off", {"old": PASSWORD})
    assert company.owner.get("/me/security") == {"totp": False, "recovery_left": 0}


def test_the_secret_is_sealed_and_moves_to_a_new_key(tenant_number: int) -> None:
    company = Company()
    secret, _ = _enrol(company)
    user = User.objects.get(login=company.owner_login)
    raw = b32decode(secret + "=" * (-len(secret) % 8))
    assert raw not in bytes(user.totp_sealed or b"")
    vault.add_key()
    with transaction.atomic():
        while second_factor.reseal(limit=1):
            pass
    user.refresh_from_db()
    assert vault.key_of(bytes(user.totp_sealed or b"")) == vault.current_key()
    with clock.frozen(clock.now() + timedelta(minutes=5)):
        Browser().sign_in(company.owner_login, code=_code(secret))


def test_a_new_password_ends_every_other_session(tenant_number: int) -> None:
    company = Company()
    other = Browser()
    other.sign_in(company.owner_login)
    weak = company.owner.refused("POST", "/me/password", {"old": PASSWORD, "password": "12345678"})
    assert weak == (422, "weak_password")
    wrong = company.owner.refused("POST", "/me/password", {"old": "nope", "password": "new-password-9"})
    assert wrong == (422, "wrong_password")
    assert other.get("/me")["signed_in"], "a refusal changes nothing"
    company.owner.post("/me/password", {"old": PASSWORD, "password": "new-password-9"})
    assert not other.get("/me")["signed_in"]
    assert company.owner.get("/me")["signed_in"]
    assert Browser().refused("POST", "/sign-in", {"login": company.owner_login, "password": PASSWORD})[0] == 401
    Browser().sign_in(company.owner_login, "new-password-9")


def test_sessions_are_listed_and_a_revoked_one_is_dead_at_once(tenant_number: int) -> None:
    company = Company()
    other = Browser("10.4.4.4")
    other.sign_in(company.owner_login)
    mine = company.owner.get("/me/sessions")
    assert {s["address"] for s in mine} == {"127.0.0.1", "10.4.4.4"}
    assert [s["device"] for s in mine] == ["Chrome · Windows"] * 2
    keys = set(UserSession.objects.values_list("session_key", flat=True))
    assert not keys & {s["id"] for s in mine}, "the list must not hand out what opens a session"
    theirs = next(s for s in mine if not s["here"])
    company.owner.post(f"/me/sessions/{theirs['id']}/end")
    assert other.refused("GET", "/shops") == (401, "not_signed_in")
    assert company.owner.refused("POST", f"/me/sessions/{theirs['id']}/end") == (404, "no_such_session")


def test_all_other_sessions_end_at_once(tenant_number: int) -> None:
    company = Company()
    others = [Browser(), Browser()]
    for other in others:
        other.sign_in(company.owner_login)
    assert "2 处" in company.owner.post("/me/sessions/end-others")["message"]
    assert [o.refused("GET", "/shops")[0] for o in others] == [401, 401]
    assert len(company.owner.get("/me/sessions")) == 1


def test_nobody_ends_another_persons_session(tenant_number: int) -> None:
    company = Company()
    _, viewer = company.hire("viewer")
    theirs = company.owner.get("/me/sessions")[0]["id"]
    assert viewer.refused("POST", f"/me/sessions/{theirs}/end") == (404, "no_such_session")
    assert company.owner.get("/me")["signed_in"]


def test_last_seen_moves_at_most_once_a_minute(tenant_number: int) -> None:
    company = Company()
    row = UserSession.objects.get(user_id=User.objects.get(login=company.owner_login).pk)
    with clock.frozen(row.seen_at + timedelta(seconds=50)):
        company.owner.get("/shops")
        assert UserSession.objects.get(pk=row.pk).seen_at == row.seen_at
    with clock.frozen(row.seen_at + timedelta(seconds=70)):
        company.owner.get("/shops")
        assert UserSession.objects.get(pk=row.pk).seen_at == clock.now()
    assert UserSession.objects.get(pk=row.pk).started_at == row.started_at


def test_saving_a_session_does_not_move_its_beginning(tenant_number: int) -> None:
    company = Company()
    row = UserSession.objects.get(user_id=User.objects.get(login=company.owner_login).pk)
    with clock.frozen(timezone.now() + timedelta(hours=1)):
        company.owner.post("/me/totp", {"old": PASSWORD})  # writes the session
    after = UserSession.objects.get(pk=row.pk)
    assert (after.started_at, after.agent, after.user_id) == (row.started_at, row.agent, row.user_id)
    assert after.session_data != row.session_data


def test_sessions_that_ran_out_are_forgotten(tenant_number: int) -> None:
    company = Company()
    user = User.objects.get(login=company.owner_login)
    with clock.frozen(timezone.now() + timedelta(days=15)):
        own_account.forget_expired()
    assert not UserSession.objects.filter(user_id=user.pk).exists()
    assert company.owner.refused("GET", "/shops")[0] == 401


def test_a_token_is_shown_once_and_acts_within_its_scopes(tenant_number: int) -> None:
    company = Company()
    body = {"name": "脚本", "scopes": ["orders.view", "shops.edit"], "days": 30}
    made = company.owner.post("/tokens", body, key="make-token")
    text, stranger = made["token"], Browser()
    assert company.owner.post("/tokens", body, key="make-token")["token"] == text, "asked twice, answered once"
    assert text not in str(company.owner.get("/tokens"))
    with tenant(company.number):
        stored = b"".join(bytes(a.answer) for a in Answered.objects.all())
        assert text.encode() not in stored, "the answer kept for a repeat is sealed"
    assert Door.objects.filter(kind="token", tenant_id=company.number).exclude(key_hash__contains=text).count() == 1
    assert stranger.call("GET", "/shops", token=text).status_code == 200
    shop = stranger.call("POST", "/shops", {"platform": "pdd", "name": "令牌店"}, token=text)
    assert shop.status_code == 200, "no cookie, no CSRF"
    assert stranger.call("GET", "/members", token=text).status_code == 403
    assert stranger.call("GET", "/me/sessions", token=text).status_code == 403, "a token does not manage the account"
    assert stranger.call("POST", "/tokens", body, token=text).status_code == 403
    newest = company.owner.get("/audit")["items"][0]
    assert newest["actor_name"] == "老板（令牌 脚本）"


def test_a_revoked_or_expired_token_is_dead(tenant_number: int) -> None:
    company = Company()
    one = company.owner.post("/tokens", {"name": "一", "scopes": ["orders.view"], "days": 1})
    two = company.owner.post("/tokens", {"name": "二", "scopes": ["orders.view"], "days": 90})
    stranger = Browser()
    with clock.frozen(clock.now() + timedelta(days=2)):
        assert stranger.call("GET", "/shops", token=one["token"]).status_code == 401
        assert stranger.call("GET", "/shops", token=two["token"]).status_code == 200
    company.owner.post(f"/tokens/{two['view']['id']}/revoke")
    assert stranger.call("GET", "/shops", token=two["token"]).status_code == 401
    assert stranger.call("GET", "/shops", token="daifa_made_up").status_code == 401


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"name": "x", "scopes": ["finance.view"], "days": 9}, "more_rights"),
        ({"name": "x", "scopes": ["*"], "days": 9}, "unknown_permission"),
        ({"name": "x", "scopes": [], "days": 9}, "scopes_missing"),
        ({"name": " ", "scopes": ["orders.view"], "days": 9}, "name_missing"),
        ({"name": "x", "scopes": ["orders.view"], "days": 4000}, "bad_days"),
    ],
)
def test_a_token_never_exceeds_its_maker(tenant_number: int, body: dict[str, object], code: str) -> None:
    company = Company()
    _, viewer = company.hire("viewer")
    assert viewer.refused("POST", "/tokens", body)[1] == code


def test_a_tokens_rights_shrink_with_its_members(tenant_number: int) -> None:
    company = Company()
    member, operator = company.hire("operator")
    text = operator.post("/tokens", {"name": "x", "scopes": ["shops.edit", "orders.view"], "days": 9})["token"]
    company.owner.call("PATCH", f"/members/{member['id']}", {"role": "viewer"})
    stranger = Browser()
    assert stranger.call("POST", "/shops", {"platform": "pdd", "name": "店"}, token=text).status_code == 403
    company.owner.call("PATCH", f"/members/{member['id']}", {"active": False})
    assert stranger.call("GET", "/shops", token=text).status_code == 401
