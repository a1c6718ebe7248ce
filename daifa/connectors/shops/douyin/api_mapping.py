"""Douyin's JSON in our words. Pure. Money in fen as they send it, times Unix seconds (0 = not said) to UTC.

Money words (data.md §2): *amount* goods at listed price; *paid* = pay_amount − promotion_pay_amount, what the buyer
really paid; *receivable* = pay_amount + what platform and author bear, the same sums as in the order export.
``listing_key`` is item and spec, as the order export has them (it names no SKU id), so that orders known from files
merge; that the export joins spec values with ";" is inferred. Arrays may be null or absent, ids numbers or text.
A presale that is paid in part is unpaid, whatever its order_status (which one it has then is not documented); one that
is paid and names no agreed day (appointment_ship_time) may leave at once, inferred from status 2.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

import orjson

from daifa.connectors.shops.douyin import api_words as words
from daifa.ports.errors import BadReply
from daifa.ports.shop import (
    OrderState,
    Recipient,
    RecipientState,
    RefundState,
    SealedRecipient,
    ShopLine,
    ShopOrder,
    WaitReason,
)

PLATFORM = "douyin"
_TO_SHIP = frozenset({OrderState.PAID, OrderState.PART_SHIPPED})
type Json = Mapping[str, Any]


# --- values ------------------------------------------------------------------------------------------------------


def text(value: object) -> str:
    """An id or word as text; "" for nothing."""
    return "" if value is None else str(value).strip().strip('"')


def whole(value: object, name: str = "") -> int | None:
    """A whole number, also where it came as text (some answers quote it twice); None for nothing. Raises BadReply."""
    said = text(value)
    if isinstance(value, bool) or said == "":
        return None
    try:
        return int(said)
    except ValueError:
        raise BadReply(f"抖店的 {name or '数字'} 看不懂", code=name) from None


def need(row: Json, name: str) -> int:
    """A number that must be there. Raises BadReply."""
    found = whole(row.get(name), name)
    if found is None:
        raise BadReply(f"抖店没有给 {name}", code=name)
    return found


def yes(value: object) -> bool:
    """A truth, also as text."""
    return text(value).lower() in {"true", "1"}


def moment(value: object) -> datetime | None:
    """Unix seconds; 0 and nothing are the same. Raises BadReply."""
    seconds = whole(value, "时间")
    try:
        return datetime.fromtimestamp(seconds, UTC) if seconds else None
    except (ValueError, OverflowError, OSError):
        raise BadReply("抖店的时间看不懂", code="time") from None


def rows(value: object) -> list[Json]:
    """The objects of an array that may be null or absent."""
    return [x for x in value if isinstance(x, dict)] if isinstance(value, list) else []


def part(row: Json, name: str) -> Json:
    """An object that may be null or absent."""
    found = row.get(name)
    return found if isinstance(found, dict) else {}


def parsed(raw: bytes) -> Json:
    """A stored item. Raises BadReply."""
    try:
        found = orjson.loads(raw)
    except orjson.JSONDecodeError:
        raise BadReply("存下来的内容不是 JSON", code="json") from None
    if not isinstance(found, dict):
        raise BadReply("存下来的内容不是对象", code="json")
    return found


# --- orders ------------------------------------------------------------------------------------------------------


def order_id(row: Json) -> str:
    """A parent's number; web lists append A to it."""
    found = text(row.get("order_id")).removesuffix("A")
    if not found:
        raise BadReply("抖店的订单没有单号", code="order_id")
    return found


def order(raw: bytes) -> ShopOrder:
    """A parent with its lines. Raises BadReply naming what is unknown."""
    row = parsed(raw)
    told = rows(row.get("sku_order_list"))
    rest = _rest_is_open(row, told)
    state = words.state_of(need(row, "order_status"))
    state = OrderState.UNPAID if rest and state in _TO_SHIP else state
    lines = tuple(_line(x, _gone(row)) for x in told)
    not_before = _latest([row, *told], "appointment_ship_time")
    recipient, cipher = _recipient(row)
    payable = whole(row.get("pay_amount"), "pay_amount")
    return ShopOrder(
        platform=PLATFORM,
        external_id=order_id(row),
        state=state,
        refund=_roll_up(lines),
        waits=(WaitReason.PRESALE,) if rest and state is OrderState.UNPAID else _waits(row, told, state, not_before),
        shop_name=text(row.get("shop_name")),
        shop_external_id=text(row.get("shop_id")),
        as_of=moment(row.get("update_time")),
        ordered_at=moment(row.get("create_time")),
        paid_at=moment(row.get("pay_time")),
        ship_by=_ship_by(row, told, not_before),
        ship_not_before=not_before,
        shipped_at=moment(row.get("ship_time")),
        finished_at=moment(row.get("finish_time")),
        cash_on_delivery=_on_delivery(row) and not rest,
        amount_fen=_sum(x.amount_fen for x in lines),
        freight_fen=whole(row.get("post_amount"), "post_amount"),
        paid_fen=_less(payable, row),
        receivable_fen=_expected(row, payable),
        buyer_note=_said(row, "buyer_words"),
        seller_memo=_said(row, "seller_words"),
        promoted=_promoted(told),
        flag=_flag(row),
        recipient=recipient,
        cipher=cipher,
        parcels=_parcels(row),
        lines=lines,
        lines_missing=not lines,
        extra=_extra(told),
    )


