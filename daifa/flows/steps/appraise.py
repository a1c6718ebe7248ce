"""The clock and the money of orders: deadline, what missing it costs, cost and margin as far as known now."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from uuid import UUID

from daifa.areas.compliance.rules import due_by, loss_if_missed
from daifa.areas.compliance.services import platform_rules
from daifa.areas.compliance.types import DeadlineFacts, LossFacts
from daifa.areas.finance import services as finance
from daifa.areas.finance.rules import margin_of
from daifa.areas.finance.types import LineMoney, Margin, MarginFacts, RefundFact
from daifa.areas.orders.services import demands
from daifa.areas.orders.services.demands import Open
from daifa.areas.purchasing.rules.freight import quote_freight
from daifa.areas.purchasing.rules.quoting import unit_price
from daifa.areas.purchasing.rules.regions import any_covers
from daifa.areas.purchasing.services.offers import Market
from daifa.areas.purchasing.types import OfferView, Place, RouteSettings
from daifa.flows import terms
from daifa.kit import clock
from daifa.kit.money import round_fen
from daifa.kit.values import dataclass
from daifa.reads import money_facts, screening_facts
from daifa.reads.money_facts import LineCost, MoneyRow
from daifa.reads.screening_facts import LineFact

# As routing assumes it where a SKU has no weight.
DEFAULT_WEIGHT_G = RouteSettings().default_weight_g
_BUYING = ("purchase", "freight")


@dataclass(frozen=True, slots=True)
class Appraised:
    """One order's clock and money; None is unknown, never zero."""

    order_id: UUID
    due_by: datetime | None
    due_source: str
    risk_fen: int
    cost_fen: int | None
    margin_fen: int | None
    margin_note: str


@dataclass(frozen=True, slots=True)
class Standing:
    """An order's money without what is still to be bought, fen; None where it is not known.

    ``kept_fen`` after refunds, ``income_fen`` after the platform's charges as well, ``bought_fen`` is bought already.
    """

    kept_fen: int | None
    income_fen: int | None
    bought_fen: int | None


@dataclass(frozen=True, slots=True)
class Estimate:
    """The cheapest way to buy what is still open of an order: goods by line, freight; None where nobody says."""

    goods: Mapping[UUID | None, int | None]
    freight_fen: int | None
    freight_source: str


def run(order_ids: Sequence[UUID], market: Market) -> dict[UUID, Appraised]:
    """The clock and the money of these orders now. Writes nothing."""
    rows = money_facts.load(order_ids)
    facts = margin_facts(rows, market)
    book, rates = platform_rules.rules_for(), finance.rate_table(terms.rates())
    result = {}
    for row in rows:
        deadline = due_by(_deadline_facts(row), book)
        loss = loss_if_missed(LossFacts(row.platform, row.paid_at, row.paid_fen, row.receivable_fen), book)
        margin = margin_of(facts[row.id], rates)
        cost = _cost(margin)
        note = "；".join(margin.missing) if margin.missing else ("估" if margin.estimated else "")
        result[row.id] = Appraised(row.id, deadline.due_by, deadline.source, loss.fen or 0, cost, margin.fen, note)
    return result


def waterfall(order_id: UUID) -> tuple[MarginFacts, Margin]:
    """The margin of one order, step by step, for its drawer."""
    facts = margin_facts(money_facts.load([order_id]), Market(clock.now()))[order_id]
    return facts, margin_of(facts, finance.rate_table(terms.rates()))


def standing(order_ids: Sequence[UUID]) -> dict[UUID, Standing]:
    """What these orders bring and have cost so far, by the steps of their margins: what is bought next comes off it."""
    facts = margin_facts(money_facts.load(order_ids), None)
    rates = finance.rate_table(terms.rates())
    return {i: _standing(margin_of(f, rates)) for i, f in facts.items()}


def _standing(margin: Margin) -> Standing:
    kept = _sum([s.fen for s in margin.steps if s.key in ("receivable", "refund")])
    return Standing(kept, _sum([s.fen for s in margin.steps if s.key not in _BUYING]), _cost(margin))


def _cost(margin: Margin) -> int | None:
    spent = _sum([s.fen for s in margin.steps if s.key in _BUYING])
    return None if spent is None else -spent


