"""The clock: when a parcel must be on its way, what missing it costs, and how near that is. Pure, with reasons."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal

from daifa.areas.compliance.types import (
    RULE_KIND_LABELS,
    Deadline,
    DeadlineFacts,
    Exemption,
    Loss,
    LossFacts,
    PlatformRule,
    RiskLevel,
    RiskView,
    RuleBook,
    Worse,
)
from daifa.kit.clock import business_day, day_start, short_time
from daifa.kit.money import Fen, format_yuan, round_fen
from daifa.ports.terms import Band, RuleKind

_AMBER_SHARE = 4  # amber when less than a quarter of the window is left
_NO_BOOK = RuleBook()
# A window of unknown length (a file names the end only, the order has no payment time) counts as the usual one.
USUAL_WINDOW = timedelta(hours=48)
# Longer than any holiday or disaster: a wrong year is caught.
LONGEST_EXEMPTION = timedelta(days=90)


def rule_book(rules: Iterable[PlatformRule], exemptions: Iterable[Exemption] = ()) -> RuleBook:
    """Rules by platform, the newest first, and exemptions in order of time."""
    by_platform: dict[str, list[PlatformRule]] = defaultdict(list)
    for rule in rules:
        by_platform[rule.platform].append(rule)
    return RuleBook(
        {p: tuple(sorted(rs, key=lambda r: (r.valid_from, r.key), reverse=True)) for p, rs in by_platform.items()},
        _in_order(exemptions),
    )


def with_exemptions(book: RuleBook, exemptions: Iterable[Exemption]) -> RuleBook:
    """The same rules with other exemptions."""
    return replace(book, exemptions=_in_order(exemptions))


def _in_order(exemptions: Iterable[Exemption]) -> tuple[Exemption, ...]:
    return tuple(sorted(exemptions, key=lambda e: (e.starts_at, e.ends_at)))


def rule_on(book: RuleBook, platform: str, kind: RuleKind, day: date | None) -> PlatformRule | None:
    """The rule of a platform that holds on a day (None = today's, the newest)."""
    for rule in book.rules.get(platform, ()):
        if rule.kind is not kind:
            continue
        if day is None or (rule.valid_from <= day and (rule.valid_to is None or day <= rule.valid_to)):
            return rule
    return None


def due_by(facts: DeadlineFacts, book: RuleBook = _NO_BOOK) -> Deadline:
    """When the parcel must be on its way: as the file says, else by the shop's or the platform's window.

    A file's moment that falls into an exemption moves to its end; a window stands still during exemptions.
    A day agreed with the buyer (预约, 预售) that the file's moment does not lie behind comes before it.
    """
    start = facts.paid_at or (facts.ordered_at if facts.cash_on_delivery else None)
    later = facts.ship_not_before
    exempt = [e for e in book.exemptions if e.platform in ("", facts.platform) and e.province in ("", facts.province)]
    if facts.ship_by is not None:
        if later is not None and later >= facts.ship_by:
            due, said = _end_of_day(later), f"订单约定 {short_time(later)} 起发货，当天内发出"
        else:
            due, said = facts.ship_by, "平台给的承诺发货时间"
        moved, why = _out_of(due, exempt)
        return Deadline(moved, said + why, starts_at=start)
    if start is None:
        return Deadline(None, "还没有付款时间，算不出发货截止")
    if later is not None and later > start:
        start, origin = later, f"从约定的 {short_time(later)} 起"
    else:
        origin = "付款后" if facts.paid_at else "下单后（货到付款）"
    return _by_window(facts, book, start, origin, exempt)


def _by_window(
    facts: DeadlineFacts, book: RuleBook, start: datetime, origin: str, exempt: Sequence[Exemption]
) -> Deadline:
    rule = rule_on(book, facts.platform, RuleKind.LATE_SHIP, business_day(start))
    if facts.shop_hours is not None:
        due, why = _running(start, timedelta(hours=facts.shop_hours), exempt)
        return Deadline(due, f"{origin} {facts.shop_hours} 小时（本店设置的发货时限）{why}", "shop", start)
    if rule is None or rule.hours is None:
        return Deadline(None, "没有这个平台的发货时限规则，文件里也没有承诺发货时间", starts_at=start)
    due, why = _running(start, timedelta(hours=rule.hours), exempt)
    said = f"{origin} {rule.hours} 小时（{_whose(rule)}）{why}"
    return Deadline(due, said, rule.key, start, estimated=not is_certain(rule))


def _out_of(due: datetime, exempt: Iterable[Exemption]) -> tuple[datetime, str]:
    why = ""
    for e in exempt:
        if e.starts_at <= due < e.ends_at:
            due, why = e.ends_at, f"；遇“{e.source}”顺延到 {short_time(e.ends_at)}"
    return due, why


def _running(start: datetime, window: timedelta, exempt: Iterable[Exemption]) -> tuple[datetime, str]:
    """The end of a window that stands still during exemptions (in order of time, possibly overlapping)."""
    at, left, used = start, window, list[str]()
    for e in exempt:
        if e.ends_at <= at:
            continue
        if at + left < e.starts_at:
            break
        left -= max(e.starts_at - at, timedelta(0))
        at = e.ends_at
        used.append(e.source)
    return at + left, f"；遇“{'、'.join(dict.fromkeys(used))}”不计时" if used else ""


def penalty_of(bands: Sequence[Band], base_fen: Fen) -> Fen:
    """What a rule costs for an order of this amount (bands rise, the first that fits counts; none: 0)."""
    for band in bands:
        if band.up_to_fen is not None and base_fen > band.up_to_fen:
            continue
        if band.fixed_fen is not None:
            return band.fixed_fen
        if band.percent is None:
            return band.min_fen or 0
        fen = round_fen(Decimal(base_fen) * band.percent / Decimal(10_000))
        if band.min_fen is not None:
            fen = max(fen, band.min_fen)
        return fen if band.max_fen is None else min(fen, band.max_fen)
    return 0


def loss_if_missed(facts: LossFacts, book: RuleBook = _NO_BOOK) -> Loss:
    """What a late parcel costs by the platform's rule, and what it becomes when the platform calls it out of stock."""
    day = None if facts.paid_at is None else business_day(facts.paid_at)
    late = rule_on(book, facts.platform, RuleKind.LATE_SHIP, day)
    if late is None or not late.bands:
        return Loss(None, "没有这个平台的延迟发货罚款规则，罚款未知", "" if late is None else late.key)
    base = facts.paid_fen if facts.paid_fen is not None else facts.receivable_fen
    if base is None and any(b.fixed_fen is None for b in late.bands):
        return Loss(None, "不知道订单金额，算不出罚款", late.key)
    fen = penalty_of(late.bands, base or 0)
    reason = _penalty_reason(late, fen, base)
    return Loss(fen, reason, late.key, not is_certain(late), _worse(facts, book, day, base, late))


def _worse(facts: LossFacts, book: RuleBook, day: date | None, base: Fen | None, late: PlatformRule) -> Worse | None:
    rule = rule_on(book, facts.platform, RuleKind.OUT_OF_STOCK, day)
    if rule is None or rule.hours is None or late.hours is None or not rule.bands or base is None:
        return None
    more = penalty_of(rule.bands, base)
    if more <= penalty_of(late.bands, base):
        return None
    reason = _penalty_reason(rule, more, base)
    hours = max(rule.hours - late.hours, 0)
    return Worse(timedelta(hours=hours), more, f"超过截止 {hours} 小时按缺货：{reason}")


def _penalty_reason(rule: PlatformRule, fen: Fen, base: Fen | None) -> str:
    of = "" if base is None else f"订单 {format_yuan(base)}，"
    return f"{RULE_KIND_LABELS[rule.kind]}罚 {short_yuan(fen)}（{of}{_whose(rule)}）"


def is_certain(rule: PlatformRule) -> bool:
    """Whether somebody has confirmed the rule: we in the platform's text, or the merchant by writing it."""
    return rule.verified or rule.overridden


def _whose(rule: PlatformRule) -> str:
    if rule.overridden:
        return "本公司设置的规则"
    return "平台规则" if rule.verified else "平台规则，未核实"


def risk(now: datetime, deadline: datetime | None, starts_at: datetime | None, loss: Loss) -> RiskView:
    """The clock at a moment. Amber in the last quarter of the window, red when late.

    Expected loss = what is at stake x (elapsed share of the window)^2; once late the whole of it.
    """
    if deadline is None:
        return RiskView("没有发货截止", RiskLevel.OK, reason=loss.reason)
    fen, reason = loss.fen or 0, loss.reason
    if loss.worse is not None and now >= deadline + loss.worse.after:
        fen, reason = loss.worse.fen, loss.worse.reason
    money = f" · {short_yuan(fen)}" if fen else ""
    if now >= deadline:
        return RiskView(f"已超时 {span(now - deadline)}{money}", RiskLevel.RED, fen, fen, reason)
    window = deadline - starts_at if starts_at is not None and starts_at < deadline else USUAL_WINDOW
    left = deadline - now
    level = RiskLevel.AMBER if left * _AMBER_SHARE <= window else RiskLevel.OK
    elapsed, whole = max(window - left, timedelta(0)) // timedelta(seconds=1), window // timedelta(seconds=1)
    expected = fen * elapsed * elapsed // (whole * whole) if whole else fen
    return RiskView(f"{span(left)}后超时{money}", level, fen, expected, reason)


def span(length: timedelta) -> str:
    """``3 小时 12 分``; from two days on ``2 天 5 小时``; under a minute ``不到 1 分钟``."""
    minutes = length // timedelta(minutes=1)
    days, hours = divmod(minutes // 60, 24)
    if minutes >= 48 * 60:
        return f"{days} 天 {hours} 小时" if hours else f"{days} 天"
    hours, rest = divmod(minutes, 60)
    if hours:
        return f"{hours} 小时 {rest} 分" if rest else f"{hours} 小时"
    return f"{rest} 分" if rest else "不到 1 分钟"


def short_yuan(fen: Fen) -> str:
    """``¥30`` where there are no fen, else ``¥30.50``."""
    return format_yuan(fen).removesuffix(".00")


def with_overrides(rules: Iterable[PlatformRule], overrides: Mapping[str, PlatformRule]) -> list[PlatformRule]:
    """The built-in rules with a merchant's own versions in their place, and the merchant's own further ones."""
    own = {key: replace(rule, overridden=True) for key, rule in overrides.items()}
    kept = [own.pop(rule.key, rule) for rule in rules]
    return [*kept, *own.values()]


def rule_problems(rule: PlatformRule) -> tuple[str, ...]:
    """What is wrong with a rule that a person wrote (Chinese); empty when it can be used."""
    found: list[str] = []
    if rule.hours is not None and not 1 <= rule.hours <= 24 * 90:
        found.append(f"时限是 {rule.hours} 小时，要在 1 到 2160 之间。")
    if rule.valid_to is not None and rule.valid_to < rule.valid_from:
        found.append(f"结束日期 {rule.valid_to} 早于开始日期 {rule.valid_from}。")
    for n, band in enumerate(rule.bands, start=1):
        found += [f"第 {n} 档：{text}" for text in _band_problems(band)]
    tops = [b.up_to_fen for b in rule.bands]
    if any(t is None for t in tops[:-1]):
        found.append("只有最后一档可以不写金额上限。")
    limits = [t for t in tops if t is not None]
    if limits != sorted(set(limits)):
        found.append("各档的金额上限要从小到大。")
    return tuple(found)


def _band_problems(band: Band) -> list[str]:
    found = []
    if (band.fixed_fen is None) == (band.percent is None):
        found.append("固定金额和比例要写一个，也只能写一个。")
    if band.percent is not None and not 0 <= band.percent <= 100:
        found.append(f"比例是 {band.percent}%，要在 0 到 100 之间。")
    if any(v is not None and v < 0 for v in (band.up_to_fen, band.fixed_fen, band.min_fen, band.max_fen)):
        found.append("金额不能是负数。")
    if band.min_fen is not None and band.max_fen is not None and band.min_fen > band.max_fen:
        found.append(f"最低 {format_yuan(band.min_fen)} 高于最高 {format_yuan(band.max_fen)}。")
    return found


def exemption_problems(wanted: Exemption, others: Iterable[Exemption]) -> dict[str, str]:
    """What is wrong with an exemption that a person wrote beside those that stand: sentences by field."""
    found = dict[str, str]()
    if not wanted.source.strip():
        found["source"] = "请写明依据（例如“2026 春节 平台公告”或公告的链接）。"
    if wanted.ends_at <= wanted.starts_at:
        found["ends_at"] = "结束时间要晚于开始时间。"
    elif wanted.ends_at - wanted.starts_at > LONGEST_EXEMPTION:
        found["ends_at"] = f"时段有 {(wanted.ends_at - wanted.starts_at).days} 天，最长 90 天；请检查年份和日期。"
    for e in others:
        same = (e.platform, e.province) == (wanted.platform, wanted.province)
        if same and e.starts_at < wanted.ends_at and wanted.starts_at < e.ends_at:
            when = f"{short_time(e.starts_at)} 到 {short_time(e.ends_at)}"
            found.setdefault("starts_at", f"和已有的“{e.source}”（{when}）重叠；请改日期，或去修改那一条。")
    return found


def _end_of_day(at: datetime) -> datetime:
    return day_start(business_day(at) + timedelta(days=1)) - timedelta(seconds=1)
