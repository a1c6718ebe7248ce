"""Days in which a platform does not count lateness: seen, tried, added, replaced, removed."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Router, Schema
from pydantic import AwareDatetime

from daifa.areas.compliance.services import exemptions
from daifa.areas.compliance.types import Exemption
from daifa.base.web import REFUSALS, Given, May, actor_of
from daifa.flows import exempting
from daifa.kit import geo

router = Router(tags=["rules"])


class ExemptionRow(Schema):
    """One stored exemption; empty platform or province: all."""

    id: UUID
    platform: str
    province: str
    starts_at: datetime
    ends_at: datetime
    source: str
    by_name: str
    created_at: datetime


class ExemptionList(Schema):
    """All of the company's, the latest first, and the provinces there are."""

    items: list[ExemptionRow]
    provinces: list[str]


class ExemptionIn(Given):
    """Where lateness is not counted, from when to when, and who says so."""

    platform: str = ""
    province: str = ""
    starts_at: AwareDatetime
    ends_at: AwareDatetime
    source: str

    def value(self) -> Exemption:
        """As the rules take it."""
        return Exemption(self.starts_at, self.ends_at, self.source, self.platform, self.province)


class ExemptionWhy(Given):
    """Why it is removed."""

    reason: str


class ExemptionReach(Schema):
    """How many open orders get another deadline by it."""

    orders: int


class ExemptionSaid(Schema):
    """What was done."""

    message: str
    orders: int


def _said(deed: str, orders: int) -> dict[str, Any]:
    told = f"{orders} 单未完成订单的发货截止会变，正在重新计时" if orders else "没有未完成的订单因此改变截止"
    return {"message": f"{deed}，{told}", "orders": orders}


@router.get("/exemptions", response={200: ExemptionList, **REFUSALS}, auth=May("orders.view"))
def list_exemptions(request: HttpRequest) -> Any:
    """The company's exemptions."""
    return {"items": exemptions.list_exemptions(), "provinces": list(geo.provinces())}


@router.get("/exemptions/reach", response={200: ExemptionReach, **REFUSALS}, auth=May("rules.edit"))
def exemption_reach(
    request: HttpRequest,
    starts_at: AwareDatetime,
    ends_at: AwareDatetime,
    platform: str = "",
    province: str = "",
    instead_of: UUID | None = None,
) -> Any:
    """How many open orders an exemption that is being written would give another deadline."""
    wanted = Exemption(starts_at, ends_at, "预览", platform, province)
    return {"orders": exempting.reach(by=actor_of(request), wanted=wanted, instead_of=instead_of)}


@router.post("/exemptions", response={200: ExemptionSaid, **REFUSALS}, auth=May("rules.edit"))
def add_exemption(request: HttpRequest, body: ExemptionIn) -> Any:
    """Put an exemption in force; open orders get their deadline anew by a job."""
    return _said("已新增不计超时的时段", exempting.add(by=actor_of(request), wanted=body.value()))


@router.put("/exemptions/{exemption_id}", response={200: ExemptionSaid, **REFUSALS}, auth=May("rules.edit"))
def replace_exemption(request: HttpRequest, exemption_id: UUID, body: ExemptionIn) -> Any:
    """Put another one in its place; its old id is gone."""
    orders = exempting.replace(by=actor_of(request), exemption_id=exemption_id, wanted=body.value())
    return _said("已修改不计超时的时段", orders)


@router.post("/exemptions/{exemption_id}/remove", response={200: ExemptionSaid, **REFUSALS}, auth=May("rules.edit"))
def remove_exemption(request: HttpRequest, exemption_id: UUID, body: ExemptionWhy) -> Any:
    """Take an exemption away; open orders get their deadline anew by a job."""
    orders = exempting.remove(by=actor_of(request), exemption_id=exemption_id, reason=body.reason)
    return _said("已删除不计超时的时段", orders)
