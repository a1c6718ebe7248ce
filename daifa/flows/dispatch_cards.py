"""One order of the dispatch preview: its goods, its money, and every candidate with its sentence."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from daifa.areas.catalog.services import goods
from daifa.areas.purchasing.types import RoutePlan
from daifa.flows import connect
from daifa.flows.steps.route import Preview
from daifa.reads import offer_desk


@dataclass(frozen=True, slots=True)
class Warned:
    """Something to look at before buying."""

    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class Option:
    """One candidate supplier of an order and the sentence why it was or was not chosen."""

    supplier_id: UUID
    name: str
    verdict: str
    text: str


@dataclass(frozen=True, slots=True)
class OrderCard:
    """One order as the preview shows it. Money in fen, None when unknown."""

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
    warnings: tuple[Warned, ...]
    candidates: tuple[Option, ...]
    supplier_ids: tuple[UUID, ...]


UNLINKED = "{goods}还没有关联 {supplier} 的平台货源，派单后不会自动下单。请先关联；来不及就派单后改发表格或换供应商"


def _unlinked(plans: Sequence[RoutePlan], plan: Preview, words: Mapping[UUID, str]) -> dict[UUID, list[Warned]]:
    """By order, what would be placed by API although no offer of the supplier's platform is known for it."""
    lines = [
        (routed.order_id, p.supplier_name, line)
        for routed in plans
        if not plan.orders[routed.order_id].handover
        for p in routed.purchases
        if not plan.factories.get(plan.orders[routed.order_id].shop_id, {}).get(p.supplier_id)
        for line in p.lines
    ]
    by_api = offer_desk.by_api([line.offer_id for _, _, line in lines])
    missing = {i for i, (ref, platform) in by_api.items() if not connect.supplier_dialect(platform).offer_ref(ref)}
    found: dict[tuple[UUID, str], list[str]] = defaultdict(list)
    for order, supplier, line in lines:
        if line.offer_id in missing:
            found[order, supplier].append(f"“{words[line.sku_id]}”")
    said: dict[UUID, list[Warned]] = defaultdict(list)
    for (order, supplier), names in found.items():
        said[order].append(Warned("unlinked", UNLINKED.format(goods="、".join(names), supplier=supplier)))
    return said


def order_cards(plans: Sequence[RoutePlan], plan: Preview) -> list[OrderCard]:
    """The cards of planned orders, in the order of the plans."""
    skus = {s.id: s for s in goods.views(sorted({d.sku_id for d in plan.demands.values()}))}
    unlinked = _unlinked(plans, plan, {i: f"{s.title} {s.spec}".strip() for i, s in skus.items()})

    def said(routed: RoutePlan) -> str:
        lines = [line for p in routed.purchases for line in p.lines]
        words = [f"{skus[x.sku_id].title} {skus[x.sku_id].spec}".strip() + f" ×{x.quantity}" for x in lines]
        return "；".join(words)

    made = []
    for routed in plans:
        row = plan.orders[routed.order_id]
        missing = any(p.freight.missing for p in routed.purchases)
        made.append(
            OrderCard(
                id=routed.order_id,
                number=row.number,
                shop_id=row.shop_id,
                region=" ".join(x for x in (row.province, row.city, row.district) if x),
                goods=said(routed),
                due_by=row.due_by,
                headline=routed.headline,
                goods_fen=routed.goods_fen,
                freight_fen=None if missing else routed.freight_fen,
                margin_fen=routed.margin_fen,
                warnings=(
                    *(Warned(w.kind.value, w.text) for w in routed.warnings),
                    *unlinked.get(routed.order_id, ()),
                ),
                candidates=tuple(
                    Option(c.supplier_id, c.supplier_name, c.verdict.value, c.text) for c in routed.candidates
                ),
                supplier_ids=tuple(dict.fromkeys(p.supplier_id for p in routed.purchases)),
            )
        )
    return made
