"""What 达人 and 团长 cost: named in the file without an amount is missing, never zero."""

from __future__ import annotations

from decimal import Decimal

from daifa.areas.finance import services as finance
from daifa.areas.finance.types import Rate, RateKind
from daifa.base import bulk
from daifa.base.actor import SYSTEM
from daifa.base.tenancy import tenant
from daifa.flows import advance
from daifa.flows.steps import appraise
from daifa.kit import clock
from tests.flows import files, shop_by_api
from tests.flows.day import bring, make_shop

NOW = clock.beijing(2026, 11, 20, 12)


def _commission(number: int) -> dict[str, tuple[int | None, bool]]:
    with tenant(number):
        found = {}
        for i, external_id in bulk.select("SELECT id, external_id FROM orders_order WHERE tenant_id = {tenant}"):
            _, margin = appraise.waterfall(i)
            [step] = [s for s in margin.steps if s.key == "commission"]
            found[external_id] = (step.fen, step.estimated)
        return found


def test_a_promoted_order_without_amount_or_rate_has_no_margin_until_a_rate_is_set(tenant_number: int) -> None:
    with clock.frozen(NOW):
        shop = make_shop(tenant_number)
        bring(tenant_number, "商品.csv", files.goods("HP-001"))
        bring(tenant_number, "报价.csv", files.prices(("恒达百货", "HP-001", "11.20")))
        promoted = {"主订单编号": "6901", "达人ID": "88001\t", "达人昵称": "收纳达人老周", "收件人": "李四"}
        bring(tenant_number, "订单.csv", files.douyin(promoted, {"主订单编号": "6902", "达人ID": "-"}), shop=shop)
        assert _commission(tenant_number) == {"6901": (None, False), "6902": (0, False)}
        with tenant(tenant_number):
            rows = bulk.select("SELECT margin_fen, margin_note FROM orders_order WHERE tenant_id = {tenant} ORDER BY 1")
            assert rows[-1] == (None, "达人/团长佣金：有达人带货，但没有写佣金多少，也没有设置费率")
            finance.add_rate(by=SYSTEM, rate=Rate(RateKind.COMMISSION, "douyin", percent=Decimal(10), own=True))
            advance.settle([i for (i,) in bulk.select("SELECT id FROM orders_order WHERE tenant_id = {tenant}")])
        assert _commission(tenant_number) == {"6901": (-399, True), "6902": (0, False)}


def test_a_file_that_names_nobody_says_nothing_and_the_zero_is_an_estimate(tenant_number: int) -> None:
    with clock.frozen(NOW):
        bring(tenant_number, "订单.csv", files.douyin({"主订单编号": "6901"}), shop=make_shop(tenant_number))
        assert _commission(tenant_number) == {"6901": (0, True)}


def test_an_order_by_api_says_whether_somebody_promoted_it(tenant_number: int) -> None:
    with shop_by_api.connected(tenant_number) as shop:
        sold, own = shop.buy(talent="收纳达人老周"), shop.buy()
        shop.read()
        with tenant(tenant_number), shop.at():
            finance.add_rate(by=SYSTEM, rate=Rate(RateKind.COMMISSION, "douyin", percent=Decimal(10), own=True))
            found = dict(
                bulk.select("SELECT external_id, promoted FROM orders_order WHERE tenant_id = {tenant}")
            )  # fmt: skip
        assert found == {sold: True, own: False}
        with shop.at():
            said = _commission(tenant_number)
        assert said[own] == (0, False)
        fen, estimated = said[sold]
        assert fen is not None
        assert fen < 0
        assert estimated
