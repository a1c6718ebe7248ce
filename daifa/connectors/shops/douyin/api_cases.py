"""Douyin's after-sale cases in our words, from a row of afterSale.List, from afterSale.Detail, or from both. Pure.

A stored case is the list's row, with ``detail`` beside it where the detail was read. Money in fen, times to UTC.
"""

from __future__ import annotations

from daifa.connectors.shops.douyin import api_words as words
from daifa.connectors.shops.douyin.api_mapping import PLATFORM, Json, moment, need, parsed, part, rows, text, whole
from daifa.ports.errors import BadReply
from daifa.ports.shop import RefundState, ShopRefund


def case_id(row: Json) -> str:
    """A case's number, from a row of the list or from a detail."""
    info = part(row, "aftersale_info") or part(part(row, "process_info"), "after_sale_info")
    found = text(info.get("aftersale_id")) or text(info.get("after_sale_id"))
    if not found:
        raise BadReply("抖店的售后单没有单号", code="aftersale_id")
    return found


def case_info(row: Json) -> Json:
    """Status and money of a case under the list's names; a detail beside a list row goes first."""
    listed = part(row, "aftersale_info")
    detail = part(row, "detail") or row
    told = part(part(detail, "process_info"), "after_sale_info")
    renamed = {
        new: told[old]
        for old, new in (
            ("after_sale_id", "aftersale_id"),
            ("after_sale_status", "aftersale_status"),
            ("after_sale_type", "aftersale_type"),
        )
        if old in told
    }
    return {**listed, **told, **renamed}


def refund(raw: bytes) -> ShopRefund:
    """A case, from a row of the list, a detail, or both. Raises BadReply.

    Money that went back stands only in the detail (real_refund_amount); before that, what the buyer asks for. Whether
    refund_amount holds the freight is not documented.
    """
    row = parsed(raw)
    info, detail = case_info(row), part(row, "detail") or row
    about = part(row, "order_info") or part(detail, "order_info")
    kind, status = need(info, "aftersale_type"), need(info, "aftersale_status")
    back = whole(info.get("refund_status"), "refund_status") or 0
    state = words.case_state(kind, status, back)
    lines = rows(about.get("related_order_info")) or rows(about.get("sku_order_infos"))
    numbers = [n for x in lines if (n := text(x.get("sku_order_id")))]
    return ShopRefund(
        platform=PLATFORM,
        external_id=text(info.get("aftersale_id")) or case_id(row),
        order_external_id=text(about.get("shop_order_id")).removesuffix("A"),
        state=state,
        line_external_id=numbers[0] if len(numbers) == 1 else "",
        amount_fen=_money(info, state, back),
        needs_return=words.NEEDS_RETURN[kind],
        reason=text(info.get("reason")) or text(part(row, "text_part").get("reason_text")),
        platform_state=words.CASE_WORDS[status],
        applied_at=moment(info.get("apply_time")),
        finished_at=moment(info.get("refund_time")),
        answer_by=moment(info.get("status_deadline")) if state is RefundState.APPLIED else None,
        return_courier=text(info.get("return_logistics_company_name")),
        return_tracking=text(info.get("return_logistics_code")),
    )


def _money(info: Json, state: RefundState, back: int) -> int | None:
    if back == words.REFUNDED:
        return whole(info.get("real_refund_amount"), "real_refund_amount")
    return whole(info.get("refund_amount"), "refund_amount") if state is RefundState.APPLIED else None
