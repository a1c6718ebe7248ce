"""What other hands do to orders on the platform's side: a person ships in the back office, orders are regrouped.

Shipped there as its own calls ship: a part by line and quantity, or several orders in one box. That a platform moves
lines between parent orders is in no document; the assumption is that each line keeps its own number.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from daifa.ports.books import BuyerOrder, OrderPhase, Shipment
from daifa.ports.world import What
from daifa.simulator.couriers import CODES, tracking_number
from daifa.simulator.living.deeds import OPEN

if TYPE_CHECKING:
    from daifa.simulator.living.world import Living


class NotNow(ValueError):
    """The order is not in a state for it."""


def ship(world: Living, orders: Sequence[BuyerOrder], pieces: Mapping[str, int] | None = None) -> str:
    """Somebody ships these orders in one box: everything that is left, or so many pieces by line. Its number."""
    left = {o.id: _left(o, pieces) for o in orders}
    if any(o.phase not in OPEN or o.phase is OrderPhase.PENDING or not left[o.id] for o in orders):
        raise NotNow("nothing to ship, or not yet")
    n = world.number("office")
    courier = world.rng("office", n).choice(CODES)
    number = tracking_number(courier, world.seed, f"office{n}")
    for order in orders:
        world.orders.ship(order, Shipment(number, number, courier, number, world.now(), left[order.id]))
    return number


def _left(order: BuyerOrder, pieces: Mapping[str, int] | None) -> dict[str, int]:
    open_lines = {x.number: x.quantity - x.shipped for x in order.lines if not x.closed and x.shipped < x.quantity}
    if pieces is None:
        return open_lines
    return {n: min(int(pieces[n]), most) for n, most in open_lines.items() if pieces.get(n)}


def split(world: Living, order: BuyerOrder, lines: Sequence[str]) -> BuyerOrder:
    """These lines go on under a parent of their own, with their money; freight stays where it was."""
    moving = [x for x in order.lines if x.number in lines]
    if not moving or len(moving) == len(order.lines) or _touched(world, order, moving):
        raise NotNow("some of the lines, none of them shipped or in an after-sale case")
    number = world.order_number(order.company, world.number("order"))
    order.lines = [x for x in order.lines if x.number not in lines]
    made = replace(
        order, id=f"{order.company}/{number}", number=number, lines=moving, freight_fen=0, shipments=[],
        updated_at=world.now(), extra=dict(order.extra),
    )  # fmt: skip
    world.books.add(made)
    order.updated_at = world.now()
    world.books.touch(order)
    world.note(f"平台拆单：{order.number} → {number}")
    world.tell(What.ORDER_CREATED, made)
    world.tell(What.ORDER_RELEASED, made)
    world.tell(What.AMOUNT_CHANGED, order)
    return made


def merge(world: Living, order: BuyerOrder, others: Sequence[BuyerOrder]) -> BuyerOrder:
    """Orders of one shop for one receiver become one: the others give their lines and are closed."""
    for other in others:
        same = (other.shop, other.receiver) == (order.shop, order.receiver)
        if other is order or not same or _touched(world, other, other.lines) or _touched(world, order, ()):
            raise NotNow("other orders of the same receiver, nothing of them shipped or in an after-sale case")
    for other in others:
        order.lines += other.lines
        order.freight_fen += other.freight_fen
        other.lines, other.freight_fen = [], 0
        world.orders.close(other, f"合并到 {order.number}")
    order.updated_at = world.now()
    world.books.touch(order)
    world.note(f"平台合单：{'、'.join(o.number for o in others)} → {order.number}")
    world.tell(What.AMOUNT_CHANGED, order)
    return order


def _touched(world: Living, order: BuyerOrder, lines: Sequence[Any]) -> bool:
    return (
        order.phase is not OrderPhase.TO_SHIP
        or any(x.shipped or x.closed for x in lines)
        or world.cases.pending(order) is not None
    )


def by_chance(world: Living, order: BuyerOrder) -> None:
    """Somebody has come by: an order with several lines is regrouped or partly shipped, another one is shipped."""
    if order.phase is not OrderPhase.TO_SHIP or world.cases.pending(order) is not None:
        return
    rng = world.rng("office", order.id)
    if len(order.lines) < 2:
        ship(world, [order])
    elif rng.random() < 0.5:
        split(world, order, [order.lines[-1].number])
    else:
        ship(world, [order], {order.lines[0].number: order.lines[0].quantity})


def do(
    world: Living, name: str, order: BuyerOrder, said: Mapping[str, Any], find: Callable[[str], BuyerOrder]
) -> dict[str, Any]:
    """A deed of the control door: office_ship {with, pieces}, office_split {lines}, office_merge {orders}."""
    if name == "office_ship":
        return {"number": ship(world, [order, *(find(str(n)) for n in said.get("with", []))], said.get("pieces"))}
    if name == "office_split":
        return {"number": split(world, order, [str(n) for n in said["lines"]]).number}
    return {"number": merge(world, order, [find(str(n)) for n in said["orders"]]).number}
