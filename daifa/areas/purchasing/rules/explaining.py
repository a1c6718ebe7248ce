"""From a finished search to sentences: each supplier looked at, chosen or why not, and the headline."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from daifa.areas.purchasing.rules import route_words as words
from daifa.areas.purchasing.rules.eligibility import Options
from daifa.areas.purchasing.rules.search import Scored, Unit
from daifa.areas.purchasing.types import (
    Candidate,
    PlannedPurchase,
    RouteOrder,
    RouteSettings,
    SupplierView,
    Verdict,
)
from daifa.kit.money import format_yuan
from daifa.kit.values import dataclass


@dataclass(frozen=True, slots=True)
class Story:
    """Everything the explanation needs: what was asked, what was looked at, what was chosen.

    ``split`` is the best way without preference for one supplier; ``singles`` the suppliers that could take the whole
    order; ``bypassed`` those that could have, had no person chosen otherwise.
    """

    order: RouteOrder
    settings: RouteSettings
    now: datetime
    options: Sequence[Options]
    units: Sequence[Unit]
    chosen: Scored
    split: Scored
    singles: Mapping[UUID, Scored]
    bypassed: Mapping[UUID, Scored]

    def names(self, purchase: PlannedPurchase) -> str:
        """The goods of a purchase in words."""
        by_id = {d.demand_id: d.name for d in self.order.demands}
        return words.goods_list([(by_id[line.demand_id], line.quantity) for line in purchase.lines])


def candidates_of(story: Story) -> tuple[Candidate, ...]:
    """One candidate per supplier: the chosen ones first, then what was possible by cost, then the rest by name."""
    chosen = {p.supplier_id: p for p in story.chosen.purchases}
    found = []
    for supplier in suppliers_of(story.options):
        if supplier.supplier_id in chosen:
            found.append(_chosen(story, supplier, chosen[supplier.supplier_id]))
        elif (way := story.singles.get(supplier.supplier_id)) or (way := story.bypassed.get(supplier.supplier_id)):
            found.append(_possible(story, supplier, way))
        else:
            found.append(_partial_or_excluded(story.options, supplier))
    rank = {Verdict.CHOSEN: 0, Verdict.POSSIBLE: 1, Verdict.PARTIAL: 2, Verdict.EXCLUDED: 3}
    found.sort(key=lambda c: (rank[c.verdict], c.landed_fen or 0, c.supplier_name, c.supplier_id))
    return tuple(found)


def candidates_of_nothing(options: Sequence[Options]) -> tuple[Candidate, ...]:
    """The candidates of an order that nobody can supply."""
    return tuple(_partial_or_excluded(options, supplier) for supplier in suppliers_of(options))


def suppliers_of(options: Sequence[Options]) -> list[SupplierView]:
    """Every supplier that was looked at, by name."""
    seen: dict[UUID, SupplierView] = {}
    for option in options:
        for offer in option.usable:
            seen[offer.supplier.supplier_id] = offer.supplier
        for offer, _ in option.refused:
            seen[offer.supplier.supplier_id] = offer.supplier
    return sorted(seen.values(), key=lambda s: (s.name, s.supplier_id)) if len(seen) > 1 else list(seen.values())


def headline_of(story: Story, candidates: Sequence[Candidate]) -> str:
    """The decision in one sentence: the chosen supplier's own, or who gets what when the order is split."""
    purchases = story.chosen.purchases
    if len(purchases) == 1:
        return candidates[0].text
    shares = "、".join(f"{p.supplier_name}（{story.names(p)}）{format_yuan(p.landed_fen)}" for p in purchases)
    total = f"拆给 {len(purchases)} 家：{shares}，合计 {format_yuan(story.chosen.landed_fen)}"
    if not story.singles:
        return f"{total}；没有一家能供齐整单。" if not story.bypassed else f"{total}；按指定的供应商拆开。"
    single = min(story.singles.values(), key=lambda s: s.rank)
    name = single.purchases[0].supplier_name
    why = f"，超过“少拆单”的上限 {format_yuan(story.settings.single_extra_fen)}"
    if single.late and not story.chosen.late:
        why = "，而且整单会赶不上截止"
    return f"{total}，{words.compare(story.chosen.landed_fen, single.landed_fen, f'整单给 {name}')}{why}。"


def _supplier(story: Story, supplier_id: UUID) -> SupplierView:
    return next(s for s in suppliers_of(story.options) if s.supplier_id == supplier_id)


def _facts(story: Story, supplier: SupplierView, purchase: PlannedPurchase) -> str:
    return f"{words.speed(purchase, story.now, story.order.due_by)}；{words.record(supplier.record, story.settings)}。"


def _cost(purchase: PlannedPurchase) -> str:
    return words.cost(purchase.goods_fen, purchase.freight)


