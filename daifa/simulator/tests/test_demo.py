"""The demo is the same each time, its manifest counts right, and what comes back later fits the orders."""

from __future__ import annotations

from collections import Counter
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from daifa.kit.clock import beijing, business_day
from daifa.simulator.demo import MANIFEST, Demo, make_demo, scale, write_demo
from daifa.simulator.manifest import FileEntry, read_manifest
from daifa.simulator.returns import DIRT, parcel_of, tracking_return
from daifa.simulator.supplier_sheets import Dispatched

TODAY = date(2026, 9, 15)


@pytest.fixture(scope="module")
def demo() -> Demo:
    return make_demo(TODAY, orders_per_day=60)


def every_file(demo: Demo) -> list[FileEntry]:
    m = demo.manifest
    groups = [m.setup, m.samples, m.templates, *(d.files for d in (*m.history, *m.days)), m.waiting.files]
    return [entry for group in groups for entry in group]


def test_the_manifest_lists_every_file_once(demo: Demo) -> None:
    paths = [e.path for e in every_file(demo)]
    assert len(paths) == len(set(paths))
    assert set(paths) == set(demo.files)


def test_the_same_arguments_write_the_same_demo(demo: Demo, tmp_path: Path) -> None:
    written = write_demo(tmp_path, TODAY, orders_per_day=60)
    assert written == demo.manifest
    assert read_manifest(tmp_path / MANIFEST) == written
    for path, data in demo.files.items():
        # Locked workbooks get a fresh salt each time.
        if "快手订单" not in path:
            assert (tmp_path / path).read_bytes() == data, path


def test_thirty_days_and_today(demo: Demo) -> None:
    m = demo.manifest
    assert len(m.history) == 4
    assert [d.last for d in m.days] == ["2026-09-13", "2026-09-14"]
    per_file = Counter(e.at for e in every_file(demo) if e.kind == "orders" and e.part in ("whole", "orders"))
    assert sum(per_file.values()) == 7 * 5
    counted = sum(d.orders for d in (*m.history, *m.days)) + m.waiting.orders
    assert counted == len(demo.orders)
    platforms = {e.platform for e in m.waiting.files}
    assert platforms == {"douyin", "taobao", "pdd", "jd", "kuaishou"}


def test_file_counts_are_those_of_the_world(demo: Demo) -> None:
    for day in (*demo.manifest.history, *demo.manifest.days):
        told = [e for e in day.files if e.kind == "orders" and e.part in ("whole", "orders")]
        assert sum(e.orders for e in told) == day.orders
        assert all(sum(e.recipients.values()) == e.orders for e in told)
    waiting = demo.manifest.waiting
    today = demo.today.orders
    told = [e for e in waiting.files if e.kind == "orders" and e.part in ("whole", "orders")]
    assert sum(e.totals["amount_fen"] or 0 for e in told) == sum(o.amount_fen for o in today)
    assert sum(e.totals["paid_fen"] or 0 for e in told) == sum(o.paid_fen for o in today if o.paid_at)
    assert sum(e.receivable_fen for e in told) == sum(o.receivable_fen for o in today)
    assert sum(waiting.recipients.values()) == waiting.orders
    assert waiting.recipients["absent"] == 1


def test_holds_are_named_by_order(demo: Demo) -> None:
    waiting = demo.manifest.waiting
    held = [number for numbers in waiting.holds.values() for number in numbers]
    assert all(waiting.holds.values())
    assert len(held) == len(set(held))
    assert waiting.clean + len(held) + len(waiting.unpaid) + len(waiting.no_ship) == waiting.orders


def test_nothing_lies_in_the_future_of_an_early_bird() -> None:
    now = beijing(2026, 9, 15, 0, 20)
    demo = make_demo(TODAY, orders_per_day=60, days=4, now=now)
    moments = [datetime.fromisoformat(e.at) for e in every_file(demo) if e.at]
    assert max(moments) <= now
    assert all((o.paid_at or o.ordered_at) < now for o in demo.orders.values())
    # Orders and their numbers belong to the day that PDD writes into them.
    for order in demo.orders.values():
        if order.platform == "pdd":
            assert order.number.startswith(f"{business_day(order.ordered_at):%y%m%d}-")


