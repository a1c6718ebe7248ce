"""Members, roles and permissions."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Router, Schema

from daifa.areas.accounts.api.shapes import Done
from daifa.areas.accounts.models import Member, Role
from daifa.areas.accounts.services import own_account, people, second_factor
from daifa.areas.accounts.types import GROUPS
from daifa.base.permissions import PERMISSIONS
from daifa.base.web import REFUSALS, Given, May, Myself, actor_of

router = Router(tags=["accounts"])


class MemberOut(Schema):
    """A member with role, data scope (null: everything) and when they were last seen."""

    id: UUID
    name: str
    login: str
    role: str
    role_name: str
    active: bool
    shop_scope: list[UUID] | None
    supplier_scope: list[UUID] | None
    version: int
    totp: bool
    me: bool
    seen_at: datetime | None


def _members(request: HttpRequest, found: list[Member]) -> list[MemberOut]:
    actor = actor_of(request)
    seen = own_account.last_seen([m.user_id for m in found])
    return [
        MemberOut(
            id=m.id, name=m.name, login=m.user.login, role=m.role.key, role_name=m.role.name, active=m.active,
            shop_scope=m.shop_scope, supplier_scope=m.supplier_scope, version=m.version,
            totp=second_factor.is_on(m.user), me=m.id == actor.member_id, seen_at=seen.get(m.user_id),
        )
        for m in found
    ]  # fmt: skip


@router.get("/members", response={200: list[MemberOut], **REFUSALS}, auth=May("members.edit"))
def list_members(request: HttpRequest) -> Any:
    """Everybody of the company."""
    return _members(request, people.list_members())


class MemberIn(Given):
    """A new member; scopes null: everything."""

    login: str
    password: str = ""
    name: str = ""
    role: str
    shop_scope: list[UUID] | None = None
    supplier_scope: list[UUID] | None = None


@router.post("/members", response={200: MemberOut, **REFUSALS}, auth=May("members.edit"))
def add_member(request: HttpRequest, body: MemberIn) -> Any:
    """Add a person."""
    made = people.add_member(
        by=actor_of(request), login=body.login, password=body.password, name=body.name, role_key=body.role,
        shop_scope=body.shop_scope, supplier_scope=body.supplier_scope,
    )  # fmt: skip
    return _members(request, [made])[0]


class MemberChange(Given):
    """Changes to a member; scopes count only with ``scopes_given``; ``version`` guards against a stale form."""

    name: str | None = None
    role: str | None = None
    active: bool | None = None
    scopes_given: bool = False
    shop_scope: list[UUID] | None = None
    supplier_scope: list[UUID] | None = None
    version: int | None = None


@router.patch("/members/{member_id}", response={200: MemberOut, **REFUSALS}, auth=May("members.edit"))
def change_member(request: HttpRequest, member_id: UUID, body: MemberChange) -> Any:
    """Change name, role, activity or data scope."""
    changed = people.change_member(
        by=actor_of(request), member_id=member_id, role_key=body.role, active=body.active, name=body.name,
        shop_scope=body.shop_scope, supplier_scope=body.supplier_scope, scopes_given=body.scopes_given,
        version=body.version,
    )  # fmt: skip
    return _members(request, [changed])[0]


class Reset(Given):
    """A new password for a member who is locked out."""

    password: str


@router.post("/members/{member_id}/reset", response={200: Done, **REFUSALS}, auth=Myself("members.edit"))
def reset_member(request: HttpRequest, member_id: UUID, body: Reset) -> Done:
    """New password, second factor off, sessions ended."""
    member = own_account.reset_access(by=actor_of(request), member_id=member_id, password=body.password)
    return Done(message=f"{member.name} 可以用新密码登录了，原来的登录都已退出。")


class RoleOut(Schema):
    """A role and how many active members have it."""

    key: str
    name: str
    permissions: list[str]
    builtin: bool
    version: int
    members: int


def _role(role: Role, members: int) -> RoleOut:
    return RoleOut(
        key=role.key, name=role.name, permissions=role.permissions, builtin=role.builtin, version=role.version,
        members=members,
    )  # fmt: skip


@router.get("/roles", response={200: list[RoleOut], **REFUSALS}, auth=May())
def list_roles(request: HttpRequest) -> Any:
    """Every role."""
    return [_role(r, n) for r, n in people.list_roles()]


class RoleIn(Given):
    """A role to save; ``version`` guards against a stale form."""

    name: str
    permissions: list[str]
    version: int | None = None


@router.put("/roles/{key}", response={200: RoleOut, **REFUSALS}, auth=May("members.edit"))
def save_role(request: HttpRequest, key: str, body: RoleIn) -> Any:
    """Make or change a role."""
    role = people.save_role(
        by=actor_of(request), key=key, name=body.name, permissions=body.permissions, version=body.version
    )
    return _role(role, next(n for r, n in people.list_roles() if r.id == role.id))


@router.delete("/roles/{key}", response={200: Done, **REFUSALS}, auth=May("members.edit"))
def remove_role(request: HttpRequest, key: str) -> Done:
    """Remove a role nobody has."""
    people.remove_role(by=actor_of(request), key=key)
    return Done(message="角色已删除。")


class PermissionOut(Schema):
    """A permission with its Chinese name and the group it stands in."""

    key: str
    label: str
    group: str


@router.get("/permissions", response={200: list[PermissionOut], **REFUSALS}, auth=May())
def list_permissions(request: HttpRequest) -> Any:
    """Every permission, by group."""
    return [{"key": k, "label": PERMISSIONS[k], "group": group} for group, keys in GROUPS.items() for k in keys]
