"""Companies and their people: making a company, adding members, changing roles and passwords."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.db.models import Count

from daifa.areas.accounts.models import Door, Member, Role, Tenant, User, UserSession
from daifa.areas.accounts.rules import not_held
from daifa.areas.accounts.services.actors import MEMBER_DOOR, actor_of_member, companies_of, hash_key
from daifa.areas.accounts.types import BUILTIN_ROLES
from daifa.base import audit
from daifa.base.actor import Actor
from daifa.base.permissions import PERMISSIONS
from daifa.base.tenancy import current_tenant, tenant
from daifa.base.web import changed
from daifa.kit.errors import Conflict, Invalid, NotAllowed, NotFound


def check_password(password: str, login: str) -> None:
    """Raise Invalid for a password that is too weak, with what to do."""
    try:
        validate_password(password, User(login=login))
    except ValidationError as error:
        raise Invalid(
            "weak_password", "密码太弱：至少 8 位，不能是常见密码或纯数字。请换一个。", fields={"password": "密码太弱"}
        ) from error


def first_company(*, name: str, login: str, password: str, owner_name: str = "") -> int:
    """The first company of a fresh installation; returns its number. Two at once: one is refused. Raises Conflict."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(7201)")
        if User.objects.exists():
            raise Conflict("already_set_up", "系统已经初始化，请登录。")
        return create_company(name=name, login=login, password=password, owner_name=owner_name)[0]


def need_founder(*, name: str, login: str, password: str) -> None:
    """Whether a company could begin with these words; asks no database. Raises Invalid."""
    if not name.strip() or not login.strip():
        raise Invalid("name_missing", "请填写公司名称和登录名。")
    check_password(password, login)


def create_company(*, name: str, login: str, password: str, owner_name: str = "") -> tuple[int, UUID]:
    """A company with its built-in roles and its owner; returns (tenant number, member id).

    Opens its own transaction, because no tenant exists before. Raises Invalid, Conflict.
    """
    need_founder(name=name, login=login, password=password)
    if Tenant.objects.filter(name=name.strip()).exists():
        raise Conflict("company_exists", f"公司“{name}”已经存在。")
    if User.objects.filter(login=login.strip()).exists():
        raise Conflict("login_exists", f"登录名“{login}”已被使用，请换一个。")
    made = Tenant.objects.create(name=name.strip())
    with tenant(made.id):
        for key, (title, permissions) in BUILTIN_ROLES.items():
            Role.objects.create(key=key, name=title, permissions=permissions, builtin=True)
        member = _place(User.objects.create_user(login.strip(), password, owner_name), "owner", owner_name or login)
    return made.id, member.id


def retire_company(number: int, *, name: str) -> None:
    """Close a company: it has another name, nobody enters it, and logins that lead nowhere else are free again.

    Opens its own transaction. Its rows stay.
    """
    with tenant(number):
        Tenant.objects.filter(id=number).update(active=False, name=name)
        users = list(User.objects.filter(id__in=list(Member.objects.values_list("user_id", flat=True))))
        Door.objects.filter(tenant_id=number).delete()
        for user in users:
            if companies_of(user):
                continue
            user.login, user.is_active = f"{user.login}（已停用 {number}）", False
            user.save(update_fields=["login", "is_active"])
            UserSession.objects.filter(user_id=user.pk).delete()


def _place(user: User, role_key: str, name: str) -> Member:
    role = _role(role_key)
    member = Member.objects.create(user=user, role=role, name=name)
    _open_door(member)
    return member


def _role(key: str) -> Role:
    role = Role.objects.filter(key=key).first()
    if role is None:
        raise NotFound("no_such_role", f"没有“{key}”这个角色。")
    return role


def _open_door(member: Member) -> None:
    Door.objects.get_or_create(
        kind=MEMBER_DOOR,
        key_hash=hash_key(str(member.user_id)),
        tenant_id=current_tenant(),
        defaults={"target": member.id},
    )


def _close_door(member: Member) -> None:
    Door.objects.filter(
        kind=MEMBER_DOOR, key_hash=hash_key(str(member.user_id)), tenant_id=current_tenant()
    ).delete()  # fmt: skip
    if not companies_of(member.user):
        UserSession.objects.filter(user_id=member.user_id).delete()


