"""Settings as a person changes them: what was judged by the old ones is judged anew at once."""

from __future__ import annotations

from collections.abc import Mapping

from daifa.areas.accounts.services import settings
from daifa.areas.mailroom.services import outbox
from daifa.base.actor import Actor
from daifa.flows import outbox_run, sweep
from daifa.flows.steps import buy

# Screening holds or passes orders by these.
SCREENED_BY = frozenset(
    {"margin_floor_fen", "duplicate_hours", "unusual_times", "unusual_orders", "deadline_near_hours"}
)
# A placing is held or goes on by these.
SPENT_BY = frozenset({"margin_floor_fen", "cost_rise_fen", "spend_day_fen", "spend_supplier_day_fen"})


def change(*, by: Actor, values: Mapping[str, object]) -> None:
    """Store settings; open orders are screened and held placings priced again, by jobs. Raises Invalid."""
    before = settings.get_all()
    after = settings.change(by=by, values=values)
    moved = {key for key, value in after.items() if value != before[key]}
    if moved & SPENT_BY:
        # The whole decision is made again, over a fresh quote: what still does not pass is held with its new reason.
        outbox_run.queue(outbox.again(buy.KIND, "设置改了，重新核价"))
    if moved & (SCREENED_BY | SPENT_BY):
        sweep.open_orders()
