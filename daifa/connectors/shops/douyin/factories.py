"""厂商代发 (iop), the merchant's side: lines of the shop's orders handed to factories that own a Douyin account.

Known from public SDKs: the calls, windows of 30 minutes, pages from 0, at most 100 rows, distr_status 0–3, that rows
name ``shop_order_id``. Inferred, and read leniently: one assignable order is one line (``sku_order_id`` names it, else
the SKU), a row names its factory (``supplier_shop_id``, documented as a filter), the names of the answers' lists, and
that the cancel takes ``distr_order_id``. No call finds by our order number: the order is read for its times, the list
around them is searched. Answers still use the old envelope (``err_no``).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from functools import partial
from itertools import batched
from typing import Any

import orjson

from daifa.connectors.shops.douyin import errors
from daifa.connectors.shops.douyin.api_mapping import moment, need, parsed, rows, text, whole
from daifa.connectors.shops.douyin.client import SIZE, Client
from daifa.ports.errors import BadReply, OutcomeUnknown
from daifa.ports.factory_api import Answered, Assignment, AssignState, Bond, BoundFactory
from daifa.ports.shop_api import FeedTerms, Item, Page
from daifa.ports.supplier_api import PlacingTerms, SupplierParcel
from daifa.ports.transport import Credentials, Transport

AT_ONCE = 100
# How far from the order's own times its rows are looked for: seconds first, because a busy window has many pages.
NEAR = (timedelta(seconds=10), timedelta(minutes=14))
_BONDS: Mapping[int, Bond] = {1: Bond.ASKED, 2: Bond.BOUND, 3: Bond.REFUSED, 4: Bond.ENDED}
_STATES: Mapping[int, AssignState] = {
    0: AssignState.OPEN, 1: AssignState.ASSIGNED, 2: AssignState.SHIPPED, 3: AssignState.CANCELLED,
}  # fmt: skip
_SECONDS = (5, 15, 60, 120)


class DouyinFactories:
    """Implements FactoryApi."""

    def __init__(self, credentials: Credentials, transport: Transport, now: datetime) -> None:
        self._now = now
        self._client = Client(credentials, transport)

    def factories(self) -> tuple[BoundFactory, ...]:
        """The suppliers of the shop, asked state by state."""
        found = []
        for status, bond in _BONDS.items():
            found += [_factory(x, bond) for x in self._all(partial(self._client.iop_suppliers, status))]
        return tuple(found)

    def assignable(self, order_id: str) -> list[Assignment]:
        """The order's rows in the list around the order's last change, else around its payment."""
        order = order_id.removesuffix("A")
        detail = self._client.order_detail(order)
        times = [t for name in ("update_time", "pay_time") if (t := moment(detail.get(name))) is not None]
        for near in NEAR:
            for at in times:
                first, last = math.floor((at - near).timestamp()), math.ceil((at + near).timestamp())
                listed = self._all(partial(self._client.iop_orders, first, last))
                if found := [mapped for x in listed if (mapped := assignment(x)).order_id == order]:
                    return found
        return []

    @staticmethod
    def _all(page_of: Callable[[int], Sequence[Mapping[str, Any]]]) -> list[Mapping[str, Any]]:
        found: list[Mapping[str, Any]] = []
        page = 0
        while listed := page_of(page):
            found += listed
            if len(listed) < SIZE:
                break
            page += 1
        return found

    def assign(self, factory_id: str, numbers: Sequence[str]) -> list[Answered]:
        """A hundred a call; a line of which nothing is said may have been handed over."""
        answers: dict[str, Answered] = {}
        for some in batched(numbers, AT_ONCE):
            told = self._client.iop_distribute(factory_id, some)
            answers |= {a.number: a for x in rows(told.get("distribute_result_list")) if (a := _answered(x)).number}
        if silent := [n for n in numbers if n not in answers]:
            raise OutcomeUnknown(f"平台没有说代发单 {silent[0]} 有没有交成", code="distribute_result_list")
        return [answers[n] for n in numbers]

    def cancel_assignment(self, number: str) -> None:
        """Take a line back. Raises Refused when the factory returned a number already."""
        self._client.iop_cancel(number)

    def assignment(self, number: str) -> Assignment:
        """One assignable order. Raises NotThere."""
        return assignment(self._client.iop_order(number))

    def assignments(self, start: datetime, end: datetime, cursor: str = "") -> Page:
        """One page of a window of at most half an hour; after the first look from the last page to the first."""
        first, last = math.floor(start.timestamp()), math.ceil(end.timestamp())
        told = self._client.iop_list(first, last, int(cursor or 0))
        items = tuple(_item(x) for x in rows(told.get("distr_order_list")))
        if cursor:
            return Page(items, str(int(cursor) - 1) if int(cursor) else "")
        total = need(told, "total")
        pages = (total - 1) // SIZE
        return Page(items, str(pages) if pages > 0 else "", total)


class FactoryTerms:
    """Implements FactoryDialect."""

    terms = PlacingTerms(
        findable=True,
        visible_after=timedelta(seconds=60),
        ask_after=tuple(timedelta(seconds=s) for s in _SECONDS),
        repeatable=True,
        payment=False,
        source="分配状态可按代发单查询，同一行再分配一次会被拒绝（SDK）；可见延迟没有文档，按 60 秒",
    )
    feed = FeedTerms(
        window=timedelta(minutes=29), overlap=timedelta(minutes=5), lag=timedelta(seconds=5),
        every=timedelta(seconds=60), back=timedelta(hours=2),
        source="iop.sellerOrderList 的时间跨度最长 30 分钟（SDK）",
    )  # fmt: skip

    def assignment(self, item: Item) -> Assignment:
        """A stored row in our words. Raises BadReply."""
        return assignment(parsed(item.raw))


def assignment(row: Mapping[str, Any]) -> Assignment:
    """A row of the list, or a detail. Raises BadReply."""
    number, order, status = text(row.get("distr_order_id")), text(row.get("shop_order_id")), need(row, "distr_status")
    if not number or not order:
        raise BadReply("抖店的代发单没有单号", code="distr_order_id")
    if status not in _STATES:
        raise BadReply(f"抖店的代发状态 {status} 不认识", code="distr_status")
    line, sku, pieces = text(row.get("sku_order_id")), text(row.get("sku_id")), whole(row.get("product_count")) or 0
    factory = text(row.get("supplier_shop_id"))
    return Assignment(
        number=number,
        order_id=order.removesuffix("A"),
        state=_STATES[status],
        line_id=line,
        sku_id=sku,
        pieces=pieces,
        factory_id="" if factory == "0" else factory,
        parcels=_parcels(row, line, sku) if _STATES[status] is AssignState.SHIPPED else (),
        reason=text(row.get("distr_cancel_reason")),
        modified_at=moment(row.get("update_time")),
    )


def _parcels(row: Mapping[str, Any], line: str, sku: str) -> tuple[SupplierParcel, ...]:
    """The boxes of ``pack_list``, else the numbers of ``tracking_no`` (several by comma, inferred)."""
    found = [
        SupplierParcel(
            courier=text(x.get("company_name")),
            courier_code=text(x.get("company_code")),
            tracking_number=number,
            lines=((line, sku, count),) if (count := whole(x.get("ship_num")) or 0) else (),
        )
        for x in rows(row.get("pack_list"))
        if (number := text(x.get("track_no")))
    ]
    if found:
        return tuple(found)
    return tuple(SupplierParcel("", "", n) for part in text(row.get("tracking_no")).split(",") if (n := part.strip()))


def _item(row: Mapping[str, Any]) -> Item:
    return Item(text(row.get("distr_order_id")), orjson.dumps(row), moment(row.get("update_time")))


def _factory(row: Mapping[str, Any], bond: Bond) -> BoundFactory:
    said = whole(row.get("bind_status"))
    number = text(row.get("supplier_shop_id"))
    return BoundFactory(number, text(row.get("supplier_shop_name")) or number, _BONDS.get(said or 0, bond))


def _answered(row: Mapping[str, Any]) -> Answered:
    number, code = text(row.get("distr_order_id")), text(row.get("code"))
    if code in {"0", str(errors.SUCCESS)}:
        return Answered(number)
    said = text(row.get("msg")) or text(row.get("message"))
    return Answered(number, errors.problem(50002, f"isv.business-failed:{code}", said, write=True))
