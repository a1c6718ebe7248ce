"""Routed: each open demand gets a supplier with the reasons; a preview first, purchases when a person says so."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import field, replace
from datetime import datetime
from uuid import UUID

from daifa.areas.accounts.services import settings
from daifa.areas.catalog.services import goods
from daifa.areas.orders.services import demands, history, standing
from daifa.areas.orders.services.demands import Open
from daifa.areas.orders.services.history import Fact
from daifa.areas.purchasing.rules.merging import MergeItem, MergeSettings, merge
from daifa.areas.purchasing.rules.run import route_run
from daifa.areas.purchasing.services import offers, purchases, suppliers
from daifa.areas.purchasing.services.purchases import NewLine, NewPurchase, Placed
from daifa.areas.purchasing.types import (
    Candidate,
    OfferView,
    PersonChoice,
    Place,
    PlannedPurchase,
    RouteDemand,
    RouteOrder,
    RoutePlan,
    RouteSettings,
)
from daifa.base.actor import Actor
from daifa.flows import advance, ciphers
from daifa.flows.steps import appraise
from daifa.flows.steps.appraise import Standing
from daifa.kit import clock
from daifa.kit.ids import uuid7
from daifa.kit.money import round_fen, share
from daifa.kit.values import dataclass
from daifa.reads import routing_facts
from daifa.reads.lacking import Lacking
from daifa.reads.routing_facts import RoutingRow


@dataclass(frozen=True, slots=True)
class LeftBehind:
    """An order that cannot be dispatched now, and why; ``goods``: what of it nobody can supply."""

    order_id: UUID
    number: str
    reason: str
    goods: tuple[Lacking, ...] = ()


@dataclass(frozen=True, slots=True)
class Preview:
    """What dispatching these orders would do: plans, what is left behind, and the facts behind them.

    ``money``: what each order brings and what was bought of it before.
    """

    plans: tuple[RoutePlan, ...]
    left: tuple[LeftBehind, ...]
    orders: Mapping[UUID, RoutingRow]
    demands: Mapping[UUID, Open]
    factories: Mapping[UUID, Mapping[UUID, str]]
    money: Mapping[UUID, Standing] = field(default_factory=dict)


def preview(
    order_ids: Sequence[UUID],
    *,
    choices: Mapping[UUID, UUID] | None = None,
    by: Actor | None = None,
    only: Mapping[UUID, int] | None = None,
) -> Preview:
    """Plan the dispatch of orders that wait for it; ``choices`` (order → supplier) are a person's word.

    ``only`` (demand → pieces at most) leaves everything else of these orders as it is.
    """
    rows = {r.id: r for r in routing_facts.load(order_ids)}
    ready = {i: r for i, r in rows.items() if r.step in {"dispatch", "route"}}
    left = [LeftBehind(r.id, r.number, r.why_not) for r in rows.values() if r.id not in ready]
    open_by_order = demands.by_order(list(ready))
    if only is not None:
        open_by_order = {
            i: [replace(d, quantity=min(d.quantity, only[d.id])) for d in listed if d.id in only]
            for i, listed in open_by_order.items()
        }
    money = appraise.standing(list(ready))
    laid = lay_out(ready, open_by_order, choices=choices, by=by, money=money)
    plans = route_run(laid.orders, laid.offers, laid.settings, laid.now)
    by_demand = {d.id: d for listed in open_by_order.values() for d in listed}
    return Preview(tuple(plans), tuple(left), ready, by_demand, laid.factories, money)


@dataclass(frozen=True, slots=True)
class LaidOut:
    """Orders as routing takes them, with everything that it decides by; ``factories`` by shop, then supplier."""

    orders: tuple[RouteOrder, ...]
    offers: Mapping[UUID, Sequence[OfferView]]
    settings: RouteSettings
    now: datetime
    factories: Mapping[UUID, Mapping[UUID, str]]


def lay_out(
    rows: Mapping[UUID, RoutingRow],
    wanted: Mapping[UUID, Sequence[Open]],
    *,
    choices: Mapping[UUID, UUID] | None = None,
    by: Actor | None = None,
    money: Mapping[UUID, Standing] | None = None,
) -> LaidOut:
    """Orders with what is wanted for them, as routing takes them; loaded for all of them at once.

    Without ``money`` the plans say nothing of margins.
    """
    bound = ciphers.bound({r.shop_id for r in rows.values()})
    now = clock.now()
    sku_ids = sorted({d.sku_id for listed in wanted.values() for d in listed})
    found = offers.load(sku_ids, today=clock.business_day(now))
    unread = _unread(rows, wanted, found, bound)
    return LaidOut(tuple(_orders(rows, wanted, choices or {}, by, unread, money or {})), found, _settings(), now, bound)


def _settings() -> RouteSettings:
    return RouteSettings(
        single_extra_fen=settings.number("single_supplier_extra_fen"),
        margin_floor_fen=settings.number("margin_floor_fen"),
        split_quantity=bool(settings.get_all()["split_quantity"]),
    )


def _orders(
    ready: Mapping[UUID, RoutingRow],
    open_by_order: Mapping[UUID, Sequence[Open]],
    choices: Mapping[UUID, UUID],
    by: Actor | None,
    unread: Mapping[UUID, Mapping[UUID, str]],
    money: Mapping[UUID, Standing],
) -> list[RouteOrder]:
    sku_ids = sorted({d.sku_id for listed in open_by_order.values() for d in listed})
    skus = {s.id: s for s in goods.views(sku_ids)}
    remembered = offers.choices(sku_ids)
    made = []
    for order_id, row in ready.items():
        stands = money.get(order_id, Standing(None, None, None))
        choice = _choice(row, choices.get(order_id), by)
        lines = tuple(
            RouteDemand(
                demand_id=d.id,
                sku_id=d.sku_id,
                name=f"{skus[d.sku_id].title} {skus[d.sku_id].spec}".strip(),
                quantity=d.quantity,
                weight_g=skus[d.sku_id].weight_g,
                choice=choice or remembered.get(d.sku_id),
            )
            for d in open_by_order[order_id]
        )
        if lines:
            made.append(
                RouteOrder(
                    order_id=order_id,
                    number=row.number,
                    demands=lines,
                    place=Place(row.province, row.city, row.district),
                    due_by=row.due_by,
                    income_fen=stands.income_fen,
                    bought_fen=stands.bought_fen,
                    late_loss_fen=row.risk_fen or None,
                    excluded={**unread.get(order_id, {}), **row.excluded},
                )
            )
    return made


def _unread(
    ready: Mapping[UUID, RoutingRow],
    open_by_order: Mapping[UUID, Sequence[Open]],
    found: Mapping[UUID, Sequence[OfferView]],
    bound: Mapping[UUID, Mapping[UUID, str]],
) -> dict[UUID, dict[UUID, str]]:
    """For orders whose recipient we cannot read, the suppliers who could do nothing with them, and why.

    Ciphertext goes to those whose platform decrypts it, and to factories bound to the shop. Without even that the
    factories alone are left where they have all of it; else a person lets it through, knowing what they do.
    """
    closed = {i: r for i, r in ready.items() if r.closed and not r.handover}
    if not closed:
        return {}
    every = {s.id for s in suppliers.list_suppliers()}
    carriers = ciphers.carriers() if any(r.cipher for r in closed.values()) else frozenset[UUID]()
    blind = {}
    for i, row in closed.items():
        able = set(bound.get(row.shop_id, ()))
        if row.cipher:
            blind[i] = dict.fromkeys(every - able - carriers, ciphers.WORDS)
        elif all(any(o.supplier.supplier_id in able for o in found.get(d.sku_id, ())) for d in open_by_order[i]):
            blind[i] = dict.fromkeys(every - able, ciphers.UNREAD_WORDS)
    return blind


def _choice(row: RoutingRow, person: UUID | None, by: Actor | None) -> PersonChoice | None:
    """Who is to supply this order whatever it costs: a person's word for it, else a rule's."""
    if person is not None:
        return PersonChoice(person, by.name if by else "人工")
    # A supplier who said no already is not asked again by a rule.
    return PersonChoice(row.ruled, "规则") if row.ruled and row.ruled not in row.excluded else None


def dispatch(
    order_ids: Sequence[UUID],
    *,
    by: Actor,
    choices: Mapping[UUID, UUID] | None = None,
    only: Mapping[UUID, int] | None = None,
    run: str,
) -> tuple[list[Placed], Preview]:
    """Make draft purchases for these orders in the caller's transaction; every decision is kept with its reasons."""
    standing.lock(order_ids)
    plan = preview(order_ids, choices=choices, by=by, only=only)
    complete = [p for p in plan.plans if p.complete]
    wanted = planned(plan, by)
    placed = purchases.place(wanted, day=clock.business_day(clock.now()), run=run)
    purchases.decide([(p.order_id, p.headline, [_candidate(c) for c in p.candidates], by.key) for p in complete])
    batch = uuid7()
    numbers: dict[UUID, list[str]] = defaultdict(list)
    for one in placed:
        for order_id in one.order_ids:
            numbers[order_id].append(one.number)
    history.write([_routed(p, numbers[p.order_id], by, batch) for p in complete])
    advance.settle([p.order_id for p in complete])
    failed = [
        LeftBehind(p.order_id, plan.orders[p.order_id].number, "；".join(dict.fromkeys(x.reason for x in p.left_out)))
        for p in plan.plans
        if not p.complete
    ]
    return placed, replace(plan, left=(*plan.left, *failed))


