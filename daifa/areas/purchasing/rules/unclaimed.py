"""How like an order at a supplier's platform is to a placing whose outcome nobody knows. Pure; for both lists."""

from __future__ import annotations

from collections.abc import Sequence

from daifa.areas.purchasing.rules.binding import Bought, compare_lines, recipient_warnings
from daifa.kit.money import Fen
from daifa.kit.values import dataclass
from daifa.ports.shop import Recipient


@dataclass(frozen=True, slots=True)
class Side:
    """One order as either side has it; ``reference`` is ours, "" where theirs carries none."""

    reference: str
    lines: Sequence[Bought]
    total_fen: Fen | None
    recipient: Recipient | None


@dataclass(frozen=True, slots=True)
class Likeness:
    """What speaks for it and against it, in Chinese; the higher the score the liker, below 1: it is another order."""

    score: int
    agrees: tuple[str, ...]
    differs: tuple[str, ...]


def likeness(ours: Side, theirs: Side) -> Likeness:
    """Compare reference, goods with pieces, receiver and sum. An order with another reference is another order's."""
    agrees, differs, score = list[str](), list[str](), 0
    if theirs.reference:
        same = theirs.reference == ours.reference
        (agrees if same else differs).append("带着我们的编号" if same else "带着别的编号")
        score += 8 if same else -8
    score += _goods(ours, theirs, agrees, differs)
    told = recipient_warnings(ours.recipient or Recipient(), theirs.recipient)
    if told is not None:
        (differs if told else agrees).extend(told or ["收件人一致"])
        score += -3 if told else 3
    if ours.total_fen is not None and theirs.total_fen is not None:
        same = ours.total_fen == theirs.total_fen
        (agrees if same else differs).append("金额相同" if same else "金额不同")
        score += same
    return Likeness(score, tuple(agrees), tuple(differs))


def _goods(ours: Side, theirs: Side, agrees: list[str], differs: list[str]) -> int:
    lines = compare_lines(ours.lines, theirs.lines)
    if not theirs.lines:
        return 0
    if all(x.ours == x.theirs for x in lines):
        agrees.append("商品和件数一致")
        return 4
    if any(x.ours and x.theirs for x in lines):
        differs.append("商品或件数只有一部分一致")
        return 1
    differs.append("商品不同")
    return -2
