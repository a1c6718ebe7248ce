"""The words of a supplier's chat line: numbers, couriers, names, phone tails, counts, each with its place."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from enum import StrEnum
from functools import lru_cache

from daifa.areas.logistics.rules.couriers import by_shape, name_index
from daifa.areas.logistics.types import OwnNumbers
from daifa.kit.values import dataclass


class Kind(StrEnum):
    """What a word of a chat line is."""

    TRACKING = "tracking"
    OWN = "own"
    ORDER = "order"
    COURIER = "courier"
    NAME = "name"
    TAIL = "tail"
    PHONE = "phone"
    QUANTITY = "quantity"


@dataclass(frozen=True, slots=True)
class Token:
    """A word, where it starts, and its value in plain form."""

    start: int
    kind: Kind
    value: str


_TAIL = re.compile(
    r"(?:手机|电话|号码)?(?:尾号|尾数|末尾|后四位|后4位|末四位|末4位)(?:是|为)?\s*[::]?\s*(\d{4})(?!\d)"
    r"|1\d{2}\*{4}(\d{4})(?!\d)"
    r"|(?<!\d)(\d{4})\s*(?:尾号|结尾|的手机|手机)"
)
_PHONE = re.compile(r"(?<![\dA-Z])(?:\+?86[\s-]?)?(1[3-9]\d)[\s-]?(\d{4})[\s-]?(\d{4})(?:-\d{3,4})?(?!\d)")
_PDD_ORDER = re.compile(r"(?<!\d)\d{6}-\d{15}(?!\d)")
_WHEN = re.compile(
    r"\d{1,4}[-/.年]\d{1,2}[-/.月]\d{1,4}[日号]?|\d{1,2}月\d{1,2}[日号]?|\d{1,2}:\d{2}(?::\d{2})?|\d{1,2}/\d{1,2}(?!\d)"
)
_PARCELS = re.compile(
    r"[\d一二两三四五六七八九十]+\s*(?:个包裹|个单号|个快递|包裹|包(?!邮)|箱|票|单)|第[\d一二三四五六七八九十]+[个件箱包]"
)
_MASKED = re.compile(r"([\u4e00-\u9fff])(?:\*{2,3}(?!\*)|\*(?![\d*]))")
_QUANTITY = re.compile(
    r"(?<![\dA-Z])(\d{1,3}|[一二两三四五六七八九十])\s*[件个套只双瓶盒条把张支]|[×xX*]\s*(\d{1,3})(?!\d)"
)
_LETTERED = re.compile(
    r"(?<![A-Z0-9])(SF|YT|JT|JD[A-Z]{0,2}|DPK|DPL|STO|KY)\s?(\d{8,15}(?:-\d{1,2}-\d{1,2}-?)?)(?![A-Z0-9])"
)
_GROUPED = re.compile(r"(?<![\dA-Z])\d{4}(?:\s\d{4}){2}(?:\s\d{1,4})?(?![\dA-Z])")
# A number that Excel rounded is still somebody's number: it must be refused by name, not overlooked.
_ROUNDED = re.compile(r"(?<![A-Z0-9.])\d(?:\.\d+)?E\+\d{2}(?!\d)")
_PLAIN = re.compile(r"(?<![A-Z0-9\-])[A-Z]{0,4}\d[A-Z0-9]{8,24}(?![A-Z0-9])")
_BARE_TAIL = re.compile(r"(?<![\dA-Z.\-])(\d{4})(?![\dA-Z.\-])")
_LATIN = re.compile(r"(?<![A-Z0-9])[A-Z&]{2,10}(?![A-Z0-9])")
_HAN = re.compile(r"[\u4e00-\u9fff]+(?:·[\u4e00-\u9fff]+)*")
_STOP = re.compile(
    "今天|昨天|明天|上午|下午|已经|已发货|已发出|已发|发货了|发货|发出|发了|寄出|寄了|收件人|收货人|收件|收货|姓名|名字|客户|买家|"
    "手机号|手机|电话|尾号|订单号|订单|单号是|单号|运单号|运单|快递单号|快递公司|快递|物流|包裹|老板|亲|你好|您好|麻烦|帮忙|登记|"
    "一下|请查收|查收|谢谢|辛苦|这个|那个|这是|的是|还有|另外|分开|分了|两箱|补发|换货|加急|都是|全部|数量|商品|规格|备注|"
    "地址|以下|如下|统一|走的|走|用的|寄|发|的|是|和|与|及|共|号"
)
_NUMERALS = {c: n for n, c in enumerate("零一二三四五六七八九十")} | {"两": 2}
MAX_NAMES = 6


def tokens_of(clause: str, own_numbers: OwnNumbers, order_numbers: frozenset[str]) -> list[Token]:
    """The words of one clause (already half-width), in order of place. Whatever is taken is not read again."""
    page = _Page(clause.upper())
    for start, end, number in own_numbers(clause):
        page.take(start, end, Kind.OWN, number)
    page.each(_PDD_ORDER, lambda m: (Kind.ORDER, m[0]))
    page.each(_PLAIN, lambda m: (Kind.ORDER, m[0]) if m[0] in order_numbers else None)
    page.each(_TAIL, lambda m: (Kind.TAIL, m[1] or m[2] or m[3]))
    page.each(_LETTERED, lambda m: (Kind.TRACKING, m[1] + m[2]))
    page.each(_ROUNDED, lambda m: (Kind.TRACKING, m[0]))
    page.each(_GROUPED, _grouped)
    page.each(_PHONE, lambda m: (Kind.PHONE, m[1] + m[2] + m[3]))
    page.each(_PLAIN, _number)
    page.each(_WHEN, _nothing)
    page.each(_PARCELS, _nothing)
    page.each(_MASKED, lambda m: (Kind.NAME, f"{m[1]}*"))
    page.each(_QUANTITY, lambda m: (Kind.QUANTITY, str(_count(m[1] or m[2]))))
    page.each(_courier_words(), lambda m: (Kind.COURIER, m[0]))
    page.each(_LATIN, lambda m: (Kind.COURIER, m[0]) if m[0] in name_index() else None)
    page.each(_BARE_TAIL, lambda m: (Kind.TAIL, m[1]))
    page.names()
    return sorted(page.found, key=lambda t: t.start)


class _Page:
    """A clause whose taken parts are blanked out."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.found: list[Token] = []

    def take(self, start: int, end: int, kind: Kind | None, value: str) -> None:
        self.text = f"{self.text[:start]}{'\x00' * (end - start)}{self.text[end:]}"
        if kind is not None:
            self.found.append(Token(start, kind, value))

    def each(self, pattern: re.Pattern[str], read: Callable[[re.Match[str]], tuple[Kind | None, str] | None]) -> None:
        for match in list(pattern.finditer(self.text)):
            if (seen := read(match)) is not None:
                self.take(match.start(), match.end(), *seen)

    def names(self) -> None:
        for match in _HAN.finditer(self.text):
            for start, word in _words(match):
                if 2 <= len(word) <= (12 if "·" in word else 4) and len(self.found) < 200:
                    self.found.append(Token(start, Kind.NAME, word))


