"""The tables of purchasing: what is bought of whom, and how it is placed where suppliers take orders by API."""

from daifa.areas.purchasing.models.buying import (
    UNDER_WAY,
    Amendment,
    Assignment,
    Decision,
    Dispatch,
    DispatchLine,
    PurchaseLine,
    PurchaseOrder,
    RouteChoice,
    Supplier,
    SupplierAccess,
    SupplyLink,
    TrackRecord,
)
from daifa.areas.purchasing.models.placing import FactoryBond, Offer, Placement, PlacementOrder

__all__ = [
    "UNDER_WAY",
    "Amendment",
    "Assignment",
    "Decision",
    "Dispatch",
    "DispatchLine",
    "FactoryBond",
    "Offer",
    "Placement",
    "PlacementOrder",
    "PurchaseLine",
    "PurchaseOrder",
    "RouteChoice",
    "Supplier",
    "SupplierAccess",
    "SupplyLink",
    "TrackRecord",
]
