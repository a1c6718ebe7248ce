"""The shops screen."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Router, Schema

from daifa.base.web import REFUSALS, May, actor_of
from daifa.reads import shops

router = Router(tags=["shops"])


class ShopAliasOut(Schema):
    """How files call a shop."""

    id: UUID
    alias: str


class ShopListRow(Schema):
    """One shop with its freshness and what waits in it."""

    id: UUID
    platform: str
    name: str
    external_id: str
    recipient_path: str
    dial: str
    active: bool
    version: int
    exported_as_of: datetime | None
    last_import_id: UUID | None
    last_import_at: datetime | None
    open_orders: int
    aliases: list[ShopAliasOut]


class ShopListPage(Schema):
    """All shops; there are never so many that they need pages."""

    items: list[ShopListRow]
    next_cursor: str | None
    total: int | None


@router.get("/shop-list", response={200: ShopListPage, **REFUSALS}, auth=May("orders.view"))
def list_shops(request: HttpRequest, text: str = "", platform: str = "") -> Any:
    """Every shop inside my data scope."""
    found = [
        r
        for r in shops.rows(actor_of(request).shops)
        if (not platform or r.platform == platform) and text.strip().lower() in f"{r.name} {r.external_id}".lower()
    ]
    return {"items": [asdict(r) for r in found], "next_cursor": None, "total": len(found)}
