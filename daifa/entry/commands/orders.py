"""`daifa orders|holds|clear-hold`: the order desk for scripts, with the screens' filters."""

from __future__ import annotations

import argparse
from dataclasses import asdict
from typing import Any

from daifa.areas.orders.rules.steps import TABS
from daifa.areas.orders.types import HOLDS, HoldKind
from daifa.areas.purchasing.services import suppliers
from daifa.entry.commands.output import as_json, say, show
from daifa.entry.commands.scope import CLI, company, id_of, shop_names
from daifa.flows import order_deeds
from daifa.kit.clock import short_time
from daifa.kit.errors import Invalid
from daifa.kit.money import NotMoney, format_yuan, parse_yuan
from daifa.reads import order_desk, order_query, person_search
from daifa.reads.order_desk import OrderRow
from daifa.reads.order_filters import COUNTED
from daifa.reads.order_query import Asked, Target

KINDS = [k.value for k in HoldKind]


def add_to(verbs: Any) -> None:
    """Register the commands."""
    orders = verbs.add_parser("orders", help="看订单（筛选同订单工作台）")
    _filters(orders)
    orders.add_argument("--sort", default="", choices=["", *order_desk.SORTS])
    orders.add_argument("--limit", type=int, default=50, help="最多几条（0：全部）")
    orders.add_argument("--counts", action="store_true", help="只看每个分类有几单")
    orders.set_defaults(run=_orders)
    holds = verbs.add_parser("holds", help="看异常：按类型的单数，和每一单为什么停着")
    _filters(holds)
    holds.add_argument("--limit", type=int, default=50, help="最多几条（0：全部）")
    holds.set_defaults(run=_holds)
    clear = verbs.add_parser("clear-hold", help="放行异常")
    clear.add_argument("orders", nargs="*", metavar="单号", help="订单号；不写时用筛选条件")
    _filters(clear)
    clear.add_argument("--why", required=True, help="原因（记入历史）")
    clear.set_defaults(run=_clear)


def _filters(command: Any) -> None:
    command.add_argument("--tab", default="all", choices=[k for k, _ in TABS])
    command.add_argument("--numbers", default="", help="订单号、采购单号或运单号，逗号分开")
    command.add_argument("--shop", default="", help="店铺名称")
    command.add_argument("--supplier", default="", help="供应商名称")
    command.add_argument("--hold", "--kind", dest="hold", default="", help=f"异常类型，逗号分开：{'、'.join(KINDS)}")
    command.add_argument("--person", default="", help="收件人姓名、手机号或后四位")
    for name in ("platform", "step", "province", "refund", "recipient", "text", "flag", "tag", "note"):
        command.add_argument(f"--{name}", default="")
    command.add_argument("--paid-from", default="", metavar="日期")
    command.add_argument("--paid-to", default="", metavar="日期")
    command.add_argument("--paid-min", default="", metavar="元", help="实付至少多少元")
    command.add_argument("--paid-max", default="", metavar="元", help="实付至多多少元")
    command.add_argument("--counted", default="", choices=["", *COUNTED], help="今日板上某个数字算进去的订单")
    for name in _FLAGS:
        command.add_argument(f"--{name.replace('_', '-')}", action="store_true")


_PLAIN = (
    "tab", "numbers", "platform", "step", "province", "refund", "recipient", "text", "flag", "tag", "note",
    "paid_from", "paid_to", "counted",
)  # fmt: skip
_FLAGS = ("losing", "late", "due_today", "urgent", "unfinished")


def _said(arguments: argparse.Namespace) -> dict[str, str]:
    """The filter as the screen's address would say it; names become ids. Call inside the company."""
    said = {name: str(getattr(arguments, name)) for name in _PLAIN}
    said |= {name: "1" for name in _FLAGS if getattr(arguments, name)}
    said |= {f"{name}_fen": _fen(getattr(arguments, name)) for name in ("paid_min", "paid_max")}
    said["hold"] = _kinds(arguments.hold)
    said["person"] = person_search.token(arguments.person) if arguments.person else ""
    said["shop"] = id_of(shop_names(), arguments.shop, "店铺")
    said["supplier"] = id_of(suppliers.names(), arguments.supplier, "供应商")
    return said


