"""The sentences of routing: what a buyer would say of each supplier, with the numbers."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from daifa.areas.purchasing.types import FreightQuote, PersonChoice, PlannedPurchase, RouteSettings, SupplierRecord
from daifa.kit.clock import short_time
from daifa.kit.money import Fen, format_yuan


def percent(rate: Decimal) -> str:
    """``97%``, ``97.5%``."""
    value = (rate * 100).quantize(Decimal("0.1"))
    return f"{value.normalize():f}%"


def cost(goods_fen: Fen, freight: FreightQuote) -> str:
    """``到手成本 ¥14.20（货 ¥11.20 + 运费 ¥3.00）``."""
    total, goods = format_yuan(goods_fen + freight.fen), format_yuan(goods_fen)
    if freight.missing:
        return f"到手成本 {total}（货 {goods}，运费未填）"
    return f"到手成本 {total}（货 {goods} + 运费 {format_yuan(freight.fen)}{'估' if freight.estimated else ''}）"


def compare(mine: Fen, other: Fen, name: str) -> str:
    """``比 义乌优选 便宜 ¥1.35``."""
    if mine == other:
        return f"和 {name} 一样价"
    return f"比 {name} {'便宜' if mine < other else '贵'} {format_yuan(abs(mine - other))}"


def speed(purchase: PlannedPurchase, now: datetime, due_by: datetime | None) -> str:
    """How soon it ships, and whether that is in time."""
    hours = -(-int((purchase.ready_by - now).total_seconds()) // 3600)
    if due_by is not None and purchase.ready_by > due_by:
        return f"最快 {short_time(purchase.ready_by)} 发出，赶不上 {short_time(due_by)} 的截止"
    return f"{hours} 小时内可发"


def record(value: SupplierRecord, settings: RouteSettings) -> str:
    """The supplier's record in one phrase."""
    if value.orders == 0 or (value.on_time is None and value.refused is None):
        return "还没有履约记录"
    if value.orders < settings.record_min_orders:
        return f"近 {value.days} 天只有 {value.orders} 单，暂不评准时"
    said = []
    if value.on_time is not None:
        said.append(f"准时 {percent(value.on_time)}")
    if value.refused is not None and value.refused >= Decimal("0.01"):
        said.append(f"拒单 {percent(value.refused)}")
    return f"近 {value.days} 天{'、'.join(said)}" if said else f"近 {value.days} 天无拒单"


def chosen_by(choice: PersonChoice) -> str:
    """``按 小王 11-20 记住的选择``."""
    day = f" {choice.on:%m-%d}" if choice.on else ""
    return f"按 {choice.by}{day} {'记住的选择' if choice.remembered else '对这一单的选择'}"


def goods_list(items: list[tuple[str, int]]) -> str:
    """``陶瓷杯×2、毛巾×1``."""
    return "、".join(f"{name}×{quantity}" for name, quantity in items)
