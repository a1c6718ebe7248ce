"""Values of purchasing that others may hold: what routing is asked, what it answers, and why.

Money is integer fen, unit prices are Decimal yuan, weights are grams, moments are aware UTC.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from datetime import date, datetime, time
from decimal import Decimal
from enum import StrEnum
from uuid import UUID

from daifa.kit.money import Fen
from daifa.kit.values import dataclass


class FreightBasis(StrEnum):
    """What a freight template counts: nothing (one fee per purchase), grams, or pieces."""

    ORDER = "order"
    WEIGHT = "weight"
    PIECE = "piece"


@dataclass(frozen=True, slots=True)
class Place:
    """Where a purchase goes; empty parts are unknown (masked or absent recipients)."""

    province: str = ""
    city: str = ""
    district: str = ""

    @property
    def known(self) -> bool:
        """Whether at least the province is known."""
        return bool(self.province)


@dataclass(frozen=True, slots=True)
class FreightZone:
    """The price of some regions: ``first_fen`` for the first units, ``step_fen`` for each further step.

    Units are grams or pieces by the template's basis; a zone without regions is "everywhere else".
    """

    first_fen: Fen
    first: int = 1
    step_fen: Fen = 0
    step: int = 1
    regions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class FreightTemplate:
    """A supplier's freight table. A place that no zone covers is not served by it.

    ``stated`` false means that nobody entered one: freight is then missing, which is not the same as free.
    """

    basis: FreightBasis = FreightBasis.ORDER
    zones: tuple[FreightZone, ...] = (FreightZone(first_fen=0),)
    free_over_fen: Fen | None = None
    free_over_pieces: int | None = None
    free_regions: tuple[str, ...] = ()
    stated: bool = True


@dataclass(frozen=True, slots=True)
class FreightQuote:
    """What freight costs, whether something had to be assumed, and how it was reached (Chinese).

    ``missing`` means the supplier's freight is not known: 0 fen stand in for the sum, and no margin may be claimed.
    """

    fen: Fen
    estimated: bool
    why: str
    missing: bool = False


class TierScope(StrEnum):
    """Which quantity reaches a price tier: that of one purchase order, or of the whole run."""

    PURCHASE_ORDER = "purchase_order"
    RUN = "run"


@dataclass(frozen=True, slots=True)
class PriceTier:
    """From this many pieces on, one piece costs this many yuan."""

    min_quantity: int
    unit_price: Decimal


@dataclass(frozen=True, slots=True)
class SupplierRecord:
    """How a supplier did lately; None where nothing is known. Rates are 0..1."""

    orders: int = 0
    on_time: Decimal | None = None
    refused: Decimal | None = None
    days: int = 30


@dataclass(frozen=True, slots=True)
class SupplierView:
    """A supplier as routing sees it. ``paused`` is the reason why nothing may be bought there, or empty.

    ``cutoff`` is Beijing time: what is placed later counts from the next morning.
    """

    supplier_id: UUID
    name: str
    freight: FreightTemplate = field(default_factory=FreightTemplate)
    lead_hours: int = 48
    cutoff: time | None = None
    served: tuple[str, ...] = ()
    not_served: tuple[str, ...] = ()
    record: SupplierRecord = field(default_factory=SupplierRecord)
    paused: str = ""


@dataclass(frozen=True, slots=True)
class OfferView:
    """One supply link: this supplier can supply this SKU at these tiers.

    ``offer_ref`` names the supplier's item; with ``mixed`` all its SKUs count together for tiers and minimum.
    ``stock`` None means unknown; a report older than the settings allow is treated as unknown.
    """

    offer_id: UUID
    sku_id: UUID
    supplier: SupplierView
    tiers: tuple[PriceTier, ...]
    minimum: int = 1
    scope: TierScope = TierScope.PURCHASE_ORDER
    offer_ref: str = ""
    mixed: bool = False
    freight: FreightTemplate | None = None
    lead_hours: int | None = None
    not_served: tuple[str, ...] = ()
    stock: int | None = None
    stock_at: datetime | None = None
    valid_from: date | None = None
    valid_to: date | None = None
    out: str = ""


@dataclass(frozen=True, slots=True)
class PersonChoice:
    """A person's choice of supplier: for this order, or remembered for every order of the SKU."""

    supplier_id: UUID
    by: str
    on: date | None = None
    remembered: bool = False


@dataclass(frozen=True, slots=True)
class RouteDemand:
    """Pieces of one SKU that an order needs and nobody supplies yet."""

    demand_id: UUID
    sku_id: UUID
    name: str
    quantity: int
    weight_g: int | None = None
    choice: PersonChoice | None = None


