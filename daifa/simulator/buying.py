"""How the demo's buyers buy: when, what, how much, with which discounts; and what becomes of their orders."""

from __future__ import annotations

import itertools
from datetime import datetime, timedelta

from daifa.kit.clock import BEIJING
from daifa.simulator.couriers import courier_name, tracking_number
from daifa.simulator.listings import SHOPS, ListingSku
from daifa.simulator.orders import Order, OrderLine, Refund, RefundPhase
from daifa.simulator.places import person
from daifa.simulator.world import World

# Orders by hour of the Beijing day: a small lunch peak, a large one in the evening.
_HOURS = (2, 1, 1, 1, 1, 2, 3, 5, 7, 8, 9, 9, 11, 9, 8, 8, 8, 8, 8, 10, 14, 16, 13, 7)
_HARMLESS = ("谢谢", "辛苦了", "第二次买了", "回购", "质量很好又来了")
_HARMLESS_MEMO = ("老客户", "已回访", "会员")
_REASONS = ("不想要了", "拍错/多拍", "商品与描述不符", "质量问题", "少件/漏发", "快递太慢")
_TALENTS = ("小鹿家居日记", "阿May好物", "收纳达人老周", "宿舍改造王")
_PROMISE_HOURS = {"douyin": 48, "taobao": 48, "pdd": 48, "jd": 48, "kuaishou": 48}


