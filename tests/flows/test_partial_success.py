"""1688 takes a part of what was ordered: what it left out is named and waits, what it took is not bought again."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from daifa.areas.orders.services import demands
from daifa.base.tenancy import tenant
from daifa.connectors.suppliers.alibaba1688.fake import quoting, selling
from daifa.flows import advance, automatic, supplier_intake, sweep
from daifa.reads import buy_facts
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


def test_goods_that_the_preview_refuses_do_not_take_the_others_with_them(
    ours: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    (first, _), (second, _) = ours.items
    monkeypatch.setattr(quoting, "lacking", lambda call, w: w.offer.sku == second)
    number = ours.order(0, 1)
    purchase = ours.buy(number)
    ours.work()
    # Nobody else supplies it, so the order waits for a person; the other goods stay with their purchase.
    step, why = ours.step(number)
    assert step == "hold"
    assert "供应商平台没有收下：库存不足" in why
    assert (first in why, ours.supplies(), ours.deeds(purchase)) == (False, [], [("buy", "ready")])
    with tenant(ours.number):
        [bought] = buy_facts.load([purchase])
    assert [(x.live, x.state, x.qty) for x in bought.lines] == [(True, "open", 1)]
    assert bought.state == "draft"
    # The buyer gives up what is not to be had: the rest is bought by itself.
    with tenant(ours.number):
        demands.close([ours.id_of(number)], "refund")
        advance.settle([ours.id_of(number)])
    ours.work(minutes=20)
    assert pieces(ours) == [(first, 1)]
    assert ours.deeds(purchase) == [("buy", "confirmed"), ("pay", "confirmed")]


def test_a_refusal_of_all_goods_is_one_of_the_whole_purchase(ours: Company, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(quoting, "lacking", lambda call, w: True)
    number = ours.order(0, 1)
    purchase = ours.buy(number)
    ours.work()
    assert ours.supplies() == []
    assert ours.deeds(purchase) == [("buy", "refused")]
    assert ours.step(number)[0] == "hold"
