"""Whether a purchase may be placed by API right now, and what it may cost. Pure; the rules of ``steps/buy``."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, time, timedelta
from enum import StrEnum

from daifa.kit.clock import BEIJING, business_day
from daifa.kit.money import format_yuan
from daifa.kit.values import dataclass


class Verdict(StrEnum):
    """What to do with a purchase whose turn it is. HOLD: something else holds it and says so, it is looked at again;
    ASK: only a person gets it on."""

    GO = "go"
    LATER = "later"
    HOLD = "hold"
    ASK = "ask"
    DROP = "drop"


@dataclass(frozen=True, slots=True)
class Ruling:
    """A verdict and why, as a Chinese sentence.

    ``mend``: it is mended at the supplier's offers, by a ``link`` of the SKU codes ``things``, or by ``compare`` of the
    offers ``things``; "" where a person decides.
    """

    verdict: Verdict
    reason: str = ""
    mend: str = ""
    things: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Standing:
    """One order behind the purchase as it was read a moment ago. ``age_seconds`` None: its shop cannot be asked."""

    number: str
    state: str
    refund: str
    holds: tuple[str, ...] = ()
    age_seconds: float | None = None


# Older than this, an order is read again before money is spent for it (pipeline.md 10).
FRESH_SECONDS = 30.0


def may_place(
    purchase_state: str, orders: Sequence[Standing], frozen: Sequence[str], unlinked: Mapping[str, str], supplier: str
) -> Ruling:
    """Whether what was decided earlier still holds.

    ``frozen``: offers whose option changed since a person linked it; ``unlinked``: goods of which no offer is known,
    by SKU code. ``supplier``: by name, because an order that waits for it may have another supplier as well.
    """
    if purchase_state not in {"draft", "sent"}:
        return Ruling(Verdict.DROP, "采购单已经不用再下单")
    if not orders:
        return Ruling(Verdict.DROP, "采购单里没有还要买的商品")
    for order in orders:
        if order.state == "cancelled" or order.refund == "full":
            return Ruling(Verdict.DROP, f"订单 {order.number} 已取消或全额退款")
        if order.state in {"shipped", "finished"}:
            return Ruling(Verdict.HOLD, f"订单 {order.number} 在平台上已经发货，再买就是重复发货")
        if order.refund == "applied":
            return Ruling(Verdict.HOLD, f"订单 {order.number} 的买家申请了退款")
        if order.holds:
            return Ruling(Verdict.HOLD, f"订单 {order.number}：{order.holds[0]}")
        if order.age_seconds is not None and order.age_seconds > FRESH_SECONDS:
            return Ruling(Verdict.LATER, f"订单 {order.number} 的状态还没有重新读到")
    if frozen:
        why = f"货源的规格变了：{frozen[0]}。请到{supplier}的货源里核对，核对好自动继续"
        return Ruling(Verdict.ASK, why, "compare", tuple(frozen))
    if unlinked:
        more = f"等 {len(unlinked)} 种商品" if len(unlinked) > 1 else ""
        first = next(iter(unlinked.values()))
        why = f"“{first}”{more}还没有关联到平台上的货源。请到{supplier}的货源里关联，关联好自动继续"
        return Ruling(Verdict.ASK, why, "link", tuple(unlinked))
    return Ruling(Verdict.GO)


# So long before a supplier's cut-off a purchase leaves whose cancel window would reach over it.
BEFORE_CUT_OFF = timedelta(minutes=2)


def window_end(now: datetime, minutes: int, cutoff: time | None) -> datetime:
    """When a purchase leaves that may be cancelled for so long: never later than the supplier's cut-off of today.

    What is after the cut-off already has its whole window: it starts next morning anyway.
    """
    end = now + timedelta(minutes=minutes)
    if cutoff is None:
        return end
    last = datetime.combine(business_day(now), cutoff, BEIJING)
    return max(now, last - BEFORE_CUT_OFF) if now <= last < end + BEFORE_CUT_OFF else end


@dataclass(frozen=True, slots=True)
class Money:
    """What the purchase would cost now and what was planned, fen; ``margins``: of its orders, as planned."""

    planned_fen: int | None
    quoted_fen: int
    margins: tuple[int | None, ...]
    floor_fen: int
    rise_allowed_fen: int
    spent_day_fen: int
    day_limit_fen: int
    spent_supplier_fen: int
    supplier_limit_fen: int
    approved_fen: int | None = None


def may_spend(money: Money) -> Ruling:
    """The margin gate and the spend limits over a fresh quote. A person's approval covers up to what they saw."""
    if money.spent_day_fen + money.quoted_fen > money.day_limit_fen:
        limit = format_yuan(money.day_limit_fen)
        return Ruling(Verdict.ASK, f"今天接口下单已花 {format_yuan(money.spent_day_fen)}，这单会超过上限 {limit}")
    if money.spent_supplier_fen + money.quoted_fen > money.supplier_limit_fen:
        limit = format_yuan(money.supplier_limit_fen)
        return Ruling(Verdict.ASK, f"今天在这家已花 {format_yuan(money.spent_supplier_fen)}，这单会超过上限 {limit}")
    if money.approved_fen is not None and money.quoted_fen <= money.approved_fen:
        return Ruling(Verdict.GO)
    if money.planned_fen is None:
        return Ruling(Verdict.GO)
    rise = money.quoted_fen - money.planned_fen
    if rise <= 0:
        return Ruling(Verdict.GO)
    known = [m for m in money.margins if m is not None]
    after = sum(known) - rise if known else None
    if after is not None and after < money.floor_fen:
        return Ruling(
            Verdict.ASK,
            f"现在要 {format_yuan(money.quoted_fen)}，比派单时贵 {format_yuan(rise)}，毛利会变成 {format_yuan(after)}",
        )
    if after is None and rise > money.rise_allowed_fen:
        return Ruling(
            Verdict.ASK,
            f"现在要 {format_yuan(money.quoted_fen)}，比派单时贵 {format_yuan(rise)}，毛利还算不出来",
        )
    return Ruling(Verdict.GO)