def _need_rights_of(by: Actor, role: Role) -> None:
    if more := not_held(by.permissions, role.permissions):
        named = "、".join(PERMISSIONS.get(p, "全部权限") for p in more[:3])
        raise NotAllowed("more_rights", f"角色“{role.name}”有您没有的权限（{named}），请让店主来操作。")


def _need_scope(mine: frozenset[UUID] | None, wanted: Sequence[UUID] | None) -> None:
    if mine is not None and (wanted is None or not mine.issuperset(wanted)):
        raise NotAllowed("scope_beyond", "不能给出超过您自己数据范围的店铺或供应商。")


def list_members() -> list[Member]:
    """Everybody of the company, the oldest first."""
    return list(Member.objects.select_related("user", "role").order_by("-active", "created_at"))


def add_member(
    *,
    by: Actor,
    login: str,
    password: str,
    name: str,
    role_key: str,
    shop_scope: Sequence[UUID] | None = None,
    supplier_scope: Sequence[UUID] | None = None,
) -> Member:
    """A new person in this company, or a place here for one who has an account. Nobody gives rights they lack.

    Raises Invalid, Conflict, NotAllowed.
    """
    if not login.strip():
        raise Invalid("login_missing", "请填写登录名。", fields={"login": "请填写登录名"})
    _need_rights_of(by, _role(role_key))
    _need_scope(by.shops, shop_scope)
    _need_scope(by.suppliers, supplier_scope)
    user = User.objects.filter(login=login.strip()).first()
    if user is None:
        check_password(password, login)
        user = User.objects.create_user(login.strip(), password, name)
    elif Member.objects.filter(user=user).exists():
        raise Conflict("member_exists", f"“{login}”已经是本公司成员。", fields={"login": "已经是本公司成员"})
    member = _place(user, role_key, name.strip() or login.strip())
    member.shop_scope, member.supplier_scope = _texts(shop_scope), _texts(supplier_scope)
    member.save(update_fields=["shop_scope", "supplier_scope"])
    audit.record(by, "member.add", f"添加成员 {member.name}（{member.role.name}）", kind="member", object_id=member.id)
    return member


def _texts(ids: Sequence[UUID] | None) -> list[str] | None:
    return None if ids is None else [str(i) for i in ids]


def change_member(
    *,
    by: Actor,
    member_id: UUID,
    role_key: str | None = None,
    active: bool | None = None,
    name: str | None = None,
    shop_scope: Sequence[UUID] | None = None,
    supplier_scope: Sequence[UUID] | None = None,
    scopes_given: bool = False,
    version: int | None = None,
) -> Member:
    """Change a member's name, role, activity or data scope. The last active owner stays.

    Nobody changes a member who may do more than they may, nor gives what they lack. Raises NotFound, Conflict,
    NotAllowed.
    """
    Role.objects.select_for_update().filter(key="owner").first()  # one change at a time: two owners, one leaving each
    member = (
        Member.objects.select_for_update(of=("self",)).select_related("role", "user").filter(id=member_id).first()
    )  # fmt: skip
    if member is None:
        raise NotFound("no_such_member", "没有这个成员。")
    if version is not None and member.version != version:
        raise Conflict("stale", "这个成员刚被别人改过，请刷新后再改。")
    _need_rights_of(by, member.role)
    before = _shown(member)
    loses_owner = (role_key not in (None, "owner") or active is False) and member.role.key == "owner"
    if loses_owner and Member.objects.filter(role__key="owner", active=True).exclude(id=member.id).count() == 0:
        raise Conflict("last_owner", "这是最后一位店主，不能停用或改角色。请先指定另一位店主。")
    if role_key is not None:
        member.role = _role(role_key)
        _need_rights_of(by, member.role)
    if name is not None and name.strip():
        member.name = name.strip()
    if scopes_given:
        _need_scope(by.shops, shop_scope)
        _need_scope(by.suppliers, supplier_scope)
        member.shop_scope, member.supplier_scope = _texts(shop_scope), _texts(supplier_scope)
    _activate(member, active)
    member.version += 1
    member.save()
    data = changed(before, _shown(member))
    audit.record(by, "member.change", f"修改成员 {member.name}", kind="member", object_id=member.id, data=data)
    return member


