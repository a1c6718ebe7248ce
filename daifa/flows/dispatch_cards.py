"""One order of the dispatch preview at one supplier: goods, money, and every candidate with its sentence."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from daifa.areas.catalog.services import goods
from daifa.areas.catalog.services.goods import SkuView
from daifa.areas.purchasing.services.purchases import NewLine, NewPurchase
from daifa.areas.purchasing.types import RoutePlan
from daifa.flows import connect
from daifa.flows.steps.appraise import Standing
from daifa.flows.steps.route import Preview
from daifa.kit.money import share
from daifa.kit.values import dataclass
from daifa.reads import offer_desk


@dataclass(frozen=True, slots=True)
class Warned:
    """Something to look at before buying. ``things``: the codes of goods that are to be linked."""

    kind: str
    text: str
    things: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Option:
    """One candidate supplier of an order and the sentence why it was or was not chosen."""

    supplier_id: UUID
    name: str
    verdict: str
    text: str


@dataclass(frozen=True, slots=True)
class OrderCard:
    """What one supplier gets of one order. Money in fen, None when unknown.

    ``margin_fen`` is this supplier's part of ``order_margin_fen``, by what is bought from each now; that of the order
    is without what was bought before as well (``earlier_fen``).
    """

    id: UUID
    number: str
    shop_id: UUID
    region: str
    goods: str
    due_by: datetime | None
    headline: str
    goods_fen: int
    freight_fen: int | None
    margin_fen: int | None
    order_margin_fen: int | None
    earlier_fen: int
    warnings: tuple[Warned, ...]
    candidates: tuple[Option, ...]
    supplier_ids: tuple[UUID, ...]


@dataclass(frozen=True, slots=True)
class Part:
    """What one supplier gets of one order and what that costs, boxes shared as they will be. None when unknown."""

    lines: tuple[tuple[UUID, int], ...]
    goods_fen: int
    freight_fen: int | None
    margin_fen: int | None = None

    @property
    def landed_fen(self) -> int:
        """Goods, and freight as far as it is known."""
        return self.goods_fen + (self.freight_fen or 0)


def margin_of(stands: Standing, parts: Iterable[Part]) -> int | None:
    """An order's margin once these parts are bought as well."""
    bought = list(parts)
    if stands.income_fen is None or stands.bought_fen is None or any(p.freight_fen is None for p in bought):
        return None
    return stands.income_fen - stands.bought_fen - sum(p.landed_fen for p in bought)


def parts_of(made: Iterable[NewPurchase], money: Mapping[UUID, Standing]) -> dict[UUID, dict[UUID, Part]]:
    """By order and supplier what planned purchases buy; the margins of an order's parts add up to its own."""
    lines: dict[UUID, dict[UUID, list[NewLine]]] = defaultdict(lambda: defaultdict(list))
    for purchase in made:
        for line in purchase.lines:
            lines[line.order_id][purchase.supplier_id].append(line)
    found = {}
    for order_id, by_supplier in lines.items():
        parts = {supplier_id: _part(bought) for supplier_id, bought in by_supplier.items()}
        margin = margin_of(money[order_id], parts.values())
        if margin is not None:
            shares = share(margin, [p.landed_fen for p in parts.values()])
            parts = {i: replace(p, margin_fen=fen) for (i, p), fen in zip(parts.items(), shares, strict=True)}
        found[order_id] = parts
    return found


def _part(bought: Sequence[NewLine]) -> Part:
    freights = [x.freight_fen for x in bought]
    return Part(
        lines=tuple((x.sku_id, x.qty) for x in bought),
        goods_fen=sum(x.goods_fen or 0 for x in bought),
        freight_fen=None if None in freights else sum(f or 0 for f in freights),
    )


DEMANDED = "买家对快递有要求（{demand}），会写给供应商；发不了的请换一家"
UNLINKED = "{goods}还没有关联 {supplier} 的平台货源，派单后不会自动下单。请先关联；来不及就派单后改发表格或换供应商"


def _unlinked(
    plans: Sequence[RoutePlan], plan: Preview, skus: Mapping[UUID, SkuView]
) -> dict[tuple[UUID, UUID], Warned]:
    """By order and supplier, what would be placed by API although no offer of the platform is known for it."""
    lines = [
        (routed.order_id, p, line)
        for routed in plans
        if not plan.orders[routed.order_id].handover
        for p in routed.purchases
        if not plan.factories.get(plan.orders[routed.order_id].shop_id, {}).get(p.supplier_id)
        for line in p.lines
    ]
    by_api = offer_desk.by_api([line.offer_id for _, _, line in lines])
    missing = {i for i, (ref, platform) in by_api.items() if not connect.supplier_dialect(platform).offer_ref(ref)}
    found: dict[tuple[UUID, UUID], dict[str, str]] = defaultdict(dict)
    names = {p.supplier_id: p.supplier_name for _, p, _ in lines}
    for order, p, line in lines:
        if line.offer_id in missing:
            sku = skus[line.sku_id]
            found[order, p.supplier_id][sku.code] = f"“{f'{sku.title} {sku.spec}'.strip()}”"
    return {
        (order, supplier): Warned(
            "unlinked", UNLINKED.format(goods="、".join(said.values()), supplier=names[supplier]), tuple(said)
        )
        for (order, supplier), said in found.items()
    }


def _demanded(demand: str) -> tuple[Warned, ...]:
    return (Warned("courier", DEMANDED.format(demand=demand)),) if demand else ()


def order_cards(
    plans: Sequence[RoutePlan], plan: Preview, parts: Mapping[UUID, Mapping[UUID, Part]]
) -> dict[UUID, list[OrderCard]]:
    """The cards of planned orders by supplier, in the order of the plans."""
    skus = {s.id: s for s in goods.views(sorted({d.sku_id for d in plan.demands.values()}))}
    unlinked = _unlinked(plans, plan, skus)
    made: dict[UUID, list[OrderCard]] = defaultdict(list)
    for routed in plans:
        row, stands = plan.orders[routed.order_id], plan.money[routed.order_id]
        mine = parts[routed.order_id]
        for supplier_id, part in mine.items():
            here = unlinked.get((routed.order_id, supplier_id))
            said = [f"{skus[sku].title} {skus[sku].spec}".strip() + f" ×{n}" for sku, n in part.lines]
            made[supplier_id].append(
                OrderCard(
                    id=routed.order_id,
                    number=row.number,
                    shop_id=row.shop_id,
                    region=" ".join(x for x in (row.province, row.city, row.district) if x),
                    goods="；".join(said),
                    due_by=row.due_by,
                    headline=routed.headline,
                    goods_fen=part.goods_fen,
                    freight_fen=part.freight_fen,
                    margin_fen=part.margin_fen,
                    order_margin_fen=margin_of(stands, mine.values()),
                    earlier_fen=stands.bought_fen or 0,
                    warnings=(
                        *(Warned(w.kind.value, w.text) for w in routed.warnings),
                        *((here,) if here else ()),
                        *_demanded(row.courier_demand),
                    ),
                    candidates=tuple(
                        Option(c.supplier_id, c.supplier_name, c.verdict.value, c.text) for c in routed.candidates
                    ),
                    supplier_ids=tuple(dict.fromkeys(p.supplier_id for p in routed.purchases)),
                )
            )
    return made
