"""1688 takes a part of what was ordered: what it left out is named and waits, what it took is not bought again."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from daifa.base.tenancy import tenant
from daifa.connectors.suppliers.alibaba1688.fake import selling
from daifa.flows import automatic, supplier_intake, sweep
from tests.flows.api_company import Company, company


@pytest.fixture
def ours(tenant_number: int, tmp_path: Path) -> Iterator[Company]:
    with company(tenant_number, tmp_path) as made:
        yield made


def test_what_was_left_out_waits_and_what_was_taken_is_not_bought_again(
    ours: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    (first, _), (second, _) = ours.items
    # It shows only when the order is made: the preview before it still found stock.
    monkeypatch.setattr(selling, "admits", lambda world, offer, quantity: offer.sku == second)
    number = ours.order(0, 1)
    purchase = ours.buy(number)
    ours.work()
    once = [(first, 1)]
    assert pieces(ours) == once
    for _ in range(3):
        ours.work(minutes=20)
        sweep.one_company.function(tenant_id=ours.number)
        with tenant(ours.number):
            automatic.sweep()
    assert pieces(ours) == once
    assert ours.deeds(purchase) == [("buy", "confirmed"), ("pay", "confirmed")]
    step, why = ours.step(number)
    assert step == "hold"
    assert second in why
    assert first not in why
    assert "供应商平台没有收下：库存不足" in why
    # What was taken goes out and is told; the rest still waits.
    ours.ship_now()
    ours.pass_time(2)
    ours.read()
    supplier_intake.take_in(ours.number, ours.supplier_line)
    ours.work_shop()
    [sold] = [o for o in ours.door.get("/books?company=douyin")["orders"] if o["number"] == number]
    assert [(s["number"], sum(s["pieces"].values())) for s in sold["shipments"]] == [
        (n, 1) for n in ours.supplies()[0]["parcels"]
    ]
    assert sold["phase"] == "part_shipped"


def pieces(ours: Company) -> list[tuple[str, int]]:
    """What stands at the supplier: our codes and pieces."""
    return [(x["sku"], x["quantity"]) for s in ours.supplies() if s["phase"] == "paid" for x in s["lines"]]
