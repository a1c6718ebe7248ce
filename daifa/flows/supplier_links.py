"""A supplier's link: made when first needed, prolonged while work goes out through it, revoked by a person."""

from __future__ import annotations

from uuid import UUID

from daifa.areas.accounts.services import doors, settings
from daifa.areas.purchasing.services import links, suppliers
from daifa.areas.purchasing.services.links import Link
from daifa.base import audit
from daifa.base.actor import Actor

DOOR = "supplier"


def ensure(*, by: Actor, supplier_id: UUID) -> Link:
    """The supplier's link, good for the days set from now; a new one when none opens."""
    by.need_supplier(supplier_id)
    days = settings.number("link_days")
    known = links.live(supplier_id)
    if known is not None:
        links.prolong(known.id, days=days)
        return links.live(supplier_id) or known
    made = links.make(by=by, supplier_id=supplier_id, days=days)
    doors.open_door(DOOR, made.token, made.id)
    name = suppliers.get(supplier_id).name
    audit.record(by, "purchasing.link", f"生成 {name} 的链接", kind="supplier", object_id=supplier_id)
    return made


def hand_out(*, by: Actor, supplier_id: UUID) -> Link:
    """The supplier's link for somebody to pass on; who took it is in the log, as with a sheet downloaded again."""
    found = ensure(by=by, supplier_id=supplier_id)
    name = suppliers.get(supplier_id).name
    audit.record(by, "purchasing.link", f"复制 {name} 的链接", kind="supplier", object_id=supplier_id)
    return found


def revoke(*, by: Actor, supplier_id: UUID) -> int:
    """Close every link of a supplier; returns how many opened until now."""
    by.need_supplier(supplier_id)
    closed = links.revoke(supplier_id)
    for link_id in closed:
        doors.close_door(DOOR, link_id)
    name = suppliers.get(supplier_id).name
    audit.record(by, "purchasing.link_revoke", f"停用 {name} 的链接", kind="supplier", object_id=supplier_id)
    return len(closed)
