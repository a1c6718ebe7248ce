"""Keys for programs: made by a member, never more than the member may do, shown once, expiring, revocable."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from daifa.areas.accounts.models import ApiToken, Door
from daifa.areas.accounts.rules import not_held
from daifa.areas.accounts.services.actors import TOKEN_DOOR, hash_key
from daifa.base import audit
from daifa.base.actor import Actor
from daifa.base.permissions import PERMISSIONS
from daifa.base.tenancy import current_tenant
from daifa.kit import clock
from daifa.kit.errors import Invalid, NotAllowed, NotFound
from daifa.kit.values import dataclass

LONGEST_DAYS = 366


@dataclass(frozen=True, slots=True)
class TokenView:
    """A token without its secret."""

    id: UUID
    name: str
    prefix: str
    scopes: list[str]
    owner: str
    mine: bool
    created_at: datetime
    expires_at: datetime | None
    last_used_at: datetime | None
    revoked_at: datetime | None


def _view(row: ApiToken, by: Actor) -> TokenView:
    return TokenView(
        row.id, row.name, row.prefix, row.scopes, row.member.name, row.member_id == by.member_id, row.created_at,
        row.expires_at, row.last_used_at, row.revoked_at,
    )  # fmt: skip


def list_tokens(*, by: Actor) -> list[TokenView]:
    """One's own tokens; everybody's for those who manage members."""
    rows = ApiToken.objects.select_related("member").order_by("-created_at")
    if not by.may("members.edit"):
        rows = rows.filter(member_id=by.member_id)
    return [_view(r, by) for r in rows]


def create_token(*, by: Actor, name: str, scopes: Sequence[str], days: int) -> tuple[TokenView, str]:
    """A new token and its text, which nobody can read again. Raises Invalid, NotAllowed."""
    if not name.strip():
        raise Invalid("name_missing", "请给令牌起个名字，例如“仓库打印机”。", fields={"name": "请填写"})
    if not scopes:
        raise Invalid("scopes_missing", "请至少选一项权限。", fields={"scopes": "请至少选一项"})
    unknown = [s for s in scopes if s not in PERMISSIONS]
    if unknown:
        raise Invalid("unknown_permission", f"没有这些权限：{'、'.join(unknown)}。")
    if more := not_held(by.permissions, scopes):
        raise NotAllowed("more_rights", f"令牌的权限不能比您自己多：{'、'.join(PERMISSIONS[s] for s in more)}。")
    if not 1 <= days <= LONGEST_DAYS:
        raise Invalid("bad_days", f"有效期要在 1 到 {LONGEST_DAYS} 天之间。", fields={"days": "超出范围"})
    if by.member_id is None:
        raise NotAllowed("member_needed", "只有公司成员可以新建令牌。")
    prefix = secrets.token_hex(4)
    text = f"daifa_{prefix}_{secrets.token_urlsafe(32)}"
    row = ApiToken.objects.create(
        member_id=by.member_id,
        name=name.strip(),
        prefix=prefix,
        scopes=sorted(set(scopes)),
        expires_at=clock.now() + timedelta(days=days),
    )
    Door.objects.create(kind=TOKEN_DOOR, key_hash=hash_key(text), tenant_id=current_tenant(), target=row.id)
    audit.record(
        by, "token.create", f"新建接口令牌“{row.name}”（{days} 天）", kind="token", object_id=row.id,
        data={"scopes": [[], row.scopes]},
    )  # fmt: skip
    return _view(row, by), text


def revoke_token(*, by: Actor, token_id: UUID) -> TokenView:
    """Void a token at once: one's own, or anybody's for those who manage members. Raises NotFound."""
    row = ApiToken.objects.select_related("member").select_for_update(of=("self",)).filter(id=token_id).first()
    if row is None or (row.member_id != by.member_id and not by.may("members.edit")):
        raise NotFound("no_such_token", "没有这个令牌。")
    if row.revoked_at is None:
        row.revoked_at = clock.now()
        row.save(update_fields=["revoked_at"])
        Door.objects.filter(kind=TOKEN_DOOR, tenant_id=current_tenant(), target=row.id).delete()
        audit.record(by, "token.revoke", f"停用接口令牌“{row.name}”", kind="token", object_id=row.id)
    return _view(row, by)
