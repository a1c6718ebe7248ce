"""After-sale cases: list, detail, the merchant's answer."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from daifa.connectors.shops.douyin.fake.call import KEY, Call, Method, business, illegal, seconds
from daifa.connectors.shops.douyin.fake.shape import CASE_TYPES, case_status, refund_status
from daifa.ports.books import Case, CaseKind, CasePhase, Line

_MOST_ROWS, _MOST_ITEMS, _DAYS = 50_000, 20, 183
_REFUND_KINDS = (CaseKind.UNSHIPPED_REFUND, CaseKind.SHIPPED_REFUND)
_WRONG_STATE = 20309541
_REASONS = ((1, "商品影响二次销售", "Y"), (2, "未收到退货", "N"), (3, "商品没问题", "Y"))


def _number(case: Case) -> str:
    return case.id.split("/", 1)[1]


def _lines(call: Call, case: Case) -> list[Line]:
    order = call.world.books.order(KEY, case.order.split("/", 1)[1])
    found = [order.line(n) for n in case.lines] if order else []
    return [x for x in found if x is not None]


def _info(case: Case) -> dict[str, Any]:
    return {
        "aftersale_id": _number(case), "aftersale_order_type": 1, "aftersale_type": CASE_TYPES[case.kind],
        "aftersale_status": case_status(case), "refund_status": refund_status(case),
        "refund_amount": case.asked_fen, "refund_post_amount": 0, "refund_promotion_amount": 0,
        "apply_time": seconds(case.created_at), "update_time": seconds(case.updated_at),
        "status_deadline": seconds(case.deadline), "return_logistics_code": case.return_number,
        "return_logistics_company_name": case.return_courier, "got_pkg": 1 if case.kind is CaseKind.RETURN else 0,
        "arbitrate_status": 0, "aftersale_num": case.pieces or 1, "reason_code": 1,
    }  # fmt: skip


def listing(call: Call) -> dict[str, Any]:
    """Cases by application or change. Without ``order_by`` the order is by application, newest first."""
    page, size = call.paging(_MOST_ROWS)
    statuses = {str(s) for s in call.params.get("standard_aftersale_status") or []}
    kind, order = call.params.get("aftersale_type"), call.text("order_id").removesuffix("A")
    oldest = call.world.now() - timedelta(days=_DAYS)
    found = [
        c for c in call.world.books.cases(KEY, call.shop.id)
        if _within(call, c, oldest) and (not statuses or str(case_status(c)) in statuses)
        and (kind in (None, "") or str(CASE_TYPES[c.kind]) == str(kind))
        and call.text("aftersale_id") in ("", _number(c))
        and (not order or c.order == f"{KEY}/{order}")
    ]  # fmt: skip
    wish = call.params.get("order_by") or []
    field, _, way = str(wish[0] if wish else "apply_time desc").partition(" ")
    found.sort(
        key=lambda c: (c.updated_at if field == "update_time" else c.created_at, c.id), reverse=way.strip() != "asc"
    )
    rows = found[page * size : page * size + size]
    return {
        "items": [_item(call, c) for c in rows], "has_more": (page + 1) * size < len(found), "total": len(found),
        "page": page, "size": size,
    }  # fmt: skip


def _within(call: Call, case: Case, oldest: datetime) -> bool:
    applied, changed = case.created_at.replace(microsecond=0), case.updated_at.replace(microsecond=0)
    start, end = call.moment("start_time"), call.moment("end_time")
    first, last = call.moment("update_start_time"), call.moment("update_end_time")
    if (start and applied < start) or (end and applied >= end) or (first and changed < first):
        return False
    return not (last and changed >= last) and case.created_at >= oldest


def _item(call: Call, case: Case) -> dict[str, Any]:
    return {
        "order_info": {
            "shop_order_id": case.order.split("/", 1)[1],
            "related_order_info": [
                {
                    "sku_order_id": x.number, "product_id": int(x.item_no), "product_name": x.title,
                    "shop_sku_code": x.merchant_code, "item_num": x.quantity, "aftersale_item_num": x.quantity,
                    "pay_amount": x.payable_fen, "price": x.price_fen,
                }
                for x in _lines(call, case)
            ],
        },
        "aftersale_info": _info(case),
        "text_part": {"reason_text": case.reason, "aftersale_status_text": "", "aftersale_type_text": ""},
        "seller_logs": [],
    }  # fmt: skip


def detail(call: Call) -> dict[str, Any]:
    """One case; what was really refunded stands only here, and only once it was."""
    case = call.world.books.case(KEY, str(call.need("after_sale_id")))
    if case is None or case.shop != call.shop.id:
        raise business(20309501, "售后单不存在")
    done = refund_status(case) == 3
    info = {
        **_info(case), "after_sale_id": int(_number(case)), "after_sale_status": case_status(case),
        "after_sale_type": CASE_TYPES[case.kind], "reason": case.reason,
        "real_refund_amount": case.real_fen if done else 0, "refund_time": seconds(case.settled_at) if done else 0,
    }  # fmt: skip
    orders = [
        {"sku_order_id": x.number, "order_status": 0, "product_id": int(x.item_no), "shop_sku_code": x.merchant_code}
        for x in _lines(call, case)
    ]
    return {
        "process_info": {"after_sale_info": info, "arbitrate_info": {"arbitrate_status": 0}},
        "order_info": {"shop_order_id": int(case.order.split("/", 1)[1]), "sku_order_infos": orders},
    }


# Type: (what it does, the phases and kinds it is good for).
_DEEDS: Mapping[int, tuple[str, tuple[CasePhase, ...], tuple[CaseKind, ...]]] = {
    201: ("agree", (CasePhase.APPLIED,), _REFUND_KINDS),
    202: ("refuse", (CasePhase.APPLIED,), _REFUND_KINDS),
    101: ("agree", (CasePhase.APPLIED,), (CaseKind.RETURN,)),
    102: ("refuse", (CasePhase.APPLIED,), (CaseKind.RETURN,)),
    111: ("refund", (CasePhase.RETURNING,), (CaseKind.RETURN,)),
    112: ("refuse", (CasePhase.RETURNING,), (CaseKind.RETURN,)),
    301: ("agree", (CasePhase.APPLIED,), (CaseKind.EXCHANGE,)),
    302: ("refuse", (CasePhase.APPLIED,), (CaseKind.EXCHANGE,)),
    311: ("agree", (CasePhase.RETURNING,), (CaseKind.EXCHANGE,)),
    312: ("refuse", (CasePhase.RETURNING,), (CaseKind.EXCHANGE,)),
}


def operate(call: Call) -> dict[str, Any]:
    """The merchant's answers: all of them or none."""
    items = call.need("items")
    if not isinstance(items, list) or len(items) > _MOST_ITEMS:
        raise illegal(1, f"items 不能超过 {_MOST_ITEMS} 条")
    kind = call.whole("type", 0)
    if kind not in _DEEDS:
        raise illegal(1, "type 不合法")
    wrong = {n: why for n, item in enumerate(items) if (why := _why_not(call, kind, item))}
    if wrong:
        rows = [
            {"aftersale_id": str(x.get("aftersale_id")), "status_code": _WRONG_STATE if n in wrong else 0,
             "status_msg": wrong.get(n, "")}
            for n, x in enumerate(items)
        ]  # fmt: skip
        raise business(_WRONG_STATE, next(iter(wrong.values())), {"items": rows})
    for item in items:
        _do(call, kind, item)
    return {"items": [{"aftersale_id": str(x["aftersale_id"]), "status_code": 0, "status_msg": ""} for x in items]}


