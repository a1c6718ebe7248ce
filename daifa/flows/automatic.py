"""The dial at "automatic": clean orders are routed and bought without a person; and what it would have done."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from daifa.areas.accounts.services import settings, shops
from daifa.areas.orders.services import history, standing
from daifa.areas.orders.services.history import Fact
from daifa.base.actor import Actor
from daifa.base.jobs import tenant_task
from daifa.base.tenancy import tenant
from daifa.flows import advance, outbox_run
from daifa.flows.steps import buy, route
from daifa.kit import clock
from daifa.kit.errors import NotFound
from daifa.kit.ids import uuid7
from daifa.kit.values import dataclass
from daifa.reads import buy_facts, dry_run_facts

BY = Actor(key="automatic", name="自动派单", permissions=frozenset({"*"}), via="system")
TRY_AGAIN = timedelta(minutes=30)


def queue(order_ids: Sequence[UUID]) -> None:
    """Have these orders routed, by a job that commits with the caller's data."""
    route_them.enqueue(lock="route", order_ids=[str(i) for i in order_ids])


@tenant_task("automatic.route")
def route_them(*, tenant_id: int, order_ids: list[str]) -> None:
    """Make the purchases of orders whose shop's dial says so, and queue those that go by API."""
    with tenant(tenant_id):
        wanted = standing.for_the_machine([UUID(i) for i in order_ids])
        placed, plan = route.dispatch(wanted, by=BY, run=f"a{uuid7().hex[-12:]}")
        _leave(plan)
        window = settings.number("cancel_window_minutes")
        outbox_run.queue(buy.queue([p.id for p in placed], by=BY.key, window_minutes=window))


def _leave(plan: route.Preview) -> None:
    """What found no way waits for a person, with the reason; the machine tries again after a while."""
    why = {x.order_id: x.reason for x in plan.left if x.order_id in plan.orders}
    fresh = standing.unrouted({i: why.get(i, "") for i in plan.orders})
    history.write([Fact(i, "routed", f"自动派单没有成功：{why[i]}") for i in fresh])
    advance.settle(list(why))


def sweep() -> int:
    """Queue what a lost job left: orders that wait to be routed, drafts that wait to be placed. Returns how many.

    What found no way before is tried again: stock, prices and links change.
    """
    waiting = dry_run_facts.to_route(clock.now() - TRY_AGAIN, limit=500)
    if waiting:
        queue(waiting)
    drafts = buy_facts.drafts_by_api()
    outbox_run.queue(buy.queue(drafts))
    return len(waiting) + len(drafts)


@dataclass(frozen=True, slots=True)
class DryRun:
    """What "automatic" would do with a shop's orders: how many it would buy, from whom, for how much; what stays."""

    orders: int
    would_buy: int
    cost_fen: int
    margin_fen: int
    by_supplier: tuple[tuple[str, int], ...]
    stays: tuple[tuple[str, int], ...]


def dry_run(shop_id: UUID) -> DryRun:
    """What the dial at "automatic" would do with the orders that wait in this shop now. Changes nothing.

    Raises NotFound.
    """
    if not any(s.id == shop_id for s in shops.list_shops()):
        raise NotFound("no_such_shop", "没有这个店铺。")
    waiting, held = dry_run_facts.of_shop(shop_id)
    plan = route.preview(waiting, by=BY)
    done = [p for p in plan.plans if p.complete]
    names = dry_run_facts.supplier_names()
    suppliers = Counter(names.get(x.supplier_id, "") for p in done for x in p.purchases)
    stays = Counter(held)
    stays.update("；".join(dict.fromkeys(x.reason for x in p.left_out)) for p in plan.plans if not p.complete)
    return DryRun(
        orders=len(waiting) + len(held),
        would_buy=len(done),
        cost_fen=sum(x.landed_fen for p in done for x in p.purchases),
        margin_fen=sum(p.margin_fen or 0 for p in done),
        by_supplier=tuple(suppliers.most_common()),
        stays=tuple(stays.most_common()),
    )
