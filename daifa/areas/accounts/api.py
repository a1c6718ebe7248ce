"""Signing in, who I am, members, roles, shops, settings, preferences, the audit log."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest
from django.middleware.csrf import get_token
from ninja import Router, Schema

from daifa.areas.accounts.models import Member, Role, User
from daifa.areas.accounts.services import people, settings, shops, signing_in
from daifa.areas.accounts.types import PERMISSIONS
from daifa.base.web import REFUSALS, May, actor_of
from daifa.kit.errors import NotSignedIn

router = Router(tags=["accounts"])


class SignIn(Schema):
    """Login and password."""

    login: str
    password: str


class Company(Schema):
    """A company one belongs to."""

    id: int
    name: str


class Me(Schema):
    """Who is signed in, where, and what they may do."""

    signed_in: bool
    name: str = ""
    login: str = ""
    permissions: list[str] = []
    company: Company | None = None
    companies: list[Company] = []
    first_run: bool = False


class Done(Schema):
    """It is done."""

    ok: bool = True


def _me(request: HttpRequest) -> Me:
    get_token(request)
    user = request.user
    if not isinstance(user, User):
        return Me(signed_in=False, first_run=not User.objects.exists())
    found = [Company(id=i, name=n) for i, n in signing_in.companies(user)]
    here = request.session.get("tenant_id")
    actor = getattr(request, "actor", None)
    return Me(
        signed_in=True,
        name=user.name,
        login=user.login,
        permissions=sorted(actor.permissions) if actor else [],
        company=next((c for c in found if c.id == here), None),
        companies=found,
    )


@router.get("/me", response={200: Me}, auth=None)
def me(request: HttpRequest) -> Me:
    """Who is signed in; also hands out the CSRF cookie."""
    return _me(request)


@router.post("/sign-in", response={200: Done, **REFUSALS}, auth=None)
def sign_in(request: HttpRequest, body: SignIn) -> Done:
    """Sign in with login and password."""
    signing_in.sign_in(request, login=body.login.strip(), password=body.password)
    return Done()


@router.post("/sign-out", response={200: Done}, auth=None)
def sign_out(request: HttpRequest) -> Done:
    """Close this session."""
    signing_in.sign_out(request)
    return Done()


class FirstRun(Schema):
    """The first company of a fresh installation."""

    company: str
    login: str
    password: str
    name: str = ""


@router.post("/first-run", response={200: Done, **REFUSALS}, auth=None)
def first_run(request: HttpRequest, body: FirstRun) -> Done:
    """Make the first company and its owner; refused once anybody exists."""
    if User.objects.exists():
        raise NotSignedIn("already_set_up", "系统已经初始化，请登录。")
    people.create_company(name=body.company, login=body.login, password=body.password, owner_name=body.name)
    signing_in.sign_in(request, login=body.login, password=body.password)
    return Done()


class Switch(Schema):
    """Another company."""

    company: int


@router.post("/switch-company", response={200: Done, **REFUSALS}, auth=May())
def switch_company(request: HttpRequest, body: Switch) -> Done:
    """Work in another of one's companies."""
    signing_in.switch_company(request, body.company)
    return Done()


class Value(Schema):
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


class ShopOut(Schema):
    """A shop."""

    id: UUID
    platform: str
    name: str
    external_id: str
    recipient_path: str
    dial: str
    active: bool


class ShopIn(Schema):
    """A new shop."""

    platform: str
    name: str
    external_id: str = ""
    recipient_path: str = "file"


class ShopChange(Schema):
    """Changes to a shop; ``version`` guards against a stale form."""

    version: int
    values: dict[str, Any]


@router.get("/shops", response={200: list[ShopOut], **REFUSALS}, auth=May())
def list_shops(request: HttpRequest) -> Any:
    """Every shop I may see."""
    scope = actor_of(request).shops
    return [s for s in shops.list_shops() if scope is None or s.id in scope]


@router.post("/shops", response={200: ShopOut, **REFUSALS}, auth=May("shops.edit"))
def create_shop(request: HttpRequest, body: ShopIn) -> Any:
    """Add a shop."""
    return shops.create_shop(by=actor_of(request), **body.dict())


