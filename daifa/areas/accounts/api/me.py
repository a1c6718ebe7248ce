"""One's own account: password, second factor, sessions, preferences. Never by token."""

from __future__ import annotations

from datetime import datetime
from typing import Any, cast

from django.http import HttpRequest
from ninja import Router, Schema

from daifa.areas.accounts.api.shapes import Done
from daifa.areas.accounts.models import User
from daifa.areas.accounts.services import own_account, second_factor, settings, tries
from daifa.areas.accounts.services.actors import client_address
from daifa.base import audit
from daifa.base.web import REFUSALS, Given, May, Myself, actor_of, afterwards
from daifa.kit.errors import AppError

router = Router(tags=["accounts"])


def _user(request: HttpRequest) -> User:
    return cast("User", request.user)


def _proved(request: HttpRequest, password: str) -> User:
    """The user, after their password: guesses count as failed sign-ins even though the refusal rolls back."""
    user, address = _user(request), client_address(request)
    marks = tries.begin(user.login, address)
    tries.forgive(marks)
    try:
        own_account.prove(user, password)
    except AppError:
        afterwards(request, lambda: tries.count(user.login, address))
        raise
    return user


class Security(Schema):
    """How well the account is guarded."""

    totp: bool
    recovery_left: int


@router.get("/me/security", response={200: Security, **REFUSALS}, auth=Myself())
def security(request: HttpRequest) -> Security:
    """Whether the second factor is on, and how many recovery codes are left."""
    user = _user(request)
    return Security(totp=second_factor.is_on(user), recovery_left=len(user.recovery_hashes))


class NewPassword(Given):
    """The present and the new password."""

    old: str
    password: str


@router.post("/me/password", response={200: Done, **REFUSALS}, auth=Myself())
def change_password(request: HttpRequest, body: NewPassword) -> Done:
    """Change my password; every other session of mine ends."""
    user = _proved(request, body.old)
    ended = own_account.change_password(request, by=actor_of(request), user=user, old=body.old, new=body.password)
    return Done(message=f"密码已修改，其他 {ended} 处登录已退出。" if ended else "密码已修改。")


class Enrolment(Schema):
    """Shown once: the secret for an authenticator, as text, as address and as QR code (SVG data address)."""

    secret: str
    uri: str
    qr: str


class Password(Given):
    """The present password, asked before the account itself changes."""

    old: str


@router.post("/me/totp", response={200: Enrolment, **REFUSALS}, auth=Myself())
def begin_totp(request: HttpRequest, body: Password) -> Any:
    """Begin to set up the second factor."""
    return second_factor.begin(_proved(request, body.old), request.session)


class Code(Given):
    """A one-time code."""

    code: str


class Codes(Schema):
    """Recovery codes, shown once."""

    codes: list[str]


@router.post("/me/totp/confirm", response={200: Codes, **REFUSALS}, auth=Myself())
def confirm_totp(request: HttpRequest, body: Code) -> Codes:
    """Switch the second factor on with a first code."""
    codes = second_factor.confirm(_user(request), request.session, body.code)
    actor = actor_of(request)
    audit.record(actor, "totp.on", "开启了登录动态码", kind="member", object_id=actor.member_id)
    return Codes(codes=codes)


@router.post("/me/totp/off", response={200: Done, **REFUSALS}, auth=Myself())
def totp_off(request: HttpRequest, body: Password) -> Done:
    """Switch the second factor off."""
    actor = actor_of(request)
    second_factor.switch_off(_proved(request, body.old))
    audit.record(actor, "totp.off", "关闭了登录动态码", kind="member", object_id=actor.member_id)
    return Done(message="已关闭动态码。")


@router.post("/me/recovery-codes", response={200: Codes, **REFUSALS}, auth=Myself())
def recovery_codes(request: HttpRequest, body: Password) -> Codes:
    """New recovery codes; the old ones are void."""
    actor = actor_of(request)
    codes = second_factor.renew_recovery(_proved(request, body.old))
    audit.record(actor, "totp.recovery", "重新生成了备用码", kind="member", object_id=actor.member_id)
    return Codes(codes=codes)


class SessionOut(Schema):
    """A signed-in browser of mine."""

    id: str
    device: str
    agent: str
    address: str
    started_at: datetime
    seen_at: datetime
    here: bool


@router.get("/me/sessions", response={200: list[SessionOut], **REFUSALS}, auth=Myself())
def list_sessions(request: HttpRequest) -> Any:
    """Where I am signed in."""
    return own_account.list_sessions(request, _user(request))


@router.post("/me/sessions/{session_id}/end", response={200: Done, **REFUSALS}, auth=Myself())
def end_session(request: HttpRequest, session_id: str) -> Done:
    """Sign out one of my browsers; it is dead at its next request."""
    own_account.end_session(by=actor_of(request), user=_user(request), session_id=session_id)
    return Done(message="已退出那一处登录。")


@router.post("/me/sessions/end-others", response={200: Done, **REFUSALS}, auth=Myself())
def end_others(request: HttpRequest) -> Done:
    """Sign out every browser of mine but this one."""
    actor = actor_of(request)
    ended = own_account.end_others(request, _user(request))
    audit.record(actor, "session.end", f"退出其他 {ended} 处登录", kind="member", object_id=actor.member_id)
    return Done(message=f"已退出其他 {ended} 处登录。")


class Value(Given):
    """Any JSON."""

    value: Any = None


@router.get("/me/preferences/{key}", response={200: Value, **REFUSALS}, auth=May())
def get_preference(request: HttpRequest, key: str) -> Value:
    """How I like a screen."""
    return Value(value=settings.preference(actor_of(request), key))


@router.put("/me/preferences/{key}", response={200: Done, **REFUSALS}, auth=May())
def put_preference(request: HttpRequest, key: str, body: Value) -> Done:
    """Remember how I like a screen."""
    settings.prefer(actor_of(request), key, body.value)
    return Done()
