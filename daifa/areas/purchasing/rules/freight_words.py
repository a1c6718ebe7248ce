"""A freight template and price tiers as a person would say them."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from daifa.areas.purchasing.types import FreightBasis, FreightTemplate, FreightZone, PriceTier
from daifa.kit.money import format_yuan

MISSING = "运费未填"


def freight_words(template: FreightTemplate) -> str:
    """``每单 ¥3.00；新疆、西藏 每单 ¥15.00；满 ¥99.00 包邮；其余地区不发``."""
    if not template.stated:
        return MISSING
    rest = [z for z in template.zones if not z.regions]
    named = [z for z in template.zones if z.regions]
    parts = [_price(z, template.basis) for z in rest[:1]]
    parts += [f"{'、'.join(z.regions)} {_price(z, template.basis)}" for z in named]
    where = f"{'、'.join(template.free_regions)} " if template.free_regions else ""
    if template.free_over_fen is not None:
        parts.append(f"{where}满 {format_yuan(template.free_over_fen)} 包邮")
    if template.free_over_pieces is not None:
        parts.append(f"{where}满 {template.free_over_pieces} 件包邮")
    if not rest:
        parts.append("其余地区不发")
    return "；".join(parts)


def _price(zone: FreightZone, basis: FreightBasis) -> str:
    if basis is FreightBasis.ORDER:
        return "包邮" if zone.first_fen == 0 else f"每单 {format_yuan(zone.first_fen)}"
    if zone.first_fen == 0 and zone.step_fen == 0:
        return "包邮"
    unit = "件" if basis is FreightBasis.PIECE else "克"
    first = f"首 {zone.first} {unit} {format_yuan(zone.first_fen)}"
    return f"{first}，续每 {zone.step} {unit} {format_yuan(zone.step_fen)}" if zone.step_fen else first


def tiers_words(tiers: Sequence[PriceTier], stated_minimum: int = 1) -> str:
    """``¥5.00``, or ``1 件起 ¥5.00，10 件起 ¥4.50``."""
    if len(tiers) == 1 and tiers[0].min_quantity == 1 and stated_minimum == 1:
        return _yuan(tiers[0].unit_price)
    return "，".join(f"{t.min_quantity} 件起 {_yuan(t.unit_price)}" for t in tiers)


def _yuan(price: Decimal) -> str:
    # Unit prices may have more than two decimals (¥0.085 a piece).
    return f"¥{price:,.2f}" if price == price.quantize(Decimal("0.01")) else f"¥{price.normalize():f}"
