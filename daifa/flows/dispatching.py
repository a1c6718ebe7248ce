"""派单: what dispatching would do, supplier by supplier; making the purchases as one deed; taking it back."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from daifa.areas.accounts.services import settings
from daifa.areas.mailroom.services import outbox
from daifa.areas.orders.services import history, standing
from daifa.areas.orders.services.history import Fact
from daifa.areas.purchasing.services import dispatches, offers, purchases, suppliers
from daifa.base import audit
from daifa.base.actor import Actor
from daifa.flows import advance, outbox_run, undo
from daifa.flows.dispatch_cards import OrderCard, order_cards, parts_of
from daifa.flows.steps import buy, route
from daifa.flows.steps.route import LeftBehind, Preview
from daifa.kit import clock
from daifa.kit.collecting import patient_collector
from daifa.kit.errors import Conflict, Invalid
from daifa.kit.ids import uuid7
from daifa.kit.money import format_yuan
from daifa.kit.values import dataclass
from daifa.reads import freshness, lacking, order_desk, routing_facts
from daifa.reads.buy_facts import goes_by_api
from daifa.reads.freshness import StaleShop
from daifa.reads.order_filters import OrderFilter
from daifa.reads.touched import Touched

VERB = "dispatch"


@dataclass(frozen=True, slots=True)
class SupplierGroup:
    """What one supplier would get. Money in fen; ``freight_fen``/``margin_fen`` None when a part is unknown.

    ``by_api``: how many of the purchases are placed by API once they are made; the others a person sends.
    """

    supplier_id: UUID
    name: str
    purchases: int
    by_api: int
    pieces: int
    goods_fen: int
    freight_fen: int | None
    margin_fen: int | None
    due_by: datetime | None
    warnings: Mapping[str, int]
    orders: tuple[OrderCard, ...]


@dataclass(frozen=True, slots=True)
class Board:
    """The preview: one line that says it all, the groups, what is left out, and shops whose export is old.

    ``margin_fen`` of the whole orders, also of what was bought of them before (``earlier_fen``); ``income_fen``: what
    is kept of these after refunds. ``elsewhere``: how many orders other stations still hold, by tab.
    """

    line: str
    orders: int
    goods_fen: int
    freight_fen: int
    margin_fen: int | None
    income_fen: int | None
    earlier_fen: int
    margin_missing: int
    groups: tuple[SupplierGroup, ...]
    left: tuple[LeftBehind, ...]
    elsewhere: Mapping[str, int]
    stale: tuple[StaleShop, ...]
    stale_hours: int


def waiting(by: Actor) -> list[UUID]:
    """Every order in the person's scope that waits for dispatch, the nearest deadline first."""
    return order_desk.ids(OrderFilter(step=("dispatch",)), by)


def board(*, by: Actor, order_ids: Sequence[UUID] | None = None, choices: Mapping[UUID, UUID] | None = None) -> Board:
    """What dispatching these orders (all that wait when none is named) would do. Changes nothing."""
    ids = waiting(by) if order_ids is None else order_desk.in_scope(order_ids, by)
    plan = route.preview(ids, choices=choices, by=by)
    groups = _groups(plan, by)
    done = [p for p in plan.plans if p.complete]
    goods = sum(g.goods_fen for g in groups)
    freight = sum(g.freight_fen or 0 for g in groups)
    whole = {c.id: c for g in groups for c in g.orders}
    known = {i: m for i, c in whole.items() if (m := c.order_margin_fen) is not None}
    margin = sum(known.values()) if known else None
    income = sum(plan.money[i].kept_fen or 0 for i in known) if known else None
    before = [c.earlier_fen for c in whole.values() if c.earlier_fen]
    hours = settings.number("stale_export_hours")
    missing = len(whole) - len(known)
    return Board(
        line=_line(
            len(done), sum(g.purchases for g in groups), len(groups), goods + freight, margin, income, missing, before
        ),
        orders=len(done),
        goods_fen=goods,
        freight_fen=freight,
        margin_fen=margin,
        income_fen=income,
        earlier_fen=sum(before),
        margin_missing=missing,
        groups=tuple(groups),
        left=tuple(_with_goods([*plan.left, *_incomplete(plan)])),
        elsewhere={k: n for k, n in order_desk.counts(OrderFilter(), by).items() if k in {"match", "hold"}},
        stale=tuple(freshness.stale_shops([p.order_id for p in done], now=clock.now(), hours=hours)),
        stale_hours=hours,
    )


