"""The supplier protocol's answers in our words. Pure. Money in fen, but offers' prices in yuan; moments to UTC.

An order's external id is our reference: the protocol knows orders by it alone. Accepted means on account, so paid.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from daifa.connectors.suppliers.httpapi.client import need
from daifa.ports.errors import BadReply
from daifa.ports.supplier_api import OfferOption, PurchaseState, SupplierOffer, SupplierOrder, SupplierParcel

STATES: Mapping[str, PurchaseState] = {
    "accepted": PurchaseState.PAID,
    "shipped": PurchaseState.SHIPPED,
    "cancelled": PurchaseState.CLOSED,
}
# Their reasons in the words that our screens know.
REASONS: Mapping[str, str] = {"out_of_stock": "sellerGoodsLack", "merchant": "buyerCancel"}
type Lines = tuple[tuple[str, str, int], ...]


def moment(value: object) -> datetime | None:
    """ISO 8601 with a zone to UTC; None for nothing. Raises BadReply."""
    if not value:
        return None
    try:
        found = datetime.fromisoformat(str(value))
    except ValueError:
        raise BadReply("供应商的时间看不懂", code="moment") from None
    if found.tzinfo is None:
        raise BadReply("供应商的时间没有时区", code="moment")
    return found.astimezone(UTC)


def whole(row: Mapping[str, Any], name: str) -> int:
    """A whole number. Raises BadReply."""
    found = need(row, name)
    if not isinstance(found, int) or isinstance(found, bool):
        raise BadReply(f"供应商的 {name} 不是整数", code=name)
    return found


def order(row: Mapping[str, Any]) -> SupplierOrder:
    """An order as every answer shows it. Raises BadReply."""
    state = str(need(row, "state"))
    if state not in STATES:
        raise BadReply(f"供应商的订单状态“{state}”不认识", code="state")
    closed = row.get("cancelled") or {}
    created = moment(row.get("created_at"))
    return SupplierOrder(
        external_id=str(need(row, "reference")),
        reference=str(row["reference"]),
        state=STATES[state],
        platform_state=state,
        total_fen=whole(row, "total_fen"),
        freight_fen=whole(row, "freight_fen"),
        lines=_lines(row),
        parcels=tuple(_parcels(row)),
        close_reason=REASONS.get(str(closed.get("code")), str(closed.get("message") or "")),
        created_at=created,
        paid_at=created,
        modified_at=moment(need(row, "updated_at")),
    )


def _lines(row: Mapping[str, Any]) -> Lines:
    return tuple((str(need(x, "sku")), "", whole(x, "quantity")) for x in row.get("lines") or ())


def _parcels(row: Mapping[str, Any]) -> Iterator[SupplierParcel]:
    for x in row.get("parcels") or ():
        yield SupplierParcel(
            courier=str(need(x, "courier")),
            courier_code="",
            tracking_number=str(need(x, "number")),
            lines=_lines(x),
            shipped_at=moment(x.get("shipped_at")),
        )


def offer(row: Mapping[str, Any], seller: str) -> SupplierOffer:
    """One code as an offer with one option; ``seller`` is whose it is."""
    tiers = tuple((whole(t, "from"), Decimal(whole(t, "unit_fen")) / 100) for t in row.get("tiers") or ())
    code, spec = str(need(row, "sku")), str(row.get("spec") or "")
    option = OfferOption(
        spec_id="",
        sku_id=code,
        attributes=(("规格", spec),) if spec else (),
        price=tiers[0][1] if tiers else None,
        stock=whole(row, "quantity"),
        code=code,
    )
    return SupplierOffer(
        offer_id=code,
        title=str(row.get("title") or code),
        on_sale=bool(row.get("on_sale", True)),
        options=(option,),
        tiers=tiers,
        minimum=tiers[0][0] if tiers else 1,
        seller=seller,
    )
