"""The platforms' rules as built in: windows and penalties, dated, each with its source; and their form in the database.

None has been read in the platform's own rule text, so none is verified; merchants override what their shop proves
wrong. Windows of 48 hours are what the platforms' own order data shows (payment to promised shipping). "Claim" means
an article or a practitioner said so.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import cast

from daifa.areas.compliance.types import Band, PlatformRule, RuleKind

_TMALL_LEVEL = (Band(percent=Decimal(10), min_fen=500, max_fen=5_000),)
_TMALL_GRAVE = (Band(percent=Decimal(30), min_fen=500, max_fen=10_000),)
_TMALL_FALSE = (Band(percent=Decimal(30), min_fen=1_000, max_fen=10_000),)
_DOUYIN = (Band(percent=Decimal(5), min_fen=500, max_fen=5_000),)
_KUAISHOU = (Band(percent=Decimal(5), min_fen=500, max_fen=2_000),)
_JD_MOST = (Band(percent=Decimal(20), min_fen=100),)
_FROM_MEMORY = "数额凭经验、未核实，请按本店罚单修改"
_LIKE_TMALL = "罚款数额未找到公开依据，暂按天猫的水平估算，请按本店罚单修改"
_ORDER_DATA = "时限：平台订单数据中承诺发货时间为支付后 48 小时"


def _rule(  # one row of the table below
    platform: str, kind: RuleKind, hours: int | None, bands: tuple[Band, ...], source: str, since: date | None = None
) -> PlatformRule:
    return PlatformRule(f"{platform}.{kind}", platform, kind, hours, bands, since or date(2000, 1, 1), None, source)


_PDD_LATE = (Band(percent=Decimal(5), min_fen=300),)
_PDD_NO_STOCK = (Band(percent=Decimal(10), min_fen=500),)
_PDD_FALSE = (Band(fixed_fen=4_000),)

BUILT_IN: tuple[PlatformRule, ...] = (
    _rule(
        "pdd", RuleKind.LATE_SHIP, 48, _PDD_LATE,
        f"{_ORDER_DATA}；罚款：5%，每单至少 ¥3（账单科目“延迟发货”，见过 ¥3.00 的扣款），{_FROM_MEMORY}",
    ),
    _rule(
        "pdd", RuleKind.OUT_OF_STOCK, 72, _PDD_NO_STOCK,
        f"每单至少 ¥5（账单科目“缺货”）；10% 和 72 小时是 2025 年文章的说法，{_FROM_MEMORY}",
    ),
    _rule(
        "pdd", RuleKind.FALSE_SHIP, None, _PDD_FALSE,
        f"无揽收、单号重复、地址不符算虚假发货；¥40 或订单金额（旧条文），按 ¥40 估，{_FROM_MEMORY}",
    ),
    _rule("pdd", RuleKind.NO_SCAN, 24, (), "从业者的说法：上传单号后 24 小时没有第一条物流信息算虚假发货"),
    _rule("pdd", RuleKind.STALLED, 24, (), "从业者的说法：揽收后 24 小时没有新物流信息算物流异常"),
    _rule("pdd", RuleKind.NUMBER_REUSED, 720, (), "从业者的说法：30 天内用过的单号算虚假发货"),
    _rule(
        "taobao", RuleKind.LATE_SHIP, 48, _TMALL_LEVEL,
        f"时限：平台规则，商品另有承诺时以承诺为准（未核实）；罚款：天猫 10%，¥5–50，{_FROM_MEMORY}",
    ),
    _rule("taobao", RuleKind.OUT_OF_STOCK, None, _TMALL_GRAVE, "天猫，文章的说法（缺货 30%，¥5–100）"),
    _rule("taobao", RuleKind.FALSE_SHIP, None, _TMALL_FALSE, f"天猫虚假发货 30%，¥10–100，{_FROM_MEMORY}"),
    _rule("taobao", RuleKind.NO_SCAN, 24, (), "发货后 24 小时没有物流信息，或单号错误、用过，算虚假发货（未核实）"),
    _rule(
        "douyin", RuleKind.LATE_SHIP, 48, _DOUYIN,
        f"{_ORDER_DATA}；罚款：赔付买家 5%，¥5–50（以优惠券），{_FROM_MEMORY}",
    ),
    _rule("douyin", RuleKind.OUT_OF_STOCK, None, _TMALL_GRAVE, f"从业者的说法：系统按单自动判缺货；{_LIKE_TMALL}"),
    _rule("douyin", RuleKind.FALSE_SHIP, None, _DOUYIN, f"赔付买家 5%，¥5–50（以优惠券），{_FROM_MEMORY}"),
    _rule("douyin", RuleKind.NO_SCAN, 24, (), "按拼多多的说法估计，抖店未找到依据"),
    _rule(
        "jd", RuleKind.LATE_SHIP, 48, _JD_MOST,
        f"时限：平台规则，承诺商品 24 小时（未核实）；罚款：¥1 到订单的 20%，按最高估，{_FROM_MEMORY}",
    ),
    _rule("jd", RuleKind.OUT_OF_STOCK, None, _TMALL_GRAVE, _LIKE_TMALL),
    _rule("jd", RuleKind.FALSE_SHIP, None, _TMALL_GRAVE, _LIKE_TMALL),
    _rule("jd", RuleKind.NO_SCAN, 24, (), "按拼多多的说法估计，京东未找到依据"),
    _rule("kuaishou", RuleKind.LATE_SHIP, 48, _KUAISHOU, f"{_ORDER_DATA}；罚款：5%，¥5–20，{_FROM_MEMORY}"),
    _rule("kuaishou", RuleKind.OUT_OF_STOCK, None, _TMALL_GRAVE, _LIKE_TMALL),
    _rule("kuaishou", RuleKind.FALSE_SHIP, None, _KUAISHOU, f"平台会罚虚假发货；5%，¥5–20，{_FROM_MEMORY}"),
    _rule("kuaishou", RuleKind.NO_SCAN, 24, (), "按拼多多的说法估计，快手未找到依据"),
)  # fmt: skip


def to_definition(rule: PlatformRule) -> dict[str, object]:
    """The parts of a rule that a merchant may override, as JSON."""
    return {
        "hours": rule.hours,
        "bands": [
            {
                "up_to_fen": b.up_to_fen,
                "fixed_fen": b.fixed_fen,
                "percent": None if b.percent is None else str(b.percent),
                "min_fen": b.min_fen,
                "max_fen": b.max_fen,
            }
            for b in rule.bands
        ],
        "valid_from": rule.valid_from.isoformat(),
        "valid_to": None if rule.valid_to is None else rule.valid_to.isoformat(),
    }


def from_definition(
    key: str, platform: str, kind: str, definition: Mapping[str, object], source: str, verified: bool
) -> PlatformRule:
    """A stored row as a rule; what the definition does not say is unknown."""
    bands = cast("list[Mapping[str, object]]", definition.get("bands") or [])
    hours = definition.get("hours")
    return PlatformRule(
        key=key,
        platform=platform,
        kind=RuleKind(kind),
        hours=None if hours is None else int(str(hours)),
        bands=tuple(_band(b) for b in bands),
        valid_from=date.fromisoformat(str(definition.get("valid_from") or "2000-01-01")),
        valid_to=date.fromisoformat(str(definition["valid_to"])) if definition.get("valid_to") else None,
        source=source,
        verified=verified,
    )


def _band(said: Mapping[str, object]) -> Band:
    def fen(name: str) -> int | None:
        value = said.get(name)
        return None if value is None else int(str(value))

    percent = said.get("percent")
    return Band(
        up_to_fen=fen("up_to_fen"),
        fixed_fen=fen("fixed_fen"),
        percent=None if percent is None else Decimal(str(percent)),
        min_fen=fen("min_fen"),
        max_fen=fen("max_fen"),
    )
