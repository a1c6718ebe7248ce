"""Items and stock: paged from 1, stock by set or by difference, shelf with a review."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from daifa.connectors.shops.douyin.fake.call import KEY, Call, Fail, Method, business, illegal, seconds
from daifa.ports.books import Listing
from daifa.ports.world import What, World

_MOST_ROWS, _MOST_SKUS = 10_000, 50
_STATE_REFUSALS = {
    "review": (-40001, "商品审核中"),
    "banned": (-40002, "商品已封禁"),
    "deleted": (-40003, "商品已删除"),
}
_STATUS = {"on": (0, 3), "off": (1, 7), "review": (1, 2), "banned": (1, 5), "deleted": (2, 3)}


def _items(call: Call) -> dict[str, list[Listing]]:
    found: dict[str, list[Listing]] = {}
    for listing in call.world.books.listings(KEY, call.shop.id):
        found.setdefault(listing.item_no, []).append(listing)
    return found


def listing(call: Call) -> dict[str, Any]:
    """Items, page from 1; the update bounds exclude themselves."""
    page, size = call.paging(_MOST_ROWS, first=1)
    wanted = {str(p) for p in call.params.get("product_id") or []}
    status, review = call.params.get("status"), call.params.get("check_status")
    start, end = call.whole("update_start_time", 0), call.whole("update_end_time", 0)
    rows = []
    for number, skus in _items(call).items():
        told = _head(number, skus)
        changed = told["update_time"]
        if (wanted and number not in wanted) or (start and changed <= start) or (end and changed >= end):
            continue
        if status not in (None, "") and told["status"] != int(str(status)):
            continue
        if review not in (None, "") and told["check_status"] != int(str(review)):
            continue
        rows.append(told)
    rows.sort(key=lambda r: (-r["update_time"], r["product_id"]))
    return {"data": rows[(page - 1) * size : page * size], "page": page, "size": size, "total": len(rows)}


def _head(number: str, skus: list[Listing]) -> dict[str, Any]:
    status, review = _STATUS[skus[0].state]
    return {
        "product_id": int(number), "name": skus[0].title, "status": status, "check_status": review, "pic": "",
        "description": "", "market_price": max(s.price_fen for s in skus), "out_product_id": 0, "outer_product_id": "",
        "discount_price": min(s.price_fen for s in skus), "create_time": 0,
        "update_time": max(seconds(s.updated_at) for s in skus), "category_detail": {},
    }  # fmt: skip


def _skus(call: Call) -> list[Listing]:
    number = str(call.need("product_id"))
    found = _items(call).get(number)
    if not found:
        raise business(-40003, "商品不存在")
    return found


def detail(call: Call) -> dict[str, Any]:
    """One item with its SKUs."""
    skus = _skus(call)
    head = _head(skus[0].item_no, skus)
    return {**head, "product_id_str": skus[0].item_no, "spec_prices": [_sku(s) for s in skus]}


def _sku(s: Listing) -> dict[str, Any]:
    names, values = ("颜色", "尺寸"), s.spec.split(";")
    return {
        "id": int(s.sku_no), "sku_id": int(s.sku_no), "open_user_id": 0, "code": s.merchant_code,
        "out_sku_id": s.extra.get("out_sku_id", 0), "product_id": int(s.item_no), "product_id_str": s.item_no,
        "price": s.price_fen, "stock_num": s.stock, "prehold_stock_num": s.held, "prom_stock_num": s.campaign_stock,
        "step_stock_num": 0, "sku_type": 0, "stock_map": None,
        "sell_properties": [
            {"property_name": n, "value_name": v} for n, v in zip(names, values, strict=False)
        ],
        "spec_detail_name1": values[0], "spec_detail_name2": values[1] if len(values) > 1 else "",
    }  # fmt: skip


def skus(call: Call) -> list[dict[str, Any]]:
    """An item's SKUs as a bare array."""
    return [_sku(s) for s in _skus(call)]


def _find(call: Call, row: Mapping[str, Any]) -> Listing:
    for listing in call.world.books.listings(KEY, call.shop.id):
        if str(row.get("sku_id", "")) == listing.sku_no:
            return listing
        by_code = row.get("code") and row["code"] == listing.merchant_code
        if not row.get("sku_id") and by_code and str(row.get("product_id", listing.item_no)) == listing.item_no:
            return listing
    raise business(-40003, "SKU 不存在")


