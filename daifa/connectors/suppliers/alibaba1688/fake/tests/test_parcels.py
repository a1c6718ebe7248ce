"""Shipping and parcels: behaviours 20–23 of 1688's sheet, and what the tempers do."""

from __future__ import annotations

from daifa.connectors.suppliers.alibaba1688.fake.tests.driving import Driver
from daifa.ports.books import SupplyPhase

INFOS, TRACE = "alibaba.trade.getLogisticsInfos.buyerView", "alibaba.trade.getLogisticsTraceInfo.buyerView"
FIELDS = "company.name,sender,receiver,sendgood"


def shipped(d: Driver, *quantities: int, temper: str = "punctual") -> str:
    number = d.order(temper, *(quantities or (1,)))
    d.pay(number)
    for _ in range(24 * 4):
        if d.kept(number).parcels:
            return number
        d.advance(3600)
    raise AssertionError("never shipped")


def infos(d: Driver, number: str) -> list[dict[str, str]]:
    found: list[dict[str, str]] = d.call(INFOS, orderId=number, fields=FIELDS, webSite="1688")["result"]
    return found


def test_20_not_shipped_is_500_2() -> None:
    d = Driver()
    number = d.order()
    assert d.call(INFOS, orderId=number, fields=FIELDS, webSite="1688")["errorCode"] == "500_2"
    d.pay(number)
    assert d.call(INFOS, orderId=number, fields=FIELDS, webSite="1688")["errorCode"] == "500_2"
    assert d.call(TRACE, orderId="1", webSite="1688")["errorCode"] == "order.nopermission.buyer"


def test_21_a_parcel_may_be_listed_before_its_number() -> None:
    d = Driver()
    d.switch(bill_number_lag=3600)
    number = shipped(d)
    assert "logisticsBillNo" not in infos(d, number)[0]
    assert "logisticsBillNo" not in d.view(number)["nativeLogistics"]["logisticsItems"][0]
    d.advance(3600)
    assert infos(d, number)[0]["logisticsBillNo"] == d.kept(number).parcels[0]


def test_22_a_tracking_number_changes_later() -> None:
    d = Driver(renumber=1.0)
    d.world.set_push_target("alibaba1688", "http://us")
    for n in range(30):
        made = d.create(d.cargo(d.item(), 1), f"ERP-{n}")["result"]["orderId"]
        d.pay(made)
    first: dict[str, tuple[str, str]] = {}
    changes: list[dict[str, object]] = []
    for _ in range(48):
        d.advance(1800)
        for order in d.world.books.supplies("alibaba1688"):
            if order.parcels and order.number not in first:
                info = infos(d, order.number)[0]
                first[order.number] = info["logisticsId"], info["logisticsBillNo"]
        changes = [m["data"] for m in d.pushed if m["type"] == "LOGISTICS_MAIL_NO_CHANGE"]
        if changes:
            break
    assert changes
    number = str(changes[0]["orderId"])
    now = infos(d, number)[0]
    assert now["logisticsBillNo"] == changes[0]["newMailNo"] != changes[0]["oldMailNo"] == first[number][1]
    assert now["logisticsId"] == first[number][0]


def test_23_several_parcels_with_csv_entry_ids() -> None:
    d = Driver(split=1.0)
    number = shipped(d, 2, 3)
    listed = infos(d, number)
    entries = {x["subItemIDString"] for x in d.view(number)["productItems"]}
    assert len(listed) == 2
    assert {e for x in listed for e in x["orderEntryIds"].split(",")} == entries
    assert len({x["logisticsId"] for x in listed}) == 2
    together = Driver(split=0.0)
    number = shipped(together, 2, 3)
    one = infos(together, number)
    assert len(one) == 1
    assert one[0]["orderEntryIds"].count(",") == 1
    native = together.view(number)["nativeLogistics"]["logisticsItems"]
    assert native[0]["subItemIds"] == one[0]["orderEntryIds"]


def test_traces_follow_the_courier_and_companies_have_other_codes() -> None:
    d = Driver(lose=0.0, stall=0.0, refuse=0.0)
    number = shipped(d)
    first = infos(d, number)[0]
    assert first["status"] == "WAITACCEPT"
    assert d.view(number)["baseInfo"]["status"] == "waitbuyerreceive"
    d.advance(6 * 86_400)
    info = infos(d, number)[0]
    assert info["status"] == "SIGN"
    trace = d.call(TRACE, orderId=number, logisticsId=info["logisticsId"], webSite="1688")["logisticsTrace"]
    assert len(trace) == 1
    assert len(trace[0]["logisticsSteps"]) >= 4
    assert d.call(TRACE, orderId=number, logisticsId="LP0", webSite="1688")["errorCode"] == "404"
    listed = d.call("alibaba.logistics.OpQueryLogisticCompanyList")["result"]
    assert {c["companyNo"] for c in listed} >= {info["logisticsCompanyNo"], "YUNDAEX", "JTEXPRESS"}
    found = d.call("logistics.order.getOutOrderId", space="com.alibaba.fenxiao.crossborder",
                   shipmentId=info["logisticsBillNo"])  # fmt: skip
    assert found["result"]["model"] == {"outOrderId": "ERP-1", "orderId": number}
    d.advance(8 * 86_400)
    assert d.view(number)["baseInfo"]["status"] == "success"


def test_the_silent_never_ship_and_the_slow_ship_late() -> None:
    d = Driver()
    silent, slow = d.order("silent", reference="A"), d.order("slow", reference="B")
    d.pay(silent, slow)
    d.advance(19 * 3600)
    assert d.kept(slow).phase is SupplyPhase.PAID
    d.advance(5 * 86_400)
    assert d.kept(slow).phase is SupplyPhase.SHIPPED
    d.advance(20 * 86_400)
    assert d.view(silent)["baseInfo"]["status"] == "waitsellersend"
