"""Meiri's JSON in our words. Pure. Money comes as yuan in text, moments as ISO 8601 with a zone, ids as text."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import orjson

from daifa.kit.money import NotMoney, parse_yuan
from daifa.ports.errors import BadReply
from daifa.ports.shop import (
    OrderState,
    Recipient,
    RecipientState,
    RefundState,
    ShopLine,
    ShopOrder,
    ShopRefund,
    WaitReason,
)

PLATFORM = "meiri"
STATES = {
    "WAIT_PAY": OrderState.UNPAID, "HOLD": OrderState.PAID, "WAIT_SHIP": OrderState.PAID,
    "PART_SENT": OrderState.PART_SHIPPED, "SENT": OrderState.SHIPPED, "DONE": OrderState.FINISHED,
    "CLOSED": OrderState.CANCELLED,
}  # fmt: skip
REFUNDS = {
    "": RefundState.NONE, "OPEN": RefundState.APPLIED, "PAID_BACK": RefundState.FULL,
    "WITHDRAWN": RefundState.WITHDRAWN, "REFUSED": RefundState.APPLIED,
}  # fmt: skip
# Their word for a parcel company: our courier's code.
CARRIERS = {
    "zto": "ZTO", "yto": "YTO", "sto": "STO", "yunda": "YUNDA", "jt": "JTSD", "sf": "SF", "post": "POSTB",
    "deppon": "DBKD",
}  # fmt: skip
type Json = Mapping[str, Any]


def opened(raw: bytes) -> Json:
    """The JSON of an item. Raises BadReply."""
    try:
        found = orjson.loads(raw)
    except orjson.JSONDecodeError:
        raise BadReply("每日优选的数据不是 JSON", code="json") from None
    if not isinstance(found, dict):
        raise BadReply("每日优选的数据不是对象", code="json")
    return found


def moment(value: object) -> datetime | None:
    """A moment in UTC, None for nothing. Raises BadReply."""
    try:
        return datetime.fromisoformat(str(value)).astimezone(UTC) if value else None
    except ValueError:
        raise BadReply("每日优选的时间看不懂", code="moment") from None


def fen(value: object) -> int | None:
    """Yuan in text as fen. Raises BadReply."""
    try:
        return parse_yuan(value)
    except NotMoney:
        raise BadReply("每日优选的金额看不懂", code="money") from None


def word[T](table: Mapping[str, T], said: object) -> T:
    """A word of theirs in ours. Raises BadReply for one that is not in the table."""
    try:
        return table[str(said)]
    except KeyError:
        raise BadReply(f"每日优选的状态“{said}”不认识", code="state") from None


def order(row: Json) -> ShopOrder:
    """One order."""
    state, to = word(STATES, row.get("status")), row.get("ship_to") or {}
    lines = tuple(_line(x) for x in row.get("items") or ())
    return ShopOrder(
        platform=PLATFORM,
        external_id=str(row["no"]),
        state=state,
        refund=word(REFUNDS, row.get("refund") or ""),
        waits=(WaitReason.UNDER_REVIEW,) if row["status"] == "HOLD" else (),
        shop_external_id=str(row.get("store", "")),
        as_of=moment(row.get("changed")),
        ordered_at=moment(row.get("created")),
        paid_at=moment(row.get("paid")),
        ship_by=moment(row.get("ship_by")),
        amount_fen=fen(row.get("goods_money")),
        freight_fen=fen(row.get("freight_money")),
        paid_fen=fen(row.get("buyer_money")),
        receivable_fen=fen(row.get("store_money")),
        buyer_note=str(row.get("note", "")),
        recipient=Recipient(
            RecipientState.PLAIN, to.get("name", ""), to.get("mobile", ""), to.get("province", ""),
            to.get("city", ""), to.get("district", ""), to.get("street", ""), to.get("address", ""),
        ),
        parcels=tuple((CARRIERS.get(p["carrier"], ""), str(p["number"])) for p in row.get("parcels") or ()),
        lines=lines,
        lines_missing=not lines,
    )  # fmt: skip


def _line(row: Json) -> ShopLine:
    return ShopLine(
        line_key=str(row["no"]), external_id=str(row["no"]), listing_key=str(row["sku"]), title=str(row["title"]),
        quantity=int(row["count"]), item_id=str(row["goods"]), sku_id=str(row["sku"]), spec=str(row.get("spec", "")),
        merchant_code=str(row.get("code", "")), unit_price_fen=fen(row.get("price")),
        paid_fen=fen(row.get("buyer_money")),
        refund=word(REFUNDS, row.get("refund") or ""),
        state=OrderState.CANCELLED if row.get("closed") else None,
    )  # fmt: skip


def refund(row: Json) -> ShopRefund:
    """One refund."""
    state = word(REFUNDS, row.get("status"))
    lines = [str(n) for n in row.get("items") or ()]
    return ShopRefund(
        platform=PLATFORM,
        external_id=str(row["no"]),
        order_external_id=str(row["order"]),
        state=state,
        line_external_id=lines[0] if len(lines) == 1 else "",
        amount_fen=fen(row.get("given_money") or row.get("asked_money")),
        needs_return=bool(row.get("goods_back")),
        reason=str(row.get("why", "")),
        platform_state=str(row.get("status", "")),
        applied_at=moment(row.get("created")),
        finished_at=moment(row.get("ended")),
    )
