"""The runner of the outbox: for one connection, what is unknown is asked after first, then what is due is done.

One job per connection works at a time (its lock), a slow company holds no slot of another (``serve``: the outside
worker's slots are shared by companies).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from uuid import UUID

from daifa.areas.mailroom.services import outbox
from daifa.areas.mailroom.types import OutboxItem
from daifa.base.jobs import tenant_task
from daifa.base.tenancy import tenant
from daifa.flows.steps import answer_case, buy, pay, report_shipment, undo_order
from daifa.kit import log

AT_ONCE = 40
_log = log.get("daifa.outbox")


@dataclass(frozen=True, slots=True)
class Kind:
    """How one kind of fact is done, asked after, and taken up when its process died."""

    do: Callable[[int, OutboxItem], None]
    ask: Callable[[int, OutboxItem], None]
    lost: Callable[[OutboxItem], None]


KINDS: dict[str, Kind] = {
    buy.KIND: Kind(buy.do, buy.ask, buy.lost),
    pay.KIND: Kind(pay.do, pay.ask, pay.lost),
    undo_order.CANCEL: Kind(undo_order.do, undo_order.ask, undo_order.lost),
    undo_order.REFUND: Kind(undo_order.do, undo_order.ask, undo_order.lost),
    answer_case.KIND: Kind(answer_case.do, answer_case.ask, answer_case.lost),
    report_shipment.KIND: Kind(report_shipment.do, report_shipment.ask, report_shipment.lost),
}


@tenant_task("outbox.run", queue="outside")
def run(*, tenant_id: int, connection_id: str) -> None:
    """Work off what is due of one connection; what is left over is queued again."""
    if work(tenant_id, UUID(connection_id)) >= AT_ONCE:
        with tenant(tenant_id):
            queue([UUID(connection_id)])


def work(tenant_id: int, connection_id: UUID) -> int:
    """Ask after the unknown, then do what is due, one after another; returns how many were worked on."""
    with tenant(tenant_id):
        unknown = outbox.to_ask(connection_id, limit=AT_ONCE)
    for item in unknown:
        _one(tenant_id, item, KINDS[item.kind].ask)
    with tenant(tenant_id):
        due = outbox.due(connection_id, limit=AT_ONCE)
    for item in due:
        _one(tenant_id, item, KINDS[item.kind].do)
    return len(unknown) + len(due)


def _one(tenant_id: int, item: OutboxItem, deed: Callable[[int, OutboxItem], None]) -> None:
    log.bind(outbox=str(item.id), kind=item.kind, order=str(item.order_id or ""))
    try:
        deed(tenant_id, item)
    except Exception:  # noqa: BLE001  # one that breaks must not stop the others; its claim is found lost later
        _log.exception("outbox.broken", kind=item.kind)
        with tenant(tenant_id):
            outbox.stumbled(item.id)


def queue(connection_ids: Sequence[UUID]) -> None:
    """Have what is due of these connections worked off, by a job that follows the caller's commit."""
    for connection_id in connection_ids:
        where = f"outbox:{connection_id}"
        run.nudge(where, connection_id=str(connection_id))


def keep_working() -> int:
    """Take up claims whose process died, and queue every connection with something due. Returns how many."""
    for item in outbox.lost():
        KINDS[item.kind].lost(item)
    busy = outbox.busy()
    queue(busy)
    return len(busy)
