"""What a spec says, as comparable facts: colour, size, volume, weight, length, and the rest as words."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from enum import IntEnum

from daifa.areas.catalog.rules.colours import colours_in, near_colours
from daifa.areas.catalog.rules.text import plain
from daifa.kit.values import dataclass

# A dimension (颜色, 尺码, 容量, 重量, 长度, …) -> its values in comparable form -> the word that said it.
type Facts = Mapping[str, Mapping[str, str]]


class Verdict(IntEnum):
    """How two specs stand in one dimension."""

    CONTRADICTS = -1
    NEAR = 1
    AGREES = 2


@dataclass(frozen=True, slots=True)
class Compared:
    """One dimension of two specs: the verdict and the words on both sides."""

    dimension: str
    verdict: Verdict
    ours: str
    theirs: str


_SIZES = {
    "均码": "F", "均号": "F", "大号": "L", "中号": "M", "小号": "S", "加大号": "XL", "加大": "XL", "特大号": "XXL",
    "特大": "XXL", "加小": "XS", "特小号": "XS", "超大号": "XXL", "迷你": "XS", "大码": "L", "中码": "M", "小码": "S",
}  # fmt: skip
_SIZE_WORD = re.compile("|".join(sorted(_SIZES, key=len, reverse=True)))
_SIZE_LETTERS = re.compile(r"(?<![a-z0-9.])(\d?x{0,4}[sl]|m|f|\dxl)(?:码|号)?(?![a-z0-9])")
_SIZE_NUMBER = re.compile(r"(?<![\d.])(\d{2}(?:\.5)?|1[0-9]0|[2-9]\d)(?:码|号)(?!\d)")
_AREA = re.compile(
    r"(\d+(?:\.\d+)?)\s*(mm|cm|m|米|厘米)?\s*[x*×]\s*(\d+(?:\.\d+)?)(?:\s*[x*×]\s*(\d+(?:\.\d+)?))?"
    r"\s*(mm|cm|m|米|厘米|公分)(?![a-z])"
)
_MEASURE = re.compile(
    r"(?<![\d.])(\d+(?:\.\d+)?)\s*(毫升|ml|升|l|千克|公斤|kg|斤|克|g|毫米|mm|厘米|公分|cm|英寸|寸|米|m|瓦|w|mah|毫安"
    r"|抽|片|粒|颗|枚|层|格|孔|头|档|人)(?![a-z0-9])"
)
_UNITS: Mapping[str, tuple[str, Decimal]] = {
    unit: (dimension, Decimal(factor))
    for dimension, units in {
        "容量": {"毫升": 1, "ml": 1, "升": 1000, "l": 1000},
        "重量": {"千克": 1000, "公斤": 1000, "kg": 1000, "斤": 500, "克": 1, "g": 1},
        "长度": {"毫米": 1, "mm": 1, "厘米": 10, "公分": 10, "cm": 10, "米": 1000, "m": 1000},
        "英寸": {"英寸": 1, "寸": 1},
        "功率": {"瓦": 1, "w": 1},
        "电量": {"mah": 1, "毫安": 1},
    }.items()
    for unit, factor in units.items()
}
_NUMERAL_UNIT = re.compile(r"([一二两三四五六七八九十])(层|格|孔|头|档|人)(?!份)")
_NUMERALS = {c: n for n, c in enumerate("零一二三四五六七八九十")} | {"两": 2}
_SPLIT = re.compile(r"[;,，；、/|+\s()\[\]【】（）]+")
_LABEL = re.compile(r"^[\u4e00-\u9fff]{2,6}:")


def facts_of(spec: str, *, loose: bool = False) -> Facts:
    """The facts of a spec text (``颜色分类:米白;尺码:大号 500ml``); ``loose`` takes only clear words (titles)."""
    text = plain(spec)
    found: dict[str, dict[str, str]] = {}

    def put(dimension: str, value: str, word: str) -> None:
        found.setdefault(dimension, {}).setdefault(value, word.strip())

    text = _measures(text, put)
    for part in parts_of(text):
        for value, word in colours_in(part, loose=loose):
            put("颜色", value, word)
    for match in _SIZE_WORD.finditer(text):
        put("尺码", _SIZES[match[0]], match[0])
    if not loose:
        for match in _SIZE_LETTERS.finditer(text):
            put("尺码", _letters(match[1]), match[0])
        for match in _SIZE_NUMBER.finditer(text):
            put("尺码", match[1], match[0])
    return found


def parts_of(text: str) -> Iterator[str]:
    """The values of a spec text, without their labels."""
    for part in _SPLIT.split(text):
        if value := _LABEL.sub("", part):
            yield value


def compare(theirs: Facts, ours: Facts) -> tuple[Compared, ...]:
    """Every dimension that both sides speak of."""
    found = []
    for dimension, values in theirs.items():
        other = ours.get(dimension)
        if not other:
            continue
        verdict = _verdict(dimension, set(values), set(other))
        mine, yours = _shown(other, values), _shown(values, other)
        found.append(Compared(dimension, verdict, mine, yours))
    return tuple(found)


def _verdict(dimension: str, theirs: set[str], ours: set[str]) -> Verdict:
    if theirs == ours:
        return Verdict.AGREES
    if theirs & ours:
        return Verdict.NEAR
    if dimension == "颜色" and near_colours(theirs, ours):
        return Verdict.NEAR
    return Verdict.CONTRADICTS


def _shown(side: Mapping[str, str], other: Mapping[str, str]) -> str:
    words = [w for v, w in side.items() if v not in other] or list(side.values())
    return "、".join(dict.fromkeys(words))


def _measures(text: str, put: Callable[[str, str, str], None]) -> str:
    """Put all numbers with units, and take them out of the text (so that the L of 0.5L is no size)."""

    def area(match: re.Match[str]) -> str:
        unit = match[5]
        factor = _UNITS["cm" if unit == "公分" else unit][1]
        sides = [_number(Decimal(s) * factor) for s in (match[1], match[3], match[4]) if s]
        put("长宽", "x".join(sides), match[0])
        return " "

    def measure(match: re.Match[str]) -> str:
        dimension, factor = _UNITS.get(match[2], (f"{match[2]}数", Decimal(1)))
        put(dimension, _number(Decimal(match[1]) * factor), match[0])
        return " "

    def numeral(match: re.Match[str]) -> str:
        put(f"{match[2]}数", str(_NUMERALS[match[1]]), match[0])
        return " "

    text = _AREA.sub(area, text)
    text = _MEASURE.sub(measure, text)
    return _NUMERAL_UNIT.sub(numeral, text)


def _number(value: Decimal) -> str:
    return f"{value.normalize():f}"


def _letters(said: str) -> str:
    """``2xl`` and ``xxl`` are one size."""
    said = said.upper()
    if said[0].isdigit() and said.endswith("XL"):
        return "X" * int(said[0]) + "L" if int(said[0]) <= 4 else said
    return said
