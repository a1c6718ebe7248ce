"""Authorisations that people begin at other companies: a one-time state goes out, and leads the answer back."""

from __future__ import annotations

import secrets
from datetime import timedelta
from uuid import UUID

from daifa.areas.accounts.models import Authorization
from daifa.areas.accounts.services import doors
from daifa.areas.accounts.services.actors import hash_key
from daifa.areas.accounts.services.connections import Home
from daifa.base.actor import Actor
from daifa.kit import clock
from daifa.kit.errors import NotFound
from daifa.kit.values import dataclass

DOOR = "authorization"
LASTS = timedelta(minutes=30)


@dataclass(frozen=True, slots=True)
class Begun:
    """An authorisation under way."""

    id: UUID
    application_id: UUID
    home: Home
    by: str


def begin(*, by: Actor, application_id: UUID, home: Home) -> str:
    """Remember that this person authorises; returns the state that the company will send back."""
    state = secrets.token_urlsafe(24)
    row = Authorization.objects.create(
        application_id=application_id, shop_id=home.shop_id, state_hash=hash_key(state),
        by=by.key, expires_at=clock.wall() + LASTS,
    )  # fmt: skip
    doors.open_door(DOOR, state, row.id)
    return state


def where(state: str) -> tuple[int, UUID] | None:
    """The tenant and authorisation of a state; None for one that nobody began."""
    return doors.where(DOOR, state)


def take(authorization_id: UUID) -> Begun:
    """Use an authorisation, once. Raises NotFound when it was used or is too old."""
    row = Authorization.objects.select_for_update().filter(id=authorization_id).first()
    if row is None or row.used_at is not None or row.expires_at < clock.wall():
        raise NotFound("authorization_over", "这次授权已用过或已过期，请回到“授权”页重新点“授权”。")
    row.used_at = clock.wall()
    row.save(update_fields=["used_at"])
    doors.close_door(DOOR, row.id)
    return Begun(row.id, row.application_id, Home(row.shop_id), row.by)
