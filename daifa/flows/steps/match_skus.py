"""Matched: each listing SKU becomes our SKUs by remembered mapping, else by an exact merchant code; never by guess.

The code is the order's own, else the one that the shop's goods have for the listing (``goods_intake``).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from uuid import UUID

from daifa.areas.catalog.rules.index import CatalogueIndex
from daifa.areas.catalog.rules.matching import suggest
from daifa.areas.catalog.services import goods, listings, mappings
from daifa.areas.catalog.services.mappings import MappingView, NewMapping
from daifa.areas.catalog.types import ListingSku
from daifa.areas.orders.services import demands, history
from daifa.areas.orders.services.demands import Meaning, OpenLine
from daifa.areas.orders.services.history import Fact
from daifa.base.actor import SYSTEM


def run(order_ids: Sequence[UUID]) -> list[UUID]:
    """Match what can be matched; returns the orders that got on."""
    lines = demands.unmatched(order_ids)
    known = mappings.find(list({(line.shop_id, line.listing_key) for line in lines}))
    known |= _by_code([line for line in lines if (line.shop_id, line.listing_key) not in known])
    matched = [
        (line, known[line.shop_id, line.listing_key]) for line in lines if (line.shop_id, line.listing_key) in known
    ]
    demands.freeze([Meaning(line.id, m.id, m.ships, m.parts) for line, m in matched])
    history.write([Fact(line.order_id, "matched", _sentence(line, m)) for line, m in matched])
    return sorted({line.order_id for line, _ in matched})


def _by_code(lines: Sequence[OpenLine]) -> dict[tuple[UUID, str], MappingView]:
    coded = {(line.shop_id, line.listing_key): line for line in _coded(lines)}
    for said_no in mappings.cancelled(list(coded)):
        del coded[said_no]
    # Only SKUs that share a code can be sure; everything else waits for a person on the matching screen.
    index = CatalogueIndex(goods.of_codes(sorted({line.merchant_code for line in coded.values()})))
    made = []
    for (shop_id, key), line in coded.items():
        sure = suggest(ListingSku(line.title, line.spec, line.merchant_code), index).automatic
        if sure is not None:
            parts = tuple((p.sku_id, p.quantity) for p in sure.parts)
            made.append(NewMapping(shop_id, key, True, parts, "code", line.title, line.spec, sure.reason))
    return mappings.remember(by=SYSTEM, mappings=made, over=False) if made else {}


def _coded(lines: Sequence[OpenLine]) -> list[OpenLine]:
    """Lines with a merchant code; where the order has none, the shop's own listing may."""
    known = listings.codes([(x.shop_id, x.listing_key) for x in lines if not x.merchant_code])
    told = [
        x if x.merchant_code else replace(x, merchant_code=known.get((x.shop_id, x.listing_key), "")) for x in lines
    ]
    return [x for x in told if x.merchant_code]


def _sentence(line: OpenLine, mapping: MappingView) -> str:
    if not mapping.ships:
        return f"“{line.title}”标为不发货"
    how = {"code": "按商家编码匹配", "file": "按导入的供货关系匹配"}.get(mapping.source, "按记住的匹配")
    return f"“{line.title} {line.spec}”{how}"
