"""What goes on by itself once it is known what an order waits for: queued with the data, done by jobs.

A queued job that is lost costs minutes: the sweep finds the same orders again by their step.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from uuid import UUID

from daifa.areas.orders.rules.steps import Step

AT_ONCE = 500


def undone(connections: Sequence[UUID]) -> None:
    """What was noted for these connections is worked off once the caller's data stands."""
    from daifa.flows import outbox_run

    outbox_run.queue(connections)


def after(steps: Mapping[UUID, Step], untold: Sequence[UUID]) -> None:
    """Orders that route by themselves are routed; boxes that no shop knows of are told, where that goes by API."""
    # The jobs use ``advance``, which calls this: they are named when they are needed.
    from daifa.flows import automatic, outbox_run
    from daifa.flows.steps import report_shipment

    ready = sorted(i for i, step in steps.items() if step is Step.ROUTE)
    for start in range(0, len(ready), AT_ONCE):
        automatic.queue(ready[start : start + AT_ONCE])
    if untold:
        outbox_run.queue(report_shipment.queue(untold))
