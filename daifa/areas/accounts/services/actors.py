"""Finding who asks: a session's member, or a token's, before and inside the tenant."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import timedelta
from ipaddress import ip_address
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest

from daifa.areas.accounts.models import ApiToken, Door, Member, User
from daifa.areas.accounts.sessions import SessionStore
from daifa.base.actor import Actor
from daifa.kit import clock
from daifa.kit.errors import NotSignedIn

MEMBER_DOOR, TOKEN_DOOR = "member", "token"  # kinds of door, no secrets


def hash_key(text: str) -> str:
    """The directory's key of something brought from outside (a high-entropy token or an id)."""
    return hashlib.sha256(text.encode()).hexdigest()


def client_address(request: HttpRequest) -> str:
    """The address a request came from: the connection's own, or what the proxies named in the settings report."""
    direct = str(request.META.get("REMOTE_ADDR", ""))
    hops = int(settings.PROXY_HOPS)
    if hops < 1:
        return direct
    told = [part.strip() for part in request.headers.get("X-Forwarded-For", "").split(",") if part.strip()]
    if not told:
        return direct
    # Each proxy appends whom it heard from: what stands further left is the client's own claim.
    claimed = told[-min(hops, len(told))]
    try:
        return str(ip_address(claimed))
    except ValueError:
        return direct


def companies_of(user: User) -> list[int]:
    """The tenants in which this user has a place."""
    doors = Door.objects.filter(kind=MEMBER_DOOR, key_hash=hash_key(str(user.pk)))
    return list(doors.order_by("tenant_id").values_list("tenant_id", flat=True))


def of_request(request: HttpRequest) -> tuple[int, Callable[[], Actor | None]] | None:
    """The tenant of a request and how to load its actor there; None for a stranger. Raises NotSignedIn."""
    header = request.headers.get("Authorization", "")
    address = client_address(request)
    if header.startswith("Bearer "):
        return _of_token(header[7:].strip(), address)
    user = request.user
    number = request.session.get("tenant_id") if user.is_authenticated else None
    if number is None or not isinstance(user, User):
        return None
    if isinstance(request.session, SessionStore):
        request.session.touch(address)
    return int(number), lambda: _member_actor(user, address)


def _of_token(token: str, address: str) -> tuple[int, Callable[[], Actor | None]]:
    door = Door.objects.filter(kind=TOKEN_DOOR, key_hash=hash_key(token)).first()
    if door is None:
        raise NotSignedIn("unknown_token", "令牌无效，请在“设置 → 接口令牌”里重新生成。")
    return door.tenant_id, lambda: _token_actor(door.target, address)


def _scope(ids: list[str] | None) -> frozenset[UUID] | None:
    return None if ids is None else frozenset(UUID(i) for i in ids)


def actor_of_member(member: Member, address: str = "", via: str = "session") -> Actor:
    """A member as an actor."""
    return Actor(
        key=f"member:{member.id}",
        name=member.name,
        permissions=frozenset(member.role.permissions),
        member_id=member.id,
        user_id=member.user_id,
        shops=_scope(member.shop_scope),
        suppliers=_scope(member.supplier_scope),
        address=address,
        via=via,
    )


def _member_actor(user: User, address: str) -> Actor | None:
    member = Member.objects.select_related("role").filter(user_id=user.pk, active=True).first()
    return actor_of_member(member, address) if member and user.is_active else None


def _token_actor(token_id: UUID, address: str) -> Actor | None:
    token = ApiToken.objects.select_related("member__role").filter(id=token_id, revoked_at=None).first()
    now = clock.now()
    if token is None or not token.member.active or (token.expires_at and token.expires_at < now):
        raise NotSignedIn("token_expired", "令牌已失效，请重新生成。")
    if token.last_used_at is None or now - token.last_used_at > timedelta(minutes=1):
        ApiToken.objects.filter(id=token.id).update(last_used_at=now)
    owner = actor_of_member(token.member, address, via="token")
    scopes = frozenset(token.scopes)
    allowed = scopes if owner.may("*") else frozenset(s for s in scopes if owner.may(s))
    return Actor(
        key=f"token:{token.id}",
        name=f"{owner.name}（令牌 {token.name}）",
        permissions=allowed,
        member_id=owner.member_id,
        user_id=owner.user_id,
        shops=owner.shops,
        suppliers=owner.suppliers,
        address=address,
        via="token",
    )
