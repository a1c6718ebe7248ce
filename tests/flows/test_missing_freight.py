"""What nobody has offered to send has no freight that is known: missing, never zero."""

from __future__ import annotations

from daifa.base import bulk
from daifa.base.tenancy import tenant
from daifa.flows.steps import appraise
from daifa.kit import clock
from tests.flows import files
from tests.flows.day import bring, make_shop

NOW = clock.beijing(2026, 11, 20, 12)


def test_without_an_offer_the_freight_is_missing_and_so_is_the_margin(tenant_number: int) -> None:
    with clock.frozen(NOW):
        shop = make_shop(tenant_number)
        bring(tenant_number, "商品.csv", files.goods("HP-001", "HP-002"))
        bring(tenant_number, "报价.csv", files.prices(("恒达百货", "HP-001", "11.20")))
        known, unknown = {"主订单编号": "6901"}, {"主订单编号": "6902", "商家编码": "HP-002", "商品ID": "3500002"}
        bring(tenant_number, "订单.csv", files.douyin(known, unknown), shop=shop)
        with tenant(tenant_number):
            found = {}
            for i, number in bulk.select("SELECT id, external_id FROM orders_order WHERE tenant_id = {tenant}"):
                _, margin = appraise.waterfall(i)
                [freight] = [s for s in margin.steps if s.key == "freight"]
                found[number] = (freight.fen, margin.fen is None)
        assert found == {"6901": (-300, False), "6902": (None, True)}
