"""Douyin's items and SKUs in our words. Pure. Prices in fen as they send them."""

from __future__ import annotations

from collections.abc import Iterable

from daifa.connectors.shops.douyin.api_mapping import Json, listing_key, need, spec_text, text, whole
from daifa.ports.shop_api import ListingItem


def listing_items(item: Json, told: Iterable[Json]) -> list[ListingItem]:
    """An item's SKUs. On sale: status 0 (online) and review passed (3)."""
    number = text(item.get("product_id_str")) or text(item.get("product_id"))
    on_sale = need(item, "status") == 0 and whole(item.get("check_status")) in {3, None}
    title = text(item.get("name"))
    return [
        ListingItem(
            item_id=number,
            sku_id=text(x.get("id")) or text(x.get("sku_id")),
            title=title,
            listing_key=listing_key(number, spec := _spec(x), text(x.get("code")), title),
            spec=spec,
            merchant_code=text(x.get("code")),
            price_fen=whole(x.get("price"), "price"),
            stock=whole(x.get("stock_num"), "stock_num"),
            on_sale=on_sale,
            image_url=text(item.get("pic")) or text(item.get("img")),
        )
        for x in told
    ]


def _spec(row: Json) -> str:
    return spec_text(row.get("sell_properties"), "value_name") or _details(row)


def _details(row: Json) -> str:
    return ";".join(v for n in (1, 2, 3) if (v := text(row.get(f"spec_detail_name{n}"))))