def _routed(plan: RoutePlan, numbers: Sequence[str], by: Actor, batch: UUID) -> Fact:
    text = f"派单 {'、'.join(numbers)}：{plan.headline}"
    return Fact(plan.order_id, "routed", text, by=by.key, by_name=by.name, batch_id=batch)


def _candidate(c: Candidate) -> dict[str, object]:
    return {"supplier": str(c.supplier_id), "name": c.supplier_name, "verdict": c.verdict.value, "text": c.text}


def planned(plan: Preview, by: Actor) -> list[NewPurchase]:
    """The purchases that a preview's complete orders would become, orders of one recipient joined."""
    return join(plan, by, merging())


def merging() -> MergeSettings:
    """Whether orders of one recipient are joined."""
    return MergeSettings(on=bool(settings.get_all()["merge_recipients"]))


def join(plan: Preview, by: Actor, how: MergeSettings) -> list[NewPurchase]:
    """As ``planned``, by settings that are at hand."""
    parts = [(p.order_id, part) for p in plan.plans if p.complete for part in p.purchases]
    items = [
        MergeItem(
            order_id=order_id,
            number=plan.orders[order_id].number,
            shop_id=plan.orders[order_id].shop_id,
            supplier_id=part.supplier_id,
            recipient_key=plan.orders[order_id].person_hash,
            pieces=sum(line.quantity for line in part.lines),
            handover=plan.orders[order_id].handover or bool(_factory(plan, order_id, part)),
            courier_demand=plan.orders[order_id].courier_demand,
        )
        for order_id, part in parts
    ]
    by_key = {(order_id, part.supplier_id): part for order_id, part in parts}
    made = []
    for group in merge(items, how):
        members = [(i, by_key[i, group.supplier_id]) for i in group.order_ids]
        made.append(_purchase(members, plan, by, group.reason))
    return made


