"""Offers: one seller of the world's suppliers, its products with specs, price tiers, stock; who follows them."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

from daifa.connectors.suppliers.alibaba1688.fake.words import KEY, digest, moment, plain_moment, yuan
from daifa.kit.values import dataclass
from daifa.ports.books import Offer
from daifa.ports.world import World

# Documented: the shop's pictures come relative and need this prefix.
PICTURES = "img/ibank/O1CN01"
_NAMES = ("颜色", "规格", "款式")


@cache
def offer_id(seller: str, title: str) -> int:
    """Twelve digits, stable."""
    return 600_000_000_000 + int(digest("offer", seller, title)[:10], 16) % 300_000_000_000


@cache
def spec_id(seller: str, sku: str) -> str:
    """What orders name a spec by."""
    return digest("spec", seller, sku)


@cache
def sku_id(seller: str, sku: str) -> int:
    """A number beyond what a double can hold."""
    return 4_610_000_000_000_000_000 + int(digest("sku", seller, sku)[:12], 16)


def seller_member(seller: str) -> str:
    """The seller's member id."""
    return f"b2b-11000000{seller[1:]}"


def options(offer: Offer) -> list[dict[str, str]]:
    """``skuInfos`` of an order's entry: the chosen options by name."""
    values = [v for v in offer.spec.split(";") if v]
    return [{"name": _NAMES[min(n, 2)], "value": value} for n, value in enumerate(values)]


@dataclass(frozen=True, slots=True)
class Item:
    """One offer page; ``skus`` are the specs on it. A page with one spec has no specId."""

    offer_id: int
    seller: str
    title: str
    skus: tuple[str, ...]

    @property
    def single(self) -> bool:
        """Nothing to choose."""
        return len(self.skus) == 1

    def sku_of(self, spec: str) -> str | None:
        """The SKU that a specId means; '' means the only one."""
        if self.single:
            return self.skus[0] if not spec else None
        return next((s for s in self.skus if spec_id(self.seller, s) == spec), None)


class Goods:
    """The offer pages. What sellers sell is settled on the world's first day, so one look is enough."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._items: dict[int, Item] = {}

    def _all(self) -> dict[int, Item]:
        if not self._items:
            groups: dict[tuple[str, str], list[str]] = {}
            for offer in self._world.books.offers():
                groups.setdefault((offer.seller, offer.title), []).append(offer.sku)
            for (seller, title), skus in groups.items():
                number = offer_id(seller, title)
                self._items[number] = Item(number, seller, title, tuple(skus))
        return self._items

    def item(self, number: object) -> Item | None:
        """The page of an offerId (number or text)."""
        return self._all().get(int(str(number))) if str(number).isdigit() else None

    def of(self, offer: Offer) -> Item | None:
        """The page on which an offer of the books stands."""
        return self._all().get(offer_id(offer.seller, offer.title))

    def items(self) -> list[Item]:
        """Every page."""
        return list(self._all().values())

    def offers(self, item: Item) -> list[Offer]:
        """The specs of a page, as the books have them now."""
        found = [self._world.books.offer(item.seller, sku) for sku in item.skus]
        return [o for o in found if o is not None]


def status_of(offers: list[Offer]) -> str:
    """The page's state; a page is on sale while one of its specs is."""
    if any(o.on_sale for o in offers):
        return "published"
    return str(offers[0].extra.get("status", "expired")) if offers else "deleted"


def described(world: World, goods: Goods, item: Item, served: str = "") -> dict[str, Any]:
    """``productInfo``: all prices in yuan, numbers as numbers. ``served``: where pictures are drawn, none: relative."""
    offers, seller = goods.offers(item), world.sellers.profile(item.seller)
    first = min(offers, key=lambda o: o.tiers[0][1])
    ranges = [{"startQuantity": n, "price": yuan(fen)} for n, fen in first.tiers]
    return {
        "productID": item.offer_id, "productType": "wholesale", "subject": item.title[:128],
        "status": status_of(offers), "categoryID": 1031910, "categoryName": "家居日用", "bizType": 1,
        "image": {"images": [_picture(f"{item.offer_id}_{n}", served) for n in range(3)]},
        "skuInfos": [_sku(item, o, served) for o in offers] if not item.single else [],
        "saleInfo": {
            "quoteType": 0 if item.single else 2, "unit": "件", "mixWholeSale": False, "supportOnlineTrade": True,
            "minOrderQuantity": min(o.tiers[0][0] for o in offers), "priceRanges": ranges,
            "amountOnSale": sum(o.says for o in offers), "consignPrice": yuan(first.tiers[0][1]),
            "jxhyPrice": yuan(first.tiers[0][1] + seller.freight_fen),
        },
        "shippingInfo": {"unitWeight": first.weight_g / 1000, "sendGoodsAddressText": seller.city,
                         "freightTemplateID": 1},
        "supplierLoginId": seller.name, "sellerMemberId": seller_member(item.seller), "supplierUserId":
        int(seller_member(item.seller)[4:]), "cargoNumber": offers[0].their_code if item.single else None,
        "lastUpdateTime": moment(max(o.updated_at for o in offers)),
    }  # fmt: skip


