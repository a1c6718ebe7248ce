"""The calls about offers: read one, follow it, stop following."""

from __future__ import annotations

from typing import Any

from daifa.connectors.suppliers.alibaba1688.fake.call import FENXIAO, PRODUCT, Api, Call, Refused
from daifa.connectors.suppliers.alibaba1688.fake.goods import Item, described, follow, status_of, unfollow


def _item(call: Call, *names: str) -> Item:
    said = next((call.text(n) for n in names if call.text(n)), "") or call.need(names[0])
    item = call.goods.item(said)
    if item is None or status_of(call.goods.offers(item)) == "deleted":
        raise Refused("404", "商品不存在或已删除")
    return item


def product_info(call: Call) -> dict[str, Any]:
    """``fenxiao.productInfo.get``: the main call of drop-shippers."""
    item = _item(call, "offerId", "openOfferId")
    return {"success": True, "productInfo": described(call.world, call.goods, item, call.served)}


def product(call: Call) -> dict[str, Any]:
    """``product.get``: the general one; the app often lacks it."""
    item = _item(call, "productID", "productId")
    return {"success": True, "productInfo": described(call.world, call.goods, item, call.served)}


def start(call: Call) -> dict[str, Any]:
    """Followed: its PRODUCT_ messages come from now on. This answer has no ``success``."""
    follow(call.world, call.goods, call.member, _item(call, "productId", "productID"))
    return {"code": "0", "message": "success"}


def stop(call: Call) -> dict[str, Any]:
    """No longer followed."""
    unfollow(call.world, call.member, _item(call, "productId", "productID"))
    return {"code": "0", "message": "success"}


APIS = {
    "alibaba.fenxiao.productInfo.get": Api(FENXIAO, product_info),
    "alibaba.product.get": Api(PRODUCT, product),
    "alibaba.product.follow": Api(PRODUCT, start, "code"),
    "alibaba.product.unfollow.crossborder": Api(PRODUCT, stop, "code"),
}
