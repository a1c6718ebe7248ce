"""What Taobao and Tmall demand and charge.

None of it has been read in the platform's own rule text or in a shop's own bill: windows of 48 hours are what the
platforms' order data shows (payment to promised shipping), "claim" means an article or a practitioner said so.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from daifa.ports.terms import FROM_MEMORY, USUAL, Band, RuleKind, ShopFee, ShopRule

_LATE = (Band(percent=Decimal(10), min_fen=500, max_fen=5_000),)
_GRAVE = (Band(percent=Decimal(30), min_fen=500, max_fen=10_000),)
_FALSE = (Band(percent=Decimal(30), min_fen=1_000, max_fen=10_000),)

RULES = (
    ShopRule(
        RuleKind.LATE_SHIP, 48, _LATE,
        f"时限：平台规则，商品另有承诺时以承诺为准（未核实）；罚款：天猫 10%，¥5–50，{FROM_MEMORY}",
    ),
    ShopRule(RuleKind.OUT_OF_STOCK, None, _GRAVE, "天猫，文章的说法（缺货 30%，¥5–100）"),
    ShopRule(RuleKind.FALSE_SHIP, None, _FALSE, f"天猫虚假发货 30%，¥10–100，{FROM_MEMORY}"),
    ShopRule(RuleKind.NO_SCAN, 24, (), "发货后 24 小时没有物流信息，或单号错误、用过，算虚假发货（未核实）"),
)  # fmt: skip
FEES = (
    ShopFee(Decimal("0.6"), f"淘宝基础软件服务费 0.6%（天猫另按类目收，{USUAL}）", date(2024, 9, 1)),
    ShopFee(Decimal(0), "淘宝 2024 年 9 月前不收基础软件服务费（未核实）", valid_to=date(2024, 8, 31)),
)
