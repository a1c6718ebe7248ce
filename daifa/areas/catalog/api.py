"""Changing our SKUs."""

from __future__ import annotations

from typing import Annotated, Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Router, Schema
from pydantic import Field

from daifa.areas.catalog.services import goods
from daifa.base.web import REFUSALS, Given, May, actor_of
from daifa.kit.errors import NotAllowed

router = Router(tags=["goods"])

Count = Annotated[int, Field(ge=0)]


class SkuChange(Given):
    """Changes to a SKU; only what is named changes. ``version`` guards against a stale form."""

    version: int
    title: str | None = None
    spec: str | None = None
    category: str | None = None
    barcode: str | None = None
    image_url: str | None = None
    weight_g: Count | None = None
    cost_fen: Count | None = None
    active: bool | None = None


class SkuSaved(Schema):
    """A SKU after a change."""

    id: UUID
    code: str
    title: str
    spec: str
    message: str


@router.patch("/goods/{uuid:sku_id}", response={200: SkuSaved, **REFUSALS}, auth=May("catalog.edit"))
def change_sku(request: HttpRequest, sku_id: UUID, body: SkuChange) -> Any:
    """Change a SKU; an empty weight or cost means "not known"."""
    actor = actor_of(request)
    nullable = {"weight_g", "cost_fen"}
    given = body.dict(exclude_unset=True)
    version = given.pop("version")
    if "cost_fen" in given and not actor.may("finance.view"):
        raise NotAllowed("not_allowed", "您没有“看成本与毛利”权限，不能改成本。")
    values = {k: v for k, v in given.items() if v is not None or k in nullable}
    saved = goods.change_sku(by=actor, sku_id=sku_id, version=version, **values)
    return {"id": saved.id, "code": saved.code, "title": saved.title, "spec": saved.spec, "message": "已保存"}
