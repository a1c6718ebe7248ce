"""Multipacks in words (两件装, 500ml*2瓶, 买二送一, 拍一发三), and lines that send nothing (补差价, 运费)."""

from __future__ import annotations

import re

from daifa.areas.catalog.rules.text import plain
from daifa.areas.catalog.types import NoShip, Pack, Sureness

_NUMERALS = {
    "一": 1,
    "二": 2,
    "两": 2,
    "俩": 2,
    "三": 3,
    "四": 4,
    "五": 5,
    "六": 6,
    "七": 7,
    "八": 8,
    "九": 9,
    "十": 10,
    "双": 2,
    "单": 1,
}
_N = r"(\d{1,3}|[一二两俩三四五六七八九十]{1,3})"
_UNIT = "[件只个双条瓶盒包支袋卷把块对组罐桶张本副片]"
MAX_PACK = 200

# The first that fits decides; what stands in the spec goes before the title.
_GIVEN = re.compile(rf"买\s*{_N}\s*{_UNIT}?\s*[送赠]\s*{_N}")
_SENT = re.compile(rf"[拍买]\s*{_N}\s*{_UNIT}?\s*[发得]\s*{_N}")
_PACKED = re.compile(rf"(?<![\d.第满任选]){_N}\s*{_UNIT}\s*(?:装|入|[/每]组|组合装)")
_DOUBLE = re.compile(rf"([双单两]){_UNIT.replace('双', '')}装")
_TIMES = re.compile(
    rf"(?:\d(?:ml|毫升|l|升|g|克|kg|千克|公斤|斤|抽|片|粒|颗|枚|支|包|cm|mm)|装|款|色)\s*[*x×]\s*(\d{{1,3}})\s*(?!\s*(?:\d|cm|mm|厘米|米|m\b)){_UNIT}?"
)
_COUNTED = re.compile(rf"(?<![\d.第满任选前]){_N}\s*([件只个双条瓶盒支袋卷罐桶])(?!套|起|以上|折|半|内|[\d])")
_LONE_TIMES = re.compile(r"^\s*[*x×]\s*(\d{1,3})\s*$|(?<=[\u4e00-\u9fff\s)])[*x×]\s*(\d{1,3})\s*$")


def number_of(said: str) -> int:
    """``12``, ``两``, ``十二`` as a number; 0 when it is none."""
    if said.isdigit():
        return int(said)
    if "十" in said:
        tens, _, ones = said.partition("十")
        return (_NUMERALS.get(tens, 1) if tens else 1) * 10 + (_NUMERALS.get(ones, 0) if ones else 0)
    return _NUMERALS.get(said, 0) if len(said) == 1 else 0


def pack_quantity(title: str, spec: str = "") -> Pack:
    """How many pieces a listing says it holds; the spec goes before the title. ``四件套`` is one set, not four pieces,
    ``第二件半价`` and ``满2件`` are prices, not packs."""
    for text, in_spec in ((plain(spec), True), (plain(title), False)):
        found = _pack(text, in_spec=in_spec)
        if found.words and 1 <= found.quantity <= MAX_PACK:
            return found
    return Pack()


def _pack(text: str, *, in_spec: bool) -> Pack:
    if match := _GIVEN.search(text):
        return Pack(number_of(match[1]) + number_of(match[2]), match[0])
    if match := _SENT.search(text):
        bought, sent = number_of(match[1]), number_of(match[2])
        return Pack(sent // bought, match[0]) if bought and sent % bought == 0 else Pack()
    if match := _PACKED.search(text):
        inner = _TIMES.search(text)
        return Pack(number_of(match[1]), match[0]) if not inner else Pack(int(inner[1]), inner[0])
    if match := _DOUBLE.search(text):
        return Pack(_NUMERALS[match[1]], match[0])
    if match := _TIMES.search(text):
        return Pack(int(match[1]), match[0])
    if in_spec and (match := _COUNTED.search(text)):
        return Pack(number_of(match[1]), match[0])
    if in_spec and (match := _LONE_TIMES.search(text)):
        return Pack(int(match[1] or match[2]), match[0].strip())
    return Pack()


_NOTHING_SENT = re.compile(
    r"补差价|补邮费|补运费|邮费补拍|运费补拍|差价补拍|补拍差价|差价链接|运费链接|邮费链接|补差专拍|邮费专拍|运费专拍|差价专拍"
    r"|^(?:补)?(?:差价|邮费|运费|快递费|差额)$"
)
_PERHAPS = re.compile(r"专拍|补拍|勿拍|不要拍|拍下不发|联系客服拍|定制链接|尾款|定金|运费|邮费|差价")
_HARMLESS = re.compile(
    r"免(?:运费|邮费)|包(?:运费|邮费)|含(?:运费|邮费)|运费险|送运费|无需运费|不退差价|买贵退差价|退差价"
)


def sends_nothing(title: str, spec: str = "") -> NoShip | None:
    """Whether a line looks like money only. A person confirms it once for the listing SKU."""
    text = _HARMLESS.sub("", f"{plain(title)} {plain(spec)}".strip())
    for part in (*text.split(), text.replace(" ", "")):
        if match := _NOTHING_SENT.search(part):
            return NoShip(match[0], Sureness.SURE, f"“{match[0]}”一般只收钱、不发货。确认后这个规格以后都不发货。")
    if match := _PERHAPS.search(text):
        return NoShip(match[0], Sureness.ASK, f"标题里有“{match[0]}”，可能只收钱、不发货，请看一眼。")
    return None
