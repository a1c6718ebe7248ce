"""Goods of a Douyin shop by API: kept with codes, stock and state; an order without a code matches by the listing's."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest

from daifa.areas.accounts.services import positions
from daifa.base import bulk
from daifa.base.tenancy import tenant
from daifa.flows import goods_intake
from daifa.kit import clock
from daifa.ports.books import Listing
from tests.flows import files
from tests.flows.day import bring, make_shop
from tests.flows.joined import START, Joined, joined


@pytest.fixture
def world(transactional_db: None) -> Iterator[Joined]:
    with joined() as made:
        made.douyin_shop()
        yield made


def read(world: Joined) -> int:
    assert world.connection is not None
    return goods_intake.read(world.number, world.connection)


def stored(world: Joined) -> dict[str, tuple[str, str, int | None, int | None, bool | None, bool]]:
    """What we have of the shop, by the platform's SKU number."""
    with tenant(world.number):
        rows = bulk.select(
            "SELECT external_id, item_id, merchant_code, price_fen, stock, on_sale, live FROM catalog_listingsku"
            " WHERE tenant_id = {tenant}"
        )
    return {sku: (item, code, price, stock, on, live) for sku, item, code, price, stock, on, live in rows}


def listed(world: Joined) -> list[Listing]:
    books = world.world.world.books
    return books.listings("douyin", str(world.door.company("douyin")["shops"][0]["id"]))


def number(listing: Listing) -> str:
    """The platform's SKU number; it travels as a number, without leading noughts."""
    return str(int(listing.sku_no))


def touch(world: Joined, listing: Listing, **values: object) -> None:
    def deed(_: object) -> None:
        for name, value in values.items():
            setattr(listing, name, value)
        world.world.world.books.touch(listing)

    world.world.within(deed)


def test_a_shops_goods_are_kept_as_they_are_and_brought_up_to_date(world: Joined) -> None:
    theirs = listed(world)
    assert read(world) == len(theirs) > 0
    known = stored(world)
    assert known == {number(x): (x.item_no, x.merchant_code, x.price_fen, x.stock, True, True) for x in theirs}
    assert read(world) == 0
    first, last = theirs[0], theirs[-1]
    touch(world, first, stock=first.stock - 7)
    for listing in [x for x in theirs if x.item_no == last.item_no]:
        touch(world, listing, state="deleted")
    with clock.frozen(START + timedelta(minutes=1)):
        world.follow(60)
        assert read(world) == 1
    now = stored(world)
    assert now[number(first)][3] == first.stock
    assert {sku for sku, row in now.items() if not row[5]} == {number(x) for x in theirs if x.item_no == last.item_no}


def test_position_log_and_button_are_as_for_orders(world: Joined) -> None:
    owner = world.company.owner
    path = f"/connections/{world.connection}"
    assert "正在读取店铺商品" in owner.post(f"{path}/read-goods")["message"]
    read(world)
    log = [p for p in owner.get(f"{path}/pulls") if p["feed"] == "goods"]
    assert [(p["outcome"], p["items"], p["fresh"]) for p in log] == [("ok", len(listed(world)), len(listed(world)))]
    [card] = owner.get("/connections")["connections"]
    assert {f["feed"] for f in card["feeds"]} >= {"goods"}
    _, nobody = world.company.hire("viewer")
    assert nobody.refused("POST", f"{path}/read-goods")[0] == 403


def test_what_failed_is_not_asked_again_at_once(world: Joined) -> None:
    assert world.connection is not None
    with tenant(world.number):
        assert goods_intake.keep_reading() == 1
    world.door.post("/faults", {"name": "unavailable", "company": "douyin", "method": "product.listV2", "count": 9})
    assert read(world) == 0
    with tenant(world.number):
        held = positions.get(world.connection, "goods")
        assert (held.watermark, bool(held.problem)) == (None, True)
        assert goods_intake.keep_reading() == 0
    world.door.post("/faults", {"off": True, "name": "unavailable"})


def test_a_reading_that_broke_off_goes_on_where_it_stood(world: Joined) -> None:
    assert world.connection is not None
    read(world)
    with clock.frozen(START + timedelta(minutes=1)):
        world.follow(60)
        # The second page breaks: what comes after it must not be taken for gone.
        world.door.post("/faults", {"name": "unavailable", "company": "douyin", "method": "product.listV2", "count": 9})
        with tenant(world.number):
            positions.remember(world.connection, "goods", {"cursor": "2", "begun": START.isoformat()})
        assert read(world) == 0
        world.door.post("/faults", {"off": True, "name": "unavailable"})
        asked = len(listed(world))
        read(world)
    log = [p for p in world.company.owner.get(f"/connections/{world.connection}/pulls") if p["feed"] == "goods"]
    assert [p["outcome"] for p in log] == ["ok", "Unavailable", "ok"]
    assert 0 < log[0]["items"] < asked
    # What stood on the page before is not taken for gone.
    assert all(live for *_, live in stored(world).values())


def test_an_order_without_a_code_matches_by_its_listings_code(world: Joined) -> None:
    assert world.shop is not None
    listing = next(x for x in listed(world) if x.merchant_code)
    world.sku(listing.merchant_code)
    lines = {"商品ID": listing.item_no, "商品规格": listing.spec, "选购商品": listing.title, "商家编码": ""}
    bring(world.number, "订单.csv", files.douyin({"主订单编号": "69001", **lines}), shop=world.shop)
    owner = world.company.owner
    assert [w["orders"] for w in owner.get("/match")["items"]] == [1]
    read(world)
    assert owner.get("/match")["items"] == []
    bring(world.number, "订单二.csv", files.douyin({"主订单编号": "69002", **lines}), shop=world.shop)
    assert owner.get("/match")["items"] == []
    [sku] = owner.get(f"/goods?text={listing.merchant_code}")["items"]
    [meant] = owner.get(f"/goods/{sku['id']}")["listings"]
    assert (meant["source"], meant["stock"], meant["on_sale"]) == ("code", listing.stock, True)


def test_a_sku_made_later_lets_the_order_go_and_a_code_of_another_shop_says_nothing(world: Joined) -> None:
    listing = next(x for x in listed(world) if x.merchant_code)
    lines = {"商品ID": listing.item_no, "商品规格": listing.spec, "选购商品": "不一样的名字", "商家编码": ""}
    other = make_shop(world.number, name="另一家")
    bring(world.number, "别家.csv", files.douyin({"主订单编号": "69003", **lines}), shop=other)
    bring(world.number, "订单.csv", files.douyin({"主订单编号": "69001", **lines}), shop=world.shop)
    read(world)
    owner = world.company.owner
    waiting = {w["shop_id"]: w["merchant_code"] for w in owner.get("/match")["items"]}
    assert waiting == {str(world.shop): listing.merchant_code, str(other): ""}
    owner.post("/goods", {"sku_code": listing.merchant_code, "title": "新商品"})
    assert [w["shop_id"] for w in owner.get("/match")["items"]] == [str(other)]
