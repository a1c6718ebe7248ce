"""Pictures: relative as documented, or drawn here for people who look at the world."""

from __future__ import annotations

from daifa.connectors.suppliers.alibaba1688.fake.company import Alibaba1688
from daifa.connectors.suppliers.alibaba1688.fake.goods import described
from daifa.connectors.suppliers.alibaba1688.fake.tests.driving import Driver
from daifa.ports.world import Request

HERE = "http://127.0.0.1:9"


def test_a_drawn_picture_is_served_under_the_address_it_is_told_by() -> None:
    world = Driver().world
    company = Alibaba1688(world)
    item = company.goods.items()[0]
    told = described(world, company.goods, item, HERE)
    addresses = [told["image"]["images"][0], *(s["attributes"][0]["skuImageUrl"] for s in told["skuInfos"])]
    for address in addresses:
        assert address.startswith(f"{HERE}/")
        drawn = company.handle(Request("GET", address.removeprefix(HERE), "", {}, b""))
        assert (drawn.status, drawn.content_type) == (200, "image/svg+xml;charset=utf-8")
        assert drawn.body.startswith(b"<svg ")


def test_without_the_switch_they_are_relative_and_nobody_serves_them() -> None:
    world = Driver().world
    company = Alibaba1688(world)
    first = described(world, company.goods, company.goods.items()[0])["image"]["images"][0]
    assert first.startswith("img/")
    assert company.handle(Request("GET", f"/{first}", "", {}, b"")).status == 404
