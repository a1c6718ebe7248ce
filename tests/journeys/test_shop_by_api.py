"""A shop by API in a real browser, after the day by files: bought, shipped, told; a lost login is healed."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Iterator, Sequence

import pytest
from playwright.sync_api import Page, expect, sync_playwright

from daifa.simulator.company import LIVE_SHOP
from daifa.simulator.door import Door
from daifa.simulator.joining import FIRST_ORDERS
from tests.journeys.conftest import Product, sign_in

pytestmark = [pytest.mark.browser, pytest.mark.slow]
LONG = 120_000
HOUR, MOST_HOURS = 3600, 60


@pytest.fixture
def page() -> Iterator[Page]:
    """A browser that fails the journey when a screen is broken."""
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        context = browser.new_context(
            viewport={"width": 1366, "height": 768}, locale="zh-CN", timezone_id="Asia/Shanghai"
        )
        opened = context.new_page()
        wrong: list[str] = []
        opened.on("pageerror", lambda error: wrong.append(str(error)))
        yield opened
        browser.close()
    assert wrong == []


def _world(product: Product) -> Door:
    """The world beside the product, once the demo's shop is joined to it: its first orders are the last step."""
    told = product.home / "world" / "world.json"
    _until(told.exists, "the world did not start")
    door = Door(json.loads(told.read_text(encoding="utf-8")))
    _until(lambda: len(door.get("/books")["orders"]) >= FIRST_ORDERS, "the demo was not joined to the world")
    return door


def _until(true: object, said: str, seconds: float = 120) -> None:
    assert callable(true)
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, said
        time.sleep(1)


def test_an_order_by_api_is_bought_shipped_told_and_confirmed_and_a_lost_login_is_healed(
    product: Product, page: Page
) -> None:
    world = _world(product)
    sign_in(page, product.address)
    _joined(page, product)
    number = _one_is_told(world, _some_orders(world))
    _stands(page, product, number, "已发货")
    page.get_by_text(number).first.click()
    expect(page.get_by_role("dialog")).to_contain_text("为什么这样派", timeout=30_000)
    _lost_and_healed(page, product, world)


def _joined(page: Page, product: Product) -> None:
    """The screen shows the shop as working, bought by itself."""
    page.goto(f"{product.address}/connections")
    card = page.locator("article, section, div").filter(has_text=LIVE_SHOP.name).last
    expect(page.get_by_text(f"账号 {LIVE_SHOP.id}")).to_be_visible(timeout=30_000)
    expect(card).to_be_visible()


def _reload(page: Page) -> bool:
    page.reload()
    page.wait_for_timeout(1500)
    return True


def _some_orders(world: Door) -> list[str]:
    """Calm buyers' orders; most are of things that a supplier at 1688 has. Nobody else orders while hours fly."""
    world.post("/settings", {"auto": False})
    said = {"company": LIVE_SHOP.company, "shop": LIVE_SHOP.id, "count": 6, "calm": True}
    return [o["number"] for o in world.post("/orders", said)["orders"]]


def _one_is_told(world: Door, numbers: Sequence[str]) -> str:
    """Hours go by until a supplier has shipped one of them and the product has told the shop."""
    for _ in range(MOST_HOURS):
        orders = {o["number"]: o for o in world.get("/books?company=douyin")["orders"]}
        told = [n for n in numbers if orders[n]["phase"] == "shipped"]
        if told:
            return told[0]
        world.post("/advance", {"seconds": HOUR})
        time.sleep(2)
    raise AssertionError(f"none of {numbers} was bought, shipped and told within {MOST_HOURS} hours")


def _stands(page: Page, product: Product, number: str, label: str) -> None:
    """The order desk says so of the order."""
    page.goto(f"{product.address}/orders?tab=all&numbers={number}")
    row = page.get_by_role("row").filter(has_text=number)
    _until(lambda: _reload(page) and row.filter(has_text=label).count(), f"{number} never was {label}")


def _lost_and_healed(page: Page, product: Product, world: Door) -> None:
    """The platform takes the authorisation back: the red bar says so on every screen; its button heals it."""
    world.post("/faults", {"name": "token_revoked", "company": LIVE_SHOP.company, "count": 1})
    page.goto(f"{product.address}/today")
    bar = page.get_by_role("alert").filter(has_text="授权失效")
    _until(lambda: _reload(page) and bar.count(), "nobody was told that the login is lost")
    bar.get_by_role("link").or_(bar.get_by_role("button")).first.click()
    expect(page).to_have_url(re.compile("/connections"))
    page.get_by_role("button", name="重新授权").first.click()
    expect(page.get_by_role("heading", name="授权给应用")).to_be_visible(timeout=30_000)
    page.locator("select").select_option(LIVE_SHOP.id)
    page.get_by_role("button", name="同意授权").click()
    expect(page).to_have_url(re.compile(re.escape(product.address)), timeout=30_000)
    _until(lambda: _reload(page) and not bar.count(), "the red bar stayed")
