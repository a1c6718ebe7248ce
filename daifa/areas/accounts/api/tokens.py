"""API tokens: made in a session, shown once."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Router, Schema

from daifa.areas.accounts.services import tokens
from daifa.base.web import REFUSALS, Given, Myself, actor_of

router = Router(tags=["accounts"])


class TokenOut(Schema):
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


class TokenIn(Given):
    """A new token: never more than the person may do."""

    name: str
    scopes: list[str]
    days: int = 90


class NewToken(Schema):
    """The token's text, shown this once."""

    token: str
    view: TokenOut


@router.get("/tokens", response={200: list[TokenOut], **REFUSALS}, auth=Myself())
def list_tokens(request: HttpRequest) -> Any:
    """My tokens; everybody's for those who manage members."""
    return tokens.list_tokens(by=actor_of(request))


@router.post("/tokens", response={200: NewToken, **REFUSALS}, auth=Myself())
def create_token(request: HttpRequest, body: TokenIn) -> Any:
    """Make a token."""
    view, text = tokens.create_token(by=actor_of(request), name=body.name, scopes=body.scopes, days=body.days)
    return {"token": text, "view": view}


@router.post("/tokens/{token_id}/revoke", response={200: TokenOut, **REFUSALS}, auth=Myself())
def revoke_token(request: HttpRequest, token_id: UUID) -> Any:
    """Void a token at once."""
    return tokens.revoke_token(by=actor_of(request), token_id=token_id)
