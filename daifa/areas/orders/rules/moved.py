"""Whether the platform now shows another region than the recipient that we hold: the buyer may have moved the order.

A later export that masks the recipient does not replace the plain one, but its province, city and district are plain.
"""

from __future__ import annotations

from collections.abc import Mapping

from daifa.areas.orders.rules.keeping import stamp_of
from daifa.kit.geo import resolve


def moved(packed: Mapping[str, object], recipient: Mapping[str, str]) -> str:
    """The sentence for a hold when a source newer than the recipient names another region; '' when none does."""
    raw = packed.get("o")
    said = raw.get("region") if isinstance(raw, Mapping) else None
    if not isinstance(said, str) or not recipient.get("province"):
        return ""
    if stamp_of(packed, "region") <= stamp_of(packed, "p:recipient"):
        return ""
    theirs = resolve(*said.split("|")).region
    ours = resolve(*(recipient.get(k, "") for k in ("province", "city", "district"))).region
    if all(not a or not b or a == b for a, b in zip(theirs, ours, strict=True)):
        return ""
    shown = ["".join(dict.fromkeys(region)) for region in (theirs, ours)]
    return f"平台最新显示收货地区是{shown[0]}，手里的收件人在{shown[1]}，买家可能改过地址"