def _line(
    orders: int,
    bought: int,
    groups: int,
    cost: int,
    margin: int | None,
    income: int | None,
    missing: int,
    before: Sequence[int],
) -> str:
    if not orders:
        return "没有可以派的单"
    boxes = "" if bought == orders else f"（{'拆' if bought > orders else '合'}成 {bought} 张采购单）"
    said = f"{orders} 单{boxes} → {groups} 家供应商，采购 {format_yuan(cost)}"
    if margin is not None:
        said += f"，预计毛利 {format_yuan(margin)}"
        said += f" ({100 * margin / income:.1f}%)" if income and income > 0 else ""
        said += f"，其中 {len(before)} 单之前已采购 {format_yuan(sum(before))} 也算在内" if before else ""
    return said + (f"，{missing} 单毛利暂缺" if missing else "")


def _incomplete(plan: Preview) -> list[LeftBehind]:
    return [
        LeftBehind(p.order_id, plan.orders[p.order_id].number, "；".join(dict.fromkeys(x.reason for x in p.left_out)))
        for p in plan.plans
        if not p.complete
    ]


def _with_goods(left: Sequence[LeftBehind]) -> list[LeftBehind]:
    lacked = lacking.of([x.order_id for x in left])
    return [replace(x, goods=lacked.get(x.order_id, ())) for x in left]


def _groups(plan: Preview, by: Actor) -> list[SupplierGroup]:
    done = [p for p in plan.plans if p.complete]
    made = route.planned(plan, by)
    cards = order_cards(done, plan, parts_of(made, plan.money))
    dues = {i: r.due_by for i, r in plan.orders.items()}
    by_supplier: dict[UUID, list[purchases.NewPurchase]] = defaultdict(list)
    for purchase in made:
        by_supplier[purchase.supplier_id].append(purchase)
    known_suppliers = {s.id: s for s in suppliers.list_suppliers()}
    groups = []
    for supplier_id, bought in by_supplier.items():
        members, supplier = cards[supplier_id], known_suppliers[supplier_id]
        freights = [p.freight_fen for p in bought]
        freight = None if None in freights else sum(f or 0 for f in freights)
        known = [c.margin_fen for c in members if c.margin_fen is not None]
        goods = sum(line.goods_fen or 0 for p in bought for line in p.lines)
        groups.append(
            SupplierGroup(
                supplier_id=supplier_id,
                name=supplier.name,
                purchases=len(bought),
                by_api=sum(goes_by_api(supplier.channel, handover=p.handover, factory=p.factory) for p in bought),
                pieces=sum(line.qty for p in bought for line in p.lines),
                goods_fen=goods,
                freight_fen=freight,
                margin_fen=sum(known) if known else None,
                due_by=min((d for c in members if (d := dues[c.id])), default=None),
                warnings=dict(Counter(kind for c in members for kind in {w.kind for w in c.warnings})),
                orders=tuple(members),
            )
        )
    return sorted(groups, key=lambda g: (-len(g.orders), g.name))


@dataclass(frozen=True, slots=True)
class Dispatched:
    """What was made, and the way back."""

    orders: int
    numbers: tuple[str, ...]
    suppliers: int
    left: tuple[LeftBehind, ...]
    undo: str
    message: str


