"""The runner of the outbox: for one connection, what is unknown is asked after first, then what is due is done.

One job per connection works at a time (its lock), a slow company holds no slot of another (``serve``: the outside
worker's slots are shared by companies).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.conf import settings
from django.db import transaction

from daifa.areas.mailroom.services import outbox
from daifa.areas.mailroom.types import OutboxItem
from daifa.base import lanes
from daifa.base.jobs import tenant_task
from daifa.base.tenancy import tenant
from daifa.flows import placing
from daifa.flows.steps import answer_case, answer_wish, buy, pay, report_shipment, undo_order, write_memo
from daifa.kit import log
from daifa.kit.errors import AppError

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
    pay.KIND: Kind(pay.do, pay.ask, placing.lost),
    undo_order.CANCEL: Kind(undo_order.do, undo_order.ask, placing.lost),
    undo_order.REFUND: Kind(undo_order.do, undo_order.ask, placing.lost),
    answer_case.KIND: Kind(answer_case.do, answer_case.ask, placing.lost),
    answer_wish.KIND: Kind(answer_wish.do, answer_wish.ask, placing.lost),
    report_shipment.KIND: Kind(report_shipment.do, report_shipment.ask, placing.lost),
    write_memo.KIND: Kind(write_memo.do, write_memo.ask, placing.lost),
}


@tenant_task("outbox.run", queue="outside")
def run(*, tenant_id: int, connection_id: str) -> None:
    """Work off what is due of one connection; what is left over is queued again."""
    if work(tenant_id, UUID(connection_id)) >= AT_ONCE:
        with tenant(tenant_id):
            queue([UUID(connection_id)])


def work(tenant_id: int, connection_id: UUID) -> int:
    """Ask after the unknown, then do what is due; returns how many were worked on.

    Waiting for another company is most of it, so several are on their way at once; how fast it may be asked is the
    limiter's business.
    """
    most = settings.DEED_LANES
    with tenant(tenant_id):
        unknown = outbox.to_ask(connection_id, limit=AT_ONCE)
    lanes.work(_by_subject(unknown), lambda item: _one(tenant_id, item, KINDS[item.kind].ask), lanes=most)
    with tenant(tenant_id):
        due = outbox.due(connection_id, limit=AT_ONCE)
    lanes.work(_by_subject(due), lambda item: _one(tenant_id, item, KINDS[item.kind].do), lanes=most)
    return len(unknown) + len(due)


def _by_subject(items: Sequence[OutboxItem]) -> list[list[OutboxItem]]:
    """What concerns one purchase or parcel is done in turn."""
    groups: dict[UUID, list[OutboxItem]] = {}
    for item in items:
        groups.setdefault(item.subject_id, []).append(item)
    return list(groups.values())


def _one(tenant_id: int, item: OutboxItem, deed: Callable[[int, OutboxItem], None]) -> None:
    with log.about(
        outbox=str(item.id), kind=item.kind, connection=str(item.connection_id), subject=str(item.subject_id),
        order=str(item.order_id or ""), attempt=item.tries + 1,
    ):  # fmt: skip
        try:
            deed(tenant_id, item)
        except Exception:  # noqa: BLE001  # one that breaks must not stop the others; its claim is found lost later
            _log.exception("outbox.broken")
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
        try:
            with transaction.atomic():
                KINDS[item.kind].lost(item)
        except AppError:
            # One that cannot be taken up must not keep the others waiting.
            _log.exception("outbox.lost.broken", outbox=str(item.id))
    busy = outbox.busy()
    queue(busy)
    return len(busy)
