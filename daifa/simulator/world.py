"""The demo company as a whole: one seed in, always the same goods, suppliers, shops and listings out."""

from __future__ import annotations

from collections.abc import Mapping
from random import Random

from daifa.kit.values import dataclass
from daifa.simulator.goods import Product, Sku, make_products
from daifa.simulator.listings import SHOPS, ListingSku, Shop, make_listings
from daifa.simulator.suppliers import Offer, Supplier, make_offers, make_suppliers

COMPANY = "舒宜家居"
SEED = 20260901


@dataclass(frozen=True, slots=True)
class World:
    """Everything that does not change from day to day."""

    seed: int
    products: tuple[Product, ...]
    skus: Mapping[str, Sku]
    suppliers: Mapping[str, Supplier]
    offers: Mapping[str, tuple[Offer, ...]]
    shops: Mapping[str, Shop]
    listings: Mapping[str, tuple[ListingSku, ...]]

    def stream(self, name: str) -> Random:
        """A stream of chance of its own, so that one part's draws do not move another's."""
        return Random(f"{self.seed}:{name}")

    def dearest_cost(self, listing: ListingSku) -> int | None:
        """The highest one-piece goods cost of what a listing SKU contains, fen; None when a part has no supply."""
        total = 0
        for sku, count in listing.parts:
            offers = self.offers.get(sku, ())
            if not offers:
                return None
            total += count * max(o.one_fen for o in offers)
        return total


def build_world(seed: int = SEED) -> World:
    """The demo company of a seed."""
    products = make_products(Random(f"{seed}:goods"))
    suppliers = make_suppliers(Random(f"{seed}:suppliers"))
    offers: dict[str, list[Offer]] = {}
    for offer in make_offers(Random(f"{seed}:offers"), products, suppliers):
        offers.setdefault(offer.sku, []).append(offer)
    listings: dict[str, list[ListingSku]] = {s.platform: [] for s in SHOPS}
    for listing in make_listings(Random(f"{seed}:listings"), products):
        listings[listing.platform].append(listing)
    return World(
        seed,
        products,
        {s.code: s for p in products for s in p.skus},
        {s.code: s for s in suppliers},
        {k: tuple(v) for k, v in offers.items()},
        {s.platform: s for s in SHOPS},
        {k: tuple(v) for k, v in listings.items()},
    )
