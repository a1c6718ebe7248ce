"""The freight of a price list as a supplier writes it, read into a template: 江浙沪包邮；其他首重1kg 5元，续重2元."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cache

from daifa.areas.purchasing.rules.regions import EVERYWHERE, GROUPS
from daifa.areas.purchasing.types import FreightBasis, FreightTemplate, FreightZone
from daifa.kit.geo.gazetteer import gazetteer
from daifa.kit.money import Fen

FIX = (
    "请写成 包邮、每单3元、首件5元续件2元、首重1kg 5元续重1kg 2元 或 满99元包邮，"
    "地区写在前面（如 江浙沪包邮；新疆 首重15元续重10元），不发的地区写在“不发地区”列。"
)
_GRAMS = {"kg": 1000, "公斤": 1000, "千克": 1000, "斤": 500, "g": 1, "克": 1}
_REST = EVERYWHERE | {"其余", "其余地区", "外省", "省外"}
_NUM = r"\d+(?:\.\d+)?"
_YUAN = rf"{_NUM}(?:元|块)?"
_UNIT = "kg|公斤|千克|斤|g|克"
_FREE = "(?:包邮|免邮费?|免运费|包运费)"
_EACH = "(?:(?:不满|未满|不足|否则)收?)?(?:每单|一单|每票|统一|均|都)*"
_PER = rf"(?:/({_NUM})?({_UNIT}))?"
_RULES: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (name, re.compile(pattern))
    for name, pattern in (
        ("free_pieces", rf"(?:满|买)?(\d+)件(?:起|及?以上)?{_FREE}"),
        ("free_amount", rf"(?:满|超过?)({_NUM})(?:元|块)?(?:起|及?以上)?{_FREE}"),
        ("nowhere", "(?:其余|其他|其它)(?:地区)?(?:都|均)?不发货?"),
        ("piece", rf"(?:首|第)(\d+|一)?件(?:内|以内)?[:为]?({_YUAN})(?:/件)?"),
        ("more_pieces", rf"(?:续|[续每](?:增加|加|多)?)每?(\d+|一)?件[:为加]?({_YUAN})(?:/件)?"),
        ("weight", rf"首重?\(?(?:({_NUM})({_UNIT}))?(?:内|以内)?\)?[:为]?({_YUAN}){_PER}"),
        ("weight", rf"()()({_YUAN}){_PER}(?=[,;]?续重)"),
        ("weight", rf"({_NUM})({_UNIT})(?:内|以内)[:为]?({_YUAN})()()"),
        ("more_weight", rf"续重?每?\(?(?:({_NUM})({_UNIT}))?\)?[:为]?({_YUAN}){_PER}"),
        (
            "flat",
            rf"{_EACH}(?:运费|邮费|快递费|快递)?[:为]?({_YUAN})(?:[/每一](?:单|票))?",
        ),
        ("free", _FREE),
    )
)
_BETWEEN = re.compile(r"[,;。、+|]*")
_AND = re.compile(r"[、,/和及]+")
_WHERE = re.compile(r"[\u4e00-\u9fff、,/]*?")


class _Unread(Exception):
    """A part that is no freight."""


@dataclass(slots=True)
class _Reading:
    zones: list[FreightZone] = field(default_factory=list)
    basis: FreightBasis = FreightBasis.ORDER
    free_fen: Fen | None = None
    free_pieces: int | None = None
    free_regions: tuple[str, ...] = ()
    closed: bool = False


def read_freight(text: str) -> FreightTemplate | str:
    """The template that the words mean, or the part that is not understood: a price is never guessed."""
    plain = _plain(text)
    reading = _Reading()
    at = 0
    try:
        while at < len(plain):
            at = _next(plain, at, reading)
        return _template(reading, plain)
    except _Unread as part:
        return str(part)


def _plain(text: str) -> str:
    lines = ";".join(line.strip() for line in unicodedata.normalize("NFKC", text).lower().splitlines() if line.strip())
    plain = re.sub(r"\s+|[¥￥]", "", lines.replace("。", ";"))
    return re.sub(r"(?<=\d),(?=\d{3}(?:\D|$))", "", plain)


def _next(plain: str, at: int, reading: _Reading) -> int:
    """Read one clause that begins here: the places it is for, then what it costs."""
    matched = _BETWEEN.match(plain, at)
    start = at = matched.end() if matched else at
    while at < len(plain):
        where = _regions(plain[start:at])
        for name, pattern in _RULES if where is not None else ():
            if found := pattern.match(plain, at):
                _take(reading, name, where or (), found)
                return found.end()
        at += 1
        if not _WHERE.fullmatch(plain[start:at]):
            break
    if start >= len(plain):
        return start
    raise _Unread(re.split("[;]", plain[start:])[0])


def _take(reading: _Reading, name: str, where: tuple[str, ...], found: re.Match[str]) -> None:
    said = found.groups()
    if name == "nowhere":
        reading.closed = True
    elif name in ("free_amount", "free_pieces"):
        if reading.free_fen is not None or reading.free_pieces is not None:
            raise _Unread(found[0])
        reading.free_regions = where
        if name == "free_amount":
            reading.free_fen = _fen(said[0])
        else:
            reading.free_pieces = int(said[0])
    elif name in ("more_pieces", "more_weight"):
        _more(reading, name, where, found)
    else:
        reading.zones.append(_zone(reading, name, where, found))


def _zone(reading: _Reading, name: str, where: tuple[str, ...], found: re.Match[str]) -> FreightZone:
    said = found.groups()
    if name in ("flat", "free"):
        return FreightZone(_fen(said[0]) if name == "flat" else 0, regions=where)
    _counts_by(reading, FreightBasis.PIECE if name == "piece" else FreightBasis.WEIGHT, found[0])
    if name == "piece":
        return FreightZone(_fen(said[1]), first=_pieces(said[0]), regions=where)
    grams = _weight(said[0], said[1]) or _weight(said[3] or "1", said[4]) or 1000
    return FreightZone(_fen(said[2]), first=grams, regions=where)


def _more(reading: _Reading, name: str, where: tuple[str, ...], found: re.Match[str]) -> None:
    """What each further unit costs belongs to the price before it."""
    _counts_by(reading, FreightBasis.PIECE if name == "more_pieces" else FreightBasis.WEIGHT, found[0])
    if not reading.zones or where or reading.zones[-1].step_fen:
        raise _Unread(found[0])
    said = found.groups()
    if name == "more_pieces":
        step, price = _pieces(said[0]), said[1]
    else:
        step, price = _weight(said[0], said[1]) or _weight(said[3] or "1", said[4]) or 1000, said[2]
    last = reading.zones[-1]
    reading.zones[-1] = FreightZone(last.first_fen, last.first, _fen(price), step, last.regions)


def _counts_by(reading: _Reading, basis: FreightBasis, text: str) -> None:
    if reading.basis not in (FreightBasis.ORDER, basis):
        raise _Unread(text)
    reading.basis = basis


def _template(reading: _Reading, plain: str) -> FreightTemplate:
    rest = [z for z in reading.zones if not z.regions]
    named = [r for z in reading.zones for r in z.regions]
    # Two prices for one place, none at all below the sum that ships free, or "nowhere else" beside "everywhere".
    if not reading.zones or len(rest) > 1 or len(named) != len(set(named)) or (reading.closed and rest):
        raise _Unread(plain)
    return FreightTemplate(
        basis=reading.basis,
        zones=tuple(reading.zones),
        free_over_fen=reading.free_fen,
        free_over_pieces=reading.free_pieces,
        free_regions=reading.free_regions,
    )


def _fen(text: str) -> Fen:
    fen = Decimal(text.rstrip("元块")) * 100
    if fen != int(fen):
        raise _Unread(text)
    return int(fen)


def _pieces(text: str | None) -> int:
    count = 1 if text in (None, "一") else int(text or 1)
    if count < 1:
        raise _Unread(f"{text}件")
    return count


def _weight(number: str | None, unit: str | None) -> int | None:
    if not number or not unit:
        return None
    grams = int(Decimal(number) * _GRAMS[unit])
    if grams < 1:
        raise _Unread(f"{number}{unit}")
    return grams


def _regions(text: str) -> tuple[str, ...] | None:
    """The places of a text (新疆西藏, 江浙沪、安徽), () for everywhere; None when some of it is no place."""
    found: list[str] = []
    for part in (p for p in _AND.split(text) if p):
        if part.removesuffix("地区") in _REST or part in _REST:
            continue
        names = _cut(part)
        if names is None:
            return None
        found += names
    return tuple(dict.fromkeys(found))


def _cut(text: str) -> list[str] | None:
    """Names written one after the other, the longest first."""
    found: list[str] = []
    while text:
        name = next((text[:n] for n in range(min(len(text), 12), 1, -1) if text[:n] in _names()), "")
        if not name:
            return None
        found.append(name)
        text = text[len(name) :]
    return found


@cache
def _names() -> frozenset[str]:
    """Provinces, cities and the words for several of them."""
    places = gazetteer()
    cities = {name for names in places.cities.values() for name in names}
    return frozenset({*GROUPS, *places.provinces, *cities})
