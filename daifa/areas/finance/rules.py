"""Gross margin as a waterfall: what the merchant gets, less everything it costs; what is not known is not zero."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from uuid import UUID

from daifa.areas.finance.types import (
    RATE_LABELS,
    LineMargin,
    LineMoney,
    Margin,
    MarginFacts,
    Rate,
    RateKind,
    RefundFact,
    Step,
)
from daifa.kit.money import Fen, round_fen, share

_FROM_FILE = "平台文件"
_TENTH = Decimal("0.1")
_UNSET = {
    RateKind.COMMISSION: "文件没有佣金，也没有设置费率，按没有达人带货",
    RateKind.INSURANCE: "文件没有运费险，也没有设置费率，按没有投保",
}


class RateTable:
    """Rates to look up: the company's own before built-in ones, then by shop, category, platform, newest first."""

    def __init__(self, rates: Iterable[Rate]) -> None:
        self._by_kind: dict[RateKind, list[Rate]] = {kind: [] for kind in RateKind}
        for rate in rates:
            self._by_kind[rate.kind].append(rate)
        for found in self._by_kind.values():
            found.sort(
                key=lambda r: (r.own, r.shop_id is not None, r.category != "", r.platform != "", r.valid_from),
                reverse=True,
            )
        self._known: dict[tuple[RateKind, str, UUID | None, str, date], Rate | None] = {}

    def find(self, kind: RateKind, platform: str, shop_id: UUID | None, category: str, day: date) -> Rate | None:
        """The rate that holds, or None."""
        key = (kind, platform, shop_id, category, day)
        if key not in self._known:
            self._known[key] = next(
                (
                    r
                    for r in self._by_kind[kind]
                    if r.platform in ("", platform)
                    and r.shop_id in (None, shop_id)
                    and r.category in ("", category)
                    and r.valid_from <= day
                    and (r.valid_to is None or day <= r.valid_to)
                ),
                None,
            )
        return self._known[key]


def margin_of(facts: MarginFacts, rates: RateTable) -> Margin:
    """The order's gross margin: receivable − refunds − purchase − freight − platform fee − commission − insurance."""
    receivable = _receivable(facts)
    refund = _refund(facts, receivable.fen)
    kept = None if receivable.fen is None or refund.fen is None else receivable.fen + refund.fen
    steps = (
        receivable,
        refund,
        _purchase(facts.lines),
        _freight(facts),
        _charged(facts, rates, RateKind.PLATFORM_FEE, facts.platform_fee_fen, kept),
        _charged(facts, rates, RateKind.COMMISSION, facts.commission_fen, kept),
        _charged(facts, rates, RateKind.INSURANCE, facts.insurance_fen, kept),
    )
    missing = tuple(f"{s.label}：{s.source}" for s in steps if s.fen is None)
    estimated = any(s.estimated for s in steps)
    if missing:
        return Margin(None, None, steps, missing, estimated)
    fen = sum(s.fen or 0 for s in steps)
    percent = (Decimal(fen * 100) / kept).quantize(_TENTH) if kept is not None and kept > 0 else None
    return Margin(fen, percent, steps, (), estimated)


def _receivable(facts: MarginFacts) -> Step:
    fen, estimated, source = facts.receivable_fen, False, _FROM_FILE
    if fen is None:
        fen = _sum([line.receivable_fen for line in facts.lines])
        source = "各行商家实收之和"
    if fen is None:
        fen = facts.paid_fen if facts.paid_fen is not None else _sum([line.paid_fen for line in facts.lines])
        estimated, source = True, "文件没有商家实收，按买家实付估"
    if fen is None:
        return Step("receivable", "商家实收", None, False, "文件里没有商家实收，也没有买家实付")
    return Step("receivable", "商家实收", fen, estimated, source)