@router.patch("/shops/{shop_id}", response={200: ShopOut, **REFUSALS}, auth=May("shops.edit"))
def change_shop(request: HttpRequest, shop_id: UUID, body: ShopChange) -> Any:
    """Change a shop."""
    actor = actor_of(request)
    actor.need_shop(shop_id)
    return shops.change_shop(by=actor, shop_id=shop_id, version=body.version, **body.values)


class SettingOut(Schema):
    """One setting with its meaning."""

    key: str
    label: str
    unit: str
    value: Any
    default: Any


@router.get("/settings", response={200: list[SettingOut], **REFUSALS}, auth=May())
def get_settings(request: HttpRequest) -> Any:
    """Every setting of the company."""
    values = settings.get_all()
    return [
        {"key": k, "label": n.label, "unit": n.unit, "value": values[k], "default": n.default}
        for k, n in settings.KNOWN.items()
    ]


@router.put("/settings", response={200: Done, **REFUSALS}, auth=May("settings.edit"))
def put_settings(request: HttpRequest, body: dict[str, Any]) -> Done:
    """Change settings."""
    settings.change(by=actor_of(request), values=body)
    return Done()


class RoleOut(Schema):
    """A role."""

    key: str
    name: str
    permissions: list[str]
    builtin: bool


class MemberOut(Schema):
    """A member with role and scope."""

    id: UUID
    name: str
    login: str
    role: str
    role_name: str
    active: bool
    shop_scope: list[UUID] | None
    supplier_scope: list[UUID] | None


def _member(member: Member) -> MemberOut:
    return MemberOut(
        id=member.id,
        name=member.name,
        login=member.user.login,
        role=member.role.key,
        role_name=member.role.name,
        active=member.active,
        shop_scope=member.shop_scope,
        supplier_scope=member.supplier_scope,
    )


@router.get("/members", response={200: list[MemberOut], **REFUSALS}, auth=May("members.edit"))
def list_members(request: HttpRequest) -> Any:
    """Everybody of the company."""
    return [_member(m) for m in Member.objects.select_related("user", "role").order_by("created_at")]


class MemberIn(Schema):
    """A new member."""

    login: str
    password: str = ""
    name: str = ""
    role: str


@router.post("/members", response={200: MemberOut, **REFUSALS}, auth=May("members.edit"))
def add_member(request: HttpRequest, body: MemberIn) -> Any:
    """Add a person."""
    made = people.add_member(
        by=actor_of(request), login=body.login, password=body.password, name=body.name, role_key=body.role
    )
    return _member(made)


class MemberChange(Schema):
    """Changes to a member; scopes count only with ``scopes_given``."""

    role: str | None = None
    active: bool | None = None
    scopes_given: bool = False
    shop_scope: list[UUID] | None = None
    supplier_scope: list[UUID] | None = None


@router.patch("/members/{member_id}", response={200: MemberOut, **REFUSALS}, auth=May("members.edit"))
def change_member(request: HttpRequest, member_id: UUID, body: MemberChange) -> Any:
    """Change role, activity or data scope."""
    changed = people.change_member(
        by=actor_of(request),
        member_id=member_id,
        role_key=body.role,
        active=body.active,
        shop_scope=body.shop_scope,
        supplier_scope=body.supplier_scope,
        scopes_given=body.scopes_given,
    )
    return _member(changed)


@router.get("/roles", response={200: list[RoleOut], **REFUSALS}, auth=May())
def list_roles(request: HttpRequest) -> Any:
    """Every role."""
    return list(Role.objects.order_by("created_at"))


@router.get("/permissions", response={200: dict[str, str], **REFUSALS}, auth=May())
def list_permissions(request: HttpRequest) -> Any:
    """Every permission with its Chinese name."""
    return dict(PERMISSIONS)


class RoleIn(Schema):
    """A role to save."""

    name: str
    permissions: list[str]


@router.put("/roles/{key}", response={200: RoleOut, **REFUSALS}, auth=May("members.edit"))
def save_role(request: HttpRequest, key: str, body: RoleIn) -> Any:
    """Make or change a role."""
    return people.save_role(by=actor_of(request), key=key, name=body.name, permissions=body.permissions)
