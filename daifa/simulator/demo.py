"""The demo company's files, thirty days of them and today's, with a manifest of what they hold.

``write_demo`` writes a folder; ``make_demo`` keeps the same in memory with the orders behind it, for whoever replays
the last days and needs what comes back: ``returns.tracking_return`` and ``Demo.confirming_exports``.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import date, datetime, timedelta
from pathlib import Path

from daifa.kit.clock import BEIJING, beijing, day_start
from daifa.simulator.buying import Buyers
from daifa.simulator.exports import douyin, jd, kuaishou, pdd, taobao
from daifa.simulator.exports.file import Exported
from daifa.simulator.exports.recipients import export_recipients
from daifa.simulator.listings import SHOPS, Shop
from daifa.simulator.manifest import (
    Blocked,
    Day,
    DemoManifest,
    FileEntry,
    MappingEntry,
    ShopEntry,
    SupplierEntry,
    TodayEntry,
)
from daifa.simulator.orders import Order, RefundPhase
from daifa.simulator.setup_files import setup_files
from daifa.simulator.sheets import workbook
from daifa.simulator.supplier_sheets import sample_sheet
from daifa.simulator.today import BLOCKED, BLOCKED_WHY, HOLDS, Today, make_today
from daifa.simulator.world import COMPANY, SEED, World, build_world

# The last days before today are replayed one by one; what is older comes in weekly files.
FINE_DAYS = 2
_EXPORT_DELAY = timedelta(minutes=10)
_JUST_NOW = timedelta(minutes=5)
MANIFEST = "manifest.json"


@dataclass(slots=True)
class Demo:
    """A demo in memory: its manifest, its files by path, and the orders behind them by number."""

    world: World
    manifest: DemoManifest
    files: Mapping[str, bytes]
    orders: Mapping[str, Order]
    today: Today = field(repr=False)

    def confirming_exports(
        self, shipped: Mapping[str, Sequence[tuple[str, str]]], at: datetime
    ) -> list[tuple[FileEntry, bytes]]:
        """The platforms' exports at a later moment, in which these orders are shipped.

        ``shipped``: order number -> (courier as the platform names it, tracking number) of each parcel uploaded. Only
        PDD, Taobao, Kuaishou and JD's second file name parcels; Douyin's export says no more than 已发货.
        """
        done: list[Order] = []
        for number, parcels in shipped.items():
            order = self.orders[number]
            done.append(replace(order, shipped_at=at - timedelta(hours=1), parcels=list(parcels)))
        found = []
        for shop in SHOPS:
            mine = sorted((o for o in done if o.platform == shop.platform), key=lambda o: o.number)
            for exported in exports_of(shop, mine, at) if mine else ():
                found.append((_entry(exported, exported.name, mine), exported.data))
            if mine and shop.platform == "jd":
                parcels_file = jd.export_parcels(mine, shop, at)
                found.append((_entry(parcels_file, parcels_file.name, ()), parcels_file.data))
        return found


@dataclass(slots=True)
class _Files:
    """The folder that is being filled."""

    data: dict[str, bytes] = field(default_factory=dict)

    def add(self, folder: str, exported: Exported, orders: Sequence[Order]) -> FileEntry:
        path = f"{folder}/{exported.name}"
        self.data[path] = exported.data
        return _entry(exported, path, orders)


def make_demo(
    today: date, seed: int = SEED, *, orders_per_day: int = 200, days: int = 30, now: datetime | None = None
) -> Demo:
    """The demo of a day, in memory.

    Orders run up to 09:00 Beijing of ``today``, or to a quarter of an hour before ``now`` when that is earlier, so that
    nothing lies in the future of who opens it. Today's files were exported just before ``now``: they are fresh whenever
    the demo begins.
    """
    world, files = build_world(seed), _Files()
    end = beijing(today.year, today.month, today.day, 9)
    if now is not None:
        end = min(end, now - timedelta(minutes=15))
    setup = _setup(world, files, today, days)
    samples, supplier_entries = _samples(world, files, today)
    buyers = Buyers(world, "history")
    history, past = _history(world, files, buyers, end, orders_per_day, days)
    fine, recent = _fine_days(world, files, buyers, end, orders_per_day, min(days, FINE_DAYS))
    waiting_orders = make_today(
        Buyers(world, "today", first_number=500_001), end - timedelta(days=1), end, orders_per_day
    )
    exported = now - _JUST_NOW if now is not None else end + _EXPORT_DELAY
    waiting = _today(world, files, waiting_orders, past, end, exported)
    manifest = DemoManifest(
        company=COMPANY,
        seed=seed,
        today=today.isoformat(),
        shops=tuple(ShopEntry(s.platform, s.name, s.external_id, s.recipients) for s in SHOPS),
        suppliers=supplier_entries,
        blocklist=(Blocked(BLOCKED.name, BLOCKED.phone, BLOCKED_WHY),),
        mappings=_mappings(world),
        setup=setup,
        samples=samples,
        templates=_templates(files),
        history=history,
        days=fine,
        waiting=waiting,
    )
    orders = {o.number: o for o in (*past, *recent, *waiting_orders.orders)}
    return Demo(world, manifest, files.data, orders, waiting_orders)


def write_demo(
    folder: Path,
    today: date,
    seed: int = SEED,
    *,
    orders_per_day: int = 200,
    days: int = 30,
    now: datetime | None = None,
) -> DemoManifest:
    """Write the demo's files and ``manifest.json`` into a folder; the same arguments give the same files."""
    demo = make_demo(today, seed, orders_per_day=orders_per_day, days=days, now=now)
    for path, data in demo.files.items():
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(data)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / MANIFEST).write_text(demo.manifest.as_json(), encoding="utf-8")
    return demo.manifest


