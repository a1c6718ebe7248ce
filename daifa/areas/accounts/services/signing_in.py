"""Signing in and out: slowed down when guessed at, one company chosen per session."""

from __future__ import annotations

from datetime import timedelta

from django.contrib.auth import login as django_login
from django.contrib.auth import logout as django_logout
from django.contrib.auth.hashers import check_password as verify
from django.contrib.auth.hashers import make_password
from django.http import HttpRequest

from daifa.areas.accounts.models import LoginTry, Tenant, User
from daifa.areas.accounts.services.actors import client_address, companies_of
from daifa.kit import clock
from daifa.kit.errors import NotAllowed, NotSignedIn, TooMany

WINDOW = timedelta(minutes=15)
LIMIT_LOGIN, LIMIT_ADDRESS = 8, 40
_UNKNOWN = make_password("nobody has this password")


def _check_tries(login: str, address: str) -> None:
    since = clock.now() - WINDOW
    for key, limit in ((f"login:{login}", LIMIT_LOGIN), (f"address:{address}", LIMIT_ADDRESS)):
        if LoginTry.objects.filter(key=key, at__gt=since).count() >= limit:
            raise TooMany("too_many_tries", "尝试次数太多，请 15 分钟后再试。", retry_after=int(WINDOW.total_seconds()))


def sign_in(request: HttpRequest, *, login: str, password: str) -> User:
    """Open a session in the user's first company. Raises NotSignedIn, NotAllowed, TooMany."""
    address = client_address(request)
    _check_tries(login, address)
    user = User.objects.filter(login=login).first()
    # An unknown login costs as long as a known one.
    right = verify(password, user.password if user else _UNKNOWN)
    if user is None or not right or not user.is_active:
        now = clock.now()
        LoginTry.objects.bulk_create([LoginTry(key=k, at=now) for k in (f"login:{login}", f"address:{address}")])
        raise NotSignedIn("wrong_login", "登录名或密码不对。")
    companies = companies_of(user)
    if not companies:
        raise NotAllowed("no_company", "您的账号还没有加入任何公司，请联系店主。")
    LoginTry.objects.filter(key=f"login:{login}").delete()
    django_login(request, user, backend="django.contrib.auth.backends.ModelBackend")
    request.session["tenant_id"] = companies[0]
    request.session["address"] = address
    request.session["agent"] = request.headers.get("User-Agent", "")
    return user


def sign_out(request: HttpRequest) -> None:
    """Close the session."""
    django_logout(request)


def switch_company(request: HttpRequest, number: int) -> None:
    """Work in another of one's companies. Raises NotAllowed."""
    user = request.user
    if not isinstance(user, User) or number not in companies_of(user):
        raise NotAllowed("not_your_company", "您不是这家公司的成员。")
    request.session["tenant_id"] = number


def companies(user: User) -> list[tuple[int, str]]:
    """(number, name) of the user's companies."""
    found = Tenant.objects.filter(id__in=companies_of(user), active=True).order_by("id")
    return list(found.values_list("id", "name"))
