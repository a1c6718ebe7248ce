"""Freight templates and price tiers as the JSON documents that rows keep, and back.

A document that cannot be read raises Invalid and says what is wrong: a price is never guessed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal, InvalidOperation

from daifa.areas.purchasing.types import FreightBasis, FreightTemplate, FreightZone, PriceTier
from daifa.kit.errors import Invalid

type Json = Mapping[str, object]


def freight_of(document: Json) -> FreightTemplate:
    """The freight template of a document; an empty one means "not stated"."""
    if not document:
        return FreightTemplate(zones=(), stated=False)
    try:
        basis = FreightBasis(str(document.get("basis", "order")))
    except ValueError as error:
        raise _bad("运费计费方式", document.get("basis"), "请选 按单、按重量 或 按件") from error
    zones = document.get("zones")
    if not isinstance(zones, Sequence) or not zones:
        raise _bad("运费分区", zones, "至少要有一个分区")
    return FreightTemplate(
        basis=basis,
        zones=tuple(_zone(z) for z in zones),
        free_over_fen=_optional(document, "free_over_fen", "包邮金额"),
        free_over_pieces=_optional(document, "free_over_pieces", "包邮件数"),
        free_regions=_names(document.get("free_regions", ())),
    )


def freight_document(template: FreightTemplate) -> dict[str, object]:
    """The document of a freight template."""
    if not template.stated:
        return {}
    return {
        "basis": template.basis.value,
        "zones": [
            {
                "regions": list(z.regions),
                "first": z.first,
                "first_fen": z.first_fen,
                "step": z.step,
                "step_fen": z.step_fen,
            }
            for z in template.zones
        ],
        "free_over_fen": template.free_over_fen,
        "free_over_pieces": template.free_over_pieces,
        "free_regions": list(template.free_regions),
    }


def tiers_of(document: object) -> tuple[PriceTier, ...]:
    """Price tiers of ``[{"min": 1, "price": "12.50"}, …]``, the lowest quantity first; prices are yuan as text."""
    if not isinstance(document, Sequence) or isinstance(document, str) or not document:
        raise _bad("阶梯价", document, "至少要有一档")
    tiers = tuple(sorted((_tier(t) for t in document), key=lambda t: t.min_quantity))
    if len({t.min_quantity for t in tiers}) < len(tiers):
        raise _bad("阶梯价", document, "同一个起订数量写了两次")
    return tiers


def tiers_document(tiers: Sequence[PriceTier]) -> list[dict[str, object]]:
    """The document of price tiers."""
    return [{"min": t.min_quantity, "price": str(t.unit_price)} for t in tiers]


def _zone(value: object) -> FreightZone:
    if not isinstance(value, Mapping):
        raise _bad("运费分区", value, "请重新填写")
    return FreightZone(
        first_fen=_count(value, "first_fen", "首费", least=0),
        first=_count(value, "first", "首重/首件", least=1, default=1),
        step_fen=_count(value, "step_fen", "续费", least=0, default=0),
        step=_count(value, "step", "续重/续件", least=1, default=1),
        regions=_names(value.get("regions", ())),
    )


def _tier(value: object) -> PriceTier:
    if not isinstance(value, Mapping):
        raise _bad("阶梯价", value, "请重新填写")
    least = _count(value, "min", "起订数量", least=1, default=1)
    price = value.get("price")
    if isinstance(price, bool) or not isinstance(price, (str, int)):
        raise _bad("单价", price, "请填金额，如 12.50")
    try:
        yuan = Decimal(price)
    except InvalidOperation as error:
        raise _bad("单价", price, "请填金额，如 12.50") from error
    if not yuan.is_finite() or yuan < 0:
        raise _bad("单价", price, "请填不小于 0 的金额")
    return PriceTier(least, yuan)


def _count(document: Json, key: str, label: str, *, least: int, default: int | None = None) -> int:
    value = document.get(key, default)
    if isinstance(value, bool) or not isinstance(value, int) or value < least:
        raise _bad(label, value, f"请填不小于 {least} 的整数")
    return value


def _optional(document: Json, key: str, label: str) -> int | None:
    return None if document.get(key) is None else _count(document, key, label, least=0)


def _names(value: object) -> tuple[str, ...]:
    if not isinstance(value, Sequence) or isinstance(value, str):
        raise _bad("地区", value, "请填地区名称的列表")
    return tuple(str(v) for v in value)


def _bad(label: str, value: object, fix: str) -> Invalid:
    return Invalid("bad_document", f"“{label}”是“{value}”，读不懂。{fix}。", label=label)
