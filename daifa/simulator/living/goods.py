"""What stands in the merchant's shops on the first day: the listings of the same demo company that we know by files."""

from __future__ import annotations

from typing import TYPE_CHECKING

from daifa.ports.books import Listing
from daifa.ports.world import ShopProfile
from daifa.simulator.listings import SHOPS

if TYPE_CHECKING:
    from daifa.simulator.living.world import Living

START_STOCK = 500


def shop_of(company: str) -> ShopProfile | None:
    """The demo company's shop on a platform."""
    for shop in SHOPS:
        if shop.platform == company:
            return ShopProfile(company, shop.name, shop.external_id)
    return None


def fill_shop(world: Living, shop: ShopProfile) -> None:
    """Put up everything that the demo company sells on that platform."""
    for made in world.made.listings.get(shop.company, ()):
        world.books.add(
            Listing(
                f"{shop.company}/{shop.id}/{made.sku_no}", shop.company, shop.id, made.item_no, made.sku_no,
                made.merchant_code, made.title, made.spec, made.price_fen, START_STOCK, world.now(),
                dict(made.parts), made.kind, made.heat,
            )
        )  # fmt: skip
