"""A box goes by another number: said by a person, told to the shops anew, and taken back while nothing came of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from uuid import UUID

from daifa.areas.logistics.rules.couriers import courier_name
from daifa.areas.logistics.services import claims as kept
from daifa.areas.logistics.services import parcels
from daifa.areas.orders.services import history, standing
from daifa.areas.orders.services.history import Fact
from daifa.base.actor import Actor
from daifa.flows import advance, undo
from daifa.kit.errors import Conflict
from daifa.reads.touched import Touched

VERB = "tracking.renumber"


def renumber(
    parcel_id: UUID, number: str, courier: str, *, by: Actor, shown: str, claims: Sequence[tuple[UUID, str]] = ()
) -> str:
    """Give a parcel another number (courier is a code) in the caller's transaction; the token for 撤销.

    ``claims``: (id, state) of the questions that this answers. Raises Conflict when another box goes by the number.
    """
    standing.lock(parcels.orders_in(parcel_id))
    before, old_courier = parcels.number_of(parcel_id)
    orders = parcels.renumber(parcel_id, tracking_number=number, courier=courier, by=by.key, reason="换单号")
    _told(orders, f"快递单号由 {before} 换成 {courier_name(courier)} {number}", by)
    data = {
        "parcel": str(parcel_id),
        "before": [before, old_courier],
        "after": number,
        "claims": [[str(i), state] for i, state in claims],
    }
    title = f"{shown} 的单号由 {before} 换成 {number}"
    return undo.offer(by=by, verb=VERB, title=title, count=len(orders), data=data)


def _told(orders: Sequence[UUID], text: str, by: Actor) -> None:
    history.write([Fact(i, "tracking", text, by=by.key, by_name=by.name) for i in orders])
    advance.settle(orders)


def _read(data: Mapping[str, object]) -> tuple[UUID, str, str, list[tuple[UUID, str]]]:
    before, claims = data["before"], data["claims"]
    assert isinstance(before, list)
    assert isinstance(claims, list)
    return UUID(str(data["parcel"])), str(before[0]), str(before[1]), [(UUID(i), str(state)) for i, state in claims]


def _take_back(data: Mapping[str, object], by: Actor) -> str:
    """Back to the number before; the one in between is free again. Raises Conflict when it was changed since."""
    parcel_id, number, courier, claims = _read(data)
    parcels.one_at_a_time()
    standing.lock(parcels.orders_in(parcel_id))
    if parcels.number_of(parcel_id)[0] != data["after"]:
        raise Conflict("already_changed", "这个包裹的单号后来又换过，不能撤销。")
    orders = parcels.renumber(parcel_id, tracking_number=number, courier=courier, by=by.key, reason="撤销换单号")
    _told(orders, f"撤销了换单号，快递单号是 {courier_name(courier)} {number}", by)
    for claim_id, state in claims:
        kept.reopen(claim_id, state)
    return f"已换回 {number}，会重新上传平台。"


def _touches(data: Mapping[str, object]) -> Touched:
    parcel_id, _, _, claims = _read(data)
    return Touched(orders=parcels.orders_in(parcel_id), claims=[kept.get(i) for i, _ in claims])


undo.register(VERB, "logistics.edit", _take_back, _touches)