def _line(row: Json, gone: Mapping[str, int]) -> ShopLine:
    number, item = text(row.get("order_id")), text(row.get("product_id_str")) or text(row.get("product_id"))
    if not number:
        raise BadReply("抖店的子订单没有单号", code="sku_order_list.order_id")
    spec = spec_text(row.get("spec"), "value")
    code, title = text(row.get("code")), text(row.get("product_name"))
    status, count = whole(row.get("order_status"), "order_status"), need(row, "item_num")
    price, payable = whole(row.get("origin_amount"), "origin_amount"), whole(row.get("pay_amount"), "pay_amount")
    amount = whole(row.get("sum_amount"), "sum_amount")
    return ShopLine(
        line_key=number,
        listing_key=listing_key(item, spec, code, title),
        title=title,
        quantity=count,
        external_id=number,
        item_id=item,
        sku_id=text(row.get("sku_id")),
        spec=spec,
        merchant_code=code,
        unit_price_fen=price,
        amount_fen=amount if amount is not None else (price * count if price is not None else None),
        paid_fen=_less(payable, row),
        receivable_fen=_borne(row, payable),
        state=words.state_of(status) if status else None,
        refund=_line_refund(part(row, "after_sale_info"), status),
        is_gift=text(row.get("given_product_type")) == "FREE" or whole(row.get("trade_type")) == words.GIFT,
        image_url=text(row.get("product_pic")),
        gone=gone.get(number),
    )


def listing_key(item: str, spec: str, code: str, title: str) -> str:
    """What a mapping remembers, equal to the order export's: item and spec, else code, else title."""
    if item:
        return f"{item}|{spec}"
    return code or (f"{title}|{spec}" if spec else title)


def spec_text(value: object, name: str) -> str:
    """Option values as the order export joins them."""
    return ";".join(v for x in rows(value) if (v := text(x.get(name))))


def _line_refund(info: Json, status: int | None) -> RefundState | None:
    """A line's after-sale. A whole refund closes the line; money back on a line that goes on may be a part: the case
    says how much, so that nothing is said here."""
    after = whole(info.get("after_sale_status"), "after_sale_status") or 0
    if not after:
        return RefundState.NONE
    kind = whole(info.get("after_sale_type"), "after_sale_type") or 0
    found = words.case_state(kind, after, whole(info.get("refund_status"), "refund_status") or 0)
    if found is RefundState.FULL and kind != 2 and status != 4:
        return None
    return found


def _roll_up(lines: Sequence[ShopLine]) -> RefundState | None:
    said = {x.refund for x in lines}
    if RefundState.APPLIED in said:
        return RefundState.APPLIED
    if not said or None in said:
        return None
    if said == {RefundState.FULL}:
        return RefundState.FULL
    if said & {RefundState.FULL, RefundState.PARTLY}:
        return RefundState.PARTLY
    return RefundState.WITHDRAWN if RefundState.WITHDRAWN in said else RefundState.NONE


def _waits(row: Json, told: Sequence[Json], state: OrderState, not_before: datetime | None) -> tuple[WaitReason, ...]:
    if state not in _TO_SHIP:
        return ()
    found = set()
    if whole(row.get("order_status")) == words.PENDING:
        found.add(WaitReason.UNDER_REVIEW)
        if any(whole(x.get("trade_type")) == words.GROUP_BUY for x in told):
            found.add(WaitReason.GROUP_PENDING)
    if not_before is not None:
        found.add(WaitReason.PRESALE if any(_sold_ahead(x) for x in told) else WaitReason.RESERVED)
    return tuple(w for w in WaitReason if w in found)


def _sold_ahead(line: Json) -> bool:
    return whole(line.get("trade_type")) == words.DEPOSIT_SALE or bool(whole(line.get("pre_sale_type")))


def _rest_is_open(row: Json, told: Sequence[Json]) -> bool:
    """Whether a presale is paid in part only: a phase says so, or the last one listed is not the last of all."""
    phases = [*rows(row.get("order_phase_list")), *(p for x in told for p in rows(x.get("order_phase_list")))]
    last = max((whole(p.get("current_phase")) or 0 for p in phases), default=0)
    return any(not yes(p.get("pay_success", True)) or 0 < last < (whole(p.get("total_phase")) or 0) for p in phases)


def _ship_by(row: Json, told: Sequence[Json], not_before: datetime | None) -> datetime | None:
    """The earliest deadline of the lines that still have to leave; the lines' rule over the parent's, and a day agreed
    with the buyer over an earlier deadline."""
    waiting = [x for x in told if whole(x.get("order_status")) in {2, 101, 105}] or list(told)
    found = [at for x in waiting if (at := moment(x.get("exp_ship_time")))]
    due = min(found) if found else moment(row.get("exp_ship_time"))
    return max(due, not_before) if due and not_before else due or not_before


