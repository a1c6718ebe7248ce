"""Orders read and annotated: search, detail, memo, address."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from daifa.connectors.shops.douyin.fake.call import KEY, Call, Method, business, illegal
from daifa.connectors.shops.douyin.fake.receivers import opened
from daifa.connectors.shops.douyin.fake.shape import FLAGS, line_status, order_json, state_of
from daifa.ports.books import BuyerOrder, Case, CasePhase, OrderPhase, Receiver

_DAYS, _MOST_ROWS = 90, 50_000
_UNKNOWN = "订单不存在"


def search(call: Call) -> dict[str, Any]:
    """Orders of the last 90 days, by creation or change, newest first unless asked otherwise."""
    created, updated = call.moment("create_time_start"), call.moment("update_time_start")
    if created is None and updated is None:
        raise illegal(20011, "create_time_start 与 update_time_start 至少传一个")
    _narrow(call, "create_time", created)
    _narrow(call, "update_time", updated)
    wanted = _wanted(call)
    page, size = call.paging(_MOST_ROWS)
    now = call.world.now()
    oldest, shown = now - timedelta(days=_DAYS), now - timedelta(seconds=float(call.switch("list_lag")))
    found = [
        o for o in call.world.books.orders(KEY, call.shop.id)
        if o.created_at >= oldest and o.updated_at <= shown and _within(call, o) and wanted(o) and _other(call, o)
    ]  # fmt: skip
    by_update = call.text("order_by", "create_time") == "update_time"
    found.sort(
        key=lambda o: (o.updated_at if by_update else o.created_at, o.number), reverse=not call.flag("order_asc")
    )
    rows = found[page * size : page * size + size]
    return {
        "page": page, "size": size, "total": len(found),
        "shop_order_list": [order_json(call.world, o) for o in rows],
    }  # fmt: skip


def _narrow(call: Call, name: str, start: datetime | None) -> None:
    most, end = call.switch("search_window_most"), call.moment(f"{name}_end")
    if most and start and end and (end - start).total_seconds() > most:
        raise illegal(20010, "查询时间跨度过大")


def _within(call: Call, order: BuyerOrder) -> bool:
    for name, at in (("create_time", order.created_at), ("update_time", order.updated_at)):
        start, end = call.moment(f"{name}_start"), call.moment(f"{name}_end")
        second = at.replace(microsecond=0)
        if (start and second < start) or (end and second > end):
            return False
    return True


def _wanted(call: Call) -> Any:
    combined = call.params.get("combine_status") or []
    if len(combined) > 1:
        raise illegal(20012, "combine_status 只能有一个元素")
    codes = {c for row in combined for c in str(row.get("order_status", "")).split(",") if c}
    return lambda o: not codes or str(state_of(call.world, o)[0]) in codes


def _other(call: Call, order: BuyerOrder) -> bool:
    tracking, product = call.text("tracking_no"), call.text("product")
    if tracking and all(s.number != tracking for s in order.shipments):
        return False
    if product and all(product not in (x.item_no, x.title) for x in order.lines):
        return False
    abnormal = call.whole("abnormal_order", 0)
    if abnormal == 2 and order.waits != "risk":
        return False
    wish = call.text("after_sale_status_desc", "all")
    return wish in ("", "all") or _has_case(call, order, wish)


def _has_case(call: Call, order: BuyerOrder, wish: str) -> bool:
    cases = call.world.books.cases_of(order.id)
    tests: Mapping[str, Any] = {
        "in_aftersale": lambda c: c.phase not in (CasePhase.DONE, CasePhase.CLOSED, CasePhase.REFUSED),
        "refund": lambda c: c.phase is CasePhase.APPLIED,
        "refund_success": lambda c: c.phase is CasePhase.DONE and c.real_fen,
        "refund_fail": lambda c: c.phase is CasePhase.REFUSED,
        "exchange_success": lambda c: c.phase is CasePhase.DONE and not c.real_fen,
        "aftersale_close": lambda c: c.phase is CasePhase.CLOSED,
    }
    if wish not in tests:
        raise illegal(20009, "after_sale_status_desc 不合法")
    return any(_true(tests[wish], c) for c in cases)


def _true(test: Any, case: Case) -> bool:
    return bool(test(case))


def detail(call: Call) -> dict[str, Any]:
    """One order, however old."""
    number = str(call.need("shop_order_id")).removesuffix("A")
    order = call.world.books.order(KEY, number)
    if order is None:
        raise business(20014, _UNKNOWN)
    if order.shop != call.shop.id:
        raise business(20015, "不是本店订单")
    return {"shop_order_detail": order_json(call.world, order)}


def remark(call: Call) -> dict[str, Any]:
    """Memo and flag."""
    order = call.order(call.need("order_id"), business(20014, _UNKNOWN))
    text = call.text("remark")
    if len(text) > 60:
        raise illegal(1, "remark 不能超过 60 字")
    flag = None
    if call.flag("is_add_star"):
        star = call.text("star", "0")
        if star not in "012345" or len(star) != 1:
            raise illegal(1, "star 取值 0-5")
        flag = next(k for k, v in FLAGS.items() if v == int(star))
    call.world.orders.remark(order, text if "remark" in call.params else None, flag)
    return {}


def modify_address(call: Call) -> dict[str, Any]:
    """The merchant sends it elsewhere."""
    order = call.order(call.need("order_id"), business(20014, _UNKNOWN))
    if order.phase not in (OrderPhase.PENDING, OrderPhase.TO_SHIP):
        raise business(80102 if order.phase is OrderPhase.PART_SHIPPED else 80001, "当前状态不能修改地址")
    given, old = call.params.get("post_addr") or {}, order.receiver
    call.world.orders.move_to(
        order,
        Receiver(
            _plain(call, call.text("post_receiver")) or old.name, _plain(call, call.text("post_tel")) or old.phone,
            _name(given, "province", old.province), _name(given, "city", old.city), _name(given, "town", old.district),
            _name(given, "street", old.street),
            _plain(call, str(given.get("address_detail") or given.get("detail") or "")) or old.detail,
        ),
    )  # fmt: skip
    return {}


def _name(given: Mapping[str, Any], level: str, old: str) -> str:
    part = given.get(level)
    return str(part["name"]) if isinstance(part, dict) and part.get("name") else old


def _plain(call: Call, text: str) -> str:
    found = opened(call.world, text) if text.startswith("#") else None
    return found[2] if found else text


def confirm_address(call: Call) -> dict[str, Any]:
    """The merchant answers a buyer's wish: 0 yes, 1001–1005 no."""
    if str(call.need("order_id")).endswith("A"):
        raise illegal(1, "订单号不能带 A")
    order = call.order(call.need("order_id"), business(20014, _UNKNOWN))
    if order.wished is None:
        raise business(80003, "没有待处理的改地址申请")
    answer = call.whole("is_approved", -1)
    if answer != 0 and not 1001 <= answer <= 1005:
        raise illegal(1, "is_approved 不合法")
    call.world.orders.answer_address(order, agreed=answer == 0)
    return {}


def merge(call: Call) -> dict[str, Any]:
    """Whether orders may go into one parcel."""
    rows = call.need("merge_list")
    if not 2 <= len(rows) <= 100:
        raise illegal(1, "merge_list 2 到 100 条")
    groups: dict[str, list[str]] = {}
    for row in rows:
        order = call.order(row.get("order_id"), business(20014, _UNKNOWN))
        recent = order.created_at >= call.world.now() - timedelta(days=15)
        open_lines = any(line_status(order, x) in (2, 101) for x in order.lines)
        key = str(row.get("open_address_id")) if recent and open_lines else f"alone:{order.number}"
        groups.setdefault(key, []).append(order.number)
    return {"order_list": [{"order_ids": g} for g in groups.values()]}


METHODS: Mapping[str, Method] = {
    "order.searchList": search,
    "order.orderDetail": detail,
    "order.addOrderRemark": remark,
    "order.addressModify": modify_address,
    "order.addressConfirm": confirm_address,
    "order.merge": merge,
}
