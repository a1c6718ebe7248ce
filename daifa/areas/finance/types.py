"""Values of finance that others may hold: what a margin follows from, the waterfall it is, and dated rates.

Money is integer fen; costs in a waterfall are negative. None is "not known", never zero. Rates are per cent
(``0.6`` is 0.6 %) of what the merchant keeps after refunds, plus a fixed sum per order.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import NamedTuple
from uuid import UUID

from daifa.kit.money import Fen
from daifa.kit.values import dataclass


class RateKind(StrEnum):
    """What a rate is for."""

    PLATFORM_FEE = "platform_fee"
    COMMISSION = "commission"
    INSURANCE = "insurance"


RATE_LABELS: Mapping[RateKind, str] = {
    RateKind.PLATFORM_FEE: "平台服务费",
    RateKind.COMMISSION: "达人/团长佣金",
    RateKind.INSURANCE: "运费险",
}


@dataclass(frozen=True, slots=True)
class Rate:
    """A dated rate. No shop: any shop of the platform; empty category: any; empty platform: any."""

    kind: RateKind
    platform: str = ""
    shop_id: UUID | None = None
    category: str = ""
    percent: Decimal | None = None
    fixed_fen: Fen | None = None
    valid_from: date = date(2000, 1, 1)
    valid_to: date | None = None
    source: str = ""
    own: bool = False


@dataclass(frozen=True, slots=True)
class LineMoney:
    """One line of an order as its margin sees it; ``key`` is whatever the caller finds it by.

    ``needed`` false: nothing is bought for it (不发货, or given up before purchase). ``cost_fen`` None while needed:
    missing, and ``cost_source`` says why; else it says where the cost is from (采购单, 供应商价目, 商品成本价).
    """

    key: object
    quantity: int = 1
    amount_fen: Fen | None = None
    paid_fen: Fen | None = None
    receivable_fen: Fen | None = None
    refunded_fen: Fen | None = None
    cost_fen: Fen | None = None
    cost_estimated: bool = False
    cost_source: str = ""
    needed: bool = True
    category: str = ""


class RefundFact(StrEnum):
    """What a refund means for money: none (also applied for or withdrawn), part of it, or all.

    ``CANCELLED``: no refund is told of, but the order is cancelled: all of it is taken to go back, as an estimate.
    """

    NONE = "none"
    PARTLY = "partly"
    FULL = "full"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class MarginFacts:
    """What one order's margin follows from. ``freight_fen`` is what the suppliers' freight for this order costs.

    ``promoted``: somebody promoted it (None = the source does not say). ``day`` is the business day of payment.
    """

    platform: str
    day: date
    lines: tuple[LineMoney, ...]
    shop_id: UUID | None = None
    paid_fen: Fen | None = None
    receivable_fen: Fen | None = None
    refunded_fen: Fen | None = None
    refund: RefundFact = RefundFact.NONE
    platform_fee_fen: Fen | None = None
    commission_fen: Fen | None = None
    insurance_fen: Fen | None = None
    promoted: bool | None = None
    freight_fen: Fen | None = None
    freight_estimated: bool = False
    freight_source: str = ""


class Step(NamedTuple):
    """One step of the waterfall: signed fen (None = missing), whether estimated, and where it is from (Chinese)."""

    key: str
    label: str
    fen: Fen | None
    estimated: bool
    source: str


@dataclass(frozen=True, slots=True)
class Margin:
    """Gross margin with its waterfall. ``fen`` None when something is missing; ``missing`` says what (Chinese).

    ``percent`` of what is kept after refunds, one decimal; None where nothing is kept. ``estimated``: any step is.
    """

    fen: Fen | None
    percent: Decimal | None
    steps: tuple[Step, ...]
    missing: tuple[str, ...]
    estimated: bool


@dataclass(frozen=True, slots=True)
class LineMargin:
    """A line's part of its order's waterfall, in the same order of steps; parts add up to the steps to the fen."""

    key: object
    fen: Fen | None
    parts: tuple[Fen | None, ...]
