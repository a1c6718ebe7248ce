"""What a platform demands of a merchant, what breaking it costs, and what it charges: as far as we know, with sources.

Money is integer fen, rates are Decimal per cent (``10`` is 10 %), windows are hours.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from enum import StrEnum

from daifa.kit.money import Fen
from daifa.kit.values import dataclass


class RuleKind(StrEnum):
    """What a platform's rule is about."""

    LATE_SHIP = "late_ship"
    OUT_OF_STOCK = "out_of_stock"
    FALSE_SHIP = "false_ship"
    NO_SCAN = "no_scan"
    STALLED = "stalled"
    NUMBER_REUSED = "number_reused"


@dataclass(frozen=True, slots=True)
class Band:
    """What an order of up to ``up_to_fen`` (None = any) costs: a fixed sum, or a per cent with floor and ceiling."""

    up_to_fen: Fen | None = None
    fixed_fen: Fen | None = None
    percent: Decimal | None = None
    min_fen: Fen | None = None
    max_fen: Fen | None = None


@dataclass(frozen=True, slots=True)
class ShopRule:
    """One rule of a platform: a window in hours (None: unknown), a penalty in bands (none known: empty), the source.

    What the hours count from is said at ``areas.compliance.types.PlatformRule``. Merchants override what is wrong.
    """

    kind: RuleKind
    hours: int | None
    bands: tuple[Band, ...]
    source: str
    verified: bool = False


@dataclass(frozen=True, slots=True)
class ShopFee:
    """The platform's service fee between two days, per cent of what the merchant keeps."""

    percent: Decimal
    source: str
    valid_from: date = date(2000, 1, 1)
    valid_to: date | None = None


# Where a figure is from, in words that several platforms share.
FROM_MEMORY = "数额凭经验、未核实，请按本店罚单修改"
ORDER_DATA = "时限：平台订单数据中承诺发货时间为支付后 48 小时"
USUAL = "常见水平，未核实，请按本店账单修改"
ESTIMATED = "罚款数额未找到公开依据，暂按天猫的水平估算，请按本店罚单修改"
# What stands beside ESTIMATED: 30 %, ¥5–100.
ESTIMATED_BANDS = (Band(percent=Decimal(30), min_fen=500, max_fen=10_000),)
