"""What sellers do on this platform besides shipping: raise a price that was just shown, admit an empty shelf, change
the price of an order that waits for payment, take offers down, rename their options.

All chance comes from the switches, so a test or a watcher can force or forbid each.
"""

from __future__ import annotations

from collections.abc import Sequence

from daifa.connectors.suppliers.alibaba1688.fake.goods import Goods
from daifa.connectors.suppliers.alibaba1688.fake.words import KEY
from daifa.kit.clock import BEIJING
from daifa.ports.books import Offer, SupplierOrder, SupplyPhase
from daifa.ports.world import What, World

RAISER, LIAR = "raiser", "liar"
DAY = 86_400
# How long an offer that was taken down stays away.
AWAY = 2 * DAY


def _strikes(world: World, switch: str, *key: object) -> bool:
    odds = float(world.switch(KEY, switch))
    return odds > 0 and world.rng(KEY, switch, *key).random() < odds


def tempted(world: World, goods: Goods, offers: Sequence[Offer]) -> None:
    """A price-raiser that has shown a price may ask more a moment later, at most once a day."""
    today = f"{world.now().astimezone(BEIJING):%Y%m%d}"
    for offer in offers:
        if world.sellers.profile(offer.seller).temper != RAISER or offer.extra.get("raised") == today:
            continue
        if _strikes(world, "raise_after_preview", offer.id, world.number("alibaba1688.shown")):
            offer.extra["raised"] = today
            offer.tiers = [[n, fen + max(fen * 6 // 100, 5)] for n, fen in offer.tiers]
            _changed(world, offer)


def _changed(world: World, offer: Offer) -> None:
    offer.updated_at = world.now()
    world.books.touch(offer)
    world.tell(What.OFFER_CHANGED, offer)


def admits(world: World, offer: Offer, quantity: int) -> bool:
    """Whether a liar, asked to sell what it has not got, says so when the order is made and not after the payment."""
    if offer.stock >= quantity or world.sellers.profile(offer.seller).temper != LIAR:
        return False
    return _strikes(world, "liar_admits", offer.id, world.number("alibaba1688.asked"))


def placed(world: World, order: SupplierOrder) -> None:
    """An order waits for payment: a price-raiser may change its amount meanwhile."""
    if world.sellers.profile(order.seller).temper == RAISER and _strikes(world, "reprice_unpaid", order.id):
        wait = world.rng(KEY, "reprice", order.id).uniform(30, 300)
        world.after(wait, KEY, "reprice", order=order.number)


def reprice(world: World, order: SupplierOrder) -> None:
    """The seller changes what an unpaid order costs; what the creation answered is no longer true."""
    if order.phase is not SupplyPhase.UNPAID:
        return
    goods_fen = sum(x.price_fen * x.quantity for x in order.lines)
    order.discount_fen -= max(goods_fen * 5 // 100, 50)
    order.updated_at = world.now()
    world.books.touch(order)
    world.tell(What.SUPPLY_PRICED, order)


def day(world: World, goods: Goods) -> None:
    """Each day some offers expire or are deleted, come back, or get other names for their options."""
    today = world.number("alibaba1688.day")
    for item in goods.items():
        offers = goods.offers(item)
        if not all(o.on_sale for o in offers):
            continue
        if _strikes(world, "offer_expires", item.offer_id, today):
            gone = world.rng(KEY, "gone", item.offer_id, today).random() < 0.25
            take_down(world, offers, "deleted" if gone else "expired")
            if not gone:
                world.after(AWAY, KEY, "back", offer=str(item.offer_id))
        elif not item.single and _strikes(world, "options_change", item.offer_id, today):
            offers[0].spec = f"{offers[0].spec}（新版）"
            _changed(world, offers[0])
    world.after(DAY, KEY, "day")


def take_down(world: World, offers: Sequence[Offer], status: str) -> None:
    """The page can no longer be ordered from."""
    for offer in offers:
        offer.on_sale = False
        offer.extra["status"] = status
        world.books.touch(offer)
    _changed(world, offers[0])


def put_back(world: World, offers: Sequence[Offer]) -> None:
    """The page is there again."""
    for offer in offers:
        offer.on_sale = True
        offer.extra.pop("status", None)
        world.books.touch(offer)
    _changed(world, offers[0])