def scale(folder: Path, platform: str, orders: int, today: date, seed: int = SEED) -> tuple[FileEntry, ...]:
    """One platform's export of so many waiting orders of the day before, for measuring; Taobao writes two files."""
    world, files = build_world(seed), _Files()
    shop = world.shops[platform]
    end = day_start(today)
    buyers = Buyers(world, f"scale:{platform}")
    made = [buyers.order(platform, buyers.moment(end - timedelta(days=1), end)) for _ in range(orders)]
    made.sort(key=lambda o: (o.paid_at or o.ordered_at, o.number))
    entries = tuple(files.add(".", e, made) for e in exports_of(shop, made, end + _EXPORT_DELAY))
    folder.mkdir(parents=True, exist_ok=True)
    for path, data in files.data.items():
        (folder / path).write_bytes(data)
    return entries


def exports_of(shop: Shop, orders: Sequence[Order], at: datetime) -> list[Exported]:
    """The order export of one shop."""
    if shop.platform == "taobao":
        return [taobao.export_orders(orders, shop, at), taobao.export_items(orders, shop, at)]
    module = {"douyin": douyin, "pdd": pdd, "jd": jd, "kuaishou": kuaishou}[shop.platform]
    return [module.export_orders(orders, shop, at)]


def _refunds(shop: Shop, orders: Sequence[Order], at: datetime) -> list[Exported]:
    asked = [o for o in orders if o.refund_phase(at) is not RefundPhase.NONE]
    if shop.platform not in ("taobao", "pdd") or not asked:
        return []
    return [(taobao if shop.platform == "taobao" else pdd).export_refunds(asked, shop, at)]


def _entry(exported: Exported, path: str, orders: Sequence[Order]) -> FileEntry:
    kind, part = exported.kind, "whole"
    if kind in ("lines", "parcels"):
        kind, part = "orders", kind
    elif exported.platform == "taobao" and kind == "orders":
        part = "orders"
    return FileEntry(
        path=path.removeprefix("./"),
        kind=kind,
        platform=exported.platform,
        shop=exported.shop,
        part=part,
        password=exported.password,
        at=_moment(exported.at),
        rows=exported.rows,
        orders=exported.orders,
        lines=exported.lines,
        totals=asdict(exported.totals),
        receivable_fen=sum(o.receivable_fen for o in orders) if kind == "orders" else 0,
        recipients=dict(exported.recipients),
    )


def _moment(at: datetime) -> str:
    return at.astimezone(BEIJING).isoformat()


def _setup(world: World, files: _Files, today: date, days: int) -> tuple[FileEntry, ...]:
    entries = []
    for made in setup_files(world, today - timedelta(days=days + 1)):
        path = f"setup/{made.name}"
        files.data[path] = made.data
        entries.append(FileEntry(path=path, kind=made.kind, rows=made.records))
    return tuple(entries)


def _samples(world: World, files: _Files, today: date) -> tuple[tuple[FileEntry, ...], tuple[SupplierEntry, ...]]:
    entries, suppliers = [], []
    for s in world.suppliers.values():
        sample, path = sample_sheet(s, today), ""
        if sample is not None:
            path = f"suppliers/{sample[0]}"
            files.data[path] = sample[1]
            entries.append(FileEntry(path=path, kind="dispatch_sample", supplier=s.name, rows=2))
        suppliers.append(
            SupplierEntry(
                s.code,
                s.name,
                s.channel.value,
                s.temper.value,
                s.layout,
                s.freight_fen,
                s.lead_hours,
                s.not_served,
                path,
            )
        )
    return tuple(entries), tuple(suppliers)


# The minimal columns that are publicly known of batch-shipping templates; which platform uses which is not.
_TEMPLATES = {
    "douyin": ("订单号", "快递公司", "快递单号"),
    "taobao": ("订单编号", "物流公司", "运单号"),
    "pdd": ("订单号", "快递公司", "快递单号"),
    "jd": ("订单编号", "物流公司", "运单号"),
    "kuaishou": ("订单号", "快递公司", "快递单号"),
}


