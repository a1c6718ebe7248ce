"""Couriers as the demo's suppliers use them: names, nicknames, and numbers of the right shape.

Shapes are observed facts (our own copy): ZTO 14 digits from 73, YTO ``YT`` + 13, STO 77 + 13, Yunda 15 digits from 3 or
4, J&T ``JT`` + 13, SF ``SF`` + 13, post parcels 13 digits from 96–99, Deppon ``DPK`` + 12.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping

# Code: (the platform's name, nicknames that suppliers type, prefix, digits after it).
_COURIERS: Mapping[str, tuple[str, tuple[str, ...], str, int]] = {
    "ZTO": ("中通快递", ("中通", "中通速递", "ZTO"), "78", 12),
    "YTO": ("圆通速递", ("圆通", "圆通快递", "YTO"), "YT", 13),
    "STO": ("申通快递", ("申通", "申通速递"), "77", 13),
    "YUNDA": ("韵达快递", ("韵达", "韵达速递", "YD"), "31", 13),
    "JTSD": ("极兔速递", ("极兔", "J&T", "极兔快递"), "JT", 13),
    "SF": ("顺丰速运", ("顺丰", "顺丰快递", "SF"), "SF", 13),
    "POSTB": ("邮政快递包裹", ("邮政", "邮政小包", "中国邮政"), "98", 11),
    "DBKD": ("德邦快递", ("德邦", "德邦物流"), "DPK", 12),
}
CODES = tuple(_COURIERS)


def courier_name(code: str) -> str:
    """The name that platforms' lists show."""
    return _COURIERS[code][0]


def nickname(code: str, pick: int) -> str:
    """What a supplier may write instead; any ``pick`` gives one."""
    names = _COURIERS[code][1]
    return names[pick % len(names)]


def tracking_number(code: str, *key: object) -> str:
    """A number of the courier's shape, always the same for the same key; different keys practically never meet."""
    digest = hashlib.sha256("|".join(str(k) for k in (code, *key)).encode()).hexdigest()
    _, _, prefix, digits = _COURIERS[code]
    return f"{prefix}{int(digest[:24], 16) % 10**digits:0{digits}d}"
