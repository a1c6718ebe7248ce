"""Signing in and out: slowed down when guessed at, one company chosen per session, written into the audit log."""

from __future__ import annotations

from django.contrib.auth import login as django_login
from django.contrib.auth import logout as django_logout
from django.contrib.auth.hashers import check_password as verify
from django.contrib.auth.hashers import make_password
from django.http import HttpRequest

from daifa.areas.accounts.models import Member, Tenant, User
from daifa.areas.accounts.rules import device
from daifa.areas.accounts.services import second_factor, tries
from daifa.areas.accounts.services.actors import actor_of_member, client_address, companies_of
from daifa.base import audit
from daifa.base.tenancy import tenant
from daifa.kit.errors import NotAllowed, NotSignedIn

_UNKNOWN = make_password("nobody has this password")
BACKEND = "django.contrib.auth.backends.ModelBackend"


def sign_in(request: HttpRequest, *, login: str, password: str, code: str = "") -> User:
    """Open a session in the user's first company. Runs outside any transaction, so that failures are remembered.

    Raises NotSignedIn (``wrong_login``, ``totp_required``, ``wrong_code``), NotAllowed, TooMany.
    """
    address = client_address(request)
    marks = tries.begin(login, address)
    user = User.objects.filter(login=login).first()
    # An unknown login costs as long as a known one, and leaves the same traces.
    right = verify(password, user.password if user else _UNKNOWN)
    if user is None or not right or not user.is_active:
        raise NotSignedIn("wrong_login", "登录名或密码不对。")
    if user.totp_sealed is not None:
        if not code.strip():
            tries.forgive(marks)
            raise NotSignedIn("totp_required", "请输入验证器里的 6 位动态码；手机不在身边时可输入备用码。")
        if not second_factor.accept(user, code):
            raise NotSignedIn("wrong_code", "动态码不对或已用过。请等验证器显示下一个码后再试。")
    tries.forgive(marks)
    found = companies(user)
    if not found:
        raise NotAllowed("no_company", "您的账号还没有加入任何公司，请联系店主。")
    failures = tries.succeeded(login, address)
    open_session(request, user, found[0][0])
    record(user, found[0][0], request, failures=failures)
    return user


def open_session(request: HttpRequest, user: User, number: int) -> None:
    """A fresh session of this user in company ``number``."""
    request.session["address"] = client_address(request)
    request.session["agent"] = request.headers.get("User-Agent", "")
    django_login(request, user, backend=BACKEND)
    request.session["tenant_id"] = number


def record(user: User, number: int, request: HttpRequest, *, failures: int = 0) -> None:
    """Write the sign-in into the company's audit log. Opens its own transaction: nobody is in a tenant yet."""
    with tenant(number):
        member = Member.objects.select_related("role").filter(user=user, active=True).first()
        if member is None:
            return
        actor = actor_of_member(member, client_address(request))
        before = f"，此前 15 分钟内失败 {failures} 次" if failures else ""
        where = device(request.headers.get("User-Agent", ""))
        audit.record(actor, "sign_in", f"登录（{where}{before}）", kind="member", object_id=member.id)


def sign_out(request: HttpRequest) -> None:
    """Close the session."""
    django_logout(request)


def switch_company(request: HttpRequest, number: int) -> None:
    """Work in another of one's companies. Raises NotAllowed."""
    user = request.user
    if not isinstance(user, User) or number not in [n for n, _ in companies(user)]:
        raise NotAllowed("not_your_company", "您不是这家公司的成员。")
    request.session["tenant_id"] = number


def companies(user: User) -> list[tuple[int, str]]:
    """(number, name) of the companies that are open and that the user has a place in."""
    found = Tenant.objects.filter(id__in=companies_of(user), active=True).order_by("id")
    return list(found.values_list("id", "name"))
