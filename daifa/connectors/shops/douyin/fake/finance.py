"""Settlement bills: computed from the books, read by a pair of cursors."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from daifa.connectors.shops.douyin.fake.call import KEY, Call, Method, illegal
from daifa.kit.clock import BEIJING
from daifa.ports.books import BuyerOrder, CasePhase, Line

_MOST = 100
_FORM = "%Y-%m-%d %H:%M:%S"


def _moment(call: Call, name: str) -> datetime:
    try:
        return datetime.strptime(str(call.need(name)), _FORM).replace(tzinfo=BEIJING)
    except ValueError:
        raise illegal(1, f"{name} 格式应为 yyyy-MM-dd HH:mm:ss") from None


def bills(call: Call) -> dict[str, Any]:
    """Rows of a period; feed both ``next_*`` back for the next page. The code inside data is text."""
    start, end, size = _moment(call, "start_time"), _moment(call, "end_time"), call.whole("size", 20)
    if not 1 <= size <= _MOST or end < start:
        return {"code": "100001", "code_msg": "参数错误", "data": [], "is_end": 1, "data_size": 0}
    by_order = call.text("time_type", "0") == "1"
    wanted = {n for n in call.text("order_id").split(",") if n}
    rows = [
        (at, row) for at, row in _rows(call)
        if start <= (_paid(row) if by_order else at) <= end and (not wanted or row["order_id"] in wanted)
    ]  # fmt: skip
    rows.sort(key=lambda x: (x[0], x[1]["request_no"]))
    index, since = call.text("start_index"), call.text("start_time")
    if index:
        rows = [x for x in rows if (x[0].astimezone(BEIJING).strftime(_FORM), x[1]["request_no"]) > (since, index)]
    page = rows[:size]
    more = len(rows) > size
    return {
        "code": "100000", "code_msg": "ok", "data": [r for _, r in page], "data_size": len(page),
        "is_end": 0 if more else 1, "next_start_index": page[-1][1]["request_no"] if more else "",
        "next_start_time": page[-1][0].astimezone(BEIJING).strftime(_FORM) if more else "",
    }  # fmt: skip


def _paid(row: Mapping[str, Any]) -> datetime:
    return datetime.strptime(str(row["order_time"]), _FORM).replace(tzinfo=BEIJING)


def _rows(call: Call) -> list[tuple[datetime, dict[str, Any]]]:
    """Every row that is visible by now: a settlement for each finished line, a negative one for a later refund."""
    world, now, found = call.world, call.world.now(), []
    wait, late = timedelta(days=float(call.switch("settle_days"))), float(call.switch("settle_late"))
    for order in world.books.orders(KEY, call.shop.id):
        if order.finished_at is None:
            continue
        at = (order.finished_at + wait).replace(microsecond=0)
        for line in order.lines:
            delay = timedelta(days=1) if world.rng("settle", line.number).random() < late else timedelta(0)
            if at + delay <= now:
                found.append((at, _row(call, order, line, at, _refunded(call, order, line, before=at))))
            after = _refunded(call, order, line, after=at)
            if after and (when := _refund_time(call, order, line)) is not None and when <= now:
                found.append((when, _negative(call, order, line, when, after)))
    return found


def _cases(call: Call, order: BuyerOrder, line: Line) -> list[tuple[datetime, int]]:
    return [
        (c.settled_at, c.real_fen or 0)
        for c in call.world.books.cases_of(order.id)
        if c.phase is CasePhase.DONE and c.settled_at is not None and c.lines[0] == line.number
    ]


def _refunded(
    call: Call, order: BuyerOrder, line: Line, *, before: datetime | None = None, after: datetime | None = None
) -> int:
    return sum(fen for at, fen in _cases(call, order, line) if (before and at <= before) or (after and at > after))


def _refund_time(call: Call, order: BuyerOrder, line: Line) -> datetime | None:
    return max((at.replace(microsecond=0) for at, _ in _cases(call, order, line)), default=None)


def _row(call: Call, order: BuyerOrder, line: Line, at: datetime, refunded: int) -> dict[str, Any]:
    income = line.payable_fen + line.platform_fen + line.talent_fen - refunded
    fee = income * int(call.switch("service_fee_percent")) // 100
    commission = income * int(call.switch("talent_percent")) // 100 if order.talent else 0
    return {
        **_head(order, line, at, "S"), "trade_type": 0, "total_amount": line.amount_fen,
        "total_goods_amount": line.amount_fen, "post_amount": 0, "shop_coupon": line.merchant_fen,
        "platform_coupon": line.platform_fen, "author_coupon": line.talent_fen, "real_pay_amount": line.paid_fen,
        "refund_before_settle": refunded, "total_income": income, "platform_service_fee": -fee,
        "commission": -commission, "good_learn_channel_fee": 0, "colonel_service_fee": 0, "channel_promotion_fee": 0,
        "other_sharing_amount": 0, "total_outcome": -(fee + commission), "settle_amount": income - fee - commission,
    }  # fmt: skip


def _negative(call: Call, order: BuyerOrder, line: Line, at: datetime, refunded: int) -> dict[str, Any]:
    fee = refunded * int(call.switch("service_fee_percent")) // 100
    return {
        **_head(order, line, at, "R"), "trade_type": 1, "total_amount": 0, "total_goods_amount": 0, "post_amount": 0,
        "shop_coupon": 0, "platform_coupon": 0, "author_coupon": 0, "real_pay_amount": 0, "refund_before_settle": 0,
        "total_income": -refunded, "platform_service_fee": fee, "commission": 0, "good_learn_channel_fee": 0,
        "colonel_service_fee": 0, "channel_promotion_fee": 0, "other_sharing_amount": 0, "total_outcome": fee,
        "settle_amount": fee - refunded,
    }  # fmt: skip


def _head(order: BuyerOrder, line: Line, at: datetime, mark: str) -> dict[str, Any]:
    paid = order.paid_at or order.created_at
    return {
        "settle_time": at.astimezone(BEIJING).strftime(_FORM), "request_no": f"{mark}{line.number}",
        "shop_order_id": order.number, "order_id": line.number, "order_type": "普通订单", "flow_type_desc": "",
        "order_time": paid.astimezone(BEIJING).strftime(_FORM), "pay_type_desc": "微信", "product_id": line.item_no,
        "goods_count": line.quantity,
    }  # fmt: skip


METHODS: Mapping[str, Method] = {"order.getSettleBillDetailV3": bills}
