"""What a supplier is told of a number that cannot be used: in their words, with nothing of other suppliers in it."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence

from daifa.areas.logistics.types import OwnNumbers, TrackingClaim, Unusable, UnusableKind

NO_NUMBER = "这一行没有看到快递单号。请在后面写上快递公司和完整的单号。"
_SAID = {
    UnusableKind.NO_NUMBER: NO_NUMBER,
    UnusableKind.PRECISION: "单号被表格变成了科学计数，后面几位已丢失。请对着面单重新填写完整的单号。",
    UnusableKind.NOT_A_NUMBER: "“{number}”不是快递单号的样子。请对着面单重新填写。",
    UnusableKind.NUMBER_TAKEN: "单号 {number} 已经用在别的单上，收件人不同。请对着面单核对，填写这一单自己的单号。",
    UnusableKind.REPEATED: "单号 {number} 已经交过了，不用再交。",
}


def answer_of(wrong: Unusable) -> str:
    """Why a number of theirs cannot be used, and what to do."""
    claim = wrong.claims[0]
    if wrong.kind is UnusableKind.NOBODY:
        return _nobody(claim)
    return _SAID[wrong.kind].format(number=claim.tracking_no)


def _nobody(claim: TrackingClaim) -> str:
    if said := claim.our_number or claim.order_no:
        return f"没有“{said}”这一单。请核对单号是不是抄错。"
    if claim.names or claim.phone_tail:
        return "没有这个收件人的单在等发货。请在前面写上采购单号。"
    return "只有快递单号，没写是哪一单。请在前面写上采购单号。"


def without_number(text: str, claims: Sequence[TrackingClaim], own_numbers: OwnNumbers) -> tuple[str, ...]:
    """Lines that name an order of ours of which no claim speaks: what should have been a number is none."""
    told = {c.our_number for c in claims}
    found = []
    for line in text.splitlines():
        named = {number for _, _, number in own_numbers(unicodedata.normalize("NFKC", line))}
        if named and not named & told:
            found.append(line.strip())
    return tuple(found)
