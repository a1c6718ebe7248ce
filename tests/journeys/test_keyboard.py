"""The order desk without a mouse: rows, selection, drawer, batch keys; nothing is taken from fields and dialogs."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect, sync_playwright

from tests.journeys.conftest import Product, sign_in

pytestmark = [pytest.mark.browser, pytest.mark.slow]

ROW = "tr[data-row-key]"


@pytest.fixture
def desk(product: Product) -> Iterator[Page]:
    """All orders of the demo company on the screen."""
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": 1366, "height": 768}, locale="zh-CN")
        sign_in(page, product.address)
        page.goto(f"{product.address}/orders?tab=all")
        expect(page.locator(ROW).nth(6)).to_be_visible()
        yield page
        browser.close()


def _press(page: Page, *keys: str) -> None:
    for key in keys:
        page.keyboard.press(key)


def test_arrows_space_and_f_keys(desk: Page) -> None:
    rows, bar = desk.locator(ROW), desk.get_by_role("toolbar", name="批量操作")
    _press(desk, "ArrowDown", "ArrowDown", "ArrowUp", "ArrowDown")
    expect(rows.nth(1)).to_be_focused()
    _press(desk, "Space", "ArrowDown", "Space", "ArrowDown")
    expect(rows.nth(3)).to_be_focused()
    expect(bar).to_contain_text("已选 2")
    _press(desk, "Control+f")
    desk.keyboard.type("x /jk")
    _press(desk, "ArrowDown", "F4")
    expect(bar).to_contain_text("已选 2")
    expect(rows.nth(3)).to_have_attribute("data-active", "")
    expect(desk.get_by_role("dialog")).to_have_count(0)
    _press(desk, *["Backspace"] * 6, "Escape", "F4")
    expect(desk.get_by_role("dialog")).to_contain_text("挂起 · 2 单")
    desk.get_by_role("dialog").get_by_text("原因").click()
    _press(desk, "ArrowDown")
    expect(rows.nth(3)).to_have_attribute("data-active", "")


def test_enter_opens_and_esc_closes_in_the_same_tab(desk: Page) -> None:
    rows = desk.locator(ROW)
    keys = [rows.nth(n).get_attribute("data-row-key") for n in range(2)]
    _press(desk, "ArrowDown", "Enter")
    expect(desk).to_have_url(re.compile(f"open={keys[0]}"))
    expect(desk.get_by_role("dialog")).to_be_visible()
    _press(desk, "j")
    expect(desk).to_have_url(re.compile(f"open={keys[1]}"))
    _press(desk, "Escape")
    expect(desk).to_have_url(re.compile(r"/orders\?tab=all$"))
