"""A buyer who moves the order after we learnt the address: the later masked export shows it, and the order waits."""

from __future__ import annotations

from uuid import UUID

from daifa.base import bulk
from daifa.base.tenancy import tenant
from tests.flows import files
from tests.flows.day import bring, make_shop

NUMBER = "6900000000000000001"
MASKED = {"收件人": "王**", "收件人手机号": "170****5678", "详细地址": "测试路***"}


def _holds(number: int) -> list[tuple[str, str]]:
    with tenant(number):
        rows = bulk.select(
            "SELECT kind, reason FROM orders_hold WHERE tenant_id = {tenant} AND state = 'open'"
            " AND kind LIKE 'address%%'"
        )
    return [(kind, reason) for kind, reason in rows]


def _import(number: int, shop: UUID, day: int, **told: str) -> None:
    bring(number, f"订单202611{day}120000.csv", files.douyin({"主订单编号": NUMBER, **told}), shop=shop)


def test_another_region_in_a_later_export_holds_the_order(tenant_number: int) -> None:
    shop = make_shop(tenant_number)
    bring(tenant_number, "商品.csv", files.goods("HP-001"))
    bring(tenant_number, "报价.csv", files.prices(("恒达百货", "HP-001", "11.20")))
    _import(tenant_number, shop, 20)
    _import(tenant_number, shop, 21, **MASKED)
    assert _holds(tenant_number) == []
    _import(tenant_number, shop, 22, **MASKED, 省="江苏省", 市="南京市", 区="玄武区")
    [(kind, reason)] = _holds(tenant_number)
    assert kind == "address_contradictory"
    assert "平台最新显示收货地区是江苏省南京市玄武区" in reason
    _import(tenant_number, shop, 23, 省="江苏省", 市="南京市", 区="玄武区", 街道="")
    assert _holds(tenant_number) == []