def _activate(member: Member, active: bool | None) -> None:
    if active is None or active == member.active:
        return
    member.active = active
    if active:
        _open_door(member)
    else:
        _close_door(member)


def _shown(member: Member) -> dict[str, object]:
    return {
        "name": member.name,
        "role": member.role.name,
        "active": member.active,
        "shops": member.shop_scope,
        "suppliers": member.supplier_scope,
    }


def list_roles() -> list[tuple[Role, int]]:
    """Every role and how many active members have it; built-in ones first."""
    held = dict(Member.objects.filter(active=True).values_list("role_id").annotate(n=Count("id")))
    return [(r, held.get(r.id, 0)) for r in Role.objects.order_by("-builtin", "created_at")]


def save_role(
    *, by: Actor, key: str, name: str, permissions: Sequence[str], version: int | None = None
) -> Role:  # fmt: skip
    """Make or change a role of the company; the owner's role stays as it is. Raises Invalid, NotAllowed, Conflict."""
    if key == "owner":
        raise Invalid("owner_fixed", "店主角色拥有全部权限，不能修改。")
    if not name.strip():
        raise Invalid("name_missing", "请填写角色名称。", fields={"name": "请填写角色名称"})
    unknown = [p for p in permissions if p not in PERMISSIONS]
    if unknown:
        raise Invalid("unknown_permission", f"没有这些权限：{'、'.join(unknown)}。")
    if Role.objects.filter(name=name.strip()).exclude(key=key).exists():
        raise Conflict("role_exists", f"已有叫“{name}”的角色。", fields={"name": "已有同名角色"})
    wanted = sorted(set(permissions))
    role = Role.objects.select_for_update().filter(key=key).first()
    if role is not None and version is not None and role.version != version:
        raise Conflict("stale", "这个角色刚被别人改过，请刷新后再改。")
    before = [] if role is None else list(role.permissions)
    if more := not_held(by.permissions, [p for p in {*wanted, *before} if (p in wanted) != (p in before)]):
        named = "、".join(PERMISSIONS[p] for p in more[:3])
        raise NotAllowed("more_rights", f"不能增减您自己没有的权限：{named}。")
    if role is None:
        role = Role.objects.create(key=key, name=name.strip(), permissions=wanted)
    else:
        role.name, role.permissions, role.version = name.strip(), wanted, role.version + 1
        role.save()
    data: dict[str, object] = {"permissions": [before, wanted]}
    audit.record(by, "role.save", f"保存角色 {role.name}", kind="role", object_id=role.id, data=data)
    return role


def remove_role(*, by: Actor, key: str) -> None:
    """Remove a role that nobody has. Raises NotFound, Conflict."""
    role = _role(key)
    if role.builtin:
        raise Conflict("builtin_role", f"“{role.name}”是内置角色，不能删除。")
    holders = Member.objects.filter(role=role).count()
    if holders:
        raise Conflict("role_in_use", f"还有 {holders} 位成员是“{role.name}”，请先给他们换角色。")
    audit.record(by, "role.remove", f"删除角色 {role.name}", kind="role", object_id=role.id)
    role.delete()


def every_company() -> list[int]:
    """The number of every company, also of closed ones: for what must reach all data (keys, backups)."""
    return list(Tenant.objects.order_by("id").values_list("id", flat=True))


def list_companies() -> list[tuple[int, str]]:
    """(number, name) of every company of this installation, for the command line and the worker."""
    return list(Tenant.objects.filter(active=True).order_by("id").values_list("id", "name"))


def owner_actor() -> Actor:
    """The company's first owner as an actor, for deeds done in their name by a job. Raises NotFound."""
    member = Member.objects.select_related("role").filter(role__key="owner", active=True).order_by("created_at").first()
    if member is None:
        raise NotFound("no_owner", "这家公司没有店主。")
    return actor_of_member(member, via="job")
