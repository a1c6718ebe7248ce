"""What both halves of the supplier suite need: a company, something to buy there, our connector against it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from daifa.connectors import registry
from daifa.connectors.suppliers.alibaba1688.fake.company import Alibaba1688
from daifa.connectors.suppliers.alibaba1688.fake.goods import spec_id
from daifa.ports.books import Offer, SupplierOrder
from daifa.ports.shop import Recipient, RecipientState
from daifa.ports.supplier_api import SupplierApi, SupplierDialect, Wanted, WantedLine
from tests.contract.bench import Bench

KEYS = [k for k, c in registry.connectors().items() if c.supplier_api is not None and k in registry.fakes()]
TO = Recipient(RecipientState.PLAIN, "张三", "13800000000", "浙江省", "杭州市", "滨江区", "", "网商路699号")
REFERENCE = "CG260901-0001-1"


def _at_1688(bench: Bench, offer: Offer) -> WantedLine | None:
    company = bench.world.companies["alibaba1688"]
    assert isinstance(company, Alibaba1688)
    item = company.goods.of(offer)
    if item is None:
        return None
    return WantedLine(str(item.offer_id), "" if item.single else spec_id(item.seller, offer.sku), 3)


def _at_http(bench: Bench, offer: Offer) -> WantedLine | None:
    return WantedLine(offer.their_code, "", 3) if offer.seller == bench.account["id"] else None


# How a company names what the world's sellers offer; a new supplier's company adds its own.
SHELVES: Mapping[str, Callable[[Bench, Offer], WantedLine | None]] = {
    "alibaba1688": _at_1688,
    "httpapi": _at_http,
}
# Chances that a test does not want.
CALM: Mapping[str, Mapping[str, Any]] = {
    "alibaba1688": {"raise_after_preview": 0, "liar_admits": 0, "reprice_unpaid": 0, "offer_expires": 0,
                    "options_change": 0, "refund_rejects": 0, "list_lag": 0},
}  # fmt: skip


def make_bench(key: str, **how: Any) -> Bench:
    bench = Bench(key, **how)
    bench.switch(**CALM.get(key, {}))
    return bench


def api(bench: Bench, **more: Any) -> SupplierApi:
    made = bench.connector.supplier_api
    assert made is not None
    return made(replace(bench.credentials, **more), bench.wire, bench.world.now())


def dialect(bench: Bench) -> SupplierDialect:
    assert bench.connector.supplier is not None
    return bench.connector.supplier


def shelf(bench: Bench) -> list[tuple[Offer, WantedLine]]:
    """What can be bought in threes, from a punctual seller."""
    if bench.shelf:
        return bench.shelf
    sellers = bench.world.sellers
    found = [(o, SHELVES[bench.key](bench, o)) for o in bench.world.books.offers()]
    bench.shelf = [
        (o, w)
        for o, w in found
        if w is not None
        and o.on_sale
        and not sellers.refusal(o.sku, o.seller, 3)
        and o.tiers[0][0] <= 3
        and (bench.key == "httpapi" or sellers.profile(o.seller).temper == "punctual")
    ]
    return bench.shelf


def wanted(bench: Bench, reference: str = REFERENCE, **more: Any) -> Wanted:
    left = bench.world.sellers.refusal
    return Wanted(reference, (next(w for o, w in shelf(bench) if not left(o.sku, o.seller, 3)),), TO, **more)


def supplies(bench: Bench) -> list[SupplierOrder]:
    return bench.world.books.supplies(bench.key)


def make_paid(bench: Bench) -> str:
    [number] = api(bench).place(wanted(bench)).external_ids
    if dialect(bench).terms.payment:
        [order] = supplies(bench)
        bench.world.sellers.pay(order)
    return number
