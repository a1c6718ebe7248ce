"""③ 派单预览: what dispatching would do, doing it as one deed, and remembering a person's choice."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.http import HttpRequest
from ninja import Field, Router, Schema

from daifa.base.actor import Actor
from daifa.base.web import REFUSALS, Given, May, actor_of
from daifa.flows import dispatching
from daifa.reads import order_query
from daifa.reads.order_query import Target

router = Router(tags=["dispatch"])


class DispatchTarget(Given):
    """Which orders: named ones, or what a ``filter`` of the order desk finds ``except`` some; all that wait else."""

    ids: list[UUID] | None = None
    filter: dict[str, str] | None = None
    leave: list[UUID] = Field(default=[], alias="except")

    def orders(self, by: Actor) -> list[UUID] | None:
        """The orders, within the person's scope; None for all that wait. Raises Invalid."""
        if self.ids is not None or self.filter is None:
            return self.ids
        return order_query.orders_of(Target((), self.filter, tuple(self.leave)), by)


class DispatchAsked(Given):
    """Which orders, and a person's choices of supplier by order."""

    target: DispatchTarget = DispatchTarget()
    choices: dict[UUID, UUID] = {}


class DispatchOrdered(DispatchAsked):
    """A dispatch; ``stale_confirmed`` names shops whose old export the person has seen."""

    stale_confirmed: list[UUID] = []


class RouteWarningOut(Schema):
    """One warning; ``things`` are the codes of goods that are to be linked."""

    kind: str
    text: str
    things: list[str]


class RouteOptionOut(Schema):
    """One candidate supplier with its sentence."""

    supplier_id: UUID
    name: str
    verdict: str
    text: str


class OrderCardOut(Schema):
    """What one supplier gets of one order. Money in fen; ``margin_fen`` is its part of ``order_margin_fen``."""

    id: UUID
    number: str
    shop_id: UUID
    region: str
    goods: str
    due_by: datetime | None
    headline: str
    goods_fen: int
    freight_fen: int | None
    margin_fen: int | None
    order_margin_fen: int | None
    earlier_fen: int
    warnings: list[RouteWarningOut]
    candidates: list[RouteOptionOut]
    supplier_ids: list[UUID]


class DispatchGroup(Schema):
    """What one supplier would get; ``by_api``: purchases that are placed by API once they are made."""

    supplier_id: UUID
    name: str
    purchases: int
    by_api: int
    pieces: int
    goods_fen: int
    freight_fen: int | None
    margin_fen: int | None
    due_by: datetime | None
    warnings: dict[str, int]
    orders: list[OrderCardOut]


class SupplierRefused(Schema):
    """A supplier who cannot supply it, and why."""

    supplier: str
    reason: str


class UndispatchedGoods(Schema):
    """A SKU that nobody can supply to this order; ``refused``: who was looked at, empty where nobody offers it."""

    sku_id: UUID
    name: str
    refused: list[SupplierRefused]


class UndispatchedOut(Schema):
    """An order that cannot be dispatched now, and why; ``goods``: what of it nobody can supply (the preview alone)."""

    order_id: UUID
    number: str
    reason: str
    goods: list[UndispatchedGoods] = []


class StaleShopOut(Schema):
    """A shop whose last export is old."""

    id: UUID
    name: str
    platform: str
    as_of: datetime | None
    orders: int


class DispatchBoard(Schema):
    """The preview."""

    line: str
    orders: int
    goods_fen: int
    freight_fen: int
    margin_fen: int | None
    income_fen: int | None
    earlier_fen: int
    margin_missing: int
    groups: list[DispatchGroup]
    left: list[UndispatchedOut]
    elsewhere: dict[str, int]
    stale: list[StaleShopOut]
    stale_hours: int


class DispatchedOut(Schema):
    """What was made, and the way back."""

    message: str
    undo: str
    orders: int
    suppliers: int
    numbers: list[str]
    left: list[UndispatchedOut]


class DispatchRemember(Given):
    """From now on the goods of these orders go to this supplier."""

    order_ids: list[UUID]
    supplier_id: UUID


class DispatchSaid(Schema):
    """What was done, as a sentence."""

    message: str


def _money(out: DispatchBoard, by: Actor) -> DispatchBoard:
    """Margins only for those who may see them."""
    if by.may("finance.view"):
        return out
    out.margin_fen = out.income_fen = None
    out.line = out.line.partition("，预计毛利")[0]
    for group in out.groups:
        group.margin_fen = None
        for order in group.orders:
            order.margin_fen = order.order_margin_fen = None
    return out


@router.put("/dispatch/preview", response={200: DispatchBoard, **REFUSALS}, auth=May("purchasing.view"))
def preview(request: HttpRequest, body: DispatchAsked) -> DispatchBoard:
    """What dispatching would do; changes nothing (PUT, because choices do not fit into an address)."""
    by = actor_of(request)
    board = dispatching.board(by=by, order_ids=body.target.orders(by), choices=body.choices)
    return _money(DispatchBoard.model_validate(board, from_attributes=True), by)


@router.post("/dispatch", response={200: DispatchedOut, **REFUSALS}, auth=May("purchasing.edit"))
def dispatch(request: HttpRequest, body: DispatchOrdered) -> DispatchedOut:
    """Make the purchases; undoable until they are sent."""
    by = actor_of(request)
    made = dispatching.dispatch(
        by=by,
        order_ids=body.target.orders(by),
        choices=body.choices,
        stale_confirmed=body.stale_confirmed,
    )
    return DispatchedOut.model_validate(made, from_attributes=True)


@router.post("/dispatch/remember", response={200: DispatchSaid, **REFUSALS}, auth=May("purchasing.edit"))
def remember(request: HttpRequest, body: DispatchRemember) -> DispatchSaid:
    """记住这个选择."""
    said = dispatching.remember(by=actor_of(request), order_ids=body.order_ids, supplier_id=body.supplier_id)
    return DispatchSaid(message=said)