def _words(match: re.Match[str]) -> Iterator[tuple[int, str]]:
    at = 0
    for stop in _STOP.finditer(match[0]):
        if stop.start() > at:
            yield match.start() + at, match[0][at : stop.start()]
        at = stop.end()
    if at < len(match[0]):
        yield match.start() + at, match[0][at:]


def _grouped(match: re.Match[str]) -> tuple[Kind, str] | None:
    number = "".join(match[0].split())
    return (Kind.TRACKING, number) if by_shape(number) else None


def _number(match: re.Match[str]) -> tuple[Kind, str] | None:
    word = match[0]
    if sum(c.isdigit() for c in word) < 8 or len(word) < 10:
        return None
    if word.isdigit() and len(word) >= 16 and not by_shape(word):
        return Kind.ORDER, word
    return Kind.TRACKING, word


def _nothing(match: re.Match[str]) -> tuple[None, str]:
    return None, ""


def _count(said: str) -> int:
    return int(said) if said.isdigit() else _NUMERALS[said]


@lru_cache(maxsize=1)
def _courier_words() -> re.Pattern[str]:
    words = sorted((w for w in name_index() if len(w) >= 2 and not w.isascii()), key=lambda w: (-len(w), w))
    return re.compile("|".join(re.escape(w) for w in words if w not in {"其他", "其它", "自取", "自提"}))
