"""Which purchase a claim speaks of: by our number, the platform's, or the recipient; and what speaks against it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from uuid import UUID

from daifa.areas.logistics.rules.claims import plain_own, plain_person
from daifa.areas.logistics.rules.tracking_numbers import clean_number
from daifa.areas.logistics.types import DoubtKind, KeyOf, OpenPurchase, Presumed, TrackingClaim
from daifa.kit.values import dataclass

MAX_SUGGESTIONS = 5


@dataclass(frozen=True, slots=True)
class Found:
    """The purchases a claim may mean; exactly one and no doubt = found. ``how`` and ``reason`` are Chinese."""

    purchases: tuple[OpenPurchase, ...]
    how: str = ""
    doubt: DoubtKind | None = None
    reason: str = ""


class PurchaseIndex:
    """Purchases by every number and key; ``supplier_id`` is whose file it is, None when nobody said; then ``presumed``
    decides where purchases of several suppliers fit."""

    def __init__(
        self,
        purchases: Iterable[OpenPurchase],
        key_of: KeyOf,
        supplier_id: UUID | None,
        presumed: Presumed | None = None,
    ) -> None:
        self._key_of, self._supplier = key_of, supplier_id
        self._presumed = presumed if supplier_id is None else None
        self.by_id: dict[UUID, OpenPurchase] = {}
        self._ours: dict[str, list[OpenPurchase]] = {}
        self._orders: dict[str, list[OpenPurchase]] = {}
        self._names: dict[bytes, list[OpenPurchase]] = {}
        self._phones: dict[bytes, list[OpenPurchase]] = {}
        self._tails: dict[bytes, list[OpenPurchase]] = {}
        self._masked: dict[tuple[str, str], list[OpenPurchase]] = {}
        self._masked_tails: dict[str, list[OpenPurchase]] = {}
        for p in sorted(purchases, key=lambda p: (p.shown, p.purchase_id)):
            self.by_id[p.purchase_id] = p
            for number in dict.fromkeys(plain_own(n) for n in p.numbers):
                self._ours.setdefault(number, []).append(p)
            for number in dict.fromkeys(plain_own(n) for n in p.order_numbers):
                self._orders.setdefault(number, []).append(p)
            for table, key in ((self._names, p.name_key), (self._phones, p.phone_key), (self._tails, p.tail_key)):
                if key:
                    table.setdefault(key, []).append(p)
            if p.masked[1]:
                self._masked.setdefault(p.masked, []).append(p)
                self._masked_tails.setdefault(p.masked[1], []).append(p)

    @property
    def order_numbers(self) -> frozenset[str]:
        """Every platform number, to tell one from a tracking number."""
        return frozenset(n for p in self.by_id.values() for n in p.order_numbers)

    def find(self, claim: TrackingClaim) -> Found:
        """The purchases a claim means, and a doubt when its words do not agree with each other."""
        found = self._by_numbers(claim)
        if found is None:
            found = self._by_recipient(claim)
        elif len(found.purchases) > 1 and found.doubt is None:
            number = clean_number(claim.tracking_no)
            # What one of them has already is told once more, not of another.
            held = tuple(p for p in found.purchases if number in p.tracking_numbers)
            found = Found(held, found.how) if len(held) == 1 else self._narrow(claim, found)
        if self._supplier is None or not found.purchases:
            return found
        own = tuple(p for p in found.purchases if p.supplier_id == self._supplier)
        if not own:
            who = "、".join(p.shown for p in found.purchases[:MAX_SUGGESTIONS])
            return Found(
                found.purchases, found.how, DoubtKind.OTHER_SUPPLIER, f"{found.how}对上的 {who} 不是发给这家供应商的"
            )
        if len(own) == 1 and found.doubt is DoubtKind.SEVERAL_ORDERS:
            return Found(own, found.how)
        return Found(own, found.how, found.doubt, found.reason)

    def disagreement(self, claim: TrackingClaim, purchase: OpenPurchase) -> str:
        """Why the recipient in the claim is not the purchase's, or an empty text."""
        if claim.names_sure and claim.names and not self._may_be(claim.names[0], purchase):
            return f"号码是 {purchase.shown} 的，但收件人姓名对不上，可能错行"
        tail, (_, shown) = claim.phone_tail, purchase.masked
        other = (purchase.tail_key and self._key_of("tail", tail) != purchase.tail_key) or (shown and shown != tail)
        if tail and other:
            return f"号码是 {purchase.shown} 的，但手机尾号 {tail} 对不上，可能错行"
        return ""

    def _may_be(self, name: str, purchase: OpenPurchase) -> bool:
        """Whether a name may be the purchase's recipient; of a masked one only the first character tells."""
        if purchase.masked[0]:
            return name[:1] == purchase.masked[0]
        return not (plain_person(name) and purchase.name_key) or self._name_key(name) == purchase.name_key

    def _name_key(self, name: str) -> bytes:
        return self._key_of("name", plain_person(name))

    def _by_numbers(self, claim: TrackingClaim) -> Found | None:
        ours = self._look(self._ours, claim.our_number) or self._look(self._ours, claim.order_no)
        theirs = self._look(self._orders, claim.order_no) or self._look(self._orders, claim.our_number)
        if ours and theirs:
            both = tuple(p for p in ours if p in theirs)
            if both:
                return Found(both, "按我方单号")
            reason = f"我方单号是 {ours[0].shown}，平台单号却是 {theirs[0].shown} 的，两个对不上"
            return Found((*ours, *theirs), "", DoubtKind.NUMBERS_DISAGREE, reason)
        if ours:
            return Found(tuple(ours), "按我方单号")
        if theirs:
            if claim.our_number and self._look(self._orders, claim.our_number) != theirs:
                reason = f"平台单号 {claim.order_no} 对得上，但另一个单号“{claim.our_number}”不是这一单的"
                return Found(tuple(theirs), "按平台单号", DoubtKind.NUMBERS_DISAGREE, reason)
            return Found(tuple(theirs), "按平台单号")
        return None

    def _look(self, table: dict[str, list[OpenPurchase]], number: str) -> list[OpenPurchase]:
        return table.get(plain_own(number), []) if number else []

    def _by_recipient(self, claim: TrackingClaim) -> Found:
        phone = self._phones.get(self._key_of("phone", claim.phone), []) if claim.phone else []
        named = _union(self._names.get(self._name_key(n), []) for n in claim.names if plain_person(n))
        tailed = self._tails.get(self._key_of("tail", claim.phone_tail), []) if claim.phone_tail else []
        shown = _union(self._masked.get((n[:1], claim.phone_tail), []) for n in claim.names)
        if claim.our_number or claim.order_no:
            # It names a number that nobody has: a recipient alone must not overrule it silently.
            said = claim.our_number or claim.order_no
            hit = [p for p in named if p in tailed] or phone or shown
            reason = f"单号“{said}”查不到，只有收件人对得上"
            return Found(tuple(hit), "", DoubtKind.NUMBERS_DISAGREE, reason) if hit else Found(())
        if strong := [p for p in named if p in phone] or [p for p in named if p in tailed]:
            return self._narrow(claim, Found(tuple(strong), "按姓名和手机"))
        if phone and not claim.names_sure:
            return self._narrow(claim, Found(tuple(phone), "按完整手机号"))
        if shown:
            return self._shown(claim, shown)
        if weak := (phone or named or tailed or self._masked_tails.get(claim.phone_tail, [])):
            return self._weak(claim, weak, phone=bool(phone), named=bool(named))
        return Found(())

    def _shown(self, claim: TrackingClaim, shown: Sequence[OpenPurchase]) -> Found:
        """By what a masked recipient shows: enough among one supplier's purchases, else a question."""
        whose = self._presumed.supplier_id if self._presumed else self._supplier
        if any(p.supplier_id == whose for p in shown):
            return self._narrow(claim, Found(tuple(shown), "按脱敏收件人的姓和尾号"))
        open_ones = [p for p in shown if p.left] or shown
        who = "、".join(p.shown for p in open_ones[:MAX_SUGGESTIONS])
        why = f"收件人是脱敏的，只有姓和尾号 {claim.phone_tail} 对得上，可能是 {who}"
        return Found(tuple(open_ones), "按收件人", DoubtKind.RECIPIENT_ONLY, why)

    def _weak(self, claim: TrackingClaim, weak: Sequence[OpenPurchase], *, phone: bool, named: bool) -> Found:
        how = self._how("按收件人", weak)
        weak = self._mine(weak)
        open_ones = [p for p in weak if p.left] or weak
        who = "、".join(p.shown for p in open_ones[:MAX_SUGGESTIONS])
        if phone:
            why = "手机号对得上，姓名对不上"
        elif named:
            why = f"姓名对得上，尾号 {claim.phone_tail} 对不上" if claim.phone_tail else "只有姓名，没有尾号或单号"
        else:
            why = f"只有尾号 {claim.phone_tail} 对得上" + ("，姓名对不上" if claim.names else "，没有姓名或单号")
        return Found(tuple(open_ones), how, DoubtKind.RECIPIENT_ONLY, f"{why}，可能是 {who}")

    def _narrow(self, claim: TrackingClaim, found: Found) -> Found:
        """One of several: who sent it, the ones still open, then the one whose goods are named, else a person."""
        how = self._how(found.how, found.purchases)
        mine = self._mine(found.purchases)
        left = [p for p in mine if p.left and not p.dead] or mine
        if len(left) > 1:
            left = [
                p for p in left if any(names_line(claim, line.name, line.spec, line.line_numbers) for line in p.lines)
            ] or left
        if len(left) > 1 and claim.quantity is not None:
            fitting = [p for p in left if p.left == claim.quantity]
            left = fitting if len(fitting) == 1 and claim.title else left
        if len(left) == 1:
            return Found(tuple(left), how)
        who = "、".join(p.shown for p in left[:MAX_SUGGESTIONS])
        senders = len({p.supplier_id for p in left})
        which = f"是 {senders} 家供应商的，没写是哪一家发的" if senders > 1 else "不知道是哪一单，或是合在一箱"
        reason = f"{how}对上了 {len(left)} 单（{who}），{which}"
        return Found(tuple(left), how, DoubtKind.SEVERAL_ORDERS, reason)

    def _mine(self, purchases: Sequence[OpenPurchase]) -> list[OpenPurchase]:
        """Those of the supplier whose words they are, before anything else is asked of them; all when none is."""
        whose = self._presumed.supplier_id if self._presumed else self._supplier
        return [p for p in purchases if p.supplier_id == whose] or list(purchases)

    def _how(self, how: str, purchases: Sequence[OpenPurchase]) -> str:
        """With what the file's name decided, where it did."""
        senders = {p.supplier_id for p in purchases}
        decides = self._presumed is not None and len(senders) > 1 and self._presumed.supplier_id in senders
        return f"{how}（{self._presumed.why}）" if self._presumed and decides else how


def names_line(claim: TrackingClaim, name: str, spec: str, line_numbers: Sequence[str]) -> bool:
    """Whether a claim names this line: by sub-order number, or by title and spec words."""
    if claim.line_no:
        return claim.line_no in line_numbers
    if claim.spec and spec:
        return _in(claim.spec, spec) and (
            not claim.title or not name or _in(claim.title, name) or _in(claim.title, spec)
        )
    return bool(claim.title) and (_in(claim.title, name) or _in(claim.title, f"{name}{spec}"))


def _in(one: str, other: str) -> bool:
    a, b = plain_own(one), plain_own(other)
    return bool(a and b) and (a in b or b in a)


def _union(groups: Iterable[Sequence[OpenPurchase]]) -> list[OpenPurchase]:
    seen: dict[UUID, OpenPurchase] = {}
    for group in groups:
        for p in group:
            seen.setdefault(p.purchase_id, p)
    return list(seen.values())
