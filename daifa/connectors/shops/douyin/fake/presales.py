"""Presales in Douyin's order answers.

Documented: order_phase_list with its fields, trade_type 2, pre_sale_type 1 (paid in full) and 2 (in steps), and that
appointment_ship_time goes before exp_ship_time. How an order looks while the deposit alone is paid, and by which field
its day is told, is in no document: switches. That a paid deposit is pushed is in none either, so nothing is pushed.
"""

from __future__ import annotations

from typing import Any

from daifa.connectors.shops.douyin.fake.call import KEY, seconds
from daifa.ports.books import BuyerOrder, OrderPhase
from daifa.ports.world import World


def waits_for_rest(order: BuyerOrder) -> bool:
    """Whether the deposit is paid and the rest is not."""
    told = order.presale
    return told is not None and told.deposit_at is not None and order.phase is OrderPhase.UNPAID


def kind(order: BuyerOrder) -> int:
    """pre_sale_type."""
    return 0 if order.presale is None else 2 if order.presale.deposit_fen else 1


def fields(world: World, order: BuyerOrder) -> dict[str, Any]:
    """What a presale's parent has beside the others; nothing where it is none."""
    if (told := order.presale) is None:
        return {}
    found: dict[str, Any] = {}
    if world.switch(KEY, "presale_day") == "appointment":
        found["appointment_ship_time"] = seconds(told.ships_at)
    if not told.deposit_fen:
        return found
    payable = sum(x.payable_fen for x in order.lines) + order.freight_fen
    phases = [
        _phase(order, 1, told.deposit_fen, told.deposit_at is not None, seconds(told.deposit_at),
               seconds(order.created_at), 0),
        _phase(order, 2, payable - told.deposit_fen, order.paid_at is not None, seconds(order.paid_at),
               seconds(told.opens_at), seconds(told.closes_at)),
    ]  # fmt: skip
    opened = world.switch(KEY, "presale_phases") == "all" or told.opens_at is None or told.opens_at <= world.now()
    return found | {"order_phase_list": phases if opened else phases[:1]}


def _phase(order: BuyerOrder, n: int, fen: int, paid: bool, at: int, opens: int, closes: int) -> dict[str, Any]:
    return {
        "phase_order_id": f"{order.number}{n}", "current_phase": n, "total_phase": 2, "pay_success": paid,
        "phase_pay_amount": fen, "phase_open_time": opens, "phase_pay_time": at, "phase_close_time": closes,
        "sku_price": order.lines[0].price_fen,
    }  # fmt: skip
