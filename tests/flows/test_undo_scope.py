"""撤销 within a data scope: a deed that touched anything outside it is not taken back, one of their own shop is."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pytest

from daifa.areas.logistics.services import claims as kept
from daifa.areas.logistics.services import reports
from daifa.areas.orders.services import batches
from daifa.base import bulk
from daifa.base.actor import SYSTEM
from daifa.base.tenancy import tenant
from daifa.flows import (
    dispatching,
    rematching,
    renumbering,
    reporting,
    sending,
    swapping,
    tracking,
    tracking_desk,
    undo,
)
from daifa.flows.steps import route
from daifa.flows.tracking_desk import Word
from tests.browser import Browser, Company
from tests.flows import files
from tests.flows.day import bring, make_shop

REFUSED = (403, "undo_out_of_scope")


@pytest.fixture
def company(transactional_db: None) -> Company:
    """Two shops; each has two orders, one to dispatch and one that waits for a match."""
    made = Company()
    bring(made.number, "商品.csv", files.goods("HP-001", "HP-002"))
    bring(made.number, "报价.csv", files.prices(("恒达百货", "HP-001", "11.20"), ("优选", "HP-002", "5")))
    for n, name in enumerate(("东店", "西店"), 1):
        made.__dict__[name] = str(make_shop(made.number, name=name))
        ours = {"主订单编号": f"69{n}1", "收件人手机号": f"1701234567{n}", "商家编码": f"HP-00{n}"}
        odd = {"主订单编号": f"69{n}2", "商家编码": "", "商品ID": f"77{n}", "选购商品": f"神秘收纳盒{name}"}
        bring(made.number, f"订单-{name}.csv", files.douyin(ours, odd), shop=made.__dict__[name])
    return made


def _ids(company: Company) -> list[str]:
    return [o["id"] for o in company.owner.get("/orders?tab=all")["items"]]


def _cleared(company: Company) -> str:
    owner, target = company.owner, {"ids": _ids(company)}
    owner.post("/orders/hold", {"target": target, "why": "等一等"})
    return str(owner.post("/orders/clear-holds", {"target": target, "kinds": ["manual"], "why": "好了"})["undo"])


def _tagged(company: Company) -> str:
    return str(company.owner.post("/orders/tag", {"target": {"ids": _ids(company)}, "add": ["急"]})["undo"])


def _matched(company: Company) -> str:
    owner = company.owner
    [sku] = owner.get("/match/skus?text=HP-001")["items"]
    items = [
        {"shop_id": w["shop_id"], "listing_key": w["listing_key"], "parts": [[sku["id"], 1]]}
        for w in owner.get("/match")["items"]
    ]
    return str(owner.post("/match/decide", {"items": items})["undo"])


def _dispatched(company: Company) -> str:
    return str(company.owner.post("/dispatch", {"target": {"filter": {}}, "stale_confirmed": _shops(company)})["undo"])


def _tracked(company: Company) -> str:
    with tenant(company.number):
        return _parcels(_bought())


def _uploaded(company: Company) -> str:
    with tenant(company.number):
        _parcels(_bought())
        reporting.make(reporting.shops_of(SYSTEM), by=SYSTEM)
        made = [i for (i,) in bulk.select("SELECT id FROM logistics_shipfile WHERE tenant_id = {tenant}")]
        reports.downloaded(made)
        return reporting.uploaded(made, by=SYSTEM)


def _ignored(company: Company) -> str:
    """A number whose purchase nobody knows."""
    with tenant(company.number):
        tracking_desk.paste("谁家的 中通 73123456789017", by=SYSTEM)
        [(claim,)] = bulk.select("SELECT id FROM logistics_trackingclaim WHERE tenant_id = {tenant}")
        return tracking_desk.dismiss([claim], by=SYSTEM).undo


def _shops(company: Company) -> list[str]:
    return [s["id"] for s in company.owner.get("/shops")]


def _bought() -> list[tuple[Any, ...]]:
    found = bulk.select("SELECT id FROM orders_order WHERE tenant_id = {tenant} AND step = 'dispatch'")
    route.dispatch([i for (i,) in found], by=SYSTEM, run="r")
    sending.send(by=SYSTEM)
    return bulk.select("SELECT number FROM purchasing_purchaseorder WHERE tenant_id = {tenant} ORDER BY number")


def _parcels(numbers: list[tuple[Any, ...]]) -> str:
    said = "\n".join(f"{number} 中通 7312345678901{n}" for n, (number,) in enumerate(numbers))
    return tracking_desk.paste(said, by=SYSTEM)[1].undo


def _rematched(company: Company) -> str:
    return str(company.owner.post("/match/mappings/cancel", {"target": {"filter": {}}})["undo"])


def _swapped(company: Company) -> str:
    [sku] = company.owner.get("/match/skus?text=HP-002")["items"]
    with tenant(company.number):
        [(order, line)] = bulk.select(
            "SELECT l.order_id, l.id FROM orders_line l JOIN orders_order o ON o.tenant_id = {tenant}"
            " AND o.id = l.order_id WHERE l.tenant_id = {tenant} AND o.external_id = '6911'"
        )
    body = {"parts": [[sku["id"], 1]], "why": "买家要灰色"}
    return str(company.owner.post(f"/orders/{order}/lines/{line}/swap", body)["undo"])


def _renumbered(company: Company) -> str:
    with tenant(company.number):
        _bought()
        [(purchase,)] = bulk.select(
            "SELECT p.id FROM purchasing_purchaseorder p JOIN orders_order o ON o.tenant_id = {tenant}"
            " AND o.id = p.order_id WHERE p.tenant_id = {tenant} AND o.external_id = '6911'"
        )
        tracking_desk.register(Word(purchase, "73123456789012"), by=SYSTEM)
        return tracking_desk.register(Word(purchase, "73123456789013", sure=True), by=SYSTEM).undo


DEEDS: Mapping[str, Callable[[Company], str]] = {
    "hold.clear": _cleared,
    "order.mark": _tagged,
    "match": _matched,
    rematching.VERB: _rematched,
    dispatching.VERB: _dispatched,
    tracking.RECORD: _tracked,
    reporting.UPLOADED: _uploaded,
    renumbering.VERB: _renumbered,
    swapping.VERB: _swapped,
}


def _member(company: Company, **scope: object) -> Browser:
    return company.hire("operator", **scope)[1]


@pytest.mark.parametrize("verb", DEEDS)
def test_what_touched_another_shop_is_not_taken_back(company: Company, verb: str) -> None:
    token = DEEDS[verb](company)
    with tenant(company.number):
        assert {b.verb for b in batches.recent() if str(b.id) == token} == {verb}
    for scope in ({"shop_scope": [company.__dict__["西店"]]}, {"supplier_scope": [_supplier(company, "优选")]}):
        member = _member(company, **scope)
        assert member.refused("POST", f"/undo/{token}") == REFUSED
    both = _member(company, shop_scope=_shops(company))
    assert both.post(f"/undo/{token}")["message"]


def _supplier(company: Company, name: str) -> str:
    return str(next(s["id"] for s in company.owner.get("/suppliers")["items"] if s["name"] == name))


def test_a_claim_of_nobody_is_for_whoever_brought_it(company: Company) -> None:
    token = _ignored(company)
    member = _member(company, shop_scope=_shops(company))
    assert member.refused("POST", f"/undo/{token}") == REFUSED
    assert company.owner.post(f"/undo/{token}")["message"] == "已放回待处理。"
    with tenant(company.number):
        [(claim,)] = bulk.select("SELECT id FROM logistics_trackingclaim WHERE tenant_id = {tenant}")
        assert kept.get(claim).state != "dismissed"


def test_an_import_of_another_shop_stays_and_ones_own_goes(company: Company) -> None:
    member = _member(company, shop_scope=[company.__dict__["西店"]])
    tokens = {}
    for one in company.owner.get("/imports?kind=orders")["items"]:
        tokens[one["shop"]["name"]] = company.owner.get(f"/imports/{one['id']}/result")["undo"]
    assert member.refused("POST", f"/undo/{tokens['东店']}") == REFUSED
    assert "拿出了 2 单" in member.post(f"/undo/{tokens['西店']}")["message"]
    assert {o["shop_name"] for o in company.owner.get("/orders?tab=all")["items"]} == {"东店"}


def test_every_verb_says_what_it_touches() -> None:
    assert {*DEEDS, "import", "order.shop", reporting.NOT_NEEDED} == set(undo._verbs)
