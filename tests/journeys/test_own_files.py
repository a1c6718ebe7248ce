"""A clean day of a merchant's own files in a real browser: every press and every drop is counted, up to the margin."""

from __future__ import annotations

import base64
import csv
import io
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect, sync_playwright

from tests.flows import files
from tests.journeys.conftest import Product, sign_in

pytestmark = [pytest.mark.browser, pytest.mark.slow]
LONG = 90_000
CLEAN_DAY = 12
ORDERS = 6
BEIJING = timedelta(hours=8)
_DROP = """({name, data}) => {
  const bytes = Uint8Array.from(atob(data), (c) => c.charCodeAt(0));
  const carried = new DataTransfer();
  carried.items.add(new File([bytes], name));
  for (const what of ['dragenter', 'dragover', 'drop'])
    window.dispatchEvent(new DragEvent(what, {dataTransfer: carried, bubbles: true, cancelable: true}));
}"""


class Hand:
    """One person's hand: counts every press and every drop."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.done: list[str] = []

    def press(self, what: Locator) -> None:
        """One press of a button or link."""
        expect(what).to_be_enabled(timeout=LONG)
        self.done.append(what.inner_text())
        what.click()

    def drop(self, name: str, data: bytes) -> None:
        """One file let go over the window."""
        self.page.evaluate(_DROP, {"name": name, "data": base64.b64encode(data).decode()})
        self.done.append(f"拖入 {name}")


def test_a_clean_day_of_own_files_takes_twelve_presses_and_drops(product: Product, tmp_path: Path) -> None:
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        context = browser.new_context(
            viewport={"width": 1366, "height": 768}, locale="zh-CN", timezone_id="Asia/Shanghai", accept_downloads=True
        )
        page = context.new_page()
        sign_in(page, product.address)
        numbers = [f"69{datetime.now(UTC):%y%m%d%H%M%S}{n:05d}" for n in range(ORDERS)]
        orders, tracking = _orders(page, product.address, numbers), _tracking(numbers)
        name = _name(page, product.address)
        hand = Hand(page)
        _in(hand, name, orders)
        _out(hand)
        _back(hand, tracking)
        _told(hand)
        assert len(hand.done) <= CLEAN_DAY, hand.done
        # Dropped and in: nothing was pressed between the file and the way on.
        assert hand.done[1].startswith("去派单"), hand.done
        browser.close()


def _orders(page: Page, address: str, numbers: list[str]) -> bytes:
    """Today's export of the Douyin shop: goods that are known and supplied, recipients as they are."""
    known: list[dict[str, Any]] = page.request.get(f"{address}/api/goods?limit=100").json()["items"]
    supplied = [g for g in known if g["cost_fen"] and g["offers"]]
    paid = datetime.now(UTC) + BEIJING - timedelta(minutes=30)
    rows = []
    for n, number in enumerate(numbers):
        goods = supplied[n % len(supplied)]
        price = f"{goods['cost_fen'] * 3 / 100:.2f}"
        rows.append(
            {
                "主订单编号": number,
                "选购商品": goods["title"],
                "商品规格": goods["spec"],
                "商品ID": f"36{number[-12:]}",
                "商家编码": goods["code"],
                "商品单价": price,
                "订单应付金额": price,
                "收件人": "王李张赵孙周"[n] + "小明",
                "收件人手机号": f"170{number[-11:-5]}{n:02d}",
                "详细地址": f"测试路 {number[-9:-5]} 号 {n + 1} 幢 50{n} 室",
                "订单提交时间": f"{paid - timedelta(minutes=2):%Y-%m-%d %H:%M:%S}",
                "支付完成时间": f"{paid:%Y-%m-%d %H:%M:%S}",
                "承诺发货时间": f"{paid + timedelta(hours=47):%Y-%m-%d %H:%M:%S}",
            }
        )
    return files.douyin(*rows)


def _name(page: Page, address: str) -> str:
    """The file is called as the shop's files were called before: nobody has to say whose it is."""
    known: list[dict[str, Any]] = page.request.get(f"{address}/api/imports?kind=orders").json()["items"]
    shop = next(c["shop"]["name"] for c in known if c["platform"] == "douyin" and c["shop"])
    return f"订单导出-{shop}-{datetime.now(UTC) + BEIJING:%Y%m%d%H%M%S}.csv"


def _tracking(numbers: list[str]) -> bytes:
    """What the suppliers sent back, in one sheet."""
    out = io.StringIO()
    sheet = csv.writer(out)
    sheet.writerow(["订单号", "快递公司", "快递单号"])
    sheet.writerows([number, "中通快递", f"7312{number[-10:]}"] for number in numbers)
    return out.getvalue().encode("utf-8-sig")


def _in(hand: Hand, name: str, orders: bytes) -> None:
    """① Let go anywhere: read, without a doubt, and in; the result holds the way back."""
    page = hand.page
    hand.drop(name, orders)
    expect(page.get_by_text("导入完成")).to_be_visible(timeout=LONG)
    expect(page.get_by_text("已直接导入")).to_be_visible()
    expect(page.get_by_role("button", name="撤销导入")).to_be_visible()


def _out(hand: Hand) -> None:
    """③ Dispatch, then 全部发送."""
    page = hand.page
    hand.press(page.get_by_role("link", name="去派单"))
    expect(page.get_by_text("家供应商，采购").first).to_be_visible(timeout=LONG)
    hand.press(page.get_by_role("button", name="派单", exact=True))
    hand.press(page.get_by_role("link", name="发给供应商 →"))
    with page.expect_download(timeout=LONG):
        hand.press(page.get_by_role("button", name="全部发送"))


def _back(hand: Hand, tracking: bytes) -> None:
    """④ The suppliers' file is let go on 回填单号: what is certain is recorded at once, with its way back."""
    page = hand.page
    hand.press(page.get_by_role("link", name="去回填单号"))
    expect(page.get_by_role("heading", name="回填单号", level=1)).to_be_visible(timeout=LONG)
    hand.drop("今天的单号.csv", tracking)
    expect(page.get_by_text(f"对上了 {ORDERS} ").first).to_be_visible(timeout=LONG)
    expect(page.get_by_role("button", name="撤销").first).to_be_visible()


def _told(hand: Hand) -> None:
    """⑤ All ship files at once, uploaded, and the day's margin is seen."""
    page = hand.page
    station = page.get_by_role("navigation", name="今天的五站").get_by_role("link", name="上传平台").first
    hand.press(station)
    with page.expect_download(timeout=LONG):
        hand.press(page.get_by_role("button", name="全部下载"))
    hand.press(page.get_by_role("button", name=re.compile("已上传")).first)
    hand.press(page.get_by_role("navigation", name="主菜单").get_by_role("link", name="今日").first)
    expect(page.get_by_text("毛利").first).to_be_visible(timeout=LONG)
