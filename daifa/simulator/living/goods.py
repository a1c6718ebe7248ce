"""What stands in the merchant's shops on the first day: the listings of the same demo company that we know by files."""

from __future__ import annotations

from typing import TYPE_CHECKING

from daifa.ports.books import Listing
from daifa.ports.world import Fake, ShopProfile
from daifa.simulator.listings import SHOPS, newcomer, newcomer_listings

if TYPE_CHECKING:
    from daifa.simulator.living.world import Living

START_STOCK = 500


def shop_of(fake: Fake) -> ShopProfile:
    """The demo company's shop on a platform; a platform that it does not know yet has one too."""
    shop = next((s for s in SHOPS if s.platform == fake.key), None) or newcomer(fake.key, fake.name)
    return ShopProfile(fake.key, shop.name, shop.external_id)


def fill_shop(world: Living, shop: ShopProfile) -> None:
    """Put up everything that the demo company sells on that platform."""
    shelf = world.made.listings.get(shop.company)
    if shelf is None:
        rng = world.made.stream(f"listings:{shop.company}")
        shelf = newcomer_listings(rng, newcomer(shop.company, shop.name), world.made.products)
    for made in shelf:
        world.books.add(
            Listing(
                f"{shop.company}/{shop.id}/{made.sku_no}", shop.company, shop.id, made.item_no, made.sku_no,
                made.merchant_code, made.title, made.spec, made.price_fen, START_STOCK, world.now(),
                dict(made.parts), made.kind, made.heat,
            )
        )  # fmt: skip
