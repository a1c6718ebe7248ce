"""From the facts of one order to the reasons why it waits. Pure; settling them with what stands is in ``settling``."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

from daifa.areas.orders.rules.note_words import intents, normal
from daifa.areas.orders.rules.transit_words import transit_marks
from daifa.areas.orders.types import HOLDS, HoldFinding, HoldKind, ScreenFacts, ScreenLine, ScreenSettings
from daifa.kit.clock import BEIJING, business_day
from daifa.kit.money import format_yuan
from daifa.ports.shop import OVER, OrderState, RecipientState, RefundState, WaitReason

type Check = Callable[[ScreenFacts, ScreenSettings], Iterator[HoldFinding]]

_WAITS = {
    WaitReason.UNDER_REVIEW: "平台审核中",
    WaitReason.GROUP_PENDING: "拼团未成",
    WaitReason.PRESALE: "预售",
    WaitReason.RESERVED: "预约发货",
    WaitReason.RISK: "平台风控",
}
# These end by themselves on the day that the platform told.
_DATED = frozenset({WaitReason.PRESALE, WaitReason.RESERVED})
_HITS = {"phone": "电话", "name": "姓名", "person": "收件人", "address": "地址", "nick": "买家"}


def screen(facts: ScreenFacts, settings: ScreenSettings) -> list[HoldFinding]:
    """Every reason why this order waits now, in the order of HoldKind, then by line.

    Nothing is found for what needs no purchase any more (cancelled, refunded, shipped) or not yet (unpaid).
    What is wholly with its suppliers is only watched for what a person must still do about it.
    """
    if facts.state in OVER or facts.refund is RefundState.FULL:
        return []
    if facts.state is OrderState.UNPAID and not facts.cash_on_delivery:
        return []
    checks = _ALWAYS if facts.sent else (*_ALWAYS, *_BEFORE_SENDING)
    if not facts.sent and _needs_parcel(facts):
        checks = (*checks, *_PARCEL)
    found = [finding for check in checks for finding in check(facts, settings)]
    return sorted(found, key=lambda f: (_RANK[f.kind], str(f.line_id or "")))


def screen_address(facts: ScreenFacts, settings: ScreenSettings) -> list[str]:
    """What stands against sending the order to the recipient of these facts; the sentences, none when nothing does."""
    checks = (_recipient, _address, _region, _transit, _blocked)
    return [finding.reason for check in checks for finding in check(facts, settings)]


_RANK = {kind: n for n, kind in enumerate(HoldKind)}


def fingerprint(*parts: object, key: bytes = b"") -> str:
    """A short stable print of facts; with a key it cannot be guessed from the facts."""
    text = "\x1f".join(str(p) for p in parts)
    return hashlib.blake2b(text.encode(), digest_size=8, key=key[:64]).hexdigest()


def _found(
    settings: ScreenSettings, kind: HoldKind, reason: str, *parts: object, line: ScreenLine | None = None
) -> HoldFinding:
    line_id = line.line_id if line else None
    print_ = fingerprint(kind.value, line_id, *parts, key=settings.fingerprint_key)
    return HoldFinding(kind, line_id, reason, print_, HOLDS[kind].remedy, kind not in settings.warn_only)


def _living(facts: ScreenFacts) -> list[ScreenLine]:
    return [line for line in facts.lines if line.refund is not RefundState.FULL]


def _needs_parcel(facts: ScreenFacts) -> bool:
    """Whether anything must travel: an order of 补差价 lines alone needs no address."""
    return not facts.lines or any(line.ships for line in _living(facts))


def _moment(at: datetime) -> str:
    return f"{at.astimezone(BEIJING):%m-%d %H:%M}"


# --- facts of the order itself -----------------------------------------------------------------------------------


def _number_conflict(facts: ScreenFacts, settings: ScreenSettings) -> Iterator[HoldFinding]:
    if facts.conflict_shop:
        reason = f"店铺“{facts.conflict_shop}”的文件里也有这个单号，请认定是哪家店的"
        yield _found(settings, HoldKind.NUMBER_CONFLICT, reason, facts.conflict_shop)


def _lines_missing(facts: ScreenFacts, settings: ScreenSettings) -> Iterator[HoldFinding]:
    if facts.lines_missing or not facts.lines:
        reason = "这个订单还没有商品明细，请导入这个平台的商品明细文件"
        yield _found(settings, HoldKind.LINES_MISSING, reason)


def _unmatched(facts: ScreenFacts, settings: ScreenSettings) -> Iterator[HoldFinding]:
    for line in _living(facts):
        if not line.matched:
            reason = f"“{_short(line.title)}” ×{line.quantity} 还没有匹配到规格"
            yield _found(settings, HoldKind.UNMATCHED, reason, line.listing_key, line=line)


def _short(title: str, most: int = 24) -> str:
    return title if len(title) <= most else title[: most - 1] + "…"


def _refund_applied(facts: ScreenFacts, settings: ScreenSettings) -> Iterator[HoldFinding]:
    asked = [line for line in facts.lines if line.refund is RefundState.APPLIED]
    if facts.refund is not RefundState.APPLIED and not asked:
        return
    what = f"{len(asked)} 行商品退款申请中" if asked and len(asked) < len(facts.lines) else "买家申请退款中"
    paid = f"，实付 {format_yuan(facts.paid_fen)}" if facts.paid_fen is not None else ""
    lines = sorted(str(line.line_id) for line in asked)
    parts = (facts.refunded_fen or 0, *sorted(facts.refund_refs), *lines)
    yield _found(settings, HoldKind.REFUND_APPLIED, f"{what}{paid}，处理完再发货", *parts)


def _wish(facts: ScreenFacts, settings: ScreenSettings) -> Iterator[HoldFinding]:
    if facts.wish is not None:
        which, place = facts.wish
        reason = f"买家申请把地址改到 {place or '别处'}，答复以后再{'处理' if facts.sent else '派单'}"
        yield _found(settings, HoldKind.ADDRESS_WISH, reason, which, facts.sent)


def _not_yet(facts: ScreenFacts, settings: ScreenSettings) -> Iterator[HoldFinding]:
    day = business_day(facts.ship_not_before) if facts.ship_not_before else None
    arrived = day is not None and business_day(facts.now) >= day
    waits = [w for w in WaitReason if w in facts.waits and not (arrived and w in _DATED)]
    if not waits and (day is None or arrived):
        return
    words = "、".join(_WAITS[w] for w in waits) or "预约发货"
    until = f"，{day:%m-%d} 起才能发货" if day and not arrived else "，平台放行后才能发货"
    yield _found(settings, HoldKind.NOT_TO_SHIP_YET, words + until, *(w.value for w in waits), day)


def _note_asks(facts: ScreenFacts, settings: ScreenSettings) -> Iterator[HoldFinding]:
    said, texts = [], []
    for whose, text in (("买家留言", facts.note), ("卖家备注", facts.memo)):
        found = intents(text) if text else ()
        if found and text:
            said.append(f"{whose}要求：{'、'.join(i.value for i in found)}")
            texts += [whose, normal(text)]
    if said:
        yield _found(settings, HoldKind.NOTE_ASKS, "；".join(said), *texts)


def _deadline(facts: ScreenFacts, settings: ScreenSettings) -> Iterator[HoldFinding]:
    if facts.due_by is None or facts.gone:
        return
    left = facts.due_by - facts.now
    kind = HoldKind.OVERDUE if left < timedelta(0) else HoldKind.DEADLINE_NEAR
    if kind is HoldKind.OVERDUE:
        reason = f"已过发货截止时间 {_moment(facts.due_by)}"
    elif left <= timedelta(hours=settings.deadline_near_hours):
        reason = f"{_moment(facts.due_by)} 前必须发货，剩余不足 {settings.deadline_near_hours} 小时"
    else:
        return
    yield _found(settings, kind, reason, facts.due_by.isoformat())


# --- where it goes -----------------------------------------------------------------------------------------------


def _recipient(facts: ScreenFacts, settings: ScreenSettings) -> Iterator[HoldFinding]:
    if facts.recipient_path == "handover" or facts.recipient_state is RecipientState.PLAIN:
        return
    if facts.hands_over or (facts.cipher_goes and facts.recipient_state is RecipientState.CIPHER):
        return
    if facts.recipient_state is RecipientState.ABSENT:
        kind, what = HoldKind.RECIPIENT_ABSENT, "文件里没有收件人"
    else:
        masked = facts.recipient_state is RecipientState.MASKED
        kind, what = HoldKind.RECIPIENT_MASKED, "收件人是脱敏的" if masked else "收件人是平台加密的"
    todo = "，请导入或粘贴“单号 + 姓名 + 电话 + 地址”，或改为厂家代打"
    if facts.recipient_state is RecipientState.CIPHER:
        todo = "，而没有能接加密单的供应商供齐这些商品：请解密收件人、换供应商，或粘贴“单号 + 姓名 + 电话 + 地址”"
    if facts.recipient_path == "wait":
        todo = "，按设置等待收件人资料"
    yield _found(settings, kind, what + todo, facts.recipient_state.value, facts.recipient_path)


def _address(facts: ScreenFacts, settings: ScreenSettings) -> Iterator[HoldFinding]:
    if facts.recipient_path == "handover" or facts.recipient_state is not RecipientState.PLAIN:
        return
    kinds = {"incomplete": HoldKind.ADDRESS_INCOMPLETE, "contradictory": HoldKind.ADDRESS_CONTRADICTORY}
    for word, kind in kinds.items():
        texts = [text for problem, text in facts.address_problems if problem == word]
        if texts:
            yield _found(settings, kind, "；".join(dict.fromkeys(texts)), facts.person_print, *sorted(texts))


def _region(facts: ScreenFacts, settings: ScreenSettings) -> Iterator[HoldFinding]:
    if facts.region_not_served:
        names = "、".join(f"“{_short(n)}”" for n in facts.region_not_served[:3])
        more = f"等 {len(facts.region_not_served)} 种商品" if len(facts.region_not_served) > 3 else ""
        place = f"{facts.province}{facts.city}{facts.district}" or "这个地区"
        reason = f"{names}{more}的供应商都不发 {place}；加不到能发的货源，就和买家商量改地址或退款"
        yield _found(settings, HoldKind.REGION_NOT_SERVED, reason, place, *sorted(facts.region_not_served))


def _transit(facts: ScreenFacts, settings: ScreenSettings) -> Iterator[HoldFinding]:
    marks = transit_marks(facts.address or "") if facts.recipient_state is RecipientState.PLAIN else ()
    if not marks and not facts.consolidation:
        return
    told = f"平台标为“{facts.consolidation}”" if facts.consolidation else ""
    seen = f"地址里有“{'”“'.join(marks)}”" if marks else ""
    reason = f"{'，'.join(t for t in (told, seen) if t)}，请核对能否发、怎么写"
    yield _found(settings, HoldKind.TRANSIT_ADDRESS, reason, facts.consolidation, facts.person_print, *marks)


def _blocked(facts: ScreenFacts, settings: ScreenSettings) -> Iterator[HoldFinding]:
    if facts.block_hits:
        said = dict.fromkeys(f"{_HITS.get(h.kind, h.kind)}（{h.reason}）" for h in facts.block_hits)
        parts = sorted(f"{h.kind}:{h.reason}" for h in facts.block_hits)
        yield _found(settings, HoldKind.BLOCKED, f"命中黑名单：{'、'.join(said)}", facts.person_print, *parts)


def _courier(facts: ScreenFacts, settings: ScreenSettings) -> Iterator[HoldFinding]:
    if facts.courier_demand:
        reason = f"买家指定快递：{facts.courier_demand}，请确认供应商能发"
        yield _found(settings, HoldKind.COURIER_DEMANDED, reason, facts.courier_demand)


# --- what is bought ----------------------------------------------------------------------------------------------


def _duplicate(facts: ScreenFacts, settings: ScreenSettings) -> Iterator[HoldFinding]:
    if facts.at is None or settings.duplicate_hours <= 0:
        return
    span = timedelta(hours=settings.duplicate_hours)
    # The later of two is the doubtful one; of the same second both are, a person tells which.
    twins = sorted((t for t in facts.twins if timedelta(0) <= facts.at - t.at <= span), key=lambda t: (t.at, t.number))
    if twins:
        first = twins[-1]
        more = f"等 {len(twins)} 单" if len(twins) > 1 else ""
        reason = (
            f"与订单 {first.number} {more}的收件人、商品相同，相隔 {_span(facts.at - first.at)}"
            f"（{settings.duplicate_hours} 小时内算疑似重复）"
        )
        yield _found(settings, HoldKind.DUPLICATE, reason, *sorted(t.number for t in twins))


def _span(span: timedelta) -> str:
    minutes = int(span.total_seconds()) // 60
    if minutes < 60:
        return f"{minutes} 分钟"
    return f"{minutes // 60} 小时 {minutes % 60} 分" if minutes % 60 else f"{minutes // 60} 小时"


def _unusual(facts: ScreenFacts, settings: ScreenSettings) -> Iterator[HoldFinding]:
    habit = facts.habit
    if habit.orders < settings.unusual_orders:
        return
    reasons: list[str] = []
    quantity = sum(line.quantity for line in _living(facts) if line.ships)
    # Most shops sell one piece at a time, with no spread at all: a piece, and a quarter of the median, are the least.
    most = habit.quantity_median + settings.unusual_times * max(habit.quantity_mad, 1)
    if quantity > most:
        reasons.append(f"共 {quantity} 件，本店一般 {habit.quantity_median} 件，超过 {most} 件要确认")
    spread = max(habit.amount_mad_fen, habit.amount_median_fen // 4, 1)
    dear = habit.amount_median_fen + settings.unusual_times * spread
    usual = format_yuan(habit.amount_median_fen)
    if facts.paid_fen is not None and facts.paid_fen > dear:
        reasons.append(f"实付 {format_yuan(facts.paid_fen)}，本店一般 {usual}，超过 {format_yuan(dear)} 要确认")
    if facts.paid_fen is not None and facts.paid_fen * settings.unusual_times * 2 < habit.amount_median_fen:
        reasons.append(f"实付只有 {format_yuan(facts.paid_fen)}，本店一般 {usual}")
    if reasons:
        yield _found(settings, HoldKind.UNUSUAL, "；".join(reasons), quantity, facts.paid_fen)


def _no_supply(facts: ScreenFacts, settings: ScreenSettings) -> Iterator[HoldFinding]:
    reasons: list[str] = []
    if facts.unsupplied:
        names = "、".join(f"“{_short(n)}”" for n in facts.unsupplied[:3])
        more = f"等 {len(facts.unsupplied)} 种商品" if len(facts.unsupplied) > 3 else ""
        reasons.append(f"{names}{more}没有供应商供货，请先加货源")
    if facts.unable:
        more = f"（共 {len(facts.unable)} 种商品供不了）" if len(facts.unable) > 2 else ""
        said = "".join(why for _, why in facts.unable[:2])
        again = "；嫌收件地址不对的，改好收件人就再问他" if "拒单" in said and "地址" in said else ""
        reasons.append(f"{said}{more}请换货源，或等供应商有货{again}")
    if reasons:
        names_of_all = sorted({*facts.unsupplied, *(name for name, _ in facts.unable)})
        yield _found(settings, HoldKind.NO_SUPPLY, "；".join(reasons), *names_of_all)


def _margin_low(facts: ScreenFacts, settings: ScreenSettings) -> Iterator[HoldFinding]:
    if facts.margin_fen is not None and facts.margin_fen < settings.margin_floor_fen:
        reason = f"毛利 {format_yuan(facts.margin_fen)}，低于下限 {format_yuan(settings.margin_floor_fen)}"
        yield _found(settings, HoldKind.MARGIN_LOW, reason, facts.margin_fen)


def _rules(facts: ScreenFacts, settings: ScreenSettings) -> Iterator[HoldFinding]:
    held = sorted(facts.rule_holds, key=lambda r: (r.name, str(r.rule_id)))
    if held:
        said = [
            f"{'需要审批' if r.approval else ''}{'：' if r.approval and r.text else ''}{r.text}"
            f"（规则“{r.name}”{f'：{r.because}' if r.because else ''}）"
            for r in held
        ]
        yield _found(settings, HoldKind.RULE, "；".join(said), *(f"{r.rule_id}:{r.fingerprint}" for r in held))


_ALWAYS: tuple[Check, ...] = (_number_conflict, _refund_applied, _wish, _note_asks, _deadline)
_BEFORE_SENDING: tuple[Check, ...] = (_lines_missing, _unmatched, _not_yet, _unusual, _margin_low, _rules, _blocked)
_PARCEL: tuple[Check, ...] = (_recipient, _address, _region, _transit, _courier, _duplicate, _no_supply)
