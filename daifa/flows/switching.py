"""Another supplier for a purchase that is held before placing: who could take it for how much, and giving it there."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from uuid import UUID

from daifa.areas.mailroom.services import outbox
from daifa.areas.mailroom.types import OutboxItem
from daifa.areas.orders.services.demands import Open
from daifa.areas.purchasing.rules.merging import MergeSettings
from daifa.areas.purchasing.rules.switching import NOBODY_ELSE, Cost, Switch, Way, nobody_else, switches, ways
from daifa.areas.purchasing.services import placements, purchases
from daifa.areas.purchasing.types import RouteOrder
from daifa.base.actor import SYSTEM, Actor
from daifa.flows import dispatching, outbox_run, placing
from daifa.flows.steps import buy, route
from daifa.flows.steps.route import LaidOut, Preview
from daifa.kit.errors import Conflict, Invalid
from daifa.kit.ids import uuid7
from daifa.kit.money import format_yuan
from daifa.kit.values import dataclass
from daifa.ports.shop import RecipientState
from daifa.reads import buy_facts, routing_facts
from daifa.reads.buy_facts import BuyPurchase
from daifa.reads.routing_facts import RoutingRow


@dataclass(frozen=True, slots=True)
class HeldDeed:
    """A placing that waits for a person: its outbox row, its purchase, what the supplier asks now (fen)."""

    id: UUID
    purchase_id: UUID
    quoted_fen: int | None


@dataclass(frozen=True, slots=True)
class Offered:
    """The other suppliers, the best first; ``why`` there are none, with each one's reason in ``text``."""

    choices: tuple[Switch, ...]
    why: str = ""
    text: str = ""


def quoted(result: Mapping[str, object]) -> int | None:
    """What the supplier asked when it was held, fen."""
    fen = result.get("quoted_fen")
    return fen if isinstance(fen, int) else None


def offered(deeds: Sequence[HeldDeed], *, within: frozenset[UUID] | None = None) -> dict[UUID, Offered]:
    """For each of these deeds who else could supply all of it. Loads for all of them at once; changes nothing.

    ``within``: only these suppliers are told of (None: all).
    """
    if not deeds:
        return {}
    bought = {p.id: p for p in buy_facts.load([d.purchase_id for d in deeds])}
    rows = {r.id: r for r in routing_facts.load(sorted({o.id for p in bought.values() for o in p.orders}))}
    wanted: dict[UUID, list[Open]] = defaultdict(list)
    for p in bought.values():
        for x in p.lines:
            wanted[x.order_id].append(Open(x.demand_id, x.order_id, None, x.sku_id, x.qty))
    laid, how = route.lay_out(rows, wanted), route.merging()
    orders = {o.order_id: o for o in laid.orders}
    found = {
        d.id: _offered(d, bought[d.purchase_id], orders, rows, laid, how) for d in deeds if d.purchase_id in bought
    }
    return found if within is None else {i: _told(o, within) for i, o in found.items()}


def _told(offer: Offered, within: frozenset[UUID]) -> Offered:
    choices = tuple(c for c in offer.choices if c.supplier_id in within)
    return Offered(choices) if choices else Offered((), NOBODY_ELSE)


def pieces_of(p: BuyPurchase) -> dict[UUID, int]:
    """The living pieces of a purchase by demand."""
    pieces: dict[UUID, int] = defaultdict(int)
    for x in p.lines:
        pieces[x.demand_id] += x.qty
    return dict(pieces)


def _offered(
    deed: HeldDeed,
    p: BuyPurchase,
    orders: Mapping[UUID, RouteOrder],
    rows: Mapping[UUID, RoutingRow],
    laid: LaidOut,
    how: MergeSettings,
) -> Offered:
    pieces = pieces_of(p)
    mine = [_only(orders[o.id], pieces) for o in p.orders if o.id in orders]
    found = ways(mine, laid.offers, laid.settings, laid.now)
    costs = {i: _cost(way, rows, laid, how) for i, way in found.items()}
    choices = switches(mine, found, costs, laid.settings, laid.now, away_from=p.supplier_id, quoted_fen=deed.quoted_fen)
    if choices:
        return Offered(choices)
    text = nobody_else(mine, laid.offers, laid.settings, laid.now, away_from=p.supplier_id)
    return Offered((), NOBODY_ELSE, text)


def _only(order: RouteOrder, pieces: Mapping[UUID, int]) -> RouteOrder:
    """The order with these pieces alone, each demand once, nobody's choice."""
    demands = {
        d.demand_id: replace(d, quantity=pieces[d.demand_id], choice=None)
        for d in order.demands
        if d.demand_id in pieces
    }
    return replace(order, demands=tuple(demands.values()))


def _cost(way: Way, rows: Mapping[UUID, RoutingRow], laid: LaidOut, how: MergeSettings) -> Cost:
    """What the purchases that would be made cost, joined as they would be."""
    made = route.join(Preview(way.plans, (), rows, {}, laid.factories), SYSTEM, how)
    freights = [p.freight_fen for p in made]
    goods = sum(line.goods_fen or 0 for p in made for line in p.lines)
    return Cost(goods, None if None in freights else sum(f or 0 for f in freights))


# --- doing -------------------------------------------------------------------------------------------------------

CANNOT = "{}现在发不全这些商品，请刷新后另选一家。"
_NOT_HELD: Mapping[str, str] = {
    "ready": "这一单已经放行，正要下单，不能换供应商。请等它有了结果。",
    "calling": "这一单正在下单，不能换供应商。请等它有了结果。",
    "unknown": "这一单下了没有还没查清，不能换供应商，以免买两次。",
    "person": "这一单对方可能已经有了，请先核对，不能换供应商。",
    "refused": "这一单对方已经拒绝，商品已经回到待派单，请到派单里换供应商。",
    "confirmed": "这一单已经下成了，不能换供应商。要撤回请到采购单里追回。",
    "void": "这一单刚刚有人处理过了，请刷新。",
}