def _next_stock(row: Mapping[str, Any], listing: Listing, incremental: bool) -> int:
    """The stock after this row, or its refusal."""
    if listing.state in _STATE_REFUSALS:
        raise business(*_STATE_REFUSALS[listing.state])
    number = int(str(row.get("stock_num", 0)))
    after = listing.stock + number if incremental else number
    if after < 0:
        raise business(-20001, "库存不足")
    if after < listing.campaign_stock:
        raise business(-20008, "不能低于活动库存")
    return after


def _set(call: Call, listing: Listing, stock: int) -> None:
    listing.stock, listing.updated_at = stock, call.world.now()
    call.world.books.touch(listing)


def _first_time(call: Call, incremental: bool, row: Mapping[str, Any]) -> None:
    """A difference needs an id of its own, used once. A repeated one was done: 40010 says so."""
    used = str(row.get("idempotent_id") or "")
    if incremental and not used:
        raise illegal(1, "增量更新必须传 idempotent_id")
    if not used:
        return
    key = f"{call.shop.id}:{used}"
    if call.world.books.doc(KEY, "stock_token", key) is not None:
        raise Fail(40003, "isv.idempotent-id-existed:40010", "操作已执行")
    call.world.books.put_doc(KEY, "stock_token", key, {"at": seconds(call.world.now())})


def sync(call: Call) -> dict[str, Any]:
    """One SKU."""
    incremental, listing = call.flag("incremental"), _find(call, call.params)
    stock = _next_stock(call.params, listing, incremental)
    _first_time(call, incremental, call.params)
    _set(call, listing, stock)
    return {}


def sync_batch(call: Call) -> dict[str, Any]:
    """Several SKUs of one item: all or nothing."""
    incremental, item = call.flag("incremental"), str(call.need("product_id"))
    rows = [{**r, "product_id": item} for r in call.need("sku_sync_list")]
    planned = [(x := _find(call, r), _next_stock(r, x, incremental)) for r in rows]
    _first_time(call, incremental, call.params)
    for listing, stock in planned:
        _set(call, listing, stock)
    return {}


def sync_many(call: Call) -> dict[str, Any]:
    """SKUs of any items, each with its own outcome."""
    items, incremental = call.need("items"), call.flag("incremental")
    if len(items) > _MOST_SKUS:
        raise illegal(1, f"items 不能超过 {_MOST_SKUS} 个")
    _first_time(call, incremental, call.params)
    results = []
    for n, row in enumerate(items):
        try:
            if n == 0 and call.world.fault(KEY, "part_failed", call.method) is not None:
                raise business(2010401, "系统繁忙")
            listing = _find(call, row)
            _set(call, listing, _next_stock(row, listing, incremental))
            code, text = 0, "success"
        except Fail as fail:
            code, text = int(fail.sub_code.rsplit(":", 1)[1]), fail.sub_msg
        results.append({"sku_id": row.get("sku_id"), "status_code": code, "status_msg": text})
    return {"results": results}


def price(call: Call) -> dict[str, Any]:
    """Another price."""
    listing = _find(call, call.params)
    listing.price_fen, listing.updated_at = call.whole("price", listing.price_fen), call.world.now()
    call.world.books.touch(listing)
    return {}


def online(call: Call) -> dict[str, Any]:
    """Back on sale, after a review."""
    _shelve(call, "review")
    minutes = float(call.switch("online_review_minutes"))
    call.world.after(minutes * 60, KEY, "reviewed", shop=call.shop.id, item=str(call.need("product_id")))
    return {}


def offline(call: Call) -> dict[str, Any]:
    """Off sale at once."""
    _shelve(call, "off")
    return {}


def _shelve(call: Call, state: str) -> None:
    found = _skus(call)
    if found[0].state in ("banned", "deleted"):
        raise business(*_STATE_REFUSALS[found[0].state])
    for listing in found:
        listing.state, listing.updated_at = state, call.world.now()
        call.world.books.touch(listing)
    call.world.tell(What.LISTING_CHANGED, found[0])


def reviewed(world: World, shop: str, item: str) -> None:
    """The review passed."""
    found = [x for x in world.books.listings(KEY, shop) if x.item_no == item and x.state == "review"]
    for listing in found:
        listing.state, listing.updated_at = "on", world.now()
        world.books.touch(listing)
    if found:
        world.tell(What.LISTING_CHANGED, found[0])


METHODS: Mapping[str, Method] = {
    "product.listV2": listing,
    "product.detail": detail,
    "sku.list": skus,
    "sku.syncStock": sync,
    "sku.syncStockBatch": sync_batch,
    "sku.syncStockBatchMultiProducts": sync_many,
    "sku.editPrice": price,
    "product.setOnline": online,
    "product.setOffline": offline,
}