@dataclass(frozen=True, slots=True)
class RouteOrder:
    """One order to route. ``excluded`` maps a supplier to why it is out (refused, out of stock, recalled).

    ``income_fen`` is what the shop keeps of the order after refunds, commissions and fees, before goods and freight;
    ``bought_fen`` is what was bought of it before; None when unknown. ``late_loss_fen`` is what missing ``due_by``
    costs.
    """

    order_id: UUID
    number: str
    demands: tuple[RouteDemand, ...]
    place: Place = field(default_factory=Place)
    due_by: datetime | None = None
    income_fen: Fen | None = None
    bought_fen: Fen | None = 0
    late_loss_fen: Fen | None = None
    excluded: Mapping[UUID, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class RouteSettings:
    """What an owner sets about routing.

    ``single_extra_fen``: one supplier for the whole order is preferred while it costs at most this much more.
    ``late_loss_fen`` and ``refusal_loss_fen`` price a missed deadline and a refusal when ranking.
    """

    single_extra_fen: Fen = 300
    margin_floor_fen: Fen = 0
    late_loss_fen: Fen = 1000
    refusal_loss_fen: Fen = 300
    record_min_orders: int = 10
    unknown_on_time: Decimal = Decimal("0.90")
    unknown_refused: Decimal = Decimal("0.02")
    stock_fresh_hours: int = 48
    default_weight_g: int = 500
    split_quantity: bool = False
    search_limit: int = 20_000


class Verdict(StrEnum):
    """What became of a candidate supplier."""

    CHOSEN = "chosen"
    POSSIBLE = "possible"
    PARTIAL = "partial"
    EXCLUDED = "excluded"


class WarningKind(StrEnum):
    """What a person should look at before the purchases are made."""

    LATE = "late"
    LATE_ALL = "late_all"
    LOSS = "loss"
    LOW_MARGIN = "low_margin"
    REGION_UNKNOWN = "region_unknown"
    FREIGHT_ESTIMATED = "freight_estimated"
    FREIGHT_MISSING = "freight_missing"
    STOCK_STALE = "stock_stale"
    CHOICE_NOT_POSSIBLE = "choice_not_possible"
    NOT_EXACT = "not_exact"


@dataclass(frozen=True, slots=True)
class RouteWarning:
    """One warning with its sentence."""

    kind: WarningKind
    text: str


@dataclass(frozen=True, slots=True)
class PlannedLine:
    """These pieces of a demand from this offer; ``part`` counts from 0 when a demand is cut."""

    demand_id: UUID
    part: int
    sku_id: UUID
    offer_id: UUID
    quantity: int
    unit_price: Decimal
    amount_fen: Fen


@dataclass(frozen=True, slots=True)
class PlannedPurchase:
    """What one supplier would pack for the order."""

    supplier_id: UUID
    supplier_name: str
    lines: tuple[PlannedLine, ...]
    goods_fen: Fen
    freight: FreightQuote
    ready_by: datetime

    @property
    def landed_fen(self) -> Fen:
        """Goods and freight."""
        return self.goods_fen + self.freight.fen


@dataclass(frozen=True, slots=True)
class Candidate:
    """One supplier looked at, and the sentence why it was or was not chosen."""

    supplier_id: UUID
    supplier_name: str
    verdict: Verdict
    landed_fen: Fen | None
    late: bool
    text: str


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A demand that nobody can supply now, and why."""

    demand_id: UUID
    reason: str


@dataclass(frozen=True, slots=True)
class RoutePlan:
    """The answer for one order: purchases, every candidate with its sentence, what is left out, warnings."""

    order_id: UUID
    purchases: tuple[PlannedPurchase, ...]
    candidates: tuple[Candidate, ...]
    left_out: tuple[LeftOut, ...]
    warnings: tuple[RouteWarning, ...]
    headline: str
    margin_fen: Fen | None

    @property
    def goods_fen(self) -> Fen:
        """Goods of all purchases."""
        return sum(p.goods_fen for p in self.purchases)

    @property
    def freight_fen(self) -> Fen:
        """Freight of all purchases."""
        return sum(p.freight.fen for p in self.purchases)

    @property
    def landed_fen(self) -> Fen:
        """Goods and freight of all purchases."""
        return self.goods_fen + self.freight_fen

    @property
    def complete(self) -> bool:
        """Whether every demand of the order is covered."""
        return not self.left_out and bool(self.purchases)
