"""Files become orders: once, merged, never back to life."""

from __future__ import annotations

from daifa.base import bulk
from daifa.base.tenancy import tenant
from tests.flows import files
from tests.flows.day import bring, make_shop


def _orders(number: int) -> dict[str, tuple[object, ...]]:
    with tenant(number):
        rows = bulk.select(
            "SELECT external_id, state, refund, tab, recipient_state, paid_fen FROM orders_order"
            " WHERE tenant_id = {tenant}"
        )
    return {str(r[0]): r[1:] for r in rows}


def test_a_douyin_file_becomes_orders_ready_to_dispatch(tenant_number: int) -> None:
    shop = make_shop(tenant_number)
    assert bring(tenant_number, "商品.csv", files.goods("HP-001"))["new"] == 1
    bring(tenant_number, "报价.csv", files.prices(("恒达百货", "HP-001", "11.20")))
    done = bring(tenant_number, "订单.csv", files.douyin({"主订单编号": "6900000000000000001"}), shop=shop)
    assert (done["state"], done["new"], done["rejected"]) == ("done", 1, 0)
    assert _orders(tenant_number)["6900000000000000001"][:4] == ("paid", "none", "dispatch", "plain")


def test_the_same_file_again_changes_nothing(tenant_number: int) -> None:
    shop = make_shop(tenant_number)
    data = files.douyin({"主订单编号": "6900000000000000001"}, {"主订单编号": "6900000000000000002"})
    bring(tenant_number, "订单.csv", data, shop=shop)
    before = _orders(tenant_number)
    again = bring(tenant_number, "订单.csv", data, shop=shop)
    assert (again.get("new", 0), again["unchanged"]) == (0, 2)
    assert _orders(tenant_number) == before


def test_newer_state_merges_and_cancelled_stays_cancelled(tenant_number: int) -> None:
    shop = make_shop(tenant_number)
    number = "6900000000000000001"
    paid = files.douyin({"主订单编号": number})
    closed = files.douyin({"主订单编号": number, "订单状态": "已关闭", "取消原因": "买家取消"})
    bring(tenant_number, "订单20261120120000.csv", paid, shop=shop)
    assert bring(tenant_number, "订单20261121120000.csv", closed, shop=shop)["updated"] == 1
    assert _orders(tenant_number)[number][2] == "closed"
    bring(tenant_number, "订单20261122120000.csv", paid, shop=shop)
    assert _orders(tenant_number)[number][0] == "cancelled"


def test_the_same_number_under_another_shop_is_refused_by_name(tenant_number: int) -> None:
    first, second = make_shop(tenant_number), make_shop(tenant_number, name="二店")
    data = files.douyin({"主订单编号": "6900000000000000001"})
    bring(tenant_number, "订单.csv", data, shop=first)
    done = bring(tenant_number, "订单-二店.csv", data, shop=second)
    assert (done.get("new", 0), done["rejected"]) == (0, 1)


def test_an_unknown_code_waits_for_matching(tenant_number: int) -> None:
    shop = make_shop(tenant_number)
    bring(tenant_number, "订单.csv", files.douyin({"主订单编号": "69001", "商家编码": "没有"}), shop=shop)
    assert _orders(tenant_number)["69001"][2] == "match"
