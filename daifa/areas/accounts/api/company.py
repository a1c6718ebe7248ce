"""The company's shops and settings."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Router, Schema

from daifa.areas.accounts.services import settings, shops
from daifa.base.web import REFUSALS, Given, May, actor_of

router = Router(tags=["accounts"])


class ShopOut(Schema):
    """A shop."""

    id: UUID
    platform: str
    name: str
    external_id: str
    recipient_path: str
    dial: str
    active: bool


class ShopIn(Given):
    """A new shop."""

    platform: str
    name: str
    external_id: str = ""
    recipient_path: str = "file"


@router.get("/shops", response={200: list[ShopOut], **REFUSALS}, auth=May())
def list_shops(request: HttpRequest) -> Any:
    """Every shop I may see."""
    scope = actor_of(request).shops
    return [s for s in shops.list_shops() if scope is None or s.id in scope]


@router.post("/shops", response={200: ShopOut, **REFUSALS}, auth=May("shops.edit"))
def create_shop(request: HttpRequest, body: ShopIn) -> Any:
    """Add a shop."""
    return shops.create_shop(by=actor_of(request), **body.dict())


class SettingOut(Schema):
    """One setting with its meaning; ``low`` and ``high`` bound a number."""

    key: str
    group: str
    label: str
    unit: str
    value: Any
    default: Any
    low: int
    high: int


@router.get("/settings", response={200: list[SettingOut], **REFUSALS}, auth=May())
def get_settings(request: HttpRequest) -> Any:
    """Every setting of the company."""
    values = settings.get_all()
    return [
        {
            "key": k, "group": n.group, "label": n.label, "unit": n.unit, "value": values[k], "default": n.default,
            "low": n.low, "high": n.high,
        }
        for k, n in settings.KNOWN.items()
    ]  # fmt: skip
