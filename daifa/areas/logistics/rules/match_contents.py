"""What is in a box: which pieces of which purchase lines the rows of one parcel speak of."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from uuid import UUID

from daifa.areas.logistics.rules.match_index import names_line
from daifa.areas.logistics.types import Content, DoubtKind, OpenLine, OpenPurchase, TrackingClaim
from daifa.kit.values import dataclass

type Contents = tuple[Content, ...]


@dataclass(frozen=True, slots=True)
class Question:
    """Why a person must say what is in the box."""

    kind: DoubtKind
    reason: str
    proposal: Contents | None = None


def contents_of(
    claims: Sequence[TrackingClaim], purchase: OpenPurchase, left: Mapping[UUID, int], *, only_box: bool
) -> Contents | Question:
    """The pieces of one parcel, never more than ``left`` (by line); or why a person must say.

    A parcel that names neither goods nor pieces holds everything, if it is the only box of the purchase.
    """
    lines = [line for line in purchase.lines if left[line.line_id] > 0]
    total = sum(left[line.line_id] for line in lines)
    said = _said(claims)
    if said is not None and said > total:
        return Question(DoubtKind.QUANTITY, f"写了 {said} 件，{purchase.shown} 只剩 {total} 件没发")
    taken: dict[UUID, int] = {}
    loose: list[TrackingClaim] = []
    for claim in claims:
        targets = lines if len(lines) == 1 else [x for x in lines if names_line(claim, x.name, x.spec, x.line_numbers)]
        if not targets or (len(targets) > 1 and claim.quantity is not None):
            loose.append(claim)
            continue
        for line in targets:
            taken[line.line_id] = taken.get(line.line_id, 0) + (
                left[line.line_id] if claim.quantity is None else claim.quantity
            )
    over = next((line for line in lines if taken.get(line.line_id, 0) > left[line.line_id]), None)
    if over is not None and any(c.quantity is not None for c in claims):
        wanted, have = taken[over.line_id], left[over.line_id]
        named = tuple(Content(i, min(n, left[i])) for i, n in taken.items())
        why = f"{over.name} 写了 {wanted} 件，{purchase.shown} 只剩 {have} 件没发"
        return Question(DoubtKind.QUANTITY, why, named)
    unsaid = all(c.quantity is None for c in claims)
    if unsaid and not only_box and (loose or len(lines) == 1):
        return Question(DoubtKind.CONTENTS, f"{purchase.shown} 有几个单号，没写每箱几件")
    if loose and (trouble := _loose(loose, taken, lines, left, purchase)):
        return trouble
    return tuple(
        Content(line.line_id, min(taken[line.line_id], left[line.line_id])) for line in lines if line.line_id in taken
    )


def _loose(
    loose: Sequence[TrackingClaim],
    taken: dict[UUID, int],
    lines: Sequence[OpenLine],
    left: Mapping[UUID, int],
    purchase: OpenPurchase,
) -> Question | None:
    """Rows that name no line take all that is left, when their pieces say so or say nothing."""
    rest = {line.line_id: left[line.line_id] - taken.get(line.line_id, 0) for line in lines}
    said = _said(loose)
    if said is not None and said != sum(rest.values()):
        return Question(DoubtKind.CONTENTS, f"写了 {said} 件，{purchase.shown} 有 {len(lines)} 种货，不知道是哪几件")
    if said is None and taken:
        return Question(DoubtKind.CONTENTS, f"{purchase.shown} 有一行没写清是哪种货")
    for line_id, quantity in rest.items():
        if quantity:
            taken[line_id] = taken.get(line_id, 0) + quantity
    return None


def shared_out(lines: Sequence[OpenLine], left: Mapping[UUID, int], boxes: int) -> list[Contents]:
    """A proposal for boxes nobody described: whole lines first, then pieces; a box may stay empty."""
    pieces = [line.line_id for line in lines for _ in range(left[line.line_id])]
    with_pieces = [line for line in lines if left[line.line_id]]
    if len(with_pieces) >= boxes:
        groups = [[line.line_id] * left[line.line_id] for line in with_pieces[: boxes - 1]]
        groups.append([line.line_id for line in with_pieces[boxes - 1 :] for _ in range(left[line.line_id])])
    else:
        size, extra = divmod(len(pieces), boxes)
        groups, at = [], 0
        for n in range(boxes):
            step = size + (1 if n < extra else 0)
            groups.append(pieces[at : at + step])
            at += step
    return [tuple(Content(i, group.count(i)) for i in dict.fromkeys(group)) for group in groups]


def _said(claims: Sequence[TrackingClaim]) -> int | None:
    quantities = [c.quantity for c in claims if c.quantity is not None]
    return sum(quantities) if quantities else None