def _sum(parts: Sequence[int | None]) -> int | None:
    return None if None in parts else sum(p or 0 for p in parts)


def _deadline_facts(row: MoneyRow) -> DeadlineFacts:
    return DeadlineFacts(
        platform=row.platform,
        paid_at=row.paid_at,
        ship_by=row.ship_by,
        ship_not_before=row.ship_not_before,
        ordered_at=row.ordered_at,
        cash_on_delivery=row.cash_on_delivery,
        province=row.province,
    )


def margin_facts(rows: Sequence[MoneyRow], market: Market | None) -> dict[UUID, MarginFacts]:
    """What the margins of these orders follow from: the file, the purchases, else the cheapest offers now.

    Without a market nothing but what is bought already costs anything.
    """
    ids = [r.id for r in rows]
    lines, costs = screening_facts.lines(ids), money_facts.line_costs(ids)
    # What was shipped by other hands was bought somewhere too: the cheapest offer stands for it, marked as estimated.
    open_by_order = demands.never_bought(ids) if market else {}
    sku_ids = sorted({d.sku_id for listed in open_by_order.values() for d in listed})
    found = market.of(sku_ids) if market else {}
    made = {}
    for row in rows:
        over = market is None or _over(row)
        here = {None, *(x.id for x in lines.get(row.id, ()))}
        wanted = [] if over else [d for d in open_by_order.get(row.id, []) if d.line_id in here]
        estimate = _estimate(row, wanted, found)
        freight, source = _freight(row, estimate, bool(wanted))
        made[row.id] = MarginFacts(
            platform=row.platform,
            day=clock.business_day(row.paid_at or row.ordered_at or (market.now if market else clock.now())),
            lines=tuple(_line(x, costs.get(x.id), estimate, over=over) for x in lines.get(row.id, ())),
            shop_id=row.shop_id,
            paid_fen=row.paid_fen,
            receivable_fen=row.receivable_fen,
            refunded_fen=row.refunded_fen,
            refund=_refund_fact(row),
            platform_fee_fen=row.platform_fee_fen,
            commission_fen=row.commission_fen,
            insurance_fen=row.insurance_fen,
            promoted=row.promoted,
            freight_fen=freight,
            freight_estimated=bool(wanted),
            freight_source=source,
        )
    return made


def _refund_fact(row: MoneyRow) -> RefundFact:
    if row.refund == "full":
        return RefundFact.FULL
    if row.state == "cancelled":
        return RefundFact.CANCELLED
    return RefundFact.PARTLY if row.refund == "partly" else RefundFact.NONE


def _over(row: MoneyRow) -> bool:
    """Whether nothing is bought for it any more: cancelled, or all money went back."""
    return row.state == "cancelled" or row.refund == "full"


def _line(line: LineFact, bought: LineCost | None, estimate: Estimate, *, over: bool) -> LineMoney:
    cost, estimated, source = _line_cost(line, bought, estimate)
    return LineMoney(
        key=line.id,
        quantity=line.quantity,
        amount_fen=line.amount_fen,
        paid_fen=line.paid_fen,
        receivable_fen=line.receivable_fen,
        refunded_fen=line.refunded_fen,
        cost_fen=cost,
        cost_estimated=estimated,
        cost_source=source,
        needed=line.match != "no_ship" and not (over and not (bought is not None and bought.bought)),
    )


def _line_cost(line: LineFact, bought: LineCost | None, estimate: Estimate) -> tuple[int | None, bool, str]:
    if line.match == "none":
        return None, False, "还没有匹配"
    goods = bought.goods_fen or 0 if bought else 0
    if bought is not None and bought.unknown:
        return None, False, "采购单没有单价"
    if line.id not in estimate.goods:
        return (goods, False, "采购单") if bought is not None and bought.bought else (None, False, "没有采购单")
    still = estimate.goods[line.id]
    if still is None:
        return None, True, "没有能供货的供应商"
    return goods + still, True, "供应商报价"


def _freight(row: MoneyRow, estimate: Estimate, still_open: bool) -> tuple[int | None, str]:
    bought = row.bought_freight_fen or 0
    if row.unknown_freight:
        return None, "采购单没有运费"
    if not still_open:
        return (bought, "采购单") if row.bought_lines else (None, "没有采购单")
    if estimate.freight_fen is None:
        return None, estimate.freight_source
    return bought + estimate.freight_fen, estimate.freight_source