def test_who_begins_in_the_evening_has_fresh_files_and_the_same_day() -> None:
    morning, evening = (
        make_demo(TODAY, orders_per_day=60, days=4, now=beijing(2026, 9, 15, hour)) for hour in (10, 21)
    )
    assert datetime.fromisoformat(evening.manifest.waiting.at) == beijing(2026, 9, 15, 20, 55)
    assert evening.manifest.waiting.holds == morning.manifest.waiting.holds
    assert [e.totals for e in evening.manifest.waiting.files] == [e.totals for e in morning.manifest.waiting.files]
    assert evening.orders.keys() == morning.orders.keys()


def test_confirming_exports_show_what_was_uploaded(demo: Demo) -> None:
    at = beijing(2026, 9, 16, 9)
    shipped = {o.number: [("中通快递", f"7800000000{n:04d}")] for n, o in enumerate(demo.today.clean())}
    found = demo.confirming_exports(shipped, at)
    told = [(e, data) for e, data in found if e.part in ("whole", "orders")]
    assert sum(e.orders for e, _ in told) == len(shipped)
    (pdd_file,) = [data for e, data in told if e.platform == "pdd"]
    text = pdd_file.decode("utf-8-sig")
    for number, parcels in shipped.items():
        if demo.orders[number].platform == "pdd":
            assert number in text
            assert parcels[0][1] in text
    assert "待发货" not in text
    # The demo's own orders are left as they were.
    assert all(o.shipped_at is None for o in demo.today.orders)


def dispatched(demo: Demo, supplier: str, count: int) -> list[Dispatched]:
    orders = demo.today.clean()[:count]
    return [
        Dispatched(
            supplier, f"PO{n:04d}", o.number, "SYJ001-A1", o.lines[0].listing.title, o.lines[0].listing.spec, 1,
            o.person.name, o.person.phone, o.person.joined_address,
        )
        for n, o in enumerate(orders)
    ]  # fmt: skip


@pytest.mark.parametrize("code", [f"S{n:02d}" for n in range(1, 11)])
def test_every_supplier_returns_its_parcels(demo: Demo, code: str) -> None:
    lines, at = dispatched(demo, code, 12), beijing(2026, 9, 15, 17)
    back = tracking_return(demo.world, code, lines, at)
    assert back == tracking_return(demo.world, code, lines, at)
    assert len(back.parcels) + len(back.missing) == 12
    assert len(back.parcels) >= 8
    for parcel in back.parcels:
        assert (parcel.courier, parcel.tracking_no) == parcel_of(
            demo.world, demo.world.suppliers[code], parcel.order_no
        )
        assert parcel.written == parcel.tracking_no
    assert len({p.tracking_no for p in back.parcels}) == len(back.parcels)


def test_spoiled_rows_are_spoiled_once_each_and_said(demo: Demo) -> None:
    lines = dispatched(demo, "S01", 20)
    back = tracking_return(demo.world, "S01", lines, beijing(2026, 9, 15, 17), dirt=DIRT)
    by = {p.dirt: p for p in back.parcels if p.dirt}
    assert set(by) == set(DIRT)
    assert by["scientific"].written.endswith("E+13")
    assert len(by["wrong_length"].written) == len(by["wrong_length"].tracking_no) - 3
    assert by["reused"].written == back.parcels[0].tracking_no
    assert by["no_courier"].courier_name == ""
    assert len([p for p in back.parcels if p.written != p.tracking_no]) == 3


def test_chat_text_names_people_by_the_end_of_their_phone(demo: Demo) -> None:
    lines = dispatched(demo, "S05", 5)
    back = tracking_return(demo.world, "S05", lines, beijing(2026, 9, 15, 17))
    assert back.name.endswith(".txt")
    for parcel, line in zip(back.parcels, lines, strict=True):
        assert f"{line.name} 尾号{line.phone[-4:]} {parcel.courier_name} {parcel.written}" in back.text


@pytest.mark.parametrize("platform", ["douyin", "taobao", "pdd", "jd", "kuaishou"])
def test_scale_writes_as_many_orders_as_asked(tmp_path: Path, platform: str) -> None:
    entries = scale(tmp_path, platform, 500, TODAY)
    assert all(e.orders == 500 for e in entries)
    assert all((tmp_path / e.path).stat().st_size > 0 for e in entries)
    assert len(entries) == (2 if platform == "taobao" else 1)


def test_past_orders_are_past(demo: Demo) -> None:
    limit = beijing(2026, 9, 15, 9) - timedelta(days=2)
    weekly = [o for o in demo.orders.values() if (o.paid_at or limit) < limit - timedelta(days=1)]
    assert len(weekly) > 1000
    assert all(o.closed_at or (o.shipped_at and o.shipped_at <= limit) for o in weekly)