def _chosen(story: Story, supplier: SupplierView, purchase: PlannedPurchase) -> Candidate:
    mine = {line.demand_id for line in purchase.lines}
    choice = next(
        (
            u.demand.choice
            for u in story.units
            if u.demand.demand_id in mine and u.demand.choice and u.demand.choice.supplier_id == supplier.supplier_id
        ),
        None,
    )
    said = [f"{words.chosen_by(choice)}，{_cost(purchase)}" if choice else _cost(purchase)]
    if len(story.chosen.purchases) > 1:
        said[0] = f"供 {story.names(purchase)}，{said[0]}"
    else:
        said.append(_against_others(story, supplier, by_person=choice is not None))
    head = "，".join(s for s in said if s)
    saving = story.chosen.landed_fen - story.split.landed_fen
    if len(story.split.purchases) > len(story.chosen.purchases) and saving > 0:
        limit = format_yuan(story.settings.single_extra_fen)
        head += f"；拆给 {len(story.split.purchases)} 家可省 {format_yuan(saving)}，没超过“少拆单”的上限 {limit}，不拆"
    return Candidate(
        supplier_id=supplier.supplier_id,
        supplier_name=supplier.name,
        verdict=Verdict.CHOSEN,
        landed_fen=purchase.landed_fen,
        late=_late(story, purchase),
        text=f"选了 {supplier.name}：{head}；{_facts(story, supplier, purchase)}",
    )


def _late(story: Story, purchase: PlannedPurchase) -> bool:
    return story.order.due_by is not None and purchase.ready_by > story.order.due_by


def _against_others(story: Story, supplier: SupplierView, *, by_person: bool) -> str:
    others = {**story.bypassed, **story.singles}
    rivals = [way for key, way in others.items() if key != supplier.supplier_id]
    if not rivals:
        return "只有这一家能供" if len(suppliers_of(story.options)) == 1 else "其他家这次都供不了整单"
    rival = min(rivals, key=lambda s: s.rank)
    mine, theirs = story.chosen.landed_fen, rival.landed_fen
    said = words.compare(mine, theirs, rival.purchases[0].supplier_name)
    if mine > theirs and not by_person:
        said += _why_dearer(story, supplier, rival)
    return said


def _why_dearer(story: Story, supplier: SupplierView, rival: Scored) -> str:
    other = _supplier(story, rival.purchases[0].supplier_id)
    if rival.late and not story.chosen.late:
        return f"，但 {other.name} 赶不上截止"
    mine, theirs = supplier.record, other.record
    if mine.on_time is not None and theirs.on_time is not None and theirs.on_time < mine.on_time:
        return f"，但 {other.name} 准时只有 {words.percent(theirs.on_time)}"
    if theirs.refused is not None and theirs.refused > (mine.refused or 0):
        return f"，但 {other.name} 拒单 {words.percent(theirs.refused)}"
    return f"，但 {other.name} 没有足够的履约记录" if theirs.orders < story.settings.record_min_orders else ""


def _possible(story: Story, supplier: SupplierView, way: Scored) -> Candidate:
    purchase, chosen = way.purchases[0], story.chosen
    name = chosen.purchases[0].supplier_name if len(chosen.purchases) == 1 else "现在的拆法"
    text = (
        f"没选 {supplier.name}：{_cost(purchase)}，{words.compare(purchase.landed_fen, chosen.landed_fen, name)}"
        f"；{_facts(story, supplier, purchase)}"
    )
    return Candidate(supplier.supplier_id, supplier.name, Verdict.POSSIBLE, purchase.landed_fen, way.late, text)


def _partial_or_excluded(options: Sequence[Options], supplier: SupplierView) -> Candidate:
    """A supplier that cannot take the whole order: what it could take, and why not the rest."""
    can, reasons, without = list[str](), dict[str, None](), list[str]()
    for option in options:
        if any(o.supplier.supplier_id == supplier.supplier_id for o in option.usable):
            can.append(option.demand.name)
            continue
        said = [why for o, why in option.refused if o.supplier.supplier_id == supplier.supplier_id]
        reasons.update(dict.fromkeys(said))
        if not said:
            without.append(option.demand.name)
    if can:
        lacking = [f"不供 {'、'.join(without)}"] if without else []
        said_all = "；".join([*reasons, *lacking]) or "合起来达不到起批量或库存不够分"
        text = f"没选 {supplier.name}：只能供 {'、'.join(can)}；{said_all}。"
        return Candidate(supplier.supplier_id, supplier.name, Verdict.PARTIAL, None, False, text)
    text = f"排除 {supplier.name}：{'；'.join(reasons)}。"
    return Candidate(supplier.supplier_id, supplier.name, Verdict.EXCLUDED, None, False, text)
