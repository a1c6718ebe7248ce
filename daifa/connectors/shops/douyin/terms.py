"""What Douyin demands and charges.

None of it has been read in the platform's own rule text or in a shop's own bill: windows of 48 hours are what the
platforms' order data shows (payment to promised shipping), "claim" means an article or a practitioner said so.
"""

from __future__ import annotations

from decimal import Decimal

from daifa.ports.terms import (
    ESTIMATED,
    ESTIMATED_BANDS,
    FROM_MEMORY,
    ORDER_DATA,
    USUAL,
    Band,
    RuleKind,
    ShopFee,
    ShopRule,
)

_LATE = (Band(percent=Decimal(5), min_fen=500, max_fen=5_000),)

RULES = (
    ShopRule(RuleKind.LATE_SHIP, 48, _LATE, f"{ORDER_DATA}；罚款：赔付买家 5%，¥5–50（以优惠券），{FROM_MEMORY}"),
    ShopRule(RuleKind.OUT_OF_STOCK, None, ESTIMATED_BANDS, f"从业者的说法：系统按单自动判缺货；{ESTIMATED}"),
    ShopRule(RuleKind.FALSE_SHIP, None, _LATE, f"赔付买家 5%，¥5–50（以优惠券），{FROM_MEMORY}"),
    ShopRule(RuleKind.NO_SCAN, 24, (), "按拼多多的说法估计，抖店未找到依据"),
)
FEES = (ShopFee(Decimal(5), f"抖店技术服务费 5%（{USUAL}）"),)