def _fen(yuan: str) -> str:
    """Yuan as a person writes them, in the filter's fen ("" asks nothing). Raises Invalid."""
    try:
        fen = parse_yuan(yuan)
    except NotMoney as error:
        raise Invalid("bad_money", f"“{yuan}”不是金额。请写成 39.90 这样，单位是元。") from error
    return "" if fen is None else str(fen)


def _kinds(text: str) -> str:
    """Kinds of holds by key or by their Chinese name. Raises Invalid."""
    by_label = {info.label: kind.value for kind, info in HOLDS.items()}
    asked = [by_label.get(k.strip(), k.strip()) for k in text.split(",") if k.strip()]
    if unknown := [k for k in asked if k not in KINDS]:
        raise Invalid("unknown_hold", f"没有“{unknown[0]}”这种异常。可以写：{'、'.join(by_label)}。")
    return ",".join(asked)


def _rows(asked: Asked, limit: int) -> tuple[list[OrderRow], bool]:
    """Up to ``limit`` rows (0: all), and whether there are more."""
    found: list[OrderRow] = []
    cursor = ""
    while True:
        size = 200 if limit == 0 else min(200, limit - len(found))
        rows, cursor = order_desk.page(asked.filter, CLI, tab=asked.tab, sort=asked.sort, cursor=cursor, limit=size)
        found += rows
        if not cursor or (limit and len(found) >= limit):
            return found, bool(cursor)


def _orders(arguments: argparse.Namespace) -> int:
    with company(arguments):
        asked = order_query.asked({**_said(arguments), "sort": arguments.sort})
        if arguments.counts:
            counts = order_desk.counts(asked.filter, CLI)
            rows = [{"tab": k, "label": label, "orders": counts.get(k, 0)} for k, label in TABS]
            show(arguments, rows, {"label": "分类", "orders": "单数"})
            return 0
        found, more = _rows(asked, max(arguments.limit, 0))
    if arguments.json:
        as_json([asdict(r) for r in found])
        return 0
    columns = {
        "number": "订单号", "shop": "店铺", "state": "状态", "goods": "商品", "paid": "实付", "margin": "毛利",
        "due": "最晚发货", "why": "说明",
    }  # fmt: skip
    show(arguments, [_line(r) for r in found], columns, more=more)
    return 0


def _line(r: OrderRow) -> dict[str, object]:
    return {
        "number": r.number,
        "shop": r.shop_name,
        "state": r.step_label,
        "goods": "；".join(f"{x.title} {x.spec} ×{x.quantity}" for x in r.lines),
        "paid": "" if r.paid_fen is None else format_yuan(r.paid_fen),
        "margin": "未知" if r.margin_fen is None else format_yuan(r.margin_fen),
        "due": short_time(r.due_by) if r.due_by else "",
        "why": "；".join(h.label for h in r.holds) or r.reason,
    }


def _holds(arguments: argparse.Namespace) -> int:
    with company(arguments):
        said = _said(arguments)
        asked = order_query.asked({**said, "hold": said["hold"] or ",".join(KINDS)})
        counts = order_desk.hold_counts(asked.filter, CLI)
        found, more = _rows(asked, max(arguments.limit, 0))
    kinds = [{"kind": k.value, "label": i.label, "orders": counts[k.value]} for k, i in HOLDS.items() if k in counts]
    rows: list[dict[str, object]] = [
        {"number": r.number, "shop": r.shop_name, **asdict(h)} for r in found for h in r.holds
    ]
    if arguments.json:
        as_json({"kinds": kinds, "holds": rows})
        return 0
    say("　".join(f"{k['label']} {k['orders']}" for k in kinds))
    titles = {"number": "订单号", "shop": "店铺", "label": "异常", "reason": "原因", "remedy_label": "处理"}
    show(arguments, rows, titles, more=more)
    return 0


def _clear(arguments: argparse.Namespace) -> int:
    with company(arguments):
        said = _said(arguments)
        kinds = [k for k in said["hold"].split(",") if k]
        if arguments.orders:
            said["numbers"] = ",".join(arguments.orders)
        elif not any(v for k, v in said.items() if k != "tab") and said["tab"] == "all":
            raise Invalid("which_holds", "请写订单号，或至少一个筛选条件（例如 --hold 毛利过低）。")
        orders = order_query.orders_of(Target((), said), CLI)
        done = order_deeds.clear_holds(by=CLI, order_ids=orders, kinds=kinds, why=arguments.why)
    if arguments.json:
        as_json({"message": done.message, "undo": done.undo})
    else:
        say(done.message)
    return 0
