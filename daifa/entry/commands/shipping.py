"""`daifa ship-files` and `daifa parcels`: what the platforms are told, without a browser."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any
from uuid import UUID

from daifa.areas.accounts.types import ShopView
from daifa.areas.logistics.rules.couriers import courier_name
from daifa.areas.logistics.rules.lifecycles import PARCEL, REPORT
from daifa.areas.mailroom.services import files
from daifa.areas.purchasing.services import suppliers
from daifa.entry.commands.output import as_json, say, show
from daifa.entry.commands.scope import CLI, company, id_of
from daifa.flows import reporting
from daifa.kit import paging
from daifa.kit.errors import Invalid, NotFound
from daifa.reads import tracking_desk


def add_to(verbs: Any) -> None:
    """Register the commands."""
    command = verbs.add_parser("ship-files", help="生成各店铺的批量发货文件，写到一个文件夹")
    command.add_argument("--out", default=".", metavar="文件夹", help="写到哪里（默认当前文件夹）")
    command.add_argument("--shop", action="append", default=[], metavar="名称", help="只要这家店铺（可写多次）")
    command.add_argument("--preview", action="store_true", help="只看会生成什么，不写入")
    command.set_defaults(run=_ship_files)
    listing = verbs.add_parser("parcels", help="包裹列表")
    listing.add_argument("--number", default="", help="快递单号或订单号")
    listing.add_argument("--state", default="", choices=["", *PARCEL.states])
    listing.add_argument("--supplier", default="", help="供应商名称")
    listing.add_argument("--limit", type=int, default=200, help="最多几条（0：全部）")
    listing.set_defaults(run=_parcels)


def _shops(wanted: list[str]) -> list[ShopView]:
    found = reporting.shops_of(CLI)
    if missing := [name for name in wanted if name not in {s.name for s in found}]:
        raise NotFound("no_such_shop", f"没有“{missing[0]}”这家店铺。")
    return [s for s in found if s.name in wanted] if wanted else reporting.by_file(found)


def _ship_files(arguments: argparse.Namespace) -> int:
    folder = Path(arguments.out)
    if not arguments.preview and not folder.is_dir():
        raise Invalid("no_such_folder", f"没有“{folder}”这个文件夹，请先建立。")
    with company(arguments):
        shops = _shops(arguments.shop)
        plans = reporting.plans(shops)
        left = [{"shop": p.shop.name, "order": x.order_no, "reason": x.reason} for p in plans for x in p.files.left_out]
        if arguments.preview:
            made = [{"shop": p.shop.name, "orders": p.orders, "files": len(p.files.sheets)} for p in plans]
        else:
            made = _write(folder, shops)
    if arguments.json:
        as_json({"files": made, "left_out": left})
        return 0
    for one in made:
        say("\t".join(str(v) for v in one.values()))
    for out in left:
        say(f"没有放进去：{out['shop']} {out['order']}：{out['reason']}")
    return 0


def _write(folder: Path, shops: list[ShopView]) -> list[dict[str, object]]:
    names = {s.id: s.name for s in shops}
    made = reporting.make(shops, by=CLI).files
    written: list[dict[str, object]] = []
    for one in made:
        path = folder / one.name
        path.write_bytes(files.content(one.file_id))
        written.append({"shop": names[one.shop_id], "file": str(path), "rows": one.rows})
    reporting.hand_out([f.id for f in made], by=CLI)
    return written


def _found(arguments: argparse.Namespace, supplier: UUID | None) -> tuple[list[tracking_desk.ParcelRow], bool]:
    """Up to ``--limit`` parcels (0: all), and whether there are more."""
    limit, found, cursor = max(arguments.limit, 0), list[tracking_desk.ParcelRow](), ""
    while True:
        size = min(paging.MAX_LIMIT, limit - len(found)) if limit else paging.MAX_LIMIT
        page = tracking_desk.parcels(
            number=arguments.number, state=arguments.state, supplier=supplier, cursor=cursor, limit=size
        )
        found, cursor = [*found, *page.items], page.next
        if not cursor or (limit and len(found) >= limit):
            return found, bool(cursor)


def _parcels(arguments: argparse.Namespace) -> int:
    with company(arguments):
        supplier = id_of(suppliers.names(), arguments.supplier, "供应商")
        found, more = _found(arguments, UUID(supplier) if supplier else None)
    rows = [
        {
            "tracking_number": p.tracking_number,
            "courier": courier_name(p.courier),
            "state": PARCEL.labels[p.state],
            "supplier": p.supplier,
            "orders": "、".join(p.orders),
            "reports": "、".join(REPORT.labels[r] for r in p.reports),
            "recorded_at": p.shipped_at.isoformat(),
        }
        for p in found
    ]
    titles = {
        "tracking_number": "快递单号", "courier": "快递", "state": "状态", "supplier": "供应商", "orders": "订单",
        "reports": "平台", "recorded_at": "登记时间",
    }  # fmt: skip
    show(arguments, rows, titles, more=more)
    return 0
