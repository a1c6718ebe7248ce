"""Companies and their people: making a company, adding members, changing roles and passwords."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError

from daifa.areas.accounts.models import Door, Member, Role, Tenant, User
from daifa.areas.accounts.services.actors import MEMBER_DOOR, hash_key
from daifa.areas.accounts.types import BUILTIN_ROLES, PERMISSIONS
from daifa.base import audit
from daifa.base.actor import Actor
from daifa.base.tenancy import current_tenant, tenant
from daifa.kit.errors import Conflict, Invalid, NotFound


def check_password(password: str, login: str) -> None:
    """Raise Invalid for a password that is too weak, with what to do."""
    try:
        validate_password(password, User(login=login))
    except ValidationError as error:
        raise Invalid("weak_password", "密码太弱：至少 8 位，不能是常见密码或纯数字。请换一个。") from error


def create_company(*, name: str, login: str, password: str, owner_name: str = "") -> tuple[int, UUID]:
    """A company with its built-in roles and its owner; returns (tenant number, member id).

    Opens its own transaction, because no tenant exists before. Raises Invalid, Conflict.
    """
    if not name.strip() or not login.strip():
        raise Invalid("name_missing", "请填写公司名称和登录名。")
    if Tenant.objects.filter(name=name.strip()).exists():
        raise Conflict("company_exists", f"公司“{name}”已经存在。")
    if User.objects.filter(login=login.strip()).exists():
        raise Conflict("login_exists", f"登录名“{login}”已被使用，请换一个。")
    check_password(password, login)
    made = Tenant.objects.create(name=name.strip())
    with tenant(made.id):
        for key, (title, permissions) in BUILTIN_ROLES.items():
            Role.objects.create(key=key, name=title, permissions=permissions, builtin=True)
        member = _place(User.objects.create_user(login.strip(), password, owner_name), "owner", owner_name or login)
    return made.id, member.id


def _place(user: User, role_key: str, name: str) -> Member:
    role = Role.objects.filter(key=role_key).first()
    if role is None:
        raise NotFound("no_such_role", f"没有“{role_key}”这个角色。")
    member = Member.objects.create(user=user, role=role, name=name)
    Door.objects.get_or_create(
        kind=MEMBER_DOOR,
        key_hash=hash_key(str(user.pk)),
        tenant_id=current_tenant(),
        defaults={"target": member.id},
    )
    return member


def add_member(*, by: Actor, login: str, password: str, name: str, role_key: str) -> Member:
    """A new person in this company, or a place here for one who has an account. Raises Invalid, Conflict."""
    user = User.objects.filter(login=login.strip()).first()
    if user is None:
        check_password(password, login)
        user = User.objects.create_user(login.strip(), password, name)
    elif Member.objects.filter(user=user).exists():
        raise Conflict("member_exists", f"“{login}”已经是本公司成员。")
    member = _place(user, role_key, name or login)
    audit.record(by, "member.add", f"添加成员 {member.name}（{role_key}）", kind="member", object_id=member.id)
    return member


def change_member(
    *,
    by: Actor,
    member_id: UUID,
    role_key: str | None = None,
    active: bool | None = None,
    shop_scope: Sequence[UUID] | None = None,
    supplier_scope: Sequence[UUID] | None = None,
    scopes_given: bool = False,
) -> Member:
    """Change a member's role, activity or data scope. The last active owner stays. Raises NotFound, Conflict."""
    member = Member.objects.select_for_update(of=("self",)).select_related("role").filter(id=member_id).first()
    if member is None:
        raise NotFound("no_such_member", "没有这个成员。")
    before = {"role": member.role.key, "active": member.active, "shops": member.shop_scope}
    loses_owner = (role_key not in (None, "owner") or active is False) and member.role.key == "owner"
    if loses_owner and Member.objects.filter(role__key="owner", active=True).count() <= 1:
        raise Conflict("last_owner", "这是最后一位店主，不能停用或改角色。请先指定另一位店主。")
    if role_key is not None:
        role = Role.objects.filter(key=role_key).first()
        if role is None:
            raise NotFound("no_such_role", f"没有“{role_key}”这个角色。")
        member.role = role
    if active is not None:
        member.active = active
    if scopes_given:
        member.shop_scope = None if shop_scope is None else [str(i) for i in shop_scope]
        member.supplier_scope = None if supplier_scope is None else [str(i) for i in supplier_scope]
    member.version += 1
    member.save()
    after = {"role": member.role.key, "active": member.active, "shops": member.shop_scope}
    audit.record(
        by,
        "member.change",
        f"修改成员 {member.name}",
        kind="member",
        object_id=member.id,
        data={k: [before[k], after[k]] for k in after if before[k] != after[k]},
    )
    return member


def save_role(*, by: Actor, key: str, name: str, permissions: Sequence[str]) -> Role:
    """Make or change a role of the company; the owner's role cannot lose permissions. Raises Invalid."""
    unknown = [p for p in permissions if p not in PERMISSIONS]
    if unknown and key != "owner":
        raise Invalid("unknown_permission", f"没有这些权限：{'、'.join(unknown)}。")
    if key == "owner":
        raise Invalid("owner_fixed", "店主角色拥有全部权限，不能修改。")
    role, made = Role.objects.get_or_create(key=key, defaults={"name": name, "permissions": list(permissions)})
    before = list(role.permissions)
    if not made:
        role.name, role.permissions, role.version = name, list(permissions), role.version + 1
        role.save()
    data: dict[str, object] = {"permissions": [[] if made else before, list(permissions)]}
    audit.record(by, "role.save", f"保存角色 {name}", kind="role", object_id=role.id, data=data)
    return role


def list_companies() -> list[tuple[int, str]]:
    """(number, name) of every company of this installation, for the command line and the worker."""
    return list(Tenant.objects.filter(active=True).order_by("id").values_list("id", "name"))
