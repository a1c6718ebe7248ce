"""What a sheet of nobody's format is about, from its column names alone."""

from __future__ import annotations

from collections.abc import Sequence

from daifa.areas.mailroom.rules.words import SURE, word
from daifa.ports.sheet import ImportKind

_ORDER_WORDS = "state paid_at ordered_at paid receivable amount ship_by buyer_nick pay_method line_paid"
_ORDER_ONLY = frozenset(_ORDER_WORDS.split())
_GOODS_OF_ORDER = frozenset({"title", "merchant_code", "item_no", "sku_no", "spec", "quantity", "items_text"})
_PERSON = frozenset({"recipient_name", "recipient_phone", "address", "recipient_text"})


def fields_in(kind: ImportKind, titles: Sequence[str]) -> set[str]:
    """The fields that these names mean in a file of this kind."""
    return {found[0] for t in titles if t and (found := word(kind, t))}


def _bare_numbers(titles: Sequence[str]) -> bool:
    """Whether the only number column is called just 单号."""
    found = [known[1] for t in titles if t and (known := word(ImportKind.TRACKING, t)) and known[0] == "tracking_no"]
    return bool(found) and max(found) < SURE


def kind_of(titles: Sequence[str], *, has_rows: bool) -> ImportKind | None:
    """The kind of a file with these columns; None when they fit none. The first rule that holds decides."""
    orders = fields_in(ImportKind.ORDERS, titles)
    refunds = fields_in(ImportKind.REFUNDS, titles)
    goods = fields_in(ImportKind.GOODS, titles)
    prices = fields_in(ImportKind.PRICES, titles)
    links = fields_in(ImportKind.LINKS, titles)
    suppliers = fields_in(ImportKind.SUPPLIERS, titles)
    tracking = fields_in(ImportKind.TRACKING, titles)
    if "refund_no" in refunds and "order_no" in refunds:
        return ImportKind.REFUNDS
    if "order_no" in orders and len(orders & _ORDER_ONLY) >= 2:
        return ImportKind.ORDERS
    # 单号 beside an address and no courier: such a file says who is to receive an order. Its number is asked.
    bare = _bare_numbers(titles) and "address" in tracking and not tracking & {"order_no", "our_number", "courier"}
    whose = tracking & {"order_no", "our_number", "recipient_name", "recipient_phone"}
    if "tracking_no" in tracking and whose and not bare:
        return ImportKind.TRACKING if has_rows or "order_no" not in tracking else ImportKind.SHIP_TEMPLATE
    if "order_no" in orders and orders & _PERSON and not orders & (_GOODS_OF_ORDER | _ORDER_ONLY):
        return ImportKind.RECIPIENTS
    if "order_no" in orders and orders & (_GOODS_OF_ORDER | _ORDER_ONLY):
        return ImportKind.ORDERS
    terms = prices & {"min_qty", "lead_time", "regions_not_served", "supply_freight", "valid_from", "tier_price"}
    ours = goods & {"weight", "barcode", "price"}
    # A cost of our own beside tiers: the merchant's goods, whoever's tiers they are.
    has_price = "supply_price" in prices or ("tier_price" in prices and "cost" not in goods)
    priced = has_price and bool(prices & {"sku_code", "supplier_code"})
    if priced and (terms or ("supplier" in prices and not ours)):
        return ImportKind.PRICES
    if links & {"item_no", "sku_no", "supplier_code"} and "sku_code" in links and not goods & {"cost", "weight"}:
        return ImportKind.LINKS
    if "sku_code" in links and "supplier" in links and not goods & {"cost", "title", "weight", "barcode"}:
        return ImportKind.LINKS
    if goods & {"sku_code", "product_code"} and goods & {"cost", "title", "price", "barcode", "weight"}:
        return ImportKind.GOODS
    if "supplier" in suppliers and suppliers & {"contact", "phone", "wechat", "address"}:
        return ImportKind.SUPPLIERS
    if {"title", "cost"} <= goods:
        return ImportKind.GOODS
    return None