def _refund(facts: MarginFacts, receivable: Fen | None) -> Step:
    if facts.refund is RefundFact.FULL:
        # What the platform had borne goes back to it as well.
        fen = None if receivable is None else -receivable
        return Step("refund", "退款", fen, False, "全额退款" if fen is not None else "全额退款，但不知道商家实收")
    said = facts.refunded_fen
    if said is None:
        said = sum(line.refunded_fen or 0 for line in facts.lines) or None
    if not said and facts.refund is RefundFact.CANCELLED:
        # Exports of cancelled orders often leave the after-sale column empty: the money did not stay for that.
        if receivable is None:
            return Step("refund", "退款", None, False, "订单已取消，但不知道商家实收")
        return Step("refund", "退款", -receivable, True, "估：订单已取消，文件没有退款金额，按全额退回")
    if said is None and facts.refund is RefundFact.PARTLY:
        return Step("refund", "退款", None, False, "有部分退款，但不知道金额")
    return Step("refund", "退款", -(said or 0), False, _FROM_FILE if said else "没有退款")


def _purchase(lines: Sequence[LineMoney]) -> Step:
    if not lines:
        return Step("purchase", "采购成本", None, False, "还没有商品明细")
    cost, estimated = 0, False
    for line in lines:
        if not line.needed:
            continue
        if line.cost_fen is None:
            return Step("purchase", "采购成本", None, False, _why_no_cost(lines))
        cost += line.cost_fen
        estimated = estimated or line.cost_estimated
    sources = [line.cost_source for line in lines if line.needed and line.cost_source]
    if not any(line.needed for line in lines):
        return Step("purchase", "采购成本", 0, False, "没有要采购的商品")
    return Step("purchase", "采购成本", -cost, estimated, "、".join(dict.fromkeys(sources)))


def _why_no_cost(lines: Sequence[LineMoney]) -> str:
    lacking = [line for line in lines if line.needed and line.cost_fen is None]
    reasons = "、".join(dict.fromkeys(line.cost_source or "没有成本价" for line in lacking))
    return f"{len(lacking)} 行商品{reasons}" if len(lines) > 1 else reasons


def _freight(facts: MarginFacts) -> Step:
    if not any(line.needed for line in facts.lines) and facts.freight_fen is None and facts.lines:
        return Step("freight", "供应商运费", 0, False, "没有要发的货")
    if facts.freight_fen is None:
        return Step("freight", "供应商运费", None, False, facts.freight_source or "没有供应商运费")
    return Step("freight", "供应商运费", -facts.freight_fen, facts.freight_estimated, facts.freight_source)


def _charged(facts: MarginFacts, rates: RateTable, kind: RateKind, said: Fen | None, kept: Fen | None) -> Step:
    """A charge of the platform: as the file says, else by rate and marked as estimated."""
    label = RATE_LABELS[kind]
    if facts.refund is RefundFact.CANCELLED and kept == 0:
        # What its export says of charges was foretold at payment; a cancelled order is never settled.
        return Step(kind.value, label, 0, True, "估：订单已取消，不结算")
    if said is not None:
        return Step(kind.value, label, -said, False, _FROM_FILE)
    if kind is RateKind.COMMISSION and facts.promoted is False:
        return Step(kind.value, label, 0, False, "没有达人带货")
    if kept is None:
        return Step(kind.value, label, None, False, "不知道商家实收，算不出来")
    lines = facts.lines
    categories = {line.category for line in lines} or {""}
    if len(categories) == 1:
        (category,) = categories
        return _by_rate(kind, rates.find(kind, facts.platform, facts.shop_id, category, facts.day), kept, facts)
    return _by_categories(facts, rates, kind, kept)


def _by_categories(facts: MarginFacts, rates: RateTable, kind: RateKind, kept: Fen) -> Step:
    parts = share(kept, _weights(facts.lines))
    grouped: dict[Rate | None, Fen] = {}
    for line, part in zip(facts.lines, parts, strict=True):
        rate = rates.find(kind, facts.platform, facts.shop_id, line.category, facts.day)
        grouped[rate] = grouped.get(rate, 0) + part
    steps = [_by_rate(kind, rate, part, facts) for rate, part in grouped.items()]
    lacking = next((s for s in steps if s.fen is None), None)
    if lacking is not None:
        return lacking
    source = "；".join(dict.fromkeys(s.source for s in steps))
    return steps[0]._replace(fen=sum(s.fen or 0 for s in steps), estimated=True, source=source)


