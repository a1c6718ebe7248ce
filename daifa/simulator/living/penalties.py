"""The platforms fine what came too late, and what was announced and never collected."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from daifa.ports.books import BuyerOrder, Penalty
from daifa.ports.world import What
from daifa.simulator.living.deeds import OPEN

if TYPE_CHECKING:
    from daifa.simulator.living.world import Living

COLLECT_WITHIN = 24 * 3600


class Penalties:
    """Checks at the deadline of each order, and a day after each shipment."""

    def __init__(self, world: Living) -> None:
        self._world = world

    def happened(self, what: What, order: BuyerOrder) -> None:
        """Set the checks that an order needs."""
        world = self._world
        if what in (What.ORDER_PAID, What.ORDER_RELEASED) and order.ship_by is not None:
            world.after((order.ship_by - world.now()).total_seconds() + 1, "penalties", "check", order=order.id)
        if what in (What.ORDER_SHIPPED, What.ORDER_PART_SHIPPED) and order.shipments:
            world.after(COLLECT_WITHIN, "penalties", "collected", order=order.id, number=order.shipments[-1].number)

    def timer(self, name: str, data: dict[str, Any]) -> None:
        """One check."""
        company, number = str(data["order"]).split("/", 1)
        order = self._world.books.order(company, number)
        if order is None:
            return
        if name == "check":
            self._late(order)
        else:
            self._fake(order, str(data["number"]))

    def _late(self, order: BuyerOrder) -> None:
        now = self._world.now()
        late = order.phase in OPEN and order.ship_by is not None and order.ship_by <= now and not order.waits
        if late and any(
            x.shipped < x.quantity and not x.closed and x.ship_by and x.ship_by <= now for x in order.lines
        ):
            self._fine(order, "late_ship", "超时未发货")

    def _fake(self, order: BuyerOrder, number: str) -> None:
        parcel = self._world.books.parcel(number)
        still = any(s.number == number for s in order.shipments)
        if still and parcel is not None and not parcel.scans:
            self._fine(order, "fake_ship", "发货后 24 小时无揽收（虚假发货）")

    def _fine(self, order: BuyerOrder, rule: str, text: str) -> None:
        world = self._world
        key = f"{order.id}/{rule}"
        if any(p.id == key for p in world.books.penalties()):
            return
        percent, least, most = world.settings["fine"]
        fen = min(max(order.paid_fen * percent // 100, least), most)
        world.books.add(Penalty(key, order.company, order.shop, order.id, rule, fen, world.now(), text))
        world.note(f"罚款 {order.number}：{text} ¥{fen / 100:.2f}")