def _why_not(call: Call, kind: int, item: Mapping[str, Any]) -> str:
    deed, phases, kinds = _DEEDS[kind]
    case = call.world.books.case(KEY, str(item.get("aftersale_id", "")))
    if case is None or case.shop != call.shop.id:
        return "售后单不存在"
    if case.phase not in phases or case.kind not in kinds or case.extra.get("agreed"):
        return "售后单状态不正确"
    known = item.get("update_time")
    if known not in (None, "", 0) and int(str(known)) != seconds(case.updated_at):
        return "售后单已变更，请刷新后重试"
    if kind in (101, 301) and not (item.get("logistics") or {}).get("receiver_address_id"):
        return "缺少退货地址"
    if deed == "refuse" and case.kind is not CaseKind.UNSHIPPED_REFUND and not item.get("reject_reason_code"):
        return "缺少拒绝原因"
    needs = {code for code, _, evidence in _REASONS if evidence == "Y"}
    if deed == "refuse" and int(item.get("reject_reason_code") or 0) in needs and not item.get("evidence"):
        return "缺少凭证"
    return ""


def _do(call: Call, kind: int, item: Mapping[str, Any]) -> None:
    case = call.world.books.case(KEY, str(item["aftersale_id"]))
    if case is None:
        return
    deed = _DEEDS[kind][0]
    if deed == "agree":
        call.world.cases.agree(case)
    elif deed == "refund":
        call.world.cases.refund(case)
    else:
        call.world.cases.refuse(case, str(item.get("reason") or item.get("remark") or "商家拒绝"))


def reject_reasons(call: Call) -> dict[str, Any]:
    """Why a merchant may refuse; empty for what was never shipped."""
    case = call.world.books.case(KEY, str(call.params.get("aftersale_id", "")))
    if case is not None and case.kind is CaseKind.UNSHIPPED_REFUND:
        return {"items": []}
    return {
        "items": [
            {"reject_reason_code": code, "reason": text, "evidence_description": "", "evidence_need": need,
             "order_type": 0, "pkg": 0}
            for code, text, need in _REASONS
        ]
    }  # fmt: skip


def extend(call: Call) -> dict[str, Any]:
    """Three more days to the present deadline."""
    case = call.world.books.case(KEY, str(call.need("aftersale_id")))
    if case is None or case.shop != call.shop.id or case.deadline is None:
        raise business(_WRONG_STATE, "售后单状态不正确")
    case.deadline += timedelta(days=3)
    call.world.books.touch(case)
    left = (case.deadline - call.world.now()).total_seconds()
    call.world.after(left, "cases", "deadline", case=case.id, at=case.deadline.isoformat())
    return {"aftersale_id": _number(case)}


METHODS: Mapping[str, Method] = {
    "afterSale.List": listing,
    "afterSale.Detail": detail,
    "afterSale.operate": operate,
    "afterSale.rejectReasonCodeList": reject_reasons,
    "afterSale.timeExtend": extend,
}
