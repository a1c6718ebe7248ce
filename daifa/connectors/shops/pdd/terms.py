"""What Pinduoduo demands and charges.

None of it has been read in the platform's own rule text or in a shop's own bill: windows of 48 hours are what the
platforms' order data shows (payment to promised shipping), "claim" means an article or a practitioner said so.
"""

from __future__ import annotations

from decimal import Decimal

from daifa.ports.terms import FROM_MEMORY, ORDER_DATA, Band, RuleKind, ShopFee, ShopRule

_LATE = (Band(percent=Decimal(5), min_fen=300),)
_NO_STOCK = (Band(percent=Decimal(10), min_fen=500),)
_FALSE = (Band(fixed_fen=4_000),)

RULES = (
    ShopRule(
        RuleKind.LATE_SHIP, 48, _LATE,
        f"{ORDER_DATA}；罚款：5%，每单至少 ¥3（账单科目“延迟发货”，见过 ¥3.00 的扣款），{FROM_MEMORY}",
    ),
    ShopRule(
        RuleKind.OUT_OF_STOCK, 72, _NO_STOCK,
        f"每单至少 ¥5（账单科目“缺货”）；10% 和 72 小时是 2025 年文章的说法，{FROM_MEMORY}",
    ),
    ShopRule(
        RuleKind.FALSE_SHIP, None, _FALSE,
        f"无揽收、单号重复、地址不符算虚假发货；¥40 或订单金额（旧条文），按 ¥40 估，{FROM_MEMORY}",
    ),
    ShopRule(RuleKind.NO_SCAN, 24, (), "从业者的说法：上传单号后 24 小时没有第一条物流信息算虚假发货"),
    ShopRule(RuleKind.STALLED, 24, (), "从业者的说法：揽收后 24 小时没有新物流信息算物流异常"),
    ShopRule(RuleKind.NUMBER_REUSED, 720, (), "从业者的说法：30 天内用过的单号算虚假发货"),
)  # fmt: skip
FEES = (ShopFee(Decimal("0.6"), "拼多多基础技术服务费 0.6%（账单科目）"),)
