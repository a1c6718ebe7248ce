"""Changing a shop, and what follows from it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Router

from daifa.areas.accounts.api.company import ShopOut
from daifa.base.web import REFUSALS, Given, May, actor_of
from daifa.flows import company_settings

router = Router(tags=["accounts"])


class ShopChange(Given):
    """Changes to a shop; ``version`` guards against a stale form."""

    version: int
    values: dict[str, Any]


@router.patch("/shops/{shop_id}", response={200: ShopOut, **REFUSALS}, auth=May("shops.edit"))
def change_shop(request: HttpRequest, shop_id: UUID, body: ShopChange) -> Any:
    """Change a shop; its orders are judged anew when their recipients come another way."""
    actor = actor_of(request)
    actor.need_shop(shop_id)
    return company_settings.change_shop(by=actor, shop_id=shop_id, version=body.version, values=body.values)