def _estimate(row: MoneyRow, wanted: Sequence[Open], found: Mapping[UUID, Sequence[OfferView]]) -> Estimate:
    """Goods and freight together, as routing would buy it: all from one supplier, or each from its own cheapest."""
    if not wanted:
        return Estimate({}, 0, "供应商报价")
    place = Place(row.province, row.city, row.district)
    able = [_by_supplier(found.get(d.sku_id, ()), d.quantity, place) for d in wanted]
    if not all(able):
        # Whoever would send it is not known; nothing is no freight.
        goods: dict[UUID | None, int | None] = {}
        for d, picks in zip(wanted, able, strict=True):
            least = min((p.fen for p in picks.values()), default=None)
            before = goods.get(d.line_id, 0)
            goods[d.line_id] = None if before is None or least is None else before + least
        return Estimate(goods, None, "没有能供货的供应商，不知道运费")
    plans = [tuple(p[supplier] for p in able) for supplier in sorted(set.intersection(*map(set, able)), key=str)]
    if len(able) > 1:
        plans.append(tuple(pick for p in able for pick in _best([(x,) for x in p.values()], place)[0]))
    best, fen, missing = _best(plans, place)
    by_line: dict[UUID | None, int | None] = {}
    for d, pick in zip(wanted, best, strict=True):
        by_line[d.line_id] = (by_line.get(d.line_id) or 0) + pick.fen
    return Estimate(by_line, None, f"{missing}的运费未填") if missing else Estimate(by_line, fen, "供应商报价")


@dataclass(frozen=True, slots=True)
class _Pick:
    """So many pieces of one offer and their price in fen."""

    offer: OfferView
    pieces: int
    fen: int


def _by_supplier(listed: Sequence[OfferView], quantity: int, place: Place) -> dict[UUID, _Pick]:
    """The cheapest offer of each supplier for so many pieces."""
    groups: dict[UUID, list[OfferView]] = defaultdict(list)
    for offer in listed:
        groups[offer.supplier.supplier_id].append(offer)
    best = {i: cheapest(offers, quantity, place) for i, offers in groups.items()}
    return {i: _Pick(found[0], quantity, found[1]) for i, found in best.items() if found is not None}


def _best(plans: Iterable[tuple[_Pick, ...]], place: Place) -> tuple[tuple[_Pick, ...], int, str]:
    """The plan that costs least with its freight, and its ``_freights``; one with an unknown freight comes last."""
    costed = [(plan, *_freights(plan, place)) for plan in plans]
    return min(costed, key=lambda c: (bool(c[2]), c[1] + sum(p.fen for p in c[0])))


def _freights(plan: Sequence[_Pick], place: Place) -> tuple[int, str]:
    """The freight of all boxes as far as it is known, and the supplier whose freight is not ("" for none)."""
    by_supplier: dict[UUID, list[_Pick]] = defaultdict(list)
    for pick in plan:
        by_supplier[pick.offer.supplier.supplier_id].append(pick)
    total, missing = 0, ""
    for picks in by_supplier.values():
        first = picks[0].offer
        pieces = sum(p.pieces for p in picks)
        quote = quote_freight(
            first.freight or first.supplier.freight, place, goods_fen=sum(p.fen for p in picks), pieces=pieces,
            weight_g=DEFAULT_WEIGHT_G * pieces,
        )  # fmt: skip
        if quote is None or quote.missing:
            missing = missing or first.supplier.name
        else:
            total += quote.fen
    return total, missing


def cheapest(listed: Sequence[OfferView], quantity: int, place: Place) -> tuple[OfferView, int] | None:
    """The cheapest offer for so many pieces to a place, with its price in fen; None when nobody offers."""
    best: tuple[OfferView, int] | None = None
    for offer in listed:
        away = (*offer.supplier.not_served, *offer.not_served)
        if offer.supplier.paused or (place.known and any_covers(away, place)):
            continue
        fen = round_fen(unit_price(offer.tiers, max(quantity, offer.minimum)) * quantity)
        if best is None or (fen, str(offer.offer_id)) < (best[1], str(best[0].offer_id)):
            best = (offer, fen)
    return best
