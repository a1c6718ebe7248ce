"""Today's orders: mostly clean ones, and among them at least one of everything that must stop an order.

Each troubled order has exactly one thing wrong with it; ``order.hold`` says which.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from daifa.simulator.buying import Buyers
from daifa.simulator.listings import ListingSku
from daifa.simulator.orders import Order, OrderLine, Refund, RefundPhase
from daifa.simulator.places import Person, in_renamed_district

# The kinds of holds (issue B.5) that today's files must raise, and how many orders of each.
HOLDS: Mapping[str, int] = {
    "unmatched": 3,
    "address_incomplete": 1,
    "address_contradictory": 1,
    "region_not_served": 1,
    "recipient_masked": 1,
    "recipient_absent": 1,
    "buyer_note": 1,
    "seller_memo": 1,
    "refund_in_progress": 2,
    "under_review": 1,
    "group_pending": 1,
    "presale": 1,
    "reserved": 1,
    "risk": 1,
    "courier_demanded": 1,
    "consolidation": 2,
    "duplicate": 1,
    "blocklist": 1,
    "quantity_outlier": 1,
    "margin": 1,
    "no_supply": 1,
    "deadline_near": 1,
}
# What a person has put on the blocklist before.
BLOCKED = Person("贾仁义", "15400004444", "广东省", "佛山市", "顺德区", "", "兴业路404号绿洲新城4栋1单元404室")
BLOCKED_WHY = "多次签收后仅退款"


@dataclass(slots=True)
class Today:
    """Today's orders by what is to be expected of them.

    ``renamed``: repaired districts, which stop nothing. ``unpaid`` and ``no_ship`` are bought from nobody.
    """

    orders: list[Order]
    renamed: list[Order]
    unpaid: list[Order]
    no_ship: list[Order]

    def held(self, kind: str) -> list[Order]:
        """The orders that must wait for this reason."""
        return [o for o in self.orders if o.hold == kind]

    def clean(self) -> list[Order]:
        """The orders that must be bought without a person looking at them."""
        aside = {o.number for o in (*self.unpaid, *self.no_ship)}
        return [o for o in self.orders if not o.hold and o.number not in aside]

    def demand(self) -> dict[str, int]:
        """Pieces of each of our SKUs that the clean orders need."""
        found: Counter[str] = Counter()
        for order in self.clean():
            for line in order.lines:
                for sku, count in line.listing.parts:
                    found[sku] += count * line.quantity
        return dict(sorted(found.items()))


def make_today(buyers: Buyers, start: datetime, end: datetime, count: int) -> Today:
    """About ``count`` orders paid between two moments, some of them in trouble."""
    troubled = [order for kind in HOLDS for order in _TROUBLES[kind](_Desk(buyers, start, end))]
    for order in troubled:
        order.hold = order.hold or "clean"
    renamed = _renamed(buyers, start, end)
    no_ship, unpaid, gifts = ([make(_Desk(buyers, start, end))] for make in (_top_up, _unpaid, _with_gift))
    special = troubled + renamed + no_ship + unpaid + gifts
    orders = special + buyers.batch(start, end, max(count - len(special), 0), careful=True)
    for order in orders:
        order.hold = "" if order.hold == "clean" else order.hold
    orders.sort(key=lambda o: (o.paid_at or o.ordered_at, o.number))
    return Today(orders, renamed, unpaid, no_ship)


@dataclass(slots=True)
class _Desk:
    """What the trouble makers need: fresh clean orders to spoil."""

    buyers: Buyers
    start: datetime
    end: datetime

    def order(self, platform: str, *, one: bool = True, at: datetime | None = None) -> Order:
        """A clean order; with ``one`` it keeps only its first line, one piece."""
        order = self.buyers.order(platform, at or self.buyers.moment(self.start, self.end), careful=True)
        order.note = order.memo = order.flag = ""
        if one:
            line = order.lines[0]
            order.lines = [OrderLine(line.number, line.listing, 1)]
        return order

    def listing(self, platform: str, fits: Callable[[ListingSku], bool]) -> ListingSku:
        """A listing SKU of a shop that fits."""
        found = [x for x in self.buyers.world.listings[platform] if fits(x)]
        return self.buyers.rng.choice(found)

    def of(self, platform: str, listing: ListingSku, quantity: int = 1) -> Order:
        """A clean order of one listing SKU."""
        order = self.order(platform)
        order.lines = [OrderLine(order.number, listing, quantity)]
        return order


def _held(kind: str, *orders: Order) -> list[Order]:
    for order in orders:
        order.hold = kind
    return list(orders)


def _unmatched(desk: _Desk) -> list[Order]:
    """New links that nobody has matched; two orders want the same one."""
    new = desk.listing("douyin", lambda x: not x.confirmed and not x.merchant_code)
    other = desk.listing("pdd", lambda x: not x.confirmed and not x.merchant_code)
    return _held("unmatched", desk.of("douyin", new), desk.of("douyin", new), desk.of("pdd", other))


def _incomplete(desk: _Desk) -> list[Order]:
    order = desk.order("taobao")
    order.person = replace(order.person, district="", street="", detail="幸福里小区")
    return _held("address_incomplete", order)


def _contradictory(desk: _Desk) -> list[Order]:
    order = desk.order("douyin")
    order.told, order.joined = "plain", False
    order.person = replace(
        order.person, province="江苏省", city="苏州市", district="姑苏区", street="",
        detail="浙江省杭州市西湖区文昌路88号书香雅苑3栋2单元501室",
    )  # fmt: skip
    return _held("address_contradictory", order)


def _not_served(desk: _Desk) -> list[Order]:
    """Home textiles: none of their suppliers sends to Tibet."""
    order = desk.of(
        "taobao", desk.listing("taobao", lambda x: x.kind == "single" and x.confirmed and _textile(desk, x))
    )
    order.person = replace(order.person, province="西藏自治区", city="拉萨市", district="城关区", street="")
    return _held("region_not_served", order)


def _textile(desk: _Desk, listing: ListingSku) -> bool:
    code = listing.parts[0][0] if listing.parts else ""
    return code in desk.buyers.world.offers and desk.buyers.world.skus[code].category == "家纺布艺"


def _masked(desk: _Desk) -> list[Order]:
    order = desk.order("douyin")
    order.told, order.joined = "masked", False
    return _held("recipient_masked", order)


def _absent(desk: _Desk) -> list[Order]:
    order = desk.order("pdd")
    order.joined = False
    return _held("recipient_absent", order)


def _note(desk: _Desk) -> list[Order]:
    order = desk.order("taobao")
    order.note = "麻烦换成灰色的，不要白色，谢谢"
    return _held("buyer_note", order)


def _memo(desk: _Desk) -> list[Order]:
    order = desk.order("jd")
    order.memo, order.flag = "客户要求改地址，先不要发，等通知", "红"
    return _held("seller_memo", order)


def _refunding(desk: _Desk) -> list[Order]:
    found = []
    for platform in ("douyin", "taobao"):
        order = desk.order(platform)
        assert order.paid_at is not None
        number = f"{desk.buyers.rng.randrange(10**18):018d}"
        applied = min(order.paid_at + timedelta(minutes=25), desk.end)
        order.refund = Refund(number, applied, None, RefundPhase.FULL, order.paid_fen, "不想要了")
        found.append(order)
    return _held("refund_in_progress", *found)


def _waiting(kind: str, platform: str) -> Callable[[_Desk], list[Order]]:
    def make(desk: _Desk) -> list[Order]:
        order = desk.order(platform)
        order.wait = kind
        if kind in ("presale", "reserved"):
            order.not_before = desk.end + timedelta(days=12 if kind == "presale" else 5)
            order.ship_by = order.not_before + timedelta(days=2)
        return _held(kind, order)

    return make


def _courier(desk: _Desk) -> list[Order]:
    order = desk.order("pdd")
    order.sf_demand = True
    return _held("courier_demanded", order)


def _consolidated(desk: _Desk) -> list[Order]:
    first, second = desk.order("kuaishou"), desk.order("taobao")
    first.consolidation = "新疆集运"
    first.person = replace(
        first.person, province="陕西省", city="西安市", district="雁塔区", street="",
        detail="丰泽路66号新疆集运中转仓（转运码XJ8821）",
    )  # fmt: skip
    second.person = replace(
        second.person, province="广东省", city="广州市", district="天河区", street="",
        detail="临江路18号云达集运仓A区（会员号HK30716 转香港）",
    )  # fmt: skip
    return _held("consolidation", first, second)


def _duplicate(desk: _Desk) -> list[Order]:
    """The same buyer wants the same thing again within minutes; the second of the two is the doubtful one."""
    first = desk.order("taobao", at=desk.start + (desk.end - desk.start) / 2)
    assert first.paid_at is not None
    second = desk.order("taobao", at=first.paid_at + timedelta(minutes=12))
    second.lines = [OrderLine(second.number, first.lines[0].listing, 1)]
    second.person, second.buyer = first.person, first.buyer
    return [*_held("clean", first), *_held("duplicate", second)]


def _blocked(desk: _Desk) -> list[Order]:
    order = desk.order("douyin")
    order.told, order.joined, order.person = "plain", False, BLOCKED
    return _held("blocklist", order)


def _huge(desk: _Desk) -> list[Order]:
    order = desk.order("jd")
    order.lines[0].quantity = 120
    return _held("quantity_outlier", order)


def _losing(desk: _Desk) -> list[Order]:
    order = desk.order("douyin")
    # A coupon set wrongly: the buyer pays a third.
    order.lines[0].merchant_fen = order.lines[0].amount_fen * 65 // 1000 * 10
    return _held("margin", order)


def _no_supply(desk: _Desk) -> list[Order]:
    world = desk.buyers.world
    gone = desk.listing("douyin", lambda x: x.confirmed and x.kind == "single" and x.parts[0][0] not in world.offers)
    return _held("no_supply", desk.of("douyin", gone))


def _late(desk: _Desk) -> list[Order]:
    """Left over from the day before yesterday: little of the promised time is left."""
    order = desk.order("douyin", at=desk.end - timedelta(hours=45, minutes=30))
    return _held("deadline_near", order)


_TROUBLES: Mapping[str, Callable[[_Desk], list[Order]]] = {
    "unmatched": _unmatched,
    "address_incomplete": _incomplete,
    "address_contradictory": _contradictory,
    "region_not_served": _not_served,
    "recipient_masked": _masked,
    "recipient_absent": _absent,
    "buyer_note": _note,
    "seller_memo": _memo,
    "refund_in_progress": _refunding,
    "under_review": _waiting("under_review", "pdd"),
    "group_pending": _waiting("group_pending", "pdd"),
    "presale": _waiting("presale", "douyin"),
    "reserved": _waiting("reserved", "douyin"),
    "risk": _waiting("risk", "jd"),
    "courier_demanded": _courier,
    "consolidation": _consolidated,
    "duplicate": _duplicate,
    "blocklist": _blocked,
    "quantity_outlier": _huge,
    "margin": _losing,
    "no_supply": _no_supply,
    "deadline_near": _late,
}


def _renamed(buyers: Buyers, start: datetime, end: datetime) -> list[Order]:
    """Addresses with a district's old name: repaired and shown, nothing to wait for."""
    desk, found = _Desk(buyers, start, end), []
    for which in range(2):
        order = desk.order("taobao")
        order.person = in_renamed_district(buyers.rng, which)
        found.append(order)
    return found


def _top_up(desk: _Desk) -> Order:
    """Only 补差价: nothing to ship."""
    return desk.of("taobao", desk.listing("taobao", lambda x: x.kind == "no_ship"), 8)


def _unpaid(desk: _Desk) -> Order:
    """Ordered, and nobody has paid yet."""
    order = desk.order("taobao")
    order.paid_at = order.ship_by = None
    return order


def _with_gift(desk: _Desk) -> Order:
    """A gift line beside a main item dear enough to bear it."""
    dear = [x for x in desk.buyers.safe_listings("douyin") if x.price_fen > 6000]
    order = desk.of("douyin", desk.buyers.rng.choice(dear))
    gift = desk.listing("douyin", lambda x: x.kind == "gift")
    order.lines.append(OrderLine(desk.buyers.number("douyin", order.ordered_at), gift, 1))
    return order
