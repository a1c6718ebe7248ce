"""How 1688 writes things: money, moments, long numbers, masked people."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import orjson

from daifa.kit.clock import BEIJING

KEY = "alibaba1688"
_MOMENT = re.compile(r"(\d{14})(\d{3})([+-])(\d{2})(\d{2})")
# Order and entry numbers are longer than a double can hold; clients must not read them as floats.
FIRST_LONG = 4_000_000_000_000_000_001


def yuan(fen: int) -> orjson.Fragment:
    """Fen as a decimal number of yuan; never through a float."""
    sign, whole = ("-", -fen) if fen < 0 else ("", fen)
    return orjson.Fragment(f"{sign}{whole // 100}.{whole % 100:02d}")


def moment(at: datetime | None) -> str | None:
    """``20180614101942000+0800``: milliseconds and zone."""
    if at is None:
        return None
    local = at.astimezone(BEIJING)
    return f"{local:%Y%m%d%H%M%S}{local.microsecond // 1000:03d}{local:%z}"


def plain_moment(at: datetime) -> str:
    """``2018-06-14 10:19:42`` in Beijing, as logistics and messages write it."""
    return f"{at.astimezone(BEIJING):%Y-%m-%d %H:%M:%S}"


def read_moment(text: str) -> datetime:
    """What ``moment`` writes. Raises ValueError."""
    found = _MOMENT.fullmatch(text)
    if found is None:
        raise ValueError(text)
    base = datetime.strptime(f"{found[1]}{found[3]}{found[4]}{found[5]}", "%Y%m%d%H%M%S%z")
    return base + timedelta(milliseconds=int(found[2]))


def digest(*key: object) -> str:
    """32 hexadecimal digits, always the same for the same key."""
    return hashlib.md5("|".join(str(k) for k in key).encode(), usedforsecurity=False).hexdigest()


def long_list(text: str) -> list[str]:
    """``[1,2]``, ``["1","2"]``, ``1`` or ``1,2``: what clients send for Long[]. Raises ValueError."""
    try:
        found: Any = orjson.loads(text)
    except orjson.JSONDecodeError:
        found = [x.strip() for x in text.split(",") if x.strip()]
    listed = found if isinstance(found, list) else [found]
    if not all(str(x).isdigit() for x in listed):
        raise ValueError(text)
    return [str(x) for x in listed]


def csv(numbers: Sequence[str]) -> str:
    """Entry ids as the logistics lists write them."""
    return ",".join(numbers)


def masked_name(name: str) -> str:
    """``张*``."""
    return name[:1] + "*" * max(len(name) - 1, 1) if name else ""


def masked_phone(phone: str) -> str:
    """``138****0000``."""
    return f"{phone[:3]}****{phone[-4:]}" if len(phone) >= 7 else "*" * len(phone)


def truth(text: str) -> bool:
    """A Boolean as forms carry it."""
    return text.strip().lower() in ("true", "1", "y", "yes")