def dispatch(
    *,
    by: Actor,
    order_ids: Sequence[UUID] | None = None,
    choices: Mapping[UUID, UUID] | None = None,
    stale_confirmed: Collection[UUID] = (),
) -> Dispatched:
    """Make the purchases of these orders (all that wait when none is named) as one deed that can be undone.

    Raises Conflict when a shop's export is old and nobody said that this is known, Invalid when there is nothing.
    """
    ids = waiting(by) if order_ids is None else order_desk.in_scope(order_ids, by)
    ready = [r.id for r in routing_facts.load(ids) if r.step in {"dispatch", "route"}]
    hours = settings.number("stale_export_hours")
    stale = freshness.stale_shops(ready, now=clock.now(), hours=hours)
    if unseen := [s for s in stale if s.id not in set(stale_confirmed)]:
        raise Conflict(
            "stale_export",
            f"{'、'.join(s.name for s in unseen)} 的订单文件已超过 {hours} 小时，之后的取消和改地址看不到。"
            "请先导入新的订单文件，或确认仍然派单。",
            shops=[str(s.id) for s in unseen],
        )
    with patient_collector():
        placed, plan = route.dispatch(ids, by=by, choices=choices, run=f"d{uuid7().hex[-12:]}")
    if not placed:
        why = "；".join(dict.fromkeys(x.reason for x in plan.left if x.reason)) or "没有等待派单的订单"
        raise Invalid("nothing_to_dispatch", f"没有可以派的单：{why[:200]}。")
    outbox_run.queue(buy.queue([p.id for p in placed], by=by.key))
    concerned = sorted({i for p in placed for i in p.order_ids})
    title = f"派单 {len(concerned)} 单 → {len({p.supplier_id for p in placed})} 家供应商"
    token = undo.offer(
        by=by, verb=VERB, title=title, count=len(concerned), data={"purchases": [str(p.id) for p in placed]}
    )
    audit.record(by, "purchasing.dispatch", title, kind="batch", object_id=UUID(token))
    left = f"，{len(plan.left)} 单没有派出" if plan.left else ""
    return Dispatched(
        orders=len(concerned),
        numbers=tuple(p.number for p in placed),
        suppliers=len({p.supplier_id for p in placed}),
        left=plan.left,
        undo=token,
        message=f"已{title}，生成 {len(placed)} 张采购单{left}",
    )


def withdraw(*, by: Actor, purchase_ids: Sequence[UUID], why: str, again: bool = False) -> list[UUID]:
    """Cancel purchases that were not sent; their orders wait for dispatch again. Returns the orders.

    ``again``: the machine may buy the same once more; else it waits for a person. Raises Conflict when one has left.
    """
    for supplier_id in purchases.suppliers_of(purchase_ids):
        by.need_supplier(supplier_id)
    orders = purchases.withdraw_drafts(purchase_ids)
    dispatches.withdraw_ready(purchase_ids)
    outbox.void([x.key for x in outbox.of_subject(purchase_ids) if x.kind == buy.KIND], why)
    history.write([Fact(i, "routed", why, by=by.key, by_name=by.name) for i in orders])
    if not again:
        standing.left_to_people(orders, f"{by.name} {why}，要买请手动派单")
    advance.settle(orders)
    return orders


def _placed(data: Mapping[str, object]) -> list[UUID]:
    named = data.get("purchases")
    return [UUID(str(i)) for i in named] if isinstance(named, list) else []


def _take_back(data: Mapping[str, object], by: Actor) -> str:
    orders = withdraw(by=by, purchase_ids=_placed(data), why="撤销派单，采购单已取消")
    return f"已撤销派单，{len(orders)} 单回到待派单"


undo.register(VERB, "purchasing.edit", _take_back, lambda data: Touched(purchases=_placed(data)))


def remember(*, by: Actor, order_ids: Sequence[UUID], supplier_id: UUID) -> str:
    """记住这个选择: from now on the goods of these orders go to this supplier. Raises NotFound, Invalid."""
    by.need_supplier(supplier_id)
    supplier = suppliers.get(supplier_id)
    skus = routing_facts.open_skus(order_desk.in_scope(order_ids, by))
    if not skus:
        raise Invalid("nothing_to_remember", "这些订单没有待派的商品。")
    offers.remember_choice(sku_ids=skus, supplier_id=supplier_id, by_name=by.name)
    audit.record(
        by, "purchasing.remember", f"{len(skus)} 个规格以后都给 {supplier.name}", kind="supplier",
        object_id=supplier_id, data={"skus": [str(s) for s in skus]},
    )  # fmt: skip
    return f"记住了：{len(skus)} 个规格以后都给 {supplier.name}"
