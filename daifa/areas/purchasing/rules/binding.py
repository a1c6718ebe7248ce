"""Whether an order that a person placed at a supplier's platform is what a purchase wanted. Pure; for comparing."""

from __future__ import annotations

import re
from collections.abc import Sequence

from daifa.kit.money import Fen, format_yuan
from daifa.kit.values import dataclass
from daifa.ports.shop import Recipient, RecipientState

# An option of an offer, with pieces and words: what we wanted, or what the order there holds.
type Bought = tuple[str, str, int, str]


@dataclass(frozen=True, slots=True)
class BoundLine:
    """One option on both sides; 0 pieces where a side does not have it."""

    offer_ref: str
    spec_ref: str
    words: str
    ours: int
    theirs: int


def compare_lines(ours: Sequence[Bought], theirs: Sequence[Bought]) -> list[BoundLine]:
    """Both sides by option, ours first."""
    found: dict[tuple[str, str], list[object]] = {}
    for side, lines in enumerate((ours, theirs)):
        for offer, spec, pieces, words in lines:
            row = found.setdefault((offer, spec), ["", 0, 0])
            row[0] = row[0] or words
            row[1 + side] = int(str(row[1 + side])) + pieces
    return [BoundLine(o, s, str(w), int(str(a)), int(str(b))) for (o, s), (w, a, b) in found.items()]


def line_warnings(lines: Sequence[BoundLine], ours: int, theirs: int) -> list[str]:
    """What differs in goods and pieces. Other options with as many pieces may be the same goods elsewhere."""
    if ours != theirs:
        return [f"件数不同：采购单 {ours} 件，平台订单 {theirs} 件"]
    strange = [x for x in lines if x.ours != x.theirs]
    return ["货源或规格和关联的不一样，请核对是不是同一种货"] if strange else []


def another_order(lines: Sequence[BoundLine], recipient_differs: bool | None) -> str:
    """Why it is surely not this purchase's order: none of its goods, and for somebody else. "" where it may be."""
    wanted = [x for x in lines if x.ours]
    if not recipient_differs or not wanted or any(x.theirs for x in wanted):
        return ""
    return "商品和收件人都对不上，这不是这张采购单的订单，不能绑定。请核对订单号。"


def money_warnings(planned: Fen | None, total: Fen | None) -> list[str]:
    """What differs in money; being cheaper is no harm."""
    if total is None:
        return ["平台没有给出金额"]
    if planned is None or total <= planned:
        return []
    return [f"比派单时贵 {format_yuan(total - planned)}：派单 {format_yuan(planned)}，平台 {format_yuan(total)}"]


def recipient_warnings(ours: Recipient, theirs: Recipient | None) -> list[str] | None:
    """What differs in who receives, without saying it; None where the sides cannot be compared."""
    if theirs is None or ours.state in {RecipientState.ABSENT, RecipientState.MASKED}:
        return None
    told = []
    if ours.state is RecipientState.PLAIN:
        if not _alike(ours.name.strip(), theirs.name.strip()):
            told.append("收件人姓名不同")
        if not _alike(_digits(ours.phone), _digits(theirs.phone)):
            told.append("收件人电话不同")
    place = _squash(theirs.address + theirs.street)
    parts = [ours.province, ours.city, ours.district]
    if ours.state is RecipientState.PLAIN and "*" not in place:
        parts.append(ours.address)
    if any(not _within(p, place) for p in parts if p):
        told.append("收件地址不同")
    return told


def _within(part: str, place: str) -> bool:
    said = _squash(part)
    return said in place or said.rstrip("省市区县") in place


def _squash(text: str) -> str:
    return re.sub(r"[\s,，]", "", text)


def _digits(text: str) -> str:
    """A phone's digits and stars; an extension after ``-`` is no part of the line."""
    return re.sub(r"[^\d*]", "", text.split("-", maxsplit=1)[0]).removeprefix("86")


def _alike(one: str, two: str) -> bool:
    """Equal, where stars hide what they hide; texts of other lengths agree in what both show at the ends."""
    if "*" not in one + two:
        return one == two
    if len(one) == len(two):
        return all(a == b or "*" in (a, b) for a, b in zip(one, two, strict=True))
    head, tail = one[:1] in {two[:1], "*"}, one[-1:] == two[-1:] or "*" in (one[-1:], two[-1:])
    return head and tail