def _factory(plan: Preview, order_id: UUID, part: PlannedPurchase) -> str:
    """The factory on the shop's platform that the supplier is; "" where it is none."""
    return plan.factories.get(plan.orders[order_id].shop_id, {}).get(part.supplier_id, "")


def _purchase(members: Sequence[tuple[UUID, PlannedPurchase]], plan: Preview, by: Actor, note: str) -> NewPurchase:
    first = plan.orders[members[0][0]]
    factory = _factory(plan, *members[0])
    # Joined orders travel in one box: the dearest single freight stands for it, shared by goods value.
    freight = max(p.freight.fen for _, p in members)
    known = not any(p.freight.missing for _, p in members)
    lines = [(order_id, line) for order_id, p in members for line in p.lines]
    shares = share(freight, [line.amount_fen for _, line in lines])
    due = [plan.orders[i].due_by for i, _ in members]
    return NewPurchase(
        supplier_id=members[0][1].supplier_id,
        shop_id=first.shop_id,
        order_id=first.id,
        lines=tuple(
            NewLine(
                demand_id=line.demand_id,
                order_id=order_id,
                sku_id=line.sku_id,
                supply_link_id=line.offer_id,
                qty=line.quantity,
                unit_fen=round_fen(line.unit_price),
                goods_fen=line.amount_fen,
                freight_fen=part if known else None,
            )
            for (order_id, line), part in zip(lines, shares, strict=True)
        ),
        freight_fen=freight if known else None,
        handover=first.handover or bool(factory),
        factory=factory,
        due_by=min((d for d in due if d is not None), default=None),
        note=note,
        decided_by=by.key,
    )