def _picture(name: str, served: str) -> str:
    return f"{served}/{PICTURES}/{name}.svg" if served else f"{PICTURES}/{name}.jpg"


def _sku(item: Item, offer: Offer, served: str) -> dict[str, Any]:
    values = [v for v in offer.spec.split(";") if v]
    return {
        "skuId": sku_id(item.seller, offer.sku), "specId": spec_id(item.seller, offer.sku),
        "cargoNumber": offer.their_code, "amountOnSale": offer.says if offer.on_sale else 0,
        "price": yuan(offer.tiers[0][1]), "consignPrice": yuan(offer.tiers[0][1]),
        "priceRange": [{"startQuantity": n, "price": yuan(fen)} for n, fen in offer.tiers],
        "attributes": [
            {"attributeID": 3216 + n, "attributeName": _NAMES[min(n, 2)], "attributeValue": value,
             "skuImageUrl": _picture(spec_id(item.seller, offer.sku)[:8], served) if n == 0 else None}
            for n, value in enumerate(values)
        ],
    }  # fmt: skip


# Who follows a page hears of its changes; what was told last is kept, so that stock can be told as a difference.


def told(world: World, goods: Goods, item: Item) -> dict[str, Any]:
    """The page as a follower knows it."""
    return {
        o.sku: {"says": o.says, "price": o.tiers[0][1], "spec": o.spec, "on": o.on_sale} for o in goods.offers(item)
    }


def follow(world: World, goods: Goods, member: str, item: Item) -> None:
    """The member hears of this page from now on."""
    world.books.put_doc(KEY, "follow", f"{member}/{item.offer_id}", {"told": told(world, goods, item)})


def unfollow(world: World, member: str, item: Item) -> None:
    """No more."""
    world.books.drop_doc(KEY, "follow", f"{member}/{item.offer_id}")


def tell_followers(world: World, goods: Goods, members: list[str], offer: Offer) -> None:
    """Say what has changed on the page since it was told last."""
    item = goods.of(offer)
    if item is None:
        return
    for member in members:
        kept = world.books.doc(KEY, "follow", f"{member}/{item.offer_id}")
        if kept is None:
            continue
        now = told(world, goods, item)
        before: Mapping[str, Any] = kept["told"]
        if now == before:
            continue
        world.books.put_doc(KEY, "follow", f"{member}/{item.offer_id}", {"told": now})
        _push_changes(world, member, item, before, now)


def _push_changes(world: World, member: str, item: Item, was: Mapping[str, Any], now: Mapping[str, Any]) -> None:
    born = int(world.now().timestamp() * 1000)
    stock = [
        {
            "offerId": item.offer_id, "offerOnSale": sum(x["says"] for x in now.values()),
            "skuId": sku_id(item.seller, sku), "skuOnSale": x["says"],
            "quantity": x["says"] - was[sku]["says"], "bizTime": born,
        }
        for sku, x in now.items() if sku in was and x["says"] != was[sku]["says"]
    ]  # fmt: skip
    if stock:
        world.push(KEY, member, "PRODUCT_PRODUCT_INVENTORY_CHANGE", {"OfferInventoryChangeList": stock})
    if any(sku in was and x["price"] != was[sku]["price"] for sku, x in now.items()):
        world.push(KEY, member, "FENXIAO_PRICE_CHANGE", _change(world, member, item, "modify"))
    if any(sku in was and x["spec"] != was[sku]["spec"] for sku, x in now.items()):
        world.push(KEY, member, "PRODUCT_RELATION_VIEW_PRODUCT_CHANGE", _change(world, member, item, "sku_modify"))
    on, on_before = any(x["on"] for x in now.values()), any(x["on"] for x in was.values())
    if on and not on_before:
        world.push(KEY, member, "PRODUCT_RELATION_VIEW_PRODUCT_REPOST", _change(world, member, item, "repost"))
    elif on_before and not on:
        offer = world.books.offer(item.seller, item.skus[0])
        gone = offer is not None and offer.extra.get("status") == "deleted"
        topic = "PRODUCT_RELATION_VIEW_PRODUCT_DELETE" if gone else "PRODUCT_RELATION_VIEW_PRODUCT_EXPIRE"
        world.push(KEY, member, topic, _change(world, member, item, "member_delete" if gone else "member_expired"))


def _change(world: World, member: str, item: Item, action: str) -> dict[str, Any]:
    sent = plain_moment(world.now())
    return {"memberId": member, "productIds": str(item.offer_id), "action": action, "msgSendTime": sent}
