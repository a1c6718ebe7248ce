"""Rates for what files do not say: the company's own over the built-in ones, added, changed, taken away."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Annotated, Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Router, Schema
from pydantic import Field

from daifa.areas.accounts.services import shops
from daifa.areas.finance import services as finance
from daifa.areas.finance.services import RateOut
from daifa.areas.finance.types import RATE_LABELS, Rate, RateKind
from daifa.base.actor import Actor
from daifa.base.web import REFUSALS, Given, May, actor_of
from daifa.connectors import registry
from daifa.flows import sweep, terms
from daifa.kit.errors import Invalid, NotFound

router = Router(tags=["rates"])

Percent = Annotated[Decimal, Field(max_digits=7, decimal_places=4)]
Fixed = Annotated[int, Field(ge=0, le=100_000_000)]


class RateRow(Schema):
    """One rate; ``percent`` as decimal text (0.6 is 0.6 %), empty platform, shop or category: any.

    A built-in rate has no id, is not ``own``, and makes a margin estimated.
    """

    id: UUID | None
    kind: str
    label: str
    platform: str
    shop_id: UUID | None
    shop: str
    category: str
    percent: str | None
    fixed_fen: int | None
    valid_from: date
    valid_to: date | None
    source: str
    own: bool
    version: int


class RateKindOut(Schema):
    """What a rate may be for."""

    value: str
    label: str


class RateList(Schema):
    """All rates, the company's own first, and the kinds there are."""

    items: list[RateRow]
    kinds: list[RateKindOut]


class RateValue(Given):
    """What a rate says and until when."""

    percent: Percent | None = None
    fixed_fen: Fixed | None = None
    valid_to: date | None = None
    source: str = ""


class RateNew(RateValue):
    """A new rate and what it is for."""

    kind: RateKind
    platform: str = ""
    shop_id: UUID | None = None
    category: str = ""
    valid_from: date


class RateChange(RateValue):
    """A changed rate; ``version`` guards against a stale form."""

    version: int


class RateSaid(Schema):
    """What was done."""

    message: str


def _row(rate: RateOut, names: dict[UUID, str]) -> dict[str, Any]:
    return {
        "id": rate.id,
        "kind": rate.kind,
        "label": rate.label,
        "platform": rate.platform,
        "shop_id": rate.shop_id,
        "shop": names.get(rate.shop_id, "") if rate.shop_id else "",
        "category": rate.category,
        "percent": None if rate.percent is None else format(rate.percent.normalize(), "f"),
        "fixed_fen": rate.fixed_fen,
        "valid_from": rate.valid_from,
        "valid_to": rate.valid_to,
        "source": rate.source,
        "own": rate.own,
        "version": rate.version,
    }


def _seen(actor: Actor) -> list[RateOut]:
    """The rates of the shops that this person may see, and those for any shop."""
    return [
        r for r in finance.list_rates(terms.rates()) if not r.shop_id or actor.shops is None or r.shop_id in actor.shops
    ]


def _need(actor: Actor, rate_id: UUID) -> None:
    if all(r.id != rate_id for r in _seen(actor)):
        raise NotFound("no_such_rate", "没有这条费率，可能已被删除，请刷新列表。")


def _check_place(actor: Actor, body: RateNew) -> None:
    """The shop is the company's, in this person's scope and on the platform that the rate names."""
    if body.platform and body.platform not in {c.key for c in registry.cards()}:
        raise Invalid("bad_rate", "没有这个平台，请重新选。", fields={"platform": "没有这个平台"})
    if body.shop_id is None:
        return
    shop = next((s for s in shops.list_shops() if s.id == body.shop_id), None)
    if shop is None:
        raise NotFound("no_such_shop", "没有这个店铺，请刷新后重新选。")
    actor.need_shop(shop.id)
    if body.platform and shop.platform != body.platform:
        raise Invalid("bad_rate", f"店铺“{shop.name}”不在这个平台上。", fields={"shop_id": "店铺不在所选的平台上"})


@router.get("/rates", response={200: RateList, **REFUSALS}, auth=May("finance.view"))
def list_rates(request: HttpRequest) -> Any:
    """The company's own rates, then the built-in ones."""
    names = {s.id: s.name for s in shops.list_shops()}
    return {
        "items": [_row(r, names) for r in _seen(actor_of(request))],
        "kinds": [{"value": k, "label": label} for k, label in RATE_LABELS.items()],
    }


@router.post("/rates", response={200: RateSaid, **REFUSALS}, auth=May("finance.edit"))
def add_rate(request: HttpRequest, body: RateNew) -> Any:
    """A new dated rate; margins of open orders follow by a job."""
    actor = actor_of(request)
    _check_place(actor, body)
    row = finance.add_rate(by=actor, rate=Rate(**{**body.dict(), "category": body.category.strip()}))
    sweep.open_orders()
    return {"message": f"已新增{row.label}，未完成订单的毛利正在重算"}


@router.put("/rates/{uuid:rate_id}", response={200: RateSaid, **REFUSALS}, auth=May("finance.edit"))
def change_rate(request: HttpRequest, rate_id: UUID, body: RateChange) -> Any:
    """Change a rate's value, end or source."""
    actor = actor_of(request)
    _need(actor, rate_id)
    row = finance.change_rate(by=actor, rate_id=rate_id, **body.dict())
    sweep.open_orders()
    return {"message": f"{row.label}已保存，未完成订单的毛利正在重算"}


@router.delete("/rates/{uuid:rate_id}", response={200: RateSaid, **REFUSALS}, auth=May("finance.edit"))
def remove_rate(request: HttpRequest, rate_id: UUID, version: int) -> Any:
    """Take a rate away; the next that fits holds again."""
    actor = actor_of(request)
    _need(actor, rate_id)
    finance.remove_rate(by=actor, rate_id=rate_id, version=version)
    sweep.open_orders()
    return {"message": "费率已删除，未完成订单的毛利正在重算"}
