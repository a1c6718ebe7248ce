"""The runner of the outbox: for one connection, what is unknown is asked after first, then what is due is done.

One job per connection works at a time (its lock), a slow company holds no slot of another (``serve``: the outside
worker's slots are shared by companies).
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from functools import partial
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
from daifa.kit.values import dataclass

AT_ONCE = 40
# One run begins nothing new after so long (seconds): other companies' jobs want their turn.
BEGINS_FOR = 20.0
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
    """Work off what is due of one connection; after a long run, whatever is left over is queued again."""
    began = time.monotonic()
    if work(tenant_id, UUID(connection_id)) and time.monotonic() - began > BEGINS_FOR:
        with tenant(tenant_id):
            queue([UUID(connection_id)])


def work(tenant_id: int, connection_id: UUID) -> int:
    """Ask after the unknown and do what is due, each once; returns how many were worked on.

    Waiting for another company is most of it, so several are on their way at once; how fast it may be asked is the
    limiter's business. What concerns one purchase or parcel is done in turn.
    """
    end = time.monotonic() + BEGINS_FOR
    begun: set[UUID] = set()

    def more() -> list[OutboxItem]:
        if time.monotonic() > end:
            return []
        with tenant(tenant_id):
            found = outbox.to_act(connection_id, without=begun, limit=AT_ONCE)
        begun.update(i.id for i in found)
        return found

    return lanes.work(more, partial(_one, tenant_id), of=lambda i: i.subject_id, lanes=settings.DEED_LANES)


def _one(tenant_id: int, item: OutboxItem) -> None:
    with log.about(
        outbox=str(item.id), kind=item.kind, connection=str(item.connection_id), subject=str(item.subject_id),
        order=str(item.order_id or ""), attempt=item.tries + 1,
    ):  # fmt: skip
        try:
            kind = KINDS[item.kind]
            (kind.ask if item.state == "unknown" else kind.do)(tenant_id, item)
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