def switch(*, by: Actor, item: OutboxItem, supplier_id: UUID, seen_fen: int | None = None) -> str:
    """Give exactly what is held to another supplier, as a person's word. The orders and the deed are locked by now.

    ``seen_fen``: the landed cost that the person saw; dearer than that is not bought. Raises Conflict, NotAllowed,
    Invalid.
    """
    p = _takeable(by, item, supplier_id)
    offer = offered([HeldDeed(item.id, p.id, quoted(item.result))])[item.id]
    choice = next((c for c in offer.choices if c.supplier_id == supplier_id), None)
    if choice is None:
        raise Conflict("cannot_supply", f"{offer.why}。{offer.text}" if offer.why else CANNOT.format("这家"))
    if seen_fen is not None and (choice.landed_fen is None or choice.landed_fen > seen_fen):
        now = "运费未填" if choice.landed_fen is None else f"现在要 {format_yuan(choice.landed_fen)}"
        raise Conflict("price_moved", f"{choice.name} 的价格刚变了（{now}），请看过再按。")
    why = f"{p.number} 没有下过单，{by.name} 换 {choice.name}"
    outbox.decide(item.id, "void", why)
    if p.state == "draft":
        dispatching.withdraw(by=by, purchase_ids=[p.id], why=f"{p.number} 撤下，没有下过单", again=True)
    else:
        # It was on its way before, with a known no: the attempt is over.
        placing.give_up(p, item.reference, why)
    numbers, lines = _buy_there(by, p, choice)
    outbox_run.queue(lines)
    money = f"（{choice.said}）" if choice.said else ""
    return f"{p.number} 从 {p.supplier} 换给 {choice.name}{money}，新采购单 {'、'.join(numbers)}"


def _takeable(by: Actor, item: OutboxItem, supplier_id: UUID) -> BuyPurchase:
    """The purchase behind a deed that may go to somebody else, nothing of it being with its supplier."""
    [p] = _untouched(by, [item])
    if p.supplier_id == supplier_id:
        raise Invalid("same_supplier", f"这一单本来就在 {p.supplier}，请选别的供应商。")
    by.need_supplier(supplier_id)
    return p


def _untouched(by: Actor, items: Sequence[OutboxItem]) -> list[BuyPurchase]:
    """The purchases behind these deeds, nothing of them being with their suppliers. Raises Conflict, Invalid."""
    by.need("purchasing.edit")
    for item in items:
        if item.kind != buy.KIND:
            raise Invalid("not_a_placing", "只有下单能换供应商或改发表格。")
        if item.state != "held":
            raise Conflict("not_held", _NOT_HELD[item.state])
    found = buy_facts.load([i.subject_id for i in items])
    stands = {"unknown", "placed", "shipped", "done"}
    there = placements.of_purchases([p.id for p in found])
    for p in found:
        by.need_supplier(p.supplier_id)
        for order in p.orders:
            by.need_shop(order.shop_id)
        if any(x.state in stands for x in there.get(p.id, [])):
            raise Conflict("may_stand", f"{p.number} 在 {p.supplier} 已经下过单或还没查清，请先核对，以免买两次。")
    return found


def by_sheet(*, by: Actor, items: Sequence[OutboxItem]) -> str:
    """Send what is held before placing by sheet instead. The orders and the deeds are locked by now.

    Raises Conflict, Invalid, NotAllowed: all of them go, or none.
    """
    found = _untouched(by, items)
    for p in found:
        if p.factory:
            raise Invalid("at_a_factory", f"{p.number} 交给平台上的厂家，不能改发表格。")
        if p.state != "draft":
            raise Conflict("already_sent", f"{p.number} 已经向 {p.supplier} 下过单，不能改发表格。")
        unread = next((o for o in p.orders if o.recipient_state != RecipientState.PLAIN.value), None)
        if unread is not None:
            raise Conflict(
                "no_recipient", f"订单 {unread.number} 没有可读的收件人，表格里写不了地址。请先补收件人或解密。"
            )
    for item in items:
        outbox.decide(item.id, "void", f"{by.name} 改发表格")
    purchases.by_sheet([p.id for p in found])
    first = f"{found[0].number}（{found[0].supplier}）"
    return f"{first if len(found) == 1 else f'{len(found)} 张采购单'}改发表格，请到“发给供应商”发出"


def _buy_there(by: Actor, p: BuyPurchase, choice: Switch) -> tuple[list[str], list[UUID]]:
    """The same pieces at the chosen supplier, on their usual way; numbers and the connections that have work now."""
    orders = [o.id for o in p.orders]
    placed, plan = route.dispatch(
        orders,
        by=by,
        choices=dict.fromkeys(orders, choice.supplier_id),
        only=pieces_of(p),
        run=f"s{uuid7().hex[-12:]}",
    )
    if plan.left:
        raise Conflict("cannot_dispatch", f"订单 {plan.left[0].number} 现在不能派单：{plan.left[0].reason}")
    whole = {i for x in placed for i in x.order_ids} == set(orders)
    if not whole or {x.supplier_id for x in placed} != {choice.supplier_id}:
        raise Conflict("cannot_supply", CANNOT.format(choice.name))
    return [x.number for x in placed], buy.queue([x.id for x in placed], by=by.key)
