"""Routes of the home screen and the day line."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Router, Schema

from daifa.areas.orders.types import HOLDS, HoldKind
from daifa.base.web import REFUSALS, May, actor_of
from daifa.reads import today as read
from daifa.reads.supplier_day import SupplierDay

router = Router(tags=["today"])


class StationOut(Schema):
    """One station of the day line."""

    key: str
    count: int
    done: bool
    notes: list[str]


class DeadlineOut(Schema):
    """The nearest deadline."""

    by: datetime
    orders: int
    at_risk_fen: int


class WaitOut(Schema):
    """Orders that stand until something happens elsewhere, and what."""

    what: str
    orders: int


class StationsOut(Schema):
    """The day line; whether orders of today are here, and the parts of its counts that a guide tells apart."""

    stations: list[StationOut]
    deadline: DeadlineOut | None
    late: int
    fed: bool
    importing: int
    returns: int
    doubtful: int
    unmatched: int
    unsent: int
    unconfirmed: int
    no_parcel: int
    to_download: int
    shipped_there: int
    waiting: list[WaitOut]
    held: list[WaitOut]


@router.get("/today/stations", response={200: StationsOut, **REFUSALS}, auth=May())
def stations(request: HttpRequest) -> Any:
    """The five stations with live counts, and the nearest deadline."""
    return read.stations(actor_of(request))


class TodayDay(Schema):
    """One business day's money; margin is null without the permission to see it."""

    day: date
    orders: int
    sales_fen: int
    refunds_fen: int
    margin_fen: int | None
    kept_fen: int
    margin_missing: int


class TodayHold(Schema):
    """How many orders one kind of hold stops."""

    kind: str
    label: str
    orders: int


class TodayShop(Schema):
    """One shop today."""

    id: UUID
    platform: str
    name: str
    orders: int
    sales_fen: int
    margin_fen: int | None
    waiting: int
    unconfirmed: int
    exported_as_of: datetime | None


class TodaySupplier(Schema):
    """One supplier; ``orders`` of today that he supplies (``shared`` with others) and his part of their margin."""

    id: UUID
    name: str
    draft: int
    sent: int
    accepted: int
    shipped_today: int
    late: int
    orders: int
    shared: int
    margin_fen: int | None


class TodayPart(Schema):
    """Orders of today and their margin; null without the permission to see it."""

    orders: int
    margin_fen: int | None


class TodaySuppliers(Schema):
    """The suppliers, and beside them what nobody supplies and what suppliers out of scope have; they add up."""

    lines: list[TodaySupplier]
    unsupplied: TodayPart
    elsewhere: TodayPart
    total: TodayPart


class TodayDeed(Schema):
    """Who did what when."""

    at: datetime
    by: str
    text: str
    undo: str


class TodayOut(Schema):
    """The home screen."""

    risk_fen: int
    risk_orders: int
    late_orders: int
    days: list[TodayDay]
    holds: list[TodayHold]
    shops: list[TodayShop]
    suppliers: TodaySuppliers
    deeds: list[TodayDeed]


@router.get("/today", response={200: TodayOut, **REFUSALS}, auth=May("today.view"))
def today(request: HttpRequest) -> TodayOut:
    """What was earned, what is at risk, by kind of hold, shop and supplier."""
    actor = actor_of(request)
    seen = read.today(actor)
    money = actor.may("finance.view")
    return TodayOut(
        risk_fen=seen.risk_fen,
        risk_orders=seen.risk_orders,
        late_orders=seen.late_orders,
        days=[_day(d, money) for d in seen.days],
        holds=[TodayHold(kind=k, label=HOLDS[HoldKind(k)].label, orders=n) for k, n in seen.holds.items()],
        shops=[_shop(s, money) for s in seen.shops],
        suppliers=_suppliers(seen.suppliers, money),
        deeds=[TodayDeed.from_orm(d) for d in seen.deeds],
    )


def _day(day: read.DayMoney, money: bool) -> TodayDay:
    return TodayDay(
        day=day.day,
        orders=day.orders,
        sales_fen=day.sales_fen,
        refunds_fen=day.refunds_fen,
        margin_fen=day.margin_fen if money else None,
        kept_fen=day.kept_fen,
        margin_missing=day.margin_missing,
    )


def _shop(shop: read.ShopLine, money: bool) -> TodayShop:
    made = TodayShop.from_orm(shop)
    if not money:
        made.margin_fen = None
    return made


def _suppliers(day: SupplierDay, money: bool) -> TodaySuppliers:
    made = TodaySuppliers.from_orm(day)
    if not money:
        for line in made.lines:
            line.margin_fen = None
        for part in (made.unsupplied, made.elsewhere, made.total):
            part.margin_fen = None
    return made
