"""What a buyer should look at before a routed order is bought."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from daifa.areas.purchasing.rules.eligibility import is_stale
from daifa.areas.purchasing.rules.quoting import offer_lead, ready_by
from daifa.areas.purchasing.rules.search import Scored, Unit
from daifa.areas.purchasing.types import (
    OfferView,
    PlannedPurchase,
    RouteOrder,
    RouteSettings,
    RouteWarning,
    WarningKind,
)
from daifa.kit.clock import short_time
from daifa.kit.money import Fen, format_yuan


def warnings_of(
    order: RouteOrder,
    chosen: Scored,
    offers: Sequence[OfferView],
    units: Sequence[Unit],
    settings: RouteSettings,
    now: datetime,
    margin_fen: Fen | None,
) -> list[RouteWarning]:
    """Lateness, loss, and everything that had to be assumed."""
    due = order.due_by
    found = [_late(p, due, units, now) for p in chosen.purchases if due is not None and p.ready_by > due]
    found += _money(order, chosen, settings, margin_fen)
    for purchase in chosen.purchases:
        if purchase.freight.missing:
            text = f"{purchase.supplier_name} 还没填运费，到手成本只算了货款，毛利暂缺。请到供应商里补上。"
            found.append(RouteWarning(WarningKind.FREIGHT_MISSING, text))
    if not order.place.known:
        text = "收件地区未知（平台未给地址），没有核对是否发货到，运费按最贵的地区估。"
        found.append(RouteWarning(WarningKind.REGION_UNKNOWN, text))
    elif any(p.freight.estimated and not p.freight.missing for p in chosen.purchases):
        text = f"有商品没填重量，运费按每件 {settings.default_weight_g} 克估。"
        found.append(RouteWarning(WarningKind.FREIGHT_ESTIMATED, text))
    used = {line.offer_id for p in chosen.purchases for line in p.lines}
    for offer in offers:
        if offer.offer_id in used and offer.stock_at is not None and is_stale(offer, settings, now):
            text = f"{offer.supplier.name} 的库存是 {short_time(offer.stock_at)} 报的，太旧，没有当真。"
            found.append(RouteWarning(WarningKind.STOCK_STALE, text))
            break
    if not chosen.exact:
        text = "这一单的组合太多，只比较了一部分；请人工看一眼供应商分配。"
        found.append(RouteWarning(WarningKind.NOT_EXACT, text))
    return found


def _late(purchase: PlannedPurchase, due: datetime, units: Sequence[Unit], now: datetime) -> RouteWarning:
    """Whether somebody else could still make it, which a person may prefer, or nobody can any more."""
    bought = {line.demand_id for line in purchase.lines}
    usable = [u.options for u in units if u.demand.demand_id in bought]
    said = f"{purchase.supplier_name} 最快 {short_time(purchase.ready_by)} 发出，截止 {short_time(due)}"
    if all(any(_ready(offer, now) <= due for offer in offers) for offers in usable):
        able = {o.supplier.name for offers in usable for o in offers if _ready(o, now) <= due}
        return RouteWarning(WarningKind.LATE, f"赶不上截止：{said}；{'、'.join(sorted(able))} 赶得上，可以换。")
    first = max((min(offers, key=lambda o: _ready(o, now)) for offers in usable), key=lambda o: _ready(o, now))
    soonest = _ready(first, now)
    faster = soonest < purchase.ready_by and f"；最快的 {first.supplier.name} 也要 {short_time(soonest)}"
    return RouteWarning(WarningKind.LATE_ALL, f"谁都赶不上截止：{said}{faster or ''}。")


def _ready(offer: OfferView, now: datetime) -> datetime:
    return ready_by(offer.supplier, offer_lead(offer), now)


def _money(order: RouteOrder, chosen: Scored, settings: RouteSettings, margin_fen: Fen | None) -> list[RouteWarning]:
    if margin_fen is None or order.income_fen is None:
        return []
    sums = f"到手 {format_yuan(order.income_fen)}，采购 {format_yuan(chosen.landed_fen)}"
    sums += f"，之前已采购 {format_yuan(order.bought_fen)}" if order.bought_fen else ""
    if margin_fen < 0:
        return [RouteWarning(WarningKind.LOSS, f"亏损 {format_yuan(-margin_fen)}：{sums}。")]
    if margin_fen < settings.margin_floor_fen:
        text = f"毛利只有 {format_yuan(margin_fen)}，低于下限 {format_yuan(settings.margin_floor_fen)}：{sums}。"
        return [RouteWarning(WarningKind.LOW_MARGIN, text)]
    return []
