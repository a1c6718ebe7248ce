"""The clock and the money of orders: deadline, what missing it costs, cost and margin as far as known now."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from daifa.areas.compliance import services as compliance
from daifa.areas.compliance.rules import due_by, loss_if_missed
from daifa.areas.compliance.types import DeadlineFacts, LossFacts
from daifa.areas.orders.services import demands
from daifa.areas.purchasing.rules.freight import quote_freight
from daifa.areas.purchasing.rules.quoting import unit_price
from daifa.areas.purchasing.rules.regions import any_covers
from daifa.areas.purchasing.services import offers
from daifa.areas.purchasing.types import OfferView, Place
from daifa.kit import clock
from daifa.kit.money import round_fen
from daifa.reads import money_facts
from daifa.reads.money_facts import MoneyRow


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
class Cost:
    """Goods and freight of an order: bought, or the cheapest offer now (``estimated``)."""

    goods_fen: int | None
    freight_fen: int | None
    estimated: bool
    missing: str = ""


def run(order_ids: Sequence[UUID]) -> dict[UUID, Appraised]:
    """The clock and the money of these orders now. Writes nothing."""
    rows = money_facts.load(order_ids)
    now = clock.now()
    book = compliance.rules_for()
    open_by_order = demands.by_order(order_ids)
    sku_ids = sorted({d.sku_id for listed in open_by_order.values() for d in listed})
    found = offers.load(sku_ids, today=clock.business_day(now), now=now)
    result = {}
    for row in rows:
        deadline = due_by(
            DeadlineFacts(
                platform=row.platform,
                paid_at=row.paid_at,
                ship_by=row.ship_by,
                ship_not_before=row.ship_not_before,
                ordered_at=row.ordered_at,
                cash_on_delivery=row.cash_on_delivery,
                province=row.province,
            ),
            book,
        )
        loss = loss_if_missed(LossFacts(row.platform, row.paid_at, row.paid_fen, row.receivable_fen), book)
        cost = _cost(row, open_by_order.get(row.id, []), found)
        margin, note = _margin(row, cost)
        total = None if cost.goods_fen is None or cost.freight_fen is None else cost.goods_fen + cost.freight_fen
        result[row.id] = Appraised(row.id, deadline.due_by, deadline.source, loss.fen or 0, total, margin, note)
    return result


def _cost(row: MoneyRow, wanted: Sequence[demands.Open], found: Mapping[UUID, Sequence[OfferView]]) -> Cost:
    goods = row.goods_fen if row.bought_lines else 0
    freight = row.bought_freight_fen if row.bought_lines else 0
    if row.unknown_goods or row.unknown_freight:
        return Cost(None, None, False, "采购价或运费未知")
    if not wanted:
        return Cost(goods, freight, False) if row.bought_lines else Cost(None, None, False, "还没有采购")
    place = Place(row.province, row.city, row.district)
    by_supplier: dict[UUID, list[tuple[OfferView, int, int]]] = defaultdict(list)
    for d in wanted:
        best = _cheapest(found.get(d.sku_id, ()), d.quantity, place)
        if best is None:
            return Cost(None, None, True, "有商品没有供应商报价")
        by_supplier[best[0].supplier.supplier_id].append((best[0], d.quantity, best[1]))
    for picks in by_supplier.values():
        value = sum(fen for _, _, fen in picks)
        pieces = sum(n for _, n, _ in picks)
        template = picks[0][0].freight or picks[0][0].supplier.freight
        quote = quote_freight(template, place, goods_fen=value, pieces=pieces, weight_g=500 * pieces)
        if quote is None or quote.missing:
            return Cost(None, None, True, f"{picks[0][0].supplier.name}的运费未填")
        goods = (goods or 0) + value
        freight = (freight or 0) + quote.fen
    return Cost(goods, freight, True)


def _cheapest(listed: Sequence[OfferView], quantity: int, place: Place) -> tuple[OfferView, int] | None:
    best: tuple[OfferView, int] | None = None
    for offer in listed:
        if offer.supplier.paused or (place.known and any_covers(offer.supplier.not_served, place)):
            continue
        fen = round_fen(unit_price(offer.tiers, max(quantity, offer.minimum)) * quantity)
        if best is None or (fen, str(offer.offer_id)) < (best[1], str(best[0].offer_id)):
            best = (offer, fen)
    return best


def _margin(row: MoneyRow, cost: Cost) -> tuple[int | None, str]:
    income = row.receivable_fen if row.receivable_fen is not None else row.paid_fen
    if income is None:
        return None, "不知道商家实收"
    if cost.goods_fen is None or cost.freight_fen is None:
        return None, cost.missing
    taken = sum(v or 0 for v in (row.refunded_fen, row.commission_fen, row.platform_fee_fen, row.insurance_fen))
    return income - taken - cost.goods_fen - cost.freight_fen, "估" if cost.estimated else ""
