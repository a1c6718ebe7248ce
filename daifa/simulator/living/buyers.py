"""Buyers: they come by hour, season, promotion and live stream; they pay, change their minds, wait, send back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from random import Random
from typing import TYPE_CHECKING, Any

from daifa.kit.clock import BEIJING
from daifa.ports.books import BuyerOrder, Case, CaseKind, Line, Listing, OrderPhase, Parcel, Receiver, ScanKind
from daifa.ports.world import ShopProfile, What
from daifa.simulator.couriers import CODES, tracking_number
from daifa.simulator.living import backoffice
from daifa.simulator.living.deeds import OPEN
from daifa.simulator.living.presales import Presales
from daifa.simulator.places import person

if TYPE_CHECKING:
    from daifa.simulator.living.world import Living

# Orders by hour of the Beijing day: a small lunch peak, a large one in the evening.
_HOURS = (2, 1, 1, 1, 1, 2, 3, 5, 7, 8, 9, 9, 11, 9, 8, 8, 8, 8, 8, 10, 14, 16, 13, 7)
# By month: home goods sell before the spring festival and around the two great promotions.
_MONTHS = (11, 8, 10, 9, 10, 13, 9, 9, 10, 11, 16, 12)
_FESTIVALS = {(6, 18): 3.0, (11, 11): 4.0, (12, 12): 2.0}
_WORDS = ("谢谢", "尽快发货哦", "送人的，包装好一点", "不要放快递柜", "麻烦发中通")
_TALENTS = ("小鹿家居日记", "阿May好物", "收纳达人老周", "宿舍改造王")
_REASONS = ("不想要了", "拍错/多拍", "地址填错了", "其他店铺更便宜")
_AFTER_REASONS = ("质量问题", "与描述不符", "少件/漏发", "不喜欢")
PAY_WITHIN = 1800


class LivingBuyers:
    """Demand, and what each buyer does with an order."""

    def __init__(self, world: Living) -> None:
        self._world, self._presales = world, Presales(world)

    def begin(self) -> None:
        """Let them come."""
        for shop in self._world.all_shops():
            self._world.after(1, "buyers", "arrive", company=shop.company, shop=shop.id)
        self._world.at(self._next_evening(), "buyers", "evening")

    def _next_evening(self) -> datetime:
        local = self._world.now().astimezone(BEIJING)
        tonight = local.replace(hour=20, minute=0, second=0, microsecond=0)
        return tonight if tonight > local else tonight + timedelta(days=1)

    def _evening(self) -> None:
        """On some evenings a live stream sells one thing to many."""
        world, day = self._world, self._world.number("evening")
        if world.settings["auto"]:
            for shop in world.all_shops():
                rng = world.rng("evening", day, shop.id)
                if world.fakes[shop.company].live and rng.random() < world.settings["live"]:
                    count = max(round(float(world.settings["orders_per_day"]) * rng.uniform(0.03, 0.1)), 5)
                    self.burst(shop.company, shop.id, count, rng.uniform(900, 3600))
        world.at(self._next_evening(), "buyers", "evening")

    def _rate(self) -> float:
        """Orders per second of a whole company's share of 1, at this hour."""
        at = self._world.now().astimezone(BEIJING)
        day = float(self._world.settings["orders_per_day"])
        hour = _HOURS[at.hour] * 24 / sum(_HOURS)
        season = _MONTHS[at.month - 1] * 12 / sum(_MONTHS)
        feast = _FESTIVALS.get((at.month, at.day), 1.3 if at.day in (1, 18) else 1.0)
        return day / 86400 * hour * season * feast

    def timer(self, name: str, data: dict[str, Any]) -> None:
        """What a buyer does at its time."""
        if name == "arrive":
            self._arrive(data["company"], data["shop"])
        elif name == "evening":
            self._evening()
        elif name == "burst":
            self._burst(data)
        elif name == "send_back":
            self._send_back(data["case"])
        elif name == "withdraw":
            if (case := self._case(data["case"])) is not None:
                self._world.cases.close(case, "withdrawn")
        elif (order := self._order(data["order"])) is not None:
            self._act(name, order)

    def _order(self, key: str) -> BuyerOrder | None:
        company, number = key.split("/", 1)
        return self._world.books.order(company, number)

    def _case(self, key: str) -> Case | None:
        company, number = key.split("/", 1)
        return self._world.books.case(company, number)

    def _arrive(self, company: str, shop: str) -> None:
        world = self._world
        if not world.settings["auto"]:
            return
        self.make(company, shop)
        rng = world.rng("arrive", shop, world.number(f"arrive:{shop}"))
        mine = world.all_shops()
        rate = self._rate() * world.weight(company, shop) / max(sum(world.weight(s.company, s.id) for s in mine), 1e-9)
        world.after(rng.expovariate(max(rate, 1e-6)), "buyers", "arrive", company=company, shop=shop)

    def _burst(self, data: Mapping[str, Any]) -> None:
        """A live stream shows one thing: many orders for it within minutes."""
        self.make(data["company"], data["shop"], sku_no=data.get("sku_no", ""), talent=data.get("talent", ""))

    def burst(self, company: str, shop: str, count: int, seconds: float, talent: str = "") -> str:
        """Plan a burst; says for what."""
        world = self._world
        n = world.number("burst")
        rng = world.rng("burst", n)
        star = self._choose(rng, company, shop, 1)[0]
        talent = talent or rng.choice(_TALENTS)
        for _ in range(count):
            # Most come in the first minutes after the link is shown.
            world.after(
                min(rng.expovariate(3 / max(seconds, 1)), seconds),
                "buyers", "burst", company=company, shop=shop, sku_no=star.sku_no, talent=talent,
            )  # fmt: skip
        world.note(f"直播爆单：{talent} 讲解「{star.title}」，{count} 单")
        return star.title

    def _choose(self, rng: Random, company: str, shop: str, count: int) -> list[Listing]:
        shelf = [
            x for x in self._world.books.listings(company, shop)
            if x.state == "on" and x.stock > 3 and x.kind not in ("gift", "no_ship")
        ]  # fmt: skip
        found = rng.choices(shelf, [x.heat for x in shelf], k=count) if shelf else []
        return list({x.sku_no: x for x in found}.values())

    def make(
        self,
        company: str,
        shop: str,
        *,
        sku_no: str = "",
        lines: Sequence[tuple[str, int]] = (),
        talent: str = "",
        receiver: Receiver | None = None,
        waits: str | None = None,
        calm: bool = False,
        words: str | None = None,
        presale: Mapping[str, Any] | None = None,
    ) -> BuyerOrder | None:
        """A buyer orders. ``calm``: pays at once, is never held back and keeps its mind. None: nothing to buy.

        ``presale``: sold ahead, see ``Presales.sell``.
        """
        world, n = self._world, self._world.number("order")
        rng = world.rng("order", n)
        if lines:
            wanted = [(world.books.listing(company, shop, no), count) for no, count in lines]
        elif sku_no:
            wanted = [(world.books.listing(company, shop, sku_no), 1)]
        else:
            chosen = self._choose(rng, company, shop, rng.choices((1, 2, 3), (72, 21, 7))[0])
            wanted = [(x, rng.choices((1, 2, 3), (88, 9, 3))[0]) for x in chosen]
        bought = [(x, count) for x, count in wanted if x is not None]
        if not bought or len(bought) < len(wanted):
            return None
        talent = talent or (rng.choice(_TALENTS) if not calm and rng.random() < 0.25 else "")
        order = self._order_of(rng, company, shop, n, bought, talent, receiver)
        if not calm and talent and rng.random() < world.settings["gift"]:
            self._add_gift(order, n)
        order.words = (rng.choice(_WORDS) if rng.random() < 0.08 else "") if words is None else words
        order.extra["calm"] = calm
        order.extra["waits"] = waits if waits is not None else "" if calm else self._held(rng)
        if (ahead := presale if calm or presale is not None else self._presales.chance(order)) is not None:
            self._presales.sell(order, ahead)
        world.orders.make(order)
        world.after(PAY_WITHIN, "buyers", "lapse", order=order.id)
        if calm:
            self._act("pay", order)
        elif rng.random() > world.settings["never_pay"]:
            world.after(rng.uniform(3, 400), "buyers", "pay", order=order.id)
        return order

    def _add_gift(self, order: BuyerOrder, n: int) -> None:
        """A free thing goes with the first line."""
        world = self._world
        gift = next((x for x in world.books.listings(order.company, order.shop) if x.kind == "gift"), None)
        if gift is not None:
            number = world.order_number(order.company, n, 7)
            line = Line(
                number,
                gift.item_no,
                gift.sku_no,
                gift.merchant_code,
                gift.title,
                gift.spec,
                1,
                0,
                parts=dict(gift.parts),
            )
            line.extra["gift_of"] = [order.lines[0].number]
            order.lines.append(line)

    def _held(self, rng: Random) -> str:
        luck = rng.random()
        return "risk" if luck < 0.02 else "group" if luck < 0.04 else ""

    def _order_of(self, rng: Random, company: str, shop: str, n: int, bought: Sequence[tuple[Listing, int]],
                  talent: str, receiver: Receiver | None) -> BuyerOrder:  # fmt: skip
        world, now = self._world, self._world.now()
        number = world.order_number(company, n)
        lines = [
            self._line(rng, number if i == 0 else world.order_number(company, n, i), x, count, bool(talent))
            for i, (x, count) in enumerate(bought)
        ]
        who = person(rng)
        to = receiver or Receiver(who.name, who.phone, who.province, who.city, who.district, who.street, who.detail)
        for listing, count in bought:
            listing.stock = max(listing.stock - count, 0)
            world.books.touch(listing)
        # One in five buys again: a known buyer with a known address.
        buyer = f"b{rng.randrange(4000):05d}" if rng.random() < 0.2 else f"n{n:07d}"
        return BuyerOrder(f"{company}/{number}", company, shop, number, buyer, now, now, to, lines, talent=talent)

    def _line(self, rng: Random, number: str, listing: Listing, count: int, talent: bool) -> Line:
        amount = listing.price_fen * count
        line = Line(
            number, listing.item_no, listing.sku_no, listing.merchant_code, listing.title, listing.spec, count,
            listing.price_fen, parts=dict(listing.parts),
        )  # fmt: skip
        if rng.random() < 0.45:
            line.merchant_fen = amount * rng.randrange(2, 8) // 1000 * 10
        if rng.random() < 0.35:
            line.platform_fen = amount * rng.randrange(1, 6) // 1000 * 10
        if talent and rng.random() < 0.4:
            line.talent_fen = amount * rng.randrange(1, 4) // 1000 * 10
        if rng.random() < 0.1:
            line.channel_fen = min(rng.choice((50, 100, 200)), line.payable_fen // 2)
        return line

    def _act(self, name: str, order: BuyerOrder) -> None:
        world = self._world
        if name in ("pay", "rest") and order.phase is OrderPhase.UNPAID:
            if name == "rest" or not self._presales.pay_deposit(order):
                self._pay(order)
        elif name == "rest_due":
            self._presales.due(order)
        elif name == "lapse" and order.phase is OrderPhase.UNPAID:
            if order.presale is None or order.presale.deposit_at is None:
                world.orders.close(order, "超时未支付")
        elif name == "release":
            world.orders.release(order)
        elif name == "fail_group" and order.phase is OrderPhase.PENDING:
            self.refund_all(order, "拼团失败")
        elif name == "regret" and order.phase in OPEN:
            self.apply(order, world.rng("why", order.id).choice(_REASONS))
        elif name == "move" and order.phase in OPEN and order.wished is None:
            self.wish_address(order)
        elif name == "office":
            backoffice.by_chance(world, order)
        elif name == "address_due":
            world.orders.answer_address(order, agreed=True)
        elif name == "chase" and order.phase in OPEN:
            world.note(f"买家催单：{order.number}")
        elif name == "finish":
            world.orders.finish(order)
        elif name == "complain" and order.phase is OrderPhase.SHIPPED:
            self.apply(order, world.rng("why", order.id).choice(_AFTER_REASONS), after=True)

    def _pay(self, order: BuyerOrder) -> None:
        world, rng = self._world, self._world.rng("life", order.id)
        hours = world.settings["promise_hours"]
        order.ship_by = self._presales.ship_by(order, timedelta(hours=hours))
        for line in order.lines:
            line.ship_by = order.ship_by
        waits = str(order.extra["waits"])
        world.orders.pay(order, waits)
        if waits == "group" and rng.random() < 0.15:
            world.after(86400, "buyers", "fail_group", order=order.id)
        elif waits:
            world.after(rng.uniform(600, 5400), "buyers", "release", order=order.id)
        if order.extra["calm"]:
            return
        if rng.random() < world.settings["regret"]:
            world.after(rng.uniform(300, 30000), "buyers", "regret", order=order.id)
        if rng.random() < world.settings["move"]:
            world.after(rng.uniform(120, 7200), "buyers", "move", order=order.id)
        office = world.rng("comes_by", order.id)
        if office.random() < world.settings["office"]:
            world.after(office.uniform(60, 20000), "buyers", "office", order=order.id)
        if rng.random() < 0.03:
            world.after(hours * 3600 * 0.8, "buyers", "chase", order=order.id)

    def wish_address(self, order: BuyerOrder, wished: Receiver | None = None) -> None:
        """The buyer wants another address; a merchant who does not answer within a day has agreed."""
        who = person(self._world.rng("move", order.id, self._world.number("move")))
        to = wished or Receiver(
            order.receiver.name, order.receiver.phone, who.province, who.city, who.district, who.street, who.detail
        )
        self._world.orders.ask_address(order, to)
        self._world.after(86400, "buyers", "address_due", order=order.id)

    def apply(self, order: BuyerOrder, reason: str, *, after: bool = False, lines: Sequence[str] = (),
              fen: int | None = None) -> Case | None:  # fmt: skip
        """The buyer applies for money back, for some lines or all that are alive."""
        world = self._world
        chosen = [x for x in order.lines if not x.closed and (not lines or x.number in lines)]
        if not chosen or world.cases.pending(order) is not None:
            return None
        shipped = any(x.shipped for x in chosen)
        kind = CaseKind.UNSHIPPED_REFUND
        if shipped:
            kind = CaseKind.RETURN if after else CaseKind.SHIPPED_REFUND
        most = sum(x.paid_fen - x.refunded_fen for x in chosen)
        case = world.cases.open(order, kind, [x.number for x in chosen], most if fen is None else fen, reason)
        case.pieces = sum(x.quantity for x in chosen)
        rng = world.rng("withdraw", case.id)
        if not order.extra.get("calm") and rng.random() < world.settings["withdraw"]:
            world.after(rng.uniform(1800, 14400), "buyers", "withdraw", case=case.id)
        return case

    def refund_all(self, order: BuyerOrder, reason: str) -> None:
        """The platform itself gives everything back."""
        for line in order.lines:
            line.refunded_fen = line.paid_fen
        self._world.orders.close(order, reason)

    def _send_back(self, key: str) -> None:
        if (case := self._case(key)) is None:
            return
        rng = self._world.rng("send_back", key)
        courier = rng.choice(CODES)
        number = tracking_number(courier, self._world.seed, key)
        self._world.cases.sent_back(case, courier, number)
        if self._world.books.parcel(number) is None:
            self._world.parcels.post(courier, number, f"buyer:{case.order}", None, {}, case=case.id)

    def happened(self, what: What, entity: object) -> None:
        """Parcels that arrive, or do not."""
        if what is not What.PARCEL_SCANNED or not isinstance(entity, Parcel):
            return
        for key in entity.extra.get("orders", []):
            order = self._order(key)
            if order is None or order.phase is not OrderPhase.SHIPPED:
                continue
            rng = self._world.rng("signed", order.id)
            if entity.last is ScanKind.SIGNED:
                self._world.after(rng.uniform(1, 7) * 86400, "buyers", "finish", order=order.id)
                if not order.extra.get("calm") and rng.random() < self._world.settings["complain"]:
                    self._world.after(rng.uniform(1, 20) * 3600, "buyers", "complain", order=order.id)
            elif entity.last in (ScanKind.REFUSED, ScanKind.LOST):
                self.apply(order, "拒收" if entity.last is ScanKind.REFUSED else "快递丢失")


def profiles(shops: Sequence[ShopProfile]) -> list[dict[str, str]]:
    """Shops as the control door shows them."""
    return [{"company": s.company, "name": s.name, "id": s.id} for s in shops]