def _by_rate(kind: RateKind, rate: Rate | None, base: Fen, facts: MarginFacts) -> Step:
    label = RATE_LABELS[kind]
    if rate is None:
        if kind is RateKind.COMMISSION and facts.promoted:
            return Step(kind.value, label, None, False, "有达人带货，但没有写佣金多少，也没有设置费率")
        unset = _UNSET.get(kind)
        if unset is None:
            return Step(kind.value, label, None, False, "文件里没有，也没有设置费率")
        return Step(kind.value, label, 0, True, unset)
    fen = rate.fixed_fen or 0
    if rate.percent is not None and base > 0:
        fen += round_fen(base * rate.percent / 10_000)
    return Step(kind.value, label, -fen, True, f"估：{rate.source}")


def line_margins(facts: MarginFacts, margin: Margin) -> tuple[LineMargin, ...]:
    """Each line's part of the waterfall. Money of the order is split by what each line brings, freight by pieces."""
    lines = facts.lines
    if len(lines) == 1:
        return (LineMargin(lines[0].key, margin.fen, tuple(s.fen for s in margin.steps)),)
    columns = [_parts(step, lines) for step in margin.steps]
    found = []
    for line, parts in zip(lines, zip(*columns, strict=True), strict=True):
        known = [p for p in parts if p is not None]
        found.append(LineMargin(line.key, sum(known) if len(known) == len(parts) else None, parts))
    return tuple(found)


def _parts(step: Step, lines: Sequence[LineMoney]) -> Sequence[Fen | None]:
    if step.key == "purchase":
        return [0 if not line.needed else None if line.cost_fen is None else -line.cost_fen for line in lines]
    if step.fen is None:
        return [None] * len(lines)
    if step.key == "freight":
        return share(step.fen, [line.quantity if line.needed else 0 for line in lines])
    if step.key == "refund":
        refunded = [max(line.refunded_fen or 0, 0) for line in lines]
        if sum(refunded) == -step.fen:
            return [-r for r in refunded]
    return share(step.fen, _weights(lines))


def _weights(lines: Sequence[LineMoney]) -> list[int]:
    """What each line brings, in the first of receivable, paid, listed amount that all state; else pieces.

    A line without any money (a gift) brings nothing.
    """
    sold = [x for x in lines if not (x.receivable_fen is None and x.paid_fen is None and x.amount_fen is None)]
    for name in ("receivable_fen", "paid_fen", "amount_fen"):
        if all(getattr(x, name) is not None for x in sold) and any(getattr(x, name) > 0 for x in sold):
            return [max(getattr(x, name) or 0, 0) for x in lines]
    return [line.quantity for line in lines]


def _sum(values: Sequence[Fen | None]) -> Fen | None:
    known = [v for v in values if v is not None]
    return sum(known) if known and len(known) == len(values) else None


def rate_problems(rate: Rate) -> tuple[str, ...]:
    """What is wrong with a rate that a person wrote (Chinese); empty when it can be used."""
    found = []
    if rate.percent is None and rate.fixed_fen is None:
        found.append("比例和每单固定金额至少写一个。")
    if rate.percent is not None and not 0 <= rate.percent <= 100:
        found.append(f"比例是 {rate.percent}%，要在 0 到 100 之间。")
    if rate.fixed_fen is not None and rate.fixed_fen < 0:
        found.append("每单固定金额不能是负数。")
    if rate.valid_to is not None and rate.valid_to < rate.valid_from:
        found.append(f"结束日期 {rate.valid_to} 早于开始日期 {rate.valid_from}。")
    return tuple(found)
