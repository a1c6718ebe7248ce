"""What a supplier's freight template costs for a parcel: per purchase, by weight, or by piece."""

from __future__ import annotations

from daifa.areas.purchasing.rules.regions import any_covers
from daifa.areas.purchasing.types import FreightBasis, FreightQuote, FreightTemplate, FreightZone, Place
from daifa.kit.money import Fen, format_yuan

UNITS = {FreightBasis.ORDER: "", FreightBasis.WEIGHT: "克", FreightBasis.PIECE: "件"}


def quote_freight(
    template: FreightTemplate, place: Place, *, goods_fen: Fen, pieces: int, weight_g: int, weight_assumed: bool = False
) -> FreightQuote | None:
    """The freight of one purchase; None when the template has no price for the place (it is not served).

    An unknown place takes the dearest zone and says so: a purchase must not look cheaper than it will be.
    """
    if not template.stated:
        return FreightQuote(0, True, "运费未填", missing=True)
    if reason := _free(template, place, goods_fen, pieces):
        return FreightQuote(0, False, reason)
    units = {FreightBasis.ORDER: 1, FreightBasis.WEIGHT: max(weight_g, 1), FreightBasis.PIECE: pieces}[template.basis]
    if place.known:
        zone = zone_of(template, place)
        if zone is None:
            return None
    else:
        zone = max(template.zones, key=lambda z: _price(z, template.basis, units), default=None)
        if zone is None:
            return None
    fen = _price(zone, template.basis, units)
    unsure = (not place.known and len(template.zones) > 1) or (weight_assumed and template.basis is FreightBasis.WEIGHT)
    return FreightQuote(fen, unsure, _why(zone, template.basis, units, fen))


def zone_of(template: FreightTemplate, place: Place) -> FreightZone | None:
    """The zone that prices a known place: a named one before "everywhere else"."""
    rest: FreightZone | None = None
    for zone in template.zones:
        if not zone.regions:
            rest = rest or zone
        elif any_covers(zone.regions, place):
            return zone
    return rest


def _free(template: FreightTemplate, place: Place, goods_fen: Fen, pieces: int) -> str:
    if template.free_regions and not any_covers(template.free_regions, place):
        return ""
    if place.known and zone_of(template, place) is None:
        return ""
    if template.free_over_fen is not None and goods_fen >= template.free_over_fen:
        return f"满 {format_yuan(template.free_over_fen)} 包邮"
    if template.free_over_pieces is not None and pieces >= template.free_over_pieces:
        return f"满 {template.free_over_pieces} 件包邮"
    return ""


def _price(zone: FreightZone, basis: FreightBasis, units: int) -> Fen:
    if basis is FreightBasis.ORDER or units <= zone.first:
        return zone.first_fen
    steps = -(-(units - zone.first) // max(zone.step, 1))
    return zone.first_fen + steps * zone.step_fen


def _why(zone: FreightZone, basis: FreightBasis, units: int, fen: Fen) -> str:
    if fen == 0:
        return "包邮"
    if basis is FreightBasis.ORDER:
        return f"每单 {format_yuan(fen)}"
    unit = UNITS[basis]
    if units <= zone.first:
        return f"首 {zone.first} {unit} {format_yuan(zone.first_fen)}"
    return (
        f"{units} {unit}：首 {zone.first} {unit} {format_yuan(zone.first_fen)}"
        f"，续每 {zone.step} {unit} {format_yuan(zone.step_fen)}"
    )
