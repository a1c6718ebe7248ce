"""The order desk: list, counts, words, one order, and finding orders by a person."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import orjson
from django.http import HttpRequest, HttpResponse
from ninja import Query, Router, Schema

from daifa.areas.accounts.services import settings
from daifa.areas.orders.rules.steps import STEP_LABELS, TABS
from daifa.areas.orders.types import HOLDS, REMEDIES
from daifa.base.web import REFUSALS, Given, May, actor_of
from daifa.connectors import registry
from daifa.ports.card import ConnectorKind
from daifa.reads import order_desk, order_detail, order_query, order_stopped, order_twins, person_search
from daifa.reads.order_desk import OrderRow
from daifa.reads.order_detail import OrderDetail
from daifa.reads.order_stopped import OrderStops

router = Router(tags=["orders"])


class OrderQuery(Schema):
    """The filters of the order desk as they stand in the address; lists are joined by commas, empty asks nothing."""

    tab: str = "all"
    sort: str = ""
    numbers: str = ""
    shop: str = ""
    platform: str = ""
    supplier: str = ""
    step: str = ""
    hold: str = ""
    stopped: str = ""
    province: str = ""
    refund: str = ""
    recipient: str = ""
    text: str = ""
    flag: str = ""
    tag: str = ""
    note: str = ""
    person: str = ""
    imported: str = ""
    outcome: str = ""
    paid_from: str = ""
    paid_to: str = ""
    paid_min_fen: str = ""
    paid_max_fen: str = ""
    losing: str = ""
    late: str = ""
    urgent: str = ""
    unfinished: str = ""
    due_today: str = ""
    due_hour: str = ""
    to_tell: str = ""
    counted: str = ""


class OrderPage(Schema):
    """A page of orders; ``total`` null where counting would be slower than the list itself.

    ``missing``: the numbers asked for that no order has, whatever else the filter says.
    """

    items: list[OrderRow]
    next_cursor: str | None
    total: int | None
    missing: list[str]


class OrderCounts(Schema):
    """How many orders each tab has, how many each kind of hold stops, and whose purchases stopped, under a filter."""

    counts: dict[str, int]
    holds: dict[str, int]
    stopped: list[OrderStops]


class OrderWord(Schema):
    """A value and how people call it."""

    key: str
    label: str


class OrderHoldWord(Schema):
    """A kind of hold: its name, its one-press remedy, and who may clear it."""

    kind: str
    label: str
    remedy: str
    remedy_label: str
    clearable: bool
    blocks: bool
    permission: str


class OrderMemoLimit(Schema):
    """What a platform takes as the seller's memo: so many characters, these flags."""

    platform: str
    label: str
    longest: int
    flags: list[str]


class OrderWords(Schema):
    """The words of the order desk."""

    tabs: list[OrderWord]
    steps: list[OrderWord]
    holds: list[OrderHoldWord]
    tags: list[str]
    memos: list[OrderMemoLimit]


def _fast(value: object) -> HttpResponse:
    # Rows are made by us from typed columns: checking them again would cost more than reading them.
    return HttpResponse(orjson.dumps(value), content_type="application/json")


@router.get("/orders", response={200: OrderPage, **REFUSALS}, auth=May("orders.view"))
def list_orders(request: HttpRequest, query: Query[OrderQuery], cursor: str = "", limit: int | None = None) -> Any:
    """The orders of a filter, a page at a time."""
    actor, asked = actor_of(request), order_query.asked(query.dict())
    rows, following = order_desk.page(
        asked.filter, actor, tab=asked.tab, sort=asked.sort, cursor=cursor, limit=limit
    )  # fmt: skip
    total = order_desk.total(asked.filter, actor, tab=asked.tab)
    missing = order_desk.missing(asked.filter.numbers, actor)
    return _fast({"items": rows, "next_cursor": following or None, "total": total, "missing": missing})


@router.get("/orders/counts", response={200: OrderCounts, **REFUSALS}, auth=May("orders.view"))
def count_orders(request: HttpRequest, query: Query[OrderQuery]) -> Any:
    """How many orders each tab has under a filter, and how many each kind of hold and stopped purchases stop."""
    actor, asked = actor_of(request), order_query.asked(query.dict())
    return _fast(
        {
            "counts": order_desk.counts(asked.filter, actor),
            "holds": order_desk.hold_counts(asked.filter, actor),
            "stopped": order_stopped.stops(asked.filter, actor),
        }
    )


@router.get("/orders/words", response={200: OrderWords, **REFUSALS}, auth=May("orders.view"))
def order_words(request: HttpRequest) -> Any:
    """The names of tabs, steps and kinds of holds, and the tags in use."""
    return {
        "tabs": [{"key": k, "label": v} for k, v in TABS],
        "steps": [{"key": k.value, "label": v} for k, v in STEP_LABELS.items()],
        "holds": [
            {
                "kind": k.value, "label": i.label, "remedy": i.remedy, "remedy_label": REMEDIES[i.remedy],
                "clearable": i.clearable, "blocks": i.blocks, "permission": i.permission,
            }
            for k, i in HOLDS.items()
        ],
        "tags": order_desk.tags(),
        "memos": [
            {"platform": c.key, "label": c.short, "longest": c.memo.longest, "flags": list(c.memo.flags)}
            for c in registry.cards(ConnectorKind.SHOP)
            if c.memo is not None
        ],
    }  # fmt: skip


class PersonText(Given):
    """A whole phone number, its last four digits, or a name."""

    text: str


class PersonToken(Schema):
    """What may stand in an address instead of a person."""

    token: str


@router.post("/orders/person", response={200: PersonToken, **REFUSALS}, auth=May("orders.view"))
def person_token(request: HttpRequest, body: PersonText) -> Any:
    """Turn a name or a phone number into the keyed hash that finds its orders."""
    return {"token": person_search.token(body.text)}


@router.get("/orders/{uuid:order_id}/twins", response={200: list[OrderRow], **REFUSALS}, auth=May("orders.view"))
def twins_of_order(request: HttpRequest, order_id: UUID) -> Any:
    """This order first, then those it may be a duplicate of."""
    return _fast(order_twins.compared(order_id, actor_of(request), hours=settings.number("duplicate_hours")))


@router.get("/orders/{uuid:order_id}", response={200: OrderDetail, **REFUSALS}, auth=May("orders.view"))
def get_order(request: HttpRequest, order_id: UUID) -> Any:
    """Everything of one order; personal data masked."""
    return _fast(order_detail.detail(order_id, actor_of(request)))
