"""Behaviours 21–22: stock, and settlement bills."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from daifa.connectors.shops.douyin.fake.tests.caller import SHOP, Caller, beijing_text
from daifa.ports.books import BuyerOrder, Listing, Shipment


def shelf(caller: Caller) -> list[Listing]:
    found: dict[str, list[Listing]] = {}
    for x in caller.world.books.listings("douyin", SHOP):
        found.setdefault(x.item_no, []).append(x)
    return next(v for v in found.values() if len(v) > 2)


def test_21_a_repeated_difference_is_not_done_twice() -> None:
    caller = Caller()
    sku = shelf(caller)[0]
    plus = {"sku_id": sku.sku_no, "stock_num": 5, "incremental": True, "idempotent_id": "i-1"}
    caller.call("sku.syncStock", plus)
    assert caller.number("sku.syncStock", plus) == "40010"
    assert sku.stock == 505
    assert caller.refused("sku.syncStock", {**plus, "idempotent_id": ""})
    assert caller.number("sku.syncStock", {**plus, "stock_num": -506, "idempotent_id": "i-2"}) == "-20001"
    assert caller.call("sku.syncStock", {"code": sku.merchant_code, "product_id": sku.item_no, "stock_num": 7}) == {}
    assert sku.stock == 7


def test_21_campaigns_and_reviews_stand_in_the_way() -> None:
    caller = Caller()
    sku = shelf(caller)[0]
    sku.campaign_stock = 10
    assert caller.number("sku.syncStock", {"sku_id": sku.sku_no, "stock_num": 0}) == "-20008"
    sku.campaign_stock = 0
    for state, code in (("review", "-40001"), ("banned", "-40002"), ("deleted", "-40003")):
        sku.state = state
        assert caller.number("sku.syncStock", {"sku_id": sku.sku_no, "stock_num": 0}) == code


def test_21_a_batch_is_all_or_nothing_and_the_other_kind_is_not() -> None:
    caller = Caller()
    one, two, *_ = shelf(caller)
    two.campaign_stock = 10
    rows = [{"sku_id": s.sku_no, "stock_num": 0} for s in (one, two)]
    assert caller.number("sku.syncStockBatch", {"product_id": one.item_no, "sku_sync_list": rows}) == "-20008"
    assert one.stock == 500
    results = caller.call("sku.syncStockBatchMultiProducts", {"items": rows})["results"]
    assert [r["status_code"] for r in results] == [0, -20008]
    assert (one.stock, two.stock) == (0, 500)
    assert caller.refused("sku.syncStockBatchMultiProducts", {"items": rows * 26})


def test_21_back_on_sale_means_a_review_first() -> None:
    caller = Caller()
    caller.listen()
    sku = shelf(caller)[0]
    item = {"product_id": sku.item_no}
    caller.call("product.setOffline", item)
    assert caller.call("product.detail", item)["status"] == 1
    caller.call("product.setOnline", item)
    assert caller.number("sku.syncStock", {"sku_id": sku.sku_no, "stock_num": 1}) == "-40001"
    caller.pass_time(1801)
    assert caller.call("product.detail", item)["check_status"] == 3
    assert caller.tags() == ["400"] * 3
    assert isinstance(caller.call("sku.list", item), list)


def finished(caller: Caller, count: int) -> list[BuyerOrder]:
    orders = [caller.order() for _ in range(count)]
    for n, order in enumerate(orders):
        line = order.lines[0].number
        caller.world.orders.ship(order, Shipment("p", "", "ZTO", f"7800000000{n:04d}", caller.world.now(), {line: 1}))
        caller.world.orders.finish(order)
    return orders


def bills(caller: Caller, **more: Any) -> dict[str, Any]:
    now = caller.world.now()
    params = {"start_time": "2026-08-01 00:00:00", "end_time": beijing_text(now), "size": 100, **more}
    found: dict[str, Any] = caller.call("order.getSettleBillDetailV3", params)
    return found


def test_22_a_pair_of_cursors_reads_every_row_once() -> None:
    caller = Caller()
    caller.switch(settle_late=0)
    orders = finished(caller, 7)
    assert bills(caller)["data"] == []
    caller.pass_time(3 * 86400 + 60)
    whole = bills(caller)
    assert (whole["code"], whole["is_end"], whole["data_size"]) == ("100000", 1, 7)
    seen: list[str] = []
    cursor: dict[str, str] = {}
    while True:
        page = bills(caller, size=3, **cursor)
        seen += [r["request_no"] for r in page["data"]]
        if page["is_end"]:
            break
        cursor = {"start_index": page["next_start_index"], "start_time": page["next_start_time"]}
    assert sorted(seen) == sorted(r["request_no"] for r in whole["data"])
    row = whole["data"][0]
    assert row["settle_amount"] == row["total_income"] + row["total_outcome"]
    assert {r["order_id"] for r in whole["data"]} == {o.lines[0].number for o in orders}


def test_22_late_rows_and_negative_rows() -> None:
    caller = Caller()
    caller.switch(settle_late=1)
    (order,) = finished(caller, 1)
    caller.pass_time(3 * 86400 + 60)
    assert bills(caller)["data"] == []
    caller.pass_time(86400)
    (late,) = bills(caller)["data"]
    assert late["settle_time"] < beijing_text(caller.world.now() - timedelta(hours=23))
    case = caller.world.buyers.apply(order, "质量问题", after=True)
    assert case is not None
    caller.world.cases.refund(case)
    rows = bills(caller)["data"]
    assert [(r["trade_type"], r["total_income"] < 0) for r in rows] == [(0, False), (1, True)]
    assert -rows[1]["total_income"] == order.paid_fen
