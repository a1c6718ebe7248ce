"""What JD demands and charges.

None of it has been read in the platform's own rule text or in a shop's own bill: windows of 48 hours are what the
platforms' order data shows (payment to promised shipping), "claim" means an article or a practitioner said so.
"""

from __future__ import annotations

from decimal import Decimal

from daifa.ports.terms import ESTIMATED, ESTIMATED_BANDS, FROM_MEMORY, USUAL, Band, RuleKind, ShopFee, ShopRule

_MOST = (Band(percent=Decimal(20), min_fen=100),)

RULES = (
    ShopRule(
        RuleKind.LATE_SHIP, 48, _MOST,
        f"时限：平台规则，承诺商品 24 小时（未核实）；罚款：¥1 到订单的 20%，按最高估，{FROM_MEMORY}",
    ),
    ShopRule(RuleKind.OUT_OF_STOCK, None, ESTIMATED_BANDS, ESTIMATED),
    ShopRule(RuleKind.FALSE_SHIP, None, ESTIMATED_BANDS, ESTIMATED),
    ShopRule(RuleKind.NO_SCAN, 24, (), "按拼多多的说法估计，京东未找到依据"),
)  # fmt: skip
FEES = (ShopFee(Decimal(8), f"京东类目扣点 8%（{USUAL}）"),)