def _templates(files: _Files) -> tuple[FileEntry, ...]:
    entries = []
    for shop in SHOPS:
        path = f"templates/批量发货模板_{shop.name}.xlsx"
        files.data[path] = workbook([_TEMPLATES[shop.platform]], sheet="批量发货")
        entries.append(FileEntry(path=path, kind="ship_template", platform=shop.platform, shop=shop.name))
    return tuple(entries)


def _mappings(world: World) -> tuple[MappingEntry, ...]:
    return tuple(
        MappingEntry(
            x.platform,
            world.shops[x.platform].name,
            x.item_no,
            x.sku_no,
            x.title,
            x.spec,
            x.merchant_code,
            x.kind,
            x.confirmed,
            x.parts,
        )
        for shelf in world.listings.values()
        for x in shelf
    )


def _history(
    world: World, files: _Files, buyers: Buyers, end: datetime, per_day: int, days: int
) -> tuple[tuple[Day, ...], list[Order]]:
    """Weekly exports, all made two days ago, of everything older: shipped, finished, refunded."""
    at = end - timedelta(days=FINE_DAYS)
    found: list[Day] = []
    past: list[Order] = []
    batches = list(range(days, FINE_DAYS, -1))
    for week, start in enumerate(range(0, len(batches), 7), 1):
        ages = batches[start : start + 7]
        orders: list[Order] = []
        for age in ages:
            first = end - timedelta(days=age + 1)
            orders += buyers.batch(first, first + timedelta(days=1), _of_day(per_day, first))
        for order in orders:
            buyers.live(order)
        past += orders
        made = at - timedelta(hours=1) + timedelta(minutes=5 * week)
        entries = _shop_files(world, files, f"history/week{week}", orders, made)
        found.append(
            Day(
                _day_of(end - timedelta(days=ages[0])),
                _day_of(end - timedelta(days=ages[-1])),
                _moment(made),
                entries,
                len(orders),
            )
        )
    return tuple(found), past


def _of_day(per_day: int, at: datetime) -> int:
    """Weekends and the promotion days of the month sell more."""
    day = at.astimezone(BEIJING)
    if day.day in (1, 11, 18):
        return per_day * 13 // 10
    return per_day * 11 // 10 if day.weekday() >= 5 else per_day * 19 // 20


def _day_of(at: datetime) -> str:
    return at.astimezone(BEIJING).date().isoformat()


def _shop_files(
    world: World, files: _Files, folder: str, orders: Sequence[Order], at: datetime, *, second: bool = False
) -> tuple[FileEntry, ...]:
    entries: list[FileEntry] = []
    for shop in SHOPS:
        mine = [o for o in orders if o.platform == shop.platform]
        if not mine:
            continue
        made = exports_of(shop, mine, at) + _refunds(shop, mine, at)
        if second and any(o.joined for o in mine):
            made.append(export_recipients(mine, shop, at))
        entries += [files.add(folder, e, mine) for e in made]
    return tuple(entries)


def _fine_days(
    world: World, files: _Files, buyers: Buyers, end: datetime, per_day: int, days: int
) -> tuple[tuple[Day, ...], list[Order]]:
    """The mornings before today: waiting orders with nothing wrong, to be routed, sent, returned and shipped."""
    found, recent = [], list[Order]()
    for age in range(days, 0, -1):
        close = end - timedelta(days=age)
        orders = buyers.batch(close - timedelta(days=1), close, per_day, careful=True)
        recent += orders
        at = close + _EXPORT_DELAY
        entries = _shop_files(world, files, f"days/{_day_of(close)}", orders, at, second=True)
        found.append(Day(_day_of(close), _day_of(close), _moment(at), entries, len(orders)))
    return tuple(found), recent


def _today(world: World, files: _Files, today: Today, past: Iterable[Order], end: datetime, at: datetime) -> TodayEntry:
    entries = list(_shop_files(world, files, "today", today.orders, at, second=True))
    # The refund exports of the morning also tell what became of older ones.
    since = end - timedelta(days=FINE_DAYS)
    moved = [o for o in past if o.refund is not None and (o.refund.settled_at is None or o.refund.settled_at > since)]
    for shop in SHOPS:
        mine = [o for o in (*moved, *today.orders) if o.platform == shop.platform]
        for exported in _refunds(shop, mine, at):
            entries = [e for e in entries if not (e.kind == "refunds" and e.platform == shop.platform)]
            entries.append(files.add("today", exported, mine))
    joined = Counter("plain" if o.joined else o.told for o in today.orders)
    return TodayEntry(
        at=_moment(at),
        files=tuple(entries),
        orders=len(today.orders),
        clean=len(today.clean()),
        holds={kind: tuple(o.number for o in today.held(kind)) for kind in HOLDS},
        renamed_districts=tuple(o.number for o in today.renamed),
        unpaid=tuple(o.number for o in today.unpaid),
        no_ship=tuple(o.number for o in today.no_ship),
        demand=today.demand(),
        recipients=dict(sorted(joined.items())),
    )
