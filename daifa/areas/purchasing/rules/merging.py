"""合单: which orders of one recipient may travel in one purchase, and which may not."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from daifa.kit.values import dataclass


@dataclass(frozen=True, slots=True)
class MergeItem:
    """What one order buys from one supplier. ``recipient_key`` is a keyed hash of name, phone and full address,
    empty when any of them is absent, masked or ciphertext. ``handover`` orders leave by platform number."""

    order_id: UUID
    number: str
    shop_id: UUID
    supplier_id: UUID
    recipient_key: str
    pieces: int
    handover: bool = False
    courier_demand: str = ""


@dataclass(frozen=True, slots=True)
class MergeSettings:
    """Whether orders are joined, and how many pieces fit one box (0 = no limit)."""

    on: bool = False
    max_pieces: int = 20


@dataclass(frozen=True, slots=True)
class MergeGroup:
    """Orders that travel as one purchase, and why in Chinese."""

    order_ids: tuple[UUID, ...]
    supplier_id: UUID
    reason: str


def merge(items: Iterable[MergeItem], settings: MergeSettings) -> list[MergeGroup]:
    """Group the items of a run; every item is in exactly one group, in an order that the input order does not change.

    Joined are items of the same shop, supplier, recipient and courier demand, as far as a box holds.
    """
    ordered = sorted(items, key=lambda i: (i.supplier_id, i.shop_id, i.recipient_key, i.number, i.order_id))
    groups: list[list[MergeItem]] = []
    for item in ordered:
        if groups and _joins(groups[-1], item, settings):
            groups[-1].append(item)
        else:
            groups.append([item])
    return [_group(members) for members in groups]


def _joins(members: list[MergeItem], item: MergeItem, settings: MergeSettings) -> bool:
    first = members[0]
    if not settings.on or not item.recipient_key or item.handover or first.handover:
        return False
    same = (item.supplier_id, item.shop_id, item.recipient_key, item.courier_demand) == (
        first.supplier_id,
        first.shop_id,
        first.recipient_key,
        first.courier_demand,
    )
    return same and not 0 < settings.max_pieces < sum(m.pieces for m in members) + item.pieces


def _group(members: list[MergeItem]) -> MergeGroup:
    ids = tuple(m.order_id for m in members)
    if len(ids) == 1:
        return MergeGroup(ids, members[0].supplier_id, "")
    numbers = "、".join(m.number for m in members)
    return MergeGroup(
        ids, members[0].supplier_id, f"合单：{len(ids)} 单同一店铺同一收件人（{numbers}），一个包裹发出。"
    )
