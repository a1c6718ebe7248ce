"""Money as integer fen (CNY), and the only places where a fraction of a fen is rounded."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation

type Fen = int

_MONEY = re.compile(r"^[+-]?(\d{1,3}(,\d{3})+|\d+)(\.\d+)?$")
_EMPTY = frozenset({"", "-", "--", "—", "——", "/", "无"})


class NotMoney(ValueError):
    """The text is not an amount of yuan; the message is the text."""


def round_fen(yuan: Decimal) -> Fen:
    """Yuan to fen, half up (the rounding of Chinese invoices)."""
    return int((yuan * 100).quantize(Decimal(1), rounding=ROUND_HALF_UP))


def parse_yuan(text: object) -> Fen | None:
    """An amount in yuan as a platform or a person writes it, to fen; None when the cell says "nothing".

    Accepts ``1,234.00``, ``￥12.3``, ``23.00元``; refuses what has a third decimal that is not zero.
    Raises NotMoney.
    """
    if text is None:
        return None
    if isinstance(text, bool):
        raise NotMoney(str(text))
    if isinstance(text, int):
        return text * 100
    if isinstance(text, (float, Decimal)):
        # A spreadsheet's binary number is the decimal that Excel would show: at most 15 significant digits.
        value = Decimal(f"{text:.15g}") if isinstance(text, float) else text
        if not value.is_finite():
            raise NotMoney(str(text))
        return _exact(value, str(text))
    plain = str(text).strip().replace("，", ",").replace("￥", "").replace("¥", "").strip()
    if plain.endswith("元"):
        plain = plain[:-1].strip()
    if plain in _EMPTY:
        return None
    if not _MONEY.match(plain):
        raise NotMoney(str(text))
    try:
        return _exact(Decimal(plain.replace(",", "")), str(text))
    except InvalidOperation as error:
        raise NotMoney(str(text)) from error


def _exact(yuan: Decimal, said: str) -> Fen:
    fen = round_fen(yuan)
    if abs(Decimal(fen) - yuan * 100) > Decimal("0.01"):
        raise NotMoney(said)
    return fen


def format_yuan(fen: Fen) -> str:
    """Fen as ``¥1,234.50``, negative as ``-¥1.00``."""
    sign = "-" if fen < 0 else ""
    yuan, rest = divmod(abs(fen), 100)
    return f"{sign}¥{yuan:,}.{rest:02d}"


def plain_yuan(fen: Fen) -> str:
    """Fen as ``1234.50``, for files."""
    sign = "-" if fen < 0 else ""
    yuan, rest = divmod(abs(fen), 100)
    return f"{sign}{yuan}.{rest:02d}"


def share(total: Fen, weights: Sequence[int]) -> list[Fen]:
    """Split a total by weights so that the parts add up to it (largest remainder, earlier part first).

    With no positive weight the parts are as equal as fen allow. Raises ValueError for negative weights.
    """
    if not weights:
        return []
    if any(w < 0 for w in weights):
        raise ValueError("negative weight")
    whole = sum(weights)
    use = list(weights) if whole else [1] * len(weights)
    whole = whole or len(weights)
    sign = -1 if total < 0 else 1
    parts = [abs(total) * w // whole for w in use]
    left = abs(total) - sum(parts)
    order = sorted(range(len(use)), key=lambda i: (-(abs(total) * use[i] % whole), i))
    for i in order[:left]:
        parts[i] += 1
    return [sign * p for p in parts]
