"""The supplier's numbers against our open purchases: three piles, each with its reasons.

Only what is beyond doubt is matched. A doubt carries what we would record if the person says yes.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from uuid import UUID

from daifa.areas.logistics.rules.couriers import against_demand, courier_table, recognise_courier
from daifa.areas.logistics.rules.match_contents import Contents, Question, contents_of, shared_out
from daifa.areas.logistics.rules.match_index import MAX_SUGGESTIONS, Found, PurchaseIndex
from daifa.areas.logistics.rules.tracking_numbers import check_number
from daifa.areas.logistics.types import (
    Doubtful,
    DoubtKind,
    KeyOf,
    LiveNumber,
    Matched,
    MatchSettings,
    OpenPurchase,
    Presumed,
    Recognised,
    Suggestion,
    TrackingClaim,
    TrackingMatch,
    Unusable,
    UnusableKind,
)

_UNUSABLE = {
    "empty": UnusableKind.NO_NUMBER,
    "precision": UnusableKind.PRECISION,
    "phone": UnusableKind.NOT_A_NUMBER,
    "order_number": UnusableKind.NOT_A_NUMBER,
    "shape": UnusableKind.NOT_A_NUMBER,
}


def plain_key(kind: str, value: str) -> bytes:
    """Keys for callers that hold plain names and phones."""
    return value.encode()


@dataclass(slots=True)
class _Box:
    """All rows that put one number on one purchase (or on the same set of possible ones)."""

    number: str
    found: Found
    claims: list[TrackingClaim] = field(default_factory=list)

    @property
    def purchase(self) -> OpenPurchase:
        return self.found.purchases[0]


class _Piles:
    def __init__(self) -> None:
        self.matched: list[Matched] = []
        self.doubtful: list[Doubtful] = []
        self.unusable: list[Unusable] = []

    def refuse(self, claims: Sequence[TrackingClaim], kind: UnusableKind, reason: str) -> None:
        self.unusable.append(Unusable(tuple(claims), kind, reason))

    def no_number(self, claim: TrackingClaim, kind: UnusableKind, reason: str) -> None:
        """Words that are no number: several of one cell (``缺货/明天发``) are one thing to look at."""
        last = self.unusable[-1] if self.unusable else None
        if last and last.kind is kind and replace(last.claims[0], tracking_no="") == replace(claim, tracking_no=""):
            self.unusable[-1] = replace(last, claims=(*last.claims, claim))
        else:
            self.refuse([claim], kind, reason)

    def result(self) -> TrackingMatch:
        return TrackingMatch(
            tuple(sorted(self.matched, key=lambda m: (m.rows, m.tracking_no))),
            tuple(sorted(self.doubtful, key=lambda d: (d.claims[0].row, d.claims[0].tracking_no))),
            tuple(sorted(self.unusable, key=lambda u: (u.claims[0].row, u.claims[0].tracking_no))),
        )


def match_tracking(
    claims: Iterable[TrackingClaim],
    purchases: Iterable[OpenPurchase],
    live: Iterable[LiveNumber],
    settings: MatchSettings,
    now: datetime,
    *,
    supplier_id: UUID | None = None,
    presumed: Presumed | None = None,
    key_of: KeyOf = plain_key,
) -> TrackingMatch:
    """Lay claims on purchases. ``purchases`` are the open ones and those of the last weeks (to know repeats),
    ``live`` the numbers in use; ``supplier_id`` is who sent the claims, when known, ``presumed`` who probably did.
    Every claim is in one pile.
    """
    index = PurchaseIndex(purchases, key_of, supplier_id, presumed)
    window = timedelta(days=settings.window_days)
    in_use = {n.number: n for n in live if now - (n.delivered_at or n.since) < window}
    piles = _Piles()
    boxes = _boxes(claims, index, piles)
    by_number: dict[str, list[_Box]] = {}
    by_purchase: dict[UUID, list[_Box]] = {}
    for box in boxes:
        by_number.setdefault(box.number, []).append(box)
    ready: list[tuple[_Box, Recognised]] = []
    for box in boxes:
        usual = settings.usual_courier.get(box.purchase.supplier_id, "")
        said = next((c.courier for c in box.claims if c.courier), "")
        courier = recognise_courier(said, box.number, usual)
        if _taken(box, in_use.get(box.number), index, courier, piles):
            continue
        if box.found.doubt is None:
            by_purchase.setdefault(box.purchase.purchase_id, []).append(box)
        if doubt := _doubt(box, by_number[box.number], index, courier):
            piles.doubtful.append(_doubtful(box, *doubt, courier))
            continue
        ready.append((box, courier))
    _fill(ready, by_purchase, piles)
    return piles.result()


def _boxes(claims: Iterable[TrackingClaim], index: PurchaseIndex, piles: _Piles) -> list[_Box]:
    orders = index.order_numbers
    boxes: dict[tuple[str, tuple[UUID, ...], DoubtKind | None], _Box] = {}
    for claim in claims:
        check = check_number(claim.tracking_no, order_numbers=orders)
        if not check.ok:
            piles.no_number(claim, _UNUSABLE[check.kind], f"{check.problem}。")
            continue
        found = index.find(claim)
        if not found.purchases:
            piles.refuse([claim], UnusableKind.NOBODY, _nobody(claim))
            continue
        key = (check.number, tuple(p.purchase_id for p in found.purchases), found.doubt)
        boxes.setdefault(key, _Box(check.number, found)).claims.append(claim)
    return list(boxes.values())


def _nobody(claim: TrackingClaim) -> str:
    if said := claim.our_number or claim.order_no:
        return f"找不到单号“{said}”。请核对是不是抄错，或先导入这张订单。"
    if claim.names or claim.phone_tail:
        return "没有这个收件人的采购单在等发货。请补上我方单号或平台单号。"
    return "这一行只有快递单号，没写是哪一单。请补上我方单号、平台单号或收件人。"


def _taken(box: _Box, live: LiveNumber | None, index: PurchaseIndex, courier: Recognised, piles: _Piles) -> bool:
    """Whether the number is already on a parcel; then it is put on its pile."""
    known = {p.purchase_id for p in box.found.purchases if box.number in p.tracking_numbers}
    on = known | set(live.purchase_ids if live else ())
    if not on and live is None:
        return False
    if on <= {box.purchase.purchase_id} and box.number in box.purchase.former and not box.purchase.left:
        now = "、".join(box.purchase.tracking_numbers)
        reason = f"{box.purchase.shown} 原来就是 {box.number}，后来换成了 {now}。要换回去请确认"
        piles.doubtful.append(_doubtful(box, DoubtKind.ALREADY_SHIPPED, reason, courier))
        return True
    if box.found.doubt is None and box.purchase.purchase_id in on:
        piles.refuse(box.claims, UnusableKind.REPEATED, f"{box.purchase.shown} 已经登记过 {box.number}，不用再导。")
        return True
    others = [p for i in sorted(on) if (p := index.by_id.get(i)) is not None]
    shown = live.shown if live else "、".join(p.shown for p in others)
    same = _same_person(box.purchase, others)
    if same is False and len(others) == len(on):
        reason = f"单号 {box.number} 已用在 {shown}，收件人不同。请向供应商要正确的单号。"
        piles.refuse(box.claims, UnusableKind.NUMBER_TAKEN, reason)
        return True
    person = "收件人相同" if same else "收件人无法核对"
    reason = f"单号 {box.number} 已用在 {shown}，{person}。如果是合在一箱发的，请确认"
    piles.doubtful.append(_doubtful(box, DoubtKind.SHARED_BOX, reason, courier))
    return True


def _same_person(purchase: OpenPurchase, others: Sequence[OpenPurchase]) -> bool | None:
    """Whether all purchases go to one recipient; None where any of them is unknown."""
    people = [(p.name_key, p.phone_key or p.tail_key) for p in (purchase, *others)]
    if not others or any(not name or not phone for name, phone in people):
        return None
    return len(set(people)) == 1


def _doubt(
    box: _Box, same_number: Sequence[_Box], index: PurchaseIndex, courier: Recognised
) -> tuple[DoubtKind, str] | None:
    found, purchase = box.found, box.purchase
    if found.doubt is not None:
        return found.doubt, found.reason
    if len(same_number) > 1:
        others = "、".join(b.purchase.shown for b in same_number if b is not box)
        same = _same_person(purchase, [b.purchase for b in same_number if b is not box])
        hint = {True: "收件人相同，可能合在一箱", False: "收件人不同，可能抄错", None: "收件人无法核对"}[same]
        return DoubtKind.SHARED_BOX, f"单号 {box.number} 同时写给了 {purchase.shown} 和 {others}，{hint}"
    if purchase.dead:
        return DoubtKind.NOT_LIVE, f"{purchase.shown} {purchase.dead}，供应商却回了单号。请先确认货是否发出、要不要拦截"
    if why := next((w for c in box.claims if (w := index.disagreement(c, purchase))), ""):
        return DoubtKind.RECIPIENT_DISAGREES, why
    if purchase.left == 0:
        before = "、".join(purchase.tracking_numbers) or "以前的单号"
        return DoubtKind.ALREADY_SHIPPED, f"{purchase.shown} 已经全部发货（{before}）。是换单号、补发，还是写错了"
    if not courier.agrees:
        kind = DoubtKind.NUMBER_SHAPE if courier.code and courier.confidence < 0.8 else DoubtKind.COURIER
        return kind, courier.reason
    if why := undemanded(purchase.courier_demand, box.number, courier.code):
        return DoubtKind.COURIER_DEMANDED, why
    return None


def undemanded(demand: str, number: str, courier: str) -> str:
    """Why a number is not what the buyer asked of the courier (its code); "" when it is, or nothing was asked."""
    if not against_demand(demand, courier):
        return ""
    asked = f"买家对快递有要求（{demand}），{number} 却是{courier_table()[courier].name}"
    return f"{asked}。请问供应商是不是发错了；和买家说好了的请确认"


def _fill(ready: Sequence[tuple[_Box, Recognised]], by_purchase: Mapping[UUID, Sequence[_Box]], piles: _Piles) -> None:
    """Put pieces into boxes, box by box in the order of the rows, never more than is left of the purchase."""
    left = {line.line_id: line.left for boxes in by_purchase.values() for line in boxes[0].purchase.lines}
    for box, courier in ready:
        siblings = by_purchase[box.purchase.purchase_id]
        answer = contents_of(box.claims, box.purchase, left, only_box=len(siblings) == 1)
        if isinstance(answer, Question):
            proposal = answer.proposal
            if proposal is None:
                proposal = shared_out(box.purchase.lines, left, len(siblings))[siblings.index(box)]
            piles.doubtful.append(_doubtful(box, answer.kind, answer.reason, courier, proposal))
            continue
        if not answer:
            reason = f"{box.purchase.shown} 的件数已被前面的单号占满，{box.number} 里没有货可记。请确认是分箱还是写错"
            piles.doubtful.append(_doubtful(box, DoubtKind.QUANTITY, reason, courier))
            continue
        for content in answer:
            left[content.line_id] -= content.quantity
        piles.matched.append(_matched(box, courier, answer, left))


def _matched(box: _Box, courier: Recognised, contents: Contents, left: Mapping[UUID, int]) -> Matched:
    rest = sum(left[line.line_id] for line in box.purchase.lines)
    pieces = sum(c.quantity for c in contents)
    part = f"，{pieces} 件，还差 {rest} 件" if rest else ""
    return Matched(
        rows=tuple(dict.fromkeys(c.row for c in box.claims)),
        purchase_id=box.purchase.purchase_id,
        tracking_no=box.number,
        courier=courier.code,
        contents=contents,
        reason=f"{box.found.how}对上 {box.purchase.shown}{part}；{courier.reason}。",
    )


def proposed(purchase: OpenPurchase, number: str, courier: str, inside: Contents) -> Suggestion:
    """What we would record, in a person's words; ``courier`` is a code, "" where it is still to be chosen."""
    name = courier_table()[courier].name if courier else "快递待选"
    pieces = sum(c.quantity for c in inside)
    how = f"，{pieces} 件{_goods(purchase, inside)}" if pieces else "，代替原来的单号"
    why = f"登记到 {purchase.shown}：{name} {number}{how}"
    return Suggestion(purchase.purchase_id, purchase.shown, number, courier, inside, why)


def _goods(purchase: OpenPurchase, inside: Contents) -> str:
    """What is meant of a purchase of several goods."""
    names = {line.line_id: f"{line.name} {line.spec}".strip() for line in purchase.lines}
    return f"（{'、'.join(f'{names[c.line_id]} ×{c.quantity}' for c in inside)}）" if len(names) > 1 else ""


def _doubtful(
    box: _Box, kind: DoubtKind, reason: str, courier: Recognised, contents: Contents | None = None
) -> Doubtful:
    suggestions = []
    for p in box.found.purchases[:MAX_SUGGESTIONS]:
        left = {line.line_id: line.left for line in p.lines}
        inside = contents if contents is not None else shared_out(p.lines, left, 1)[0]
        suggestions.append(proposed(p, box.number, courier.code, inside))
    if courier.code and not courier.agrees and courier.reason not in reason:
        reason = f"{reason}；另外，{courier.reason}"
    if len(suggestions) > 1:
        # Nothing says which: whoever decides has to choose, and is told so.
        reason = f"{reason}。请选一张"
    return Doubtful(tuple(box.claims), kind, f"{reason}。", tuple(suggestions))
