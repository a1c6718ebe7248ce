"""The whole day in a real browser, as a new user lives it: five stations, counted presses, nothing else."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect, sync_playwright

from tests.journeys.conftest import Product, sign_in

pytestmark = [pytest.mark.browser, pytest.mark.slow]
LONG = 150_000
CLEAN_DAY = 12


class Hand:
    """One person's hand: counts every press after signing in."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.presses = 0

    def press(self, what: Locator) -> None:
        """One press of a button or link."""
        expect(what).to_be_enabled(timeout=LONG)
        what.click()
        self.presses += 1


def test_a_stranger_finishes_the_demo_day(product: Product, tmp_path: Path) -> None:
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        context = browser.new_context(
            viewport={"width": 1366, "height": 768}, locale="zh-CN", timezone_id="Asia/Shanghai", accept_downloads=True
        )
        page = context.new_page()
        wrong: list[str] = []
        page.on("console", lambda m: wrong.append(m.text) if m.type == "error" else None)
        page.on("response", lambda r: wrong.append(f"{r.status} {r.url}") if r.status >= 500 else None)
        sign_in(page, product.address)
        hand = Hand(page)
        _import(hand)
        _dispatch(hand)
        _send(hand, tmp_path)
        _tracking(hand)
        _upload(hand, tmp_path)
        assert hand.presses <= CLEAN_DAY, hand.presses
        assert wrong == []
        browser.close()


def _station(hand: Hand, name: str) -> None:
    hand.press(hand.page.get_by_role("navigation", name="今天的五站").get_by_role("link", name=name).first)


def _import(hand: Hand) -> None:
    """① Every file that waits goes in with one press; nothing was named by hand."""
    _station(hand, "导入订单")
    hand.press(hand.page.get_by_role("button", name="导入 10 个文件"))
    expect(hand.page.get_by_text("导入完成")).to_be_visible(timeout=LONG)


def _dispatch(hand: Hand) -> None:
    """③ The clean rest becomes purchases with one press; the exceptions stay where they are."""
    page = hand.page
    _station(hand, "派单采购")
    expect(page.get_by_text("家供应商，采购").first).to_be_visible(timeout=30_000)
    hand.press(page.get_by_role("button", name="派单", exact=True))
    expect(page.get_by_text("生成").first).to_be_visible(timeout=LONG)


def _send(hand: Hand, folder: Path) -> None:
    """全部发送: every supplier's sheet in one zip, with one press."""
    page = hand.page
    page.goto(page.url.split("/", 3)[0] + "//" + page.url.split("/", 3)[2] + "/send")
    hand.presses += 1
    with page.expect_download(timeout=LONG) as found:
        hand.press(page.get_by_role("button", name="全部发送"))
    target = folder / "sheets.zip"
    found.value.save_as(target)
    assert len(zipfile.ZipFile(target).namelist()) >= 5


def _tracking(hand: Hand) -> None:
    """④ What the suppliers returned waits in the import screen and goes in with one press."""
    page = hand.page
    _station(hand, "导入订单")
    button = page.get_by_role("button", name="个文件").first
    expect(button).to_be_visible(timeout=LONG)
    page.wait_for_timeout(3000)
    hand.press(button)
    expect(page.get_by_text("导入完成")).to_be_visible(timeout=LONG)


def _upload(hand: Hand, folder: Path) -> None:
    """⑤ The ship files of all shops in one zip with one press, and one more says that they were uploaded."""
    page = hand.page
    _station(hand, "上传平台")
    with page.expect_download(timeout=LONG) as found:
        hand.press(page.get_by_role("button", name="全部下载"))
    target = folder / "ship.zip"
    found.value.save_as(target)
    assert len(zipfile.ZipFile(target).namelist()) >= 3
    hand.press(page.get_by_role("button", name="个文件标记为已上传"))
    expect(page.get_by_text("已记为上传").first).to_be_visible(timeout=LONG)
