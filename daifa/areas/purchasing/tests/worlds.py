"""Small markets for the tests of routing: hypothesis strategies and plain builders."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from uuid import UUID

from hypothesis import strategies as st

from daifa.areas.purchasing.types import (
    FreightBasis,
    FreightTemplate,
    FreightZone,
    OfferView,
    PersonChoice,
    Place,
    PriceTier,
    RouteDemand,
    RouteOrder,
    RouteSettings,
    SupplierRecord,
    SupplierView,
    TierScope,
)

NOW = datetime(2025, 11, 20, 2, 0, tzinfo=UTC)  # 10:00 in Beijing
PLACES = (
    Place("浙江省", "金华市", "义乌市"),
    Place("新疆维吾尔自治区", "乌鲁木齐市", "天山区"),
    Place("广东省", "广州市", "天河区"),
)
SETTINGS = RouteSettings()


def uid(n: int) -> UUID:
    """A small readable id."""
    return UUID(int=n)


def flat(fen: int) -> FreightTemplate:
    """One fee per purchase."""
    return FreightTemplate(zones=(FreightZone(first_fen=fen),))


def supplier(
    n: int,
    name: str,
    freight: int = 300,
    *,
    lead: int = 24,
    on_time: str | None = "0.97",
    not_served: tuple[str, ...] = (),
    paused: str = "",
) -> SupplierView:
    """A supplier with a record of 100 orders."""
    record = SupplierRecord(100, Decimal(on_time), Decimal(0)) if on_time else SupplierRecord()
    return SupplierView(
        uid(n), name, flat(freight), lead_hours=lead, record=record, not_served=not_served, paused=paused
    )


def offer(n: int, sku: int, of: SupplierView, yuan: str, *, minimum: int = 1, stock: int | None = None) -> OfferView:
    """An offer with one price."""
    return OfferView(uid(n), uid(sku), of, (PriceTier(1, Decimal(yuan)),), minimum=minimum, stock=stock)


def demand(n: int, sku: int, name: str, quantity: int = 1, choice: PersonChoice | None = None) -> RouteDemand:
    """Pieces of a SKU."""
    return RouteDemand(uid(n), uid(sku), name, quantity, choice=choice)


def order(n: int, *demands: RouteDemand, place: Place = PLACES[2], due: int | None = 72) -> RouteOrder:
    """An order due in so many hours."""
    due_by = None if due is None else NOW + timedelta(hours=due)
    return RouteOrder(uid(n), f"D{n}", demands, place, due_by)


SKUS = 4
_money = st.integers(50, 5000).map(lambda fen: Decimal(fen) / 100)


@st.composite
def templates(draw: st.DrawFn) -> FreightTemplate:
    """Freight of every basis, sometimes with no price for some regions."""
    zone = st.builds(
        FreightZone,
        first_fen=st.integers(0, 1500),
        first=st.sampled_from([1, 2, 500, 1000]),
        step_fen=st.integers(0, 500),
        step=st.sampled_from([1, 500]),
        regions=st.sampled_from([(), ("浙江", "广东"), ("新疆",), ("江浙沪",)]),
    )
    return FreightTemplate(
        draw(st.sampled_from(list(FreightBasis))),
        tuple(draw(st.lists(zone, min_size=1, max_size=3))),
        draw(st.none() | st.integers(1000, 9000)),
        draw(st.none() | st.integers(2, 5)),
    )


@st.composite
def markets(draw: st.DrawFn) -> list[OfferView]:
    """Up to four suppliers with some offers each."""
    found, n = [], 0
    for s in range(draw(st.integers(1, 4))):
        of = SupplierView(
            uid(100 + s),
            f"供应商{s}",
            draw(templates()),
            lead_hours=draw(st.sampled_from([12, 48, 96])),
            not_served=draw(st.sampled_from([(), ("新疆",), ("浙江/金华",), ("广东省 广州市",)])),
            served=draw(st.sampled_from([(), ("浙江", "新疆"), ("全国",)])),
            record=SupplierRecord(draw(st.integers(0, 50)), draw(st.sampled_from([None, Decimal("0.8")])), None),
            paused=draw(st.sampled_from(["", "", "", "停止合作"])),
        )
        for sku in draw(st.lists(st.integers(1, SKUS), unique=True, max_size=SKUS)):
            n += 1
            prices = sorted(draw(st.lists(_money, min_size=1, max_size=3)), reverse=True)
            found.append(
                OfferView(
                    uid(1000 + n),
                    uid(sku),
                    of,
                    tuple(PriceTier(1 + 3 * at, price) for at, price in enumerate(prices)),
                    minimum=draw(st.sampled_from([1, 1, 2, 4])),
                    scope=draw(st.sampled_from(list(TierScope))),
                    offer_ref=f"ref{s}",
                    mixed=draw(st.booleans()),
                    stock=draw(st.none() | st.integers(0, 8)),
                )
            )
    return found


@st.composite
def orders(draw: st.DrawFn, n: int = 1) -> RouteOrder:
    """An order of up to four demands, sometimes with a person's choice."""
    wanted = draw(st.lists(st.tuples(st.integers(1, SKUS), st.integers(1, 4)), min_size=1, max_size=4))
    choice = draw(st.none() | st.integers(100, 103).map(lambda s: PersonChoice(uid(s), "小王", remembered=True)))
    return RouteOrder(
        uid(n),
        f"D{n}",
        tuple(
            RouteDemand(uid(n * 100 + at), uid(sku), f"商品{sku}", qty, 400, choice if at == 0 else None)
            for at, (sku, qty) in enumerate(wanted)
        ),
        draw(st.sampled_from([*PLACES, Place()])),
        draw(st.none() | st.integers(1, 100).map(lambda h: NOW + timedelta(hours=h))),
        draw(st.none() | st.integers(0, 20000)),
        excluded=draw(st.sampled_from([{}, {uid(100): "已拒单（缺货）"}])),
    )
