"""What may happen to buyers' orders: each deed keeps the books right, whoever asked for it, and tells every fake."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from daifa.ports.books import BuyerOrder, OrderPhase, Receiver, Shipment
from daifa.ports.world import What

if TYPE_CHECKING:
    from daifa.simulator.living.world import Living

OPEN = (OrderPhase.PENDING, OrderPhase.TO_SHIP, OrderPhase.PART_SHIPPED)


class LivingOrders:
    """The verbs of buyers' orders."""

    def __init__(self, world: Living) -> None:
        self._world = world

    def _changed(self, order: BuyerOrder, what: What, **more: object) -> None:
        order.updated_at = self._world.now()
        self._world.books.touch(order)
        self._world.tell(what, order, **more)

    def make(self, order: BuyerOrder) -> None:
        """The buyer has ordered."""
        self._world.books.add(order)
        self._world.tell(What.ORDER_CREATED, order)

    def pay(self, order: BuyerOrder, waits: str = "") -> None:
        """The buyer has paid; with ``waits`` the platform holds the order back first."""
        if order.phase is not OrderPhase.UNPAID:
            return
        order.paid_at, order.waits = self._world.now(), waits
        order.phase = OrderPhase.PENDING if waits else OrderPhase.TO_SHIP
        if not waits:
            order.released_at = order.paid_at
        self._changed(order, What.ORDER_PAID)

    def pay_deposit(self, order: BuyerOrder) -> None:
        """The buyer of a presale has paid the deposit; the order stays unpaid."""
        if order.phase is OrderPhase.UNPAID and order.presale is not None and order.presale.deposit_at is None:
            order.presale.deposit_at = self._world.now()
            self._changed(order, What.DEPOSIT_PAID)

    def release(self, order: BuyerOrder) -> None:
        """The platform lets the order be shipped."""
        if order.phase is OrderPhase.PENDING:
            order.phase, order.waits, order.released_at = OrderPhase.TO_SHIP, "", self._world.now()
            self._changed(order, What.ORDER_RELEASED)

    def close(self, order: BuyerOrder, reason: str) -> None:
        """Nothing more will come of the order."""
        if order.phase in (OrderPhase.CLOSED, OrderPhase.FINISHED):
            return
        for line in order.lines:
            line.closed = True
        order.phase, order.close_reason, order.closed_at = OrderPhase.CLOSED, reason, self._world.now()
        self._changed(order, What.ORDER_CLOSED)

    def close_line(self, order: BuyerOrder, line: str) -> None:
        """One line will not be shipped; with the last one the order closes."""
        if (found := order.line(line)) is None:
            return
        found.closed = True
        if all(x.closed for x in order.lines):
            self.close(order, "退款成功")
            return
        self._fold(order)
        self._changed(order, What.AMOUNT_CHANGED)

    def _fold(self, order: BuyerOrder) -> None:
        """The phase that the lines add up to."""
        if order.phase not in OPEN or order.phase is OrderPhase.PENDING:
            return
        living = [x for x in order.lines if not x.closed]
        if living and all(x.shipped >= x.quantity for x in living):
            order.phase = OrderPhase.SHIPPED
        elif any(x.shipped for x in living):
            order.phase = OrderPhase.PART_SHIPPED

    def ship(self, order: BuyerOrder, shipment: Shipment) -> None:
        """A parcel left; its pieces count once, an extra parcel counts none."""
        world = self._world
        parcel = world.books.parcel(shipment.number) or world.parcels.post(
            shipment.courier, shipment.number, "foreign", order.receiver, {}
        )
        shipment.parcel = parcel.id
        parcel.extra.setdefault("orders", [])
        if order.id not in parcel.extra["orders"]:
            parcel.extra["orders"].append(order.id)
        world.books.touch(parcel)
        order.shipments.append(shipment)
        for number, count in shipment.pieces.items():
            if (line := order.line(number)) is not None and shipment.by != "extra":
                line.shipped += count
        before = order.phase
        self._fold(order)
        if order.phase is OrderPhase.SHIPPED and before is not OrderPhase.SHIPPED:
            order.shipped_at = world.now()
            world.after(15 * 86400, "orders", "finish", order=order.id)
            self._changed(order, What.ORDER_SHIPPED, shipment=shipment)
        else:
            what = What.LOGISTICS_CHANGED if shipment.by == "extra" else What.ORDER_PART_SHIPPED
            self._changed(order, what, shipment=shipment)

    def renumber(self, order: BuyerOrder, pack: str, courier: str, number: str) -> Shipment | None:
        """A shipment has another tracking number; ``pack`` "" means the only one."""
        chosen = [s for s in order.shipments if pack in ("", s.pack)]
        if len(chosen) != 1:
            return None
        found, world = chosen[0], self._world
        parcel = world.books.parcel(number) or world.parcels.post(courier, number, "foreign", order.receiver, {})
        parcel.extra.setdefault("orders", []).append(order.id)
        world.books.touch(parcel)
        found.courier, found.number, found.parcel = courier, number, parcel.id
        self._changed(order, What.LOGISTICS_CHANGED, shipment=found)
        return found

    def finish(self, order: BuyerOrder) -> None:
        """The buyer has it and the sale is done."""
        if order.phase is OrderPhase.SHIPPED:
            order.phase, order.finished_at = OrderPhase.FINISHED, self._world.now()
            self._changed(order, What.ORDER_FINISHED)

    def remark(self, order: BuyerOrder, memo: str | None, flag: str | None) -> None:
        """The merchant's memo and flag."""
        order.memo = order.memo if memo is None else memo
        order.flag = order.flag if flag is None else flag
        self._changed(order, What.MEMO_CHANGED)

    def ask_address(self, order: BuyerOrder, wished: Receiver) -> None:
        """The buyer wants it sent elsewhere and the merchant must say."""
        if order.phase in OPEN:
            order.wished = wished
            self._changed(order, What.ADDRESS_ASKED)

    def answer_address(self, order: BuyerOrder, *, agreed: bool) -> None:
        """The merchant (or the platform in the end) has answered the wish."""
        if order.wished is None:
            return
        wished, order.wished = order.wished, None
        if agreed:
            self.move_to(order, wished)
        else:
            self._world.books.touch(order)

    def move_to(self, order: BuyerOrder, receiver: Receiver) -> None:
        """The order goes elsewhere."""
        order.receiver = receiver
        self._changed(order, What.ADDRESS_CHANGED)

    def set_ship_by(self, order: BuyerOrder, line: str | None, at: datetime) -> None:
        """The deadline moved, for one line or for all."""
        for found in order.lines:
            if line in (None, found.number):
                found.ship_by = at
        dates = [x.ship_by for x in order.lines if x.ship_by and not x.closed]
        order.ship_by = min(dates) if dates else at
        self._world.after((at - self._world.now()).total_seconds() + 1, "penalties", "check", order=order.id)
        self._changed(order, What.SHIP_BY_CHANGED)
