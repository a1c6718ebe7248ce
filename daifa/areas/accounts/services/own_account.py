"""What people do to their own account: password, sessions; and what an owner does to help a locked-out member."""

from __future__ import annotations

import hashlib
from datetime import datetime
from uuid import UUID

from django.contrib.auth import update_session_auth_hash
from django.contrib.auth.hashers import check_password as verify
from django.http import HttpRequest

from daifa.areas.accounts.models import Member, User, UserSession
from daifa.areas.accounts.rules import device, not_held
from daifa.areas.accounts.services import second_factor
from daifa.areas.accounts.services.actors import companies_of
from daifa.areas.accounts.services.people import check_password
from daifa.base import audit
from daifa.base.actor import Actor
from daifa.kit import clock
from daifa.kit.errors import Conflict, Invalid, NotAllowed, NotFound
from daifa.kit.values import dataclass


@dataclass(frozen=True, slots=True)
class SessionView:
    """A signed-in browser as its user sees it; ``id`` does not open it."""

    id: str
    device: str
    agent: str
    address: str
    started_at: datetime
    seen_at: datetime
    here: bool


def prove(user: User, password: str) -> None:
    """Raise Invalid when this is not the user's password: asked before the account itself changes."""
    if not verify(password, user.password):
        raise Invalid("wrong_password", "当前密码不对。", fields={"old": "当前密码不对"})


def change_password(request: HttpRequest, *, by: Actor, user: User, old: str, new: str) -> int:
    """A new password, after ``prove``; every other session ends. Returns how many ended. Raises Invalid."""
    if old == new:
        raise Invalid("same_password", "新密码和现在的一样，请换一个。", fields={"password": "和现在的密码一样"})
    check_password(new, user.login)
    user.set_password(new)
    user.save(update_fields=["password"])
    update_session_auth_hash(request, user)
    ended = end_others(request, user)
    audit.record(by, "password.change", "修改了自己的密码", kind="member", object_id=by.member_id)
    return ended


def public_id(session_key: str) -> str:
    """A session's name in lists: the key itself would open it."""
    return hashlib.sha256(session_key.encode()).hexdigest()[:24]


def list_sessions(request: HttpRequest, user: User) -> list[SessionView]:
    """The user's open sessions, the last used first."""
    rows = UserSession.objects.filter(user_id=user.pk, expire_date__gt=clock.now()).order_by("-seen_at")
    here = request.session.session_key
    return [
        SessionView(
            public_id(r.session_key), device(r.agent), r.agent, r.address, r.started_at, r.seen_at,
            r.session_key == here,
        )
        for r in rows
    ]  # fmt: skip


def end_session(*, by: Actor, user: User, session_id: str) -> None:
    """Close one session; it is dead at its next request. Raises NotFound."""
    for row in UserSession.objects.filter(user_id=user.pk):
        if public_id(row.session_key) == session_id:
            row.delete()
            audit.record(
                by, "session.end", f"退出一处登录（{device(row.agent)}）", kind="member", object_id=by.member_id
            )
            return
    raise NotFound("no_such_session", "这处登录已经退出。")


def end_others(request: HttpRequest, user: User) -> int:
    """Close every session but this one; returns how many."""
    others = UserSession.objects.filter(user_id=user.pk).exclude(session_key=request.session.session_key)
    return others.delete()[0]


def end_all_of(user_id: int) -> int:
    """Close every session of a user; returns how many."""
    return UserSession.objects.filter(user_id=user_id).delete()[0]


def forget_expired() -> int:
    """Remove sessions that ran out; returns how many."""
    return UserSession.objects.filter(expire_date__lt=clock.now()).delete()[0]


def last_seen(user_ids: list[int]) -> dict[int, datetime]:
    """When each user was last seen in any of their sessions."""
    rows = UserSession.objects.filter(user_id__in=user_ids).order_by("seen_at").values_list("user_id", "seen_at")
    return {u: at for u, at in rows if u is not None}


def reset_access(*, by: Actor, member_id: UUID, password: str) -> Member:
    """A new password for a member who is locked out; second factor off, sessions ended.

    Only for people who are members of this company alone: another company's door is not ours to open. Raises
    NotFound, NotAllowed, Conflict, Invalid.
    """
    member = Member.objects.select_related("user", "role").filter(id=member_id).first()
    if member is None:
        raise NotFound("no_such_member", "没有这个成员。")
    if member.user_id == by.user_id:
        raise Conflict("own_account", "自己的密码请在“设置 → 我的账号”里修改。")
    if not_held(by.permissions, member.role.permissions):
        raise NotAllowed("more_rights", f"“{member.name}”的权限比您多，请让店主来重设。")
    if len(companies_of(member.user)) > 1:
        raise Conflict("other_companies", f"“{member.name}”还是其他公司的成员，只能由本人修改密码。")
    check_password(password, member.user.login)
    member.user.set_password(password)
    member.user.save(update_fields=["password"])
    second_factor.switch_off(member.user)
    end_all_of(member.user_id)
    audit.record(by, "member.reset", f"重设 {member.name} 的密码并关闭动态码", kind="member", object_id=member.id)
    return member
