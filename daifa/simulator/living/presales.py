"""Presales: sold ahead of their day, with a deposit and the rest later, or paid in full at once.

A buyer who never pays the rest loses the deposit. Chance hangs on the order alone, so that the other buyers of a seed
do what they did without it.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from daifa.kit.clock import business_day, day_start
from daifa.ports.books import BuyerOrder, OrderPhase
from daifa.ports.presale import Presale

if TYPE_CHECKING:
    from daifa.simulator.living.world import Living

DAY = 86400
# How long the rest may be paid.
WINDOW = 2 * DAY
NEVER_PAY = 0.15


class Presales:
    """What makes an order a presale, and what its buyer does later."""

    def __init__(self, world: Living) -> None:
        self._world = world

    def chance(self, order: BuyerOrder) -> Mapping[str, Any] | None:
        """Whether a buyer who came by chance buys ahead, and how."""
        world, rng = self._world, self._world.rng("presale", order.id)
        if not world.fakes[order.company].presale or rng.random() >= world.settings["presale"]:
            return None
        opens, ships = rng.uniform(0.5, 2) * DAY, rng.randrange(3, 8) * DAY
        return {"deposit": rng.random() < 0.6, "opens": opens, "ships": ships, "pays": rng.random() >= NEVER_PAY}

    def sell(self, order: BuyerOrder, how: Mapping[str, Any]) -> None:
        """The order is a presale. ``how``: deposit (fen, or true for a tenth), opens, ships (seconds from now; the
        agreed day begins at midnight in Beijing), pays (whether the rest is paid by itself; true unless said)."""
        now = self._world.now()
        day = day_start(business_day(now + timedelta(seconds=float(how.get("ships", 5 * DAY)))))
        order.presale = Presale(day)
        if how.get("deposit", True):
            said = how.get("deposit", True)
            order.presale.deposit_fen = max(order.paid_fen // 10, 1) if said is True else int(said)
            opens = now + timedelta(seconds=float(how.get("opens", DAY)))
            order.presale.opens_at, order.presale.closes_at = opens, opens + timedelta(seconds=WINDOW)
        order.extra["pays"] = bool(how.get("pays", True))

    def pay_deposit(self, order: BuyerOrder) -> bool:
        """Pay the deposit where there is one to pay; whether that was it."""
        told, world = order.presale, self._world
        if told is None or not told.deposit_fen or told.deposit_at is not None:
            return False
        world.orders.pay_deposit(order)
        assert told.opens_at is not None
        assert told.closes_at is not None
        if order.extra["pays"]:
            late = world.rng("rest", order.id).uniform(60, 6 * 3600)
            world.at(told.opens_at + timedelta(seconds=0 if order.extra["calm"] else late), "buyers", "rest",
                     order=order.id)  # fmt: skip
        world.at(told.closes_at, "buyers", "rest_due", order=order.id)
        return True

    def due(self, order: BuyerOrder) -> None:
        """The rest was not paid in its time: the order is closed, the deposit stays with the merchant."""
        if order.phase is OrderPhase.UNPAID:
            self._world.orders.close(order, "尾款超时未支付")

    def ship_by(self, order: BuyerOrder, promise: timedelta) -> datetime:
        """The deadline of an order that is paid now: a promise's length from now, or from the agreed day."""
        start = self._world.now()
        return (max(start, order.presale.ships_at) if order.presale is not None else start) + promise
