"""Values of compliance that others may hold: platform rules, exemptions, deadlines and what missing one costs.

Money is integer fen, rates are Decimal per cent (``10`` is 10 %), windows are hours, moments are aware UTC.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from datetime import date, datetime, timedelta
from enum import StrEnum

from daifa.kit.money import Fen
from daifa.kit.values import dataclass
from daifa.ports.terms import Band, RuleKind

RULE_KIND_LABELS: Mapping[RuleKind, str] = {
    RuleKind.LATE_SHIP: "延迟发货",
    RuleKind.OUT_OF_STOCK: "缺货",
    RuleKind.FALSE_SHIP: "虚假发货",
    RuleKind.NO_SCAN: "揽收超时",
    RuleKind.STALLED: "物流停滞",
    RuleKind.NUMBER_REUSED: "单号重复使用",
}


@dataclass(frozen=True, slots=True)
class PlatformRule:
    """One dated rule of one platform: a window in hours, a penalty in bands (rising), and where we know it from.

    ``hours`` counts from payment for late_ship and out_of_stock, from the reported shipment for no_scan, from the
    last scan for stalled; for number_reused it is how long a number may not come back. Empty bands: no penalty known.
    """

    key: str
    platform: str
    kind: RuleKind
    hours: int | None
    bands: tuple[Band, ...] = ()
    valid_from: date = date(2000, 1, 1)
    valid_to: date | None = None
    source: str = ""
    verified: bool = False
    overridden: bool = False


@dataclass(frozen=True, slots=True)
class Exemption:
    """Days (and a province; empty = all) in which a platform (empty = all) does not count lateness, and who says so."""

    starts_at: datetime
    ends_at: datetime
    source: str
    platform: str = ""
    province: str = ""


@dataclass(frozen=True, slots=True)
class DeadlineFacts:
    """What a deadline follows from. ``shop_hours`` is the shop's own window (None = the platform's)."""

    platform: str
    paid_at: datetime | None = None
    ship_by: datetime | None = None
    ship_not_before: datetime | None = None
    ordered_at: datetime | None = None
    cash_on_delivery: bool = False
    province: str = ""
    shop_hours: int | None = None


@dataclass(frozen=True, slots=True)
class Deadline:
    """When the parcel must be on its way (None = nobody says), why (Chinese), by which rule ('' = the file).

    ``estimated`` means that the rule is not verified. ``starts_at`` is when the window began.
    """

    due_by: datetime | None
    source: str
    rule_key: str = ""
    starts_at: datetime | None = None
    estimated: bool = False


@dataclass(frozen=True, slots=True)
class LossFacts:
    """What a penalty is computed from. ``paid_at`` also dates the rule."""

    platform: str
    paid_at: datetime | None
    paid_fen: Fen | None = None
    receivable_fen: Fen | None = None


@dataclass(frozen=True, slots=True)
class Worse:
    """So long after the deadline a higher penalty applies (out of stock instead of late)."""

    after: timedelta
    fen: Fen
    reason: str


@dataclass(frozen=True, slots=True)
class Loss:
    """What missing the deadline costs, why (Chinese), and what it becomes later. None = cannot be said."""

    fen: Fen | None
    reason: str
    rule_key: str = ""
    estimated: bool = False
    worse: Worse | None = None


class RiskLevel(StrEnum):
    """Colour of the clock: grey, amber, red."""

    OK = "ok"
    AMBER = "amber"
    RED = "red"


@dataclass(frozen=True, slots=True)
class RiskView:
    """The clock on a screen. ``loss_fen`` is at stake now, ``expected_loss_fen`` is what lists sort by, high first."""

    text: str
    level: RiskLevel
    loss_fen: Fen = 0
    expected_loss_fen: Fen = 0
    reason: str = ""


@dataclass(frozen=True, slots=True)
class RuleBook:
    """Everything a tenant's clock needs: the rules with its overrides, by platform, and its exemptions."""

    rules: Mapping[str, tuple[PlatformRule, ...]] = field(default_factory=dict)
    exemptions: tuple[Exemption, ...] = ()
