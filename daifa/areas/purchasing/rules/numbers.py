"""Purchase order numbers that a person can read out, type and check: ``P251125-恒达-003`` and ``P251125-HD-003-K``.

The year is in the number, because a number is unique for ever. The ASCII form carries a check character, for where
Chinese does not survive (file names, API references, a phone keyboard).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable
from datetime import date

from daifa.kit.values import dataclass

# No 0/O, 1/I: 31 symbols, a prime, so that one wrong character and two swapped neighbours are both found.
CHECK = "23456789ABCDEFGHJKLMNPQRTUVWXYZ"
_GENERIC = re.compile(
    "(有限责任公司|有限公司|股份|集团|家居用品|日用百货|日用品|电子商务|进出口|工艺品|塑料制品|供应链|科技|商贸|贸易"
    "|百货|家居|实业|用品|商行|经营部|批发部|旗舰店|工厂|厂家|公司|厂|店)$"
)
_PLACES = (
    "浙江",
    "广东",
    "江苏",
    "福建",
    "山东",
    "河北",
    "义乌市",
    "义乌",
    "广州市",
    "广州",
    "深圳市",
    "深圳",
    "杭州市",
    "杭州",
)
_REGION = re.compile("^([\u4e00-\u9fff]{2,3}省)?([\u4e00-\u9fff]{2,3}市)?([\u4e00-\u9fff]{2,3}[区县])?")
_ASCII = re.compile(
    r"(?<![A-Z0-9])P[- ]?(\d{6})[- ]?([A-Z][A-Z0-9]{0,7})[- ](\d{3,6})[- ]([2-9A-HJ-NP-RT-Z])(?![A-Z0-9])"
)
_SHOWN = re.compile(r"(?<![A-Z0-9])P[- ]?(\d{6})[- ]?([^\W\d_]{1,6}?)[- ]?(\d{3,6})(?![\d-]*\d)")
_DASHES = str.maketrans({"—": "-", "–": "-", "－": "-", "_": "-", "−": "-", "‐": "-", "\u3000": " "})


@dataclass(frozen=True, slots=True)
class PurchaseNumber:
    """One number in both forms."""

    shown: str
    ascii: str


def purchase_number(day: date, short: str, code: str, counter: int) -> PurchaseNumber:
    """The number of the ``counter``-th purchase of a supplier on a business day.

    ``short`` is the supplier's short Chinese name, ``code`` its ASCII code (unique per tenant, a letter first).
    Raises ValueError for a code that is not 1–8 capital letters and digits, or a counter below 1.
    """
    if not re.fullmatch(r"[A-Z][A-Z0-9]{0,7}", code) or counter < 1 or not short or "-" in short:
        raise ValueError(f"no number from {short!r}, {code!r}, {counter}")
    stem = f"P{day:%y%m%d}"
    plain = f"{stem}-{code}-{counter:03d}"
    return PurchaseNumber(f"{stem}-{short}-{counter:03d}", f"{plain}-{check_character(plain)}")


def check_character(plain: str) -> str:
    """The check character over the letters and digits of a number, separators left out."""
    total = 0
    for at, char in enumerate(c for c in plain.upper() if c.isascii() and c.isalnum()):
        total += (at + 2) * int(char, 36)
    return CHECK[total % len(CHECK)]


def find_numbers(text: str) -> list[str]:
    """Our purchase numbers inside any text, as we write them, in order and once each.

    Full-width letters, other dashes, blanks and lower case are forgiven; an ASCII form whose check character is wrong
    is not a number (somebody mistyped it).
    """
    return list(dict.fromkeys(number for _, _, number in number_spans(unicodedata.normalize("NFKC", text))))


def number_spans(text: str) -> list[tuple[int, int, str]]:
    """(start, end, number) of each of our numbers in a half-width text, in order of place."""
    plain = text.translate(_DASHES).upper()
    found: list[tuple[int, int, str]] = []
    taken: list[tuple[int, int]] = []
    for match in _ASCII.finditer(plain):
        stem = f"P{match[1]}-{match[2]}-{match[3]}"
        taken.append(match.span())
        if check_character(stem) == match[4]:
            found.append((*match.span(), f"{stem}-{match[4]}"))
    for match in _SHOWN.finditer(plain):
        if not any(a <= match.start() < b for a, b in taken) and not match[2].isascii():
            found.append((*match.span(), f"P{match[1]}-{match[2]}-{match[3]}"))
    return sorted(found)


_COUNTER = r"(?:\s*-\s*(\d{1,6})|\s*(\d{3,6}))(?![\d-]*\d)(?!\s*[件个套箱包])"


def spans_among(numbers: Iterable[str]) -> Callable[[str], list[tuple[int, int, str]]]:
    """``number_spans`` that also knows these numbers by what people say of them: 恒达-002 for P251125-恒达-002.

    What several of them share is nobody's; a number written out stands above all.
    """
    said: dict[tuple[str, int], set[str]] = {}
    for number in numbers:
        if (match := _SHOWN.fullmatch(number)) and not match[2].isascii():
            said.setdefault((match[2], int(match[3])), set()).add(number)
    only = {key: found.pop() for key, found in said.items() if len(found) == 1}
    names = sorted({name for name, _ in only}, key=lambda n: (-len(n), n))
    if not names:
        return number_spans
    short = re.compile(rf"(?<![\w-])({'|'.join(map(re.escape, names))}){_COUNTER}")

    def spans(text: str) -> list[tuple[int, int, str]]:
        found = number_spans(text)
        for match in short.finditer(text.translate(_DASHES)):
            number = only.get((match[1], int(match[2] or match[3])))
            if number and not any(a <= match.start() < b or match.start() <= a < match.end() for a, b, _ in found):
                found.append((*match.span(), number))
        return sorted(found)

    return spans


# Not the first group of a number written in groups (7312 3456 7890 12), nor a count (120 件).
_LAST_DIGITS = re.compile(r"^\s*#?(\d{3,4})(?=[\s,:、]|[\u4e00-\u9fff])(?!\s*[件个套箱包])(?![\s,:、]+\d{1,6}(?!\d))")


def spelled_out(text: str, numbers: Iterable[str]) -> tuple[str, dict[str, tuple[str, ...]]]:
    """Lines that begin with the last digits of one of these numbers (``019 圆通 …``), with that number in their place.

    Lines that begin with what several of them end with are taken out, each with those it could be.
    """
    counters = [(n, match[1]) for n in dict.fromkeys(numbers) if (match := re.search(r"(\d+)$", n))]
    kept, unclear = list[str](), dict[str, tuple[str, ...]]()
    for line in text.splitlines():
        match = _LAST_DIGITS.match(unicodedata.normalize("NFKC", line))
        meant = tuple(n for n, counter in counters if match and counter.endswith(match[1]))
        if match and len(meant) == 1:
            kept.append(f"{meant[0]} {unicodedata.normalize('NFKC', line)[match.end() :].strip()}")
        elif len(meant) > 1:
            unclear[line.strip()] = meant
        else:
            kept.append(line)
    return "\n".join(kept), unclear


def short_name(name: str, length: int = 4) -> str:
    """The part of a company's name that people say: ``义乌市恒达百货有限公司`` -> ``恒达``."""
    kept = re.sub(r"[（(].*?[)）]|[\s\-—_·.]", "", unicodedata.normalize("NFKC", name))
    cut = _REGION.sub("", kept)
    kept = cut if len(cut) > 1 else kept
    for word in _PLACES:
        if kept.startswith(word) and len(kept) > len(word) + 1:
            kept = kept[len(word) :]
            break
    while (shorter := _GENERIC.sub("", kept)) != kept and len(shorter) > 1:
        kept = shorter
    return kept[:length] or "供应商"
