"""A supplier on a phone scans a waybill: a camera sees its bars, and the number stands beside the right order."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect, sync_playwright

from tests.journeys.conftest import Product, sign_in

pytestmark = [pytest.mark.browser, pytest.mark.slow]

WAYBILL = "YT8812345678901"
WIDTH, HEIGHT, SCALE = 1280, 720, 4
# Code 128, set B, by its own table (ISO/IEC 15417): widths of bars and spaces of each value; 104 starts, 106 ends.
CODE_128 = (
    "212222222122222221121223121322131222122213122312132212221213221312231212112232122132122231113222123122123221"
    "223211221132221231213212223112312131311222321122321221312212322112322211212123212321232121111323131123131321"
    "112313132113132311211313231113231311112133112331132131113123113321133121313121211331231131213113213311213131"
    "311123311321331121312113312311332111314111221411431111111224111422121124121421141122141221112214112412122114"
    "122411142112142211241211221114413111241112134111111242121142121241114212124112124211411212421112421211212141"
    "214121412121111143111341131141114113114311411113411311113141114131311141411131211412211214211232"
)
END = "2331112"


def _bars(text: str) -> list[bool]:
    values = [ord(c) - 32 for c in text]
    check = (104 + sum(v * n for n, v in enumerate(values, start=1))) % 103
    widths = "".join(CODE_128[v * 6 : v * 6 + 6] for v in (104, *values, check)) + END
    return [n % 2 == 0 for n, w in enumerate(widths) for _ in range(int(w))]


def _film(path: Path, text: str) -> Path:
    """What the camera sees: a waybill with its bars (YUV4MPEG2, grey)."""
    row = bytearray([225] * WIDTH)
    bars = _bars(text)
    left = (WIDTH - len(bars) * SCALE) // 2
    for n, dark in enumerate(bars):
        if dark:
            row[left + n * SCALE : left + (n + 1) * SCALE] = bytes([30] * SCALE)
    blank = bytes([225] * WIDTH)
    luma = b"".join(bytes(row) if 260 < y < 460 else blank for y in range(HEIGHT))
    frame = b"FRAME\n" + luma + bytes([128]) * (WIDTH * HEIGHT // 2)
    path.write_bytes(f"YUV4MPEG2 W{WIDTH} H{HEIGHT} F10:1 Ip A1:1 C420jpeg\n".encode() + frame * 2)
    return path


def _link(page: Page, address: str) -> str:
    """The link of a supplier that still owes parcels."""
    key = next(c["value"] for c in page.context.cookies() if c["name"] == "csrftoken")
    for supplier in page.request.get(f"{address}/api/suppliers").json()["items"]:
        made = page.request.post(
            f"{address}/api/sending/suppliers/{supplier['id']}/link",
            headers={"X-CSRFToken": key, "Referer": address}, data={},
        )  # fmt: skip
        path = str(made.json()["path"])
        seen = page.request.get(f"{address}/api{path}").json()
        if any(x["state"] in {"open", "accepted", "part_shipped"} for x in seen["lines"]):
            return f"{address}{path}"
    raise AssertionError("no supplier owes a parcel")


def test_a_waybill_is_scanned_into_the_order_whose_turn_it_is(product: Product, tmp_path: Path) -> None:
    film = _film(tmp_path / "waybill.y4m", WAYBILL)
    camera = ["--use-fake-device-for-media-stream", f"--use-file-for-fake-video-capture={film}"]
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox", *camera])
        owner = browser.new_context(locale="zh-CN").new_page()
        sign_in(owner, product.address)
        link = _link(owner, product.address)
        phone = browser.new_context(viewport={"width": 390, "height": 844}, locale="zh-CN")
        phone.grant_permissions(["camera"], origin=product.address)
        page = phone.new_page()
        wrong: list[str] = []
        page.on("console", lambda m: wrong.append(m.text) if m.type == "error" else None)
        page.goto(link)
        page.evaluate(
            "() => { const open = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);"
            " navigator.mediaDevices.getUserMedia = async (w) => (window.opened = await open(w)); }"
        )
        page.get_by_role("button", name="扫面单条码").click()
        told = page.get_by_role("status")
        expect(told).to_contain_text(WAYBILL, timeout=30_000)
        number = told.inner_text().split("→")[0].strip()
        page.screenshot(path=str(tmp_path / "scan.png"))
        page.get_by_role("button", name="扫完了").click()
        expect(page.get_by_role("textbox")).to_have_value(f"{number} {WAYBILL}\n")
        assert page.evaluate("() => window.opened.getTracks().every((t) => t.readyState === 'ended')")
        assert wrong == [], wrong
        browser.close()


def test_a_phone_without_leave_for_its_camera_says_so(product: Product) -> None:
    with sync_playwright() as play:
        browser = play.chromium.launch(
            executable_path="/usr/bin/chromium", args=["--no-sandbox", "--deny-permission-prompts"]
        )
        page = browser.new_context(locale="zh-CN").new_page()
        sign_in(page, product.address)
        page.goto(_link(page, product.address))
        page.get_by_role("button", name="扫面单条码").click()
        expect(page.get_by_role("alert").filter(has_text="手动填单号")).to_be_visible(timeout=30_000)
        page.get_by_role("button", name="知道了").click()
        expect(page.get_by_role("textbox")).to_be_visible()
        browser.close()
