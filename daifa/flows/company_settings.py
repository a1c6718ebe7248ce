"""Settings of the company and its shops as a person changes them: what the old ones judged is judged anew at once."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from daifa.areas.accounts.services import settings, shops
from daifa.areas.accounts.types import ShopView
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


def change_shop(*, by: Actor, shop_id: UUID, version: int, values: Mapping[str, object]) -> ShopView:
    """Change a shop; where its recipients come from decides who waits for one. Raises as ``shops.change_shop``."""
    before = {s.id: s.recipient_path for s in shops.list_shops()}
    shop = shops.change_shop(by=by, shop_id=shop_id, version=version, **values)
    if shop.recipient_path != before[shop_id]:
        sweep.open_orders()
    return shop
