"""Whether something is a tracking number at all: cleaned, not rounded by Excel, not a phone or an order number."""

from __future__ import annotations

import re
import unicodedata

from daifa.areas.logistics.types import NumberCheck

_SCIENTIFIC = re.compile(r"[+-]?\d+(\.\d+)?E[+-]?\d+")
_WRAPPED = re.compile(r'=\s*"(.*)"')
_DROP = re.compile(r"[\s'`‘’\"“”\u200b\u200c\u200d\ufeff]")
_MOBILE = re.compile(r"(\+?86)?1[3-9]\d{9}")
_SHAPE = re.compile(r"[A-Z0-9][A-Z0-9\-]{6,30}")
_S10 = re.compile(r"[A-Z]{2}(\d{8})(\d)[A-Z]{2}")
_S10_WEIGHTS = (8, 6, 4, 2, 3, 5, 9, 7)
EXACT_DIGITS = 15


def clean_number(said: object) -> str:
    """A number as couriers write it: half-width capitals, no blanks or Excel marks."""
    if isinstance(said, float):
        text = f"{said:.0f}" if said.is_integer() and abs(said) < 10**EXACT_DIGITS else f"{said:.15g}"
    else:
        text = "" if said is None else str(said)
    text = unicodedata.normalize("NFKC", text).strip()
    if wrapped := _WRAPPED.fullmatch(text):
        text = wrapped[1]
    text = _DROP.sub("", text).upper().replace("—", "-").strip("-.,;:，。；：、")
    return text[:-2] if re.fullmatch(r"\d+\.0", text) else text


def check_number(said: object, *, order_numbers: frozenset[str] = frozenset()) -> NumberCheck:
    """Clean a number and say whether it can be a parcel's. ``order_numbers`` are numbers known to be orders.

    A number that Excel rounded is refused by name and never repaired: the lost digits exist nowhere in the file.
    """
    number = clean_number(said)
    if not number:
        return NumberCheck("", "empty", "没有快递单号。请补上单号")
    if _SCIENTIFIC.fullmatch(number) or (isinstance(said, (int, float)) and abs(said) >= 10**EXACT_DIGITS):
        problem = f"单号“{said}”被 Excel 变成了科学计数，后面几位已丢失。请供应商把这一列设成文本后重新导出"
        return NumberCheck("", "precision", problem)
    if len(number) > EXACT_DIGITS and number.isdigit() and not number[EXACT_DIGITS:].strip("0"):
        problem = f"单号“{number}”第 15 位以后全是 0，像是被 Excel 四舍五入过。请向供应商要原号"
        return NumberCheck("", "precision", problem)
    if _MOBILE.fullmatch(number):
        return NumberCheck("", "phone", f"“{number[:3]}****{number[-4:]}”是手机号，不是快递单号。请核对列")
    if number in order_numbers:
        return NumberCheck("", "order_number", f"“{number}”是订单号，不是快递单号。请核对列")
    if not _SHAPE.fullmatch(number) or sum(c.isdigit() for c in number) < 6:
        return NumberCheck("", "shape", f"“{number}”不是快递单号的样子。请核对后重新填写")
    if (postal := _S10.fullmatch(number)) and _s10_check(postal[1]) != int(postal[2]):
        return NumberCheck("", "shape", f"邮政单号“{number}”的校验位不对，可能抄错了一位。请核对")
    return NumberCheck(number)


def split_numbers(said: str) -> list[str]:
    """The numbers of a cell that holds several (``7312…、7313…``, one a line, ``/`` between)."""
    parts = [p for p in re.split(r"[、，,;；/\n\r|+]+|\s{2,}", said) if p.strip()]
    if len(parts) == 1 and " " in said.strip():
        words = said.split()
        if all(len(w) >= 10 for w in words):
            return words
    return parts or [said]


def _s10_check(digits: str) -> int:
    rest = 11 - sum(int(d) * w for d, w in zip(digits, _S10_WEIGHTS, strict=True)) % 11
    return {10: 0, 11: 5}.get(rest, rest)
