"""Rates as built in, for what files do not say. All are usual levels, none is read from a shop's own bill.

Where the platform charges by category the level for home goods stands here; merchants enter their own.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from daifa.areas.finance.types import Rate, RateKind

_USUAL = "常见水平，未核实，请按本店账单修改"

BUILT_IN: tuple[Rate, ...] = (
    Rate(RateKind.PLATFORM_FEE, "pdd", percent=Decimal("0.6"), source="拼多多基础技术服务费 0.6%（账单科目）"),
    Rate(
        RateKind.PLATFORM_FEE, "taobao", percent=Decimal("0.6"), valid_from=date(2024, 9, 1),
        source=f"淘宝基础软件服务费 0.6%（天猫另按类目收，{_USUAL}）",
    ),
    Rate(
        RateKind.PLATFORM_FEE, "taobao", percent=Decimal(0), valid_to=date(2024, 8, 31),
        source="淘宝 2024 年 9 月前不收基础软件服务费（未核实）",
    ),
    Rate(RateKind.PLATFORM_FEE, "douyin", percent=Decimal(5), source=f"抖店技术服务费 5%（{_USUAL}）"),
    Rate(RateKind.PLATFORM_FEE, "kuaishou", percent=Decimal(5), source=f"快手技术服务费 5%（{_USUAL}）"),
    Rate(RateKind.PLATFORM_FEE, "jd", percent=Decimal(8), source=f"京东类目扣点 8%（{_USUAL}）"),
    Rate(RateKind.PLATFORM_FEE, "generic", percent=Decimal(0), source="不是平台订单，没有平台服务费"),
)  # fmt: skip
