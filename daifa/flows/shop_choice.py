"""Whose order is it: one number in the files of two shops, decided by a person."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from daifa.areas.accounts.services import shops
from daifa.areas.orders.services import recording, standing
from daifa.areas.orders.types import HoldKind
from daifa.areas.support.services import cases
from daifa.base import audit
from daifa.base.actor import Actor
from daifa.flows import advance, order_deeds, undo
from daifa.flows.order_deeds import Done
from daifa.kit.errors import Conflict
from daifa.reads import order_bonds
from daifa.reads.touched import Touched


def choose(*, by: Actor, order_id: UUID, move: bool) -> Done:
    """The order stays in its shop, or moves to the other shop whose file names its number. Raises Conflict.

    Staying is kept for this other shop: its next file asks no more. Both can be undone.
    """
    standing.lock([order_id])
    here, name = order_bonds.shop_of(order_id)
    by.need_shop(here)
    other = order_bonds.claimed_by(order_id)
    if other is None:
        raise Conflict("no_other_shop", "没有别的店铺的文件提到这个单号，不用认定了。请刷新。")
    if not move:
        why = f"是“{name}”的，不是“{other[1]}”的"
        return order_deeds.clear_holds(by=by, order_ids=[order_id], kinds=[HoldKind.NUMBER_CONFLICT], why=why)
    by.need_shop(other[0])
    said = f"从“{name}”改到“{other[1]}”"
    _move(order_id, other[0], by, said)
    token = undo.offer(by=by, verb="order.shop", title=said, count=1, data={"order": str(order_id), "shop": str(here)})
    return Done(f"已{said}。请再导入一次“{other[1]}”的文件，补全这一单的数据。", token)


def _move(order_id: UUID, shop_id: UUID, by: Actor, said: str) -> None:
    recording.rehome(order_id, shop_id, by=by, text=said)
    cases.rehome(order_id, shop_id)
    audit.record(by, "order.shop", said, kind="order", object_id=order_id)
    advance.advance([order_id])


def _back(data: Mapping[str, object], by: Actor) -> str:
    order_id, shop_id = UUID(str(data["order"])), UUID(str(data["shop"]))
    standing.lock([order_id])
    said = f"改回“{next(s.name for s in shops.list_shops() if s.id == shop_id)}”"
    _move(order_id, shop_id, by, said)
    return f"已{said}"


def _touches(data: Mapping[str, object]) -> Touched:
    return Touched(shops=[UUID(str(data["shop"]))], orders=[UUID(str(data["order"]))])


undo.register("order.shop", "orders.edit", _back, _touches)
