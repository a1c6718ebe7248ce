"""`daifa route|send|purchases`: dispatching, sending and looking at purchases."""

from __future__ import annotations

import argparse
import dataclasses
from datetime import date
from pathlib import Path
from typing import Any
from uuid import UUID

from daifa.areas.mailroom.services import files
from daifa.areas.purchasing.services import suppliers
from daifa.entry.commands.output import as_json, say, show
from daifa.entry.commands.scope import CLI, company, id_of, shop_names
from daifa.flows import dispatching, sending
from daifa.kit import paging
from daifa.kit.errors import NotFound
from daifa.reads import order_desk, purchase_desk
from daifa.reads.order_filters import OrderFilter
from daifa.reads.purchase_desk import PurchaseFilter


def add_to(verbs: Any) -> None:
    """Register the commands."""
    route = verbs.add_parser("route", help="派单：给等待派单的订单选供应商、生成采购单")
    route.add_argument("--preview", action="store_true", help="只看会怎样，不生成采购单")
    route.add_argument("--order", action="append", default=[], metavar="单号", help="只派这些订单（可重复）")
    route.add_argument("--stale-ok", action="store_true", help="店铺订单文件较旧也照样派单")
    route.set_defaults(run=_route)
    send = verbs.add_parser("send", help="全部发送：生成所有供应商的表格、文本和链接，并标记已发")
    send.add_argument("--supplier", action="append", default=[], metavar="名称", help="只发这些供应商（可重复）")
    send.add_argument("--out", default="", metavar="文件夹", help="把表格和文本写到这个文件夹")
    send.set_defaults(run=_send)
    listing = verbs.add_parser("purchases", help="采购单列表")
    listing.add_argument("--tab", default="all", choices=sorted(purchase_desk.TABS))
    listing.add_argument("--supplier", action="append", default=[], metavar="名称")
    listing.add_argument("--number", action="append", default=[], metavar="单号", help="采购单号或平台单号")
    listing.add_argument("--shop", action="append", default=[], metavar="名称")
    listing.add_argument("--day-from", type=date.fromisoformat, metavar="日期", help="从哪一天的采购单起")
    listing.add_argument("--day-to", type=date.fromisoformat, metavar="日期", help="到哪一天的采购单止")
    listing.add_argument("--late", action="store_true", help="只看已超时未发货的")
    listing.set_defaults(run=_purchases)


def _plain(value: object) -> Any:
    return dataclasses.asdict(value)  # type: ignore[call-overload]  # every answer of the flows is a dataclass


def _supplier_ids(names: list[str]) -> list[UUID] | None:
    if not names:
        return None
    known = {s.name: s.id for s in suppliers.list_suppliers()}
    if missing := [n for n in names if n not in known]:
        raise NotFound("no_such_supplier", f"没有“{missing[0]}”这家供应商。")
    return [known[n] for n in names]


def _order_ids(numbers: list[str]) -> list[UUID] | None:
    return order_desk.ids(OrderFilter(numbers=numbers), CLI) if numbers else None


def _route(arguments: argparse.Namespace) -> int:
    with company(arguments):
        ids = _order_ids(arguments.order)
        board = dispatching.board(by=CLI, order_ids=ids)
        if arguments.preview:
            return _show_board(arguments, board)
        confirmed = [s.id for s in board.stale] if arguments.stale_ok else []
        done = dispatching.dispatch(by=CLI, order_ids=ids, stale_confirmed=confirmed)
        if arguments.json:
            as_json(_plain(done))
        else:
            say(done.message)
            for left in done.left:
                say(f"  没有派出 {left.number}：{left.reason}")
    return 0


def _show_board(arguments: argparse.Namespace, board: dispatching.Board) -> int:
    if arguments.json:
        as_json(_plain(board))
        return 0
    say(board.line)
    for group in board.groups:
        say(f"  {group.name}\t{len(group.orders)} 单\t{group.pieces} 件\t货款 {group.goods_fen / 100:.2f}")
    for left in board.left:
        say(f"  没有派出 {left.number}：{left.reason}")
    for shop in board.stale:
        say(f"  注意：{shop.name} 的订单文件超过 {board.stale_hours} 小时")
    return 0


def _send(arguments: argparse.Namespace) -> int:
    with company(arguments):
        done = sending.send(by=CLI, supplier_ids=_supplier_ids(arguments.supplier))
        written = _write(Path(arguments.out), done) if arguments.out else []
    if arguments.json:
        as_json({**_plain(done), "written": written})
        return 0
    say(done.message)
    for one in done.sent:
        say(f"  {one.supplier}\t{one.orders} 单\t{one.file_name}" + (f"\t/s/{one.link}" if one.link else ""))
    for stays in done.stays:
        say(f"  没有发出 {stays.number}：{stays.reason}")
    return 0


def _write(folder: Path, done: sending.SentAll) -> list[str]:
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for one in done.sent:
        if one.file_id is not None:
            target = folder / one.file_name
            target.write_bytes(files.content(one.file_id))
            written.append(str(target))
    return written


def _purchases(arguments: argparse.Namespace) -> int:
    rows: list[dict[str, object]] = []
    with company(arguments):
        asked = PurchaseFilter(
            numbers=arguments.number,
            supplier=_supplier_ids(arguments.supplier) or (),
            shop=[UUID(id_of(shop_names(), name, "店铺")) for name in arguments.shop],
            day_from=arguments.day_from,
            day_to=arguments.day_to,
            late=arguments.late,
        )
        cursor = ""
        while True:
            page = purchase_desk.page(asked, CLI, tab=arguments.tab, cursor=cursor, limit=paging.MAX_LIMIT)
            rows += [_plain(r) for r in page.items]
            cursor = page.next
            if not cursor:
                break
    columns = {
        "number": "采购单",
        "supplier": "供应商",
        "state_label": "状态",
        "quantity": "件数",
        "goods_fen": "货款(分)",
        "freight_fen": "运费(分)",
        "due_by": "最晚发货",
    }
    show(arguments, rows, columns)
    return 0