def _latest(told: Iterable[Json], name: str) -> datetime | None:
    return max((at for x in told if (at := moment(x.get(name)))), default=None)


def _on_delivery(row: Json) -> bool:
    """pay_type 0 is cash on delivery; before a payment it may just be unset."""
    status = whole(row.get("order_status"))
    return whole(row.get("pay_type")) == 0 and not whole(row.get("pay_time")) and status not in {1, 4}


def _less(payable: int | None, row: Json) -> int | None:
    if payable is None:
        return None
    return max(payable - (whole(row.get("promotion_pay_amount"), "promotion_pay_amount") or 0), 0)


def _borne(row: Json, payable: int | None) -> int | None:
    """What comes to the merchant: payable plus what platform and author bear; None where nothing says who bears."""
    platform = whole(row.get("only_platform_cost_amount"), "only_platform_cost_amount")
    author = whole(row.get("author_cost_amount"), "author_cost_amount")
    both = whole(row.get("platform_cost_amount"), "platform_cost_amount")
    if both is None and platform is None and author is None:
        return None
    return None if payable is None else payable + (both if both is not None else (platform or 0) + (author or 0))


def _expected(row: Json, payable: int | None) -> int | None:
    said = whole(part(row, "actual_receive_amount_info").get("actual_receive_amount"), "actual_receive_amount")
    return said if said is not None else _borne(row, payable)


def _sum(values: Iterable[int | None]) -> int | None:
    found = [v for v in values if v is not None]
    return sum(found) if found else None


def _said(row: Json, name: str) -> str | None:
    return text(row[name]) if name in row else None


def _flag(row: Json) -> str | None:
    code = whole(row.get("seller_remark_stars"), "seller_remark_stars")
    if code is None:
        return None
    if code not in words.FLAGS:
        raise BadReply(f"抖店旗帜 {code} 不认识", code="seller_remark_stars")
    return words.FLAGS[code]


def _recipient(row: Json) -> tuple[Recipient, SealedRecipient | None]:
    """The receiver: plain where the application gets it so, else its ciphertexts beside the masked texts."""
    address, masked = part(row, "post_addr"), part(row, "mask_post_addr")
    name, phone, detail = text(row.get("post_receiver")), text(row.get("post_tel")), text(address.get("detail"))
    province, city, district, street = (
        text(part(address, x).get("name")) or text(part(masked, x).get("name")) for x in _LEVELS
    )
    where = {"province": province, "city": city, "district": district, "street": street}
    if name and phone and detail:
        return Recipient(RecipientState.PLAIN, name=name, phone=phone, address=detail, **where), None
    sealed = SealedRecipient(
        text(row.get("encrypt_post_receiver")),
        text(row.get("encrypt_post_tel")),
        text(address.get("encrypt_detail")),
        text(row.get("open_address_id")),
    )
    shown = {
        "name": text(row.get("mask_post_receiver")),
        "phone": text(row.get("mask_post_tel")),
        "address": text(masked.get("detail")),
        **where,
    }
    if sealed.name and sealed.phone and sealed.address:
        return Recipient(RecipientState.CIPHER, **shown), sealed
    if any(shown.values()):
        return Recipient(RecipientState.MASKED, **shown), None
    return Recipient(), None


# Their town is the district, their street the fourth level.
_LEVELS = ("province", "city", "town", "street")


def _parcels(row: Json) -> tuple[tuple[str, str], ...]:
    found = {
        (text(x.get("company_name")) or text(x.get("company")), text(x.get("tracking_no")))
        for x in rows(row.get("logistics_info"))
    }
    return tuple(sorted(p for p in found if p[1]))


def _gone(row: Json) -> Mapping[str, int]:
    """Pieces in the parcels that the platform knows, by line."""
    found = Counter[str]()
    for x in (p for parcel in rows(row.get("logistics_info")) for p in rows(parcel.get("product_info"))):
        found[text(x.get("sku_order_id"))] += whole(x.get("product_count"), "product_count") or 0
    return found


def _extra(told: Sequence[Json]) -> tuple[tuple[str, str], ...]:
    """Who promoted it, and that a commission is to be expected: the order does not say how much."""
    names = sorted({text(x.get("author_name")) for x in told} - {""})
    found = [("达人昵称", "、".join(names))] if names else []
    if _promoted(told):
        found.append(("带货佣金", "达人带货（精选联盟），会扣佣金，金额以结算为准"))
    return tuple(found)


def _promoted(told: Sequence[Json]) -> bool | None:
    """Whether an author's share is to be paid. The line's business says it; an author alone where it says nothing."""
    said = {_sold_by_others(x) for x in told}
    return True if True in said else False if said == {False} else None


def _sold_by_others(line: Json) -> bool | None:
    business = whole(line.get("c_biz"), "c_biz")
    if business in (words.ALLIANCE, words.OWN_SALE):
        return business == words.ALLIANCE
    return True if whole(line.get("author_id"), "author_id") else None