class Buyers:
    """Makes orders of one world; numbers never repeat within one instance.

    ``careful`` orders hold nothing that a check could stop: margins, places and amounts are ordinary.
    """

    def __init__(self, world: World, stream: str, *, first_number: int = 1) -> None:
        self.world = world
        self.rng = world.stream(stream)
        self._numbers = itertools.count(first_number)
        self._shelves = {
            s.platform: [
                x
                for x in world.listings[s.platform]
                if x.confirmed and x.kind in ("single", "multi", "buy_two", "bundle")
            ]
            for s in SHOPS
        }
        self._weights = {p: list(itertools.accumulate(x.heat for x in shelf)) for p, shelf in self._shelves.items()}
        self._safe = {p: [x for x in shelf if self._pays(x)] for p, shelf in self._shelves.items()}

    def safe_listings(self, platform: str) -> list[ListingSku]:
        """Matched listing SKUs of a shop that leave a margin whatever supplier is chosen."""
        return self._safe[platform]

    def _pays(self, listing: ListingSku) -> bool:
        """Whether a piece leaves at least a fifth of its price after the dearest supplier, parcel and fees."""
        cost = self.world.dearest_cost(listing)
        if cost is None:
            return False
        freight = 600 * len(listing.parts)
        fees = listing.price_fen * 12 // 100
        return (listing.price_fen - cost - freight - fees) * 100 >= listing.price_fen * 12

    def batch(self, start: datetime, end: datetime, count: int, *, careful: bool = False) -> list[Order]:
        """Orders paid between two moments, split over the shops by their weights, oldest first."""
        found: list[Order] = []
        left = count
        for at, shop in enumerate(SHOPS):
            share = left if at == len(SHOPS) - 1 else round(count * shop.weight / 100)
            left -= share
            found += [self.order(shop.platform, self.moment(start, end), careful=careful) for _ in range(share)]
        return sorted(found, key=lambda o: (o.paid_at or o.ordered_at, o.number))

    def moment(self, start: datetime, end: datetime) -> datetime:
        """A moment between two, by the habits of the day."""
        seconds = int((end - start).total_seconds())
        while True:
            at = start + timedelta(seconds=self.rng.randrange(seconds))
            if self.rng.random() * max(_HOURS) <= _HOURS[at.astimezone(BEIJING).hour]:
                return at

    def order(self, platform: str, paid_at: datetime, *, careful: bool = False) -> Order:
        """One paid order with nothing wrong with it; what happens later is added by ``live``."""
        rng = self.rng
        ordered = paid_at - timedelta(seconds=rng.randrange(5, 400))
        talent = rng.choice(_TALENTS) if platform in ("douyin", "kuaishou") and rng.random() < 0.3 else ""
        lines = [
            self._line(platform, listing, paid_at, talent=bool(talent), careful=careful)
            for listing in self._basket(platform, careful=careful)
        ]
        told, joined = self._recipient(platform)
        order = Order(
            platform=platform,
            number=self.number(platform, ordered),
            buyer=self._buyer(platform),
            ordered_at=ordered,
            paid_at=paid_at,
            ship_by=paid_at + timedelta(hours=_PROMISE_HOURS[platform]),
            lines=lines,
            person=person(rng, far=0 if careful else 0.02),
            told=told,
            joined=joined,
            talent=talent,
        )
        self._number_lines(order)
        if rng.random() < 0.06:
            order.note = rng.choice(_HARMLESS)
        if rng.random() < 0.04:
            order.memo, order.flag = rng.choice(_HARMLESS_MEMO), "绿"
        if platform in ("taobao", "pdd") and rng.random() < 0.04:
            order.freight_fen = rng.choice((500, 600, 800))
        if platform == "pdd" and not careful and rng.random() < 0.03:
            order.gift = next(x for x in self.world.listings["pdd"] if x.kind == "gift")
        return order

    def _basket(self, platform: str, *, careful: bool) -> list[ListingSku]:
        # These two platforms make one order of each item.
        most = 1 if platform in ("pdd", "kuaishou") else self.rng.choices((1, 2, 3), (72, 21, 7))[0]
        if careful:
            chosen = self.rng.choices(self._safe[platform], k=most)
        else:
            chosen = self.rng.choices(self._shelves[platform], cum_weights=self._weights[platform], k=most)
        return list({x.sku_no: x for x in chosen}.values())

    def _line(self, platform: str, listing: ListingSku, at: datetime, *, talent: bool, careful: bool) -> OrderLine:
        rng = self.rng
        line = OrderLine("", listing, rng.choices((1, 2, 3), (88, 10, 0) if careful else (88, 9, 3))[0])
        if platform == "taobao":
            # The shop's promotions are already in the item price there.
            return line
        amount = line.amount_fen
        promotion = at.astimezone(BEIJING).day in (1, 11, 18)
        most = 5 if careful else 9 if promotion else 7
        if rng.random() < 0.45:
            line.merchant_fen = _part(amount, rng.randrange(2, most))
        if rng.random() < 0.35:
            line.platform_fen = _part(amount, rng.randrange(1, 6))
        if talent and rng.random() < 0.4:
            line.talent_fen = _part(amount, rng.randrange(1, 4))
        if platform in ("douyin", "pdd") and rng.random() < 0.1:
            line.channel_fen = min(rng.choice((50, 100, 200)), line.payable_fen // 2)
        return line

    def _recipient(self, platform: str) -> tuple[str, bool]:
        """What the export shows of the recipient, and whether a second file joins the rest."""
        if platform == "douyin":
            return ("plain", False) if self.rng.random() < 0.4 else ("masked", True)
        if platform == "pdd":
            return "absent", True
        return ("masked", False) if platform == "kuaishou" else ("plain", False)

    def _buyer(self, platform: str) -> str:
        rng = self.rng
        if platform == "taobao":
            return f"{rng.choice('tbxyq小一木')}**{rng.randrange(10)}"
        return f"jd_{rng.randrange(16**10):010x}" if platform == "jd" else ""

    def number(self, platform: str, at: datetime) -> str:
        """A fresh order number in the platform's shape."""
        n, seconds = next(self._numbers), int(at.timestamp())
        if platform == "pdd":
            return f"{at.astimezone(BEIJING):%y%m%d}-{n:07d}{self.rng.randrange(10**8):08d}"
        if platform == "jd":
            return f"3{seconds % 10**5:05d}{n:06d}"
        if platform == "kuaishou":
            return f"26{seconds % 10**8:08d}{n:06d}"
        return f"{'69' if platform == 'douyin' else '24'}{seconds:010d}{n:07d}"

    def _number_lines(self, order: Order) -> None:
        """Douyin numbers its lines (the only line of an order has the order's own number); others do not."""
        for n, line in enumerate(order.lines):
            alone = n == 0 or order.platform != "douyin"
            line.number = order.number if alone else self.number("douyin", order.ordered_at)

    def live(self, order: Order, *, refunds: float = 0.12) -> None:
        """Let the order run its course: shipped, split, signed, refunded; moments may lie in the future."""
        rng, paid = self.rng, order.paid_at
        if paid is None:
            return
        order.shipped_at = paid + timedelta(hours=rng.randrange(4, 22), minutes=rng.randrange(60))
        order.signed_at = order.shipped_at + timedelta(days=rng.randrange(2, 5), hours=rng.randrange(12))
        order.finished_at = order.signed_at + timedelta(days=rng.randrange(8), hours=1)
        pieces = sum(line.quantity for line in order.lines)
        boxes = 2 if pieces > 1 and rng.random() < 0.15 else 1
        for box in range(boxes):
            code = rng.choices(("ZTO", "YTO", "YUNDA", "STO", "JTSD", "POSTB"), (30, 22, 18, 12, 14, 4))[0]
            order.parcels.append((courier_name(code), tracking_number(code, self.world.seed, order.number, box)))
        if rng.random() < refunds:
            self._refund(order)

    def _refund(self, order: Order) -> None:
        rng = self.rng
        if order.paid_at is None or order.signed_at is None:
            return
        kind = rng.choices(("early", "late", "part", "withdrawn"), (38, 27, 18, 17))[0]
        number = f"{rng.randrange(10**12):012d}{rng.randrange(10**6):06d}"
        early = order.paid_at + timedelta(minutes=rng.randrange(10, 300))
        late = order.signed_at + timedelta(hours=rng.randrange(2, 40))
        reason = rng.choice(_REASONS)
        if kind == "early":
            order.refund = Refund(
                number, early, early + timedelta(minutes=40), RefundPhase.FULL, order.paid_fen, reason
            )
            order.closed_at = order.refund.settled_at
            order.shipped_at = order.signed_at = order.finished_at = None
            order.parcels = []
        elif kind == "late":
            done = late + timedelta(days=4)
            order.refund = Refund(number, late, done, RefundPhase.FULL, order.paid_fen, reason, needs_return=True)
            order.closed_at, order.finished_at = done, None
        elif kind == "part" and (order.platform in ("taobao", "pdd") or len(order.lines) > 1):
            line = rng.randrange(len(order.lines))
            whole = len(order.lines) > 1
            amount = order.lines[line].paid_fen if whole else max(order.paid_fen * 3 // 10 // 10 * 10, 10)
            order.refund = Refund(number, late, late + timedelta(hours=20), RefundPhase.PART, amount, reason, line=line)
        else:
            order.refund = Refund(
                number, early, early + timedelta(hours=2), RefundPhase.WITHDRAWN, order.paid_fen, reason
            )


def _part(amount: int, percent: int) -> int:
    """A discount of about so many percent, in whole jiao."""
    return amount * percent // 1000 * 10
